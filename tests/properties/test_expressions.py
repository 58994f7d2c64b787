"""A condition means the same in SQL and in memory, for every learner, known or half known, in any period."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commlms import (
    LMS,
    CommLMSError,
    DeclarationError,
    Period,
    Total,
    age,
    category,
    form,
    has,
    home_area,
    home_kind,
    hukou,
    minutes,
    occupation,
    sessions,
    sex,
    standing,
)
from commlms.core.expressions import Condition, Fact, dump, holds, load, strength
from commlms.measure.compile import learner_query
from commlms_farmers.declarations import Certificate
from commlms_youth.declarations import Enrolment
from tests.measure.city import A1, B1, TOWN, attend, bundled, city, learners, session
from tests.properties.counted import Facts, own

QUIET = settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
PERIODS = tuple(Period.parse(p) for p in ("2021", "2022", "2022Q1", "2022H2", "2021S", "2021..2022", "2022-03"))
PEOPLE = ("L0", "L1", "L2", "L3")
DAYS = ("2021-01-01", "2021-12-31", "2022-01-01", "2022-03-31", "2022-07-01")

facts: st.SearchStrategy[Condition] = st.sampled_from([
    category.in_("声乐", "种植"), form.is_("practice"), ~form.is_("practice"), category.is_("声乐") | form.is_("class"),
    category.is_("种植") & ~category.is_("声乐"),
])
values: st.SearchStrategy[Fact] = st.builds(sessions, st.none() | facts) | st.builds(minutes, st.none() | facts)
operators = st.sampled_from([lambda v, n: v >= n, lambda v, n: v > n, lambda v, n: v <= n, lambda v, n: v < n])
leaves: st.SearchStrategy[Condition] = st.one_of(
    st.builds(lambda test, years: test(age, years), operators, st.sampled_from([6, 17, 18, 59, 60])),
    st.builds(lambda test, fact, number: test(fact, number), operators, values, st.sampled_from([0, 1, 2, 60, 90])),
    st.sampled_from([
        strength.in_("card", "birth_year"),
        sex.is_("female"), hukou.in_("local_rural", "other_rural"), occupation.in_("worker"), home_area.is_("rural"), home_kind.is_("town"),
        standing("left_behind"), standing("left_behind", "new_citizen"), has(Certificate), has(Certificate, grade="高级"), has(Enrolment),
    ]),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner), st.builds(lambda a, b: a | b, inner, inner), st.builds(lambda a: ~a, inner)
    ),
    max_leaves=6,
)
people: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({
    "home": st.sampled_from([None, A1, B1, TOWN]), "sex": st.sampled_from([None, "male", "female"]),
    "born": st.sampled_from([None, "1961", "1962", "1962-03-31", "1962-04-01", "2004", "2004-02-29", "2016-01-01"]),
    "hukou": st.sampled_from([None, "local_rural", "local_urban"]), "occupation": st.sampled_from([None, "worker", "retired"]),
})
meetings: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({
    "minutes": st.sampled_from([None, 45]), "category": st.sampled_from([None, "声乐", "种植"]),
    "form": st.sampled_from([None, "class", "practice"]),
})
dated = st.tuples(
    st.sampled_from(PEOPLE), st.sampled_from(DAYS[:3]), st.none() | st.sampled_from([*DAYS[3:], "2023-01-01"])
)


@st.composite
def populated(draw: st.DrawFn) -> LMS:
    """A database of four learners with random properties, standings, certificates and sign-ins."""
    lms = city(host=bundled())
    lms.add([draw(people) | {"code": code, "name": f"学员{code}"} for code in PEOPLE], "learner")
    for number, on in enumerate(DAYS):
        session(lms, f"S{number}", A1, on, **draw(meetings))
        attend(lms, f"S{number}", *draw(st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1)))
    for record, row in (
        ("standing", st.fixed_dictionaries({"group": st.sampled_from(["left_behind", "new_citizen"])})),
        ("farmers.certificate", st.fixed_dictionaries({"grade": st.sampled_from(["初级", "高级"])})),
        ("youth.enrolment", st.just({"institution": f"I-{A1}"})),
    ):
        for who, since, until in draw(st.lists(dated, max_size=3, unique_by=lambda d: d[:2])):
            lms.add([draw(row) | {"learner__code": who, "since": since, "until": until}], record)
    return lms


def in_sql(lms: LMS, condition: Condition, period: Period) -> list[tuple[int, bool | None]]:
    """What SQL says of each learner who came in the period: true, false or unknown."""
    query = learner_query(condition, [period])
    rows = lms.database.execute(f'SELECT f."learner", ({query.compiler.condition(condition)}) {query.source} ORDER BY 1')
    return [(who, None if answer is None else bool(answer)) for who, answer in rows]


def in_memory(facts_: Facts, condition: Condition, period: Period) -> list[tuple[int, bool | None]]:
    """What ``holds`` says of each of them."""
    return sorted(((p["learner"], holds(condition, p)) for p in facts_.people(period.first, period.last)), key=lambda a: a[0])


@QUIET
@given(lms=populated(), drawn=st.lists(conditions, min_size=8, max_size=8))
def test_random_conditions_answer_alike_in_sql_and_in_memory(lms: LMS, drawn: list[Condition]) -> None:
    """True, false and unknown alike, in years, quarters, halves, school years and longer windows."""
    facts_ = Facts(lms)
    for period in PERIODS:
        for condition in drawn:
            assert in_sql(lms, condition, period) == in_memory(facts_, condition, period), dump(condition)


@QUIET
@given(lms=populated())
def test_the_bundled_populations_answer_alike_in_sql_and_in_memory(lms: LMS) -> None:
    """Every population of every bundled plugin, and every total any plugin counts, in any period."""
    measures, facts_ = [m for m in lms.totals.measures if isinstance(m, Total)], Facts(lms)
    for period in PERIODS:
        for population in lms.registry.populations.values():
            assert in_sql(lms, population.where, period) == in_memory(facts_, population.where, period), population.key
        figures = lms.figures(period)
        for measure in measures:
            counted = {place: n for place, n in figures.own(measure).items() if n}
            assert counted == dict(own(facts_, measure, period.first, period.last)), measure.text


@QUIET
@given(condition=conditions)
def test_an_expression_written_out_and_read_back_is_the_same(condition: Condition) -> None:
    """The canonical text gives the same text again, alone and inside a measure."""
    assert dump(load(dump(condition))) == dump(condition)
    total = Total(sessions(), among=condition, where=minutes() >= 1)
    assert load(total.text).text == total.text
    assert load(total.text).column == total.column


@given(condition=conditions)
@settings(max_examples=20, derandomize=True)
def test_an_expression_has_no_truth_value(condition: Condition) -> None:
    """``if condition`` and ``not condition`` are mistakes, and said so."""
    with pytest.raises(DeclarationError, match="join conditions with"):
        bool(condition)


def test_mistakes_in_an_expression_are_refused_when_it_is_written() -> None:
    """Chained comparisons, fractions, and words where conditions belong."""
    with pytest.raises(DeclarationError):
        _ = 18 <= age < 60
    with pytest.raises(DeclarationError, match="whole number"):
        _ = age >= 59.5  # type: ignore[operator]  # the mistake
    with pytest.raises(CommLMSError, match="must be conditions"):
        _ = (age >= 60) & "female"  # type: ignore[operator]  # the mistake


@pytest.mark.parametrize(("born", "last", "answer"), [
    ("1962", 20221231, True), ("1962", 20220101, None), ("1962", 20211231, False), ("1962-03-05", 20220305, True),
    ("1962-03-05", 20220304, False), ("1964-02-29", 20240228, False), ("1964-02-29", 20240229, True), (None, 20221231, None),
])
def test_sixty_years_are_full_on_the_birthday_and_a_birth_year_may_leave_it_open(
    born: str | None, last: int, answer: bool | None,
) -> None:
    """Born in 1962, no day known: not yet 60 at the end of 2021, open at the start of 2022, 60 at its end."""
    lms = city()
    learners(lms, A1, "L1", born=born)
    (person,) = Facts(lms).learners.values()
    assert holds(age >= 60, {**person, "last": last}) is answer
    assert holds(~(age >= 60), {**person, "last": last}) is (None if answer is None else not answer)
    assert holds(age < 60, {**person, "last": last}) is (None if answer is None else not answer)
