"""Participations by code from CSV, every check on and totals kept, against the barest way to bring the same rows in; and again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from bench.child import Clock
from bench.city import City, connect
from bench.measured import BenchFailed, Spent, alternate, call
from bench.results import Row, amount, at_most, compare


def rows(city: City) -> Iterator[Row]:
    """At the tenth the first import, else the rows that come last onto all others; then the same file once more."""
    file, onto = (city.further_file, city.database) if city.scale.further else (city.first_file, city.base)
    ours_db, floor_db = city.folder / "imported.db", city.folder / "floor.db"

    def ours(_: int) -> Spent:
        return city.imported("participation", file, city.copy(onto, ours_db.stem))

    def floor(_: int) -> Spent:
        return call(by_hand, str(city.copy(onto, floor_db.stem, check=False)), str(file))

    def again(_: int) -> Spent:
        return city.imported("participation", file, ours_db)

    mine, least, unchanged = alternate(city.scale.repeats, ours, floor, again)
    if content(ours_db) != content(floor_db):
        raise BenchFailed("the import and its floor did not bring in the same rows")
    floor_db.unlink()
    said = json.loads(unchanged.result)
    count = said["read"]
    if said["unchanged"] != count:
        raise BenchFailed(f"an unchanged file was taken for another: {said}")
    onto_what = f"onto {city.scale.participations:,}" if city.scale.further else "into an empty table"
    yield compare("import_participations", f"import {count:,} participations from CSV, {onto_what}", mine, least, at_most(2))
    yield amount("memory_participations", "peak memory of that import", mine.peak, at_most(250, "MiB"))
    yield compare("reimport", f"re-import those {count:,}, unchanged; their first import", unchanged, mine, at_most(0.5))


def by_hand(clock: Clock, database: str, file: str) -> None:
    """The floor: csv, codes looked up in dicts, sorted by key, one executemany in one transaction."""
    with clock:
        connection = connect(database)
        learners = dict(connection.execute("SELECT code, id FROM learner"))
        sessions = dict(connection.execute("SELECT code, id FROM session"))
        with open(file, newline="", encoding="utf-8") as lines:
            reader = csv.reader(lines)
            next(reader)
            found = sorted((learners[who], sessions[what], int(minutes) if minutes else None) for who, what, minutes in reader)
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO participation (learner, session, minutes, journal) VALUES (?, ?, ?, 1)", found)
        connection.execute("COMMIT")
        connection.close()


def content(database: Path) -> tuple[int, ...]:
    """What tells two tables of participations apart."""
    connection = connect(database)
    found: tuple[int, ...] = connection.execute(
        "SELECT COUNT(*), SUM(learner), SUM(session), SUM(minutes), SUM(learner * session % 1000003) FROM participation"
    ).fetchone()
    connection.close()
    return found
