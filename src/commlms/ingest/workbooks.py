"""Workbooks to sheets. What a reader would pass over in silence is looked for in the file itself.

A formula error, a formula without a result and a cell merged with the one above are no empty cells;
a cell far outside the table would make the reader reserve memory for everything in between.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from commlms.core.kinds import DamagedCell
from commlms.core.text import column_number
from commlms.ingest.biff import NoWorkbook, Protected, errors_in
from commlms.ingest.opendocument import extents_in
from commlms.ingest.readers import Merge, Row, Sheet, in_blocks, refused

#: The largest workbook that is opened, unpacked, in bytes; more is taken for a zip bomb.
UNPACKED_LIMIT = 1 << 30
#: The most cells between the first and the last one of a sheet, empty ones counted.
AREA_LIMIT = 20_000_000
#: The largest part that is read whole: the list of sheets, or one row of a sheet.
_PART_LIMIT = 64 << 20
#: How much of a sheet is looked through at a time, in bytes.
_PIECE = 1 << 20
#: Endings by which the reader knows a new workbook.
_STREAMED = (".xlsx", ".xlsm")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_SHEET_PART = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_COLUMN = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Za-z]{1,3})\d')
_ROW = re.compile(rb'<(?:\w+:)?row\s(?:[^>]*?\s)?r="(\d{1,9})"')
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_REFERENCE = re.compile(rb'(?:^|\s)r="([A-Za-z]{1,3})(\d{1,9})"')
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@attrs.frozen
class _Marks:
    """The cells of one sheet that have no value of their own, by (row, column) from 0."""

    damaged: dict[tuple[int, int], DamagedCell] = attrs.field(factory=dict)
    merges: tuple[Merge, ...] | None = None


def book_sheets(path: Path, head: bytes) -> list[Sheet]:
    """The worksheets of a workbook in its own order; hidden ones are marked so. What it is, its content decides."""
    if head.startswith(_OLE):
        marks = _old_looked_through(path)
    elif head.startswith(_ZIP):
        marks = _looked_through(path)
    else:
        raise refused(
            path,
            "名为表格工作簿，内容却不是；请用表格软件另存为 .xlsx",
            "named as a workbook, but it is no workbook; save it as .xlsx from a spreadsheet program",
        )
    # A reader that opens the path itself goes by its ending, and holds less in memory.
    source = str(path) if head.startswith(_ZIP) and path.suffix.lower() in _STREAMED else io.BytesIO(path.read_bytes())
    sheets = _opened(path, source, marks)
    if not any(True for s in sheets if not s.hidden for _ in s.rows()):
        raise refused(path, "工作簿是空的；请核对是否传错了文件", "the workbook is empty; check whether it is the right file")
    return sheets


def _protected(path: Path) -> Exception:
    return refused(path, "有密码；请去掉密码后再导入", "protected by a password; remove it and import again")


def _old_looked_through(path: Path) -> dict[str, _Marks]:
    """The same of an .xls or .et."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _protected(path)
    try:
        return {name: _Marks(damaged) for name, damaged in errors_in(content).items()}
    except Protected:
        raise _protected(path) from None
    except NoWorkbook:
        raise refused(path, "不是表格工作簿；请向报送单位要 .xlsx", "not a workbook; ask its sender for the .xlsx") from None
    except (struct.error, IndexError, MemoryError):
        raise _damaged(path) from None


def _opened(path: Path, source: str | io.BytesIO, marks: dict[str, _Marks]) -> list[Sheet]:
    try:
        import python_calamine as calamine
    except ImportError:
        raise refused(
            path, "读表格工作簿需要安装：pip install 'commlms[xlsx]'", "to read workbooks run: pip install 'commlms[xlsx]'"
        ) from None
    visible = calamine.SheetVisibleEnum.Visible
    try:
        book = calamine.CalamineWorkbook.from_object(source)
        found = [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
        return [
            _sheet(path, m.name, book.get_sheet_by_name(m.name), marks.get(m.name, _Marks()), m.visible != visible)
            for m in found
        ]
    except calamine.PasswordError:
        raise _protected(path) from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # the reader's own panic on a damaged file is no Exception
        raise _damaged(path) from None


def _damaged(path: Path) -> Exception:
    return refused(path, "工作簿已损坏，打不开；请重新保存", "the workbook is damaged; save it again")


def _sheet(path: Path, name: str, sheet: Any, marks: _Marks, hidden: bool) -> Sheet:
    left: list[Any] = [""] * (sheet.start[1] if sheet.start else 0)
    merges = tuple(sheet.merged_cell_ranges or ()) if marks.merges is None else marks.merges
    merged = sorted(m for m in merges if m[1][0] > m[0][0])

    def rows() -> Iterator[Row]:
        damaged: dict[int, list[tuple[int, DamagedCell]]] = {}
        for (row, column), cell in marks.damaged.items():
            damaged.setdefault(row, []).append((column, cell))
        spans = _Spans(merged)
        for line, found in enumerate(sheet.iter_rows()):
            cells = left + found
            for column, cell in damaged.get(line, ()):
                cells += [""] * (column + 1 - len(cells))
                cells[column] = cell
            spans.mark(line, cells)
            # The reader makes every row as wide as the widest: what stands beyond the header would look like blanks.
            while cells and cells[-1] == "":
                cells.pop()
            yield Row(line + 1, cells)

    return Sheet(
        name, False, lambda: in_blocks(rows()), quoted=True, hidden=hidden, source=path, merges=merges, height=sheet.total_height,
    )


@attrs.define
class _Spans:
    """Walks down a sheet and marks the cells that are merged with one above that holds something."""

    waiting: list[tuple[tuple[int, int], tuple[int, int]]]
    next: int = 0
    open: list[tuple[int, int, int]] = attrs.field(factory=list)

    def mark(self, line: int, cells: list[Any]) -> None:
        """Mark the cells of one line; lines come in order."""
        self.open = [span for span in self.open if span[0] >= line]
        for _, first, last in self.open:
            for column in range(first, min(last + 1, len(cells))):
                if cells[column] == "":
                    cells[column] = DamagedCell("merged_cell")
        while self.next < len(self.waiting) and self.waiting[self.next][0][0] <= line:
            (_, first), (bottom, last) = self.waiting[self.next]
            self.next += 1
            if first < len(cells) and cells[first] != "":
                self.open.append((bottom, first, last))


def _looked_through(path: Path) -> dict[str, _Marks]:
    """What the file itself says of each sheet, by its name. Refuses what is no workbook, and bombs."""
    try:
        with zipfile.ZipFile(path) as archive:
            document = _check_sizes(path, archive)
            if document:
                return _document_marks(path, archive)
            parts = {n.replace("\\", "/"): n for n in archive.namelist()}
            marks = {part: _scan(path, archive, name) for part, name in parts.items() if _SHEET_PART.match(part)}
            return {name: marks[part] for name, part in _sheet_parts(archive, parts).items() if part in marks}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, io.UnsupportedOperation, NotImplementedError, RuntimeError, ValueError):
        raise refused(path, "工作簿不完整；请重新传一份", "the workbook is incomplete; have it sent again") from None
    except Exception as error:
        if type(error).__name__ == "error":  # zlib.error, lzma.LZMAError and their like
            raise _damaged(path) from None
        raise


def _document_marks(path: Path, archive: zipfile.ZipFile) -> dict[str, _Marks]:
    """The same of an .ods."""
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in _beginning(archive, "META-INF/manifest.xml", _PIECE):
        raise _protected(path)
    if b"<!DOCTYPE" in _beginning(archive, "content.xml", _PIECE):
        raise ValueError("a workbook declares no document type")
    extents = extents_in(archive)
    for extent in extents.values():
        _check_area(path, extent.rows, extent.columns)
    return {name: _Marks(extent.damaged, tuple(extent.merges)) for name, extent in extents.items()}


def _beginning(archive: zipfile.ZipFile, name: str, length: int) -> bytes:
    with archive.open(name) as file:
        return file.read(length)


def _check_sizes(path: Path, archive: zipfile.ZipFile) -> bool:
    """Refuse what is no workbook or unpacks to too much; tells whether it is an open document (.ods)."""
    sizes = [(i.file_size, i.compress_size) for i in archive.infolist()]
    names = {i.filename.replace("\\", "/") for i in archive.infolist()}
    if sum(s for s, _ in sizes) > UNPACKED_LIMIT or any(s > 50 << 20 and s > 1000 * max(c, 1) for s, c in sizes):
        raise refused(path, "解压后大得不正常，已拒绝；请重新另存一份", "unpacks to an abnormal size and is refused; save it anew")
    if {"content.xml", "mimetype"} <= names and _beginning(archive, "mimetype", 100).startswith(_DOCUMENT):
        return True
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise refused(path, "是压缩包而不是工作簿；请先解压", "an archive, not a workbook; unpack it first")
    return False


def _sheet_parts(archive: zipfile.ZipFile, parts: dict[str, str]) -> dict[str, str]:
    """Which part of the archive each sheet is in, by the sheet's name."""
    book, relations = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return {}
    targets = {e.get("Id"): e.get("Target", "") for e in _parsed(archive, relations)}
    found = {}
    for element in _parsed(archive, book).iter():
        relation = next((v for k, v in element.attrib.items() if k == _RELATION or k.endswith("}id")), None)
        if element.tag.endswith("}sheet") and relation in targets:
            target = targets[relation].replace("\\", "/")
            found[element.get("name", "")] = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    return found


def _parsed(archive: zipfile.ZipFile, name: str) -> ET.Element:
    with archive.open(name) as file:
        text = file.read(_PART_LIMIT)
    if b"<!DOCTYPE" in text:
        raise ValueError("a workbook declares no document type")
    try:
        return ET.fromstring(text)
    except ET.ParseError:
        raise ValueError("the list of sheets is no XML") from None


def _scan(path: Path, archive: zipfile.ZipFile, name: str) -> _Marks:
    """One pass over a sheet's part, a few rows at a time: its extent, and the cells without a value."""
    marks, columns, last = _Marks(), set[bytes](), 0
    with archive.open(name) as file:
        rest = b""
        while block := file.read(_PIECE):
            cut = (rest + block).rfind(b"row>") + 4
            text, rest = (rest + block)[:cut], (rest + block)[cut:]
            if len(rest) > _PART_LIMIT:
                raise refused(path, "有一行大得不正常，已拒绝", "one row is of an abnormal size; refused")
            last = _read_rows(text, columns, last, marks)
        last = _read_rows(rest, columns, last, marks)
    width = max((column_number(c.decode()) + 1 for c in columns), default=0)
    _check_area(path, last, width)
    return marks


def _check_area(path: Path, rows: int, columns: int) -> None:
    if rows * columns > AREA_LIMIT:
        raise refused(
            path, "表格之外很远处还有单元格（到第 {row} 行、{columns} 列）；请删去后另存",
            "a cell lies far outside the table (down to row {row}, {columns} columns); delete it and save again", row=rows, columns=columns,
        )


def _read_rows(text: bytes, columns: set[bytes], last: int, marks: _Marks) -> int:
    columns.update(_COLUMN.findall(text))
    last = max(last, max(map(int, _ROW.findall(text)), default=0))
    if b't="e"' in text or _FORMULA.search(text):
        for attributes, inside in _CELL.findall(text):
            damaged, place = _damage(attributes, inside), _REFERENCE.search(attributes)
            if damaged and place:
                marks.damaged[int(place[2]) - 1, column_number(place[1].decode())] = damaged
    return last


def _damage(attributes: bytes, inside: bytes) -> DamagedCell | None:
    value = _VALUE.search(inside)
    if b't="e"' in attributes:
        return DamagedCell("cell_error", value[1].decode("ascii", "replace") if value else "#N/A")
    if value is None and _FORMULA.search(inside) and b't="str"' not in attributes:
        return DamagedCell("not_computed", "")
    return None
