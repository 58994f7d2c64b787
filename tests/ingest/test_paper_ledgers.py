"""Ledgers and tables of paper: read into flat tables, with what is not counted, what was concluded, and where it stands."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS
from commlms.core.kinds import DamagedCell
from commlms.core.problems import PROBLEMS
from tests.ingest.clerk import found
from tests.ingest.paper import facts, only, paper, skipped, told

LEDGER: list[list[Any]] = [
    ["大渡口街道2022年第一季度活动台账"],
    ["填报单位：大渡口街道办事处", None, None, "填报时间：2023年1月5日"],
    ["序号", "活动主题", "活动时间", "活动地点", "参加人数", "学时（分钟）", "备注"],
    ["例", "健康讲座", "2022-01-01", "活动室", 1, 45],
    [1, "健康讲座", "3月5日", "社区活动室", 50, 90],
    [2, "合唱", "2022年3月6日 9:00-10:30", "", "约30", None, "室外"],
    [None, "本月小计", None, None, 80],
    [3, "书法", dt.datetime(2022, 3, 7), "活动室", 20, 45],
    ["合计", None, None, None, 100],
    ["注：1. 本表一式两份"],
    ["填表人：张三", None, "审核：", None, "联系电话：13800000000"],
    ["2022年3月31日"],
]


def test_a_ledger_gives_its_rows_and_shows_the_lines_that_are_none(tmp_path: Path) -> None:
    """Three activities; the example, the sums, the note, the signatures and the date below them are not counted."""
    part = only(paper(tmp_path, LEDGER, ["A1:G1"]))
    assert (part.shape, part.record, part.period and part.period.key, part.nil) == ("ledger", "ledger", "2022Q1", False)
    assert [(f["活动主题"], f["活动时间"], f["参加人数"]) for f in facts(part)] == [
        ("健康讲座", "2022-03-05", "50"), ("合唱", "2022-03-06", "约30"), ("书法", "2022-03-07", "20"),
    ]
    assert skipped(part) == [
        (4, "example"), (7, "total"), (9, "total"), (10, "note"), (11, "signature"), (12, "signature"),
    ]
    assert part.head == (1, 2, 3)
    assert part.title == ("大渡口街道2022年第一季度活动台账", "填报单位:大渡口街道办事处", "填报时间:2023年1月5日")
    assert part.foot[:1] == ("填表人:张三",)


def test_the_hours_beside_a_date_become_start_and_minutes(tmp_path: Path) -> None:
    """9:00-10:30 is a start and 90 minutes; minutes that are written stay."""
    _, chorus, _ = facts(only(paper(tmp_path, LEDGER)))
    assert (chorus["开始时间"], chorus["学时(分钟)"]) == ("09:00", "90分钟")


def test_what_was_concluded_is_told_with_its_cells(tmp_path: Path) -> None:
    """A year from the title, a ditto; below nothing a ditto stays what it is."""
    assert told(only(paper(tmp_path, LEDGER))) == [("C5", "没有写年份，按标题取 2022 年")]
    rows = [
        ["活动主题", "活动日期", "场地"], ["讲座", "2022-03-05", "活动室"], ["同上", "2022-03-06", "同上"], ["合唱", "2022-03-07", ""],
        ["", "", "同上"],
    ]
    part = only(paper(tmp_path, rows))
    assert [(f.get("活动主题"), f.get("场地")) for f in facts(part)] == [
        ("讲座", "活动室"), ("讲座", "活动室"), ("合唱", None), (None, "同上"),
    ]
    assert (told(part), part.cell(3, 0)) == ([("A3、C3", "同上：取上一行的内容")], "A2")


def test_serial_numbers_are_read_as_nothing(tmp_path: Path) -> None:
    """Neither their column nor its header reaches the importer."""
    head, *rows = only(paper(tmp_path, LEDGER)).table.rows()
    assert {row.cells[0] for row in (head, *rows)} == {""}
    assert [row.line for row in (head, *rows)] == [3, 5, 6, 8]


def test_the_room_of_an_activity_is_its_venue_and_a_code_its_place(tmp_path: Path) -> None:
    """活动地点 is read as 场地 unless codes stand below it."""
    assert facts(only(paper(tmp_path, LEDGER)))[0]["场地"] == "社区活动室"
    coded = [["活动主题", "活动日期", "活动地点"], ["讲座", "2022-03-05", "510402001"]]
    assert facts(only(paper(tmp_path, coded)))[0]["活动地点"] == "510402001"


@pytest.mark.parametrize(
    ("cell", "date", "began", "meetings"),
    [
        ("2022年3月", "2022-03-31", "2022-03-01", None), ("3月", "2022-03-31", "2022-03-01", None),
        ("3月5日-7日", "2022-03-07", "2022-03-05", "3"), ("2022.3.5—3.7", "2022-03-07", "2022-03-05", "3"),
        ("3月30日至4月2日", "2022-04-02", "2022-03-30", "4"), ("3月至5月", "2022-05-31", "2022-03-01", None),
        ("3月5日、12日、19日", "2022-03-19", "2022-03-05", "3"), ("全年24期", "2022-12-31", "2022-01-01", "24"),
        ("上半年", "2022-06-30", "2022-01-01", None), ("3月至5月，每周一期共12期", "2022-05-31", "2022-03-01", "12"),
        ("每周一期共12期", "2022-12-31", "2022-01-01", "12"),
        ("3.5", "2022-03-05", None, None), ("3/5", "2022-03-05", None, None),
        ("3月中旬", "2022-03-20", "2022-03-11", None), ("2月下旬", "2022-02-28", "2022-02-21", None),
        ("3月5日（星期六）上午", "2022-03-05", None, None), ("2022年3月5号", "2022-03-05", None, None),
        ("农历正月初五", "2022-02-05", None, None), ("农历2021年腊月廿三", "2022-01-25", None, None),
        ("农历腊月廿三", "2022-01-25", None, None), ("2月5日（农历正月初五）", "2022-02-05", None, None),
    ],
)
def test_a_date_as_paper_writes_it(tmp_path: Path, cell: str, date: str, began: str | None, meetings: str | None) -> None:
    """The last day is the date, the first the beginning; every conclusion is told with the cell."""
    part = only(paper(tmp_path, [["2022年活动台账"], ["活动主题", "活动日期", "参加人数"], ["讲座", cell, 30]]))
    (row,) = facts(part)
    assert (row["活动日期"], row.get("起始日期"), row.get("期数")) == (date, began, meetings)
    assert {where for where, _ in told(part)} <= {"B3"}
    assert bool(told(part)) == (cell != "2022年3月5号")


@pytest.mark.parametrize("cell", ["13月5日", "2月30日", "3月某日", "正月初五", "待定", "农历十三月初一", "第3期"])
def test_a_date_that_cannot_be_understood_stays_for_the_importer_to_name(tmp_path: Path, cell: str) -> None:
    """Nothing is guessed: 正月初五 without 农历 neither."""
    assert facts(only(paper(tmp_path, [["2022年台账"], ["活动主题", "活动日期", "人数"], ["讲座", cell, 3]])))[0]["活动日期"] == cell


def test_a_day_that_its_month_does_not_have_is_no_date_and_lacks_no_year(city: LMS, tmp_path: Path) -> None:
    """Where the title says the year, the sentence must not ask for it."""
    path = paper(tmp_path, [["大渡口街道2022年活动台账"], ["活动主题", "活动日期", "人数"], ["讲座", "2月30日", 3], ["书法", "3月1日", 3]])
    (fate,) = city.office.take([path])
    assert [(p.code, p.cell) for p in fate.problems] == [("not_a_date", "B3")]


def test_a_numeric_day_and_month_stay_a_number(tmp_path: Path) -> None:
    """3.1 in a numeric cell was 3.1 or 3.10; in a text file too. As text in a workbook it is what it is."""
    rows = [["2022年台账"], ["活动主题", "活动日期", "人数"], ["讲座", 3.1, 3], ["合唱", "3.1", 3]]
    assert [f["活动日期"] for f in facts(only(paper(tmp_path, rows)))] == ["3.1", "2022-03-01"]
    path = tmp_path / "台账.csv"
    path.write_text("2022年台账,,\n活动主题,活动日期,人数\n讲座,3.1,3\n合唱,3.5,3\n", encoding="gb18030")
    _, first, second = only(path).table.rows()
    assert first.cells[1] == DamagedCell("fraction_day", "3.1")
    assert second.cells[1] == "2022-03-05"


def test_a_year_that_contradicts_the_title_is_kept_and_told(tmp_path: Path) -> None:
    """2021 under a title of 2022."""
    part = only(paper(tmp_path, [["2022年台账"], ["活动主题", "活动日期", "人数"], ["讲座", "2021-03-05", 3]]))
    assert facts(part)[0]["活动日期"] == "2021-03-05"
    assert told(part) == [("B3", "年份与标题的 2022 年不同，请核对")]


def test_the_year_is_of_the_title_then_the_sheet_then_the_file_then_the_option(tmp_path: Path) -> None:
    """Each alone; without any the date stays."""
    def year(title: str, sheet: str, name: str, option: int | None) -> str:
        rows = [[title], ["活动主题", "活动日期", "人数"], ["讲座", "3月5日", 3]]
        return facts(only(paper(tmp_path, rows, sheet=sheet, name=name), option))[0]["活动日期"]

    assert year("2019年台账", "2020", "2021年.xlsx", 2022) == "2019-03-05"
    assert year("台账", "2020年", "2021年.xlsx", 2022) == "2020-03-05"
    assert year("台账", "表一", "2021年.xlsx", 2022) == "2021-03-05"
    assert year("台账", "表一", "送来.xlsx", 2022) == "2022-03-05"
    assert year("台账", "表一", "送来.xlsx", None) == "3月5日"
    assert year("台账（填报日期：2023年1月5日）", "表一", "送来.xlsx", 2022) == "2022-03-05"


def test_a_series_named_in_the_theme_is_one_row_with_its_meetings(tmp_path: Path) -> None:
    """全年24期1200人次: 24 meetings, 1200 visits, the whole year."""
    rows = [
        ["2022年台账"], ["活动主题", "活动日期", "参加人数"], ["书法班（全年24期1200人次）", None, None], ["健康讲座第24期", "3月5日", 30],
    ]
    series, lecture = facts(only(paper(tmp_path, rows)))
    assert series == {
        "活动主题": "书法班（全年24期1200人次）", "活动日期": "2022-12-31", "起始日期": "2022-01-01", "期数": "24", "参加人数": "1200",
    }
    assert lecture == {"活动主题": "健康讲座第24期", "活动日期": "2022-03-05", "参加人数": "30"}


def test_a_series_may_be_told_where_the_number_of_people_stands(tmp_path: Path) -> None:
    """全年 beside 全年24期1200人次; and with no date at all, where what is told of the number says it."""
    rows = [
        ["2022年台账"], ["活动主题", "活动日期", "参加人数"], ["书法班", "全年", "全年24期1200人次"], ["合唱班", None, "上半年12期600人次"],
        ["健康讲座", "3月5日", 30],
    ]
    part = only(paper(tmp_path, rows))
    assert facts(part) == [
        {"活动主题": "书法班", "活动日期": "2022-12-31", "起始日期": "2022-01-01", "期数": "24", "参加人数": "1200"},
        {"活动主题": "合唱班", "活动日期": "2022-06-30", "起始日期": "2022-01-01", "期数": "12", "参加人数": "600"},
        {"活动主题": "健康讲座", "活动日期": "2022-03-05", "参加人数": "30"},
    ]


def test_a_table_of_series_is_dated_by_its_title(tmp_path: Path) -> None:
    """No column of dates: each line is a series of the half-year."""
    rows = [["2022年上半年培训情况"], ["培训项目", "期数", "人次"], ["书法", 24, 1200], ["合计", 24, 1200]]
    part = only(paper(tmp_path, rows))
    assert (part.shape, part.period and part.period.key) == ("series", "2022H1")
    assert facts(part) == [{"活动主题": "书法", "期数": "24", "参加人数": "1200", "活动日期": "2022-06-30", "起始日期": "2022-01-01"}]


def test_a_header_of_two_lines_and_cells_merged_downwards(tmp_path: Path) -> None:
    """参加人数 over 男, 女, 合计; one theme over two rows stands for both, and its cell is named."""
    rows = [
        ["序号", "活动主题", "活动时间", "参加人数", None, None, "时长"], [None, None, None, "男", "女", "合计", "（学时）"],
        [1, "讲座", "2022-3-5", 10, 20, 30, 2], [None, None, "2022-3-6", 1, 2, 3, 2],
    ]
    part = only(paper(tmp_path, rows, ["D1:F1", "A1:A2", "B1:B2", "C1:C2", "A3:A4", "B3:B4"]))
    assert [(f["活动主题"], f["参加人数"], f["时长（学时）"]) for f in facts(part)] == [("讲座", "30", "2"), ("讲座", "3", "2")]
    assert (part.cell(4, 1), part.cell(4, 5), part.head) == ("B3", "F4", (1, 2))


def test_people_counted_once_for_several_rows_are_not_as_many_in_each(tmp_path: Path) -> None:
    """A merged number is refused in the rows it spans, as an import does."""
    rows = [["活动主题", "活动日期", "参加人数"], ["讲座", "2022-03-05", 120], ["合唱", "2022-03-06", None]]
    _, first, second = only(paper(tmp_path, rows, ["C2:C3"])).table.rows()
    assert (first.cells[2], second.cells[2]) == (120.0, DamagedCell("merged_cell"))


def test_men_and_women_without_a_column_of_all_are_added(tmp_path: Path) -> None:
    """10 and 20 are 30, and that is told."""
    rows = [["活动主题", "活动日期", "参加人数", None], [None, None, "男", "女"], ["讲座", "2022-03-05", 10, 20]]
    part = only(paper(tmp_path, rows, ["C1:D1"]))
    assert facts(part)[0]["参加人数"] == "30"
    assert told(part) == [("C2", "参加人数由男、女两栏相加")]


def test_month_and_day_in_columns_of_their_own_are_one_date(tmp_path: Path) -> None:
    """3 and 5 under 月 and 日; a month alone is a month."""
    rows = [["2022年台账"], ["月", "日", "主题", "人数"], [3, 5, "讲座", 10], [4, None, "合唱", 20]]
    assert [(f["活动日期"], f.get("起始日期")) for f in facts(only(paper(tmp_path, rows)))] == [
        ("2022-03-05", None), ("2022-04-30", "2022-04-01"),
    ]


def test_hours_in_a_column_headed_time_are_no_date(tmp_path: Path) -> None:
    """日期 and 时间 could both be the date; the one with times of day is not."""
    rows = [["2022年台账"], ["时间", "日期", "活动主题"], ["下午2:30-4:00", "3月5日", "讲座"]]
    (row,) = facts(only(paper(tmp_path, rows)))
    assert (row["日期"], row["开始时间"], row["时长"]) == ("2022-03-05", "14:30", "90分钟")


def test_when_each_person_signed_is_no_date_of_the_activity(tmp_path: Path) -> None:
    """签到时间 holds times of day: the day is the title's."""
    rows = [["活动主题：讲座 时间：2022年3月5日"], ["姓名", "签到时间"], ["王芳", "8:55"], ["李雷", dt.time(9, 2)]]
    assert [(f["姓名"], f["活动日期"], f.get("开始时间")) for f in facts(only(paper(tmp_path, rows)))] == [
        ("王芳", "2022-03-05", None), ("李雷", "2022-03-05", None),
    ]


def test_a_month_merged_beside_the_days_is_theirs(tmp_path: Path) -> None:
    """3月 over two rows, then 4月."""
    rows = [["2022年台账"], ["月份", "日期", "活动主题"], ["3月", "5日", "讲座"], [None, "12日", "合唱"], ["4月", "2日", "书法"]]
    assert [f["日期"] for f in facts(only(paper(tmp_path, rows, ["A3:A4"])))] == ["2022-03-05", "2022-03-12", "2022-04-02"]


def test_a_sheet_per_month_needs_only_the_day(tmp_path: Path) -> None:
    """Sheets 3月 and 4月 of a file of 2022: 5 and 12日 are days of them, the period is the month."""
    book = paper(tmp_path, [["活动主题", "日期", "人数"], ["讲座", 5, 10], ["合唱", "12日", 20]], sheet="3月", name="2022年台账.xlsx")
    part = only(book)
    assert part.period is not None
    assert part.period.key == "2022-03"
    assert [f["日期"] for f in facts(part)] == ["2022-03-05", "2022-03-12"]


def test_a_title_and_header_printed_again_on_the_next_page_are_not_counted(tmp_path: Path) -> None:
    """One table of two pages."""
    rows = [
        ["2022年台账"], ["活动主题", "活动日期", "人数"], ["讲座", "3月5日", 10],
        ["2022年台账"], ["活动主题", "活动日期", "人数"], ["合唱", "3月6日", 2],
    ]
    part = only(paper(tmp_path, rows))
    assert [f["活动主题"] for f in facts(part)] == ["讲座", "合唱"]
    assert skipped(part) == [(4, "header"), (5, "header")]


def test_a_lunar_day_without_the_extra_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row is refused at its cell; nothing else of the sheet is."""
    monkeypatch.setitem(sys.modules, "lunar_python", None)
    rows = [["2022年台账"], ["活动主题", "活动日期", "人数"], ["讲座", "农历正月初五", 3], ["合唱", "3月5日", 3]]
    _, first, second = only(paper(tmp_path, rows)).table.rows()
    assert first.cells[1] == DamagedCell("lunar_needs_office", "农历正月初五")
    assert "pip install 'commlms[office]'" in PROBLEMS["lunar_needs_office"].en
    assert second.cells[1] == "2022-03-05"


def test_a_number_under_ten_thousands_is_multiplied(city: LMS, tmp_path: Path) -> None:
    """1.2 万人次 are 12,000, and 0.05 are 500; a fraction of a person is refused."""
    rows = [
        ["主办单位", "活动日期", "活动主题", "参加人次（万人次）"],
        ["JG1", "2022-05-05", "展演", 1.2], ["JG1", "2022-05-06", "展览", "0.05"], ["JG1", "2022-05-07", "集会", 0.00125],
    ]
    result = city.import_file("ledger", paper(tmp_path, rows))
    assert sorted(r.cells["persons"] for r in city.rows("headcount"))[-2:] == ["12000", "500"]
    assert found(result) == [("not_a_number", 4, "D4")]


def test_how_many_meetings_may_be_written_with_their_unit(tmp_path: Path) -> None:
    """12期, 共8次, 3场次 in the column of meetings."""
    head = [["2022年系列活动"], ["活动主题", "期数", "参加人次"]]
    rows: list[list[Any]] = [*head, ["书法", "12期", 600], ["合唱", "共8次", 80], ["讲座", "3场次", 90], ["舞", 4, 9]]
    part = only(paper(tmp_path, rows))
    assert (part.shape, [f["期数"] for f in facts(part)]) == ("series", ["12", "8", "3", "4"])


def test_a_day_that_no_calendar_has_is_not_said_to_lack_its_year(tmp_path: Path) -> None:
    """2月29日 in 2022: the year is known from the title."""
    head = [["2022年台账"], ["活动主题", "活动日期", "参加人数"]]
    part = only(paper(tmp_path, [*head, ["讲座", "2月29日", 3], ["合唱", "2月28日", 3]]))
    _, wrong, right = part.table.rows()
    assert (wrong.cells[1], right.cells[1]) == (DamagedCell("not_a_date", "2月29日"), "2022-02-28")


def test_a_day_outside_the_period_of_the_title_is_told(tmp_path: Path) -> None:
    """3.10 in the ledger of November is the tenth of March, and somebody should look."""
    head = [["2022年11月台账"], ["活动主题", "活动日期", "参加人数"]]
    part = only(paper(tmp_path, [*head, ["讲座", "3月10日", 3], ["合唱", "11月30日", 3]]))
    assert ("B3", "日期不在 2022-11 之内，请核对") in told(part)
    assert len(told(part)) == 2
