"""A flat table in the making: columns of the sheet in their places, further ones to their right, each value with its cell."""

from __future__ import annotations

import re
from typing import Any

import attrs

from commlms.core.labels import Label
from commlms.core.text import cell_name, key_of
from commlms.ingest.columns import Words, meanings, word_keys
from commlms.ingest.provenance import Origin
from commlms.ingest.readers import Row, Sheet, in_blocks
from commlms.ingest.shapes.grid import Line, blank
from commlms.ingest.shapes.parts import Told
from commlms.ingest.shapes.words import HEADERS, LEAST_SURE

_BRACKETS = re.compile(r"[（(].*?[)）]")
#: How many cells one statement names one by one.
_NAMED = 3


@attrs.define
class Flat:
    """Rows below header words. ``known`` gives the field of a word; ``at`` the column of a field that has one."""

    words: list[str]
    known: Words
    rows: list[Row] = attrs.field(factory=list)
    cells: dict[tuple[int, int], str] = attrs.field(factory=dict)
    origins: dict[int, Origin] = attrs.field(factory=dict)
    at: dict[tuple[str, ...], int] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        found = meanings(dict(enumerate(self.words)), self.known)
        self.at = {path: i for path, (_, i) in found.items()}
        for rank, i in found.values():
            if rank == LEAST_SURE:  # a word of paper that the importer does not know
                word = next(HEADERS[w] for w in HEADERS if key_of(w) in word_keys(self.words[i]))
                self.words[i] = word + "".join(_BRACKETS.findall(self.words[i]))

    def column(self, word: str) -> int:
        """The column of the field that ``word`` names, a new one at the right if there is none."""
        path = self.known[word_keys(word)[0]][1]
        if path not in self.at:
            self.at[path] = len(self.words)
            self.words.append(word)
        return self.at[path]

    def add(self, number: int, line: Line, left_out: frozenset[int] | set[int] = frozenset()) -> Row:
        """A row with a line's own cells, those of ``left_out`` columns emptied."""
        width = len(self.words)
        cells = ["" if i in left_out else cell for i, cell in enumerate(line.cells)]
        cells += [""] * (width - len(cells))
        row = Row(number, cells)
        self.cells |= {(number, column): name for column, name in line.merged.items() if column not in left_out}
        self.rows.append(row)
        return row

    def value(self, row: Row, word: str) -> Any:
        """What a row holds in the column of a field; an empty text if it has none."""
        path = self.known[word_keys(word)[0]][1]
        column = self.at.get(path)
        return row.cells[column] if column is not None and column < len(row.cells) else ""

    def put(self, row: Row, word: str, value: Any, cell: str) -> None:
        """Write a value below ``word`` where the row has none there."""
        column = self.column(word)
        row.cells.extend([""] * (column + 1 - len(row.cells)))
        if blank(row.cells[column]):
            self.replace(row, column, value, cell)

    def replace(self, row: Row, column: int, value: Any, cell: str) -> None:
        """Write a value over what a row holds."""
        row.cells[column] = value
        self.cells[row.line, column] = cell

    def where(self, row: Row, column: int) -> str:
        """The cell of the file in which a value is written."""
        origin = self.origins.get(row.line)
        return self.cells.get((row.line, column)) or cell_name(column, origin.line if origin else row.line)

    def sheet(self, source: Sheet, line: int) -> Sheet:
        """The table as a sheet whose header stands on ``line``. A row that is longer than the header stays so."""
        head = Row(line, list(self.words))
        rows = [Row(r.line, r.cells + [""] * (len(self.words) - len(r.cells))) for r in self.rows]
        return Sheet(source.name, False, lambda: in_blocks([head, *rows]), quoted=source.quoted, hidden=source.hidden, source=source.source)


@attrs.define
class Notes:
    """What was concluded, each statement once, with the cells it is about."""

    said: dict[tuple[str, str], list[str]] = attrs.field(factory=dict)

    def say(self, cell: str, zh: str, en: str) -> None:
        """Note a conclusion about one cell."""
        cells = self.said.setdefault((zh, en), [])
        if cell not in cells[-1:]:
            cells.append(cell)

    def told(self) -> tuple[Told, ...]:
        """The statements, in the order in which they were first made."""
        return tuple(Told(_list_of(cells), Label(zh, en)) for (zh, en), cells in self.said.items())


def _list_of(cells: list[str]) -> str:
    return "、".join(cells[:_NAMED]) + (f"…({len(cells)})" if len(cells) > _NAMED else "")
