"""People and sessions that are one leave as one, and series as they are: a lake's figures are the database's."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

from commlms import LMS, Host, Metric, Rows, hookimpl, open_lake, publish
from tests.java import ENGINES
from tests.lake.cells import cells
from tests.lake.small import LAKE_KEY, small
from tests.measure.city import A1, B1, INSTITUTIONS, PLACES, STREET, TODAY, attend, bundled, headcount, learners, session
from tests.privacy.test_people import valid_id

YEARS = ("2021", "2022")


def doubled() -> LMS:
    """The small city, where several people are one with others, two sessions are one, one is a series, some are not known."""
    lms = small()
    for one, other in (("L0", "L1"), ("L2", "T1"), ("M0", "M1"), ("V0", "N1")):
        lms.same("learner", one, other)
    lms.same("learner", "L3", "L0")
    lms.same("session", "S1", "S3")
    session(lms, "S9", STREET, "2022-12-30", meetings=10, began="2022-02-01", minutes=45)
    session(lms, "S8", STREET, "2022-01-30", meetings=10, began="2021-02-01", minutes=45)
    attend(lms, "S9", "L1", "L4")
    attend(lms, "S8", "L1", "V3")
    for code, counts, persons in (("S9", "present", 30), ("S9", "unmatched", 29), ("S1", "unmatched", 3), ("S3", "besides", 8)):
        headcount(lms, code, counts, persons)
    return lms


@pytest.mark.parametrize("engine", ENGINES)
def test_a_lakes_figures_are_those_of_the_database_with_doubles(engine: str, tmp_path: Path) -> None:
    """Every place, year, tree and metric; and they are others than without the decisions."""
    with doubled() as lms, small() as apart:
        publish(lms, tmp_path / "lake", keys=[LAKE_KEY])
        wanted = cells(lms, YEARS)
        assert wanted != cells(apart, YEARS)
    with open_lake(tmp_path / "lake", engine=engine, host=bundled(), today=TODAY) as lake:
        assert cells(lake, YEARS) == wanted
        both = lake.figures("2021..2022").rolled(lake.metric("core.sessions").numerator)
        assert both[lake.place(STREET)] == 22  # S0 and S2, two series of ten; S3 is S1, which was held elsewhere


def read(lake: Path, table: str) -> list[dict[str, Any]]:
    """Every published row of a table."""
    return [row for f in sorted(lake.glob(f"*/{table}/**/*.parquet")) for row in pq.ParquetFile(f).read().to_pylist()]


def test_a_double_has_no_row_and_its_visits_are_the_persons(tmp_path: Path) -> None:
    """Two learners with one visit each at one session: one learner, one visit, the longer."""
    with small() as lms:
        publish(lms, tmp_path / "before", keys=[LAKE_KEY])
        lms.same("learner", "L0", "L1")
        lms.set("participation", "L1/S0", minutes=99)
        publish(lms, tmp_path / "after", keys=[LAKE_KEY])
    before, after = ({t: read(tmp_path / n, t) for t in ("learner", "learner_state", "participation")} for n in ("before", "after"))
    assert len(before["learner"]) - len(after["learner"]) == len(before["learner_state"]) - len(after["learner_state"]) == 1
    assert len(before["participation"]) - len(after["participation"]) == 5  # both came to S0 to S4
    assert {r["id"] for r in after["learner"]} < {r["id"] for r in before["learner"]}
    assert [r["minutes"] for r in after["participation"] if r["minutes"] == 99] == [99]


def test_the_number_of_a_double_is_the_persons_in_another_city(tmp_path: Path) -> None:
    """The one that is kept has no ID number, its double has: the other city's learner of that number is the same person."""
    number = valid_id("99000019500301001")
    for name in ("a", "b"):
        with LMS(host=bundled(), today=TODAY, keys=[b"k" * 32]) as lms:
            lms.add(list(PLACES), "place")
            lms.add(list(INSTITUTIONS), "institution")
            session(lms, "S1", A1, "2022-03-05")
            lms.add({"code": "I", "name": "甲", "id_number": number, "home": A1}, "learner")
            learners(lms, B1, "P")
            attend(lms, "S1", "P" if name == "a" else "I")
            if name == "a":
                lms.add({"learner": "I", "main": "P"}, "same_learner")
            publish(lms, tmp_path / "lake", keys=[LAKE_KEY])
    with open_lake(tmp_path / "lake", host=bundled(), today=TODAY) as lake:
        assert sum(lake.figures("2022").own(lake.metric("core.persons").numerator).values()) == 1


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_a_place_that_two_databases_hold_is_one_place(engine: str, tmp_path: Path) -> None:
    """A learner in each: two persons, counted once each."""
    for _ in range(2):
        with LMS(host=bundled(), today=TODAY) as lms:
            lms.add(list(PLACES), "place")
            lms.add(list(INSTITUTIONS), "institution")
            session(lms, "S1", A1, "2022-03-05")
            learners(lms, A1, "P")
            attend(lms, "S1", "P")
            publish(lms, tmp_path / "lake", keys=[LAKE_KEY])
    with open_lake(tmp_path / "lake", engine=engine, host=bundled(), today=TODAY) as lake:
        assert dict(lake.figures("2022").own(lake.metric("core.persons").numerator)) == {lake.place(A1): 2}


def test_registers_leave_under_the_one_that_is_kept(tmp_path: Path) -> None:
    """M0 to M5 are enrolled, M0 and M1 are one: six rows about five learners, all of whom have a row of their own."""
    enrolled = Metric("rule.enrolled", "在册", "enrolled", Rows("youth.enrolment", distinct=("learner",)))
    rule = SimpleNamespace(COMMLMS_API=1, register_metrics=hookimpl(lambda: [enrolled]))
    host = Host(modules={"rule": rule})
    with small(host=host) as lms:
        lms.same("learner", "M0", "M1")
        publish(lms, tmp_path / "lake", keys=[LAKE_KEY])
        wanted = dict(lms.figures("2022").own(enrolled.numerator))
        assert list(wanted.values()) == [5]
    rows = read(tmp_path / "lake", "youth_enrolment")
    assert len(rows) == 6
    assert len({r["learner"] for r in rows}) == 5
    assert {r["learner"] for r in rows} < {r["id"] for r in read(tmp_path / "lake", "learner")}
    with open_lake(tmp_path / "lake", host=host, today=TODAY) as lake:
        assert list(lake.figures("2022").own(enrolled.numerator).values()) == [5]
