"""Policies: five government documents as five rule packs, and the content categories they name for everyone."""

from collections.abc import Sequence
from pathlib import Path

from commlms import Curriculum, Policy, curriculum_from_toml, hookimpl, policy_from_toml

COMMLMS_API = 1
_HERE = Path(__file__).parent


@hookimpl
def register_policies() -> Sequence[Policy]:
    """Guangdong 2016, Wanzhou 2013, Guangzhou 2012, Gongshu 2023, Panzhihua 2019."""
    return [policy_from_toml(path) for path in sorted((_HERE / "packs").glob("*.toml"))]


@hookimpl
def register_curricula() -> Sequence[Curriculum]:
    """Categories for residents, employed people and community workers."""
    return [curriculum_from_toml(_HERE / "curricula" / "general.toml")]
