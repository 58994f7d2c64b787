"""Back from kept rows to where they were said: the delivery, its file, sheet and cell, and the number under which the file is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import attrs

from commlms.store.database import Database

#: A row is asked for as ``fact``: k (the asker's own number), its table and key, and the journal entry that wrote it last.
#: The cross joins keep SQLite from beginning with every delivery.
_NOTED = """
FROM fact f CROSS JOIN delivered d ON d."table" = f."table" AND d.k1 = f.k1 AND d.k2 = f.k2 CROSS JOIN delivery y ON y.id = d.delivery
"""
#: Of a row that a sheet says in several lines the first; a row that no live delivery says is at least from the file of its import.
_SOURCES = f"""
WITH fact(k, "table", k1, k2, journal) AS MATERIALIZED ({{facts}})
SELECT DISTINCT k, delivery, file, sheet, line, cell, archived FROM (
    SELECT f.k, d.delivery, y.file, d.sheet, MIN(d.line) AS line, d.cell, COALESCE(y.archived, '') AS archived {_NOTED}
    WHERE y.replaced_by IS NULL GROUP BY f.k, f."table", f.k1, f.k2, d.delivery, d.sheet
)
UNION
SELECT f.k, NULL, j.file, '', 0, '', '' FROM fact f JOIN journal j ON j.id = f.journal WHERE j.file <> '' AND NOT EXISTS (
    SELECT 1 FROM delivered d JOIN delivery y ON y.id = d.delivery AND y.replaced_by IS NULL
    WHERE d."table" = f."table" AND d.k1 = f.k1 AND d.k2 = f.k2
)
ORDER BY 1, 2, 4, 5
"""
_KEPT = f"""
WITH fact(k, "table", k1, k2, journal) AS MATERIALIZED ({{facts}})
SELECT DISTINCT a.id {_NOTED} JOIN archive a ON a.id = y.archived AND a.purged IS NULL ORDER BY a.id
"""


@attrs.frozen
class Source:
    """One cell that says a row. Of a plain import only ``file`` is known; ``archive`` is the kept file's number, or empty."""

    delivery: int | None
    file: str
    sheet: str = ""
    line: int = 0
    cell: str = ""
    archive: str = ""


def sources_of(database: Database, facts: str, values: Mapping[str, Any]) -> dict[int, tuple[Source, ...]]:
    """The sources of the rows that a statement gives as (k, table, k1, k2, journal), by k: those of live deliveries, in file order."""
    found: dict[int, list[Source]] = defaultdict(list)
    for k, *source in database.execute(_SOURCES.format(facts=facts), dict(values)):
        found[k].append(Source(*source))
    return {k: tuple(sources) for k, sources in found.items()}


def kept_files(database: Database, facts: str, values: Mapping[str, Any]) -> tuple[int, ...]:
    """The numbers of the archive's files that hold any of such rows, in deliveries that were replaced since too."""
    return tuple(number for (number,) in database.execute(_KEPT.format(facts=facts), dict(values)))
