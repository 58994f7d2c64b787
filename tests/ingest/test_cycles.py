"""A place or institution never stands below itself."""

import datetime as dt

import pytest

import commlms
from commlms import RowsRefused

TODAY = dt.date(2023, 1, 1)
CIRCLES = {
    "a place as its own parent": [{"code": "7", "name": "甲", "level": "city", "parent": "7"}],
    "two new places below each other": [
        {"code": "8", "name": "甲", "level": "city", "parent": "9"}, {"code": "9", "name": "乙", "level": "city", "parent": "8"},
    ],
    "a stored place moved below its own child": [{"code": "1", "name": "市", "level": "city", "parent": "2", "since": "2022-01-01"}],
    "a reporting line that comes back": [{"code": "1", "name": "市", "level": "city", "reports_to": "2", "since": "2022-01-01"}],
}


@pytest.mark.parametrize("rows", CIRCLES.values(), ids=CIRCLES)
def test_a_circle_of_places_is_refused(rows: list[dict[str, str]]) -> None:
    with commlms.LMS(today=TODAY, lang="en") as lms:
        lms.add([
            {"code": "1", "name": "市", "level": "city"},
            {"code": "2", "name": "区", "level": "county", "parent": "1", "reports_to": "1"},
        ], "place")
        with pytest.raises(RowsRefused) as refused:
            lms.add(rows, "place")
        assert {p.code for p in refused.value.problems} == {"cycle"}  # type: ignore[attr-defined]  # problems of rows


def test_a_parent_may_stand_later_in_the_same_file() -> None:
    with commlms.LMS(today=TODAY, lang="en") as lms:
        lms.add([{"code": "2", "name": "区", "level": "county", "parent": "1"}, {"code": "1", "name": "市", "level": "city"}], "place")
        assert {r.cells["code"]: r.cells["parent"] for r in lms.rows("place")} == {"2": "1", "1": ""}


def test_an_institution_is_not_its_own_parent() -> None:
    with commlms.LMS(today=TODAY, lang="en") as lms:
        lms.add([{"code": "1", "name": "市", "level": "city"}], "place")
        with pytest.raises(RowsRefused):
            lms.add([{"code": "J", "name": "学校", "place": "1", "parent": "J"}], "institution")
