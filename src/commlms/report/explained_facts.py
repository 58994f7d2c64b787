"""What is told of a verdict: what it is, what exactly is demanded and how that was rounded, how far the truth may lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs

from commlms.core.days import iso
from commlms.core.labels import Label
from commlms.core.metrics import Metric
from commlms.core.pack_tables import UNITS
from commlms.core.policies import Policy, Target
from commlms.measure.amounts import HUNDREDTHS, amount_words, counted_words
from commlms.measure.judge import VERDICTS, Judgement
from commlms.measure.shown import verdict_words
from commlms.measure.thresholds import ABSOLUTE, last_day, reach

_DIGITS = 4


@attrs.frozen
class Fact:
    """One thing that is told: its key, what it is called, what it is; ``data`` is its number, where it has one."""

    key: str
    title: Label
    value: Label
    data: dict[str, int | str | None] | None = None


def fact(key: str, titles: tuple[str, str], zh: str, en: str | None = None, **data: int | str | None) -> Fact:
    """A fact in both languages; in one where it is the same in both."""
    return Fact(key, Label(*titles), Label(zh, zh if en is None else en), data or None)


def verdict_facts(judged: Judgement | None, target: Target, over: str, under: str) -> tuple[Fact, ...]:
    """The verdict and what it rests on."""
    if judged is None:
        return ()
    word = VERDICTS[judged.verdict]
    found = [
        fact("verdict", ("判定", "verdict"), word.zh, word.en),
    ]
    bare = judged.why if judged.numerator is None else None  # its words without another 'because' before them
    found.append(Fact("because", Label("依据", "because"), bare or verdict_words(judged, target.unit, over, under)))
    if judged.name is not None and judged.subject is None:
        found.append(fact("together", ("合并评判的地点数", "places judged as one"), str(len(judged.places)), places=len(judged.places)))
    return tuple(found)


def reach_facts(
    policy: Policy, demands: Sequence[Target], metric: Metric | None, denominator: int | None, judged: Judgement | None, *, known: bool,
) -> tuple[Fact, ...]:
    """For each demand that counts: what it is exactly, and the whole number that reaches. ``known``: there is what it is a share of."""
    target = demands[0]
    if metric is None or target.unit == "undefined":
        return ()
    if target.unit == "years":
        last = iso(last_day(policy, target))
        return (fact("last_day", ("期限", "last day"), last),)
    if not known:
        return ()
    found = [f for demand in demands for f in _reached(demand, metric, denominator, judged, several=len(demands) > 1)]
    if len(demands) > 1 and judged is not None and judged.needed is not None:
        most = amount_words(judged.needed, metric.unit, judged.of)
        zh, en = f"{most.zh}（取最大者）", f"{most.en} (the largest counts)"
        found.append(fact("needed", ("合并后需要", "needed of them all"), zh, en, needed=judged.needed))
    return tuple(found)


def _reached(target: Target, metric: Metric, denominator: int | None, judged: Judgement | None, *, several: bool) -> Iterator[Fact]:
    base = 1 if denominator is None or target.unit in ABSOLUTE else denominator
    found, of = reach(target, denominator), judged.of if judged is not None else None
    start = (f"{target.label.zh}：", f"{target.label.en}: ") if several else ("", "")
    ends = [("needed", ("需要", "needed"), target.value, found.least, ("进位为", "rounded up to"))]
    if target.value_max is not None:
        ends.append(("limit", ("至多", "at most"), target.value_max, found.most, ("舍为", "rounded down to")))
    elif found.least is None:
        ends = [("limit", ("至多", "at most"), target.value, found.most, ("舍为", "rounded down to"))]
    for key, titles, value, whole, rounded in ends:
        exact = Fraction(value) * base / Fraction(UNITS[target.unit].factor)
        if whole is None:
            continue
        words, raw = amount_words(whole, metric.unit, of), _exact_words(exact, metric.unit)
        zh, en = f"{start[0]}{raw}", f"{start[1]}{raw}"
        if exact.denominator != 1:
            zh, en = f"{zh}，{rounded[0]} {words.zh}", f"{en}, {rounded[1]} {words.en}"
        elif exact != whole:
            zh, en = f"{zh}，须超过，即 {words.zh}", f"{en}, to be passed: {words.en}"
        else:
            zh, en = f"{start[0]}{words.zh}，恰为整数", f"{start[1]}{words.en}, exactly"
        yield Fact(key, Label(*titles), Label(zh, en), {
            "target": target.id, "exact_numerator": exact.numerator, "exact_denominator": exact.denominator, key: whole})


def _exact_words(exact: Fraction, unit: str) -> str:
    """An exact number in the unit people read, cut where it has more decimals than can be shown."""
    shown = exact / 100 if unit in HUNDREDTHS else exact
    digits = shown.numerator * 10**_DIGITS // shown.denominator
    whole, part = divmod(digits, 10**_DIGITS)
    text = f"{whole}.{part:0{_DIGITS}d}".rstrip("0").rstrip(".")
    return text if Fraction(digits, 10**_DIGITS) == shown else f"{text}…"


def bound_facts(judged: Judgement, metric: Metric) -> tuple[Fact, ...]:
    """From what is proven to the most that can be true; of a figure without unnamed people that there is nothing between."""
    if judged.numerator is None:
        return ()

    def told(key: str, titles: tuple[str, str], number: int) -> Fact:
        words = amount_words(number, judged.counted, judged.of)
        return fact(key, titles, words.zh, words.en, **{key: number})

    if judged.stated:
        words = amount_words(judged.numerator, judged.counted, judged.of)
        zh, en = f"{words.zh}：只按所报", f"{words.en}: as stated, nothing else"
        return (fact("stated_number", ("上报", "stated"), zh, en, stated=judged.numerator),)
    if metric.ceiling is None:
        words = amount_words(judged.numerator, judged.counted, judged.of)
        zh, en = f"{words.zh}：全部有记录可查，没有未具名的", f"{words.en}: all of it is recorded, nothing is unnamed"
        found = [fact("proven", ("已证明", "proven"), zh, en, proven=judged.numerator)]
    else:
        found = [told("proven", ("已证明", "proven"), judged.numerator)]
    if metric.ceiling is not None and judged.ceiling is not None:
        found.append(told("ceiling", ("上限（加未具名人次）", "ceiling, with unnamed visits"), judged.ceiling))
    if metric.ceiling is not None and judged.bound is not None:
        found.append(told("bound", ("最大可能", "the most it can be"), judged.bound))
    if metric.ceiling is not None and judged.leaves:
        silent = counted_words(str(judged.silent), "place", one=judged.silent == 1)
        found.append(fact(
            "silent", ("没有任何记录的基层地点", "lowest places that recorded nothing"), f"{silent.zh}，共 {judged.leaves} 个",
            f"{silent.en} of {judged.leaves}", silent=judged.silent, leaves=judged.leaves))
    if judged.not_reported is not None:
        missing, senders = judged.not_reported
        found.append(fact(
            "not_reported", ("未报送的单位", "senders that have not reported"), f"{missing}，共 {senders} 个", f"{missing} of {senders}",
            missing=missing, of=senders))
    if judged.estimated:
        found.append(fact("estimated", ("居民数", "residents"), "含估算", "partly estimated"))
    return tuple(found)
