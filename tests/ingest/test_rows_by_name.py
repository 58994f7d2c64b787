"""Rows given by field name: through Python, and as JSON lines."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS, Course, RowsRefused
from commlms.store.sheets import write_table
from tests.ingest.clerk import column, dump, found


def test_rows_given_together_land_together_or_not_at_all(city: LMS) -> None:
    """One wrong among three: nothing is written, and the problem names the second row given."""
    before = dump(city)
    rows = [{"code": "N1", "name": "赵一"}, {"code": "N2", "name": "钱二", "born": "坏"}, {"code": "N3", "name": "孙三"}]
    with pytest.raises(RowsRefused) as caught:
        city.add(rows, "learner")
    assert [(p.code, p.line) for p in caught.value.problems] == [("not_a_date", 2)]  # type: ignore[attr-defined]  # Problems
    assert dump(city) == before
    rows[1]["born"] = "1980-01-01"
    assert city.add(rows, "learner").new == 3


def test_no_rows_are_no_error(city: LMS) -> None:
    """And no write."""
    before = dump(city)
    assert city.add([], "learner").new == 0
    assert dump(city) == before


def test_a_row_of_one_field_is_a_row(city: LMS) -> None:
    """A learner needs a name and nothing else."""
    assert city.add([{"name": "赵一"}], "learner").new == 1


def test_rows_by_host_key_are_written_once(city: LMS) -> None:
    """The same twice is unchanged; another value changes the row, its code too: the program's key is the sure one."""
    row = {"code": "K1", "title": "书法", "source": "平台", "source_key": "9"}
    assert city.add([row], "course").new == 1
    assert city.add([row], "course").unchanged == 1
    result = city.add([{**row, "code": "K2"}], "course")
    assert (result.new, result.changed) == (0, 1)
    assert column(city, "course", "code") == ["K2"]
    assert city.add([{**row, "source_key": "10"}], "course").new == 1


def test_a_host_key_that_stands_for_another_row_is_refused(city: LMS) -> None:
    """One key of the platform cannot be two participations, nor one code two keys."""
    row = {"learner": "L1", "session": "S1", "source": "平台", "source_key": "1"}
    assert city.add([row], "participation").new == 1
    assert city.add([row], "participation").unchanged == 1
    with pytest.raises(RowsRefused):
        city.add([{**row, "session": "S2"}], "participation")
    city.add([{"code": "L3", "name": "李雷", "source": "平台", "source_key": "3"}], "learner")
    with pytest.raises(RowsRefused):
        city.add([{"code": "L3", "name": "李雷", "source": "平台", "source_key": "4"}], "learner")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (["赵一"], "not_one_value"), ({"a": 1}, "not_one_value"), (b"x", "not_one_value"), (True, "boolean"),
        (float("nan"), "not_a_number"), (dt.date(2022, 1, 1), "date_cell"), ("\ud800", "control_character"),
    ],
)
def test_a_value_that_is_no_text_is_refused(city: LMS, value: Any, code: str) -> None:
    """Never written as the text that Python makes of it."""
    with pytest.raises(RowsRefused) as caught:
        city.add([{"code": "N1", "name": value}], "learner")
    assert [p.code for p in caught.value.problems] == [code]  # type: ignore[attr-defined]  # Problems


def test_values_of_python_are_read_as_what_they_are(city: LMS) -> None:
    """Dates, decimals, integers of any length; a list beside others does not disturb them."""
    city.add([{"code": 510402001001123456789, "title": "书法", "minutes": 90}], "course")
    city.add([Course(code="K2", title="合唱")])
    assert column(city, "course", "code") == ["510402001001123456789", "K2"]
    row = {"learner": "L1", "kind": "credit", "on": dt.date(2022, 1, 2), "title": "学分", "credits": Decimal("1.50")}
    city.add([row], "outcome")
    assert (column(city, "outcome", "on"), column(city, "outcome", "credits")) == (["2022-01-02"], ["1.50"])


def test_one_and_true_are_not_taken_for_each_other(city: LMS, tmp_path: Path) -> None:
    """Python holds 1 and true for equal; what was read of the one is not remembered for the other."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"code": 1, "name": "赵一"}\n{"code": true, "name": "钱二"}\n', encoding="utf-8")
    assert found(city.import_file("learner", path)) == [("boolean", 2, "A2")]


def test_json_lines_keep_every_digit_and_name_their_line(city: LMS, tmp_path: Path) -> None:
    """1.10 credits stay 1.10; a number in scientific notation is no code; blank lines count as lines."""
    lines = [
        {"learner": "L1", "kind": "credit", "on": "2022-01-02", "title": "甲", "credits": 1.1},
        {"learner": "L9", "kind": "credit", "on": "2022-01-02", "title": "乙", "credits": 1},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n\n".join(json.dumps(row) for row in lines) + "\n", encoding="utf-8")
    assert [(code, line) for code, line, _ in found(city.import_file("outcome", path))] == [("unknown_learner", 3)]
    path.write_text('{"code": 5.1e11, "name": "赵一"}\n{"code": 1e400, "name": "钱二"}\n', encoding="utf-8")
    assert [code for code, _, _ in found(city.import_file("learner", path))] == ["not_a_number"]
    assert column(city, "learner", "code")[-1] == "510000000000"


def test_json_lines_take_no_sign_off(city: LMS, tmp_path: Path) -> None:
    """Only spreadsheets need the sign before =; in JSON a text is what it is."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"code": "\'=1", "title": "=1"}\n', encoding="utf-8")
    city.import_file("course", path)
    city.add([{"code": "'+2", "title": "'@"}], "course")
    assert column(city, "course", "code") == ["'=1", "'+2"]
    write_table(tmp_path / "b.jsonl", city.sheets.export("course"), "course")
    assert city.import_file("course", tmp_path / "b.jsonl").unchanged == 2
