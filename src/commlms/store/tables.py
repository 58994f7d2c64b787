"""Reading a record's rows back as a person wrote them: list, show, export, history."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import attrs

from commlms.core.days import ALWAYS, NEVER, iso
from commlms.core.errors import UnknownName
from commlms.core.labels import Label
from commlms.core.records import Field, Record, record_of
from commlms.store.database import Database

RecordName = str | type | Record
_ONLY_IMPORTED = {
    "ledger": Label(
        "台账 ledger 只用来导入；导入后的内容在 session（场次）和 headcount（人数）中",
        "a ledger is only imported; what it brought is in session and headcount",
    ),
    "attendance": Label(
        "签到 attendance 只用来导入；导入后的内容在 session、learner、participation 和 unmatched（待认签到）中",
        "attendance is only imported; what it brought is in session, learner, participation and unmatched",
    ),
}
_REFERENCE = re.compile(r"^#(\d+)\.([a-z0-9]{4})$")


@attrs.frozen
class ShownRow:
    """One row as shown: its reference, and the cells by field name."""

    reference: str
    cells: dict[str, str]


def shown_fields(record: Record) -> tuple[Field, ...]:
    """The fields a listing shows: the stored ones, and of dated records since and until."""
    return tuple(f for f in record.fields if not f.virtual or f.name in ("since", "until"))


class Tables:
    """The rows of every record of one database, read as a person wrote them. A record is named by key, class or declaration."""

    def __init__(self, database: Database, records: dict[str, Record]) -> None:
        self.database, self.records = database, records

    def record(self, key: RecordName) -> Record:
        """A record whose rows are kept; raises :class:`UnknownName`."""
        if not isinstance(key, str):
            return key if isinstance(key, Record) else record_of(key)
        if key in _ONLY_IMPORTED:
            raise UnknownName(_ONLY_IMPORTED[key])
        if key not in self.records:
            raise UnknownName(what=Label("登记", "record"), name=key, hint=Label(
                "有：" + "、".join(sorted(self.records)) + "、ledger", "there are: " + ", ".join(sorted(self.records)) + ", ledger"))
        return self.records[key]

    def rows(
        self, record: RecordName, where: str = "", values: tuple[Any, ...] = (), current: bool = False, limit: int | None = None
    ) -> Iterator[ShownRow]:
        """Rows in the order of their keys; of dated records one for each state, or only the latest if ``current``.

        ``where`` is SQL over the table ``t`` with ``values``.
        """
        return self._rows(self.record(record), where, values, current, limit)

    def _rows(self, record: Record, where: str, values: tuple[Any, ...], current: bool, limit: int | None) -> Iterator[ShownRow]:
        columns, joins = self._selected(record)
        order = ", ".join(f't."{c}"' for c in record.row_key) + (", d.since" if record.dated else "")
        tests = [where] if where else []
        if current and record.dated:
            tests.append(f'd.since = (SELECT MAX(m.since) FROM "{record.state_table}" m WHERE m.owner = t.id)')
        sql = (
            f'SELECT {", ".join(columns)} FROM "{record.table}" t {" ".join(joins)} '
            f'{"WHERE " + " AND ".join(tests) if tests else ""} ORDER BY {order}'
        ) + (f" LIMIT {limit:d}" if limit is not None else "")
        uid, fields = self.database.uid, shown_fields(record)
        for row in self.database.execute(sql, values):
            yield self._shown(record, fields, row, uid)

    def _selected(self, record: Record) -> tuple[list[str], list[str]]:
        columns = [f't."{c}"' for c in record.row_key]
        joins = [f'JOIN "{record.state_table}" d ON d.owner = t.id'] if record.dated else []
        for number, f in enumerate(shown_fields(record)):
            alias = "d" if f.dated or f.virtual else "t"
            if f.target:
                target = self.records[f.target]
                columns += [f'{alias}."{f.name}"', self._code_of(target, f'{alias}."{f.name}"', number)]
            else:
                columns += [f'{alias}."{c}"' for c in f.columns]
        return columns, joins

    def _code_of(self, target: Record, owner: str, number: int) -> str:
        """SQL for what a reference is written as: the target's code where it has one."""
        code = next((f for f in target.fields if f.kind.name == "code" and not f.virtual), None)
        if code is None or target.paired:
            return "NULL"
        if code.dated:
            return (
                f'(SELECT x{number}."{code.name}" FROM "{target.state_table}" x{number} WHERE x{number}.owner = {owner} '
                f"ORDER BY x{number}.since DESC LIMIT 1)"
            )
        return f'(SELECT x{number}."{code.name}" FROM "{target.table}" x{number} WHERE x{number}.id = {owner})'

    def _shown(self, record: Record, fields: tuple[Field, ...], row: tuple[Any, ...], uid: str) -> ShownRow:
        at = len(record.row_key)
        cells: dict[str, str] = {}
        for f in fields:
            width = 2 if f.target else len(f.columns)
            part = row[at:at + width]
            at += width
            if f.target:
                cells[f.name] = "" if part[0] is None else str(part[1] or f"#{part[0]}.{uid}")
            elif f.virtual:
                cells[f.name] = "" if part[0] in (ALWAYS, NEVER) else iso(part[0])
            else:
                cells[f.name] = f.show(part)
        reference = "/".join(f"#{k}.{uid}" for k in row[: len(record.row_key)])
        if record.paired:
            reference = "/".join(cells[n] for n in record.identity)
        elif cells.get("code"):
            reference = cells["code"]
        return ShownRow(reference, cells)

    def find(self, record: RecordName, reference: str) -> tuple[int, ...]:
        """The primary key of the row a reference names: a code, ``#17.k7f3``, or two of them with ``/`` for a pair.

        Raises :class:`UnknownName`.
        """
        return self._find(self.record(record), reference)

    def _find(self, record: Record, reference: str) -> tuple[int, ...]:
        if record.paired:
            parts = reference.split("/")
            if len(parts) == 2:
                targets = [self.records[record.field(n).target] for n in record.identity]
                key = tuple(self._find(t, part)[0] for t, part in zip(targets, parts, strict=True))
                tests = " AND ".join(f'"{n}" = ?' for n in record.identity)
                if self.database.one(f'SELECT 1 FROM "{record.table}" WHERE {tests}', key):
                    return key
            raise self._unknown(record, reference)
        match = _REFERENCE.match(reference)
        if match and match[2] == self.database.uid:
            found = self.database.one(f'SELECT id FROM "{record.table}" WHERE id = ?', (int(match[1]),))
        else:
            found = self._by_code(record, reference)
        if found is None:
            raise self._unknown(record, reference)
        return (int(found),)

    def _by_code(self, record: Record, reference: str) -> int | None:
        code = next((f for f in record.fields if f.kind.name == "code" and not f.virtual), None)
        if code is None:
            return None
        if code.dated:
            sql = f'SELECT owner FROM "{record.state_table}" WHERE "{code.name}" = ? ORDER BY since DESC LIMIT 1'
        else:
            sql = f'SELECT id FROM "{record.table}" WHERE "{code.name}" = ?'
        found = self.database.one(sql, (reference,))
        return None if found is None else int(found)

    def _unknown(self, record: Record, reference: str) -> UnknownName:
        # What was typed may be a person's name: it is not repeated where the record holds personal data.
        personal = any(f.tier != "plain" for f in record.fields)
        return UnknownName(
            what=record.label, name=Label("所给的编号", "the given reference") if personal else reference,
            hint=Label(f"commlms list {record.key} 列出各行", f"'commlms list {record.key}' lists the rows"),
        )

    def show(self, record: RecordName, reference: str) -> list[ShownRow]:
        """One row, of a dated record with all its states. Raises :class:`UnknownName`."""
        declared = self.record(record)
        key = self.find(declared, reference)
        where = " AND ".join(f't."{c}" = ?' for c in declared.row_key)
        return list(self.rows(declared, where, key))

    def history(self, record: RecordName, reference: str) -> list[dict[str, Any]]:
        """What a row was before each write that changed or removed it, newest first.

        Mappings with ``journal`` (what an undo asks for), ``at``, ``actor``, ``reason``, ``write``, ``table``, ``action``
        and ``old``, the stored values by column. Raises :class:`UnknownName` for a row that never was, or was erased.
        """
        return self._history(self.record(record), reference)

    def _history(self, record: Record, reference: str) -> list[dict[str, Any]]:
        key = (*self._past(record, reference), 0)[:2]
        tables = [record.table, *([record.state_table] if record.dated else [])]
        found = self.database.execute(
            'SELECT o.journal, j.at, j.actor, j.reason, j.action, o."table", o.action, o.old FROM journal_old o '
            f'JOIN journal j ON j.id = o.journal WHERE o."table" IN ({", ".join("?" * len(tables))}) AND o.k1 = ? '
            'AND (o.k2 = ? OR o."table" <> ?) ORDER BY o.journal DESC',
            (*tables, key[0], key[1], record.table),
        )
        names = ("journal", "at", "actor", "reason", "write", "table", "action")
        return [dict(zip(names, row[:-1], strict=True)) | {"old": json.loads(row[-1])} for row in found]

    def past(self, record: RecordName, reference: str) -> tuple[int, ...]:
        """As :meth:`find`, also of a row that is gone and that only the journal still knows. Raises :class:`UnknownName`."""
        return self._past(self.record(record), reference)

    def _past(self, record: Record, reference: str) -> tuple[int, ...]:
        """The primary key of the row a reference names or, where it is gone, last named."""
        try:
            return self._find(record, reference)
        except UnknownName:
            if key := self._gone(record, reference):
                return key
            raise

    def _gone(self, record: Record, reference: str) -> tuple[int, ...] | None:
        """The same of a row that is only in the journal now."""
        code = next((f for f in record.fields if f.kind.name == "code" and not f.virtual), None)
        parts = reference.split("/")
        if record.paired and len(parts) == 2:
            targets = [self.records[record.field(n).target] for n in record.identity]
            table, test = record.table, "k1 = ? AND k2 = ?"
            values: tuple[int | str, ...] = tuple(self._past(t, part)[0] for t, part in zip(targets, parts, strict=True))
        elif (match := _REFERENCE.match(reference)) and match[2] == self.database.uid:
            table, test, values = record.table, "k1 = ?", (int(match[1]),)
        elif code is not None:
            table = record.state_table if code.dated else record.table
            test, values = f"json_extract(old, '$.{code.name}') = ?", (reference,)
        else:
            return None
        found = self.database.execute(
            f'SELECT k1, k2 FROM journal_old WHERE "table" = ? AND {test} AND action <> \'gone\' ORDER BY journal DESC LIMIT 1',
            (table, *values),
        ).fetchone()
        return None if found is None else found[: len(record.row_key)]
