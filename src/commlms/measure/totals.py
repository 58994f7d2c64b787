"""Totals kept at each place and year, exact under every kind of write: new = old - before + after.

Inside the writing transaction the touched learners and sessions are named in two temporary tables;
their share of every total is taken off before the write and put back after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import attrs

from commlms.core.days import Period
from commlms.core.expressions import load
from commlms.core.labels import Label
from commlms.core.metrics import Hosted, Measure, Metric, Total, kept
from commlms.core.records import Record
from commlms.measure.compile import identifier, totals_sql
from commlms.measure.hosted import by_visits, hosted_sql, visits_sql
from commlms.measure.sameness import Sameness
from commlms.measure.touched import FOLDED, Touched, years_between
from commlms.store.database import Database
from commlms.store.geography import Geography, PlaceTree

_TOUCHED_LEARNERS = 'SELECT "id" FROM temp."touched_learner"'
_TOUCHED_SESSIONS = 'SELECT "id" FROM temp."touched_session"'

#: Statements are the same from write to write, and many deliveries are written in a row: they are composed once.
_totals_sql, _hosted_sql = lru_cache(maxsize=32)(totals_sql), lru_cache(maxsize=32)(hosted_sql)

#: How often a read looks for a moment without pending check-ins before it keeps others from writing.
TRIES = 20


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
        self._geography: tuple[tuple[int, int] | None, Geography] | None = None

    def geography(self) -> Geography:
        """The places as they are now; read again only after something was written, here or by another process."""
        database, known = self.database, self._geography
        written = int(database.one("PRAGMA data_version")), database.connection.total_changes
        if known is not None and known[0] == written:
            return known[1]
        found = Geography(database) if known is None else known[1].now(database)
        # What is read inside a writing transaction may be rolled back, which neither number would show.
        self._geography = (written if database.reads_settled else None), found
        return found

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure this database keeps, whether or not its plugin is loaded."""
        version = self.database.one("PRAGMA schema_version")
        if version != self._read_at:  # another process may have loaded a plugin that this one does not know
            rows = self.database.execute('SELECT text FROM measure ORDER BY "column"')
            self._measures, self._read_at = tuple(load(r[0]) for r in rows), version
        return self._measures

    @property
    def sameness(self) -> Sameness:
        """Whether any people or sessions are one with another, as the database says now."""
        return Sameness.of(self.database)

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

    def is_empty(self, record: Record) -> bool:
        """Whether a register holds no row at all."""
        return not self.database.one(f"SELECT EXISTS (SELECT 1 FROM {identifier(record.table)})")

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
        # Two questions, each answered by one end of the index; asked as one they read all of it.
        return years_between(self.database.one('SELECT MIN("on") FROM session'), self.database.one('SELECT MAX("on") FROM session'))

    @contextmanager
    def changing(self) -> Iterator[Touched]:
        """Around a write, inside its transaction: name what it touches, ``take_off()``, then write.

        Without ``take_off()`` nothing is put back either: the write touches no total.
        """
        self.fold()
        touched = Touched(self)
        yield touched
        if touched.taken:
            touched.put_back()
            self.prune()

    @contextmanager
    def settling(self) -> Iterator[Touched]:
        """Around an erasure: what the touched lose is added to ``settled``, and the totals stay as they are."""
        self.fold()
        touched = Touched(self)
        yield touched
        self.contribute(-1, self.of_learners, touched=True, into="settled")
        self.prune()

    def settle(self) -> None:
        """Inside :meth:`settling`, after naming and before deleting: note what the touched contribute now."""
        self.contribute(1, self.of_learners, touched=True, into="settled")

    @property
    def of_learners(self) -> list[Total]:
        """What is settled of an erased person: their own share. Their visits stay with the sessions, without a name."""
        return list(split(self.measures)[0])

    def fold(self) -> None:
        """Bring pending check-ins into the totals."""
        if not self._pending():
            return
        with self.database.transaction():
            touched = Touched(self)
            touched.visits("SELECT learner, session FROM pending")
            touched.take_off(folded=True)
            self.database.execute("DELETE FROM pending")
            touched.put_back()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Reads that all see one moment, in which every check-in stands in the totals."""
        for _ in range(TRIES):
            self.fold()
            with self.database.snapshot():
                # One that came after folding would be in the facts, but not in the totals.
                if not self._pending():
                    yield
                    return
        with self.database.transaction():  # they come faster than that: hold them up
            self.fold()
            yield

    def _pending(self) -> bool:
        return bool(self.database.one("SELECT EXISTS (SELECT 1 FROM pending)"))

    def contribute(
        self, sign: int, measures: Sequence[Measure], touched: bool = False, folded: bool = False, into: str = "total",
        visited: Sequence[Period] | None = None,
    ) -> None:
        """Add (or take off) what the touched learners and sessions, or all of them, contribute.

        ``visited``: the only years in which the learners' share can differ.
        """
        for sql, columns, years in self._statements(measures, touched, folded, visited):
            self._apply(sign, sql, columns, years, into)

    def _statements(
        self, measures: Sequence[Measure], touched: bool = False, folded: bool = False, visited: Sequence[Period] | None = None
    ) -> Iterator[tuple[str, list[str], Sequence[Period]]]:
        """The statements that count measures, each with its columns and the years that its keys number."""
        totals, hosted = split(measures)
        not_pending, years, same = FOLDED if folded else "", self.years(), self.sameness
        learners, sessions = (_TOUCHED_LEARNERS, _TOUCHED_SESSIONS) if touched else ("", "")
        visited = years if visited is None else visited
        if totals and visited:
            yield _totals_sql(tuple(totals), tuple(visited), learners, not_pending, same), [t.column for t in totals], visited
        if hosted and years:
            yield _hosted_sql(tuple(hosted), tuple(years), sessions, not_pending, same), [h.column for h in hosted], years

    def gain_visits(self) -> None:
        """Add to the sums at the host what the visits noted in ``touched_session`` have changed, and nothing else."""
        hosted, years = by_visits(split(self.measures)[1]), self.years()
        if hosted and years:
            sql = visits_sql(hosted, years, 'temp."touched_session"', self.sameness)
            self._apply(1, sql, [h.column for h in hosted], years, "total")

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

        Gives what differs as (place id, year, column, kept, recounted), without changing anything. Others
        write meanwhile.
        """
        with self.moment():
            before, after = self._kept("total"), self._recounted()
        keys = sorted(k for k in before.keys() | after.keys() if before.get(k, 0) != after.get(k, 0))
        return [(*k, before.get(k, 0), after.get(k, 0)) for k in keys]

    def _recounted(self) -> dict[tuple[int, int, str], int]:
        after = self._kept("settled")
        for sql, columns, years in self._statements(self.measures):
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


def split(measures: Iterable[Measure]) -> tuple[list[Total], list[Hosted]]:
    """Those that sum over learners, and those that sum over sessions."""
    measures = tuple(measures)
    return [m for m in measures if isinstance(m, Total)], [m for m in measures if isinstance(m, Hosted)]
