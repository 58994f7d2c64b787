"""Where a document names whose statement counts: the rows of the register of stated figures that a verdict rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commlms.core.days import iso
from commlms.core.labels import Label
from commlms.core.metrics import Rows
from commlms.measure.explain import ExplainedRow, Key, sourced
from commlms.measure.figures import Figures
from commlms.measure.sources import facts_of

_LATER = Label("另有更晚的上报数", "a later statement counts")
_WORDS = {
    "numerator": Label("登记「上报数」中本期最近一次所报的数", "the number last stated for the period, of reported figures"),
    "denominator": Label("登记「上报数」中本期最近一次所报的分母", "what it was stated to be of, of reported figures"),
}
_COLUMNS = {"numerator": "value", "denominator": "of"}
_ASKED = (
    'SELECT id, source_name, {column}, stated FROM reported WHERE period = ? AND metric = ? AND place = ? '
    "ORDER BY COALESCE(stated, 0) DESC, id DESC"
)


def stated_words(part: str) -> Label:
    """What is counted where a statement counts."""
    return _WORDS[part]


def stated_sql(part: str) -> str:
    """The statement that reads what was stated of one place; the first row counts."""
    return _ASKED.format(column=f'"{_COLUMNS[part]}"')


def stated_rows(figures: Figures, metric: str, places: Sequence[int], *, sources: bool) -> Iterator[ExplainedRow]:
    """Every statement on a metric at places: the last one of each counts, the earlier ones do not."""
    facts = facts_of(figures.records, Rows("reported")) if sources else None
    for part in _COLUMNS:
        yield from sourced(figures, facts, (row for p in places for row in _of_place(figures, metric, p, part)))


def _of_place(figures: Figures, metric: str, place: int, part: str) -> Iterator[tuple[Key, ExplainedRow]]:
    node = figures.tree.nodes.get(place)
    rows = figures.database.execute(stated_sql(part), (figures.period.key, metric, place)).fetchall()
    for number, (key, source, value, day) in enumerate(rows):
        detail = f"{source} {iso(day)}".strip() if day else source
        why = _LATER if number else None
        name = f"#{key}.{figures.database.uid}"
        yield (key,), ExplainedRow(part, name, node.code if node else "", detail, 0 if why else (value or 0) // 100, why)


def recorded_words(numerator: int | None, denominator: int | None) -> Label:
    """What is recorded in the registers themselves, beside what was stated."""
    both = f"{'—' if numerator is None else numerator} / {'—' if denominator is None else denominator}"
    return Label(f"库中所记（不用于评判）：{both}", f"recorded here, not judged by: {both}")
