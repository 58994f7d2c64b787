"""Activity ledgers: what was done, when, and how many came; with every habit that ledgers have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from paper.desk import YEAR, Desk, month_end, write_day
from paper.facts import Event, Fact, Told
from paper.sheets import Paper, cell

#: Where the column of each thing stands: number, organiser, day, theme, room, length, persons (the total), remark.
_DAY, _THEME = 2, 3
#: Feasts by the old calendar and their days in 2022, looked up in a printed almanac.
LUNAR = {"农历正月十五": "2022-02-15", "农历五月初五": "2022-06-03", "农历八月十五": "2022-09-10", "农历九月初九": "2022-10-04"}
_LENGTHS: dict[str, Callable[[int], object]] = {
    "时长（分钟）": lambda n: n, "时长（小时）": lambda n: n // 60 if n % 60 == 0 else n / 60, "学时": lambda n: n // 45,
}


@dataclass(frozen=True)
class Habits:
    """How one clerk keeps the ledger. ``style``: how days are written; ``length``: the header of the column of lengths.

    ``odd``: the rows that are not one plain activity (see ``_ODD``); the rest are switches.
    """

    style: str = "iso"
    length: str = "时长（分钟）"
    odd: tuple[str, ...] = ()
    titled: str = "{name}2022年社区教育活动台账"
    told_sender: bool = True
    two_rows: bool = False
    merged: bool = False
    example: bool = False
    total: bool = False
    signed: bool = False
    note: bool = False
    counted: bool = False
    money: bool = False
    season: tuple[str, str] = ("01-03", "12-28")
    rows: int = 8


@dataclass
class _Line:
    """A row before it is written: the session, its cells of the day and of the persons, and what is wrong with it."""

    event: Event
    day: object
    present: int
    shown: object = None
    wrong: str = ""
    column: int = 0


def ledger(desk: Desk, name: str, period: str, habits: Habits, lines: list[_Line] | None = None) -> tuple[Paper, Told]:
    """One sheet and what it says."""
    paper, told = Paper(name), Told(name, desk.place.code, "ledger", period)
    width = 10 if habits.two_rows else 8
    width += habits.counted + habits.money
    if habits.titled:
        paper.title(habits.titled.format(name=desk.place.name), width)
    if habits.told_sender:
        paper.add(f"填报单位：{desk.place.name}")
    _header(paper, habits)
    if habits.example:
        shown = write_day(habits.style, dt.date(YEAR, 1, 1))
        told.skip(paper.add("例", "××社区学校", shown, "××讲座", "××社区", 1, *([10, 20] if habits.two_rows else []), 30), "example")
    first = len(paper.rows) + 1
    total = 0
    for number, line in enumerate(lines if lines is not None else plan(desk, habits), start=1):
        _row(paper, told, habits, desk.room, number, line)
        total += line.present
    if habits.merged and len(paper.rows) > first:
        paper.merges.append((first, 1, len(paper.rows), 1))
        for row in paper.rows[first:]:
            row[1] = ""
    if habits.total:
        told.skip(paper.add("合计", "", "", "", "", "", *(["", ""] if habits.two_rows else []), total), "total")
    _foot(paper, told, habits)
    return paper, told


def _header(paper: Paper, habits: Habits) -> None:
    counted = ["期数"] * habits.counted + ["经费（万元）"] * habits.money
    left = ["序号", "主办单位", "活动日期", "活动主题", "场地", habits.length]
    if not habits.two_rows:
        paper.add(*left, "参加人数", *counted, "备注")
        return
    line = paper.add(*left, "参加人数", "", "", *counted, "备注")
    paper.add(*[""] * 6, "男", "女", "合计", *[""] * len(counted), "")
    paper.merges += [(line, c, line + 1, c) for c in (*range(6), *range(9, 10 + len(counted)))]
    paper.merges.append((line, 6, line, 8))


def _row(paper: Paper, told: Told, habits: Habits, room: str, number: int, line: _Line) -> None:
    event = line.event
    length = _LENGTHS[habits.length](event.minutes) if event.minutes else ""
    shown: object = line.present if line.shown is None else line.shown
    persons = [line.present // 3, line.present - line.present // 3, shown] if habits.two_rows else [shown]
    counted: list[object] = [event.meetings or ""] * habits.counted + [0.15] * habits.money
    at = paper.add(number, event.host, line.day, event.theme, room, length, *persons, *counted)
    where = cell(line.column, at) if line.wrong else ""
    told.facts.append(Fact(at, event, present=line.present, wrong=line.wrong, cell=where))


def _foot(paper: Paper, told: Told, habits: Habits) -> None:
    if habits.note:
        told.skip(paper.add("注：参加人数含线上参加人员。"), "note")
    if habits.signed:
        told.skip(paper.add("填表人：某某", "", "", "负责人：某某", "", "填报日期：2022年12月20日"), "signature")


def plan(desk: Desk, habits: Habits) -> list[_Line]:
    """The rows of a ledger: plain activities, with the odd ones among them in order of time."""
    lines = []
    for _ in range(habits.rows):
        event = desk.event(desk.day(*habits.season), minutes=desk.rng.choice((90, 90, 180)))
        lines.append(_Line(event, write_day(habits.style, dt.date.fromisoformat(event.on)), desk.rng.randint(12, 90)))
    for odd in habits.odd:
        lines.append(_ODD[odd](desk, habits))
    return sorted(lines, key=lambda line: line.event.on)


def again(desk: Desk, habits: Habits, before: Told, gone: int, changed: int, added: int) -> list[_Line]:
    """The rows of a ledger that is sent again: the last ``gone`` left out, the first ``changed`` with other numbers, some new."""
    kept = before.facts[: len(before.facts) - gone]
    lines = [
        _Line(fact.event, write_day(habits.style, dt.date.fromisoformat(fact.event.on)), (fact.present or 0) + (5 if n < changed else 0))
        for n, fact in enumerate(kept)
    ]
    return lines + plan(desk, replace(habits, rows=added, odd=()))


def _month_only(desk: Desk, habits: Habits) -> _Line:
    month = next(m for m in range(1, 13) if month_end(m).isoformat() not in desk.taken)
    event = desk.event(month_end(month), minutes=90, began=f"{YEAR}-{month:02d}-01")
    return _Line(event, f"{YEAR}年{month}月", 40)


def _range(desk: Desk, habits: Habits) -> _Line:
    event = desk.event(dt.date(YEAR, 3, 7), "技能培训", 180, began="2022-03-05", meetings=3)
    return _Line(event, "3月5日-7日" if habits.style.startswith("md") else "2022.3.5—3.7", 36)


def _lunar(desk: Desk, habits: Habits) -> _Line:
    text, day = next((t, d) for t, d in LUNAR.items() if d not in desk.taken)
    return _Line(desk.event(dt.date.fromisoformat(day), "传统节日活动", 90), text, 55)


def _counted(desk: Desk, habits: Habits) -> _Line:
    event = desk.event(dt.date(YEAR, 11, 30), "周末课堂", 90, began="2022-09-01", meetings=12)
    return _Line(event, "2022年9月至11月", 300)


def _series(desk: Desk, habits: Habits) -> _Line:
    event = desk.event(dt.date(YEAR, 12, 31), "周末公益课堂", began="2022-01-01", meetings=24)
    # Where there is no column for the number of meetings, all of it stands where the day belongs.
    return _Line(event, "全年", 1200, "1200人次") if habits.counted else _Line(event, "全年24期1200人次", 1200, "")


def _fraction(desk: Desk, habits: Habits) -> _Line:
    return _Line(desk.event(desk.day(), minutes=90), 3.1, 20, None, "a day in a numeric cell: 3.1 or 3.10", _DAY)


def _no_such_day(desk: Desk, habits: Habits) -> _Line:
    return _Line(desk.event(dt.date(YEAR, 2, 28), minutes=90), "2022年2月30日", 20, None, "no such day", _DAY)


def _no_number(desk: Desk, habits: Habits) -> _Line:
    event = desk.event(desk.day(), minutes=90)
    column = 8 if habits.two_rows else 6
    return _Line(event, write_day(habits.style, dt.date.fromisoformat(event.on)), 0, "若干", "no number", column)


_ODD: dict[str, Callable[[Desk, Habits], _Line]] = {
    "month_only": _month_only, "range": _range, "lunar": _lunar, "series": _series, "fraction": _fraction, "no_such_day": _no_such_day,
    "no_number": _no_number, "counted": _counted,
}
