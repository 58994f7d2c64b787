"""Where a learner counts: at the home in force on the period's last day, on the tree of that day."""

from __future__ import annotations

import pytest

from commlms import LMS, CommLMSError
from tests.measure.city import (
    A1,
    A2,
    B1,
    CITY,
    COUNTY,
    PROVINCE,
    STREET,
    TOWN,
    ZONE,
    attend,
    city,
    content,
    learners,
    numbers,
    residents,
    session,
)


def persons(lms: LMS, year: str, *places: str) -> list[int | None]:
    """The persons of several places in a year."""
    return [numbers(lms, "core.persons", year, p)[0] for p in places]


def test_a_move_of_200_learners_in_2022_leaves_2021_untouched() -> None:
    """All 200 came in both years; in 2022 they move from A1 to B1: 2021 stays to the last number, 2022 counts them at B1."""
    lms = city()
    codes = [f"L{i:03d}" for i in range(200)]
    learners(lms, A1, *codes, born="1950-01-01")
    for year in (2021, 2022):
        session(lms, f"S{year}", A1, f"{year}-03-05", minutes=60)
        attend(lms, f"S{year}", *codes)
    before = [r for r in content(lms)["total"] if r["year"] == 2021]
    lms.add([{"code": c, "name": f"学员{c}", "home": B1, "since": "2022-07-01"} for c in codes], "learner")
    assert [r for r in content(lms)["total"] if r["year"] == 2021] == before
    assert persons(lms, "2021", A1, B1) == [200, 0]
    assert persons(lms, "2022", A1, B1) == [0, 200]
    assert persons(lms, "2022H1", A1, B1) == [200, 0]
    assert lms.recount(check=True) == []


def test_a_move_on_the_last_day_of_the_year_counts_from_that_year_and_one_day_later_does_not() -> None:
    """31 December is in the period; 1 January is not."""
    lms = city()
    learners(lms, A1, "L1", "L2")
    session(lms, "S1", A1, "2021-03-05")
    attend(lms, "S1", "L1", "L2")
    lms.add([{"code": "L1", "name": "学员L1", "home": B1, "since": "2021-12-31"}], "learner")
    lms.add([{"code": "L2", "name": "学员L2", "home": B1, "since": "2022-01-01"}], "learner")
    assert persons(lms, "2021", A1, B1) == [1, 1]


def test_a_home_known_only_to_the_township_stands_there_as_not_placed() -> None:
    """The township is its own people plus its villages': 1 + 2."""
    lms = city()
    learners(lms, STREET, "L1")
    learners(lms, A1, "L2")
    learners(lms, A2, "L3")
    session(lms, "S1", A1, "2022-03-05")
    attend(lms, "S1", "L1", "L2", "L3")
    figures, total = lms.figures("2022"), lms.metric("core.persons").numerator
    assert figures.own(total) == {lms.place(STREET): 1, lms.place(A1): 1, lms.place(A2): 1}
    assert persons(lms, "2022", STREET, A1, A2, COUNTY, CITY) == [3, 1, 1, 3, 3]


def test_a_person_of_unknown_home_is_in_no_rate_and_is_named_beside_it() -> None:
    """Neither the place of the session nor any above counts the person; the host's named visits do."""
    lms = city()
    learners(lms, None, "L1")
    learners(lms, A1, "L2")
    session(lms, "S1", A1, "2022-03-05")
    attend(lms, "S1", "L1", "L2")
    residents(lms, PROVINCE, 100)
    assert numbers(lms, "core.participation", "2022", PROVINCE) == (1, 100, 1)
    assert lms.figures("2022").unknown_home == 1


def test_a_dissolved_place_keeps_its_people_below_its_last_parent() -> None:
    """A village that ended in 2021 still holds its 2022 learner, counted in its township."""
    lms = city()
    learners(lms, A2, "L1")
    session(lms, "S1", A1, "2022-03-05")
    attend(lms, "S1", "L1")
    lms.add([{"code": A2, "name": "桥西社区", "level": "village", "until": "2021-06-30"}], "place")
    figures = lms.figures("2022")
    rolled = figures.rolled(lms.metric("core.persons").numerator)
    assert lms.place(A2, 20210101) not in figures.tree.nodes
    assert (rolled[lms.place(STREET)], rolled[lms.place(PROVINCE)]) == (1, 1)


def test_a_village_that_changes_its_township_counts_where_it_was_in_each_year() -> None:
    """From 2022 on the village lies in the town: the street keeps 2021, the town has 2022."""
    lms = city()
    learners(lms, A1, "L1")
    for year in (2021, 2022):
        session(lms, f"S{year}", A1, f"{year}-03-05")
        attend(lms, f"S{year}", "L1")
    lms.add([{"code": A1, "name": "桥东社区", "level": "village", "parent": TOWN, "since": "2022-01-01"}], "place")
    assert persons(lms, "2021", STREET, TOWN, COUNTY) == [1, 0, 1]
    assert persons(lms, "2022", STREET, TOWN, COUNTY) == [0, 1, 1]


def test_a_zone_counts_under_the_city_on_the_reporting_tree_and_under_the_county_on_the_other() -> None:
    """One learner of the zone: in the county on the administrative tree; on the reporting tree only in the city."""
    lms = city()
    learners(lms, ZONE, "L1")
    session(lms, "S1", ZONE, "2022-03-05")
    attend(lms, "S1", "L1")
    total, county, top = lms.metric("core.persons").numerator, lms.place(COUNTY), lms.place(CITY)
    admin, reporting = lms.figures("2022", "admin").rolled(total), lms.figures("2022", "reporting").rolled(total)
    assert (admin[county], admin[top]) == (1, 1)
    assert (reporting[county], reporting[top]) == (0, 1)


@pytest.mark.parametrize("field", ["parent", "reports_to"])
def test_a_place_is_not_set_below_itself(field: str) -> None:
    """Its own parent, in either tree, would take it out of every total: refused, nothing written."""
    lms = city()
    learners(lms, A1, "L1")
    with pytest.raises(CommLMSError, match="its own parent"):
        lms.set("place", A1, **{field: A1})
    assert lms.doctor() == city().doctor()


def test_a_name_of_two_places_is_answered_with_their_codes() -> None:
    """A place asked by a name that two villages bear: both codes are named, none is chosen."""
    lms = city()
    lms.add({"code": "990101101203", "name": "桥东社区", "level": "village", "parent": TOWN}, "place")
    with pytest.raises(CommLMSError, match=f"{A1} 桥东社区、990101101203 桥东社区"):
        lms.place("桥东社区")
