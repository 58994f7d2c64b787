"""DuckDB: in this process, on every core, reading only the columns and row groups that a statement needs."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from commlms import Label, LakeError, ParquetTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TYPES = {"int64": "BIGINT", "string": "VARCHAR"}


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class DuckDBEngine:
    """A connection in memory; what does not fit spills into a folder of its own, which goes when it is closed."""

    name = "duckdb"

    def __init__(self, options: Mapping[str, str] | None = None) -> None:
        self.options = options or {}
        self._connection: DuckDBPyConnection | None = None
        self._spill = tempfile.TemporaryDirectory(prefix="commlms-", ignore_cleanup_errors=True)

    @property
    def connection(self) -> DuckDBPyConnection:
        """The connection, made at the first use; raises :class:`commlms.LakeError` without the extra."""
        if self._connection is None:
            if "master" in self.options:
                raise LakeError(Label(
                    "引擎 duckdb 就在这里运行；--master 只用于 spark",
                    "the engine duckdb runs here; leave --master out, or ask for --engine spark"))
            try:
                import duckdb
            except ImportError:
                raise LakeError(Label(
                    "没有安装 DuckDB；请运行 pip install 'commlms[duckdb]'", "DuckDB is not installed; run pip install 'commlms[duckdb]'",
                )) from None
            self._connection = duckdb.connect(":memory:", config={
                "temp_directory": self._spill.name, "autoinstall_known_extensions": "false",
            })
            # Nothing is read in order, so no memory is spent on keeping one.
            self._connection.execute("SET preserve_insertion_order = false")
        return self._connection

    def load(self, tables: Mapping[str, ParquetTable], views: Mapping[str, str]) -> None:
        """Make each table a view over its files: nothing is copied."""
        for name, table in tables.items():
            self.connection.execute(f"CREATE OR REPLACE VIEW {_identifier(name)} AS {self._select(name, table)}")
        for name, sql in views.items():
            self.connection.execute(f"CREATE OR REPLACE VIEW {_identifier(name)} AS {sql}")

    def _select(self, name: str, table: ParquetTable) -> str:
        """A SELECT over the files, with NULL for the columns that none of them has."""
        there, source = self._source(name, table)
        columns = ", ".join(
            f"CAST({_identifier(n) if n in there else 'NULL'} AS {_TYPES[kind]}) AS {_identifier(n)}" for n, kind in table.columns
        )
        return f"SELECT {columns} FROM {source}" if source else f"SELECT {columns} WHERE 1 = 0"

    def _source(self, name: str, table: ParquetTable) -> tuple[set[str], str]:
        if not table.files:
            return set(), ""
        if any("://" in f for f in table.files):
            dataset = _dataset(table.files)
            self.connection.register(f"files of {name}", dataset)
            return set(dataset.schema.names), _identifier(f"files of {name}")
        files = ", ".join(map(_text, table.files))
        source = f"read_parquet([{files}], union_by_name = true, hive_partitioning = false)"
        there = {str(row[0]) for row in self.connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        return there, source

    def execute(self, sql: str) -> Sequence[Sequence[int | str | None]]:
        """The rows that a statement gives."""
        return self.connection.execute(sql).fetchall()

    def close(self) -> None:
        """Close the connection and remove what was spilled."""
        if self._connection is not None:
            self._connection.close()
        self._spill.cleanup()


def _dataset(urls: Sequence[str]) -> Any:
    """The files of an object store as one dataset: pyarrow knows how to reach it, DuckDB reads what it needs of them."""
    import pyarrow
    from pyarrow import dataset, fs

    system, _ = fs.FileSystem.from_uri(urls[0])
    parts = [dataset.dataset(fs.FileSystem.from_uri(u)[1], filesystem=system, format="parquet") for u in urls]
    schema = pyarrow.unify_schemas([p.schema for p in parts])
    return dataset.dataset([p.replace_schema(schema) for p in parts])
