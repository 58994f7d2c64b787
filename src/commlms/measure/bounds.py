"""How much a figure can be at the most, and what of it is not known at all: read once for all places of a tree.

A rate of residents may be higher by everyone of whom nothing was recorded: residents of places that recorded or reported
nothing, and named people or unnamed visits that may belong to a place though nothing says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import attrs

from commlms.core.labels import Label
from commlms.core.metrics import Hosted, Levels, Measure, Metric, Places, Residents
from commlms.core.places import LEVELS
from commlms.measure.figures import Figures
from commlms.measure.thresholds import NO_LIMIT, Reach
from commlms.measure.words import stored_word

_LOWEST = LEVELS[-1]


@attrs.frozen
class Bound:
    """The most a numerator can be; of how many lowest places how many recorded nothing."""

    most: int
    silent: int = 0
    leaves: int = 0


class Bounds:
    """The bounds of one period's figures."""

    def __init__(self, figures: Figures) -> None:
        self.figures, self.tree = figures, figures.tree
        self._unheard: dict[str, tuple[Mapping[int, int], Mapping[int, int]]] = {}
        self._shallow: dict[str, Mapping[int, int]] = {}
        self._above: dict[int, tuple[int, ...]] = {}
        self._own: dict[str, Mapping[int, int]] = {}

    def of(self, metric: Metric, basis: str, places: Sequence[int], ceiling: int, denominator: int | None) -> Bound:
        """The bound of a metric at places taken together, whose ceiling and denominator are known."""
        if metric.ceiling is None or not isinstance(metric.denominator, Residents) or denominator is None:
            return Bound(ceiling)
        asked = metric.denominator
        unheard, unknown = self._residents(asked if basis in ("", asked.basis) else attrs.evolve(asked, basis=basis))
        extra = denominator if any(unknown[p] for p in places) else sum(unheard[p] for p in places)
        most = min(ceiling + extra + self._elsewhere(metric, places), denominator)
        return Bound(most, *(sum(counted[p] for p in places) for counted in (self._silent, self._leaves)))

    def is_open(self, metric: Metric, aim: Reach, numerator: int) -> bool:
        """Whether what was not reported could turn the verdict, and nothing says how much it can be."""
        if metric.ceiling is not None and isinstance(metric.denominator, Residents):
            return False  # the residents of those who have not reported are in the bound
        if self.figures.is_sent(metric.denominator):
            return True
        return self.figures.is_sent(metric.numerator) and aim.verdict(numerator, NO_LIMIT) == "not_shown"

    # -- places that the database lacks -------------------------------------------------------------

    def not_known_down(self, metric: Metric, aim: Reach, numerator: int, places: Sequence[int]) -> Label | None:
        """What a count of places lacks: below how many places the level counted is not in the database at all.

        None where it is, or where no further place could turn the verdict.
        """
        if not isinstance(metric.denominator, Places) and aim.verdict(numerator, NO_LIMIT) != "not_shown":
            return None
        for measure in (metric.numerator, metric.denominator):
            level = self._counted(measure, places)
            if level and (number := sum(self.shallow(level)[p] for p in places)):
                return _not_recorded(level, number)
        return None

    def nothing_down_to(self, levels: Sequence[str], top: int) -> Label | None:
        """That no place of a level is in the database though there are places above it without any below; None where one is."""
        there = {self.tree.nodes[p].level for p in self.tree.below(top)}
        lacking = [level for level in levels if self.shallow(level)[top]]
        return None if there.intersection(levels) or not lacking else _not_recorded(lacking[-1], self.shallow(lacking[-1])[top])

    def shallow(self, level: str) -> Mapping[int, int]:
        """How many places, at and below each, have nothing below them though they stand above a level. A zone may have nothing."""
        if level not in self._shallow:
            above, nodes = LEVELS[: LEVELS.index(level)], self.tree.nodes
            found = {p: 1 for p in self.tree.order if self._is_leaf(p) and nodes[p].level in above and nodes[p].kind != "zone"}
            self._shallow[level] = self.tree.roll_up(found)
        return self._shallow[level]

    def _counted(self, measure: Measure | None, places: Sequence[int]) -> str:
        """The level down to which the tree must be known for a count; none for what counts no places."""
        if isinstance(measure, Places):
            return measure.level
        if not isinstance(measure, Levels):
            return ""
        # A level that is reached somewhere stays reached, whatever is not known.
        own, nodes = self._owned(measure.measure), self.tree.nodes
        reached = {nodes[q].level for p in places for q in self.tree.below(p) if own.get(q, 0) >= 1}
        return next((level for level in reversed(LEVELS) if level not in reached), "")

    # -- residents of whom nothing was recorded -----------------------------------------------------

    def _is_leaf(self, place: int) -> bool:
        return place not in self.tree.children

    @cached_property
    def _leaves(self) -> Mapping[int, int]:
        return self.tree.roll_up({p: 1 for p in self.tree.order if self._is_leaf(p)})

    @cached_property
    def _silent(self) -> Mapping[int, int]:
        held = self.figures.rolled(Hosted("sessions"))
        return self.tree.roll_up({p: 1 for p in self.tree.order if self._is_leaf(p) and not held.get(p, 0)})

    def _residents(self, asked: Residents) -> tuple[Mapping[int, int], Mapping[int, int]]:
        """At and below each place: residents of whom nothing was recorded either way, and quiet villages of unknown size.

        What a place has more than its children together lives in a place below that is not there, or in a quiet one without a figure.
        """
        if asked.text not in self._unheard:
            tree, quiet, found = self.tree, self.figures.quiet, dict[int, int]()
            persons = {p: r.persons for p, r in self.figures.residents(asked).items()}
            for place in reversed(tree.order):
                children = tree.children.get(place)
                if not children:
                    found[place] = persons.get(place, 0) if place in quiet else 0
                    continue
                found[place] = sum(map(found.__getitem__, children))
                if place in persons and all(c in persons or c in quiet for c in children):
                    found[place] += max(0, persons[place] - sum(persons.get(c, 0) for c in children))
            unknown = {p: 1 for p in quiet if self._is_leaf(p) and p not in persons and tree.nodes[p].level == _LOWEST}
            self._unheard[asked.text] = found, tree.roll_up(unknown)
        return self._unheard[asked.text]

    def _elsewhere(self, metric: Metric, places: Sequence[int]) -> int:
        """Who may be from here though nothing says so: named people of unknown home, or known only to a place above; and
        unnamed visits at a place above."""
        assert metric.ceiling is not None
        named, unnamed = self._owned(metric.numerator), self._owned(metric.ceiling)
        above = self._chain(places[0]) if len(places) == 1 else self._all_above(places)
        return named.get(0, 0) + sum(named.get(q, 0) + unnamed.get(q, 0) for q in above)

    def _owned(self, measure: Measure) -> Mapping[int, int]:
        """A measure's own figure per place, read once."""
        if measure.text not in self._own:
            self._own[measure.text] = self.figures.own(measure)
        return self._own[measure.text]

    def _all_above(self, places: Sequence[int]) -> set[int]:
        inside = {q for p in places for q in self.tree.below(p)}
        return {q for p in places for q in self._chain(p)} - inside

    def _chain(self, place: int) -> tuple[int, ...]:
        if place not in self._above:
            self._above[place] = tuple(self.figures.geography.chain(place, self.figures.period.last, self.tree.tree))[1:]
        return self._above[place]


def _not_recorded(level: str, number: int) -> Label:
    word = stored_word("level", level)
    return Label(f"{number} 个地点以下没有录入{word.zh}", f"below {number} place(s) no place of the level {word.en} is recorded")
