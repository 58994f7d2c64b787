"""What paper spreads over several columns, or leaves to a title, put where an import reads it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from commlms.core.calendar import clocks, when
from commlms.core.text import key_of, narrow
from commlms.ingest.shapes.flat import Flat, Notes
from commlms.ingest.shapes.grid import Line, blank, text_of
from commlms.ingest.shapes.words import DATE, HEADERS, LABELS, MINUTES, PRESENT, START

#: A value that stands for the one above it.
_DITTO = {"同上", "〃", "″", "\"", "''", "ditto"}
_CODE = re.compile(r"^\d{6,12}$")
_NUMBER = re.compile(r"^\d{1,7}[人名]?$")
_MEETINGS = re.compile(r"^共?(\d{1,4})(?:场次|[期次场节讲])$")
_SIDES = ("男", "女")


def ditto(flat: Flat, lines: Sequence[Line], notes: Notes) -> None:
    """Fill 同上 with what stands above."""
    for above, row, line in zip(flat.rows, flat.rows[1:], lines[1:], strict=False):
        for column, cell in enumerate(line.cells):
            said = isinstance(cell, str) and narrow(cell) in _DITTO
            if said and column < len(above.cells) and not blank(above.cells[column]):
                notes.say(flat.where(row, column), "同上：取上一行的内容", "ditto: what stands above is taken")
                flat.replace(row, column, above.cells[column], flat.where(above, column))


def venue(flat: Flat) -> None:
    """活动地点 above rooms rather than codes is where in the house, not which place."""
    column = flat.at.get(("place",))
    if column is None or ("venue",) in flat.at:
        return
    texts = [text_of(cell) for _, cell in _column(flat, column)]
    if texts and not all(map(_CODE.match, texts)):
        flat.words[column] = "场地"
        flat.at["venue",] = flat.at.pop(("place",))


def _column(flat: Flat, column: int) -> list[tuple[Any, Any]]:
    """The rows that hold something in a column, each with its cell."""
    return [(row, row.cells[column]) for row in flat.rows if column < len(row.cells) and not blank(row.cells[column])]


def meetings(flat: Flat) -> None:
    """12期 in the column of how many meetings there were is 12."""
    column = flat.at.get(("meetings",), -1)
    for row, cell in _column(flat, column) if column >= 0 else ():
        if isinstance(cell, str) and (number := _MEETINGS.match(narrow(cell))):
            flat.replace(row, column, number[1], flat.where(row, column))


def month_and_day(flat: Flat) -> None:
    """A date whose month and day (and year) stand in columns of their own becomes one."""
    years, months, days = (_ending(flat, *ends) for ends in (("年度", "年份", "年"), ("月份", "月"), ("日", "号")))
    stem = next((s for s in months if s in days and (not s or LABELS.get(s) == DATE)), None)
    if stem is None or ("on",) in flat.at:
        return
    columns = {sign: found[stem] for sign, found in (("年", years), ("月", months), ("日", days)) if stem in found}
    for row in flat.rows:
        texts = {sign: text_of(row.cells[i]).rstrip("年月日号份") if i < len(row.cells) else "" for sign, i in columns.items()}
        if any(texts.values()):
            where = flat.where(row, columns["日" if texts["日"] else "月"])
            flat.put(row, DATE, "".join(text + sign for sign, text in texts.items() if text), where)
    for i in columns.values():
        flat.words[i] = ""


def _ending(flat: Flat, *ends: str) -> dict[str, int]:
    """The columns whose word ends so, by what stands before."""
    found: dict[str, int] = {}
    for i, word in enumerate(map(key_of, flat.words)):
        if end := next((e for e in ends if word.endswith(e)), ""):
            found.setdefault(word.removesuffix(end), i)
    return found


def hours(flat: Flat) -> None:
    """A column headed 时间 that holds times of day is no date but gives start and end."""
    dated = [i for i, word in enumerate(flat.words) if HEADERS.get(narrow(word).replace(" ", "")) == DATE]
    timed = [i for i in dated if (cells := _column(flat, i)) and all(_only_hours(c) for _, c in cells)]
    if timed and flat.at.get(("on",)) in timed:
        del flat.at["on",]
        if others := [i for i in dated if i not in timed]:
            flat.at["on",] = others[0]
    for column in timed:
        first = ("start",) not in flat.at
        flat.words[column] = START if first else ""
        if first:
            flat.at["start",] = column
    if (column := flat.at.get(("start",), -1)) >= 0:
        for row, cell in _column(flat, column):
            if isinstance(cell, str) and (found := clocks(narrow(cell))) is not None:
                where = flat.where(row, column)
                flat.replace(row, column, found[0], where)
                if found[1]:
                    flat.put(row, MINUTES, f"{found[1]}分钟", where)


def _only_hours(cell: object) -> bool:
    if isinstance(cell, str):
        return clocks(narrow(cell)) is not None and when(cell, 2000) is None
    return isinstance(cell, dt.time)


def both_sexes(flat: Flat, heads: Mapping[int, str], notes: Notes) -> None:
    """Men and women in columns of their own, and no column of all: their sum."""
    if ("present",) in flat.at:
        return
    sides = {}
    for i, word in enumerate(flat.words):
        stem, side = key_of(word)[:-1], key_of(word)[-1:]
        if side in _SIDES and LABELS.get(stem.removesuffix("其中")) == PRESENT:
            sides[side] = i
    if len(sides) < len(_SIDES):
        return
    for row in flat.rows:
        texts = [text_of(row.cells[i]) if i < len(row.cells) else "" for i in sides.values()]
        if any(texts) and all(not t or _NUMBER.match(t) for t in texts):
            flat.put(row, PRESENT, str(sum(int(t.rstrip("人名")) for t in texts if t)), flat.where(row, min(sides.values())))
    notes.say(heads[min(sides.values())], "参加人数由男、女两栏相加", "the number of people is the sum of men and women")
