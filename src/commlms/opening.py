"""What is opened besides a database: a lake, and a rule pack to be checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from commlms.core.errors import LakeChanged
from commlms.core.labels import Lang
from commlms.core.pack_checks import check_against
from commlms.core.pack_extends import with_base
from commlms.core.policies import Policy, policy_from_toml
from commlms.host import Host
from commlms.lake.open import mirror
from commlms.lms import LMS


def open_lake(
    url: str | Path, *, engine: str = "sqlite", options: Mapping[str, str] | None = None, host: Host | None = None,
    today: dt.date | None = None, lang: Lang | None = None,
) -> LMS:
    """The figures of every database that published into a lake, as one LMS that can only be read.

    ``url`` is a folder or an address such as ``s3://bucket/path``; ``engine`` is ``sqlite``, ``duckdb``, ``spark`` or what a
    plugin provides, with ``options`` such as ``master``. Close it to give the engine back. Raises :class:`LakeError` where
    nothing is published or the engine cannot run here, :class:`UnknownName` for an engine that nobody provides.
    """
    host = host or Host()
    for tries_left in reversed(range(5)):
        lms = LMS(host=host, today=today, lang=lang)
        try:
            lms.totals = mirror(lms.database, lms.records, str(url), engine, options or {}, host.provide_engine)
            break
        except BaseException as error:
            lms.close()
            if not (isinstance(error, LakeChanged) and tries_left):
                raise
    return lms


def check_policy(path: str | Path, host: Host | None = None) -> Policy:
    """A rule pack, checked against the loaded plugins (of ``host``, or all there are).

    Raises :class:`PolicyError` with file, line and reason for the first thing that is wrong.
    """
    policy, loaded = policy_from_toml(Path(path)), host or Host()
    registry = loaded.registry
    policy = with_base(policy, registry.policies)
    check_against(policy, registry.metrics, loaded.names | {"core"}, registry.records, registry.policies)
    return policy
