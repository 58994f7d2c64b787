"""Which figures about a group of people are not shown below the county.

A figure of 1 to 4 is hidden. Whatever is shown then (a parent less its other children, a hidden parent whose children
are all shown) must leave two values or more for everything hidden: where it does not, more is hidden. What is hidden is
decided for each measure, so that two metrics made of one measure hide the same places.
Sums that add over time are shown below the county for calendar years only (decision 0017).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import attrs

from commlms.core.metrics import Hosted, Levels, Measure, Metric, Places, Residents, Rows, Total
from commlms.core.policies import Policy, Target
from commlms.measure.figures import SMALL as SMALLEST_SHOWN
from commlms.measure.figures import Figures, Strengths, suppressed
from commlms.measure.judge import Judgement
from commlms.measure.shown import LINKED, SMALL
from commlms.report.source import Source
from commlms.store.geography import PlaceTree, Tree

_BELOW_COUNTY = ("township", "village")
_SMALL_MOST, _MANY = SMALLEST_SHOWN - 1, 10**12


class Protection:
    """What must not be shown of one period's figures. ``metrics`` are all that any output shows."""

    def __init__(self, figures: Figures, metrics: Iterable[Metric]) -> None:
        self.figures = figures
        self._about: dict[str, Metric] = {}
        self._hidden: dict[str, Mapping[int, str]] = {}
        self._unsaid: dict[str, Mapping[int, str]] = {}
        for metric in metrics:
            if metric.population and not isinstance(metric.numerator, (Places, Levels)):
                self._about.setdefault(_subject(metric.numerator), metric)
                # How many places there are says nothing about people; how many of a group's residents or learners does.
                if metric.denominator is not None and not isinstance(metric.denominator, (Places, Levels)):
                    self._about.setdefault(_subject(metric.denominator), metric)

    def hidden(self, measure: Measure | None) -> Mapping[int, str]:
        """The places at which a measure is hidden, and why: ``small`` or ``linked``."""
        if measure is None or (metric := self._about.get(_subject(measure))) is None:
            return {}
        text = measure.text
        if text not in self._hidden:
            tree = self.figures.tree
            if (told := self.figures.totals.told(measure, self.figures.period, tree)) is not None:
                return self._hidden.setdefault(text, told.hidden)
            # What is hidden on the other tree would else be shown here, and the two sums give back what lies between.
            other = self._other and dict.fromkeys(hide(self._other.tree, _values(self._other, measure), metric), LINKED)
            found = {p: LINKED for p in other or () if p in tree.nodes} | hide(tree, _values(self.figures, measure), metric)
            if _adds_over_time(measure) and not self.figures.period.is_year:
                found = {p: found.get(p, LINKED) for p in tree.order if tree.nodes[p].level in _BELOW_COUNTY}
            self._hidden[text] = found
        return self._hidden[text]

    def strengths(self, metric: Metric, place: int) -> tuple[Strengths | None, str]:
        """The persons of a rate by how surely they are known, and why that is hidden: all four numbers, or none of them."""
        found = self.figures.strengths(metric, place)
        if found is not None and self.hidden(metric.numerator).get(place):
            return None, LINKED
        if found is None or not self.figures.figure(metric, place).numerator:
            return None, ""
        low = self.figures.tree.nodes[place].level in _BELOW_COUNTY
        return (None, LINKED) if low and place in self.hidden_strengths(metric) else (found, "")

    def hidden_strengths(self, metric: Metric) -> Mapping[int, str]:
        """The places below the county at which one of the four numbers is small, and those that would give it away.

        All four are hidden there, so that the whole, which is shown, leaves each of them open.
        """
        if metric.key not in self._unsaid:
            about = attrs.evolve(metric, population=metric.population or "residents")
            figures = self.figures
            told = [figures.totals.told(m, figures.period, figures.tree) for m in metric.strengths]
            found = {p for t in told if t is not None for p in t.hidden}
            if not any(told):
                made = [figures, *([self._other] if self._other else [])]
                found = {p for f in made for part in _parted(f, metric) for p in hide(f.tree, part, about)}
            self._unsaid[metric.key] = dict.fromkeys((*found, *self.hidden(metric.numerator)), LINKED)
        return self._unsaid[metric.key]

    @cached_property
    def _other(self) -> Figures | None:
        """The same figures on the other tree, where it is another."""
        own = self.figures
        made = own.on("admin" if own.tree.tree == "reporting" else "reporting")
        return None if made.tree.parents == own.tree.parents else made


def _values(figures: Figures, measure: Measure) -> Mapping[int, int]:
    if isinstance(measure, Residents):
        return {p: r.persons for p, r in figures.residents(measure).items()}
    return figures.rolled(measure)


def _parted(figures: Figures, metric: Metric) -> Iterator[Mapping[int, int]]:
    """The persons of a rate at every place: those of each strength, then the rest."""
    parts = [figures.rolled(m) for m in metric.strengths]
    yield from parts
    yield {p: n - sum(part.get(p, 0) for part in parts) for p, n in figures.rolled(metric.numerator).items()}


def _subject(measure: Measure) -> str:
    """What a measure is about; residents of a group are the same people on whatever basis they are counted."""
    return attrs.evolve(measure, basis="").text if isinstance(measure, Residents) else measure.text


def _adds_over_time(measure: Measure) -> bool:
    """Whether a year's figure is the sum of its parts': visits, minutes, dated rows; not persons, not what is in force."""
    if isinstance(measure, Rows):
        return bool(measure.day)
    return isinstance(measure, Hosted) or (isinstance(measure, Total) and measure.value is not None)


class JudgedProtection:
    """What must not be shown of judgements; keeps what protects the figures of each period that targets name."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: dict[tuple[str, Tree], Protection] = {}

    def of(self, policy: Policy, target: Target, judgement: Judgement) -> Protection:
        """What protects the figures that a judgement rests on."""
        key = judgement.period, policy.tree_of(target)
        if key not in self._found:
            self._found[key] = Protection(self.source.figures(*key), self.source.registry.metrics.values())
        return self._found[key]

    def hidden(self, policy: Policy, target: Target, judgement: Judgement) -> tuple[str, str]:
        """Why the numerator and the denominator are hidden.

        A sum over several places is no place's figure, but the one hidden among them would be what the others leave of it.
        What counts for one row of a register only (a school) is small by itself, whatever its place has.
        """
        metric = self.source.registry.metrics.get(target.metric)
        if metric is None:
            return "", ""
        part, basis = metric.denominator, target.basis
        under = attrs.evolve(part, basis=basis) if isinstance(part, Residents) and basis not in ("", part.basis) else part
        protection = self.of(policy, target, judgement)
        if judgement.subject is not None:
            level = protection.figures.tree.nodes[judgement.places[0]].level
            of_row = [SMALL if suppressed(metric, level, n) else "" for n in (judgement.numerator, judgement.denominator)]
            return of_row[0], of_row[1] if isinstance(part, Rows) else protection.hidden(under).get(judgement.places[0], "")

        def why(measure: Measure | None) -> str:
            found = [hidden[p] for p in judgement.places if p in hidden] if (hidden := protection.hidden(measure)) else []
            return "" if len(found) != 1 else found[0] if len(judgement.places) == 1 else LINKED

        return why(metric.numerator), why(under)


def hide(tree: PlaceTree, values: Mapping[int, int], metric: Metric) -> dict[int, str]:
    """The places whose value is hidden, and why."""
    hiding = _Hiding(tree, values, {p: SMALL for p in tree.order if suppressed(metric, tree.nodes[p].level, values.get(p))})
    while hiding.found and hiding.mend():
        pass
    return hiding.found


class _Hiding:
    """Hides more until nothing hidden can be worked out."""

    def __init__(self, tree: PlaceTree, values: Mapping[int, int], found: dict[int, str]) -> None:
        self.tree, self.found = tree, found
        self.values = {p: values.get(p, 0) for p in tree.order}
        self._mended: set[int] = set()
        for place in tuple(found):
            self._cover(place)

    def mend(self) -> bool:
        """Hide one more in each family that gives something away, from the top; whether anything was."""
        self._mended = set()
        ranges = self._ranges()
        for place in [p for p in self.tree.order if p in self.found]:
            parent = self.tree.parents[place]
            if parent in self._mended:
                self._mended.add(place)  # what was hidden above may be enough: look again in the next round
            elif ranges[place][0] == ranges[place][1]:
                self._hide_for(place)
        return bool(self._mended)

    def _hide_for(self, place: int) -> None:
        """Hide one more so that a place's value is open again: beside it or above it; or say less of it."""
        tree, found, parent = self.tree, self.found, self.tree.parents[place]
        siblings = () if parent is None else tree.children[parent]
        rest = [p for p in siblings if p not in found and tree.nodes[p].level in _BELOW_COUNTY]
        # A zero can only take something from the others.
        if some := [p for p in rest if self.values[p]] or (rest if self.values[place] > self._least(place) else []):
            self._add(some, parent)
            return
        if parent is not None and parent not in found and tree.nodes[parent].level in _BELOW_COUNTY:
            self._add([parent], tree.parents[parent])
            return
        small = [p for p in (place, *siblings) if found.get(p) == SMALL]
        # An only child is what its parent is; where that is shown, nothing helps.
        if small and (len(siblings) > 1 or (parent is not None and found.get(parent) == LINKED)):
            found.update(dict.fromkeys(small, LINKED))  # '1 to 4' for each of them would say too much
            self._mended.add(place if parent is None else parent)
        elif parent is not None and parent in found:
            self._hide_for(parent)

    def _add(self, places: Iterable[int], family: int | None) -> None:
        """Hide the smallest of these, and below it; ``family``: the place below which that changes something."""
        added = self._hide_smallest(places)
        self._mended.add(added if family is None else family)

    def _hide_smallest(self, places: Iterable[int]) -> int:
        """Hide the smallest that is not zero, or else a zero."""
        best = min(places, key=lambda p: (not self.values[p], self.values[p], self.tree.nodes[p].code, p))
        self.found[best] = LINKED
        self._cover(best)
        return best

    def _cover(self, place: int) -> None:
        """Hide something below a hidden place, which is what those below it add up to."""
        children = self.tree.children.get(place, ())
        if children and not any(c in self.found for c in children):
            self._hide_smallest(children)

    def _least(self, place: int) -> int:
        return 1 if self.found.get(place) == SMALL else 0

    def _allowed(self, place: int) -> tuple[int, int]:
        """The least and the most that is said of a place."""
        why, value = self.found.get(place), self.values[place]
        return (value, value) if why is None else (1, _SMALL_MOST) if why == SMALL else (0, _MANY)

    def _ranges(self) -> dict[int, tuple[int, int]]:
        """The least and the most that each place can be, by everything that is shown: up the tree, then down."""
        tree, values = self.tree, self.values
        found: dict[int, tuple[int, int]] = {}
        # Of those known only to a place itself anyone can see how many there are at the most: the figure of all people.
        own = {p: values[p] - sum(values[c] for c in tree.children.get(p, ())) for p in tree.order}
        for place in reversed(tree.order):
            least, most = self._allowed(place)
            if children := tree.children.get(place):
                least = max(least, min(own[place], 0) + sum(found[c][0] for c in children))
                most = min(most, own[place] + sum(found[c][1] for c in children))
            found[place] = least, most
        for place in tree.order:
            children = tree.children.get(place, ())
            least, most = found[place][0] - own[place], found[place][1] - min(own[place], 0)
            lows, highs = sum(found[c][0] for c in children), sum(found[c][1] for c in children)
            for child in children:
                low, high = found[child]
                found[child] = max(low, least - (highs - high)), min(high, most - (lows - low))
        return found
