"""Which stored rows stand behind a row of an explanation, as a statement: what :func:`commlms.store.sources.sources_of` asks.

The rows come as ``:keys``, a JSON list of primary keys as pairs; the days of the period as ``:first`` and ``:last``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commlms.core.metrics import Hosted, Measure, Residents, Rows, Total
from commlms.core.records import Record
from commlms.measure.compile import identifier, quote

_ASKED = "SELECT key AS k, json_extract(value, '$[0]') AS k1, json_extract(value, '$[1]') AS k2 FROM json_each(:keys)"


def _and_the_same(kind: str) -> str:
    """The people or sessions asked for, and those that are counted as one of them."""
    return (
        f"{_ASKED} UNION ALL SELECT e.key, m.{kind}, json_extract(e.value, '$[1]') FROM json_each(:keys) e "
        f"JOIN same_{kind} m ON m.main = json_extract(e.value, '$[0]') AND m.verdict = 'same'"
    )


#: Of a person the participations of the period.
_VISITS = (
    f"SELECT q.k, 'participation', p.learner, p.session, p.journal FROM ({_and_the_same('learner')}) q "
    'JOIN participation p ON p.learner = q.k1 JOIN session s ON s.id = p.session '
    'WHERE s."on" BETWEEN :first AND :last AND COALESCE(s.began, :first) >= :first'
)
#: Of one visit its row, and those of who and what is counted as one with its person and its session.
_VISIT = (
    f"SELECT q.k, 'participation', p.learner, p.session, p.journal FROM ({_and_the_same('learner')}) q "
    "JOIN participation p ON p.learner = q.k1 AND (p.session = q.k2 "
    "OR p.session IN (SELECT session FROM same_session WHERE main = q.k2 AND verdict = 'same'))"
)
#: Of a session itself and what says how many came; names that are not known stand in the same sheet.
_HELD = (
    f"WITH q AS ({_and_the_same('session')}) "
    "SELECT q.k, 'session', s.id, 0, s.journal FROM q JOIN session s ON s.id = q.k1 "
    "UNION ALL SELECT q.k, 'headcount', h.id, 0, h.journal FROM q JOIN headcount h ON h.session = q.k1 WHERE h.counts <> 'unmatched'"
)


def facts_of(records: Mapping[str, Record], measure: Measure) -> str | None:
    """The statement for the rows of one part of a figure; None where its rows are places.

    A row of residents is asked for by place and date, every other by its primary key.
    """
    match measure:
        case Total():
            return _VISITS
        case Hosted():
            return _HELD
        case Rows(record="participation"):
            return _VISIT
        case Rows():
            key = records[measure.record].row_key
            return _stored(records[measure.record].table, key, key)
        case Residents():
            of_basis = f' AND r.basis = {quote(measure.basis)} AND r."group" = {quote(measure.group)}'
            return _stored("residents", ("place", "on"), ("id",)) + of_basis
        case _:
            return None


def _stored(table: str, asked: Sequence[str], key: Sequence[str]) -> str:
    """Rows of a table with its primary key, asked for by the columns that hold the numbers given."""
    on = " AND ".join(f"r.{identifier(column)} = q.{number}" for column, number in zip(asked, ("k1", "k2"), strict=False))
    k1, k2 = (*(f"r.{identifier(column)}" for column in key), "0")[:2]
    return f"SELECT q.k, {quote(table)}, {k1}, {k2}, r.journal FROM ({_ASKED}) q JOIN {identifier(table)} r ON {on}"
