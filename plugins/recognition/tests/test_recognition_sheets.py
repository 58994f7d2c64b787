"""Recognition as sheets have it: title lines, names for places, dates of every kind, rows that are wrong."""

from pathlib import Path
from typing import Any

import pytest

import commlms_recognition
from commlms import LMS, write_table
from commlms.testing import figure, load_alone, open_lms, small_city

SHEET: list[list[Any]] = [
    ["样城市社区教育称号一览表"], ["填报单位：样城市教育局", "", "", "", "", "", "", "2022年12月"], [],
    ["序号", "单位", "称号名称", "称号级别", "品牌名称", "创建状态", "命名日期", "撤销日期", "撤销原因", "批准文号"],
    [1, "东区", "社区教育实验区", "省级", "", "已命名", "2018年3月1日", "", "", "样教〔2018〕3号"],
    [2, "东街街道", "社区教育示范街道", "市级", "", "已命名", "2021.6.18", "", "", ""],
    [3, "西山镇", "示范镇乡街道", "区级", "", "", "2020/1/1", "2022-06-30", "摘牌", "样教〔2022〕9号"],
    [4, "火星镇", "示范镇", "市级", "", "", "2021-06-18", "", "", ""],
    [5, "西一村", "省级社区教育实验村", "省级", "", "", "2021-06-18", "", "", ""],
    [6, "西二村", "示范村", "优秀", "", "", "2021-06-18", "", "", ""],
    [7, "东二社区", "学习型社区", "市级", "", "", "2021年13月1日", "", "", ""],
    [8, "东一社区", "学习型社区", "市级", "", "", "2021-06-18", "", "撤销", ""],
    [9, "西县", "优质学习品牌", "市级", "", "", "2021-06-18", "", "", ""],
    [10, "西县", "优质学习品牌", "市级", "果农夜校", "申报中", "", "", "", ""],
    [11, "西县", "优质学习品牌", "区级", "果农夜校", "", "2021-11-02", "", "", ""],
    ["合计", "", "", "", "", "", "", "", "", ""],
]


@pytest.fixture
def lms() -> LMS:
    """The small city, in which nobody holds anything yet."""
    opened = open_lms(load_alone("recognition", commlms_recognition))
    small_city(opened)
    return opened


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_sheet_lands_but_for_its_wrong_rows_which_are_named_by_line_and_field(lms: LMS, tmp_path: Path, kind: str) -> None:
    """Of eleven rows four are right; of the seven others each is told at its own field."""
    path = tmp_path / f"称号.{kind}"
    write_table(path, SHEET, "称号")
    result = lms.import_file("recognition.status", path, under="9001")
    assert (result.read, result.new, result.rejected + result.held) == (11, 4, 7)
    assert [(p.line, p.field) for p in result.problems] == [
        (8, "place"), (9, "kind"), (10, "rank"), (11, "since"), (12, "until"), (13, "holder"), (14, "since"),
    ]
    assert figure(lms, "recognition.provincial_zone", "900101").numerator == 1
    assert figure(lms, "recognition.city_demonstration_townships").numerator == 1
    assert figure(lms, "recognition.county_demonstration_townships", period="2021").numerator == 1
    assert figure(lms, "recognition.county_demonstration_townships", period="2022").numerator == 0, "withdrawn in June"
    assert figure(lms, "recognition.brands").numerator == 1


def test_an_end_that_comes_later_closes_the_row_that_is_there(lms: LMS, tmp_path: Path) -> None:
    """The same title with its end is a change of the row, not a second title; and what goes out comes back."""
    head = ["地点", "称号", "级别", "授予日期", "失效日期", "失效原因"]
    for end, new, changed in ((["", ""], 1, 0), (["2022-12-01", "到期"], 0, 1), (["2022-12-01", "到期"], 0, 0)):
        write_table(tmp_path / "称号.csv", [head, ["900101", "实验区", "省级", "2018-03-01", *end]], "称号")
        result = lms.import_file("recognition.status", tmp_path / "称号.csv")
        assert (result.new, result.changed, result.problems) == (new, changed, [])
    write_table(tmp_path / "out.xlsx", lms.sheets.export("recognition.status"), "称号")
    again = lms.import_file("recognition.status", tmp_path / "out.xlsx")
    assert (again.unchanged, again.problems, again.unread_columns) == (1, [], ())


def test_a_start_that_is_told_later_makes_no_second_title(lms: LMS, tmp_path: Path) -> None:
    """A title of unknown start gets its day; a later award after the end is another title, and so is another brand's."""
    head = ["地点", "称号", "级别", "获得者", "授予日期", "失效日期"]
    told = (("", "", 2, 0), ("2012-05-01", "", 0, 2), ("2012-05-01", "2018-05-01", 0, 2), ("2020-05-01", "", 2, 0))
    for start, end, new, changed in told:
        rows = [["900101", "示范区", "国家级", "", start, end], ["900101", "优质学习品牌", "市级", "果农夜校", start, end]]
        write_table(tmp_path / "称号.csv", [head, *rows], "称号")
        result = lms.import_file("recognition.status", tmp_path / "称号.csv")
        assert (result.new, result.changed, result.problems) == (new, changed, []), (start, end)
    write_table(tmp_path / "称号.csv", [head, ["900101", "优质学习品牌", "市级", "书香东区", "2012-05-01", ""]], "称号")
    assert lms.import_file("recognition.status", tmp_path / "称号.csv").new == 1
    assert figure(lms, "recognition.national_demonstration", "900101", "2019").numerator == 0
    assert figure(lms, "recognition.brands", "900101", "2022").numerator == 2


def test_rows_of_one_file_that_differ_in_holder_state_or_days_are_titles_of_their_own(lms: LMS, tmp_path: Path) -> None:
    """Three families without a day, a title sought, held, ended and held again: seven rows; read again they are the same seven."""
    lines = [
        "地点|称号|级别|获得者|状态|授予日期|失效日期", "900101001001|学习型家庭|市级|王家|||", "900101001001|学习型家庭|市级|李家|||",
        "900101001001|学习型家庭|市级|张家|||", "900102|实验区|省级||创建中|2010-01-01|2012-01-01",
        "900102|实验区|省级||已授予|2012-01-01|2016-01-01", "900102|实验区|省级||已授予|2020-01-01|", "900102|实验区|国家级||已授予||",
    ]
    write_table(tmp_path / "称号.csv", [line.split("|") for line in lines], "称号")
    for new, unchanged in ((7, 0), (0, 7)):
        result = lms.import_file("recognition.status", tmp_path / "称号.csv")
        assert (result.new, result.unchanged, result.problems) == (new, unchanged, [])
    told = [figure(lms, "recognition.provincial_zones", "900102", y).numerator for y in ("2011", "2012", "2017")]
    assert told == [1, 1, 1], "one place, with the national title ever since"
    assert figure(lms, "recognition.learning_organisations").numerator == 3


@pytest.mark.parametrize(
    "rows", [
        (["900101", "示范区", "国家级", "已授予", ""], ["900101", "示范区", "国家级", "创建中", "2021-03-01"]),
        (["900101", "示范区", "国家级", "创建中", "2021-03-01"], ["900101", "示范区", "国家级", "", ""]),
        (["900101", "示范区", "国家级", "创建中", "2021-03-01"], ["900101", "示范区", "国家级", "", "2021-03-01"]),
    ],
)
def test_a_title_that_is_held_is_another_row_than_the_same_title_being_sought(
    lms: LMS, tmp_path: Path, rows: tuple[list[str], ...],
) -> None:
    """Whichever is told first, and where an empty state says held: neither changes the other, nor is it swallowed by it."""
    for row in rows:
        write_table(tmp_path / "称号.csv", [["地点", "称号", "级别", "状态", "授予日期"], row], "称号")
        result = lms.import_file("recognition.status", tmp_path / "称号.csv")
        assert (result.new, result.changed, result.problems) == (1, 0, [])
    assert sorted(r.cells["state"] for r in lms.rows("recognition.status")) == ["创建中", "已授予"]


def test_the_blank_table_of_each_register_is_read_without_a_row(lms: LMS, tmp_path: Path) -> None:
    """Every column of it is known."""
    for record in ("recognition.status", "recognition.naming"):
        write_table(tmp_path / "blank.xlsx", lms.sheets.template(record), record)
        result = lms.import_file(record, tmp_path / "blank.xlsx")
        assert (result.read, result.problems, result.unread_columns) == (0, [], ())
