"""The small city with people of every kind, published or to be published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from commlms import LMS
from tests.measure.city import A1, A2, B1, B2, COUNTY, STREET, TOWN, attend, city, headcount, learners, residents, session

LAKE_KEY = b"l" * 32
_CATEGORIES = ("健康养生", "it's", "back\\slash", None, "智能手机")


def small(path: Path | None = None, **options: Any) -> LMS:
    """A city with seniors, minors, migrants, a group of which only totals leave, and some of unknown home."""
    lms = city(path, **options)
    learners(lms, A1, *(f"L{i}" for i in range(12)), born="1950-03-01", sex="female", hukou="other_rural", occupation="worker")
    learners(lms, B1, *(f"M{i}" for i in range(7)), born="2012-05-01", hukou="local_rural")
    learners(lms, B2, *(f"V{i}" for i in range(9)), born="1962-08-15", sex="male", occupation="farmer")
    learners(lms, TOWN, "T1", "T2", born="1980-01-01")
    learners(lms, None, "N1", born="1990-05-01")
    residents(lms, COUNTY, 1_000)
    residents(lms, COUNTY, 90, group="seniors")
    days = ("2021-03-01", "2022-03-01", "2022-05-03", "2022-07-01", "2022-11-30")
    for n, (at, on) in enumerate(zip((A1, B1, A2, STREET, B2), days, strict=True)):
        program = {"program": "430学堂"} if n == 1 else {}
        session(lms, f"S{n}", at, on, minutes=60, category=_CATEGORIES[n], form="class" if n == 0 else None, **program)
        attend(lms, f"S{n}", *(f"L{i}" for i in range(2 * n + 3)), "N1", "T1", *(f"V{i}" for i in range(n + 4)))
        if n in (1, 3):
            attend(lms, f"S{n}", *(f"M{i}" for i in range(7)))
    headcount(lms, "S1", "present", 40)
    headcount(lms, "S2", "besides", 5, "seniors")
    lms.add([{"learner": f"L{i}", "group": "new_citizen", "since": "2020-01-01"} for i in range(6)], "standing")
    lms.add([{"learner": f"M{i}", "institution": f"I-{B1}", "since": "2021-09-01"} for i in range(6)], "youth.enrolment")
    lms.add([{"learner": f"V{i}", "grade": "高级", "since": "2021-09-01"} for i in range(5)], "farmers.certificate")
    return lms
