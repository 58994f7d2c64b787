"""Farmers (新型职业农民): new-type professional farmers, rural residents, and those left behind in villages."""

from collections.abc import Sequence

from commlms import Curriculum, Metric, Population, StandingGroup, hookimpl
from commlms_farmers.declarations import CURRICULUM, GROUPS, METRICS, POPULATIONS, Certificate

COMMLMS_API = 1


@hookimpl
def register_records() -> Sequence[type]:
    """Certificates of new-type professional farmers, with grade and term."""
    return [Certificate]


@hookimpl
def register_populations() -> Sequence[Population | StandingGroup]:
    """New-type farmers, rural residents, left-behind elderly, women and children."""
    return [*GROUPS, *POPULATIONS]


@hookimpl
def register_curricula() -> Sequence[Curriculum]:
    """What the documents name for farmers and rural residents."""
    return [CURRICULUM]


@hookimpl
def register_metrics() -> Sequence[Metric]:
    """Participation by group, practical training per learner."""
    return METRICS
