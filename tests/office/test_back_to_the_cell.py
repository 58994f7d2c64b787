"""From a figure back to the cell of the file that a street sent, through a take, as an operator walks it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from commlms.cli.context import DONE
from commlms.cli.main import main
from tests.measure.city import COUNTY, STREET, city

Typed = Callable[..., str]
LINES = (
    ["桥街道智能手机讲座签到表"], ["时间：2022年3月5日", "", "地点：文化站"], ["序号", "姓名", "出生日期", "居住地"],
    [1, "王芳", "1950-01-02", "桥东社区"], [2, "李强", "1948-02-03", "桥东社区"],
)


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type a command on a city into which one sign-in sheet of the street was taken, and deleted from the folder it came in."""
    monkeypatch.setenv("COMMLMS_TODAY", "2023-06-01")
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(tmp_path / "office.key"))
    city(tmp_path / "city.db").close()

    def run(*words: str) -> str:
        with pytest.raises(SystemExit) as end:
            main(["--db", str(tmp_path / "city.db"), "--lang", "en", *words])
        out, err = capsys.readouterr()
        assert end.value.code == DONE, err
        return out

    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "3月签到"
    for line in LINES:
        page.append(line)
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / "桥街道3月.xlsx")
    run("key", "new")
    run("take", str(tmp_path / "in"), "--yes")
    (tmp_path / "in" / "桥街道3月.xlsx").rename(tmp_path / "sent.xlsx")
    return run


def test_a_figure_leads_to_the_cell_in_which_the_name_stands(typed: Typed, tmp_path: Path) -> None:
    """Two persons; each row names file, sheet, cell and number; the archive gives that file, and the row of the cell is the person's."""
    typed("explain", "core.persons", "--place", COUNTY, "--period", "2022", "--rows", str(tmp_path / "rows.csv"))
    text = (tmp_path / "rows.csv").read_text(encoding="utf-8-sig")
    assert not any(name in text for name in ("王芳", "李强"))
    lines = [line for line in csv.DictReader(text.splitlines()) if line["adds"] == "1"]
    assert {(line["file"], line["sheet"]) for line in lines} == {("桥街道3月.xlsx", "3月签到")}
    typed("archive", "get", lines[0]["kept as"], str(tmp_path / "again.xlsx"))
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "sent.xlsx").read_bytes()
    page = openpyxl.load_workbook(tmp_path / "again.xlsx")["3月签到"]
    assert {page.cell(page[line["cell"]].row, 2).value for line in lines} == {"王芳", "李强"}


def test_an_undone_delivery_leaves_its_file_and_no_source(typed: Typed, tmp_path: Path) -> None:
    """The figure is 0 again; the file stays in the archive, and is the same one when it is taken again."""
    took = next(line.split()[0] for line in typed("imports", "--all").splitlines() if " take " in line)
    typed("undo", took)
    assert "numerator = 0" in typed("explain", "core.persons", "--place", COUNTY, "--period", "2022")
    (tmp_path / "sent.xlsx").rename(tmp_path / "in" / "桥街道3月.xlsx")
    typed("take", str(tmp_path / "in"), "--yes")
    (only,) = typed("archive", "list").splitlines()[1:]
    assert all(word in only for word in (STREET, "桥街道", "sign-in sheet"))
    assert "all is well" in typed("doctor")
