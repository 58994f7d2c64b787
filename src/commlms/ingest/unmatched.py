"""Names at a session that are nobody for now: kept, counted as visits, and taken off when it is known who it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import attrs

from commlms.core.kinds import Stored
from commlms.store.database import Database, each
from commlms.store.journal import keep_numbered, next_number

#: SQL for: this row of ``unmatched`` is a visit without a person.
OPEN = "state <> 'decided'"
_FACTS = "name, born_first, born_last, sex, home"

Facts = tuple[Stored, ...]


@attrs.define(eq=False)
class Visit:
    """One row of ``unmatched``."""

    id: int
    session: int
    turn: int
    minutes: int | None
    state: str
    who: int | None
    facts: Facts
    changed: bool = False


class Unmatched:
    """The rows of ``unmatched`` at some sessions, and what a list makes of them."""

    def __init__(self, database: Database, sessions: Iterable[int]) -> None:
        self.database = database
        self._left: dict[tuple[int, Facts], list[Visit]] = defaultdict(list)
        self._turns: dict[tuple[int, Stored], int] = defaultdict(int)
        self._new: list[Visit] = []
        self._gone: list[Visit] = []
        self._kept: list[Visit] = []
        rows = database.execute(
            f"SELECT id, session, turn, minutes, state, who, {_FACTS} FROM unmatched WHERE session IN ({each(sessions)}) ORDER BY id"
        )
        for row in rows:
            visit = Visit(*(*row[:6], row[6:]))
            self._left[visit.session, visit.facts].append(visit)
            named = visit.session, visit.facts[0]
            self._turns[named] = max(self._turns[named], visit.turn)
        self._next = next_number(database, "unmatched")

    def take(self, session: int, facts: Facts, minutes: int | None) -> Visit | None:
        """The stored row that says the same, each for one row of the list only; of several the one of the same minutes."""
        left = self._left[session, facts]
        if not left:
            return None
        left.sort(key=lambda v: (v.minutes != minutes, v.id))
        return left.pop(0)

    def keep(self, visit: Visit, minutes: int | None) -> bool:
        """A stored row stays, with the minutes that the list says; gives whether they are others."""
        if minutes is None or minutes == visit.minutes:
            return False
        visit.minutes = minutes
        self._kept.append(visit)
        return True

    def add(self, session: int, facts: Facts, minutes: int | None, state: str) -> Visit:
        """One more name."""
        self._turns[session, facts[0]] += 1
        visit = Visit(self._next, session, self._turns[session, facts[0]], minutes, state, None, facts)
        self._next += 1
        self._new.append(visit)
        return visit

    def remove(self, visit: Visit) -> None:
        """It is known now who it was."""
        self._gone.append(visit)

    @property
    def decided(self) -> set[int]:
        """The learners that earlier rows were decided to be."""
        return {v.who for visits in self._left.values() for v in visits if v.who is not None}

    @property
    def touched(self) -> set[int]:
        """The sessions at which as many are unmatched no longer."""
        return {v.session for v in (*self._new, *self._gone)}

    @property
    def differs(self) -> bool:
        """Whether anything is to be written."""
        return bool(self._new or self._gone or self._kept)

    def write(self, journal: int) -> None:
        """Write it, inside the transaction that names what it touches; the headcounts are written by :func:`count_unmatched`."""
        keep_numbered(self.database, journal, "unmatched", [v.id for v in self._kept], "change")
        self.database.many("UPDATE unmatched SET minutes = ?, journal = ? WHERE id = ?", ((v.minutes, journal, v.id) for v in self._kept))
        keep_numbered(self.database, journal, "unmatched", [v.id for v in self._gone], "remove")
        self.database.many("DELETE FROM unmatched WHERE id = ?", ((v.id,) for v in self._gone))
        self.database.many(
            f"INSERT INTO unmatched (id, session, turn, minutes, state, {_FACTS}, journal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((v.id, v.session, v.turn, v.minutes, v.state, *v.facts, journal) for v in self._new),
        )


def count_unmatched(database: Database, journal: int, sessions: Iterable[int]) -> None:
    """Make the headcount ``unmatched`` of these sessions the number of their unmatched rows; none where there are none."""
    wanted: dict[int, tuple[int, int] | None] = dict.fromkeys(sorted(sessions))
    if wanted:
        rows = database.execute(
            f"SELECT session, COUNT(*) FROM unmatched WHERE session IN ({each(wanted)}) AND {OPEN} GROUP BY session"
        )
        put_headcounts(database, journal, "unmatched", wanted | {s: (n, 0) for s, n in rows.fetchall()})


def put_headcounts(
    database: Database, journal: int, counts: str, wanted: dict[int, tuple[int, int] | None]
) -> None:
    """Store how many of one kind of headcount were at each session (persons, about); None: no such headcount."""
    stored = stored_headcounts(database, counts, wanted)
    gone = [number for s, (number, *_) in stored.items() if wanted[s] is None]
    changed = [(*told, number) for s, (number, *was) in stored.items() if (told := wanted[s]) is not None and told != tuple(was)]
    keep_numbered(database, journal, "headcount", gone, "remove")
    database.many("DELETE FROM headcount WHERE id = ?", ((n,) for n in gone))
    keep_numbered(database, journal, "headcount", [number for *_, number in changed], "change")
    database.many(
        f"UPDATE headcount SET persons = ?, persons_about = ?, journal = {journal:d} WHERE id = ?", changed
    )
    first = next_number(database, "headcount")
    new = [(s, *told) for s, told in sorted(wanted.items()) if told is not None and s not in stored]
    database.many(
        "INSERT INTO headcount (id, session, counts, audience, persons, persons_about, journal) VALUES (?, ?, ?, '', ?, ?, ?)",
        ((first + i, s, counts, *told, journal) for i, (s, *told) in enumerate(new)),
    )


def stored_headcounts(database: Database, counts: str, sessions: Iterable[int]) -> dict[int, tuple[int, int, int]]:
    """By session the number, persons and about of its headcount of one kind and everybody."""
    rows = database.execute(
        "SELECT session, id, persons, persons_about FROM headcount WHERE counts = ? AND audience = '' "
        f"AND session IN ({each(sessions)})", (counts,),
    )
    return {session: (number, persons, about) for session, number, persons, about in rows}
