"""A city of two counties, one township of which moved from one to the other in 2021, under an invented document."""

import datetime as dt
from pathlib import Path
from typing import Any

from commlms import LMS, Host, hookimpl, policy_from_toml

TODAY = dt.date(2023, 6, 1)
PACK = Path(__file__).with_name("parts_pack.toml")
CITY, FIRST, SECOND = "9001", "900101", "900102"
A1, A2, B1, MOVED = "900101001", "900101002", "900102001", "900102002"
#: Who came in which year to which township's sessions: homes with numbers of learners.
CAME = {
    ("S20A", A1, "2020-05-01"): {A1: 20}, ("S20M", MOVED, "2020-06-01"): {MOVED: 10},
    ("S21A", A1, "2021-05-01"): {A1: 30}, ("S21M", MOVED, "2021-06-01"): {MOVED: 10},
    ("S22A", A1, "2022-05-01"): {A1: 62, MOVED: 10}, ("S22B", A1, "2022-06-01"): {A1: 5}, ("S22C", B1, "2022-07-01"): {B1: 20},
}


class Plugin:
    """The invented document as a plugin."""

    COMMLMS_API = 1

    @hookimpl
    def register_policies(self) -> list[Any]:
        """One pack."""
        return [policy_from_toml(PACK)]


def opened() -> LMS:
    """The city, empty but for its places and residents."""
    lms = LMS(host=Host(modules={"sample": Plugin()}), today=TODAY, lang="zh", keys=[])
    lms.add([
        {"code": code, "name": name, "level": level, "parent": parent, "since": "2015-01-01"}
        for code, name, level, parent in (
            (CITY, "样城市", "city", None), (FIRST, "甲县", "county", CITY), (SECOND, "乙县", "county", CITY),
            (A1, "子镇", "township", FIRST), (A2, "丑镇", "township", FIRST), (B1, "寅镇", "township", SECOND),
            (MOVED, "卯镇", "township", SECOND),
        )
    ], "place")
    lms.add({"code": MOVED, "name": "卯镇", "level": "township", "parent": FIRST, "since": "2021-04-01"}, "place")
    residents(lms, "2020-11-01", {CITY: 300, FIRST: 100, SECOND: 200})
    residents(lms, "2021-12-31", {FIRST: 140, SECOND: 160})
    return lms


def residents(lms: LMS, on: str, persons: dict[str, int]) -> None:
    """Residents of places on a day."""
    lms.add([
        {"place": place, "on": on, "basis": "permanent", "group": "all", "persons": n, "nature": "census"} for place, n in persons.items()
    ], "residents")


def fill(lms: LMS) -> None:
    """Three years of sessions, all visits by name."""
    lms.add([{"code": f"J{p}", "name": f"校{p}", "place": p} for p in (A1, B1, MOVED)], "institution")
    most = {A1: 62, MOVED: 10, B1: 20}
    lms.add([{"code": f"L{home}-{i}", "name": f"某{i}", "home": home} for home, n in most.items() for i in range(n)], "learner")
    for (code, place, on), came in CAME.items():
        lms.add({"code": code, "institution": f"J{place}", "on": on, "theme": "讲座", "minutes": 60}, "session")
        lms.add([{"learner": f"L{home}-{i}", "session": code} for home, n in came.items() for i in range(n)], "participation")
