"""Figures and verdicts as people read them. The only division of the whole counting happens here."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from commlms.core.labels import Label
from commlms.core.policies import UNITS
from commlms.measure.judge import Judgement

#: Why a number is hidden: it is small, or it would give a small one away; and what stands in its place.
SMALL, LINKED = "small", "linked"
HIDDEN = {SMALL: "<5", LINKED: "*"}
_SIGNS = {
    "percent": Label("%", "%"), "permille": Label("‰", "‰"), "per_10000": Label("/万", " per 10,000"),
    "yuan/person": Label(" 元/人", " yuan a person"), "count": Label("", ""),
}


def percent(numerator: int | None, denominator: int | None) -> str:
    """A share in per cent with two decimals, cut, never rounded up: 74.996 % is 74.99 %, not 75 %."""
    return "" if numerator is None or not denominator else share(numerator, denominator, "percent")


def share(numerator: int, denominator: int, unit: str) -> str:
    """A ratio in a target's unit, two decimals, cut, never rounded up; without the unit's sign."""
    return str((Decimal(numerator) * UNITS[unit] / denominator).quantize(Decimal("0.01"), ROUND_DOWN))


def _ratio(number: int, denominator: int, unit: str) -> Label:
    sign, text = _SIGNS[unit], share(number, denominator, unit)
    return Label(text + sign.zh, text + sign.en)


def verdict_words(j: Judgement, unit: str = "percent", over: str = "", under: str = "") -> Label:
    """What a verdict rests on: both integers, both bounds, and how much is missing. ``unit`` is the target's.

    ``over`` and ``under`` say why the numerator and the denominator are hidden; what would give them away is left out then.
    """
    if j.numerator is None:
        why = j.why or Label("", "")
        return Label(f"原因：{why.zh}", f"because: {why.en}")
    top, bottom = HIDDEN.get(over, str(j.numerator)), HIDDEN.get(under, str(j.denominator))
    base = Label(top, top)
    if j.denominator:
        ratio = Label("", "") if over or under else _ratio(j.numerator, j.denominator, unit)
        equals = " = " if ratio.zh else ""
        base = Label(f"已证明 {top} / {bottom}{equals}{ratio.zh}", f"proven {top} / {bottom}{equals}{ratio.en}")
    if j.why is not None:
        parts = [base, j.why]
    elif over or under:
        parts = [base] if under else [base, *_needed(j)]
    else:
        parts = [base, *_bounds(j, unit), *_needed(j), *_missing(j)]
    return Label("；".join(x.zh for x in parts), "; ".join(x.en for x in parts))


def _bounds(j: Judgement, unit: str) -> Iterator[Label]:
    if j.ceiling is not None and j.denominator and j.ceiling != j.numerator:
        ratio = _ratio(j.ceiling, j.denominator, unit)
        yield Label(f"上限 {j.ceiling}（{ratio.zh}）", f"ceiling {j.ceiling} ({ratio.en})")
    if j.silent:
        yield Label(f"{j.leaves} 个基层地点中 {j.silent} 个没有任何记录", f"{j.silent} of {j.leaves} lowest places recorded nothing")
    if j.bound is not None and j.ceiling is not None and j.bound > j.ceiling:
        most = j.bound - j.ceiling
        yield Label(f"另有至多 {most} 人，其学习或居住地没有记录", f"at most {most} more, whose learning or home is not recorded")


def _needed(j: Judgement) -> Iterator[Label]:
    if j.needed is not None:
        yield Label(f"需要 {j.needed}", f"needed {j.needed}")


def _missing(j: Judgement) -> Iterator[Label]:
    if j.verdict == "short" and j.by is not None:
        yield Label(f"即使全算上仍差 {j.by}", f"even with everything counted {j.by} are missing")
    if j.verdict == "not_shown" and j.by is not None:
        yield Label(f"还须具名 {j.by} 人", f"{j.by} persons must still be named")
    if j.estimated:
        yield Label("居民数含估算", "residents partly estimated")
