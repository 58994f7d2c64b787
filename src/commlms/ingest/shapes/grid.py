"""A sheet as lines on paper: merged cells filled with what stands in them, each cell with the place its value is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import attrs

from commlms.core.kinds import DamagedCell
from commlms.core.text import cell_name, narrow
from commlms.ingest.readers import Merge, Sheet


@attrs.frozen
class Line:
    """One line of a sheet. ``merged`` gives, by column, the cell above or to the left in which the value is written;
    ``wide`` the columns that a merged range beginning here reaches beyond its first one.
    """

    number: int
    cells: list[Any] = attrs.field(repr=False)
    merged: dict[int, str] = attrs.field(factory=dict)
    wide: dict[int, int] = attrs.field(factory=dict)

    @cached_property
    def filled(self) -> list[int]:
        """The columns whose own cells hold something."""
        return [i for i, cell in enumerate(self.cells) if i not in self.merged and not blank(cell)]

    def text(self, column: int) -> str:
        """A cell as narrow text, whole numbers without a point; a date as ``2022-03-05``; empty where there is none."""
        return text_of(self.cells[column]) if column < len(self.cells) else ""

    @cached_property
    def texts(self) -> dict[int, str]:
        """The filled cells as narrow texts, by column."""
        return {i: self.text(i) for i in self.filled}

    def name(self, column: int) -> str:
        """The cell in which the value of a column is written."""
        return self.merged.get(column) or cell_name(column, self.number)


def blank(cell: object) -> bool:
    """Whether a cell holds nothing."""
    if isinstance(cell, str):
        return not cell or cell.isspace()
    return cell is None or (isinstance(cell, DamagedCell) and not cell.shown)


def text_of(cell: object) -> str:
    """A cell as narrow text."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return "" if blank(cell) else narrow(str(cell))


def lines_of(sheet: Sheet) -> list[Line]:
    """The lines of a sheet that hold something. What is merged downwards stands on each line it spans."""
    down = sorted((m for m in sheet.merges if m[1][0] > m[0][0]), key=lambda m: m[0])
    wide: dict[int, dict[int, int]] = {}
    for (top, left), (_, right) in sheet.merges:
        if right > left:
            wide.setdefault(top + 1, {})[left] = right
    return list(_filled(sheet, down, wide))


def _filled(sheet: Sheet, down: list[Merge], wide: dict[int, dict[int, int]]) -> Iterator[Line]:
    opened: list[tuple[int, int, Any, str]] = []
    at = 0
    for row in sheet.rows():
        line = Line(row.line, list(row.cells), wide=wide.get(row.line, {}))
        opened = [span for span in opened if span[0] >= row.line]
        for _, column, value, name in opened:
            line.cells.extend([""] * (column + 1 - len(line.cells)))
            if blank(line.cells[column]):
                line.cells[column] = value
                line.merged[column] = name
        while at < len(down) and down[at][0][0] < row.line:
            (top, left), (bottom, _) = down[at]
            at += 1
            if top + 1 == row.line and left < len(line.cells) and not blank(line.cells[left]):
                opened.append((bottom + 1, left, line.cells[left], cell_name(left, row.line)))
        yield line
