"""Verdicts: a figure against the sentence of a document. Nothing is guessed.

*met*: the proven figure reaches. *short*: it would miss even if every unnamed visit here and at the
places above were another person, every resident of a place that recorded or reported nothing had taken part,
and everyone of unknown home were from here. *not shown*: the truth lies between. *no data*, *not applicable*, *no verdict* say why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import attrs

from commlms.core.days import Period, iso, to_date
from commlms.core.labels import Label
from commlms.core.metrics import Metric, Residents, Rows
from commlms.core.policies import Policy, Target
from commlms.measure.amounts import rows_of, unit_below
from commlms.measure.asked import Asked, Scope, absent, empty_register, joined
from commlms.measure.bounds import Bounds
from commlms.measure.figures import Figure, Figures
from commlms.measure.reporting import words
from commlms.measure.stated import stated_by
from commlms.measure.thresholds import above_range, decimals, joint, last_day, reach

Verdict = Literal["met", "short", "not_shown", "no_data", "not_applicable", "no_verdict"]
VERDICTS: dict[str, Label] = {
    "met": Label("达到", "met"), "short": Label("未达到", "short"), "not_shown": Label("未证明", "not shown"),
    "no_data": Label("无数据", "no data"), "not_applicable": Label("不适用", "not applicable"),
    "no_verdict": Label("无定论", "no verdict"),
}
FiguresFor = Callable[[Period, str], Figures]


@attrs.frozen
class Judgement:
    """One target at one place, at several together, or of one row of a register at a place: its ``subject``.

    ``needed`` is the smallest numerator that reaches, of joined targets the largest of theirs, ``limit`` the largest where there
    is one; ``by`` how many are missing: from the upper bound where short, persons still to be named where not shown; days late
    of a duration. ``excess`` is by how much it is above a limit, or above a range whose upper end is no limit. ``bound`` is the
    most the truth can be: the ceiling, the residents of places that recorded or reported nothing, and what may belong here.
    ``not_reported``: how many of how many senders have not reported on these places. ``counted`` and ``divided_by`` are what
    the integers are numbers of (money in fen, areas in 1/100 square metre), ``of`` what rows are called.
    ``running``: the period has not ended. ``decimals``: how many a ratio needs to be told from the threshold.
    """

    policy: str
    target: str
    places: tuple[int, ...]
    period: str
    verdict: Verdict
    why: Label | None = None
    numerator: int | None = None
    denominator: int | None = None
    ceiling: int | None = None
    bound: int | None = None
    needed: int | None = None
    by: int | None = None
    silent: int = 0
    leaves: int = 0
    estimated: bool = False
    name: Label | None = None
    not_reported: tuple[int, int] | None = None
    stated: bool = False
    subject: Label | None = None
    subject_id: int | None = None
    excess: int | None = None
    limit: int | None = None
    counted: str = "person"
    of: Label | None = None
    divided_by: str = ""
    running: bool = False
    decimals: int = 2


@attrs.frozen(slots=False)
class _Case:
    """One target with the figures that it is judged by. ``missing``: why there is no figure anywhere."""

    policy: Policy
    target: Target
    figures: Figures
    metric: Metric | None
    demands: tuple[Target, ...]
    basis: str
    day: int
    missing: Label | None

    def judgement(self, verdict: Verdict, asked: Asked, why: Label | None = None, **further: Any) -> Judgement:
        """A judgement, with what is known of it besides."""
        subject = asked.subject
        return Judgement(
            self.policy.key, self.target.id, asked.places, self.figures.period.key, verdict, why, name=asked.name,
            subject=asked.name if subject else None, subject_id=subject.id if subject else None, **self._constant, **further,
        )

    @cached_property
    def _constant(self) -> dict[str, Any]:
        """What is the same in every judgement of the target."""
        metric = self.metric
        return {
            "running": bool(self.target.every) and self.day < self.figures.period.last,
            "counted": metric.unit if metric else "person", "of": rows_of(metric, self.figures.records) if metric else None,
            "divided_by": unit_below(metric, self.figures.records) if metric else "", "decimals": decimals(self.target),
        }


class Judge:
    """Judges targets with the figures of one database."""

    def __init__(self, metrics: Mapping[str, Metric], plugins: set[str], figures: FiguresFor) -> None:
        self.metrics, self.plugins, self.figures = metrics, plugins, figures
        self._bounds: dict[Figures, Bounds] = {}

    def policy(self, policy: Policy, day: int) -> list[Judgement]:
        """Every target of a document, as of a day."""
        return [j for target in policy.targets for j in self.target(policy, target, day)]

    def target(self, policy: Policy, target: Target, day: int) -> list[Judgement]:
        """One target, as of a day: a judgement for each place or row of a register, or one for all together."""
        period = target.period(day)
        if why := policy.out_of_force(day):
            return [Judgement(policy.key, target.id, (), period.key, "not_applicable", why)]
        figures = self.figures(period, policy.tree_of(target))
        scope = self._scope(policy, target, figures)
        if scope.top is None:
            why = Label(f"库中没有地点 {policy.jurisdiction}", f"the database has no place {policy.jurisdiction}")
            return [Judgement(policy.key, target.id, (), period.key, "not_applicable", why)]
        if why := _not_yet(target, day):
            return [Judgement(policy.key, target.id, (), period.key, "not_applicable", why)]
        if target.unit == "undefined":
            why = target.note or Label("该文件没有说明这个数字指什么", "the document does not say what this number counts")
            return [Judgement(policy.key, target.id, (scope.top,), period.key, "no_verdict", why)]
        asked = scope.asked()
        if not asked:
            unknown = self._bounds_of(figures).nothing_down_to(target.levels, scope.top)
            why = unknown or Label("没有句子所指的地点", "no place that the sentence names")
            return [Judgement(policy.key, target.id, (), period.key, "no_data" if unknown else "not_applicable", why)]
        case = self._case(policy, target, figures, day)
        return [self._judge(case, each) for each in asked]

    def outside(self, policy: Policy, target: Target, figures: Figures, place: int) -> Label | None:
        """Why a figure at a place is information only: the sentence does not bind there. None where it does."""
        scope = self._scope(policy, target, figures)
        if scope.top is None or place not in figures.tree.below(scope.top):
            return Label(f"不对此地施行：只对 {policy.jurisdiction} 施行", f"does not bind here, but in {policy.jurisdiction} only")
        places = scope.places()
        if place not in places:
            return Label("句子所指的不是此地", "the sentence does not name this place")
        if unbound := scope.unbound(place):
            return unbound
        if scope.as_one and len(places) > 1:
            return Label(f"句子所指的 {len(places)} 个地点合并评判", f"the sentence judges {len(places)} places as one")
        return None

    def absent(self, target: Target) -> Label:
        """What is missing where no loaded plugin has the metric."""
        return absent(target.metric, self.plugins, target.data)

    def measured(self, policy: Policy, target: Target) -> tuple[Metric | None, str]:
        """The metric that a target is judged by (of a joined count the rate that it is joined to), and the residents it is divided by."""
        return self._measured((target, *(t for t in policy.targets if t.id in target.joined)))

    def _scope(self, policy: Policy, target: Target, figures: Figures) -> Scope:
        return Scope(policy, target, figures, self.metrics, self.plugins)

    def _case(self, policy: Policy, target: Target, figures: Figures, day: int) -> _Case:
        demands = (target, *(t for t in policy.targets if t.id in target.joined))
        metric, basis = self._measured(demands)
        missing = self.absent(target) if metric is None else empty_register(figures, metric)
        return _Case(policy, target, figures, metric, demands, basis, day, missing)

    def _measured(self, demands: Sequence[Target]) -> tuple[Metric | None, str]:
        """The metric that answers all demands, and the residents it is divided by.

        Of a count joined to a rate of the same rows (at least 3, and 0.01 %) it is the rate, which has both integers.
        """
        own = self.metrics.get(demands[0].metric)
        for demand in demands:
            metric = self.metrics.get(demand.metric)
            if own and metric and metric.denominator is not None and metric.numerator.text == own.numerator.text:
                return metric, demand.basis if isinstance(metric.denominator, Residents) else ""
        return own, ""

    # -- one judgement --------------------------------------------------------------------------------

    def _judge(self, case: _Case, asked: Asked) -> Judgement:
        target, figures, metric, places = case.target, case.figures, case.metric, asked.places
        if asked.unbound is not None:
            return case.judgement("not_applicable", asked, asked.unbound)
        if asked.lacking is None and target.stated is not None and (said := stated_by(figures, target.metric, places)):
            return _as_stated(case, asked, said)
        if metric is not None and target.unit == "years":
            return self._duration(case, asked)
        if metric is None or case.missing or asked.lacking:
            return case.judgement("no_data", asked, joined(case.missing, asked.lacking))
        told = figures.reporting.among(places) if figures.reporting.covered else None
        parts = self._parts(case, metric, asked)
        missing = next((part.missing for part in parts if part.missing is not None), None)
        if why := missing or figures.totals.withheld(metric, places, figures.period, figures.tree):
            return case.judgement("no_data", asked, why, not_reported=told)
        return self._verdict(case, asked, metric, parts, told)

    def _parts(self, case: _Case, metric: Metric, asked: Asked) -> list[Figure]:
        """The figures that are added up: one for each place."""
        figures, basis = case.figures, case.basis or None
        if asked.subject is not None:
            (place,) = asked.places
            return [figures.of_subject(metric, place, basis, case.target.subject, asked.subject.id)]
        # Of places judged as one those that have not reported are part of what is not known of the whole.
        read = figures.figure if len(asked.places) == 1 else figures.recorded
        return [read(metric, p, basis) for p in asked.places]

    def _verdict(
        self, case: _Case, asked: Asked, metric: Metric, parts: Sequence[Figure], told: tuple[int, int] | None,
    ) -> Judgement:
        """The verdict on a target and those joined to it, whose demands count as one maximum."""
        bounds = self._bounds_of(case.figures)
        numerator = sum(p.numerator or 0 for p in parts)
        denominator = sum(p.denominator or 0 for p in parts) if metric.denominator is not None else None
        ceiling = sum(p.ceiling for p in parts if p.ceiling is not None) if metric.ceiling is not None else numerator
        bound = bounds.of(metric, case.basis, asked.places, ceiling, denominator)
        made: dict[str, Any] = {
            "numerator": numerator, "denominator": denominator, "ceiling": ceiling, "bound": bound.most, "silent": bound.silent,
            "leaves": bound.leaves, "estimated": any(p.residents.estimated for p in parts if p.residents), "not_reported": told,
        }
        aim = joint(case.demands, denominator)
        unknown = None if asked.subject else bounds.not_known_down(metric, aim, numerator, asked.places)
        if denominator == 0:
            unknown = unknown or Label("分母为零", "the denominator is zero")
        elif told and told[0] and bounds.is_open(metric, aim, numerator):
            unknown = words(told)
        if unknown is not None:
            return case.judgement("no_data", asked, unknown, **made)
        verdict = aim.verdict(numerator, bound.most)
        if verdict != "met" and (why := _cut_off(case)):
            return case.judgement("not_applicable", asked, why, **made)
        least = {"short": bound.most, "not_shown": numerator}.get(verdict)
        return case.judgement(
            verdict, asked, needed=aim.least, limit=aim.most, by=None if least is None else aim.lacks(least),
            excess=aim.exceeds(numerator) if verdict == "short" else above_range(case.target, numerator, denominator), **made,
        )

    def _bounds_of(self, figures: Figures) -> Bounds:
        if figures not in self._bounds:
            self._bounds[figures] = Bounds(figures)
        return self._bounds[figures]

    def _duration(self, case: _Case, asked: Asked) -> Judgement:
        """The verdict on what is to be reached within so many years: by the first day on which it was."""
        assert case.metric is not None
        last = last_day(case.policy, case.target)
        measure, days = case.metric.numerator, list[int]()
        if case.missing is None and isinstance(measure, Rows):
            days = [d for p in asked.places for d in case.figures.days(measure, p) if d <= case.day]
        if days:
            first = min(days)
            if first < last or (first == last and case.target.compare != "<"):
                why = Label(f"{iso(first)} 建成，期限 {iso(last)}", f"reached on {iso(first)}, no later than {iso(last)}")
                return case.judgement("met", asked, why)
            late = (to_date(first) - to_date(last)).days
            why = Label(f"{iso(first)} 建成，比期限 {iso(last)} 晚 {late} 天", f"reached on {iso(first)}, {late} day(s) after {iso(last)}")
            return case.judgement("short", asked, why, by=late)
        if case.day <= last:
            return case.judgement("not_applicable", asked, Label(f"期限未到（{iso(last)}）", f"not yet due ({iso(last)})"))
        if lacking := joined(case.missing, asked.lacking):
            return case.judgement("no_data", asked, lacking)
        why = Label(f"期限 {iso(last)} 已过，没有建成记录", f"not reached by {iso(last)}, as far as is recorded")
        return case.judgement("short", asked, why)


def _not_yet(target: Target, day: int) -> Label | None:
    """Why nothing is demanded yet: the duty begins later, or its day has not come. A duration is judged as soon as it is reached."""
    if target.start is not None and day < target.start:
        return Label(f"自 {iso(target.start)} 起才有此要求", f"demanded from {iso(target.start)} on")
    if target.due is not None and day < target.due and target.unit not in ("years", "undefined"):
        return Label(f"期限未到（{iso(target.due)}）", f"not yet due ({iso(target.due)})")
    return None


def _cut_off(case: _Case) -> Label | None:
    """Why a window of several years says nothing yet: it begins in a year before there was any such duty."""
    begun = max(case.policy.effective, case.target.start or 0) // 10_000
    period = case.figures.period
    if period.is_year or period.first // 10_000 >= begun:
        return None
    last = begun + (period.last - period.first) // 10_000
    return Label(f"第一个周期到 {last} 年底才满", f"the first cycle ends with the year {last}")


def _as_stated(case: _Case, asked: Asked, said: tuple[int, int, Label]) -> Judgement:
    """The verdict on what the source that a document names has stated: that and nothing else, no bounds."""
    numerator, denominator, who = said
    source, aim = case.target.stated, reach(case.target, denominator)
    assert source is not None
    why = Label(f"按{source.zh}评判：{who.zh} 所报", f"judged by {source.en}, as stated by {who.en}")
    return case.judgement(
        aim.verdict(numerator, numerator), asked, why, numerator=numerator, denominator=denominator, ceiling=numerator,
        bound=numerator, needed=aim.least, limit=aim.most, by=aim.lacks(numerator), excess=aim.exceeds(numerator), stated=True,
    )
