"""A roster of invented newcomers: name, birth date, ID number with a right check character, home."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: Family names that nobody in the city has: a newcomer is never taken for somebody known.
_FAMILY = (
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐",
    "宇文", "长孙", "司徒", "司空", "夏侯", "闻人", "轩辕", "端木", "百里", "南宫",
)
_GIVEN = "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超秀霞平刚桂"
HEADER = ("姓名", "出生日期", "身份证号", "居住地")


def newcomers(count: int, homes: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """Rows of a roster; ``homes`` are the codes of villages. No two rows have one ID number."""
    for n in range(count):
        year, month, day = 1940 + n * 7 % 75, 1 + n % 12, 1 + n % 28
        # The area 990101 belongs to nowhere.
        first = f"990101{year}{month:02d}{day:02d}{n // 75 % 1000:03d}"
        check = "10X98765432"[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]
        name = _FAMILY[n % 20] + _GIVEN[n // 20 % 22] + _GIVEN[n // 440 % 22]
        yield name, f"{year}-{month:02d}-{day:02d}", first + check, homes[n * 37 % len(homes)]


def write_csv(path: Path, count: int, homes: list[str]) -> Path:
    """The roster as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(newcomers(count, homes))
    return path


def write_xlsx(path: Path, count: int, homes: list[str]) -> Path:
    """The same roster as a workbook, every cell a text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    sheet.append(HEADER)
    for row in newcomers(count, homes):
        sheet.append(row)
    book.save(path)
    return path
