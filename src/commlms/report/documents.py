"""The documents in force at the places reported on, their level names, their verdicts there, and everything else they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs

from commlms.core.days import iso, to_date
from commlms.core.duties import Level
from commlms.core.labels import Label
from commlms.core.policies import Policy, Target
from commlms.measure.figures import Figures
from commlms.measure.judge import Judgement
from commlms.report.cells import Cell
from commlms.report.conflicts import Contradictions
from commlms.report.content import Document, LocalLevel
from commlms.report.frame import Frame
from commlms.report.goals import Beside
from commlms.report.matrix import matrix, unjudged
from commlms.report.parts import Duties, NetworkPart, Parts
from commlms.report.source import Source
from commlms.report.trends import Trends, years_on
from commlms.report.verdicts import Verdicts
from commlms.report.words import LEVEL_LABELS


@attrs.frozen
class Bound:
    """What the documents in force say here; and the other loaded ones, each with the reason why it does not."""

    frames: tuple[Frame, ...]
    others: tuple[tuple[Policy, Label], ...]
    judged: Sequence[tuple[Policy, Judgement]]


def bound_here(source: Source, figures: Figures, tops: Sequence[int], day: int) -> Bound:
    """The documents in force here on a day, with the judgements of their targets that concern these places."""
    inside = {p for top in tops for p in figures.tree.members(top)}
    related = inside | {p for top in tops for p in figures.geography.chain(top, figures.period.last, "reporting")}
    binding: list[tuple[Policy, int]] = []
    others: list[tuple[Policy, Label]] = []
    for policy in sorted(source.registry.policies.values(), key=lambda p: p.id):
        top = figures.geography.by_code(policy.jurisdiction, figures.period.last)
        if top is None:
            others.append((policy, Label(f"库中没有地点 {policy.jurisdiction}", f"the database has no place {policy.jurisdiction}")))
        elif top not in related:
            others.append((policy, Label("施行范围不含此地", "does not apply here")))
        elif ended := policy.out_of_force(day):
            others.append((policy, ended))
        else:
            binding.append((policy, top if top in inside else tops[0]))
    judged = source.judge([p.key for p, _ in binding], as_of=to_date(day)) if binding else []
    # A target that names no place (not yet due, nothing of its kind) still belongs to the document.
    judged = [(p, j) for p, j in judged if not j.places or related.intersection(j.places)]
    on = {"reporting": figures, "admin": figures.on("admin") if any(p.tree == "admin" for p, _ in binding) else figures}
    return Bound(tuple(_frame(policy, on[policy.tree], at, judged) for policy, at in binding), tuple(others), judged)


def _frame(policy: Policy, figures: Figures, at: int, judged: Sequence[tuple[Policy, Judgement]]) -> Frame:
    targets: Mapping[str, Target] = {t.id: t for t in policy.targets}
    return Frame(policy, figures, at, tuple((targets[j.target], j) for p, j in judged if p.key == policy.key))


@attrs.define
class Documents:
    """Makes the documents of a report.

    ``cell`` gives a figure of the period at a place as it may be shown, ``of_year`` the figures of a year.
    """

    source: Source
    bound: Bound
    cell: Callable[[str, int], Cell]
    of_year: Callable[[int], Figures]
    day: int

    def made(self) -> tuple[Document, ...]:
        """Every document in force here."""
        verdicts, contradictions = Verdicts(self.source), self._contradictions()
        years = {f.tree.tree: years_on(f.figures, self.of_year) for f in self.bound.frames}
        return tuple(self._document(f, verdicts, contradictions, years[f.tree.tree]) for f in self.bound.frames)

    def _contradictions(self) -> Contradictions:
        return Contradictions(self.source.conflicts(self.bound.judged), {f.policy.key: f for f in self.bound.frames})

    def _document(
        self, frame: Frame, verdicts: Verdicts, contradictions: Contradictions, of_year: Callable[[int], Figures],
    ) -> Document:
        policy, repeals = frame.policy, _repeals(frame.policy)
        beside = Beside(self.source, frame, self.cell, self.day)
        trends, moved = Trends(frame, self.source.registry.metrics, of_year, self.source.origin is not None).made()
        parts = Parts(
            matrix(frame, contradictions.by_target), trends, moved, beside.goals(), beside.schedules(), _duties(policy),
            contradictions.of(policy), unjudged(frame),
        )
        return Document(
            policy.key, policy.id, policy.label, policy.number, policy.issuer, policy.jurisdiction, policy.effective, policy.repealed,
            tuple(_level(x) for x in _main(policy)), tuple(verdicts.verdict(frame, t, j) for t, j in frame.judged), policy.note,
            policy.issued, policy.published, repeals, tuple(_facts(policy, repeals)), parts,
        )


def _main(policy: Policy) -> list[Level]:
    main = policy.networks[0].id if policy.networks else ""
    return [x for x in policy.levels if x.network == main]


def _level(x: Level) -> LocalLevel:
    return LocalLevel(x.level, LEVEL_LABELS[x.level], x.place, x.label, x.clause, x.quote, x.note, x.aliases)


def _duties(policy: Policy) -> Duties:
    levels: dict[str, list[Level]] = {n.id: [] for n in policy.networks}
    for level in policy.levels:
        levels.setdefault(level.network, []).append(level)
    named = {n.id: n for n in policy.networks}
    return Duties(
        tuple(NetworkPart(named.get(id), tuple(sorted(of, key=lambda x: x.order))) for id, of in levels.items()),
        policy.chains, policy.models, policy.bodies, policy.departments, policy.terms,
    )


def _repeals(policy: Policy) -> tuple[Label, ...]:
    return tuple(
        Label(f"{r.number}《{r.label.zh}》", f"{r.number} {r.label.en}") if r.label else Label(r.number, r.number) for r in policy.repeals
    )


def _facts(policy: Policy, repeals: tuple[Label, ...]) -> Iterator[Label]:
    for day, zh, en in (
        (policy.issued, "印发", "issued"), (policy.published, "公布", "published"), (policy.effective, "施行", "in force from"),
        (policy.repealed, "废止", "repealed"),
    ):
        if day is not None:
            yield Label(f"{zh} {iso(day)}", f"{en} {iso(day)}")
    for ended in repeals:
        yield Label(f"废止文件 {ended.zh}", f"repeals {ended.en}")
