"""The words of the plugins' vocabularies, kept with the data: 老年人 means the same group when its plugin is left out."""

from __future__ import annotations

from collections.abc import Mapping

from commlms.store.database import Database

Words = Mapping[str, Mapping[str, str]]


def keep_words(database: Database, loaded: Words) -> dict[str, dict[str, str]]:
    """Store the words of the loaded plugins; gives them with those stored before, the loaded ones first."""
    found = _stored(database)
    new = [(v, word, stored) for v, words in loaded.items() for word, stored in words.items() if found.get(v, {}).get(word) != stored]
    if new:
        with database.transaction():
            database.many("INSERT INTO word VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET stored = excluded.stored", new)
    for vocabulary, words in loaded.items():
        found.setdefault(vocabulary, {}).update(words)
    return found


def _stored(database: Database) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for vocabulary, word, stored in database.execute("SELECT vocabulary, word, stored FROM word"):
        found.setdefault(vocabulary, {})[word] = stored
    return found
