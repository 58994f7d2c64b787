"""References to places and to small registers, looked up in memory: no query per row."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from commlms.core.kinds import Unreadable
from commlms.core.records import Record
from commlms.core.text import key_of, narrow
from commlms.store.database import Database
from commlms.store.geography import Geography

_ROW_REFERENCE = re.compile(r"^#(\d+)\.([a-z0-9]{4})$")


def row_reference(text: str, uid: str) -> int | None:
    """The row id of a reference such as ``#17.k7f3`` if it is this database's, else None."""
    match = _ROW_REFERENCE.match(text)
    return int(match[1]) if match and match[2] == uid else None


def _loose(text: str) -> str:
    """The key under which a name or title is found however it is spelt; never the same as any code."""
    return f"\0{key_of(text) or narrow(text)}"


class Lookups:
    """What a cell that refers to a place, institution, course or other small record means."""

    def __init__(
        self, database: Database, records: dict[str, Record], under: int | None, today: int, geography: Geography,
    ) -> None:
        self.database, self.records, self.under, self.today, self.geography = database, records, under, today, geography
        self._uid = database.uid
        self._indexes: dict[str, dict[str, list[int]]] = {}
        self._ids: dict[str, set[int]] = defaultdict(set)
        self._homes: dict[int, int] = {}

    def find(self, target: str, text: str, day: int | None, *, lenient: bool = False) -> int:
        """The row id; raises :class:`Unreadable` where nothing or more than one row fits. ``lenient``: as of today, else of the day."""
        if target == "place":
            if lenient and day and not self.geography.find(text, self.today, self.under):
                return self._place(text, day)
            return self._place(text, self.today if lenient else day or self.today)
        index = self._index(target)
        if (row := row_reference(text, self._uid)) is not None and row in self._ids[target]:
            return row
        found = index.get(text) or index.get(_loose(text), [])
        if len(found) > 1 and target == "institution":
            found = self._below(found) or found
        if not found and target == "institution":
            found = self._only_institution(text)
        if len(found) == 1:
            return found[0]
        label = self.records[target].label
        if found:
            raise Unreadable("ambiguous_ref", target=label, count=len(found))
        raise Unreadable("unknown_ref", target=label)

    def _place(self, text: str, day: int) -> int:
        found = self.geography.find(text, day, self.under)
        if len(found) == 1:
            return found[0]
        if not found:
            raise Unreadable("unknown_place")
        names = "、".join(f"{s.code} {s.name}" for p in found[:5] if (s := self.geography.at(p, day)))
        raise Unreadable("ambiguous_place", candidates=names)

    def _index(self, target: str) -> dict[str, list[int]]:
        if target not in self._indexes:
            self._indexes[target] = self._read_index(self.records[target])
        return self._indexes[target]

    def _read_index(self, record: Record) -> dict[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        keys = [record.field(k[0]) for k in record.finders if len(k) == 1]
        exact = [f for f in keys if f.kind.name == "code"]
        loose = [f for f in keys if f.kind.name != "code"]
        for row, *values in self._rows(record, [f.columns[0] for f in (*exact, *loose)]):
            self._ids[record.key].add(row)
            for f, value in zip((*exact, *loose), values, strict=True):
                if value:
                    index[narrow(value) if f in exact else _loose(value)].append(row)
        if record.key == "institution":
            for row, nameplates, place in self._rows(record, ["nameplates", "place"]):
                self._homes[row] = place
                for plate in filter(None, re.split(r"[、，,;；]", nameplates or "")):
                    if row not in index[_loose(plate)]:
                        index[_loose(plate)].append(row)
        return index

    def _rows(self, record: Record, columns: list[str]) -> list[tuple[Any, ...]]:
        names = ", ".join(f'"{c}"' for c in ("id", *columns))
        return self.database.execute(f'SELECT {names} FROM "{record.table}"').fetchall()

    def own_institutions(self) -> list[int]:
        """The institutions of the sender: those at its place, where there are none those below it; without a sender none."""
        if self.under is None:
            return []
        self._index("institution")
        return [i for i, home in self._homes.items() if home == self.under] or self._below(list(self._homes))

    def _below(self, institutions: list[int]) -> list[int]:
        if self.under is None:
            return institutions
        return [i for i in institutions if self.under in self.geography.chain(self._homes[i], self.today)]

    def _only_institution(self, text: str) -> list[int]:
        """An organiser written as its place: meant is the one institution there."""
        places = self.geography.find(text, self.today, self.under)
        return [i for i, home in self._homes.items() if len(places) == 1 and home == places[0]]
