"""Tables going out: CSV, XLSX or JSON lines, with every text made harmless to spreadsheet programs."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from commlms.core.errors import FileRefused
from commlms.core.labels import Label

_RISKY = ("=", "+", "-", "@")


def harmless(text: str) -> str:
    """A text that no spreadsheet program takes for a formula; importing it takes the sign off again."""
    return f"'{text}" if text[:1] in _RISKY or (text[:1] == "'" and text[1:2] in (*_RISKY, "'")) else text


def write_table(path: Path, rows: Iterable[list[Any]], title: str) -> None:
    """Write rows, the header first, in the format that the ending names (.csv, .xlsx, .jsonl)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ending = path.suffix.lower()
    if ending in (".csv", ".jsonl"):
        with path.open("w", encoding="utf-8-sig" if ending == ".csv" else "utf-8", newline="") as file:
            write_stream(file, rows, ending[1:])
    elif ending == ".xlsx":
        _write_book(path, rows, title)
    else:
        raise FileRefused(
            Label("只能写 .xlsx、.csv 或 .jsonl：{file}", "only .xlsx, .csv or .jsonl can be written: {file}"), file=path.name
        )


def write_stream(file: TextIO, rows: Iterable[list[Any]], form: str) -> None:
    """The same to an open text file; ``form`` is ``csv`` or ``jsonl``."""
    if form == "csv":
        csv.writer(file).writerows([_text(c) for c in row] for row in rows)
        return
    walk: Iterator[list[Any]] = iter(rows)
    names = next(walk, [])
    for row in walk:
        file.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n")


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return harmless(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def _write_book(path: Path, rows: Iterable[list[Any]], title: str) -> None:
    try:
        import openpyxl
    except ImportError:
        raise FileRefused(Label(
            "写 .xlsx 需要安装 commlms[xlsx]；可改写 .csv", "writing .xlsx needs commlms[xlsx] installed; .csv works without"
        )) from None
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(title[:31])
    for row in rows:
        page.append([book_cell(page, c) for c in row])
    book.save(path)


def book_cell(page: Any, value: Any) -> Any:
    """A cell that keeps its kind: texts stay texts, so that no digit of a code is lost on the way back."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", harmless(value))[:32_767])
        cell.number_format, cell.data_type = "@", "s"
        return cell
    return value if isinstance(value, (int, float, bool, dt.date, dt.time, dt.timedelta)) else "" if value is None else str(value)
