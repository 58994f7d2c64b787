"""Measures to SQL: the conditions, and one portable statement for all totals over learners.

Only CASE, SUM, COUNT, JOIN and GROUP BY on integers and text equality: no division, no dates, no LIKE.
Every column is quoted; a value that an expression names is escaped, never spliced as it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from commlms.core.days import Period
from commlms.core.errors import DeclarationError
from commlms.core.expressions import (
    Age,
    All,
    Any_,
    Column,
    Compare,
    Condition,
    Fact,
    Has,
    In,
    Not,
    Value,
    age_bound,
    dump,
    facts_in,
    has_in,
)
from commlms.core.labels import Label
from commlms.core.metrics import Total
from commlms.measure.sameness import APART, Sameness

#: Where each column of an expression is found in the statements below.
_LEARNER = {
    "sex": 'l."sex"', "strength": 'l."strength"', "hukou": 'st."hukou"', "occupation": 'st."occupation"',
    "home_kind": 'hp."kind"', "home_area": 'hp."area"',
}
_FACT = {
    "category": 'COALESCE(s."category", c."category")', "form": 's."form"', "mode": 's."mode"',
    "program": 's."program"', "audience": 'COALESCE(s."audience", c."population")',
}


def quote(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


@attrs.frozen
class Compiler:
    """Conditions to SQL. ``facts`` and ``registers`` map canonical texts to the columns that hold them."""

    facts: dict[str, str] = attrs.field(factory=dict)
    registers: dict[str, str] = attrs.field(factory=dict)

    def condition(self, condition: Condition) -> str:
        """SQL that is true, false or NULL (unknown)."""
        match condition:
            case All(parts):
                return "(" + " AND ".join(map(self.condition, parts)) + ")"
            case Any_(parts):
                return "(" + " OR ".join(map(self.condition, parts)) + ")"
            case Not(part):
                return f"(NOT {self.condition(part)})"
            case In(value, words):
                return f"{self.value(value)} IN ({', '.join(map(quote, words))})"
            case Compare(Age(), operator, number):
                return _age(*age_bound(operator, number))
            case Compare(value, operator, number):
                return f"{self.value(value)} {operator} {number:d}"
            case Has():
                return f"{self.registers[dump(condition)]} = 1"
        raise _unknown(condition)

    def value(self, value: Value) -> str:
        """SQL of a value."""
        match value:
            case Fact():
                return self.facts[dump(value)]
            case Column("learner", name) if name in _LEARNER:
                return _LEARNER[name]
            case Column("fact", name) if name in _FACT:
                return _FACT[name]
            case Column("row", name):
                return f"r.{identifier(name)}"
        raise _unknown(value)


def _unknown(part: object) -> DeclarationError:
    return DeclarationError(Label(f"表达式中有未知的部分：{part!r}", f"unknown part of an expression: {part!r}"))


def _age(old_enough: bool, years: int) -> str:
    """Born at least ``years`` before the last day (or less, if not ``old_enough``); unknown where open."""
    day = f'(f."last" - {years * 10_000})'
    yes, no = (1, 0) if old_enough else (0, 1)
    return f'(CASE WHEN l."born_last" <= {day} THEN {yes} WHEN l."born_first" > {day} THEN {no} END) = 1'


_YEAR = 10_000  # between two days as integers


def _days(periods: Sequence[Period]) -> list[str]:
    """For each period, the condition that a session ``s`` falls in it. Several periods must not overlap.

    A series that is kept as one line falls in the periods that hold all of it, from where it began.
    The unary plus keeps SQLite from looking sessions up by their day where most of them are wanted:
    participations are then read in their own order, which is the order they are grouped in.
    """
    long = periods[-1].last - periods[0].first >= _YEAR
    day = '+s."on"' if long else 's."on"'
    return [f'{day} BETWEEN {p.first} AND {p.last} AND COALESCE(s."began", {p.first}) >= {p.first}' for p in periods]


def within(periods: Sequence[Period]) -> str:
    """The condition that a session falls in one of the periods."""
    tests = _days(periods)
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


def by_period(periods: Sequence[Period], values: Sequence[int]) -> str:
    """One value a period, by the period a session falls in; a plain number where there is one period."""
    if len(periods) == 1:
        return str(values[0])
    whens = [f"WHEN {test} THEN {value}" for test, value in zip(_days(periods), values, strict=True)]
    return f"CASE {' '.join(whens)} END"


def _key_of(periods: Sequence[Period]) -> str:
    """A period's number by the last day in ``f``."""
    whens = [f"WHEN {p.last} THEN {i}" for i, p in enumerate(periods)]
    return f'CASE f."last" {" ".join(whens)} END'


def summed(condition: str | None, amount: str) -> str:
    """The sum of an amount over the rows that fit; over all without a condition."""
    return f"SUM(CASE WHEN {condition} THEN {amount} ELSE 0 END)" if condition else f"SUM({amount})"


def filtered(*tests: str) -> str:
    """A WHERE with those of the tests that are given; empty without any."""
    given = [t for t in tests if t]
    return f"WHERE {' AND '.join(given)} " if given else ""


_MINUTES = 'COALESCE(p."minutes", s."minutes", 0)'
_COURSE = (
    'LEFT JOIN "offering" o ON o."id" = s."offering" '
    'LEFT JOIN "course" c ON c."id" = COALESCE(s."course", o."course") '
)


def course_joins(sql: str) -> str:
    """The joins to a session's course where a statement asks for it."""
    return _COURSE if ' c."' in sql.replace("(", " ") else ""


def learner_facts_sql(
    facts: Iterable[Fact], periods: Sequence[Period], touched: str = "", folded: str = "", same: Sameness = APART
) -> tuple[str, dict[str, str]]:
    """The facts of each learner in each period as a subquery ``f``; and where each fact is in it.

    ``touched`` is a subquery of the learners to look at; ``folded`` a further condition on participation ``p``; ``same``
    says who is counted as another one.
    """
    plain = Compiler()
    columns = ['COUNT(*) AS "f0"']
    where_is: dict[str, str] = {dump(Fact("sessions")): 'f."f0"'}
    for i, fact in enumerate(facts, start=1):
        if dump(fact) in where_is:
            continue
        amount = "1" if fact.what == "sessions" else _MINUTES
        condition = None if fact.where is None else plain.condition(fact.where)
        columns.append(f'{summed(condition, amount)} AS "f{i}"')
        where_is[dump(fact)] = f'f."f{i}"'
    amounts = ", ".join(columns)
    last = by_period(periods, [p.last for p in periods])
    inside, early = within(periods), ""
    if same != APART and not touched and len(periods) == 1:  # who is one is found in the rows of the period alone
        asked = same.and_doubles("session", f'SELECT s."id" FROM "session" s WHERE {inside}')
        early = f'p."session" IN ({asked})'
    visits, tests = same.visits(f'p."learner" IN ({touched})' if touched else "", folded, early)
    where = filtered(*tests, inside)
    # A single period is no part of the grouping: it then follows the primary key, and nothing is sorted.
    grouped = 'p."learner"' if len(periods) == 1 else f'p."learner", {last}'
    sql = (
        f'SELECT p."learner" AS "learner", {last} AS "last", {amounts} FROM {visits} '
        f'JOIN "session" s ON s."id" = p."session" {course_joins(amounts)}{where}GROUP BY {grouped}'
    )
    return f"({sql}) f", where_is


def _register_test(has: Has) -> str:
    tests = [f"q.{identifier(name)} = {quote(word)}" for name, word in has.words]
    if has.since:
        tests.append(f'q.{identifier(has.since)} <= z."last"')
    if has.until:
        tests.append(f'(q.{identifier(has.until)} IS NULL OR q.{identifier(has.until)} > z."last")')
    return " AND ".join(tests) or "1 = 1"


def _registers_sql(
    asked: Sequence[Has], periods: Sequence[Period], touched: str, same: Sameness
) -> tuple[str, dict[str, str]]:
    """How many rows of each register that is asked for a learner has on each period's last day, one join for each register.

    And the text of each question with the SQL of its answer, 0 or 1.
    """
    days = " UNION ALL ".join(f'SELECT {p.last} AS "last"' for p in periods)
    tables: dict[str, list[Has]] = {}
    for has in asked:
        tables.setdefault(has.table, []).append(has)
    who, join = same.main("learner", "q")
    joins: list[str] = []
    answers: dict[str, str] = {}
    for n, (table, questions) in enumerate(tables.items()):
        columns = ", ".join(f'{summed(_register_test(has), "1")} AS "t{i}"' for i, has in enumerate(questions))
        where = filtered(f'q."learner" IN ({touched})' if touched else "")
        joins.append(
            f'LEFT JOIN (SELECT {who} AS "learner", z."last" AS "last", {columns} FROM {identifier(table)} q{join} '
            f'CROSS JOIN ({days}) z {where}GROUP BY {who}, z."last") h{n} '
            f'ON h{n}."learner" = f."learner" AND h{n}."last" = f."last"'
        )
        answers |= {dump(has): f'(CASE WHEN h{n}."t{i}" >= 1 THEN 1 ELSE 0 END)' for i, has in enumerate(questions)}
    return " ".join(joins), answers


@attrs.frozen
class LearnerQuery:
    """The parts of a statement over learners: FROM with joins, and a compiler for its conditions."""

    source: str
    compiler: Compiler


def learner_query(
    parts: object, periods: Sequence[Period], touched: str = "", folded: str = "", same: Sameness = APART
) -> LearnerQuery:
    """FROM and joins that give everything the expressions inside ``parts`` ask of a learner."""
    facts_sql, where_is = learner_facts_sql(facts_in(parts), periods, touched, folded, same)
    registers, answers = _registers_sql(has_in(parts), periods, touched, same)
    joins = [
        'JOIN "learner" l ON l."id" = f."learner"',
        'LEFT JOIN "learner_state" st ON st."owner" = f."learner" AND st."since" <= f."last" AND st."until" > f."last"',
    ]
    if '"home_' in dump(parts):
        joins.append(
            'LEFT JOIN "place_state" hp ON hp."owner" = st."home" AND hp."since" <= f."last" AND hp."until" > f."last"'
        )
    return LearnerQuery(f"FROM {facts_sql} {' '.join(joins)} {registers}", Compiler(where_is, answers))


def total_sql(total: Total, compiler: Compiler) -> str:
    """One total as a SUM."""
    tests = [compiler.condition(t) for t in (total.among, total.where) if t is not None]
    amount = "1" if total.value is None else compiler.value(total.value)
    return summed(" AND ".join(tests) or None, amount)


def totals_sql(
    totals: Sequence[Total], periods: Sequence[Period], touched: str = "", folded: str = "", same: Sameness = APART
) -> str:
    """The statement for all totals: place (0 where the home is unknown), period's number, one column each.

    Several periods must not overlap. ``touched`` is a subquery of the learners to look at; ``folded`` a further
    condition on participation ``p``; ``same`` says who is counted as another one.
    """
    query = learner_query(tuple(totals), periods, touched, folded, same)
    columns = [f"{total_sql(t, query.compiler)} AS {identifier(t.column)}" for t in totals]
    return (
        f'SELECT COALESCE(st."home", 0) AS "place", {_key_of(periods)} AS "key", {", ".join(columns)} '
        f'{query.source} GROUP BY COALESCE(st."home", 0), f."last"'
    )
