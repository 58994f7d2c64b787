"""A register's figure down to its rows: each row counted, or left out with its reason."""

from __future__ import annotations

from commlms import LMS
from tests.measure.city import A1, A2, STREET, city, learners, session


def reasons(lms: LMS, metric: str, place: str, period: str = "2022") -> list[tuple[str, str, int, str]]:
    """Place, day, what it adds and why not, of the numerator's rows."""
    rows = [r for r in lms.explain(metric, place=place, period=period).rows() if r.part == "numerator"]
    return sorted((r.place, r.detail, r.adds, r.left_out.en if r.left_out else "") for r in rows)


def test_days_of_a_school_are_explained_session_by_session() -> None:
    """Two meetings on one day are one day; one without the program, and a day of another year, add nothing; 2 days in all."""
    lms = city()
    session(lms, "S1", A1, "2022-03-07", program="430学堂")
    session(lms, "S2", A1, "2022-03-07", program="430学堂")
    session(lms, "S3", A2, "2022-03-08", program="430学堂")
    session(lms, "S4", A2, "2022-03-09", program="夜校")
    session(lms, "S5", A2, "2022-03-10")
    session(lms, "S6", A2, "2021-03-08", program="430学堂")
    assert lms.explain("youth.school430_days", place=STREET, period="2022").figure.numerator == 2
    assert reasons(lms, "youth.school430_days", STREET) == [
        (A1, "2022-03-07", 0, "the same as a row before, counted once"), (A1, "2022-03-07", 1, ""),
        (A2, "2022-03-08", 1, ""), (A2, "2022-03-09", 0, "does not fit the condition"),
        (A2, "2022-03-10", 0, "what the condition asks is not known"),
    ]
    names = {r.row for r in lms.explain("youth.school430_days", place=STREET, period="2022").rows()}
    assert {lms.tables.find(lms.record("session"), name) for name in names} == {(n,) for n in range(1, 6)}


def test_rows_about_people_stand_under_a_number_and_those_out_of_force_are_named() -> None:
    """One child enrolled, one that left before the year's end."""
    lms = city()
    learners(lms, A1, "L1", "L2", born="2014-05-01")
    for who, until in (("L1", None), ("L2", "2022-06-30")):
        lms.add({"learner__code": who, "institution": f"I-{A1}", "since": "2021-09-01", "until": until}, "youth.enrolment")
    assert reasons(lms, "youth.enrolled", A1) == [(A1, "2021-09-01", 0, "not in force at the period's end"), (A1, "2021-09-01", 1, "")]
    assert {r.row for r in lms.explain("youth.enrolled", place=A1, period="2022").rows()} == {"P000001", "P000002"}
