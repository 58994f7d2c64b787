"""The statements mean the same however many periods, learners or sessions one of them is asked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlms import LMS, Period, sessions
from commlms.core.metrics import Hosted, Measure, Total
from commlms.measure.compile import totals_sql
from commlms.measure.hosted import by_visits, hosted_sql, visits_sql
from commlms.measure.totals import split
from tests.measure.city import headcount
from tests.properties.test_expressions import DAYS, QUIET, populated

PERIODS = tuple(Period.parse(p) for p in ("2021", "2022H1", "2022H2", "2023"))
FURTHER = (Hosted("named"), Hosted("minutes"), Hosted("unnamed", audience=("seniors",)))
counts = st.tuples(
    st.integers(0, len(DAYS) - 1), st.sampled_from(["present", "besides"]), st.sampled_from([None, "seniors", "minors"]), st.integers(0, 5),
)
chosen = st.lists(st.integers(1, 5), unique=True)


def counted(lms: LMS, sql: str, measures: Sequence[Measure], periods: Sequence[Period]) -> Counter[tuple[int, str, str]]:
    """What a statement counts, by place, period and column, without zeros."""
    found: Counter[tuple[int, str, str]] = Counter()
    for place, key, *values in lms.database.execute(sql):
        for measure, value in zip(measures, values, strict=True):
            found[place, periods[key].key, measure.column] += value
    return Counter({cell: n for cell, n in found.items() if n})


def measures_of(lms: LMS) -> tuple[list[Total], list[Hosted]]:
    """Every measure that is kept, and hosted ones that no bundled plugin asks."""
    totals, hosted = split(lms.totals.measures)
    return totals, [*hosted, *FURTHER]


@QUIET
@given(lms=populated(), heads=st.lists(counts, max_size=8, unique_by=lambda c: c[:3]))
def test_several_periods_in_one_statement_are_each_of_them_alone(lms: LMS, heads: list[tuple[int, str, str | None, int]]) -> None:
    """Years, halves and a year without any session, in any number; also where nothing follows on from another."""
    for number, what, audience, persons in heads:
        headcount(lms, f"S{number}", what, persons, audience)
    totals, hosted = measures_of(lms)
    for periods in (PERIODS, PERIODS[::2], PERIODS[1:3]):
        for measures, made in ((totals, totals_sql), (hosted, hosted_sql)):
            together = counted(lms, made(measures, periods), measures, periods)  # type: ignore[operator]  # each with its own
            alone = [counted(lms, made(measures, [p]), measures, [p]) for p in periods]  # type: ignore[operator]  # the same
            assert together == sum(alone, Counter())


@QUIET
@given(lms=populated(), heads=st.lists(counts, max_size=8, unique_by=lambda c: c[:3]), some=chosen)
def test_the_touched_and_the_others_add_up_to_all(lms: LMS, heads: list[tuple[int, str, str | None, int]], some: list[int]) -> None:
    """A statement about some learners or sessions and one about the rest give what one about all gives."""
    for number, what, audience, persons in heads:
        headcount(lms, f"S{number}", what, persons, audience)
    totals, hosted = measures_of(lms)
    inside = ", ".join(map(str, some)) or "0"
    for periods in (PERIODS, PERIODS[:1]):
        for measures, made, table in ((totals, totals_sql, "learner"), (hosted, hosted_sql, "session")):
            whole = counted(lms, made(measures, periods), measures, periods)  # type: ignore[operator]  # each with its own
            parts = [
                counted(lms, made(measures, periods, f"SELECT id FROM {table} WHERE id {test} ({inside})"), measures, periods)  # type: ignore[operator]
                for test in ("IN", "NOT IN")
            ]
            assert whole == sum(parts, Counter())


@QUIET
@given(lms=populated(), some=chosen)
def test_a_condition_on_participations_leaves_out_just_these(lms: LMS, some: list[int]) -> None:
    """What is left out by the condition is what deleting the rows leaves out."""
    inside = ", ".join(map(str, some)) or "0"
    totals, hosted = measures_of(lms)
    without = f'p."session" NOT IN ({inside})'
    before = [
        counted(lms, totals_sql(totals, PERIODS, "", without), totals, PERIODS),
        counted(lms, hosted_sql(hosted, PERIODS, "", without), hosted, PERIODS),
    ]
    lms.database.execute(f"DELETE FROM participation WHERE session IN ({inside})")
    assert before == [
        counted(lms, totals_sql(totals, PERIODS), totals, PERIODS), counted(lms, hosted_sql(hosted, PERIODS), hosted, PERIODS),
    ]


def test_a_statement_asks_for_courses_and_registers_only_where_a_measure_does() -> None:
    """The number of persons needs neither; a category needs the course."""
    from commlms import category

    assert '"course"' not in totals_sql([Total()], PERIODS)
    assert '"course"' in totals_sql([Total(where=sessions(category.is_("声乐")) >= 1)], PERIODS)
    assert '"headcount"' not in hosted_sql([Hosted("sessions"), Hosted("named")], PERIODS)


@QUIET
@given(lms=populated(), heads=st.lists(counts, max_size=8, unique_by=lambda c: c[:3]), gone=chosen, erased=chosen)
def test_what_visits_change_is_what_both_full_counts_differ_by(
    lms: LMS, heads: list[tuple[int, str, str | None, int]], gone: list[int], erased: list[int]
) -> None:
    """Visits that go, some of them of people erased meanwhile: the gain of each sum is its count afterwards less the one before."""
    for number, what, audience, persons in heads:
        headcount(lms, f"S{number}", what, persons, audience)
    hosted = by_visits(measures_of(lms)[1])
    named = 'SELECT COUNT(*) + COALESCE((SELECT v.persons FROM erased_visit v WHERE v.session = s.id), 0)'
    named = f"({named} FROM participation p WHERE p.session = s.id)"
    before = counted(lms, hosted_sql(hosted, PERIODS), hosted, PERIODS)
    lms.database.execute(f"CREATE TEMP TABLE n AS SELECT s.id, {named} AS before, 0 AS after FROM session s")
    lms.database.execute(f"DELETE FROM participation WHERE session IN ({', '.join(map(str, gone)) or '0'})")
    lms.database.many("INSERT INTO erased_visit (session, persons) VALUES (?, 1)", ((s,) for s in erased if s in gone))
    lms.database.execute(f"UPDATE n AS t SET after = (SELECT {named} FROM session s WHERE s.id = t.id)")
    gained = counted(lms, visits_sql(hosted, PERIODS, "temp.n"), hosted, PERIODS)
    after = counted(lms, hosted_sql(hosted, PERIODS), hosted, PERIODS)
    lms.database.execute("DROP TABLE temp.n")
    before.update(gained)
    assert {cell: n for cell, n in before.items() if n} == after


def test_a_write_of_visits_alone_names_no_further_session() -> None:
    """Their old share was not taken off, so it is refused instead of counted twice."""
    with LMS() as lms, lms.database.transaction(), lms.totals.changing() as touched:
        touched.visits("SELECT 1, 1 WHERE 0")
        touched.take_off()
        with pytest.raises(RuntimeError):
            touched.sessions("SELECT 1")
