"""What a database holds, in the words of the example's manifest."""

from __future__ import annotations

from collections import Counter
from typing import Any

from commlms import LMS

_SESSIONS = """
SELECT i.name, s."on", s.start, s.theme, s.minutes, s.meetings, s.began,
       (SELECT h.persons FROM headcount h WHERE h.session = s.id AND h.counts = 'present' AND h.audience = ''),
       (SELECT COUNT(*) FROM participation p WHERE p.session = s.id), (SELECT COUNT(*) FROM unmatched u WHERE u.session = s.id)
FROM session s JOIN institution i ON i.id = s.institution
"""
_STRENGTH = """
SELECT CASE WHEN code IS NOT NULL THEN 'code' WHEN id_number_digest IS NOT NULL THEN 'card'
            WHEN born_first = born_last THEN 'date' ELSE 'year_home' END FROM learner
"""
METRICS = {"persons": "core.persons", "visits": "core.visits", "unnamed_visits": "core.unnamed_visits", "sessions": "core.sessions"}


def day(number: int | None) -> str:
    """20220305 as 2022-03-05, nothing as ''."""
    return f"{number // 10000}-{number // 100 % 100:02d}-{number % 100:02d}" if number else ""


def sessions(lms: LMS) -> dict[tuple[str, str, str, str], tuple[Any, ...]]:
    """Minutes, meetings, first day, persons present, known and not, by organiser, day, start and theme."""
    return {
        (host, day(on), start, theme): (minutes, meetings, day(began), present, known, unmatched)
        for host, on, start, theme, minutes, meetings, began, present, known, unmatched in lms.database.execute(_SESSIONS)
    }


def wanted_sessions(manifest: dict[str, Any]) -> dict[tuple[str, str, str, str], tuple[Any, ...]]:
    """The same of the manifest."""
    return {
        (s["host"], s["on"], s["start"], s["theme"]): (s["minutes"], s["meetings"], s["began"], s["present"], s["known"], s["unmatched"])
        for s in manifest["sessions"]
    }


def strengths(lms: LMS) -> dict[str, int]:
    """Learners by how well they are told."""
    return dict(Counter(row[0] for row in lms.database.execute(_STRENGTH)))


def unmatched(lms: LMS) -> dict[str, int]:
    """Rows of nobody by state."""
    return dict(lms.database.execute("SELECT state, COUNT(*) FROM unmatched GROUP BY state").fetchall())


def live(lms: LMS) -> set[tuple[str, str, str]]:
    """Sender, shape and period of every delivery that holds."""
    return {
        (lms.geography.at(place, 20221231).code, shape, period)  # type: ignore[union-attr]  # senders are places
        for place, shape, period in lms.database.execute("SELECT sender, shape, period FROM delivery WHERE replaced_by IS NULL")
    }


def content(lms: LMS) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows but the journal's own, sorted."""
    skipped = {"journal", "journal_old"}
    tables = sorted(t for t in lms.database.tables() if t not in skipped and not t.startswith(("sqlite_", "_sqlite")))
    return {t: sorted(lms.database.execute(f'SELECT * FROM "{t}"').fetchall(), key=repr) for t in tables}
