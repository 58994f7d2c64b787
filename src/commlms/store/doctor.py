"""Is the database whole? Integrity, references, orphans, tables of absent plugins, pending migrations."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable

import attrs

from commlms.core.labels import Label
from commlms.core.records import Record
from commlms.store.archive import Archive
from commlms.store.database import DAMAGED, Database, damaged
from commlms.store.geography import place_faults
from commlms.store.sameness import sameness_faults
from commlms.store.schema import migrations, pending, stored_records


@attrs.frozen
class Finding:
    """One thing the doctor saw. ``bad`` findings make the command fail; the others are for information."""

    bad: bool
    label: Label


def examine(
    database: Database, owners: dict[str, list[Record]], plugins: set[str], archive: Archive | None = None
) -> list[Finding]:
    """Every finding, the bad ones first. What else a damaged file says is not to be believed, and not asked."""
    try:
        if damage := _damage(database):
            return [damage]
        if "declaration" not in database.tables():
            return [Finding(True, Label("这不是 commlms 数据库", "this is not a commlms database"))]
        found = [
            *_references(database), *_stateless(database), *_sameness(database), *_pending(database, owners),
            *_absent(database, owners, plugins), *_unfinished(database), *_kept(database, archive),
        ]
    except sqlite3.DatabaseError as error:
        if not (why := damaged(error)):
            raise
        return [_damaged(why)]
    return sorted(found, key=lambda f: not f.bad)


def _damage(database: Database) -> Finding | None:
    messages = [str(message) for (message,) in database.execute("PRAGMA integrity_check(1)")]
    return None if messages == ["ok"] else _damaged(" ".join(messages[0].split()))


def _damaged(why: str) -> Finding:
    return Finding(True, Label(*(DAMAGED.say(lang, why=why) for lang in ("zh", "en"))))


def _references(database: Database) -> Iterable[Finding]:
    """Rows that refer to nothing: how many by table and target, and the first by its key."""
    broken = Counter((table, target, key) for table, _, target, key in database.execute("PRAGMA foreign_key_check"))
    for (table, target, key), count in broken.items():
        held, named = next((r[3], r[4]) for r in database.execute(f'PRAGMA foreign_key_list("{table}")') if r[0] == key)
        names = [r[1] for r in database.execute(f'PRAGMA table_info("{table}")') if r[5]] or ["rowid"]
        first = database.execute(
            f"""SELECT {", ".join(f't."{name}"' for name in names)} FROM "{table}" t WHERE t."{held}" IS NOT NULL """
            f"""AND NOT EXISTS (SELECT 1 FROM "{target}" x WHERE x."{named or 'rowid'}" = t."{held}")"""
        ).fetchone()
        which = ", ".join(f"{name} {value}" for name, value in zip(names, first or (), strict=False))
        yield Finding(True, Label(
            f"{table} 有 {count} 行引用了不存在的 {target}，第一行：{which}",
            f"{table}: {count} row(s) refer to a missing {target}, the first: {which}",
        ))


def _stateless(database: Database) -> Iterable[Finding]:
    for table in ("place", "learner"):
        count = database.one(f"SELECT COUNT(*) FROM {table} t WHERE NOT EXISTS (SELECT 1 FROM {table}_state s WHERE s.owner = t.id)")
        if count:
            yield Finding(True, Label(f"{table} 有 {count} 行没有任何状态", f"{count} {table} row(s) without any state"))
    yield from (Finding(True, fault) for fault in dict.fromkeys(place_faults(database)))


def _sameness(database: Database) -> Iterable[Finding]:
    """Decisions about who and what is one that contradict each other."""
    if database.tables() >= {"same_learner", "same_session"}:
        yield from (Finding(True, fault) for fault in sameness_faults(database))


def _pending(database: Database, owners: dict[str, list[Record]]) -> Iterable[Finding]:
    for step in pending(database, [migrations(name, records) for name, records in owners.items()]):
        yield Finding(True, Label(f"待迁移：{step}", f"pending migration: {step}"))


def _absent(database: Database, owners: dict[str, list[Record]], plugins: set[str]) -> Iterable[Finding]:
    loaded = {r.key for records in owners.values() for r in records}
    for key, (plugin, record) in stored_records(database).items():
        if key not in loaded:
            count = database.one(f'SELECT COUNT(*) FROM "{record.table}"')
            yield Finding(
                False,
                Label(
                    f"登记「{key}」（{count} 行）属于未加载的插件 {plugin}；照常维护",
                    f"record {key} ({count} rows) is of plugin {plugin}, which is not loaded; it is kept up",
                ),
            )
    measures = database.execute("SELECT plugin, COUNT(*) FROM measure GROUP BY plugin").fetchall()
    for plugin, count in measures:
        if plugin not in plugins and plugin != "commlms":
            yield Finding(
                False,
                Label(
                    f"插件 {plugin} 未加载；它的 {count} 项合计照常维护", f"plugin {plugin} is not loaded; its {count} total(s) are kept up"
                ),
            )


def _unfinished(database: Database) -> Iterable[Finding]:
    """Imports that broke off, unless the same file was imported to its end since."""
    left = database.execute(
        "SELECT id, file FROM journal j WHERE state = 'open' AND NOT EXISTS (SELECT 1 FROM journal d WHERE d.id > j.id "
        "AND d.state = 'done' AND d.action = j.action AND d.record = j.record AND d.file = j.file AND d.under = j.under)"
    )
    for journal, file in left:
        yield Finding(
            False,
            Label(
                f"导入 {journal}（{file}）没有完成；再导入一次该文件即可补完",
                f"import {journal} ({file}) did not finish; import the file again to finish it",
            ),
        )


def _kept(database: Database, archive: Archive | None) -> Iterable[Finding]:
    """What is wrong with the files that were taken; before its migration there is no index to ask."""
    if archive is not None and "archive" in database.tables():
        yield from (Finding(bad, label) for bad, label in archive.faults())
