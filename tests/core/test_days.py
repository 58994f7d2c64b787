"""Days in the many ways offices write them, and periods of them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlms.core.days import ALWAYS, NEVER, NotADate, Period, iso, parse_day, to_date, to_int
from commlms.core.errors import UnknownName


@pytest.mark.parametrize(
    "cell",
    ["2022-3-5", "2022/03/05", "2022.3.5", "20220305", "2022年3月5日", "2022年3月5号", "２０２２－０３－０５", " 2022 - 3 - 5 ", "44625",
     44625, 44625.0, 20220305, 20220305.0, dt.date(2022, 3, 5), dt.datetime(2022, 3, 5), "2022-03-05 00:00:00", "2022-03-05T00:00:00.000"],
)
def test_every_way_to_write_one_day(cell: object) -> None:
    """Serial 44625 is 5 March 2022 in the calendar of spreadsheets."""
    assert parse_day(cell) == 20220305


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1900-02-29", "not_a_date"), ("2023-02-29", "not_a_date"), ("2022-13-01", "not_a_date"), ("0000-01-01", "not_a_date"),
        ("", "not_a_date"), ("60", "not_a_date"), (60, "not_a_date"), (-5.0, "not_a_date"), (1e300, "not_a_date"),
        (float("nan"), "not_a_date"), (float("inf"), "not_a_date"),
        (True, "not_a_date"), ("三月五日", "not_a_date"), ("22-3-5", "not_a_date"),
        (dt.time(9, 30), "not_a_date"), (["2022-03-05"], "not_a_date"),
        ("2022年3月", "date_without_day"), ("202203", "date_without_day"), ("2022-3", "date_without_day"),
        ("2022-03-05 09:30", "date_with_time"), (dt.datetime(2022, 3, 5, 9, 30), "date_with_time"), (44625.39, "date_with_time"),
    ],
)
def test_what_is_no_day(cell: object, code: str) -> None:
    """With the reason: no such day, the day is missing, a time of day would be cut off."""
    with pytest.raises(NotADate) as caught:
        parse_day(cell)
    assert str(caught.value) == code


@given(st.dates(min_value=dt.date(1927, 5, 18), max_value=dt.date(2173, 10, 13)))
def test_all_spellings_of_a_day_agree(day: dt.date) -> None:
    """Text, eight digits, serial (five digits: 1927 to 2173), and the integer that is stored."""
    serial = (day - dt.date(1899, 12, 30)).days
    for cell in (day, day.isoformat(), f"{day:%Y%m%d}", serial, float(serial), f"{day.year}年{day.month}月{day.day}日"):
        assert parse_day(cell) == to_int(day)
    assert to_date(to_int(day)) == day
    assert iso(to_int(day)) == day.isoformat()


def test_open_ends_are_shown_as_nothing() -> None:
    """A state without a known start or end."""
    assert (iso(ALWAYS), iso(NEVER)) == ("", "")


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2022", 20220101, 20221231), ("2022H1", 20220101, 20220630), ("2022h2", 20220701, 20221231), ("2022Q1", 20220101, 20220331),
        ("2022Q2", 20220401, 20220630), ("2022Q3", 20220701, 20220930), ("2022Q4", 20221001, 20221231), ("2024-02", 20240201, 20240229),
        ("2022-12", 20221201, 20221231), ("2022S", 20220901, 20230831), ("2020..2022", 20200101, 20221231),
    ],
)
def test_periods_have_a_first_and_a_last_day(key: str, first: int, last: int) -> None:
    """Both inside; only calendar years are kept."""
    period = Period.parse(key)
    assert (period.first, period.last) == (first, last)
    assert period.is_year == (key == "2022")


@pytest.mark.parametrize("key", ["", "22", "2022Q5", "2022H3", "2022-1", "今年", "2022X"])
def test_what_is_no_period_is_answered_with_the_forms_there_are(key: str) -> None:
    """In both languages."""
    with pytest.raises(UnknownName, match="2022Q3"):
        Period.parse(key)
