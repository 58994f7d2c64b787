"""Every kind of wrong row: its code, its true line and cell, and a sentence that quotes nothing personal."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from commlms import LMS
from commlms.core.problems import PROBLEMS
from tests.ingest.clerk import L1_ID, book_file, column, csv_file, found, id_number, sentences

ROSTER = "学员编号,姓名,性别,出生日期,身份证号,居住地"
_OTHER_ID = id_number("1981-02-03", "male")
_WRONG_DIGIT = _OTHER_ID[:-1] + ("0" if _OTHER_ID[-1] != "0" else "1")

#: (what is wrong, the row, code of the problem, column of its cell)
LEARNERS = [
    ("no name", "N1,,女,1981-02-03,,", "required", "B"),
    ("no such place", "N1,赵小满,女,1981-02-03,,火星村", "unknown_place", "F"),
    ("two places of that name", "N1,赵小满,女,1981-02-03,,幸福社区", "ambiguous_place", "F"),
    ("no date", "N1,赵小满,女,不详,,", "not_a_date", "D"),
    ("no such day", "N1,赵小满,女,1981年2月30日,,", "not_a_date", "D"),
    ("29 February of a year without one", "N1,赵小满,女,1900-02-29,,", "not_a_date", "D"),
    ("a time of day in the date", "N1,赵小满,女,1981-02-03 09:30,,", "date_with_time", "D"),
    ("born tomorrow", "N1,赵小满,女,2023-07-01,,", "date_in_future", "D"),
    ("over 120", "N1,赵小满,女,1903-06-29,,", "too_old", "D"),
    ("born in 1899", "N1,赵小满,女,1899-12-31,,", "too_old", "D"),
    ("no such sex", "N1,赵小满,未知,1981-02-03,,", "unknown_choice", "C"),
    ("wrong check digit", f"N1,赵小满,男,1981-02-03,{_WRONG_DIGIT},", "id_checksum", "E"),
    ("17 digits", f"N1,赵小满,男,1981-02-03,{_OTHER_ID[:-1]},", "id_form", "E"),
    ("scientific notation", "N1,赵小满,男,1981-02-03,9.90101E+17,", "id_numeric", "E"),
    ("another birth date in the ID", f"N1,赵小满,男,1982-02-03,{_OTHER_ID},", "id_birth", "E"),
    ("another sex in the ID", f"N1,赵小满,女,1981-02-03,{_OTHER_ID},", "id_sex", "E"),
    ("the ID says over 120", f"N1,赵小满,女,,{id_number('1899-02-03')},", "too_old", "E"),
    ("the ID says tomorrow", f"N1,赵小满,女,,{id_number('2023-07-01')},", "date_in_future", "E"),
    ("code in scientific notation", "5.1E+11,赵小满,女,1981-02-03,,", "scientific", "A"),
    ("a lost character", "N1,赵�满,女,1981-02-03,,", "control_character", "B"),
    ("another name than stored", "L3,赵小满,,1970-05-06,,", "conflict", "B"),
    ("another birth date than stored", "L3,李雷,,1971-05-06,,", "conflict", "D"),
    ("another sex than stored", "L1,王芳,男,1955-08-09,,", "conflict", "C"),
    ("another home than stored, no date", "L1,王芳,,1955-08-09,,510403001001", "conflict", "F"),
    ("another person's ID number", f"L2,王芳,,,{L1_ID},", "identity_clash", "A"),
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(("row", "code", "letter"), [case[1:] for case in LEARNERS], ids=[case[0] for case in LEARNERS])
def test_a_wrong_learner_is_named_by_code_line_and_cell(
    city: LMS, tmp_path: Path, kind: str, row: str, code: str, letter: str
) -> None:
    """Below two title rows and a blank one, between two good rows: line 6, and the good rows land."""
    lines = ["2023年学员名册", "填表单位：东区", "", ROSTER, "G1,周一,女,1980-01-01,,", row, "", "G2,周二,男,1980-01-02,,"]
    path = csv_file(tmp_path, *lines) if kind == "csv" else book_file(tmp_path, [line.split(",") for line in lines])
    result = city.import_file("learner", path)
    assert [line for _, line, _ in found(result)] == [6] * len(result.problems)
    assert (code, 6, f"{letter}6") in found(result)
    assert (result.read, result.new, result.held + result.rejected) == (3, 2, 1)
    assert result.held == (1 if code.startswith("ambiguous") else 0)


def test_no_sentence_quotes_what_a_row_says_of_a_person(city: LMS, tmp_path: Path) -> None:
    """Neither the problems nor their exceptions contain a name, a birth date or an ID number of any wrong row."""
    for _, row, _, _ in LEARNERS:
        result = city.import_file("learner", csv_file(tmp_path, ROSTER, row), dry_run=True)
        text = sentences(result.problems)
        assert result.problems
        for value in row.split(",")[1:5]:
            assert len(value) < 2 or value not in text, (value, text)


def test_every_sentence_says_what_to_do_in_both_languages() -> None:
    """Each has two clauses at least, or names the way to write it."""
    for code, label in PROBLEMS.items():
        if code == "objection":
            continue
        assert any(sign in label.zh for sign in "；，："), (code, label.zh)
        assert any(sign in label.en for sign in ";,:"), (code, label.en)


def test_an_id_number_from_a_numeric_cell_is_its_own_error(city: LMS, tmp_path: Path) -> None:
    """A spreadsheet keeps 15 digits: what looks like an ID number has lost its last three."""
    path = book_file(tmp_path, [["学员编号", "姓名", "身份证号"], ["N1", "赵小满", 990101198102030017], [990101198102030017, "赵小满", ""]])
    assert found(city.import_file("learner", path)) == [("id_numeric", 2, "C2"), ("scientific", 3, "A3")]


def test_a_code_that_became_a_date_a_truth_value_or_a_fraction_is_refused(city: LMS, tmp_path: Path) -> None:
    """3-5 typed into a spreadsheet becomes the fifth of March: the code it was is lost."""
    rows = [["学员编号", "姓名"], [dt.date(2023, 3, 5), "赵一"], [True, "赵二"], [1.5, "赵三"], ["N4", dt.datetime(2023, 3, 5)]]
    result = city.import_file("learner", book_file(tmp_path, rows))
    assert found(result) == [("date_cell", 2, "A2"), ("boolean", 3, "A3"), ("fraction_code", 4, "A4"), ("date_cell", 5, "B5")]


def test_a_number_in_a_code_column_keeps_every_digit_it_has(city: LMS, tmp_path: Path) -> None:
    """Twelve digits are exact in a spreadsheet and stay; so do leading zeros of a text."""
    city.import_file("learner", book_file(tmp_path, [["学员编号", "姓名"], [510402001001, "赵一"], ["000123", "赵二"]]))
    assert column(city, "learner", "code")[-2:] == ["510402001001", "000123"]


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("JG9,2022-03-07,茶艺,30,", "unknown_ref", "A2"),
        ("JG1,2023-07-01,茶艺,30,", "date_in_future", "B2"),
        ("JG1,44625.39,茶艺,30,", "not_a_date", "B2"),
        ("JG1,2022-03-07,,30,", "required", "C2"),
        ("JG1,2022-03-07,茶艺,-30,", "negative", "D2"),
        ("JG1,2022-03-07,茶艺,许多,", "not_a_number", "D2"),
        ("JG1,2022-03-07,茶艺,30,-5", "negative", "E2"),
        ("JG1,2022-03-07,茶艺,30,1441", "too_large", "E2"),
        ("JG1,2022-03-07,茶艺,30,5.1E+11", "not_a_number", "E2"),
        ("JG1,2022-03-07,茶艺,1000001,60", "too_large", "D2"),
        ("JG1,2022-03-07,茶艺,30", "row_short", "E2"),
        ("JG1,2022-03-07,茶艺,30,60,70", "row_long", "F2"),
    ],
)
def test_a_wrong_ledger_row_is_named_by_code_and_cell(city: LMS, tmp_path: Path, row: str, code: str, cell: str) -> None:
    """And nothing of it lands."""
    result = city.import_file("ledger", csv_file(tmp_path, "主办单位,活动日期,活动主题,参加人数,时长", row))
    assert found(result) == [(code, 2, cell)]
    assert (result.new, result.rejected) == (0, 1)


@pytest.mark.parametrize(
    ("header", "row", "code", "cell"),
    [
        ("学员编号,场次编号", "L9,S1", "unknown_learner", "A2"),
        ("学员编号,场次编号", "L1,S9", "unknown_session", "B2"),
        ("姓名,出生日期,场次编号", "王芳,,S1", "weak_learner", "A2"),
        ("姓名,出生日期,场次编号", "王芳,1999-01-01,S1", "unknown_learner", "A2"),
        ("身份证号,场次编号", f"{id_number('1955-08-09', serial=7)},S1", "unknown_learner", "A2"),
        ("学员编号,主办单位,活动日期,活动主题", "L1,JG1,2022-03-05,书法", "unknown_session", "B2"),
        ("学员编号,场次编号,参与时长", "L1,S1,-5", "negative", "C2"),
        ("学员编号,场次编号,参与时长", "L1,S1,9999", "too_large", "C2"),
    ],
)
def test_a_person_or_session_that_is_not_identified_rejects_the_row(
    city: LMS, tmp_path: Path, header: str, row: str, code: str, cell: str
) -> None:
    """A person is never found by name alone."""
    assert found(city.import_file("participation", csv_file(tmp_path, header, row))) == [(code, 2, cell)]


def test_a_name_and_birth_date_that_fit_two_people_are_held(city: LMS, tmp_path: Path) -> None:
    """Held until decided: counted apart from the rejected."""
    city.add([{"code": "L4", "name": "李雷", "born": "1970-05-06"}], "learner")
    result = city.import_file("participation", csv_file(tmp_path, "姓名,出生日期,场次编号", "李雷,1970-05-06,S1"))
    assert found(result) == [("ambiguous_learner", 2, "A2")]
    assert (result.held, result.rejected) == (1, 0)


def test_a_row_that_stands_twice_in_a_file_is_named_with_the_line_it_repeats(city: LMS, tmp_path: Path) -> None:
    """By code, and by pair; the first one lands."""
    result = city.import_file("learner", csv_file(tmp_path, "学员编号,姓名", "N1,赵一", "N2,赵二", "N1,赵一"))
    assert found(result) == [("duplicate", 4, "A4")]
    assert "第 2 行" in result.problems[0].say("zh")
    result = city.import_file("participation", csv_file(tmp_path, "学员编号,场次编号", "L1,S1", "L1,S1"))
    assert found(result) == [("duplicate", 3, "A3")]
    assert result.new == 1


def test_one_stored_person_named_in_two_ways_is_a_duplicate(city: LMS, tmp_path: Path) -> None:
    """By code in one row, by name and birth date in the next: two moves on one day cannot both be."""
    path = csv_file(
        tmp_path, "学员编号,姓名,出生日期,居住地,变动日期",
        "L3,李雷,1970-05-06,510402001001,2022-05-01", ",李雷,1970-05-06,510403001001,2022-05-01",
    )
    assert found(city.import_file("learner", path)) == [("duplicate", 3, "A3")]


def test_a_control_character_rejects_the_row(city: LMS, tmp_path: Path) -> None:
    """A bell in a name is no part of it; a tab in a remark that is not read does nothing."""
    result = city.import_file("learner", csv_file(tmp_path, "学员编号,姓名,备注", "N1,赵\x07满,", "N2,赵满,\t\x07"))
    assert found(result) == [("control_character", 2, "B2")]


def test_a_reference_to_a_row_that_is_no_more_is_unknown(city: LMS, tmp_path: Path) -> None:
    """A reference such as #99.k7f3 is looked up, never taken on trust."""
    path = csv_file(tmp_path, "班次编号,课程,办学机构", f"B1,#99.{city.database.uid},JG1")
    assert found(city.import_file("offering", path)) == [("unknown_ref", 2, "B2")]
