"""Rows in order to Parquet files, one a part, in bounded memory: the same rows give the same bytes."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from commlms.lake.files import arrow
from commlms.lake.layout import LakeFile, Parts
from commlms.lake.numbering import Numbering
from commlms.lake.selection import Selection
from commlms.store.database import Database

#: Rows read at once, and rows of one row group: what is held in memory.
_BATCH, _GROUP = 32_768, 131_072


@attrs.frozen
class WrittenFile:
    """A finished file in the spool, and what it is to be in the lake."""

    file: LakeFile
    spooled: Path


def write_parts(database: Database, selection: Selection, names: Numbering, spool: Path) -> Iterator[WrittenFile]:
    """The rows of a table as files in the spool, one finished after the other."""
    schema = _schema(selection)
    writer: _Part | None = None
    cursor = database.execute(selection.sql)
    while rows := cursor.fetchmany(_BATCH):
        parts, *columns = zip(*rows, strict=True)
        start = 0
        while start < len(parts):
            part, end = parts[start], bisect_right(parts, parts[start], start)
            if writer is None or writer.part != part:
                if writer is not None:
                    yield writer.finished(selection, names)
                writer = _Part(part, spool / "part.parquet", schema)
            writer.add(_batch(schema, [c[start:end] for c in columns], selection, names))
            start = end
    if writer is not None:
        yield writer.finished(selection, names)


def _schema(selection: Selection) -> Any:
    pa = arrow()
    kinds = {"int64": pa.int64(), "string": pa.string()}
    return pa.schema([(name, kinds[kind]) for name, kind in selection.table.columns])


def _batch(schema: Any, columns: Sequence[Sequence[Any]], selection: Selection, names: Numbering) -> Any:
    pa = arrow()
    arrays = [
        names.pseudonyms.texts(values) if field.name in selection.people else pa.array(values, field.type)
        for field, values in zip(schema, columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def folder_of(part: int, parts: Parts, folders: Sequence[str]) -> str:
    """The folder of a part below its table's, with a slash behind it where there is one."""
    if parts == "facts":
        return f"county={folders[part // 10_000]}/year={part % 10_000:04d}/"
    return f"county={folders[part]}/" if parts == "persons" else ""


class _Part:
    """The file of one part while it is written: a row group at a time."""

    def __init__(self, part: int, path: Path, schema: Any) -> None:
        self.part, self.path, self.schema = part, path, schema
        self.rows = self._held = 0
        self._batches: list[Any] = []
        # The longest dictionary holds every pseudonym of a row group: sorted, each is then written once.
        self._writer = arrow("parquet").ParquetWriter(
            path, schema, compression="zstd", dictionary_pagesize_limit=16 << 20, write_statistics=True,
        )

    def add(self, batch: Any) -> None:
        self._batches.append(batch)
        self._held += batch.num_rows
        if self._held >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._batches:
            self._writer.write_table(arrow().Table.from_batches(self._batches, self.schema), row_group_size=1_000_000)
        self.rows += self._held
        self._held = 0
        self._batches.clear()

    def finished(self, selection: Selection, names: Numbering) -> WrittenFile:
        self._flush()
        self._writer.close()
        with self.path.open("rb") as file:
            full = hashlib.file_digest(file, "sha256").hexdigest()
        folder = folder_of(self.part, selection.table.parts, names.folders)
        path = f"{selection.table.name}/{folder}{full[:12]}.parquet"
        return WrittenFile(LakeFile(path, self.rows, self.path.stat().st_size, full), self.path)
