"""Seniors: the contract, and every figure that only makes sense for them, worked out by hand on the small city."""

import datetime as dt

import pytest

import commlms_seniors
from commlms import LMS, Course, Institution, Participation, Session
from commlms.testing import check_plugin, figure, load_alone, open_lms, small_city

EAST_STREET, FIRST_VILLAGE = "900101001", "900101001001"


@pytest.fixture
def lms() -> LMS:
    """The small city: L1, L2 and L6 are 60 or over at the end of 2022."""
    opened = open_lms(load_alone("seniors", commlms_seniors))
    small_city(opened, [("permanent", "all"), ("permanent", "seniors")])
    return opened


def test_seniors_keeps_the_contract() -> None:
    """What every plugin is held to."""
    check_plugin("seniors")


def test_persons_and_visits_are_two_figures(lms: LMS) -> None:
    """L1 came twice, L2 and L6 once: 3 persons, 4 visits, 90 + 60 + 90 + 120 minutes; 1 of 3 came again."""
    assert figure(lms, "seniors.persons").numerator == 3
    assert figure(lms, "seniors.visits").numerator == 4
    assert figure(lms, "seniors.minutes").numerator == 360
    repeat = figure(lms, "seniors.repeat")
    assert (repeat.numerator, repeat.denominator) == (1, 3)


def test_the_rate_is_proven_and_has_a_ceiling(lms: LMS) -> None:
    """3 of 400 are proven. Unnamed: 5 present less 3 named at S1, 4 besides at S3; so at most 3 + 2 + 4."""
    rate = figure(lms, "seniors.participation")
    assert (rate.numerator, rate.denominator, rate.ceiling) == (3, 400, 9)


def test_villages_reached_are_those_where_a_senior_lives_who_learned(lms: LMS) -> None:
    """L1 and L2 live in one village, L6 in another: 2 of 4."""
    found = figure(lms, "seniors.village_coverage")
    assert (found.numerator, found.denominator) == (2, 4)


def test_someone_is_60_on_the_birthday_and_unknown_is_in_no_group(lms: LMS) -> None:
    """On 31 December 2022 who was born on 31 December 1962 is a senior, who was born a day later is not.

    Of whom only the year 1962 is known is a senior then, but at the end of June it is open.
    """
    born = {"L11": dt.date(1962, 12, 31), "L12": dt.date(1963, 1, 1), "L13": "1962"}
    lms.add([{"code": code, "name": "钱某", "born": day, "home": FIRST_VILLAGE} for code, day in born.items()], "learner")
    lms.add([Participation(learner=code, session="S1") for code in born])
    assert figure(lms, "seniors.persons").numerator == 3 + 2
    assert figure(lms, "seniors.persons", period="2022H1").numerator == 3


def test_digital_reach_counts_seniors_by_the_category_of_session_or_course(lms: LMS) -> None:
    """S2 is about smart phones: L1 of 3. Then the course of S3 is as well: L6 too, with 120 minutes more."""
    lms.set("session", "S2", category="智慧助老")
    reach = figure(lms, "seniors.digital_reach")
    assert (reach.numerator, reach.denominator) == (1, 3)
    assert figure(lms, "seniors.digital_minutes").numerator == 60, "L4, who came to S2 too, is no senior"
    lms.add(Course(code="C1", title="手机课", category="智慧助老"))
    lms.set("session", "S3", course="C1")
    assert figure(lms, "seniors.digital_reach").numerator == 2
    assert figure(lms, "seniors.digital_minutes").numerator == 60 + 120


def test_points_are_townships_with_one_open_on_the_last_day(lms: LMS) -> None:
    """The point in the first village opened in 2018 and makes its street one of two townships."""
    points = figure(lms, "seniors.points")
    assert (points.numerator, points.denominator) == (1, 2)
    assert figure(lms, "seniors.points", EAST_STREET).numerator == 1
    assert figure(lms, "seniors.points", period="2017").numerator == 0
    lms.add(Institution(code="WP", name="西一老年大学", place="900102001201", kind="seniors_point", since=dt.date(2022, 12, 31)))
    assert figure(lms, "seniors.points").numerator == 2
    lms.set("institution", "EASTPOINT", until=dt.date(2022, 12, 31))
    assert figure(lms, "seniors.points").numerator == 1, "a point that closes on the last day is not open on it"


def test_regulars_have_twelve_sessions(lms: LMS) -> None:
    """L1 has two sessions in 2022; nine more make eleven, the tenth makes twelve."""
    lms.add([Session(code=f"R{n}", institution="EAST", on=dt.date(2022, 6, n), theme=f"太极 {n}") for n in range(1, 11)])
    lms.add([Participation(learner="L1", session=f"R{n}") for n in range(1, 10)])
    assert figure(lms, "seniors.regulars").numerator == 0
    lms.check_in("L1", "R10")
    regulars = figure(lms, "seniors.regulars")
    assert (regulars.numerator, regulars.denominator) == (1, 3)


def test_free_words_for_the_old_mean_seniors(lms: LMS) -> None:
    """60岁以上老年居民 is in no vocabulary; the plugin knows it. Then S1's two unnamed visits are seniors' visits."""
    lms.set("session", "S1", audience="60岁以上老年居民")
    assert figure(lms, "seniors.unnamed_visits").numerator == 5 - 3
    lms.set("session", "S3", audience="果农")
    assert figure(lms, "seniors.unnamed_visits").numerator == 2, "the four besides at S3 are not said to be seniors"
