"""Supervision as sheets have it: every register's messy sheet, its wrong rows by line and field, its blank table."""

from pathlib import Path

import pytest

import commlms_supervision
from commlms import LMS, write_table
from commlms.testing import figure, load_alone, open_lms, small_city

#: Of each register: a sheet that stands under two lines of title, and what is wrong in it (line, field).
SHEETS: dict[str, tuple[list[list[str]], list[tuple[int, str]]]] = {
    record: ([line.split("|") for line in lines], wrong)
    for record, lines, wrong in (
        ("supervision.undertaking", (
            "序号|县（市、区）|工作类别|启动日期|文件号", "1|东区|开展社区教育工作|2015年9月1日|东府〔2015〕8号",
            "2|西县|社区教育|2017.3.1|",
            "3|南县|社区教育|2017.3.1|", "4|西县|创建文明城市|2017.3.1|", "5|西县|学习型城市创建|2017年3月|",
        ), [(6, "place"), (7, "kind"), (8, "since")]),
        ("supervision.paper", (
            "地区|文件类别|所属年度|责任单位|截止日期|报送日期|文号",
            "东区|年度工作计划|2022年|区教育局|2022-03-31|2022/3/30|东教〔2022〕1号", "西县|工作计划|2022|县教育局|2022-03-31||",
            "西县|工作计划|二〇二二|县教育局|||", "西县|年终考核||县教育局|||",
        ), [(6, "period"), (7, "period")]),
        ("supervision.milestone", (
            "地区|建设节点|计划完成日期|建成日期", "样城市|办学网络基本建成|2024-09-11|2022-11-30", "东区|社区教育全覆盖|2023-12-31|",
            "西县|社区教育全覆盖|2023-12-31|2030-01-01",
        ), [(6, "since")]),
        ("supervision.survey", (
            "调查地区|调查时间|调查内容|有效问卷|满意人数", "东区|2022-06-01|满意度|200份|180", "西县|2022-06-01|满意度|1,000|950",
            "西县|2022-07-01|满意度|100|101", "西县|2022-08-01|知晓率|100|八成",
        ), [(4, "asked"), (6, "positive"), (7, "positive")]),
        ("supervision.event", (
            "主办地区|举办日期|活动名称|活动主题", "东区|2022年10月9日|全民终身学习活动周|开幕式", "西县|2022-10-10|市民大课堂|",
            "西县|10月11日|市民大课堂|",
        ), [(6, "on")]),
        ("supervision.assessment", (
            "目标编号|地区|评估日期|评估方面|评估结论|评估单位", "sample-network|样城市|2022-12-31|结构合理|基本实现|第三方",
            "sample-network|样城市|2022-12-31|开放共享|很好|第三方",
        ), [(5, "status")]),
    )
}


@pytest.fixture
def lms() -> LMS:
    """The small city with empty registers."""
    opened = open_lms(load_alone("supervision", commlms_supervision))
    small_city(opened)
    return opened


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("record", SHEETS)
def test_a_sheet_lands_but_for_its_wrong_rows_and_comes_back_as_it_went(lms: LMS, tmp_path: Path, record: str, kind: str) -> None:
    """Below two lines of title; each wrong row is told at its line and field, the export read again changes nothing."""
    rows, wrong = SHEETS[record]
    path = tmp_path / f"表.{kind}"
    write_table(path, [["样城市2022年情况表"], ["填报单位：样城市教育局"], *rows], "表")
    result = lms.import_file(record, path, under="9001")
    assert [(p.line, p.field) for p in result.problems] == wrong
    good = len(rows) - 1 - len(wrong)
    assert (result.read, result.new) == (len(rows) - 1, good)
    write_table(tmp_path / f"out.{kind}", lms.sheets.export(record), "表")
    again = lms.import_file(record, tmp_path / f"out.{kind}")
    assert (again.unchanged, again.problems, again.unread_columns) == (good, [], ())


def test_the_figures_of_the_sheets(lms: LMS, tmp_path: Path) -> None:
    """Of the sheets above: both counties work, one plan of two is overdue, one milestone is reached, 950 of 1,000 are satisfied."""
    for record, (rows, _) in SHEETS.items():
        write_table(tmp_path / "表.csv", rows, "表")
        lms.import_file(record, tmp_path / "表.csv", under="9001")
    told = {key: figure(lms, f"supervision.{key}") for key in ("counties_working", "papers_overdue", "network_reached", "satisfaction")}
    assert {key: (f.numerator, f.denominator) for key, f in told.items()} == {
        "counties_working": (2, 2), "papers_overdue": (1, 2), "network_reached": (1, None), "satisfaction": (950, 1000),
    }


@pytest.mark.parametrize("record", SHEETS)
def test_the_blank_table_is_read_without_a_row(lms: LMS, tmp_path: Path, record: str) -> None:
    """Every column of it is known."""
    write_table(tmp_path / "blank.xlsx", lms.sheets.template(record), "表")
    result = lms.import_file(record, tmp_path / "blank.xlsx")
    assert (result.read, result.problems, result.unread_columns) == (0, [], ())
