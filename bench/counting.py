"""What is counted, as both sides of a case ask for it: the kept measures, their one statement each engine runs, and a fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from commlms import LMS, Hosted, Period, Total
from commlms.core.metrics import Measure, kept
from commlms.measure.compile import totals_sql
from commlms.measure.figures import Figures
from commlms.measure.hosted import hosted_sql

#: The sum over places of each kept column in each year, and a second sum that tells places apart.
Sums = dict[str, list[int]]


def measures(lms: LMS) -> list[Measure]:
    """Every measure of every loaded metric, each once."""
    found = {m.text: m for metric in lms.registry.metrics.values() for m in metric.measures}
    return [found[text] for text in sorted(found)]


def statements(lms: LMS, periods: Sequence[Period]) -> list[tuple[str, list[str]]]:
    """The portable statements that count every kept measure in full, each with its columns."""
    all_kept = [m for m in measures(lms) if kept(m)]
    totals, hosted = [m for m in all_kept if isinstance(m, Total)], [m for m in all_kept if isinstance(m, Hosted)]
    return [
        (totals_sql(totals, periods), [m.column for m in totals]),
        (hosted_sql(hosted, periods), [m.column for m in hosted]),
    ]


def count(
    execute: Callable[[str], Iterable[Sequence[Any]]], asked: Iterable[tuple[str, list[str]]], periods: Sequence[Period],
) -> list[tuple[str, str, int, int]]:
    """Run statements and fetch every cell: column, period, place, value."""
    return [
        (column, periods[key].key, place, value)
        for sql, columns in asked
        for place, key, *values in execute(sql)
        for column, value in zip(columns, values, strict=True)
    ]


def read_all(lms: LMS, period: str) -> Figures:
    """Every metric's numerator, denominator and ceiling at every place of a period, as integers in memory."""
    figures, metrics = lms.figures(period), lms.registry.metrics.values()
    figures.table(metrics)
    for metric in metrics:
        if metric.ceiling is not None:
            figures.rolled(metric.ceiling)
    return figures


def sums_of(cells: Iterable[tuple[str, str, int, int]]) -> Sums:
    """Two numbers per column and period that differ where any place differs."""
    found: Sums = {}
    for column, period, place, value in cells:
        if value:
            both = found.setdefault(f"{column} {period}", [0, 0])
            both[0] += value
            both[1] += value * (place + 1)
    return found


def sums_read(figures: Figures) -> Sums:
    """The same of what was read."""
    own = figures.own_totals
    return sums_of((c, figures.period.key, place, value) for c in own.columns for place, value in own.column(c).items())
