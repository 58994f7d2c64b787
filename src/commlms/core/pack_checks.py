"""What is checked of a rule pack: its form as a whole, and what it says beside its own quotes and the loaded plugins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from commlms.core.packs import Pack
from commlms.core.text import key_of, narrow

if TYPE_CHECKING:
    from commlms.core.policies import Policy, Target


def ids_of(policy: Policy) -> dict[str, list[str]]:
    """The ids of each kind of table."""
    kinds: dict[str, Sequence[Any]] = {
        "network": policy.networks, "target": policy.targets, "goal": policy.goals, "schedule": policy.schedules,
        "conflict": policy.conflicts, "chain": policy.chains, "model": policy.models, "body": policy.bodies,
        "department": policy.departments, "term": policy.terms, "provision": policy.provisions,
    }
    return {table: [x.id for x in entries] for table, entries in kinds.items()}


def check_form(pack: Pack, policy: Policy) -> None:
    """Raise :class:`PolicyError` for what is wrong whatever is loaded."""
    for i, target in enumerate(policy.targets):
        _check_target(pack, i, target)
    _check_days(pack, policy)
    _check_names(pack, policy)


def _check_target(pack: Pack, i: int, target: Target) -> None:
    if target.value < 0 or (target.unit == "percent" and target.value > 100):
        raise pack.wrong("target", i, "value", "这个值不可能达到", "this value cannot be met")
    if sum(map(bool, (target.due, target.standing, target.every))) != 1:
        raise pack.wrong("target", i, "due", "due、standing、every 须有且只有一个", "exactly one of due, standing, every is needed")


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
    networks = {x.network for x in policy.levels}
    for name in networks:
        if name and name not in {n.id for n in policy.networks}:
            i = next(i for i, x in enumerate(policy.levels) if x.network == name)
            raise pack.wrong("level", i, "network", f"没有办学网络「{name}」", f"there is no network {name}")
    _check_once(pack, "level", "level", [[f"{x.network} {x.level}".strip()] for x in policy.levels])
    for name in networks:
        _check_once(pack, "level", "aliases", [[x.label.zh, *x.aliases] if x.network == name else [] for x in policy.levels])
    _check_once(pack, "region", "key", [[x.key] for x in policy.regions])
    for table, entries in ids_of(policy).items():
        _check_once(pack, table, "id", [[x] for x in entries])
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


def check_against(policy: Policy, metrics: Mapping[str, object], plugins: set[str]) -> None:
    """Raise :class:`PolicyError` for a metric that a loaded plugin does not have, and for a demand that its quote does not say."""
    pack = policy.pack
    assert pack is not None
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


