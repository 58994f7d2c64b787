"""Since when a place has had the borders it has: places join it and leave it, on days that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import pairwise

import attrs

from commlms.core.metrics import Residents
from commlms.measure.figures import Figures
from commlms.measure.residents import ResidentsFigure
from commlms.report.parts import Moved
from commlms.store.geography import Geography, PlaceState, Tree


@attrs.frozen
class _Move:
    """A place that stood below ``left`` before a day and below ``joined`` from it on; those above both are in neither."""

    day: int
    place: int
    name: str
    left: frozenset[int]
    joined: frozenset[int]


@attrs.define
class Borders:
    """The borders of places on a tree of one day, against the days before it."""

    geography: Geography
    tree: Tree
    last: int

    @cached_property
    def _moves(self) -> list[_Move]:
        return sorted((m for states in self.geography.states.values() for m in self._of(states)), key=lambda m: (m.day, m.place))

    def _of(self, states: list[PlaceState]) -> Iterable[_Move]:
        for before, after in pairwise(states):
            if before.above(self.tree) == after.above(self.tree) or not before.since < after.since <= self.last:
                continue
            # A place's chain on the last day before; the day itself is the first of the new one.
            old = set(self._chain(before, before.until - 1))
            new = set(self._chain(after, after.since))
            if old != new:
                yield _Move(after.since, after.id, after.name, frozenset(old - new), frozenset(new - old))

    def _chain(self, state: PlaceState, day: int) -> Iterable[int]:
        above = state.above(self.tree)
        return () if above is None else self.geography.chain(above, day, self.tree)

    @cached_property
    def _of_place(self) -> Mapping[int, list[_Move]]:
        found: dict[int, list[_Move]] = defaultdict(list)
        for move in self._moves:
            for place in move.left | move.joined:
                found[place].append(move)
        return found

    def same_since(self, place: int, day: int) -> bool:
        """Whether a place had its present borders on a day: nothing joined or left it after that."""
        return all(m.day <= day for m in self._of_place.get(place, ()))

    def moved(self, place: int, name: str, since: int) -> list[Moved]:
        """What joined a place or left it after a day."""
        found: dict[int, tuple[list[str], list[str]]] = {}
        for move in self._of_place.get(place, ()):
            if move.day > since:
                joined, left = found.setdefault(move.day, ([], []))
                (joined if place in move.joined else left).append(move.name)
        return [Moved(name, day, tuple(joined), tuple(left)) for day, (joined, left) in sorted(found.items())]

    def residents(self, figures: Figures, measure: Residents) -> dict[int, ResidentsFigure | None]:
        """Residents of places as they are bounded now; None where there are some, but of other borders.

        A place whose own figure is of other borders has the sum of those below it, where each of them has one.
        """
        tree, given = figures.tree, figures.residents(measure)
        found: dict[int, ResidentsFigure | None] = {}
        for place in reversed(tree.order):
            own = given.get(place)
            if own is None:
                continue
            if not own.summed and self.same_since(place, own.dates[0]):
                found[place] = own
                continue
            parts = [found.get(c) for c in tree.children.get(place, ())]
            known = [p for p in parts if p is not None]
            whole = bool(parts) and len(known) == len(parts)
            found[place] = attrs.evolve(own, persons=sum(p.persons for p in known), summed=True) if whole else None
        return found
