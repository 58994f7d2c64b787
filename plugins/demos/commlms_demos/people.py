"""Residents: the published figures, and estimates below them by a rule that README.md states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from commlms_demos.real import MERGER, NEW_DISTRICT, OLD_DISTRICT, Place, every_place, inside, read

SHARED = "按 README 所列规则由上级公布数分摊"
#: Weights of the lowest places; a township stands for itself where its villages are not in the data.
_WEIGHTS = {"社区": 2, "村": 1, "街道": 6, "镇": 4, "乡": 2, "": 1}
#: Percent of permanent residents, assumed; the longest beginning of a code decides.
_MINORS = {"": 16, "44": 22, "4401": 17, "50": 18}
_EMPLOYED = {"": 50, "44": 56}
CENSUS_2010, CENSUS_2020 = "2010-11-01", "2020-11-01"


class Figure(NamedTuple):
    """One row of the register of residents."""

    code: str
    on: str
    basis: str
    group: str
    persons: int
    nature: str
    citation: str


def apportion(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """``total`` persons shared by weight, by largest remainder (ties: lower code), so that the parts add up."""
    whole = sum(weights.values())
    parts = {code: total * weight // whole for code, weight in weights.items()}
    order = sorted(weights, key=lambda code: (-(total * weights[code] % whole), code))
    for code in order[: total - sum(parts.values())]:
        parts[code] += 1
    return parts


@cache
def published() -> tuple[Figure, ...]:
    """The figures with their sources."""
    return tuple(
        Figure(r["code"], r["on"], r["basis"], r["group"], int(r["persons"]), r["nature"], r["citation"]) for r in read("residents.csv")
    )


def _standing(top: str, on: str) -> dict[str, Place]:
    """The places below ``top`` on a day, by the code they had then."""
    if on >= MERGER or not top.startswith((OLD_DISTRICT, NEW_DISTRICT)):
        return {p.code: p for p in inside(top) if p.code != top}
    came = top == OLD_DISTRICT
    return {_code(p, on): p for p in inside(NEW_DISTRICT) if p.code != top and bool(p.former) == came and p.level != "county"}


def _code(place: Place, on: str) -> str:
    return place.former if place.former and on < MERGER else place.code


@cache
def estimates(top: str, on: str) -> Mapping[str, int]:
    """Permanent residents of every place below a published one, that add up to its figure."""
    places = _standing(top, on)
    upper = {code[:length] for code in places for length in (9, 6, 4) if length < len(code)}
    found = apportion(_counted()[top, on], {code: _WEIGHTS[p.kind] for code, p in places.items() if code not in upper})
    for code, share in list(found.items()):
        for above in {code[:length] for length in (9, 6, 4)} & set(places) - {code}:
            found[above] = found.get(above, 0) + share
    return found


def residents(codes: Iterable[str], spread: Iterable[tuple[str, str]], parts: str) -> Iterator[Figure]:
    """The rows of a demo: what is published of ``codes``, estimates below each of ``spread`` (place and day), and groups on ``parts``."""
    wanted = set(codes)
    counted: dict[str, int] = {}
    for figure in published():
        if figure.code in wanted:
            yield figure
            if (figure.on, figure.basis, figure.group) == (parts, "常住", "全部"):
                counted[figure.code] = figure.persons
    for top, on in spread:
        for code, number in sorted(estimates(top, on).items()):
            yield Figure(code, on, "常住", "全部", number, "估算", SHARED)
            if on == parts:
                counted[code] = number
    for code, number in sorted(counted.items()):
        for group, shares in (("未成年人", _MINORS), ("从业人员", _EMPLOYED)):
            percent = _share(shares, code)
            yield Figure(code, parts, "常住", group, number * percent // 100, "估算", f"假定占常住人口 {percent}%，向下取整")


@cache
def _counted() -> Mapping[tuple[str, str], int]:
    """Permanent residents as published, by place and day."""
    return {(f.code, f.on): f.persons for f in published() if (f.basis, f.group) == ("常住", "全部")}


@cache
def persons(code: str, on: str) -> int:
    """Permanent residents of a place on the day of one of its figures: published, or estimated below the nearest that is."""
    if (found := _counted().get((code, on))) is not None:
        return found
    at = every_place()[code].parent
    while (at, on) not in _counted():
        at = every_place()[at].parent
    return estimates(at, on)[code]


def employed(code: str, on: str) -> int:
    """Employed people by the assumed share."""
    return persons(code, on) * _share(_EMPLOYED, code) // 100


def _share(shares: Mapping[str, int], code: str) -> int:
    return shares[max((start for start in shares if code.startswith(start)), key=len)]

