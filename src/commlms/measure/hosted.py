"""Measures to SQL: one portable statement for all sums at the host, over sessions.

In the same subset of SQL as the totals over learners.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from commlms.core.days import Period
from commlms.core.metrics import Hosted
from commlms.measure.compile import Compiler, by_period, course_joins, filtered, identifier, quote, summed, within
from commlms.measure.sameness import APART, Sameness

_NAMED = '(COALESCE(n."named", 0) + COALESCE(v."persons", 0))'
_COUNTS = ("present", "besides", "unmatched")
_EVERYBODY = "k.\"audience\" = ''"


def _persons(counts: str, condition: str) -> str:
    """Persons of the headcounts of one kind that fit; NULL where there is no such headcount."""
    return f"SUM(CASE WHEN k.\"counts\" = {quote(counts)} AND {condition} THEN k.\"persons\" END)"


def _in_words(value: str, words: Iterable[str]) -> str:
    return f"{value} IN ({', '.join(map(quote, words))})"


@attrs.frozen
class Heads:
    """The joins to what the headcounts of a session say: ``h`` of everybody, ``g`` of each audience that a measure asks."""

    asked: tuple[Hosted, ...]
    counts: Sequence[str] = _COUNTS

    def column(self, counts: str, audience: tuple[str, ...]) -> str:
        """Where the persons of one kind and audience are; NULL where nothing says so."""
        return f'g."{counts}{self._audiences.index(audience)}"' if audience else f'h."{counts}"'

    def joins(self, touched: str) -> list[str]:
        """The joins that the measures ask; ``touched`` is a subquery of the sessions to look at."""
        within_sessions = f'k."session" IN ({touched})' if touched else ""
        within_counts = "" if self.counts is _COUNTS else _in_words('k."counts"', self.counts)
        tests = within_sessions, within_counts
        everybody = any(h.what == "unnamed" and not h.audience for h in self.asked)
        return [*([self._of_all(tests)] if everybody else []), *([self._of_groups(tests)] if self._audiences else [])]

    @property
    def _audiences(self) -> tuple[tuple[str, ...], ...]:
        return tuple(dict.fromkeys(h.audience for h in self.asked if h.what == "unnamed" and h.audience))

    def _of_all(self, tests: Iterable[str]) -> str:
        """A headcount without a group counts everybody: those with groups are then parts of it, and are added up only without it."""
        columns = [f'COALESCE({_persons(c, _EVERYBODY)}, {_persons(c, "1 = 1")}) AS "{c}"' for c in self.counts]
        return (
            f'LEFT JOIN (SELECT k."session" AS "session", {", ".join(columns)} FROM "headcount" k '
            f'{filtered(*tests)}GROUP BY k."session") h ON h."session" = s."id"'
        )

    def _of_groups(self, tests: Iterable[str]) -> str:
        """At a session for a group everybody is of it, unless one headcount says how many of that group there were."""
        own, audience = 'k."audience"', 'COALESCE(w."audience", wc."population")'
        columns = []
        for counts in self.counts:
            of_own = _persons(counts, f"{own} = {audience}")
            for i, words in enumerate(self._audiences):
                stated = _persons(counts, _in_words(own, words))
                whole = _persons(counts, f"{_EVERYBODY} AND {_in_words(audience, words)}")
                columns.append(f'COALESCE(CASE WHEN {of_own} IS NOT NULL THEN {stated} END, {whole}, {stated}) AS "{counts}{i}"')
        # What names none of the groups, at a session for none of them, adds to no measure: most headcounts.
        every = sorted({word for words in self._audiences for word in words})
        matters = f"({_in_words(own, every)} OR {_in_words(audience, every)})"
        return (
            f'LEFT JOIN (SELECT k."session" AS "session", {", ".join(columns)} FROM "headcount" k '
            'JOIN "session" w ON w."id" = k."session" LEFT JOIN "offering" wo ON wo."id" = w."offering" '
            'LEFT JOIN "course" wc ON wc."id" = COALESCE(w."course", wo."course") '
            f'{filtered(*tests, matters)}GROUP BY k."session") g ON g."session" = s."id"'
        )


def _amount(hosted: Hosted, heads: Heads) -> str:
    if hosted.what == "sessions":
        return 'COALESCE(s."meetings", 1)'
    if hosted.what == "minutes":
        return 'COALESCE(s."minutes", 0)'
    if hosted.what == "named":
        return _NAMED
    room, unmatched = _room(hosted, heads)
    besides = heads.column("besides", hosted.audience)
    return f"CASE WHEN {room} > {_NAMED} THEN {room} - {_NAMED} ELSE 0 END + {unmatched} + COALESCE({besides}, 0)"


def _room(hosted: Hosted, heads: Heads) -> tuple[str, str]:
    """How many of the present can have come by a name that is one learner's, and how many signed in by one that is not.

    Unnamed are the present less the named, and at the least those unmatched.
    """
    present, unmatched = heads.column("present", hosted.audience), f'COALESCE({heads.column("unmatched", hosted.audience)}, 0)'
    return f"({present} - {unmatched})", unmatched


def unnamed_parts(hosted: Hosted) -> tuple[str, ...]:
    """Where the statement of one measure of unnamed visits has its parts: present, named, unmatched, besides."""
    heads = Heads((hosted,))
    present, unmatched, besides = (heads.column(counts, hosted.audience) for counts in ("present", "unmatched", "besides"))
    return tuple(f"COALESCE({part}, 0)" for part in (present, _NAMED, unmatched, besides))


@attrs.frozen
class HostedQuery:
    """The parts of a statement over sessions: FROM with joins and WHERE, and what each measure adds up."""

    source: str
    conditions: tuple[str | None, ...]
    amounts: tuple[str, ...]


def hosted_query(
    hosted: Sequence[Hosted], periods: Sequence[Period], touched: str = "", folded: str = "", same: Sameness = APART
) -> HostedQuery:
    """What ``hosted_sql`` is made of. A session is ``s``, its institution ``i``."""
    conditions, heads, inside = _conditions(hosted), Heads(tuple(hosted)), within(periods)
    if not touched and len(periods) == 1:
        # Who came to a double of one of them came to it.
        touched = same.and_doubles("session", f'SELECT s."id" FROM "session" s WHERE {inside}')
    joins = [
        'JOIN "institution" i ON i."id" = s."institution"', course_joins(" ".join(filter(None, conditions))),
        _named_sql(touched, folded, same) if any(h.what in ("named", "unnamed") for h in hosted) else "",
        *heads.joins(touched),
    ]
    where = filtered(f's."id" IN ({touched})' if touched else "", inside, same.counted("session", 's."id"'))
    amounts = tuple(_amount(h, heads) for h in hosted)
    return HostedQuery(f'FROM "session" s {" ".join(filter(None, joins))} {where}', conditions, amounts)


def _conditions(hosted: Iterable[Hosted]) -> tuple[str | None, ...]:
    compiler = Compiler()
    return tuple(None if h.where is None else compiler.condition(h.where) for h in hosted)


def _named_sql(touched: str, folded: str, same: Sameness) -> str:
    """Each session's named visits, and those of people since erased."""
    visits, tests = same.visits(f'p."session" IN ({touched})' if touched else "", folded)
    return (
        f'LEFT JOIN (SELECT p."session" AS "session", COUNT(*) AS "named" FROM {visits} {filtered(*tests)}GROUP BY p."session") n '
        f'ON n."session" = s."id" LEFT JOIN {same.erased_visits()} v ON v."session" = s."id"'
    )


def hosted_sql(
    hosted: Sequence[Hosted], periods: Sequence[Period], touched: str = "", folded: str = "", same: Sameness = APART
) -> str:
    """The statement for all sums at the host: place, period's number, one column each.

    Several periods must not overlap. ``touched`` is a subquery of the sessions to look at; ``folded`` a further
    condition on participation ``p``; ``same`` says what is counted as another one.
    """
    return _grouped(hosted, hosted_query(hosted, periods, touched, folded, same), periods)


def by_visits(hosted: Iterable[Hosted]) -> list[Hosted]:
    """Those that the number of named visits at a session has a part in."""
    return [h for h in hosted if h.what in ("named", "unnamed")]


def visits_sql(hosted: Sequence[Hosted], periods: Sequence[Period], table: str, same: Sameness = APART) -> str:
    """What each of the sums :func:`by_visits` gains where the named visits of sessions have become others, and nothing else has.

    ``table`` says how many they were and are: ``id`` of the session, ``before``, ``after``.
    """
    heads = Heads(tuple(hosted), ("present", "unmatched"))
    conditions = _conditions(hosted)
    joins = [
        # The unary plus keeps SQLite from beginning with every institution.
        'JOIN "session" s ON s."id" = n."id" JOIN "institution" i ON i."id" = +s."institution"',
        course_joins(" ".join(filter(None, conditions))), *heads.joins(f'SELECT "id" FROM {table}'),
    ]
    where = filtered('n."before" <> n."after"', within(periods), same.counted("session", 's."id"'))
    amounts = tuple(_gain(h, heads) for h in hosted)
    query = HostedQuery(f'FROM {table} n {" ".join(filter(None, joins))} {where}', conditions, amounts)
    return _grouped(hosted, query, periods)


def _gain(hosted: Hosted, heads: Heads) -> str:
    """Of the present, as many more are unnamed as fewer of them came by name; no more came by name than were present."""
    before, after = 'n."before"', 'n."after"'
    if hosted.what == "named":
        return f"{after} - {before}"
    room, _ = _room(hosted, heads)
    were, are = (f"CASE WHEN {room} < {named} THEN {room} ELSE {named} END" for named in (before, after))
    return f"CASE WHEN {room} > 0 THEN {were} - {are} ELSE 0 END"


def _grouped(hosted: Sequence[Hosted], query: HostedQuery, periods: Sequence[Period]) -> str:
    columns = [
        f"{summed(condition, amount)} AS {identifier(h.column)}"
        for h, condition, amount in zip(hosted, query.conditions, query.amounts, strict=True)
    ]
    key = by_period(periods, range(len(periods)))
    grouped = 'i."place"' if len(periods) == 1 else f'i."place", {key}'
    return (
        f'SELECT i."place" AS "place", {key} AS "key", {", ".join(columns)} '
        f"{query.source}GROUP BY {grouped}"
    )
