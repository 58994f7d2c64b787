"""The form of a rule pack as a whole: what must be right whatever plugins are loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from commlms.core.packs import Pack
from commlms.core.text import key_of

if TYPE_CHECKING:
    from commlms.core.policies import Policy, Target

#: Table, its number, the key, and the reason in both languages.
Wrong = tuple[str, int, str, str, str]


def ids_of(policy: Policy) -> dict[str, list[str]]:
    """The ids of each kind of table."""
    kinds: dict[str, Sequence[Any]] = {
        "network": policy.networks, "target": policy.targets, "goal": policy.goals, "schedule": policy.schedules,
        "conflict": policy.conflicts, "chain": policy.chains, "model": policy.models, "body": policy.bodies,
        "department": policy.departments, "term": policy.terms, "provision": policy.provisions,
    }
    return {table: [x.id for x in entries] for table, entries in kinds.items()}


def check_form(pack: Pack, policy: Policy) -> None:
    """Raise :class:`PolicyError` for the first thing that is wrong whatever is loaded."""
    for i, target in enumerate(policy.targets):
        raise_first(pack, (("target", i, *found) for found in _target(target)))
    raise_first(pack, chain(_days(policy), _names(policy), _references(policy), _goals(policy), _schedules(policy)))


def raise_first(pack: Pack | None, found: Iterable[Wrong]) -> None:
    """Raise the first of what is wrong, if anything is."""
    for wrong in found:
        assert pack is not None
        raise pack.wrong(*wrong)


def _target(target: Target) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a target by itself."""
    if _is_out_of_reach(target):
        yield "value", "这个值不可能达到", "this value cannot be met"
    if target.unit == "percent" and target.value_max is not None and target.value_max > 100:
        yield "value_max", "这个值不可能达到", "this value cannot be met"
    if sum(map(bool, (target.due, target.standing, target.every))) != 1:
        yield "due", "due、standing、every 须有且只有一个", "exactly one of due, standing, every is needed"
    yield from _range_keys(target)
    if bool(target.metric) == (target.unit == "undefined"):
        yield "metric", "须有 metric；只有 unit = \"undefined\" 的目标没有", "a metric is needed, except where unit is undefined"
    if target.unit == "undefined" and target.note is None:
        yield "note", "没有指标的目标须有 note 说明原因", "a target without a metric needs a note that says why"
    if target.start is not None and target.due is not None:
        yield "start", "start 只与 standing 或 every 同用", "start goes with standing or every only"
    if target.roles and not target.subject:
        yield "scope", "role 只与 subject 同用", "role goes with subject only"
    if target.kind and target.without:
        yield "scope", "kind 与 without 不同用", "kind and without do not go together"
    if target.subject and target.together:
        yield "judge", "有 subject 时须逐个评判（each）", "with a subject each is judged by itself"
    if target.data is not None and target.metric.startswith("core."):
        yield "data", "core 的指标总在，data 不会用到", "a metric of the core is always there: data is never said"
    if target.unit == "years" and (target.compare not in ("<=", "<") or target.every):
        yield "compare", "unit = \"years\" 是期限：compare 为 <= 或 <，不用 every", "years are a term: <= or <, and not every year"


def _is_out_of_reach(target: Target) -> bool:
    value = target.value
    if value < 0 or (target.unit == "percent" and (value > 100 or (value == 100 and target.compare == ">"))):
        return True
    return (target.compare == "<" and value == 0) or (target.compare == "==" and target.unit == "count" and value != int(value))


def _range_keys(target: Target) -> Iterator[tuple[str, str, str]]:
    between = target.compare == "between"
    for key, given in (("value_max", target.value_max is not None), ("beyond", bool(target.beyond))):
        if between and not given:
            yield key, f"compare = \"between\" 时须有 {key}", f"between needs {key}"
        if given and not between:
            yield key, f"{key} 只与 between 同用", f"{key} goes with between only"
    if target.value_max is not None and target.value_max <= target.value:
        yield "value_max", "value_max 须大于 value：不可能达到", "value_max must be more than value: this cannot be met"


def _days(policy: Policy) -> Iterator[Wrong]:
    start = policy.effective
    if policy.repealed is not None and policy.repealed <= start:
        yield "policy", 0, "repealed", "废止日期不晚于生效日期", "repealed no later than effective"
    if policy.issued is not None and policy.issued > start:
        yield "policy", 0, "issued", "印发日期晚于生效日期", "issued after it takes effect"
    if policy.issued is not None and policy.published is not None and policy.published < policy.issued:
        yield "policy", 0, "published", "公布日期早于印发日期", "published before it was issued"
    dated = [("target", i, "due", t.due) for i, t in enumerate(policy.targets)]
    dated += [("goal", i, "due", g.due) for i, g in enumerate(policy.goals)]
    dated += [("schedule", i, "deadline", s.deadline) for i, s in enumerate(policy.schedules)]
    for table, i, key, day in dated:
        if day is not None and day < start:
            yield table, i, key, "期限早于生效日期", "due before the document takes effect"
    starts = [("target", i, t.start) for i, t in enumerate(policy.targets)]
    starts += [("schedule", i, s.start) for i, s in enumerate(policy.schedules)]
    for table, i, day in starts:
        if day is not None and day < start:
            yield table, i, "start", "start 早于生效日期，不会用到", "start is before the document takes effect: nothing reads it"


def _names(policy: Policy) -> Iterator[Wrong]:
    """Names stand once."""
    networks = list(dict.fromkeys(x.network for x in policy.levels))
    yield from _once("level", "level", [[f"{x.network} {x.level}".strip()] for x in policy.levels])
    yield from _once("level", "order", [[f"{x.network} {x.order}".strip()] for x in policy.levels])
    for name in networks:
        yield from _once("level", "aliases", [[x.label.zh, *x.aliases] if x.network == name else [] for x in policy.levels])
    yield from _once("region", "key", [[x.key] for x in policy.regions])
    for table, entries in ids_of(policy).items():
        if table != "provision":
            yield from _once(table, "id", [[x] for x in entries])
    yield from _once("provision", "id", [[f"{x.kind} {x.id}"] for x in policy.provisions])
    asked = {x.id for x in policy.targets}
    for table in ("goal", "schedule"):
        for i, name in enumerate(ids_of(policy)[table]):
            if name in asked:
                yield table, i, "id", f"「{name}」重复", f"{name} stands twice"
            asked.add(name)


def _once(table: str, key: str, names: list[list[str]]) -> Iterator[Wrong]:
    seen: set[str] = set()
    for i, words in enumerate(names):
        for word in words:
            if word in seen:
                yield table, i, key, f"「{word}」重复", f"{word} stands twice"
            seen.add(word)


def _references(policy: Policy) -> Iterator[Wrong]:
    """What is named is there, and what is there is named."""
    if policy.drop and not policy.extends:
        yield "policy", 0, "drop", "drop 只与 extends 同用", "drop goes with extends only"
    if any(key_of(r.number) == key_of(policy.number) for r in policy.repeals):
        yield "policy", 0, "repeals", "文件不能废止自身", "a document does not repeal itself"
    networks = {x.id for x in policy.networks}
    for i, level in enumerate(policy.levels):
        if level.network and level.network not in networks:
            yield "level", i, "network", f"没有办学网络「{level.network}」", f"there is no network {level.network}"
    yield from _target_names(policy)
    departments = {d.id for d in policy.departments}
    for i, department in enumerate(policy.departments):
        for name in department.shared_with:
            if name not in departments or name == department.id:
                yield "department", i, "shared_with", f"没有另一部门「{name}」", f"shared_with: there is no other department {name}"
    ids = {t.id for t in policy.targets}
    for i, conflict in enumerate(policy.conflicts):
        if conflict.targets[0] not in ids or len(conflict.targets) < 2:
            yield (
                "conflict", i, "targets", "须有两项以上，第一项属于本文件", "at least two targets, the first of them of this document",
            )


def _target_names(policy: Policy) -> Iterator[Wrong]:
    targets = {t.id: t for t in policy.targets}
    for i, target in enumerate(policy.targets):
        if target.region and policy.region(target.region) is None:
            yield "target", i, "scope", f"没有片区「{target.region}」", f"there is no region {target.region}"
        named = [("joined", x) for x in target.joined] + [(k, getattr(target, k)) for k in ("nested_in", "value_of")]
        for key, name in named:
            if name and (name not in targets or name == target.id):
                yield "target", i, key, f"{key}：没有另一目标「{name}」", f"{key}: there is no other target {name}"
        if target.value_of and targets[target.value_of].value != target.value:
            value = targets[target.value_of].value
            yield "target", i, "value", f"「{target.value_of}」的值是 {value}", f"the value of {target.value_of} is {value}"
        if _goes_round(target, targets):
            yield "target", i, "nested_in", "nested_in：互相包含", "nested_in: they stand in each other"


def _goes_round(target: Target, targets: dict[str, Target]) -> bool:
    seen, at = {target.id}, target.nested_in
    while at in targets and at not in seen:
        seen.add(at)
        at = targets[at].nested_in
    return at in seen


def _goals(policy: Policy) -> Iterator[Wrong]:
    for i, goal in enumerate(policy.goals):
        if goal.region and policy.region(goal.region) is None:
            yield "goal", i, "region", f"没有片区「{goal.region}」", f"there is no region {goal.region}"


def _schedules(policy: Policy) -> Iterator[Wrong]:
    for i, schedule in enumerate(policy.schedules):
        if schedule.cadence != "weekly" and (schedule.weekdays or schedule.not_before):
            key = "weekdays" if schedule.weekdays else "not_before"
            yield "schedule", i, key, f"{key} 只与 weekly 同用", f"{key} goes with weekly only"
        if schedule.cadence != "once" and schedule.deadline is not None:
            yield "schedule", i, "deadline", "deadline 只与 once 同用", "deadline goes with once only"
        if schedule.levels and not schedule.metric:
            yield "schedule", i, "levels", "levels 只与 metric 同用", "levels goes with metric only"
        if schedule.start is not None and schedule.deadline is not None and schedule.start > schedule.deadline:
            yield "schedule", i, "deadline", "deadline 早于 start", "deadline is before start"
