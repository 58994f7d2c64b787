"""Records as documentation: tables, fields, kinds, and what is personal in them."""

from __future__ import annotations

from collections.abc import Iterable

from commlms.core.labels import Label, Lang
from commlms.core.records import Field, Record
from commlms.core.registry import Registry

_HEAD = Label("| 字段 | 列 | 类型 | 必填 | 个人信息 | 说明 |", "| field | column | kind | required | personal | notes |")
_TIERS = {"plain": Label("否", "no"), "personal": Label("个人", "personal"), "sensitive": Label("敏感", "sensitive")}


def describe_records(records: Iterable[Record], registry: Registry, lang: Lang) -> str:
    """Markdown: a section per record."""
    return "\n\n".join(_record(r, registry, lang) for r in records)


def _record(record: Record, registry: Registry, lang: Lang) -> str:
    owner = registry.owner.get(f"record:{record.key}", "-")
    doc = (record.cls.__doc__ or "").strip().split("\n")[0] if record.cls else ""
    lines = [
        f"## `{record.key}` {record.label.zh} / {record.label.en}", "", doc, "",
        Label(f"来自：{owner}；身份：{'、'.join(record.identity)}；版本 {record.version}",
              f"From: {owner}; identity: {', '.join(record.identity)}; version {record.version}").say(lang),
        "", _HEAD.say(lang), "|---|---|---|---|---|---|",
    ]
    return "\n".join(lines + [_field(f, lang) for f in record.fields if not f.host])


def _field(f: Field, lang: Lang) -> str:
    notes = []
    if f.target:
        notes.append(f"→ {f.target}")
    if f.choices:
        notes.append(" / ".join(c.label.say(lang) for c in f.choices) + ("…" if f.open else ""))
    if f.dated:
        notes.append(Label("按日期", "dated").say(lang))
    if f.unit:
        notes.append(f.unit)
    required = Label("是", "yes") if f.required else Label("", "")
    cells = (f"{f.label.zh} / {f.label.en}", f"`{f.name}`", f.kind.name, required.say(lang), _TIERS[f.tier].say(lang), "；".join(notes))
    return f"| {' | '.join(cells)} |"
