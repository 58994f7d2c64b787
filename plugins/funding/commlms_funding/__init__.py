"""Funding (经费): money for community education by source and purpose, and what employers spend on training."""

from collections.abc import Sequence

from commlms import Metric, hookimpl
from commlms_funding.declarations import METRICS, Fund, Payroll

COMMLMS_API = 1


@hookimpl
def register_records() -> Sequence[type]:
    """Funds of a place and period; wages and training of an employer."""
    return [Fund, Payroll]


@hookimpl
def register_metrics() -> Sequence[Metric]:
    """What was arranged, appropriated and paid, in all and per resident; shares."""
    return METRICS
