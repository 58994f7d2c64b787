"""Farmers: the contract, practical training, and the population by certificates with grade and term."""

import datetime as dt

import pytest

import commlms_farmers
import commlms_seniors
from commlms import LMS, Standing
from commlms.testing import check_plugin, figure, load_alone, open_lms, small_city
from commlms_farmers.declarations import Certificate


@pytest.fixture
def lms() -> LMS:
    """The small city: L5 holds an advanced certificate, L6 a basic one that ends on 31 December 2022."""
    opened = open_lms(load_alone("farmers", commlms_farmers))
    small_city(opened)
    opened.add([
        Certificate(learner="L5", grade="高级", since=dt.date(2021, 1, 1), number="川农001"),
        Certificate(learner="L6", grade="初级", since=dt.date(2020, 1, 1), until=dt.date(2022, 12, 31)),
    ])
    return opened


def test_farmers_keeps_the_contract() -> None:
    """What every plugin is held to."""
    check_plugin("farmers")


def test_practical_minutes_are_per_new_type_farmer_who_learned(lms: LMS) -> None:
    """At the end of June both certificates are in force: 2 farmers with 120 minutes each. At the year's end only L5's."""
    half = figure(lms, "farmers.practical_minutes", period="2022H1")
    assert (half.numerator, half.denominator) == (240, 2)
    year = figure(lms, "farmers.practical_minutes")
    assert (year.numerator, year.denominator) == (120, 1)


def test_a_standing_makes_a_new_type_farmer_as_well(lms: LMS) -> None:
    """L4 has the standing from May 2022 and came to a class, not to practice: the minutes stay, the farmers are two."""
    lms.add(Standing(learner="L4", group="新型职业农民", since=dt.date(2022, 5, 1)))
    found = figure(lms, "farmers.practical_minutes")
    assert (found.numerator, found.denominator) == (120, 2)


def test_skills_reach_asks_the_curriculum(lms: LMS) -> None:
    """Before S3 has a category nobody is known to have learned practical skills; then L5 has, 1 of 1."""
    assert figure(lms, "farmers.skills_reach").numerator == 0
    lms.set("session", "S3", category="种养殖等农业技术")
    found = figure(lms, "farmers.skills_reach")
    assert (found.numerator, found.denominator) == (1, 1)


def test_certified_means_the_grade_and_the_last_day(lms: LMS) -> None:
    """Only L5's grade is advanced. A second certificate of L6, advanced from 31 December 2022, counts on that very day."""
    assert figure(lms, "farmers.certified").numerator == 1
    lms.add(Certificate(learner="L6", grade="高级", since=dt.date(2022, 12, 31)))
    assert figure(lms, "farmers.certified").numerator == 2
    assert figure(lms, "farmers.certified", period="2022H1").numerator == 1


def test_removing_a_certificate_takes_its_farmer_out_of_the_totals(lms: LMS) -> None:
    """The kept total follows the register, and undo brings it back."""
    [reference] = [r.reference for r in lms.rows("farmers.certificate") if r.cells["learner"] == "L5"]
    removed = lms.remove("farmers.certificate", reference)
    assert figure(lms, "farmers.certified").numerator == 0
    lms.undo(removed)
    assert figure(lms, "farmers.certified").numerator == 1
    assert lms.recount(check=True) == []


def test_rural_residents_are_known_by_their_home(lms: LMS) -> None:
    """In 2022 L5 and L6 of the rural villages learned, both in practice; L8, whose home is unknown, is in no figure."""
    assert figure(lms, "farmers.rural_persons").numerator == 2
    practice = figure(lms, "farmers.rural_practice")
    assert (practice.numerator, practice.denominator) == (2, 2)


@pytest.mark.requirement("R132")
def test_left_behind_people_count_here_and_by_age_once_in_each_total() -> None:
    """L6, 74 and left behind, is one person among the left-behind elderly, one among seniors, one among all."""
    host = load_alone("farmers", commlms_farmers)
    host = type(host)(without=[p.name for p in host.found], modules={"farmers": commlms_farmers, "seniors": commlms_seniors})
    lms = open_lms(host)
    small_city(lms)
    lms.add([Standing(learner=who, group="留守人员", since=dt.date(2022, 1, 1)) for who in ("L3", "L4", "L6")])
    village = "900102001201"
    assert figure(lms, "farmers.left_behind_elderly_persons", village).numerator == 1
    assert figure(lms, "seniors.persons", village).numerator == 1
    assert figure(lms, "core.persons", village).numerator == 2, "L5 and L6"
    by_group = {n: figure(lms, f"farmers.left_behind_{n}_persons").numerator for n in ("elderly", "women", "children")}
    assert by_group == {"elderly": 1, "women": 1, "children": 1}, "L6 is a woman, but of 74"
    words = {c.label.zh for c in lms.registry.curricula["farmers"].categories if c.population == "left_behind"}
    assert {"家政培训", "家庭教育"} <= words
