"""A quarter and a window of years, which are not kept, against a full recount of one year."""

from __future__ import annotations

from collections.abc import Iterator

from bench.child import Clock
from bench.city import TODAY, City
from bench.counting import Sums, count, read_all, statements, sums_of, sums_read
from bench.measured import alternate, call
from bench.results import Row, at_most, compare
from bench.scales import YEARS
from commlms import LMS, Period

_WINDOW = f"{YEARS[1]}..{YEARS[2]}"


def rows(city: City) -> Iterator[Row]:
    """One row for each; the year is counted once for both."""
    database = city.database  # only read
    year, quarter, window = alternate(
        city.scale.repeats,
        lambda _: call(one_year, str(database), YEARS[1]),
        lambda _: call(unkept, str(database), f"{YEARS[1]}Q2"),
        lambda _: call(unkept, str(database), _WINDOW),
    )
    yield compare("quarter", "every figure of a quarter; recount of one year", quarter, year, at_most(1))
    yield compare("window", f"every figure of {_WINDOW}; recount of one year", window, year, at_most(1))


def unkept(clock: Clock, database: str, period: str) -> Sums:
    """Every metric at every place of a period that is not kept."""
    with LMS(database, today=TODAY) as lms:
        with clock:
            figures = read_all(lms, period)
        return sums_read(figures)


def one_year(clock: Clock, database: str, year: int) -> Sums:
    """Every kept measure of one year, counted in full from the facts."""
    periods = [Period.year(year)]
    with LMS(database, today=TODAY) as lms:
        asked = statements(lms, periods)
        with clock:
            cells = count(lms.database.execute, asked, periods)
        return sums_of(cells)
