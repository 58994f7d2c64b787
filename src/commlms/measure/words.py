"""Measures and conditions in words, zh and en, made from the declaration: what a figure counts can be read under it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from commlms.core.days import iso
from commlms.core.expressions import Age, All, Any_, Column, Compare, Condition, Fact, Has, In, Not, Value
from commlms.core.kinds import EARLIEST
from commlms.core.labels import Label
from commlms.core.metrics import Hosted, Levels, Measure, Places, Residents, Rows, Total
from commlms.core.records import Field
from commlms.core.registry import CORE_RECORDS, Registry

_COLUMNS = {
    "sex": Label("性别", "sex"), "hukou": Label("户口", "household registration"), "occupation": Label("职业", "occupation"),
    "home_kind": Label("居住地类别", "kind of home place"), "home_area": Label("居住地城乡", "urban or rural home"),
    "category": Label("内容类别", "category"), "form": Label("形式", "form"), "mode": Label("方式", "mode"),
    "program": Label("项目", "program"), "audience": Label("活动对象", "audience"),
}
_HOSTED = {
    "sessions": Label("本地机构举办的场次（系列活动按期数）", "sessions held by institutions here (of a series its meetings)"),
    "minutes": Label("本地机构举办场次的分钟数", "minutes of sessions held here"),
    "named": Label("本地机构场次的具名人次", "named visits at sessions held here"),
    "unnamed": Label("本地机构场次的未具名人次（到场数减签到数，不少于待认签到数；加另计数）",
                     "unnamed visits at sessions held here (present less signed in, at least those signed in but not known; "
                     "and those counted besides)"),
}
_LEVELS = {
    "province": Label("省", "provinces"), "city": Label("市", "cities"), "county": Label("县（区）", "counties"),
    "township": Label("乡镇（街道）", "townships"), "village": Label("村（社区）", "villages"),
}
BASES = {"permanent": Label("常住", "permanent"), "registered": Label("户籍", "registered"), "actual": Label("实有", "actual")}


class Words:
    """Says measures and conditions with the names that a registry declares: labels, never keys."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def describe(self, measure: Measure) -> Label:
        """What a measure counts."""
        match measure:
            case Total():
                return self._total(measure)
            case Hosted():
                return self._hosted(measure)
            case Residents(basis, group):
                base = BASES.get(basis, Label(basis, basis))
                who = Label("", "") if group == "all" else self.group(group)
                zh, en = (f"（{who.zh}）", f" ({who.en})") if who.zh else ("", "")
                return Label(
                    f"{base.zh}居民{zh}，不晚于期末的最近一次数字", f"{base.en} residents{en}, the latest figure not after the period",
                )
            case Rows():
                return self._rows(measure)
            case Places(level, having, kind):
                base, of = _LEVELS[level], _choices().get(("kind", kind), Label(kind, kind))
                base = Label(f"{base.zh}（类别：{of.zh}）", f"{base.en} of kind {of.en}") if kind else base
                if having is None:
                    return Label(f"全部{base.zh}", f"all {base.en}")
                inner = self.describe(having.measure)
                return Label(f"{base.zh}中“{inner.zh}”不少于 {having.count} 的", f"{base.en} with at least {having.count}: {inner.en}")
            case Levels(counted):
                inner = self.describe(counted)
                return Label(
                    f"行政级别数：本地及以下，有地点自身“{inner.zh}”不少于 1 的级别",
                    f"administrative levels, from here down, of which some place itself has at least 1: {inner.en}",
                )
        return Label(measure.text, measure.text)

    def group(self, group: str) -> Label:
        """A group of people: a plugin's population or audience, or a group of residents as the core calls it."""
        found = self.registry.label("population", group)
        return core_group(group) if found.zh == group else found

    def _total(self, total: Total) -> Label:
        if total.value is None:
            what = Label(
                "期内至少参加一场、期末居住在本地的不同学员",
                "different learners with their home here at the period's end who came at least once",
            )
        elif total.value.what == "sessions":
            what = Label("期末居住在本地的学员参加的人次", "visits by learners with their home here at the period's end")
        else:
            what = Label("期末居住在本地的学员学习的分钟数", "minutes learned by learners with their home here at the period's end")
        inner = None if total.value is None else total.value.where
        tests = [self.condition(t) for t in (total.among, total.where, inner) if t is not None]
        return Label("；".join([what.zh, *(t.zh for t in tests)]), "; ".join([what.en, *(t.en for t in tests)]))

    def _hosted(self, hosted: Hosted) -> Label:
        zh, en = _HOSTED[hosted.what].zh, _HOSTED[hosted.what].en
        if hosted.where is not None:
            inner = self.condition(hosted.where)
            zh, en = f"{zh}，其中{inner.zh}", f"{en}, where {inner.en}"
        if hosted.audience:
            groups = [self.group(a) for a in hosted.audience]
            zh, en = f"{zh}，对象为{'、'.join(g.zh for g in groups)}", f"{en}, for {', '.join(g.en for g in groups)}"
        return Label(zh, en)

    def _rows(self, rows: Rows) -> Label:
        record = self.registry.records.get(rows.record)
        name = record.label if record else Label(rows.record, rows.record)
        fields = {f.name: f for f in record.fields} if record else {}
        zh, en = f"登记「{name.zh}」的全部行", f"rows of {name.en}"
        if rows.day in fields and fields[rows.day].kind.name == "period":
            zh, en = f"登记「{name.zh}」中所属时期在本期之内的行", f"{en} whose own period lies in this one"
        elif rows.day:
            zh, en = f"登记「{name.zh}」中期内的行", f"{en} dated in the period"
        elif "since" in fields or not fields:
            zh, en = f"登记「{name.zh}」中期末有效的行", f"{en} in force at the period's end"
        if rows.where is not None:
            inner = self.condition(rows.where, fields)
            zh, en = f"{zh}，其中{inner.zh}", f"{en}, where {inner.en}"
        if rows.open_until:
            came = _field_label(fields, rows.open_until)
            zh, en = f"{zh}；期末「{came.zh}」已到的不计", f"{en}, without those whose {came.en} has come by the period's end"
        if rows.distinct:
            parts = [_field_label(fields, c) for c in rows.distinct]
            zh, en = f"{zh}；按不同的{'、'.join(x.zh for x in parts)}计", f"different {' and '.join(x.en for x in parts)} among {en}"
        if rows.value:
            summed = _field_label(fields, rows.value)
            zh, en = f"{zh}；「{summed.zh}」合计", f"sum of {summed.en} over {en}"
        if rows.here:
            zh, en = f"{zh}；只计本地自身的，不含下级", f"{en}; only what is this place's own, nothing below it"
        return Label(zh, en)

    def condition(self, condition: Condition, fields: Mapping[str, Field] | None = None) -> Label:
        """A condition as a person would say it. ``fields`` are those of the register whose rows it is about."""
        match condition:
            case All(parts):
                return _join([_apart(p, self.condition(p, fields)) for p in parts], "且", " and ")
            case Any_(parts):
                return _join([self.condition(p, fields) for p in parts], "或", " or ")
            case Not(part):
                inner = self.condition(part, fields)
                return Label(f"不是（{inner.zh}）", f"not ({inner.en})")
            case In(value, words):
                name, field = self._value(value, fields or {}), _field(value, fields or {})
                return _is(name, [self._word(field, w) for w in words])
            case Compare(value, operator, number):
                name, field = self._value(value, fields or {}), _field(value, fields or {})
                if field is not None and field.kind.name == "day":
                    return _than_a_day(name, operator, number)
                sign = {">=": "≥", "<=": "≤"}.get(operator, operator)
                return Label(f"{name.zh}{sign}{number}", f"{name.en} {sign} {number}")
            case Has():
                return self._has(condition)
        return Label(str(condition), str(condition))

    def _has(self, has: Has) -> Label:
        record = next((r for r in self.registry.records.values() if r.table == has.table), None)
        fields = {f.name: f for f in record.fields} if record else {}
        name = record.label if record else Label(has.table, has.table)
        if has.table == "standing":
            return _is(name, [self._word(fields.get("group"), word) for _, word in has.words])
        inside = [_is(_field_label(fields, field), [self._word(fields.get(field), word)]) for field, word in has.words]
        tests = _join(inside, "且", " and ")
        zh, en = f"有登记「{name.zh}」", f"has a row of {name.en}"
        return Label(f"{zh}（{tests.zh}）", f"{en} ({tests.en})") if inside else Label(zh, en)

    def _value(self, value: Value, fields: Mapping[str, Field]) -> Label:
        match value:
            case Age():
                return Label("年龄", "age")
            case Column("row", name):
                return _field_label(fields, name)
            case Column(_, name):
                return _COLUMNS.get(name, Label(name, name))
            case Fact(what, where):
                base = Label("参加场次", "sessions") if what == "sessions" else Label("学习分钟", "minutes")
                if where is None:
                    return base
                inner = self.condition(where)
                return Label(f"{base.zh}（{inner.zh}）", f"{base.en} ({inner.en})")
        return Label("?", "?")

    def _word(self, field: Field | None, word: str) -> Label:
        """A stored word: its choice's label, or its name in the vocabulary of plugins that the field takes words from."""
        if field is None:
            return Label(word, word)
        for choice in field.choices:
            if choice.key == word:
                return choice.label
        if field.vocabulary == "category":
            categories = (c.label for curriculum in self.registry.curricula.values() for c in curriculum.categories)
            return next((label for label in categories if label.zh == word), Label(word, word))
        return self.registry.label(field.vocabulary, word)


@cache
def _choices() -> dict[tuple[str, str], Label]:
    """What the core's choice fields call their stored words, by field and word."""
    return {(f.name, c.key): c.label for r in CORE_RECORDS for f in r.fields for c in f.choices}


def stored_word(field: str, word: str) -> Label:
    """A stored word as the core's field labels it; the word itself where it is an open one."""
    return _choices().get((field, word), Label(word, word))


def core_group(group: str) -> Label:
    """A group of residents as the core calls it; the stored word for what a plugin names."""
    return stored_word("group", group)


@cache
def _columns() -> dict[str, Field]:
    """The core's fields behind the columns that conditions about learners and facts name."""
    fields = {(r.key, f.name): f for r in CORE_RECORDS for f in r.fields}
    homes = {f"home_{name}": fields["place", name] for name in ("kind", "area")}
    return {f.name: f for (record, _), f in fields.items() if record in ("learner", "session")} | homes


def _field(value: Value, fields: Mapping[str, Field]) -> Field | None:
    """The field that a column is stored in."""
    if not isinstance(value, Column):
        return None
    return (fields if value.scope == "row" else _columns()).get(value.name)


def _field_label(fields: Mapping[str, Field], name: str) -> Label:
    return fields[name].label if name in fields else Label(name, name)


def _than_a_day(name: Label, operator: str, day: int) -> Label:
    """A comparison with a day; with one before every day it asks whether there is a day at all."""
    if operator == ">=" and day <= EARLIEST:
        return Label(f"有{name.zh}", f"{name.en} is given")
    sign = {">=": "≥", "<=": "≤"}.get(operator, operator)
    return Label(f"{name.zh}{sign}{iso(day)}", f"{name.en} {sign} {iso(day)}")


def _is(name: Label, words: list[Label]) -> Label:
    return Label(f"{name.zh}为{'、'.join(w.zh for w in words)}", f"{name.en} is {' or '.join(w.en for w in words)}")


def _apart(part: Condition, said: Label) -> Label:
    """A part of an *and*; an *or* inside it stands in brackets."""
    return Label(f"（{said.zh}）", f"({said.en})") if isinstance(part, Any_) else said


def _join(parts: list[Label], zh: str, en: str) -> Label:
    return Label(zh.join(p.zh for p in parts), en.join(p.en for p in parts))
