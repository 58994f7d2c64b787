"""The folder that the office example writes: what it holds, that it can be opened, and that the oracle is right about it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.office import office

#: Every shape and fault of the issue, in the example's words.
ASKED = {
    "table", "sign-in sheet", "month grid", "ledger", "a series line", "a sheet per month", "two-row header", "vertical merges", "万元",
    "学时", "hours", ".xls", ".et", ".ods", ".csv in GBK", "legend", "example row", "signature", "total", "note", "month only", "range",
    "3月5日, year in the title", "3月5日, year in the sheet name", "3月5日, year in the file name", "3月5日, year by --year", "农历",
    "numeric 3.1", "people by ID number", "people by birth date", "people by birth year and home", "phone alone", "name alone",
    "couples who share a phone", "two people of one name", "a person known better in another file", "several candidates",
    "everyday names of villages", "a village name that is ambiguous", "a village that has ended since", "a village that had ended",
    "nothing to report", "nil report", "resent", "over 20 % fewer rows", "wrong year", "password", "one lecture, two senders",
    "sender from the folder", "sender from the title", "sender from 填报单位", "three senders in one workbook", "a person said twice",
    "a session of the ledger", "期数",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the usual seed."""
    out = tmp_path_factory.mktemp("office")
    office.generate(out)
    return out


def content(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def lines(path: Path, sheet: str) -> list[list[Any]]:
    """A sheet's rows from its first line on."""
    if path.suffix == ".csv":
        import csv

        return list(csv.reader(path.read_bytes().decode("gb18030").splitlines()))
    page = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet)
    return page.to_python(skip_empty_area=False)


def test_one_seed_gives_the_same_bytes_and_another_one_others(folder: Path, tmp_path: Path) -> None:
    office.generate(tmp_path / "same")
    office.generate(tmp_path / "other", seed=7)
    assert content(tmp_path / "same") == content(folder)
    assert content(tmp_path / "other") != content(folder)


def test_sixty_files_hold_every_shape_and_fault_that_is_asked_for(folder: Path) -> None:
    files = office.read(folder / "manifest.json")["files"]
    written = [p for p in (folder / "files").rglob("*") if p.is_file()]
    assert len(files) == 60
    assert len({f["file"] for f in files}) == 60
    assert len(written) == 60
    shown = Counter(word for f in files for word in f["shows"])
    assert not ASKED - set(shown)
    assert (shown["resent"], shown["wrong year"], shown["password"], shown["nil report"]) == (2, 1, 1, 1)
    assert Counter(f["fate"] for f in files) == {"taken": 56, "replaced": 1, "not taken": 3}


def test_the_page_shows_the_table_of_what_the_folder_holds(folder: Path) -> None:
    page = (office.EXAMPLE / "README.md").read_text(encoding="utf-8")
    assert office.run(office.sys.executable, str(office.EXAMPLE / "generate.py"), "--faults").strip() in page


def test_three_of_49_townships_send_nothing(folder: Path) -> None:
    manifest = office.read(folder / "manifest.json")
    assert (len(manifest["not_reported"]), manifest["expected_senders"]) == (3, 49)


def test_every_row_stands_where_the_facts_say(folder: Path) -> None:
    """Themes and names are read back from the files themselves, in every format; nothing else stands below a header."""
    for file in office.read(folder / "facts.json")["files"]:
        for sheet in file["sheets"]:
            rows = lines(folder / "files" / file["file"], sheet["sheet"])
            told = {fact["line"] for fact in sheet["facts"]} | {line for line, _ in sheet["skipped"]}
            for fact in sheet["facts"]:
                cells = [str(value).replace("　", "") for value in rows[fact["line"] - 1]]
                assert (fact["person"] or {"name": fact["event"]["theme"]})["name"] in cells, (file["file"], fact["line"])
            if told:
                filled = {n for n, row in enumerate(rows, start=1) if n >= min(told) and any(cell not in ("", None) for cell in row)}
                assert filled == told, (file["file"], sheet["sheet"])


def test_the_locked_file_is_a_compound_file_with_an_encrypted_package(folder: Path) -> None:
    (path,) = (folder / "files").rglob("*加密*")
    raw = path.read_bytes()
    assert raw[:8].hex() == "d0cf11e0a1b11ae1"
    assert "EncryptedPackage".encode("utf-16-le") in raw
    with pytest.raises(Exception, match=r"(?i)password|encrypt|Workbook|cfb|zip"):
        CalamineWorkbook.from_path(path)


def test_id_numbers_are_of_no_area_and_right_but_for_the_one_that_is_not(folder: Path) -> None:
    weights = [2 ** (17 - n) % 11 for n in range(17)]
    wrong = []
    for file in office.read(folder / "facts.json")["files"]:
        for fact in (f for sheet in file["sheets"] for f in sheet["facts"]):
            card = (fact["person"] or {}).get("card")
            if card:
                assert re.fullmatch(r"99\d{15}[\dX]", card)
                dt.date(int(card[6:10]), int(card[10:12]), int(card[12:14]))
                digits = [10 if digit == "X" else int(digit) for digit in card]
                right = sum(digit * weight for digit, weight in zip(digits, [*weights, 1], strict=True)) % 11 == 1
                wrong += [] if right else [(file["file"], fact["line"])]
    assert len(wrong) == 1
    assert "大渡口街道" in wrong[0][0]


@pytest.mark.parametrize("seed", [2022, 7, 11])
def test_the_oracle_tells_people_as_the_one_who_wrote_the_rows_knows_them(tmp_path: Path, seed: int) -> None:
    """By names on paper and the rules alone it comes to as many people as were meant, and to the same doubts."""
    office.generate(tmp_path, seed)
    facts = office.read(tmp_path / "facts.json")
    oracle = office.oracle()
    oracle.fates(facts["files"])
    book = oracle.read(facts["known"], facts["files"])
    right = [f for file in facts["files"] if file["fate"] == "taken" for sheet in file["sheets"] for f in sheet["facts"] if not f["wrong"]]
    signed = [f for f in right if f["person"]]
    assert [f["became"] for f in signed] == [f["expect"] for f in signed]
    meant = {f["who"] for f in signed if f["expect"] == "known"}
    assert len({learner for learner, _ in book.visits}) == len(meant)
    assert len(book.visits) == len({(f["who"], *oracle.key_of(f["event"])) for f in signed if f["expect"] == "known"})
    for file in facts["files"]:  # the fate that the generator means is the one the rules give
        assert (file["fate"] == "not taken") == bool(file["why"])
