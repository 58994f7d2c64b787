"""Seniors (老年人): people of 60 and over, their curriculum, and what only makes sense for them."""

from collections.abc import Sequence

from commlms import Curriculum, Metric, Population, StandingGroup, hookimpl
from commlms_seniors.declarations import CURRICULUM, METRICS, SENIORS, means_seniors

COMMLMS_API = 1


@hookimpl
def register_populations() -> Sequence[Population | StandingGroup]:
    """People of 60 and over."""
    return [SENIORS]


@hookimpl
def register_curricula() -> Sequence[Curriculum]:
    """What the documents name for seniors."""
    return [CURRICULUM]


@hookimpl
def register_metrics() -> Sequence[Metric]:
    """Participation, digital reach, seniors' points."""
    return METRICS


@hookimpl
def provide_audience(words: str) -> str | None:
    """Free words for the old (60岁以上老年居民, 社区老人) mean seniors."""
    return SENIORS.key if means_seniors(words) else None
