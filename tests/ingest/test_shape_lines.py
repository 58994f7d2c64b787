"""No line of a sheet is lost: each is a row, a title or header, or skipped with a reason, and only one of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from commlms.ingest.readers import Row, Sheet, in_blocks
from commlms.ingest.shapes import Part, read
from tests.ingest.paper import context

_HEADERS = (
    ["序号", "活动主题", "活动时间", "地点", "参加人数"], ["序号", "姓名", "性别", "联系电话"],
    ["姓名", 1, 2, 3, 4], ["姓名", "出生日期", "性别"], ["序号", "姓名", "序号", "姓名"],
    ["活动主题", "日期", "参加人数", ""], ["姓名", "3月5日", "3月6日"],
)
_TITLES = (
    ["2022年3月活动台账"], ["活动主题：健康讲座 时间：2022年3月5日"], ["活动主题", "合唱", "时间", "3月6日"], ["填报单位：某街道"],
    ["2022年3月书法班考勤表"],
)
_NONE = (
    ["合计", "", 30], ["", "小计", 3], ["例", "讲座", "2022-01-01"], ["填表人：张三", "", "审核："], ["注：一式两份"], ["1. 如实填写"],
    [7], ["本月无活动"], ["图例：√出勤 ×缺勤"], ["2022年3月31日"], ["一、讲座"],
)
_CELLS = st.sampled_from((
    "", "", "王芳", "讲座", "3月5日", "2022-03-05", 3.0, 30.0, "√", "○", "?", "同上", "全年24期1200人次", "男", "13800000000",
    "活动主题", "姓名", "日期", "合计", "时间：3月", "本月无活动", "农历正月初五", None, True, 3.1, "例",
))
_ROWS = st.lists(_CELLS, min_size=1, max_size=6)


def _sheet(rows: list[list[Any]], merges: list[tuple[tuple[int, int], tuple[int, int]]]) -> Sheet:
    filled = [Row(i, ["" if c is None else c for c in row]) for i, row in enumerate(rows, 1)]
    return Sheet("3月", False, lambda: in_blocks(filled), merges=tuple(merges))


def _check(sheet: Sheet) -> tuple[Part, ...]:
    """Every line that is not blank stands in exactly one of the three; gives the parts."""
    found = read(sheet, context(2022), "送来.xlsx")
    accounted: list[int] = []
    for part in found.parts:
        rows = [part.origin(row.line).line for row in part.table.rows()][1:]
        accounted += {*rows}
        accounted += part.head
        accounted += [s.line for s in part.skipped]
        numbers = [row.line for row in part.table.rows()]
        assert numbers == sorted(set(numbers))
    lines = {row.line for row in sheet.rows()}
    assert len(accounted) == len(set(accounted))
    assert set(accounted) <= lines
    if not found.problems:
        assert set(accounted) == lines
    return found.parts


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_line_of_a_likely_sheet_is_accounted_for_once(data: st.DataObject) -> None:
    """Titles, a header, rows with lines between them that are none; then perhaps another table."""
    rows: list[list[Any]] = []
    for _ in range(data.draw(st.integers(1, 2))):
        rows += data.draw(st.lists(st.sampled_from(_TITLES), max_size=2))
        rows.append(data.draw(st.sampled_from(_HEADERS)))
        rows += data.draw(st.lists(st.one_of(_ROWS, st.sampled_from(_NONE)), max_size=8))
    top = data.draw(st.integers(0, len(rows) - 1))
    bottom = data.draw(st.integers(top, len(rows) - 1))
    left = data.draw(st.integers(0, 3))
    _check(_sheet(rows, [((top, left), (bottom, left))]))


@settings(max_examples=150, deadline=None)
@given(st.lists(_ROWS, max_size=12))
def test_every_line_of_any_sheet_is_accounted_for_once(rows: list[list[Any]]) -> None:
    """However senseless."""
    _check(_sheet(rows, []))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["讲座", "合唱", "书法"]), min_size=1, max_size=8),
    st.lists(st.sampled_from(_NONE[:6]), max_size=5), st.randoms(),
)
def test_lines_that_are_none_change_no_row(themes: list[str], none: list[list[Any]], random: Any) -> None:
    """However they are strewn among the activities of a ledger: as many rows, in their order, each on its line."""
    lines: list[list[Any]] = [[i, theme, f"3月{i}日", "", 10] for i, theme in enumerate(themes, 1)]
    strewn = [*lines]
    for line in none:
        strewn.insert(random.randint(0, len(strewn)), line)
    rows = [["2022年3月活动台账"], list(_HEADERS[0]), *strewn]
    (part,) = _check(_sheet(rows, []))
    found = [(row.line, row.cells[1], row.cells[2]) for row in part.table.rows()][1:]
    assert found == [(rows.index(line) + 1, line[1], f"2022-03-{i:02d}") for i, line in enumerate(lines, 1)]
    assert len(part.skipped) == len(none)
