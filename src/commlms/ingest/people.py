"""A person's rights over their data: everything held about them, and its erasure.

Erasure moves the person's part of every yearly total to ``settled`` and then deletes every row about
them, in tables of absent plugins and in the journal too: the figures of the past stay as reported.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import attrs

from commlms.core.errors import CommLMSError
from commlms.core.labels import Label
from commlms.core.records import Record
from commlms.measure.totals import Totals
from commlms.store.database import Database
from commlms.store.journal import Actor, bury, open_entry
from commlms.store.schema import stored_records
from commlms.store.sources import Source, kept_files, sources_of
from commlms.store.tables import Tables


@attrs.frozen
class People:
    """Export and erasure of single people."""

    database: Database
    tables: Tables
    totals: Totals
    actor: Actor
    reason: str = ""

    def export(self, reference: str) -> dict[str, list[dict[str, str]]]:
        """Everything held about a learner, by record: the cells by field name; and under ``sources`` the cells of files that say it."""
        learner = self._find(reference)
        found: dict[str, list[dict[str, str]]] = {}
        for record in self._records():
            column = self._column(record)
            if column:
                rows = [r.cells for r in self.tables.rows(record, f't."{column}" = ?', (learner,))]
                if rows:
                    found[record.key] = rows
        sources = sources_of(self.database, *self._facts(learner))
        if told := [{"record": r.key, **_told(s)} for k, r in enumerate(self._about()) for s in sources.get(k, ())]:
            found["sources"] = told
        return found

    def kept_files(self, reference: str) -> tuple[int, ...]:
        """The numbers of the archive's files that hold rows about a learner: to be asked before an erasure, which they outlive."""
        return kept_files(self.database, *self._facts(self._find(reference)))

    def _facts(self, learner: int) -> tuple[str, dict[str, int]]:
        """The statement that gives every row about a learner, as :func:`sources_of` asks it, with the place of its record."""
        parts = []
        for k, record in enumerate(self._about()):
            k1, k2 = (*(f'"{c}"' for c in record.row_key), "0")[:2]
            about = f'"{self._column(record)}" = :learner'
            parts.append(f"""SELECT {k}, '{record.table}', {k1}, {k2}, journal FROM "{record.table}" WHERE {about}""")
        return " UNION ALL ".join(parts), {"learner": learner}

    def erase(self, reference: str) -> dict[str, int]:
        """Delete every row about a learner; gives how many rows of each table. This cannot be undone."""
        erased: dict[str, int] = {}
        self.database.execute("PRAGMA secure_delete=ON")
        with self.database.transaction():
            learner = self._find(reference)
            journal = open_entry(self.database, self.actor, self.reason, "erase", "learner")
            with self.totals.settling() as touched:
                touched.learners("SELECT ?", (learner,))
                self.totals.settle()
                self.database.execute(
                    "INSERT INTO erased_visit SELECT session, 1 FROM participation WHERE learner = ? "
                    "ON CONFLICT (session) DO UPDATE SET persons = persons + 1", (learner,),
                )
                for record in self._about():
                    self._delete(record, learner, erased)
                bury(self.database, journal, "learner", learner)
            self.database.execute("UPDATE journal SET changed = ? WHERE id = ?", (sum(erased.values()), journal))
        if self.database.owns:
            self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return erased

    def _find(self, reference: str) -> int:
        return self.tables.find(self.tables.records["learner"], reference)[0]

    def _records(self) -> Iterable[Record]:
        """Every record of the database: another process may have made tables of a plugin that this one does not know."""
        stored = {key: record for key, (_, record) in stored_records(self.database).items()}
        return {**stored, **self.tables.records}.values()

    def _about(self) -> list[Record]:
        """The records with rows about a person, the person last."""
        return sorted((r for r in self._records() if self._column(r)), key=lambda r: r.key == "learner")

    def _column(self, record: Record) -> str:
        """The column of a record that names the person: of learners themselves the id."""
        if record.key == "learner":
            return "id"
        return next((f.name for f in record.fields if f.target == "learner"), "")

    def _delete(self, record: Record, learner: int, erased: dict[str, int]) -> None:
        keys = "SELECT learner" if record.paired else "SELECT id"
        own = f'{keys} FROM "{record.table}" WHERE "{self._column(record)}" = ?'
        states = [record.state_table] if record.dated else []
        for table in (record.table, *states):
            self.database.execute(f'DELETE FROM delivered WHERE "table" = ? AND k1 IN ({own})', (table, learner))
            self.database.execute(f'DELETE FROM journal_old WHERE "table" = ? AND k1 IN ({own})', (table, learner))
            if record.key != "learner":
                column = self._column(record)
                self.database.execute(
                    f"DELETE FROM journal_old WHERE \"table\" = ? AND json_extract(old, '$.{column}') = ?", (table, learner)
                )
        self._mark(record.table, f'"{self._column(record)}" = ?', learner)
        for table in states:
            self._mark(table, f"owner IN ({own})", learner)
        try:
            for table in states:
                self._count(erased, table, self.database.execute(f'DELETE FROM "{table}" WHERE owner IN ({own})', (learner,)))
            deleted = self.database.execute(f'DELETE FROM "{record.table}" WHERE "{self._column(record)}" = ?', (learner,))
        except sqlite3.IntegrityError:
            raise CommLMSError(
                Label(
                    "还有别的登记引用「{key}」中关于此人的行；请先移除那些行",
                    "other records refer to this person's rows of {key}; remove those rows first",
                ),
                key=record.key,
            ) from None
        self._count(erased, record.table, deleted)

    def _mark(self, table: str, where: str, learner: int) -> None:
        """Writes whose rows are erased can no longer be taken back."""
        self.database.execute(
            f'UPDATE journal SET erased = erased + 1 WHERE id IN (SELECT journal FROM "{table}" WHERE {where})', (learner,)
        )

    def _count(self, erased: dict[str, int], table: str, done: sqlite3.Cursor) -> None:
        if done.rowcount:
            erased[table] = erased.get(table, 0) + done.rowcount


def _told(source: Source) -> dict[str, str]:
    return {"file": source.file, "sheet": source.sheet, "cell": source.cell, "archive": source.archive}
