"""What a shape makes of a sheet: flat tables, one row a fact, each row with where it stands on the paper."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from commlms.core.days import Period
from commlms.core.labels import Label
from commlms.core.text import cell_name
from commlms.ingest.provenance import Origin
from commlms.ingest.readers import Sheet


@attrs.frozen
class Skipped:
    """A line that is recognised and not counted: ``kind`` is example, total, signature, legend, note."""

    line: int
    kind: str


@attrs.frozen
class Told:
    """What was concluded and not written in the cell itself: the year from the title, a lunar day. Shown before anything lands."""

    cell: str
    what: Label


@attrs.frozen
class Part:
    """One flat table of a sheet.

    ``shape`` is a key of ``SHAPES``; ``record`` what its rows are: ``ledger``, ``attendance``, or a record's key. ``table``
    begins with a row of header words; a row's line there is its number. ``origins`` says where the rows of these numbers
    stand in the file, ``cells`` where single values do, by number and column; else the number is the line, and the column
    the column.
    """

    sheet: str
    shape: str
    record: str
    table: Sheet = attrs.field(repr=False)
    period: Period | None = None
    title: tuple[str, ...] = ()
    origins: Mapping[int, Origin] = attrs.field(factory=dict, repr=False)
    cells: Mapping[tuple[int, int], str] = attrs.field(factory=dict, repr=False)
    skipped: tuple[Skipped, ...] = ()
    told: tuple[Told, ...] = ()
    nil: bool = False

    def origin(self, number: int) -> Origin:
        """Where a row stands in the file."""
        return self.origins.get(number) or Origin(number, cell_name(0, number))

    def cell(self, number: int, column: int) -> str:
        """Where a value stands in the file."""
        return self.cells.get((number, column)) or cell_name(column, self.origin(number).line)
