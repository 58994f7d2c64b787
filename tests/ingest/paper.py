"""Sheets as streets fill them in, written to real workbooks; and what the shapes make of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from commlms.ingest.readers import open_sheets
from commlms.ingest.shapes import Context, Part, ShapedSheet, read
from tests.ingest.clerk import empty

Rows = Sequence[Sequence[Any]]


@cache
def context(year: int | None = None) -> Context:
    """Everything the bundled plugins declare; today is 30 June 2023."""
    with empty() as lms:
        return Context(lms.records, 20_230_630, year)


def paper(folder: Path, rows: Rows, merged: Sequence[str] = (), sheet: str = "Sheet1", name: str = "送来.xlsx") -> Path:
    """A workbook of one sheet; ``merged`` are ranges such as A1:D1."""
    book = openpyxl.Workbook()
    table = book.active
    assert table is not None
    table.title = sheet
    for row in rows:
        table.append(list(row))
    for span in merged:
        table.merge_cells(span)
    book.save(folder / name)
    return folder / name


def shaped(path: Path, year: int | None = None) -> ShapedSheet:
    """The first sheet of a file, read."""
    return read(open_sheets(path)[0], context(year), path.name)


def only(path: Path, year: int | None = None) -> Part:
    """The only part of the first sheet."""
    found = shaped(path, year)
    assert found.problems == ()
    (part,) = found.parts
    return part


def facts(part: Part) -> list[dict[str, str]]:
    """The rows of a part by header word, blank cells left out, numbers as whole texts."""
    head, *rows = part.table.rows()
    return [
        {word: str(int(c)) if isinstance(c, float) and c.is_integer() else str(c) for word, c in zip(head.cells, row.cells, strict=True)
         if word and c not in ("", None)}
        for row in rows
    ]


def skipped(part: Part) -> list[tuple[int, str]]:
    """The lines that are not counted, each with why."""
    return [(s.line, s.kind) for s in part.skipped]


def told(part: Part) -> list[tuple[str, str]]:
    """What was concluded, each with its cells."""
    return [(t.cell, t.what.zh) for t in part.told]
