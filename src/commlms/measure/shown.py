"""Figures and verdicts as people read them. The only division of the whole counting happens here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, Decimal

import attrs

from commlms.core.labels import Label
from commlms.core.pack_tables import UNITS
from commlms.core.policies import Target
from commlms.measure.amounts import amount, amount_words, counted_words
from commlms.measure.figures import Strengths
from commlms.measure.judge import Judgement
from commlms.measure.reporting import words as reporting_words
from commlms.measure.thresholds import ABSOLUTE

#: Why a number is hidden: it is small, or it would give a small one away; and what stands in its place.
SMALL, LINKED = "small", "linked"
HIDDEN = {SMALL: "<5", LINKED: "*"}
#: By what each person of a rate is known to be one person.
STRENGTHS = {
    "card": Label("证件号", "ID number"), "birth_date": Label("出生日期", "birth date"), "birth_year": Label("出生年", "birth year"),
    "weak": Label("仅姓名或编号", "name or code alone"),
}
#: What stands behind a number in each unit of a target.
SIGNS = {
    "percent": Label("%", "%"), "permille": Label("‰", "‰"), "per_10000": Label("/万", " per 10,000"),
    "yuan/person": Label(" 元/人", " yuan a person"), "count": Label("", ""), "square_metre": Label(" 平方米", " square metres"),
    "years": Label(" 年", " years"), "undefined": Label("", ""),
}


def percent(numerator: int | None, denominator: int | None) -> str:
    """A share in per cent with two decimals, cut, never rounded up: 74.996 % is 74.99 %, not 75 %."""
    return "" if numerator is None or not denominator else share(numerator, denominator, "percent")


def share(numerator: int, denominator: int, unit: str, decimals: int = 2) -> str:
    """A ratio in a target's unit with so many decimals, cut, never rounded up; without the unit's sign."""
    return str((Decimal(numerator) * UNITS[unit].factor / denominator).quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN))


def _ratio(number: int, j: Judgement, unit: str) -> Label:
    assert j.denominator
    sign, text = SIGNS[unit], share(number, j.denominator, unit, j.decimals)
    return Label(text + sign.zh, text + sign.en)


def demand_words(target: Target) -> Label:
    """What a target demands; empty where the document does not say what its number counts."""
    if target.unit == "undefined":
        return Label("", "")
    return demanded(target.compare, target.value, target.value_max, target.unit)


def demanded(compare: str, value: Decimal, most: Decimal | None, unit: str) -> Label:
    """A comparison with a value in a target's unit: ``≥ 2 yuan a person``, ``1.5–2.5%``."""
    sign, number = SIGNS[unit], _plain(value) if most is None else f"{_plain(value)}–{_plain(most)}"
    compared = {">=": "≥ ", "<=": "≤ ", "==": "= ", "between": ""}.get(compare, f"{compare} ")
    return Label(f"{compared}{number}{sign.zh}", f"{compared}{number}{sign.en}")


def _plain(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def strength_words(found: Strengths | None, number: Callable[[int], str] = str) -> Label:
    """The persons of a rate by how surely they are known; None where that is hidden."""
    if found is None:
        return Label("身份依据：人数少，不显示", "what they are known by is not shown: too few")
    start = Label("身份依据：", "known by ")
    told = [(STRENGTHS[name], number(n)) for name, n in attrs.asdict(found).items()]
    return Label(start.zh + "，".join(f"{x.zh} {n}" for x, n in told), start.en + ", ".join(f"{x.en} {n}" for x, n in told))


def verdict_words(j: Judgement, unit: str = "percent", over: str = "", under: str = "") -> Label:
    """What a verdict rests on: both integers, both bounds, and how much is missing. ``unit`` is the target's.

    ``over`` and ``under`` say why the numerator and the denominator are hidden; what would give them away is left out then.
    """
    if j.numerator is None:
        why = j.why or Label("", "")
        return why if j.verdict in ("met", "short") else Label(f"原因：{why.zh}", f"because: {why.en}")
    told = [reporting_words(j.not_reported)] if j.not_reported and j.not_reported[0] else []
    base = _integers(j, unit, over, under)
    if j.why is not None:
        parts = [base, j.why, *_missing(j, stated=True), *(t for t in told if t != j.why)]
    elif over or under:
        parts = [base, *told] if under else [base, *_needed(j), *told]
    else:
        parts = [base, *_bounds(j, unit), *_needed(j), *_missing(j), *told]
    return Label("；".join(x.zh for x in parts), "; ".join(x.en for x in parts))


def _integers(j: Judgement, unit: str, over: str, under: str) -> Label:
    """Numerator and denominator, each as what it counts, and the ratio where that is what is demanded."""
    assert j.numerator is not None
    top = counted_words(HIDDEN[over], j.counted, j.of) if over else amount_words(j.numerator, j.counted, j.of)
    if not j.denominator:
        return top
    bottom = HIDDEN[under] if under else amount(j.denominator, j.divided_by or "person")
    shown = HIDDEN[over] if over else amount(j.numerator, j.counted)
    ratio = Label("", "") if over or under or unit in ABSOLUTE else _ratio(j.numerator, j, unit)
    equals = " = " if ratio.zh else ""
    zh, en = ("上报", "stated") if j.stated else ("已证明", "proven")
    return Label(f"{zh} {shown} / {bottom}{equals}{ratio.zh}", f"{en} {shown} / {bottom}{equals}{ratio.en}")


def _bounds(j: Judgement, unit: str) -> Iterator[Label]:
    if j.ceiling is not None and j.denominator and j.ceiling != j.numerator:
        ratio = _ratio(j.ceiling, j, unit)
        yield Label(f"上限 {j.ceiling}（{ratio.zh}）", f"ceiling {j.ceiling} ({ratio.en})")
    if j.silent:
        yield Label(f"{j.leaves} 个基层地点中 {j.silent} 个没有任何记录", f"{j.silent} of {j.leaves} lowest places recorded nothing")
    if j.bound is not None and j.ceiling is not None and j.bound > j.ceiling:
        most = j.bound - j.ceiling
        yield Label(f"另有至多 {most} 人，其学习或居住地没有记录", f"at most {most} more, whose learning or home is not recorded")


def _needed(j: Judgement) -> Iterator[Label]:
    if j.needed is not None and j.limit is not None and j.needed != j.limit:
        least, most = amount(j.needed, j.counted), amount_words(j.limit, j.counted, j.of)
        yield Label(f"需要 {least} 至 {most.zh}", f"needed {least} to {most.en}")
    elif j.needed is not None:
        needed, (zh, en) = amount_words(j.needed, j.counted, j.of), ("", "") if j.limit is None else ("恰好", "exactly ")
        yield Label(f"需要{zh} {needed.zh}", f"needed {en}{needed.en}")
    elif j.limit is not None:
        most = amount_words(j.limit, j.counted, j.of)
        yield Label(f"至多 {most.zh}", f"at most {most.en}")


def short_by(j: Judgement) -> Label | None:
    """By how much a verdict is short or above, or how many persons must still be named; None where it says no number."""
    if j.by is not None and j.numerator is not None:
        by = amount_words(j.by, j.counted, j.of)
        if j.verdict == "not_shown":
            return Label(f"还须具名 {by.zh}", f"{by.en} must still be named")
        return Label(f"差 {by.zh}", f"short by {by.en}")
    if j.excess is not None:
        above = amount_words(j.excess, j.counted, j.of)
        return Label(f"超出 {above.zh}", f"above by {above.en}")
    return None


def _missing(j: Judgement, stated: bool = False) -> Iterator[Label]:
    if (found := short_by(j)) is not None:
        possible = j.verdict == "short" and j.by is not None and j.bound is not None and j.bound != j.numerator
        yield Label(f"即使全算上仍{found.zh}", f"even with everything counted {found.en}") if possible else found
    if j.estimated and not stated:
        yield Label("居民数含估算", "residents partly estimated")
    if j.running and j.verdict in ("short", "not_shown"):
        yield Label(f"{j.period} 尚未结束", f"{j.period} has not ended")
