"""Sign-in sheets and month grids: people of paper, each with the session that the title or the column names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from commlms.core.kinds import DamagedCell
from tests.ingest.paper import facts, only, paper, shaped, skipped, told

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
        ["2022年3月12日合唱签到表"], ["序号", "姓名", "电话", "序号", "姓名", "电话"],
        [1, "王芳", "1", 11, "李雷", "2"], [2, "赵一", "", 12, "", ""],
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
    head, _, second = part.table.rows()
    column = head.cells.index("活动日期")
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


def test_a_grid_of_numeric_days_and_months_is_refused(tmp_path: Path) -> None:
    """3.1 in a numeric cell was 3.1 or 3.10."""
    found = shaped(paper(tmp_path, [["2022年考勤表"], ["姓名", 3.1, 3.5], ["王芳", "√", "√"]]))
    assert [(p.code, p.cell) for p in found.problems] == [("fraction_day", "B2")]


def test_a_title_row_of_labels_and_values_is_no_header(tmp_path: Path) -> None:
    """活动地点 | 三楼 | 主办单位 | 学习点 knows as many words as 姓名 | 出生日期 below it, and stands first."""
    rows: list[list[Any]] = [
        ["幸福社区签到表"], ["活动名称", "合唱", "活动日期", "2022-11-08"], ["活动地点", "三楼", "主办单位", "幸福社区学习点"],
        ["序号", "姓名", "出生日期", "序号", "姓名", "出生日期"], [1, "王芳", "1950-01-01", 2, "李雷", "1950-01-03"],
    ]
    first, second = facts(only(paper(tmp_path, rows)))
    assert first == {
        "姓名": "王芳", "出生日期": "1950-01-01", "活动主题": "合唱", "活动日期": "2022-11-08", "场地": "三楼",
        "主办单位": "幸福社区学习点",
    }
    assert second["姓名"] == "李雷"


@pytest.mark.parametrize(("line", "kind"), [
    (["负责人签字：", "", "日期：2022年11月8日"], "signature"), (["审核人签章", "", ""], "signature"),
    (["出勤人数", "", 3, 1], "total"), (["实到人数：3", "", ""], "total"),
])
def test_what_is_signed_and_counted_below_a_list_is_no_person(tmp_path: Path, line: list[Any], kind: str) -> None:
    """In a list and in a grid."""
    lists = [["2022年11月8日合唱签到表"], ["姓名", "出生日期", "电话"], ["王芳", "1950-01-01", ""], line]
    assert skipped(only(paper(tmp_path, lists))) == [(4, kind)]
    grid = [["2022年11月合唱考勤表"], ["姓名", "出生日期", 1, 8], ["王芳", "1950-01-01", "√", "√"], line]
    assert skipped(only(paper(tmp_path, grid))) == [(4, kind)]


def test_words_in_a_grid_say_what_they_say_and_a_v_is_a_tick(tmp_path: Path) -> None:
    """到 and 请假 need no legend, and are told by none."""
    head: list[list[Any]] = [["2022年11月合唱考勤表"], ["姓名", "出生日期", 1, 2, 3]]
    part = only(paper(tmp_path, [*head, ["王芳", "1955-08-09", "到", "请假", "V"], ["李雷", "", "迟到", "缺", "v"]]))
    assert [(f["姓名"], f["活动日期"][-2:]) for f in facts(part)] == [("王芳", "01"), ("王芳", "03"), ("李雷", "01"), ("李雷", "03")]
    assert [cell for cell, what in told(part) if "没有图例" in what] == ["E3、E4"]


@pytest.mark.parametrize("below", [True, False])
def test_a_legend_may_stand_in_lines_of_its_own_signs(tmp_path: Path, below: bool) -> None:
    """图例 | √ | 出勤, and below it ○ | 请假, △ | 迟到: above or below the grid."""
    legend: list[list[Any]] = [["图例", "√", "出勤"], ["", "○", "请假"], ["", "△", "迟到"]]
    title: list[list[Any]] = [["2022年11月合唱考勤表"]]
    grid: list[list[Any]] = [["姓名", "出生日期", 1, 2, 3], ["王芳", "1955-08-09", "√", "○", "△"]]
    part = only(paper(tmp_path, [*title, *grid, *legend] if below else [*title, *legend, *grid]))
    assert [f["活动日期"] for f in facts(part)] == ["2022-11-01", "2022-11-03"]
