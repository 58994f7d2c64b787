"""What a rule pack says beside its own quotes and beside what the loaded plugins declare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from commlms.core.labels import Label
from commlms.core.metrics import Metric, Residents, Rows
from commlms.core.pack_form import Wrong, ids_of, raise_first
from commlms.core.pack_tables import UNITS
from commlms.core.records import Record
from commlms.core.text import narrow

if TYPE_CHECKING:
    from commlms.core.policies import Policy, Target

#: Fields of a record whose rows say how far a goal is reached.
_ASSESSED = ("goal", "place", "on", "status")
#: Tables whose ids are typed in commands, and stand in rows.
_ASKED = ("target", "goal", "schedule")


def check_against(
    policy: Policy, metrics: Mapping[str, Metric], plugins: set[str], records: Mapping[str, Record] | None = None,
    policies: Mapping[str, Policy] | None = None,
) -> None:
    """Raise :class:`PolicyError` for the first thing that a quote does not say, or that does not fit the loaded plugins.

    What belongs to a plugin that is not among ``plugins`` passes. Without ``records`` and ``policies`` what is named of them does.
    """
    raise_first(policy.pack, _Against(policy, metrics, plugins, records, policies or {}).wrong())


def taken(policy: Policy, others: Iterable[Policy]) -> Iterator[Wrong]:
    """Names of a document, its targets, goals and schedules that another one has: a command could mean either."""
    for other in others:
        for key in ("key", "id", "code"):
            name = getattr(policy, key)
            if name in (other.key, other.id, other.code):
                yield "policy", 0, key, f"「{other.key}」已用「{name}」", f"{name} is a name of {other.key} already"
        theirs = {name for table in _ASKED for name in ids_of(other)[table]}
        for table in _ASKED:
            for i, name in enumerate(ids_of(policy)[table]):
                if name in theirs:
                    yield table, i, "id", f"「{other.key}」已有「{name}」", f"{other.key} has {name} already"


def unchecked(policy: Policy, plugins: set[str], policies: Mapping[str, Policy]) -> Iterator[Label]:
    """What a document names and nothing loaded can tell whether it is there."""
    named = [m for t in policy.targets for m in (t.metric, *(w.metric for w in t.when))]
    named += [m for g in policy.goals for m in (*g.metrics, g.assessed)] + [s.metric for s in policy.schedules]
    for name in dict.fromkeys(filter(None, named)):
        plugin = name.split(".")[0]
        if "." in name and plugin not in plugins:
            yield Label(f"未核对 {name}：没有装载插件 {plugin}", f"not checked: {name}, as no plugin {plugin} is loaded")
    known = {t.id for p in (policy, *policies.values()) for t in p.targets}
    for name in dict.fromkeys(x for c in policy.conflicts for x in c.targets if x not in known):
        yield Label(f"未核对 {name}：没有装载它的文件", f"not checked: {name}, as its document is not loaded")


class _Against:
    """One document beside what is loaded."""

    def __init__(
        self, policy: Policy, metrics: Mapping[str, Metric], plugins: set[str], records: Mapping[str, Record] | None,
        policies: Mapping[str, Policy],
    ) -> None:
        self.policy, self.metrics, self.plugins, self.records, self.policies = policy, metrics, plugins, records, policies

    def wrong(self) -> Iterator[Wrong]:
        """Whatever is wrong, in the order of the tables."""
        yield from taken(self.policy, (p for p in self.policies.values() if p.key != self.policy.key))
        for i, target in enumerate(self.policy.targets):
            yield from (("target", i, *found) for found in self._target(target))
        for i, goal in enumerate(self.policy.goals):
            for name in goal.metrics:
                yield from (("goal", i, "metrics", *found) for found in self._metric(name))
            yield from (("goal", i, "assessed", *found) for found in self._record(goal.assessed, _ASSESSED))
        for i, schedule in enumerate(self.policy.schedules):
            yield from (("schedule", i, "metric", *found) for found in self._metric(schedule.metric))
        used = {t.region for t in self.policy.targets} | {g.region for g in self.policy.goals}
        for i, region in enumerate(self.policy.regions):
            if region.key not in used:
                yield "region", i, "key", f"没有目标用到片区「{region.key}」", f"no target or goal uses the region {region.key}"
        for i, conflict in enumerate(self.policy.conflicts):
            for name in conflict.targets:
                if self._is_missing(name):
                    yield "conflict", i, "targets", f"已装载的文件没有目标「{name}」", f"the loaded document has no target {name}"

    def _is_missing(self, target: str) -> bool:
        """Whether a target of another document is not there although that document is loaded."""
        others = [self.policy, *(p for p in self.policies.values() if p.key != self.policy.key)]
        return not any(t.id == target for p in others for t in p.targets) and any(target.startswith(f"{p.code}-") for p in others)

    def _metric(self, name: str) -> Iterator[tuple[str, str]]:
        plugin = name.split(".")[0]
        if name and name not in self.metrics and plugin in self.plugins:
            yield f"插件 {plugin} 没有指标「{name}」", f"plugin {plugin} has no metric {name}"

    def _record(self, name: str, fields: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        if not name or self.records is None:
            return
        plugin, record = name.split(".")[0] if "." in name else "core", self.records.get(name)
        if record is None:
            if plugin in self.plugins:
                yield f"没有登记「{name}」", f"there is no record {name}"
            return
        for missing in (n for n in fields if not any(f.name == n for f in record.fields)):
            yield f"登记「{name}」没有字段「{missing}」", f"the record {name} has no field {missing}"

    def _target(self, target: Target) -> Iterator[tuple[str, str, str]]:
        yield from (("metric", *found) for found in self._metric(target.metric))
        for when in target.when:
            yield from (("when", *found) for found in self._metric(when.metric))
            if (asked := self.metrics.get(when.metric)) is not None and asked.denominator is not None:
                yield "when", f"条件指标 {when.metric} 不是计数", f"the metric {when.metric} of the condition is a ratio, not a count"
        metric = self.metrics.get(target.metric)
        if metric is not None:
            yield from _unit(target, metric)
        yield from (("scope", *found) for found in self._record(target.subject, ("kind",) if target.roles else ()))
        yield from self._subject(target, metric)
        yield from _quote(target)

    def _subject(self, target: Target, metric: Metric | None) -> Iterator[tuple[str, str, str]]:
        """Whether the roles are words of the subject's register, and the metric's rows belong to its rows."""
        record = (self.records or {}).get(target.subject)
        if record is None:
            return
        kind = next((f for f in record.fields if f.name == "kind"), None)
        for role in target.roles if kind is not None else ():
            assert kind is not None
            if role not in {c.key for c in kind.choices} and (role.isascii() or not kind.open):
                yield "scope", f"「{role}」不是登记「{record.key}」的类别", f"{role} is no kind of the record {record.key}"
        parts = [m for m in (metric.numerator, metric.denominator) if m is not None] if metric else []
        for part in parts:
            counted = (self.records or {}).get(part.record) if isinstance(part, Rows) else None
            belongs = counted is not None and (counted is record or any(f.target == record.key for f in counted.fields))
            if not belongs and not isinstance(part, Residents):
                zh, en = f"指标 {target.metric} 不能按 {record.key} 逐个计", f"{target.metric} cannot be counted for each {record.key}"
                yield "scope", zh, en


def _unit(target: Target, metric: Metric) -> Iterator[tuple[str, str, str]]:
    unit = UNITS[target.unit]
    if metric.unit not in unit.fits or (unit.ratio and metric.denominator is None):
        yield "unit", f"指标 {metric.key} 不能以 {target.unit} 计", f"the metric {metric.key} cannot be measured in {target.unit}"
    elif metric.unit == "fen" and target.unit != "yuan/person" and isinstance(metric.denominator, Residents):
        yield "unit", f"指标 {metric.key} 是人均金额：用 yuan/person", f"the metric {metric.key} is money per person: yuan/person"
    if target.unit == "years" and not isinstance(metric.numerator, Rows):
        yield "unit", f"指标 {metric.key} 没有日期", f"the metric {metric.key} has no days"
    resident = isinstance(metric.denominator, Residents)
    if resident and not target.basis:
        yield "basis", "分母是居民：须写 basis", "the denominator is residents: basis is needed"
    if target.basis and not resident:
        yield "basis", "分母不是居民，basis 不会用到", "the denominator is not residents: nothing reads basis"


def _quote(target: Target) -> Iterator[tuple[str, str, str]]:
    """Whether the words and numbers of a target stand in its quote."""
    said = says(target.quote, target.value, target.unit)
    if target.value_of and said:
        yield "value_of", "引文自己写了这个数，value_of 不会用到", "the quote says the number itself: nothing reads value_of"
    if not said and not target.value_of:
        yield "value", f"引文中没有 {target.value}", f"the quote does not say {target.value}"
    if target.value_max is not None and not says(target.quote, target.value_max, target.unit):
        yield "value_max", f"引文中没有 {target.value_max}", f"the quote does not say {target.value_max}"
    if not re.search(".*".join(re.escape(part) for part in target.literal.split("…")), target.quote, re.DOTALL):
        word = target.literal
        yield "literal", f"引文中没有「{word}」", f"the quote does not have the literal {word}"


_DIGITS = "零一二三四五六七八九"


def says(text: str, value: Decimal, unit: str) -> bool:
    """Whether a number stands in a text, in digits or in Chinese numerals."""
    quote = narrow(text).replace(",", "")
    digits = f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    if re.search(rf"(?<![\d.]){re.escape(digits)}(?!\d|\.\d*[1-9])", quote):
        return True
    figures = f"{_DIGITS}十百千点"
    return any(re.search(rf"(?<![{figures}]){word}(?![{figures}成])", quote) for word in _spoken(value, digits, unit))


def _spoken(value: Decimal, digits: str, unit: str) -> list[str]:
    """The Chinese words that offices write a number with."""
    if value != int(value):
        whole, _, part = digits.partition(".")
        return [f"{numeral(int(whole)) if int(whole) else '零'}点{''.join(_DIGITS[int(d)] for d in part)}"]
    words = [numeral(int(value))] + (["两"] if value == 2 else [])
    if unit == "percent":
        words += [f"{numeral(int(value) // 10)}成"] if value % 10 == 0 else []
        words += {50: ["半"], 100: ["百分之百", "全部", "全覆盖", "所有"]}.get(int(value), [])
    if value and value % 10_000 == 0:
        words += [f"{value / 10_000:f}万", f"{numeral(int(value) // 10_000)}万"]
    return words


def numeral(number: int) -> str:
    """A number below ten thousand in Chinese numerals; larger ones in digits."""
    if not 0 < number < 10_000:
        return str(number)
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += _DIGITS[digit] + name
        elif text and number % unit and not text.endswith("零"):
            text += "零"
    return text.removeprefix("一") if text.startswith("一十") else text
