"""A sheet's rows to a stage: columns at a time, and by itself every row that has a problem or a reference to a row."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from itertools import chain
from operator import itemgetter
from typing import Any

import attrs

from commlms.core.days import period_of
from commlms.core.identity import read_id_number
from commlms.core.kinds import Reading, Stored, Unreadable
from commlms.core.problems import Problem
from commlms.core.text import cell_name, column_name, narrow
from commlms.ingest.cells import Cells, IdCells, LastDay, Values, cells_of, key_of
from commlms.ingest.columns import Column, Header, sums
from commlms.ingest.lookups import Lookups, row_reference
from commlms.ingest.progress import READING, Progress, phase
from commlms.ingest.readers import Block, Row, Sheet
from commlms.ingest.staging import ID_BORN, ID_SEX, Stage, Staged, contradicted, row_name


class RowReader:
    """Reads one sheet's rows into a stage."""

    def __init__(self, stage: Stage, header: Header, lookups: Lookups, reading: Reading, sheet: Sheet) -> None:
        self.stage, self.header, self.sheet = stage, header, sheet
        self.uid = stage.database.uid
        made = [cells_of(stage, header, c, lookups, reading, sheet.quoted) for c in header.columns]
        # What a place or institution is called depends on the row's day, which is read first.
        self.columns = sorted(made, key=lambda c: c.dated)
        self.day = next((c for c in made if c.column.path == ("on",) or (c.column.path == ("since",) and c.field.virtual)), None)
        if self.day is None:  # of a place that is no more, what was in its time: a fund of its last year, work that ended with it
            self.day = next((c for c in made if c.field.kind.name == "period" or c.column.path == ("since",)), None)
            for cells in made:
                cells.lenient = True
        self.names = ["line", *(n for c in self.columns for n in c.names)]
        self.referring = [c for c in made if self._row_name(c.column)]
        self.id_cells = next((c for c in made if isinstance(c, IdCells)), None)
        self.gaps = set(header.gaps)
        self.ends = [(c.index, c.last_at) for c in header.columns if c.last_at not in (-1, c.index)]

    def _row_name(self, column: Column) -> str:
        """The staging column for a reference such as ``#17.k7f3`` in a code column, if the column can hold one."""
        if (
            column.field.kind.name != "code"
            or column.field.dated
            or column.field.virtual
            or (self.stage.record.paired and len(column.path) == 1)
        ):
            return ""
        return "__".join((*column.path[:-1], row_name(column.field)))

    def run(self, progress: Progress | None = None) -> Staged:
        """Read every row below the header; good ones are staged, bad ones become problems."""
        done, tell = Staged(), phase(progress, READING, self.sheet.height)
        for block in self.sheet.blocks():
            if block.lines and block.lines[0] <= self.header.line:
                block = block.without(range(bisect_right(block.lines, self.header.line)))
            found = block.without(sums(block.table, self.header))
            done.not_counted += len(block.lines) - len(found.lines)
            done.read += len(found.lines)
            if self.gaps:
                done.headless += chain.from_iterable(map(self._filled_gaps, found.table))
            with self.stage.database.snapshot():  # the stage is this connection's own: nobody need wait while a file is read
                self._stage(found, done.problems)
            tell(done.read)
        return done

    def _stage(self, block: Block, problems: list[Problem]) -> None:
        if self.ends:
            block = Block(block.lines, list(map(self._ended, block.table)))
        block, odd = self._fitted(block)
        regular = block.without(odd)
        values, left = self._read(regular)
        self._insert(self.names, values)
        alone = [*(Row(block.lines[i], block.table[i]) for i in odd), *(Row(regular.lines[i], regular.table[i]) for i in left)]
        self._insert(self._own_names, filter(None, (self._row(row, problems) for row in alone)))

    def _fitted(self, block: Block) -> tuple[Block, Set[int] | range]:
        """The rows made as wide as the header where that changes nothing; and the numbers of those that are not as wide.

        Empty cells beyond the header are none, and those that a workbook leaves away at the end are put back.
        """
        width = self.header.width
        if self.header.extra:
            return block, range(len(block.table))
        if {len(cells) for cells in block.table} <= {width}:
            return block, frozenset()
        table = [self._fit(cells, width) for cells in block.table]
        return Block(block.lines, table), {i for i, cells in enumerate(table) if len(cells) != width}

    def _fit(self, cells: list[Any], width: int) -> list[Any]:
        if all(isinstance(c, str) and not c for c in cells[width:]):
            cells = cells[:width]
        return cells if self.sheet.ragged else cells + [""] * (width - len(cells))

    def _ended(self, cells: list[Any]) -> list[Any]:
        """A row with the last day it gives in the place of the end it does not give."""
        for end, last in self.ends:
            if last < len(cells) and not _blank(cells[last]) and (end >= len(cells) or _blank(cells[end])):
                cells = [*cells[:end], *[""] * (end - len(cells)), LastDay(cells[last]), *cells[end + 1 :]]
        return cells

    def _insert(self, names: Sequence[str], rows: Iterable[Sequence[Stored]]) -> None:
        listed = ", ".join(f'"{n}"' for n in names)
        self.stage.database.many(f"INSERT INTO temp.stage ({listed}) VALUES ({', '.join('?' * len(names))})", rows)

    def _filled_gaps(self, cells: list[Any]) -> list[str]:
        """The columns without a header that this row is the first to fill, by their letters."""
        filled = sorted(i for i in self.gaps if i < len(cells) and str(cells[i]).strip())
        self.gaps.difference_update(filled)
        return [column_name(i) for i in filled]

    # -- columns at a time ----------------------------------------------------------------

    def _read(self, block: Block) -> tuple[Iterable[tuple[Stored, ...]], list[int]]:
        """The values of rows in the order of ``names``, and the numbers of those rows that are left out, being odd."""
        if not block.lines:
            return (), []
        left: set[int] = set()
        read: dict[str, list[Stored]] = {"line": [*block.lines]}
        days: list[Stored] | None = None
        for cells in self.columns:
            found = cells.values(self._keys(block.table, cells, days))
            blank = (None,) * len(cells.names)
            if cells.odd and None in found:
                left.update(i for i, v in enumerate(found) if v is None)
                found = [blank if v is None else v for v in found]
            read |= {name: list(map(itemgetter(at), found)) for at, name in enumerate(cells.names)}  # type: ignore[arg-type]  # no None is left
            if cells is self.day:
                days = [_day(v) for v in read[cells.names[0]]]
        if self.id_cells:
            left.update(self._contradicting(read))
        values = zip(*(read[n] for n in self.names), strict=True)
        return (row for i, row in enumerate(values) if i not in left) if left else values, sorted(left)

    def _keys(self, table: list[list[Any]], cells: Cells, days: list[Stored] | None) -> Sequence[Hashable]:
        keys = list(map(itemgetter(cells.column.index), table))
        if not self.sheet.ragged:  # the cells of a text file are texts
            keys = [c if c.__class__ is str else key_of(c) for c in keys]
        return list(zip(keys, days, strict=True)) if cells.dated and days else keys

    def _contradicting(self, read: dict[str, list[Stored]]) -> Iterator[int]:
        """The rows that say otherwise than their ID number; which of their cells does is said by :func:`contradicted`."""
        for f in self.stage.record.fields:
            first, last = (read.get(f.columns[at]) for at in (0, -1))
            if first is None or last is None:
                continue
            if f.kind.name == "birth":
                births = zip(first, read[ID_BORN], last, strict=True)
                yield from (i for i, (a, b, c) in enumerate(births) if None not in (a, b, c) and not a <= b <= c)  # type: ignore[operator]  # days
            elif f.name == "sex":
                sexes = zip(read[ID_SEX], first, strict=True)
                yield from (i for i, (a, b) in enumerate(sexes) if a is not None and b is not None and a != b)

    # -- a row by itself ------------------------------------------------------------------

    @property
    def _own_names(self) -> list[str]:
        names = ["line", *(n for c in self.columns for n in c.own_names), *(self._row_name(c.column) for c in self.referring)]
        return [*names, ID_BORN, ID_SEX] if self.id_cells else names

    def _row(self, row: Row, problems: list[Problem]) -> list[Stored] | None:
        before = len(problems)
        self._check_width(row, problems)
        values: list[Stored] = [row.line]
        day: int | None = None
        for cells in self.columns:
            read = self._cell(row, cells, day, problems)
            if cells is self.day:
                day = _day(read[0])
            values += read
        values += [self._row_reference(row, cells.column) for cells in self.referring]
        if self.id_cells and len(problems) == before:
            values += self._id_says(row, self.id_cells, values, problems)
        return values if len(problems) == before else None

    def _check_width(self, row: Row, problems: list[Problem]) -> None:
        counts: dict[str, object] = {"cells": len(row.cells), "headers": self.header.width - len(self.header.extra)}
        if self.sheet.ragged and any(c.index >= len(row.cells) for c in self.header.columns):
            problems.append(Problem("row_short", "", row.line, cell_name(len(row.cells), row.line), counts))
        beyond = (*self.header.extra, *range(self.header.width, len(row.cells)))
        filled = [i for i in beyond if i < len(row.cells) and str(row.cells[i]).strip()]
        if filled:
            problems.append(Problem("row_long", "", row.line, cell_name(filled[0], row.line), counts))

    def _cell(self, row: Row, cells: Cells, day: int | None, problems: list[Problem]) -> Values:
        cell = row.cells[cells.column.index] if cells.column.index < len(row.cells) else ""
        blank = (None,) * len(cells.own_names)
        if isinstance(cell, str) and (not cell or cell.isspace()):
            if cells.required:
                problems.append(self._problem(row, cells.column, "required"))
            return blank
        try:
            return cells.read(cell, day)
        except Unreadable as bad:
            column = attrs.evolve(cells.column, index=cells.column.last_at) if isinstance(cell, LastDay) else cells.column
            problems.append(self._problem(row, column, bad.code, **bad.values))
            return blank

    def _row_reference(self, row: Row, column: Column) -> int | None:
        cell = row.cells[column.index] if column.index < len(row.cells) else ""
        return row_reference(cell.strip(), self.uid) if isinstance(cell, str) and cell.startswith("#") else None

    def _id_says(self, row: Row, cells: Cells, values: list[Stored], problems: list[Problem]) -> tuple[Stored, Stored]:
        """Birth date and sex as the ID number has them, which must be what the row says."""
        own = dict(zip(self._own_names, values, strict=False))
        if own[cells.own_names[0]] is None:
            return (None, None)
        number = read_id_number(narrow(str(row.cells[cells.column.index])))
        for code, f in contradicted(self.stage.record, own, number):
            problems.append(self._problem(row, cells.column, code, field=f.label))
        return (number.born, number.sex)

    def _problem(self, row: Row, column: Column, code: str, **values: object) -> Problem:
        return Problem(code, column.field.name, row.line, cell_name(column.index, row.line), {"field": column.field.label} | values)


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def _day(stored: Stored) -> int | None:
    """The day that a row's own day, or the end of its period, is."""
    if isinstance(stored, str):
        return found.last if (found := period_of(stored)) else None
    return stored
