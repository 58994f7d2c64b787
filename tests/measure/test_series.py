"""A series kept as one line, and those who signed in by a name that nobody can be told by."""

from __future__ import annotations

import pytest

from commlms import LMS
from commlms.core.metrics import Hosted
from tests.measure.city import A1, attend, city, headcount, learners, session

SESSIONS, MINUTES, UNNAMED, SENIORS = Hosted("sessions"), Hosted("minutes"), Hosted("unnamed"), Hosted("unnamed", audience=("seniors",))


def held(lms: LMS, measure: Hosted, *periods: str) -> list[int]:
    """A sum at A1 in several periods."""
    return [lms.figures(p).rolled(measure).get(lms.place(A1), 0) for p in periods]


def test_a_series_counts_its_meetings_in_the_periods_that_hold_all_of_it() -> None:
    """24 meetings from January to November are in the year and in the two years around it, in no quarter; one lecture is in its own."""
    with city() as lms:
        session(lms, "S1", A1, "2022-11-30", meetings=24, began="2022-01-10", minutes=45)
        session(lms, "S2", A1, "2022-10-05", minutes=60)
        assert held(lms, SESSIONS, "2022", "2021..2022", "2022Q4", "2022H2", "2021") == [25, 25, 1, 1, 0]
        assert held(lms, MINUTES, "2022", "2022Q4") == [105, 60]
        assert lms.recount(check=True) == []


def test_a_series_over_new_year_is_in_no_year_but_in_a_window_that_holds_both() -> None:
    """With its visits and its learners; and the day it began is the first that a period must hold."""
    with city() as lms:
        session(lms, "S1", A1, "2022-02-01", meetings=3, began="2021-12-01")
        learners(lms, A1, "L1")
        attend(lms, "S1", "L1")
        headcount(lms, "S1", "present", 4)
        assert held(lms, SESSIONS, "2021", "2022", "2021..2022") == [0, 0, 3]
        assert held(lms, UNNAMED, "2021", "2022", "2021..2022") == [0, 0, 3]
        persons = lms.metric("core.persons").numerator
        assert [sum(lms.figures(p).own(persons).values()) for p in ("2021", "2022", "2021..2022")] == [0, 0, 1]
        lms.set("session", "S1", began="2022-01-01")
        assert held(lms, SESSIONS, "2021", "2022", "2021..2022") == [0, 3, 3]
        assert lms.recount(check=True) == []


def test_an_explanation_lists_a_series_that_began_before_with_the_reason() -> None:
    with city() as lms:
        session(lms, "S1", A1, "2022-11-30", meetings=24, began="2022-01-10")
        rows = list(lms.explain("core.sessions", place=A1, period="2022Q4").rows())
        assert [(r.adds, r.left_out.en if r.left_out else "") for r in rows] == [
            (0, "a series that began before the period: in periods that hold all of it"),
        ]
        assert [r.adds for r in lms.explain("core.sessions", place=A1, period="2022").rows()] == [24]


@pytest.mark.parametrize(("present", "unmatched", "besides", "unnamed"), [
    (None, 3, None, 3), (2, 3, None, 3), (5, 3, None, 3), (9, 3, None, 7), (9, None, None, 7), (9, 3, 4, 11), (None, 3, 4, 7),
])
def test_those_not_known_are_unnamed_at_the_least(present: int | None, unmatched: int | None, besides: int | None, unnamed: int) -> None:
    """Two came by name: max(present - 2, unmatched) + besides; each further name makes it less, down to the unmatched."""
    with city() as lms:
        session(lms, "S1", A1, "2022-03-05", audience="seniors")
        learners(lms, A1, *(f"L{i}" for i in range(6)))
        attend(lms, "S1", "L0", "L1")
        for counts, persons in (("present", present), ("unmatched", unmatched), ("besides", besides)):
            if persons is not None:
                headcount(lms, "S1", counts, persons)
        assert held(lms, UNNAMED, "2022") == held(lms, SENIORS, "2022") == [unnamed]
        for named, who in enumerate(("L2", "L3", "L4", "L5"), start=3):
            lms.check_in(who, "S1")
            assert held(lms, UNNAMED, "2022") == [max((present or 0) - named, unmatched or 0) + (besides or 0)]
        (row,) = lms.explain("core.unnamed_visits", place=A1, period="2022").rows()
        assert row.detail == f"2022-03-05 I-{A1} max({present or 0} - 6, {unmatched or 0}) + {besides or 0}"
        lms.remove("participation", "L0/S1")
        assert held(lms, UNNAMED, "2022") == [max((present or 0) - 5, unmatched or 0) + (besides or 0)]
        assert lms.recount(check=True) == []
