"""Totals kept at each place and year, exact under every kind of write: new = old - before + after.

Inside the writing transaction the touched learners and sessions are named in two temporary tables;
their share of every total is taken off before the write and put back after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import attrs

from commlms.core.days import Period
from commlms.core.expressions import load
from commlms.core.labels import Label
from commlms.core.metrics import Hosted, Measure, Metric, Total, kept
from commlms.measure.compile import hosted_sql, identifier, totals_sql
from commlms.store.database import Database
from commlms.store.geography import PlaceTree

_TOUCHED_LEARNERS = 'SELECT "id" FROM temp."touched_learner"'
_TOUCHED_SESSIONS = 'SELECT "id" FROM temp."touched_session"'
_FOLDED = (
    'NOT EXISTS (SELECT 1 FROM "pending" g WHERE g."learner" = p."learner" AND g."session" = p."session")'
)


@attrs.frozen
class Told:
    """What was shown of a measure whose rows are not here: rolled-up values by place, and where a value is hidden and why.

    At a hidden place the value is only the least it can be.
    """

    values: dict[int, int]
    hidden: dict[int, str]


class Totals:
    """The kept totals of one database."""


    def __init__(self, database: Database) -> None:
        self.database = database
        self._measures: tuple[Measure, ...] = ()
        self._read_at: int | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure this database keeps, whether or not its plugin is loaded."""
        version = self.database.one("PRAGMA schema_version")
        if version != self._read_at:  # another process may have loaded a plugin that this one does not know
            rows = self.database.execute('SELECT text FROM measure ORDER BY "column"')
            self._measures, self._read_at = tuple(load(r[0]) for r in rows), version
        return self._measures

    def run(self, sql: str, period: Period | None) -> Iterable[Sequence[Any]]:
        """The rows of a statement about a period, or about all of them if None."""
        return self.database.execute(sql)

    def ready(self, period: Period) -> None:
        """See that the kept totals of a period can be read."""

    def told(self, measure: Measure, period: Period, tree: PlaceTree) -> Told | None:
        """What was shown elsewhere of a measure whose rows are not here; None where they are."""
        return None

    def lacking(self, metric: Metric, period: Period, level: str) -> Label | None:
        """Why a metric has no figure at places of a level in a period, besides what the figure itself lacks."""
        return None

    def withheld(self, metric: Metric, places: Sequence[int], period: Period, tree: PlaceTree) -> Label | None:
        """Why no verdict can rest on a metric at these places."""
        return None

    def unknowable(self, condition: object, period: Period) -> bool:
        """Whether a condition asks for what is not here, or not of this period."""
        return False

    def close(self) -> None:
        """Give back what is held besides the database."""

    @property
    def origin(self) -> Label | None:
        """Where the figures are from, if not from this database; it stands under every figure."""
        return None

    def declare(self, owners: dict[str, Iterable[Metric]]) -> None:
        """Keep what these plugins' metrics need: build new measures, drop what a loaded plugin no longer asks."""
        wanted = {
            m.column: (plugin, m)
            for plugin, metrics in sorted(owners.items(), reverse=True)
            for metric in metrics
            for m in metric.measures
            if kept(m)
        }
        if not any(self._differing(wanted, owners)):
            return
        with self.database.transaction():
            self.fold()
            # Another process may have done it while this one waited for the lock.
            new, gone = self._differing(wanted, owners)
            for column in gone:
                self.database.execute('DELETE FROM measure WHERE "column" = ?', (column,))
                for table in ("total", "settled"):
                    self.database.execute(f"ALTER TABLE {table} DROP COLUMN {identifier(column)}")
            for column in new:
                self.database.execute("INSERT INTO measure VALUES (?, ?, ?)", (column, wanted[column][0], wanted[column][1].text))
                for table in ("total", "settled"):
                    self.database.execute(f"ALTER TABLE {table} ADD COLUMN {identifier(column)} INTEGER NOT NULL DEFAULT 0")
            self.contribute(1, [wanted[column][1] for column in new])

    def _differing(
        self, wanted: Mapping[str, tuple[str, Measure]], owners: Mapping[str, Iterable[Metric]]
    ) -> tuple[list[str], list[str]]:
        """The columns that are wanted but not kept, and those that are kept but that no loaded plugin wants."""
        stored = dict(self.database.execute('SELECT "column", plugin FROM measure'))
        return [c for c in wanted if c not in stored], [c for c, plugin in stored.items() if c not in wanted and plugin in owners]

    def years(self) -> list[Period]:
        """The calendar years in which there are sessions."""
        first, last = self.database.execute('SELECT MIN("on"), MAX("on") FROM session').fetchone()
        return [] if first is None else [Period.year(y) for y in range(first // 10_000, last // 10_000 + 1)]

    @contextmanager
    def changing(self) -> Iterator[Touched]:
        """Around a write, inside its transaction: name what it touches, ``take_off()``, then write.

        Without ``take_off()`` nothing is put back either: the write touches no total.
        """
        self.fold()
        touched = Touched(self)
        yield touched
        if touched.taken:
            self.contribute(1, self.measures, touched=True)
            self.prune()

    @contextmanager
    def settling(self) -> Iterator[Touched]:
        """Around an erasure: what the touched lose is added to ``settled``, and the totals stay as they are."""
        self.fold()
        touched = Touched(self)
        yield touched
        self.contribute(-1, self._of_learners, touched=True, into="settled")
        self.prune()

    def settle(self) -> None:
        """Inside :meth:`settling`, after naming and before deleting: note what the touched contribute now."""
        self.contribute(1, self._of_learners, touched=True, into="settled")

    @property
    def _of_learners(self) -> list[Measure]:
        """What is settled of an erased person: their own share. Their visits stay with the sessions, without a name."""
        return [m for m in self.measures if isinstance(m, Total)]

    def fold(self) -> None:
        """Bring pending check-ins into the totals."""
        if not self.database.one("SELECT EXISTS (SELECT 1 FROM pending)"):
            return
        with self.database.transaction():
            touched = Touched(self)
            touched.learners("SELECT learner FROM pending")
            touched.sessions("SELECT session FROM pending")
            touched.take_off(folded=True)
            self.database.execute("DELETE FROM pending")
            self.contribute(1, self.measures, touched=True)

    def contribute(self, sign: int, measures: Sequence[Measure], touched: bool = False, folded: bool = False, into: str = "total") -> None:
        """Add (or take off) what the touched learners and sessions, or all of them, contribute."""
        years = self.years()
        if not years:
            return
        for sql, columns in self._statements(measures, years, touched, folded):
            self._apply(sign, sql, columns, years, into)

    def _statements(
        self, measures: Sequence[Measure], years: Sequence[Period], touched: bool, folded: bool
    ) -> Iterator[tuple[str, list[str]]]:
        totals = [m for m in measures if isinstance(m, Total)]
        hosted = [m for m in measures if isinstance(m, Hosted)]
        not_pending = _FOLDED if folded else ""
        if totals:
            only = f'p."learner" IN ({_TOUCHED_LEARNERS})' if touched else ""
            only = " AND ".join(filter(None, (only, not_pending)))
            yield totals_sql(totals, years, only), [t.column for t in totals]
        if hosted:
            yield hosted_sql(hosted, years, _TOUCHED_SESSIONS if touched else "", not_pending), [h.column for h in hosted]

    def _apply(self, sign: int, sql: str, columns: list[str], years: Sequence[Period], into: str) -> None:
        names = ", ".join(map(identifier, columns))
        signed = ", ".join(f"{'' if sign > 0 else '-'}q.{identifier(c)}" for c in columns)
        added = ", ".join(f"{identifier(c)} = {identifier(c)} + excluded.{identifier(c)}" for c in columns)
        year = years[0].first // 10_000
        self.database.execute(
            f'INSERT INTO {into} (place, year, {names}) SELECT q."place", q."key" + {year}, {signed} FROM ({sql}) q '
            f"WHERE 1 ON CONFLICT (place, year) DO UPDATE SET {added}"
        )

    def prune(self) -> None:
        """Remove rows in which every total is zero."""
        if self.measures:
            zero = " AND ".join(f"{identifier(m.column)} = 0" for m in self.measures)
            for table in ("total", "settled"):
                self.database.execute(f"DELETE FROM {table} WHERE {zero}")

    def recount(self) -> list[tuple[int, int, str, int, int]]:
        """Count everything again from the facts, and what was settled of people since erased.

        Gives what differs as (place id, year, column, kept, recounted), without changing anything. Other
        writers wait meanwhile: a check-in between folding and counting would look like a difference.
        """
        with self.database.transaction():
            self.fold()
            before, after = self._kept("total"), self._recounted()
        keys = sorted(k for k in before.keys() | after.keys() if before.get(k, 0) != after.get(k, 0))
        return [(*k, before.get(k, 0), after.get(k, 0)) for k in keys]

    def _recounted(self) -> dict[tuple[int, int, str], int]:
        after, years = self._kept("settled"), self.years()
        for sql, columns in self._statements(self.measures, years, touched=False, folded=False) if years else ():
            for place, key, *values in self.database.execute(sql):
                for column, value in zip(columns, values, strict=True):
                    cell = (place, years[0].first // 10_000 + key, column)
                    after[cell] = after.get(cell, 0) + value
        return after

    def rebuild(self) -> None:
        """Replace the kept totals by a full recount: what the facts give, and what was settled."""
        with self.database.transaction():
            self.database.execute("DELETE FROM pending")
            self.database.execute("DELETE FROM total")
            self.contribute(1, self.measures)
            names = [identifier(m.column) for m in self.measures]
            added = ", ".join(f"{c} = total.{c} + excluded.{c}" for c in names)
            columns = ", ".join(["place", "year", *names])
            if names:
                self.database.execute(
                    f"INSERT INTO total ({columns}) SELECT {columns} FROM settled WHERE 1 ON CONFLICT (place, year) DO UPDATE SET {added}"
                )

    def _kept(self, table: str) -> dict[tuple[int, int, str], int]:
        columns = [m.column for m in self.measures]
        names = "".join(f", {identifier(c)}" for c in columns)
        return {
            (place, year, c): v
            for place, year, *values in self.database.execute(f"SELECT place, year{names} FROM {table}")
            for c, v in zip(columns, values, strict=True)
        }


class Touched:
    """The learners and sessions a write touches. Named before the write, while their old share still stands."""

    def __init__(self, totals: Totals) -> None:
        self.totals, self.database = totals, totals.database
        self.taken = False
        database = self.database
        for name in ("touched_learner", "touched_session"):
            database.execute(f'CREATE TEMP TABLE IF NOT EXISTS "{name}" (id INTEGER PRIMARY KEY)')
            database.execute(f'DELETE FROM temp."{name}"')

    def learners(self, sql: str, values: Sequence[object] = ()) -> None:
        """Add the learners that a query gives."""
        self.database.execute(f'INSERT OR IGNORE INTO temp."touched_learner" {sql}', values)

    def sessions(self, sql: str, values: Sequence[object] = ()) -> None:
        """Add the sessions that a query gives."""
        self.database.execute(f'INSERT OR IGNORE INTO temp."touched_session" {sql}', values)

    def take_off(self, folded: bool = False) -> None:
        """Take the old share off; call it after naming and before writing, once.

        Sessions or learners that the write itself creates may be named afterwards: their old share is nothing.
        """
        if not self.taken:
            self.taken = True
            self.totals.contribute(-1, self.totals.measures, touched=True, folded=folded)
