"""People and sessions that were found to be one, as statements read them: each once, under the one that is kept.

Only what ``same_learner`` and ``same_session`` say is the same is read so. Where they say nothing, every statement reads
the tables themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import attrs

from commlms.core.records import Record
from commlms.store.database import Database

Kind = Literal["learner", "session"]
KINDS: tuple[Kind, ...] = ("learner", "session")
_SAME = "\"verdict\" = 'same'"
#: The records whose rows are left away with a double: of what, by which column. What they say, the one that is kept says too.
_LEFT_AWAY: dict[str, tuple[Kind, str]] = {
    "learner": ("learner", "id"), "session": ("session", "id"), "headcount": ("session", "session"), "unmatched": ("session", "session"),
}


def doubles(kind: Kind) -> str:
    """A query of those that are counted as another one."""
    return f'SELECT "{kind}" FROM "same_{kind}" WHERE {_SAME}'


def _members(kind: Kind) -> str:
    """A query of everyone in a group, those that are kept too."""
    return f'{doubles(kind)} UNION SELECT "main" FROM "same_{kind}" WHERE {_SAME}'


def _group(kind: Kind, of: str) -> Iterator[str]:
    """Queries that give, one after the other, everyone who is one with those that a query gives."""
    yield f'SELECT "main" FROM "same_{kind}" WHERE {_SAME} AND "{kind}" IN ({of})'
    yield f'{doubles(kind)} AND "main" IN ({of})'


@attrs.frozen
class Sameness:
    """Whether any people, and any sessions, of a database are one; and what statements read instead of its tables."""

    learners: bool = False
    sessions: bool = False

    @classmethod
    def of(cls, database: Database) -> Sameness:
        """What a database says now."""
        return cls(*(bool(database.one(f"SELECT EXISTS ({doubles(kind)})")) for kind in KINDS))

    def has(self, kind: Kind) -> bool:
        """Whether any of a kind are one."""
        return self.learners if kind == "learner" else self.sessions

    def main(self, kind: Kind, row: str, column: str = "") -> tuple[str, str]:
        """Who a row (of an alias ``row``) is about by a column, the one named after the kind if not told; and the join that this needs."""
        own, other = f'{row}."{column or kind}"', f"{row}_{column or kind}"
        if not self.has(kind):
            return own, ""
        # Cast, for SQLite joins on a computed value by an index only where its type is told.
        return f'CAST(COALESCE({other}."main", {own}) AS BIGINT)', (
            f' LEFT JOIN "same_{kind}" {other} ON {other}."{kind}" = {own} AND {other}.{_SAME}'
        )

    def visits(self, *tests: str) -> tuple[str, tuple[str, ...]]:
        """FROM of the visits ``p`` (learner, session, minutes), and the conditions on them that are still to be tested.

        ``tests`` are conditions on the participations ``p`` behind them. Of one person's rows at one session the longest
        counts. Only the rows of a group are grouped: all others are read as they stand.
        """
        if self == APART:
            return '"participation" p', tests
        concerned = [f'p."{kind}" IN ({_members(kind)})' for kind in KINDS if self.has(kind)]
        (learner, by_learner), (session, by_session) = (self.main(kind, "p") for kind in KINDS)
        alone = " AND ".join(filter(None, (*tests, *(f"NOT {each}" for each in concerned))))
        # Where tests say which rows to read, the unary plus keeps SQLite from trying each of them with everybody in a group.
        plus = "+" if any(tests) else ""
        joined = " AND ".join(filter(None, (*tests, f"({' OR '.join(plus + each for each in concerned)})")))
        return (
            f'(SELECT p."learner" AS "learner", p."session" AS "session", p."minutes" AS "minutes" FROM "participation" p WHERE {alone} '
            'UNION ALL SELECT w."learner", w."session", MAX(COALESCE(w."minutes", m."minutes")) FROM '
            f'(SELECT {learner} AS "learner", {session} AS "session", p."minutes" AS "minutes" FROM "participation" p'
            f'{by_learner}{by_session} WHERE {joined}) w JOIN "session" m ON m."id" = w."session" '
            'GROUP BY w."learner", w."session") p'
        ), ()

    def and_doubles(self, kind: Kind, of: str) -> str:
        """A query of ids, with those that are counted as one of them."""
        return f'{of} UNION {doubles(kind)} AND "main" IN ({of})' if self.has(kind) else of

    def counted(self, kind: Kind, column: str) -> str:
        """The condition that a learner or session is none that is counted as another one; empty where there is none."""
        return f"{column} NOT IN ({doubles(kind)})" if self.has(kind) else ""

    def erased_visits(self) -> str:
        """FROM of the visits of people since erased, by session."""
        if not self.sessions:
            return '"erased_visit"'
        session, join = self.main("session", "e")
        return (
            f'(SELECT {session} AS "session", SUM(e."persons") AS "persons" FROM "erased_visit" e{join} GROUP BY {session})'
        )

    def rows(self, record: Record) -> str:
        """FROM of a record's rows: about those that are kept, without the doubles themselves and what is said of a doubled session."""
        table, targets = f'"{record.table}"', {f.target for f in record.plain}
        if self == APART or record.key in ("same_learner", "same_session"):
            return table
        if record.key == "participation":
            return f"(SELECT p.* FROM {self.visits()[0]})"
        if record.key in _LEFT_AWAY:
            kind, column = _LEFT_AWAY[record.key]
            test = self.counted(kind, f't."{column}"')
            return f"(SELECT t.* FROM {table} t WHERE {test})" if test else table
        return self._about_kept(record) if any(self.has(k) for k in KINDS if k in targets) else table

    def _about_kept(self, record: Record) -> str:
        """Every row of a register, under whom it is counted."""
        columns, joins = [] if record.paired else ['t."id"'], ""
        for field in record.plain:
            kind = next((k for k in KINDS if field.target == k and self.has(k)), None)
            if kind is None:
                columns += [f't."{c}"' for c in field.columns]
            else:
                who, join = self.main(kind, "t", field.name)
                columns.append(f'{who} AS "{field.name}"')
                joins += join
        return f'(SELECT {", ".join(columns)} FROM "{record.table}" t{joins})'

    def named_at(self, session: str, not_pending: str = "") -> str:
        """The number of people who came by name to one session, of participations ``p`` that fit a further condition."""
        where = f" AND {not_pending}" if not_pending else ""
        if self == APART:
            return f"(SELECT COUNT(*) FROM participation p WHERE p.session = {session}{where})"
        learner, join = self.main("learner", "p")
        held = f'SELECT {session}' + (f' UNION ALL {doubles("session")} AND "main" = {session}' if self.sessions else "")
        return f"(SELECT COUNT(DISTINCT {learner}) FROM participation p{join} WHERE p.session IN ({held}){where})"


#: Where nobody and nothing is one with another.
APART = Sameness()


def spread(database: Database, same: Sameness, kind: Kind, table: str) -> None:
    """Add to a temporary table of ids everyone who is one with those in it."""
    if same.has(kind):
        for query in _group(kind, f'SELECT "id" FROM temp."{table}"'):
            database.execute(f'INSERT OR IGNORE INTO temp."{table}" ("id") {query}')
