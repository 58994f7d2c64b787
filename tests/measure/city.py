"""A small invented city for tests: one county with two townships of two villages each, and a zone that reports to the city."""

from __future__ import annotations

import datetime as dt
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from commlms import LMS, Host

TODAY = dt.date(2023, 6, 1)
PROVINCE, CITY, COUNTY, ZONE = "99", "9901", "990101", "990190"
STREET, TOWN = "990101001", "990101101"
A1, A2, B1, B2 = "990101001001", "990101001002", "990101101201", "990101101202"

PLACES: tuple[dict[str, Any], ...] = (
    {"code": PROVINCE, "name": "云省", "level": "province"},
    {"code": CITY, "name": "晴市", "level": "city", "parent": PROVINCE},
    {"code": COUNTY, "name": "东区", "level": "county", "parent": CITY},
    {"code": ZONE, "name": "新区", "level": "township", "kind": "zone", "parent": COUNTY, "reports_to": CITY},
    {"code": STREET, "name": "桥街道", "level": "township", "kind": "street", "parent": COUNTY},
    {"code": TOWN, "name": "河镇", "level": "township", "kind": "town", "parent": COUNTY},
    {"code": A1, "name": "桥东社区", "level": "village", "kind": "community", "area": "urban", "parent": STREET},
    {"code": A2, "name": "桥西社区", "level": "village", "kind": "community", "area": "urban", "parent": STREET},
    {"code": B1, "name": "河口村", "level": "village", "kind": "village", "area": "rural", "parent": TOWN},
    {"code": B2, "name": "河源村", "level": "village", "kind": "village", "area": "rural", "parent": TOWN},
)
INSTITUTIONS: tuple[dict[str, Any], ...] = tuple(
    {"code": f"I-{code}", "name": f"学校{code}", "place": code} for code in (COUNTY, ZONE, STREET, TOWN, A1, A2, B1, B2)
)


@cache
def bundled() -> Host:
    """All bundled plugins, loaded once for the tests that leave none out."""
    return Host()


def city(path: Path | None = None, *, host: Host | None = None, connection: sqlite3.Connection | None = None, **options: Any) -> LMS:
    """The city's database, in memory where no path is given, with an institution at every place of the county."""
    if host is None and not options:
        host = bundled()
    lms = LMS(path, connection=connection, host=host, today=TODAY, **options)
    lms.add(list(PLACES), "place")
    lms.add(list(INSTITUTIONS), "institution")
    return lms


def learners(lms: LMS, home: str | None, *codes: str, **fields: Any) -> None:
    """Add learners who live at a place."""
    lms.add([{"code": c, "name": f"学员{c}", "home": home, **fields} for c in codes], "learner")


def session(lms: LMS, code: str, at: str, on: str, **fields: Any) -> None:
    """Add a session held by the institution at a place."""
    lms.add([{"code": code, "institution": f"I-{at}", "on": on, "theme": f"主题{code}", **fields}], "session")


def attend(lms: LMS, code: str, *people: str) -> None:
    """Note people (learner codes) as present at a session."""
    lms.add([{"learner__code": p, "session__code": code} for p in people], "participation")


def headcount(lms: LMS, code: str, counts: str, persons: int | str, audience: str | None = None) -> None:
    """Add a headcount of a session."""
    lms.add([{"session__code": code, "counts": counts, "persons": persons, "audience": audience}], "headcount")


def residents(lms: LMS, place: str, persons: int, on: str = "2020-11-01", **fields: Any) -> None:
    """Add a census figure of a place."""
    lms.add([{"place": place, "on": on, "basis": "permanent", "nature": "census", **fields, "persons": persons}], "residents")


def numbers(lms: LMS, metric: str, period: str, place: str) -> tuple[int | None, int | None, int | None]:
    """A figure's numerator, denominator and ceiling."""
    figures = lms.figures(period)
    figure = figures.figure(lms.metric(metric), lms.place(place, figures.period.last))
    return figure.numerator, figure.denominator, figure.ceiling


def content(lms: LMS) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but the journal, in a fixed order, check-ins folded."""
    lms.totals.fold()
    left_out = ("journal", "journal_old", "declaration")
    found = {}
    for table in sorted(lms.database.tables()):
        if table in left_out or table.startswith(("sqlite_", "_sqlite")):
            continue
        names = lms.database.columns(table)
        listed = ", ".join(f'"{n}"' for n in names)
        rows = [dict(zip(names, row, strict=True)) for row in lms.database.execute(f'SELECT {listed} FROM "{table}"')]
        found[table] = sorted(rows, key=lambda r: sorted((k, str(v)) for k, v in r.items()))
    return found
