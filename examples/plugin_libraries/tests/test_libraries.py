"""The plugin keeps the contract of commlms, and its figures are those worked out by hand."""

import datetime as dt

import commlms_libraries
import pytest
from commlms_libraries.declarations import Card

from commlms import LMS
from commlms.testing import check_plugin, load_alone, open_lms, small_city


@pytest.fixture
def lms() -> LMS:
    """The small city, where L1, L5 and L6 hold cards, L6's until June 2022, and session S1 reads a classic."""
    opened = open_lms(load_alone("libraries", commlms_libraries))
    small_city(opened)
    opened.add([
        Card(learner="L1", library="EAST", since=dt.date(2020, 1, 1)),
        Card(learner="L5", library="WEST", since=dt.date(2021, 6, 1)),
        Card(learner="L6", library="WEST", since=dt.date(2019, 1, 1), until=dt.date(2022, 6, 30)),
    ])
    opened.set("session", "S1", category="共读名著")
    return opened


def test_it_keeps_the_contract() -> None:
    """What every plugin for commlms is held to."""
    check_plugin("commlms_libraries")


def test_readers_are_those_whose_card_is_in_force_at_the_end_of_the_period(lms: LMS) -> None:
    """In 2022 L1 and L5 learned with a card in force; L1 came to the circle: 1 of 2. At the end of March L6's still ran."""
    [(_, _, year)] = lms.metrics("2022", place="9001", level="city", keys=["libraries.circle_reach"])
    assert (year.numerator, year.denominator) == (1, 2)
    [(_, _, half)] = lms.metrics("2022H1", place="9001", level="city", keys=["libraries.circle_reach"])
    assert (half.numerator, half.denominator) == (1, 2), "the card that ends on 30 June is no longer in force on that day"
    [(_, _, quarter)] = lms.metrics("2022Q1", place="9001", level="city", keys=["libraries.circle_reach"])
    assert (quarter.numerator, quarter.denominator) == (1, 1), "only L1 learned in the first quarter"


def test_cards_are_counted_at_the_place_of_the_library(lms: LMS) -> None:
    """At the end of 2022 one card of the eastern library is in force and one of the western; a year before, three."""
    found = {f.tree.nodes[x.place].code: x.numerator for f, _, x in lms.metrics("2022", place="9001", keys=["libraries.cards"])}
    assert (found["9001"], found["900101"], found["900102"], found["900101001001"]) == (2, 1, 1, 0)
    [(_, _, before)] = lms.metrics("2021", place="9001", level="city", keys=["libraries.cards"])
    assert before.numerator == 3


def test_the_plan_is_met_at_just_its_threshold(lms: LMS) -> None:
    """One reader of two is 50 %, and the plan says no less than 50 %."""
    [(_, judgement)] = lms.judge(["sample-reading-plan"], as_of=dt.date(2022, 12, 31))
    assert (judgement.verdict, judgement.numerator, judgement.denominator) == ("met", 1, 2)


def test_a_headcount_for_readers_is_known_by_the_plugins_words(lms: LMS) -> None:
    """图书馆读者 in an audience column means the population."""
    lms.set("session", "S2", audience="图书馆读者")
    assert [r.cells["audience"] for r in lms.rows("session") if r.reference == "S2"] == ["readers"]
