"""The rows behind a figure as they may be seen: those of places whose figure is not shown are put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import attrs

from commlms.core.labels import Label
from commlms.core.metrics import Measure, Total
from commlms.measure.explain import ExplainedRow, Explanation
from commlms.measure.figures import suppressed
from commlms.report.protect import Protection

Group = tuple[str, str, Label | None]


def shown_rows(found: Explanation, protection: Protection, sources: bool = True) -> Iterator[ExplainedRow]:
    """Every row alone, or with the others of its part and reason where it would give away a figure that is not shown.

    A row that stands for several has ``×`` and their number as its name, ``×<5`` for few that are left out, and no sources.
    """
    groups = Counter((r.part, r.place, r.left_out) for r in found.rows(sources=False))
    nodes = found.figures.tree.nodes
    hidden = [protection.hidden(m) for part in found.parts for m in (part.measure, _people(part.measure))]
    unshown = {nodes[p].code for places in hidden for p in places if p in nodes}
    levels = {node.code: node.level for node in nodes.values()}
    apart = {g for g, n in groups.items() if g[1] in unshown or _few(found, levels.get(g[1], found.level), g[0], g[2], n)}
    together: Counter[tuple[str, Label | None]] = Counter()
    adds: Counter[tuple[str, Label | None]] = Counter()
    for row in found.rows(sources=sources):
        if (row.part, row.place, row.left_out) in apart:
            together[row.part, row.left_out] += 1
            adds[row.part, row.left_out] += row.adds
        else:
            yield row
    for (part, why), n in together.items():
        number = "<5" if _few(found, "village", part, why, n) else str(n)
        yield ExplainedRow(part, f"×{number}", "", "", adds[part, why], why)


def counts(*found: Explanation) -> Iterator[tuple[str, Label | None, str]]:
    """How many rows of each part are counted, or left out for each reason: part, reason, number (``<5`` for few).

    Of several places, judged as one, together.
    """
    for (part, why), n in Counter((r.part, r.left_out) for each in found for r in each.rows(sources=False)).items():
        yield part, why, "<5" if _few(found[0], found[0].level, part, why, n) else str(n)


def _people(measure: Measure) -> Measure:
    """The persons behind a sum over learners."""
    return attrs.evolve(measure, value=None) if isinstance(measure, Total) else measure


def _few(found: Explanation, level: str, part: str, why: Label | None, number: int) -> bool:
    """Whether a part's rows are so few people of a group, left out or counted, that their number is not shown."""
    people = any(p.name == part and isinstance(p.measure, Total) for p in found.parts)
    return (people or why is not None) and suppressed(found.metric, level, number)
