"""The database file: opening it, its transactions, and what it says about itself."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database as SqliteUtils

from commlms.core.errors import StoreError
from commlms.core.labels import Label

#: Milliseconds a writer waits for another one before it gives up.
BUSY_TIMEOUT = 60_000
#: Seconds between two looks for the write lock; after how many with the lock a writer lets others go first, and for how long.
LOOK, LONG, PAUSE = 0.002, 0.05, 0.01
DAMAGED = Label(
    "数据库文件已损坏（{why}）；请从备份恢复，再运行 commlms doctor",
    "the database file is damaged ({why}); restore it from a backup, then run 'commlms doctor'",
)


def damaged(error: sqlite3.Error) -> str:
    """Why an error means that the file holds what it cannot hold; empty if it means something else.

    Python quotes the stored text when it cannot decode it, which may be anyone's name.
    """
    if str(error).startswith("Could not decode to UTF-8"):
        return "text is not UTF-8"
    return str(error) if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT else ""


def each(numbers: Iterable[int]) -> str:
    """A query of these numbers. They are one text of the statement, so that any number of them fits."""
    return f"SELECT value FROM json_each('{list(numbers)}')"


class TakeBack(Exception):
    """Raised inside a transaction to take all of it back, and caught right outside: what was written was only to be seen."""


class Database:
    """One SQLite file in WAL mode, or a connection that an embedding program owns.

    A given connection must have ``foreign_keys`` on; inside its open transaction commlms uses
    savepoints and never commits.
    """

    def __init__(self, path: str | Path | None = None, connection: sqlite3.Connection | None = None) -> None:
        self.path = Path(path) if path is not None and str(path) != ":memory:" else None
        self.owns = connection is None
        self.connection = connection or _connect(path)
        if not self.connection.execute("PRAGMA foreign_keys").fetchone()[0]:
            raise StoreError(Label(
                "连接没有打开外键检查；请先执行 PRAGMA foreign_keys=ON",
                "the connection has foreign keys off; run PRAGMA foreign_keys=ON first",
            ))
        self.utils = SqliteUtils(self.connection, execute_plugins=False, strict=True)
        self.depth = 0
        self.in_snapshot = False
        #: Why nothing may be written here; None where it may.
        self.refusal: Label | None = None

    def execute(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Cursor:
        """Run one statement; no transaction is left open that was not open before, unless it is asked for."""
        return self._settled(self.connection.execute, sql, values)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        """Run one statement for many rows, under the same rule."""
        return self._settled(self.connection.executemany, sql, rows)

    def _settled(self, run: Callable[..., sqlite3.Cursor], sql: str, values: object) -> sqlite3.Cursor:
        """A host's connection may begin transactions by itself before a write (isolation_level ''): end those here.

        Left open, our next transaction would be taken for a part of the host's and never be committed.
        """
        before = self.connection.in_transaction
        cursor = run(sql, values)
        if not before and self.connection.in_transaction and not sql.startswith(("BEGIN", "SAVEPOINT")):
            self.connection.execute("COMMIT")
        return cursor

    def one(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.connection.execute(sql, values).fetchone()
        return None if row is None else row[0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. The outermost takes the write lock at once, or a savepoint in a host's transaction."""
        self.check_writable()
        nested = self.depth > 0 or self.connection.in_transaction
        name = f"commlms_{self.depth}"
        if nested:
            self.execute(f"SAVEPOINT {name}")
        else:
            self._lock()
        locked = time.monotonic()
        self.depth += 1
        try:
            yield
        except BaseException:
            self.depth -= 1
            if self.connection.in_transaction:
                self.execute(f"ROLLBACK TO {name}" if nested else "ROLLBACK")
                if nested:
                    self.execute(f"RELEASE {name}")
            raise
        self.depth -= 1
        self.execute(f"RELEASE {name}" if nested else "COMMIT")
        if not nested and time.monotonic() - locked > LONG:
            time.sleep(PAUSE)

    def check_writable(self) -> None:
        """Raise :class:`StoreError` where nothing may be written."""
        if self.refusal is not None:
            raise StoreError(self.refusal)

    def _lock(self) -> None:
        """Take the write lock, looking for it often: SQLite's own looks grow rare, and would miss the pause between two batches.

        On a host's connection the host's patience holds.
        """
        if not self.owns:
            self.execute("BEGIN IMMEDIATE")
            return
        self.connection.execute("PRAGMA busy_timeout=0")
        try:
            _patiently(lambda: self.connection.execute("BEGIN IMMEDIATE"))
        finally:
            self.connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads that all see one moment."""
        if self.depth or self.connection.in_transaction:
            yield
            return
        self.execute("BEGIN")
        self.in_snapshot = True
        try:
            yield
        finally:
            self.in_snapshot = False
            self.execute("COMMIT")

    @property
    def reads_settled(self) -> bool:
        """Whether what is read now is committed: no transaction is open, or only a snapshot, which writes nothing."""
        return self.in_snapshot or not self.connection.in_transaction

    @property
    def version(self) -> int:
        """Another number whenever another connection has written since it was asked last."""
        return int(self.one("PRAGMA data_version"))

    @property
    def in_host_transaction(self) -> bool:
        """Whether an embedding program's own transaction is open."""
        return self.depth == 0 and self.connection.in_transaction

    def tables(self) -> set[str]:
        """The names of the tables there are."""
        return {r[0] for r in self.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns, in order; empty where there is no such table."""
        return [r[1] for r in self.execute(f'PRAGMA table_info("{table}")')]

    def meta(self, key: str) -> str | None:
        """A saying of the database about itself: ``uid``, ``invented``, ``key``."""
        found = self.one("SELECT value FROM meta WHERE key = ?", (key,))
        return None if found is None else str(found)

    def set_meta(self, key: str, value: str) -> None:
        """Store such a saying."""
        self.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (key, value))

    @property
    def file(self) -> Path | None:
        """The file it is in, that of a host's connection too; None for a database in memory."""
        name = next(file for _, schema, file in self.execute("PRAGMA database_list") if schema == "main")
        return Path(name) if name else None

    @property
    def uid(self) -> str:
        """Four letters that tell this database from others in references like ``#17.k7f3``."""
        return self.meta("uid") or ""

    def close(self) -> None:
        """Close the connection if it is ours."""
        if self.owns:
            self.connection.close()


def _connect(path: str | Path | None) -> sqlite3.Connection:
    if str(path or ":memory:") != ":memory:":
        # The names of a city are not for every account of the machine; SQLite makes its files beside it as open as this one.
        with contextlib.suppress(OSError):
            os.close(os.open(str(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o660))
    connection = sqlite3.connect(
        str(path or ":memory:"), timeout=BUSY_TIMEOUT / 1000, isolation_level=None, check_same_thread=False,
    )
    try:
        # SQLite does not wait by itself while another process is making the same file.
        _patiently(lambda: connection.execute("PRAGMA journal_mode=WAL"))
    except sqlite3.DatabaseError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_NOTADB:
            raise  # locked, read-only or damaged, which says so itself
        raise StoreError(Label(
            "{path} 不是 commlms 数据库", "{path} is not a commlms database"), path=Path(str(path)).name) from None
    for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "cache_size=-64000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def holds_ours(path: Path) -> bool:
    """Whether a file holds a commlms database, or cannot be read at all, which opening it says better."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        try:
            return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'declaration'").fetchone() is not None
        except sqlite3.DatabaseError:
            return True


def _patiently(act: Callable[[], object]) -> None:
    """Do what another process may be in the way of, again and again for as long as a writer waits."""
    patience = time.monotonic() + BUSY_TIMEOUT / 1000
    while True:
        try:
            act()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                raise
        time.sleep(LOOK)


def new_uid() -> str:
    """Four random letters and digits without look-alikes."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4))


def now() -> str:
    """The present moment as an ISO text in UTC, to the second."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
