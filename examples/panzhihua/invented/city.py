"""The real places of the example with the invented institutions at them, read from the files beside this package."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent.parent
CITY, ZONE = "5104", "5104-VT"

#: Small townships and villages in which most residents are named learners in the last year.
STAR_TOWNSHIPS = ("510422210", "510422207", "510411205")
STAR_VILLAGES = (
    "510422206203", "510422205203", "510422211206", "510421203201", "510421202203", "510411203201",
)
#: Share of their residents who become learners: enough above 75 % to be shown beyond doubt.
STAR_SHARE = 0.78
#: Share of the city's residents in villages that host nothing in the last year.
SILENT_SHARE, SILENT_VILLAGES = 0.27, 90


@dataclass(frozen=True, slots=True)
class Place:
    """A place as its file names it; ``short`` is the everyday name of a village."""

    code: str
    name: str
    short: str
    level: str
    rural: bool


@dataclass(frozen=True, slots=True)
class Institution:
    """A school-running body; ``place`` is a place code, ``kind`` its Chinese type."""

    code: str
    name: str
    place: str
    kind: str


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def county_of(code: str) -> str:
    """The county of a township or village code; the zone and the city stand for themselves."""
    return code if code in (CITY, ZONE) else code[:6]


class City:
    """Places, residents and institutions by code, and which villages are to stand out.

    ``residents`` counts persons (census 2020 or estimate). ``quota`` says how many learners a star
    village has; ``silent`` are the villages that host nothing in the last year.
    """

    def __init__(self, learners: int, rng: Random) -> None:
        self.places = {
            row["代码"]: Place(row["代码"], row["名称"], row["别名"] or row["名称"], row["级别"], row["城乡"] == "乡村")
            for row in _rows("places.csv")
        }
        self.villages = [code for code in self.places if len(code) == 12]
        self.townships = [code for code in self.places if len(code) == 9]
        self.counties = [code for code in self.places if len(code) == 6]
        self.residents = {
            row["地点代码"]: int(row["人数"])
            for row in _rows("residents.csv") if row["人群"] == "全部" and row["日期"] == "2020-11-01"
        }
        self.at: dict[str, list[Institution]] = defaultdict(list)
        for row in _rows("institutions.csv"):
            made = Institution(row["机构编号"], row["机构名称"], row["所在地"], row["机构类型"])
            self.at[made.place].append(made)
        self.quota = self._quota(learners)
        self.silent = self._silent(rng)

    def _quota(self, learners: int) -> dict[str, int]:
        """Learners of each star village, as far as half of all learners go round (fewer at small scales)."""
        left, quota = round(learners * 0.53), {}
        groups = [[code] for code in STAR_VILLAGES]
        groups += [[v for v in self.villages if v.startswith(code)] for code in STAR_TOWNSHIPS]
        for group in groups:
            need = {code: -(-self.residents[code] * round(STAR_SHARE * 100) // 100) for code in group}
            if sum(need.values()) <= left:
                left -= sum(need.values())
                quota.update(need)
        return quota

    def _silent(self, rng: Random) -> frozenset[str]:
        """About ``SILENT_VILLAGES`` villages with ``SILENT_SHARE`` of the residents, none of them a star."""
        starred = (*STAR_VILLAGES, *STAR_TOWNSHIPS)
        free = [code for code in self.villages if not code.startswith(starred)]
        aim = SILENT_SHARE * self.residents[CITY]
        for _ in range(200):
            chosen = rng.sample(free, SILENT_VILLAGES)
            if aim <= sum(self.residents[code] for code in chosen) <= aim * 1.04:
                return frozenset(chosen)
        raise RuntimeError("no choice of silent villages reaches the wanted share")

    def hosts(self, township: str, *, last_year: bool, seniors: bool) -> list[Institution]:
        """The institutions of a township that can hold a session; silent villages only in earlier years."""
        found = self.at[township] * 3
        for village in self.villages:
            if village.startswith(township) and not (last_year and village in self.silent):
                found += [i for i in self.at[village] if seniors or i.kind != "老年学习点"]
        return found

    def college(self, county: str) -> Institution:
        """The college of a county or of the zone; of the city its university."""
        return self.at[county][0]
