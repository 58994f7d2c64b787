"""What the ingest tests share: a small invented city, and files as a clerk sends them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from commlms import LMS
from commlms.core.identity import check_digit
from commlms.core.problems import Problem
from commlms.host import Host
from commlms.ingest.load import ImportResult

TODAY = dt.date(2023, 6, 30)
KEY = b"an office key only for the tests"

PLACES = (
    {"code": "5104", "name": "攀枝花市", "level": "city"},
    {"code": "510402", "name": "东区", "level": "county", "parent": "5104"},
    {"code": "510402001", "name": "大渡口街道", "level": "township", "kind": "street", "parent": "510402"},
    {"code": "510402001001", "name": "幸福社区居民委员会", "level": "village", "parent": "510402001"},
    {"code": "510403", "name": "西区", "level": "county", "parent": "5104"},
    {"code": "510403001", "name": "清香坪街道", "level": "township", "kind": "street", "parent": "510403"},
    {"code": "510403001001", "name": "幸福社区居民委员会", "level": "village", "parent": "510403001"},
)


def new_city(path: Path | None = None) -> LMS:
    """A city with two counties, two villages of one name, one school with two sessions, and three learners.

    L1 and L2 share the name 王芳 and differ in birth date; L1's ID number and home are known.
    """
    lms = empty(path)
    lms.add(list(PLACES), "place")
    lms.add([{"code": "JG1", "name": "大渡口社区学校", "place": "510402001"}], "institution")
    lms.add([
        {"code": "S1", "institution": "JG1", "on": "2022-03-05", "start": "09:00", "theme": "健康讲座", "minutes": 90},
        {"code": "S2", "institution": "JG1", "on": "2022-03-06", "start": "09:00", "theme": "合唱"},
    ], "session")
    lms.add([
        {"code": "L1", "name": "王芳", "sex": "female", "born": "1955-08-09", "id_number": L1_ID, "home": "510402001001"},
        {"code": "L2", "name": "王芳", "born": "1960-01-02"},
        {"code": "L3", "name": "李雷", "born": "1970-05-06"},
    ], "learner")
    return lms


@cache
def _host() -> Host:
    """The bundled plugins, loaded once: a host holds declarations only, never rows."""
    return Host(without=("outbox",))


def empty(path: Path | None = None) -> LMS:
    """A database without a row."""
    return LMS(path, today=TODAY, keys=[KEY], lang="zh", host=_host())


def id_number(born: str, sex: str = "female", serial: int = 0) -> str:
    """An invented ID number with a right check digit; no area of China begins with 99."""
    first = f"990101{born.replace('-', '')}{serial:02d}{1 if sex == 'male' else 2}"
    return first + check_digit(first)


L1_ID = id_number("1955-08-09")


def csv_file(folder: Path, *lines: str, name: str = "送来.csv", encoding: str = "utf-8") -> Path:
    """A text file of these lines."""
    path = folder / name
    path.write_bytes("".join(line + "\n" for line in lines).encode(encoding))
    return path


def book_file(folder: Path, rows: Iterable[Any], name: str = "送来.xlsx") -> Path:
    """A workbook with one sheet of these rows (sequences of cells), the first at line 1."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in rows:
        page.append(list(row))
    path = folder / name
    book.save(path)
    return path


def found(result: ImportResult) -> list[tuple[str, int, str]]:
    """The problems of an import as (code, line, cell)."""
    return [(p.code, p.line, p.cell) for p in result.problems]


def sentences(problems: Iterable[Problem]) -> str:
    """Every sentence in both languages."""
    return "\n".join(p.say(lang) for p in problems for lang in ("zh", "en"))


def column(lms: LMS, record: str, name: str) -> list[str]:
    """One column of a record as shown, in the order of its rows."""
    return [row.cells[name] for row in lms.rows(record)]


def dump(lms: LMS) -> list[str]:
    """The whole content of a database, in a form that can be compared."""
    return list(lms.database.connection.iterdump())


def counts(result: ImportResult) -> tuple[int, int, int, int, int, int, int]:
    """read, new, changed, unchanged, held, rejected, not counted."""
    return (
        result.read, result.new, result.changed, result.unchanged, result.held, result.rejected, result.not_counted,
    )
