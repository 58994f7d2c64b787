"""What is a report of nothing, what is no table, and of which record a table is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from commlms.ingest.readers import Sheet, in_blocks
from commlms.ingest.shapes import SHAPES, SKIPPED, read
from tests.ingest.paper import context, facts, only, paper, shaped

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
    assert (part.shape, part.nil, part.period and part.period.key) == ("nil", True, "2022-05")
    assert len([*part.table.rows()][1:]) == 0


def test_an_empty_ledger_alone_is_no_report_of_nothing(tmp_path: Path) -> None:
    """The words must be there."""
    part = only(paper(tmp_path, [["2022年5月台账"], ["活动主题", "活动时间", "人数"]]))
    assert (part.shape, part.nil, facts(part)) == ("ledger", False, [])


def test_a_sheet_of_explanations_is_no_table_and_a_blank_one_nothing(tmp_path: Path) -> None:
    """The first has a problem, the second neither part nor problem."""
    found = shaped(paper(tmp_path, [["填表说明"], ["请于每月5日前报送。"]]))
    assert ([p.code for p in found.problems], found.parts) == (["no_table"], ())
    blank = read(Sheet("空", False, lambda: in_blocks([])), context())
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
