"""A sheet in the making and what is known of its lines; and the file formats that offices use.

The same sheets always give the same bytes: what a program writes about the hour of writing is taken out.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

_STILL = (1980, 1, 1, 0, 0, 0)
_WRITTEN = re.compile(rb"(<(?:dcterms:created|dcterms:modified|meta:creation-date|dc:date)[^>]*>)[^<]*")
_NAMED = re.compile(rb"<meta:generator>[^<]*</meta:generator>")


@dataclass
class Paper:
    """One sheet: rows of cells, merged ranges (first line, first column, last line, last column; lines from 1, columns from 0)."""

    name: str
    rows: list[list[object]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, *cells: object) -> int:
        """Append a row; gives its line, the first being 1."""
        self.rows.append(list(cells))
        return len(self.rows)

    def title(self, text: str, width: int) -> None:
        """A row merged over the whole width."""
        line = self.add(text)
        self.merges.append((line, 0, line, width - 1))


def cell(column: int, line: int) -> str:
    """The spreadsheet name of a cell: column 0 and line 5 are A5."""
    return f"{get_column_letter(column + 1)}{line}"


def _xlsx(papers: Iterable[Paper]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for paper in papers:
        page = book.create_sheet(paper.name)
        for row in paper.rows:
            page.append([None if value == "" else value for value in row])
        for first, left, last, right in paper.merges:
            page.merge_cells(f"{cell(left, first)}:{cell(right, last)}")
    out = io.BytesIO()
    book.save(out)
    return _still(out.getvalue())


def _still(content: bytes) -> bytes:
    """A zip file without the hour at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            text = old.read(info)
            if info.filename in ("docProps/core.xml", "meta.xml"):
                text = _NAMED.sub(b"", _WRITTEN.sub(rb"\g<1>2022-12-31T00:00:00Z", text))
            stored = zipfile.ZIP_STORED if info.filename == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(info.filename, _STILL), text, stored)
    return out.getvalue()


def _xls(papers: Iterable[Paper]) -> bytes:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for paper in papers:
        page = book.add_sheet(paper.name)
        spans = {(first, left): (last, right) for first, left, last, right in paper.merges}
        covered = {(n, c) for f, a, z, b in paper.merges for n in range(f, z + 1) for c in range(a, b + 1)} - set(spans)
        for n, row in enumerate(paper.rows, start=1):
            for c, value in enumerate(row):
                if (n, c) in covered:
                    continue
                style = (day,) if isinstance(value, dt.date) else ()
                if (n, c) in spans:
                    last, right = spans[n, c]
                    page.write_merge(n - 1, last - 1, c, right, value, *style)
                elif value != "":
                    page.write(n - 1, c, value, *style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods(papers: Iterable[Paper]) -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import CoveredTableCell, Table, TableRow

    book = OpenDocumentSpreadsheet()
    for paper in papers:
        page = Table(name=paper.name)
        spans = {(first, left): (last, right) for first, left, last, right in paper.merges}
        covered = {(n, c) for f, a, z, b in paper.merges for n in range(f, z + 1) for c in range(a, b + 1)} - set(spans)
        for n, row in enumerate(paper.rows, start=1):
            line = TableRow()
            width = max([len(row), *(c + 1 for m, c in covered if m == n)])
            for c in range(width):
                if (n, c) in covered:
                    line.addElement(CoveredTableCell())
                else:
                    line.addElement(_ods_cell(row[c] if c < len(row) else "", n, c, spans.get((n, c))))
            page.addElement(line)
        book.spreadsheet.addElement(page)
    out = io.BytesIO()
    book.write(out)
    return _still(out.getvalue())


def _ods_cell(value: object, line: int, column: int, span: tuple[int, int] | None) -> Any:
    from odf.table import TableCell
    from odf.text import P

    options: dict[str, object] = {}
    if span is not None:
        options = {"numberrowsspanned": span[0] - line + 1, "numbercolumnsspanned": span[1] - column + 1}
    if isinstance(value, dt.date):
        made = TableCell(valuetype="date", datevalue=value.isoformat(), **options)
    elif isinstance(value, (int, float)):
        made = TableCell(valuetype="float", value=str(value), **options)
    elif value == "":
        return TableCell(**options)
    else:
        made = TableCell(valuetype="string", **options)
    made.addElement(P(text=str(value)))
    return made


def _csv(papers: Iterable[Paper]) -> bytes:
    """The only sheet as text; what a person would see in the cells, in GBK."""
    (paper,) = papers
    width = max(map(len, paper.rows))
    out = io.StringIO(newline="")
    csv.writer(out).writerows([*row, *[""] * (width - len(row))] for row in paper.rows)
    return out.getvalue().encode("gb18030")


_WRITERS = {".xlsx": _xlsx, ".xls": _xls, ".et": _xls, ".ods": _ods, ".csv": _csv}


def write(path: Path, papers: list[Paper], sent: dt.date) -> None:
    """Write the sheets in the format of the file's name; the file is as old as the day it was sent."""
    import os

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_WRITERS[path.suffix](papers) if papers else locked())
    hour = dt.datetime(sent.year, sent.month, sent.day, 9, tzinfo=dt.UTC).timestamp()
    os.utime(path, (hour, hour))


def locked() -> bytes:
    """A workbook with a password: a compound file whose stream EncryptedPackage nobody here can read.

    One sector each of allocation table, directory and (small) stream, as [MS-CFB] lays them out.
    """
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    blocks = 4096 // 512
    chain = [table, end, *range(3, 2 + blocks), end]
    sectors = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    root = _entry("Root Entry", 5, 1, end, 0)
    stream = _entry("EncryptedPackage", 2, free, 2, 4096)
    content = struct.pack("<Q", 4000) + bytes((n * 37 + 11) % 256 for n in range(4088))
    return header + sectors + root + stream + bytes(256) + content


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    none = 0xFFFFFFFF
    head = text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text), kind, 1, none, none, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
