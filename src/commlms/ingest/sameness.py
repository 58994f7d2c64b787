"""Deciding that two learners, or two sessions, are one or are not. It writes an alias, never the rows themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from commlms.core.errors import UnknownName
from commlms.core.events import WriteEvent
from commlms.core.labels import Label
from commlms.measure.sameness import Kind
from commlms.measure.totals import Totals
from commlms.store.database import Database
from commlms.store.journal import Actor, count_entry, keep_old, next_number, open_entry
from commlms.store.sameness import refuse_bad_sameness
from commlms.store.tables import Tables

#: How well a learner is known, the best first: by ID number, birth date, birth year; then who was entered first.
_KNOWN = (
    "SELECT id FROM learner WHERE id IN (?, ?) ORDER BY id_number_digest IS NULL, born_first IS NULL, "
    "born_first <> born_last, id"
)


@attrs.frozen
class Decisions:
    """Writes who and what is one, as one actor. Every decision is one journal entry and can be undone."""

    database: Database
    tables: Tables
    totals: Totals
    actor: Actor
    reason: str = ""
    announce: Callable[[WriteEvent], None] = lambda event: None

    def same(self, record: str, one: str, other: str) -> int:
        """Count two learners, or two sessions, as one; gives the journal entry, 0 if they were so already.

        Of two learners the one known better stays (ID number, then exact birth date, then birth year, then the older
        row), of two sessions ``one``. What was counted as either stays in the group; what was decided about just these two
        is changed. Raises :class:`UnknownName`, and :class:`CommLMSError` where others of the group are decided to be
        different.
        """
        kind = _kind(record)
        with self.database.transaction():
            pair = self._find(kind, one, other)
            mains = [self._main(kind, row) for row in pair]
            if mains[0] == mains[1] and pair[0] != pair[1]:
                return 0
            main, double = self._best_first(kind, *mains)
            journal = open_entry(self.database, self.actor, self.reason, "same", f"same_{kind}")
            with self.totals.changing() as touched:
                (touched.learners if kind == "learner" else touched.sessions)("SELECT ? UNION SELECT ?", mains)
                touched.regroup(kind)
                touched.take_off()
                self._withdraw(kind, pair, (double, main), journal)
                followers = self.database.execute(
                    f'SELECT "{kind}" FROM "same_{kind}" WHERE main = ? AND verdict = \'same\'', (double,)).fetchall()
                self._point(kind, (row[0] for row in followers), double, main, journal)
                self._decide(kind, double, main, "same", journal)
            refuse_bad_sameness(self.database)
            count_entry(self.database, journal, changed=len(followers) + 1)
        self.announce(WriteEvent(journal, "same", f"same_{kind}", changed=len(followers) + 1))
        return journal

    def different(self, record: str, one: str, other: str) -> int:
        """Decide that two learners, or two sessions, are not one; gives the journal entry, 0 if it was decided already.

        Where one is counted as the other, it is so no more. Raises :class:`UnknownName`, and :class:`CommLMSError` where both
        are counted as a third: then it is not said which of them is not that one.
        """
        kind = _kind(record)
        with self.database.transaction():
            main, double = self._best_first(kind, *self._find(kind, one, other))
            decided = self._decided(kind, main, double)
            if decided and decided[0][2] == "different":
                return 0
            journal = open_entry(self.database, self.actor, self.reason, "different", f"same_{kind}")
            with self.totals.changing() as touched:
                (touched.learners if kind == "learner" else touched.sessions)("SELECT ? UNION SELECT ?", (main, double))
                touched.regroup(kind)
                touched.take_off()
                ends = decided[0][:2] if decided else (double, main)
                self._decide(kind, *ends, "different", journal)
            refuse_bad_sameness(self.database)
            count_entry(self.database, journal, changed=1)
        self.announce(WriteEvent(journal, "different", f"same_{kind}", changed=1))
        return journal

    def _find(self, kind: Kind, one: str, other: str) -> tuple[int, int]:
        (first,), (second,) = self.tables.find(kind, one), self.tables.find(kind, other)
        return first, second

    def _main(self, kind: Kind, row: int) -> int:
        main = self.database.one(f'SELECT main FROM "same_{kind}" WHERE "{kind}" = ? AND verdict = \'same\'', (row,))
        return row if main is None else int(main)

    def _best_first(self, kind: Kind, one: int, other: int) -> tuple[int, int]:
        if kind == "learner" and one != other:
            one, other = (row[0] for row in self.database.execute(_KNOWN, (one, other)))
        return one, other

    def _decided(self, kind: Kind, one: int, other: int) -> list[tuple[int, int, str]]:
        """What stands about just these two, whichever comes first."""
        return self.database.execute(
            f'SELECT "{kind}", main, verdict FROM "same_{kind}" WHERE ("{kind}", main) IN (VALUES (?, ?), (?, ?))',
            (one, other, other, one),
        ).fetchall()

    def _withdraw(self, kind: Kind, pair: tuple[int, int], anew: tuple[int, int], journal: int) -> None:
        """Take away that just these two were different, where it is not decided ``anew`` in the same row."""
        for double, main, _ in self._decided(kind, *pair):
            if (double, main) != anew:
                self._remove(kind, double, main, journal)

    def _point(self, kind: Kind, followers: Iterable[int], former: int, main: int, journal: int) -> None:
        """Count as ``main`` what was counted as ``former``."""
        for row in followers:
            self._remove(kind, row, former, journal)
            self._decide(kind, row, main, "same", journal)

    def _remove(self, kind: Kind, double: int, main: int, journal: int) -> None:
        where = f'"{kind}" = {double:d} AND main = {main:d}'
        keep_old(self.database, journal, f"same_{kind}", ("id",), "remove", f'SELECT id FROM "same_{kind}" WHERE {where}')
        self.database.execute(f'DELETE FROM "same_{kind}" WHERE {where}')

    def _decide(self, kind: Kind, double: int, main: int, verdict: str, journal: int) -> None:
        """Write one decision, new or instead of another one about the two."""
        where = f'"{kind}" = {double:d} AND main = {main:d}'
        keep_old(self.database, journal, f"same_{kind}", ("id",), "change", f'SELECT id FROM "same_{kind}" WHERE {where}')
        self.database.execute(
            f'INSERT INTO "same_{kind}" (id, "{kind}", main, verdict, journal) VALUES (?, ?, ?, ?, ?) '
            f'ON CONFLICT ("{kind}", main) DO UPDATE SET verdict = excluded.verdict, journal = excluded.journal',
            (next_number(self.database, f"same_{kind}"), double, main, verdict, journal),
        )


def _kind(record: str) -> Kind:
    if record in ("learner", "session"):
        return "learner" if record == "learner" else "session"
    raise UnknownName(what=Label("能合并的登记", "record whose rows can be one"), name=record, hint=Label(
        "学员 learner 和场次 session 可以", "learner and session can"))
