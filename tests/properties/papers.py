"""Random papers as two streets send them: real files of every shape, each with how many lines it has that count or are left out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs
import openpyxl
import xlwt
from hypothesis import strategies as st

from tests.ingest.clerk import id_number

STREETS = ("大渡口街道", "清香坪街道")
#: Name, ID number, birth date, home: known by each strength, namesakes, too little, and wrong.
PEOPLE = (
    ("王芳", id_number("1955-08-09"), "", ""), ("孙梅", id_number("1949-03-04", serial=7), "", ""), ("王芳", "", "1960-01-02", ""),
    ("王芳", "", "", ""), ("李雷", "", "1970-05-06", ""), ("赵新", "", "1951", "幸福社区"), ("赵新", "", "1951", ""), ("钱多", "", "", ""),
    ("坏人", "990101195508091234", "", ""), ("吴远", "", "1952-02-03", "没有这个村"),
)
#: Those who are known for certain, whoever else was there before them.
SURE = (0, 1, 2, 4)
Line = Sequence[Any]


@attrs.frozen
class Sheet:
    """One sheet: its lines, and how many of them are facts or lines that are not counted."""

    name: str
    lines: tuple[Line, ...]
    read: int


@attrs.frozen
class Paper:
    """One file. ``ending`` says how it is written; a text file has one sheet."""

    stem: str
    ending: str
    sheets: tuple[Sheet, ...]

    @property
    def read(self) -> int:
        """The lines that must be found again in the sum of what became of the file."""
        return sum(s.read for s in self.sheets)

    def write(self, folder: Path, moment: int) -> Path:
        """The file, last changed at a moment of its own."""
        path = folder / f"{self.stem}.{self.ending}"
        _WRITERS[self.ending](path, self.sheets)
        os.utime(path, (1_660_000_000 + moment, 1_660_000_000 + moment))
        return path


def write(folder: Path, papers: Iterable[Paper]) -> dict[Path, Paper]:
    """The files, each of another moment; of one name only the last is there."""
    return {paper.write(folder, number): paper for number, paper in enumerate(papers)}


def _csv(path: Path, sheets: Sequence[Sheet]) -> None:
    width = max(map(len, sheets[0].lines))
    lines = ("," .join(str(c) for c in (*line, *[""] * (width - len(line)))) + "\n" for line in sheets[0].lines)
    path.write_text("".join(lines), encoding="utf-8")


def _xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for line in sheet.lines:
            page.append(list(line))
        page.merge_cells("A1:C1")
    book.save(path)


def _xls(path: Path, sheets: Sequence[Sheet]) -> None:
    book = xlwt.Workbook()
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        for y, line in enumerate(sheet.lines):
            for x, cell in enumerate(line):
                page.write(y, x, cell)
    book.save(str(path))


_WRITERS: dict[str, Callable[[Path, Sequence[Sheet]], None]] = {"csv": _csv, "xlsx": _xlsx, "xls": _xls, "et": _xls}


# -- shapes -------------------------------------------------------------------------------------


def ledger(street: str, later: str, ending: str, month: int, rows: Sequence[tuple[int, str, Any]]) -> Paper:
    """Activities with how many were there, a total and a signature below."""
    return Paper(f"{street}台账{later}", ending, (_ledger(street, month, rows),))


def yearbook(street: str, ending: str, months: Sequence[Sequence[tuple[int, str, Any]]]) -> Paper:
    """A sheet per month."""
    return Paper(f"{street}全年台账", ending, tuple(_ledger(street, m, rows) for m, rows in enumerate(months, start=3)))


def _ledger(street: str, month: int, rows: Sequence[tuple[int, str, Any]]) -> Sheet:
    lines = [[f"{street}2022年{month}月活动台账"], ["活动日期", "活动主题", "参加人数"]]
    lines += [[f"{month}月{day}日", theme, n] for day, theme, n in rows]
    return Sheet(f"{month}月", (*lines, ["合计", "", 99], ["填表人：赵某"]), len(rows) + 2)


def sign_in(street: str, ending: str, day: int, people: Sequence[int]) -> Paper:
    """The activity stands above the names."""
    lines = [[f"{street}签到表"], ["活动主题：茶艺", f"时间：2022年3月{day}日"], ["序号", "姓名", "身份证号", "出生日期", "居住地"]]
    lines += [[str(n), *PEOPLE[i]] for n, i in enumerate(people, start=1)]
    return Paper(f"{street}签到{day}日", ending, (Sheet("签到", tuple(lines), len(people)),))


def grid(street: str, ending: str, people: Sequence[tuple[int, str]]) -> Paper:
    """People down, three days across; a mark that the legend does not name is one more fact, and wrong."""
    lines = [[f"{street}2022年3月合唱考勤表"], ["姓名", "身份证号", "出生日期", "居住地", "3月1日", "3月8日", "3月15日"]]
    lines += [[*PEOPLE[i], *marks] for i, marks in people]
    told = sum(marks.count("√") + marks.count("?") or 1 for _, marks in people)
    return Paper(f"{street}考勤", ending, (Sheet("3月", (*lines, ["图例：√出勤 ×缺勤"]), told + 1),))


def attendance(street: str, ending: str, rows: Sequence[tuple[int, str, int]]) -> Paper:
    """A plain table of who came to what."""
    lines = [[f"{street}2022年3月参加名单"], ["活动日期", "活动主题", "姓名", "身份证号", "出生日期", "居住地"]]
    lines += [[f"2022-03-{day:02d}", theme, *PEOPLE[i]] for day, theme, i in rows]
    return Paper(f"{street}名单", ending, (Sheet("名单", tuple(lines), len(rows)),))


def nil(street: str, month: int) -> Paper:
    """Nothing to report."""
    lines = ([f"{street}2022年{month}月活动台账"], ["活动日期", "活动主题", "参加人数"], ["本月无活动"])
    return Paper(f"{street}{month}月零报告", "csv", (Sheet("零报告", lines, 1),))


# -- strategies ---------------------------------------------------------------------------------

streets = st.sampled_from(STREETS)
endings = st.sampled_from(["csv", "xlsx", "xls", "et"])
books = st.sampled_from(["xlsx", "xls"])
days, themes = st.integers(1, 6), st.sampled_from(["茶艺", "书法", "合唱"])


def activities(numbers: Sequence[Any]) -> st.SearchStrategy[list[tuple[int, str, Any]]]:
    return st.lists(st.tuples(days, themes, st.sampled_from(numbers)), min_size=1, max_size=5, unique_by=lambda r: r[:2])


def papers(people: Sequence[int] = range(len(PEOPLE)), numbers: Sequence[Any] = (10, 20, "约30", "许多")) -> st.SearchStrategy[Paper]:
    """A paper of any shape, with some of these people and numbers."""
    some, rows = st.sampled_from(people), activities(numbers)
    versions = st.sampled_from(["", "（补报）", "（重报）", "（最终）"])
    return st.one_of(
        st.builds(ledger, streets, versions, endings, st.just(3), rows),
        st.builds(yearbook, streets, books, st.lists(rows, min_size=1, max_size=2)),
        st.builds(sign_in, streets, endings, days, st.lists(some, min_size=1, max_size=5)),
        st.builds(grid, streets, endings, st.lists(st.tuples(some, st.text("√×?", min_size=3, max_size=3)), min_size=1, max_size=4)),
        st.builds(attendance, streets, endings, st.lists(st.tuples(days, themes, some), min_size=1, max_size=5)),
        st.builds(nil, streets, st.integers(3, 4)),
    )
