"""The documents in force at the places reported on, their level names, and their verdicts there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commlms.core.days import iso, to_date
from commlms.core.labels import Label
from commlms.core.policies import Policy, Target
from commlms.measure.figures import Figures
from commlms.measure.judge import VERDICTS, Judgement
from commlms.measure.shown import LINKED
from commlms.report.content import Document, LocalLevel, Shown, Verdict
from commlms.report.protect import JudgedProtection
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
        elif ended := policy.out_of_force(day):
            others.append((policy, ended))
        else:
            binding.append(policy)
    verdicts = _verdicts(source, binding, related, day)
    return tuple(_document(p, tuple(verdicts.get(p.key, ()))) for p in binding), tuple(others)


def _document(policy: Policy, verdicts: tuple[Verdict, ...]) -> Document:
    repeals = tuple(
        Label(f"{r.number}《{r.label.zh}》", f"{r.number} {r.label.en}") if r.label else Label(r.number, r.number) for r in policy.repeals
    )
    return Document(
        policy.key, policy.id, policy.label, policy.number, policy.issuer, policy.jurisdiction, policy.effective,
        policy.repealed,
        tuple(
            LocalLevel(x.level, LEVEL_LABELS[x.level], x.place, x.label, x.clause, x.quote, x.note, x.aliases) for x in policy.levels
        ),
        verdicts, policy.note, policy.issued, policy.published, repeals, tuple(_facts(policy, repeals)),
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
    """Makes verdicts."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.protection = JudgedProtection(source)

    def verdict(self, policy: Policy, target: Target, judgement: Judgement) -> Verdict:
        """One judgement as it may be shown."""
        figures = self.protection.of(policy, target, judgement).figures
        metric = self.source.registry.metrics.get(target.metric)
        over, under = self.protection.hidden(policy, target, judgement)
        # What is made of a hidden number is withheld; that it lies under 5 is said of that number alone.
        made = LINKED if over or under else ""
        return Verdict(
            target=target.id, label=target.label, metric=target.metric, compare=target.compare, value=target.value,
            unit=target.unit, clause=target.clause, quote=target.quote, force=FORCES[target.force], due=target.due,
            basis=BASES.get(target.basis, Label("", "")), note=_notes(policy, target), verdict=judgement.verdict,
            verdict_label=VERDICTS[judgement.verdict], why=judgement.why, period=judgement.period,
            where=self._where(figures, policy, target, judgement), places=len(judgement.places),
            numerator=_shown(judgement.numerator, over), denominator=_shown(judgement.denominator, under),
            ceiling=_shown(judgement.ceiling, made), bound=_shown(judgement.bound, made),
            counted=metric.unit if metric else "row",
            needed=None if under else judgement.needed, by=_shown(judgement.by, made), silent=judgement.silent,
            leaves=judgement.leaves, estimated=judgement.estimated, req=target.req, data=target.data,
            not_reported=judgement.not_reported,
        )

    def _where(self, figures: Figures, policy: Policy, target: Target, judgement: Judgement) -> Label:
        """The place or places judged; where none is, the region named or the place that the document binds."""
        region = policy.region(target.region)
        if len(judgement.places) != 1 and (label := judgement.name or (region and region.label)):
            return label
        top = judgement.places[0] if judgement.places else figures.geography.by_code(policy.jurisdiction, figures.period.last)
        name = policy.jurisdiction if top is None or top not in figures.tree.nodes else figures.tree.nodes[top].name
        return Label(name, name)


def _notes(policy: Policy, target: Target) -> Label | None:
    """How the sentence was read, what its region takes in, and the record it asks for."""
    region = policy.region(target.region)
    needs = target.data and Label(f"所需记录：{target.data.zh}", f"the record it asks for: {target.data.en}")
    stated = target.stated and Label(
        f"以{target.stated.zh}为准，没有时按库中记录", f"judged by {target.stated.en}, without it by what is recorded here",
    )
    notes = [n for n in (target.note, region and region.note, needs, stated) if n]
    return Label("；".join(n.zh for n in notes), "; ".join(n.en for n in notes)) if notes else None


def _shown(value: int | None, hidden: str) -> Shown | None:
    return None if value is None else Shown(None if hidden else value, hidden)
