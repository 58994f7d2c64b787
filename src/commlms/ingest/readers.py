"""Files to rows of cells with their true line numbers; and every file that cannot be a table, refused."""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

from commlms.core.errors import FileRefused
from commlms.core.labels import Label

#: The largest workbook that is opened, unpacked, in bytes; more is taken for a zip bomb.
UNPACKED_LIMIT = 1 << 30
#: The longest single field of a text file that is read at all, in characters.
FIELD_LIMIT = 32 << 20
_TEXT_ENDINGS, _BOOK_ENDINGS = (".csv", ".tsv", ".txt"), (".xlsx", ".xlsm")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@attrs.frozen
class Row:
    """One row: the line a person sees it on, and its cells."""

    line: int
    cells: list[Any]


@attrs.frozen
class Sheet:
    """One table of a file; ``rows`` starts afresh at every call. ``ragged``: rows may differ in length."""

    name: str
    ragged: bool
    _rows: Any

    def rows(self) -> Iterator[Row]:
        """The rows, blank ones left out."""
        for row in self._rows():
            if any(cell not in ("", None) for cell in row.cells):
                yield row


def refused(path: Path, zh: str, en: str, **values: object) -> FileRefused:
    """The error for one file."""
    return FileRefused(Label(f"{{file}}：{zh}", f"{{file}}: {en}"), file=path.name, **values)


def open_sheets(path: Path) -> list[Sheet]:
    """The tables in a file, in its own order. Raises :class:`FileRefused` with one clear sentence."""
    if not path.is_file():
        raise refused(path, "找不到这个文件", "there is no such file")
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise refused(path, "文件是空的", "the file is empty")
    ending = path.suffix.lower()
    if ending in _TEXT_ENDINGS:
        if head.startswith((_ZIP, _OLE)):
            raise refused(
                path,
                "名为文本，其实是表格工作簿；请改名为 .xlsx 或另存",
                "named as text, but it is a workbook; rename it to .xlsx or save it again",
            )
        return [_text_sheet(path)]
    if ending == ".jsonl":
        return [_json_sheet(path)]
    if ending in _BOOK_ENDINGS:
        return _book_sheets(path, head)
    raise refused(path, "只读 .xlsx 和 .csv；请另存为其中一种", "only .xlsx and .csv are read; save it as one of these")


def rows_sheet(rows: Iterable[list[Any]], name: str = "") -> Sheet:
    """Rows that are already in memory as a sheet; the first is line 1."""
    kept = list(rows)
    return Sheet(name, True, lambda: (Row(i, cells) for i, cells in enumerate(kept, start=1)))


def _text_sheet(path: Path) -> Sheet:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(65_536)
    delimiter = max(",\t;", key=sample.split("\n", 1)[0].count) if "\n" in sample else ","
    if sample.split("\n", 1)[0].count(delimiter) == 0:
        delimiter = max(",\t;", key=sample.count)

    def rows() -> Iterator[Row]:
        csv.field_size_limit(FIELD_LIMIT)
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            line = 1
            try:
                for cells in reader:
                    yield Row(line, cells)
                    line = reader.line_num + 1
            except csv.Error:
                raise refused(
                    path, "第 {line} 行读不下去：可能缺了一个引号", "line {line} cannot be read: a quote may be missing",
                    line=line,
                ) from None

    return Sheet("", True, rows)


def _json_sheet(path: Path) -> Sheet:
    """JSON lines: one object a line, its keys the columns; line 1 of the sheet is the header made of them."""

    def objects() -> Iterator[tuple[int, dict[str, Any]]]:
        with path.open(encoding="utf-8-sig") as file:
            for line, text in enumerate(file, start=1):
                if not text.strip():
                    continue
                try:
                    found = json.loads(text, parse_float=str)
                except ValueError:
                    found = None
                if not isinstance(found, dict):
                    raise refused(path, "第 {line} 行不是 JSON 对象", "line {line} is not a JSON object", line=line)
                yield line, found

    def rows() -> Iterator[Row]:
        names = list(dict.fromkeys(name for _, found in objects() for name in found))
        yield Row(0, list(names))
        for line, found in objects():
            yield Row(line, ["" if found.get(n) is None else found[n] for n in names])

    return Sheet("", False, rows)


def _encoding(path: Path) -> str:
    """UTF-8 (with or without BOM) if the whole file is; else GB18030 if it is; else the file is refused."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        line = 1
        try:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    if (at := block.find(b"\0")) >= 0:
                        raise refused(
                            path, "第 {line} 行含有空字符（NUL），不是文本文件", "line {line} contains a NUL byte; this is not a text file",
                            line=line + block.count(b"\n", 0, at),
                        )
                    decoder.decode(block)
                    line += block.count(b"\n")
                decoder.decode(b"", final=True)
            return encoding
        except UnicodeDecodeError:
            continue
    raise refused(path, "编码既不是 UTF-8 也不是 GB18030；请另存为 .xlsx", "the encoding is neither UTF-8 nor GB18030; save it as .xlsx")


def _book_sheets(path: Path, head: bytes) -> list[Sheet]:
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise refused(path, "有密码；请去掉密码后再导入", "protected by a password; remove it and import again")
        raise refused(path, "是旧式 .xls；请另存为 .xlsx", "an old .xls inside; save it as .xlsx")
    if not head.startswith(_ZIP):
        raise refused(
            path,
            "名为 .xlsx，内容却不是工作簿；请用表格软件另存为 .xlsx",
            "named .xlsx, but it is no workbook; save it as .xlsx from a spreadsheet program",
        )
    _check_zip(path)
    try:
        import python_calamine
    except ImportError:
        raise refused(path, "读 .xlsx 需要安装 commlms[xlsx]", "reading .xlsx needs commlms[xlsx] installed") from None
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        names = [m.name for m in book.sheets_metadata if m.visible == python_calamine.SheetVisibleEnum.Visible]
        sheets = [_book_sheet(name, book.get_sheet_by_name(name)) for name in names]
    except python_calamine.PasswordError:
        raise refused(path, "有密码；请去掉密码后再导入", "protected by a password; remove it and import again") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise refused(path, "工作簿已损坏，打不开；请重新保存", "the workbook is damaged; save it again") from None
    if not any(True for s in sheets for _ in s.rows()):
        raise refused(path, "工作簿是空的", "the workbook is empty")
    return sheets


def _book_sheet(name: str, sheet: Any) -> Sheet:
    left = [""] * (sheet.start[1] if sheet.start else 0)

    def rows() -> Iterator[Row]:
        return (Row(line, left + cells) for line, cells in enumerate(sheet.iter_rows(), start=1))

    return Sheet(name, False, rows)


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = [(i.file_size, i.compress_size) for i in archive.infolist()]
            names = {i.filename for i in archive.infolist()}
    except (zipfile.BadZipFile, OSError, EOFError, io.UnsupportedOperation):
        raise refused(path, "工作簿不完整；请重新传一份", "the workbook is incomplete; have it sent again") from None
    if sum(s for s, _ in sizes) > UNPACKED_LIMIT or any(s > 50 << 20 and s > 1000 * max(c, 1) for s, c in sizes):
        raise refused(path, "解压后大得不正常，已拒绝", "unpacks to an abnormal size; refused")
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise refused(path, "是压缩包而不是工作簿", "an archive, not a workbook")
