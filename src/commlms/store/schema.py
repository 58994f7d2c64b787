"""Tables out of declarations. ``since`` of a field is its migration; one migration set per plugin."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database as SqliteUtils
from sqlite_utils import Migrations

from commlms.core.days import NEVER
from commlms.core.kinds import KINDS
from commlms.core.labels import Label
from commlms.core.records import Choice, Field, Record
from commlms.store.database import Database, new_uid

_OWN_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, action TEXT NOT NULL,
    record TEXT NOT NULL, file TEXT NOT NULL DEFAULT '', under TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'done', read INTEGER NOT NULL DEFAULT 0, new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0, not_counted INTEGER NOT NULL DEFAULT 0,
    erased INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE journal_old (
    journal INTEGER NOT NULL REFERENCES journal(id), "table" TEXT NOT NULL, k1 INTEGER NOT NULL,
    k2 INTEGER NOT NULL DEFAULT 0, action TEXT NOT NULL, old TEXT NOT NULL,
    PRIMARY KEY (journal, "table", k1, k2)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_old_row ON journal_old ("table", k1, k2);
CREATE TABLE declaration (
    record TEXT PRIMARY KEY, plugin TEXT NOT NULL, version INTEGER NOT NULL, text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE measure ("column" TEXT PRIMARY KEY, plugin TEXT NOT NULL, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE total (place INTEGER NOT NULL, year INTEGER NOT NULL, PRIMARY KEY (place, year)) STRICT, WITHOUT ROWID;
CREATE TABLE settled (place INTEGER NOT NULL, year INTEGER NOT NULL, PRIMARY KEY (place, year)) STRICT, WITHOUT ROWID;
CREATE TABLE word (
    vocabulary TEXT NOT NULL, word TEXT NOT NULL, stored TEXT NOT NULL, PRIMARY KEY (vocabulary, word)
) STRICT, WITHOUT ROWID;
CREATE TABLE erased_visit (session INTEGER PRIMARY KEY, persons INTEGER NOT NULL) STRICT;
CREATE TABLE pending (learner INTEGER NOT NULL, session INTEGER NOT NULL, PRIMARY KEY (learner, session))
    STRICT, WITHOUT ROWID;
"""

#: Which row of which delivery each kept row is from. ``made``: 1 if a delivery of its chain made it, 0 if it stood before.
_DELIVERED = """
CREATE TABLE delivered (
    id INTEGER PRIMARY KEY, delivery INTEGER NOT NULL REFERENCES delivery(id), sheet TEXT NOT NULL, line INTEGER NOT NULL,
    cell TEXT NOT NULL, "table" TEXT NOT NULL, k1 INTEGER NOT NULL, k2 INTEGER NOT NULL DEFAULT 0, made INTEGER NOT NULL,
    journal INTEGER NOT NULL REFERENCES journal(id)
) STRICT;
CREATE UNIQUE INDEX delivered_delivery ON delivered (delivery, "table", k1, k2, sheet, line, cell);
CREATE INDEX delivered_row ON delivered ("table", k1, k2);
ALTER TABLE journal ADD COLUMN unnamed INTEGER NOT NULL DEFAULT 0;
"""

#: Every file that was taken, kept sealed beside the database under the name ``digest``. Days as integers; ``purged``: when it was deleted.
_ARCHIVE = """
CREATE TABLE archive (
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, taken TEXT NOT NULL,
    actor TEXT NOT NULL, sender INTEGER, shape TEXT NOT NULL, until INTEGER NOT NULL, purged INTEGER,
    journal INTEGER NOT NULL REFERENCES journal(id)
) STRICT;
CREATE UNIQUE INDEX archive_digest ON archive (digest) WHERE purged IS NULL;
"""

#: How surely a learner is known to be one person. Computed when read and no column of the record: rows, exports and the
#: journal are without it.
_STRENGTH = """
ALTER TABLE learner ADD COLUMN strength TEXT GENERATED ALWAYS AS (
    CASE WHEN id_number_digest IS NOT NULL THEN 'card' WHEN born_first = born_last THEN 'birth_date'
    WHEN born_first IS NOT NULL THEN 'birth_year' ELSE 'weak' END
) VIRTUAL;
"""


def column_sql(record: Record, field: Field) -> list[tuple[str, str]]:
    """A field's columns as (name, definition). Identity columns are never NULL: blank is '' or 0."""
    in_identity = field.name in record.identity and len(record.identity) > 1 and not field.dated
    made = []
    for name, (_, sql_type) in zip(field.columns, field.kind.columns, strict=True):
        parts = [sql_type]
        if in_identity and not field.target:
            parts.append("NOT NULL DEFAULT ''" if sql_type == "TEXT" else "NOT NULL DEFAULT 0")
        elif in_identity:
            parts.append("NOT NULL")
        if field.target:
            parts.append(f'REFERENCES "{field.target.replace(".", "_")}"(id)')
        made.append((name, " ".join(parts)))
    return made


def create_sql(record: Record) -> list[str]:
    """The statements that create a record's tables and indexes as of its first version."""
    first = tuple(f for f in record.plain if f.since == 1)
    columns = [] if record.paired else ["id INTEGER PRIMARY KEY"]
    columns += [f'"{name}" {definition}' for f in first for name, definition in column_sql(record, f)]
    columns += ["journal INTEGER NOT NULL REFERENCES journal(id)"]
    tail = "STRICT"
    if record.paired:
        columns.append(f"PRIMARY KEY ({_quoted(record.identity)})")
        tail = "STRICT, WITHOUT ROWID"
    statements = [f'CREATE TABLE "{record.table}" (\n    ' + ",\n    ".join(columns) + f"\n) {tail}"]
    statements += _index_sql(record, first)
    if record.dated:
        statements += _state_sql(record)
    return statements


def _index_sql(record: Record, fields: tuple[Field, ...]) -> Iterable[str]:
    table = record.table
    names = {f.name for f in fields}
    for i, key in enumerate(record.finders):
        if not names.issuperset(key) or (record.paired and key == record.identity):
            continue
        columns = record.key_columns(key)
        unique = "UNIQUE " if key in record.keys else ""
        there = "" if key == record.identity and len(key) > 1 else f' WHERE "{columns[0]}" IS NOT NULL' if unique else ""
        if there and key[0] in record.identity and not record.field(key[0]).required and len(record.identity) > 1:
            there += f""" AND "{columns[0]}" <> ''"""  # an identity's empty part is stored as an empty text
        yield f'CREATE {unique}INDEX "{table}_key{i}" ON "{table}" ({_quoted(columns)}){there}'
    for f in fields:
        if (f.target or f.name in record.indexed) and f.name != record.identity[0]:
            yield f'CREATE INDEX "{table}_{f.name}" ON "{table}" ("{f.name}")'


def _state_sql(record: Record) -> list[str]:
    table = record.state_table
    columns = [f'"{name}" {definition}' for f in record.dated for name, definition in column_sql(record, f)]
    indexed = [f.name for f in record.dated if f.target or f.name in record.identity]
    return [
        f'CREATE TABLE "{table}" (\n    owner INTEGER NOT NULL REFERENCES "{record.table}"(id),\n'
        f"    since INTEGER NOT NULL, until INTEGER NOT NULL DEFAULT {NEVER},\n    "
        + ",\n    ".join(columns)
        + ",\n    journal INTEGER NOT NULL REFERENCES journal(id),\n    PRIMARY KEY (owner, since)\n) STRICT, WITHOUT ROWID",
        *(f'CREATE INDEX "{table}_{name}" ON "{table}" ("{name}")' for name in indexed),
    ]


def add_sql(record: Record, version: int) -> list[str]:
    """The statements that add the fields of a later version."""
    statements = []
    for f in record.fields:
        if f.since != version or f.virtual:
            continue
        table = record.state_table if f.dated else record.table
        statements += [f'ALTER TABLE "{table}" ADD COLUMN "{n}" {definition}' for n, definition in column_sql(record, f)]
    return statements


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{n}"' for n in names)


def migrations(plugin: str, records: Iterable[Record]) -> Migrations:
    """The migration set of one plugin (``commlms`` for the core) over its records."""
    steps = Migrations(plugin)
    if plugin == "commlms":
        steps(name="own_tables")(_own_tables)
    for record in records:
        _add_steps(steps, plugin, record)
    if plugin == "commlms":
        steps(name="delivered")(_delivered)
        steps(name="archive")(_archive)
        steps(name="strength")(_strength)
    return steps


def _run(text: str, db: SqliteUtils) -> None:
    for statement in text.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)


def _delivered(db: SqliteUtils) -> None:
    _run(_DELIVERED, db)


def _archive(db: SqliteUtils) -> None:
    _run(_ARCHIVE, db)


def _strength(db: SqliteUtils) -> None:
    _run(_STRENGTH, db)


def _own_tables(db: SqliteUtils) -> None:
    _run(_OWN_TABLES, db)
    db.conn.execute("INSERT INTO meta VALUES ('uid', ?)", (new_uid(),))


def _add_steps(steps: Migrations, plugin: str, record: Record) -> None:
    def create(db: SqliteUtils) -> None:
        for statement in create_sql(record):
            db.conn.execute(statement)

    steps(name=f"{record.key}_1")(create)
    for version in range(2, record.version + 1):

        def extend(db: SqliteUtils, version: int = version) -> None:
            for statement in add_sql(record, version):
                db.conn.execute(statement)

        steps(name=f"{record.key}_{version}")(extend)


def pending(database: Database, sets: Iterable[Migrations]) -> list[str]:
    """The names of the migrations not yet applied, as ``set: step``."""
    return [f"{s.name}: {m.name}" for s in sets for m in s.pending(database.utils)]


def migrate(database: Database, owners: dict[str, list[Record]]) -> None:
    """Apply what is pending, core first, then plugins in name order, and store the declarations."""
    sets = [migrations(plugin, owners[plugin]) for plugin in sorted(owners, key=lambda p: (p != "commlms", p))]
    if not pending(database, sets) and _declared(database) >= _wanted(owners):
        return
    with database.transaction():
        for steps in sets:
            steps.apply(database.utils)
        for plugin, records in owners.items():
            for record in records:
                database.execute(
                    "INSERT INTO declaration VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                    "plugin = excluded.plugin, version = excluded.version, text = excluded.text",
                    (record.key, plugin, record.version, declaration_text(record)),
                )


def _declared(database: Database) -> set[tuple[str, str]]:
    if "declaration" not in database.tables():
        return set()
    return {(r[0], r[1]) for r in database.execute("SELECT record, text FROM declaration")}


def _wanted(owners: dict[str, list[Record]]) -> set[tuple[str, str]]:
    return {(r.key, declaration_text(r)) for records in owners.values() for r in records}


def declaration_text(record: Record) -> str:
    """A record's declaration as JSON: enough to keep, count, export and erase its rows without its plugin."""
    return json.dumps(
        {
            "key": record.key, "zh": record.label.zh, "en": record.label.en,
            "identity": record.identity, "also": record.also, "weak": record.weak, "bulk": record.bulk,
            "fields": [
                {
                    "name": f.name, "kind": f.kind.name, "zh": f.label.zh, "en": f.label.en, "required": f.required,
                    "tier": f.tier, "target": f.target, "dated": f.dated, "virtual": f.virtual, "since": f.since,
                    "host": f.host, "firm": f.firm, "open": f.open, "vocabulary": f.vocabulary,
                    "choices": [[c.key, c.label.zh, c.label.en] for c in f.choices],
                }
                for f in record.fields
            ],
        },
        ensure_ascii=False,
    )


def stored_records(database: Database) -> dict[str, tuple[str, Record]]:
    """Every declaration in the database, by key, with the plugin it came from."""
    found = database.execute("SELECT record, plugin, text FROM declaration ORDER BY record")
    return {key: (plugin, _read_declaration(json.loads(text))) for key, plugin, text in found}


def _read_declaration(saved: dict[str, Any]) -> Record:
    fields = tuple(
        Field(
            name=f["name"], label=Label(f["zh"], f["en"]), kind=KINDS[f["kind"]], required=f["required"],
            tier=f["tier"], target=f["target"], dated=f["dated"], virtual=f["virtual"], since=f["since"],
            host=f["host"], firm=f["firm"], open=f["open"], vocabulary=f["vocabulary"],
            choices=tuple(Choice(key, Label(zh, en)) for key, zh, en in f["choices"]),
        )
        for f in saved["fields"]
    )
    return Record(
        saved["key"], Label(saved["zh"], saved["en"]), fields, tuple(saved["identity"]),
        tuple(tuple(key) for key in saved["also"]), tuple(tuple(key) for key in saved["weak"]), saved["bulk"],
    )
