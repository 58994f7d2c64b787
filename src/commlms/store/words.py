"""The words of the plugins' vocabularies, kept with the data: 老年人 means the same group when its plugin is left out."""

from __future__ import annotations

from collections.abc import Mapping

from commlms.store.database import Database

Words = Mapping[str, Mapping[str, str]]


def stored_words(database: Database) -> dict[str, dict[str, str]]:
    """What each word means in this database, by vocabulary."""
    found: dict[str, dict[str, str]] = {}
    for vocabulary, word, stored in database.execute("SELECT vocabulary, word, stored FROM word"):
        found.setdefault(vocabulary, {})[word] = stored
    return found


def new_words(known: Words, loaded: Words) -> list[tuple[str, str, str]]:
    """Vocabulary, word and meaning of every word that the loaded plugins say and the database does not know."""
    return [(v, word, stored) for v, words in loaded.items() for word, stored in words.items() if known.get(v, {}).get(word) != stored]


def keep_words(database: Database, new: list[tuple[str, str, str]]) -> None:
    """Store new words. Inside a transaction."""
    database.many("INSERT INTO word VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET stored = excluded.stored", new)
