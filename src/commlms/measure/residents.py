"""Denominators: a place's own residents; else the sum of its children if every child has a figure; else none."""

from __future__ import annotations

import attrs

from commlms.core.metrics import Residents
from commlms.store.database import Database
from commlms.store.geography import PlaceTree


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
    for place in reversed(tree.order):
        children = tree.children.get(place, ())
        parts = [own.get(child) for child in children]
        if place not in own and children and all(parts):
            own[place] = _sum(measure, [p for p in parts if p])
    return own


def _sum(measure: Residents, parts: list[ResidentsFigure]) -> ResidentsFigure:
    def union(name: str) -> tuple[object, ...]:
        return tuple(sorted({v for p in parts for v in getattr(p, name)}))

    return ResidentsFigure(
        sum(p.persons for p in parts), measure.basis, measure.group, union("dates"),  # type: ignore[arg-type]  # days
        union("natures"), union("citations"), summed=True, about=any(p.about for p in parts),  # type: ignore[arg-type]  # texts
    )
