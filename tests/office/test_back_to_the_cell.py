"""From a figure back to the cell of the file that a street sent, through a take, as an operator walks it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from commlms.cli.context import DONE
from commlms.cli.main import main
from tests.measure.city import COUNTY, STREET, city

Typed = Callable[..., str]
LINES: tuple[list[object], ...] = (
    ["桥街道智能手机讲座签到表"], ["时间：2022年3月5日", "", "地点：文化站"], ["序号", "姓名", "出生日期", "居住地"],
    [1, "王芳", "1950-01-02", "桥东社区"], [2, "李强", "1948-02-03", "桥东社区"],
)


def saved(path: Path, *lines: list[object]) -> None:
    """A workbook with one sheet of these lines."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "3月签到"
    for line in lines:
        page.append(line)
    book.save(path)


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

    (tmp_path / "in").mkdir()
    saved(tmp_path / "in" / "桥街道3月.xlsx", *LINES)
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


def test_a_corrected_sheet_is_the_source_and_the_former_one_still_holds_the_person(typed: Typed, tmp_path: Path) -> None:
    """The street sends the month again with somebody more in front: rows lead to the new file; an erasure names both."""
    saved(tmp_path / "in" / "桥街道3月(更正).xlsx", *LINES[:3], [1, "赵新", "1951-07-08", "桥东社区"], *LINES[3:])
    typed("take", str(tmp_path / "in"), "--yes")
    typed("explain", "core.persons", "--place", COUNTY, "--period", "2022", "--rows", str(tmp_path / "rows.csv"))
    lines = list(csv.DictReader((tmp_path / "rows.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert {(line["file"], line["cell"]) for line in lines if line["adds"] == "1"} == {
        ("桥街道3月(更正).xlsx", cell) for cell in ("A4", "A5", "A6")
    }
    reference = json.loads(typed("list", "learner", "--format", "jsonl").splitlines()[0])["reference"]
    told = typed("person", "erase", reference, "--yes").splitlines()
    assert [line.split()[1] for line in told if line.startswith("  ")] == ["桥街道3月.xlsx,", "桥街道3月(更正).xlsx,"]
