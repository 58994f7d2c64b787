"""Migrants (进城务工人员、新市民): people who came to the city to work or to settle."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commlms import Curriculum, Metric, Objection, Population, StandingGroup, hookimpl
from commlms_migrants.declarations import CURRICULUM, GROUPS, METRICS, POPULATIONS, sensitive_standings

COMMLMS_API = 1


@hookimpl
def register_populations() -> Sequence[Population | StandingGroup]:
    """Migrant workers and new citizens."""
    return [*GROUPS, *POPULATIONS]


@hookimpl
def register_curricula() -> Sequence[Curriculum]:
    """What the documents name for them, and the sensitive groups named beside them."""
    return [CURRICULUM]


@hookimpl
def register_metrics() -> Sequence[Metric]:
    """Participation, and the three kinds of training (004 二（五）4)."""
    return METRICS


@hookimpl
def check_rows(record: str, rows: Iterable[Mapping[str, Any]]) -> Sequence[Objection]:
    """The sensitive groups of 000 二(五)3 are a property of a class or headcount, never of a person."""
    return sensitive_standings(rows) if record == "standing" else []
