"""Rule packs: one TOML file a document. A pack is data; every key of it is known, and every field is read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypeVar

import attrs

from commlms.core.days import NEVER, Period, iso, to_int
from commlms.core.duties import (
    Body,
    Chain,
    Conflict,
    Department,
    Goal,
    Level,
    Model,
    Network,
    Provision,
    Region,
    Schedule,
    Term,
    entry_of,
    label_of,
)
from commlms.core.labels import Label
from commlms.core.pack_form import check_form
from commlms.core.pack_tables import INHERITED, TABLES
from commlms.core.packs import Pack
from commlms.core.text import key_of

T = TypeVar("T")


@attrs.frozen
class Repeal:
    """A document that another one ends, by its number."""

    number: str
    label: Label | None = None


@attrs.frozen
class When:
    """What a place must hold for a target to bind it: an own figure of at least ``count``."""

    metric: str
    count: int = 1


@attrs.frozen(kw_only=True)
class Target:
    """One demand of a document on a figure.

    ``metric`` is empty where the document gives no number that could be counted. ``levels``, ``kind``, ``without`` (all but that
    kind), ``region``, ``subject`` and ``roles`` say what it binds: places, or with a subject each row of that register there.
    ``value_max`` and ``beyond`` belong to a range: what a figure above is. ``value_of``: the target whose sentence says the number, where
    this one's refers to it. ``stated``: whose statement is its source, where that is not what is counted here.
    ``inherited``: key of the document whose words the quote is, where that is another one.
    """

    id: str
    label: Label
    metric: str = ""
    compare: str
    literal: str
    value: Decimal
    value_max: Decimal | None = None
    beyond: str = ""
    value_of: str = ""
    unit: str
    levels: tuple[str, ...] = ()
    kind: str = ""
    without: str = ""
    region: str = ""
    subject: str = ""
    roles: tuple[str, ...] = ()
    together: bool
    basis: str = ""
    due: int | None = None
    standing: bool = False
    every: str = ""
    start: int | None = None
    window: str
    force: str
    clause: str
    quote: str
    gloss: str = ""
    reading: str = "explicit"
    req: tuple[str, ...] = ()
    when: tuple[When, ...] = ()
    joined: tuple[str, ...] = ()
    nested_in: str = ""
    note: Label | None = None
    data: Label | None = None
    stated: Label | None = None
    inherited: str = ""

    def period(self, day: int) -> Period:
        """The period whose figure is judged when asked on ``day``: the window that ends with the due date.

        A standing duty is judged by what is in force on the day itself, one of every year by the year's last day, and a duration by
        all that was reached until now.
        """
        last = day if self.unit == "years" else self.due or day
        if self.window == "two_years":
            return Period.parse(f"{last // 10_000 - 1}..{last // 10_000}")
        return Period.year(last // 10_000) if self.every or self.unit == "years" else Period.until(last)


@attrs.frozen
class Policy:
    """One document as data. Days as integers; ``source`` is its file.

    ``repealed_by`` is the number of the loaded document that ends it, if one does. A pack with ``extends`` holds only what is
    its own until a host has loaded the document it extends.
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
    extends: str = ""
    drop: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    goals: tuple[Goal, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    chains: tuple[Chain, ...] = ()
    models: tuple[Model, ...] = ()
    bodies: tuple[Body, ...] = ()
    departments: tuple[Department, ...] = ()
    terms: tuple[Term, ...] = ()
    provisions: tuple[Provision, ...] = ()
    pack: Pack | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it extends a document and what it takes over is still to be added."""
        return self.pack is not None and bool(self.pack.partial)

    def in_force(self, day: int) -> bool:
        """Whether the document is in force on a day."""
        return self.effective <= day < (self.repealed or NEVER)

    def out_of_force(self, day: int) -> Label | None:
        """Why the document is not in force on a day; None where it is."""
        if self.in_force(day):
            return None
        if self.repealed is None or day < self.repealed:
            return Label(f"该文件自 {iso(self.effective)} 起施行", f"the document is in force from {iso(self.effective)} on")
        by = self.repealed_by and (f"由 {self.repealed_by} ", f" by {self.repealed_by}")
        zh, en = by or ("", "")
        return Label(f"自 {iso(self.repealed)} 起{zh}废止", f"repealed{en} from {iso(self.repealed)}")

    def level(self, level: str) -> Level | None:
        """The document's words for an administrative level, those of its main network: the first."""
        main = self.networks[0].id if self.networks else ""
        return next((x for x in self.levels if x.level == level and x.network == main), None)

    def tree_of(self, target: Target) -> Literal["admin", "reporting"]:
        """The tree on which a target's places add up: a region is a matter of territory, so a district that reports apart is in it."""
        return "reporting" if self.tree == "reporting" and not target.region else "admin"

    def region(self, key: str) -> Region | None:
        """One of its regions."""
        return next((x for x in self.regions if x.key == key), None)


def policy_from_toml(path: Path) -> Policy:
    """Read a pack. Raises :class:`PolicyError` with file, line and reason for anything wrong with its form."""
    return policy_of(read_pack(path))


def read_pack(path: Path) -> Pack:
    """The tables of a file; what changes tables of a document that it extends may give only the keys that change."""
    pack = Pack(path, TABLES)
    head = pack.data.get("policy")
    if isinstance(head, dict) and "extends" in head:
        pack.partial = frozenset(INHERITED)
    return pack


def policy_of(pack: Pack) -> Policy:
    """The document that a pack's tables say."""
    policy = document_of(pack)
    if not policy.is_open:
        check_form(pack, policy)
    return policy


def _optional(data: Mapping[str, Any], key: str) -> Label | None:
    return label_of(data[key]) if key in data else None


def _day(data: Mapping[str, Any], key: str) -> int | None:
    return to_int(data[key]) if key in data else None


def _target(data: Mapping[str, Any]) -> Target:
    scope, top = data["scope"], data.get("value_max")
    levels = scope.get("level", ())
    given = {key: value for key, value in data.items() if key not in ("scope", "judge")}
    return entry_of(
        Target, given, value=Decimal(data["value"]), value_max=None if top is None else Decimal(top),
        levels=(levels,) if isinstance(levels, str) else tuple(levels), kind=scope.get("kind", ""),
        without=scope.get("without", ""), region=scope.get("region", ""),
        subject=scope.get("subject", ""), roles=tuple(scope.get("role", ())), together=data["judge"] == "together",
        when=tuple(When(**x) for x in data.get("when", ())),
    )


def _levels(pack: Pack, networks: tuple[Network, ...]) -> tuple[Level, ...]:
    """The levels; one that names no network is of the first, and its order is its place among those before it."""
    found: list[Level] = []
    for data in pack.many("level"):
        network = data.get("network", networks[0].id if networks else "")
        found.append(entry_of(Level, {"order": sum(x.network == network for x in found), **data, "network": network}))
    return tuple(found)


def _region(data: Mapping[str, Any]) -> Region:
    return Region(data["key"], label_of(data), tuple(data["places"]), _optional(data, "note"))


def _repeals(pack: Pack, head: Mapping[str, Any]) -> tuple[Repeal, ...]:
    for item in head.get("repeals", ()):
        if ("zh" in item) != ("en" in item):
            raise pack.wrong("policy", 0, "repeals", "zh 与 en 须同时写", "zh and en stand together or not at all")
    return tuple(Repeal(x["number"], label_of(x) if "zh" in x else None) for x in head.get("repeals", ()))


def document_of(pack: Pack) -> Policy:
    """What the tables say one by one: not yet whether they fit each other."""
    head = pack.one("policy")

    def many(table: str, cls: type[T]) -> tuple[T, ...]:
        found = pack.many(table)
        return () if table in pack.partial else tuple(entry_of(cls, x) for x in found)

    networks = many("network", Network)
    return Policy(
        key=head["key"], id=head["id"], code=head["code"], label=label_of(head), number=head["number"],
        issuer=label_of(head["issuer"]), jurisdiction=head["jurisdiction"], tree=head["tree"], issued=_day(head, "issued"),
        published=_day(head, "published"), effective=to_int(head["effective"]), repealed=_day(head, "repealed"),
        repeals=_repeals(pack, head), levels=() if pack.partial else _levels(pack, networks),
        regions=() if pack.partial else tuple(map(_region, pack.many("region"))),
        targets=() if pack.partial else tuple(map(_target, pack.many("target"))), note=_optional(head, "note"), source=pack.file,
        extends=head.get("extends", ""), drop=tuple(head.get("drop", ())), networks=networks, goals=many("goal", Goal),
        schedules=many("schedule", Schedule), conflicts=many("conflict", Conflict), chains=many("chain", Chain),
        models=many("model", Model), bodies=many("body", Body), departments=many("department", Department), terms=many("term", Term),
        provisions=many("provision", Provision), pack=pack,
    )


def with_repeals(policies: Mapping[str, Policy]) -> dict[str, Policy]:
    """The documents as they stand beside each other: one that another of them repeals ends where that one takes effect."""
    found = dict(policies)
    for policy in policies.values():
        numbers = {key_of(r.number) for r in policy.repeals}
        for key, other in found.items():
            if key_of(other.number) in numbers and policy.effective < (other.repealed or NEVER):
                found[key] = attrs.evolve(other, repealed=policy.effective, repealed_by=policy.number)
    return found


_DAYS = ("issued", "published", "effective", "repealed", "due", "start", "deadline")


def policy_data(policy: Policy) -> dict[str, Any]:
    """A document with all that its pack says, as dictionaries, lists and texts."""
    def plain(_: Any, field: Any, value: Any) -> Any:
        if field is not None and field.name in _DAYS and value is not None:
            return iso(value)
        return str(value) if isinstance(value, Decimal) else value

    return attrs.asdict(policy, filter=lambda field, _: field.name not in ("source", "pack"), value_serializer=plain)
