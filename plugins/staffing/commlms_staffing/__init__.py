"""Staff and volunteers (队伍): posts, volunteer teams, who is in them, trainings of staff."""

from collections.abc import Sequence

from commlms import Metric, hookimpl
from commlms_staffing.declarations import METRICS, Post, Team, Training, Volunteer

COMMLMS_API = 1


@hookimpl
def register_records() -> Sequence[type]:
    """Posts, teams, volunteers who are learners, trainings."""
    return [Post, Team, Volunteer, Training]


@hookimpl
def register_metrics() -> Sequence[Metric]:
    """Dedicated workers, staff of branches and points, volunteers, trainings of backbone teachers."""
    return METRICS
