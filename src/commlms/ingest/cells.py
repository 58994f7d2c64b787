"""One column's cells to stored values: each different cell is read once, however often it comes."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Hashable, Sequence
from decimal import Decimal

import attrs

from commlms.core.amounts import with_unit
from commlms.core.days import next_day
from commlms.core.identity import told_by
from commlms.core.kinds import DamagedCell, Reading, Stored, Unreadable, is_plain_code
from commlms.core.text import narrow, unguarded
from commlms.ingest.columns import Column, Header
from commlms.ingest.lookups import Lookups, row_reference
from commlms.ingest.staging import ID_BORN, ID_SEX, Stage

#: How many different cells of one column, and how many characters of them, are remembered with what they mean.
_REMEMBERED, _CHARACTERS = 150_000, 8_000_000
#: A number without a unit, which takes the unit of its header: 时长(小时).
_BARE = re.compile(r"^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$")

#: One value for each staging column.
Values = tuple[Stored, ...]


@attrs.frozen
class LastDay:
    """A cell of a column of last days (有效期至), put where the field's own column (撤销日期) is empty."""

    cell: Hashable


def key_of(cell: object) -> Hashable:
    """What a cell is remembered by: itself if a text, else with its type, since 1 and TRUE are equal to Python.

    Lists and objects of a JSON line have none.
    """
    if isinstance(cell, (list, dict)):
        return None
    return cell if isinstance(cell, str) else (type(cell), cell)


class Cells:
    """The cells of one column. ``names`` are the staging columns it fills; ``dated``: what a cell means depends on its row's day."""

    def __init__(self, stage: Stage, column: Column, lookups: Lookups, reading: Reading, quoted: bool) -> None:
        self.stage, self.column, self.lookups, self.reading, self.quoted = stage, column, lookups, reading, quoted
        self.field = column.field
        self.uid = stage.database.uid
        target = stage.records.get(self.field.target)
        self.dated = target is not None and not target.bulk and not stage.self_reference(self.field)
        self.own_names = (f"{self.field.name}__code",) if stage.self_reference(self.field) else column.stage
        self.names = self.own_names
        self.required = self.field.required and len(column.path) == 1
        self.memory: dict[Hashable, Values | None] = {}
        self.characters = 0
        #: Whether any remembered cell has to be looked at in its row.
        self.odd = False
        #: Whether a place that is no more may be meant, if it stood on the row's day.
        self.lenient = False

    @property
    def blank(self) -> Values:
        """What an empty cell says."""
        return (None,) * len(self.own_names)

    def values(self, keys: Sequence[Hashable]) -> list[Values | None]:
        """What the cell of each key says; None where its row has to be looked at by itself (a problem, a row reference)."""
        try:
            return list(map(self.memory.__getitem__, keys))
        except KeyError:
            self._remember(set(keys))
            found = list(map(self.memory.__getitem__, keys))
            if self.characters > _CHARACTERS:
                self._forget()
            return found

    def _forget(self) -> None:
        self.memory.clear()
        self.characters = 0

    def _remember(self, keys: set[Hashable]) -> None:
        new = keys.difference(self.memory)
        if len(self.memory) + len(new) > _REMEMBERED:
            self._forget()
            new = keys
        learnt = self._learn(new)
        self.odd = self.odd or None in learnt.values()
        self.memory |= learnt
        self.characters += sum(len(k) for k in new if isinstance(k, str))

    def _learn(self, keys: Collection[Hashable]) -> dict[Hashable, Values | None]:
        return {key: self._meaning(key) for key in keys}

    def _meaning(self, key: Hashable) -> Values | None:
        cell, day = self._cell(key)
        if cell is None:
            return None
        if isinstance(cell, str):
            if not cell or cell.isspace():
                return None if self.required else self.blank
            if cell[0] == "#":
                return None
        try:
            return self.read(cell, day)
        except Unreadable:
            return None

    def _cell(self, key: Hashable) -> tuple[object, int | None]:
        day = None
        if self.dated and isinstance(key, tuple) and not isinstance(key[0], type):
            key, day = key
        return (key[1] if isinstance(key, tuple) else key), day

    def read(self, cell: object, day: int | None = None) -> Values:
        """One cell that is not blank; raises :class:`Unreadable`."""
        last = isinstance(cell, LastDay) or self.column.last_at == self.column.index
        if isinstance(cell, LastDay):
            cell = cell.cell
        if isinstance(cell, DamagedCell):
            raise Unreadable(cell.code)
        if self.quoted and isinstance(cell, str):
            cell = unguarded(cell)
        f = self.field
        if self.column.factor != 1 and not isinstance(cell, bool) and _BARE.match(narrow(str(cell))):
            amount = f"{Decimal(narrow(str(cell)).replace(',', '')) * self.column.factor:f}"
            cell = f"{amount}分钟" if f.kind.name == "minutes" else amount.rstrip("0").removesuffix(".") if "." in amount else amount
        if self.column.unit:
            cell = with_unit(cell, self.column.unit)
        read = f.kind.read(f, cell, self.reading)
        if last and isinstance(read[0], int):
            read = (next_day(read[0]),)
        if f.kind.name == "code" and isinstance(cell, str) and row_reference(cell.strip(), self.uid) is not None:
            return (None,)
        if self.dated:
            return (self.lookups.find(f.target, str(read[0]), day, lenient=self.lenient),)
        return read


class IdCells(Cells):
    """ID numbers, with the birth date and sex they tell."""

    def __init__(self, stage: Stage, column: Column, lookups: Lookups, reading: Reading, quoted: bool) -> None:
        super().__init__(stage, column, lookups, reading, quoted)
        self.names = (*self.own_names, ID_BORN, ID_SEX)

    def _meaning(self, key: Hashable) -> Values | None:
        found = super()._meaning(key)
        if found is None or found[0] is None:
            return found and (*found, None, None)
        return (*found, *told_by(narrow(str(self._cell(key)[0]))))


class ReferenceCells(Cells):
    """Codes of people or sessions, looked up in the store many at a time; one that is unknown is looked at in its row."""

    def __init__(self, stage: Stage, column: Column, lookups: Lookups, reading: Reading, quoted: bool) -> None:
        super().__init__(stage, column, lookups, reading, quoted)
        reference = stage.record.field(column.path[0])
        self.table = stage.records[reference.target].table
        self.names = (reference.name,)
        self.none = None if reference.required else (None,)

    def _learn(self, keys: Collection[Hashable]) -> dict[Hashable, Values | None]:
        read: dict[Hashable, Values | None] = {key: (key,) if is_plain_code(key) else self._meaning(key) for key in keys}
        codes = [found[0] for found in read.values() if found is not None and found[0] is not None]
        name = f't."{self.field.name}"'
        rows = self.stage.database.execute(
            f'SELECT {name}, t.id FROM json_each(?) j CROSS JOIN "{self.table}" t ON {name} = j.value', (json.dumps(codes),)
        )
        ids = {code: (row,) for code, row in rows}
        return {
            key: None if found is None else self.none if found[0] is None else ids.get(found[0]) for key, found in read.items()
        }


def cells_of(stage: Stage, header: Header, column: Column, lookups: Lookups, reading: Reading, quoted: bool) -> Cells:
    """How a column's cells are read."""
    if column.field.kind.name == "id_number" and len(column.path) == 1:
        return IdCells(stage, column, lookups, reading, quoted)
    by_code_alone = len(column.path) == 2 and [c.path[0] for c in header.columns].count(column.path[0]) == 1
    if by_code_alone and column.field.kind.name == "code":
        target = stage.records[stage.record.field(column.path[0]).target]
        if (column.field.name,) in target.keys and not column.field.dated:
            return ReferenceCells(stage, column, lookups, reading, quoted)
    return Cells(stage, column, lookups, reading, quoted)
