"""Blank tables: a header that an import recognises, and one line of examples."""

from __future__ import annotations

from commlms.core.records import Field, Record
from commlms.ingest.columns import header_word


def template_rows(record: Record, records: dict[str, Record]) -> list[list[str]]:
    """The header of a record and a line of examples; the example line begins with 例 and is never counted."""
    fields = [f for f in record.fields if not f.host]
    return [[header_word(f, records) for f in fields], ["例：" + _example(fields[0]), *(_example(f) for f in fields[1:])]]


def _example(field: Field) -> str:
    if field.choices:
        return field.choices[0].label.zh
    return field.kind.example
