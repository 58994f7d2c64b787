"""Which figure stands where in a form that came from above: a small TOML file beside the form, checked key by key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from commlms.core.errors import PolicyError
from commlms.core.labels import Label
from commlms.core.packs import TEXT, Kind, Pack, form, one_of, optional
from commlms.core.places import LEVELS
from commlms.store.geography import Tree

#: What of a figure a form can ask for. ``number`` is what the figure is read as: the total, or the ratio.
SHOWN = ("number", "percent", "numerator", "denominator", "ceiling")
_LETTERS = "(?:[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])"  # a workbook's last column is XFD
_CELL, _COLUMN, _LINES = re.compile(_LETTERS + r"[1-9]\d{0,5}"), re.compile(_LETTERS), re.compile(r"\d{1,6}-\d{1,6}")
_NAME = re.compile("[a-z][a-z0-9_]*")


def _matching(pattern: re.Pattern[str], zh: str, en: str) -> Kind:
    return Kind(lambda v: isinstance(v, str) and bool(pattern.fullmatch(v)), Label(zh, en))


_DECIMALS = Kind(lambda v: type(v) is int and 0 <= v <= 6, Label("0 到 6 的整数", "a whole number from 0 to 6"))
_AT = _matching(_CELL, "单元格，如 C5", "a cell, such as C5")
_FIGURE = {
    "metric": TEXT, "show": optional(one_of(*SHOWN)), "decimals": optional(_DECIMALS), "place": optional(TEXT), "period": optional(TEXT),
}
_IN_ROW = form(metric=TEXT, show=optional(one_of(*SHOWN)), decimals=optional(_DECIMALS), period=optional(TEXT))


def _by(pattern: re.Pattern[str], zh: str, en: str) -> Kind:
    """A table of figures, each under a column or a name: a metric's key, or an inline table."""

    def fits(value: Any) -> bool:
        return isinstance(value, dict) and bool(value) and all(
            pattern.fullmatch(name) and (TEXT.fits(found) or _IN_ROW.fits(found)) for name, found in value.items()
        )

    return Kind(fits, Label(f"{zh} = 指标，或 {_IN_ROW.words.zh}", f"{en} = a metric, or {_IN_ROW.words.en}"))


_TABLES: dict[str, dict[str, Kind]] = {
    "form": {"place": optional(TEXT), "period": optional(TEXT), "tree": optional(one_of("admin", "reporting"))},
    "cell": {"at": _AT, "sheet": optional(TEXT), **_FIGURE},
    "rows": {
        "sheet": optional(TEXT), "lines": _matching(_LINES, "行号范围，如 6-54", "a range of lines, such as 6-54"),
        "place_in": _matching(_COLUMN, "列名，如 B", "a column, such as B"), "metrics": _by(_COLUMN, "列", "column"),
    },
    "value": {"name": _matching(_NAME, "小写字母的名字", "a lower-case name"), **_FIGURE},
    "list": {
        "name": _matching(_NAME, "小写字母的名字", "a lower-case name"), "level": one_of(*LEVELS), "place": optional(TEXT),
        "metrics": _by(_NAME, "名字", "name"),
    },
}


@attrs.frozen
class Asked:
    """One figure that a form asks for; ``line`` is where the bindings say so. ``place`` and ``period``: blank for the form's own."""

    metric: str
    line: int
    show: str = "number"
    decimals: int = 2
    place: str = ""
    period: str = ""


@attrs.frozen
class CellBinding:
    """A cell of a workbook. ``sheet`` is blank for the first one."""

    sheet: str
    at: str
    asked: Asked


@attrs.frozen
class RowsBinding:
    """Lines of a workbook that name a place each; one figure under each column."""

    sheet: str
    first: int
    last: int
    place_in: str
    asked: Mapping[str, Asked]


@attrs.frozen
class ListBinding:
    """The places of a level, for a table of a text document; one figure under each name."""

    name: str
    level: str
    place: str
    asked: Mapping[str, Asked]


@attrs.frozen
class Bindings:
    """Everything a form's file binds."""

    file: str
    place: str
    period: str
    tree: Tree
    cells: tuple[CellBinding, ...]
    rows: tuple[RowsBinding, ...]
    values: Mapping[str, Asked]
    lists: tuple[ListBinding, ...]

    def wrong(self, line: int, zh: str, en: str) -> PolicyError:
        """The error at a line of the bindings."""
        return PolicyError(self.file, line, Label(zh, en))


def read_bindings(path: Path) -> Bindings:
    """Read a form's bindings. Raises :class:`PolicyError` with file, line and what is wrong."""
    pack = Pack(path, _TABLES)
    own = pack.one("form")
    values: dict[str, Asked] = {}
    for i, data in enumerate(pack.many("value")):
        if data["name"] in values:
            name = data["name"]
            raise pack.wrong("value", i, "name", f"「{name}」已经用过；请换一个名字", f"{name} is used already; choose another")
        values[data["name"]] = _asked(pack, "value", i, data)
    found = Bindings(
        path.name, own.get("place", ""), own.get("period", ""), own.get("tree", "admin"),
        tuple(CellBinding(d.get("sheet", ""), d["at"], _asked(pack, "cell", i, d)) for i, d in enumerate(pack.many("cell"))),
        tuple(_rows(pack, i, d) for i, d in enumerate(pack.many("rows"))),
        values,
        tuple(
            ListBinding(d["name"], d["level"], d.get("place", ""), _each(pack, "list", i, d)) for i, d in enumerate(pack.many("list"))
        ),
    )
    if not (found.cells or found.rows or found.values or found.lists):
        raise found.wrong(1, "没有绑定任何单元格；请至少写一个 [[cell]]", "nothing is bound; write one [[cell]] at least")
    return found


def _asked(pack: Pack, table: str, index: int, data: Mapping[str, Any]) -> Asked:
    given = {k: data[k] for k in ("show", "decimals", "place", "period") if k in data}
    return Asked(data["metric"], pack.line(table, index, "metric"), **given)


def _each(pack: Pack, table: str, index: int, data: Mapping[str, Any]) -> dict[str, Asked]:
    line = pack.line(table, index, "metrics")
    return {
        name: Asked(found, line) if isinstance(found, str) else Asked(line=line, **found) for name, found in data["metrics"].items()
    }


def _rows(pack: Pack, index: int, data: Mapping[str, Any]) -> RowsBinding:
    first, last = map(int, data["lines"].split("-"))
    if not 0 < first <= last:
        raise pack.wrong("rows", index, "lines", "行号应从小到大", "the lines must go from a smaller to a larger one")
    return RowsBinding(data.get("sheet", ""), first, last, data["place_in"], _each(pack, "rows", index, data))
