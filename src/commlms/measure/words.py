"""Measures and conditions in words, zh and en, made from the declaration: what a figure counts can be read under it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from commlms.core.expressions import Age, All, Any_, Column, Compare, Condition, Fact, Has, In, Not, Value
from commlms.core.labels import Label
from commlms.core.metrics import Hosted, Measure, Places, Residents, Rows, Total
from commlms.core.registry import CORE_RECORDS

_COLUMNS = {
    "sex": Label("性别", "sex"), "hukou": Label("户口", "household registration"), "occupation": Label("职业", "occupation"),
    "home_kind": Label("居住地类别", "kind of home place"), "home_area": Label("居住地城乡", "urban or rural home"),
    "category": Label("内容类别", "category"), "form": Label("形式", "form"), "mode": Label("方式", "mode"),
    "program": Label("项目", "program"), "audience": Label("活动对象", "audience"),
}
_HOSTED = {
    "sessions": Label("本地机构举办的场次", "sessions held by institutions here"),
    "minutes": Label("本地机构举办场次的分钟数", "minutes of sessions held here"),
    "named": Label("本地机构场次的具名人次", "named visits at sessions held here"),
    "unnamed": Label("本地机构场次的未具名人次（到场数减签到数，或另计数）",
                     "unnamed visits at sessions held here (present less signed in, or counted besides)"),
}
_LEVELS = {
    "province": Label("省", "provinces"), "city": Label("市", "cities"), "county": Label("县（区）", "counties"),
    "township": Label("乡镇（街道）", "townships"), "village": Label("村（社区）", "villages"),
}
BASES = {"permanent": Label("常住", "permanent"), "registered": Label("户籍", "registered"), "actual": Label("实有", "actual")}


#: How a group of people is called, by the word it is stored under.
GroupName = Callable[[str], Label]


def group_name(group: str) -> Label:
    """A group of residents as the core calls it; the stored word itself for a plugin's."""
    return stored_word("group", group)


def describe(measure: Measure, named: GroupName = group_name) -> Label:
    """What a measure counts. ``named`` gives the names of groups that plugins declare."""
    match measure:
        case Total():
            return _total(measure)
        case Hosted(what, where, audience):
            base = _HOSTED[what]
            zh, en = base.zh, base.en
            if where is not None:
                inner = condition_words(where)
                zh, en = f"{zh}，其中{inner.zh}", f"{en}, where {inner.en}"
            if audience:
                groups = [named(a) for a in audience]
                zh, en = f"{zh}，对象为{'、'.join(g.zh for g in groups)}", f"{en}, for {', '.join(g.en for g in groups)}"
            return Label(zh, en)
        case Residents(basis, group):
            base = BASES.get(basis, Label(basis, basis))
            who = Label("", "") if group == "all" else Label(f"（{named(group).zh}）", f" ({named(group).en})")
            return Label(
                f"{base.zh}居民{who.zh}，不晚于期末的最近一次数字", f"{base.en} residents{who.en}, the latest figure not after the period"
            )
        case Rows(record):
            return Label(f"登记「{record}」中期末有效的行", f"rows of {record} in force at the period's end")
        case Places(level, having):
            base = _LEVELS[level]
            if having is None:
                return Label(f"全部{base.zh}", f"all {base.en}")
            inner = describe(having.measure, named)
            return Label(f"{base.zh}中「{inner.zh}」不少于 {having.count} 的", f"{base.en} with at least {having.count}: {inner.en}")
    return Label(measure.text, measure.text)


def _total(total: Total) -> Label:
    if total.value is None:
        what = Label(
            "期内至少参加一场、期末居住在本地的不同学员",
            "different learners with their home here at the period's end who came at least once",
        )
    elif total.value.what == "sessions":
        what = Label("期末居住在本地的学员参加的人次", "visits by learners with their home here at the period's end")
    else:
        what = Label("期末居住在本地的学员学习的分钟数", "minutes learned by learners with their home here at the period's end")
    tests = [condition_words(t) for t in (total.among, total.where) if t is not None]
    if total.value is not None and total.value.where is not None:
        tests.append(condition_words(total.value.where))
    if not tests:
        return what
    return Label(f"{what.zh}；{'；'.join(t.zh for t in tests)}", f"{what.en}; {'; '.join(t.en for t in tests)}")


def condition_words(condition: Condition) -> Label:
    """A condition as a person would say it."""
    match condition:
        case All(parts):
            return _join([condition_words(p) for p in parts], "且", " and ")
        case Any_(parts):
            return _join([condition_words(p) for p in parts], "或", " or ")
        case Not(part):
            inner = condition_words(part)
            return Label(f"不是（{inner.zh}）", f"not ({inner.en})")
        case In(value, words):
            name, said = _value(value), [_word(value, w) for w in words]
            return Label(f"{name.zh}为{'、'.join(w.zh for w in said)}", f"{name.en} is {' or '.join(w.en for w in said)}")
        case Compare(value, operator, number):
            name = _value(value)
            sign = {">=": "≥", "<=": "≤"}.get(operator, operator)
            return Label(f"{name.zh}{sign}{number}", f"{name.en} {sign} {number}")
        case Has(table, words):
            inside = "、".join(w for _, w in words)
            return Label(f"有登记「{table}」{inside}", f"has {table} {inside}".strip())
    return Label(str(condition), str(condition))


@cache
def _choices() -> dict[tuple[str, str], Label]:
    """What the core's choice fields call their stored words, by field and word."""
    return {(f.name, c.key): c.label for r in CORE_RECORDS for f in r.fields for c in f.choices}


def stored_word(field: str, word: str) -> Label:
    """A stored word as the core's field labels it; the word itself where it is an open one."""
    return _choices().get((field, word), Label(word, word))


def _word(value: Value, word: str) -> Label:
    return stored_word(value.name.removeprefix("home_") if isinstance(value, Column) else "", word)


def _value(value: Value) -> Label:
    match value:
        case Age():
            return Label("年龄", "age")
        case Column(_, name):
            return _COLUMNS.get(name, Label(name, name))
        case Fact(what, where):
            base = Label("参加场次", "sessions") if what == "sessions" else Label("学习分钟", "minutes")
            if where is None:
                return base
            inner = condition_words(where)
            return Label(f"{base.zh}（{inner.zh}）", f"{base.en} ({inner.en})")
    return Label("?", "?")


def _join(parts: list[Label], zh: str, en: str) -> Label:
    return Label(zh.join(p.zh for p in parts), en.join(p.en for p in parts))
