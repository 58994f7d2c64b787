"""What the store knows of a person is not undone by a row that knows less, or contradicted by an ID number."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlms import LMS, RowsRefused
from tests.ingest.clerk import column, counts, csv_file, found, id_number, sentences


def test_a_vaguer_birth_date_changes_nothing_and_an_exacter_one_refines(city: LMS, tmp_path: Path) -> None:
    """The year or month of someone whose day is known is no news; the day of someone whose year is known is."""
    vague = csv_file(tmp_path, "学员编号,姓名,出生年月", "L1,王芳,1955", "L2,王芳,1960年1月", "L3,李雷,1970-05-06")
    assert counts(city.import_file("learner", vague)) == (3, 0, 0, 3, 0, 0, 0)
    assert column(city, "learner", "born") == ["1955-08-09", "1960-01-02", "1970-05-06"]
    city.add([{"code": "N1", "name": "赵一", "born": "1955"}], "learner")
    for written, shown in (("1955-08", "1955-08"), ("1955-08-09", "1955-08-09"), ("1955", "1955-08-09")):
        city.import_file("learner", csv_file(tmp_path, "学员编号,姓名,出生年月", f"N1,赵一,{written}"))
        assert column(city, "learner", "born")[-1] == shown
    other = csv_file(tmp_path, "学员编号,姓名,出生年月", "N1,赵一,1955-09")
    assert found(city.import_file("learner", other)) == [("conflict", 2, "C2")]


def test_a_change_elsewhere_in_the_row_does_not_widen_the_birth_date(city: LMS) -> None:
    """By code and by host key; a person's own correction may widen it."""
    row = {"code": "L3", "name": "李雷", "born": "1970", "sex": "male", "source": "平台", "source_key": "3"}
    assert city.add([row], "learner").changed == 1
    assert city.add([{"source": "平台", "source_key": "3", "name": "李雷", "born": "1970-05"}], "learner").unchanged == 1
    assert (column(city, "learner", "born")[-1], column(city, "learner", "sex")[-1]) == ("1970-05-06", "男")
    city.set("learner", "L3", born="1970")
    assert column(city, "learner", "born")[-1] == "1970"


@pytest.mark.parametrize(
    ("born", "sex", "field"), [("1990-01-01", "female", "出生日期"), ("1955-08-09", "male", "性别"), ("1990-01-01", "male", "出生日期")]
)
def test_an_id_number_that_contradicts_the_stored_person_is_refused(city: LMS, tmp_path: Path, born: str, sex: str, field: str) -> None:
    """Without birth date and sex in the row, the stored ones are asked; the same through ``add`` and ``set``."""
    city.add([{"code": "N1", "name": "赵一", "born": "1955-08-09", "sex": "female"}], "learner")
    number = id_number(born, sex)
    result = city.import_file("learner", csv_file(tmp_path, "学员编号,姓名,身份证号", f"N1,赵一,{number}"))
    assert {(p.code, p.cell) for p in result.problems} == {("id_stored", "C2")}
    assert (result.changed, result.rejected) == (0, 1)
    assert field in sentences(result.problems)
    assert number not in sentences(result.problems)
    with pytest.raises(RowsRefused):
        city.add([{"code": "N1", "name": "赵一", "id_number": number}], "learner")
    with pytest.raises(RowsRefused) as caught:
        city.set("learner", "N1", id_number=number)
    assert number not in caught.value.say("zh")
    assert column(city, "learner", "id_number")[-1] == ""


def test_an_id_number_that_agrees_is_kept(city: LMS, tmp_path: Path) -> None:
    """Also where the store knows only the year, or nothing; and where ``set`` corrects both at once."""
    city.add([{"code": "N1", "name": "赵一", "born": "1955", "sex": "male"}, {"code": "N2", "name": "钱二"}], "learner")
    numbers = [id_number("1955-08-09", "male", 1), id_number("1990-01-01", "female", 2)]
    path = csv_file(tmp_path, "学员编号,姓名,身份证号", f"N1,赵一,{numbers[0]}", f"N2,钱二,{numbers[1]}")
    assert counts(city.import_file("learner", path)) == (2, 0, 2, 0, 0, 0, 0)
    city.set("learner", "N1", born="1990-01-01", sex="female", id_number=id_number("1990-01-01", "female", 3))
    assert column(city, "learner", "born")[-2] == "1990-01-01"


@pytest.mark.parametrize(
    ("row", "held"),
    [
        ("周一,1955,510402001001", True), ("周一,1955-08,510402001001", True), ("周一,1955,", True),
        ("周一,1955-08-09,510402001001", False), ("周一,1955,510403001001", False), ("周一,1956,510402001001", False),
        ("周二,1955,510402001001", False),
    ],
)
def test_a_namesake_whose_birth_date_may_be_the_same_is_held(city: LMS, tmp_path: Path, row: str, held: bool) -> None:
    """Never a silent second person; with a code the row is decided."""
    city.add([{"code": "N1", "name": "周一", "born": "1955-08-09", "home": "510402001001"}], "learner")
    result = city.import_file("learner", csv_file(tmp_path, "姓名,出生日期,居住地", row))
    assert found(result) == ([("ambiguous_birth", 2, "B2")] if held else [])
    assert (result.held, result.rejected) == (int(held), 0)
    if held:
        assert city.import_file("learner", csv_file(tmp_path, "学员编号,姓名,出生日期,居住地", f"N9,{row}")).new == 1
        assert "周一" not in sentences(result.problems)


def test_the_exact_date_of_a_person_stored_by_year_is_held_too(city: LMS, tmp_path: Path) -> None:
    """Which of two people the year meant cannot be known; with the code the day is filled in."""
    city.add([{"code": "N1", "name": "周一", "born": "1955", "home": "510402001001"}], "learner")
    path = csv_file(tmp_path, "姓名,出生日期,居住地", "周一,1955-08-09,510402001001", "周一,1955,510402001001")
    result = city.import_file("learner", path)
    assert (found(result), result.unchanged) == ([("ambiguous_birth", 2, "B2")], 1)


def test_set_refuses_an_end_before_the_beginning(city: LMS) -> None:
    """As an import does."""
    city.add([{"learner": "L1", "group": "留守", "since": "2022-01-01", "evidence": "a"}], "standing")
    (row,) = city.rows("standing")
    with pytest.raises(RowsRefused) as caught:
        city.set("standing", row.reference, until="2021-01-01")
    assert [p.code for p in caught.value.problems] == ["ends_before_start"]  # type: ignore[attr-defined]  # Problems
    city.set("standing", row.reference, until="2022-06-01")
    with pytest.raises(RowsRefused):
        city.set("standing", row.reference, since="2022-07-01")
    assert column(city, "standing", "until") == ["2022-06-01"]


def test_set_refuses_a_circle_of_institutions(city: LMS) -> None:
    """As an import does: a school below itself is in no tree."""
    city.add([{"code": "J2", "name": "分校", "place": "510402001", "parent": "JG1"}], "institution")
    for parent in ("J2", "JG1"):
        with pytest.raises(RowsRefused) as caught:
            city.set("institution", "JG1", parent=parent)
        assert [p.code for p in caught.value.problems] == ["cycle"]  # type: ignore[attr-defined]  # Problems
    city.set("institution", "J2", parent="")
    city.set("institution", "JG1", parent="J2")
    assert column(city, "institution", "parent") == ["J2", ""]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (["周一,1955-08-09,510402001001,", "周一,1955-08-09,510403001001,"], [3]),
        (["周一,1955,510402001001,", "周一,1955,,"], [3]),
        (["周一,1955-08-09,510402001001,", "周一,1955,510402001001,", "周一,1955-08,,"], [3, 4]),
        (["周一,1955,510402001001,", "周一,1955-08-09,510402001001,"], [3]),
        (["周一,1955,510402001001,", "周一,1955-08-09,510403001001,", "周二,1955,510402001001,"], []),
        (["周一,1955,510402001001,", "周一,1955,510403001001,2022-05-01"], []),
    ],
)
def test_two_rows_that_may_be_one_person_are_not_both_taken(city: LMS, tmp_path: Path, rows: list[str], wrong: list[int]) -> None:
    """The second would move the first home, or make a second person; two dates are a move, two homes and birth dates two people."""
    path = csv_file(tmp_path, "姓名,出生日期,居住地,变动日期", *rows)
    result = city.import_file("learner", path)
    assert [(p.code, p.line) for p in result.problems] == [("duplicate", line) for line in wrong]
    assert result.new + result.changed + len(wrong) == len(rows)
    assert next(r.cells["home"] for r in city.rows("learner") if r.cells["name"] == "周一") == "510402001001"


def test_a_man_and_a_woman_of_one_name_are_two_people(city: LMS, tmp_path: Path) -> None:
    """Their birth dates overlap, their sexes do not; where the sex of one is not known they may be one."""
    rows = csv_file(tmp_path, "姓名,出生日期,性别", "张华,1960-03-04,男", "张华,1960,女", "张华,1960,")
    result = city.import_file("learner", rows)
    assert (result.new, [p.line for p in result.problems]) == (2, [4])
