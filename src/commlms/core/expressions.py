"""Conditions over learners and facts, written as Python expressions, true in SQL and in memory alike.

There is no ``==``: write ``.is_()`` and ``.in_()``. A condition has no truth value of its own
(``bool()`` raises), unknown is never true, and two expressions are the same when their canonical
texts are. ``dump`` and ``load`` turn an expression into that text and back, so that a database can
keep counting what an absent plugin declared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

import attrs

from commlms.core.errors import DeclarationError
from commlms.core.labels import Label

_T = TypeVar("_T")
Scope = Literal["learner", "fact", "row"]
Operator = Literal[">=", ">", "<=", "<"]


def _wrong(zh: str, en: str) -> DeclarationError:
    return DeclarationError(Label(zh, en))


class Expression:
    """Base of values and conditions."""

    def __bool__(self) -> bool:
        raise _wrong("条件要用 & | ~ 连接，不能用 and、or、not、==", "join conditions with & | ~, never with and, or, not, ==")


class Value(Expression):
    """A number or a word of a learner, a fact or a row; comparing it gives a :class:`Condition`."""

    def __ge__(self, number: int) -> Compare:
        return Compare(self, ">=", _whole(number))

    def __gt__(self, number: int) -> Compare:
        return Compare(self, ">", _whole(number))

    def __le__(self, number: int) -> Compare:
        return Compare(self, "<=", _whole(number))

    def __lt__(self, number: int) -> Compare:
        return Compare(self, "<", _whole(number))

    def is_(self, word: str) -> In:
        """The value is this word."""
        return In(self, (word,))

    def in_(self, *words: str) -> In:
        """The value is one of these words."""
        return In(self, tuple(sorted(set(words))))


class Condition(Expression):
    """Something that is true, false or unknown of a learner, a fact or a row."""

    def __and__(self, other: Condition) -> All:
        return All((self, _condition(other)))

    def __or__(self, other: Condition) -> Any_:
        return Any_((self, _condition(other)))

    def __invert__(self) -> Not:
        return Not(self)


def _whole(number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int):
        raise _wrong("比较的一边必须是整数", "compare with a whole number")
    return number


def _condition(value: Any) -> Condition:
    if not isinstance(value, Condition):
        raise _wrong("& 和 | 的两边都必须是条件", "both sides of & and | must be conditions")
    return value


@attrs.frozen(eq=False)
class Column(Value):
    """A column of a learner at the period's end, of a fact, or of a register's row."""

    scope: Scope
    name: str


@attrs.frozen(eq=False)
class Age(Value):
    """Full years on the last day of the period; unknown where the birth date leaves it open."""


@attrs.frozen(eq=False)
class Fact(Value):
    """A learner's own sum over the period: sessions attended, or minutes."""

    what: Literal["sessions", "minutes"]
    where: Condition | None = None

    def __attrs_post_init__(self) -> None:
        if self.where is not None:
            _condition(self.where)


@attrs.frozen(eq=False)
class Compare(Condition):
    """A value against a whole number."""

    value: Value
    operator: Operator
    number: int


@attrs.frozen(eq=False)
class In(Condition):
    """A value among words."""

    value: Value
    words: tuple[str, ...]


@attrs.frozen(eq=False)
class All(Condition):
    """Every part is true."""

    parts: tuple[Condition, ...]


@attrs.frozen(eq=False)
class Any_(Condition):
    """At least one part is true."""

    parts: tuple[Condition, ...]


@attrs.frozen(eq=False)
class Not(Condition):
    """The part is false. Unknown stays unknown."""

    part: Condition


@attrs.frozen(eq=False)
class Has(Condition):
    """The learner has a row of a register with these words, in force on the last day of the period.

    ``since`` and ``until`` name the register's columns; without them any row counts.
    """

    table: str
    words: tuple[tuple[str, str], ...]
    since: str = ""
    until: str = ""


age = Age()
sex, hukou, occupation = (Column("learner", name) for name in ("sex", "hukou", "occupation"))
strength = Column("learner", "strength")
home_kind, home_area = Column("learner", "home_kind"), Column("learner", "home_area")
category, form, mode = (Column("fact", name) for name in ("category", "form", "mode"))
program, audience = Column("fact", "program"), Column("fact", "audience")


class _This:
    """``this.kind`` is the column ``kind`` of the register's row being counted."""

    def __getattr__(self, name: str) -> Column:
        if name.startswith("_"):
            raise AttributeError(name)
        return Column("row", name)


this = _This()


def sessions(where: Condition | None = None) -> Fact:
    """Sessions a learner attended in the period, of those that fit ``where``."""
    return Fact("sessions", where)


def minutes(where: Condition | None = None) -> Fact:
    """Minutes a learner attended in the period, in sessions that fit ``where``."""
    return Fact("minutes", where)


def standing(*groups: str) -> Condition:
    """The learner stands in one of these groups on the last day of the period."""
    parts = tuple(Has("standing", (("group", g),), "since", "until") for g in groups)
    return parts[0] if len(parts) == 1 else Any_(parts)


def has(record_class: object, **words: str) -> Has:
    """The learner has a row of ``record_class`` in force on the period's last day with these words."""
    declared = record_class.__record__  # type: ignore[attr-defined]  # a record class
    names = {f.name for f in declared.fields}
    if not any(f.name == "learner" and f.target == "learner" for f in declared.fields):
        raise _wrong(f"「{declared.key}」没有学员字段", f"record {declared.key} has no field learner")
    if kept_apart := [w for w in words if any(f.name == w and f.dated for f in declared.fields)]:
        raise _wrong(f"has() 不能测试按日期的字段 {kept_apart[0]}", f"has() cannot test the dated field {kept_apart[0]}")
    dated = "since" in names
    return Has(
        declared.table, tuple(sorted(words.items())), "since" if dated else "", "until" if "until" in names else "",
    )


_NODES: dict[str, type[Any]] = {
    cls.__name__: cls for cls in (Column, Age, Fact, Compare, In, All, Any_, Not, Has)
}


def node(cls: type[Any]) -> type[Any]:
    """Let ``dump`` and ``load`` know a further attrs class (measures use this)."""
    _NODES[cls.__name__] = cls
    return cls


def pack(value: object) -> object:
    """An expression as nested lists, ready for JSON."""
    if attrs.has(type(value)):
        return [type(value).__name__, *(pack(getattr(value, f.name)) for f in _written(value))]
    if isinstance(value, tuple):
        return {"of": [pack(v) for v in value]}
    return value


def _written(value: Any) -> list[attrs.Attribute[Any]]:
    """The fields of an expression that its text holds. One that a later version added is left away at the end where it has
    its default, so that what an older database says is still the same text.
    """
    fields = list(attrs.fields(type(value)))
    while fields and fields[-1].metadata.get("added") and getattr(value, fields[-1].name) == fields[-1].default:
        fields.pop()
    return fields


def unpack(value: object) -> Any:
    """The expression that :func:`pack` made the lists from."""
    if isinstance(value, list):
        return _NODES[value[0]](*(unpack(v) for v in value[1:]))
    if isinstance(value, dict):
        return tuple(unpack(v) for v in value["of"])
    return value


def dump(value: object) -> str:
    """The canonical text of an expression."""
    return json.dumps(pack(value), ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Any:
    """The expression of a canonical text."""
    return unpack(json.loads(text))


def facts_in(value: object) -> tuple[Fact, ...]:
    """Every :class:`Fact` inside an expression, each once, in a fixed order."""
    return parts_in(value, Fact)


def has_in(value: object) -> tuple[Has, ...]:
    """Every :class:`Has` inside an expression, each once, in a fixed order."""
    return parts_in(value, Has)


def asks_age(value: object) -> bool:
    """Whether an expression asks how old a learner is."""
    return bool(parts_in(value, Age))


def parts_in(value: object, kind: type[_T]) -> tuple[_T, ...]:
    """Every part of one kind inside an expression, each once, in a fixed order."""
    found: dict[str, Any] = {}

    def walk(part: object) -> None:
        if isinstance(part, kind):
            found.setdefault(dump(part), part)
        if isinstance(part, tuple):
            for each in part:
                walk(each)
        elif attrs.has(type(part)):
            for each in attrs.asdict(part, recurse=False).values():  # type: ignore[arg-type]  # attrs.has was asked
                walk(each)

    walk(value)
    return tuple(found[key] for key in sorted(found))


Person = Mapping[str, Any]


def holds(condition: Condition, person: Person) -> bool | None:
    """Whether a condition is true of one learner in memory: True, False, or None for unknown.

    ``person`` gives ``born_first``, ``born_last`` and ``last`` (days), the learner columns,
    ``facts`` (a sequence of mappings with the fact columns and ``minutes``) and one sequence of
    mappings per register table that is asked with :func:`has`.
    """
    match condition:
        case All(parts):
            return _every([holds(p, person) for p in parts])
        case Any_(parts):
            negated = _every([_negated(holds(p, person)) for p in parts])
            return _negated(negated)
        case Not(part):
            return _negated(holds(part, person))
        case In(value, words):
            word = _value(value, person)
            return None if word is None else word in words
        case Compare(Age(), operator, number):
            return _age_is(operator, number, person)
        case Compare(value, operator, number):
            found = _value(value, person)
            return None if found is None else _compare(int(found), operator, number)
        case Has():
            return any(_row_holds(condition, row, int(person["last"])) for row in person.get(condition.table, ()))
    raise _wrong("未知的条件", "unknown condition")


def _every(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _negated(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _compare(found: int, operator: Operator, number: int) -> bool:
    return {">=": found >= number, ">": found > number, "<=": found <= number, "<": found < number}[operator]


def age_bound(operator: Operator, number: int) -> tuple[bool, int]:
    """``age >= n`` as (born no later?, years): ``>= 60`` is born at least 60 years before the last day."""
    return operator in (">=", ">"), number + (operator in (">", "<="))


def _age_is(operator: Operator, number: int, person: Person) -> bool | None:
    if person.get("born_first") is None or person.get("born_last") is None:
        return None
    first, last = int(person["born_first"]), int(person["born_last"])
    old_enough, years = age_bound(operator, number)
    day = int(person["last"]) - years * 10_000
    if (last <= day) != (first <= day):
        return None
    return (last <= day) == old_enough


def _value(value: Value, person: Person) -> Any:
    match value:
        case Fact(what, where):
            fitting = [f for f in person.get("facts", ()) if where is None or holds(where, f)]
            return len(fitting) if what == "sessions" else sum(int(f.get("minutes") or 0) for f in fitting)
        case Column(_, name):
            return person.get(name)
    raise _wrong("这里不能用年龄", "age cannot be used here")


def _row_holds(has_: Has, row: Mapping[str, Any], last: int) -> bool:
    if any(row.get(name) != word for name, word in has_.words):
        return False
    if has_.since and not (row.get(has_.since) is not None and row[has_.since] <= last):
        return False
    until = row.get(has_.until) if has_.until else None
    return until is None or until > last
