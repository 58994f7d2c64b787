"""Figures and verdicts as people read them. The only division of the whole counting happens here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, Decimal

import attrs

from commlms.core.labels import Label
from commlms.core.pack_tables import UNITS
from commlms.measure.figures import Strengths
from commlms.measure.judge import Judgement
from commlms.measure.reporting import words as reporting_words

#: Why a number is hidden: it is small, or it would give a small one away; and what stands in its place.
SMALL, LINKED = "small", "linked"
HIDDEN = {SMALL: "<5", LINKED: "*"}
#: By what each person of a rate is known to be one person.
STRENGTHS = {
    "card": Label("证件号", "ID number"), "birth_date": Label("出生日期", "birth date"), "birth_year": Label("出生年", "birth year"),
    "weak": Label("仅姓名或编号", "name or code alone"),
}
_SIGNS = {
    "percent": Label("%", "%"), "permille": Label("‰", "‰"), "per_10000": Label("/万", " per 10,000"),
    "yuan/person": Label(" 元/人", " yuan a person"), "count": Label("", ""),
}


def percent(numerator: int | None, denominator: int | None) -> str:
    """A share in per cent with two decimals, cut, never rounded up: 74.996 % is 74.99 %, not 75 %."""
    return "" if numerator is None or not denominator else share(numerator, denominator, "percent")


def share(numerator: int, denominator: int, unit: str) -> str:
    """A ratio in a target's unit, two decimals, cut, never rounded up; without the unit's sign."""
    return str((Decimal(numerator) * UNITS[unit].factor / denominator).quantize(Decimal("0.01"), ROUND_DOWN))


def _ratio(number: int, denominator: int, unit: str) -> Label:
    sign, text = _SIGNS[unit], share(number, denominator, unit)
    return Label(text + sign.zh, text + sign.en)


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
        return Label(f"原因：{why.zh}", f"because: {why.en}")
    told = [reporting_words(j.not_reported)] if j.not_reported and j.not_reported[0] else []
    top, bottom = HIDDEN.get(over, str(j.numerator)), HIDDEN.get(under, str(j.denominator))
    base = Label(top, top)
    if j.denominator:
        ratio = Label("", "") if over or under else _ratio(j.numerator, j.denominator, unit)
        equals = " = " if ratio.zh else ""
        zh, en = ("上报", "stated") if j.stated else ("已证明", "proven")
        base = Label(f"{zh} {top} / {bottom}{equals}{ratio.zh}", f"{en} {top} / {bottom}{equals}{ratio.en}")
    if j.why is not None:
        parts = [base, j.why, *(t for t in told if t != j.why)]
    elif over or under:
        parts = [base, *told] if under else [base, *_needed(j), *told]
    else:
        parts = [base, *_bounds(j, unit), *_needed(j), *_missing(j), *told]
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
