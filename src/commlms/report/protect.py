"""Which figures about a group of people are not shown below the county.

A figure of 1 to 4 is hidden. Where that leaves exactly one hidden child under a parent that is shown, the
next smallest child is hidden too, and below it its own smallest child, so that no subtraction gives it back.
What is hidden is decided for each measure, so that two metrics made of one measure hide the same places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from commlms.core.metrics import Measure, Metric, Places, Residents
from commlms.measure.figures import Figures, suppressed
from commlms.store.geography import PlaceTree

SMALL, LINKED = "small", "linked"
_BELOW_COUNTY = ("township", "village")


class Protection:
    """What must not be shown of one period's figures. ``metrics`` are all that any output shows."""

    def __init__(self, figures: Figures, metrics: Iterable[Metric]) -> None:
        self.figures = figures
        self._about: dict[str, Metric] = {}
        self._hidden: dict[str, Mapping[int, str]] = {}
        for metric in metrics:
            if metric.population and not isinstance(metric.numerator, Places):
                self._about.setdefault(metric.numerator.text, metric)
                # How many places there are says nothing about people; how many of a group's residents or learners does.
                if metric.denominator is not None and not isinstance(metric.denominator, Places):
                    self._about.setdefault(metric.denominator.text, metric)

    def hidden(self, measure: Measure | None) -> Mapping[int, str]:
        """The places at which a measure is hidden, and why: ``small`` or ``linked``."""
        if measure is None or (text := measure.text) not in self._about:
            return {}
        if text not in self._hidden:
            self._hidden[text] = hide(self.figures.tree, self._values(measure), self._about[text])
        return self._hidden[text]

    def _values(self, measure: Measure) -> Mapping[int, int]:
        if isinstance(measure, Residents):
            return {p: r.persons for p, r in self.figures.residents(measure).items()}
        return self.figures.rolled(measure)


def hide(tree: PlaceTree, values: Mapping[int, int], metric: Metric) -> dict[int, str]:
    """The places whose value is hidden, and why."""
    found = {p: SMALL for p in tree.order if suppressed(metric, tree.nodes[p].level, values.get(p))}
    if not found:
        return found
    # Parents come first, so that a child hidden here is looked at as a parent later.
    for parent in tree.order:
        children = tree.children.get(parent, ())
        hidden = sum(child in found for child in children)
        alone = hidden == 1 and parent not in found
        uncovered = hidden == 0 and parent in found
        if alone or uncovered:
            rest = [c for c in children if c not in found and tree.nodes[c].level in _BELOW_COUNTY]
            # A zero helps only where nothing else does; below a small place everything else is zero and may stay.
            rest = [c for c in rest if values.get(c, 0)] or (rest if found.get(parent) != SMALL else [])
            if rest:
                found[min(rest, key=lambda c: (values.get(c, 0), tree.nodes[c].code, c))] = LINKED
    return found
