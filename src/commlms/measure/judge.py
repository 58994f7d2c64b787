"""Verdicts: a figure against the sentence of a document. Nothing is guessed.

*met*: the proven figure reaches. *short*: it would miss even if every unnamed visit here and at the
places above were another person, every resident of a place that recorded or reported nothing had taken part,
and everyone of unknown home were from here. *not shown*: the truth lies between. *no data*, *not applicable*, *no verdict* say why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Literal

import attrs

from commlms.core.days import Period, iso
from commlms.core.labels import Label
from commlms.core.metrics import Metric, Residents
from commlms.core.pack_tables import UNITS
from commlms.core.policies import Policy, Target
from commlms.measure.figures import Figure, Figures
from commlms.measure.reporting import words
from commlms.measure.residents import ResidentsFigure
from commlms.measure.stated import stated_by

Verdict = Literal["met", "short", "not_shown", "no_data", "not_applicable", "no_verdict"]
VERDICTS: dict[str, Label] = {
    "met": Label("达到", "met"), "short": Label("未达到", "short"), "not_shown": Label("未证明", "not shown"),
    "no_data": Label("无数据", "no data"), "not_applicable": Label("不适用", "not applicable"),
    "no_verdict": Label("无定论", "no verdict"),
}
_NO_LIMIT = 10**18
FiguresFor = Callable[[Period, str], Figures]


@attrs.frozen
class Judgement:
    """One target at one place, or at several together.

    ``needed`` is the smallest numerator that reaches; ``by`` how many are missing to it: from the
    upper bound where short, persons still to be named where not shown. ``bound`` is the most the
    truth can be: the ceiling, the residents of places that recorded or reported nothing, and what may belong here.
    ``not_reported``: how many of how many senders have not reported on these places.
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


class Judge:
    """Judges targets with the figures of one database."""

    def __init__(self, metrics: Mapping[str, Metric], plugins: set[str], figures: FiguresFor) -> None:
        self.metrics, self.plugins, self.figures = metrics, plugins, figures

    def policy(self, policy: Policy, day: int) -> list[Judgement]:
        """Every target of a document, as of a day."""
        return [j for target in policy.targets for j in self.target(policy, target, day)]

    def target(self, policy: Policy, target: Target, day: int) -> list[Judgement]:
        """One target, as of a day: a judgement for each place, or one for all together."""
        period = target.period(day)
        if ended := policy.out_of_force(day):
            return [self._without(policy, target, period, ended)]
        if target.due is not None and day < target.due:
            why = Label(f"期限未到（{iso(target.due)}）", f"not yet due ({iso(target.due)})")
            return [self._without(policy, target, period, why)]
        figures = self.figures(period, policy.tree_of(target))
        top = figures.geography.by_code(policy.jurisdiction, period.last)
        if top is None:
            why = Label(f"库中没有地点 {policy.jurisdiction}", f"the database has no place {policy.jurisdiction}")
            return [self._without(policy, target, period, why)]
        groups = self._groups(policy, target, figures, top)
        if not groups:
            return [self._without(policy, target, period, Label("没有句子所指的地点", "no place that the sentence names"))]
        return [self._judge(policy, target, figures, places, name) for places, name in groups]

    def _without(self, policy: Policy, target: Target, period: Period, why: Label) -> Judgement:
        return Judgement(policy.key, target.id, (), period.key, "not_applicable", why)

    def outside(self, policy: Policy, target: Target, figures: Figures, place: int) -> Label | None:
        """Why a figure at a place is information only: the sentence does not bind there. None where it does."""
        top = figures.geography.by_code(policy.jurisdiction, figures.period.last)
        if top is None or place not in figures.tree.below(top):
            return Label(f"不对此地施行：只对 {policy.jurisdiction} 施行", f"does not bind here, but in {policy.jurisdiction} only")
        group = next((g for g, _ in self._groups(policy, target, figures, top) if place in g), None)
        if group is None:
            return Label("句子所指的不是此地", "the sentence does not name this place")
        if target.together and len(group) > 1:
            return Label(f"句子所指的 {len(group)} 个地点合并评判", f"the sentence judges {len(group)} places as one")
        return None

    def _groups(
        self, policy: Policy, target: Target, figures: Figures, top: int
    ) -> list[tuple[tuple[int, ...], Label | None]]:
        """The places judged: one by one, or all as one; a region is always one."""
        region = policy.region(target.region) if target.region else None
        if region is not None:
            found = [p for code in region.places if (p := figures.geography.by_code(code, figures.period.last)) is not None]
            if target.levels:
                found = [q for p in found for q in figures.tree.below(p) if self._names(target, figures, q)]
            if not target.levels or target.together:
                return [(tuple(found), region.label)] if found else []
        else:
            found = [p for p in figures.tree.below(top) if self._names(target, figures, p)]
        if target.together:
            return [(tuple(found), target.label)] if found else []
        return [((p,), None) for p in found]

    def _names(self, target: Target, figures: Figures, place: int) -> bool:
        """Whether a place has the level and the kind that the sentence names."""
        node = figures.tree.nodes[place]
        return (not target.levels or node.level in target.levels) and (not target.kind or node.kind == target.kind)

    def _judge(self, policy: Policy, target: Target, figures: Figures, places: tuple[int, ...], name: Label | None) -> Judgement:
        made = Judgement(policy.key, target.id, places, figures.period.key, "no_data", name=name)
        whole = name is None or not self._lacking(policy, target, figures)
        if target.stated is not None and whole and (said := stated_by(figures, target.metric, places)):
            return _as_stated(made, target, target.stated, said)
        metric = self.metrics.get(target.metric)
        if metric is None:
            return attrs.evolve(made, why=self.absent(target))
        if target.when:
            asked = ", ".join(w.metric for w in target.when)
            return attrs.evolve(made, why=Label(f"条件指标 {asked}", f"the metrics of its condition: {asked}"))
        if name is not None and (lacking := self._lacking(policy, target, figures)):
            codes = ", ".join(lacking)
            return attrs.evolve(made, why=Label(f"库中没有该片区的地点 {codes}", f"the database lacks places of the region: {codes}"))
        made = attrs.evolve(made, not_reported=figures.reporting.among(places))
        # Of places judged as one those that have not reported are part of what is not known of the whole.
        read = figures.figure if len(places) == 1 else figures.recorded
        parts = [read(metric, p, self._basis(metric, target)) for p in places]
        for part in parts:
            if part.missing is not None:
                return attrs.evolve(made, why=part.missing)
        if withheld := figures.totals.withheld(metric, places, figures.period, figures.tree):
            return attrs.evolve(made, why=withheld)
        joined = [t for t in policy.targets if t.id in target.joined]
        return self._verdict(made, (target, *joined), metric, figures, parts)

    def _lacking(self, policy: Policy, target: Target, figures: Figures) -> list[str]:
        """The codes of a target's region that the database does not have: nothing can be said of the region as one."""
        region = policy.region(target.region)
        return [c for c in region.places if figures.geography.by_code(c, figures.period.last) is None] if region else []

    def absent(self, target: Target) -> Label:
        """What is missing where no loaded plugin has the metric."""
        plugin = target.metric.split(".")[0]
        if plugin in self.plugins:
            return Label(f"指标 {target.metric} 不存在", f"there is no metric {target.metric}")
        what = target.data or Label(target.metric, target.metric)
        return Label(f"{what.zh}（插件 {plugin} 未加载）", f"{what.en} (plugin {plugin} is not loaded)")

    def _basis(self, metric: Metric, target: Target) -> str | None:
        return target.basis if isinstance(metric.denominator, Residents) else None

    def _verdict(
        self, made: Judgement, demands: tuple[Target, ...], metric: Metric, figures: Figures, parts: list[Figure]
    ) -> Judgement:
        """The verdict on a target and those joined to it, whose demands count as one maximum."""
        target = demands[0]
        numerator = sum(p.numerator or 0 for p in parts)
        denominator = sum(p.denominator or 0 for p in parts) if metric.denominator is not None else None
        ceiling = sum(p.ceiling for p in parts if p.ceiling is not None) if metric.ceiling is not None else numerator
        silent, leaves, bound = self._bound(metric, figures, made.places, ceiling, denominator, target.basis)
        made = attrs.evolve(
            made, numerator=numerator, denominator=denominator, ceiling=ceiling, bound=bound, silent=silent, leaves=leaves,
            estimated=any(p.residents.estimated for p in parts if p.residents),
        )
        if denominator == 0:
            return attrs.evolve(made, why=Label("分母为零", "the denominator is zero"))
        floors = [n for t in demands if (n := needed_for(t, denominator)) is not None]
        needed = max(floors) if floors else None
        found = {between(t, numerator, bound, denominator) for t in demands}
        if made.not_reported and made.not_reported[0] and _is_open(metric, figures, demands, numerator, denominator):
            return attrs.evolve(made, why=words(made.not_reported))
        verdict: Verdict = "short" if "short" in found else "not_shown" if "not_shown" in found else "met"
        start = {"short": bound, "not_shown": numerator}.get(verdict)
        by = None if needed is None or start is None else needed - start
        return attrs.evolve(made, verdict=verdict, needed=needed, by=by)

    def _bound(
        self, metric: Metric, figures: Figures, places: tuple[int, ...], ceiling: int, denominator: int | None,
        basis: str,
    ) -> tuple[int, int, int]:
        """How many lowest places recorded nothing, of how many, and the most the numerator can be."""
        if metric.ceiling is None or not isinstance(metric.denominator, Residents) or denominator is None:
            return 0, 0, ceiling
        silent = sum(len(figures.silent(p)) for p in places)
        leaves = [q for p in places for q in figures.tree.leaves(p)]
        residents = figures.residents(attrs.evolve(metric.denominator, basis=basis))
        unknown = any(q in figures.quiet and q not in residents and figures.tree.nodes[q].level == "village" for q in leaves)
        extra = denominator if unknown else sum(_unheard(figures, residents, p) for p in places)
        return silent, len(leaves), min(ceiling + extra + self._elsewhere(metric, figures, places), denominator)

    def _elsewhere(self, metric: Metric, figures: Figures, places: tuple[int, ...]) -> int:
        """Who may be from here though nothing says so: named people of unknown home, or known only to a place above; and
        unnamed visits at a place above."""
        assert metric.ceiling is not None
        named, unnamed = figures.own(metric.numerator), figures.own(metric.ceiling)
        inside = {q for p in places for q in figures.tree.below(p)}
        above = {q for p in places for q in figures.geography.chain(p, figures.period.last, figures.tree.tree)} - inside
        return named.get(0, 0) + sum(named.get(q, 0) + unnamed.get(q, 0) for q in above)


def _unheard(figures: Figures, residents: Mapping[int, ResidentsFigure], place: int) -> int:
    """Residents of whom nothing was recorded either way: those of quiet lowest places, and of places the database lacks.

    What a place has more than its children together lives in a place below that is not there, or in a quiet one
    without a figure.
    """
    own, children = residents.get(place), figures.tree.children.get(place, ())
    if not children:
        return own.persons if own and place in figures.quiet else 0
    found = sum(_unheard(figures, residents, c) for c in children)
    if own and all(c in residents or c in figures.quiet for c in children):
        found += max(0, own.persons - sum(residents[c].persons for c in children if c in residents))
    return found


def _is_open(metric: Metric, figures: Figures, demands: tuple[Target, ...], numerator: int, denominator: int | None) -> bool:
    """Whether what was not reported could turn the verdict, and nothing says how much it can be."""
    if metric.ceiling is not None and isinstance(metric.denominator, Residents):
        return False  # the residents of those who have not reported are in the bound
    if figures.is_sent(metric.denominator):
        return True
    return figures.is_sent(metric.numerator) and any(between(t, numerator, _NO_LIMIT, denominator) == "not_shown" for t in demands)


def _as_stated(made: Judgement, target: Target, source: Label, said: tuple[int, int, Label]) -> Judgement:
    """The verdict on what the source that a document names has stated: that and nothing else, no bounds."""
    numerator, denominator, who = said
    needed, verdict = needed_for(target, denominator), between(target, numerator, numerator, denominator)
    why = Label(f"按{source.zh}评判：{who.zh} 所报", f"judged by {source.en}, as stated by {who.en}")
    return attrs.evolve(
        made, verdict=verdict, why=why, numerator=numerator, denominator=denominator, ceiling=numerator, bound=numerator, needed=needed,
        by=needed - numerator if needed is not None and verdict == "short" else None, stated=True,
    )


def reaches(target: Target, numerator: int, denominator: int | None) -> bool:
    """Whether a figure reaches a target, in exact arithmetic: no division."""
    left = Decimal(numerator) * UNITS[target.unit].factor
    right = target.value * _base(target, denominator)
    return {
        ">=": left >= right, ">": left > right, "<=": left <= right, "<": left < right, "==": left == right,
    }[target.compare]


def _base(target: Target, denominator: int | None) -> int:
    """What a target's value is a share of; a count is demanded of the numerator itself, also beside a rate."""
    return 1 if denominator is None or target.unit == "count" else denominator


def between(target: Target, least: int, most: int, denominator: int | None) -> Verdict:
    """The verdict on a numerator that lies from ``least`` to ``most``: met if all of these reach, short if none does."""
    if target.compare == "==" and least != most:
        floor, limit = attrs.evolve(target, compare=">="), attrs.evolve(target, compare="<=")
        possible = reaches(limit, least, denominator) and reaches(floor, most, denominator)
        return "not_shown" if possible else "short"
    ends = {reaches(target, number, denominator) for number in (least, most)}
    return "not_shown" if len(ends) == 2 else "met" if True in ends else "short"


def needed_for(target: Target, denominator: int | None) -> int | None:
    """The smallest numerator that reaches a floor; None where the target is no floor."""
    if target.compare not in (">=", ">"):
        return None
    exact = target.value * _base(target, denominator) / UNITS[target.unit].factor
    whole = int(exact.to_integral_value(rounding="ROUND_CEILING"))
    return whole + 1 if target.compare == ">" and exact == whole else whole
