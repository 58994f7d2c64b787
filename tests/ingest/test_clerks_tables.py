"""Tables as clerks make them: cells beside the header, units in brackets, sums behind a serial number, files that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commlms import LMS, FileRefused
from tests.ingest.clerk import book_file, column, counts, csv_file, found

LEDGER = ["序号", "主办单位", "活动日期", "活动主题", "参加人数"]


def test_a_cell_beyond_the_header_of_a_workbook_is_not_dropped(city: LMS, tmp_path: Path) -> None:
    """As in a text file; the rejects file keeps it, and is refused again until it is dealt with."""
    rows = [["学员编号", "姓名", "出生日期"], ["N1", "赵一", "1980-01-01", None, "甲"], ["N2", "钱二", "1980-01-02"]]
    rejects = tmp_path / "退回.xlsx"
    result = city.import_file("learner", book_file(tmp_path, rows), rejects=rejects)
    assert found(result) == [("row_long", 2, "E2")]
    assert (result.new, result.rejected) == (1, 1)
    (page,) = openpyxl.load_workbook(rejects).worksheets
    assert [c.value for c in page[1]][:5] == ["学员编号", "姓名", "出生日期", "多出的格", "多出的格"]
    assert [c.value for c in page[2]][:5] == ["N1", "赵一", "1980-01-01", None, "甲"]
    assert [code for code, _, _ in found(city.import_file("learner", rejects))] == ["row_long"]


def test_formats_and_spaces_beyond_the_header_are_nothing(city: LMS, tmp_path: Path) -> None:
    """A coloured empty cell makes a sheet wider; there is nothing in it to lose."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in (["学员编号", "姓名", "出生日期"], ["N1", "赵一", "1980-01-01"], ["N2", "钱二"]):
        page.append(row)
    page["E2"].number_format = "0.00"
    page["F3"] = "　"
    book.save(tmp_path / "a.xlsx")
    assert counts(city.import_file("learner", tmp_path / "a.xlsx")) == (2, 2, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_filled_column_without_a_header_is_named_by_its_letter(city: LMS, tmp_path: Path, kind: str) -> None:
    """Among the columns that are not read; an empty one is not named."""
    rows = [["学员编号", "", "姓名", "", "备注"], ["N1", "", "赵一", "", "x"], ["N2", "", "钱二", "13号", "y"]]
    path = book_file(tmp_path, rows) if kind == "xlsx" else csv_file(tmp_path, *map(",".join, rows))
    result = city.import_file("learner", path)
    assert (result.new, result.unread_columns) == (2, ("备注", "D"))


@pytest.mark.parametrize(
    ("header", "cell", "minutes"),
    [
        ("学时（分钟）", "90", "90"), ("学时(min)", "90", "90"), ("时长(分钟)", "90", "90"), ("学时", "2", "90"),
        ("学时（45分钟）", "2", "90"), ("学时(1学时=45分钟)", "2", "90"), ("时长（小时）", "1.5", "90"), ("学时（小时）", "1.5", "90"),
        ("学时（必填）", "2", "90"), ("学时（40分钟）", "2", "80"),
        ("时长（小时，保留1位小数）", "1.5", "90"), ("时长（小时，1小时=60分钟）", "2", "120"), ("学时（分钟）", "2学时", "90"),
    ],
)
def test_a_unit_in_brackets_is_the_unit(city: LMS, tmp_path: Path, header: str, cell: str, minutes: str) -> None:
    """A number in the brackets says how long a lesson is, not what the column holds."""
    path = csv_file(tmp_path, f"主办单位,活动日期,活动主题,{header}", f"JG1,2022-03-07,茶艺,{cell}")
    assert city.import_file("ledger", path).problems == []
    assert column(city, "session", "minutes")[-1] == minutes


def test_a_month_in_a_numeric_cell_is_refused(city: LMS, tmp_path: Path) -> None:
    """1955.10 typed into a cell is the number 1955.1; as text it is October, and 1955 is a year either way."""
    rows: list[list[Any]] = [["学员编号", "姓名", "出生年月"]]
    rows += [[f"N{i}", "赵一", cell] for i, cell in enumerate((1955.1, 1955.11, "1955.10", 1955))]
    result = city.import_file("learner", book_file(tmp_path, rows))
    assert found(result) == [("fraction_month", 2, "C2"), ("fraction_month", 3, "C3")]
    assert column(city, "learner", "born")[-2:] == ["1955-10", "1955"]


@pytest.mark.parametrize("word", ["合计", "本月合计", "本年合计", "总计", "本页小计", "第一季度合计", "3月合计", "2022年总计", "累计"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_sums_behind_a_serial_number_and_of_a_period_are_not_counted(city: LMS, tmp_path: Path, word: str, kind: str) -> None:
    """With and without the number in front."""
    rows: list[list[Any]] = [LEDGER, [1, "JG1", "2022-03-07", "茶艺", 30]]
    rows += [[2, word, "", "", 30], ["", word, "", "", 30], [word, "", "", "", 30]]
    path = book_file(tmp_path, rows) if kind == "xlsx" else csv_file(tmp_path, *(",".join(map(str, r)) for r in rows))
    assert counts(city.import_file("ledger", path)) == (1, 1, 0, 0, 0, 0, 3)


@pytest.mark.parametrize("theme", ["合计算法讲座", "本月合计学习", "年终总计会", "合唱总计划"])
def test_a_theme_that_contains_the_word_is_a_row(city: LMS, tmp_path: Path, theme: str) -> None:
    """Only the word alone, or with a period before it, is a sum."""
    path = csv_file(tmp_path, "序号,活动主题,主办单位,活动日期,参加人数", f"1,{theme},JG1,2022-03-07,30")
    assert counts(city.import_file("ledger", path)) == (1, 1, 0, 0, 0, 0, 0)


def test_a_code_is_no_serial_number(city: LMS, tmp_path: Path) -> None:
    """A course with code 7 that is called 合计 is a course."""
    assert city.import_file("course", csv_file(tmp_path, "课程编号,课程名称", "7,合计")).new == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("名.csv", "姓名\n赵一\n".encode(), ("只认出「姓名」一列", "请至少再加一列")),
        ("缺.csv", "学员编号,出生日期\nN1,1980\n".encode(), ("缺少「姓名」", "请补上这一列")),
        ("空.csv", b"", ("是空的", "请核对")),
        ("零.csv", "学员编号,姓名\nN1,赵\0一\n".encode(), ("第 2 行", "另存为 .xlsx")),
        ("通知.csv", b"%PDF-1.7\nxx\n", ("PDF", "请向报送单位要")),
        ("通知.xlsx", b"%PDF-1.7\nxx\n", ("PDF", "请向报送单位要")),
    ],
)
def test_a_refused_file_says_what_to_do(city: LMS, tmp_path: Path, name: str, content: bytes, says: tuple[str, ...]) -> None:
    """And what is there is not said to be missing."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileRefused) as caught:
        city.import_file("learner", path)
    assert all(part in caught.value.say("zh") for part in says)
    assert "赵一" not in caught.value.say("zh")
