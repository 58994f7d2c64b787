"""Lists of names: sign-in sheets, month grids, and plain tables of who came to what."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from paper.desk import YEAR, Desk, write_day
from paper.facts import Event, Fact, Named, Told, named
from paper.people import Person, wrong_digit
from paper.sheets import Paper, cell

#: The header word of everything a list can tell of a person, by the way its clerk identifies people.
HEADS: dict[str, dict[str, str]] = {
    "card": {"name": "姓名", "sex": "性别", "card": "身份证号", "home": "居住地"},
    "date": {"name": "姓名", "sex": "性别", "born": "出生日期", "home": "所在村社区", "phone": "联系电话"},
    "year": {"name": "姓名", "sex": "性别", "born": "出生年份", "home": "住址", "phone": "联系电话"},
    "phone": {"name": "姓名", "phone": "联系电话"},
    "code": {"code": "学员编号", "name": "姓名"},
}


@dataclass(frozen=True)
class Signed:
    """One row before it is written: the person as told, what that is known to be, what is wrong and in which column.

    ``home``: how the village is written where the clerk's own way will not do.
    """

    person: Named
    who: str = ""
    expect: str = "known"
    wrong: str = ""
    field: str = ""
    home: str = ""


def signed(people: Sequence[Person], how: str) -> list[Signed]:
    """Rows of people told ``how``: a phone or a name alone names nobody."""
    expect = "unnamed" if how in ("phone", "name") else "known"
    return [Signed(named(p, how), p.card or p.code, expect) for p in people]


def _cells(desk: Desk, row: Signed, heads: Sequence[str], style: str) -> list[object]:
    told = row.person
    born: object = told.born
    if len(told.born) == 10:
        born = write_day(style, dt.date.fromisoformat(told.born))
    home = row.home or (desk.village(told.home) if told.home else "")
    shown = {"name": _padded(desk, told.name), "sex": told.sex, "code": told.code, "card": told.card, "born": born}
    shown |= {"home": home, "phone": told.phone}
    return [shown[head] for head in heads]


def _padded(desk: Desk, name: str) -> str:
    """Short names are often written as wide as long ones."""
    return f"{name[0]}　{name[1]}" if len(name) == 2 and desk.rng.random() < 0.5 else name


def _fact(line: int, event: Event, row: Signed, where: str, **more: int | None) -> Fact:
    return Fact(line, event, row.person, wrong=row.wrong, cell=where, expect=row.expect, who=row.who, **more)


@dataclass(frozen=True)
class Sheet:
    """How a list looks. ``split``: labels and values of the title rows in cells of their own; ``day``: how days are written there;
    ``printed``: lines with a number on them that nobody signed.
    """

    how: str
    title: str = "{name}社区教育活动签到表"
    day: str = "cn"
    style: str = "iso"
    split: bool = False
    present: int | None = None
    sign: bool = True
    example: bool = False
    printed: int = 0
    room: str = ""


def sign_in(desk: Desk, name: str, event: Event, rows: Sequence[Signed], look: Sheet) -> tuple[Paper, Told]:
    """A sign-in sheet: the activity stands above the names."""
    paper, told = Paper(name), Told(name, desk.place.code, "sign_in", event.on[:7])
    heads = HEADS[look.how]
    width = len(heads) + 2
    paper.title(look.title.format(name=desk.place.name), width)
    labels: list[tuple[str, object]] = [
        ("活动主题", event.theme), ("时间", write_day(look.day, dt.date.fromisoformat(event.on))), ("地点", look.room or desk.room),
        ("主办单位", event.host), *([("时长", f"{event.minutes}分钟")] if event.minutes else []),
        *([("参加人数", look.present)] if look.present else []),
    ]
    for n in range(0, len(labels), 2):
        pair = labels[n : n + 2]
        if look.split:
            paper.add(*(value for label in pair for value in label))
        else:
            texts = [f"{label}：{value}" for label, value in pair]
            line = paper.add(texts[0], "", *texts[1:])
            paper.merges.append((line, 0, line, 1))
    paper.add("序号", *heads.values(), "签名")
    if look.example:
        told.skip(paper.add("例", *["张三" if head == "name" else "" for head in heads]), "example")
    for number, row in enumerate(rows, start=1):
        line = paper.add(number, *_cells(desk, row, list(heads), look.style))
        where = cell(1 + list(heads).index(row.field), line) if row.wrong else ""
        told.facts.append(_fact(line, event, row, where, present=look.present))
    for number in range(len(rows) + 1, len(rows) + look.printed + 1):
        told.skip(paper.add(number), "blank")
    if look.sign:
        told.skip(paper.add("填表人：某某", "", "", "审核：某某"), "signature")
    return paper, told


#: Legends and the signs in them that mean that somebody came.
LEGENDS = {
    "图例：√ 出勤  ○ 请假  △ 缺勤": ("√", "○△"), "注：●到课 ×未到 ○请假": ("●", "×○"),
    "图例：√到课，△迟到，○请假": ("√√△", "○"), "": ("√", "○×"),
}


def month_grid(
    desk: Desk, month: int, theme: str, rows: Sequence[Signed], how: str = "card", legend: str = "", wrong_mark: bool = False,
    heads_as: str = "number", absent: Sequence[Signed] = (),
) -> tuple[Paper, Told]:
    """People down, the days of a month across. Every sign that means coming is one fact; those ``absent`` never came."""
    name = f"{month}月"
    paper, told = Paper(name), Told(name, desk.place.code, "month_grid", f"{YEAR}-{month:02d}")
    heads, days = HEADS[how], calendar.monthrange(YEAR, month)[1]
    across = list(range(1, days + 1)) if heads_as == "number" else sorted(desk.rng.sample(range(1, days + 1), 6))
    met = across if heads_as != "number" else sorted(desk.rng.sample(across, 5))
    paper.title(f"{desk.place.name}{YEAR}年{month}月考勤表", len(heads) + len(across) + 1)
    paper.add(f"活动名称：{theme}", "", f"主办单位：{desk.place.school}", "", "时长：90分钟")
    paper.add("序号", *heads.values(), *(d if heads_as == "number" else f"{month}月{d}日" for d in across))
    came, missed = LEGENDS[legend]
    for number, row in enumerate(absent, start=1):
        told.skip(paper.add(number, *_cells(desk, row, list(heads), "iso"), *(missed[0] if d in met else "" for d in across)), "absent")
    for number, row in enumerate(rows, start=len(absent) + 1):
        marks = {day: desk.rng.choice(came if desk.rng.random() < 0.6 else missed) for day in met}
        marks[met[0]] = came[0]  # everybody came at least once
        line = paper.add(number, *_cells(desk, row, list(heads), "iso"), *(marks.get(day, "") for day in across))
        for day in (d for d in met if marks[d] in came):
            told.facts.append(_fact(line, _meeting(desk, month, day, theme), row, _where(line, heads, row, across, day)))
    if wrong_mark:
        _spoil(paper, told, desk, month, theme, len(heads) + 1 + across.index(met[-1]), met[-1])
    if legend:
        told.skip(paper.add(legend), "legend")
    return paper, told


def _meeting(desk: Desk, month: int, day: int, theme: str) -> Event:
    return Event(desk.place.school, f"{YEAR}-{month:02d}-{day:02d}", theme, 90)


def _where(line: int, heads: dict[str, str], row: Signed, across: Sequence[int], day: int) -> str:
    """The cell of what is wrong, else of the sign."""
    return cell(1 + list(heads).index(row.field), line) if row.wrong else cell(1 + len(heads) + list(across).index(day), line)


def _spoil(paper: Paper, told: Told, desk: Desk, month: int, theme: str, column: int, day: int) -> None:
    """A sign that the legend does not know, in the last column of the last row."""
    line = len(paper.rows)
    event = _meeting(desk, month, day, theme)
    paper.rows[-1][column] = "#"
    kept = [f for f in told.facts if not (f.line == line and f.event == event)]
    person = next(f.person for f in kept if f.line == line)
    told.facts = [*kept, Fact(line, event, person, wrong="a sign outside the legend", cell=cell(column, line))]


def table(
    desk: Desk, name: str, period: str, visits: Sequence[tuple[Event, Signed, int | None]], how: str, style: str = "iso", titled: str = "",
) -> tuple[Paper, Told]:
    """A plain table: each row says who came to what, and for how many minutes where told."""
    paper, told = Paper(name), Told(name, desk.place.code, "table", period)
    heads = HEADS[how]
    if titled:
        paper.title(titled.format(name=desk.place.name), len(heads) + 4)
    paper.add(*heads.values(), "活动日期", "活动主题", "主办单位", "参加时长")
    for event, row, minutes in visits:
        day = write_day(style, dt.date.fromisoformat(event.on))
        line = paper.add(*_cells(desk, row, list(heads), "iso"), day, event.theme, event.host, "" if minutes is None else f"{minutes}分钟")
        where = cell(list(heads).index(row.field), line) if row.wrong else ""
        told.facts.append(_fact(line, event, row, where, attended=minutes))
    return paper, told


def table_again(visits: Sequence[tuple[Event, Signed, int | None]], gone: int, changed: int) -> list[tuple[Event, Signed, int | None]]:
    """The rows of a table that is sent again: the last ``gone`` left out, the first ``changed`` with other minutes."""
    kept = list(visits)[: len(visits) - gone]
    return [(event, row, 60 if n < changed else minutes) for n, (event, row, minutes) in enumerate(kept)]


def spoiled(person: Person, why: str) -> Signed:
    """A row that is to be rejected for ``why``: ``card``, a check digit that is not right; ``village``, one that nobody knows."""
    if why == "card":
        told = named(person, "card")
        return Signed(replace(told, card=wrong_digit(told.card)), person.card, wrong="the check digit of the ID number", field="card")
    told = named(person, "date")
    return Signed(replace(told, home=""), person.card, wrong="a village that does not exist", field="home", home="桃花源社区居民委员会")
