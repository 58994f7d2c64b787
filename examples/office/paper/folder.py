"""The sixty files: which township sends what, in which dress, with which habits and faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from paper import places
from paper.desk import Desk, period_of
from paper.facts import Event, Told
from paper.ledgers import Habits, again, ledger
from paper.lists import Sheet, Signed, month_grid, sign_in, signed, spoiled, table, table_again
from paper.people import Crowd, Roster, roster
from paper.sheets import Paper, write

#: Townships that send nothing at all, and where the people of the office's roster live.
SILENT, ROSTER_AT = ("510421203", "510422210", "510422211"), "510411100"
_LECTURE, _READING_DAY, _LEGEND = "世界读书日大讲堂", "{name}“世界读书日”签到表", "图例：√ 出勤  ○ 请假  △ 缺勤"


@dataclass
class File:
    """One file: its name below the folder, sheets, what they say, what it is there to show, and what is to become of it.

    ``fate``: taken or not; ``why`` it is not; ``turn``: the first or the second time that this was sent.
    """

    name: str
    papers: list[Paper]
    told: list[Told]
    shows: tuple[str, ...]
    fate: str = "taken"
    why: str = ""
    turn: int = 1
    sent: dt.date = dt.date(2023, 1, 6)

    def write(self, folder: Path) -> None:
        """Write it below ``folder``."""
        write(folder / self.name, self.papers, self.sent)


@dataclass
class Folder:
    """Everybody's files in the order in which they were made."""

    desks: dict[str, Desk]
    roster: Roster
    files: list[File] = field(default_factory=list)

    def add(self, code: str, name: str, sheets: Sequence[tuple[Paper, Told]], *shows: str, **more: object) -> list[Told]:
        """A file of a township: ``{n}`` in its name stands for the township's."""
        told = [one for _, one in sheets]
        title = name.replace("{n}", self.desks[code].place.name)
        self.files.append(File(title, [paper for paper, _ in sheets], told, shows, **more))  # type: ignore[arg-type]  # fate, why, turn
        return told

    def ledger(self, code: str, name: str, *shows: str, period: str = "2022", sheet: str = "台账", **habits: object) -> Told:
        """A ledger of one sheet; without a period in words it is of that of its days."""
        paper, told = ledger(self.desks[code], sheet, period, Habits(**habits))  # type: ignore[arg-type]  # the fields of Habits
        told.period = period or period_of([fact.event.on for fact in told.facts])
        return self.add(code, name, [(paper, told)], "ledger", *shows)[0]

    def sign_in(self, code: str, name: str, *shows: str, many: int = 9, extra: Sequence[Signed] = (), **look: object) -> Told:
        """A sign-in sheet of people of the township and ``extra`` rows."""
        desk = self.desks[code]
        seen = Sheet(**look)  # type: ignore[arg-type]  # the fields of Sheet
        event = desk.event(desk.day(), minutes=90, start="09:00" if seen.day == "clock" else "")
        made = sign_in(desk, "签到", event, [*signed(desk.some(many), seen.how), *extra], seen)
        return self.add(code, name, [made], "sign-in sheet", *shows)[0]


def folder(seed: int) -> Folder:
    """All files of one seed."""
    rng = Random(f"{seed}:office")
    crowd = Crowd(rng)
    towns = places.townships()
    desks = {code: Desk(town, Random(f"{seed}:{code}"), crowd) for code, town in towns.items()}
    made = Folder(desks, roster(crowd, towns[ROSTER_AT]))
    for part in (_east, _west, _renhe, _renhe_people, _renhe_ledgers, _miyi, _yanbian):
        part(made)
    return made


def _visits(desk: Desk, how: str, many: int, season: tuple[str, str], attended: bool = False) -> list[tuple[Event, Signed, int | None]]:
    """Two activities of a season, each with so many people."""
    found: list[tuple[Event, Signed, int | None]] = []
    for _ in range(2):
        event = desk.event(desk.day(*season), minutes=None)
        found += [(event, row, desk.rng.choice((None, 45, 90)) if attended else None) for row in signed(desk.some(many), how)]
    return found


def _days(visits: Sequence[tuple[Event, Signed, int | None]]) -> str:
    return period_of([event.on for event, _, _ in visits])


def _east(made: Folder) -> None:
    desk = made.desks["510402001"]
    visits = _visits(desk, "card", 8, ("01-10", "06-20"), attended=True)
    nobody = [(visits[0][0], row, None) for row in signed(desk.crowd.at(desk.place, 1), "name")]
    first = [*nobody, *visits, (visits[0][0], spoiled(desk.people[0], "card"), None)]
    title = "{name}2022年上半年社区教育活动人员表"
    sheet = table(desk, "Sheet1", "2022H1", first, "card", "slash", title)
    made.add("510402001", "{n}2022年上半年人员表.csv", [sheet], "table", ".csv in GBK", "people by ID number", "wrong check digit")
    later = [*nobody, *table_again(visits, 3, 3), *((visits[0][0], row, 90) for row in signed(desk.crowd.at(desk.place, 2), "card"))]
    sheet = table(desk, "Sheet1", "2022H1", later, "card", "slash", title)
    made.add("510402001", "{n}2022年上半年人员表（更正）.csv", [sheet], "table", "resent", turn=2, sent=dt.date(2023, 2, 3))
    _lecture(made)
    made.ledger("510402009", "{n}台账.xlsx", "two-row header", "hours", "万元", "total", "signature", two_rows=True,
                length="时长（小时）", total=True, signed=True, money=True)
    months = [_month(made.desks["510402010"], month) for month in range(1, 7)]
    made.add("510402010", "{n}2022年活动台账.xlsx", months, "ledger", "a sheet per month", "nothing to report", "3月5日, year in the title")
    desk = made.desks["510402100"]
    grid = month_grid(desk, 4, "书法班", signed(desk.some(10), "card"), legend=_LEGEND)
    made.add("510402100", "{n}书法班考勤.xlsx", [grid], "month grid", "legend", "people by ID number")
    made.ledger("510402100", "{n}活动台账.xls", ".xls", "dates as date cells", style="real", total=True, signed=True)


def _lecture(made: Folder) -> None:
    """One lecture that two townships report, each as its own, with some people on both lists."""
    own, other = made.desks["510402002"], made.desks["510402005"]
    day = dt.date(2022, 4, 23)
    common = own.some(4)
    for desk, code in ((own, "510402002"), (other, "510402005")):
        event = desk.event(day, _LECTURE, 120)
        known = [replace(row, home=own.place.name + own.place.villages[row.person.home]) for row in signed(common, "card")]
        others = signed([p for p in desk.some(9) if p not in common][:5], "card")
        sheet = sign_in(desk, "签到", event, [*known, *others], Sheet("card", _READING_DAY, present=60, room="市图书馆"))
        made.add(code, "{n}读书日讲座签到表.xlsx", [sheet], "sign-in sheet", "one lecture, two senders", "persons present")
    made.ledger("510402002", "{n}社区教育台账.xlsx", "ISO dates")
    made.ledger("510402005", "{n}社区教育台账.xlsx", "vertical merges", "note", style="cn", merged=True, note=True)


def _month(desk: Desk, month: int) -> tuple[Paper, Told]:
    """A month's sheet; in February there was nothing."""
    if month == 2:
        return _nil(desk, "2月", "{name}2022年2月社区教育活动台账", "本月无活动", "2022-02")
    season = (f"{month:02d}-02", f"{month:02d}-27")
    habits = Habits("md", titled=f"{{name}}2022年{month}月社区教育活动台账", rows=3, season=season, total=month == 3)
    return ledger(desk, f"{month}月", f"2022-{month:02d}", habits)


def _nil(desk: Desk, name: str, title: str, word: str, period: str) -> tuple[Paper, Told]:
    """A sheet that says that there is nothing to say."""
    paper, told = Paper(name), Told(name, desk.place.code, "nil", period)
    paper.title(title.format(name=desk.place.name), 6)
    paper.add(f"填报单位：{desk.place.name}")
    paper.add("序号", "主办单位", "活动日期", "活动主题", "场地", "参加人数")
    told.skip(paper.add(word), "nil")
    return paper, told


def _west(made: Folder) -> None:
    desk = made.desks["510403001"]
    habits = Habits(style="dot", rows=12)
    before = made.add("510403001", "{n}2022年台账.xlsx", [ledger(desk, "台账", "2022", habits)], "ledger", "2022.3.5")[0]
    later = ledger(desk, "台账", "2022", habits, again(desk, habits, before, gone=5, changed=2, added=1))
    made.add("510403001", "{n}2022年台账（重报）.xlsx", [later], "ledger", "resent", "over 20 % fewer rows", fate="not taken",
             why="fewer rows", turn=2, sent=dt.date(2023, 2, 10))
    desk = made.desks[places.NICKNAMED_AT]
    nick, first = places.NICKNAME, next(iter(desk.place.villages))
    sheets = []
    for day in (5, 12):
        event = desk.event(dt.date(2022, 3, day), minutes=90)
        rows = [replace(row, home=nick) if row.person.home == first else row for row in signed(desk.some(8), "date")]
        sheets.append(sign_in(desk, f"3月{day}日", event, rows, Sheet("date")))
    made.add("510403002", "{n}签到表.xlsx", sheets, "sign-in sheet", "several sheets", "people by birth date", "everyday names of villages")
    untitled = "{name}社区教育活动台账"
    made.ledger("510403003", "{n}2022年社区教育台账.xlsx", "3月5日, year in the file name", style="md", titled=untitled)
    made.ledger("510403004", "{n}台账.xlsx", "3月5日, year in the sheet name", style="md", titled=untitled, sheet="2022年台账")
    made.ledger("510403006", "{n}台账.xlsx", "3月5日, year by --year", "3.5 as text", style="md_dot", titled=untitled, period="")
    desk = made.desks["510403100"]
    grid = month_grid(desk, 5, "合唱团", signed(desk.some(8), "date"), "date", legend="注：●到课 ×未到 ○请假")
    made.add("510403100", "{n}合唱团考勤表.et", [grid], "month grid", ".et", "legend", "people by birth date")


def _renhe(made: Folder) -> None:
    desk = made.desks["510411001"]
    people = desk.some(8)
    for how, season, part in (("year", ("01-10", "06-20"), "上半年"), ("card", ("07-10", "12-20"), "下半年")):
        event = desk.event(desk.day(*season))
        visits = [(event, row, None) for row in signed(people, how)]
        half = "2022H1" if part == "上半年" else "2022H2"
        sheet = table(desk, "Sheet1", half, visits, how, "cn", f"{{name}}2022年{part}活动人员表")
        shown = "people by birth year and home" if how == "year" else "a person known better in another file"
        made.add("510411001", f"{{n}}2022年{part}活动人员表.xlsx", [sheet], "table", shown)
    known, desk = made.roster, made.desks[ROSTER_AT]
    event = desk.event(dt.date(2022, 5, 14))
    rows = [
        *signed(desk.some(6), "date"), *signed([known.alike[0], known.namesakes[0]], "date"),
        *(replace(row, expect="held") for row in signed([known.alike[1], known.homeless], "year")),
        *(replace(row, expect="held") for row in signed([replace(known.other_sex, sex="女")], "date")),
        *signed(desk.some(2), "name"),
    ]
    visits = [(event, row, None) for row in rows]
    sheet = table(desk, "Sheet1", "2022-05", visits, "date", titled="{name}2022年5月活动人员表")
    made.add(ROSTER_AT, "{n}2022年5月活动人员表.xlsx", [sheet], "table", "several candidates", "name alone")
    sheet = sign_in(desk, "签到", desk.event(dt.date(2022, 8, 6), minutes=90), signed(known.coded, "code"), Sheet("code"))
    made.add(ROSTER_AT, "{n}8月签到表.xlsx", [sheet], "sign-in sheet", "people of the office's roster, by code")


def _renhe_people(made: Folder) -> None:
    desk = made.desks["510411102"]
    written = places.DISSOLVED_NAME.removesuffix("民委员会")
    for day, wrong in (("2022-03-19", ""), ("2022-09-17", "a village that has ended")):
        gone = [
            replace(row, person=replace(row.person, home="" if wrong else places.DISSOLVED), wrong=wrong, field="home", home=written)
            for row in signed(desk.crowd.at(desk.place, 2), "date")
        ]
        event = desk.event(dt.date.fromisoformat(day), minutes=90)
        sheet = sign_in(desk, "签到", event, [*signed(desk.some(7), "date"), *gone], Sheet("date"))
        shown = "a village that has ended since" if not wrong else "a village that had ended"
        made.add("510411102", f"{{n}}{day[5:7]}月签到表.xlsx", [sheet], "sign-in sheet", shown, "people by birth date")
    desk = made.desks["510411103"]
    visits = _visits(desk, "date", 7, ("07-04", "09-20"))
    nowhere = spoiled(desk.crowd.one(desk.place), "village")
    vague = replace(nowhere, home=places.SHARED_NAME, wrong="a name that two villages share")
    rows = [*visits, (visits[0][0], vague, None), (visits[0][0], nowhere, None)]
    sheet = table(desk, "名单", "2022Q3", rows, "date", "iso", "{name}2022年第三季度活动人员名单")
    made.add("510411103", "{n}第三季度名单.xlsx", [sheet], "table", "a village name that is ambiguous", "an unknown village")
    desk = made.desks["510411104"]
    couples = [person for _ in range(3) for person in desk.crowd.couple(desk.place)]
    made.sign_in("510411104", "{n}签到表.xlsx", "phone alone", "couples who share a phone", how="phone", many=4,
                 extra=signed(couples, "phone"))
    made.sign_in("510411204", "{n}活动签到.xlsx", "name alone", "example row", how="phone", many=0, example=True,
                 extra=signed(made.desks["510411204"].some(8), "name"))


def _renhe_ledgers(made: Folder) -> None:
    made.ledger("510411101", "{n}台账.xlsx", "农历", "vertical merges", odd=("lunar", "lunar"), merged=True, style="cn")
    made.ledger("510411105", "{n}台账.xlsx", "a series line", "期数", odd=("series", "counted"), total=True, counted=True)
    faults = ("month_only", "range", "fraction")
    made.ledger("510411106", "{n}台账.xlsx", "month only", "range", "numeric 3.1", "学时", odd=faults, style="dot", length="学时")
    made.ledger("510411107", "{n}台账.ods", ".ods", "dates as date cells", style="real", signed=True)
    made.sign_in("510411107", "{n}签到表.ods", ".ods", "people by birth date", how="date")
    made.ledger("510411200", "{n}台账.xlsx", "20220305", style="compact")
    made.add("510411200", "{n}台账（加密）.xlsx", [], "password", fate="not taken", why="password")
    old = ledger(made.desks["510411201"], "台账", "2021", Habits(titled="{name}2021年社区教育活动台账"))
    _set_back(*old)
    made.add("510411201", "{n}2021年台账.xlsx", [old], "ledger", "wrong year", fate="not taken", why="wrong year")
    desk = made.desks["510411201"]
    visits = _visits(desk, "card", 6, ("10-08", "12-20"))
    sheet = table(desk, "Sheet1", _days(visits), visits, "card", "compact")
    made.add("510411201", "{n}人员名单.xlsx", [sheet], "table", "period from the dates alone", "people by ID number")
    made.ledger("510411203", "{n}台账.xlsx", "dates as serial numbers", "no such day", "no number", style="serial",
                odd=("no_such_day", "no_number"))
    made.ledger("510411205", "{n}系列活动.xlsx", "a series line", "period from the title", rows=0, odd=("series",))


def _set_back(paper: Paper, told: Told) -> None:
    """The same ledger a year earlier."""
    for row in paper.rows:
        row[:] = [text.replace("2022-", "2021-") if isinstance(text, str) else text for text in row]
    told.facts = [replace(f, event=replace(f.event, on=f.event.on.replace("2022-", "2021-"))) for f in told.facts]


def _miyi(made: Folder) -> None:
    desk = made.desks["510421100"]
    grid = month_grid(desk, 6, "太极拳班", signed(desk.some(7), "card"), legend=_LEGEND, wrong_mark=True)
    made.add("510421100", "{n}太极拳班考勤.xlsx", [grid], "month grid", "legend", "a sign outside the legend")
    told = made.ledger("510421101", "{n}台账.xlsx", "2022.3.5", "persons present", style="dot")
    desk, fact = made.desks["510421101"], told.facts[2]
    rows = signed(desk.some(8), "card")
    sheet = sign_in(desk, "签到", replace(fact.event, minutes=None), [*rows, rows[0]], Sheet("card"))
    made.add("510421101", "{n}签到表.xlsx", [sheet], "sign-in sheet", "a session of the ledger", "a person said twice")
    made.ledger("510421102", "{n}2022年活动台账.csv", ".csv in GBK", "total", style="cn", total=True)
    desk = made.desks["510421103"]
    visits = _visits(desk, "date", 7, ("04-02", "06-20"))
    made.add("510421103", "{n}名单.xls", [table(desk, "Sheet1", _days(visits), visits, "date")], "table", ".xls", "people by birth date")
    made.sign_in("510421105", "{n}签到表.xlsx", "labels in cells of their own", how="card", split=True, day="real")
    desk = made.desks["510421105"]
    visits = _visits(desk, "year", 7, ("07-04", "12-20"))
    sheet = table(desk, "名单", "2022H2", visits, "year", titled="{name}2022年下半年人员名单")
    made.add("510421105", "{n}2022年下半年名单.ods", [sheet], "table", ".ods", "people by birth year and home")
    desk = made.desks["510421106"]
    *came, never = signed(desk.some(8), "date")
    grid = month_grid(desk, 9, "电商班", came, "date", heads_as="day", absent=[never])
    made.add("510421106", "{n}电商班考勤.xlsx", [grid], "month grid", "no legend", "3月5日 across", "somebody who never came")
    made.ledger("510421107", "{n}台账.xlsx", "two-row header", "example row", "total", "signature", "note", two_rows=True, example=True,
                total=True, signed=True, note=True, length="学时", style="cn")
    made.sign_in("510421201", "{n}签到表.xls", ".xls", "printed numbers without a name", how="card", printed=4)
    made.ledger("510421202", "{n}台账.et", ".et", "dates as date cells", style="real", total=True)
    made.ledger("510421204", "{n}台账.xlsx", "month only", odd=("month_only", "month_only"), rows=5)


def _yanbian(made: Folder) -> None:
    made.ledger("510422100", "{n}台账.xlsx", "2022/03/05", style="slash", example=True)
    made.sign_in("510422100", "{n}签到表.xlsx", "persons present", how="year", present=35)
    desk = made.desks["510422101"]
    visits = _visits(desk, "date", 6, ("03-02", "03-28"))
    one, other = desk.crowd.at(desk.place, 2)
    twins = signed([one, replace(other, name=one.name, sex=one.sex)], "date")
    rows = [*visits, *((visits[0][0], row, None) for row in twins)]
    sheet = table(desk, "名单", "2022-03", rows, "date", titled="{name}2022年3月人员名单")
    made.add("510422101", "{n}3月人员名单.xlsx", [sheet], "table", "two people of one name", "people by birth date")
    made.sign_in("510422102", "{n}签到表.et", ".et", "people by ID number", how="card")
    made.ledger("510422102", "{n}台账.xlsx", "range", odd=("range",), style="md")
    three = [made.desks[code] for code in ("510422103", "510422104", "510422105")]
    sheets = [ledger(desk, desk.place.name, "2022", Habits(rows=5)) for desk in three]
    made.add("510422103", "盐边县乡镇台账汇总.xlsx", sheets, "ledger", "three senders in one workbook")
    made.ledger("510422203", "{n}/台账.xlsx", "sender from the folder", "period from the dates alone", style="compact", titled="",
                told_sender=False, period="")
    made.sign_in("510422205", "签到表（1）.xlsx", "sender from the title", "day and hour in one cell", how="date", day="clock")
    made.ledger("510422206", "年度台账.xlsx", "sender from 填报单位", style="slash", titled="2022年社区教育活动台账")
    desk = made.desks["510422206"]
    grid = month_grid(desk, 11, "果树技术班", signed(desk.some(6), "card"), legend="图例：√到课，△迟到，○请假")
    made.add("510422206", "{n}果树技术班考勤.xlsx", [grid], "month grid", "legend", "late is present")
    desk = made.desks["510422207"]
    made.add("510422207", "{n}2022年零报告.xlsx", [_nil(desk, "零报告", "{name}2022年社区教育活动情况", "零报告", "2022")], "nil report")
