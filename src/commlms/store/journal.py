"""Who wrote what, when and why; what a row was before; and how a write is taken back."""

from __future__ import annotations

import json
from collections.abc import Collection

import attrs

from commlms.core.errors import UndoRefused, UnknownName
from commlms.core.labels import Label
from commlms.store.database import Database, each, now

COUNTS = ("read", "new", "changed", "unchanged", "held", "unnamed", "rejected", "not_counted")


@attrs.frozen
class Actor:
    """Who writes: a name or account, and roles as the embedding program understands them."""

    name: str
    roles: tuple[str, ...] = ()


@attrs.frozen
class Entry:
    """One line of the journal: an import or a single write."""

    id: int
    at: str
    actor: str
    reason: str
    action: str
    record: str
    file: str
    under: str
    state: str
    read: int
    new: int
    changed: int
    unchanged: int
    held: int
    rejected: int
    not_counted: int
    erased: int
    unnamed: int = 0


def open_entry(
    database: Database, actor: Actor, reason: str, action: str, record: str, file: str = "", under: str = "", state: str = "done"
) -> int:
    """Begin a journal entry inside the writing transaction; gives its id."""
    done = database.execute(
        "INSERT INTO journal (at, actor, reason, action, record, file, under, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (now(), actor.name, reason, action, record, file, under, state),
    )
    return int(done.lastrowid or 0)


def count_entry(database: Database, journal: int, **counts: int) -> None:
    """Add to an entry's counts."""
    sets = ", ".join(f'"{name}" = "{name}" + ?' for name in counts)
    database.execute(f"UPDATE journal SET {sets} WHERE id = ?", (*counts.values(), journal))


def entries(database: Database, *actions: str) -> list[Entry]:
    """The journal, newest first; only these kinds of action if any is named."""
    where, values = (f"WHERE action IN ({', '.join('?' * len(actions))})", actions) if actions else ("", ())
    names = ", ".join(f'"{a.name}"' for a in attrs.fields(Entry))
    return [Entry(*r) for r in database.execute(f"SELECT {names} FROM journal {where} ORDER BY id DESC", values)]


def keep_old(database: Database, journal: int, table: str, key: tuple[str, ...], action: str, keys_sql: str) -> None:
    """Keep what the rows whose keys ``keys_sql`` gives are now, before a write changes or removes them.

    Rows that the same write made are not kept: before it they were not.
    """
    columns = ", ".join(f"'{c}', t.\"{c}\"" for c in database.columns(table))
    names = ("k1", "k2")[: len(key)]
    on = " AND ".join(f't."{k}" = q.{n}' for k, n in zip(key, names, strict=True))
    database.execute(
        f'INSERT OR IGNORE INTO journal_old (journal, "table", {", ".join(names)}, action, old) '
        f'WITH q({", ".join(names)}) AS ({keys_sql}) '
        f"SELECT ?, ?, {', '.join('q.' + n for n in names)}, ?, json_object({columns}) FROM q JOIN \"{table}\" t ON {on} "
        "WHERE t.journal <> ?",
        (journal, table, action, journal),
    )


def keep_numbered(database: Database, journal: int, table: str, numbers: Collection[int], action: str) -> None:
    """Keep what the rows of these numbers are now, as :func:`keep_old` does."""
    if numbers:
        keep_old(database, journal, table, ("id",), action, each(numbers))


def newest(database: Database) -> int:
    """The number of the newest entry, 0 before the first."""
    return int(database.one("SELECT COALESCE(MAX(id), 0) FROM journal"))


def entry_since(database: Database, before: int, file: str, actor: str) -> Entry | None:
    """The first entry after another one in which an actor wrote a file."""
    names = ", ".join(f'"{a.name}"' for a in attrs.fields(Entry))
    row = database.execute(
        f"SELECT {names} FROM journal WHERE id > ? AND file = ? AND actor = ? ORDER BY id LIMIT 1", (before, file, actor)
    ).fetchone()
    return None if row is None else Entry(*row)


def find_entry(database: Database, journal: int) -> Entry:
    """One entry; raises :class:`UnknownName`."""
    names = ", ".join(f'"{a.name}"' for a in attrs.fields(Entry))
    row = database.execute(f"SELECT {names} FROM journal WHERE id = ?", (journal,)).fetchone()
    if row is None:
        raise UnknownName(
            what=Label("写入", "write"), name=journal, hint=Label("commlms imports --all 列出全部", "'commlms imports --all' lists them"),
        )
    return Entry(*row)


def key_of_table(database: Database, table: str) -> tuple[str, ...]:
    """The primary key columns of a table."""
    rows = database.execute(f'PRAGMA table_info("{table}")').fetchall()
    return tuple(name for _, name, *_, place in sorted(rows, key=lambda r: r[5]) if place)


def _to_itself(database: Database, table: str) -> list[str]:
    """The columns of a numbered table that refer to other rows of it."""
    if key_of_table(database, table) != ("id",):
        return []
    return [r[3] for r in database.execute(f'PRAGMA foreign_key_list("{table}")') if r[2] == table]


def journalled_tables(database: Database) -> list[str]:
    """Every table whose rows carry the journal entry that wrote them, those of absent plugins too."""
    found = [t for t in sorted(database.tables()) if t not in ("journal_old",) and "journal" in database.columns(t)]
    return sorted(found, key=_depth)


def _depth(table: str) -> int:
    """Rows that refer to others go first when rows are taken back."""
    order = ("delivered", "delivery", "reported", "same_learner", "same_session", "unmatched", "participation", "headcount", "outcome",
             "standing", "learner_state", "session", "offering", "course", "learner", "institution", "residents", "place_state", "place")
    return order.index(table) if table in order else -1


def refuse_if_rested_on(database: Database, journal: int) -> None:
    """Refuse to take a write back if a later one changed the same rows, or removed rows about those that it made."""
    for table in journalled_tables(database):
        key = key_of_table(database, table)
        on = " AND ".join(f't."{k}" = o.{n}' for k, n in zip(key, ("k1", "k2"), strict=False))
        changed_later = database.one(
            f'SELECT MIN(t.journal) FROM journal_old o JOIN "{table}" t ON {on} '
            'WHERE o.journal = ? AND o."table" = ? AND t.journal <> ?', (journal, table, journal),
        )
        rests = changed_later or database.one(
            'SELECT MIN(journal) FROM journal_old WHERE "table" = ? AND journal > ? '
            "AND json_extract(old, '$.journal') = ?", (table, journal, journal),
        ) or _former_rows_about(database, table, journal)
        if rests:
            raise UndoRefused(
                Label("写入 {id} 之后，写入 {later} 又改过同一些记录；请先撤销 {later}",
                      "write {later} changed the same rows after write {id}; undo {later} first"),
                id=journal, later=rests,
            )


def _former_rows_about(database: Database, table: str, journal: int) -> int | None:
    """A later write that can be taken back to rows of a table that refer to rows which this write made; None if there is none.

    They stand in the journal alone, where no constraint of the database keeps what they refer to.
    """
    made = (
        'SELECT t.id FROM "{0}" t WHERE t.journal = {1:d} AND NOT EXISTS '
        "(SELECT 1 FROM journal_old q WHERE q.journal = {1:d} AND q.\"table\" = '{0}' AND q.k1 = t.id)"
    )
    about = [
        f"json_extract(o.old, '$.\"{column}\"') IN ({made.format(other, journal)})"
        for _, _, other, column, *_ in database.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
        if "journal" in database.columns(other) and key_of_table(database, other) == ("id",)
    ]
    found = database.one(
        'SELECT MIN(o.journal) FROM journal_old o JOIN journal w ON w.id = o.journal AND w.erased = 0 '
        f"WHERE o.\"table\" = ? AND o.journal > ? AND ({' OR '.join(about)})", (table, journal),
    ) if about else None
    return None if found is None else int(found)


def refuse_if_erased_rest_on(database: Database, journal: int) -> None:
    """After rows were taken back: refuse it if sessions or places are gone for good that erased people still count at.

    What they add to the figures of the past would stand nowhere.
    """
    gone = 'NOT IN (SELECT id FROM "{0}" UNION SELECT k1 FROM journal_old WHERE "table" = \'{0}\' AND action <> \'gone\')'
    if database.one(
        f"SELECT EXISTS (SELECT 1 FROM erased_visit WHERE session {gone.format('session')}) "
        f"OR EXISTS (SELECT 1 FROM settled WHERE place <> 0 AND place {gone.format('place')})"
    ):
        raise UndoRefused(
            Label("写入 {id} 的场次或地点上，有人的记录已应本人要求删除，人数仍计在那里；不能再撤销",
                  "people whose rows were erased at their request still count at sessions or places of write {id}; "
                  "it can no longer be undone"), id=journal,
        )


def next_number(database: Database, table: str) -> int:
    """The number of a new row: one that neither a row has nor the journal still knows."""
    return 1 + int(database.one(
        f'SELECT MAX(COALESCE((SELECT MAX(id) FROM "{table}"), 0), '
        'COALESCE((SELECT MAX(k1) FROM journal_old WHERE "table" = ?), 0))', (table,),
    ))


def bury(database: Database, journal: int, table: str, number: int) -> None:
    """Keep the number of a row that is gone for good from being given to another: an import in another process may still mean it."""
    database.execute(
        'INSERT OR IGNORE INTO journal_old (journal, "table", k1, action, old) VALUES (?, ?, ?, ?, ?)',
        (journal, table, number, "gone", "{}"),
    )


def take_back(database: Database, journal: int) -> None:
    """Put every row back to what it was before one write. Inside a transaction, totals not included."""
    numbered = [t for t in journalled_tables(database) if key_of_table(database, t) == ("id",)]
    last = {t: database.one(f'SELECT MAX(id) FROM "{t}" WHERE journal = ?', (journal,)) for t in numbered}
    for table in journalled_tables(database):
        key = key_of_table(database, table)
        for column in _to_itself(database, table):
            # What this write let refer to its own rows (a delivery to the one that replaced it) gets its former content below.
            database.execute(
                f'UPDATE "{table}" SET "{column}" = NULL WHERE "{column}" IN (SELECT id FROM "{table}" WHERE journal = ?) '
                'AND id IN (SELECT k1 FROM journal_old WHERE journal = ? AND "table" = ?)', (journal, journal, table),
            )
        on = " AND ".join(f'o.{n} = "{table}"."{k}"' for k, n in zip(key, ("k1", "k2"), strict=False))
        database.execute(
            f'DELETE FROM "{table}" WHERE journal = ? AND NOT EXISTS (SELECT 1 FROM journal_old o '
            f'WHERE o.journal = ? AND o."table" = ? AND {on})', (journal, journal, table),
        )
    for table in reversed(journalled_tables(database)):
        olds = database.execute('SELECT old FROM journal_old WHERE journal = ? AND "table" = ?', (journal, table)).fetchall()
        for (old,) in olds:
            row = json.loads(old)
            names = ", ".join(f'"{c}"' for c in row)
            sets = ", ".join(f'"{c}" = excluded."{c}"' for c in row)
            found = ", ".join(f'"{k}"' for k in key_of_table(database, table))
            database.execute(
                f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(row))}) '
                f"ON CONFLICT ({found}) DO UPDATE SET {sets}", tuple(row.values()),
            )
    database.execute("DELETE FROM journal_old WHERE journal = ?", (journal,))
    for table, number in last.items():
        if number is not None and not database.one(f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE id = ?)', (number,)):
            bury(database, journal, table, number)
