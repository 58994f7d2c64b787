"""Small figures about a group of people, below the county: hidden, and not to be had by subtraction either."""

import datetime as dt
from itertools import product

import pytest

from commlms import LMS, Metric, Total
from commlms.report.data import as_data
from commlms.report.gather import gather
from commlms.report.protect import hide
from commlms.store.geography import Geography, PlaceTree, place_tree

from .conftest import place

GROUP = Metric("t.group", "人群", "group", Total(), population="group")
EVERYONE = Metric("t.all", "全部", "all", Total())


def tree_of(lms: LMS, *rows: dict[str, object]) -> tuple[PlaceTree, dict[str, int]]:
    lms.add(list(rows), "place")
    tree = place_tree(Geography(lms.database), 20221231)
    return tree, {node.code: p for p, node in tree.nodes.items()}


@pytest.fixture
def empty() -> LMS:
    return LMS(today=dt.date(2023, 6, 1))


def two_levels(lms: LMS) -> tuple[PlaceTree, dict[str, int]]:
    """A county with three townships, the second with two villages."""
    return tree_of(
        lms, place("51", "县", "county"), place("51-1", "甲", "township", "51"), place("51-2", "乙", "township", "51"),
        place("51-3", "丙", "township", "51"), place("51-2-1", "子", "village", "51-2"), place("51-2-2", "丑", "village", "51-2"),
    )


def test_one_small_township_takes_the_next_smallest_with_it(empty: LMS) -> None:
    """23 - 8 - 12 would give the hidden 3; so 8 is hidden too, and 12 stays."""
    tree, ids = two_levels(empty)
    values = {ids["51"]: 23, ids["51-1"]: 3, ids["51-2"]: 8, ids["51-3"]: 12, ids["51-2-1"]: 8}
    hidden = {tree.nodes[p].code: why for p, why in hide(tree, values, GROUP).items()}
    assert hidden == {"51-1": "small", "51-2": "linked", "51-2-1": "linked"}


def test_two_small_townships_protect_each_other(empty: LMS) -> None:
    tree, ids = two_levels(empty)
    values = {ids["51"]: 17, ids["51-1"]: 3, ids["51-2"]: 2, ids["51-3"]: 12, ids["51-2-1"]: 2}
    assert {tree.nodes[p].code for p in hide(tree, values, GROUP)} == {"51-1", "51-2", "51-2-1"}


def test_where_nothing_else_is_there_a_zero_hides_the_last_small_one(empty: LMS) -> None:
    """The county's 3 all live in one township: another township's zero is hidden so that it is not known which."""
    tree, ids = two_levels(empty)
    hidden = hide(tree, {ids["51"]: 3, ids["51-1"]: 3}, GROUP)
    assert {tree.nodes[p].code for p in hidden if tree.nodes[p].level == "township"} == {"51-1", "51-2"}


def test_the_county_itself_and_figures_about_everybody_are_shown(empty: LMS) -> None:
    tree, ids = two_levels(empty)
    values = {ids["51"]: 3, ids["51-1"]: 3}
    assert ids["51"] not in hide(tree, values, GROUP)
    assert hide(tree, values, EVERYONE) == {}


def test_no_hidden_figure_can_be_worked_out_from_its_parent(empty: LMS) -> None:
    """Whatever the three townships' figures are: a shown county has no hidden child, or two; a hidden township has one."""
    tree, ids = two_levels(empty)
    for one, two, three in product((0, 1, 4, 7), repeat=3):
        values = {ids["51"]: one + two + three, ids["51-1"]: one, ids["51-2"]: two, ids["51-3"]: three, ids["51-2-2"]: two}
        hidden = hide(tree, values, GROUP)
        assert {p for p in values if 0 < values[p] < 5 and p != ids["51"]} <= hidden.keys()
        assert sum(ids[code] in hidden for code in ("51-1", "51-2", "51-3")) != 1, (one, two, three)
        if ids["51-2"] in hidden:
            assert ids["51-2-1"] in hidden or ids["51-2-2"] in hidden, (one, two, three)


def test_every_metric_made_of_one_measure_hides_the_same_places(lms: LMS) -> None:
    """Seniors' persons, the numerator of their participation and the denominator of their repeat rate are one measure."""
    content = gather(lms, "2022", None, None)
    rows = {row.code: row for row in content.walk()}
    for code, kept in (("510401001", None), ("510401002", None), ("510401003", 12), ("510401", 23)):
        cells = {c.metric: c for c in rows[code].cells}
        parts = (
            cells["seniors.persons"].numerator, cells["seniors.participation"].numerator, cells["seniors.repeat"].denominator,
        )
        assert [part.value for part in parts if part is not None] == [kept] * 3


def test_json_gives_a_hidden_figure_as_null_and_says_so(lms: LMS) -> None:
    """The ceiling would give it away (3 + 75 unnamed), so it goes too."""
    city = as_data(gather(lms, "2022", "5104", None))["places"][0]
    county = next(c for c in city["children"] if c["code"] == "510401")
    first = county["children"][0]["figures"]
    assert first["seniors.persons"] == {"numerator": None, "suppressed": True, "suppressed_parts": ["numerator"]}
    assert first["seniors.participation"]["numerator"] is None
    assert first["seniors.participation"]["ceiling"] is None
    assert first["core.persons"] == {"numerator": 3}
    assert county["figures"]["seniors.persons"] == {"numerator": 23}
