"""One part of a delivery to the store: landed by its record's own rules, its problems told by the cells of the paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from commlms.core.errors import CommLMSError
from commlms.core.labels import Label, Lang
from commlms.core.problems import Problem
from commlms.core.text import column_number, key_of
from commlms.ingest.attendance import ATTENDANCE, land_attendance
from commlms.ingest.columns import read_header
from commlms.ingest.importable import record_named
from commlms.ingest.ledger import LEDGER
from commlms.ingest.load import Importer, ImportOptions, ImportResult
from commlms.ingest.provenance import Provenance
from commlms.ingest.readers import Row, Sheet, in_blocks
from commlms.ingest.shapes.parts import Part
from commlms.store.database import each
from commlms.store.journal import COUNTS

_CELL = re.compile(r"^([A-Z]+)(\d+)$")
_LINE, _REASON = Label("原位置", "where it stands"), Label("问题", "problem")


@attrs.define
class PartLanding:
    """Lands one part inside the transaction and journal entry of its delivery."""

    importer: Importer
    part: Part
    file: str
    sender: int
    delivery: int
    result: ImportResult = attrs.field(init=False)
    counts: dict[str, int] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.result = ImportResult(self.part.record, self.file, sheet=self.part.sheet)

    def land(self, journal: int) -> dict[str, int]:
        """Land the part; gives its ``counts``, in which no line of the sheet is missing."""
        importer, part = self.importer, self.part
        record = record_named(part.record, importer.records)
        assert record is not None
        table = with_organiser(part.table, self._organisers()) if record is LEDGER else part.table
        header = read_header(table, record, importer.records, at_least=1)
        provenance = Provenance(importer.database, self.delivery, part.sheet, part.origin)
        options = ImportOptions(under=self.sender, action="take")
        self.result.header, self.result.table = header, table
        if record is ATTENDANCE:
            land_attendance(importer, table, header, options, self.result, journal, provenance)
        else:
            importer.within(record, table, header, options, self.result, journal, provenance)
        self.counts = {name: getattr(self.result, name) for name in COUNTS}
        self.counts["not_counted"] += len(part.skipped)
        self.counts["read"] = sum(1 for _ in table.rows()) - 1 + len(part.skipped)
        return self.counts

    def _organisers(self) -> list[str]:
        """The codes of the institutions at the sender's place, or else below it."""
        database, found = self.importer.database, self.importer.lookups(self.sender).own_institutions()
        return [str(code) for (code,) in database.execute(f"SELECT code FROM institution WHERE id IN ({each(found)})")]

    def problems(self) -> Iterator[Problem]:
        """What is wrong with its rows, with file and sheet, and the line and cell of the paper."""
        yield from map(self._placed, self.result.problems)

    def _placed(self, problem: Problem) -> Problem:
        values = dict(problem.values)
        if isinstance(other := values.get("line"), int):
            values["line"] = self.part.origin(other).line
        if match := _CELL.match(problem.cell):
            cell = self.part.cell(int(match[2]), column_number(match[1]))
        else:
            cell = problem.cell or self.part.origin(problem.line).cell
        line = self.part.origin(problem.line).line
        return attrs.evolve(problem, line=line, cell=cell, values=values, file=self.file, sheet=self.part.sheet)

    def rejects(self, lang: Lang) -> list[list[Any]]:
        """The header and the rows that have problems, as they were read, with where they stand and why; empty where there are none."""
        bad: dict[int, list[Problem]] = {}
        for p in self.result.problems:
            bad.setdefault(p.line, []).append(self._placed(p))
        table, header = self.result.table, self.result.header
        if not bad or table is None or header is None:
            return []
        head = next(row.cells for row in table.rows() if row.line == header.line)
        rows = [[*head, _LINE.say(lang), _REASON.say(lang)]]
        for row in table.rows():
            if row.line in bad:
                cells = [str(c) if isinstance(c, (list, dict)) else c for c in row.cells[: len(head)]]
                cells += [""] * (len(head) - len(cells))
                where = "、".join(dict.fromkeys(p.cell for p in bad[row.line]))
                rows.append([*cells, where, "；".join(p.label().say(lang) for p in bad[row.line])])
        return rows


def with_organiser(table: Sheet, organisers: Sequence[str]) -> Sheet:
    """A ledger with its sender's only institution as organiser of the rows that name none; ``organisers`` by their codes.

    Raises where the ledger has no such column, and the sender several institutions or none.
    """
    field, rows = LEDGER.field("institution"), list(table.rows())
    words = {key_of(w) for w in (field.label.zh, field.label.en, field.name, *field.aliases)}
    head = rows[0].cells
    at = next((i for i, c in enumerate(head) if isinstance(c, str) and key_of(c) in words), None)
    if len(organisers) != 1:
        if at is None:
            raise CommLMSError(Problem("no_organiser", values={"field": field.label, "count": len(organisers)}).label())
        return table
    at = max(len(r.cells) for r in rows) if at is None else at
    filled = [rows[0] if at < len(head) else Row(rows[0].line, _filled(head, at, field.label.zh))]
    filled += [r if _at(r.cells, at) else Row(r.line, _filled(r.cells, at, organisers[0])) for r in rows[1:]]
    return attrs.evolve(table, blocks=lambda: in_blocks(filled))


def _at(cells: Sequence[Any], at: int) -> str:
    return str(cells[at]).strip() if at < len(cells) else ""


def _filled(cells: Sequence[Any], at: int, value: str) -> list[Any]:
    return [*cells[:at], *[""] * (at - len(cells)), value, *cells[at + 1:]]
