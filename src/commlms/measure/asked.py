"""Who a target judges: the places its sentence names, or the rows of a register at them, and what keeps it from binding them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import attrs

from commlms.core.labels import Label
from commlms.core.metrics import Metric, Rows
from commlms.core.policies import Policy, Target
from commlms.measure.figures import Figures
from commlms.measure.register_figures import Subject


@attrs.frozen
class Asked:
    """One thing that a target judges: a place, several places as one, or a row of a register at a place.

    ``unbound``: why the sentence does not bind it. ``lacking``: what is not known, without which nothing can be said of it.
    """

    places: tuple[int, ...]
    name: Label | None = None
    subject: Subject | None = None
    unbound: Label | None = None
    lacking: Label | None = None


class Scope:
    """What one target binds, on the tree of one day, below the place of its document."""

    def __init__(self, policy: Policy, target: Target, figures: Figures, metrics: Mapping[str, Metric], plugins: set[str]) -> None:
        self.policy, self.target, self.figures, self.metrics, self.plugins = policy, target, figures, metrics, plugins
        self.region = policy.region(target.region) if target.region else None
        self.top = figures.geography.by_code(policy.jurisdiction, figures.period.last)

    def asked(self) -> list[Asked]:
        """Everything that is judged, in the order of the tree; nothing where no place is as the sentence says."""
        places = self.places()
        if not places:
            return []
        if self.target.subject:
            return list(self._subjects(places))
        lacking = self.lacking_condition
        if not self.as_one:
            return [Asked((p,), unbound=self.unbound(p), lacking=lacking) for p in places]
        held = tuple(p for p in places if lacking or self.unbound(p) is None)
        name = self.region.label if self.region else self.target.label
        if not held:
            return [Asked(tuple(places), name, unbound=self.unbound(places[0]))]
        return [Asked(held, name, lacking=joined(self._lacking_region(), lacking))]

    @property
    def as_one(self) -> bool:
        """Whether the places are one sum: as the sentence says, or because a region is named and no level of it."""
        return self.target.together or (self.region is not None and not self.target.levels)

    def places(self) -> list[int]:
        """The places that the sentence names."""
        tree = self.figures.tree
        if self.top is None:
            return []
        if self.region is None:
            return [p for p in tree.below(self.top) if self._is_named(p)]
        codes = (self.figures.geography.by_code(c, self.figures.period.last) for c in self.region.places)
        found = [p for p in codes if p is not None]
        if self.target.levels or self.target.subject:
            found = [q for p in found for q in tree.below(p) if self._is_named(q)]
        return found

    def _is_named(self, place: int) -> bool:
        """Whether a place has the level and the kind that the sentence names, and not the kind that it leaves out."""
        node, target = self.figures.tree.nodes[place], self.target
        kind = (not target.kind or node.kind == target.kind) and (not target.without or node.kind != target.without)
        return kind and (not target.levels or node.level in target.levels)

    def _lacking_region(self) -> Label | None:
        """The codes of the region that the database does not have: nothing can be said of the region as one."""
        geography, day = self.figures.geography, self.figures.period.last
        codes = ", ".join(c for c in (self.region.places if self.region else ()) if geography.by_code(c, day) is None)
        return Label(f"库中没有该片区的地点 {codes}", f"the database lacks places of the region: {codes}") if codes else None

    # -- conditions -------------------------------------------------------------------------------

    @cached_property
    def lacking_condition(self) -> Label | None:
        """What the condition asks for and is not there: a plugin, or a register without a single row."""
        for when in self.target.when:
            metric = self.metrics.get(when.metric)
            if missing := absent(when.metric, self.plugins) if metric is None else empty_register(self.figures, metric):
                return missing
        return None

    @cached_property
    def _conditions(self) -> list[tuple[Metric, int, Mapping[int, int]]]:
        """Each condition that can be looked up: the metric, how much of it is asked, every place's own figure."""
        known = [(m, w.count) for w in self.target.when if (m := self.metrics.get(w.metric)) is not None]
        return [(m, n, self.figures.own(m.numerator)) for m, n in known if empty_register(self.figures, m) is None]

    def unbound(self, place: int) -> Label | None:
        """Why a place does not meet the condition; None where it does or nothing is known."""
        for metric, count, own in self._conditions:
            if (held := own.get(place, 0)) < count:
                told = "" if metric.population else f" {held}"  # how few of a group there are is told of no place
                zh, en = f"{metric.zh}{told}，须 {count}", f"{metric.en}{told}, at least {count}"
                return Label(f"条件不成立：{zh}", f"the condition does not hold: {en}")
        return None

    # -- rows of a register, each by itself ---------------------------------------------------------

    def _subjects(self, places: Sequence[int]) -> Iterator[Asked]:
        target, figures = self.target, self.figures
        top = (self.top,) if self.top is not None else ()
        if why := self._lacking_subjects():
            yield Asked(top, lacking=why)
            return
        by_place: dict[int, list[Subject]] = {}
        for subject in figures.subjects(target.subject, target.roles):
            by_place.setdefault(figures.tree.fallen.get(subject.place, subject.place), []).append(subject)
        asked = [Asked((p,), Label(s.name, s.name), s) for p in places for s in by_place.get(p, ())]
        lacking = self.lacking_condition
        for each in asked:
            yield attrs.evolve(each, unbound=self.unbound(each.places[0]), lacking=lacking)
        # Where a level is named, a place of it without such a row is told too; else only that there is none at all.
        none = [p for p in places if p not in by_place] if target.levels else () if asked else top
        words = self._role_words()
        yield from (Asked((p,), unbound=Label(f"此地没有登记{words.zh}", f"no {words.en} is recorded here")) for p in none)

    def _lacking_subjects(self) -> Label | None:
        """Why no row of the register is known."""
        if self.target.subject not in self.figures.records:
            return _not_loaded(self.target.subject)
        empty = self.figures.is_empty(self.target.subject)
        return nothing_in(self.figures, self.target.subject) if empty else self.figures.no_subjects

    def _role_words(self) -> Label:
        record = self.figures.records[self.target.subject]
        choices = {c.key: c.label for f in record.fields if f.name == "kind" for c in f.choices}
        found = [choices.get(r, Label(r, r)) for r in self.target.roles] or [record.label]
        return Label("、".join(x.zh for x in found), " or ".join(x.en for x in found))


def joined(*labels: Label | None) -> Label | None:
    """Several reasons as one, each once."""
    found = list(dict.fromkeys(x for x in labels if x is not None))
    return Label("；".join(x.zh for x in found), "; ".join(x.en for x in found)) if found else None


def absent(metric: str, plugins: set[str], data: Label | None = None) -> Label:
    """What is missing where no loaded plugin has a metric. ``data``: what the document calls the register that it needs."""
    plugin = metric.split(".")[0]
    if plugin in plugins:
        return Label(f"指标 {metric} 不存在", f"there is no metric {metric}")
    what = data or Label(metric, metric)
    return Label(f"{what.zh}（插件 {plugin} 未加载）", f"{what.en} (plugin {plugin} is not loaded)")


def empty_register(figures: Figures, metric: Metric) -> Label | None:
    """The register of a metric in which there is no row at all: its zero says nothing. None where every one has rows."""
    for measure in metric.measures:
        if not isinstance(measure, Rows):
            continue
        if measure.record not in figures.records:
            return _not_loaded(measure.record)
        if figures.is_empty(measure.record):
            return nothing_in(figures, measure.record)
    return None


def nothing_in(figures: Figures, record: str) -> Label:
    """That a register is empty, by its name."""
    label = figures.records[record].label
    return Label(f"登记「{label.zh}」没有任何行", f"the register {label.en} has no row")


def _not_loaded(record: str) -> Label:
    plugin = record.split(".")[0]
    return Label(f"登记「{record}」（插件 {plugin} 未加载）", f"record {record} (plugin {plugin} is not loaded)")
