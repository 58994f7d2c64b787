"""Every hook, in four sections. A plugin implements the ones it needs with ``@commlms.hookimpl``.

Hook implementations declare no default arguments. No hook is called per row. All hooks: since 0.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from commlms.core.curricula import Curriculum
    from commlms.core.demos import Demo
    from commlms.core.engines import Engine
    from commlms.core.events import WriteEvent
    from commlms.core.metrics import Metric, Population, StandingGroup
    from commlms.core.policies import Policy
    from commlms.core.problems import Objection

#: The version of this file that a plugin names as ``COMMLMS_API``.
API_VERSION = 1

hookspec = pluggy.HookspecMarker("commlms")
hookimpl = pluggy.HookimplMarker("commlms")

# --------------------------------------------------------------------------------------------------
# register_*: called once, at start. Return frozen values. Any error, or one key from two plugins,
# stops the start and names the plugin(s).


@hookspec
def register_records() -> Sequence[type] | None:
    """The plugin's own records: classes made with ``@commlms.record``.

    Their keys begin with the plugin's name: ``youth.pickup``. Tables are created at the next opening.

    Example::

        @hookimpl
        def register_records():
            return [Pickup]
    """


@hookspec
def register_populations() -> Sequence[Population | StandingGroup] | None:
    """Groups of learners as predicates, and the groups that learners have dated standings in.

    Example::

        @hookimpl
        def register_populations():
            return [Population("seniors", "老年人", "seniors", age >= 60)]
    """


@hookspec
def register_curricula() -> Sequence[Curriculum] | None:
    """Curricula, read with ``commlms.curriculum_from_toml``; their words become known in category columns.

    Example::

        @hookimpl
        def register_curricula():
            return [CURRICULUM]
    """


@hookspec
def register_metrics() -> Sequence[Metric] | None:
    """Figures in the algebra of totals, sums at the host, rows, places and residents.

    Their keys begin with the plugin's name. A new total is built once, at the next opening.

    Example::

        @hookimpl
        def register_metrics():
            return [Metric("seniors.persons", "老年学员", "seniors who learned", Total(among=SENIORS))]
    """


@hookspec
def register_policies() -> Sequence[Policy] | None:
    """Rule packs, read with ``commlms.policy_from_toml``.

    Example::

        @hookimpl
        def register_policies():
            return [policy_from_toml(path) for path in PACKS]
    """


@hookspec
def register_demos() -> Sequence[Demo] | None:
    """Invented cities that ``commlms demo DIR --city KEY`` fills a folder with and judges.

    A demo writes its files when it is asked for, never at start; they are imported as any file is.

    Example::

        @hookimpl
        def register_demos():
            return [Demo("yunling", "云岭市", "Yunling city", HOLDS, (date(2022, 12, 31),), write_files)]
    """


# --------------------------------------------------------------------------------------------------
# check_*: called before a write, per import. Every plugin is asked; objections are values. An
# exception counts as an objection to every row, so that nothing unchecked lands.


@hookspec
def check_rows(record: str, rows: Iterable[Mapping[str, Any]]) -> Sequence[Objection] | None:
    """Object to rows that are about to be written.

    ``record`` is the record's key: ``session`` for a ledger, ``attendance`` for a list of who came, whose rows
    tell session, person and visit at once. ``rows`` gives, once, the good rows as mappings: ``line`` and the
    stored values by column (days as 20220305, references as row ids, None where not given). What streets
    send is asked about too, table by table, before a delivery lands. Return :class:`commlms.Objection` values;
    rows objected to are rejected.

    Example::

        @hookimpl
        def check_rows(record, rows):
            if record != "session":
                return []
            return [Objection(r["line"], "start", "…", "…") for r in rows if too_early(r)]
    """


# --------------------------------------------------------------------------------------------------
# provide_*: the first answer that is not None wins. An error goes to the caller with the plugin's name.


@hookspec(firstresult=True)
def provide_audience(words: str) -> str | None:
    """Which population's key the free words of an audience column mean, where no label or alias fits.

    Called once for each different text of an import, at most.

    Example::

        @hookimpl
        def provide_audience(words):
            return "seniors" if "老" in words else None
    """


@hookspec(firstresult=True)
def provide_engine(name: str, options: Mapping[str, str]) -> Engine | None:
    """The engine of a name, which reads a lake's files and answers the statements that figures are made of.

    Called once for each lake that is opened with an engine other than ``sqlite``. ``options`` holds what was
    asked for: ``master`` (a Spark master), or what a program gave to :func:`commlms.open_lake`. Return a
    :class:`commlms.Engine`, which need do nothing before its ``load`` is called, or None for a name that is
    not yours. A name that no plugin answers is refused with one sentence.

    Example::

        @hookimpl
        def provide_engine(name, options):
            return DuckDBEngine() if name == "duckdb" else None
    """


# --------------------------------------------------------------------------------------------------
# after_*: called after the commit, per batch. Isolated: an exception is recorded and reported, and
# never undoes the write. Inside an embedding program's transaction it waits for ``lms.committed()``.


@hookspec
def after_write(event: WriteEvent) -> None:
    """Something was written: the event says which record, which journal entry, and how many rows.

    A delivery is told once, as action ``take`` and record ``delivery``, whatever it wrote; a decision about who or what is
    one as ``decide``, ``same`` or ``different``.

    Example::

        @hookimpl
        def after_write(event):
            outbox.append(event)
    """
