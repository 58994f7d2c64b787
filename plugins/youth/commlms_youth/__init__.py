"""Youth (青少年): minors out of school hours, the 430 school (430学堂), and their curriculum."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commlms import Curriculum, Metric, Objection, Population, StandingGroup, hookimpl
from commlms_youth.declarations import AFTER_SCHOOL, CURRICULUM, METRICS, MINORS, Enrolment
from commlms_youth.rules import outside_the_window

COMMLMS_API = 1


@hookimpl
def register_records() -> Sequence[type]:
    """Who is enrolled in the 430 school, and how the child goes home."""
    return [Enrolment]


@hookimpl
def register_populations() -> Sequence[Population | StandingGroup]:
    """Minors, and the children enrolled in a 430 school."""
    return [MINORS, AFTER_SCHOOL]


@hookimpl
def register_curricula() -> Sequence[Curriculum]:
    """What the documents name for young people and families."""
    return [CURRICULUM]


@hookimpl
def register_metrics() -> Sequence[Metric]:
    """Participation of minors, days of the 430 school."""
    return METRICS


@hookimpl
def check_rows(record: str, rows: Iterable[Mapping[str, Any]]) -> Sequence[Objection]:
    """A session of the 430 school is held on a weekday, not before 16:30 (000 二(五)2)."""
    return outside_the_window(rows) if record == "session" else []
