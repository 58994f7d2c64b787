"""Verdicts picked at random from small random databases: the rows that explain lists sum to the figure that was judged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commlms import LMS
from commlms.measure.judge import Judgement
from commlms.report.explained import Explained, explained
from tests.laws.test_registers import funds, iso, kinds, posts
from tests.measure.city import A1, A2, B1, B2, CITY, COUNTY, STREET, TOWN, ZONE, attend, city, headcount, learners, residents, session
from tests.measure.duties import duties

HOST = duties()
people = st.lists(st.tuples(st.sampled_from([None, A1, A2, B1, TOWN]), st.sampled_from([None, "1950-01-01", "2000-01-01"])), max_size=5)
counted = st.dictionaries(st.sampled_from([COUNTY, STREET, TOWN, ZONE, A1, A2, B1, B2]), st.integers(1, 400))
trainings = st.lists(st.tuples(st.sampled_from([COUNTY, STREET, A1]), st.sampled_from([None, "2022-05-01", "2021-05-01"])), max_size=5)


@st.composite
def judged(draw: st.DrawFn) -> tuple[LMS, list[Judgement]]:
    """A city with registers, and some of the verdicts on it that have a number."""
    lms = city(host=HOST)
    rows = [
        {"code": f"F{n}", "place": at, "period": key, "origin": origin, "amount": None if amount is None else f"{amount / 100:.2f}"}
        for n, (at, key, origin, amount) in enumerate(draw(funds))
    ]
    staff = [
        {"code": f"P{n}", "institution": school and f"I-{school}", "place": at, "role": role, "persons": persons,
         "since": iso(since), "until": iso(until)} for n, (school, at, role, persons, since, until) in enumerate(draw(posts))
    ]
    trained = [{"place": at, "title": f"第{n}次", "on": on} for n, (at, on) in enumerate(draw(trainings))]
    for record, given_rows in (("offices.fund", rows), ("offices.post", staff), ("offices.training", trained)):
        if given_rows:
            lms.add(given_rows, record)
    for at, kind in draw(kinds).items():
        lms.set("institution", f"I-{at}", kind=kind)
    for at, number in draw(counted).items():
        residents(lms, at, number)
    session(lms, "S1", A1, "2022-03-05")
    for n, (home, born) in enumerate(draw(people)):
        learners(lms, home, f"L{n}", born=born)
        attend(lms, "S1", f"L{n}")
    headcount(lms, "S1", "present", draw(st.integers(0, 9)))
    found = [j for _, j in lms.judge(as_of=dt.date(2022, 12, 31)) if j.numerator is not None]
    return lms, draw(st.lists(st.sampled_from(found), max_size=6, unique_by=lambda j: (j.target, j.places, j.subject_id))) if found else []


def explain(lms: LMS, j: Judgement) -> Explained:
    """The explanation of a verdict: at its place, of its row of a register, or at the city where several places are judged as one."""
    states = lms.figures("2022").geography.states
    place = states[j.places[0]][-1].code if len(j.places) == 1 else CITY
    return explained(lms, j.target, place, "2022", subject="" if j.subject_id is None else f"#{j.subject_id}")


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(made=judged())
def test_the_rows_sum_to_the_figure_that_was_judged(made: Any) -> None:
    """Numerator and denominator; every row that is left out adds nothing and says why; what is hidden is listed nowhere."""
    lms, judgements = made
    for j in judgements:
        found = explain(lms, j)
        assert found.judgement == j
        parts = {p.name: p for p in found.parts}
        assert [parts["numerator"].value, parts["denominator"].value if "denominator" in parts else None] == [
            None if parts["numerator"].hidden else j.numerator, None if j.denominator is None else j.denominator]
        if found.not_listed is not None:
            assert any(p.hidden for p in found.parts)
            continue
        rows = list(found.rows())
        for name, value in (("numerator", j.numerator), ("denominator", j.denominator)):
            mine = [r for r in rows if r.part == name]
            assert sum(r.adds for r in mine) == (value or 0), (j.target, name)
            assert all(not r.adds and r.left_out.zh and r.left_out.en for r in mine if r.left_out is not None)


def test_every_kind_of_target_has_a_verdict_with_a_number_somewhere() -> None:
    """So that the law above is about all of them: places, places as one, rows of a register, ranges, levels, rates."""
    lms = city(host=HOST)
    lms.add([{"code": "F1", "place": COUNTY, "period": "2022", "origin": "government", "amount": "20"},
             {"code": "F2", "place": STREET, "period": "2022", "origin": "government", "amount": "20"}], "offices.fund")
    lms.add([{"code": f"P{n}", "institution": f"I-{at}", "role": "teacher"} for n, at in enumerate((A1, A1, B1, COUNTY))], "offices.post")
    lms.add({"place": COUNTY, "title": "春", "on": "2022-03-01"}, "offices.training")
    lms.set("institution", f"I-{COUNTY}", kind="college")
    learners(lms, A1, "L1", born="1950-01-01")
    session(lms, "S1", A1, "2022-03-05")
    attend(lms, "S1", "L1")
    for at in (COUNTY, STREET, A1, A2, B1, B2):
        residents(lms, at, 100)
    found = {j.target for _, j in lms.judge(as_of=dt.date(2022, 12, 31)) if j.numerator is not None}
    assert found == {t.id for t in lms.registry.policies["duties-2020"].targets}
