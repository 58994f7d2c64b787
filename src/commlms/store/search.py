"""Finding learners by code, name, part of a name, or pinyin: an index inside the database, brought up to date when it is asked.

It is personal data like the names it is made of: it leaves the database in no export and no lake, and is erased with the person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

import attrs

from commlms.core.kinds import Stored
from commlms.core.text import narrow
from commlms.store.database import Database
from commlms.store.geography import Geography
from commlms.store.journal import newest

#: The index, and the saying of the database about the state it was made from.
INDEX, _STATE = "learner_search", "searched"
#: How many people a search shows.
SHOWN = 20
#: How many readings of one name are kept: a surname has few, a long name has many by its characters alone.
_READINGS = 24
#: Stands between two readings, so that no phrase is found across them.
_BETWEEN = "0"
_HAN = "\u3400-\u9fff"
_PARTS = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+")
_RUNS = re.compile(rf"[{_HAN}]+|[^\W{_HAN}]+")
_ROWS = f"""
SELECT t.id, t.code, t.name, t.born_first,
    (SELECT d.home FROM learner_state d WHERE d.owner = t.id ORDER BY d.since DESC LIMIT 1)
FROM {INDEX} x JOIN learner t ON t.id = x.rowid WHERE {INDEX} MATCH ?
ORDER BY t.name <> ?, LENGTH(t.name), t.name, t.id LIMIT ?
"""

Reader = Callable[[str], list[str]]


@attrs.frozen
class Match:
    """One learner found: how to name them in other commands, name, birth year and home as far as known."""

    reference: str
    name: str
    born: str
    home: str


def reads_pinyin() -> bool:
    """Whether pypinyin (extra ``office``) is installed; without it names are found by their characters alone."""
    from importlib.util import find_spec

    return find_spec("pypinyin") is not None


def find_learners(database: Database, words: str) -> list[Match]:
    """At most ``SHOWN`` learners that the words fit, those of just this name first."""
    query = _query(words)
    if not query:
        return []
    refresh(database)
    geography, uid = Geography(database), database.uid
    return [
        Match(
            code or f"#{number}.{uid}", name, "" if born is None else str(born // 10_000), "" if home is None else geography.name(home)
        )
        for number, code, name, born, home in database.execute(_ROWS, (query, narrow(words).replace(" ", ""), SHOWN))
    ]


def refresh(database: Database) -> None:
    """Let the index say what the learners are called now; nothing is done where nothing was written since."""
    if database.meta(_STATE) == _state(database):
        return
    with database.transaction():
        # Another process may have done it while this one waited for the lock; and what it saw is what counts.
        state = _state(database)
        if (database.meta(_STATE) or "").partition(" ")[2] != state.partition(" ")[2]:
            database.execute(f"DROP TABLE IF EXISTS {INDEX}")
        database.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5 (name UNINDEXED, own UNINDEXED, code, characters, syllables, joined)"
        )
        stale = f"SELECT x.rowid FROM {INDEX} x LEFT JOIN learner t ON t.id = x.rowid WHERE t.name IS NOT x.name OR t.code IS NOT x.own"
        forget_learners(database, [n for (n,) in database.execute(stale).fetchall()])
        new = database.execute(f"SELECT id, name, code FROM learner WHERE id NOT IN (SELECT rowid FROM {INDEX}) ORDER BY id")
        reader = _reader()
        database.many(
            f"INSERT INTO {INDEX} (rowid, name, own, code, characters, syllables, joined) VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((number, name, code, code, *_indexed(name, reader)) for number, name, code in new.fetchall()),
        )
        database.set_meta(_STATE, state)


def forget_learners(database: Database, learners: Iterable[int]) -> None:
    """Take learners out of the index, if there is one, so that its pages hold nothing of them."""
    numbers = list(learners)
    if numbers and INDEX in database.tables():
        database.many(f"DELETE FROM {INDEX} WHERE rowid = ?", ((n,) for n in numbers))
        # Else what was deleted would stay in the older parts of the index until they are merged some day.
        database.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')")


def _state(database: Database) -> str:
    """The last write, and whether names are indexed by their pinyin."""
    return f"{newest(database)} {'pinyin' if reads_pinyin() else 'plain'}"


def _reader() -> Reader:
    """How a character is read: by all its readings, as a surname too; without pypinyin not at all."""
    if not reads_pinyin():
        return lambda character: []
    from pypinyin import Style, pinyin

    @lru_cache(maxsize=1 << 14)
    def readings(character: str) -> list[str]:
        return [r.replace("ü", "v") for r in dict.fromkeys(pinyin(character, style=Style.NORMAL, heteronym=True)[0]) if r != character]

    return readings


def _indexed(name: str, reader: Reader) -> tuple[Stored, Stored, Stored]:
    """What is kept of a name: its characters, its syllables, and what somebody types without spaces or by initials."""
    parts = _PARTS.findall(name)
    syllables, joined = [], dict[str, None]()
    for reading in _readings(parts, reader):
        syllables += [*reading, _BETWEEN]
        for begin in range(len(reading)):
            joined["".join(reading[begin:])] = joined["".join(r[0] for r in reading[begin:])] = None
    return " ".join(parts), " ".join(syllables), " ".join(joined)


def _readings(parts: list[str], reader: Reader) -> Iterator[tuple[str, ...]]:
    """The ways a name can be read; those of its first character, which is nearly always the surname, come first."""
    choices = [[part.casefold()] if not re.match(f"[{_HAN}]", part) else reader(part) for part in parts]
    if choices and all(choices):
        yield from (tuple(reversed(found)) for found in islice(product(*reversed(choices)), _READINGS))


def _query(words: str) -> str:
    """What is asked of the index; empty where the words hold no letter."""
    text = narrow(words).casefold().replace("'", "").replace("’", "").replace("ü", "v")
    runs = _RUNS.findall(text)
    if not runs:
        return ""
    latin = [r for r in runs if not re.match(f"[{_HAN}]", r)]
    asked = [f'characters : "{" ".join(r)}"' for r in runs if r not in latin]
    if latin:
        asked.append(f'(syllables : "{" ".join(latin)}" * OR joined : "{"".join(latin)}" *)')
    return f'({" AND ".join(asked)}) OR code : "{" ".join(runs)}" *'
