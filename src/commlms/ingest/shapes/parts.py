"""What a shape makes of a sheet: flat tables, one row a fact, each row with where it stands on the paper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import attrs

from commlms.core.days import Period
from commlms.core.labels import Label
from commlms.core.problems import Problem
from commlms.core.records import Record
from commlms.core.text import cell_name, key_of
from commlms.ingest.columns import Words, known_words
from commlms.ingest.importable import ONLY_IMPORTED
from commlms.ingest.provenance import Origin
from commlms.ingest.readers import Sheet
from commlms.ingest.shapes.words import HEADERS, LEAST_SURE

#: What a sheet can be.
SHAPES: dict[str, Label] = {
    "table": Label("表格", "table"),
    "ledger": Label("活动台账", "activity ledger"),
    "series": Label("系列活动表", "series of activities"),
    "sign_in": Label("签到表", "sign-in sheet"),
    "month_grid": Label("考勤表", "month grid"),
    "nil": Label("零报告", "nothing to report"),
}

#: Why a line is not counted.
SKIPPED: dict[str, Label] = {
    "example": Label("示例行", "example"),
    "total": Label("合计行", "total"),
    "signature": Label("签名、联系方式等", "signature or contact"),
    "legend": Label("图例", "legend"),
    "note": Label("说明", "note"),
    "section": Label("分段标题", "section heading"),
    "header": Label("重复的表头", "header again"),
    "blank": Label("只有序号", "serial number alone"),
    "absent": Label("没有出勤", "never present"),
    "nil": Label("写明无活动", "says nothing was held"),
}


@attrs.frozen
class Context:
    """What is known before a sheet is read. ``records`` by key; ``today`` as 20221125; ``year`` what ``--year`` says."""

    records: Mapping[str, Record] = attrs.field(repr=False)
    today: int
    year: int | None = None

    @cached_property
    def candidates(self) -> dict[str, Record]:
        """Every record a table can be of: the ledger and the attendance list first."""
        return {**ONLY_IMPORTED, **{k: r for k, r in self.records.items() if k not in ("session", "unmatched")}}

    @cached_property
    def words(self) -> dict[str, Words]:
        """By record, how sure every header word is and its path; the ledger's and the attendance list's with the words of paper."""
        records = dict(self.records)
        found: dict[str, Words] = {key: known_words(record, records) for key, record in self.candidates.items()}
        for key in ONLY_IMPORTED:
            known = found[key]
            paths = {label: known[key_of(word)][1] for label, word in HEADERS.items() if key_of(word) in known}
            found[key] = {key_of(label): (LEAST_SURE, path) for label, path in paths.items()} | dict(known)
        return found

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every header word of any record."""
        return frozenset(word for words in self.words.values() for word in words)


@attrs.frozen
class Skipped:
    """A line that is recognised and not counted: ``kind`` is a key of ``SKIPPED``."""

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

    ``shape`` is a key of ``SHAPES``; ``record`` what its rows are: ``ledger``, ``attendance``, a record's key, or nothing where
    the header does not tell. ``table`` begins with a row of header words; a row's line there is its number. ``origins`` says
    where the rows of these numbers stand in the file, ``cells`` where single values do, by number and column; else the number
    is the line, and the column the column. ``head`` are the lines of title and header, ``title`` and ``foot`` the texts above
    and below the table.
    """

    sheet: str
    shape: str
    record: str
    table: Sheet = attrs.field(repr=False)
    period: Period | None = None
    title: tuple[str, ...] = attrs.field(default=(), repr=False)
    foot: tuple[str, ...] = attrs.field(default=(), repr=False)
    head: tuple[int, ...] = ()
    origins: Mapping[int, Origin] = attrs.field(factory=dict, repr=False)
    cells: Mapping[tuple[int, int], str] = attrs.field(factory=dict, repr=False)
    skipped: tuple[Skipped, ...] = ()
    told: tuple[Told, ...] = ()
    nil: bool = False

    @property
    def conclusions(self) -> tuple[Told, ...]:
        """What a person is shown of it before it lands: what was concluded, then the lines that are not counted, and why."""
        whys = ((s.line, SKIPPED[s.kind]) for s in self.skipped)
        left = (Told(cell_name(0, line), Label(f"{why.zh}，不计", f"{why.en}, not counted")) for line, why in whys)
        return (*self.told, *left)

    def origin(self, number: int) -> Origin:
        """Where a row stands in the file."""
        return self.origins.get(number) or Origin(number, cell_name(0, number))

    def cell(self, number: int, column: int) -> str:
        """Where a value stands in the file."""
        return self.cells.get((number, column)) or cell_name(column, self.origin(number).line)


@attrs.frozen
class ShapedSheet:
    """What a sheet holds: its tables, and the problems of the whole sheet."""

    sheet: str
    parts: tuple[Part, ...] = ()
    problems: tuple[Problem, ...] = ()
