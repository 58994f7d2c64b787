"""Where kept rows come from: which cell of which delivery said each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import attrs

from commlms.store.database import Database


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
