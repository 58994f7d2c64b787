"""Youth: the contract, the 430 school's days and window, and the population by its own register."""

import datetime as dt

import pytest

import commlms_youth
from commlms import LMS, Learner, Participation, RowsRefused, Session
from commlms.testing import check_plugin, figure, load_alone, open_lms, small_city
from commlms_youth.declarations import PROGRAM, Enrolment

MONDAY, TUESDAY, SATURDAY = dt.date(2022, 3, 7), dt.date(2022, 3, 8), dt.date(2022, 3, 12)
FIRST_VILLAGE, STREET = "900101001001", "900101001"


@pytest.fixture
def lms() -> LMS:
    """The small city: L3, born in 2014, is its one minor."""
    opened = open_lms(load_alone("youth", commlms_youth))
    small_city(opened)
    return opened


def school(code: str, on: dt.date = MONDAY, start: str | None = "16:30", at: str = "EASTPOINT") -> Session:
    """A session of the 430 school."""
    return Session(code=code, institution=at, on=on, start=start, theme=f"作业辅导 {code}", program=PROGRAM)


def test_youth_keeps_the_contract() -> None:
    """What every plugin is held to."""
    check_plugin("youth")


def test_days_are_counted_once_for_each_institution(lms: LMS) -> None:
    """Two sessions of one Monday and one of Tuesday in the village are 2 days; Monday in the street is a third."""
    lms.add([school("A"), school("B", start="17:30"), school("C", TUESDAY), school("D", at="EAST")])
    assert figure(lms, "youth.school430_days", FIRST_VILLAGE).numerator == 2
    assert figure(lms, "youth.school430_days", STREET).numerator == 3
    assert figure(lms, "youth.school430_days", period="2022Q2").numerator == 0
    villages = figure(lms, "youth.school430_villages")
    assert (villages.numerator, villages.denominator) == (1, 4), "the street's own school is in no village"


def test_reach_is_of_the_minors_who_learned(lms: LMS) -> None:
    """L3 came to the 430 school, L9 only to a lecture: 1 of 2. An adult who came is in neither."""
    lms.add(Learner(code="L9", name="吴小雨", born=dt.date(2012, 2, 29), home=FIRST_VILLAGE))
    lms.add(school("A"))
    lms.add([Participation(learner="L3", session="A"), Participation(learner="L9", session="S1"), Participation(learner="L4", session="A")])
    reach = figure(lms, "youth.school430_reach")
    assert (reach.numerator, reach.denominator) == (1, 2)
    assert figure(lms, "youth.visits").numerator == 3, "L3 at S1 and A, L9 at S1"


@pytest.mark.parametrize(
    ("on", "start", "field"), [(SATURDAY, "16:30", "on"), (MONDAY, "16:29", "start"), (MONDAY, "08:00", "start")],
)
def test_the_school_is_refused_at_a_weekend_and_before_half_past_four(lms: LMS, on: dt.date, start: str, field: str) -> None:
    """每周一至周五下午4:30以后: the row is objected to at its field, and nothing is written."""
    before = len(list(lms.rows("session")))
    with pytest.raises(RowsRefused) as refused:
        lms.add(school("A", on, start))
    assert [getattr(p, "field", "") for p in refused.value.problems] == [field]
    assert len(list(lms.rows("session"))) == before


def test_the_window_holds_for_this_program_only(lms: LMS) -> None:
    """At 16:30 sharp, and with no time given, the school is accepted; other sessions may be on a Saturday morning."""
    lms.add([school("A"), school("B", TUESDAY, None)])
    lms.add(Session(code="C", institution="EAST", on=SATURDAY, start="09:00", theme="亲子阅读"))
    assert figure(lms, "youth.school430_days").numerator == 2


def test_a_correction_cannot_move_the_school_out_of_its_window(lms: LMS) -> None:
    """Setting another day or program asks the plugin about the whole row as it would be."""
    lms.add(school("A"))
    with pytest.raises(RowsRefused):
        lms.set("session", "A", on=SATURDAY)
    with pytest.raises(RowsRefused):
        lms.set("session", "S1", program=PROGRAM)
    assert figure(lms, "youth.school430_days").numerator == 1


def test_the_population_follows_its_own_register_by_date(lms: LMS) -> None:
    """L3 was enrolled from February to June 2022: one child of the school at the end of March, none at the year's end.

    L4, an adult, is in no 430 school whatever the register says.
    """
    lms.add([
        Enrolment(learner="L3", institution="EASTPOINT", since=dt.date(2022, 2, 1), until=dt.date(2022, 6, 30)),
        Enrolment(learner="L4", institution="EASTPOINT", since=dt.date(2022, 2, 1)),
    ])
    assert figure(lms, "youth.after_school_persons", period="2022Q1").numerator == 1
    assert figure(lms, "youth.after_school_persons").numerator == 0
    lms.add(Enrolment(learner="L3", institution="EASTPOINT", since=dt.date(2022, 9, 1)))
    assert figure(lms, "youth.after_school_persons").numerator == 1
    assert figure(lms, "youth.after_school_minutes").numerator == 90
    assert lms.recount(check=True) == []
