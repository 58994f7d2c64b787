"""Rejected rows with their reasons, in a file that can be corrected and imported again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from commlms.core.errors import FileRefused
from commlms.core.kinds import DamagedCell
from commlms.core.labels import Label, Lang
from commlms.core.problems import Problem
from commlms.core.text import unguarded
from commlms.ingest.columns import EXTRA, Header
from commlms.ingest.load import ImportResult
from commlms.ingest.readers import Sheet
from commlms.store.sheets import check_writable, write_table, writes_books

#: How many characters of the imported file's name the rejects file repeats.
_STEM = 60
_REASON = Label("问题", "problem")
_LINE = Label("原行号", "line")


class RejectsNotWritten(FileRefused):
    """The import is done, but its rejects file could not be written; ``result`` is what the import did."""

    label = Label(
        "被拒的行没有写出：{why}。导入本身已完成，再导入同一文件不会重复",
        "the rejected rows were not written: {why}. The import itself is done; importing the same file again doubles nothing",
    )

    def __init__(self, result: ImportResult, why: FileRefused) -> None:
        self.result = result
        super().__init__(why=Label(why.say("zh"), why.say("en")))


def free_name(path: Path) -> Path:
    """Where the rejected rows of a file go by themselves: never where a file is, which somebody may be correcting.

    Beside the file, or in the current folder if nothing can be written there. A workbook, or plain text where nothing
    is installed that writes workbooks.
    """
    folder = path.parent if os.access(path.parent, os.W_OK) else Path()
    stem, ending = f"{path.stem[:_STEM]}-rejects", ".xlsx" if writes_books() else ".csv"
    names = (folder / f"{stem}{'' if n == 1 else f'-{n}'}{ending}" for n in count(1))
    return next(name for name in names if not name.exists())


def write_rejects(path: Path, sheet: Sheet, header: Header, problems: list[Problem], lang: Lang) -> None:
    """Write the rows that have problems, as they came, with line and reason behind them.

    Raises :class:`FileRefused` where that cannot be, above all where ``path`` is the file that was read.
    """
    if sheet.source is not None:
        check_rejects(path, sheet.source)
    by_line: dict[int, list[Problem]] = {}
    for p in problems:
        by_line.setdefault(p.line, []).append(p)
    rows = _rows(sheet, header, by_line, lang)
    write_table(path, rows, "rejects")


def check_rejects(path: Path, source: Path) -> None:
    """Refuse a rejects file that cannot be written as named, or that would replace the file being read. To be asked before."""
    try:
        folder, same = path.is_dir(), path.resolve() == source.resolve() or (path.exists() and source.exists() and path.samefile(source))
    except OSError:
        raise FileRefused(Label("{file} 不能作为文件名", "{file} cannot be a file's name"), file=path.name[:40]) from None
    if folder:
        raise FileRefused(Label("{file} 是一个文件夹；请写出文件名", "{file} is a folder; name a file in it"), file=path.name)
    if same:
        raise FileRefused(Label(
            "被拒行不能写进正在导入的文件 {file}；请换一个文件名",
            "rejected rows cannot replace {file}, which is being imported; choose another name",
        ), file=path.name)
    check_writable(path)


def _rows(sheet: Sheet, header: Header, by_line: dict[int, list[Problem]], lang: Lang) -> Iterator[list[Any]]:
    """The header and the bad rows; what a row has too many stands in columns of its own, so that nothing is lost."""
    widest = max((len(row.cells) for row in sheet.rows() if row.line in by_line), default=0)
    width = max(header.width, widest)
    for row in sheet.rows():
        if row.line != header.line and row.line not in by_line:
            continue
        cells = [_as_read(c, sheet.quoted) for c in row.cells[:width]]
        if row.line == header.line:
            cells = [*cells[: header.width], *([EXTRA.say(lang)] * (width - header.width))]
            yield [*cells, _LINE.say(lang), _REASON.say(lang)]
            continue
        cells += [""] * (width - len(cells))
        yield [*cells, row.line, "；".join(_reason(p, lang) for p in by_line[row.line])]


def _as_read(cell: Any, quoted: bool) -> Any:
    """A cell without the sign that the writing of the file puts in front again."""
    if isinstance(cell, str):
        return unguarded(cell) if quoted else cell
    return str(cell) if isinstance(cell, (DamagedCell, list, dict)) else cell


def _reason(problem: Problem, lang: Lang) -> str:
    text = problem.label().say(lang)
    return f"{problem.cell}：{text}" if problem.cell and lang == "zh" else f"{problem.cell}: {text}" if problem.cell else text
