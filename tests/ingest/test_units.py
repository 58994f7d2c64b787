"""Units of money and floor space in tables: header, a line of units, above the table, two header lines, saved columns, take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commlms import LMS
from commlms.ingest.columns import known_words, read_header
from commlms.ingest.mapping import ColumnMap, save
from commlms.ingest.readers import open_sheets
from commlms.testing import open_lms, small_city

HEAD = ["地区", "年度", "经费来源", "经费用途", "预算", "拨付"]
ROW = ["900101", "2022年度", "财政", "专项经费", 12.5, "1,200"]


@pytest.fixture
def lms() -> Iterator[LMS]:
    """The small city with every plugin."""
    with open_lms() as opened:
        small_city(opened)
        yield opened


def book(folder: Path, *rows: list[Any], name: str = "东区2022年经费.xlsx", merged: str = "") -> Path:
    """A workbook of one sheet."""
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    for row in rows:
        page.append(row)
    if merged:
        page.merge_cells(merged)
    made.save(folder / name)
    return folder / name


def kept(lms: LMS, path: Path) -> list[tuple[str, str]]:
    """Budgeted and appropriated, in yuan, of what a file of funds left; nothing of it may be refused."""
    result = lms.import_file("funding.fund", path)
    assert not result.problems, [p.say("zh") for p in result.problems]
    return [(r.cells["budgeted"], r.cells["appropriated"]) for r in lms.rows("funding.fund")]


@pytest.mark.parametrize(
    ("above", "words", "below", "expected"),
    [
        ([], ["预算", "拨付"], [], ("12.50", "1200")),
        ([], ["预算（万元）", "拨付（元）"], [], ("125000", "1200")),
        ([], ["预算(千元)", "拨付/万元"], [], ("12500", "12000000")),
        ([["经费表", "", "", "", "", "单位：万元"]], ["预算", "拨付"], [], ("125000", "12000000")),
        ([["经费表（单位：万元）"]], ["预算", "拨付（元）"], [], ("125000", "1200")),
        ([["", "", "", "", "单位：", "万元"]], ["预算数", "拨付数"], [], ("125000", "12000000")),
        ([], ["预算", "拨付"], [["", "", "", "", "万元", "元"]], ("125000", "1200")),
        ([["", "", "", "", "经费（万元）", ""]], ["预算", "拨付"], [], ("125000", "12000000")),
    ],
)
def test_the_unit_is_found_wherever_the_table_says_it(
    lms: LMS, tmp_path: Path, above: list[list[Any]], words: list[str], below: list[list[Any]], expected: tuple[str, str],
) -> None:
    """Each multiplied exactly: 12.5 and 1,200 in the unit that stands there, yuan where none does."""
    assert kept(lms, book(tmp_path, *above, [*HEAD[:4], *words], *below, ROW)) == [expected]


@pytest.mark.parametrize("words", [["预算（美元）", "拨付（元）"], ["预算（元/人）", "拨付"]])
def test_below_another_unit_every_row_is_refused(lms: LMS, tmp_path: Path, words: list[str]) -> None:
    """With file, line, cell, field, and what to do."""
    result = lms.import_file("funding.fund", book(tmp_path, [*HEAD[:4], *words], ROW))
    assert [(p.code, p.field, p.line, p.cell) for p in result.problems] == [("money_unit", "budgeted", 2, "E2")]
    assert result.problems[0].say("zh").startswith("东区2022年经费.xlsx 第 2 行（E2）：「预算」的单位不能换算")
    assert not list(lms.rows("funding.fund"))


@pytest.mark.parametrize("unit", ["万美元", "千港元", "元/人", "元每人"])
@pytest.mark.parametrize("where", ["above", "below"])
def test_a_unit_that_cannot_be_converted_is_not_read_as_yuan(lms: LMS, tmp_path: Path, unit: str, where: str) -> None:
    """单位：万美元 above a table, or right below its header, is refused as it is in the header itself."""
    rows = [[f"单位：{unit}"], HEAD, ROW] if where == "above" else [HEAD, ["", "", "", "", unit, unit], ROW]
    result = lms.import_file("funding.fund", book(tmp_path, *rows))
    assert [(p.code, p.line) for p in result.problems] == [("money_unit", 3)] * 2
    assert not list(lms.rows("funding.fund"))


def test_two_units_above_a_table_are_none(lms: LMS, tmp_path: Path) -> None:
    """Which of them holds for a column that names none cannot be known."""
    path = book(tmp_path, ["单位：万元", "单位：元"], HEAD, ROW)
    assert {p.code for p in lms.import_file("funding.fund", path).problems} == {"money_unit"}


def test_a_column_that_was_answered_keeps_its_unit(lms: LMS, tmp_path: Path) -> None:
    """今年给了多少（万元） is the budget in 万元 once somebody said that it is the budget."""
    words = ["哪里", "哪年", "谁给的", "干什么的", "今年给了多少（万元）", "到账"]
    names = ["place", "period", "channel", "purpose", "budgeted", "appropriated"]
    save(tmp_path / "columns", ColumnMap("funding.fund", dict(zip(words, names, strict=True))), lms.records)
    path = book(tmp_path, words, ROW)
    result = lms.import_file("funding.fund", path, columns=tmp_path / "columns")
    assert not result.problems
    assert [(r.cells["budgeted"], r.cells["appropriated"]) for r in lms.rows("funding.fund")] == [("125000", "1200")]


def test_people_in_ten_thousands_keep_their_unit_through_an_answer(lms: LMS, tmp_path: Path) -> None:
    """1,2 of them are refused, 1,200 万人次 multiplied: a comma does not lose the unit."""
    words = ["哪个办的", "哪天", "什么内容", "来了多少（万人次）"]
    names = ["institution", "on", "theme", "present"]
    save(tmp_path / "columns", ColumnMap("ledger", dict(zip(words, names, strict=True))), lms.records)
    path = book(tmp_path, words, ["EAST", "2022-05-05", "展演", "0.12"], ["EAST", "2022-05-06", "展览", "1,0"],
    ["EAST", "2022-05-07", "灯会", 10])
    result = lms.import_file("ledger", path, columns=tmp_path / "columns")
    assert [(p.code, p.line) for p in result.problems] == [("not_a_number", 3)]
    assert sorted(int(r.cells["persons"]) for r in lms.rows("headcount"))[-2:] == [1_200, 100_000]


@pytest.mark.parametrize(
    "rows",
    [
        [["东区2022年社区教育经费表"], ["", "", "", "", "", "单位：万元"], HEAD, ROW],
        [["东区2022年社区教育经费表"], [*HEAD[:4], "经费（万元）", ""], ["", "", "", "", "预算", "拨付"], ROW],
        [["东区2022年社区教育经费表"], HEAD, ["", "", "", "", "万元", "万元"], ROW],
    ],
)
def test_taken_from_a_county_it_is_in_its_unit_too(lms: LMS, tmp_path: Path, rows: list[list[Any]]) -> None:
    """The unit above the table, above two columns, on a second header line."""
    (fate,) = lms.office.take([book(tmp_path, *rows)])
    assert not fate.problems, [p.say("zh") for p in fate.problems]
    assert [(r.cells["budgeted"], r.cells["appropriated"]) for r in lms.rows("funding.fund")] == [("125000", "12000000")]


def test_export_and_template_say_yuan_and_come_back(lms: LMS, tmp_path: Path) -> None:
    """Their headers name the unit, and 12.50 stays 12.50."""
    kept(lms, book(tmp_path, HEAD, ROW))
    rows = list(lms.sheets.export("funding.fund"))
    assert {"预算（元）", "拨付（元）", "支出（元）"} <= set(rows[0])
    assert "建筑面积（平方米）" in lms.sheets.template("premises.site")[0]
    path = tmp_path / "back.csv"
    path.write_text("\n".join(",".join(map(str, r)) for r in rows), encoding="utf-8")
    result = lms.import_file("funding.fund", path)
    assert (result.unchanged, result.problems) == (1, [])


def test_a_register_under_an_offices_own_words_is_taken(lms: LMS, tmp_path: Path) -> None:
    """No word is the field's own; two are no other register's."""
    head = ["单位", "年度", "资金来源", "用途", "预算安排", "到位金额"]
    row = ["900101", "2022年", "区财政", "专项", 12.5, 10]
    (fate,) = lms.office.take([book(tmp_path, ["东区2022年经费投入表（单位：万元）"], head, row)])
    assert (fate.why.en if fate.why else "", [r.cells["budgeted"] for r in lms.rows("funding.fund")]) == ("new", ["125000"])


def test_a_table_of_anything_is_not_taken_for_a_register(lms: LMS, tmp_path: Path) -> None:
    """单位, 队伍名称, 人数 may be dancers: only a register's own words name it."""
    (fate,) = lms.office.take([book(tmp_path, ["东区2022年文艺队伍表"], ["单位", "队伍名称", "人数"], ["EAST", "合唱队", 30],
    ["EAST", "舞蹈队", 20])])
    assert fate.why is not None
    assert not list(lms.rows("staffing.team"))


def test_the_line_of_units_belongs_to_the_header(lms: LMS, tmp_path: Path) -> None:
    """It is no row, and is not counted as one."""
    record = lms.records["funding.fund"]
    assert "预算" in {f.label.zh for f in record.fields}
    assert known_words(record, dict(lms.records))
    (sheet,) = open_sheets(book(tmp_path, HEAD, ["", "", "", "", "万元", "元"], ROW))
    header = read_header(sheet, record, dict(lms.records))
    assert (header.line, [c.unit for c in header.columns if c.unit]) == (2, ["万元", "元"])
