"""Cells to a staging table: every cell read once, every problem named, nothing yet compared with the store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

from commlms.core.identity import IdNumber, read_id_number
from commlms.core.kinds import DamagedCell, Reading, Stored, Unreadable
from commlms.core.problems import Problem
from commlms.core.records import Field, Record
from commlms.core.text import cell_name, column_name, narrow, unguarded
from commlms.ingest.columns import Column, Header, data_rows, is_sum
from commlms.ingest.lookups import Lookups, row_reference
from commlms.ingest.readers import Row, Sheet
from commlms.store.database import Database

#: Rows handed to SQLite at a time.
CHUNK = 10_000
#: Different cells of one column that are remembered with what they mean.
_MEMORY = 50_000
#: Longer texts (in characters) are read anew each time: they seldom come twice.
_REMEMBERED = 200
#: A number without a unit, which takes the unit of its header: 时长(小时).
_BARE = re.compile(r"^-?\d+(\.\d+)?$")

#: What a row's ID number says of birth date and sex; for comparing only, never stored.
ID_BORN, ID_SEX = "id__born", "id__sex"

Progress = Callable[[int], None]


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

    def __init__(self, database: Database, record: Record, records: dict[str, Record]) -> None:
        self.database, self.record, self.records = database, record, records
        self.columns = self._columns()
        database.execute("DROP TABLE IF EXISTS temp.stage")
        defined = ", ".join(f'"{name}" {sql_type}' for name, sql_type in self.columns.items())
        database.execute(
            "CREATE TEMP TABLE stage (line INTEGER PRIMARY KEY, bad INTEGER NOT NULL DEFAULT 0, "
            f"target INTEGER, candidates INTEGER, fresh INTEGER NOT NULL DEFAULT 0, {defined})"
        )

    def _columns(self) -> dict[str, str]:
        """Every column the table needs: the record's own, and what bulk references are found by."""
        found: dict[str, str] = {} if self.record.paired else {"row": "INTEGER"}
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
                for name in {n for finder in target.finders for n in finder}:
                    part = target.field(name)
                    for c, (_, sql_type) in zip(part.columns, part.kind.columns, strict=True):
                        found[f"{f.name}__{c}"] = sql_type
        return found

    def self_reference(self, f: Field) -> bool:
        """Whether a field refers to the record itself (a place's parent): it may stand later in the same file."""
        return f.target == self.record.key

    def mark(self, line: int, bad: int) -> None:
        """Leave a line out of everything that follows: 1 rejected, 2 held."""
        self.database.execute("UPDATE temp.stage SET bad = ? WHERE line = ?", (bad, line))

    def drop(self) -> None:
        """Remove the staging table."""
        self.database.execute("DROP TABLE IF EXISTS temp.stage")


class RowReader:
    """Reads one sheet's rows into a stage."""

    def __init__(self, stage: Stage, header: Header, lookups: Lookups, reading: Reading) -> None:
        self.stage, self.header, self.lookups, self.reading = stage, header, lookups, reading
        self.uid = stage.database.uid
        self.plain = [c for c in header.columns if not self._looked_up(c)]
        self.looked_up = [c for c in header.columns if self._looked_up(c)]
        self.found_by_lookup = {c.index for c in self.looked_up}
        self.names = [n for c in (*self.plain, *self.looked_up) for n in self._stage_names(c)]
        self.referring = [c for c in header.columns if self._row_name(c)]
        self.names += [self._row_name(c) for c in self.referring]
        self.dates = next((c.index for c in self.plain if c.path == ("on",) or (c.path == ("since",) and c.field.virtual)), None)
        self.id_column = next((c for c in self.plain if c.field.kind.name == "id_number" and len(c.path) == 1), None)
        self.names += [ID_BORN, ID_SEX] if self.id_column else []
        self.memory: dict[tuple[int, type, object, int | None], tuple[Stored, ...]] = {}
        self.quoted = False
        self.gaps = set(header.gaps)

    def _looked_up(self, column: Column) -> bool:
        target = self.stage.records.get(column.field.target)
        return target is not None and not target.bulk and not self.stage.self_reference(column.field)

    def _stage_names(self, column: Column) -> tuple[str, ...]:
        if self.stage.self_reference(column.field):
            return (f"{column.field.name}__code",)
        return column.stage

    def _row_name(self, column: Column) -> str:
        """The staging column for a reference such as ``#17.k7f3`` in a code column, if the column can hold one."""
        if (
            column.field.kind.name != "code"
            or column.field.dated
            or column.field.virtual
            or (self.stage.record.paired and len(column.path) == 1)
        ):
            return ""
        return "__".join((*column.path[:-1], "row"))

    def run(self, sheet: Sheet, progress: Progress | None = None) -> Staged:
        """Read every row; good ones are staged, bad ones become problems."""
        done = Staged()
        self.quoted = sheet.quoted
        marks = ", ".join("?" * (len(self.names) + 1))
        insert = f'INSERT INTO temp.stage (line, {", ".join(f"{chr(34)}{n}{chr(34)}" for n in self.names)}) VALUES ({marks})'
        for chunk in self._chunks(sheet, done):
            with self.stage.database.snapshot():  # the stage is this connection's own: nobody need wait while a file is read
                self.stage.database.many(insert, chunk)
            if progress:
                progress(done.read)
        return done

    def _chunks(self, sheet: Sheet, done: Staged) -> Iterator[list[tuple[Any, ...]]]:
        chunk: list[tuple[Any, ...]] = []
        for row in data_rows(sheet, self.header):
            if is_sum(row, self.header):
                done.not_counted += 1
                continue
            done.read += 1
            if self.gaps:
                done.headless += self._filled_gaps(row)
            values = self._row(row, sheet.ragged, done.problems)
            if values is not None:
                chunk.append(values)
            if len(chunk) >= CHUNK:
                yield chunk
                chunk = []
        yield chunk

    def _filled_gaps(self, row: Row) -> list[str]:
        """The columns without a header that this row is the first to fill, by their letters."""
        filled = sorted(i for i in self.gaps if i < len(row.cells) and str(row.cells[i]).strip())
        self.gaps.difference_update(filled)
        return [column_name(i) for i in filled]

    def _row(self, row: Row, ragged: bool, problems: list[Problem]) -> tuple[Any, ...] | None:
        before = len(problems)
        if len(row.cells) > self.header.width or (ragged and len(row.cells) < self.header.width) or self.header.extra:
            self._check_width(row, ragged, problems)
        values: list[Stored] = [row.line]
        day: int | None = None
        for column in self.plain:
            read = self._cell(row, column, None, problems)
            if column.index == self.dates and isinstance(read[0], int):
                day = read[0]
            values += read
        for column in self.looked_up:
            values += self._cell(row, column, day, problems)
        values += [self._row_reference(row, column) for column in self.referring]
        if self.id_column and len(problems) == before:
            values += self._id_says(row, self.id_column, values, problems)
        return tuple(values) if len(problems) == before else None

    def _id_says(self, row: Row, column: Column, values: list[Stored], problems: list[Problem]) -> tuple[Stored, Stored]:
        """Birth date and sex as the ID number has them, which must be what the row says."""
        own = dict(zip(self.names, values[1:], strict=False))
        if own[column.stage[0]] is None:
            return (None, None)
        number = read_id_number(narrow(str(row.cells[column.index])))
        for code, f in contradicted(self.stage.record, own, number):
            problems.append(self._problem(row, column, code, field=f.label))
        return (number.born, number.sex)

    def _check_width(self, row: Row, ragged: bool, problems: list[Problem]) -> None:
        counts: dict[str, object] = {"cells": len(row.cells), "headers": self.header.width - len(self.header.extra)}
        if ragged and any(c.index >= len(row.cells) for c in self.header.columns):
            problems.append(Problem("row_short", "", row.line, cell_name(len(row.cells), row.line), counts))
        beyond = (*self.header.extra, *range(self.header.width, len(row.cells)))
        filled = [i for i in beyond if i < len(row.cells) and str(row.cells[i]).strip()]
        if filled:
            problems.append(Problem("row_long", "", row.line, cell_name(filled[0], row.line), counts))

    def _row_reference(self, row: Row, column: Column) -> int | None:
        cell = row.cells[column.index] if column.index < len(row.cells) else ""
        return row_reference(cell.strip(), self.uid) if isinstance(cell, str) and cell.startswith("#") else None

    def _cell(self, row: Row, column: Column, day: int | None, problems: list[Problem]) -> tuple[Stored, ...]:
        cell = row.cells[column.index] if column.index < len(row.cells) else ""
        if isinstance(cell, str):
            if not cell or cell.isspace():
                return self._blank(row, column, problems)
            if self.quoted:
                cell = unguarded(cell)
        elif isinstance(cell, DamagedCell):
            problems.append(self._problem(row, column, cell.code))
            return (None,) * len(column.stage)
        # 1 and TRUE are equal to Python, not to a reader; lists of a JSON line cannot be remembered.
        key = None if isinstance(cell, (list, dict)) else (column.index, type(cell), cell, day)
        if key is not None and (found := self.memory.get(key)) is not None:
            return found
        try:
            read = self._read(column, cell, day)
        except Unreadable as bad:
            problems.append(self._problem(row, column, bad.code, **bad.values))
            return (None,) * len(column.stage)
        if key is not None and len(self.memory) < _MEMORY and not (isinstance(cell, str) and len(cell) > _REMEMBERED):
            self.memory[key] = read
        return read

    def _read(self, column: Column, cell: object, day: int | None) -> tuple[Stored, ...]:
        f = column.field
        if column.factor != 1 and not isinstance(cell, bool) and _BARE.match(narrow(str(cell))):
            cell = f"{Decimal(narrow(str(cell))) * column.factor:f}分钟"
        read = f.kind.read(f, cell, self.reading)
        if f.kind.name == "code" and isinstance(cell, str) and row_reference(cell.strip(), self.uid) is not None:
            return (None,)
        if column.index in self.found_by_lookup:
            return (self.lookups.find(f.target, str(read[0]), day),)
        return read

    def _blank(self, row: Row, column: Column, problems: list[Problem]) -> tuple[Stored, ...]:
        if column.field.required and len(column.path) == 1:
            problems.append(self._problem(row, column, "required"))
        return (None,) * len(self._stage_names(column))

    def _problem(self, row: Row, column: Column, code: str, **values: object) -> Problem:
        return Problem(
            code, column.field.name, row.line, cell_name(column.index, row.line),
            {"field": column.field.label} | values,
        )
