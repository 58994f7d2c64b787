"""People and sessions that were found to be one: each counted once, by what is known of the one that is kept."""

from __future__ import annotations

from typing import Any

import pytest

from commlms import LMS, CommLMSError, Metric, Period, Rows, Total, UndoRefused, UnknownName
from commlms.core.metrics import Hosted
from commlms.measure.compile import totals_sql
from commlms.measure.hosted import hosted_sql
from commlms.measure.totals import split
from commlms.store.doctor import examine
from tests.measure.city import A1, A2, B1, STREET, attend, bundled, city, content, headcount, learners, numbers, session
from tests.privacy.test_people import valid_id
from tests.properties.counted import Facts, own


def pair() -> LMS:
    """L1 of A1, born 1950, and L2 of B1 of unknown birth, both at S1; L2 also at S2; 60 minutes each, L1 only 20 of them."""
    lms = city()
    learners(lms, A1, "L1", born="1950-03-01", sex="female")
    learners(lms, B1, "L2")
    session(lms, "S1", A1, "2022-03-05", minutes=60)
    session(lms, "S2", A2, "2022-04-05", minutes=60)
    lms.add([{"learner": "L1", "session": "S1", "minutes": 20}, {"learner": "L2", "session": "S1"}], "participation")
    attend(lms, "S2", "L2")
    headcount(lms, "S1", "present", 5)
    return lms


def counted(lms: LMS, place: str = STREET) -> list[int | None]:
    """Persons, visits, minutes, named visits at sessions held here, unnamed ones, sessions: of 2022, at a place and below."""
    figures = lms.figures("2022")
    measures = (Total(), *(lms.metric(k).numerator for k in ("core.visits", "core.minutes")), Hosted("named"), Hosted("unnamed"),
                Hosted("sessions"))
    return [figures.rolled(m).get(lms.place(place), 0) for m in measures]


def test_two_learners_that_are_one_are_one_person_with_the_longest_of_their_visits() -> None:
    """Before: L1 with 20 minutes at A1, L2 elsewhere. Then one person of A1 with two visits, 60 + 60 minutes; 1 named, 4 unnamed."""
    with pair() as lms:
        assert counted(lms) == [1, 1, 20, 3, 3, 2]
        assert counted(lms, B1) == [1, 2, 120, 0, 0, 0]
        lms.same("learner", "L2", "L1")
        assert counted(lms) == [1, 2, 120, 2, 4, 2]
        assert counted(lms, B1) == [0] * 6
        assert lms.recount(check=True) == []


def test_two_sessions_that_are_one_are_one_session_with_everybody_who_came() -> None:
    """S2 held 60 minutes and L2 came to both: one session, 2 named visits, of 5 present 3 unnamed; L2 has one visit."""
    with pair() as lms:
        headcount(lms, "S2", "besides", 9)
        lms.same("session", "S1", "S2")
        assert counted(lms) == [1, 1, 20, 2, 3, 1]
        assert counted(lms, B1) == [1, 1, 60, 0, 0, 0]
        assert lms.figures("2022").rolled(Hosted("minutes")).get(lms.place(STREET)) == 60
        assert lms.recount(check=True) == []


@pytest.mark.parametrize(("record", "one", "other"), [("learner", "L1", "L2"), ("session", "S1", "S2")])
def test_a_decision_taken_back_leaves_exactly_what_was_before(record: str, one: str, other: str) -> None:
    """Every row of every table, totals too."""
    with pair() as lms:
        before = content(lms)
        journal = lms.same(record, one, other)
        assert content(lms) != before
        lms.undo(journal)
        assert content(lms) == before


def test_who_is_known_better_stays_whoever_is_named_first() -> None:
    """ID number before birth date before birth year before nothing; of two alike the older row."""
    with city(keys=[b"k" * 32]) as lms:
        known = {"N1": {}, "N2": {}, "Y": {"born": "1950"}, "D": {"born": "1950-03-01"}, "I": {"id_number": valid_id("99000019500301001")}}
        lms.add([{"code": code, "name": "甲", **more} for code, more in known.items()], "learner")
        for one, other, kept in (("N2", "N1", "N1"), ("N1", "Y", "Y"), ("D", "Y", "D"), ("I", "N2", "I")):
            journal = lms.same("learner", one, other)
            assert {r.cells["main"] for r in lms.rows("same_learner")} == {kept}
            lms.undo(journal)


def test_groups_that_are_joined_stay_flat_and_can_be_taken_apart_again() -> None:
    """L3 is L2; then L2 is L1: both are counted as L1, in one write, and its undoing leaves the first decision."""
    with pair() as lms:
        learners(lms, B1, "L3")
        lms.same("learner", "L2", "L3")
        before = content(lms)
        journal = lms.same("learner", "L3", "L1")
        assert sorted((r.cells["learner"], r.cells["main"]) for r in lms.rows("same_learner")) == [("L2", "L1"), ("L3", "L1")]
        assert lms.same("learner", "L2", "L3") == 0
        assert lms.recount(check=True) == []
        lms.undo(journal)
        assert content(lms) == before


def test_a_decision_that_two_are_different_is_changed_and_parts_who_was_one() -> None:
    with pair() as lms:
        before = counted(lms)
        assert lms.different("learner", "L1", "L2")
        assert lms.different("learner", "L2", "L1") == 0
        lms.same("learner", "L1", "L2")
        assert counted(lms)[1] == 2
        lms.different("learner", "L1", "L2")
        assert counted(lms) == before
        assert [r.cells["verdict"] for r in lms.rows("same_learner")] == ["不同"]
        assert lms.recount(check=True) == []


WRONG: tuple[tuple[str, list[tuple[str, str, str]]], ...] = (
    ("is itself counted as", [("L1", "L2", "same"), ("L2", "L3", "same")]),
    ("is itself counted as", [("L1", "L2", "same"), ("L2", "L1", "same")]),
    ("is counted as .* and as", [("L1", "L2", "same"), ("L1", "L3", "same")]),
    ("with itself", [("L1", "L1", "same")]),
    ("decided to be different", [("L1", "L2", "same"), ("L3", "L2", "same"), ("L3", "L1", "different")]),
)


@pytest.mark.parametrize(("said", "rows"), WRONG)
def test_a_decision_that_nobody_could_count_by_is_refused_by_every_verb(said: str, rows: list[tuple[str, str, str]]) -> None:
    """Added together, or the last one alone."""
    with pair() as lms:
        learners(lms, B1, "L3")
        many: list[Any] = [{"learner": one, "main": main, "verdict": verdict} for one, main, verdict in rows]
        before = content(lms)
        with pytest.raises(CommLMSError, match=said):
            lms.add(many, "same_learner")
        assert content(lms) == before
        if many[:-1]:
            lms.add(many[:-1], "same_learner")
        with pytest.raises(CommLMSError, match=said):
            lms.add(many[-1], "same_learner")
        assert lms.recount(check=True) == []


def test_who_is_meant_must_be_said_where_two_are_one_with_a_third() -> None:
    """L2 and L3 are counted as L1: that L2 is not L3 does not say which of them is not L1. And L4, which is not L3, is not joined."""
    with pair() as lms:
        learners(lms, B1, "L3", "L4")
        lms.same("learner", "L1", "L2")
        lms.same("learner", "L1", "L3")
        with pytest.raises(CommLMSError, match="change one of the decisions first"):
            lms.different("learner", "L2", "L3")
        lms.different("learner", "L3", "L4")
        with pytest.raises(CommLMSError, match="change one of the decisions first"):
            lms.same("learner", "L1", "L4")


def test_an_undo_that_would_make_a_chain_is_refused() -> None:
    """L2 counted as L1, which was removed; then L1 as L3: taking the removal back would chain them."""
    with pair() as lms:
        learners(lms, B1, "L3", born="1950-03-01")
        lms.add({"learner": "L2", "main": "L1"}, "same_learner")
        removed = lms.remove("same_learner", next(lms.rows("same_learner")).reference)
        lms.add({"learner": "L1", "main": "L3"}, "same_learner")
        with pytest.raises(UndoRefused, match="counted as"):
            lms.undo(removed)


def test_only_learners_and_sessions_can_be_one() -> None:
    with pair() as lms, pytest.raises(UnknownName):
        lms.same("place", A1, A2)


def test_registers_of_a_double_are_those_of_the_one_that_is_kept() -> None:
    """A certificate of L2 makes L1 certified; two certified learners that are one are one different learner."""
    metric = Metric("rule.certified", "持证", "certified", Rows("farmers.certificate", distinct=("learner",)))
    with pair() as lms:
        for code in ("L1", "L2"):
            lms.add([{"learner__code": code, "grade": "高级", "since": "2021-01-01"}], "farmers.certificate")
        certified = lms.registry.metrics["core.persons"].numerator, metric.numerator
        assert sum(lms.figures("2022").own(certified[1]).values()) == 2
        lms.same("learner", "L1", "L2")
        assert dict(lms.figures("2022").own(certified[1])) == {lms.place(A1): 1}


def test_facts_themselves_are_asked_without_doubles() -> None:
    """Three participations are two visits of one person; then both sessions are one, and so are the visits."""
    with pair() as lms:
        rows = [Rows("session"), Rows("session", day="on"), Rows("participation"), Rows("participation", distinct=("learner",))]
        assert [sum(lms.figures("2022").own(r).values()) for r in rows] == [2, 2, 3, 2]
        lms.same("learner", "L1", "L2")
        assert [sum(lms.figures("2022").own(r).values()) for r in rows] == [2, 2, 2, 1]
        lms.same("session", "S1", "S2")
        assert [sum(lms.figures("2022").own(r).values()) for r in rows] == [1, 1, 1, 1]


def test_every_row_of_an_explanation_is_one_person_or_one_session() -> None:
    """The doubled session is listed with the reason why it adds nothing."""
    with pair() as lms:
        lms.same("learner", "L1", "L2")
        lms.same("session", "S1", "S2")
        for key in ("core.persons", "core.visits", "core.sessions", "core.unnamed_visits"):
            found = lms.explain(key, place=STREET, period="2022")
            rows = [r for r in found.rows() if r.part == "numerator"]
            assert sum(r.adds for r in rows) == found.figure.numerator == numbers(lms, key, "2022", STREET)[0]
        held = [(r.adds, r.left_out.en if r.left_out else "") for r in lms.explain("core.sessions", place=STREET, period="2022").rows()]
        assert held == [(1, ""), (0, "the same as another session, which is counted")]


def test_a_person_is_erased_and_exported_whole() -> None:
    """Every row of both learners, and the decision about them; the year's figures stay, and a recount knows them."""
    with pair() as lms:
        lms.same("learner", "L1", "L2")
        before = counted(lms)
        held = lms.people.export("L2")
        assert len(held["participation"]) == 3
        assert len(held["same_learner"]) == 1
        lms.people.erase("L2")
        assert counted(lms) == before
        assert lms.recount(check=True) == []
        assert list(lms.rows("learner")) == list(lms.rows("same_learner")) == []


def test_the_doctor_sees_decisions_that_contradict_each_other() -> None:
    with pair() as lms:
        journal = lms.same("learner", "L1", "L2")
        assert not any(f.bad for f in lms.doctor())
        lms.database.execute("INSERT INTO same_learner (learner, main, verdict, journal) VALUES (1, 2, 'same', ?)", (journal,))
        assert any(f.bad and "counted as" in f.label.en for f in examine(lms.database, lms.host.owners(), lms.host.names))


def test_a_check_in_of_a_double_waits_and_is_then_the_persons() -> None:
    """L1 checks in to S2, where L2 was already: no new visit; L2 to S3: one visit of L1."""
    with pair() as lms:
        lms.same("learner", "L1", "L2")
        session(lms, "S3", A1, "2022-06-01", minutes=30)
        headcount(lms, "S3", "present", 1)
        lms.check_in("L1", "S2")
        lms.check_in("L2", "S3")
        assert counted(lms) == [1, 3, 150, 3, 4, 3]
        assert lms.recount(check=True) == []
        facts = Facts(lms)
        assert own(facts, Total(), 20220101, 20221231) == {lms.place(A1): 1}


def plan(lms: LMS, sql: str) -> list[str]:
    """How SQLite would find the rows of a statement."""
    return [row[3] for row in lms.database.execute(f"EXPLAIN QUERY PLAN {sql}")]


def test_where_some_are_one_everybody_is_still_looked_up_and_never_tried_with_all() -> None:
    """Registers are found by their learner, and of a quarter its own visits are read: no product of two lists, however large the city."""
    with city(host=bundled()) as lms:
        learners(lms, A1, "L1", "L2", "L3")
        lms.same("learner", "L1", "L2")
        totals, hosted = split(lms.totals.measures)
        years, quarter = [Period.year(2022), Period.year(2023)], [Period.parse("2022Q2")]
        for periods in (years, quarter):
            steps = plan(lms, totals_sql(totals, periods, same=lms.totals.sameness))
            registers = [step for step in steps if step.startswith("SEARCH h") and "AUTOMATIC" in step]
            assert registers
            assert all("learner=?" in step for step in registers)
        steps += plan(lms, hosted_sql(hosted, quarter, same=lms.totals.sameness))
        assert not [step for step in steps if step.startswith("SCAN participation") or "(session=? AND learner=?)" in step]
        assert [step for step in steps if step.startswith("SEARCH p USING INDEX participation_session (session=?)")]
