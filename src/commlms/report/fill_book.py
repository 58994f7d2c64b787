"""A received workbook, filled: styles, merges, formulas and everything else stay."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from commlms.core.text import harmless, is_total, visible
from commlms.report.answers import Answer, Answers
from commlms.report.bindings import Asked, RowsBinding
from commlms.report.fill import NOTES, damaged, missing, notes

#: Parts of a workbook that are not carried over as they are, by how their names begin.
_NOT_KEPT = ("xl/drawings/", "xl/charts/", "xl/media/", "xl/ctrlProps/", "xl/activeX/", "xl/embeddings/")
_WIDTHS = (14, 22, 10, 34, 50, 50, 12, 12, 12, 30)


def fill_book(form: Path, draft: Path, answers: Answers) -> tuple[list[Answer], list[str]]:
    """Fill a workbook into ``draft``; gives every figure, and the parts that are not carried over."""
    try:
        import openpyxl
    except ImportError:
        raise missing("openpyxl") from None
    try:
        with zipfile.ZipFile(form) as archive:
            lost = sorted({n.split("/")[1] for n in archive.namelist() if n.startswith(_NOT_KEPT)})
        book = openpyxl.load_workbook(form, keep_vba=form.suffix.lower() == ".xlsm", rich_text=True)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except Exception:  # what a damaged workbook raises is of many kinds
        raise damaged(form) from None
    found: list[Answer] = []
    for page, at, asked, place in _asked(book, answers):
        answer = answers.at(asked, f"{page.title}!{at}", place)
        _write(page[at], answer)
        found.append(answer)
    _explain(book, answers, found)
    book.calculation.fullCalcOnLoad = True  # what the form computes from the cells is computed anew when it is opened
    book.save(draft)
    return found, lost


def _asked(book: Any, answers: Answers) -> Iterator[tuple[Any, str, Asked, int | None]]:
    """Every cell that is bound: its sheet, its name, what it asks, the place that its line names."""
    taken: set[tuple[str, str]] = set()
    for binding in answers.bindings.cells:
        page = _page(book, binding.sheet, binding.asked, answers)
        yield page, _free(page, binding.at, binding.asked, answers, taken), binding.asked, None
    for rows in answers.bindings.rows:
        page = _page(book, rows.sheet, next(iter(rows.asked.values())), answers)
        for line, place in _places(page, rows, answers):
            for column, asked in rows.asked.items():
                yield page, _free(page, f"{column}{line}", asked, answers, taken), asked, place


def _page(book: Any, name: str, asked: Asked, answers: Answers) -> Any:
    if not name:
        return book.worksheets[0]
    if name not in book.sheetnames:
        have = "、".join(book.sheetnames)
        raise answers.bindings.wrong(asked.line, f"表中没有工作表「{name}」；有：{have}", f"the form has no sheet {name}; it has: {have}")
    return book[name]


def _free(page: Any, at: str, asked: Asked, answers: Answers, taken: set[tuple[str, str]]) -> str:
    """The cell, if a figure may be written there."""
    from openpyxl.cell.cell import MergedCell

    cell, wrong, where = page[at], answers.bindings.wrong, f"{page.title}!{at}"
    if isinstance(cell, MergedCell):
        first = next(r for r in page.merged_cells.ranges if at in r).coord.split(":")[0]
        raise wrong(asked.line, f"{where} 是合并单元格的一部分；请绑定 {first}", f"{where} is part of a merged cell; bind {first}")
    if cell.data_type == "f":
        raise wrong(asked.line, f"{where} 里是公式，不能盖掉；请绑定公式所引用的格", f"{where} holds a formula; bind what it reads")
    if (page.title, at) in taken:
        raise wrong(asked.line, f"{where} 绑定了两次；请删去一处", f"{where} is bound twice; delete one of the two")
    taken.add((page.title, at))
    return at


def _places(page: Any, rows: RowsBinding, answers: Answers) -> Iterator[tuple[int, int]]:
    """The lines that name a place, with it; blank ones and totals are left as they are."""
    asked = next(iter(rows.asked.values()))
    figures, _ = answers.figures(asked)
    top = answers.top("", figures)
    for line in range(rows.first, rows.last + 1):
        cell = page[f"{rows.place_in}{line}"]
        text = "" if cell.value is None else str(cell.value).strip()
        if not text or is_total(text):
            continue
        found = [p for p in figures.geography.find(text, figures.period.last, top) if p in figures.tree.nodes]
        if len(found) != 1:
            where = f"{page.title}!{rows.place_in}{line}"
            names = "、".join(f"{s.code} {s.name}" for p in found[:5] if (s := figures.geography.at(p, figures.period.last)))
            zh, en = (f"可以是：{names}；请改写代码", f"could be any of {names}; write the code") if found else (
                "不是已知的地点；请写代码或全名", "is no known place; write its code or full name")
            raise answers.bindings.wrong(asked.line, f"{where} {zh}", f"{where} {en}")
        yield line, found[0]


def _write(cell: Any, answer: Answer) -> None:
    """One figure into its cell; a percentage into a cell that shows percentages as the share it is."""
    value = answer.value
    if isinstance(value, Decimal) and answer.share and "%" in cell.number_format:
        value = value.scaleb(-2)
    cell.value = harmless(value) if isinstance(value, str) else value


def _explain(book: Any, answers: Answers, found: list[Answer]) -> None:
    """Add the sheet that says where every figure is from; a form that has one of that name gets another beside it."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(NOTES.say(answers.lang))
    for row in notes(answers, found):
        page.append([visible(harmless(v)) if isinstance(v, str) else v for v in row])
        for cell in page[page.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=len(row) == 1 or page.max_row == 1)
    for number, width in enumerate(_WIDTHS, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
