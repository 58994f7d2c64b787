"""Denominators: a place's own residents; else the sum of its children if every child has a figure; else none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import attrs

from commlms.core.metrics import Residents
from commlms.store.database import Database
from commlms.store.geography import PlaceTree

T = TypeVar("T")


@attrs.frozen
class ResidentsFigure:
    """Residents of a place: how many, of which date, basis and nature, and whether added up from below.

    ``dates`` and ``natures`` hold every one that went into a sum. ``about``: a part was written as about.
    """

    persons: int
    basis: str
    group: str
    dates: tuple[int, ...]
    natures: tuple[str, ...]
    citations: tuple[str, ...]
    summed: bool = False
    about: bool = False

    @property
    def estimated(self) -> bool:
        """Whether any part is an estimate."""
        return "estimate" in self.natures


def residents_of(database: Database, tree: PlaceTree, measure: Residents, last: int) -> dict[int, ResidentsFigure]:
    """Every place's residents as of a day; places without a figure are not in it."""
    own: dict[int, ResidentsFigure] = {}
    rows = database.execute(
        'SELECT place, persons, "on", nature, COALESCE(citation, \'\'), persons_about FROM residents '
        'WHERE basis = ? AND "group" = ? AND "on" <= ? ORDER BY "on"', (measure.basis, measure.group, last),
    )
    for place, persons, on, nature, citation, about in rows:
        own[place] = ResidentsFigure(persons, measure.basis, measure.group, (on,), (nature,), (citation,), about=bool(about))
    return _spread(tree, own, lambda parts: _sum(measure, parts))


def persons_of(database: Database, tree: PlaceTree, last: int) -> dict[tuple[str, str], dict[int, int]]:
    """Only the numbers of :func:`residents_of`, for every basis and group at once."""
    own: dict[tuple[str, str], dict[int, int]] = {}
    rows = database.execute('SELECT basis, "group", place, persons FROM residents WHERE "on" <= ? ORDER BY "on"', (last,))
    for basis, group, place, persons in rows:
        own.setdefault((basis, group), {})[place] = persons
    return {key: _spread(tree, persons, sum) for key, persons in own.items()}


def _spread(tree: PlaceTree, own: dict[int, T], add: Callable[[list[T]], T]) -> dict[int, T]:
    """Give each place without a figure the sum of its children, where every child has one."""
    for place in reversed(tree.order):
        children = tree.children.get(place, ())
        if children and place not in own and all(map(own.__contains__, children)):
            own[place] = add([own[child] for child in children])
    return own


def _sum(measure: Residents, parts: list[ResidentsFigure]) -> ResidentsFigure:
    def union(name: str) -> tuple[object, ...]:
        return tuple(sorted({v for p in parts for v in getattr(p, name)}))

    return ResidentsFigure(
        sum(p.persons for p in parts), measure.basis, measure.group, union("dates"),  # type: ignore[arg-type]  # days
        union("natures"), union("citations"), summed=True, about=any(p.about for p in parts),  # type: ignore[arg-type]  # texts
    )
