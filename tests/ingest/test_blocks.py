"""What reading in blocks must not change: empty imports, cells beyond the header, long texts."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from commlms import LMS
from commlms.ingest.readers import BLOCK_CHARACTERS, open_sheets
from tests.measure.city import TODAY, city


def test_a_place_file_without_one_good_row_names_its_problems(tmp_path: Path) -> None:
    """On a database just opened: nothing lands, and the list of problems is not lost."""
    with city(tmp_path / "city.db"):
        pass
    file = tmp_path / "places.csv"
    file.write_text("代码,名称,级别,上级代码\n990177,,county,9901\n", encoding="utf-8")
    with LMS(tmp_path / "city.db", today=TODAY) as lms:
        result = lms.import_file("place", file)
    assert [(p.code, p.line, p.cell) for p in result.problems] == [("required", 2, "B2")]


@pytest.mark.parametrize(("beyond", "rejected"), [(0, 1), (False, 1), (1, 1), ("x", 1), ("", 0)])
def test_whatever_stands_beyond_the_header_is_refused_a_zero_too(beyond: object, rejected: int, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["学员编号", "姓名", "出生日期"])
    book.active.append(["N1", "张三", "1950-01-02", beyond])
    book.save(tmp_path / "roster.xlsx")
    with city(tmp_path / "city.db") as lms:
        result = lms.import_file("learner", tmp_path / "roster.xlsx")
    assert (result.rejected, result.new) == (rejected, 1 - rejected)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_block_of_long_texts_ends_sooner(form: str, tmp_path: Path) -> None:
    """Memory does not follow the length of texts: no block holds much more than its characters allow."""
    file, long = tmp_path / f"long.{form}", "长" * 200_000
    rows = [f"N{i},{long}" if form == "csv" else json.dumps({"编号": f"N{i}", "姓名": long}, ensure_ascii=False) for i in range(120)]
    file.write_text("\n".join(["编号,姓名", *rows] if form == "csv" else rows), encoding="utf-8")
    blocks = list(open_sheets(file)[0].blocks())
    assert sum(len(block.lines) for block in blocks) == 121
    assert max(sum(map(len, map("".join, block.table))) for block in blocks) <= BLOCK_CHARACTERS + 51 * len(long)
