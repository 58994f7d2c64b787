"""Qingrong (青榕, an invented city): its document, which extends that of the province."""

from collections.abc import Sequence
from pathlib import Path

from commlms import Policy, hookimpl, policy_from_toml

COMMLMS_API = 1


@hookimpl
def register_policies() -> Sequence[Policy]:
    """The city's opinions of 2019."""
    return [policy_from_toml(Path(__file__).with_name("qingrong-2019.toml"))]
