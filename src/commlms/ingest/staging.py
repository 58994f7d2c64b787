"""The staging table of an import: every cell read, nothing yet compared with the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from commlms.core.identity import IdNumber
from commlms.core.kinds import Stored
from commlms.core.problems import Problem
from commlms.core.records import Field, Record
from commlms.ingest.columns import Header
from commlms.store.database import Database

#: What a row's ID number says of birth date and sex; for comparing only, never stored.
ID_BORN, ID_SEX = "id__born", "id__sex"

#: How much of the staging table is kept in memory, in KiB; SQLite alone would keep 2,000.
_CACHE = 32_000

#: Ends the name of a code that is not the row's own: ``learner_code``.
_OTHERS_CODE = "_code"


def row_name(f: Field) -> str:
    """The staging column for a reference such as ``#17.k7f3`` that stands in the place of a code."""
    return f"{f.name.removesuffix(_OTHERS_CODE)}_row" if f.name.endswith(_OTHERS_CODE) else "row"


def contradicted(record: Record, values: Mapping[str, Stored], number: IdNumber) -> Iterator[tuple[str, Field]]:
    """The fields of a row, given by column, that say otherwise than its ID number: the problem's code, and the field."""
    for f in record.fields:
        first, last = values.get(f.columns[0]), values.get(f.columns[-1])
        if first is None:
            continue
        if f.kind.name == "birth" and not int(first) <= number.born <= int(last or 0):
            yield "id_birth", f
        elif f.name == "sex" and first != number.sex:
            yield "id_sex", f


@attrs.define
class Staged:
    """What reading a sheet gave: counts, the problems by line, the letters of filled columns without a header."""

    read: int = 0
    not_counted: int = 0
    headless: list[str] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)


class Stage:
    """The staging table ``temp.stage`` of one import."""

    def __init__(self, database: Database, record: Record, records: dict[str, Record], header: Header) -> None:
        self.database, self.record, self.records = database, record, records
        #: The columns that the file's header fills; all others are empty.
        self.given = {name for c in header.columns for name in (*c.stage, c.path[0])}
        self.columns = self._columns()
        #: The store as the checks see it.
        self.checked_at = database.version
        database.execute("DROP TABLE IF EXISTS temp.stage")
        database.execute(f"PRAGMA temp.cache_size=-{_CACHE}")
        defined = ", ".join(f'"{name}" {sql_type}' for name, sql_type in self.columns.items())
        database.execute(
            "CREATE TEMP TABLE stage (line INTEGER PRIMARY KEY, bad INTEGER NOT NULL DEFAULT 0, "
            f"target INTEGER, candidates INTEGER, fresh INTEGER NOT NULL DEFAULT 0, {defined})"
        )

    def _columns(self) -> dict[str, str]:
        """Every column the table needs: the record's own, and what bulk references are found by."""
        found: dict[str, str] = {} if self.record.paired else {"row": "INTEGER"}
        found |= {row_name(f): "INTEGER" for f in self.record.fields if f.kind.name == "code" and f.name.endswith(_OTHERS_CODE)}
        if any(f.kind.name == "id_number" for f in self.record.fields):
            found |= {ID_BORN: "INTEGER", ID_SEX: "TEXT"}
        for f in self.record.fields:
            text = self.self_reference(f)
            for name, (_, sql_type) in zip(f.columns, f.kind.columns, strict=True):
                found[name] = sql_type
            if text:
                found[f"{f.name}__code"] = "TEXT"
            target = self.records.get(f.target)
            if target is not None and target.bulk:
                found[f"{f.name}__row"] = "INTEGER"
                found[f"{f.name}__candidates"] = "INTEGER"
                for part in map(target.field, {n for finder in target.finders for n in finder}):
                    for c, (_, sql_type) in zip(part.columns, part.kind.columns, strict=True):
                        if (name := f"{f.name}__{c}") in self.given:
                            found[name] = sql_type
        return found

    def self_reference(self, f: Field) -> bool:
        """Whether a field refers to the record itself (a place's parent): it may stand later in the same file."""
        return f.target == self.record.key

    @property
    def moves(self) -> bool:
        """Whether a good row says from when on it holds: then one file may say two things of one person."""
        return bool(self.record.dated) and bool(
            self.database.one("SELECT EXISTS (SELECT 1 FROM temp.stage WHERE bad = 0 AND since IS NOT NULL)")
        )

    def order_pairs(self) -> None:
        """Bring pairs into the order of their table, once; what is read of them later is read from this index alone."""
        columns = dict.fromkeys((*self.record.identity, "bad", *(c for f in self.record.plain for c in f.columns if c in self.given)))
        listed = ", ".join(f'"{c}"' for c in columns)
        self.database.execute(f"CREATE INDEX IF NOT EXISTS temp.stage_pair ON stage ({listed})")

    def mark(self, line: int, bad: int) -> None:
        """Leave a line out of everything that follows: 1 rejected, 2 held."""
        self.database.execute("UPDATE temp.stage SET bad = ? WHERE line = ?", (bad, line))

    def drop(self) -> None:
        """Remove the staging table."""
        self.database.execute("DROP TABLE IF EXISTS temp.stage")


@attrs.frozen
class Rows:
    """The good staged rows of one import, mappings with ``line`` and the stored values."""

    database: Database

    def __iter__(self) -> Iterator[dict[str, Stored]]:
        cursor = self.database.execute("SELECT * FROM temp.stage WHERE bad = 0 ORDER BY line")
        names = [d[0] for d in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)
