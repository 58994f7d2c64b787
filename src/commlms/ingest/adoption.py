"""Rows from before a plugin was first loaded: the words they were written with are read again with its vocabulary."""

from __future__ import annotations

from collections.abc import Iterable

from commlms.core.records import Field, Record
from commlms.core.text import key_of
from commlms.measure.totals import Totals
from commlms.measure.touch import touch
from commlms.store.database import Database
from commlms.store.journal import Actor, count_entry, keep_old, open_entry
from commlms.store.words import Words, keep_words, new_words, stored_words


def adopt_words(database: Database, records: Iterable[Record], totals: Totals, actor: Actor, loaded: Words) -> dict[str, dict[str, str]]:
    """Keep the loaded plugins' words and let rows that used them as plain text mean what they now mean.

    Gives every word the database knows. Rows that change stand in the journal like any other write.
    """
    if new_words(stored_words(database), loaded):
        with database.transaction():
            # Another process may have done it while this one waited for the lock.
            new = new_words(stored_words(database), loaded)
            keep_words(database, new)
            meaning = {(vocabulary, word): stored for vocabulary, word, stored in new}
            for record in records:
                for field in record.fields:
                    if field.vocabulary:
                        _reread(database, record, field, totals, actor, meaning)
    return stored_words(database)


def _reread(database: Database, record: Record, field: Field, totals: Totals, actor: Actor, meaning: dict[tuple[str, str], str]) -> None:
    table, key = (record.state_table, ("owner", "since")) if field.dated else (record.table, record.row_key)
    column = f'"{field.name}"'
    written = [r[0] for r in database.execute(f'SELECT DISTINCT {column} FROM "{table}" WHERE {column} <> \'\'')]
    known = ((raw, meaning.get((field.vocabulary, key_of(raw)))) for raw in written)
    changes = [(stored, raw) for raw, stored in known if stored is not None and stored != raw]
    if not changes:
        return
    k1, k2 = f'"{key[0]}"', f'"{key[1]}"' if len(key) > 1 else "0"
    database.execute("CREATE TEMP TABLE IF NOT EXISTS reread (k1 INTEGER, k2 INTEGER, stored TEXT, PRIMARY KEY (k1, k2)) WITHOUT ROWID")
    database.execute("DELETE FROM temp.reread")
    database.many(f'INSERT INTO temp.reread SELECT {k1}, {k2}, ? FROM "{table}" WHERE {column} = ?', changes)
    journal = open_entry(database, actor, f"{field.label.en}: words known since now", "words", record.key)
    with totals.changing() as touched:
        touch(touched, record, "temp.reread")
        touched.take_off()
        keep_old(database, journal, table, key, "change", f"SELECT {', '.join(('k1', 'k2')[: len(key)])} FROM temp.reread")
        # A row that would then be another's twin stays as it was written.
        found = f"FROM temp.reread q WHERE q.k1 = {k1} AND q.k2 = {k2}"
        done = database.execute(
            f'UPDATE OR IGNORE "{table}" SET {column} = (SELECT q.stored {found}), journal = ? WHERE EXISTS (SELECT 1 {found})', (journal,)
        )
        database.execute(
            f'DELETE FROM journal_old WHERE journal = ? AND "table" = ? AND EXISTS (SELECT 1 FROM "{table}" t '
            f'WHERE t.{k1} = k1 AND {f"t.{k2}" if len(key) > 1 else "0"} = {"k2" if len(key) > 1 else "0"} AND t.journal <> ?)',
            (journal, table, journal),
        )
        count_entry(database, journal, changed=done.rowcount)
