"""The month grid (考勤表): people down, days across; each mark that means present is a row."""

from __future__ import annotations

import datetime as dt
import re

import attrs

from commlms.core.calendar import month_in, smallest, when
from commlms.core.days import iso, to_int
from commlms.core.kinds import DamagedCell
from commlms.core.labels import Label
from commlms.core.problems import Problem
from commlms.core.programs import Session
from commlms.core.records import record_of
from commlms.core.text import narrow
from commlms.ingest.provenance import Origin
from commlms.ingest.shapes.flat import Flat, Notes
from commlms.ingest.shapes.grid import Line, text_of
from commlms.ingest.shapes.lines import DEFAULT_MARKS, WORDS, legend_pairs, mark_of
from commlms.ingest.shapes.parts import Context, Part, Skipped
from commlms.ingest.shapes.tables import Table, finished, from_title
from commlms.ingest.shapes.words import DATE

_BARE_DAY = re.compile(r"^(\d{1,2})[日号]?$")


@attrs.frozen
class _Grid:
    """A grid while its marks are read. ``days`` are the days of its columns, ``legend`` what its signs say, if it has one."""

    table: Table
    days: dict[int, str]
    legend: dict[str, bool]
    flat: Flat
    notes: Notes
    last_line: int

    def read(self, line: Line) -> bool:
        """Make a row of every mark of one person that says present; tells whether there was any."""
        before = len(self.flat.rows)
        for column in sorted(self.days):
            if column not in line.merged and (text := line.text(column)):
                self._mark(line, column, mark_of(line.cells[column], text))
        return len(self.flat.rows) > before

    def _mark(self, line: Line, column: int, sign: str) -> None:
        present = (self.legend or DEFAULT_MARKS).get(sign, WORDS.get(sign))
        if present is not None and not self.legend and sign not in WORDS:
            zh, en = ("出勤", "present") if present else ("未出勤", "absent")
            self.notes.say(line.name(column), f"没有图例：「{sign}」作{zh}", f"there is no legend: {sign} is taken as {en}")
        if present is False:
            return
        number = self.last_line + len(self.flat.rows) + 1
        row = self.flat.add(number, line, self.table.head.serials | set(self.days))
        self.flat.origins[number] = Origin(line.number, line.name(column))
        # A sign that no legend explains lands nowhere: the importer refuses the row and names the cell.
        self.flat.put(row, DATE, self.days[column] if present else DamagedCell("unknown_mark", sign), line.name(column))


def grid_of(table: Table, context: Context, last_line: int) -> Part | Problem:
    """A month grid as a table of marks, numbered after ``last_line``; a problem if its year or month is not known."""
    notes = Notes()
    days = _days(table, notes)
    if isinstance(days, Problem):
        return days
    head = table.head
    words = ["" if i in head.days or i in head.serials else head.words.get(i, "") for i in range(head.width)]
    flat = Flat(words, context.words["attendance"])
    flat.column(DATE)
    grid = _Grid(table, days, _legend(table), flat, notes, last_line)
    absent = [Skipped(line.number, "absent") for line in table.body if not grid.read(line)]
    from_title(flat, table, notes)
    skipped = tuple(sorted((*table.skipped, *absent), key=lambda s: s.line))
    known = [int(day.replace("-", "")) for day in days.values()]
    period = smallest(known) or table.times.period
    return finished(attrs.evolve(table, skipped=skipped), "month_grid", "attendance", flat, notes, period)


def _legend(table: Table) -> dict[str, bool]:
    """What the lines above and below say of the signs."""
    found: dict[str, bool] = {}
    legends = {s.line for s in table.skipped if s.kind == "legend"}
    pairs: dict[str, bool] = {}
    for line in (*table.above, *(line for line in table.below if line.number in legends)):
        pairs = legend_pairs(" ".join(line.texts.values()), goes_on=bool(pairs))
        found |= pairs
    return found


def _days(table: Table, notes: Notes) -> dict[int, str] | Problem:
    """The day of each column, as ISO text; one that no calendar has stays and is refused where it is marked."""
    found: dict[int, str] = {}
    for column, cell in table.head.days.items():
        where = table.head.cells[column]
        if isinstance(cell, dt.date):
            found[column] = iso(to_int(cell))
            continue
        if isinstance(cell, float) and not cell.is_integer():
            return _unknown("fraction_day", where)
        text = narrow(text_of(cell))
        bare = _BARE_DAY.match(text)
        month = month_in(table.head.tops.get(column, "")) or table.times.month
        if bare and month is None:
            return _unknown("month_unknown", where)
        told = when(text, table.times.year, month)
        if table.times.year is None and (told is None or bare):
            return _unknown("year_unknown", where)
        if told is not None:
            found[column] = iso(told.first)
            if "year" in told.how:
                _say(table, notes, where, month if bare else None)
        elif bare:
            found[column] = f"{table.times.year:04d}-{month:02d}-{int(bare[1]):02d}"
        else:
            found[column] = text
    return found


def _say(table: Table, notes: Notes, where: str, month: int | None) -> None:
    year, source = table.times.year, table.times.source
    zh, en = (f"{year} 年 {month} 月", f"{year}-{month:02d}") if month else (f"{year} 年", str(year))
    notes.say(where, f"表头只写了日子，按{source.zh}取 {zh}", f"the header names days alone; {en} is taken from {source.en}")


def _unknown(code: str, cell: str) -> Problem:
    line = int(re.sub(r"\D", "", cell))
    label: Label = record_of(Session).field("on").label
    return Problem(code, "on", line, cell, {"field": label})
