"""What is counted, as people read it: money in yuan, areas in square metres, everything else as whole numbers of something."""

from __future__ import annotations

from collections.abc import Mapping

from commlms.core.labels import Label
from commlms.core.metrics import Metric, Places, Residents, Rows
from commlms.core.records import Record

#: Units that are kept in hundredths of what is shown.
HUNDREDTHS = ("fen", "area")
#: One, and several, of what a metric counts.
NOUNS: Mapping[str, tuple[Label, str]] = {
    "person": (Label("人", "person"), "persons"), "visit": (Label("人次", "visit"), "visits"),
    "minute": (Label("分钟", "minute"), "minutes"), "session": (Label("场", "session"), "sessions"),
    "place": (Label("个地点", "place"), "places"), "row": (Label("条", "row"), "rows"), "day": (Label("天", "day"), "days"),
    "fen": (Label("元", "yuan"), "yuan"), "area": (Label("平方米", "square metre"), "square metres"),
    "level": (Label("级", "level"), "levels"),
}


def amount(number: int, unit: str) -> str:
    """A counted integer as a number: 1250 fen are ``12.50``."""
    if unit not in HUNDREDTHS:
        return str(number)
    whole, part = divmod(abs(number), 100)
    return f"{'-' if number < 0 else ''}{whole}.{part:02d}"


def amount_words(number: int, unit: str, of: Label | None = None) -> Label:
    """The same with what it is a number of: ``12.50 yuan``. ``of`` is what rows are called, as :func:`rows_of` says it."""
    return counted_words(amount(number, unit), unit, of, one=number == 1)


def counted_words(shown: str, unit: str, of: Label | None = None, *, one: bool = False) -> Label:
    """A number that is text already, with what it is a number of."""
    if unit == "row" and of is not None:
        return Label(f"{shown} {of.zh}", f"{shown} {of.en if one else _several(of.en)}")
    noun, several = NOUNS[unit]
    return Label(f"{shown} {noun.zh}", f"{shown} {noun.en if one else several}")


def rows_of(metric: Metric, records: Mapping[str, Record]) -> Label | None:
    """What the rows that a metric counts are called: those of its register, or what different values are counted by."""
    measure = metric.numerator
    record = records.get(measure.record) if isinstance(measure, Rows) else None
    if metric.unit != "row" or record is None or not isinstance(measure, Rows):
        return None
    fields = [f for f in record.fields if f.name in measure.distinct]
    if len(fields) != 1:
        return Label(f"条「{record.label.zh}」", record.label.en)
    (field,) = fields
    label = records[field.target].label if field.target in records else field.label
    return Label(f"个{label.zh}", label.en)


def unit_below(metric: Metric, records: Mapping[str, Record]) -> str:
    """What a metric's denominator is a number of; empty where it has none."""
    match metric.denominator:
        case None:
            return ""
        case Residents():
            return "person"
        case Places():
            return "place"
        case Rows(record, value=value) if record in records and value:
            return "fen" if records[record].field(value).kind.name == "money" else metric.unit
        case Rows():
            return "row"
    return metric.unit


def _several(word: str) -> str:
    """The plural of an English label: ``rounds of naming``."""
    head, of, rest = word.partition(" of ")
    if head.endswith(("s", "x", "ch", "sh")):
        return f"{head}es{of}{rest}"
    head = f"{head[:-1]}ies" if head.endswith("y") and head[-2:-1] not in "aeiou" else f"{head}s"
    return f"{head}{of}{rest}"
