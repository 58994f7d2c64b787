"""Rule packs: one TOML file a document. A pack is data; every key of it is known, and every field is read."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from commlms.core.days import NEVER, Period, to_int
from commlms.core.errors import PolicyError
from commlms.core.labels import Label
from commlms.core.places import LEVELS

COMPARISONS = (">=", ">", "<=", "<", "==")
UNITS = {"percent": Decimal(100), "permille": Decimal(1000), "per_10000": Decimal(10_000), "yuan/person": Decimal(1), "count": Decimal(1)}
FORCES = ("mandatory", "conditional", "strive", "encouraged", "defining")
_KEYS: dict[str, dict[str, bool]] = {
    "policy": {
        "key": True, "id": True, "code": True, "zh": True, "en": True, "number": True, "issuer": True,
        "jurisdiction": True, "tree": True, "issued": False, "published": False, "effective": True, "repealed": False,
        "repeals": False, "note": False,
    },
    "level": {
        "level": True, "place": True, "zh": True, "en": True, "aliases": False, "clause": True, "quote": True, "note": False,
    },
    "region": {"key": True, "zh": True, "en": True, "places": True, "note": False},
    "target": {
        "id": True, "zh": True, "en": True, "metric": True, "compare": True, "literal": True, "value": True,
        "unit": True, "scope": True, "judge": True, "basis": True, "due": False, "standing": False, "every": False,
        "window": True, "force": True, "clause": True, "quote": True, "req": False, "when": False, "joined": False,
        "data": False, "note": False,
    },
}


@attrs.frozen
class Level:
    """A level of the document's network: what its places and its institutions are called there."""

    level: str
    place: Label
    label: Label
    aliases: tuple[str, ...]
    clause: str
    quote: str
    note: Label | None = None


@attrs.frozen
class Region:
    """A region that targets name, with the codes of its places."""

    key: str
    label: Label
    places: tuple[str, ...]
    note: Label | None = None


@attrs.frozen
class Target:
    """One demand of a document on a figure."""

    id: str
    label: Label
    metric: str
    compare: str
    literal: str
    value: Decimal
    unit: str
    level: str
    kind: str
    region: str
    together: bool
    basis: str
    due: int | None
    every: str
    window: str
    force: str
    clause: str
    quote: str
    req: tuple[str, ...]
    when: tuple[Mapping[str, str], ...]
    joined: tuple[str, ...]
    note: Label | None = None
    data: Label | None = None

    def period(self, day: int) -> Period:
        """The period whose figure is judged when asked on ``day``: the window that ends with the due date."""
        last = self.due or day
        return Period.year(last // 10_000)


@attrs.frozen
class Policy:
    """One document as data. Days as integers; ``source`` is its file."""

    key: str
    id: str
    code: str
    label: Label
    number: str
    issuer: Label
    jurisdiction: str
    tree: str
    issued: int | None
    published: int | None
    effective: int
    repealed: int | None
    repeals: tuple[str, ...]
    levels: tuple[Level, ...]
    regions: tuple[Region, ...]
    targets: tuple[Target, ...]
    note: Label | None = None
    source: str = ""

    def in_force(self, day: int) -> bool:
        """Whether the document is in force on a day."""
        return self.effective <= day < (self.repealed or NEVER)

    def level(self, level: str) -> Level | None:
        """The document's words for an administrative level."""
        return next((x for x in self.levels if x.level == level), None)

    def region(self, key: str) -> Region | None:
        """One of its regions."""
        return next((x for x in self.regions if x.key == key), None)


class _Pack:
    """One file being read: knows on which line each table and key stands."""

    def __init__(self, path: Path) -> None:
        self.file = path.name
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.splitlines()
        self.starts: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines, start=1):
            if match := re.match(r"\s*\[\[?([a-z]+)\]\]?", line):
                self.starts.setdefault(match[1], []).append(number)

    def wrong(self, table: str, index: int, key: str, zh: str, en: str) -> PolicyError:
        """The error at a key of the n-th table of a kind."""
        return PolicyError(self.file, self.line(table, index, key), Label(zh, en))

    def line(self, table: str, index: int, key: str) -> int:
        """The line of a key; of the table where the key is missing."""
        starts = self.starts.get(table, [1])
        start = starts[min(index, len(starts) - 1)]
        for number in range(start, len(self.lines)):
            line = self.lines[number]
            if re.match(r"\s*\[\[?[a-z]+\]\]?", line):
                break
            if re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number + 1
        return start


def policy_from_toml(path: Path) -> Policy:
    """Read a pack. Raises :class:`PolicyError` with file, line and reason for anything wrong with its form."""
    pack = _Pack(path)
    try:
        data = tomllib.loads(pack.text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise PolicyError(pack.file, int(found[1]) if found else 1, Label("不是合法的 TOML", "not valid TOML")) from None
    for table in data:
        if table not in _KEYS:
            raise pack.wrong(table, 0, "", f"没有「{table}」这种表", f"there is no table {table}")
    head = data.get("policy", {})
    _check_keys(pack, "policy", 0, head)
    levels = tuple(_level(pack, i, t) for i, t in enumerate(data.get("level", ())))
    regions = tuple(_region(pack, i, t) for i, t in enumerate(data.get("region", ())))
    keys = {r.key for r in regions}
    targets = tuple(_target(pack, i, t, keys) for i, t in enumerate(data.get("target", ())))
    policy = _policy(pack, head, levels, regions, targets)
    _check_dates(pack, policy)
    return policy


def _check_keys(pack: _Pack, table: str, index: int, data: Mapping[str, Any]) -> None:
    known = _KEYS[table]
    for key in data:
        if key not in known:
            raise pack.wrong(table, index, key, f"未知的键「{key}」", f"unknown key {key}")
    for key, required in known.items():
        if required and (key not in data or (key in ("clause", "quote") and not data[key])):
            raise pack.wrong(table, index, key, f"缺少「{key}」", f"{key} is missing")


def _label(data: Any) -> Label:
    return Label(str(data["zh"]), str(data["en"]))


def _note(data: Mapping[str, Any]) -> Label | None:
    return _label(data["note"]) if "note" in data else None


def _day(pack: _Pack, table: str, index: int, data: Mapping[str, Any], key: str) -> int | None:
    value = data.get(key)
    if value is None:
        return None
    if not isinstance(value, dt.date):
        raise pack.wrong(table, index, key, f"「{key}」应为日期", f"{key} must be a date")
    return to_int(value)


def _one_of(pack: _Pack, table: str, index: int, key: str, value: str, among: tuple[str, ...]) -> str:
    if value not in among:
        raise pack.wrong(table, index, key, f"「{key}」应为：{'、'.join(among)}", f"{key} must be one of: {', '.join(among)}")
    return value


def _level(pack: _Pack, i: int, data: Mapping[str, Any]) -> Level:
    _check_keys(pack, "level", i, data)
    level = _one_of(pack, "level", i, "level", data["level"], LEVELS)
    return Level(level, _label(data["place"]), _label(data), tuple(data.get("aliases", ())), data["clause"], data["quote"], _note(data))


def _region(pack: _Pack, i: int, data: Mapping[str, Any]) -> Region:
    _check_keys(pack, "region", i, data)
    return Region(data["key"], _label(data), tuple(data["places"]), _note(data))


def _target(pack: _Pack, i: int, data: Mapping[str, Any], regions: set[str]) -> Target:
    _check_keys(pack, "target", i, data)
    scope = data["scope"]
    for key in scope:
        if key not in ("level", "kind", "region"):
            raise pack.wrong("target", i, "scope", f"scope 中未知的键「{key}」", f"unknown key {key} in scope")
    if scope.get("level"):
        _one_of(pack, "target", i, "scope", scope["level"], LEVELS)
    if scope.get("region") and scope["region"] not in regions:
        raise pack.wrong("target", i, "scope", f"没有片区「{scope['region']}」", f"there is no region {scope['region']}")
    unit = _one_of(pack, "target", i, "unit", data["unit"], tuple(UNITS))
    value = Decimal(data["value"])
    if value < 0 or (unit == "percent" and value > 100):
        raise pack.wrong("target", i, "value", "这个值不可能达到", "this value cannot be met")
    if sum(bool(data.get(k)) for k in ("due", "standing", "every")) != 1:
        raise pack.wrong("target", i, "due", "due、standing、every 须有且只有一个", "exactly one of due, standing, every is needed")
    return Target(
        id=data["id"], label=_label(data), metric=data["metric"],
        compare=_one_of(pack, "target", i, "compare", data["compare"], COMPARISONS), literal=data["literal"], value=value,
        unit=unit, level=scope.get("level", ""), kind=scope.get("kind", ""), region=scope.get("region", ""),
        together=_one_of(pack, "target", i, "judge", data["judge"], ("each", "together")) == "together",
        basis=_one_of(pack, "target", i, "basis", data["basis"], ("permanent", "registered", "actual")),
        due=_day(pack, "target", i, data, "due"),
        every=_one_of(pack, "target", i, "every", data["every"], ("year",)) if "every" in data else "",
        window=_one_of(pack, "target", i, "window", data["window"], ("year",)),
        force=_one_of(pack, "target", i, "force", data["force"], FORCES), clause=data["clause"], quote=data["quote"],
        req=tuple(data.get("req", ())), when=tuple(data.get("when", ())), joined=tuple(data.get("joined", ())), note=_note(data),
        data=_label(data["data"]) if "data" in data else None,
    )


def _policy(
    pack: _Pack, head: Mapping[str, Any], levels: tuple[Level, ...], regions: tuple[Region, ...], targets: tuple[Target, ...],
) -> Policy:
    days = {k: _day(pack, "policy", 0, head, k) for k in ("issued", "published", "effective", "repealed")}
    effective = days["effective"]
    assert effective is not None
    return Policy(
        key=head["key"], id=head["id"], code=head["code"], label=_label(head), number=head["number"],
        issuer=_label(head["issuer"]), jurisdiction=head["jurisdiction"],
        tree=_one_of(pack, "policy", 0, "tree", head["tree"], ("admin", "reporting")), issued=days["issued"],
        published=days["published"], effective=effective, repealed=days["repealed"],
        repeals=tuple(r["number"] for r in head.get("repeals", ())), levels=levels, regions=regions, targets=targets,
        note=_note(head), source=pack.file,
    )


def _check_dates(pack: _Pack, policy: Policy) -> None:
    if policy.repealed is not None and policy.repealed <= policy.effective:
        raise pack.wrong("policy", 0, "repealed", "废止日期不晚于生效日期", "repealed no later than effective")
    seen: set[str] = set()
    ids = {t.id for t in policy.targets}
    for i, target in enumerate(policy.targets):
        if target.due is not None and target.due < policy.effective:
            raise pack.wrong("target", i, "due", "期限早于生效日期", "due before the document takes effect")
        if unknown := set(target.joined) - ids:
            named = "、".join(sorted(unknown))
            raise pack.wrong("target", i, "joined", f"没有目标「{named}」", f"there is no target {named}")
        if target.id in seen:
            raise pack.wrong("target", i, "id", f"「{target.id}」重复", f"{target.id} stands twice")
        seen.add(target.id)


def check_against(path: Path, policy: Policy, metrics: Mapping[str, object], plugins: set[str]) -> None:
    """Raise :class:`PolicyError` for a target whose metric a loaded plugin does not have."""
    pack = _Pack(path)
    for i, target in enumerate(policy.targets):
        plugin = target.metric.split(".")[0]
        if target.metric not in metrics and plugin in plugins:
            raise pack.wrong(
                "target", i, "metric", f"插件 {plugin} 没有指标「{target.metric}」", f"plugin {plugin} has no metric {target.metric}"
            )
