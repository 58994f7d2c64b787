"""Publish a database into a lake: one moment of it, complete or not at all, the same content always as the same files."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Literal, Protocol

import attrs

from commlms.core.errors import LakeError
from commlms.core.labels import Label
from commlms.core.policies import policy_data
from commlms.core.records import Record
from commlms.core.registry import Registry
from commlms.host import Host
from commlms.lake.contents import Contents
from commlms.lake.files import Lake, arrow
from commlms.lake.layout import CURRENT, LakeFile, LakeTable, Manifest
from commlms.lake.numbering import content_digest, numbering
from commlms.lake.parquet import write_parts
from commlms.lake.pseudonyms import choose_key
from commlms.lake.selection import selections
from commlms.lake.shown import keep_shown
from commlms.measure.totals import Totals
from commlms.store.database import Database
from commlms.store.journal import Actor, count_entry, open_entry
from commlms.store.keys import fingerprint

#: The lowest level at which a home can be told.
HomeLevel = Literal["village", "township", "county"]


class Publisher(Protocol):
    """The services a database is published with; :class:`commlms.LMS` is one."""

    host: Host
    database: Database
    totals: Totals
    records: dict[str, Record]
    actor: Actor
    reason: str

    @property
    def registry(self) -> Registry:
        """Everything declared."""

    @property
    def invented(self) -> bool:
        """Whether the data are invented."""


@attrs.frozen
class Publication:
    """What was published, and how many files were written, were there already, and were deleted as no longer named."""

    manifest: Manifest
    written: int
    unchanged: int
    deleted: int

    @property
    def rows(self) -> int:
        """How many rows were published."""
        return sum(t.rows for t in self.manifest.tables.values())


def publish(
    lms: Publisher, url: str | os.PathLike[str], *, level: HomeLevel = "village", keys: list[bytes] | None = None,
) -> Publication:
    """Publish a database into the lake at a folder or address (``s3://bucket/path``); homes are told down to ``level``.

    A reader sees the former publication or this one, never a part; what this one does not name is deleted after it. Under
    ``keys`` (those of the lake key file if None) people have pseudonyms. Raises :class:`LakeError` where the lake cannot be
    written, is under another key, or has another database of this uid, and where another publication of this database runs.
    """
    if lms.database.in_host_transaction:
        raise LakeError(Label("请先提交事务，再发布", "commit the open transaction, then publish"))
    lake = Lake.at(url)
    with _in_words(lake), _alone(lms.database):
        others = lake.manifests()
        mark = _mark(lms.database)
        _check_ours(lms.database.uid, mark, others.get(lms.database.uid))
        key = choose_key(lms.database, {m.key for m in others.values()}, keys)
        uid = lms.database.uid
        with lake.spool(uid) as spool:
            writing = _Writing(lake, uid, spool)
            with _at_one_moment(lms):
                manifest = writing.database(lms, level, key, mark)
            writing.name(manifest)
        deleted = lake.sweep(uid, manifest.paths | {manifest.name, CURRENT})
    done = Publication(manifest, writing.written, writing.unchanged, deleted)
    with lms.database.transaction():
        journal = open_entry(lms.database, lms.actor, lms.reason, "publish", "", file=lake.address)
        count_entry(lms.database, journal, read=done.rows, new=done.written, unchanged=done.unchanged, changed=deleted)
    return done


class _Writing:
    """The files of one publication, on their way into the lake."""

    def __init__(self, lake: Lake, uid: str, spool: Path) -> None:
        self.lake, self.uid, self.spool = lake, uid, spool
        self.written = self.unchanged = 0

    def database(self, lms: Publisher, level: str, key: bytes, mark: str) -> Manifest:
        """Every table of one moment; gives the manifest that names them."""
        database = lms.database
        contents = Contents.of(lms.totals, lms.registry, lms.records, level)
        with numbering(database, contents, key, same := lms.totals.sameness) as names:
            years = keep_shown(lms.totals, contents, lms.records, lms.registry.metrics.values(), names.geography)
            tables = {}
            for selection in selections(contents, self.uid, same):
                files = []
                for made in write_parts(database, selection, names, self.spool):
                    self._bring(made.file, made.spooled)
                    files.append(made.file)
                tables[selection.table.name] = LakeTable(selection.table.columns, tuple(sorted(files, key=lambda f: f.path)))
            return Manifest(
                uid=self.uid, lake=mark, key=fingerprint(key), level=level, commlms=version("commlms"), day=_last_day(database),
                invented=lms.invented, schema=dict(database.execute("SELECT record, version FROM declaration").fetchall()),
                plugins={p.name: p.version for p in lms.host.found if p.name in lms.host.names},
                packs={p.key: content_digest(policy_data(p)) for p in lms.registry.policies.values()},
                measures=contents.listed(), years=tuple(years), learners=len(names.pseudonyms), unmatched=names.unmatched, tables=tables,
                empty=tuple(r for r in contents.only_shown if lms.totals.is_empty(contents.records[r])),
            )

    def _bring(self, file: LakeFile, spooled: Path) -> None:
        path = f"{self.uid}/{file.path}"
        if self.lake.sound(path, file):
            self.unchanged += 1
        else:
            self.lake.put(path, spooled)
            self.written += 1

    def name(self, manifest: Manifest) -> None:
        """Bring the manifest in, then CURRENT, which is the moment of publication."""
        text = manifest.to_json().encode()
        if self.lake.read(f"{self.uid}/{manifest.name}") != text:
            self.lake.write(f"{self.uid}/{manifest.name}", text, self.spool)
        if self.lake.read(f"{self.uid}/{CURRENT}") != manifest.name.encode():
            self.lake.write(f"{self.uid}/{CURRENT}", manifest.name.encode(), self.spool)


@contextmanager
def _at_one_moment(lms: Publisher) -> Iterator[None]:
    """Reads that all see one moment at which no check-in waits to be counted."""
    while True:
        lms.totals.fold()
        with lms.database.snapshot():
            if not lms.database.one("SELECT EXISTS (SELECT 1 FROM pending)"):
                with _little_cache(lms.database):
                    yield
                return


@contextmanager
def _little_cache(database: Database) -> Iterator[None]:
    """Sorting takes as much memory as the cache may have; every row is read once, so a small one does."""
    usual = database.one("PRAGMA cache_size")
    database.execute("PRAGMA cache_size=-16000")
    try:
        yield
    finally:
        database.execute(f"PRAGMA cache_size={usual:d}")


def _last_day(database: Database) -> str:
    """The day of the last write; publishing is none."""
    return str(database.one("SELECT MAX(at) FROM journal WHERE action <> 'publish'") or "")[:10]


def _mark(database: Database) -> str:
    """What tells this database from another one with the same uid; made when it publishes first."""
    if database.meta("lake") is None:
        with database.transaction():
            if database.meta("lake") is None:
                database.set_meta("lake", secrets.token_hex(8))
    return database.meta("lake") or ""


def _check_ours(uid: str, mark: str, there: Manifest | None) -> None:
    if there is not None and there.lake != mark:
        raise LakeError(Label(
            "湖里已有另一个编号为 {uid} 的库；请发布到别处，或先删去湖里的文件夹 {uid}",
            "another database of the uid {uid} is in this lake already; publish elsewhere, or delete the folder {uid} of the lake first",
        ), uid=uid)


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """No second publication of the same database: it would take the first one's files for leftovers.

    The lock is a lock of an empty SQLite file beside the database, which ends with the process that holds it.
    """
    file = next((row[2] for row in database.execute("PRAGMA database_list") if row[1] == "main"), "")
    lock = sqlite3.connect(f"{file}-publish" if file else ":memory:", timeout=0, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            raise LakeError(Label(
                "这个库正在发布；请等它结束", "this database is being published already; wait until that has ended"
            )) from None
        yield
    finally:
        lock.close()


@contextmanager
def _in_words(lake: Lake) -> Iterator[None]:
    """What goes wrong with files and stores, as one sentence."""
    try:
        yield
    except (OSError, arrow("lib").ArrowException) as error:
        why = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        raise LakeError(Label(
            "数据湖 {address} 写不进去（{why}）；以前发布的内容没有变", "the lake {address} cannot be written ({why}); "
            "what was published before is as it was",
        ), address=lake.address, why=why) from error
