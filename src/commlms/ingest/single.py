"""Single writes: correcting a field, removing a row, taking a write back, a check-in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from commlms.core.errors import CommLMSError, RowsRefused, UndoRefused
from commlms.core.identity import read_id_number
from commlms.core.kinds import Reading, Unreadable
from commlms.core.labels import Label
from commlms.core.problems import Objection, Problem
from commlms.core.records import Field, Record
from commlms.core.text import narrow
from commlms.ingest.lookups import Lookups
from commlms.ingest.staging import contradicted
from commlms.ingest.unmatched import count_unmatched
from commlms.measure.totals import Totals
from commlms.measure.touch import touch
from commlms.measure.touched import Touched
from commlms.store.database import Database
from commlms.store.geography import refuse_bad_places
from commlms.store.journal import (
    Actor,
    count_entry,
    find_entry,
    journalled_tables,
    keep_old,
    key_of_table,
    open_entry,
    refuse_if_erased_rest_on,
    refuse_if_rested_on,
    take_back,
)
from commlms.store.sameness import refuse_bad_sameness, sameness_faults
from commlms.store.schema import stored_records
from commlms.store.tables import Tables

_SETTLED = Label(
    "有人的记录已应本人要求删除，人数仍计在这个地点；不能移除，可填「失效日期」",
    "people whose rows were erased at their request still count at this place; it cannot be removed, but given an end",
)
_IN_USE = Label("还有其他记录引用它；请先移除那些记录", "other rows still refer to it; remove those first")
_KEPT = Label(
    "写入 {id} 是存档文件的；到期由 commlms archive purge 删除，期限用 commlms archive retention 更改",
    "write {id} is about kept files; 'commlms archive purge' deletes them in their time, 'commlms archive retention' changes it",
)
#: Writes whose effect lies outside the database, where nothing can be taken back.
_OUTSIDE = {
    "publish": Label(
        "写入 {id} 是一次发布，已在库外；请更正数据后重新发布",
        "write {id} is a publication and lies outside the database; correct the data and publish again",
    ),
    "archive": _KEPT, "purge": _KEPT, "retention": _KEPT,
}


@attrs.frozen
class Writer:
    """Writes single rows of one database as one actor."""

    database: Database
    tables: Tables
    totals: Totals
    reading: Reading
    actor: Actor
    reason: str = ""
    checks: Callable[[Record, Iterable[Mapping[str, Any]]], Iterable[Objection]] = lambda record, rows: ()

    def set(self, record: Record, reference: str, changes: dict[str, Any], since: int | None = None) -> int:
        """Correct fields of a row; of dated fields the state that begins on ``since`` (the latest if None).

        Gives the journal entry. Raises :class:`RowsRefused` for a value that cannot be.
        """
        with self.database.transaction():
            # Found and checked under the lock: what was checked is what is written.
            key = self.tables.find(record, reference)
            values = {f.name: self._read(record, f, value) for name, value in changes.items() if (f := record.field(name))}
            self._check(record, key, values, changes)
            journal = open_entry(self.database, self.actor, self.reason, "set", record.key)
            with self.totals.changing() as touched:
                self._touch(touched, record, key)
                for f in (record.field(n) for n in values):
                    if f.target in ("learner", "session") and values[f.name][0] is not None:
                        (touched.learners if f.target == "learner" else touched.sessions)("SELECT ?", values[f.name])
                touched.take_off()
                unmatched = self._unmatched_at(record, key)
                self._update(record, key, values, since, journal)
                count_unmatched(self.database, journal, unmatched | self._unmatched_at(record, key))
            if record.key == "place":
                refuse_bad_places(self.database)
            if record.key in ("same_learner", "same_session"):
                refuse_bad_sameness(self.database)
            count_entry(self.database, journal, changed=1)
        return journal

    def _check(self, record: Record, key: tuple[int, ...], values: dict[str, tuple[Any, ...]], changes: dict[str, Any]) -> None:
        """Ask of the row as it would be what an import asks, and the plugins; raises :class:`RowsRefused` with what is against it."""
        where = " AND ".join(f'"{k}" = ?' for k in record.row_key)
        cursor = self.database.execute(f'SELECT * FROM "{record.table}" WHERE {where}', key)
        row = dict(zip((d[0] for d in cursor.description), cursor.fetchone(), strict=True))
        for name, read in values.items():
            row |= zip(record.field(name).columns, read, strict=True)
        problems = (
            *self._contradictions(record, key, row, values, changes), *(o.problem() for o in self.checks(record, [{**row, "line": 0}])),
        )
        if problems:
            raise RowsRefused(problems, problems[0].label())

    def _contradictions(
        self, record: Record, key: tuple[int, ...], row: dict[str, Any], values: dict[str, tuple[Any, ...]], changes: dict[str, Any]
    ) -> Iterator[Problem]:
        since, until = row.get("since"), row.get("until")
        if since is not None and until is not None and until < since:
            yield Problem("ends_before_start", "until", 0, "", {"field": record.field("until").label})
        for name, read in values.items():
            field = record.field(name)
            if field.target == record.key and not field.dated and self._below(record, field, key[0], read[0]):
                yield Problem("cycle", name, 0, "", {"field": field.label})
            if field.kind.name == "id_number" and read[0] is not None:
                number = read_id_number(narrow(str(changes[name])))
                for _, f in contradicted(record, row, number):
                    yield Problem("id_stored", name, 0, "", {"field": f.label})

    def _below(self, record: Record, field: Field, row: int, above: int | None) -> bool:
        """Whether climbing from ``above`` leads to ``row``."""
        return bool(self.database.one(
            f'WITH RECURSIVE up(id) AS (SELECT ? UNION SELECT t."{field.name}" FROM "{record.table}" t JOIN up ON t.id = up.id) '
            "SELECT EXISTS (SELECT 1 FROM up WHERE id = ?)", (above, row),
        ))

    def _read(self, record: Record, f: Field, value: Any) -> tuple[Any, ...]:
        if f.virtual or (f.name in record.identity and record.paired):
            raise self._refuse(
                f,
                "objection",
                zh="这个字段不能更正；请移除后重新添加",
                en="this field cannot be corrected; remove the row and add it again",
            )
        if value in ("", None):
            if f.required:
                raise self._refuse(f, "required")
            return (None,) * len(f.columns)
        try:
            read = f.kind.read(f, value, self.reading)
            if f.target:
                target = self.tables.records[f.target]
                if target.bulk:
                    return self.tables.find(target, str(read[0]))
                lookups = Lookups(self.database, self.tables.records, None, self.reading.today, self.totals.geography())
                return (lookups.find(f.target, str(read[0]), None),)
        except Unreadable as bad:
            raise self._refuse(f, bad.code, **bad.values) from None
        return read

    def _refuse(self, f: Field, code: str, **values: Any) -> RowsRefused:
        problem = Problem(code, f.name, 0, "", {"field": f.label, **values})
        return RowsRefused((problem,), problem.label())

    def _touch(self, touched: Touched, record: Record, key: tuple[int, ...]) -> None:
        k1, k2 = (*key, 0)[:2]
        touch(touched, record, f"(SELECT {k1:d} AS k1, {k2:d} AS k2)")

    def _update(
        self, record: Record, key: tuple[int, ...], values: dict[str, tuple[Any, ...]], since: int | None, journal: int
    ) -> None:
        plain = {c: v for n, read in values.items() if not (f := record.field(n)).dated
                 for c, v in zip(f.columns, self._blanked(record, f, read), strict=True)}
        dated = {c: v for n, read in values.items() if (f := record.field(n)).dated
                 for c, v in zip(f.columns, read, strict=True)}
        if plain:
            self._write(record.table, record.row_key, key, plain, journal)
        if dated:
            begins = since if since is not None else self.database.one(
                f'SELECT MAX(since) FROM "{record.state_table}" WHERE owner = ?', key)
            self._write(record.state_table, ("owner", "since"), (key[0], begins), dated, journal)

    def _blanked(self, record: Record, f: Field, read: tuple[Any, ...]) -> tuple[Any, ...]:
        if f.name in record.identity and len(record.identity) > 1 and not f.required:
            return tuple(("" if t == "TEXT" else 0) if v is None else v for v, (_, t) in zip(read, f.kind.columns, strict=True))
        return read

    def _write(self, table: str, key: tuple[str, ...], at: tuple[int, ...], values: dict[str, Any], journal: int) -> None:
        keep_old(self.database, journal, table, key, "change", "SELECT " + ", ".join(f"{v:d}" for v in at))
        sets = ", ".join(f'"{c}" = ?' for c in values)
        where = " AND ".join(f'"{k}" = ?' for k in key)
        try:
            done = self.database.execute(
                f'UPDATE "{table}" SET {sets}, journal = ? WHERE {where}', (*values.values(), journal, *at)
            )
        except sqlite3.IntegrityError:
            raise CommLMSError(
                Label("这个值已属于另一行；请先更正那一行", "this value already belongs to another row; correct that one first")
            ) from None
        if not done.rowcount:
            raise CommLMSError(
                Label(
                    "没有从这一天开始的状态；commlms show 列出各状态",
                    "there is no state that begins on that day; 'commlms show' lists the states",
                )
            )

    def remove(self, record: Record, reference: str) -> int:
        """Remove a row and its states; gives the journal entry. Refused while others refer to it."""
        with self.database.transaction():
            key = self.tables.find(record, reference)
            journal = open_entry(self.database, self.actor, self.reason, "remove", record.key)
            with self.totals.changing() as touched:
                self._touch(touched, record, key)
                touched.take_off()
                unmatched = self._unmatched_at(record, key)
                self._delete(record, key, journal)
                count_unmatched(self.database, journal, unmatched)
            if record.key == "place":
                if self.database.one("SELECT EXISTS (SELECT 1 FROM settled WHERE place = ?)", key):
                    raise CommLMSError(_SETTLED)
                refuse_bad_places(self.database)
            count_entry(self.database, journal, changed=1)
        return journal

    def _unmatched_at(self, record: Record, key: tuple[int, ...]) -> frozenset[int]:
        """The session at which a row is one of the unmatched, who are counted there."""
        if record.key != "unmatched":
            return frozenset()
        return frozenset(r[0] for r in self.database.execute("SELECT session FROM unmatched WHERE id = ?", key))

    def _delete(self, record: Record, key: tuple[int, ...], journal: int) -> None:
        numbers = ", ".join(f"{v:d}" for v in key)
        where = " AND ".join(f'"{k}" = ?' for k in record.row_key)
        try:
            if record.dated:
                keep_old(
                    self.database, journal, record.state_table, ("owner", "since"), "remove",
                    f'SELECT owner, since FROM "{record.state_table}" WHERE owner = {key[0]:d}',
                )
                self.database.execute(f'DELETE FROM "{record.state_table}" WHERE owner = ?', key)
            keep_old(self.database, journal, record.table, record.row_key, "remove", f"SELECT {numbers}")
            self.database.execute(f'DELETE FROM "{record.table}" WHERE {where}', key)
        except sqlite3.IntegrityError:
            raise CommLMSError(_IN_USE) from None

    def undo(self, journal: int) -> int:
        """Take a write back: the exact former rows, totals included. Refused where later writes rest on it."""
        with self.database.transaction():
            entry = find_entry(self.database, journal)
            if entry.state == "undone" or entry.action in ("undo", "recount"):
                raise UndoRefused(
                    Label(
                        "写入 {id} 已经撤销过；commlms imports --all 列出还能撤销的",
                        "write {id} has been undone already; 'commlms imports --all' lists the others",
                    ),
                    id=journal,
                )
            if entry.erased or entry.action == "erase":
                raise UndoRefused(
                    Label(
                        "写入 {id} 中有人的记录已应本人要求删除，不能再撤销",
                        "rows of write {id} were erased at a person's request; it can no longer be undone",
                    ),
                    id=journal,
                )
            if entry.action in _OUTSIDE:
                raise UndoRefused(_OUTSIDE[entry.action], id=journal)
            refuse_if_rested_on(self.database, journal)
            with self.totals.changing() as touched:
                self._touch_written(touched, journal)
                touched.take_off()
                try:
                    take_back(self.database, journal)
                except sqlite3.IntegrityError:
                    raise UndoRefused(
                        Label("写入 {id} 之后的记录引用了它的行；请先撤销后来的写入",
                              "rows of later writes refer to rows of write {id}; undo the later ones first"), id=journal,
                    ) from None
            refuse_if_erased_rest_on(self.database, journal)
            if (fault := next(sameness_faults(self.database), None)) is not None:
                raise UndoRefused(
                    Label("写入 {id} 不能撤销：那样{fault}", "write {id} cannot be undone: then {fault}"), id=journal, fault=fault,
                )
            if entry.record == "place":
                refuse_bad_places(self.database)
            self.database.execute("UPDATE journal SET state = 'undone' WHERE id = ?", (journal,))
            return open_entry(self.database, self.actor, self.reason or f"undo {journal}", "undo", entry.record)

    def _touch_written(self, touched: Touched, journal: int) -> None:
        """Everything reached by the rows a write made, changed or removed."""
        # Another process may have made tables of a plugin that this one does not know.
        records = [r for _, r in stored_records(self.database).values()]
        by_table = {r.table: r for r in records}
        by_state = {r.state_table: r for r in records if r.dated}
        for table in journalled_tables(self.database):
            record = by_table.get(table) or by_state.get(table)
            if record is None:
                continue
            key = key_of_table(self.database, table)
            names = f'"{key[0]}" AS k1, ' + (f'"{key[1]}" AS k2' if len(key) > 1 else "0 AS k2")
            rows = f'(SELECT {names} FROM "{table}" WHERE journal = {journal:d})'
            olds = f"(SELECT k1, k2 FROM journal_old WHERE journal = {journal:d} AND \"table\" = '{table}')"
            if not self.database.one(f"SELECT EXISTS {rows} OR EXISTS {olds}"):
                continue
            touch(touched, record, rows)
            touch(touched, record, olds)
            for f in record.plain if table == record.table else ():
                if f.target in ("learner", "session"):
                    (touched.learners if f.target == "learner" else touched.sessions)(
                        f"SELECT json_extract(old, '$.{f.name}') FROM journal_old WHERE journal = {journal:d} AND \"table\" = '{table}'"
                    )

    def check_in(self, learner: str, session: str, minutes: int | None = None) -> int:
        """One learner at one session, committed; the next read shows it. Gives the journal entry, 0 if it stood already."""
        participation = self.tables.record("participation")
        (lasted,) = self._read(participation, participation.field("minutes"), minutes)
        with self.database.transaction():
            # Found under the lock: another process cannot remove either of them in between.
            (who,), (what,) = self.tables.find("learner", learner), self.tables.find("session", session)
            if self.database.one("SELECT 1 FROM participation WHERE learner = ? AND session = ?", (who, what)):
                return 0
            journal = open_entry(self.database, self.actor, self.reason, "check_in", "participation")
            self.database.execute(
                "INSERT INTO participation (learner, session, minutes, journal) VALUES (?, ?, ?, ?)", (who, what, lasted, journal)
            )
            self.database.execute("INSERT OR IGNORE INTO pending VALUES (?, ?)", (who, what))
        return journal
