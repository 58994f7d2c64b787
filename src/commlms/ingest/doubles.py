"""Possible doubles: one lecture that two senders may both report. Listed for a person to decide, never decided here."""

from __future__ import annotations

import attrs

from commlms.core.days import iso
from commlms.store.database import Database

#: Pairs of sessions of one day whose themes are one, or of which one holds the other; either is of a delivery, of two senders.
#: A venue that other organisers have too (文化站, 会议室) is a word and no place.
_PAIRS = """
WITH sent(session, sender) AS (
    SELECT DISTINCT x.k1, d.sender FROM delivered x JOIN delivery d ON d.id = x.delivery
    WHERE x."table" = 'session' AND d.replaced_by IS NULL
)
SELECT a.id, b.id, a."on", a.theme, b.theme, ia.name, ib.name,
    a.place IS NOT NULL AND a.place = b.place OR ia.place = ib.place OR a.venue = b.venue AND LENGTH(a.venue) > 1
        AND (SELECT COUNT(DISTINCT v.institution) FROM session v WHERE v.venue = a.venue) = 2 AS same_place,
    EXISTS (SELECT 1 FROM {names} x JOIN {names} y ON y.name = x.name WHERE x.session = a.id AND y.session = b.id) AS same_names
FROM session a JOIN session b ON b."on" = a."on" AND b.id > a.id
    AND (a.theme_key = b.theme_key OR LENGTH(a.theme_key) > 3 AND INSTR(b.theme_key, a.theme_key) > 0
        OR LENGTH(b.theme_key) > 3 AND INSTR(a.theme_key, b.theme_key) > 0)
    AND (a.start = '' OR b.start = '' OR a.start = b.start)
JOIN institution ia ON ia.id = a.institution JOIN institution ib ON ib.id = b.institution
WHERE NOT EXISTS (SELECT 1 FROM same_session s WHERE s.session IN (a.id, b.id) AND s.main IN (a.id, b.id))
AND NOT EXISTS (SELECT 1 FROM same_session s WHERE s.verdict = 'same' AND s.session IN (a.id, b.id))
AND EXISTS (SELECT 1 FROM sent x JOIN sent y ON y.session = b.id AND y.sender <> x.sender WHERE x.session = a.id)
AND NOT EXISTS (SELECT 1 FROM sent x JOIN sent y ON y.session = b.id AND y.sender = x.sender WHERE x.session = a.id)
ORDER BY a."on", a.id, b.id
"""
_NAMES = (
    "(SELECT p.session AS session, l.name AS name FROM participation p JOIN learner l ON l.id = p.learner "
    "UNION ALL SELECT u.session, u.name FROM unmatched u)"
)


@attrs.frozen
class Double:
    """Two sessions that may be one: by reference, with day, themes and organisers, and whether place or names agree."""

    one: str
    other: str
    on: str
    themes: tuple[str, str]
    organisers: tuple[str, str]
    same_place: bool
    same_names: bool


def possible_doubles(database: Database) -> list[Double]:
    """Sessions of different senders on one day with one theme, at one place or with some of the same names, not yet decided."""
    uid = database.uid
    rows = database.execute(_PAIRS.format(names=_NAMES)).fetchall()
    return [
        Double(f"#{a}.{uid}", f"#{b}.{uid}", iso(on), (theme, other), (organiser, second), bool(same_place), bool(same_names))
        for a, b, on, theme, other, organiser, second, same_place, same_names in rows if same_place or same_names
    ]
