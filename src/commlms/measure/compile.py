"""Measures to SQL: one portable statement for all totals over learners, one for all sums at the host.

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
from commlms.core.metrics import Hosted, Total

#: Where each column of an expression is found in the statements below.
_LEARNER = {
    "sex": 'l."sex"', "hukou": 'st."hukou"', "occupation": 'st."occupation"',
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


def periods_sql(periods: Sequence[Period]) -> str:
    """The periods as a subquery with ``key`` (its place in the sequence), ``first`` and ``last``."""
    rows = [f'SELECT {i} AS "key", {p.first} AS "first", {p.last} AS "last"' for i, p in enumerate(periods)]
    return "(" + " UNION ALL ".join(rows) + ")"


def _summed(condition: str | None, amount: str) -> str:
    return f"SUM(CASE WHEN {condition} THEN {amount} ELSE 0 END)" if condition else f"SUM({amount})"


_MINUTES = 'COALESCE(p."minutes", s."minutes", 0)'
_FACT_JOINS = (
    'LEFT JOIN "offering" o ON o."id" = s."offering" '
    'LEFT JOIN "course" c ON c."id" = COALESCE(s."course", o."course")'
)


def learner_facts_sql(facts: Iterable[Fact], periods: Sequence[Period], only: str = "") -> tuple[str, dict[str, str]]:
    """The facts of each learner in each period as a subquery ``f``; and where each fact is in it.

    ``only`` is a further condition on participation ``p``.
    """
    plain = Compiler()
    columns = ['COUNT(*) AS "f0"']
    where_is: dict[str, str] = {dump(Fact("sessions")): 'f."f0"'}
    for i, fact in enumerate(facts, start=1):
        if dump(fact) in where_is:
            continue
        amount = "1" if fact.what == "sessions" else _MINUTES
        condition = None if fact.where is None else plain.condition(fact.where)
        columns.append(f'{_summed(condition, amount)} AS "f{i}"')
        where_is[dump(fact)] = f'f."f{i}"'
    sql = (
        f'SELECT p."learner" AS "learner", y."key" AS "key", y."last" AS "last", {", ".join(columns)} '
        f'FROM "participation" p JOIN "session" s ON s."id" = p."session" '
        f'JOIN {periods_sql(periods)} y ON s."on" >= y."first" AND s."on" <= y."last" {_FACT_JOINS} '
        f'{f"WHERE {only} " if only else ""}GROUP BY p."learner", y."key", y."last"'
    )
    return f"({sql}) f", where_is


def _register_sql(has: Has, alias: str, periods: Sequence[Period]) -> str:
    """Who has such a row on each period's last day, as a join."""
    tests = [f"q.{identifier(name)} = {quote(word)}" for name, word in has.words]
    if has.since:
        tests.append(f'q.{identifier(has.since)} <= z."last"')
    if has.until:
        tests.append(f'(q.{identifier(has.until)} IS NULL OR q.{identifier(has.until)} > z."last")')
    where = f"WHERE {' AND '.join(tests)} " if tests else ""
    return (
        f'LEFT JOIN (SELECT q."learner" AS "learner", z."key" AS "key" FROM {identifier(has.table)} q '
        f'CROSS JOIN {periods_sql(periods)} z {where}GROUP BY q."learner", z."key") {alias} '
        f'ON {alias}."learner" = f."learner" AND {alias}."key" = f."key"'
    )


@attrs.frozen
class LearnerQuery:
    """The parts of a statement over learners: FROM with joins, and a compiler for its conditions."""

    source: str
    compiler: Compiler


def learner_query(parts: object, periods: Sequence[Period], only: str = "") -> LearnerQuery:
    """FROM and joins that give everything the expressions inside ``parts`` ask of a learner."""
    facts_sql, where_is = learner_facts_sql(facts_in(parts), periods, only)
    registers = has_in(parts)
    aliases = {dump(h): f"h{i}" for i, h in enumerate(registers)}
    joins = [
        'JOIN "learner" l ON l."id" = f."learner"',
        'LEFT JOIN "learner_state" st ON st."owner" = f."learner" AND st."since" <= f."last" AND st."until" > f."last"',
    ]
    if '"home_' in dump(parts):
        joins.append(
            'LEFT JOIN "place_state" hp ON hp."owner" = st."home" AND hp."since" <= f."last" AND hp."until" > f."last"'
        )
    joins += [_register_sql(h, aliases[dump(h)], periods) for h in registers]
    tests = {text: f'(CASE WHEN {alias}."learner" IS NOT NULL THEN 1 ELSE 0 END)' for text, alias in aliases.items()}
    return LearnerQuery(f"FROM {facts_sql} {' '.join(joins)}", Compiler(where_is, tests))


def total_sql(total: Total, compiler: Compiler) -> str:
    """One total as a SUM."""
    tests = [compiler.condition(t) for t in (total.among, total.where) if t is not None]
    amount = "1" if total.value is None else compiler.value(total.value)
    return _summed(" AND ".join(tests) or None, amount)


def totals_sql(totals: Sequence[Total], periods: Sequence[Period], only: str = "") -> str:
    """The statement for all totals: place (0 where the home is unknown), period's number, one column each."""
    query = learner_query(tuple(totals), periods, only)
    columns = [f"{total_sql(t, query.compiler)} AS {identifier(t.column)}" for t in totals]
    return (
        f'SELECT COALESCE(st."home", 0) AS "place", f."key" AS "key", {", ".join(columns)} '
        f'{query.source} GROUP BY COALESCE(st."home", 0), f."key"'
    )


_UNNAMED = (
    'CASE WHEN COALESCE(h."present", 0) > COALESCE(n."named", 0) THEN h."present" - COALESCE(n."named", 0) ELSE 0 END'
    ' + COALESCE(h."besides", 0)'
)


def _hosted_amount(hosted: Hosted, number: int) -> str:
    if hosted.what == "sessions":
        return "1"
    if hosted.what == "minutes":
        return 'COALESCE(s."minutes", 0)'
    if hosted.what == "named":
        return 'COALESCE(n."named", 0)'
    if not hosted.audience:
        return _UNNAMED
    return _UNNAMED.replace('"present"', f'"present{number}"').replace('"besides"', f'"besides{number}"')


def _persons(counts: str, condition: str) -> str:
    """Persons of the headcounts of one kind that fit; NULL where there is no such headcount."""
    return f"SUM(CASE WHEN k.\"counts\" = {quote(counts)} AND {condition} THEN k.\"persons\" END)"


def _headcounts_sql(hosted: Sequence[Hosted], only: str) -> str:
    """Per session, what all its headcounts say and what they say of each measure's groups.

    A headcount without a group counts everybody: those with groups are then parts of it, and are added
    up only where there is none. At a session for a group everybody is of it, unless one says how many of that group there were.
    """
    everybody, audience = "k.\"audience\" = ''", 'COALESCE(w."audience", wc."population")'
    columns = []
    for counts in ("present", "besides"):
        columns.append(f'COALESCE({_persons(counts, everybody)}, {_persons(counts, "1 = 1")}) AS "{counts}"')
        own = _persons(counts, f'k."audience" = {audience}')
        for i, h in enumerate(hosted):
            if h.audience:
                words = f"IN ({', '.join(map(quote, h.audience))})"
                stated, whole = _persons(counts, f'k."audience" {words}'), _persons(counts, f"{everybody} AND {audience} {words}")
                columns.append(f'COALESCE(CASE WHEN {own} IS NOT NULL THEN {stated} END, {whole}, {stated}) AS "{counts}{i}"')
    return (
        f'LEFT JOIN (SELECT k."session" AS "session", {", ".join(columns)} FROM "headcount" k '
        'JOIN "session" w ON w."id" = k."session" LEFT JOIN "offering" wo ON wo."id" = w."offering" '
        'LEFT JOIN "course" wc ON wc."id" = COALESCE(w."course", wo."course") '
        f'{only} GROUP BY k."session") h ON h."session" = s."id"'
    )


def hosted_sql(hosted: Sequence[Hosted], periods: Sequence[Period], touched: str = "", folded: str = "") -> str:
    """The statement for all sums at the host: place, period's number, one column each.

    ``touched`` is a subquery of the sessions to look at; ``folded`` a further condition on participation.
    """
    compiler = Compiler()
    columns = [
        f"{_summed(None if h.where is None else compiler.condition(h.where), _hosted_amount(h, i))} AS {identifier(h.column)}"
        for i, h in enumerate(hosted)
    ]
    only = [f'p."session" IN ({touched})'] if touched else []
    only += [folded] if folded else []
    gone = f'WHERE v."session" IN ({touched}) ' if touched else ""
    named = (
        'LEFT JOIN (SELECT q."session" AS "session", SUM(q."named") AS "named" FROM ('
        'SELECT p."session" AS "session", COUNT(*) AS "named" FROM "participation" p '
        f'{"WHERE " + " AND ".join(only) + " " if only else ""}GROUP BY p."session" '
        f'UNION ALL SELECT v."session" AS "session", v."persons" AS "named" FROM "erased_visit" v {gone}'
        ') q GROUP BY q."session") n ON n."session" = s."id"'
    )
    heads = _headcounts_sql(hosted, f'WHERE k."session" IN ({touched})' if touched else "")
    where = f'WHERE s."id" IN ({touched}) ' if touched else ""
    return (
        f'SELECT i."place" AS "place", y."key" AS "key", {", ".join(columns)} FROM "session" s '
        f'JOIN {periods_sql(periods)} y ON s."on" >= y."first" AND s."on" <= y."last" '
        f'JOIN "institution" i ON i."id" = s."institution" {_FACT_JOINS} {named} {heads} '
        f'{where}GROUP BY i."place", y."key"'
    )
