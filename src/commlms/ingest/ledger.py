"""The activity ledger (活动台账) that streets keep: one row makes a session and its headcounts in one step.

Its key is organiser, date, start and theme, as for any session: the same key again changes the row.
"""

from __future__ import annotations

import attrs

from commlms.core.kinds import KINDS
from commlms.core.labels import Label
from commlms.core.programs import Session
from commlms.core.records import Field, Record, record_of
from commlms.ingest.staging import Stage
from commlms.store.journal import keep_old, next_number

_SESSION = record_of(Session)


def _people(name: str, zh: str, en: str, *aliases: str) -> Field:
    return Field(name, Label(zh, en), KINDS["people"], required=False, maximum=1_000_000, aliases=aliases)


#: A session's fields and two numbers: all in the room, and those beside the ones signed in by name.
LEDGER: Record = attrs.evolve(
    _SESSION, label=Label("活动台账", "activity ledger"), cls=None,
    fields=(
        *_SESSION.fields,
        _people("present", "参加人数", "present", "到场人数", "参与人数", "人数", "参加人次", "参与人次", "到场"),
        _people("besides", "未签到人数", "besides", "另计人数", "未具名人数"),
    ),
)


class Headcounts:
    """Writes the numbers of a ledger's rows as headcounts of the sessions that the same rows made."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.database = stage, stage.database

    def __call__(self, journal: int) -> set[int]:
        """Write both numbers; gives the lines of stored sessions whose headcount is new or other."""
        lines: set[int] = set()
        for counts in ("present", "besides"):
            lines |= self._write(journal, counts)
        return lines

    def _write(self, journal: int, counts: str) -> set[int]:
        there = (
            "FROM temp.stage g JOIN temp.batch b ON b.line = g.line {join} JOIN headcount h ON h.session = g.target "
            f"AND h.counts = '{counts}' AND h.audience = '' WHERE g.{counts} IS NOT NULL"
        )
        differs = f"(h.persons <> g.{counts} OR h.persons_about <> g.{counts}_about)"
        changed = {r[0] for r in self.database.execute(f"SELECT g.line {there.format(join='')} AND {differs}")}
        if changed:
            keep_old(self.database, journal, "headcount", ("id",), "change", f"SELECT h.id {there.format(join='')} AND {differs}")
            self.database.execute(
                f"UPDATE headcount SET persons = g.{counts}, persons_about = g.{counts}_about, journal = ? "
                "FROM temp.stage g JOIN temp.batch b ON b.line = g.line "
                f"WHERE headcount.session = g.target AND headcount.counts = '{counts}' AND headcount.audience = '' "
                f"AND g.{counts} IS NOT NULL AND {differs.replace('h.', 'headcount.')}", (journal,),
            )
        new = (
            f"FROM temp.stage g JOIN temp.batch b ON b.line = g.line WHERE g.{counts} IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM headcount h WHERE h.session = g.target AND h.counts = '{counts}' AND h.audience = '')"
        )
        added = {r[0] for r in self.database.execute(f"SELECT g.line {new} AND g.fresh = 0")}
        self.database.execute(
            "INSERT INTO headcount (id, session, counts, audience, persons, persons_about, journal) "
            f"SELECT ? + ROW_NUMBER() OVER (ORDER BY g.line) - 1, g.target, '{counts}', '', g.{counts}, g.{counts}_about, ? {new}",
            (next_number(self.database, "headcount"), journal),
        )
        return changed | added
