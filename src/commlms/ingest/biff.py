"""The old workbook (.xls, .et) itself: whether it is protected, and which cells are formula errors, which the reader leaves blank.

The container is a small file system of sectors ([MS-CFB]); in it lies one stream of records ([MS-XLS]).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import attrs

from commlms.core.kinds import DamagedCell

_END = 0xFFFFFFFA
_BOUND_SHEET, _FILE_PASS, _BOOL_OR_ERROR, _FORMULA = 0x0085, 0x002F, 0x0205, 0x0006
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


class NoWorkbook(ValueError):
    """The container holds something else: a letter, a presentation."""


class Protected(ValueError):
    """The workbook cannot be read without its password."""


@attrs.frozen
class _Container:
    """The sectors of a compound file and how they are chained."""

    content: bytes = attrs.field(repr=False)

    def _number(self, at: int, form: str = "<I") -> int:
        return int(struct.unpack_from(form, self.content, at)[0])

    def _sector(self, number: int) -> bytes:
        size = 1 << self._number(30, "<H")
        return self.content[size * (number + 1):size * (number + 2)]

    def _table(self) -> list[int]:
        """Which sector follows each; the table's own sectors are listed in the header, and further ones in a chain."""
        listed = [*struct.unpack_from("<109I", self.content, 76)]
        following = self._number(68)
        while following < _END and len(listed) < len(self.content) // 4:
            more = struct.unpack(f"<{len(self._sector(following)) // 4}I", self._sector(following))
            listed += more[:-1]
            following = more[-1]
        sectors = b"".join(self._sector(n) for n in listed if n < _END)
        return [*struct.unpack(f"<{len(sectors) // 4}I", sectors)]

    def _chain(self, start: int, table: list[int]) -> Iterator[int]:
        seen = 0
        while start < _END and seen <= len(table):
            yield start
            start, seen = table[start], seen + 1

    def workbook(self) -> bytes:
        """The stream of records; raises :class:`NoWorkbook`."""
        table = self._table()
        directory = b"".join(map(self._sector, self._chain(self._number(48), table)))
        entries = [directory[i:i + 128] for i in range(0, len(directory), 128)]
        names = {e[:max(0, struct.unpack_from("<H", e, 64)[0] - 2)].decode("utf-16-le", "replace"): e for e in entries if len(e) == 128}
        entry = names.get("Workbook") or names.get("Book")
        if entry is None:
            raise NoWorkbook
        start, size = struct.unpack_from("<II", entry, 116)
        if size >= self._number(56):
            return b"".join(map(self._sector, self._chain(start, table)))[:size]
        small = b"".join(map(self._sector, self._chain(struct.unpack_from("<I", entries[0], 116)[0], table)))
        chained = b"".join(map(self._sector, self._chain(self._number(60), table)))
        width = 1 << self._number(32, "<H")
        pieces = self._chain(start, [*struct.unpack(f"<{len(chained) // 4}I", chained)])
        return b"".join(small[n * width:(n + 1) * width] for n in pieces)[:size]


def errors_in(content: bytes) -> dict[str, dict[tuple[int, int], DamagedCell]]:
    """The formula errors of each sheet by (row, column) from 0.

    Raises :class:`NoWorkbook`, :class:`Protected`, and struct.error or IndexError where the file is damaged.
    """
    names: dict[int, str] = {}
    found: dict[str, dict[tuple[int, int], DamagedCell]] = {}
    sheet = ""
    for at, kind, body in _records(_Container(content).workbook()):
        sheet = names.get(at, sheet)
        if kind == _FILE_PASS:
            raise Protected
        if kind == _BOUND_SHEET:
            names[struct.unpack_from("<I", body)[0]] = _name(body[6:])
        elif code := _error(kind, body):
            row, column = struct.unpack_from("<HH", body)
            found.setdefault(sheet, {})[row, column] = DamagedCell("cell_error", code)
    return found


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4:at + 4 + size]
        at += 4 + size


def _name(text: bytes) -> str:
    wide = text[1] & 1
    return text[2:2 + text[0] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")


def _error(kind: int, body: bytes) -> str:
    """The error that a cell's record shows; empty if it shows none."""
    if kind == _BOOL_OR_ERROR and len(body) >= 8 and body[7]:
        return _ERRORS.get(body[6], "#N/A")
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return _ERRORS.get(body[8], "#N/A")
    return ""
