"""The documents in force at the places reported on, their level names, and their verdicts there."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from commlms.core.days import Period, to_date
from commlms.core.labels import Label
from commlms.core.metrics import Measure, Metric, Residents
from commlms.core.policies import Policy, Target
from commlms.measure.figures import Figures
from commlms.measure.judge import VERDICTS, Judgement
from commlms.report.content import Document, LocalLevel, Shown, Verdict
from commlms.report.protect import Protection
from commlms.report.source import Source
from commlms.report.words import BASES, FORCES, LEVEL_LABELS


def documents_here(
    source: Source, figures: Figures, tops: Sequence[int], day: int,
) -> tuple[tuple[Document, ...], tuple[tuple[Policy, Label], ...]]:
    """The documents in force here on a day with their verdicts; and the other loaded ones, each with the reason."""
    binding, others = [], []
    inside = {p for top in tops for p in figures.tree.below(top)}
    related = inside | {p for top in tops for p in figures.geography.chain(top, figures.period.last, "reporting")}
    for policy in sorted(source.registry.policies.values(), key=lambda p: p.id):
        top = figures.geography.by_code(policy.jurisdiction, figures.period.last)
        if top is None:
            others.append((policy, Label(f"库中没有地点 {policy.jurisdiction}", f"the database has no place {policy.jurisdiction}")))
        elif top not in related:
            others.append((policy, Label("施行范围不含此地", "does not apply here")))
        elif not policy.in_force(day):
            others.append((policy, Label("判定日不在施行期", "not in force on the day judged")))
        else:
            binding.append(policy)
    verdicts = _verdicts(source, binding, related, day)
    return tuple(_document(p, tuple(verdicts.get(p.key, ()))) for p in binding), tuple(others)


def _document(policy: Policy, verdicts: tuple[Verdict, ...]) -> Document:
    return Document(
        policy.key, policy.id, policy.label, policy.number, policy.issuer, policy.jurisdiction, policy.effective,
        policy.repealed,
        tuple(
            LocalLevel(x.level, LEVEL_LABELS[x.level], x.place, x.label, x.clause, x.quote, x.note) for x in policy.levels
        ),
        verdicts, policy.note,
    )


def _verdicts(source: Source, binding: Sequence[Policy], related: set[int], day: int) -> dict[str, list[Verdict]]:
    if not binding:
        return {}
    maker = _Verdicts(source)
    found: dict[str, list[Verdict]] = {}
    for policy, judgement in source.judge([p.key for p in binding], as_of=to_date(day)):
        # A target that names no place (not yet due, nothing of its kind) still belongs to the document.
        if not judgement.places or related.intersection(judgement.places):
            target = next(t for t in policy.targets if t.id == judgement.target)
            found.setdefault(policy.key, []).append(maker.verdict(policy, target, judgement))
    return found


class _Verdicts:
    """Makes verdicts; keeps what protects the figures of each period that targets name."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._protections: dict[tuple[str, str], Protection] = {}

    def verdict(self, policy: Policy, target: Target, judgement: Judgement) -> Verdict:
        """One judgement as it may be shown."""
        protection = self._protection(policy, judgement.period)
        metric = self.source.registry.metrics.get(target.metric)
        over, under = self._hidden(protection, metric, target, judgement.places)
        return Verdict(
            target=target.id, label=target.label, metric=target.metric, compare=target.compare, value=target.value,
            unit=target.unit, clause=target.clause, quote=target.quote, force=FORCES[target.force], due=target.due,
            basis=BASES[target.basis], note=target.note, verdict=judgement.verdict,
            verdict_label=VERDICTS[judgement.verdict], why=judgement.why, period=judgement.period,
            where=self._where(protection.figures, policy, judgement), places=len(judgement.places),
            numerator=_shown(judgement.numerator, over), denominator=_shown(judgement.denominator, under),
            ceiling=_shown(judgement.ceiling, over or under), bound=_shown(judgement.bound, over or under),
            counted=metric.unit if metric else "row",
            needed=None if under else judgement.needed, by=_shown(judgement.by, over or under), silent=judgement.silent,
            leaves=judgement.leaves, estimated=judgement.estimated,
        )

    def _protection(self, policy: Policy, period: str) -> Protection:
        tree = "reporting" if policy.tree == "reporting" else "admin"
        if (period, tree) not in self._protections:
            figures = self.source.figures(Period.parse(period), "reporting" if tree == "reporting" else "admin")
            self._protections[period, tree] = Protection(figures, self.source.registry.metrics.values())
        return self._protections[period, tree]

    def _hidden(
        self, protection: Protection, metric: Metric | None, target: Target, places: Sequence[int],
    ) -> tuple[str, str]:
        """Why the numerator and the denominator of one place are hidden. A sum over several places is no place's figure."""
        if metric is None or len(places) != 1:
            return "", ""
        over = protection.hidden(metric.numerator).get(places[0], "")
        return over, protection.hidden(_denominator(metric, target)).get(places[0], "")

    def _where(self, figures: Figures, policy: Policy, judgement: Judgement) -> Label:
        if len(judgement.places) == 1:
            name = figures.tree.nodes[judgement.places[0]].name
            return Label(name, name)
        return judgement.name or policy.label


def _denominator(metric: Metric, target: Target) -> Measure | None:
    """The denominator with the residents that the sentence names."""
    part = metric.denominator
    return attrs.evolve(part, basis=target.basis) if isinstance(part, Residents) else part


def _shown(value: int | None, hidden: str) -> Shown | None:
    return None if value is None else Shown(None if hidden else value, hidden)
