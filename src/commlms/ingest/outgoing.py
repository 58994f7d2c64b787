"""Tables that an import reads: blank ones with a line of examples, and the rows of a record as they are stored.

``commlms.write_table`` writes them to a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from commlms.core.labels import Lang, default_lang
from commlms.core.records import Field, Record
from commlms.core.registry import Registry
from commlms.ingest.columns import header_word
from commlms.store.describe import describe_records
from commlms.store.tables import Tables, shown_fields


@attrs.frozen
class Outgoing:
    """The tables of every record of one database, for ``write_table``. A record is named by key or class."""

    tables: Tables
    find: Callable[[str | type], Record]
    registry: Registry

    def template(self, record: str | type) -> list[list[str]]:
        """A blank table: the header, and a line of examples that begins with 例 and is never counted."""
        fields = [f for f in self.find(record).fields if not f.host]
        heads = [header_word(f, self.tables.records) for f in fields]
        return [heads, ["例：" + _example(fields[0]), *(_example(f) for f in fields[1:])]]

    def export(self, record: str | type) -> Iterator[list[Any]]:
        """A record's rows as an import reads them, the header first."""
        return self._export(self.tables.record(record))

    def schema(self, record: str | type | None = None, lang: Lang | None = None) -> str:
        """A record (all of them if None) as Markdown: its fields, their kinds, and what is personal in them."""
        chosen = self.tables.records.values() if record is None else [self.find(record)]
        return describe_records(chosen, self.registry, lang or default_lang())

    def _export(self, declared: Record) -> Iterator[list[Any]]:
        fields = shown_fields(declared)
        yield [header_word(f, self.tables.records) for f in fields]
        for row in self.tables.rows(declared):
            cells = row.cells
            if not cells.get("code") and any(f.name == "code" for f in fields):
                cells = {**cells, "code": row.reference}
            yield [cells[f.name] for f in fields]


def _example(field: Field) -> str:
    return field.choices[0].label.zh if field.choices else field.kind.example
