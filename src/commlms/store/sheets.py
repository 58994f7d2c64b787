"""Tables going out: CSV, XLSX or JSON lines, with every text made harmless to spreadsheet programs."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from commlms.core.errors import FileRefused
from commlms.core.labels import Label
from commlms.core.text import harmless, json_text, visible

#: Characters that stand for others in a workbook: a return, and what is written like such a character.
_ESCAPED = re.compile(r"\r|_(?=x[0-9A-Fa-f]{4}_)")
#: What no sheet's name can hold.
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\\]")


#: Rows may name people: a new file of them is nobody else's to read. One that is replaced stays as open as it was.
_OWNER_ONLY = 0o600


def write_table(path: str | Path, rows: Iterable[list[Any]], title: str) -> None:
    """Write rows, the header first, in the format that the ending names (.csv, .xlsx, .jsonl), in a folder that exists.

    The whole file or none: what stood there before stays until the new one is complete.
    ``title`` names the sheet of a workbook. Raises :class:`FileRefused` where the file cannot be written.
    """
    path = Path(path)
    check_ending(path)
    ending = path.suffix.lower()
    with replacing(path) as draft:
        draft.touch(mode=_OWNER_ONLY)
        if ending == ".xlsx":
            _write_book(draft, {title: rows})
            return
        with draft.open("w", encoding="utf-8-sig" if ending == ".csv" else "utf-8", newline="") as file:
            write_stream(file, rows, ending[1:])


def write_sheets(path: str | Path, sheets: Mapping[str, list[list[Any]]]) -> None:
    """Write several tables under their titles into one workbook, or below each other where the ending is not .xlsx.

    The whole file or none, as :func:`write_table` does; raises :class:`FileRefused` as it does.
    """
    path = Path(path)
    check_ending(path)
    with replacing(path) as draft:
        draft.touch(mode=_OWNER_ONLY)
        if path.suffix.lower() == ".xlsx":
            _write_book(draft, sheets)
            return
        with draft.open("w", encoding="utf-8-sig", newline="") as file:
            write_stream(file, (row for rows in sheets.values() for row in rows), "csv")


def check_writable(path: Path) -> None:
    """Raises :class:`FileRefused` if a file cannot be written there now: to be asked before work that cannot be repeated."""
    check_ending(path)
    with replacing(path, keep=True) as draft:
        draft.touch()


@contextmanager
def replacing(path: Path, keep: bool = False) -> Iterator[Path]:
    """A new file beside ``path`` that takes its place at the end (unless ``keep``); a failure leaves nothing of it."""
    draft = path.resolve().with_name(f".commlms-{secrets.token_hex(4)}.part")
    try:
        if not path.parent.is_dir():
            raise FileRefused(
                Label("没有文件夹 {folder}；请先建立，或换一个位置", "there is no folder {folder}; make it, or choose another place"),
                folder=path.parent.name,
            )
        if path.exists():
            # Replacing would get round a file's own protection, and round the program that has it open.
            path.open("ab").close()
        yield draft
        if not keep:
            if path.exists():
                shutil.copymode(path, draft)
            draft.replace(path.resolve())
    except OSError as error:
        raise FileRefused(
            Label(
                "写不了 {file}：{why}；请换一个位置，或关掉正打开它的程序",
                "{file} cannot be written: {why}; choose another place, or close the program that has it open",
            ),
            file=path.name,
            why=error.strerror or type(error).__name__,
        ) from None
    finally:
        with suppress(OSError):
            draft.unlink()


def check_ending(path: Path) -> None:
    """Raises :class:`FileRefused` if the name's ending is no format that can be written here."""
    if path.suffix.lower() not in (".csv", ".jsonl", ".xlsx"):
        raise FileRefused(
            Label("只能写 .xlsx、.csv 或 .jsonl：{file}", "only .xlsx, .csv or .jsonl can be written: {file}"), file=path.name
        )
    if path.suffix.lower() == ".xlsx" and not writes_books():
        raise FileRefused(Label(
            "写 .xlsx 需要安装 commlms[xlsx]；可改写 .csv", "writing .xlsx needs commlms[xlsx] installed; .csv works without"
        ))


def writes_books() -> bool:
    """Whether what writes workbooks is installed."""
    return importlib.util.find_spec("openpyxl") is not None


def write_stream(file: TextIO, rows: Iterable[list[Any]], form: str) -> None:
    """The same to an open text file; ``form`` is ``csv`` or ``jsonl``."""
    if form == "csv":
        csv.writer(file).writerows([_text(c) for c in row] for row in rows)
        return
    walk: Iterator[list[Any]] = iter(rows)
    names = next(walk, [])
    for row in walk:
        file.write(json_text(dict(zip(names, row, strict=True)), getattr(file, "encoding", None)) + "\n")


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return visible(harmless(cell)) if isinstance(cell, str) else "" if cell is None else str(cell)


def _escape(found: re.Match[str]) -> str:
    return "_x000D_" if found[0] == "\r" else "_x005F_"


def _write_book(path: Path, sheets: Mapping[str, Iterable[list[Any]]]) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    with path.open("wb") as file:
        for title, rows in sheets.items():
            page = book.create_sheet(_FORBIDDEN.sub("_", title)[:31])
            with closing(page):
                for row in rows:
                    page.append([book_cell(page, c) for c in row])
        book.save(file)


def book_cell(page: Any, value: Any) -> Any:
    """A cell that keeps its kind: texts stay texts, so that no digit of a code is lost on the way back."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, str):
        cell = WriteOnlyCell(page, _ESCAPED.sub(_escape, visible(harmless(value))[:32_767]))
        cell.number_format, cell.data_type = "@", "s"
        return cell
    return value if isinstance(value, (int, float, bool, dt.date, dt.time, dt.timedelta)) else "" if value is None else str(value)
