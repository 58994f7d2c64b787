"""Figures that others state, beside ours. They are never added in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from commlms.core.labels import Label
from commlms.core.metrics import Metric
from commlms.measure.figures import Figure, Figures


@attrs.frozen
class Stated:
    """One figure as somebody else states it, and ours. ``value`` and ``of`` are hundredths, ``day`` an integer or None.

    ``figure`` is None where no loaded plugin has the metric.
    """

    place: int
    metric: str
    source: str
    value: int
    of: int | None
    day: int | None
    figure: Figure | None

    @property
    def difference(self) -> int | None:
        """Theirs less ours, in hundredths; None where there is no figure of ours."""
        ours = None if self.figure is None else self.figure.numerator
        return None if ours is None else self.value - 100 * ours


def stated(figures: Figures, metrics: Mapping[str, Metric], place: int | None = None) -> Iterator[Stated]:
    """Every figure that others state of the period, at ``place`` and below it, in the order of the places."""
    inside = set(figures.tree.nodes if place is None else figures.tree.below(place))
    rows = figures.database.execute(
        "SELECT place, metric, source_name, value, of, stated FROM reported WHERE period = ? ORDER BY metric, source_name_key, id",
        (figures.period.key,),
    ).fetchall()
    order = {p: i for i, p in enumerate(figures.tree.order)}
    for at, metric, source, value, of, day in sorted((r for r in rows if r[0] in inside), key=lambda r: order[r[0]]):
        known = metrics.get(metric)
        yield Stated(at, metric, source, value, of, day, None if known is None else figures.figure(known, at))


def latest(figures: Figures, metric: str, place: int) -> Stated | None:
    """What was stated last of one metric at one place."""
    row = figures.database.execute(
        "SELECT source_name, value, of, stated FROM reported WHERE period = ? AND metric = ? AND place = ? "
        "ORDER BY COALESCE(stated, 0) DESC, id DESC LIMIT 1", (figures.period.key, metric, place),
    ).fetchone()
    if row is None:
        return None
    source, value, of, day = row
    return Stated(place, metric, source, value, of, day, None)


def stated_by(figures: Figures, metric: str, places: Sequence[int]) -> tuple[int, int, Label] | None:
    """What is stated of a rate at all of these places together, and by whom; None where one of them, or a whole number, lacks."""
    found = [s for p in places if (s := latest(figures, metric, p)) is not None and s.of]
    if not found or len(found) < len(places) or any(n % 100 for s in found for n in (s.value, s.of or 0)):
        return None
    names = "、".join(dict.fromkeys(s.source for s in found))
    return sum(s.value for s in found) // 100, sum(s.of or 0 for s in found) // 100, Label(names, names)


def whole(hundredths: int) -> str:
    """Hundredths as a number: 1200 is 12, 1250 is 12.50."""
    units, part = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{units}{f'.{part:02d}' if part else ''}"
