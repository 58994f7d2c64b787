"""A person's rights over their data: everything held about them, and its erasure.

Erasure moves the person's part of every yearly total to ``settled`` and then deletes every row about
them, in tables of absent plugins and in the journal too: the figures of the past stay as reported.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import attrs

from commlms.core.errors import CommLMSError
from commlms.core.labels import Label
from commlms.core.records import Record
from commlms.ingest.unmatched import OPEN
from commlms.measure.compile import filtered
from commlms.measure.totals import Totals
from commlms.store.database import Database
from commlms.store.journal import Actor, bury, count_entry, open_entry
from commlms.store.schema import stored_records
from commlms.store.search import forget_learners
from commlms.store.sources import Source, kept_files, sources_of
from commlms.store.tables import Tables

#: What stands for the name of a visit whose name was erased.
_NAMELESS = "×"
#: What the people of a name are called now, or were before.
_CALLED = """
SELECT name FROM learner WHERE id IN ({0})
UNION SELECT json_extract(old, '$.name') FROM journal_old WHERE "table" = 'learner' AND k1 IN ({0}) AND action <> 'gone'
"""


@attrs.frozen
class People:
    """Export and erasure of single people."""

    database: Database
    tables: Tables
    totals: Totals
    actor: Actor
    reason: str = ""

    def export(self, reference: str) -> dict[str, list[dict[str, str]]]:
        """Everything held about a learner, and all who were found to be the same person, by record: the cells by field name.

        ``sources`` has the cells of files that say any of it.
        """
        person = self._find(reference)
        found: dict[str, list[dict[str, str]]] = {}
        for record in self._records():
            if columns := self._columns(record):
                rows = [r.cells for r in self.tables.rows(record, _about(columns, person, "t."))]
                if rows:
                    found[record.key] = rows
        sources = sources_of(self.database, self._facts(person), {})
        if told := [{"record": r.key, **_told(s)} for k, r in enumerate(self._about_people()) for s in sources.get(k, ())]:
            found["sources"] = told
        return found

    def kept_files(self, reference: str, register: str | None = None) -> tuple[int, ...]:
        """The numbers of the archive's files that hold rows about a learner, or that row of a register: to be asked before an
        erasure, which they outlive.
        """
        if register is None:
            return kept_files(self.database, self._facts(self._find(reference)), {})
        (number,) = self.tables.past(register, reference)
        return kept_files(self.database, f"SELECT 0, '{self.tables.record(register).table}', {number:d}, 0, 0", {})

    def _facts(self, person: Sequence[int]) -> str:
        """The statement that gives every row about a person, as :func:`sources_of` asks it, with the place of its record."""
        parts = []
        for k, record in enumerate(self._about_people()):
            k1, k2 = (*(f'"{c}"' for c in record.row_key), "0")[:2]
            about = _about(self._columns(record), person)
            parts.append(f"""SELECT {k}, '{record.table}', {k1}, {k2}, journal FROM "{record.table}" WHERE {about}""")
        return " UNION ALL ".join(parts)

    def erase(self, reference: str) -> dict[str, int]:
        """Delete every row about a learner, and all who were found to be the same person; gives how many rows of each table.

        This cannot be undone.
        """
        erased: dict[str, int] = {}
        self.database.execute("PRAGMA secure_delete=ON")
        with self.database.transaction():
            person = self._find(reference)
            journal = open_entry(self.database, self.actor, self.reason, "erase", "learner")
            self._forget_visits(f"json_extract(old, '$.name') IN ({_CALLED.format(_listed(person))})")
            with self.totals.settling() as touched:
                touched.learners(f"SELECT id FROM learner WHERE id IN ({_listed(person)})")
                self.totals.settle()
                visits, tests = self.totals.sameness.visits(f"p.learner IN ({_listed(person)})")
                self.database.execute(
                    f"INSERT INTO erased_visit SELECT p.session, 1 FROM {visits} {filtered(*tests) or 'WHERE 1 '}"
                    "ON CONFLICT (session) DO UPDATE SET persons = persons + 1"
                )
                for record in self._about_people():
                    self._delete(record, person, erased)
                forget_learners(self.database, person)
                self._forget_gone(person)
                for row in person:
                    bury(self.database, journal, "learner", row)
            self.database.execute("UPDATE journal SET changed = ? WHERE id = ?", (sum(erased.values()), journal))
        self._settle_file()
        return erased

    def namesakes(self, reference: str) -> int:
        """How many visits of nobody known bear a name of a learner. Whose they are a name alone does not say; no erasure takes them."""
        return int(self.database.one(
            f"SELECT COUNT(*) FROM unmatched WHERE {OPEN} AND name IN ({_CALLED.format(_listed(self._find(reference)))})"
        ))

    def erase_visit(self, reference: str) -> None:
        """Take name, birth date, sex and home off a row of ``unmatched``, and off what the journal keeps of it.

        The visit stays counted as one without a name. This cannot be undone. Raises :class:`CommLMSError` for a row that
        was decided to be a learner: it is erased with the learner.
        """
        self.database.execute("PRAGMA secure_delete=ON")
        with self.database.transaction():
            (number,) = self.tables.find("unmatched", reference)
            if self.database.one("SELECT state = 'decided' FROM unmatched WHERE id = ?", (number,)):
                raise CommLMSError(Label(
                    "这一行已认定为某位学员；请删除那位学员的信息", "this row was decided to be a learner; erase that learner",
                ))
            journal = open_entry(self.database, self.actor, self.reason, "erase", "unmatched")
            count_entry(self.database, journal, changed=1)
            self._forget_visits(f"k1 = {number:d}")
            self._mark("unmatched", f"id = {number:d}")
            self.database.execute(
                "UPDATE unmatched SET name = ?1, turn = (SELECT COALESCE(MAX(u.turn), 0) + 1 FROM unmatched u "
                "WHERE u.session = unmatched.session AND u.name = ?1), born_first = NULL, born_last = NULL, sex = NULL, home = NULL, "
                "state = 'unnamed', source = NULL, source_key = NULL, journal = ?2 WHERE id = ?3", (_NAMELESS, journal, number),
            )
        self._settle_file()

    def erase_names(self, register: str, reference: str) -> None:
        """Take what is personal off one row of a register that names people who are no learners (who holds a post, a title), and
        off what the journal keeps of it.

        The row stays and counts as before. A row that was removed is still the journal's. This cannot be undone.
        """
        record = self.tables.record(register)
        fields = [f for f in record.plain if f.tier != "plain"]
        if not fields or self._columns(record):
            raise CommLMSError(Label(
                "「{record}」没有不属于学员的个人信息；学员用 person erase 学员编号",
                "{record} holds nothing personal that is no learner's; a learner is erased by code",
            ), record=record.label)
        self.database.execute("PRAGMA secure_delete=ON")
        with self.database.transaction():
            (number,) = self.tables.past(register, reference)
            journal = open_entry(self.database, self.actor, self.reason, "erase", record.key)
            count_entry(self.database, journal, changed=1)
            rows = f"\"table\" = '{record.table}' AND action <> 'gone' AND k1 = {number:d}"
            self.database.execute(f"UPDATE journal SET erased = erased + 1 WHERE id IN (SELECT journal FROM journal_old WHERE {rows})")
            self._mark(record.table, f"id = {number:d}")
            # What tells the row from others, and is counted as another, stays something of its own.
            values = {c: f"{_NAMELESS}{number}" if f.name in record.identity else None for f in fields for c in f.columns}
            said = ", ".join(f"'$.{c}', ?" for c in values)
            self.database.execute(f"UPDATE journal_old SET old = json_set(old, {said}) WHERE {rows}", (*values.values(),))
            sets = ", ".join(f'"{c}" = ?' for c in values)
            self.database.execute(f'UPDATE "{record.table}" SET {sets}, journal = ? WHERE id = ?', (*values.values(), journal, number))
        self._settle_file()

    def _forget_visits(self, which: str) -> None:
        """Forget what rows of ``unmatched`` were, of those that ``which`` is true of; the writes are not taken back any more."""
        rows = f"\"table\" = 'unmatched' AND action <> 'gone' AND {which}"
        writes = f"SELECT journal FROM journal_old WHERE {rows} UNION SELECT json_extract(old, '$.journal') FROM journal_old WHERE {rows}"
        self.database.execute(f"UPDATE journal SET erased = erased + 1 WHERE id IN ({writes})")
        # Their numbers stay known, so that no other row gets them.
        self.database.execute(f"UPDATE journal_old SET action = 'gone', old = '{{}}' WHERE {rows}")

    def _forget_gone(self, person: Sequence[int]) -> None:
        """Forget what the journal keeps of learners that were removed before: no row is left by which :meth:`_delete` finds it."""
        tables = ", ".join(f"'{t}'" for t in ("learner", self.tables.records["learner"].state_table))
        rows = f'"table" IN ({tables}) AND action <> \'gone\' AND k1 IN ({_listed(person)})'
        self.database.execute(f"UPDATE journal SET erased = erased + 1 WHERE id IN (SELECT journal FROM journal_old WHERE {rows})")
        self.database.execute(f"DELETE FROM journal_old WHERE {rows}")

    def _settle_file(self) -> None:
        """Let no older page of the file hold what was erased."""
        if self.database.owns:
            self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _find(self, reference: str) -> tuple[int, ...]:
        """The numbers of all learners that are the person a reference names.

        A learner that was removed is still the journal's, and so can be named too.
        """
        found = self.tables.past("learner", reference)[0]
        rows = self.database.execute(
            "SELECT ? UNION SELECT b.learner FROM same_learner b WHERE b.verdict = 'same' AND b.main IN (SELECT ? UNION "
            "SELECT main FROM same_learner WHERE learner = ? AND verdict = 'same') "
            "UNION SELECT main FROM same_learner WHERE learner = ? AND verdict = 'same'", (found,) * 4,
        )
        return tuple(row for (row,) in rows)

    def _records(self) -> Iterable[Record]:
        """Every record of the database: another process may have made tables of a plugin that this one does not know."""
        stored = {key: record for key, (_, record) in stored_records(self.database).items()}
        return {**stored, **self.tables.records}.values()

    def _about_people(self) -> list[Record]:
        """The records with rows about a person, the person last."""
        return sorted((r for r in self._records() if self._columns(r)), key=lambda r: r.key == "learner")

    def _columns(self, record: Record) -> list[str]:
        """The columns of a record that name the person: of learners themselves the id."""
        return ["id"] if record.key == "learner" else [f.name for f in record.fields if f.target == "learner"]

    def _delete(self, record: Record, person: Sequence[int], erased: dict[str, int]) -> None:
        columns = self._columns(record)
        about = _about(columns, person)
        own = f'SELECT {"learner" if record.paired else "id"} FROM "{record.table}" WHERE {about}'
        states = [record.state_table] if record.dated else []
        for table in (record.table, *states):
            self.database.execute(f'DELETE FROM delivered WHERE "table" = ? AND k1 IN ({own})', (table,))
            self.database.execute(f'DELETE FROM journal_old WHERE "table" = ? AND k1 IN ({own})', (table,))
            if record.key != "learner":
                said = " OR ".join(f"json_extract(old, '$.{column}') IN ({_listed(person)})" for column in columns)
                self.database.execute(f'DELETE FROM journal_old WHERE "table" = ? AND ({said})', (table,))
        if record.key == "unmatched":  # what the list said of them before it was decided who that is
            self.database.execute(
                f'DELETE FROM journal_old WHERE "table" = ? AND journal IN (SELECT journal FROM "{record.table}" WHERE {about})',
                (record.table,),
            )
        self._mark(record.table, about)
        for table in states:
            self._mark(table, f"owner IN ({own})")
        try:
            for table in states:
                self._count(erased, table, self.database.execute(f'DELETE FROM "{table}" WHERE owner IN ({own})'))
            deleted = self.database.execute(f'DELETE FROM "{record.table}" WHERE {about}')
        except sqlite3.IntegrityError:
            raise CommLMSError(
                Label(
                    "还有别的登记引用「{key}」中关于此人的行；请先移除那些行",
                    "other records refer to this person's rows of {key}; remove those rows first",
                ),
                key=record.key,
            ) from None
        self._count(erased, record.table, deleted)

    def _mark(self, table: str, where: str) -> None:
        """Writes whose rows are erased can no longer be taken back."""
        self.database.execute(
            f'UPDATE journal SET erased = erased + 1 WHERE id IN (SELECT journal FROM "{table}" WHERE {where})'
        )

    def _count(self, erased: dict[str, int], table: str, done: sqlite3.Cursor) -> None:
        if done.rowcount:
            erased[table] = erased.get(table, 0) + done.rowcount


def _listed(person: Sequence[int]) -> str:
    return ", ".join(map(str, person))


def _about(columns: Iterable[str], person: Sequence[int], row: str = "") -> str:
    """The condition that a row names the person in one of its columns."""
    return "(" + " OR ".join(f'{row}"{column}" IN ({_listed(person)})' for column in columns) + ")"


def _told(source: Source) -> dict[str, str]:
    return {"file": source.file, "sheet": source.sheet, "cell": source.cell, "archive": source.archive}
