"""The engine that needs nothing but SQLite and a Parquet reader, and the choice of another one by name."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from commlms.core.engines import Cell, Engine, ParquetTable
from commlms.core.errors import LakeError, UnknownName
from commlms.core.labels import Label
from commlms.measure.compile import identifier

#: Rows read from a file at a time: bounds memory, whatever a file holds.
BATCH = 50_000
NO_PYARROW = Label("数据湖需要 pyarrow；请运行 pip install 'commlms[lake]'", "a lake needs pyarrow; run pip install 'commlms[lake]'")
_SQL_TYPES = {"int64": "INTEGER", "string": "TEXT"}


def engine_named(name: str, options: Mapping[str, str], provide: Callable[[str, Mapping[str, str]], Engine | None]) -> Engine:
    """The engine of a name: SQLite, or what the first plugin gives for it; raises :class:`UnknownName`."""
    if name == SQLiteEngine.name:
        if "master" in options:
            raise LakeError(Label(
                "引擎 sqlite 就在这里运行；--master 只用于 spark",
                "the engine sqlite runs here; leave --master out, or ask for --engine spark"))
        return SQLiteEngine()
    found = provide(name, options)
    if found is None:
        raise UnknownName(what=Label("引擎", "engine"), name=name, hint=Label(
            "不装插件时只有 sqlite；commlms plugins 列出插件，duckdb 和 spark 来自插件 engines",
            "without plugins there is sqlite; 'commlms plugins' lists them, duckdb and spark come from the plugin engines"))
    return found


class SQLiteEngine:
    """Copies the rows it is asked for into a SQLite file of its own, which goes when it is closed."""

    name = "sqlite"

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="commlms-", ignore_cleanup_errors=True)
        self._connection = sqlite3.connect(Path(self._folder.name) / "lake.db", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-64000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._read: dict[str, set[str]] = {}

    def load(self, tables: Mapping[str, ParquetTable], views: Mapping[str, str]) -> None:
        """Copy the files not yet copied; a table that holds rows of other files is made anew."""
        for name, table in tables.items():
            read = self._read.get(name)
            if read is None or not read <= set(table.files):
                self._connection.execute(f"DROP TABLE IF EXISTS {identifier(name)}")
                self._connection.execute(_create_sql(name, table))
                read = self._read[name] = set()
            for file in table.files:
                if file not in read:
                    self._copy(name, table, file)
                    read.add(file)
        for name, table in tables.items():
            if table.key and not _rowid(table):
                keys = ", ".join(map(identifier, table.key))
                self._connection.execute(f"CREATE INDEX IF NOT EXISTS {identifier(f'{name}_key')} ON {identifier(name)} ({keys})")
        for name, sql in views.items():
            self._connection.execute(f"CREATE VIEW IF NOT EXISTS {identifier(name)} AS {sql}")
        self._connection.execute("ANALYZE")

    def _copy(self, name: str, table: ParquetTable, file: str) -> None:
        marks = ", ".join("?" * len(table.columns))
        self._connection.execute("BEGIN")
        for columns in parquet_batches(file, table.names):
            self._connection.executemany(f"INSERT INTO {identifier(name)} VALUES ({marks})", zip(*columns, strict=True))
        self._connection.execute("COMMIT")

    def execute(self, sql: str) -> Sequence[Sequence[Cell]]:
        """The rows that a statement gives."""
        return self._connection.execute(sql).fetchall()

    def close(self) -> None:
        """Close and remove the file."""
        self._connection.close()
        self._folder.cleanup()


def _rowid(table: ParquetTable) -> bool:
    """Whether the key is one number, by which SQLite clusters the rows themselves."""
    return len(table.key) == 1 and dict(table.columns)[table.key[0]] == "int64" and table.key[0] == "id"


def _create_sql(name: str, table: ParquetTable) -> str:
    key = " PRIMARY KEY" if _rowid(table) else ""
    columns = (f"{identifier(n)} {_SQL_TYPES[kind]}{key if n == 'id' else ''}" for n, kind in table.columns)
    return f"CREATE TABLE {identifier(name)} ({', '.join(columns)}) STRICT"


def parquet_batches(file: str, names: Sequence[str]) -> Iterator[list[list[Any]]]:
    """A Parquet file in batches of at most 50,000 rows, each as one list of values a column; NULLs for a column it lacks.

    ``file`` is a path or a URL. Raises :class:`LakeError` without pyarrow, FileNotFoundError where there is no such file.
    """
    try:
        from pyarrow import fs, parquet
    except ImportError:
        raise LakeError(NO_PYARROW) from None
    system, path = fs.FileSystem.from_uri(file) if "://" in file else (fs.LocalFileSystem(), file)
    with system.open_input_file(path) as opened:
        source = parquet.ParquetFile(opened)
        there = [n for n in names if n in source.schema_arrow.names]
        for batch in source.iter_batches(batch_size=BATCH, columns=there):
            found = dict(zip(there, (column.to_pylist() for column in batch.columns), strict=True))
            yield [found.get(n) or [None] * batch.num_rows for n in names]
