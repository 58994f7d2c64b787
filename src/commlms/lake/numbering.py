"""What every row is called in the lake, and into which part it goes: temporary tables beside one read of the database.

``lake_place``: a place's number. ``lake_home``: what a home is told as, from day to day. ``lake_county``: the number of the
folder of a place's county. ``lake_learner``: a learner's rank among the pseudonyms, and folder. ``lake_session``: a
session's folder and year, as ``folder * 10000 + year``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, TypeVar

import attrs

from commlms.core.days import ALWAYS, NEVER
from commlms.core.places import LEVELS
from commlms.lake.contents import Contents
from commlms.lake.layout import NONE, folder, place_number
from commlms.lake.pseudonyms import Pseudonyms, pseudonyms_for
from commlms.measure.sameness import APART, Sameness
from commlms.store.database import Database
from commlms.store.geography import Geography

_TABLES = """
CREATE TEMP TABLE lake_place (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, key TEXT NOT NULL) STRICT;
CREATE TEMP TABLE lake_home (place INTEGER, since INTEGER, until INTEGER, number INTEGER, PRIMARY KEY (place, since))
    STRICT, WITHOUT ROWID;
CREATE TEMP TABLE lake_county (place INTEGER, since INTEGER, until INTEGER, part INTEGER, PRIMARY KEY (place, since))
    STRICT, WITHOUT ROWID;
CREATE TEMP TABLE lake_name (pseudonym BLOB NOT NULL, id INTEGER NOT NULL, known INTEGER NOT NULL) STRICT;
CREATE TEMP TABLE lake_learner (id INTEGER PRIMARY KEY, "rank" INTEGER NOT NULL, part INTEGER NOT NULL, known INTEGER NOT NULL) STRICT;
CREATE TEMP TABLE lake_session (id INTEGER PRIMARY KEY, part INTEGER NOT NULL) STRICT;
CREATE TEMP TABLE lake_shown (
    tree TEXT, place INTEGER, year INTEGER, measure TEXT, persons INTEGER, hidden TEXT, PRIMARY KEY (tree, place, year, measure)
) STRICT, WITHOUT ROWID;
"""
_T = TypeVar("_T")


@attrs.frozen
class Numbering:
    """``folders``: the names of the county folders by number. ``pseudonyms``: those of everybody in order, as bytes."""

    geography: Geography
    folders: list[str]
    pseudonyms: Pseudonyms
    unmatched: int


@contextmanager
def numbering(database: Database, contents: Contents, key: bytes, same: Sameness = APART) -> Iterator[Numbering]:
    """Make the temporary tables, within the caller's read of the database; they are gone afterwards.

    ``same`` says which learners have no name of their own, for they are counted as another one.
    """
    names = [line.split()[3] for line in _TABLES.splitlines() if line.startswith("CREATE")]

    def drop() -> None:
        for name in names:
            database.execute(f"DROP TABLE IF EXISTS temp.{name}")

    drop()
    try:
        for statement in filter(str.strip, _TABLES.split(";\n")):
            database.execute(statement)
        geography = Geography(database)
        _number_places(database, geography, contents.level)
        folders = _find_counties(database, geography)
        _name_people(database, contents, key, same)
        _part_sessions(database)
        yield Numbering(geography, folders, *_ranked(database))
    finally:
        drop()


def _number_places(database: Database, geography: Geography, level: str) -> None:
    numbers = {place: (place_number(key), key) for place, key in lasting_keys(geography).items()}
    database.many("INSERT INTO temp.lake_place VALUES (?, ?, ?)", ((p, *n) for p, n in numbers.items()))
    most = LEVELS.index(level)

    def told(place: int) -> Callable[[int], int | None]:
        def number(day: int) -> int | None:
            found = _above(geography, place, day, lambda rank: rank <= most)
            return None if found is None else numbers[found][0]

        return number

    for place in geography.states:
        spans = spans_of(geography, place, told(place))
        database.many("INSERT INTO temp.lake_home VALUES (?, ?, ?, ?)", ((place, *span) for span in spans))


def lasting_keys(geography: Geography) -> dict[int, str]:
    """What names each place in every database: the code of its last state, with its end where another place has it since."""
    last = {place: states[-1] for place, states in geography.states.items()}
    holders: dict[str, int] = {}
    for place, state in sorted(last.items(), key=lambda item: (item[1].until, item[0])):
        holders[state.code] = place
    return {p: s.code if holders[s.code] == p else f"{s.code}~{s.until}" for p, s in last.items()}


def _find_counties(database: Database, geography: Geography) -> list[str]:
    """Number the folders of the counties; number 0 is for what has none."""
    county = LEVELS.index("county")
    numbers = {NONE: 0}

    def part(place: int) -> Callable[[int], int]:
        def number(day: int) -> int:
            found = _above(geography, place, day, lambda rank: rank == county)
            state = None if found is None else geography.at(found, day)
            return 0 if state is None else numbers.setdefault(folder(state.code), len(numbers))

        return number

    for place in geography.states:
        spans = spans_of(geography, place, part(place))
        database.many("INSERT INTO temp.lake_county VALUES (?, ?, ?, ?)", ((place, *span) for span in spans))
    return list(numbers)


def _above(geography: Geography, place: int, day: int, fits: Callable[[int], bool]) -> int | None:
    """The nearest place, itself or above, whose level on a day fits."""
    for each in geography.chain(place, day):
        state = geography.at(each, day)
        if state is not None and fits(LEVELS.index(state.level)):
            return each
    return None


def spans_of(geography: Geography, place: int, asked: Callable[[int], _T]) -> list[tuple[int, int, _T]]:
    """What is true of a place from day to day, asked once between any two changes of it or of what was ever above it."""
    reach = [place]
    for each in reach:
        reach += {s.parent for s in geography.states.get(each, ()) if s.parent is not None}.difference(reach)
    changes = {day for each in reach for s in geography.states.get(each, ()) for day in (s.since, s.until)}
    found: list[tuple[int, int, _T]] = []
    for since, until in pairwise(sorted({ALWAYS, NEVER, *changes})):
        value = asked(since)
        if found and found[-1][2] == value:
            found[-1] = (found[-1][0], until, value)
        else:
            found.append((since, until, value))
    return found


def _name_people(database: Database, contents: Contents, key: bytes, same: Sameness) -> None:
    """Only who can be in a figure has a name: who took part, stands in a counted register, or has an ID number.

    By that number another city, where they took part, knows the home and the registers that are known of them here.
    """
    name = pseudonyms_for(key, database.uid)
    there = " OR ".join(
        f'EXISTS (SELECT 1 FROM "{table}" r WHERE r."learner" = l."id")'
        for table in ("participation", *contents.people_of_registers)
    )
    wanted = f"SELECT l.id, l.id_number_digest AS digest FROM learner l WHERE l.id_number_digest IS NOT NULL OR {there}"
    if same.learners:
        # A person's own number goes before that of a double, which the person may have where nobody knew theirs.
        who, join = same.main("learner", "d")
        wanted = (
            f"SELECT {who} AS id, COALESCE(MAX(CASE WHEN d.learner = {who} THEN d.digest END), MIN(d.digest)) AS digest "
            f"FROM (SELECT w.id AS learner, w.digest FROM ({wanted}) w) d{join} GROUP BY {who}"
        )
    people = database.execute(wanted)
    database.many(
        "INSERT INTO temp.lake_name VALUES (?, ?, ?)", ((name(row, digest), row, int(digest is not None)) for row, digest in people),
    )
    database.execute(
        'INSERT INTO temp.lake_learner SELECT n.id, ROW_NUMBER() OVER (ORDER BY n.pseudonym) - 1, COALESCE(c.part, 0), n.known '
        "FROM temp.lake_name n LEFT JOIN temp.lake_county c ON c.until = ? AND c.place = "
        '(SELECT t.home FROM learner_state t WHERE t.owner = n.id ORDER BY t.since DESC LIMIT 1)', (NEVER,),
    )


def _ranked(database: Database) -> tuple[Pseudonyms, int]:
    """The pseudonyms in order, and how many people have no ID number."""
    found = bytearray()
    for (each,) in database.execute("SELECT pseudonym FROM temp.lake_name ORDER BY pseudonym"):
        found += each
    database.execute("DELETE FROM temp.lake_name")
    return Pseudonyms(found), int(database.one("SELECT COUNT(*) FROM temp.lake_learner WHERE known = 0"))


def _part_sessions(database: Database) -> None:
    database.execute(
        'INSERT INTO temp.lake_session SELECT s.id, COALESCE(c.part, 0) * 10000 + s."on" / 10000 FROM session s '
        "LEFT JOIN institution i ON i.id = s.institution "
        'LEFT JOIN temp.lake_county c ON c.place = i.place AND c.since <= s."on" AND c.until > s."on"'
    )


def content_digest(data: Mapping[str, Any]) -> str:
    """What tells two declarations apart: the SHA-256 of their data as JSON."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
