"""A document as a person reads it on the screen: all that its pack says, table by table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from commlms.core import pack_words
from commlms.core.days import iso
from commlms.core.duties import Agreement, Level, Network, Part, Region
from commlms.core.labels import Label, Lang
from commlms.core.pack_words import Words, word
from commlms.core.policies import Policy, Repeal, Target, When
from commlms.core.registry import Registry

#: The tables in the order in which they are read, with the field of a policy that holds each.
TABLES: Mapping[str, tuple[str, Label]] = {
    "network": ("networks", Label("办学网络", "networks")), "level": ("levels", Label("各级机构", "levels")),
    "region": ("regions", Label("片区", "regions")), "target": ("targets", Label("目标", "targets")),
    "goal": ("goals", Label("无数值的目标", "goals without a number")), "schedule": ("schedules", Label("定期工作", "schedules")),
    "conflict": ("conflicts", Label("不一致之处", "contradictions")), "model": ("models", Label("管理体制", "model of governance")),
    "body": ("bodies", Label("工作机构", "bodies")), "department": ("departments", Label("部门及其职责", "departments and their duties")),
    "chain": ("chains", Label("专门链条", "chains beside the network")), "term": ("terms", Label("用语", "terms")),
    "provision": ("provisions", Label("其他事项", "further provisions")),
}
_WORDS: Mapping[str, Label] = {
    "aliases": Label("又称", "also"), "hosts": Label("依托", "hosted by"), "duties": Label("职责", "duties"),
    "supervised_by": Label("受指导于", "supervised by"), "count": Label("数量", "how many"), "condition": Label("条件", "condition"),
    "agreement": Label("协议", "agreement"), "network": Label("网络", "network"),
    "levels": Label("级别", "level"), "stated_levels": Label("原文写明的级数", "levels, as printed"), "clause": Label("条款", "clause"),
    "head": Label("龙头", "head"), "backbone": Label("骨干", "backbone"), "base": Label("基础", "base"),
    "places": Label("地点", "places"), "due": Label("期限", "due"), "start": Label("起始", "from"), "deadline": Label("截止", "by"),
    "metric": Label("指标", "metric"), "metrics": Label("并列指标", "figures beside it"), "assessed": Label("评估登记", "assessments"),
    "region": Label("片区", "region"), "by": Label("由谁", "by whom"), "cadence": Label("频次", "how often"),
    "weekdays": Label("星期", "weekdays"), "not_before": Label("不早于", "not before"), "min_count": Label("至少次数", "at least"),
    "events": Label("活动项数", "kinds of events"), "targets": Label("所涉目标", "targets"), "links": Label("链条", "links"),
    "shared": Label("共享", "shared"), "functions": Label("功能", "functions"), "parts": Label("各方", "parts"),
    "group": Label("类别", "group"), "role": Label("角色", "role"), "shared_with": Label("共同承担", "shared with"),
    "about": Label("用语", "word"), "kind": Label("种类", "kind"), "reading": Label("解读", "reading"), "quote": Label("原文", "text"),
    "gloss": Label("译文", "in English"), "note": Label("说明", "note"), "inherited": Label("承接自", "taken over from"),
    "req": Label("要求编号", "requirements"), "demand": Label("要求", "demand"), "whom": Label("对象", "binds"),
    "when": Label("只约束", "only where"), "joined": Label("与之合并取大", "one maximum with"), "nested_in": Label("其中于", "part of"),
    "data": Label("所需记录", "the record it asks for"), "stated": Label("以谁为准", "judged by"), "basis": Label("人口口径", "residents"),
    "window": Label("统计期", "counted over"), "force": Label("效力", "force"), "value_of": Label("数值见", "number as in"),
    "number": Label("文号", "number"), "issuer": Label("发文机关", "issued by"), "jurisdiction": Label("施行地", "binds in"),
    "tree": Label("汇总树", "adds up along"), "days": Label("日期", "dates"), "repeals": Label("废止", "repeals"),
    "extends": Label("承接", "extends"), "drop": Label("不承接", "leaves out"), "names": Label("代号", "names"),
}
_TREES: Words = {"admin": Label("行政区划", "the administrative tree"), "reporting": Label("报送关系", "who reports to whom")}
#: The words of fields that hold a key.
_KEYS: Mapping[str, Words] = {
    "levels": pack_words.LEVELS, "cadence": pack_words.CADENCES, "group": pack_words.GROUPS, "role": pack_words.ROLES,
    "kind": pack_words.PROVISIONS, "weekdays": pack_words.WEEKDAYS, "tree": _TREES, "basis": pack_words.BASES,
    "window": pack_words.WINDOWS, "force": pack_words.FORCES, "reading": pack_words.READINGS,
}
_BEYOND: Words = {"met": Label("高于上限也算达到", "above it is met"), "short": Label("高于上限算未达到", "above it is short")}
#: Read last in every table.
_LAST = ("data", "stated", "clause", "quote", "gloss", "reading", "inherited", "note", "req")
_DAYS = ("due", "start", "deadline")
#: What a target's line of demand and of whom it binds says.
_SAID = ("compare", "literal", "value", "value_max", "beyond", "unit", "kind", "without", "region", "subject", "roles", "together",
         "standing", "every", "levels", "due", "start")


class Reader:
    """Prints a document in one language."""

    def __init__(self, policy: Policy, lang: Lang, registry: Registry) -> None:
        self.policy, self.lang, self.registry = policy, lang, registry

    def lines(self, tables: Sequence[str] = ()) -> Iterator[str]:
        """The document's head, then each table that has something; only ``tables`` where some are named."""
        if not tables:
            yield from self._head()
        begun = not tables
        networks = list(dict.fromkeys(x.network for x in self.policy.levels))
        for table, (field, title) in TABLES.items():
            entries = getattr(self.policy, field)
            if entries and (not tables or table in tables):
                if begun:
                    yield ""
                begun = True
                yield f"== {title.say(self.lang)} ({len(entries)})"
                for entry in sorted(entries, key=lambda x: (networks.index(x.network), x.order)) if table == "level" else entries:
                    yield ""
                    yield from self._entry(entry)

    def _head(self) -> Iterator[str]:
        policy = self.policy
        yield policy.label.say(self.lang)
        days = [
            (Label("印发", "issued"), policy.issued), (Label("公布", "published"), policy.published),
            (Label("施行", "in force from"), policy.effective), (Label("失效", "no longer from"), policy.repealed),
        ]
        told = self._join([f"{what.say(self.lang)} {iso(day)}" for what, day in days if day is not None])
        if policy.repealed_by:
            told += Label(f"（{policy.repealed_by} 废止）", f" (repealed by {policy.repealed_by})").say(self.lang)
        yield self._line("names", self._join([policy.id, policy.key, policy.code]))
        for field in ("number", "issuer", "jurisdiction", "tree"):
            yield from self._field(field, getattr(policy, field))
        yield self._line("days", told)
        for field in ("repeals", "extends", "drop", "note"):
            yield from self._field(field, getattr(policy, field))

    def _entry(self, entry: Any) -> Iterator[str]:
        skip = {"id", "key", "label", "level", "place", "order"}
        if isinstance(entry, Level):
            names = [pack_words.LEVELS[entry.level].say(self.lang), entry.place.say(self.lang)]
            skip |= {"network"} if len(self.policy.networks) < 2 else set()
        else:
            names = [entry.key if isinstance(entry, Region) else entry.id]
        yield "  ".join(dict.fromkeys([*names, entry.label.say(self.lang)]))
        if self.lang == "zh":
            skip.add("gloss")
        if isinstance(entry, Target):
            yield self._line("demand", self._demand(entry))
            yield self._line("whom", self._whom(entry))
            skip |= set(_SAID)
        names = [f.name for f in attrs.fields(type(entry)) if f.name not in skip]
        for name in sorted(names, key=lambda n: _LAST.index(n) if n in _LAST else -1):
            said = "stated_levels" if name == "levels" and isinstance(entry, Network) else name
            yield from self._field(said, getattr(entry, name))

    def _field(self, field: str, value: Any) -> Iterator[str]:
        """One field: nothing where it is empty, labels of a list on lines of their own."""
        if value is None or value in ("", ()):
            return
        if isinstance(value, tuple) and not isinstance(value[0], str | int):
            yield f"  {_WORDS[field].say(self.lang)}{self._colon}".rstrip()
            yield from (f"    - {self._text(field, x)}" for x in value)
        else:
            yield self._line(field, self._join([self._text(field, x) for x in (value if isinstance(value, tuple) else (value,))]))

    def _text(self, field: str, value: Any) -> str:
        lang = self.lang
        match value:
            case Label():
                return value.say(lang)
            case Part(label, actor):
                return f"{label.say(lang)} ({word(pack_words.ACTORS, actor).say(lang)})"
            case Agreement(label, covers):
                return f"{label.say(lang)}{self._colon}{self._join(covers)}" if covers else label.say(lang)
            case Repeal(number, label):
                return f"{number} {label.say(lang)}" if label else number
            case When(metric, count):
                return f"{self._text('metric', metric)} ≥ {count}"
        if field in _DAYS:
            return iso(value)
        if field in ("metric", "metrics") and value in self.registry.metrics:
            return f"{self.registry.metrics[value].label.say(lang)} [{value}]"
        if field == "region" and (region := self.policy.region(value)):
            return f"{region.label.say(lang)} [{value}]"
        if field == "shared_with" and (found := [d for d in self.policy.departments if d.id == value]):
            return f"{found[0].label.say(lang)} [{value}]"
        if field == "assessed" and value in self.registry.records:
            return f"{self.registry.records[value].label.say(lang)} [{value}]"
        return word(_KEYS[field], str(value)).say(lang) if field in _KEYS else str(value)

    def _demand(self, target: Target) -> str:
        """The comparison in words, with the words it was read from, and by when."""
        lang = self.lang
        value = str(target.value) if target.value_max is None else f"{target.value}–{target.value_max}"
        unit = pack_words.UNITS[target.unit].say(lang)
        said = f"{pack_words.COMPARISONS[target.compare].say(lang)} {value} {unit}".replace(" %", "%").replace(" ／", "／").strip()
        parts = [said, f"“{target.literal}”" if target.literal else ""]
        if target.beyond:
            parts.append(_BEYOND[target.beyond].say(lang))
        for field in ("due", "start"):
            day = getattr(target, field)
            parts.append(f"{_WORDS[field].say(lang)} {iso(day)}" if day is not None else "")
        parts.append(Label("长期", "lasting").say(lang) if target.standing else "")
        parts.append(Label("每年", "every year").say(lang) if target.every else "")
        return self._join([x for x in parts if x], "，")

    def _whom(self, target: Target) -> str:
        """The places or rows that are judged, and how."""
        lang = self.lang
        parts = [self._join([word(pack_words.LEVELS, x).say(lang) for x in target.levels])]
        parts += [self._choice("place", target.kind)]
        if target.without:
            left_out = self._choice("place", target.without)
            parts.append(Label(f"{left_out}除外", f"except {left_out}").say(lang))
        parts.append(self._text("region", target.region) if target.region else "")
        if target.subject:
            record = self.registry.records.get(target.subject)
            rows = record.label.say(lang) if record else target.subject
            kinds = self._join([self._choice(target.subject, x) for x in target.roles])
            parts.append(f"{rows} ({kinds})" if kinds else rows)
        parts.append((Label("合并评判", "judged as one") if target.together else Label("逐个评判", "each judged by itself")).say(lang))
        return self._join([x for x in parts if x], "，")

    def _choice(self, record: str, kind: str) -> str:
        """The word for a kind of place or of a register's row."""
        fields = self.registry.records[record].fields if record in self.registry.records else ()
        choices = (c for f in fields if f.name == "kind" for c in f.choices)
        return next((c.label.say(self.lang) for c in choices if c.key == kind), kind)

    @property
    def _colon(self) -> str:
        return "：" if self.lang == "zh" else ": "

    def _join(self, parts: Sequence[str], comma: str = "、") -> str:
        return (comma if self.lang == "zh" else ", ").join(parts)

    def _line(self, field: str, text: str) -> str:
        return f"  {_WORDS[field].say(self.lang)}{self._colon}{text}"
