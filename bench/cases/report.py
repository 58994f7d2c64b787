"""The whole report right after new check-ins, against a full count of the same rows by DuckDB over Parquet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.cases.checkin import pairs
from bench.child import Clock
from bench.city import TODAY, City
from bench.counting import Sums, count, read_all, statements, sums_of, sums_read
from bench.lake import publish
from bench.measured import BenchFailed, alternate, call, commlms, run
from bench.results import Row, amount, at_least, at_most, compare, spent
from bench.scales import YEARS
from commlms import LMS, Actor, Period

FORMS = ("html", "xlsx", "json", "md")
_PERIODS = [Period.year(y) for y in YEARS]


def rows(city: City) -> Iterator[Row]:
    """The report's time and memory as figures, and the memory of writing it down."""
    new = min(1_000, city.scale.learners)
    database, lake = city.copy(city.database, "report", check=False), city.folder / "lake"
    with LMS(database, actor=Actor("desk"), today=TODAY) as lms:
        asked = statements(lms, _PERIODS)
        for learner, session in pairs(0, new):
            lms.check_in(learner, session)
    publish(database, lake, (sql for sql, _ in asked))
    # Folding what is pending is part of the work, so each repeat begins with the same pending check-ins.
    mine, peer = alternate(
        3,
        lambda _: call(ours, str(city.copy(database, "reported"))),
        lambda _: call(by_duckdb, str(lake), asked),
    )
    shutil.rmtree(lake)
    database.unlink()
    if mine.result != peer.result:
        raise BenchFailed("the report and DuckDB's full count give different figures")
    yield compare(
        "report", f"the whole report right after {new:,} check-ins; DuckDB's full count over Parquet", mine, peer, at_least(10), "seconds",
    )
    yield amount("memory_report", "peak memory of that report", mine.peak, at_most(250, "MiB"))
    for form in FORMS:
        file = city.folder / f"report.{form}"
        written = run(commlms("--db", city.folder / "reported.db", "report", file, "--period", YEARS[-1]))
        work = f"peak memory of `commlms report` of one year as .{form}"
        yield amount(f"memory_report_{form}", work, written.peak, at_most(250, "MiB"), spent(written))


def ours(clock: Clock, database: str) -> Sums:
    """Every metric, place and year as integers in Python, rolled up the tree."""
    with LMS(database, today=TODAY) as lms:
        with clock:
            years = [read_all(lms, str(year)) for year in YEARS]
        return {k: v for figures in years for k, v in sums_read(figures).items()}


def by_duckdb(clock: Clock, lake: str, asked: list[tuple[str, list[str]]]) -> Sums:
    """The same statements over the same rows; its figures are fetched but not rolled up."""
    import duckdb

    with clock:
        connection = duckdb.connect()
        for file in sorted(Path(lake).glob("*.parquet")):
            connection.execute(f"CREATE VIEW \"{file.stem}\" AS SELECT * FROM read_parquet('{file}')")
        cells = count(lambda sql: connection.execute(sql).fetchall(), asked, _PERIODS)
    return sums_of(cells)
