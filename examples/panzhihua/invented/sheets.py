"""A messy file in the making: its columns, title rows and lines, and what is known to be wrong in it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import openpyxl
from openpyxl.utils import get_column_letter

#: Marks of a line that is no row of data; every other mark is the code of what is wrong with the row.
GOOD, TOTAL, BLANK = "", "total", "blank"
Cells = Mapping[str, object]
#: What is wrong with a row: the fields to overwrite, or a function that gives a whole row of cells.
Fault = Mapping[str, object] | Callable[[], Cells | None]


@dataclass(slots=True)
class Line:
    """One line below the header; ``cells`` in the order of the columns."""

    cells: list[object]
    mark: str = GOOD


@dataclass
class Sheet:
    """One file. ``columns`` maps what the generator calls a field to the header word of this file.

    ``encoding`` is that of a text file, or empty for a workbook; ``titles`` are rows above the header.
    """

    file: str
    record: str
    under: str
    columns: dict[str, str]
    encoding: str = ""
    titles: tuple[str, ...] = ()
    lines: list[Line] = field(default_factory=list)

    @property
    def is_book(self) -> bool:
        """Whether it is an .xlsx workbook."""
        return not self.encoding

    def cells(self, row: Cells) -> list[object]:
        """A row's cells in the order of the columns; what the row does not give is empty."""
        return [row.get(name, "") for name in self.columns]

    def add(self, row: Cells, mark: str = GOOD) -> None:
        """Append a row."""
        self.lines.append(Line(self.cells(row), mark))

    def spoil(
        self, rng: Random, fresh: Callable[[], dict[str, object]], faults: Mapping[str, Fault], share: float = 0.01,
    ) -> None:
        """Mix in about ``share`` wrong rows, each fault at least once, at random lines.

        ``fresh`` gives a right row that is not in the file; a fault spoils it in one way.
        """
        good = self.lines
        if not good:
            return
        kinds = [*faults, "duplicate"] + ([] if self.is_book else ["row_short", "row_long"])
        many = max(len(kinds), round(len(good) * share))
        places = sorted((rng.randrange(len(good) // 4, len(good)) for _ in range(many)), reverse=True)
        wrong = [kinds[n % len(kinds)] for n in range(many)]
        rng.shuffle(wrong)
        mixed: list[Line] = []
        for n, line in enumerate(good):
            while places and places[-1] <= n:
                places.pop()
                mixed.append(self._wrong(rng, fresh, wrong.pop(), faults, good[:n] if n < 50 else good[n - 50 : n]))
            mixed.append(line)
        self.lines = [line for line in mixed if line.mark != "skip"]

    def _wrong(
        self, rng: Random, fresh: Callable[[], dict[str, object]], code: str, faults: Mapping[str, Fault],
        before: list[Line],
    ) -> Line:
        if code == "duplicate":
            return Line(list(rng.choice(before).cells), code) if before else Line([], "skip")
        if code == "row_short":
            return Line(_cut(self.cells(fresh())), code)
        if code == "row_long":
            return Line([*self.cells(fresh()), "见附件", "1"], code)
        # Several faults can show one problem: the words behind # tell them apart.
        fault, code = faults[code], code.partition("#")[0]
        row = fault() if callable(fault) else {**fresh(), **fault}
        return Line(self.cells(row), code) if row is not None else Line([], "skip")

    def number(self, index: int) -> int:
        """The line on which a person sees the line ``index``; the first of the file is 1."""
        return len(self.titles) + 2 + index

    def entry(self) -> dict[str, object]:
        """Its entry in the manifest."""
        marked = [(self.number(n), line.mark) for n, line in enumerate(self.lines) if line.mark]
        return {
            "file": self.file, "record": self.record, "under": self.under,
            "rows": sum(line.mark not in (TOTAL, BLANK) for line in self.lines),
            "wrong": [{"line": n, "code": mark} for n, mark in marked if mark not in (TOTAL, BLANK)],
            "not_counted_lines": [n for n, mark in marked if mark == TOTAL],
            "blank_lines": [n for n, mark in marked if mark == BLANK],
        }

    def write(self, folder: Path) -> None:
        """Write the file into a folder."""
        if self.is_book:
            self._write_book(folder / self.file)
            return
        with (folder / self.file).open("w", encoding=self.encoding, newline="") as file:
            out = csv.writer(file)
            width = len(self.columns) - 1
            out.writerows([title, *[""] * width] for title in self.titles)
            out.writerow(self.columns.values())
            out.writerows(line.cells for line in self.lines)

    def _write_book(self, path: Path) -> None:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Sheet1")
        for n, title in enumerate(self.titles, start=1):
            sheet.merged_cells.add(f"A{n}:{get_column_letter(len(self.columns))}{n}")
            sheet.append([title])
        sheet.append(list(self.columns.values()))
        for line in self.lines:
            sheet.append([None if cell == "" else cell for cell in line.cells])
        book.save(path)


def _cut(cells: list[object]) -> list[object]:
    """The first half of a row; more where that would be blank, for a blank line is no wrong row."""
    kept = max(2, len(cells) // 2)
    while not any(cells[:kept]):
        kept += 1
    return cells[:kept]
