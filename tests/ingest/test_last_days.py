"""有效期至 2023-12-31: the last day that counts is written, the first that does not is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS, write_table
from commlms.ingest.mapping import ColumnMap, ColumnsError, save
from commlms.testing import figure, open_lms, small_city

HEAD = ["单位", "称号名称", "级别", "命名单位", "授予日期", "有效期至", "命名文号"]


@pytest.fixture
def lms() -> Iterator[LMS]:
    """The small city with every plugin."""
    with open_lms() as opened:
        small_city(opened)
        yield opened


def imported(lms: LMS, tmp_path: Path, rows: list[list[Any]], head: list[str] = HEAD, name: str = "称号.xlsx") -> Any:
    write_table(tmp_path / name, [["称号名册"], head, *rows], "称号")
    return lms.import_file("recognition.status", tmp_path / name)


def ends(lms: LMS) -> list[str]:
    return [r.cells["until"] for r in lms.rows("recognition.status")]


@pytest.mark.parametrize(("written", "kept"), [
    ("2023-12-31", "2024-01-01"), ("2024年2月28日", "2024-02-29"), ("2023.2.28", "2023-03-01"), ("长期", ""), ("", ""), ("9999-12-31", ""),
])
def test_the_day_after_the_last_day_is_kept_and_goes_out_and_in_unchanged(lms: LMS, tmp_path: Path, written: str, kept: str) -> None:
    result = imported(lms, tmp_path, [["东区", "实验区", "省级", "样省教育厅", "2020-12-01", written, "样教〔2020〕6号"]])
    assert (result.new, result.problems, result.unread_columns, ends(lms)) == (1, [], (), [kept])
    (row,) = lms.rows("recognition.status")
    assert (row.cells["giver"], row.cells["number"]) == ("样省教育厅", "样教〔2020〕6号")
    assert imported(lms, tmp_path, [["东区", "实验区", "省级", "样省教育厅", "2020-12-01", written, "样教〔2020〕6号"]]).unchanged == 1
    write_table(tmp_path / "out.csv", lms.sheets.export("recognition.status"), "称号")
    assert lms.import_file("recognition.status", tmp_path / "out.csv").unchanged == 1


def test_a_title_is_held_on_its_last_day_and_not_on_the_next(lms: LMS, tmp_path: Path) -> None:
    """Until 31 December 2022 it counts in 2022; until 30 December it does not, nor does the first of the two in 2023."""
    imported(lms, tmp_path, [["东区", "实验区", "省级", "", "2020-12-01", "2022-12-31", ""]])
    held = [figure(lms, "recognition.provincial_zone", "900101", y).numerator for y in ("2021", "2022", "2023")]
    assert held == [1, 1, 0]
    imported(lms, tmp_path, [["东区", "实验区", "省级", "", "2020-12-01", "2022-12-30", ""]])
    assert figure(lms, "recognition.provincial_zone", "900101", "2022").numerator == 0


@pytest.mark.parametrize("last", [["有效期至", "撤销日期"], ["撤销日期", "有效期至"]])
def test_an_end_of_its_own_goes_before_the_last_day_that_was_foreseen(lms: LMS, tmp_path: Path, last: list[str]) -> None:
    """One was withdrawn early, the other ran out; a last day that is none is told at its own cell."""
    head = ["单位", "称号名称", "级别", "授予日期", *last]
    told = (("东街街道", "2024-06-29", "2022-09-01"), ("西山镇", "2023-12-31", ""), ("东区", "下次复评", ""))
    rows = [[place, "示范区", "市级", "2021-06-30", *((run, end) if last[0] == "有效期至" else (end, run))] for place, run, end in told]
    result = imported(lms, tmp_path, rows, head)
    assert (ends(lms), result.unread_columns) == (["2022-09-01", "2024-01-01"], ())
    assert [(p.code, p.cell) for p in result.problems] == [("not_a_date", f"{'EF'[last.index('有效期至')]}5")]


def test_saved_columns_keep_both_ends_apart_and_one_field_still_takes_one_column(lms: LMS, tmp_path: Path) -> None:
    head = ["哪里", "称号名称", "级别", "授予日期", "牌子效期至", "撤销日期"]
    rows = [["东街街道", "示范区", "市级", "2021-06-30", "2023-12-31", ""]]
    write_table(tmp_path / "称号.csv", [head, *rows], "称号")
    said = dict(zip(head, ("place", "kind", "rank", "since", "until", "until"), strict=True))
    save(tmp_path / "columns", ColumnMap("recognition.status", said), lms.records)
    lms.import_file("recognition.status", tmp_path / "称号.csv", columns=tmp_path / "columns")
    assert ends(lms) == ["2024-01-01"]
    save(tmp_path / "columns", ColumnMap("recognition.status", said | {"授予日期": "until"}), lms.records)
    with pytest.raises(ColumnsError):
        lms.import_file("recognition.status", tmp_path / "称号.csv", columns=tmp_path / "columns")
