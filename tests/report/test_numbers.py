"""Ratios as text: exact, and never rounded across a line."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from commlms import LMS, Metric, Places, Residents, Rows, Total, sessions
from commlms.core.expressions import minutes
from commlms.measure.shown import demanded
from commlms.report.numbers import amount, is_share, ratio

SEVENTY_FIVE = (Decimal(75),)


@pytest.mark.parametrize(("numerator", "denominator", "text"), [
    (2, 3, "66.7%"), (1, 2, "50.0%"), (1, 8, "12.5%"), (1, 16, "6.3%"), (0, 7, "0.0%"), (7, 7, "100.0%"), (3, 2, "150.0%"),
])
def test_a_percentage_has_one_decimal_rounded_half_up(numerator: int, denominator: int, text: str) -> None:
    assert amount(numerator, denominator, "percent", "zh") == text


@pytest.mark.parametrize(("numerator", "denominator", "text"), [
    (7496, 10_000, "74.96%"), (7499, 10_000, "74.99%"), (749_999, 1_000_000, "74.9999%"), (75, 100, "75.0%"),
    (7504, 10_000, "75.04%"), (7_494, 10_000, "74.9%"),
])
def test_a_percentage_below_a_demand_is_never_printed_as_reaching_it(numerator: int, denominator: int, text: str) -> None:
    assert amount(numerator, denominator, "percent", "zh", SEVENTY_FIVE) == text


def test_beyond_six_decimals_the_digits_are_cut_toward_the_miss() -> None:
    """74.99999999 % would round to 75 at every printable length."""
    assert amount(7_499_999_999, 10_000_000_000, "percent", "zh", SEVENTY_FIVE) == "74.999999%"


def test_nothing_and_everything_are_lines_too() -> None:
    """One person of 1,216,000 is not 0.0 %, and all but one are not 100.0 %."""
    assert amount(1, 1_216_000, "percent", "zh") == "0.0001%"
    assert amount(9_999, 10_000, "percent", "zh") == "99.99%"


def test_a_ratio_is_exact_beyond_the_precision_of_floats_and_decimal_contexts() -> None:
    huge = 10**40
    assert ratio(3 * huge // 4 - 1, huge, Decimal(100), SEVENTY_FIVE) < 75


def test_each_unit_of_a_target_has_its_sign() -> None:
    assert amount(3, 2000, "permille", "zh") == "1.5‰"
    assert amount(1, 10_000, "per_10000", "en") == "1.0 per 10,000"
    assert amount(300, 2, "yuan/person", "zh") == "1.5 元/人"
    assert demanded(">=", Decimal("0.010"), None, "percent").en == "≥ 0.01%"
    assert demanded("==", Decimal(70), None, "percent").zh == "= 70%"
    assert demanded("between", Decimal("1.5"), Decimal("2.50"), "percent").zh == "1.5–2.5%"


def test_a_part_of_a_whole_is_a_percentage_and_minutes_per_learner_are_not() -> None:
    share = Metric("t.share", "占比", "share", Total(where=sessions() >= 2), Residents())
    mean = Metric("t.mean", "人均", "mean", Total(minutes()), Total())
    rows = Metric("t.rows", "比例", "rows", Rows("institution"), Residents())
    points = Metric("t.points", "覆盖", "points", Places("village"), Places("village"))
    assert [is_share(m) for m in (share, mean, rows, points)] == [True, False, True, True]
    assert not is_share(Metric("t.one", "人数", "one", Total()))


def test_money_per_head_is_in_yuan_in_every_form_and_never_rounded_up_to_a_demand(tmp_path: Path) -> None:
    """399.60 yuan for 100 residents are 3.996 a head where 4 are demanded: not 4.0, and not 399.6, in workbook, Markdown and page."""
    with LMS(tmp_path / "city.db", today=dt.date(2024, 1, 1)) as lms:
        lms.add({"code": "33", "name": "某省", "level": "province"}, "place")
        lms.add({"code": "330105", "name": "某区", "level": "county", "parent": "33"}, "place")
        lms.add({"place": "330105", "on": "2023-01-01", "basis": "permanent", "persons": 100, "nature": "census"}, "residents")
        given = {"place": "330105", "period": "2023", "channel": "government", "purpose": "general", "budgeted": "399.60"}
        lms.add(given, "funding.fund")
        made = {ending: lms.report(tmp_path / f"r.{ending}", "2023", place="330105", lang="en") for ending in ("xlsx", "md", "html")}
    book = openpyxl.load_workbook(made["xlsx"])
    (line,) = [row for row in book.worksheets[0].iter_rows(values_only=True) if "人均本级财政安排经费" in str(row[0])]
    assert line[1:5] == ("某区", 399.6, 100, 3.996)
    (told,) = [x for x in made["md"].read_text(encoding="utf-8").splitlines() if "人均本级财政安排经费 |" in x and "÷" in x]
    assert "399.60 / 100 3.996 " in told
    assert '<span class="p">3.996 ' in made["html"].read_text(encoding="utf-8")
