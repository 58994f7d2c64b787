"""Where kept rows come from: which cell of which delivery said each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import attrs

from commlms.ingest.staging import Stage
from commlms.store.database import Database
from commlms.store.journal import key_of_table

#: SQL for how many rows of a delivery ``d`` landed, whatever they wrote.
LANDED = "(SELECT COUNT(*) FROM (SELECT DISTINCT sheet, line, cell FROM delivered x WHERE x.delivery = d.id))"


class Origin(NamedTuple):
    """Where a row of a flat table stands in the file: the true line, and the cell a person looks at first."""

    line: int
    cell: str


class Said(NamedTuple):
    """One kept row and the row of the file that says it. ``k1`` and ``k2`` are its key; ``made``: it was not there before."""

    number: int
    k1: int
    k2: int
    made: bool


@attrs.frozen
class Provenance:
    """Notes the rows of one delivery's sheet. ``origin`` gives where the row of a number stands in the file."""

    database: Database
    delivery: int
    sheet: str
    origin: Callable[[int], Origin]

    def note(self, journal: int, table: str, rows: Iterable[Said]) -> None:
        """Note rows of a table, inside the transaction that wrote them. One that is said twice by one cell is noted once."""
        self.database.many(
            'INSERT OR IGNORE INTO delivered (delivery, sheet, line, cell, "table", k1, k2, made, journal) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((self.delivery, self.sheet, *self.origin(r.number), table, r.k1, r.k2, int(r.made), journal) for r in rows),
        )


def note_stage(provenance: Provenance, stage: Stage, journal: int) -> None:
    """Note the rows that a landed stage says: its own, and the headcounts beside them. Inside the transaction that wrote them."""
    database, record = stage.database, stage.record
    first, second = record.identity[:2] if record.paired else ("target", "0")
    _note(provenance, database, journal, record.table, f'g.line, g."{first}", ' + (f'g."{second}"' if record.paired else "0"), "")
    for counts in (c for c in ("present", "besides") if c in stage.columns):
        join = f"JOIN headcount h ON h.session = g.target AND h.counts = '{counts}' AND h.audience = '' AND g.\"{counts}\" IS NOT NULL"
        _note(provenance, database, journal, "headcount", "g.line, h.id, 0", join)


def _note(provenance: Provenance, database: Database, journal: int, table: str, said: str, join: str) -> None:
    """Note the rows of one table; made are those that this journal entry wrote and that it found no former content of."""
    key = key_of_table(database, table)
    on = " AND ".join(f't."{k}" = q.{n}' for k, n in zip(key, ("k1", "k2"), strict=False))
    rows = database.execute(
        f"WITH q(line, k1, k2) AS (SELECT {said} FROM temp.stage g {join} WHERE g.bad = 0) "
        f'SELECT q.line, q.k1, q.k2, t.journal = ? AND NOT EXISTS (SELECT 1 FROM journal_old o WHERE o.journal = ? '
        f'AND o."table" = ? AND o.k1 = q.k1 AND o.k2 = q.k2) FROM q JOIN "{table}" t ON {on} ORDER BY q.line', (journal, journal, table),
    ).fetchall()
    provenance.note(journal, table, (Said(line, k1, k2, bool(made)) for line, k1, k2, made in rows))
