"""The sessions that an attendance list tells of: found by organiser, date, start and theme, or made."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from commlms.core.kinds import Stored
from commlms.core.problems import SINCE, Problem
from commlms.core.programs import Session
from commlms.core.records import record_of
from commlms.store.database import Database
from commlms.store.journal import keep_numbered, next_number

_SESSION = record_of(Session)
_COLUMNS = tuple(c for f in _SESSION.plain if not f.host for c in f.columns)
#: What makes a session one; a list that writes the theme with other signs means the same session and does not change it.
_KEY = ("institution", "on", "theme_key")
_FIXED = (*_KEY, "theme")

#: A good row of the list, as it is staged.
Staged = Mapping[str, Stored]
Key = tuple[Stored, Stored, Stored]

_STORED = f"""
WITH found(id) AS (
    SELECT s.id FROM json_each(?1) j CROSS JOIN session s ON s.institution = j.value ->> 0 AND s."on" = j.value ->> 1
        AND s.theme_key = j.value ->> 2
    UNION SELECT s.id FROM json_each(?2) j CROSS JOIN session s ON s.code = j.value
    UNION SELECT s.id FROM json_each(?3) j CROSS JOIN session s ON s.id = j.value
)
SELECT s.id, {", ".join(f's."{c}"' for c in _COLUMNS)} FROM found f JOIN session s ON s.id = f.id ORDER BY s.id
"""


@attrs.define(eq=False)
class Meeting:
    """One session: what is stored of it, and what the rows of the list that mean it say."""

    id: int
    stored: dict[str, Stored]
    fresh: bool = False
    rows: list[Staged] = attrs.field(factory=list)

    @property
    def line(self) -> int:
        """The first line that means it."""
        return min(map(_line, self.rows))

    def told(self, column: str) -> Stored:
        """What most rows say in a column; None where none says anything."""
        said = self.told_together(column)
        return None if said is None else said[0]

    def told_together(self, *columns: str) -> tuple[Any, ...] | None:
        """What most rows say in some columns, of two said equally often the lesser: the order of the rows decides nothing."""
        said = Counter(tuple(r[c] for c in columns) for r in self.rows if r[columns[0]] is not None)
        return min(said, key=lambda value: (-said[value], value), default=None)

    def changes(self, columns: Iterable[str]) -> dict[str, Stored]:
        """What the rows say that is not stored."""
        told = ((c, self.told(c)) for c in columns if c not in _FIXED)
        return {c: value for c, value in told if value is not None and value != self.stored[c]}


class Sessions:
    """The sessions of one list. ``of`` gives each row's, by line; ``problems`` has the rows whose session cannot be known."""

    def __init__(self, database: Database, rows: Sequence[Staged], given: frozenset[str]) -> None:
        self.database = database
        self.columns = [c for c in _COLUMNS if c in given]
        self.of: dict[int, Meeting] = {}
        self.problems: list[Problem] = []
        self._by_key: dict[Key, list[Meeting]] = defaultdict(list)
        self._by_code: dict[Stored, Meeting] = {}
        self._by_row: dict[Stored, Meeting] = {}
        self._read(rows)
        self._next = next_number(database, "session")
        # Those that are told most surely first: a row without a start means the session that others name with one.
        for _, told in sorted(_groups(rows).items()):
            self._place(told)

    @property
    def all(self) -> list[Meeting]:
        """Every session that a row means, once."""
        return list({id(m): m for m in self.of.values()}.values())

    def leave_out(self, lines: Iterable[int]) -> None:
        """Rows that do not land say nothing of their session, and make none."""
        gone = set(lines)
        for meeting in {id(m): m for line in gone if (m := self.of.pop(line, None)) is not None}.values():
            meeting.rows = [r for r in meeting.rows if r["line"] not in gone]

    def _read(self, rows: Sequence[Staged]) -> None:
        keys = sorted({_key(r) for r in rows})
        codes, numbers = ([r[c] for r in rows if r[c] is not None] for c in ("code", "row"))
        asked = [json.dumps(v, ensure_ascii=False) for v in (keys, codes, numbers)]
        for number, *values in self.database.execute(_STORED, asked):
            self._add(Meeting(number, dict(zip(_COLUMNS, values, strict=True))))

    def _add(self, meeting: Meeting) -> None:
        self._by_key[_key(meeting.stored)].append(meeting)
        self._by_row[meeting.id] = meeting
        if meeting.stored["code"] is not None:
            self._by_code[meeting.stored["code"]] = meeting

    def _place(self, rows: list[Staged]) -> None:
        found = self._find(rows[0])
        if isinstance(found, Problem):
            self.problems += [attrs.evolve(found, line=_line(r)) for r in rows]
            return
        found.rows += rows
        self.of |= {_line(r): found for r in rows}

    def _find(self, told: Staged) -> Meeting | Problem:
        named = self._by_row.get(told["row"]) if told["row"] is not None else self._by_code.get(told["code"])
        if told["row"] is not None and named is None:
            return Problem("unknown_session", "code")
        if named is not None:
            return next((_conflict(c) for c in ("institution", "on") if named.stored[c] != told[c]), named)
        fitting = [m for m in self._by_key[_key(told)] if not _contradict(m, told)]
        # One that has this very start, or none where none is told, is meant before one whose start only does not contradict.
        same = [m for m in fitting if self._start(m) == (told["start"] or "")] or fitting
        if len(same) > 1:
            return Problem("ambiguous_session", "theme", values={"count": len(same)})
        return same[0] if same else self._new(told)

    def _start(self, meeting: Meeting) -> Stored:
        return meeting.stored["start"] or meeting.told("start") or ""

    def _new(self, told: Staged) -> Meeting:
        stored: dict[str, Stored] = dict.fromkeys(_COLUMNS)
        stored |= {c: told[c] for c in (*_FIXED, "code")} | {"start": told["start"] or "", "mode": _SESSION.field("mode").default}
        meeting = Meeting(self._next, stored, fresh=True)
        self._next += 1
        self._add(meeting)
        return meeting

    # -- writing --------------------------------------------------------------------------

    def changed(self) -> list[Meeting]:
        """The stored sessions of which the list says something else, or something more."""
        return [m for m in self.all if not m.fresh and m.changes(self.columns)]

    def write(self, journal: int) -> None:
        """Change the stored ones and add the new ones, inside the transaction that names what it touches."""
        changed = self.changed()
        keep_numbered(self.database, journal, "session", [m.id for m in changed], "change")
        sets = "".join(f'"{c}" = ?, ' for c in self.columns)
        told = ((m, m.stored | m.changes(self.columns)) for m in changed)
        self.database.many(
            f"UPDATE session SET {sets}journal = ? WHERE id = ?",
            ((*(values[c] for c in self.columns), journal, m.id) for m, values in told),
        )
        names = ", ".join(f'"{c}"' for c in _COLUMNS)
        self.database.many(
            f"INSERT INTO session (id, {names}, journal) VALUES (?, {', '.join('?' * len(_COLUMNS))}, ?)",
            (
                (m.id, *(m.stored | m.changes(self.columns) | {"theme": m.told("theme")}).values(), journal)
                for m in self.all if m.fresh
            ),
        )


def _line(row: Staged) -> int:
    return int(row["line"] or 0)


def _key(row: Staged) -> Key:
    return row["institution"], row["on"], row["theme_key"]


def _groups(rows: Iterable[Staged]) -> dict[tuple[Stored, ...], list[Staged]]:
    """Rows that say one session: those with a code first, then those with a start."""
    found: dict[tuple[Stored, ...], list[Staged]] = defaultdict(list)
    for row in rows:
        code, start, number = row["code"] or "", row["start"] or "", row["row"] or 0
        found[not code, not start, code, number, *_key(row), start].append(row)
    return {key: sorted(some, key=_line) for key, some in found.items()}


def _contradict(meeting: Meeting, told: Staged) -> bool:
    """Two codes are two sessions, and so are two starts on one day."""
    starts = meeting.stored["start"] or meeting.told("start"), told["start"]
    codes = meeting.stored["code"] or meeting.told("code"), told["code"]
    return any(a and b and a != b for a, b in (starts, codes))


def _conflict(column: str) -> Problem:
    return Problem("conflict", column, values={"field": _SESSION.field(column).label, "since": SINCE})

