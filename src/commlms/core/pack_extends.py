"""A document that extends another: it takes over levels, regions and demands, changes some, tightens some, leaves some out.

A lower document may tighten what a higher one demands, not loosen it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from commlms.core.days import iso, to_int
from commlms.core.errors import PolicyError
from commlms.core.pack_checks import taken
from commlms.core.pack_form import ids_of, raise_first
from commlms.core.pack_tables import INHERITED
from commlms.core.packs import Pack
from commlms.core.policies import Policy, Target, policy_of

_OWN = ("policy", 0)
#: What is said of the words of a quote: it is not taken over with other words.
_ON_WORDS = ("value_of", "note", "req")
_DUE = {"due", "standing", "every"}


@attrs.frozen
class _Row:
    """One table as it stands after merging: its data, in which table of the extending pack it stands, and whose words its quote is."""

    data: Mapping[str, Any]
    at: tuple[str, int] = _OWN
    inherited: str = ""


class ExtendedPack(Pack):
    """The tables of a pack with what it takes over. Lines are those of the pack that extends."""

    def __init__(self, child: Pack, base: Policy) -> None:
        if base.pack is None:
            raise child.wrong("policy", 0, "extends", f"「{base.key}」不是由文件读入的", f"{base.key} was not read from a file")
        self.child, self.base, self.file, self.partial = child, base, child.file, frozenset()
        self.known, self.head = child.known, child.one("policy")
        if self.head["code"] == base.code:
            raise child.wrong("policy", 0, "code", f"「{base.key}」已用代码 {base.code}", f"{base.key} has the code {base.code} already")
        self.ids = {x: self._renamed(x) for x in _ids(base)}
        self.drop = set(self.head.get("drop", ()))
        levels = {x.level for x in base.levels}
        for name in self.head.get("drop", ()):
            if name not in levels and name not in self.ids.values():
                raise child.wrong("policy", 0, "drop", f"「{base.key}」没有「{name}」可去掉", f"{base.key} has no {name} to leave out")
        self.rows = {table: self._merged(table) for table in INHERITED}
        self._tidy()

    def one(self, table: str) -> Mapping[str, Any]:
        """The table of a kind that stands once: always the pack's own."""
        return self.child.one(table)

    def many(self, table: str) -> list[Mapping[str, Any]]:
        """The tables of a kind, those taken over first."""
        if table not in self.rows:
            return self.child.many(table)
        found: list[Mapping[str, Any]] = []
        for i, row in enumerate(self.rows[table]):
            data = self._checked(table, i, row.data)
            found.append({**data, "inherited": row.inherited} if row.inherited and table != "region" else data)
        return found

    def line(self, table: str, index: int, key: str) -> int:
        """The line of a key in the pack that extends; that of ``extends`` for what is taken over as it is."""
        at = self.rows[table][index].at if table in self.rows and index < len(self.rows[table]) else (table, index)
        return self.child.line(*at, "extends" if at == _OWN and table != "policy" else key)

    def overridden(self) -> Iterator[tuple[int, str]]:
        """The targets that the pack changes: which, and the id that it has in the base."""
        old = {new: x for x, new in self.ids.items()}
        taken = {t.id for t in self.base.targets}
        for i, row in enumerate(self.rows["target"]):
            if row.at != _OWN and old.get(row.data["id"], "") in taken:
                yield i, old[row.data["id"]]

    def _missing(self, table: str, data: Mapping[str, Any], key: str) -> tuple[str, str]:
        """A table that changes nothing taken over is a new one, or its name is a slip."""
        name = str(data.get("level" if table == "level" else "key" if table == "region" else "id", ""))
        if table not in INHERITED or name in set(self.ids.values()) - self.drop:
            return super()._missing(table, data, key)
        return (
            f"「{self.base.key}」没有承接「{name}」，新写的须写全：缺少「{key}」",
            f"{name} is not taken over from {self.base.key}, and a new one gives every key: {key} is missing",
        )

    def _renamed(self, name: str) -> str:
        """An id of the base with this document's code in the place of the base's."""
        return f"{self.head['code']}-{name.removeprefix(f'{self.base.code}-')}"

    def _merged(self, table: str) -> list[_Row]:
        assert self.base.pack is not None
        own = [(_key(table, x, self._main(x)), x, i) for i, x in enumerate(self.child.many(table))]
        found: dict[str, _Row] = {}
        for i, data in enumerate(self.base.pack.many(table)):
            made = self._translated(table, i, data)
            key = _key(table, made, made.get("network", ""))
            if key in self.drop or (table == "level" and made["level"] in self.drop):
                continue
            found[key] = _Row(made, inherited=data.get("inherited", "") or self.base.key)
        for key, data, i in own:
            before = found.get(key)
            if before is not None and before.at != _OWN:
                raise self.child.wrong(table, i, "", f"「{key}」重复", f"{key} stands twice")
            found[key] = _Row(data, (table, i)) if before is None else self._changed(table, i, before, data)
        return list(found.values())

    def _changed(self, table: str, index: int, before: _Row, data: Mapping[str, Any]) -> _Row:
        """A table taken over with the keys that the pack gives: own words with their own place and their own English."""
        if "quote" in data:
            for key in ("clause", "gloss"):
                if key in self.known[table] and key not in data:
                    raise self.child.wrong(
                        table, index, "quote", f"自己的引文须有自己的 {key}", f"an own quote needs its own {key}",
                    )
        elif "clause" in data:
            raise self.child.wrong(table, index, "clause", "自己的条款须有自己的引文", "an own clause needs its own quote")
        gone = set(_ON_WORDS) if "quote" in data else set()
        if gone_days := _DUE & data.keys():
            gone |= _DUE - gone_days | ({"start"} if "due" in data else set())
        kept = {k: v for k, v in before.data.items() if k not in gone}
        return _Row({**kept, **data}, (table, index), "" if "quote" in data else before.inherited)

    def _main(self, data: Mapping[str, Any]) -> str:
        """The network of a level that names none: the first."""
        if "network" in data:
            return str(data["network"])
        own = [x["id"] for x in self.child.many("network") if "id" in x]
        return self.ids[self.base.networks[0].id] if self.base.networks else own[0] if own else ""

    def _translated(self, table: str, index: int, data: Mapping[str, Any]) -> dict[str, Any]:
        """A table of the base with this document's ids; it names nothing that is left out."""
        made = {k: v for k, v in data.items() if k != "inherited"}
        if "clause" in made and not data.get("inherited"):
            made["clause"] = f"{self.base.number} {made['clause']}"  # where the words stand: in the other document
        if table == "level" and (network := self.base.levels[index].network):
            made["network"] = network
        for key in ("id", "network", "nested_in", "value_of"):
            if key in made:
                made[key] = self.ids.get(made[key], made[key])
        for key in ("joined", "targets"):
            if key in made:
                made[key] = [name for x in made[key] if (name := self.ids.get(x, x)) not in self.drop]
        if made.get("nested_in") in self.drop:
            del made["nested_in"]
        return made

    def _tidy(self) -> None:
        """What is taken over and means nothing any more is not taken over: a conflict of one, a region that nothing names."""
        self.rows["conflict"] = [r for r in self.rows["conflict"] if r.at != _OWN or len(r.data["targets"]) > 1]
        used = {r.data.get("scope", {}).get("region") for r in self.rows["target"]} | {r.data.get("region") for r in self.rows["goal"]}
        self.rows["region"] = [r for r in self.rows["region"] if r.at != _OWN or r.data["key"] in used]


def _ids(policy: Policy) -> list[str]:
    return [name for table, names in ids_of(policy).items() if table in INHERITED for name in names]


def _key(table: str, data: Mapping[str, Any], network: str) -> str:
    if table == "level":
        return f"{network} {data.get('level', '')}"
    return str(data.get("key" if table == "region" else "id", ""))


def extended(policy: Policy, base: Policy) -> Policy:
    """A document with what it takes over of the one it extends. Raises :class:`PolicyError`, also where it loosens a demand."""
    assert policy.pack is not None
    pack = ExtendedPack(policy.pack, base)
    _check_dates(pack)
    made = policy_of(pack)
    for i, name in pack.overridden():
        before = next(t for t in base.targets if t.id == name)
        before = attrs.evolve(before, joined=tuple(x for t in before.joined if (x := pack.ids.get(t, t)) not in pack.drop))
        if found := _looser(before, made.targets[i]):
            key, zh, en = found
            raise pack.wrong(
                "target", i, key, f"比「{base.key}」的「{name}」宽松：{zh}", f"looser than {name} of {base.key}: {en}",
            )
    return made


def _check_dates(pack: ExtendedPack) -> None:
    """What was due before the document takes effect is the base's matter alone: the document says that it leaves it out."""
    rows = [row for table in ("target", "goal", "schedule") for row in pack.rows[table] if row.at == _OWN]
    if pack.base.effective > to_int(pack.head["effective"]):
        day = iso(pack.base.effective)
        raise pack.wrong(
            "policy", 0, "effective", f"早于「{pack.base.key}」的生效日期 {day}", f"before {pack.base.key} takes effect, {day}",
        )
    days = [(row.data["id"], row.data.get("due") or row.data.get("deadline")) for row in rows]
    if past := [name for name, day in days if day is not None and day < pack.head["effective"]]:
        zh, en = "、".join(past), ", ".join(past)
        raise pack.wrong(
            "policy", 0, "extends", f"期限早于生效日期，请列入 drop：{zh}", f"due before the document takes effect, drop: {en}"
        )


_FIRM = ("mandatory", "conditional", "strive", "encouraged")


def _looser(before: Target, after: Target) -> tuple[str, str, str] | None:
    """Which key makes a demand weaker, or another one, than what it stands for; None where it is as strict or stricter."""
    for key in ("metric", "unit", "basis", "subject"):
        if getattr(before, key) != getattr(after, key):
            place = "scope" if key == "subject" else key
            return place, f"{key} 不同，无从比较；请列入 drop 另写一项", f"another {key}: drop it and write a target of your own"
    if found := _weaker_value(before, after):
        return found
    for key, weaker in _weakened(before, after):
        if weaker:
            return key, f"{key} 放宽", f"{key} is weaker"
    return None


def _weaker_value(before: Target, after: Target) -> tuple[str, str, str] | None:
    """The comparison of two thresholds, each a range of the figures that reach."""
    low, high, new_low, new_high = *_range(before), *_range(after)
    if low is not None and (new_low is None or new_low < low):
        return _value_key(before, after, "value")
    if high is not None and (new_high is None or new_high > high):
        ranges = before.compare == after.compare == "between"
        return _value_key(before, after, "value" if not ranges else "value_max" if new_high else "beyond")
    return None


def _value_key(before: Target, after: Target, key: str) -> tuple[str, str, str]:
    if before.compare[0] != after.compare[0] or (before.compare != after.compare and before.value == after.value):
        key = "compare"
    told = f"{key} = {getattr(after, key)}"
    return key, told, told


def _range(target: Target) -> tuple[Any, Any]:
    """The least and the most that reach; each with how the end itself counts, so that two of them can be compared."""
    least = (target.value, target.compare == ">") if target.compare in (">=", ">", "==", "between") else None
    if target.compare in (">=", ">") or (target.compare == "between" and target.beyond == "met"):
        return least, None
    return least, (target.value_max if target.compare == "between" else target.value, target.compare != "<")


def _weakened(before: Target, after: Target) -> Iterator[tuple[str, bool]]:
    same_places = all(getattr(before, x) == getattr(after, x) for x in ("levels", "kind", "without", "region"))
    yield "judge", same_places and after.together and not before.together
    yield "due", after.due is not None and after.due > (before.due or 0)
    yield "start", (after.start or 0) > (before.start or before.due or 0)
    yield "window", before.window == "year" and after.window != "year"
    yield "force", before.force in _FIRM and (after.force not in _FIRM or _FIRM.index(after.force) > _FIRM.index(before.force))
    asked = {w.metric: w.count for w in before.when}
    yield "when", any(w.count > asked.get(w.metric, 0) for w in after.when)
    yield "joined", not set(before.joined) <= set(after.joined)
    yield "scope", _names_fewer(before, after)


def _names_fewer(before: Target, after: Target) -> bool:
    """Whether a scope leaves out places that the other names. Another level altogether is another body's own demand: not compared."""
    old, new = set(before.levels), set(after.levels)
    if old and new and not old & new:
        return False
    fewer = bool(new) and (not old or not old <= new)
    narrower = any(getattr(after, key) and getattr(after, key) != getattr(before, key) for key in ("kind", "region", "without"))
    return fewer or narrower or (bool(after.roles) and not (before.roles and set(before.roles) <= set(after.roles)))


def with_bases(policies: Mapping[str, Policy]) -> tuple[dict[str, Policy], dict[str, PolicyError]]:
    """The documents, each with what it takes over; and for those of which that fails the reason."""
    found: dict[str, Policy] = {}
    failed: dict[str, PolicyError] = {}
    for key in policies:
        try:
            _resolve(policies, found, (key,))
        except PolicyError as error:
            failed[key] = error
    kept: dict[str, Policy] = {}
    for key in policies:
        if key in found:
            try:
                raise_first(found[key].pack, taken(found[key], kept.values()))
                kept[key] = found[key]
            except PolicyError as error:
                failed[key] = error
    return kept, failed


def with_base(policy: Policy, policies: Mapping[str, Policy]) -> Policy:
    """One document with what it takes over of the loaded ones."""
    return _resolve({**policies, policy.key: policy}, {k: p for k, p in policies.items() if k != policy.key}, (policy.key,))


def _resolve(policies: Mapping[str, Policy], found: dict[str, Policy], way: Sequence[str]) -> Policy:
    key = way[-1]
    policy = policies[key]
    if key not in found:
        if not policy.is_open:
            found[key] = policy
        else:
            assert policy.pack is not None
            if policy.extends not in policies:
                meant = next((p.key for p in policies.values() if policy.extends in (p.id, p.code)), "")
                raise policy.pack.wrong(
                    "policy", 0, "extends",
                    f"没有装载文件「{policy.extends}」：" + (f"请写它的 key：{meant}" if meant else "请装上提供它的插件"),
                    f"no document {policy.extends} is loaded: " + (f"write its key, {meant}" if meant else "load the plugin that has it"),
                )
            if policy.extends in way:
                raise policy.pack.wrong("policy", 0, "extends", "文件互相扩展", "these documents extend each other")
            found[key] = extended(policy, _resolve(policies, found, (*way, policy.extends)))
    return found[key]
