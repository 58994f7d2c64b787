"""Rule packs: one TOML file a document. A pack is data; every key of it is known, and every field is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import attrs

from commlms.core.days import NEVER, Period, iso, to_int
from commlms.core.labels import Label
from commlms.core.packs import ANY_TEXT, DAY, LABEL, NUMBER, TEXT, TRUE, Kind, Pack, form, list_of, one_of, optional
from commlms.core.places import LEVELS, Place
from commlms.core.records import record_of
from commlms.core.text import key_of, narrow

COMPARISONS = (">=", ">", "<=", "<", "==")
UNITS = {"percent": Decimal(100), "permille": Decimal(1000), "per_10000": Decimal(10_000), "yuan/person": Decimal(1), "count": Decimal(1)}
FORCES = ("mandatory", "conditional", "strive", "encouraged", "defining")
#: What a place can hold by a decision of an authority, and of which rank at least ("province+": provincial or above).
STATUSES = {"experimental": Label("实验区", "experimental zone"), "demonstration": Label("示范区", "demonstration zone")}
_RANKS = tuple(f"{level}{more}" for level in ("nation", *LEVELS) for more in ("", "+"))
_PLACE_KINDS = next(f for f in record_of(Place).fields if f.name == "kind").choices


def _is_kind(value: Any) -> bool:
    """A declared kind by its key, or a word of the office's own. Other words for a declared kind never stand in the data."""
    others = {w for c in _PLACE_KINDS for w in (c.label.zh, c.label.en, *c.aliases)}
    return isinstance(value, str) and (value in {c.key for c in _PLACE_KINDS} or (not value.isascii() and value not in others))


_KINDS = ", ".join(c.key for c in _PLACE_KINDS)
KIND = Kind(_is_kind, Label(f"{_KINDS} 之一，或本地自己的词", f"one of {_KINDS}, or a Chinese word of your own"))
_TABLES: dict[str, dict[str, Kind]] = {
    "policy": {
        "key": TEXT, "id": TEXT, "code": TEXT, "zh": TEXT, "en": TEXT, "number": TEXT, "issuer": LABEL, "jurisdiction": TEXT,
        "tree": one_of("admin", "reporting"), "issued": optional(DAY), "published": optional(DAY), "effective": DAY,
        "repealed": optional(DAY), "repeals": optional(list_of(form(number=TEXT, zh=optional(TEXT), en=optional(TEXT)))),
        "note": optional(LABEL),
    },
    "level": {
        "level": one_of(*LEVELS), "place": LABEL, "zh": TEXT, "en": TEXT, "aliases": optional(list_of(TEXT)), "clause": TEXT,
        "quote": TEXT, "note": optional(LABEL),
    },
    "region": {"key": TEXT, "zh": TEXT, "en": TEXT, "places": list_of(TEXT), "note": optional(LABEL)},
    "target": {
        "id": TEXT, "zh": TEXT, "en": TEXT, "metric": TEXT, "compare": one_of(*COMPARISONS), "literal": ANY_TEXT, "value": NUMBER,
        "unit": one_of(*UNITS), "scope": form(level=optional(one_of(*LEVELS)), kind=optional(KIND), region=optional(TEXT)),
        "judge": one_of("each", "together"), "basis": one_of("permanent", "registered", "actual"), "due": optional(DAY),
        "standing": optional(TRUE), "every": optional(one_of("year")), "window": one_of("year"), "force": one_of(*FORCES),
        "clause": TEXT, "quote": TEXT, "req": optional(list_of(TEXT)),
        "when": optional(list_of(form(status=one_of(*STATUSES), rank=optional(one_of(*_RANKS))))),
        "joined": optional(list_of(TEXT)), "data": optional(LABEL), "stated": optional(LABEL), "note": optional(LABEL),
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
class Repeal:
    """A document that another one ends, by its number."""

    number: str
    label: Label | None = None


@attrs.frozen
class Region:
    """A region that targets name, with the codes of its places."""

    key: str
    label: Label
    places: tuple[str, ...]
    note: Label | None = None


@attrs.frozen
class Target:
    """One demand of a document on a figure. ``stated``: whose statement is its source, where that is not what is counted here."""

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
    stated: Label | None = None

    def period(self, day: int) -> Period:
        """The period whose figure is judged when asked on ``day``: the window that ends with the due date."""
        last = self.due or day
        return Period.year(last // 10_000)


@attrs.frozen
class Policy:
    """One document as data. Days as integers; ``source`` is its file.

    ``repealed_by`` is the number of the loaded document that ends it, if one does.
    """

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
    repeals: tuple[Repeal, ...]
    levels: tuple[Level, ...]
    regions: tuple[Region, ...]
    targets: tuple[Target, ...]
    note: Label | None = None
    source: str = ""
    repealed_by: str = ""

    def in_force(self, day: int) -> bool:
        """Whether the document is in force on a day."""
        return self.effective <= day < (self.repealed or NEVER)

    def out_of_force(self, day: int) -> Label | None:
        """Why the document is not in force on a day; None where it is."""
        if self.in_force(day):
            return None
        if self.repealed_by and self.repealed is not None and day >= self.repealed:
            since = iso(self.repealed)
            return Label(f"自 {since} 起由 {self.repealed_by} 废止", f"repealed by {self.repealed_by} from {since}")
        return Label("该文件当日不在施行期", "the document is not in force on that day")

    def level(self, level: str) -> Level | None:
        """The document's words for an administrative level."""
        return next((x for x in self.levels if x.level == level), None)

    def tree_of(self, target: Target) -> Literal["admin", "reporting"]:
        """The tree on which a target's places add up: a region is a matter of territory, so a district that reports apart is in it."""
        return "reporting" if self.tree == "reporting" and not target.region else "admin"

    def region(self, key: str) -> Region | None:
        """One of its regions."""
        return next((x for x in self.regions if x.key == key), None)


def policy_from_toml(path: Path) -> Policy:
    """Read a pack. Raises :class:`PolicyError` with file, line and reason for anything wrong with its form."""
    pack = Pack(path, _TABLES)
    head = pack.one("policy")
    levels = tuple(
        Level(x["level"], _label(x["place"]), _label(x), tuple(x.get("aliases", ())), x["clause"], x["quote"], _optional(x, "note"))
        for x in pack.many("level")
    )
    regions = tuple(Region(x["key"], _label(x), tuple(x["places"]), _optional(x, "note")) for x in pack.many("region"))
    targets = tuple(_target(pack, i, x) for i, x in enumerate(pack.many("target")))
    policy = _policy(pack, head, levels, regions, targets)
    _check_days(pack, policy)
    _check_names(pack, policy)
    return policy


def _label(data: Mapping[str, Any]) -> Label:
    return Label(data["zh"], data["en"])


def _optional(data: Mapping[str, Any], key: str) -> Label | None:
    return _label(data[key]) if key in data else None


def _day(data: Mapping[str, Any], key: str) -> int | None:
    return to_int(data[key]) if key in data else None


def _target(pack: Pack, i: int, data: Mapping[str, Any]) -> Target:
    scope, unit, value = data["scope"], data["unit"], Decimal(data["value"])
    if value < 0 or (unit == "percent" and value > 100):
        raise pack.wrong("target", i, "value", "这个值不可能达到", "this value cannot be met")
    if sum(k in data for k in ("due", "standing", "every")) != 1:
        raise pack.wrong("target", i, "due", "due、standing、every 须有且只有一个", "exactly one of due, standing, every is needed")
    return Target(
        id=data["id"], label=_label(data), metric=data["metric"], compare=data["compare"], literal=data["literal"], value=value,
        unit=unit, level=scope.get("level", ""), kind=scope.get("kind", ""), region=scope.get("region", ""),
        together=data["judge"] == "together", basis=data["basis"], due=_day(data, "due"), every=data.get("every", ""),
        window=data["window"], force=data["force"], clause=data["clause"], quote=data["quote"], req=tuple(data.get("req", ())),
        when=tuple(data.get("when", ())), joined=tuple(data.get("joined", ())), note=_optional(data, "note"),
        data=_optional(data, "data"), stated=_optional(data, "stated"),
    )


def _policy(
    pack: Pack, head: Mapping[str, Any], levels: tuple[Level, ...], regions: tuple[Region, ...], targets: tuple[Target, ...],
) -> Policy:
    repeals = []
    for item in head.get("repeals", ()):
        if ("zh" in item) != ("en" in item):
            raise pack.wrong("policy", 0, "repeals", "zh 与 en 须同时写", "zh and en stand together or not at all")
        repeals.append(Repeal(item["number"], _label(item) if "zh" in item else None))
    return Policy(
        key=head["key"], id=head["id"], code=head["code"], label=_label(head), number=head["number"],
        issuer=_label(head["issuer"]), jurisdiction=head["jurisdiction"], tree=head["tree"], issued=_day(head, "issued"),
        published=_day(head, "published"), effective=to_int(head["effective"]), repealed=_day(head, "repealed"),
        repeals=tuple(repeals), levels=levels, regions=regions, targets=targets, note=_optional(head, "note"), source=pack.file,
    )


def _check_days(pack: Pack, policy: Policy) -> None:
    if policy.repealed is not None and policy.repealed <= policy.effective:
        raise pack.wrong("policy", 0, "repealed", "废止日期不晚于生效日期", "repealed no later than effective")
    if policy.issued is not None and policy.issued > policy.effective:
        raise pack.wrong("policy", 0, "issued", "印发日期晚于生效日期", "issued after it takes effect")
    if policy.issued is not None and policy.published is not None and policy.published < policy.issued:
        raise pack.wrong("policy", 0, "published", "公布日期早于印发日期", "published before it was issued")
    for i, target in enumerate(policy.targets):
        if target.due is not None and target.due < policy.effective:
            raise pack.wrong("target", i, "due", "期限早于生效日期", "due before the document takes effect")


def _check_names(pack: Pack, policy: Policy) -> None:
    """Names stand once, and what is named is there."""
    _check_once(pack, "level", "level", [[x.level] for x in policy.levels])
    _check_once(pack, "level", "aliases", [[x.label.zh, *x.aliases] for x in policy.levels])
    _check_once(pack, "region", "key", [[x.key] for x in policy.regions])
    _check_once(pack, "target", "id", [[x.id] for x in policy.targets])
    if any(key_of(r.number) == key_of(policy.number) for r in policy.repeals):
        raise pack.wrong("policy", 0, "repeals", "文件不能废止自身", "a document does not repeal itself")
    for i, region in enumerate(policy.regions):
        if not region.places:
            raise pack.wrong("region", i, "places", "片区没有地点", "a region without places")
    ids = {t.id for t in policy.targets}
    for i, target in enumerate(policy.targets):
        if target.region and policy.region(target.region) is None:
            raise pack.wrong("target", i, "scope", f"没有片区「{target.region}」", f"there is no region {target.region}")
        for name in target.joined:
            if name not in ids or name == target.id:
                raise pack.wrong("target", i, "joined", f"joined：没有另一目标「{name}」", f"joined: there is no other target {name}")


def _check_once(pack: Pack, table: str, key: str, names: list[list[str]]) -> None:
    seen: set[str] = set()
    for i, words in enumerate(names):
        for word in words:
            if word in seen:
                raise pack.wrong(table, i, key, f"「{word}」重复", f"{word} stands twice")
            seen.add(word)


def check_against(path: Path, policy: Policy, metrics: Mapping[str, object], plugins: set[str]) -> None:
    """Raise :class:`PolicyError` for a metric that a loaded plugin does not have, and for a demand that its quote does not say."""
    pack = Pack(path, _TABLES)
    for i, target in enumerate(policy.targets):
        plugin = target.metric.split(".")[0]
        if target.metric not in metrics and plugin in plugins:
            raise pack.wrong(
                "target", i, "metric", f"插件 {plugin} 没有指标「{target.metric}」", f"plugin {plugin} has no metric {target.metric}"
            )
        if not _says(target):
            raise pack.wrong("target", i, "value", f"引文中没有 {target.value}", f"the quote does not say {target.value}")
        if not re.search(".*".join(re.escape(part) for part in target.literal.split("…")), target.quote, re.DOTALL):
            word = target.literal
            raise pack.wrong("target", i, "literal", f"引文中没有「{word}」", f"the quote does not have the literal {word}")


_DIGITS = "零一二三四五六七八九"


def _says(target: Target) -> bool:
    """Whether the number stands in the quote, in digits or in Chinese numerals."""
    value, quote = target.value, narrow(target.quote).replace(",", "")
    digits = f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    found = re.search(rf"(?<![\d.]){re.escape(digits)}(?!\d|\.\d*[1-9])", quote) is not None
    if found or value != int(value):
        return found
    words = [numeral(int(value))] + (["两"] if value == 2 else [])
    if target.unit == "percent":
        words += [f"{numeral(int(value) // 10)}成"] if value % 10 == 0 else []
        words += {50: ["半"], 100: ["百分之百", "全部", "全覆盖", "所有"]}.get(int(value), [])
    if value and value % 10_000 == 0:
        words += [f"{value / 10_000:f}万", f"{numeral(int(value) // 10_000)}万"]
    figures = f"{_DIGITS}十百千"
    return any(re.search(rf"(?<![{figures}]){word}(?![{figures}成])", quote) for word in words)


def numeral(number: int) -> str:
    """A number below ten thousand in Chinese numerals; larger ones in digits."""
    if not 0 < number < 10_000:
        return str(number)
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += _DIGITS[digit] + name
        elif text and number % unit and not text.endswith("零"):
            text += "零"
    return text.removeprefix("一") if text.startswith("一十") else text


def with_repeals(policies: Mapping[str, Policy]) -> dict[str, Policy]:
    """The documents as they stand beside each other: one that another of them repeals ends where that one takes effect."""
    found = dict(policies)
    for policy in policies.values():
        numbers = {key_of(r.number) for r in policy.repeals}
        for key, other in found.items():
            if key_of(other.number) in numbers and policy.effective < (other.repealed or NEVER):
                found[key] = attrs.evolve(other, repealed=policy.effective, repealed_by=policy.number)
    return found


_DAYS = ("issued", "published", "effective", "repealed", "due")


def policy_data(policy: Policy) -> dict[str, Any]:
    """A document with all that its pack says, as dictionaries, lists and texts."""
    def plain(_: Any, field: Any, value: Any) -> Any:
        if field is not None and field.name in _DAYS and value is not None:
            return iso(value)
        return str(value) if isinstance(value, Decimal) else value

    return attrs.asdict(policy, filter=lambda field, _: field.name != "source", value_serializer=plain)
