"""Five demos (示例): real places and residents, invented institutions, people and activities."""

from collections.abc import Sequence

from commlms import Demo, hookimpl
from commlms_demos.demos import DEMOS

COMMLMS_API = 1


@hookimpl
def register_demos() -> Sequence[Demo]:
    """One demo for the jurisdiction of each of the five documents."""
    return DEMOS
