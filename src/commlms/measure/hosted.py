"""Measures to SQL: one portable statement for all sums at the host, over sessions.

In the same subset of SQL as the totals over learners.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from commlms.core.days import Period
from commlms.core.metrics import Hosted
from commlms.measure.compile import Compiler, by_period, course_joins, filtered, identifier, quote, summed, within

_NAMED = '(COALESCE(n."named", 0) + COALESCE(v."persons", 0))'
_UNNAMED = (
    f'CASE WHEN COALESCE(h."present", 0) > {_NAMED} THEN h."present" - {_NAMED} ELSE 0 END'
    ' + COALESCE(h."besides", 0)'
)


def _hosted_amount(hosted: Hosted, number: int) -> str:
    if hosted.what == "sessions":
        return "1"
    if hosted.what == "minutes":
        return 'COALESCE(s."minutes", 0)'
    if hosted.what == "named":
        return _NAMED
    if not hosted.audience:
        return _UNNAMED
    return _UNNAMED.replace('h."present"', f'g."present{number}"').replace('h."besides"', f'g."besides{number}"')


_COUNTS = ("present", "besides")
_EVERYBODY = "k.\"audience\" = ''"


def _persons(counts: str, condition: str) -> str:
    """Persons of the headcounts of one kind that fit; NULL where there is no such headcount."""
    return f"SUM(CASE WHEN k.\"counts\" = {quote(counts)} AND {condition} THEN k.\"persons\" END)"


def _in_words(value: str, words: Iterable[str]) -> str:
    return f"{value} IN ({', '.join(map(quote, words))})"


def _headcounts_sql(touched: str) -> str:
    """Per session, what all its headcounts say.

    A headcount without a group counts everybody: those with groups are then parts of it, and are added
    up only where there is none.
    """
    columns = [f'COALESCE({_persons(c, _EVERYBODY)}, {_persons(c, "1 = 1")}) AS "{c}"' for c in _COUNTS]
    where = filtered(f'k."session" IN ({touched})' if touched else "")
    return (
        f'LEFT JOIN (SELECT k."session" AS "session", {", ".join(columns)} FROM "headcount" k '
        f'{where}GROUP BY k."session") h ON h."session" = s."id"'
    )


def _group_headcounts_sql(hosted: Sequence[Hosted], touched: str) -> str:
    """Per session, what its headcounts say of each measure's groups.

    At a session for a group everybody is of it, unless one says how many of that group there were.
    """
    own, audience = 'k."audience"', 'COALESCE(w."audience", wc."population")'
    columns = []
    for counts in _COUNTS:
        of_own = _persons(counts, f"{own} = {audience}")
        for i, h in enumerate(hosted):
            if h.what == "unnamed" and h.audience:
                stated = _persons(counts, _in_words(own, h.audience))
                whole = _persons(counts, f"{_EVERYBODY} AND {_in_words(audience, h.audience)}")
                columns.append(f'COALESCE(CASE WHEN {of_own} IS NOT NULL THEN {stated} END, {whole}, {stated}) AS "{counts}{i}"')
    if not columns:
        return ""
    # What names none of the groups, at a session for none of them, adds to no measure: most headcounts.
    words = sorted({word for h in hosted for word in h.audience})
    matters = f"({_in_words(own, words)} OR {_in_words(audience, words)})"
    where = filtered(f'k."session" IN ({touched})' if touched else "", matters)
    return (
        f'LEFT JOIN (SELECT k."session" AS "session", {", ".join(columns)} FROM "headcount" k '
        'JOIN "session" w ON w."id" = k."session" LEFT JOIN "offering" wo ON wo."id" = w."offering" '
        'LEFT JOIN "course" wc ON wc."id" = COALESCE(w."course", wo."course") '
        f'{where}GROUP BY k."session") g ON g."session" = s."id"'
    )


@attrs.frozen
class HostedQuery:
    """The parts of a statement over sessions: FROM with joins and WHERE, and what each measure adds up."""

    source: str
    conditions: tuple[str | None, ...]
    amounts: tuple[str, ...]


def hosted_query(hosted: Sequence[Hosted], periods: Sequence[Period], touched: str = "", folded: str = "") -> HostedQuery:
    """What ``hosted_sql`` is made of. A session is ``s``, its institution ``i``."""
    compiler = Compiler()
    conditions = tuple(None if h.where is None else compiler.condition(h.where) for h in hosted)
    inside = within(periods)
    if not touched and len(periods) == 1:
        touched = f'SELECT s."id" FROM "session" s WHERE {inside}'
    joins = [
        'JOIN "institution" i ON i."id" = s."institution"', course_joins(" ".join(filter(None, conditions))),
        _named_sql(touched, folded) if any(h.what in ("named", "unnamed") for h in hosted) else "",
        _headcounts_sql(touched) if any(h.what == "unnamed" and not h.audience for h in hosted) else "",
        _group_headcounts_sql(hosted, touched),
    ]
    where = filtered(f's."id" IN ({touched})' if touched else "", inside)
    amounts = tuple(_hosted_amount(h, i) for i, h in enumerate(hosted))
    return HostedQuery(f'FROM "session" s {" ".join(filter(None, joins))} {where}', conditions, amounts)


def _named_sql(touched: str, folded: str) -> str:
    """Each session's named visits, and those of people since erased."""
    where = filtered(f'p."session" IN ({touched})' if touched else "", folded)
    return (
        f'LEFT JOIN (SELECT p."session" AS "session", COUNT(*) AS "named" FROM "participation" p {where}GROUP BY p."session") n '
        'ON n."session" = s."id" LEFT JOIN "erased_visit" v ON v."session" = s."id"'
    )


def hosted_sql(hosted: Sequence[Hosted], periods: Sequence[Period], touched: str = "", folded: str = "") -> str:
    """The statement for all sums at the host: place, period's number, one column each.

    Several periods must not overlap. ``touched`` is a subquery of the sessions to look at; ``folded`` a further
    condition on participation ``p``.
    """
    query = hosted_query(hosted, periods, touched, folded)
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
