"""Homes that are told less exactly: on every day the place above of the level, as the places themselves were on that day."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import commlms
from commlms.lake.layout import place_number
from tests.lake.test_publish import KEY, rows
from tests.measure.city import A1, A2, B1, COUNTY, STREET, TOWN, ZONE, attend, city, learners, session

_LEVELS = ("province", "city", "county", "township", "village")
_MOVES = st.lists(st.tuples(st.integers(2012, 2021), st.sampled_from([STREET, TOWN, ZONE, COUNTY])), max_size=4, unique_by=lambda m: m[0])
_HOMES = st.lists(st.tuples(st.integers(2013, 2021), st.sampled_from([A1, A2, B1, TOWN, COUNTY])), max_size=3, unique_by=lambda m: m[0])


def walked(states: dict[int, list[tuple[Any, ...]]], place: int, day: int, most: int) -> int | None:
    """The nearest place from ``place`` upwards that is not below a level on a day, by walking the stored rows."""
    current: int | None = place
    while current is not None:
        state = next(s for s in states[current] if s[0] <= day < s[1])
        if _LEVELS.index(state[2]) <= most:
            return current
        current = state[3]
    return None


@settings(max_examples=12, deadline=None)
@given(moves=_MOVES, homes=_HOMES, level=st.sampled_from(["village", "township", "county"]))
def test_a_home_is_told_as_the_place_above_on_every_day(moves: list[tuple[int, str]], homes: list[tuple[int, str]], level: Any) -> None:
    """A village that moves between townships, and a person who moves between places, on the last day of ten years."""
    with city() as lms, TemporaryDirectory() as name:
        for year, parent in sorted(moves):
            lms.add({"code": A1, "name": "桥东社区", "level": "village", "parent": parent, "since": f"{year}-07-01"}, "place")
        learners(lms, A1, "P1")
        for year, home in sorted(homes):
            lms.add({"code": "P1", "name": "学员P1", "home": home, "since": f"{year}-03-01"}, "learner")
        session(lms, "S1", A1, "2022-03-07")
        attend(lms, "S1", "P1")
        manifest = commlms.publish(lms, Path(name), keys=[KEY], level=level).manifest
        told = rows(Path(name), manifest, "learner_state")
        stored = list(lms.database.execute("SELECT since, until, home FROM learner_state"))
        states: dict[int, list[tuple[Any, ...]]] = {}
        for owner, *state in lms.database.execute("SELECT owner, since, until, level, parent FROM place_state"):
            states.setdefault(owner, []).append(tuple(state))
        codes = dict(lms.database.execute("SELECT owner, code FROM place_state"))
        for day in (year * 10_000 + 1231 for year in range(2012, 2023)):
            home = next(h for since, until, h in stored if since <= day < until)
            above = walked(states, home, day, _LEVELS.index(level))
            (said,) = [r["home"] for r in told if r["since"] <= day < r["until"]]
            assert said == (None if above is None else place_number(codes[above]))
