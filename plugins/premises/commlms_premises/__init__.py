"""Premises (场所与功能): floor space of institutions, what they carry out, levels of the network that have one."""

from collections.abc import Sequence

from commlms import Metric, hookimpl
from commlms_premises.declarations import METRICS, Function, Site

COMMLMS_API = 1


@hookimpl
def register_records() -> Sequence[type]:
    """Sites with their floor space; functions of institutions."""
    return [Site, Function]


@hookimpl
def register_metrics() -> Sequence[Metric]:
    """Floor space, functions, seniors' institutions, coverage of the network."""
    return METRICS
