"""The real part: places as published, with the dated borders of Gongshu. The files beside it name their sources."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

#: The first day of every demo: places stand from here on. It is no date of founding.
FIRST_DAY = "2000-01-01"
#: 330103 下城区 went into 330105 拱墅区 on this day; its eight sub-districts and their communities got new codes.
MERGER, OLD_DISTRICT, NEW_DISTRICT = "2021-04-09", "330103", "330105"
ZONE, ZONE_CITY = "5104-VT", "5104"
#: Reports beside the cities of its province.
REPORTS_TO = {"440606": "44", ZONE: ZONE_CITY}
#: Cities without counties, and the district of a municipality: the level between is left out of their codes' tree.
_PARENTS = {"500101": "50"}
_WITHOUT_COUNTIES = ("4419", "4420")
DELTA = ("4401", "4403", "4404", "4406", "4407", "4412", "4413", "4419", "4420")
_LEVELS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}
_RURAL = re.compile(r"村(民)?委(员)?会$")
_BODY = re.compile(r"(居民委员会|居民居委会|居委会|村民委员会|村委员会|村委会)$")


class Place(NamedTuple):
    """A place as it stands today; ``former`` is the code it had before the merger."""

    code: str
    name: str
    former: str = ""

    @property
    def level(self) -> str:
        """One of the five levels; the length of a code says it."""
        return "county" if self.code == ZONE else _LEVELS[len(self.code)]

    @property
    def parent(self) -> str:
        """The code of the place above, "" at the top and for what reports without belonging."""
        code = self.code
        if code in _PARENTS or code == ZONE or len(code) == 2:
            return _PARENTS.get(code, "")
        if len(code) == 9 and code.startswith(_WITHOUT_COUNTIES):
            return code[:4]
        return code[: {4: 2, 6: 4, 9: 6, 12: 9}[len(code)]]

    @property
    def kind(self) -> str:
        """What the name says: 街道, 镇, 乡, 社区 or 村; "" where it says none of these."""
        if self.code == ZONE:
            return "开发区"
        if self.level == "village":
            return "村" if _RURAL.search(self.name) else "社区"
        if self.level != "township":
            return ""
        return next((end for end in ("街道", "镇", "乡") if self.name.endswith(end)), "")

    @property
    def everyday(self) -> str:
        """What people call it: without 居民委员会, 村委会 and the like."""
        short = _BODY.sub("", self.name)
        if short == self.name or self.level != "village":
            return self.name
        return short if short.endswith(("社区", "村")) else short + self.kind


def read(name: str) -> list[dict[str, str]]:
    """The rows of a file of the package."""
    data = (files("commlms_demos") / "data" / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@cache
def every_place() -> Mapping[str, Place]:
    """All places of the package by code, parents before what is below them."""
    found = [Place(row["code"], row["name"], row["former"]) for row in read("places.csv.gz")]
    return {p.code: p for p in sorted(found, key=lambda p: (len(p.code) if p.code != ZONE else 6, p.code))}


def inside(*tops: str, level: str = "") -> list[Place]:
    """The places at and below these codes, of one level if one is named; the merged district counts as one of today."""
    return [
        p for p in every_place().values()
        if p.code.startswith(tops) and p.code != OLD_DISTRICT and (not level or p.level == level)
    ]


def above(code: str) -> Iterator[Place]:
    """The places above one, the highest first."""
    chain, places = [], every_place()
    at = places[code].parent
    while at:
        chain.append(places[at])
        at = places[at].parent
    yield from reversed(chain)


def title(place: Place) -> str:
    """Its name with what tells it from others of that name: 太平镇 stands seven times in one province."""
    if place.level not in ("township", "village") or not place.parent:
        return place.name
    return title(every_place()[place.parent]) + place.everyday


def states(place: Place) -> Iterator[dict[str, str]]:
    """The rows of the register of places: one, or two where the merger changed code and parent."""
    said = {
        "code": place.code, "name": place.name, "level": place.level, "kind": place.kind, "parent": place.parent,
        "reports_to": REPORTS_TO.get(place.code, ""), "since": FIRST_DAY, "region": _region(place),
        "area": {"社区": "城镇", "村": "乡村"}.get(place.kind, ""), "aliases": place.everyday if place.everyday != place.name else "",
    }
    if place.code == OLD_DISTRICT:
        yield said | {"until": MERGER}
    elif place.former:
        yield said | {"code": place.former, "parent": place.former[:6] if len(place.former) == 9 else place.former[:9]}
        yield said | {"former": place.former, "since": MERGER}
    else:
        yield said


def _region(place: Place) -> str:
    if place.level != "city" or not place.code.startswith("44"):
        return ""
    return "珠三角地区" if place.code in DELTA else "粤东西北地区"
