"""The rates that a document's targets ask for, over the last years, by place, on the tree of the report's last day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import attrs

from commlms.core.metrics import Metric, Residents, Rows
from commlms.core.pack_tables import UNITS
from commlms.core.policies import Target
from commlms.measure.figures import Figures
from commlms.measure.residents import ResidentsFigure
from commlms.report.borders import Borders
from commlms.report.cells import Shown
from commlms.report.frame import Frame
from commlms.report.parts import Line, Moved, Point, Series, Trend
from commlms.report.words import BASES

#: How many years up to the period's stand beside one another.
TREND_YEARS = 5
_BELOW_COUNTY = ("township", "village")


@attrs.define
class Trends:
    """Makes the trends of one document. ``of_year`` gives the figures of a year on the tree of the report's last day.

    ``told``: these were counted elsewhere, on the tree of their own time, and cannot be added up anew.
    """

    frame: Frame
    metrics: Mapping[str, Metric]
    of_year: Callable[[int], Figures]
    told: bool = False

    def made(self) -> tuple[tuple[Trend, ...], tuple[Moved, ...]]:
        """A trend for each rate, and what joined or left the places drawn in between."""
        trends = tuple(t for key, targets in self._asked().items() if (t := self._trend(self.metrics[key[0]], targets)))
        first = min((t.years[0] for t in trends), default=None)
        if first is None:
            return (), ()
        # What moved on or before the last day of the first year drawn stands where it stood in all of them.
        moved = [m for p in self._places for m in self._borders.moved(p, self.frame.name(p), first * 10_000 + 1231)]
        return trends, tuple(sorted(moved, key=lambda m: m.day))

    @property
    def _places(self) -> tuple[int, ...]:
        return (self.frame.at, *self.frame.columns)

    @cached_property
    def _borders(self) -> Borders:
        return Borders(self.frame.figures.geography, self.frame.tree.tree, self.frame.figures.period.last)

    def _asked(self) -> dict[tuple[str, str, str], list[Target]]:
        """The targets by their rate: what is counted, in which unit, of which residents."""
        found: dict[tuple[str, str, str], list[Target]] = {}
        for target in self.frame.targets.values():
            metric = self.metrics.get(target.metric)
            if metric is not None and metric.denominator is not None and UNITS[target.unit].ratio and not target.subject:
                found.setdefault((target.metric, target.unit, target.basis), []).append(target)
        return found

    def _trend(self, metric: Metric, targets: Sequence[Target]) -> Trend | None:
        """None where nothing was ever recorded; a group of people is drawn from the county up only."""
        places = [p for p in self._places if not metric.population or self.frame.tree.nodes[p].level not in _BELOW_COUNTY]
        last, basis = self.frame.figures.period.last // 10_000, targets[0].basis
        drawn = {year: self._points(metric, basis, year, places) for year in range(last - TREND_YEARS + 1, last + 1)}
        begun = [year for year, points in drawn.items() if any(map(_has, points))]
        if not begun:
            return None
        years = range(begun[0], last + 1)
        kept = [n for n in range(len(places)) if not n or not _is_here(metric) or any(_has(drawn[y][n]) for y in years)]
        return Trend(
            metric.key, metric.label, targets[0].unit, BASES.get(basis),
            tuple(Line(t.id, t.compare, t.value, t.due, t.value_max) for t in targets), tuple(years),
            tuple(
                Series(self.frame.name(places[n]), tuple(drawn[y][n] for y in years), self._asked_of(places[n], targets)) for n in kept
            ),
        )

    def _asked_of(self, place: int, targets: Sequence[Target]) -> tuple[str, ...]:
        """The targets whose line belongs to a place: those of a region only within it, or where they are all there is."""
        tree, geography, last = self.frame.tree, self.frame.figures.geography, self.frame.figures.period.last
        inside = set(tree.below(place))
        found = []
        for target in targets:
            region = self.frame.policy.region(target.region)
            named = {p for c in region.places if (p := geography.by_code(c, last)) is not None} if region else set()
            around = set(geography.chain(place, last, tree.tree))
            if region is None or named & around or (place != self.frame.at and named & inside):
                found.append(target.id)
        return tuple(found)

    def _points(self, metric: Metric, basis: str, year: int, places: Sequence[int]) -> list[Point]:
        figures = self.of_year(year)
        bounded = None
        if isinstance(metric.denominator, Residents):
            measure = attrs.evolve(metric.denominator, basis=basis or metric.denominator.basis)
            bounded = self._borders.residents(figures, measure)
        return [self._point(metric, basis, figures, place, year, bounded) for place in places]

    def _point(
        self, metric: Metric, basis: str, figures: Figures, place: int, year: int, bounded: Mapping[int, ResidentsFigure | None] | None,
    ) -> Point:
        figure = figures.figure(metric, place, basis or None)
        if figure.numerator is None or figure.missing is not None:
            return Point(year)
        # What a place has itself, and what was counted elsewhere, cannot be added up anew within other borders.
        if (self.told or _is_here(metric)) and not self._borders.same_since(place, year * 10_000 + 1231):
            return Point(year, other_borders=True)
        residents = None if bounded is None else bounded.get(place)
        if bounded is not None and residents is None:
            return Point(year, Shown(figure.numerator), other_borders=True)
        under = figure.denominator if residents is None else residents.persons
        ceiling = None
        if metric.ceiling is not None and under is not None:
            most = figure.numerator + figures.rolled(metric.ceiling).get(place, 0)
            ceiling = Shown(min(most, under)) if min(most, under) > figure.numerator else None
        return Point(year, Shown(figure.numerator), Shown(under), ceiling)


def _is_here(metric: Metric) -> bool:
    """Whether a metric counts what a place has itself, nothing of what is below it."""
    return isinstance(metric.numerator, Rows) and metric.numerator.here


def _has(point: Point) -> bool:
    return point.numerator is not None and bool(point.numerator.value)


def years_on(figures: Figures, made: Callable[[int], Figures]) -> Callable[[int], Figures]:
    """The figures of any year on the tree that these figures stand on."""
    found: dict[int, Figures] = {}

    def of_year(year: int) -> Figures:
        if year not in found:
            found[year] = made(year).on(figures.tree.tree, figures.period.last)
        return found[year]

    return of_year
