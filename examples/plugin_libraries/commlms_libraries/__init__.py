"""Libraries (图书馆读书会): library cards, their readers, and who of them comes to a reading circle."""

from collections.abc import Sequence
from pathlib import Path

from commlms import Curriculum, Metric, Policy, Population, StandingGroup, hookimpl, policy_from_toml
from commlms_libraries.declarations import CURRICULUM, METRICS, READERS, Card

COMMLMS_API = 1


@hookimpl
def register_records() -> Sequence[type]:
    """Library cards."""
    return [Card]


@hookimpl
def register_populations() -> Sequence[Population | StandingGroup]:
    """Readers: who holds a card."""
    return [READERS]


@hookimpl
def register_curricula() -> Sequence[Curriculum]:
    """What reading circles are about."""
    return [CURRICULUM]


@hookimpl
def register_metrics() -> Sequence[Metric]:
    """Cards in force, and readers reached."""
    return METRICS


@hookimpl
def register_policies() -> Sequence[Policy]:
    """The city's reading plan."""
    return [policy_from_toml(Path(__file__).with_name("reading_plan.toml"))]
