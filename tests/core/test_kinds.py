"""What each kind of field reads from a cell, and what it refuses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from commlms.core.identity import check_digit
from commlms.core.kinds import KINDS, Reading, Unreadable
from commlms.core.labels import Label
from commlms.core.records import Field, choice_of

READING = Reading(today=20230630, digest=lambda number: f"digest of {number.number[-4:]}")
ID = "99010119550809002" + check_digit("99010119550809002")


def read(kind: str, cell: object, **options: Any) -> tuple[Any, ...]:
    """A cell as a field of a kind stores it."""
    field = Field("f", Label("栏", "field"), KINDS[kind], **options)
    return field.kind.read(field, cell, READING)


def refusal(kind: str, cell: object, **options: Any) -> str:
    """The problem's code of a cell that a field of a kind refuses."""
    with pytest.raises(Unreadable) as caught:
        read(kind, cell, **options)
    return caught.value.code


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"ref"}))
def test_the_example_of_every_template_can_be_read(kind: str) -> None:
    """And is shown as something that is read as the same again."""
    options: dict[str, Any] = {"open": True} if kind == "choice" else {}
    example = ID if kind == "id_number" else KINDS[kind].example
    stored = read(kind, example, **options)
    shown = KINDS[kind].show(Field("f", Label("栏", "field"), KINDS[kind], **options), stored)
    assert read(kind, shown, **options) == ((None, None) if kind == "id_number" else stored)


@pytest.mark.parametrize(
    ("cell", "stored"), [("  甲 ", "甲"), (12.0, "12"), (0.5, "0.5"), (Decimal("1.10"), "1.10"), (10**20, "1" + "0" * 20), ("007", "007")]
)
def test_texts_keep_what_stands_in_the_cell(cell: object, stored: str) -> None:
    """Whole numbers of a spreadsheet without .0; leading zeros and long integers as they are."""
    assert read("text", cell) == (stored,)


@pytest.mark.parametrize("kind", ["text", "name", "title", "code", "integer", "people", "minutes", "hundredths", "money", "area"])
def test_cells_that_have_lost_something_are_refused(kind: str) -> None:
    """A number of 16 digits, a date where none belongs, a truth value, a list, an infinite number."""
    assert refusal(kind, 1e15) == "scientific"
    assert refusal(kind, dt.date(2022, 3, 5)) == "date_cell"
    assert refusal(kind, dt.timedelta(hours=1)) == "date_cell"
    assert refusal(kind, True) == "boolean"
    assert refusal(kind, ["甲"]) == "not_one_value"
    assert refusal(kind, float("inf")) == "not_a_number"
    assert refusal(kind, "甲\x00") == "control_character"
    assert refusal(kind, "\ufffd") == "control_character"


@pytest.mark.parametrize("cell", ["5.1E+11", "5.1e11", "5E+10", "9.90101198102030e+17"])
def test_codes_in_scientific_notation_are_refused(cell: str) -> None:
    """Their digits are gone."""
    assert refusal("code", cell) == "scientific"


@pytest.mark.parametrize(
    ("cell", "stored"), [("3E12", "3E12"), ("1e5", "1e5"), ("Ａ０１", "A01"), (510402001.0, "510402001"), (" B 1 ", "B 1")]
)
def test_codes_that_only_look_like_numbers_stay(cell: object, stored: str) -> None:
    """Room 3E12 is no number; width and padding are made regular."""
    assert read("code", cell) == (stored,)


def test_names_lose_padding_and_nothing_else() -> None:
    """王　芳 is 王芳; a name in Latin letters keeps its spaces, one between two."""
    assert read("name", "王　芳 ") == ("王芳",)
    assert read("name", " Anna  Maria") == ("Anna Maria",)


def test_titles_are_compared_without_spaces_signs_and_width() -> None:
    """What is shown stays as written; a title of signs alone is compared as it is."""
    assert read("title", "“健康”讲座（１）") == ("“健康”讲座（１）", "健康讲座1")
    assert read("title", "★") == ("★", "★")
    assert read("title", "♥")[1] != read("title", "★")[1]


@pytest.mark.parametrize(
    ("cell", "minutes"), [(90, 90), ("90分钟", 90), ("1.5小时", 90), ("2学时", 90), ("２ｈ", 120), ("0.5", None), ("1.01小时", None)]
)
def test_lengths_are_whole_minutes(cell: object, minutes: int | None) -> None:
    """One 学时 is 45 minutes; what is no whole number of minutes is refused."""
    if minutes is None:
        assert refusal("minutes", cell) == "not_a_number"
    else:
        assert read("minutes", cell) == (minutes,)


def test_amounts_have_bounds() -> None:
    """Negative and absurd ones are refused with the limit."""
    assert refusal("minutes", "-5") == "negative"
    assert refusal("integer", -1.0) == "negative"
    assert refusal("hundredths", "-0.5") == "negative"
    assert refusal("people", "-5") == "negative"
    assert refusal("minutes", 1441, maximum=1440) == "too_large"
    assert read("integer", "１,２３４") == (1234,)
    assert refusal("integer", "1.5") == "not_a_number"
    assert read("hundredths", "1.5") == (150,)
    assert refusal("hundredths", "1.005") == "too_many_decimals"


@pytest.mark.parametrize(
    ("cell", "stored"),
    [("9:05", "09:05"), ("９：３０", "09:30"), ("14时30分", "14:30"), ("9点", "09:00"), ("09:30:00", "09:30"), (0.375, "09:00"),
     (dt.time(9, 5), "09:05")],
)
def test_times_of_day(cell: object, stored: str) -> None:
    """As text, as a time cell, as the fraction of a day that a spreadsheet keeps."""
    assert read("clock", cell) == (stored,)


@pytest.mark.parametrize(
    ("cell", "stored"),
    [("2022", "2022"), (2022, "2022"), (2022.0, "2022"), ("２０２２年", "2022"), ("2022h1", "2022H1"), ("2022Q3", "2022Q3"),
     (" 2022-03 ", "2022-03"), ("2022s", "2022S"), ("2020..2022", "2020..2022"), ("2022年度", "2022"), ("2022年3月", "2022-03"),
     ("2022年上半年", "2022H1"), ("2022年下半年", "2022H2"), ("2022年第三季度", "2022Q3"), ("2022年4季度", "2022Q4")],
)
def test_periods(cell: object, stored: str) -> None:
    assert read("period", cell) == (stored,)


@pytest.mark.parametrize("cell", ["2022x", "2022-13", "今年", "2022Q5", "2022..2020", "22", "2022-03-05", 2022.1, "上半年"])
def test_what_is_no_period(cell: object) -> None:
    """It would never be asked for, and so never be seen again."""
    assert refusal("period", cell) == "not_a_period"


@pytest.mark.parametrize("cell", ["24:00", "9:60", "上午", 0.99999, 1.0, -0.1, dt.time(9, 30, 15), "9:00-11:00"])
def test_what_is_no_time_of_day(cell: object) -> None:
    """A fraction that rounds to 24:00 too; seconds are not cut off."""
    assert refusal("clock", cell) == "not_a_time"


def test_births_are_days_or_years_and_not_too_long_ago() -> None:
    """A year alone is its first and last day; on the day of 120 years a person may still be born."""
    assert read("birth", "1955") == read("birth", 1955.0) == read("birth", "1955年") == (19550101, 19551231)
    assert read("birth", "1903-06-30") == (19030630, 19030630)
    assert refusal("birth", "1903-06-29") == "too_old"
    assert refusal("birth", "2023-07-01") == "date_in_future"
    assert read("birth", "2023-06-30") == (20230630, 20230630)


def test_days_in_the_future_only_where_the_field_allows() -> None:
    """The end of a membership may lie ahead, a meeting may not."""
    assert refusal("day", "2023-07-01") == "date_in_future"
    assert read("day", "2023-07-01", future=True) == (20230701,)
    assert refusal("day", dt.datetime(2022, 3, 5, 9, 30)) == "date_with_time"


def test_id_numbers_are_kept_as_digest_and_mask_only() -> None:
    """Lower-case x and width are made regular; the masked form that goes out comes back as nothing."""
    assert read("id_number", ID) == (f"digest of {ID[-4:]}", f"990{'*' * 14}{ID[-1]}")
    assert read("id_number", f"990{'*' * 14}{ID[-1]}") == (None, None)
    assert refusal("id_number", 9.9010119550809e16) == "id_numeric"
    assert refusal("id_number", int(ID[:17])) == "id_numeric"
    assert refusal("id_number", ID[:-1]) == "id_form"
    field = Field("f", Label("栏", "field"), KINDS["id_number"])
    with pytest.raises(Unreadable, match="id_needs_key"):
        field.kind.read(field, ID, Reading(today=20230630))


def test_flags_and_choices() -> None:
    """Words of a choice in both languages and its aliases; an open one keeps other words."""
    choices = (choice_of("male", "男", "male", "M"), choice_of("female", "女", "female"))
    assert read("choice", "ｍ", choices=choices) == ("male",)
    assert refusal("choice", "未知", choices=choices) == "unknown_choice"
    assert read("choice", "未知", choices=choices, open=True) == ("未知",)
    assert (read("flag", "是"), read("flag", False), read("flag", "√")) == ((1,), (0,), (1,))
    assert refusal("flag", "也许") == "unknown_choice"
