"""What a user reads of a bad file: the exact words, zh and en, stored; each says where and what to do, none quotes a person."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from commlms import LMS, CommLMSError
from commlms.core.problems import PROBLEMS, Problem
from tests.house.messages import CASES, PERSONAL, Case
from tests.ingest.clerk import new_city

STORED = Path(__file__).parents[1] / "contracts" / "messages.txt"
#: Not said of one row of a file that is imported: a plugin's own sentence, and what no bundled record can come to.
#: Nor what is said where an extra is not installed, or of a whole sheet (below as a file that is refused).
ELSEWHERE = {"objection", "ambiguous_row", "lunar_needs_office", "month_unknown", "no_table"}


def said(case: Case, folder: Path) -> tuple[str, str]:
    """What is said of a bad file in zh and en: the first problem of the case's code, or why the file is refused."""
    with new_city() as lms:
        for record, row in case.before:
            lms.add([dict(row)], record)
        if case.keyless:
            lms._keys = []
        path = case.write(folder)
        if case.record == "take":
            return _taken(case, lms, path)
        if not case.code:
            with pytest.raises(CommLMSError) as refused:
                lms.import_file(case.record, path, sheet=case.sheet)
            return refused.value.say("zh"), refused.value.say("en")
        return _first(case, lms.import_file(case.record, path, sheet=case.sheet, under=case.under).problems)


def _taken(case: Case, lms: LMS, path: Path) -> tuple[str, str]:
    """What 'commlms take' says of a file."""
    (fate,) = lms.office.take([path])
    if case.code:
        return _first(case, list(fate.problems))
    return f"{path.name}〔{fate.sheet}〕：{fate.why.zh}", f"{path.name} [{fate.sheet}]: {fate.why.en}"


def _first(case: Case, problems: list[Problem]) -> tuple[str, str]:
    found = next((p for p in problems if p.code == case.code), None)
    assert found is not None, (case.code, problems)
    return found.say("zh"), found.say("en")


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Case, str, str]]:
    """Every case with what is said of it."""
    return [(case, *said(case, tmp_path_factory.mktemp("bad"))) for case in CASES]


def test_the_exact_words_are_those_stored(sentences: list[tuple[Case, str, str]]) -> None:
    """At least forty; COMMLMS_UPDATE_CONTRACTS=1 rewrites the file."""
    text = "\n".join(f"{case.record} {case.code or 'refused'}\n  {zh}\n  {en}" for case, zh, en in sentences) + "\n"
    if os.environ.get("COMMLMS_UPDATE_CONTRACTS"):
        STORED.write_text(text, encoding="utf-8")
    assert STORED.read_text(encoding="utf-8") == text
    assert len({zh for _, zh, _ in sentences}) >= 40


def test_each_names_its_file_and_a_row_its_line_and_cell_and_sheet(sentences: list[tuple[Case, str, str]]) -> None:
    """The sheet where there are several."""
    for case, zh, en in sentences:
        assert zh.startswith(case.file), zh
        assert en.startswith(case.file), en
        if isinstance(case.rows, dict) and len(case.rows) > 1 and case.sheet is None:
            assert zh.startswith(f"{case.file}〔三月〕"), zh
            assert en.startswith(f"{case.file} [三月]"), en
        if case.code and case.code != "no_organiser":  # a column that is not there has no cell
            assert "（" in zh.split("：")[0], zh
            assert "line " in en.split(": ")[0], en


def test_none_quotes_what_the_file_says_of_a_person(sentences: list[tuple[Case, str, str]]) -> None:
    """Names, birth dates, ID numbers and telephones stand in nearly every bad file."""
    for _, zh, en in sentences:
        for value in PERSONAL:
            assert value not in zh + en, (value, zh)


def test_each_says_what_to_do(sentences: list[tuple[Case, str, str]]) -> None:
    """In a clause of its own."""
    for case, zh, en in sentences:
        assert any(word in zh for word in ("请", "应写", "用 commlms")), zh
        assert any(sign in en.removeprefix(case.file).removeprefix(": ") for sign in ";,:."), en


def test_every_problem_of_a_row_has_its_case() -> None:
    """A new code comes with a bad file."""
    assert {case.code for case in CASES} >= PROBLEMS.keys() - ELSEWHERE
