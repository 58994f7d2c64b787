"""Everything behind a figure or a verdict as it may be shown: the rule, the integers, the rounding, the bounds, every row.

One content for every form it is written in: what is hidden in one is hidden in all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import attrs

from commlms.core.days import Period
from commlms.core.errors import CommLMSError, UnknownName
from commlms.core.labels import Label
from commlms.core.metrics import Metric
from commlms.core.policies import Policy, Target
from commlms.measure.amounts import rows_of, unit_below
from commlms.measure.asked import empty_register
from commlms.measure.explain import About, ExplainedPart, ExplainedRow, Explanation, explain
from commlms.measure.figures import Figures, suppressed
from commlms.measure.judge import Judge, Judgement
from commlms.measure.register_figures import Subject
from commlms.measure.reporting import sentences
from commlms.measure.shown import LINKED, SMALL, strength_words
from commlms.measure.words import Words
from commlms.report.explained_facts import Fact, bound_facts, reach_facts, verdict_facts
from commlms.report.explained_rule import rule_facts
from commlms.report.explained_stated import recorded_words, stated_rows, stated_sql, stated_words
from commlms.report.protect import JudgedProtection, Protection
from commlms.report.rows import counts, shown_rows
from commlms.report.source import Source
from commlms.store.geography import Tree

NOT_LISTED = Label(
    "县以下不显示的人群数字不逐行列出；可改看县级",
    "figures about a group that are not shown below the county are not listed row by row; ask for the county",
)


@attrs.frozen
class At:
    """A place whose figure is explained."""

    code: str
    name: str
    level: str


@attrs.frozen
class PartShown:
    """A part of a figure as it may be shown: in words, as a statement, its value (None where hidden or not known).

    ``counts``: for each reason how many rows, the rows counted under None; few of a group of people as ``<5``. ``of``: what its rows
    are called.
    """

    name: str
    words: Label
    sql: str
    value: int | None
    unit: str
    hidden: str
    counts: tuple[tuple[Label | None, str], ...]
    of: Label | None = None


@attrs.frozen
class RuleShown:
    """The sentence of a document: its words in Chinese and English, and what is to be known of it."""

    policy: Policy
    target: Target
    facts: tuple[Fact, ...]


@attrs.frozen
class Explained:
    """A figure, or a target at a place, explained.

    ``judgement`` is the verdict where the sentence binds, ``numbers`` its integers, None where hidden; ``only``: why the figure
    is information only, or what is said beside it. ``not_listed``: why the rows are not. ``by_statement``: the verdict rests on
    what the source that the document names has stated, and so do the rows.
    """

    label: Label
    key: str
    metric: Metric | None
    places: tuple[At, ...]
    subject: str
    figures: Figures
    rule: RuleShown | None
    judgement: Judgement | None
    numbers: dict[str, int | None]
    verdict: tuple[Fact, ...]
    only: tuple[Label, ...]
    reach: tuple[Fact, ...]
    bounds: tuple[Fact, ...]
    parts: tuple[PartShown, ...]
    beside: tuple[Label, ...]
    missing: Label | None
    not_listed: Label | None
    invented: bool
    origin: Label | None
    explanations: tuple[Explanation, ...] = attrs.field(repr=False, eq=False)
    protection: Protection = attrs.field(repr=False, eq=False)
    by_statement: bool = False
    asked: At | None = None

    def rows(self, sources: bool = True) -> Iterator[ExplainedRow]:
        """Every row that may be shown, part by part, those of each place together; raises where none may."""
        if self.not_listed is not None:
            raise CommLMSError(self.not_listed)
        if self.by_statement and self.rule is not None and self.judgement is not None:
            yield from stated_rows(self.figures, self.rule.target.metric, self.judgement.places, sources=sources)
            return
        for found in self.explanations:
            yield from shown_rows(found, self.protection, sources)

    @property
    def about(self) -> Label:
        """Whom it is about: the place or places, and the row of a register there."""
        at = self.asked or (self.places[0] if self.places else None)
        where, many = f"{at.code} {at.name}" if at is not None else "", len(self.places)
        if many > 1:
            return Label(f"{where}（{many} 个地点合并）", f"{where} ({many} places as one)")
        return Label(*[f"{where} {self.subject}".strip()] * 2)


def explained(source: Source, name: str, place: str, period: str, tree: Tree | None = None, subject: str = "") -> Explained:
    """A metric, or a target with its verdict, explained at a place and for a period.

    ``subject``: the row of a register that a target judges by itself, by its name. At a place above all of those that are judged
    as one it is their sum. Raises :class:`UnknownName` for a name that nothing has, :class:`CommLMSError` for a subject not told.
    """
    named = next(((p, t) for p in source.registry.policies.values() for t in p.targets if t.id == name), None)
    figures = source.figures(_judged(source, named, period), tree or (named[0].tree_of(named[1]) if named else "admin"))
    at = source.place(place, figures.period.last)
    if named is not None:
        return _Verdict(source, *named, figures, at, subject).explained()
    metric = source.registry.metrics.get(name)
    if metric is None:
        raise UnknownName(what=Label("指标或目标", "metric or target"), name=name, hint=Label(
            "commlms metrics 列出指标，commlms policies 列出文件", "commlms metrics lists metrics, commlms policies the documents"))
    if subject:
        raise CommLMSError(_NO_SUBJECTS)
    found = explain(figures, metric, at, words=Words(source.registry))
    return _content(source, metric.label, metric.key, metric, [found], Protection(figures, source.registry.metrics.values()))


def _judged(source: Source, named: tuple[Policy, Target] | None, period: str) -> Period:
    """The period asked for; of a year the part until the day on which a target is judged in it."""
    asked = Period.asked(period)
    if named is None or not asked.is_year:
        return asked
    judged = named[1].period(_day(source, asked))
    return judged if judged.first == asked.first else asked


def _day(source: Source, period: Period) -> int:
    """The day judged from: the period's last, or today where that has not come."""
    return source.today if period.first <= source.today < period.last else period.last


_NO_SUBJECTS = Label(
    "--subject 只用于逐个评判登记行的目标", "--subject goes with targets that judge the rows of a register one by one")


class _Verdict:
    """A target at a place."""

    def __init__(self, source: Source, policy: Policy, target: Target, figures: Figures, at: int, subject: str) -> None:
        self.source, self.policy, self.target, self.figures, self.at = source, policy, target, figures, at
        self.judge = Judge(source.registry.metrics, {*source.host.names, "core"}, lambda p, t: self._of(p, t))
        self.metric, self.basis = self.judge.measured(policy, target)
        self.day = _day(source, figures.period)
        self.subject = self._subject(subject)

    def _of(self, period: object, tree: str) -> Figures:
        """The figures of another period that the judge asks for; those explained where it is theirs."""
        own = self.figures
        if getattr(period, "key", "") == own.period.key and tree == own.tree.tree:
            return own
        return self.source.figures(period, "reporting" if tree == "reporting" else "admin")  # type: ignore[arg-type]  # a period

    def _subject(self, name: str) -> Subject | None:
        """The row that is named, or the only one there is at the place."""
        if not self.target.subject:
            if name:
                raise CommLMSError(_NO_SUBJECTS)
            return None
        inside = self.figures.tree.members(self.at)
        here = [s for s in self.figures.subjects(self.target.subject, self.target.roles) if s.place in inside]
        found = [s for s in here if not name or name in (s.name, f"#{s.id}", f"#{s.id}.{self.figures.database.uid}")]
        if len(found) == 1:
            return found[0]
        if not here and not name:
            return None
        listed = "、".join(s.name if [x.name for x in here].count(s.name) == 1 else f"{s.name} #{s.id}" for s in (found or here)[:20])
        if not found:
            hint = Label(f"此地有：{listed}", f"here are: {listed}")
            raise UnknownName(what=Label("登记行", "row of the register"), name=name, hint=hint)
        raise CommLMSError(Label("请用 --subject 指明哪一个：{listed}", "say which one with --subject: {listed}"), listed=listed)

    # -- what is judged ---------------------------------------------------------------------------

    def _judgement(self) -> Judgement | None:
        """The verdict on the place, on its row of a register, or on the places below it that are judged as one."""
        if self.target.period(self.day).key != self.figures.period.key or self.figures.tree.tree != self.policy.tree_of(self.target):
            return None
        below = self.figures.tree.members(self.at)
        for j in self.judge.target(self.policy, self.target, self.day):
            if self.subject is not None:
                if j.subject_id == self.subject.id:
                    return j
            elif j.places == (self.at,) or (j.name is not None and self.at not in j.places and below.issuperset(j.places) and j.places):
                return j
        return None

    def _only(self, judged: Judgement | None) -> Iterator[Label]:
        """Why the figure is information only."""
        if judged is not None and judged.verdict != "not_applicable":
            return
        period = self.target.period(self.day)
        outside = None if judged is not None else self.judge.outside(self.policy, self.target, self.figures, self.at)
        for why in (outside, self.policy.out_of_force(self.figures.period.last)):
            if why is not None:
                yield why
        if judged is not None and judged.why is not None:
            yield judged.why
        elif period.key != self.figures.period.key and self.target.standing:
            yield Label(f"这句话按某一日评判，如 {period.key}", f"the sentence is judged as of a day, such as {period.key}")
        elif period.key != self.figures.period.key:
            yield Label(f"这句话评判的是 {period.key}", f"the sentence is about {period.key}")

    def explained(self) -> Explained:
        """What is shown."""
        judged, registry = self._judgement(), self.source.registry
        only = tuple(dict.fromkeys(self._only(judged)))
        places = judged.places if judged is not None and judged.places else (self.subject.place if self.subject else self.at,)
        about = None if self.subject is None else About(self.target.subject, self.subject)
        words, found = Words(registry), list[Explanation]()
        if self.metric is not None:
            found = [
                explain(self.figures, self.metric, p, self.basis or None, words, about, recorded=len(places) > 1)
                for p in places if p in self.figures.tree.nodes
            ]
        protection = Protection(self.figures, registry.metrics.values())
        made = _content(self.source, self.target.label, self.target.id, self.metric, found, protection)
        if judged is not None and judged.stated:
            made = self._stated(made, judged)
        over, under = self._hidden(judged, made)
        numbers = _numbers(judged, over, under)
        rule = RuleShown(self.policy, self.target, rule_facts(self.source, self.policy, self.target, self.figures, self.day))
        demands = [self.target, *(t for t in self.policy.targets if t.id in self.target.joined)]
        bottom = None if under or not made.parts else next((p.value for p in made.parts if p.name == "denominator"), None)
        known = self.metric is not None and (self.metric.denominator is None or bottom is not None)
        places_at = made.places or tuple(_at(self.figures, p) for p in places if p in self.figures.tree.nodes)
        lacking = None if made.by_statement else self._lacking()
        if lacking is not None:  # a zero of a register in which nothing stands says nothing
            made = attrs.evolve(made, parts=tuple(attrs.evolve(p, value=None) if p.name == "numerator" else p for p in made.parts))
        return attrs.evolve(
            made, places=places_at, subject=self.subject.name if self.subject else "", rule=rule, judgement=judged, numbers=numbers,
            verdict=verdict_facts(judged, self.target, over, under), only=only,
            reach=reach_facts(self.policy, demands, self.metric, bottom, judged, known=known),
            bounds=() if over or under or judged is None or self.metric is None else bound_facts(judged, self.metric),
            missing=made.missing or lacking, asked=None if self.subject else _at(self.figures, self.at),
        )

    def _stated(self, made: Explained, judged: Judgement) -> Explained:
        """The same with the statements that the verdict rests on in the place of what is recorded, which stands beside."""
        values, parts = {"numerator": judged.numerator, "denominator": judged.denominator}, {p.name: p for p in made.parts}
        hidden = {name: parts[name].hidden if name in parts else "" for name in values}
        counted: dict[str, Counter[Label | None]] = {name: Counter() for name in values}
        for row in stated_rows(self.figures, self.target.metric, judged.places, sources=False):
            counted[row.part][row.left_out] += 1
        shown = tuple(
            PartShown(
                name, stated_words(name), stated_sql(name), None if hidden[name] else value, judged.counted, hidden[name],
                () if any(hidden.values()) else tuple((why, str(n)) for why, n in counted[name].items()),
            )
            for name, value in values.items()
        )
        own = [] if any(hidden.values()) else [recorded_words(*(parts[n].value if n in parts else None for n in values))]
        return attrs.evolve(made, parts=shown, beside=(*made.beside, *own), by_statement=True)

    def _lacking(self) -> Label | None:
        """Why there is no figure at all: no loaded plugin has the metric, or its register holds no row."""
        if self.metric is not None:
            return empty_register(self.figures, self.metric)
        return self.judge.absent(self.target) if self.target.metric else None

    def _hidden(self, judged: Judgement | None, made: Explained) -> tuple[str, str]:
        """Why numerator and denominator of the verdict are hidden; what is hidden of the figures is hidden of it."""
        over, under = ("", "") if judged is None else JudgedProtection(self.source).hidden(self.policy, self.target, judged)
        of = {p.name: p.hidden for p in made.parts}
        return over or of.get("numerator", ""), under or of.get("denominator", "")


def _numbers(judged: Judgement | None, over: str, under: str) -> dict[str, int | None]:
    """The integers of a verdict, in the unit of what is counted; None where there is none or it is hidden."""
    if judged is None:
        return {}
    found = {
        "numerator": over, "denominator": under, "ceiling": over or under, "bound": over or under, "needed": under, "limit": under,
        "by": over or under, "excess": over or under,
    }
    return {name: None if hidden else getattr(judged, name) for name, hidden in found.items()}


def _at(figures: Figures, place: int) -> At:
    node = figures.tree.nodes[place]
    return At(node.code, node.name, node.level)


def _content(
    source: Source, label: Label, key: str, metric: Metric | None, found: list[Explanation], protection: Protection,
) -> Explained:
    """What is shown of one figure, or of several places' figures taken together."""
    figures, beside, missing = protection.figures, list[Label](), next((e.figure.missing for e in found if e.figure.missing), None)
    if metric is not None and found:
        known, hidden = protection.strengths(metric, found[0].figure.place) if len(found) == 1 else (None, "")
        if (known or hidden) and found[0].subject is None:
            beside.append(strength_words(known))
        beside += sentences(figures.reporting, [e.figure.place for e in found])
    parts = _parts(metric, found, protection)
    return Explained(
        label, key, metric, tuple(At(e.place_code, e.place_name, e.level) for e in found), "", figures, None, None, {}, (), (), (), (),
        parts, tuple(beside), missing, NOT_LISTED if any(p.hidden for p in parts) else None, source.invented, source.origin,
        tuple(found), protection,
    )


def _parts(metric: Metric | None, found: list[Explanation], protection: Protection) -> tuple[PartShown, ...]:
    if metric is None or not found:
        return ()
    hidden = {part.name: _why_hidden(metric, found, part, protection) for part in found[0].parts}
    counted: dict[str, list[tuple[Label | None, str]]] = {part.name: [] for part in found[0].parts}
    for name, why, number in () if any(hidden.values()) else counts(*found):
        counted[name].append((why, number))
    units = {"numerator": metric.unit, "ceiling": "visit", "denominator": unit_below(metric, found[0].figures.records)}
    return tuple(
        PartShown(
            part.name, part.words, part.sql, None if hidden[part.name] else _sum(found, part.name), units[part.name],
            hidden[part.name], tuple(counted[part.name]), rows_of(metric, found[0].figures.records) if part.name == "numerator" else None,
        )
        for part in found[0].parts
    )


def _sum(found: list[Explanation], name: str) -> int | None:
    values = [p.value for e in found for p in e.parts if p.name == name]
    return None if any(v is None for v in values) else sum(v for v in values if v is not None)


def _why_hidden(metric: Metric, found: list[Explanation], part: ExplainedPart, protection: Protection) -> str:
    """Why a part's value is hidden. Of a group's figure below the county no single row of a register is told apart."""
    own = found[0]
    if own.subject is not None and suppressed(metric, own.level, 1):
        return SMALL if suppressed(metric, own.level, part.value) else LINKED
    hidden = [why for e in found if (why := protection.hidden(part.measure).get(e.figure.place, ""))]
    return "" if not hidden else hidden[0] if len(found) == 1 else LINKED
