"""The arithmetic of a target: the whole numbers that reach it, and the day until which a duration lasts. Nothing is divided or rounded."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import attrs

from commlms.core.days import to_date, to_int
from commlms.core.pack_tables import UNITS
from commlms.core.policies import Policy, Target

#: Units whose value is demanded of the numerator itself, also beside a rate.
ABSOLUTE = ("count", "square_metre")
#: More than anything counted: where nothing says how much a figure can be.
NO_LIMIT = 10**18


@attrs.frozen
class Reach:
    """The numerators that reach a demand: from ``least`` to ``most``, both inside; None where that side is open.

    Where ``least`` is above ``most`` none does: no whole number lies in so narrow a range.
    """

    least: int | None
    most: int | None

    def holds(self, numerator: int) -> bool:
        """Whether a numerator reaches."""
        return (self.least is None or self.least <= numerator) and (self.most is None or numerator <= self.most)

    def verdict(self, least: int, most: int) -> Literal["met", "short", "not_shown"]:
        """The verdict on a numerator that lies from ``least`` to ``most``: met if all of these reach, short if none does."""
        if self.holds(least) and self.holds(most):
            return "met"
        lowest = least if self.least is None else max(least, self.least)
        highest = most if self.most is None else min(most, self.most)
        return "not_shown" if lowest <= highest else "short"

    def lacks(self, numerator: int) -> int | None:
        """How many more a numerator needs; None where it needs none."""
        return None if self.least is None or self.least <= numerator else self.least - numerator

    def exceeds(self, numerator: int) -> int | None:
        """By how much a numerator is above; None where it is not."""
        return None if self.most is None or numerator <= self.most else numerator - self.most


def reach(target: Target, denominator: int | None) -> Reach:
    """The numerators that reach a target beside a denominator; None where the metric has none."""
    base = 1 if denominator is None or target.unit in ABSOLUTE else denominator
    top, over = _exact(target.value, target.unit)
    floor, ceiling = -(-top * base // over), top * base // over
    match target.compare:
        case ">=":
            return Reach(floor, None)
        case ">":
            return Reach(ceiling + 1, None)
        case "<=":
            return Reach(None, ceiling)
        case "<":
            return Reach(None, floor - 1)
        case "==":
            return Reach(floor, ceiling)
    if target.value_max is None or target.beyond == "met":  # the sentence does not mean the upper end as a limit
        return Reach(floor, None)
    top, over = _exact(target.value_max, target.unit)
    return Reach(floor, top * base // over)


def joint(demands: Sequence[Target], denominator: int | None) -> Reach:
    """The numerators that reach all of several demands at once: the largest floor and the lowest limit."""
    if len(demands) == 1:  # which is nearly always so
        return reach(demands[0], denominator)
    found = [reach(t, denominator) for t in demands]
    least = [r.least for r in found if r.least is not None]
    most = [r.most for r in found if r.most is not None]
    return Reach(max(least, default=None), min(most, default=None))


def above_range(target: Target, numerator: int, denominator: int | None) -> int | None:
    """By how much a figure is above the upper end of a range, be that held against it or not; None where it is not."""
    if target.value_max is None:
        return None
    return reach(attrs.evolve(target, compare="between", beyond="short"), denominator).exceeds(numerator)


def decimals(target: Target) -> int:
    """With how many decimals a ratio is shown beside a target: two more than its value has, two at the least."""
    return max(2, *(2 - int(v.as_tuple().exponent) for v in (target.value, target.value_max) if v is not None))


@lru_cache(maxsize=4096)
def _exact(value: Decimal, unit: str) -> tuple[int, int]:
    """A value as a fraction of the counted integers: 0.5 of 10,000 is (1, 20000), 4 yuan are (400, 1)."""
    (top, over), (factor, of) = value.as_integer_ratio(), UNITS[unit].factor.as_integer_ratio()
    return top * of, over * factor


def last_day(policy: Policy, target: Target) -> int:
    """The day until which a duration of years lasts that begins when the document takes effect."""
    start, months = to_date(policy.effective), int(target.value * 12)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return to_int(dt.date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])))
