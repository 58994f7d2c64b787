"""Premises: the contract, a sheet of rooms as it is, floor space and functions counted by hand, coverage and levels."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import commlms_premises
from commlms import LMS, Institution
from commlms.testing import check_plugin, figure, load_alone, open_lms, small_city
from commlms_premises.declarations import Function, Site

D = dt.date
PROVINCE, CITY, EAST, WEST = "90", "9001", "900101", "900102"
STREET, TOWN, FIRST, SECOND = "900101001", "900102001", "900101001001", "900101001002"


@pytest.fixture
def lms() -> LMS:
    """The small city: a school in the street, a school in the town, a seniors' point in the street's first village."""
    opened = open_lms(load_alone("premises", commlms_premises))
    small_city(opened)
    return opened


def book(folder: Path, *rows: list[Any]) -> Path:
    """A workbook of one sheet."""
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    made.save(folder / "用房.xlsx")
    return folder / "用房.xlsx"


def parts(lms: LMS, metric: str, place: str = CITY, period: str = "2022") -> tuple[int | None, int | None]:
    """Numerator and denominator of a figure."""
    found = figure(lms, f"premises.{metric}", place, period)
    return found.numerator, found.denominator


def does(function: str, at: str = "EAST", **more: Any) -> Function:
    """An institution's function."""
    return Function(institution=at, function=function, **more)


def test_premises_keeps_the_contract() -> None:
    """What every plugin is held to: template, export and import, metrics, unloading."""
    check_plugin("premises")


def test_a_sheet_of_rooms_is_read_and_its_errors_are_named(lms: LMS, tmp_path: Path) -> None:
    """With and without a unit; land, a fraction of a hundredth and a school nobody knows are refused at their cells."""
    path = book(
        tmp_path, ["2022年街道社区学校用房情况表"], ["序号", "学校名称", "场所", "面积（平方米）", "主要功能", "共用单位", "启用时间"],
        [1, "东街社区学校", "主楼", "420.5㎡", "教室、图书室", "文化站", "2015年9月1日"], [2, "东街社区学校", "二楼", 79.5, "", "", ""],
        [3, "西山镇社区学校", "平房", "1亩", "", "", ""], [4, "西山镇社区学校", "教室", "30.125", "", "", ""],
        [5, "南山镇社区学校", "教室", 500, "", "", ""], ["合计", "", "", 1000],
    )
    result = lms.import_file("premises.site", path)
    assert [(p.code, p.field, p.line, p.cell) for p in result.problems] == [
        ("area_unit", "area", 5, "D5"), ("too_many_decimals", "area", 6, "D6"), ("unknown_ref", "institution", 7, "B7"),
    ]
    assert (result.new, result.not_counted, result.unread_columns) == (2, 1, ("序号",))
    assert parts(lms, "area", STREET) == (50_000, None), "420.5 and 79.5 are 500.00 square metres"
    figures = lms.figures("2022")
    found = figures.by_subject(lms.metric("premises.area").numerator, "institution")
    schools = {s.name: found.get(s.id, 0) for s in figures.subjects("institution", ["school"])}
    assert schools == {"东街社区学校": 50_000, "西山镇社区学校": 0}


@pytest.mark.parametrize("header", ["面积（亩）", "占地面积（公顷）", "面积（万）"])
def test_below_a_unit_of_land_nothing_is_read(lms: LMS, tmp_path: Path, header: str) -> None:
    """Every row is refused with its line; none is taken for square metres."""
    path = book(tmp_path, ["学校名称", "场所", header.replace("占地", "")], ["东街社区学校", "主楼", 3], ["东街社区学校", "二楼", 2])
    assert [(p.code, p.line) for p in lms.import_file("premises.site", path).problems] == [("area_unit", 2), ("area_unit", 3)]
    assert parts(lms, "area")[0] == 0


def test_rooms_that_were_given_up_or_rebuilt(lms: LMS) -> None:
    """400 until the end of June 2022, then 650; a first day filled in later is the same site; the export comes back."""
    lms.add(Site(institution="EAST", name="主楼", area=400))
    lms.add({"institution": "EAST", "name": "主楼", "area": 400, "since": "2015-09-01"}, "premises.site")
    (row,) = lms.rows("premises.site")
    lms.set("premises.site", row.reference, until="2022-07-01")
    lms.add(Site(institution="EAST", name="主楼", area=Decimal("650.00"), since=D(2022, 7, 1), shared_with="文化站"))
    assert [parts(lms, "area", STREET, p)[0] for p in ("2014", "2021", "2022H1", "2022")] == [0, 40_000, 40_000, 65_000]
    rows = list(lms.sheets.export("premises.site"))
    assert rows[0][2] == "建筑面积（平方米）"
    assert [r[2] for r in rows[1:]] == ["400", "650"]


@pytest.mark.requirement("R041")
def test_four_in_one_needs_all_four(lms: LMS) -> None:
    """A centre with three of the four and a digital centre has 3; the fourth, taken up in July, makes 4; given up in 2023, 3 again."""
    lms.add(Institution(code="VOC", name="东区职教中心", place=EAST, kind="vocational_centre"))
    lms.add([does("secondary_vocational", "VOC"), does("continuing", "VOC"), does("community", "VOC"), does("digital_centre", "VOC")])
    lms.add(does("social_training", "VOC", since=D(2022, 7, 1), until=D(2023, 3, 1)))

    def functions(period: str) -> dict[str, int]:
        figures = lms.figures(period)
        found = figures.by_subject(lms.metric("premises.four_functions").numerator, "institution")
        return {s.name: found.get(s.id, 0) for s in figures.subjects("institution", ["vocational_centre"])}

    assert [functions(p) for p in ("2022H1", "2022", "2023Q1")] == [{"东区职教中心": n} for n in (3, 4, 3)]


def test_functions_are_read_in_an_offices_words(lms: LMS, tmp_path: Path) -> None:
    """中等职业教育 and 老年人大学 are what they say, another word stays, a mistyped institution is refused."""
    path = book(
        tmp_path, ["办学机构", "承担功能", "挂牌时间"], ["东街社区学校", "老年人大学", "2020.1.1"], ["东街社区学校", "中等职业教育", ""],
        ["东街社区学校", "科普基地", ""], ["西街社区学校", "老年大学", "2020.1"],
    )
    result = lms.import_file("premises.function", path)
    assert sorted((p.code, p.field, p.cell) for p in result.problems) == [
        ("date_without_day", "since", "C5"), ("unknown_ref", "institution", "A5"),
    ]
    assert [r.cells["function"] for r in lms.rows("premises.function")] == ["老年大学", "中职教育", "科普基地"]


def test_seniors_institutions_are_counted_once_each(lms: LMS) -> None:
    """One college; branches at two institutions, one of them with two plates of it at two times; a point."""
    lms.add([
        does("seniors_college"), does("seniors_branch", since=D(2020, 1, 1)), does("seniors_branch", since=D(2021, 1, 1)),
        does("seniors_branch", "WEST"), does("seniors_point", "EASTPOINT"),
    ])
    assert [parts(lms, f"seniors_{m}")[0] for m in ("colleges", "branches", "points")] == [1, 2, 1]


@pytest.mark.requirement("R126", "R127")
def test_a_place_is_covered_by_its_own_institution_alone(lms: LMS) -> None:
    """The street's seniors' university is none of its county's; west has one of its own: 1 of 2 counties, 1 of 2 townships a centre."""
    lms.add(Institution(code="WU", name="西县老年大学", place=WEST))
    lms.add([does("seniors_university", "EAST"), does("seniors_university", "WU"), does("seniors_centre", "WEST")])
    assert parts(lms, "seniors_university_counties") == (1, 2)
    assert parts(lms, "seniors_university_counties", EAST) == (0, 1)
    assert parts(lms, "seniors_university_cities", PROVINCE) == (0, 1)
    assert parts(lms, "seniors_centre_townships") == (1, 2)


def test_villages_with_a_digital_centre(lms: LMS) -> None:
    """One of four villages; the street's own centre is in none."""
    lms.add([does("digital_centre", "EASTPOINT"), does("digital_centre", "EAST")])
    assert parts(lms, "digital_villages") == (1, 4)


@pytest.mark.requirement("R055")
def test_coverage_and_levels_of_the_network(lms: LMS) -> None:
    """A university of the city, schools in both townships, a point in a village, nothing at the counties: three levels of four.

    A seniors' point is none of the network, nor a school at a county the college that matches it; a college of east makes it four
    levels, in east three.
    """
    lms.add([
        Institution(code="U", name="样城社区大学", place=CITY, kind="university"),
        Institution(code="P", name="东二学习点", place=SECOND, kind="point"),
    ])
    assert parts(lms, "network_levels")[0] == 3
    assert [parts(lms, f"network_{m}", PROVINCE) for m in ("cities", "counties", "townships", "villages")] == [(1, 1), (0, 2), (2, 2),
    (1, 4)]
    lms.add(Institution(code="N", name="西县社区学校", place=WEST, kind="school", since=D(2023, 1, 1)))
    assert parts(lms, "network_counties", CITY, "2023Q1") == (0, 2)
    lms.add(Institution(code="C", name="东区社区学院", place=EAST, kind="college", since=D(2022, 9, 1)))
    assert [parts(lms, "network_levels", CITY, p)[0] for p in ("2022H1", "2022")] == [3, 4]
    assert parts(lms, "network_levels", EAST)[0] == 3
    assert parts(lms, "network_levels", TOWN)[0] == 1
    assert parts(lms, "network_levels", FIRST)[0] == 0
    assert parts(lms, "network_counties") == (1, 2)
