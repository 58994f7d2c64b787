"""Possible doubles: one lecture that two senders may both report. Listed for a person to decide, never decided here."""

from __future__ import annotations

import attrs

from commlms.core.days import iso
from commlms.store.database import Database

#: Pairs of sessions of one day, said by live deliveries, that have a mark in common: the place told, the organiser's place, a hall
#: that no third organiser has (会议室 is a word and no place), or somebody of one name.
_NEAR = """
WITH sent AS MATERIALIZED (
    SELECT DISTINCT s.id, s."on", s.venue, s.place, i.place AS home
    FROM delivered x JOIN delivery d ON d.id = x.delivery AND d.replaced_by IS NULL
    JOIN session s ON s.id = x.k1 JOIN institution i ON i.id = s.institution WHERE x."table" = 'session'
), hall(venue) AS MATERIALIZED (
    SELECT venue FROM session WHERE LENGTH(venue) > 1 GROUP BY venue HAVING COUNT(DISTINCT institution) = 2
), spot(id, "on", mark, placed) AS MATERIALIZED (
    SELECT id, "on", 'place ' || place, 1 FROM sent WHERE place IS NOT NULL
    UNION ALL SELECT id, "on", 'home ' || home, 1 FROM sent
    UNION ALL SELECT id, "on", 'hall ' || venue, 1 FROM sent WHERE venue IN (SELECT venue FROM hall)
    UNION ALL SELECT s.id, s."on", 'name ' || l.name, 0 FROM sent s
        JOIN participation p ON p.session = s.id JOIN learner l ON l.id = p.learner
    UNION ALL SELECT s.id, s."on", 'name ' || u.name, 0 FROM sent s JOIN unmatched u ON u.session = s.id
), near(one, other, placed) AS (
    SELECT a.id, b.id, a.placed FROM spot a JOIN spot b ON b."on" = a."on" AND b.mark = a.mark WHERE b.id > a.id
)
"""
#: Of them those with one theme, or of which one holds the other, that no sender reported both of in one shape (its ledger and its
#: sign-in sheet may mean one lecture) and nobody has decided.
_PAIRS = f"""
{_NEAR}
SELECT one, other, a."on", a.theme, b.theme, ia.name, ib.name, MAX(placed), MAX(1 - placed) FROM near
JOIN session a ON a.id = one JOIN session b ON b.id = other
JOIN institution ia ON ia.id = a.institution JOIN institution ib ON ib.id = b.institution
WHERE (a.theme_key = b.theme_key OR LENGTH(a.theme_key) > 3 AND INSTR(b.theme_key, a.theme_key) > 0
    OR LENGTH(b.theme_key) > 3 AND INSTR(a.theme_key, b.theme_key) > 0)
AND (a.start = '' OR b.start = '' OR a.start = b.start)
AND NOT EXISTS (
    SELECT 1 FROM delivered x JOIN delivery dx ON dx.id = x.delivery AND dx.replaced_by IS NULL
    JOIN delivered y ON y."table" = 'session' AND y.k1 = other
    JOIN delivery dy ON dy.id = y.delivery AND dy.replaced_by IS NULL AND dy.sender = dx.sender AND dy.shape = dx.shape
    WHERE x."table" = 'session' AND x.k1 = one)
AND NOT EXISTS (SELECT 1 FROM same_session s WHERE s.session IN (one, other) AND s.main IN (one, other))
AND NOT EXISTS (SELECT 1 FROM same_session s WHERE s.verdict = 'same' AND s.session IN (one, other))
GROUP BY one, other ORDER BY a."on", one, other
"""


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
    return [
        Double(f"#{a}.{uid}", f"#{b}.{uid}", iso(on), (theme, other), (organiser, second), bool(same_place), bool(same_names))
        for a, b, on, theme, other, organiser, second, same_place, same_names in database.execute(_PAIRS)
    ]
