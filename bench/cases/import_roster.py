"""A roster of newcomers (name, birth date, ID number, home) from CSV and XLSX, against the barest way to bring the same people in."""

from __future__ import annotations

import csv
import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from bench.child import Clock
from bench.city import City, connect
from bench.measured import BenchFailed, Spent, alternate, call
from bench.results import Row, amount, at_most, compare
from commlms import OfficeKey


def rows(city: City) -> Iterator[Row]:
    """For each form of file the time and the memory."""
    for form in ("csv", "xlsx"):
        mine, least = alternate(city.scale.repeats, *(partial(each, city, form) for each in (ours, floor)))
        said = json.loads(mine.result)
        if said["new"] != city.scale.roster or least.result != city.scale.roster:
            raise BenchFailed(f"not every newcomer came in: {said}")
        name = form.upper()
        yield compare(f"import_roster_{form}", f"import a roster of {city.scale.roster:,} from {name}", mine, least, at_most(3))
        yield amount(f"memory_roster_{form}", f"peak memory of that {name} import", mine.peak, at_most(250, "MiB"))


def ours(city: City, form: str, _: int) -> Spent:
    """Through the command line."""
    return city.imported("learner", city.roster_file(form), city.copy(city.database, f"roster-{form}"))


def floor(city: City, form: str, _: int) -> Spent:
    """By hand, into a copy of its own."""
    database = city.copy(city.database, "floor", check=False)
    spent = call(by_hand, str(database), str(city.roster_file(form)), form)
    database.unlink()
    return spent


def by_hand(clock: Clock, database: str, file: str, form: str) -> int:
    """The floor: reader, homes looked up in a dict, digests, two executemany in one transaction; nothing is checked."""
    with clock:
        return _brought_in(connect(database), file, form)


def _brought_in(connection: sqlite3.Connection, file: str, form: str) -> int:
    homes = dict(connection.execute("SELECT code, owner FROM place_state"))
    key = OfficeKey().read()[0]
    (last,) = connection.execute("SELECT MAX(id) FROM learner").fetchone()
    learners, states = [], []
    for n, (name, born, number, home) in enumerate(_lines(file, form), start=last + 1):
        day = int(born.replace("-", ""))
        digest = hmac.digest(key, number.encode(), hashlib.sha256).hex()
        learners.append((n, name, day, day, digest, f"{number[:3]}{'*' * 14}{number[-1]}"))
        states.append((n, homes[home]))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO learner (id, name, born_first, born_last, id_number_digest, id_number_masked, journal) VALUES (?, ?, ?, ?, ?, ?, 1)",
        learners,
    )
    connection.executemany("INSERT INTO learner_state (owner, since, home, journal) VALUES (?, 0, ?, 1)", states)
    connection.execute("COMMIT")
    connection.close()
    return len(learners)


def _lines(file: str, form: str) -> Iterable[list[Any]]:
    """The cells below the header."""
    if form == "csv":
        with open(file, newline="", encoding="utf-8") as lines:
            reader = csv.reader(lines)
            next(reader)
            yield from reader
    else:
        from python_calamine import CalamineWorkbook

        yield from CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()[1:]
