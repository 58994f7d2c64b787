"""A small city whose every figure can be counted by hand."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from commlms import LMS

TODAY = dt.date(2023, 6, 1)
#: Named residents by home: 3 + 8 + 12 seniors in the townships of 东区, 2 adults at 西区 itself, 1 of unknown home.
SENIORS = {"510401001": 3, "510401002": 8, "510401003": 12}
EVIL = '<script>alert("x")</script>|=1+1'


def place(code: str, name: str, level: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    """One place since 2019."""
    return {"code": code, "name": name, "level": level, "parent": parent, "since": dt.date(2019, 1, 1), **more}


PLACES = [
    place("5104", "攀枝花市", "city"),
    place("510401", "东区", "county", "5104"),
    place("510402", "西区", "county", "5104"),
    place("5104-Z", "高新区", "county", reports_to="5104"),
    place("510401001", "一街道", "township", "510401"),
    place("510401002", "二街道", "township", "510401"),
    place("510401003", "三街道", "township", "510401"),
    place("510401001001", "甲社区", "village", "510401001"),
    place("510401002001", EVIL, "village", "510401002"),
]


def learner(code: str, home: str | None, born: dt.date) -> dict[str, Any]:
    """One invented learner."""
    return {"code": code, "name": f"学员{code}", "born": born, "home": home}


def fill(lms: LMS) -> None:
    """The city's year 2022: one session with 26 people signed in of 101 in the room."""
    lms.add(PLACES, "place")
    lms.add([
        {"place": code, "on": dt.date(2022, 11, 1), "basis": "permanent", "group": "all", "persons": persons, "nature": nature}
        for code, persons, nature in (("5104", 1000, "register"), ("510401", 400, "estimate"), ("510402", 600, "register"))
    ], "residents")
    lms.add({"code": "J1", "name": "甲社区学习点", "place": "510401001001"}, "institution")
    lms.add({"code": "S1", "institution": "J1", "on": dt.date(2022, 3, 5), "theme": "健康讲座", "minutes": 60}, "session")
    old = [learner(f"{home}-{i}", home, dt.date(1950, 1, 1)) for home, count in SENIORS.items() for i in range(count)]
    others = [learner(f"W{i}", "510402", dt.date(1990, 1, 1)) for i in range(2)] + [learner("U", None, dt.date(1990, 1, 1))]
    lms.add([*old, *others], "learner")
    lms.add([{"learner": row["code"], "session": "S1"} for row in (*old, *others)], "participation")
    lms.add({"session": "S1", "counts": "present", "persons": 101}, "headcount")


@pytest.fixture
def lms() -> Iterator[LMS]:
    """The small city, marked as invented."""
    with LMS(today=TODAY, lang="zh", invented=True) as made:
        fill(made)
        yield made
