"""Days as integers (20220305) and periods of them; dates in the many ways offices write them."""

from __future__ import annotations

import datetime as dt
import re

import attrs

from commlms.core.errors import UnknownName
from commlms.core.labels import Label
from commlms.core.text import narrow

#: Before every date and after every date: the ends of a state that has no known start or end.
ALWAYS, NEVER = 0, 99_991_231

_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PARTS = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[ T]+00:00(?::00(?:\.0+)?)?)?$")
_MONTH = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$|^(\d{4})(0[1-9]|1[0-2])$")
_TIMED = re.compile(r"^\d{4}.*[ T]\d{1,2}[:：]\d{2}(?::\d{2}(?:\.\d+)?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NO_YEAR = re.compile(r"^\d{1,2}\s*[月./-]\s*\d{1,2}\s*[日号]?$")
_SERIAL_EPOCH = dt.date(1899, 12, 30)


class NotADate(ValueError):
    """Raised by :func:`parse_day`; its argument is the problem's code."""


def to_int(day: dt.date) -> int:
    """2022-03-05 as 20220305."""
    return day.year * 10_000 + day.month * 100 + day.day


def to_date(day: int) -> dt.date:
    """20220305 as a date."""
    return dt.date(day // 10_000, day // 100 % 100, day % 100)


def next_day(day: int) -> int:
    """20231231 as 20240101; the last day of all as itself."""
    return day if day >= NEVER else to_int(to_date(day) + dt.timedelta(days=1))


def iso(day: int) -> str:
    """20220305 as ``2022-03-05``; the open ends as an empty text."""
    return "" if day in (ALWAYS, NEVER) else f"{day // 10000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def parse_day(cell: object) -> int:
    """A cell as a day. Accepts dates, Excel serials and the usual ways of writing a date.

    Raises :class:`NotADate` with ``not_a_date``, ``date_without_day``, ``year_unknown``, ``fraction_day`` (a number 3.1
    may have been 3.10) or ``date_with_time``: a time of day is never cut off unseen.
    """
    if isinstance(cell, dt.datetime):
        if cell.time() != dt.time():
            raise NotADate("date_with_time")
        return to_int(cell.date())
    if isinstance(cell, dt.date):
        return to_int(cell)
    if isinstance(cell, bool):
        raise NotADate("not_a_date")
    if isinstance(cell, float):
        if not cell.is_integer():
            raise NotADate("date_with_time" if 10_000 < cell < 100_000 else "fraction_day" if 1 <= cell < 13 else "not_a_date")
        cell = int(cell)
    text = narrow(str(cell))
    if _ISO.fullmatch(text):  # as nearly all of a long file are
        try:
            return to_int(dt.date.fromisoformat(text))
        except ValueError:
            raise NotADate("not_a_date") from None
    if match := (_PARTS.match(text) or _COMPACT.match(text)):
        year, month, day = map(int, match.groups())
        try:
            return to_int(dt.date(year, month, day))
        except ValueError:
            raise NotADate("not_a_date") from None
    if _MONTH.match(text):
        raise NotADate("date_without_day")
    if _TIMED.match(text):
        raise NotADate("date_with_time")
    if _NO_YEAR.match(text):
        raise NotADate("year_unknown")
    if re.fullmatch(r"\d{5}", text):
        return to_int(_SERIAL_EPOCH + dt.timedelta(days=int(text)))
    raise NotADate("not_a_date")


def month_of(text: str) -> tuple[int, int] | None:
    """The first and last day of a month written as 1955年8月, 1955-08, 1955.8 or 195508; None for anything else."""
    match = _MONTH.match(text)
    if not match:
        return None
    year, month = int(match[1] or match[3]), int(match[2] or match[4])
    if not 1 <= month <= 12:
        return None
    period = Period.parse(f"{year:04d}-{month:02d}")
    return period.first, period.last


_PERIOD = re.compile(r"^(\d{4})(?:(H)([12])|(Q)([1-4])|-(0[1-9]|1[0-2])|\.\.(\d{4})|(S))?$")

_PARTS_OF_A_YEAR = ("", "H1", "H2", "Q1", "Q2", "Q3", "Q4", *(f"-{month:02d}" for month in range(1, 13)))


@attrs.frozen(order=True)
class Period:
    """A named run of days: a year, half, quarter, month, school year, window of years, or a year as it stands on a day.

    ``key`` is ``2022``, ``2022H1``, ``2022Q3``, ``2022-03``, ``2022S`` (September to August), ``2020..2022``
    or ``2022-06-30``; ``first`` and ``last`` are days as integers, both inside.
    """

    key: str
    first: int
    last: int

    @property
    def is_year(self) -> bool:
        """Whether this is one calendar year: the only periods whose totals are kept."""
        return len(self.key) == 4

    @classmethod
    def parse(cls, key: str) -> Period:
        """Read a key; raises :class:`UnknownName` with the accepted forms."""
        match = _PERIOD.match(key.strip().upper())
        if not match or (match[7] and match[7] < match[1]):
            raise UnknownName(
                what=Label("时期", "period"), name=key,
                hint=Label("可写 2022、2022H1、2022Q3、2022-03、2022S 或 2020..2022",
                           "use 2022, 2022H1, 2022Q3, 2022-03, 2022S or 2020..2022"),
            )
        year, _, half, _, quarter, month, until, school = match.groups()
        base = int(year) * 10_000
        if half:
            return cls(key.upper(), *((base + 101, base + 630) if half == "1" else (base + 701, base + 1231)))
        if quarter:
            start = 3 * int(quarter) - 2
            return cls(key.upper(), base + start * 100 + 1, base + (start + 2) * 100 + (31 if quarter in "14" else 30))
        if month:
            after = dt.date(int(year) + int(month) // 12, int(month) % 12 + 1, 1)
            return cls(key, base + int(month) * 100 + 1, to_int(after - dt.timedelta(days=1)))
        if until:
            return cls(key, base + 101, int(until) * 10_000 + 1231)
        if school:
            return cls(key.upper(), base + 901, base + 10_000 + 831)
        return cls.year(int(year))

    @classmethod
    def year(cls, year: int) -> Period:
        """The calendar year ``year``."""
        return cls(str(year), year * 10_000 + 101, year * 10_000 + 1231)

    @classmethod
    def until(cls, day: int) -> Period:
        """The calendar year as it stands on a day: what is of this year until then, and what is in force then."""
        year = cls.year(day // 10_000)
        return year if day == year.last else cls(iso(day), year.first, day)

    @classmethod
    def asked(cls, key: str) -> Period:
        """Like :meth:`parse`, and a day ``2022-06-30`` is the year until then. No register is dated so."""
        found = key.strip()
        return cls.until(parse_day(found)) if _ISO.fullmatch(found) else cls.parse(key)

    @classmethod
    def between(cls, first: int, last: int) -> Period:
        """Any run of days, as a window that a target names."""
        return cls(f"{iso(first)}..{iso(last)}", first, last)

    def inside(self) -> tuple[str, ...]:
        """The keys of the periods that lie inside this one, itself too: years, windows of years, halves, quarters, months.

        A school year lies in no other period. A year as it stands on a day still has what is of the whole year.
        """
        years = range(self.first // 10_000, self.last // 10_000 + 1)
        keys = [self.key, *(f"{a}..{b}" for a in years for b in years if a <= b)]
        keys += [f"{year}{part}" for year in years for part in _PARTS_OF_A_YEAR]
        inside = [k for k in keys if (p := period_of(k)) and self.first <= p.first and p.last <= self.last]
        return tuple(dict.fromkeys([str(self.first // 10_000), *inside] if _ISO.fullmatch(self.key) else inside))

    def overlaps(self, other: Period) -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


def period_of(key: str) -> Period | None:
    """The period that a stored key names; None for a word that is none."""
    try:
        return Period.parse(key)
    except UnknownName:
        return None
