"""Dates and periods as paper writes them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlms.core.calendar import month_in, period_in, series_in, smallest, when, year_in
from commlms.core.days import NotADate, parse_day

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31))


FORMS = ("{m}月{d}日", "{m}月{d}号", "{m}.{d}", "{m}/{d}", "{y}年{m}月{d}日", "{y}.{m}.{d}", "{y}-{m:02d}-{d:02d}", "{y}/{m}/{d}")


@given(DAYS, st.sampled_from(FORMS))
def test_every_way_of_writing_a_day_is_that_day(day: dt.date, form: str) -> None:
    """With its year, or with the year told."""
    told = when(form.format(y=day.year, m=day.month, d=day.day), day.year)
    assert told is not None
    assert told.first == told.last == day.year * 10_000 + day.month * 100 + day.day


@given(DAYS, st.integers(1, 40), st.sampled_from("-—–~～至到"))
def test_a_range_has_both_its_ends_and_its_number_of_days(first: dt.date, length: int, sign: str) -> None:
    """Whatever stands between them, in one year or over its end."""
    last = first + dt.timedelta(days=length)
    text = f"{first.year}年{first.month}月{first.day}日{sign}{last.year}年{last.month}月{last.day}日"
    told = when(text, None)
    assert told is not None
    assert (told.first, told.last) == (int(f"{first:%Y%m%d}"), int(f"{last:%Y%m%d}"))
    assert told.meetings == length + 1


@given(st.text(alphabet="0123456789年月日号.-/至—期次周一上午:农历正初五全", max_size=12), st.one_of(st.none(), st.integers(2000, 2030)))
def test_any_text_is_a_span_in_order_or_nothing(text: str, year: int | None) -> None:
    """Never an exception, never an end before its beginning, never a day that no calendar has."""
    if (told := when(text, year)) is not None:
        assert told.first <= told.last
        assert dt.date(told.first // 10_000, told.first // 100 % 100, told.first % 100)


@pytest.mark.parametrize("text", ["3月5日", "3.5", "3月", "全年", "农历正月初五", "3月5日-7日", "3月5、6日"])
def test_without_a_year_nothing_is_said(text: str) -> None:
    """The importer then asks for it."""
    assert when(text, None) is None


def test_hours_meetings_and_visits_stand_beside_a_date() -> None:
    """Worked out by hand."""
    told = when("2022年3月5日（周六）下午2点半至4:00，共2场60人次", None)
    assert told is not None
    assert (told.first, told.start, told.minutes, told.meetings, told.visits) == (20220305, "14:30", 90, 2, 60)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("农历正月初一", 20220201), ("农历五月初五", 20220603), ("农历八月十五", 20220910), ("农历九月初九", 20221004),
        ("农历腊月廿三", 20220125), ("农历2022年腊月廿三", 20230114), ("2022年农历三月三十", 20220430),
        ("农历2023年闰二月初一", 20230322), ("阴历八月十五日", 20220910),
    ],
)
def test_lunar_days_are_the_solar_days_of_the_almanac(text: str, day: int) -> None:
    """2022: New Year on 1 February, the three festivals as calendars print them; 腊月 begins before the solar year ends."""
    told = when(text, 2022)
    assert told is not None
    assert (told.first, told.last, told.how) == (day, day, ("lunar",))


@pytest.mark.parametrize("text", ["农历三月三十一", "农历十三月初一", "农历闰三月初一", "农历", "正月初五"])
def test_lunar_days_that_are_none_are_nothing(text: str) -> None:
    """A month of 2022 has at most 30 days, and none is doubled."""
    assert when(text, 2022) is None


@pytest.mark.parametrize(
    ("text", "year", "month", "period"),
    [
        ("某社区2022年3月台账", 2022, 3, "2022-03"), ("2022年1-3月", 2022, None, "2022Q1"), ("2022年1月—6月", 2022, None, "2022H1"),
        ("2022年3-4月", 2022, None, "2022H1"), ("2022年6-7月", 2022, None, "2022"), ("二〇二二年度", 2022, None, "2022"),
        ("2022年第一季度", 2022, None, "2022Q1"), ("四季度", None, None, "2021Q4"), ("十二月", None, 12, "2021-12"),
        ("202203", 2022, 3, "2022-03"), ("台账2022.3", 2022, 3, "2022-03"), ("2022年3月5日", 2022, 3, "2022-03"),
        ("下半年", None, None, "2021H2"), ("Sheet1", None, None, None),
        ("2022年度台账（3月报送）", 2022, None, "2022"), ("430学堂", None, None, None), ("2021年、2022年对比", None, None, None),
    ],
)
def test_a_title_speaks_of_a_year_a_month_a_period(text: str, year: int | None, month: int | None, period: str | None) -> None:
    """2021 is the year where the title has none."""
    found = period_in(text, 2021)
    assert (year_in(text), month_in(text), found.key if found else None) == (year, month, period)


def test_a_series_is_named_by_its_number_of_meetings_and_visits() -> None:
    """第24期 is the twenty-fourth, no series."""
    told = series_in("书法班（上半年12期600人次）", 2022)
    assert told is not None
    assert (told.first, told.last, told.meetings, told.visits) == (20220101, 20220630, 12, 600)
    assert series_in("健康讲座第24期", 2022) is None
    assert series_in("两场讲座", 2022) is None


def test_the_smallest_period_of_days() -> None:
    """One month, one quarter, one half, one year, or none."""
    cases = {(20220301, 20220331): "2022-03", (20220101, 20220301): "2022Q1", (20220301, 20220401): "2022H1", (20220630, 20220701): "2022"}
    assert {days: found.key for days in cases if (found := smallest(days))} == cases
    assert smallest([20211231, 20220101]) is None
    assert smallest([]) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (3.1, "fraction_day"), (12.31, "fraction_day"), (44625.5, "date_with_time"), ("3月5日", "year_unknown"), ("3.5", "year_unknown"),
    ],
)
def test_a_date_without_a_year_or_as_a_fraction_says_what_is_wrong(cell: object, code: str) -> None:
    """A numeric 3.1 was 3.1 or 3.10."""
    with pytest.raises(NotADate, match=code):
        parse_day(cell)
