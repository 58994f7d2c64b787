"""Ratios as text: exact, and never rounded across a line."""

from decimal import Decimal

import pytest

from commlms import Metric, Places, Residents, Rows, Total, sessions
from commlms.core.expressions import minutes
from commlms.measure.shown import demanded
from commlms.report.numbers import amount, is_share, percent, ratio

SEVENTY_FIVE = (Decimal(75),)


@pytest.mark.parametrize(("numerator", "denominator", "text"), [
    (2, 3, "66.7%"), (1, 2, "50.0%"), (1, 8, "12.5%"), (1, 16, "6.3%"), (0, 7, "0.0%"), (7, 7, "100.0%"), (3, 2, "150.0%"),
])
def test_a_percentage_has_one_decimal_rounded_half_up(numerator: int, denominator: int, text: str) -> None:
    assert percent(numerator, denominator) == text


@pytest.mark.parametrize(("numerator", "denominator", "text"), [
    (7496, 10_000, "74.96%"), (7499, 10_000, "74.99%"), (749_999, 1_000_000, "74.9999%"), (75, 100, "75.0%"),
    (7504, 10_000, "75.04%"), (7_494, 10_000, "74.9%"),
])
def test_a_percentage_below_a_demand_is_never_printed_as_reaching_it(numerator: int, denominator: int, text: str) -> None:
    assert percent(numerator, denominator, SEVENTY_FIVE) == text


def test_beyond_six_decimals_the_digits_are_cut_toward_the_miss() -> None:
    """74.99999999 % would round to 75 at every printable length."""
    assert percent(7_499_999_999, 10_000_000_000, SEVENTY_FIVE) == "74.999999%"


def test_nothing_and_everything_are_lines_too() -> None:
    """One person of 1,216,000 is not 0.0 %, and all but one are not 100.0 %."""
    assert percent(1, 1_216_000) == "0.0001%"
    assert percent(9_999, 10_000) == "99.99%"


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
