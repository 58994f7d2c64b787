"""Rejected rows in a file that is corrected and imported again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from commlms import LMS, FileRefused
from commlms.ingest.readers import open_sheets
from commlms.store.sheets import write_table
from tests.ingest.clerk import book_file, column, counts, csv_file, found

HEADER = "学员编号,姓名,出生日期,备注"


def _rows(path: Path) -> list[list[Any]]:
    (sheet,) = open_sheets(path)
    return [row.cells for row in sheet.rows()]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("source", ["csv", "xlsx"])
def test_rejects_hold_the_row_as_it_came_with_line_and_reason(city: LMS, tmp_path: Path, ending: str, source: str) -> None:
    """Below two title rows: only the header and the wrong row, with its true line, cell and reason."""
    lines = ["名册", "", HEADER, "N1,赵一,1980-01-01,", "N2,钱二,坏,000123", "合计,,,"]
    path = csv_file(tmp_path, *lines) if source == "csv" else book_file(tmp_path, [line.split(",") for line in lines])
    rejects = tmp_path / f"退回{ending}"
    city.import_file("learner", path, rejects=rejects)
    header, row = _rows(rejects)
    assert header == ["学员编号", "姓名", "出生日期", "备注", "原行号", "问题"]
    assert row[:4] == ["N2", "钱二", "坏", "000123"]
    assert int(row[4]) == 5
    assert row[5].startswith("C5：「出生日期」不是日期")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_corrected_rejects_file_lands(city: LMS, tmp_path: Path, ending: str) -> None:
    """Its columns for line and reason are not read, and that is said."""
    rejects = tmp_path / f"退回{ending}"
    city.import_file("learner", csv_file(tmp_path, HEADER, "N1,赵一,坏,", "N2,钱二,1980-02-30,"), rejects=rejects)
    rows = _rows(rejects)
    for row, born in zip(rows[1:], ("1980-01-01", "1980-02-28"), strict=True):
        row[2] = born
    write_table(rejects, rows, "rejects")
    result = city.import_file("learner", rejects)
    assert counts(result) == (2, 2, 0, 0, 0, 0, 0)
    assert result.unread_columns == ("备注", "原行号", "问题")
    assert column(city, "learner", "born")[-2:] == ["1980-01-01", "1980-02-28"]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_an_uncorrected_rejects_file_is_rejected_again(city: LMS, tmp_path: Path, ending: str) -> None:
    """The cell that a row had too many keeps its place under a header of its own."""
    rejects = tmp_path / f"退回{ending}"
    first = city.import_file("learner", csv_file(tmp_path, HEADER, "N1,赵一,1980-01-01,甲,乙", "N2,钱二,坏,"), rejects=rejects)
    assert _rows(rejects)[0][4] == "多出的格"
    again = city.import_file("learner", rejects)
    assert [code for code, _, _ in found(first)] == [code for code, _, _ in found(again)] == ["row_long", "not_a_date"]


def test_reasons_quote_no_personal_value_in_either_language(city: LMS, tmp_path: Path) -> None:
    """The row itself stands in the rejects file; the reason beside it repeats nothing of it."""
    path = csv_file(tmp_path, HEADER, "N1,赵小满,1903年1月1日,")
    for lang in ("zh", "en"):
        city.lang = lang
        rejects = tmp_path / f"{lang}.csv"
        city.import_file("learner", path, rejects=rejects)
        reason = _rows(rejects)[1][-1]
        assert "C2" in reason
        assert "赵小满" not in reason
        assert "1903" not in reason


def test_rejects_that_would_replace_the_file_being_read_are_refused(city: LMS, tmp_path: Path) -> None:
    """By its own name, by another path to it, by a link to it: the file stays as it was."""
    path = csv_file(tmp_path, HEADER, "N1,赵一,坏,")
    content = path.read_bytes()
    link = tmp_path / "别名.csv"
    link.symlink_to(path)
    (tmp_path / "夹").mkdir()
    for rejects in (path, tmp_path / "夹" / ".." / path.name, link):
        with pytest.raises(FileRefused, match="cannot replace"):
            city.import_file("learner", path, rejects=rejects)
        assert path.read_bytes() == content


@pytest.mark.parametrize("name", ["退回.txt", "退回", "夹.csv", "文件.csv/退回.csv"])
def test_rejects_that_cannot_be_written_are_refused_with_a_sentence(city: LMS, tmp_path: Path, name: str) -> None:
    """An ending that is no table, a folder, a folder that is a file."""
    (tmp_path / "夹.csv").mkdir()
    (tmp_path / "文件.csv").write_text("x", encoding="utf-8")
    with pytest.raises(FileRefused):
        city.import_file("learner", csv_file(tmp_path, HEADER, "N1,赵一,坏,"), rejects=tmp_path / name)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_rejects_are_harmless_and_lose_nothing(city: LMS, tmp_path: Path, ending: str) -> None:
    """A formula in a rejected row is text in the file, and is itself again when read."""
    rejects = tmp_path / f"退回{ending}"
    city.import_file("learner", csv_file(tmp_path, HEADER, "=1+1,'+甲,坏,"), rejects=rejects)
    row = _rows(rejects)[1]
    assert row[:2] == ["'=1+1", "'+甲"]
    row[2] = "1980-01-01"
    write_table(tmp_path / "b.csv", [HEADER.split(","), ["=1+1", "+甲", "1980-01-01", ""]], "b")
    city.import_file("learner", tmp_path / "b.csv")
    assert (column(city, "learner", "code")[-1], column(city, "learner", "name")[-1]) == ("=1+1", "+甲")


def test_characters_that_no_file_can_hold_are_shown_as_lost(city: LMS, tmp_path: Path) -> None:
    """A half of a surrogate pair and a control character do not break the rejects file."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"code": "N1", "name": "赵\\ud800"}\n{"code": "N2", "name": "赵\\u0007"}\n', encoding="utf-8")
    for ending in (".csv", ".xlsx"):
        rejects = tmp_path / f"退回{ending}"
        assert [c for c, _, _ in found(city.import_file("learner", path, rejects=rejects))] == ["control_character"] * 2
        assert [row[1] for row in _rows(rejects)[1:]] == ["赵\ufffd", "赵\ufffd"]


def test_no_rejects_file_is_written_where_nothing_is_wrong(city: LMS, tmp_path: Path) -> None:
    """An old one is not touched."""
    city.import_file("learner", csv_file(tmp_path, HEADER, "N1,赵一,,"), rejects=tmp_path / "退回.csv")
    assert not (tmp_path / "退回.csv").exists()
