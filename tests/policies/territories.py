"""Small territories of the five documents, and rows to put into their registers: everything countable by hand."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from commlms import LMS, Host

TODAY = dt.date(2025, 6, 30)
DELTA = ("4401", "4403", "4404", "4406", "4407", "4412", "4413", "4419", "4420")
REST = ("4402", "4405", "4408", "4409", "4414", "4415", "4416", "4417", "4418", "4451", "4452", "4453")


@cache
def bundled() -> Host:
    """All bundled plugins, loaded once."""
    return Host()


@cache
def _empty() -> sqlite3.Connection:
    """A database with every table and nothing in it: making one takes longer than a test."""
    made = sqlite3.connect(":memory:")
    made.execute("PRAGMA foreign_keys = ON")
    LMS(connection=made, host=bundled(), keys=[]).close()
    return made


def opened() -> LMS:
    """An empty database in memory with every plugin."""
    copy = sqlite3.connect(":memory:")
    _empty().backup(copy)
    copy.execute("PRAGMA foreign_keys = ON")
    return LMS(connection=copy, today=TODAY, lang="en", keys=[], host=bundled())


def places(lms: LMS, rows: Iterable[tuple[str, str, str | None, str]]) -> None:
    """Places as code, level, parent, kind."""
    lms.add([{"code": c, "name": f"地{c}", "level": v, "parent": p, "kind": k or None} for c, v, p, k in rows], "place")


def below(parent: str, level: str, number: int, kind: str = "") -> list[tuple[str, str, str | None, str]]:
    """So many places of a level below another."""
    return [(f"{parent}{n:02d}", level, parent, kind) for n in range(1, number + 1)]


def codes(rows: Iterable[tuple[str, str, str | None, str]], level: str) -> list[str]:
    """The codes of those of a level."""
    return [c for c, v, _, _ in rows if v == level]


def guangdong() -> list[tuple[str, str, str | None, str]]:
    """21 cities: 9 of the Delta with 10 counties, 12 others with 15; each county has one township with one community."""
    cities: list[tuple[str, str, str | None, str]] = [("44", "province", None, ""), *((c, "city", "44", "") for c in (*DELTA, *REST))]
    more = {"4401": 2, "4402": 4}
    counties = [x for c in (*DELTA, *REST) for x in below(c, "county", more.get(c, 1))]
    townships = [x for c, *_ in counties for x in below(c, "township", 1, "town")]
    return [*cities, *counties, *townships, *(x for c, *_ in townships for x in below(c, "village", 1, "community"))]


def wanzhou() -> list[tuple[str, str, str | None, str]]:
    """A district with 4 streets, 4 towns, 4 townships, and 51 villages below them."""
    kinds = ("street", "town", "township")
    townships = [(f"500101{n:03d}", "township", "500101", kinds[n % 3]) for n in range(12)]
    villages = [(f"{townships[n % 12][0]}{n:03d}", "village", townships[n % 12][0], "village") for n in range(51)]
    return [("500101", "county", None, ""), *townships, *villages]


def panzhihua() -> list[tuple[str, str, str | None, str]]:
    """A city with 4 counties and a development zone; 21 townships and 51 communities below the counties."""
    counties: list[tuple[str, str, str | None, str]] = [*below("5104", "county", 4), ("510490", "county", "5104", "zone")]
    townships = [(f"51040{n % 4 + 1}{n:03d}", "township", f"51040{n % 4 + 1}", "town") for n in range(21)]
    villages = [(f"{townships[n % 21][0]}{n:03d}", "village", townships[n % 21][0], "community") for n in range(51)]
    return [("5104", "city", None, ""), *counties, *townships, *villages]


def gongshu() -> list[tuple[str, str, str | None, str]]:
    """A district with one street with one community."""
    street = "330105001"
    return [("330105", "county", None, ""), (street, "township", "330105", "street"), (f"{street}001", "village", street, "community")]


def residents(lms: LMS, persons: int, *at: str, group: str = "all") -> None:
    """So many permanent residents at each of these places."""
    lms.add([
        {"place": p, "on": "2010-11-01", "basis": "permanent", "group": group, "persons": persons, "nature": "census"} for p in at
    ], "residents")


def schools(lms: LMS, kind: str, *at: str) -> list[str]:
    """An institution of a kind at each of these places; gives their codes."""
    made = [f"J{kind}{p}" for p in at]
    lms.add([{"code": c, "name": f"校{c}", "place": p, "kind": kind} for c, p in zip(made, at, strict=True)], "institution")
    return made


def came(lms: LMS, year: int, everywhere: Sequence[str], homes: Sequence[str], number: int, **fields: Any) -> None:
    """A session everywhere in the year, and so many people, who live in these places in turn, at the first of them."""
    made = schools(lms, "point", *everywhere)
    lms.add([{"code": f"S{c}", "institution": c, "on": f"{year}-03-05", "theme": "讲座"} for c in made], "session")
    people = [f"L{n}" for n in range(number)]
    lms.add([{"code": c, "name": f"某{c}", "home": homes[n % len(homes)], **fields} for n, c in enumerate(people)], "learner")
    lms.add([{"learner": c, "session": f"S{made[0]}"} for c in people], "participation")


def held(lms: LMS, kind: str, rank: str, at: Iterable[str], state: str = "held", since: str = "2013-01-01") -> None:
    """A title that places hold, or seek; elsewhere one that is never counted, so that the register is not empty."""
    rows = [{"place": p, "kind": kind, "rank": rank, "state": state, "since": since} for p in at]
    code = next(iter(lms.rows("place"))).reference
    lms.add([*rows, {"place": code, "kind": "commendation", "rank": "township", "since": since}], "recognition.status")


def undertaken(lms: LMS, kind: str, at: Iterable[str]) -> None:
    """Work that places carry out."""
    lms.add([{"place": p, "kind": kind, "since": "2015-01-01"} for p in at], "supervision.undertaking")


def yuan(fen: int) -> str:
    """Fen as an office writes them."""
    return f"{fen // 100}.{fen % 100:02d}"


def funded(lms: LMS, place: str, year: int, purpose: str, **fen: int) -> None:
    """Money of the own government for a year, as budgeted or appropriated."""
    amounts = {name: yuan(n) for name, n in fen.items()}
    lms.add({"place": place, "period": str(year), "channel": "government", "purpose": purpose, **amounts}, "funding.fund")


def paid_wages(lms: LMS, place: str, year: int, kind: str, training: int) -> None:
    """An employer that pays 10,000 yuan of wages and so much for training."""
    lms.add({
        "place": place, "organisation": "甲厂", "kind": kind, "period": str(year), "wages": "10000.00", "training": yuan(training),
    }, "funding.payroll")


def posts(lms: LMS, institution: str, role: str, number: int) -> None:
    """Full-time posts at an institution; and a part-time expert, who is never counted."""
    lms.add([
        {"code": f"P{institution}{role}{n}", "institution": institution, "role": role, "employment": "full_time"} for n in range(number)
    ] + [{"code": f"X{institution}", "institution": institution, "role": "expert", "employment": "part_time"}], "staffing.post")


def functions(lms: LMS, institutions: Iterable[str], *names: str) -> None:
    """What institutions carry out."""
    lms.add([{"institution": c, "function": f, "since": "2012-01-01"} for c in institutions for f in names], "premises.function")
