"""Denominators and ceilings: whose residents, of which date and basis, and how far unnamed visits can lift a rate."""

from __future__ import annotations

import pytest

from commlms import LMS
from tests.measure.city import (
    A1,
    A2,
    B1,
    B2,
    CITY,
    COUNTY,
    STREET,
    TOWN,
    ZONE,
    attend,
    city,
    headcount,
    learners,
    numbers,
    residents,
    session,
)

RATE = "core.participation"


def denominator(lms: LMS, place: str, period: str = "2022", metric: str = RATE) -> int | None:
    """The residents under a rate."""
    return numbers(lms, metric, period, place)[1]


def test_a_places_own_figure_goes_before_the_sum_of_its_children() -> None:
    """The township says 1,000 although its villages add up to 900."""
    lms = city()
    for place, persons in ((STREET, 1000), (A1, 500), (A2, 400)):
        residents(lms, place, persons)
    assert denominator(lms, STREET) == 1000


def test_residents_of_a_plugins_group_that_are_missing_are_called_as_the_plugin_calls_them() -> None:
    """In Chinese the children are 未成年人, not the word that is stored."""
    lms = city()
    residents(lms, STREET, 1000)
    missing = lms.figures("2022").figure(lms.metric("youth.participation"), lms.place(STREET)).missing
    assert missing is not None
    assert (missing.zh, missing.en) == ("居民数（常住，未成年人）", "residents (permanent, minors)")


def test_without_its_own_figure_a_place_has_the_sum_of_all_its_children_or_nothing() -> None:
    """500 + 400 for the street; the town with one village of two has no data, and so has the county."""
    lms = city()
    for place, persons in ((A1, 500), (A2, 400), (B1, 300), (ZONE, 50)):
        residents(lms, place, persons)
    assert denominator(lms, STREET) == 900
    assert denominator(lms, TOWN) is None
    assert denominator(lms, COUNTY) is None
    figures = lms.figures("2022")
    missing = figures.figure(lms.metric(RATE), lms.place(COUNTY)).missing
    assert missing is not None
    assert (missing.zh, missing.en) == ("居民数（常住，全部）", "residents (permanent, all)")
    residents(lms, B2, 200)
    assert denominator(lms, COUNTY) == 900 + 500 + 50
    found = lms.figures("2022").figure(lms.metric(RATE), lms.place(COUNTY)).residents
    assert found is not None
    assert (found.summed, found.estimated, found.natures) == (True, False, ("census",))


def test_an_estimate_among_the_children_marks_the_sum() -> None:
    """One estimated village makes the street's sum an estimate."""
    lms = city()
    residents(lms, A1, 500)
    residents(lms, A2, 400, nature="estimate")
    found = lms.figures("2022").figure(lms.metric(RATE), lms.place(STREET)).residents
    assert found is not None
    assert found.estimated


def test_the_latest_figure_not_after_the_period_counts() -> None:
    """2020: the census; 2021: the register of that year; the figure of January 2023 is never used for 2022."""
    lms = city()
    residents(lms, A1, 500, "2020-11-01")
    residents(lms, A1, 510, "2021-12-31", nature="register")
    residents(lms, A1, 999, "2023-01-01", nature="register")
    assert [denominator(lms, A1, y) for y in ("2019", "2020", "2021", "2022", "2021H1")] == [None, 500, 510, 510, 500]


def test_another_basis_is_never_used_instead() -> None:
    """Registered residents are no permanent residents; asked for by name they are used."""
    lms = city()
    residents(lms, A1, 700, basis="registered", nature="register")
    assert denominator(lms, A1) is None
    figures = lms.figures("2022")
    assert figures.figure(lms.metric(RATE), lms.place(A1), "registered").denominator == 700


def test_no_age_band_is_made_from_another() -> None:
    """Children of 0 to 14 are not minors: the minors' rate has no data until minors are given."""
    lms = city()
    residents(lms, A1, 80, group="0-14岁")
    assert denominator(lms, A1, metric="youth.participation") is None
    residents(lms, A1, 95, group="minors")
    assert denominator(lms, A1, metric="youth.participation") == 95


@pytest.mark.parametrize(
    ("present", "besides", "unnamed"),
    [(None, None, 0), (10, None, 8), (2, None, 0), (1, None, 0), (None, 7, 7), (10, 7, 15), (0, 3, 3)],
)
def test_unnamed_visits_are_those_present_less_those_named_or_those_besides(present: int | None, besides: int | None, unnamed: int) -> None:
    """Two people signed in: 10 present leave 8; fewer present than named leave none; those besides are added."""
    lms = city()
    learners(lms, A1, "L1", "L2")
    session(lms, "S1", A1, "2022-03-05")
    attend(lms, "S1", "L1", "L2")
    for counts, persons in (("present", present), ("besides", besides)):
        if persons is not None:
            headcount(lms, "S1", counts, persons)
    assert numbers(lms, "core.unnamed_visits", "2022", A1)[0] == unnamed


def test_several_headcounts_of_one_session_are_added_before_the_named_are_taken_off() -> None:
    """12 seniors and 5 minors present, 2 named: 15 unnamed; of seniors 10; a session without names counts all of its 30."""
    lms = city()
    learners(lms, A1, "L1", "L2")
    session(lms, "S1", A1, "2022-03-05")
    session(lms, "S2", A2, "2022-03-06", audience="seniors")
    attend(lms, "S1", "L1", "L2")
    headcount(lms, "S1", "present", 12, "seniors")
    headcount(lms, "S1", "present", 5, "minors")
    headcount(lms, "S2", "present", "约30")
    assert numbers(lms, "core.unnamed_visits", "2022", A1)[0] == 15
    assert numbers(lms, "seniors.unnamed_visits", "2022", A1)[0] == 10
    assert numbers(lms, "core.unnamed_visits", "2022", STREET)[0] == 45
    assert numbers(lms, "seniors.unnamed_visits", "2022", STREET)[0] == 40


def test_headcounts_of_groups_are_parts_of_one_without_a_group() -> None:
    """50 present, of whom 30 seniors and 25 migrants (some are both), 4 named: 46 unnamed, 26 of them seniors; besides is its own sum."""
    lms = city()
    learners(lms, A1, "L1", "L2", "L3", "L4")
    session(lms, "S1", A1, "2022-03-05", audience="seniors")
    attend(lms, "S1", "L1", "L2", "L3", "L4")
    for persons, group in ((50, None), (30, "seniors"), (25, "migrants")):
        headcount(lms, "S1", "present", persons, group)
    assert numbers(lms, "core.unnamed_visits", "2022", A1)[0] == 46
    assert numbers(lms, "seniors.unnamed_visits", "2022", A1)[0] == 26
    headcount(lms, "S1", "besides", 9)
    headcount(lms, "S1", "besides", 2, "minors")
    assert numbers(lms, "core.unnamed_visits", "2022", A1)[0] == 55
    assert numbers(lms, "seniors.unnamed_visits", "2022", A1)[0] == 35
    assert numbers(lms, "youth.unnamed_visits", "2022", A1)[0] == 2
    assert lms.recount(check=True) == []


def test_a_part_of_a_group_does_not_make_the_group_smaller() -> None:
    """A session for minors with 30 present, of whom 5 pupils: 30 minors; when it is said that 28 were minors, 33 of both words."""
    lms = city()
    session(lms, "S1", A1, "2022-03-05", audience="minors")
    headcount(lms, "S1", "present", 30)
    headcount(lms, "S1", "present", 5, "primary_pupils")
    assert numbers(lms, "youth.unnamed_visits", "2022", A1)[0] == 30
    headcount(lms, "S1", "present", 28, "minors")
    assert numbers(lms, "youth.unnamed_visits", "2022", A1)[0] == 33
    assert numbers(lms, "core.unnamed_visits", "2022", A1)[0] == 30
    assert lms.recount(check=True) == []


@pytest.mark.parametrize(("people", "ceiling"), [(100, 10), (9, 9), (2, 2), (1, 2)])
def test_a_ceiling_is_named_and_unnamed_but_never_more_than_the_residents(people: int, ceiling: int) -> None:
    """2 named and 8 unnamed: 10 of 100, 9 of 9; and never less than what is proven."""
    lms = city()
    learners(lms, A1, "L1", "L2")
    session(lms, "S1", A1, "2022-03-05")
    attend(lms, "S1", "L1", "L2")
    headcount(lms, "S1", "present", 10)
    residents(lms, A1, people)
    assert numbers(lms, RATE, "2022", A1) == (2, people, ceiling)


def test_a_self_study_session_is_not_organised() -> None:
    """Organised participation counts the class, not the self-study, on both sides of the ceiling."""
    lms = city()
    learners(lms, A1, "L1", "L2")
    session(lms, "S1", A1, "2022-03-05", mode="self_study")
    session(lms, "S2", A1, "2022-03-06", mode="online")
    attend(lms, "S1", "L1")
    attend(lms, "S2", "L2")
    headcount(lms, "S1", "besides", 50)
    headcount(lms, "S2", "besides", 3)
    residents(lms, A1, 100)
    assert numbers(lms, "core.organised_participation", "2022", A1) == (1, 100, 4)
    assert numbers(lms, RATE, "2022", A1) == (2, 100, 55)


def test_visits_and_persons_are_two_figures() -> None:
    """One person at three sessions is one person and three visits."""
    lms = city()
    learners(lms, A1, "L1")
    for number in (1, 2, 3):
        session(lms, f"S{number}", B1, f"2022-03-0{number}", minutes=45)
        attend(lms, f"S{number}", "L1")
    assert [numbers(lms, f"core.{k}", "2022", CITY)[0] for k in ("persons", "visits", "minutes", "sessions")] == [1, 3, 135, 3]
    assert numbers(lms, "core.sessions", "2022", A1)[0] == 0
