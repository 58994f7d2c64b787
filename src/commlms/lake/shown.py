"""What may be shown of the measures whose rows stay behind: each year's figures of every place, as every export shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from commlms.core.metrics import Measure, Metric
from commlms.core.places import LEVELS
from commlms.core.records import Record
from commlms.lake.contents import Contents
from commlms.measure.figures import Figures
from commlms.measure.totals import Totals
from commlms.report.protect import Protection
from commlms.store.geography import Geography, Tree

#: tree, place, year, column, persons or None where hidden, why.
ShownTotal = tuple[str, int, int, str, int | None, str]


def keep_shown(
    totals: Totals, contents: Contents, records: Mapping[str, Record], metrics: Iterable[Metric], places: Geography,
) -> list[int]:
    """Put into ``lake_shown`` what may be shown of each of them; gives the years."""
    found = _shown(totals, contents, records, list(metrics), places) if contents.shown else ()
    totals.database.many(
        "INSERT INTO temp.lake_shown SELECT ?, p.number, ?, ?, ?, ? FROM temp.lake_place p WHERE p.id = ?",
        ((tree, year, column, persons, why, place) for tree, place, year, column, persons, why in found),
    )
    return [p.first // 10_000 for p in totals.years()]


def _shown(
    totals: Totals, contents: Contents, records: Mapping[str, Record], metrics: list[Metric], geography: Geography,
) -> Iterator[ShownTotal]:
    most = LEVELS.index(contents.level)
    about_people = [*metrics, *(_about_people(m) for m in contents.shown)]
    rates = {m.text: metric for metric in metrics for m in metric.strengths}
    for period in totals.years():
        for tree in get_args(Tree):
            figures = Figures(totals, records, period, tree, geography)
            told = [p for p in figures.tree.order if LEVELS.index(figures.tree.nodes[p].level) <= most]
            protection = Protection(figures, about_people)
            for measure in contents.shown:
                rate = rates.get(measure.text)
                hidden = protection.hidden(measure) if rate is None else protection.hidden_strengths(rate)
                values = figures.rolled(measure)
                for place in told:
                    why, value = hidden.get(place, ""), values.get(place, 0)
                    if why or value:
                        yield tree, place, period.first // 10_000, measure.column, None if why else value, why


def _about_people(measure: Measure) -> Metric:
    """A figure about a group of people made of a measure, whether or not a metric says so of it."""
    return Metric("lake.shown", measure.column, measure.column, measure, population="shown")
