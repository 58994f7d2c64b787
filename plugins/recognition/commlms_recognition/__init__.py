"""Recognition (称号与表彰): who holds which title of which rank since when, who seeks one, and the batches that are named."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commlms import Metric, Objection, hookimpl
from commlms_recognition.declarations import METRICS, Naming, Status
from commlms_recognition.rules import wrong_namings, wrong_statuses

COMMLMS_API = 1


@hookimpl
def register_records() -> Sequence[type]:
    """Titles with rank and dates, and the rounds in which titles are given."""
    return [Status, Naming]


@hookimpl
def register_metrics() -> Sequence[Metric]:
    """Zones, townships, villages, communities and brands that hold a title on the period's last day."""
    return METRICS


@hookimpl
def check_rows(record: str, rows: Iterable[Mapping[str, Any]]) -> Sequence[Objection]:
    """An end without its day, an end before the start, and a title written together with its rank."""
    rules = {"recognition.status": wrong_statuses, "recognition.naming": wrong_namings}
    return rules[record](rows) if record in rules else []
