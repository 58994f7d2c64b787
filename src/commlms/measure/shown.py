"""Figures and verdicts as people read them. The only division of the whole counting happens here."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from commlms.core.labels import Label
from commlms.measure.judge import Judgement


def percent(numerator: int | None, denominator: int | None) -> str:
    """A share in per cent with two decimals, cut, never rounded up: 74.996 % is 74.99 %, not 75 %."""
    if numerator is None or not denominator:
        return ""
    return str((Decimal(numerator) * 100 / denominator).quantize(Decimal("0.01"), ROUND_DOWN))


def verdict_words(j: Judgement) -> Label:
    """What a verdict rests on: both integers, both bounds, and how much is missing."""
    if j.numerator is None:
        why = j.why or Label("", "")
        return Label(f"原因：{why.zh}", f"because: {why.en}")
    if j.denominator is None:
        base = Label(f"{j.numerator}", f"{j.numerator}")
    else:
        share = percent(j.numerator, j.denominator)
        base = Label(f"已证明 {j.numerator} / {j.denominator} = {share}%", f"proven {j.numerator} / {j.denominator} = {share}%")
    if j.why is not None:
        return Label(f"{base.zh}；{j.why.zh}", f"{base.en}; {j.why.en}")
    zh, en = [base.zh], [base.en]
    if j.ceiling is not None and j.denominator and j.ceiling != j.numerator:
        share = percent(j.ceiling, j.denominator)
        zh.append(f"上限 {j.ceiling}（{share}%）")
        en.append(f"ceiling {j.ceiling} ({share}%)")
    if j.silent:
        zh.append(f"{j.leaves} 个基层地点中 {j.silent} 个没有任何记录")
        en.append(f"{j.silent} of {j.leaves} lowest places recorded nothing")
    if j.needed is not None:
        zh.append(f"需要 {j.needed}")
        en.append(f"needed {j.needed}")
    if j.verdict == "short":
        zh.append(f"即使全算上仍差 {j.by}")
        en.append(f"even with everything counted {j.by} are missing")
    if j.verdict == "not_shown":
        zh.append(f"还须具名 {j.by} 人")
        en.append(f"{j.by} persons must still be named")
    if j.estimated:
        zh.append("居民数含估算")
        en.append("residents partly estimated")
    return Label("；".join(zh), "; ".join(en))


