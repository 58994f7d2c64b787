"""Supervision (督导与评估): work that has begun, plans and reports with due dates, milestones, surveys, events, findings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commlms import Metric, Objection, hookimpl
from commlms_supervision.declarations import Assessment, Event, Milestone, Paper, Survey, Undertaking
from commlms_supervision.metrics import METRICS
from commlms_supervision.rules import RULES

COMMLMS_API = 1


@hookimpl
def register_records() -> Sequence[type]:
    """Undertakings, papers, milestones, surveys, events and assessors' findings."""
    return [Undertaking, Paper, Milestone, Survey, Event, Assessment]


@hookimpl
def register_metrics() -> Sequence[Metric]:
    """Coverage of work that has begun, papers issued and overdue, what surveys say, events and meetings."""
    return METRICS


@hookimpl
def check_rows(record: str, rows: Iterable[Mapping[str, Any]]) -> Sequence[Objection]:
    """An end before its start, more answers than were asked, a plan in force from no day."""
    rule = RULES.get(record)
    return [] if rule is None else [Objection(row["line"], *wrong) for row in rows for wrong in rule(row)]
