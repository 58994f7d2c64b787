"""The dates of a flat table: what paper leaves out is taken from the title and told; what stays unclear stays as it is."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import attrs

from commlms.core.calendar import When, month_in, series_in, when
from commlms.core.days import NotADate, Period, iso, parse_day
from commlms.core.kinds import DamagedCell
from commlms.core.text import narrow, unguarded
from commlms.ingest.readers import Row
from commlms.ingest.shapes.flat import Flat, Notes
from commlms.ingest.shapes.grid import blank, text_of
from commlms.ingest.shapes.titles import Times
from commlms.ingest.shapes.words import BEGAN, DATE, MEETINGS, MINUTES, PRESENT, START, THEME

#: In a text file 3.1 may have been 3.10, as in a numeric cell of a workbook.
_SHORTENED = re.compile(r"^\d{1,2}\.[123]$")
#: A day of the month with no year: where the year is known and it is no day yet, no calendar has it.
_MONTH_AND_DAY = re.compile(r"^\d{1,2}\s*[月./-]\s*\d{1,2}\s*[日号]?$")
_SPANS = {"whole_month", "tenths", "range", "months", "listed", "named", "span"}


@attrs.frozen
class Dates:
    """Reads the dates of one table. ``series``: its record can keep several meetings as one line."""

    flat: Flat
    times: Times
    notes: Notes
    series: bool
    shortened: bool = False

    @property
    def span(self) -> tuple[int, int] | None:
        """The period of the title as first and last day."""
        period = self.times.period
        return (period.first, period.last) if period else None

    def column(self) -> int | None:
        """The column of dates: the one so headed; else the only one that nothing is known of and that is full of dates."""
        known = self.flat.at.get(("on",))
        if known is not None:
            return known
        taken = set(self.flat.at.values())
        found = [i for i, word in enumerate(self.flat.words) if word and i not in taken and self._full_of_dates(i)]
        return found[0] if len(found) == 1 else None

    def _full_of_dates(self, column: int) -> bool:
        cells = [c for r in self.flat.rows if column < len(r.cells) and not blank(c := r.cells[column])]
        read = sum(isinstance(c, dt.date) or (isinstance(c, str) and when(c, 2000) is not None) for c in cells)
        return bool(cells) and 2 * read > len(cells)

    def read(self) -> list[int]:
        """Read every row's date; gives the days that are known, for the period."""
        days: list[int] = []
        column = self.column()
        for row in self.flat.rows:
            cell = row.cells[column] if column is not None and column < len(row.cells) else ""
            told = self._told(row, column, cell) if column is not None and not blank(cell) else None
            if told is None and self.series and blank(cell):
                told = self._series(row)
            if told is not None:
                self._write(row, told, column)
                days += [told.first, told.last]
        return days

    def _told(self, row: Row, column: int, cell: Any) -> When | None:
        where = self.flat.where(row, column)
        if isinstance(cell, dt.datetime) and cell.time() != dt.time():
            day = cell.year * 10_000 + cell.month * 100 + cell.day
            return self._checked(When(day, day, f"{cell.hour:02d}:{cell.minute:02d}"), where)
        if isinstance(cell, float) and not cell.is_integer():
            return None
        text = narrow(unguarded(str(int(cell)) if isinstance(cell, float) else str(cell)))
        if self.shortened and _SHORTENED.match(text):
            self.flat.replace(row, column, DamagedCell("fraction_day", text), where)
            return None
        try:
            day = parse_day(cell if isinstance(cell, (dt.date, float)) else text)
            return self._checked(When(day, day), where)
        except NotADate:
            pass
        if isinstance(cell, (DamagedCell, bool)):
            return None
        try:
            told = when(text, self.times.year, self._month(row), self.span)
        except ImportError:
            self.flat.replace(row, column, DamagedCell("lunar_needs_office", text), where)
            return None
        if told is None and self.times.year is not None and _MONTH_AND_DAY.match(text):
            self.flat.replace(row, column, DamagedCell("not_a_date", text), where)
        if told is None or (not self.series and _SPANS & set(told.how)):
            return None
        return self._checked(told, where)

    def _month(self, row: Row) -> int | None:
        """The month that a column of months beside the date says, or the title."""
        column = next((i for i, word in enumerate(self.flat.words) if word in ("月份", "月")), None)
        told = month_in(f"{text_of(row.cells[column]).removesuffix('月')}月") if column is not None else None
        return told or self.times.month

    def _checked(self, told: When, where: str) -> When:
        """Say what was concluded; and where a written year is not the title's."""
        year, source = self.times.year, self.times.source
        if "year" in told.how:
            self.notes.say(where, f"没有写年份，按{source.zh}取 {year} 年", f"no year is written; {year} is taken from {source.en}")
        elif year is not None and year not in (told.first // 10_000, told.last // 10_000):
            self.notes.say(where, f"年份与{source.zh}的 {year} 年不同，请核对", f"the year is not the {year} of {source.en}; check it")
        period = self.times.period
        if period is not None and not period.is_year and (told.last < period.first or told.first > period.last):
            self.notes.say(where, f"日期不在 {period.key} 之内，请核对", f"the date lies outside {period.key}; check it")
        if "month" in told.how:
            month = told.first // 100 % 100
            self.notes.say(where, f"只写了日，取 {month} 月", f"the day alone is written; month {month} is taken")
        if "lunar" in told.how:
            self.notes.say(where, f"农历换算为公历 {iso(told.first)}", f"lunar day converted to {iso(told.first)}")
        if told.first < told.last:
            first, last = iso(told.first), iso(told.last)
            number = f"，共 {told.meetings} 次" if told.meetings else "", f", {told.meetings} meetings" if told.meetings else ""
            self.notes.say(where, f"记为一个系列：{first} 至 {last}{number[0]}", f"kept as one series from {first} to {last}{number[1]}")
        return told

    def _series(self, row: Row) -> When | None:
        """A row without a date whose theme or number of people names a series, in the year or period of the title."""
        word, told = self._remark(row, self.times.year)
        if told is None:
            return None
        if not told.first:
            if self.span is None:
                return None
            told = attrs.evolve(told, first=self.span[0], last=self.span[1])
        return self._checked(told, self.flat.where(row, self.flat.column(word)))

    def _remark(self, row: Row, year: int | None) -> tuple[str, When | None]:
        """What a row says of a series (全年24期1200人次) beside its date, and whether by its theme or by its number of people."""
        said = ((word, self.flat.value(row, word)) for word in (THEME, PRESENT))
        found = ((word, series_in(text, year)) for word, text in said if isinstance(text, str))
        return next(((word, told) for word, told in found if told is not None), (THEME, None))

    def _write(self, row: Row, told: When, column: int | None) -> None:
        """Write what was told, and say that it stands in the date's cell, or in the theme's where there is no date."""
        flat = self.flat
        dated = column is not None and column < len(row.cells) and not blank(row.cells[column])
        cell = flat.where(row, column if column is not None and dated else flat.column(THEME))
        column = flat.column(DATE) if column is None else column
        row.cells.extend([""] * (column + 1 - len(row.cells)))
        flat.replace(row, column, iso(told.last), cell)
        beside, series = self._remark(row, None) if self.series and told.first < told.last else (THEME, None)
        if beside == PRESENT:
            flat.replace(row, flat.column(PRESENT), "", flat.where(row, flat.column(PRESENT)))
        values = {
            BEGAN: iso(told.first) if told.first < told.last else "",
            MEETINGS: told.meetings or (series and series.meetings) if self.series else None,
            PRESENT: told.visits or (series and series.visits) if self.series else None,
            START: told.start, MINUTES: f"{told.minutes}分钟" if told.minutes else "",
        }
        for word, value in values.items():
            if value:
                flat.put(row, word, str(value), cell)


def whole_period(flat: Flat, period: Period, notes: Notes, cell: str) -> None:
    """Date every row of a table without dates by the period of its title: each line is a series of that period."""
    for row in flat.rows:
        where = flat.where(row, flat.column(THEME))
        flat.put(row, DATE, iso(period.last), where)
        flat.put(row, BEGAN, iso(period.first), where)
    notes.say(
        cell, f"没有日期一栏：每行记为 {iso(period.first)} 至 {iso(period.last)} 的一个系列",
        f"there is no column of dates: each line is kept as a series from {iso(period.first)} to {iso(period.last)}",
    )
