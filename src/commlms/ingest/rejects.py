"""Rejected rows with their reasons, in a file that can be corrected and imported again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from commlms.core.labels import Label, Lang
from commlms.core.problems import Problem
from commlms.ingest.columns import Header
from commlms.ingest.readers import Sheet
from commlms.store.sheets import write_table

_REASON = Label("问题", "problem")
_LINE = Label("原行号", "line")


def write_rejects(path: Path, sheet: Sheet, header: Header, problems: list[Problem], lang: Lang) -> None:
    """Write the rows that have problems, as they came, with line and reason behind them."""
    by_line: dict[int, list[Problem]] = {}
    for p in problems:
        by_line.setdefault(p.line, []).append(p)
    rows = _rows(sheet, header, by_line, lang)
    write_table(path, rows, "rejects")


def _rows(sheet: Sheet, header: Header, by_line: dict[int, list[Problem]], lang: Lang) -> Iterator[list[Any]]:
    for row in sheet.rows():
        if row.line == header.line:
            cells = row.cells[: header.width]
            yield [*cells, _LINE.say(lang), _REASON.say(lang)]
        elif row.line in by_line:
            cells = list(row.cells[: header.width])
            cells += [""] * (header.width - len(cells))
            reasons = "；".join(_reason(p, lang) for p in by_line[row.line])
            yield [*cells, row.line, reasons]


def _reason(problem: Problem, lang: Lang) -> str:
    text = problem.label().say(lang)
    return f"{problem.cell}：{text}" if problem.cell and lang == "zh" else f"{problem.cell}: {text}" if problem.cell else text
