"""A checked stage of pairs (participations) to the store: in the order of their table, in batches cut between the first of the pair."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import attrs

from commlms.ingest.landing import BATCH, Batch, Landed, comparable, value_of
from commlms.ingest.staging import Stage
from commlms.measure.totals import Totals
from commlms.measure.touched import Touched
from commlms.store.journal import keep_old

#: The first and the last one (of learners, say) whose rows land together.
Span = tuple[int, int]
_NOBODY: Span = (1, 0)


@attrs.frozen
class _Found:
    """What a span holds: the counts; the pairs to write (k1, k2), as a table; and FROM what the new ones (``g``) are read."""

    landed: Landed
    pairs: str
    new: str


class PairLanding:
    """Writes a stage's pairs, one span at a time, inside a transaction."""

    def __init__(self, stage: Stage, totals: Totals) -> None:
        self.stage, self.database, self.record, self.totals = stage, stage.database, stage.record, totals
        self.first, self.second = self.record.identity
        self.changes = comparable(stage, self.record)

    def batches(self) -> list[Batch]:
        """The good rows, cut into batches of at most ``BATCH``, but never less than all rows of one learner.

        An empty one where there are none.
        """
        return [partial(self._land, span) for span in tuple(self._spans()) or (_NOBODY,)]

    def _spans(self) -> Iterator[Span]:
        last = self.database.one(f'SELECT MAX("{self.first}") FROM temp.stage WHERE bad = 0')
        start = self._row_from(0, 0)
        while start is not None:
            beyond = self._row_from(start, BATCH)
            end = last if beyond is None else max(start, beyond - 1)
            yield start, end
            start = self._row_from(end + 1, 0)

    def _row_from(self, first: int, offset: int) -> int | None:
        found = self.database.one(
            f'SELECT "{self.first}" FROM temp.stage WHERE bad = 0 AND "{self.first}" >= ? ORDER BY "{self.first}", "{self.second}" '
            "LIMIT 1 OFFSET ?", (first, offset),
        )
        return None if found is None else int(found)

    def _land(self, span: Span, journal: int) -> Landed:
        with self.totals.changing() as touched:
            found = self._found(span)
            if found.landed.new or found.landed.changed:
                self._name_touched(touched, found.pairs)
                touched.take_off()
                if found.landed.changed:
                    self._change_rows(journal)
                self._insert_rows(found.new, journal)
        return found.landed

    def finish(self, journal: int) -> None:
        """Nothing is left to do after the last span."""

    def _found(self, span: Span) -> _Found:
        """Which pairs of a span are new or say something new; what is stored already and says the same is not touched."""
        staged = f'FROM temp.stage g {{join}} WHERE g.bad = 0 AND g."{self.first}" BETWEEN {span[0]:d} AND {span[1]:d}'
        rows = int(self.database.one(f"SELECT COUNT(*) {staged.format(join='')}"))
        stored = f'SELECT EXISTS (SELECT 1 FROM "{self.record.table}" WHERE "{self.first}" BETWEEN ? AND ?)'
        if not self.database.one(stored, span):
            alone = staged.format(join="")
            return _Found(Landed(rows), f'(SELECT g."{self.first}" AS k1, g."{self.second}" AS k2 {alone})', alone)
        self._find_written(staged)
        written, new = self.database.execute("SELECT COUNT(*), COALESCE(SUM(fresh), 0) FROM temp.written").fetchone()
        return _Found(Landed(new, written - new, rows - written), "temp.written", self._written(fresh=1))

    def _find_written(self, staged: str) -> None:
        """Name in ``temp.written`` the pairs to write, in the order of their table."""
        self.database.execute(
            "CREATE TEMP TABLE IF NOT EXISTS written "
            "(k1 INTEGER, k2 INTEGER, fresh INTEGER NOT NULL, PRIMARY KEY (k1, k2)) WITHOUT ROWID"
        )
        self.database.execute("DELETE FROM temp.written")
        join = f'LEFT JOIN "{self.record.table}" t ON t."{self.first}" = g."{self.first}" AND t."{self.second}" = g."{self.second}"'
        differs = " OR ".join(dict.fromkeys((f't."{self.first}" IS NULL', *self.changes.values())))
        self.database.execute(
            f'INSERT INTO temp.written SELECT g."{self.first}", g."{self.second}", t."{self.first}" IS NULL {staged.format(join=join)} '
            f'AND ({differs}) ORDER BY g."{self.first}", g."{self.second}"'
        )

    def _written(self, fresh: int) -> str:
        return (
            f'FROM temp.written w CROSS JOIN temp.stage g ON g."{self.first}" = w.k1 AND g."{self.second}" = w.k2 AND g.bad = 0 '
            f"WHERE w.fresh = {fresh}"
        )

    def _name_touched(self, touched: Touched, pairs: str) -> None:
        if (self.first, self.second) == ("learner", "session"):
            touched.visits(f"SELECT k1 AS learner, k2 AS session FROM {pairs}")
        elif "learner" in (self.first, self.second):
            touched.learners(f"SELECT {'k1' if self.first == 'learner' else 'k2'} FROM {pairs}")

    def _change_rows(self, journal: int) -> None:
        keep_old(
            self.database, journal, self.record.table, self.record.identity, "change", "SELECT k1, k2 FROM temp.written WHERE fresh = 0"
        )
        sets = ", ".join(f'"{c}" = CASE WHEN {new} THEN g."{c}" ELSE t."{c}" END' for c, new in self.changes.items())
        self.database.execute(
            f'UPDATE "{self.record.table}" AS t SET {sets}, journal = ? {self._written(fresh=0)} '
            f'AND t."{self.first}" = w.k1 AND t."{self.second}" = w.k2', (journal,),
        )

    def _insert_rows(self, new: str, journal: int) -> None:
        columns = {c: value_of(self.stage, self.record, f, c) for f in self.record.plain for c in f.columns}
        names = ", ".join(f'"{c}"' for c in columns)
        self.database.execute(
            f'INSERT INTO "{self.record.table}" ({names}, journal) SELECT {", ".join(columns.values())}, ? '
            f'{new} ORDER BY g."{self.first}", g."{self.second}"', (journal,),
        )
