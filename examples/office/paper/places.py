"""The places of the example: the real ones of Panzhihua, and two that were made up for what happens to places.

A village that ends in the middle of the year, and two villages that share an everyday name.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

PLACES = Path(__file__).resolve().parent.parent.parent / "panzhihua" / "places.csv"
CITY = "5104"
#: A village that ends on a day of the year, its township, and the everyday name that two of its neighbours share.
DISSOLVED, DISSOLVED_NAME, DISSOLVED_UNTIL = "510411102299", "红旗湾村民委员会", "2022-07-01"
SHARED_NAME, SHARED_AT = "老街上", "510411103"
#: A township and the everyday name of its first village, which cannot be had from the full one by leaving out the ending.
NICKNAMED_AT, NICKNAME = "510403002", "玉泉坝"


@dataclass
class Township:
    """A township that sends files: its code, name and county, its villages by code, and the one school at it."""

    code: str
    name: str
    county: str
    villages: dict[str, str] = field(default_factory=dict)

    @property
    def school(self) -> str:
        """The name of its only institution."""
        return f"{self.name}社区学校"


def _real() -> list[dict[str, str]]:
    with PLACES.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["代码"].startswith(CITY) and "-" not in row["代码"]]


def rows() -> list[dict[str, str]]:
    """The rows of places.csv: no everyday names but those that nothing else gives."""
    made = []
    nicknamed, shared = _villages(NICKNAMED_AT)[0], _villages(SHARED_AT)[:2]
    for row in _real():
        code = row["代码"]
        made.append({**row, "别名": NICKNAME * (code == nicknamed) + SHARED_NAME * (code in shared), "失效日期": ""})
    made.append({
        "代码": DISSOLVED, "名称": DISSOLVED_NAME, "级别": "村（社区）", "类别": "村", "城乡": "乡村", "别名": "",
        "上级代码": DISSOLVED[:9], "报送上级": "", "生效日期": "2020-01-01", "失效日期": DISSOLVED_UNTIL,
    })
    return made


def _villages(township: str) -> list[str]:
    return [row["代码"] for row in _real() if len(row["代码"]) == 12 and row["代码"].startswith(township)]


def townships() -> dict[str, Township]:
    """Every township by its code, in the order of codes."""
    real = _real()
    counties = {row["代码"]: row["名称"] for row in real if len(row["代码"]) == 6}
    found = {r["代码"]: Township(r["代码"], r["名称"], counties[r["代码"][:6]]) for r in real if len(r["代码"]) == 9}
    for row in real:
        if len(row["代码"]) == 12:
            found[row["代码"][:9]].villages[row["代码"]] = row["名称"]
    return found


def institutions() -> list[list[str]]:
    """The rows of institutions.csv: one school a township."""
    return [
        [f"XX{number:03d}", place.school, place.code, "社区学校", f"{place.name}文化站", "2016-04-01"]
        for number, place in enumerate(townships().values(), start=1)
    ]
