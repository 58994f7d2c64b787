"""What an engine is: something that reads Parquet files as tables and answers the statements that figures are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import attrs

#: What a cell can be: a whole number, a text, or nothing.
Cell = int | str | None
ColumnType = Literal["int64", "string"]


@attrs.frozen
class ParquetTable:
    """A table as an engine is to read it: its columns with their types, and its files (local paths or URLs).

    A file may lack a column, which is NULL for its rows then; a table may have no file. ``key`` are the columns that
    others are joined by: an engine that keeps rows of its own may put an index on them.
    """

    columns: tuple[tuple[str, ColumnType], ...]
    files: tuple[str, ...] = ()
    key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its columns' names, in order."""
        return tuple(name for name, _ in self.columns)


class Engine(Protocol):
    """Reads tables and answers statements in the portable subset of SQL; one engine serves one open lake.

    A failure is an exception of the engine's own; what is missing on this machine (an extra, Java) a
    :class:`commlms.CommLMSError` that says what to install.
    """

    name: str

    def load(self, tables: Mapping[str, ParquetTable], views: Mapping[str, str]) -> None:
        """Let each table be read under its name, and each view, a SELECT over tables, under its own.

        Called again where other files are needed; what is no longer named may stay, if every row of it would be counted.
        """

    def execute(self, sql: str) -> Sequence[Sequence[Cell]]:
        """The rows that a statement gives."""

    def close(self) -> None:
        """Give back whatever the engine holds: files, memory, a connection to a cluster."""
