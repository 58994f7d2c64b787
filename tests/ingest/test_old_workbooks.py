"""Workbooks of other programs: .xls, WPS .et and .ods, read as .xlsx is; and those among them that cannot be."""

from __future__ import annotations

import datetime as dt
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, TableCell, TableRow
from odf.table import Table as OdfTable
from odf.text import P

from commlms import LMS, FileRefused
from commlms.core.kinds import DamagedCell
from commlms.ingest.readers import Sheet, open_sheets
from tests.ingest.clerk import book_file, counts, found
from tests.ingest.paper import facts, only

ROSTER: list[list[Any]] = [
    ["学员编号", "姓名", "出生日期"], ["N1", "赵一", dt.date(1980, 1, 2)], ["N2", "赵二", dt.date(1981, 2, 3)],
]
LEDGER: list[list[Any]] = [
    ["2022年活动台账", "", ""], ["活动主题", "活动日期", "参加人数"],
    ["讲座", "3月5日", 30.0], ["", "3月6日", 40.0], ["合唱", "3月7日", 50.0],
]


def xls(path: Path, rows: list[list[Any]], down: tuple[int, int, int] | None = None) -> Path:
    """An old workbook; ``down`` merges (first row, last row, column)."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("一月")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if down and j == down[2] and down[0] <= i <= down[1]:
                continue
            if cell != "":
                sheet.write(i, j, cell, day) if isinstance(cell, dt.date) else sheet.write(i, j, cell)
    if down:
        sheet.write_merge(down[0], down[1], down[2], down[2], rows[down[0]][down[2]])
    book.save(str(path))
    return path


def ods(path: Path, rows: list[list[Any]], down: tuple[int, int, int] | None = None) -> Path:
    """An open document; ``down`` merges (first row, last row, column)."""
    book = OpenDocumentSpreadsheet()
    table = OdfTable(name="一月")
    book.spreadsheet.addElement(table)
    for i, row in enumerate(rows):
        line = TableRow()
        table.addElement(line)
        for j, cell in enumerate(row):
            merged = down is not None and j == down[2] and down[0] <= i <= down[1]
            line.addElement(CoveredTableCell() if merged and down and i > down[0] else _cell(cell, down if merged else None))
    book.save(str(path))
    return path


def _cell(value: Any, down: tuple[int, int, int] | None) -> Any:
    span = {"numberrowsspanned": down[1] - down[0] + 1, "numbercolumnsspanned": 1} if down else {}
    if isinstance(value, float):
        return TableCell(valuetype="float", value=str(value), **span)
    if isinstance(value, dt.date):
        return TableCell(valuetype="date", datevalue=value.isoformat(), **span)
    if value == "":
        return TableCell(**span)
    cell = TableCell(valuetype="string", **span)
    cell.addElement(P(text=value))
    return cell


def made(path: Path, rows: list[list[Any]], down: tuple[int, int, int] | None = None) -> Path:
    """A workbook of the kind that the path's ending names. An .et is an .xls by another name."""
    return (ods if path.suffix == ".ods" else xls)(path, rows, down)


@pytest.mark.parametrize("ending", ["xls", "et", "ods"])
def test_a_roster_of_another_program_is_imported(city: LMS, tmp_path: Path, ending: str) -> None:
    """Read 2, new 2; the dates are dates."""
    result = city.import_file("learner", made(tmp_path / f"名册.{ending}", ROSTER))
    assert counts(result)[:2] == (2, 2)
    assert [r.cells["born"] for r in city.rows("learner") if r.cells["code"] in ("N1", "N2")] == ["1980-01-02", "1981-02-03"]


@pytest.mark.parametrize("ending", ["xls", "et", "ods"])
def test_cells_merged_downwards_are_known_in_every_program(tmp_path: Path, ending: str) -> None:
    """The theme of rows 3 and 4 is one cell, A3."""
    part = only(made(tmp_path / f"台账.{ending}", LEDGER, down=(2, 3, 0)))
    assert [(f["活动主题"], f["活动日期"]) for f in facts(part)] == [
        ("讲座", "2022-03-05"), ("讲座", "2022-03-06"), ("合唱", "2022-03-07"),
    ]
    assert part.cell(4, 0) == "A3"


@pytest.mark.parametrize("ending", ["xls", "et", "ods"])
def test_an_import_refuses_merged_rows_of_every_program(city: LMS, tmp_path: Path, ending: str) -> None:
    """As it does for .xlsx: a strict import guesses nothing."""
    rows = [["学员编号", "姓名"], ["N1", "赵一"], ["N2", ""]]
    assert found(city.import_file("learner", made(tmp_path / f"名册.{ending}", rows, down=(1, 2, 1)))) == [("merged_cell", 3, "B3")]


def test_a_workbook_is_read_by_its_content_whatever_it_is_called(city: LMS, tmp_path: Path) -> None:
    """An .xlsx saved as .et or .xls, and an .xls renamed to .xlsx."""
    inside = book_file(tmp_path, [["学员编号", "姓名"], ["N1", "赵一"]])
    for name in ("新表.et", "新表.xls"):
        assert counts(city.import_file("learner", inside.rename(tmp_path / name)))[0] == 1
        inside = tmp_path / name
    assert counts(city.import_file("learner", xls(tmp_path / "旧.xlsx", ROSTER)))[0] == 2


def _refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        open_sheets(path)
    return caught.value.say("en")


@pytest.mark.parametrize("name", ["锁.xls", "锁.et"])
def test_an_old_workbook_with_a_password_is_refused(tmp_path: Path, name: str) -> None:
    """Its first records say so: one that says nothing is made the one that does."""
    path = xls(tmp_path / name, ROSTER)
    content = bytearray(path.read_bytes())
    at = content.find(struct.pack("<HHH", 0x00E1, 2, 0x04B0))
    content[at:at + 2] = struct.pack("<H", 0x002F)
    path.write_bytes(content)
    assert "password" in _refusal(path)


def test_an_open_document_with_a_password_is_refused(tmp_path: Path) -> None:
    """Its manifest says that the content is encrypted."""
    whole, path = ods(tmp_path / "开.ods", ROSTER), tmp_path / "锁.ods"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>"))
    assert "password" in _refusal(path)


@pytest.mark.parametrize("ending", ["xls", "et", "ods"])
def test_a_workbook_cut_short_is_refused(tmp_path: Path, ending: str) -> None:
    """At any length: never a traceback, never some of the rows."""
    path = made(tmp_path / f"名册.{ending}", [*ROSTER, *([["N3", "王芳" * 9, ""]] * 300)])
    whole = path.read_bytes()
    for length in range(8, len(whole) - 600, len(whole) // 12):
        path.write_bytes(whole[:length])
        assert "damaged" in (said := _refusal(path)) or "incomplete" in said or "not a workbook" in said


def test_a_letter_named_as_a_workbook_is_refused(tmp_path: Path) -> None:
    """The container of an .xls without a workbook in it: the stream has another name."""
    path = xls(tmp_path / "通知.xls", ROSTER)
    path.write_bytes(path.read_bytes().replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")))
    assert "not a workbook" in _refusal(path)


def _cells(sheet: Sheet) -> list[list[Any]]:
    return [row.cells for row in sheet.rows()]


def test_a_formula_error_of_an_old_workbook_is_no_blank_cell(tmp_path: Path) -> None:
    """The cell of a truth value made one of an error, as a spreadsheet program writes #N/A."""
    path = xls(tmp_path / "错.xls", [["甲", True]])
    content = bytearray(path.read_bytes())
    at = content.find(struct.pack("<HHHH", 0x0205, 8, 0, 1))
    content[at + 10:at + 12] = b"\x2a\x01"
    path.write_bytes(content)
    assert _cells(open_sheets(path)[0]) == [["甲", DamagedCell("cell_error", "#N/A")]]


def test_a_formula_error_of_an_open_document_is_no_blank_cell(tmp_path: Path) -> None:
    """A formula whose text is an error."""
    book = OpenDocumentSpreadsheet()
    table = OdfTable(name="一月")
    book.spreadsheet.addElement(table)
    line = TableRow()
    table.addElement(line)
    line.addElement(_cell("甲", None))
    wrong = TableCell(formula="of:=1/0", valuetype="string", stringvalue="")
    wrong.addElement(P(text="#DIV/0!"))
    line.addElement(wrong)
    book.save(str(tmp_path / "错.ods"))
    assert _cells(open_sheets(tmp_path / "错.ods")[0]) == [["甲", DamagedCell("cell_error", "#DIV/0!")]]


def test_a_cell_far_outside_an_open_document_is_refused(tmp_path: Path) -> None:
    """A row that is said a million times over, with thirty filled cells."""
    path = ods(tmp_path / "远.ods", [["甲"] * 30])
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">')
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    assert "far outside" in _refusal(path)
