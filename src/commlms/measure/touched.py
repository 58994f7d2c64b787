"""What a write touches: the learners and sessions whose share of every total is taken off before it and put back after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from commlms.core.days import Period
from commlms.core.metrics import Hosted, Measure
from commlms.measure.sameness import Kind, doubles, spread

if TYPE_CHECKING:
    from commlms.measure.totals import Totals

#: The condition that a participation ``p`` is in the totals already.
FOLDED = 'NOT EXISTS (SELECT 1 FROM "pending" g WHERE g."learner" = p."learner" AND g."session" = p."session")'


def years_between(first: int | None, last: int | None) -> list[Period]:
    """The calendar years from a day to another; none where there is no day."""
    return [] if first is None or last is None else [Period.year(y) for y in range(first // 10_000, last // 10_000 + 1)]


class Touched:
    """The learners and sessions a write touches. Named before the write, while their old share still stands."""

    def __init__(self, totals: Totals) -> None:
        self.totals, self.database = totals, totals.database
        self.taken = False
        self._whole_lives = self._whole_sessions = self._by_visits = self._only_visits = False
        self._regrouped: set[Kind] = set()
        self._visited: Sequence[Period] | None = None
        for name in ("touched_learner", "touched_session", "touched_visit"):
            further = ", before INTEGER NOT NULL DEFAULT 0, after INTEGER" if name == "touched_session" else ""
            self.database.execute(f'CREATE TEMP TABLE IF NOT EXISTS "{name}" (id INTEGER PRIMARY KEY{further})')
            self.database.execute(f'DELETE FROM temp."{name}"')

    def learners(self, sql: str, values: Sequence[object] = ()) -> None:
        """Add the learners that a query gives, with all their years."""
        self._whole_lives = True
        self._add("touched_learner", sql, values)

    def sessions(self, sql: str, values: Sequence[object] = ()) -> None:
        """Add the sessions that a query gives."""
        if self._only_visits:
            raise RuntimeError("what was taken off are visits alone: further sessions must be named before")
        self._whole_sessions = True
        self._add("touched_session", sql, values)

    def visits(self, sql: str) -> None:
        """Add the participations (learner, session) that a query gives, where the write changes only such rows of theirs.

        That reaches the learners in the years of these sessions; and of the sessions those where it matters how
        many came by name: some were counted as present, of whom the unnamed are the rest.
        """
        self._by_visits = True
        pairs = f"(SELECT NULL AS learner, NULL AS session WHERE 0 UNION ALL {sql}) q"
        # Sorted, a table is filled from end to end.
        self._add("touched_learner", f"SELECT q.learner FROM {pairs} GROUP BY q.learner")
        self._add("touched_visit", f"SELECT q.session FROM {pairs} GROUP BY q.session")
        spread(self.database, self.totals.sameness, "session", "touched_visit")
        matters = "SELECT id FROM temp.touched_visit v"
        if not any(isinstance(m, Hosted) and m.what == "named" for m in self.totals.measures):
            matters += " WHERE EXISTS (SELECT 1 FROM headcount k WHERE k.session = v.id AND k.counts = 'present')"
        self._add("touched_session", matters)

    def regroup(self, kind: Kind) -> None:
        """Say that the write changes who or what is one: those it makes one, or two, are named as learners or sessions."""
        self._whole_lives = self._whole_sessions = True
        self._regrouped.add(kind)

    def _spread(self) -> None:
        """Who is one with the touched, and who came to a session that is one with a touched one, is touched too."""
        same = self.totals.sameness
        spread(self.database, same, "session", "touched_session")
        if "session" in self._regrouped:
            self.learners("SELECT learner FROM participation WHERE session IN (SELECT id FROM temp.touched_session)")
        elif self._whole_sessions and self._whole_lives and same.sessions:
            doubled = f'{doubles("session")} AND main IN (SELECT id FROM temp.touched_session)'
            self.learners(f"SELECT learner FROM participation WHERE session IN ({doubled})")
        spread(self.database, same, "learner", "touched_learner")
        if "learner" in self._regrouped:
            self.sessions("SELECT session FROM participation WHERE learner IN (SELECT id FROM temp.touched_learner)")
            spread(self.database, same, "session", "touched_session")

    def _add(self, table: str, sql: str, values: Sequence[object] = ()) -> None:
        self.database.execute(f'INSERT OR IGNORE INTO temp."{table}" (id) {sql}', values)

    def take_off(self, folded: bool = False) -> None:
        """Take the old share off; call it after naming and before writing, once.

        Sessions or learners that the write itself creates may be named afterwards: their old share is nothing.
        """
        if not self.taken:
            self._spread()
            self.taken = True
            if self._by_visits and not self._whole_lives:
                days = 'SELECT MIN(s."on"), MAX(s."on") FROM temp.touched_visit v JOIN session s ON s.id = v.id'
                self._visited = years_between(*self.database.execute(days).fetchone())
            self._only_visits = self._by_visits and not self._whole_sessions
            self.totals.contribute(-1, self._twice, touched=True, folded=folded, visited=self._visited)
            if self._only_visits:
                self._note_visits("before", folded)

    def put_back(self) -> None:
        """Add the new share, after writing."""
        self.totals.contribute(1, self._twice, touched=True, visited=self._visited)
        if self._only_visits:
            self._note_visits("after")
            self.totals.gain_visits()

    @property
    def _twice(self) -> Sequence[Measure]:
        """What is counted before and after; where of sessions only the visits change, their sums gain the difference."""
        return self.totals.of_learners if self._only_visits else self.totals.measures

    def _note_visits(self, column: str, folded: bool = False) -> None:
        """Note how many came by name to each touched session."""
        same = self.totals.sameness
        named = same.named_at("t.id", FOLDED if folded else "")
        self.database.execute(
            f"UPDATE temp.touched_session AS t SET {column} = {named} "
            f"+ COALESCE((SELECT v.persons FROM {same.erased_visits()} v WHERE v.session = t.id), 0)"
        )
