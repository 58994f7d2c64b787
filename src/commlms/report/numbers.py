"""Integers and ratios as text: divided once, exactly, and never rounded across a line that the truth does not cross."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from commlms.core.labels import Lang
from commlms.core.metrics import Hosted, Measure, Metric, Places, Residents, Rows, Total
from commlms.core.pack_tables import UNITS
from commlms.measure.amounts import HUNDREDTHS
from commlms.measure.shown import SIGNS

#: No ratio is printed with more decimals than this; beyond it the digits are cut toward the miss.
MOST_DECIMALS = 6


def whole(value: int) -> str:
    """An integer with thousands separators."""
    return f"{value:,}"


def in_unit(value: int, unit: str) -> str:
    """An integer as its unit is read: money in yuan, areas in square metres, both with two decimals; anything else as it is."""
    if unit not in HUNDREDTHS:
        return whole(value)
    yuan, hundredths = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{yuan:,}.{hundredths:02d}"


def decimals(numerator: int, denominator: int, scale: Decimal, limits: Iterable[Decimal]) -> int:
    """How many decimals tell this ratio from every limit that it does not equal; at least one."""
    for places in range(1, MOST_DECIMALS):
        shown = _exact(numerator, denominator, scale, places, ROUND_HALF_UP)
        if all(_side(shown, limit) == _truth(numerator, denominator, scale, limit) for limit in limits):
            return places
    return MOST_DECIMALS


def ratio(numerator: int, denominator: int, scale: Decimal, limits: Iterable[Decimal] = ()) -> Decimal:
    """``numerator / denominator * scale`` as it may be printed: one decimal, more where one would tell an untruth.

    ``limits`` are thresholds in the same scale; nothing (0) and everything (``scale``) are always among them.
    """
    lines = [*limits, Decimal(0), scale]
    places = decimals(numerator, denominator, scale, lines)
    shown = _exact(numerator, denominator, scale, places, ROUND_HALF_UP)
    if all(_side(shown, line) == _truth(numerator, denominator, scale, line) for line in lines):
        return shown
    return _exact(numerator, denominator, scale, places, ROUND_DOWN)


def _exact(numerator: int, denominator: int, scale: Decimal, places: int, rounding: str) -> Decimal:
    over, under = scale.as_integer_ratio()
    top, down = divmod(abs(numerator) * over * 10 ** places, denominator * under)
    if rounding == ROUND_HALF_UP and 2 * down >= denominator * under:
        top += 1
    return Decimal(top if numerator >= 0 else -top).scaleb(-places)


def _side(shown: Decimal, limit: Decimal) -> int:
    return (shown > limit) - (shown < limit)


def _truth(numerator: int, denominator: int, scale: Decimal, limit: Decimal) -> int:
    # Multiplied crosswise as integers, so that no precision of the decimal context matters.
    (top, over), (line, under) = scale.as_integer_ratio(), limit.as_integer_ratio()
    left, right = top * numerator * under, line * denominator * over
    return (left > right) - (left < right)


def amount(numerator: int, denominator: int, unit: str, lang: Lang, limits: Iterable[Decimal] = ()) -> str:
    """A ratio in the unit of a target: ``74.96%``, ``1.2‰``, ``3.0/万``."""
    return f"{ratio(numerator, denominator, UNITS[unit].factor, limits)}{SIGNS[unit].say(lang)}"


def is_share(metric: Metric) -> bool:
    """Whether a ratio is a part of a whole (a percentage), and not an average such as minutes per learner."""
    if metric.denominator is None or (metric.unit in HUNDREDTHS and isinstance(metric.denominator, Residents)):
        return False
    kinds = {_kind(metric.numerator), _kind(metric.denominator)}
    return len(kinds) == 1 or kinds == {"row", "person"}


def scale_of(unit: str, *, share: bool) -> Decimal:
    """What a ratio is multiplied by when it is shown: a share is a percentage, an average of money is in yuan, not in fen."""
    return Decimal(100) if share else Decimal("0.01") if unit in HUNDREDTHS else Decimal(1)


def _kind(measure: Measure) -> str:
    match measure:
        case Total(value):
            return "person" if value is None else "visit" if value.what == "sessions" else "minute"
        case Hosted(what):
            return {"sessions": "session", "minutes": "minute"}.get(what, "visit")
        case Residents():
            return "person"
        case Rows():
            return "row"
        case Places():
            return "place"
    return measure.text
