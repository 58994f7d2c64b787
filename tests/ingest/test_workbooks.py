"""Workbooks as spreadsheet programs leave them: dates, errors, formulas, merged cells, hidden sheets."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from commlms import LMS, FileRefused, write_table
from commlms.ingest import workbooks
from tests.ingest.clerk import book_file, column, counts, csv_file, found


def test_dates_of_every_cell_kind_are_one_day(city: LMS, tmp_path: Path) -> None:
    """Serial 29620 is 3 February 1981; a date cell, a number, text, eight digits in a number."""
    cells = [dt.date(1981, 2, 3), dt.datetime(1981, 2, 3), 29620, "29620", 19810203, "1981.2.3", "１９８１年２月３日"]
    rows = [["学员编号", "姓名", "出生日期"], *([f"N{i}", "赵一", cell] for i, cell in enumerate(cells))]
    assert city.import_file("learner", book_file(tmp_path, rows)).problems == []
    assert column(city, "learner", "born")[3:] == ["1981-02-03"] * 7


def test_a_date_cell_with_a_time_of_day_is_not_cut_short(city: LMS, tmp_path: Path) -> None:
    """The time would be lost without a word."""
    rows = [["主办单位", "活动时间", "活动主题"], ["JG1", dt.datetime(2022, 3, 7, 9, 30), "茶艺"]]
    assert found(city.import_file("ledger", book_file(tmp_path, rows))) == [("date_with_time", 2, "B2")]


def test_serials_that_are_no_day_are_refused(city: LMS, tmp_path: Path) -> None:
    """Negative, too large, an infinite number, a fraction, a truth value."""
    cells = [-5, 3_000_000, 1e300, 29620.25, True]
    rows = [["学员编号", "姓名", "出生日期"], *([f"N{i}", "赵一", cell] for i, cell in enumerate(cells))]
    codes = [code for code, _, _ in found(city.import_file("learner", book_file(tmp_path, rows)))]
    assert codes == ["not_a_date", "not_a_date", "scientific", "date_with_time", "boolean"]


def _page() -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    return book, book.worksheets[0]


def test_a_formula_error_is_no_empty_cell(city: LMS, tmp_path: Path) -> None:
    """#N/A in a column that may be empty rejects the row; in one that is not read it does nothing."""
    book, page = _page()
    page.append(["学员编号", "姓名", "出生日期", "备注"])
    page.append(["N1", "赵一", "#N/A", ""])
    page.append(["N2", "赵二", "", "#REF!"])
    page["C2"].data_type = page["D3"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    result = city.import_file("learner", tmp_path / "a.xlsx")
    assert found(result) == [("cell_error", 2, "C2")]
    assert result.new == 1


def test_a_formula_that_was_never_computed_is_no_empty_cell(city: LMS, tmp_path: Path) -> None:
    """A program wrote the formula, no spreadsheet program has opened the file since."""
    path = book_file(tmp_path, [["学员编号", "姓名", "出生日期"], ["N1", "赵一", "=DATE(1981,2,3)"]])
    assert found(city.import_file("learner", path)) == [("not_computed", 2, "C2")]


def test_a_computed_formula_gives_its_value(city: LMS, tmp_path: Path) -> None:
    """What the spreadsheet program computed and stored beside the formula."""
    path = book_file(tmp_path, [["学员编号", "姓名", "出生日期"], ["N1", "赵一", "=DATE(1981,2,3)"]])
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert b"<v />" in parts[sheet] or b"<v></v>" in parts[sheet] or b"<v/>" in parts[sheet]
    for blank in (b"<v />", b"<v></v>", b"<v/>"):
        parts[sheet] = parts[sheet].replace(blank, b"<v>29620</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    assert city.import_file("learner", path).problems == []
    assert column(city, "learner", "born")[-1] == "1981-02-03"


def test_a_cell_merged_with_the_one_above_is_no_empty_cell(city: LMS, tmp_path: Path) -> None:
    """The organiser written once over three rows belongs to all of them, but a number would not: nothing is guessed."""
    book, page = _page()
    page.append(["2022年活动台账"])
    page.merge_cells("A1:D2")
    page.append([])
    page.append(["主办单位", "活动日期", "活动主题", "内容类别"])
    page.append(["JG1", "2022-03-07", "茶艺", "文化"])
    page.append(["JG1", "2022-03-08", "书法", ""])
    page.append(["JG1", "2022-03-09", "摄影", "文化"])
    page.merge_cells("D4:D5")
    book.save(tmp_path / "a.xlsx")
    result = city.import_file("ledger", tmp_path / "a.xlsx")
    assert found(result) == [("merged_cell", 5, "D5")]
    assert result.new == 2


def test_a_table_that_does_not_begin_in_the_corner_keeps_its_cell_names(city: LMS, tmp_path: Path) -> None:
    """Header at C4, data at row 6."""
    book, page = _page()
    page["C4"], page["D4"], page["E4"] = "学员编号", "姓名", "出生日期"
    page["C6"], page["D6"], page["E6"] = "N1", "赵一", "坏"
    book.save(tmp_path / "a.xlsx")
    assert found(city.import_file("learner", tmp_path / "a.xlsx")) == [("not_a_date", 6, "E6")]


def _three_sheets(path: Path) -> Path:
    book, page = _page()
    page.title = "说明"
    page.append(["请先看说明"])
    hidden = book.create_sheet("旧名册")
    hidden.append(["学员编号", "姓名"])
    hidden.append(["H1", "旧人"])
    hidden.sheet_state = "hidden"
    shown = book.create_sheet("名册")
    shown.append(["学员编号", "姓名"])
    shown.append(["N1", "赵一"])
    book.create_chartsheet("图")
    book.save(path)
    return path


def test_the_first_visible_sheet_with_a_header_is_read_and_the_others_are_named(city: LMS, tmp_path: Path) -> None:
    """A hidden sheet is not read unseen, but it is not passed over in silence either."""
    result = city.import_file("learner", _three_sheets(tmp_path / "a.xlsx"))
    assert (result.sheet, result.new, result.unread_sheets) == ("名册", 1, ("说明", "旧名册"))
    assert column(city, "learner", "code")[-1] == "N1"


def test_a_sheet_is_chosen_by_name_hidden_or_not(city: LMS, tmp_path: Path) -> None:
    """An unknown name is answered with the names there are."""
    path = _three_sheets(tmp_path / "a.xlsx")
    assert city.import_file("learner", path, sheet="旧名册").new == 1
    with pytest.raises(FileRefused, match="choose one of: 说明、旧名册、名册"):
        city.import_file("learner", path, sheet="没有")
    with pytest.raises(FileRefused, match="no sheet"):
        city.import_file("learner", csv_file(tmp_path, "学员编号,姓名"), sheet="没有")


def test_a_workbook_without_a_filled_sheet_is_empty(city: LMS, tmp_path: Path) -> None:
    """One sentence."""
    with pytest.raises(FileRefused, match="is empty"):
        city.import_file("learner", book_file(tmp_path, []))


def test_a_cell_far_outside_the_table_is_refused_by_name(city: LMS, tmp_path: Path) -> None:
    """The reader would reserve memory for 17 thousand million cells and take the whole program down."""
    book, page = _page()
    page.append(["学员编号", "姓名"])
    page["XFD1048576"] = "x"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(FileRefused, match="row 1048576, 16384 columns"):
        city.import_file("learner", tmp_path / "a.xlsx")


def test_a_sheet_that_claims_a_document_type_is_refused(city: LMS, tmp_path: Path) -> None:
    """No entity of a workbook is ever expanded."""
    path = book_file(tmp_path, [["学员编号", "姓名"], ["N1", "赵一"]])
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts["xl/workbook.xml"] = b'<!DOCTYPE a [<!ENTITY b "c">]>' + parts["xl/workbook.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    with pytest.raises(FileRefused):
        city.import_file("learner", path)


def test_true_lines_in_a_workbook_of_many_parts_of_a_megabyte(city: LMS, tmp_path: Path) -> None:
    """The scan for damaged cells reads a sheet in pieces; a cell cut in two by a piece is still seen."""
    rows: list[list[object]] = [["学员编号", "姓名", "住址"]]
    rows += [[f"N{i}", "赵一", ""] for i in range(3000)]
    book, page = _page()
    for row in rows:
        page.append(row)
    for line in range(2, 3002, 7):
        page.cell(line, 3).value = "#N/A"
        page.cell(line, 3).data_type = "e"
    book.save(tmp_path / "a.xlsx")
    for size in (1 << 20, 997):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workbooks, "_PIECE", size)
            result = city.import_file("learner", tmp_path / "a.xlsx", dry_run=True)
        assert [line for _, line, _ in found(result)] == list(range(2, 3002, 7))
        assert counts(result)[:2] == (3000, 3000 - 429)


def test_a_text_with_a_colon_and_an_f_is_no_formula_without_a_result(city: LMS, tmp_path: Path) -> None:
    """In a workbook that keeps its texts in the cells themselves."""
    path = tmp_path / "课程.xlsx"
    write_table(path, [["课程编号", "课程名称"], ["K1", "a:f <f>"]], "课程")
    assert city.import_file("course", path).problems == []
