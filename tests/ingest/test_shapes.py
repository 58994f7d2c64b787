"""The shapes of paper: each read into a flat table, with what is not counted, what was concluded, and where it stands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from commlms.core.kinds import DamagedCell
from commlms.ingest.readers import open_sheets
from commlms.ingest.shapes import SHAPES, SKIPPED, read
from tests.ingest.clerk import book_file
from tests.ingest.paper import context, facts, only, paper, shaped, skipped, told

# -- ledgers -----------------------------------------------------------------------------------

LEDGER: list[list[Any]] = [
    ["大渡口街道2022年第一季度活动台账"],
    ["填报单位：大渡口街道办事处", None, None, "填报时间：2023年1月5日"],
    ["序号", "活动主题", "活动时间", "活动地点", "参加人数", "学时（分钟）", "备注"],
    ["例", "健康讲座", "2022-01-01", "活动室", 1, 45],
    [1, "健康讲座", "3月5日", "社区活动室", 50, 90],
    [2, "合唱", "2022年3月6日 9:00-10:30", "", "约30", None, "室外"],
    [None, "本月小计", None, None, 80],
    [3, "书法", dt.datetime(2022, 3, 7), "同上", 20, 45],
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
    """A year from the title, a ditto."""
    assert told(only(paper(tmp_path, LEDGER))) == [
        ("D8", "同上：取上一行的内容"), ("C5", "没有写年份，按标题取 2022 年"),
    ]


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
        ("每周一期共12期", "2022-12-31", "2022-01-01", "12"), ("3.5", "2022-03-05", None, None), ("3/5", "2022-03-05", None, None),
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


@pytest.mark.parametrize("cell", ["13月5日", "2月30日", "3月中旬", "正月初五", "待定", "农历十三月初一", "第3期"])
def test_a_date_that_cannot_be_understood_stays_for_the_importer_to_name(tmp_path: Path, cell: str) -> None:
    """Nothing is guessed: 正月初五 without 农历 neither."""
    assert facts(only(paper(tmp_path, [["2022年台账"], ["活动主题", "活动日期", "人数"], ["讲座", cell, 3]])))[0]["活动日期"] == cell


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
    rows = [["2022年台账"], ["活动主题", "活动日期", "参加人数"], ["书法班（全年24期1200人次）", None, None], ["健康讲座第24期", "3月5日", 30]]
    series, lecture = facts(only(paper(tmp_path, rows)))
    assert series == {
        "活动主题": "书法班（全年24期1200人次）", "活动日期": "2022-12-31", "起始日期": "2022-01-01", "期数": "24", "参加人数": "1200",
    }
    assert lecture == {"活动主题": "健康讲座第24期", "活动日期": "2022-03-05", "参加人数": "30"}


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


def test_a_sheet_per_month_needs_only_the_day(tmp_path: Path) -> None:
    """Sheets 3月 and 4月 of a file of 2022: 5 and 12日 are days of them, the period is the month."""
    book = paper(tmp_path, [["活动主题", "日期", "人数"], ["讲座", 5, 10], ["合唱", "12日", 20]], sheet="3月", name="2022年台账.xlsx")
    part = only(book)
    assert part.period is not None
    assert part.period.key == "2022-03"
    assert [f["日期"] for f in facts(part)] == ["2022-03-05", "2022-03-12"]


def test_a_title_and_header_printed_again_on_the_next_page_are_not_counted(tmp_path: Path) -> None:
    """One table of two pages."""
    rows = [["2022年台账"], ["活动主题", "活动日期", "人数"], ["讲座", "3月5日", 10], ["2022年台账"], ["活动主题", "活动日期", "人数"], ["合唱", "3月6日", 2]]
    part = only(paper(tmp_path, rows))
    assert [f["活动主题"] for f in facts(part)] == ["讲座", "合唱"]
    assert skipped(part) == [(4, "header"), (5, "header")]


# -- sign-in sheets ----------------------------------------------------------------------------

SIGN_IN: list[list[Any]] = [
    ["幸福社区签到表"],
    ["活动主题：健康讲座    时间：2022年3月5日 9:00-11:00  地点：活动室"],
    ["主办单位", "大渡口社区学校", "参加人数", 40],
    ["序号", "姓名", "性别", "联系电话", "出生日期"],
    [1, "王芳", "女", "138", "1955-08-09"],
    [2, "李雷", "男"],
    [3],
    ["负责人（签字）：", None, "2022年3月5日"],
]


def test_a_sign_in_sheet_gives_every_person_the_activity_of_its_title(tmp_path: Path) -> None:
    """Theme, day, start, minutes, venue, organiser and the number of people, each with the title's cell."""
    part = only(paper(tmp_path, SIGN_IN, ["A1:E1", "A2:E2"]))
    assert (part.shape, part.record, part.period and part.period.key) == ("sign_in", "attendance", "2022-03")
    first, second = facts(part)
    assert first == {
        "姓名": "王芳", "性别": "女", "联系电话": "138", "出生日期": "1955-08-09", "活动主题": "健康讲座", "活动日期": "2022-03-05",
        "场地": "活动室", "主办单位": "大渡口社区学校", "参加人数": "40", "开始时间": "09:00", "时长": "120分钟",
    }
    assert second["活动主题"] == "健康讲座"
    assert (part.cell(5, 5), part.cell(6, 8)) == ("A2", "B3")
    assert skipped(part) == [(7, "blank"), (8, "signature")]


def test_a_theme_and_a_day_that_only_the_title_names_are_taken_from_it_and_told(tmp_path: Path) -> None:
    """2022年3月12日老年书法班签到表."""
    part = only(paper(tmp_path, [["2022年3月12日老年书法班签到表"], ["序号", "姓名", "电话"], [1, "王芳", "1"]]))
    assert facts(part) == [{"姓名": "王芳", "电话": "1", "活动主题": "老年书法班", "活动日期": "2022-03-12"}]
    assert told(part)[:2] == [
        ("A1", "没有写活动主题，按标题取「老年书法班」"), ("A1", "没有写活动日期，按标题取 2022年3月12日"),
    ]


def test_lists_side_by_side_are_one_list_with_true_cells(tmp_path: Path) -> None:
    """The right-hand list follows the left one; its rows name the cells they stand in."""
    rows = [
        ["2022年3月12日合唱签到表"], ["序号", "姓名", "电话", "序号", "姓名", "电话"], [1, "王芳", "1", 11, "李雷", "2"], [2, "赵一", "", 12, "", ""],
    ]
    part = only(paper(tmp_path, rows, ["A1:F1"]))
    assert [f["姓名"] for f in facts(part)] == ["王芳", "赵一", "李雷"]
    *_, last = part.table.rows()
    assert (part.origin(last.line), part.cell(last.line, 1)) == ((3, "D3"), "E3")


def test_several_sign_in_sheets_on_one_sheet_are_several_tables(tmp_path: Path) -> None:
    """Each with its own title."""
    rows = [
        ["活动主题：讲座"], ["时间：2022年3月5日"], ["姓名", "性别"], ["王芳", "女"], ["填表人：张三"],
        ["活动主题：合唱"], ["时间：2022年3月6日"], ["姓名", "性别"], ["李雷", "男"],
    ]
    first, second = shaped(paper(tmp_path, rows)).parts
    assert (facts(first)[0]["活动主题"], facts(second)[0]["活动主题"]) == ("讲座", "合唱")
    assert (first.head, skipped(first), second.head) == ((1, 2, 3), [(5, "signature")], (6, 7, 8))


def test_hours_without_a_unit_are_not_taken_for_minutes(tmp_path: Path) -> None:
    """时长：2 says nothing; 学时：2 says two lessons."""
    def minutes(text: str) -> str | None:
        rows = [[f"活动主题：讲座 时间：2022年3月5日 {text}"], ["姓名", "性别"], ["王芳", "女"]]
        row = facts(only(paper(tmp_path, rows)))[0]
        return row.get("时长") or row.get("学时")

    assert (minutes("时长：2"), minutes("学时：2"), minutes("时长：2小时")) == (None, "2学时", "2小时")


# -- month grids -------------------------------------------------------------------------------

GRID: list[list[Any]] = [
    ["2022年3月老年书法班考勤表"],
    ["序号", "姓名", "日期"],
    [None, None, 1, 2, 3, 4, 5],
    [None, None, "二", "三", "四", "五", "六"],
    [1, "王芳", "√", None, "○", "✓", "x"],
    [2, "李雷", None, None, "×", None, None],
    ["图例：√出勤 ○迟到 ×缺勤"],
]


def test_a_month_grid_gives_a_row_for_every_mark_that_means_present(tmp_path: Path) -> None:
    """By its legend √ and ○; one hand's ✓ is another's √. Who was never there is named as such."""
    part = only(paper(tmp_path, GRID, ["A1:G1", "C2:G2", "A2:A4", "B2:B4"]))
    assert (part.shape, part.record, part.period and part.period.key) == ("month_grid", "attendance", "2022-03")
    assert [(f["姓名"], f["活动日期"], f["活动主题"]) for f in facts(part)] == [
        ("王芳", "2022-03-01", "老年书法班"), ("王芳", "2022-03-03", "老年书法班"), ("王芳", "2022-03-04", "老年书法班"),
    ]
    assert skipped(part) == [(6, "absent"), (7, "legend")]
    assert part.head == (1, 2, 3, 4)
    numbers = [row.line for row in part.table.rows()][1:]
    assert numbers == [8, 9, 10]
    assert [part.origin(n) for n in numbers] == [(5, "C5"), (5, "E5"), (5, "F5")]


def test_without_a_legend_the_usual_one_holds_and_each_sign_is_told(tmp_path: Path) -> None:
    """√ and 1 present, ○ and 0 absent, the columns dates without a year."""
    part = only(paper(tmp_path, [["姓名", "3月5日", "3/12"], ["王芳", "√", 1], ["李雷", "○", 0]], sheet="书法班"), 2022)
    assert [(f["姓名"], f["活动日期"], f["活动主题"]) for f in facts(part)] == [
        ("王芳", "2022-03-05", "书法班"), ("王芳", "2022-03-12", "书法班"),
    ]
    assert [where for where, _ in told(part)] == ["B1、C1", "B2", "C2", "B3", "C3", "A1"]


def test_a_sign_outside_the_legend_is_a_problem_of_its_cell(tmp_path: Path) -> None:
    """It lands nowhere: the row's date is what cannot be read."""
    rows = [["2022年3月合唱考勤表"], ["姓名", 1, 2], ["王芳", "√", "?"], ["说明：√出勤 ×缺勤"]]
    part = only(paper(tmp_path, rows))
    _, _, second = part.table.rows()
    column = part.table.rows().__next__().cells.index("活动日期")
    assert second.cells[column] == DamagedCell("unknown_mark", "?")
    assert part.cell(second.line, column) == "C3"


def test_a_grid_over_two_months_and_one_with_a_day_that_is_none(tmp_path: Path) -> None:
    """3月 over its days, 4月 over its; 29 February 2022 stays, for the importer to refuse where it is marked."""
    rows = [["2022年考勤表"], ["姓名", "3月", None, "4月", None], [None, 30, 31, 1, 2], ["王芳", "√", "√", "√", None]]
    part = only(paper(tmp_path, rows, ["B2:C2", "D2:E2", "A2:A3"]))
    assert [f["活动日期"] for f in facts(part)] == ["2022-03-30", "2022-03-31", "2022-04-01"]
    leap = [["2022年2月考勤表"], ["姓名", 28, 29], ["王芳", "√", "√"]]
    assert [f["活动日期"] for f in facts(only(paper(tmp_path, leap)))] == ["2022-02-28", "2022-02-29"]


@pytest.mark.parametrize(("title", "code"), [("考勤表", "month_unknown"), ("3月考勤表", "year_unknown")])
def test_a_grid_without_month_or_year_is_a_problem_of_the_sheet(tmp_path: Path, title: str, code: str) -> None:
    """Named at the first day, with what to do."""
    found = shaped(paper(tmp_path, [[title], ["姓名", 1, 2], ["王芳", "√", "√"]]))
    assert ([p.code for p in found.problems], found.parts) == ([code], ())
    assert found.problems[0].cell == "B2"
    assert found.problems[0].say("zh").startswith("第 2 行（B2）：")


# -- nothing to report, and what is no table ---------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        [["本月无活动"]], [["大渡口街道5月零报告"]], [["大渡口街道2022年5月活动台账"], ["本月未开展活动。"]],
        [["大渡口街道5月台账"], ["序号", "活动主题", "活动时间", "人数"], [1, "本月无活动", "5月", 0]],
        [["大渡口街道5月台账（零报告）"], ["序号", "活动主题", "活动时间", "人数"]],
    ],
)
def test_a_report_of_nothing_is_one(tmp_path: Path, rows: list[list[Any]]) -> None:
    """With its period, and without a row."""
    part = only(paper(tmp_path, rows, sheet="5月", name="2022年.xlsx"))
    assert (part.shape, part.nil, part.period and part.period.key, facts(part) if any(part.table.rows()) else []) == ("nil", True, "2022-05", [])


def test_an_empty_ledger_alone_is_no_report_of_nothing(tmp_path: Path) -> None:
    """The words must be there."""
    part = only(paper(tmp_path, [["2022年5月台账"], ["活动主题", "活动时间", "人数"]]))
    assert (part.shape, part.nil, facts(part)) == ("ledger", False, [])


def test_a_sheet_of_explanations_is_no_table_and_a_blank_one_nothing(tmp_path: Path) -> None:
    """The first has a problem, the second neither part nor problem."""
    found = shaped(paper(tmp_path, [["填表说明"], ["请于每月5日前报送。"]]))
    assert ([p.code for p in found.problems], found.parts) == (["no_table"], ())
    path = book_file(tmp_path, [["甲", "乙"]])
    import openpyxl

    book = openpyxl.load_workbook(path)
    book.create_sheet("空")
    book.save(path)
    blank = read(open_sheets(path)[1], context())
    assert (blank.parts, blank.problems) == ((), ())


# -- other records -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "record"),
    [
        (["姓名", "出生日期", "性别"], "learner"), (["姓名", "身份证号", "活动主题", "活动日期"], "attendance"),
        (["地点代码", "日期", "口径", "数据性质", "人数"], "residents"), (["编号", "名称", "所在地", "类别"], "institution"),
        (["指标甲", "数值乙", "单位丙"], ""),
    ],
)
def test_the_record_of_a_table_is_the_one_whose_words_stand_in_its_header(tmp_path: Path, header: list[str], record: str) -> None:
    """Rosters and attendance lists are told apart; a header nobody knows is found by its looks."""
    part = only(paper(tmp_path, [["名册"], header, ["甲"] * len(header), ["乙"] * len(header)]))
    assert (part.shape, part.record, [*part.head]) == ("table", record, [1, 2])


def test_every_shape_and_every_kind_of_line_has_its_words() -> None:
    """In both languages."""
    assert all(label.zh and label.en for label in (*SHAPES.values(), *SKIPPED.values()))
