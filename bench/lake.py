"""The rows of a database as Parquet files, for a peer that counts them: only the tables and columns its statements name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bench.city import connect

_CHUNK = 250_000


def publish(database: Path, folder: Path, asked: Iterable[str]) -> Path:
    """Write every table that the statements name; gives the folder."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(exist_ok=True)
    text = " ".join(asked)
    connection = connect(database)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if f'"{table}"' not in text:
            continue
        # table_xinfo names computed columns too.
        types = {r[1]: r[2] for r in connection.execute(f'PRAGMA table_xinfo("{table}")') if f'"{r[1]}"' in text}
        schema = pa.schema([(c, pa.int64() if t == "INTEGER" else pa.string()) for c, t in types.items()])
        names = ", ".join(f'"{c}"' for c in types)
        cursor = connection.execute(f'SELECT {names} FROM "{table}"')
        with pq.ParquetWriter(folder / f"{table}.parquet", schema) as writer:
            while chunk := cursor.fetchmany(_CHUNK):
                columns = [pa.array(c, type=t) for c, t in zip(zip(*chunk, strict=True), schema.types, strict=True)]
                writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    connection.close()
    return folder
