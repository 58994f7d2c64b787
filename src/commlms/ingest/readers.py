"""Files to rows of cells with their true line numbers; and every file that cannot be a table, refused."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from commlms.core.errors import FileRefused
from commlms.core.kinds import DamagedCell
from commlms.core.labels import Label
from commlms.core.text import file_name

#: The longest single field of a text file that is read at all, in characters.
FIELD_LIMIT = 32 << 20
_TEXT_ENDINGS, _BOOK_ENDINGS = (".csv", ".tsv", ".txt"), (".xlsx", ".xlsm", ".xls", ".et", ".ods")
#: Rows that are read, and handed to the database, at a time.
BLOCK = 10_000
#: A block that has more characters than this ends sooner: memory must not follow the length of what somebody pasted.
BLOCK_CHARACTERS = 4 << 20
#: Rows of a text file after which that is asked.
_STEP = 50
#: How many rows tell which sign separates the cells.
_SAMPLED = 50
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


Merge = tuple[tuple[int, int], tuple[int, int]]


class Row(NamedTuple):
    """One row: the line a person sees it on, and its cells."""

    line: int
    cells: list[Any]


class Block(NamedTuple):
    """Some rows that follow one another: their lines, and the cells of each."""

    lines: list[int]
    table: list[list[Any]]

    def without(self, left_out: Set[int] | range) -> Block:
        """The block without the rows of these numbers."""
        if not left_out:
            return self
        kept = [i for i in range(len(self.lines)) if i not in left_out]
        return Block([self.lines[i] for i in kept], [self.table[i] for i in kept])


def in_blocks(rows: Iterable[Row]) -> Iterator[Block]:
    """Rows in blocks of at most ``BLOCK`` rows, and of fewer where their texts are long."""
    some, characters = Block([], []), 0
    for row in rows:
        some.lines.append(row.line)
        some.table.append(row.cells)
        characters += sum(len(c) for c in row.cells if isinstance(c, str))
        if len(some.lines) == BLOCK or characters > BLOCK_CHARACTERS:
            yield some
            some, characters = Block([], []), 0
    yield some


@attrs.frozen
class Sheet:
    """One table of a file; its rows start afresh at every call. ``ragged``: rows may differ in length.

    ``quoted``: texts carry the sign that keeps spreadsheet programs from taking them for formulas.
    ``source``: the file it is read from. ``merges``: the merged ranges, each ((top, left), (bottom, right)) from 0.
    ``height``: about how many lines it has, 0 where that is not known beforehand.
    """

    name: str
    ragged: bool
    _blocks: Callable[[], Iterator[Block]]
    quoted: bool = False
    hidden: bool = False
    source: Path | None = None
    merges: tuple[Merge, ...] = attrs.field(default=(), repr=False)
    height: int = 0

    def blocks(self) -> Iterator[Block]:
        """The rows, blank ones left out, many at a time."""
        for block in self._blocks():
            yield block if _all_begin(block.table) else block.without(
                {i for i, cells in enumerate(block.table) if all(map(_blank, cells))}
            )

    def rows(self) -> Iterator[Row]:
        """The rows, blank ones left out."""
        for block in self.blocks():
            yield from map(Row, block.lines, block.table)


def _all_begin(table: list[list[Any]]) -> bool:
    """Whether every row begins with a text, as those of nearly every block do: then none is blank."""
    begins = [cells[0] for cells in table if cells]
    return len(begins) == len(table) and {cell.__class__ for cell in begins} == {str} and all(map(str.strip, begins))


def _blank(cell: object) -> bool:
    if isinstance(cell, str):
        return not cell or cell.isspace()
    return cell is None or (isinstance(cell, DamagedCell) and not cell.shown)


def refused(path: Path, zh: str, en: str, **values: object) -> FileRefused:
    """The error for one file."""
    return FileRefused(Label(f"{{file}}：{zh}", f"{{file}}: {en}"), file=file_name(path.name), **values)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turns every failure of the disk or of the encoding into a sentence."""
    try:
        yield
    except OSError as error:
        raise refused(
            path, "读不出来（{why}）；请核对权限和位置", "cannot be read ({why}); check the permissions and the place",
            why=error.strerror or type(error).__name__,
        ) from None
    except UnicodeDecodeError:
        raise refused(path, "编码不是 UTF-8；请另存", "the encoding is not UTF-8; save it again") from None


def open_sheets(path: Path) -> list[Sheet]:
    """The tables in a file, in its own order. Raises :class:`FileRefused` with one clear sentence."""
    with _readable(path):
        if path.is_dir():
            raise refused(path, "是一个文件夹；请指明其中的文件", "is a folder; name a file in it")
        if not path.is_file():
            raise refused(path, "找不到这个文件；请核对文件名和位置", "there is no such file; check its name and place")
        with path.open("rb") as file:
            head = file.read(8)
        if not head:
            raise refused(path, "文件是空的；请核对是否传错了文件", "the file is empty; check whether it is the right one")
        return _sheets(path, head)


def _sheets(path: Path, head: bytes) -> list[Sheet]:
    ending = path.suffix.lower()
    if head.startswith(_PDF):
        raise refused(path, "是 PDF，不是表格；请向报送单位要 .xlsx 或 .csv", "a PDF, not a table; ask its sender for the .xlsx or .csv")
    if ending in _TEXT_ENDINGS:
        if head.startswith((_ZIP, _OLE)):
            raise refused(
                path,
                "名为文本，其实是表格工作簿；请改名为 .xlsx 或另存",
                "named as text, but it is a workbook; rename it to .xlsx or save it again",
            )
        return [_text_sheet(path, head)]
    if ending == ".jsonl":
        return [_json_sheet(path)]
    if ending in _BOOK_ENDINGS:
        from commlms.ingest.workbooks import book_sheets

        return book_sheets(path, head)
    raise refused(
        path, "只读 .xlsx、.xls、.et、.ods 和 .csv；请另存为其中一种",
        "only .xlsx, .xls, .et, .ods and .csv are read; save it as one of these",
    )


def _text_sheet(path: Path, head: bytes) -> Sheet:
    encoding, height = ("utf-16", 0) if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else _encoding(path)
    if encoding == "utf-16":
        _check_utf16(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(65_536))

    def blocks() -> Iterator[Block]:
        csv.field_size_limit(FIELD_LIMIT)
        with _readable(path), path.open("rb") as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as file:
            # Strict: a quote that is never closed would swallow the rest of the file as one value.
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            table: list[list[str]] = []
            try:
                while True:
                    begins, at = reader.line_num, raw.tell()
                    while len(table) < BLOCK and raw.tell() - at <= BLOCK_CHARACTERS:
                        before = len(table)
                        table.extend(islice(reader, _STEP))
                        if len(table) == before:
                            break
                    if not table:
                        return
                    lines = _lines(begins + 1, table, reader.line_num)
                    yield Block(lines, table)
                    table = []
            except csv.Error:
                raise refused(
                    path,
                    "第 {line} 行读不下去：可能少了或多了一个引号，请核对",
                    "line {line} cannot be read: there may be a quote too few or too many; check it",
                    line=begins + 1 + sum(map(_height, table)),
                ) from None

    return Sheet("", True, blocks, quoted=True, source=path, height=height)


def _height(cells: list[str]) -> int:
    """How many lines of the file a row takes: one more for each line break inside a cell."""
    return 1 + sum(c.count("\n") + c.count("\r") - c.count("\r\n") for c in cells)


def _lines(first: int, table: list[list[str]], last: int) -> list[int]:
    """The line each row begins on."""
    if last - first + 1 == len(table):
        return list(range(first, last + 1))
    return list(accumulate(map(_height, table[:-1]), initial=first))


def _delimiter(sample: str) -> str:
    """The sign that cuts the greatest share of the rows into the same number of cells; title rows have their own."""

    def score(sign: str) -> tuple[float, int]:
        try:
            widths = Counter(map(len, islice(csv.reader(sample.splitlines(keepends=True), delimiter=sign), _SAMPLED)))
        except csv.Error:
            return (0, 0)
        filled = sum(rows for width, rows in widths.items() if width)
        return max(((rows / filled, width) for width, rows in widths.items() if width > 1), default=(0, 0))

    return max(",\t;", key=score)


def _json_number(text: str) -> str | float:
    """A decimal as it is written; one in scientific notation as the number it is, refused if too long to be exact."""
    return float(text) if "e" in text.lower() else text


def _json_sheet(path: Path) -> Sheet:
    """JSON lines: one object a line, its keys the columns; line 1 of the sheet is the header made of them."""

    def objects() -> Iterator[tuple[int, dict[str, Any]]]:
        with _readable(path), path.open(encoding="utf-8-sig") as file:
            for line, text in enumerate(file, start=1):
                if not text.strip():
                    continue
                try:
                    found = json.loads(text, parse_float=_json_number)
                except (ValueError, RecursionError):
                    found = None
                if not isinstance(found, dict):
                    raise refused(path, "第 {line} 行不是 JSON 对象；请核对这一行", "line {line} is not a JSON object; check it", line=line)
                yield line, found

    def rows() -> Iterator[Row]:
        names = list(dict.fromkeys(name for _, found in objects() for name in found))
        yield Row(0, list(names))
        for line, found in objects():
            yield Row(line, ["" if found.get(n) is None else found[n] for n in names])

    return Sheet("", False, lambda: in_blocks(rows()), source=path)


def _check_utf16(path: Path) -> None:
    """"Unicode text" of a spreadsheet program, from beginning to end."""
    try:
        with path.open(encoding="utf-16", newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeError:
        raise refused(path, "编码已损坏；请另存为 .xlsx", "the encoding is damaged; save it as .xlsx") from None


def _encoding(path: Path) -> tuple[str, int]:
    """UTF-8 (with or without BOM) if the whole file is; else GB18030 if it is; else the file is refused. And how many lines it has."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        line = 1
        try:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    if (at := block.find(b"\0")) >= 0:
                        raise refused(
                            path, "第 {line} 行含有空字符（NUL），不是文本文件；请用表格软件打开后另存为 .xlsx",
                            "line {line} contains a NUL byte; this is not a text file. Open it in a spreadsheet program, save it as .xlsx",
                            line=line + block.count(b"\n", 0, at),
                        )
                    decoder.decode(block)
                    line += block.count(b"\n")
                decoder.decode(b"", final=True)
            return encoding, line
        except UnicodeDecodeError:
            continue
    raise refused(path, "编码既不是 UTF-8 也不是 GB18030；请另存为 .xlsx", "the encoding is neither UTF-8 nor GB18030; save it as .xlsx")
