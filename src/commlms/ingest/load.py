"""An import from file to store: header, stage, checks, batches; fails closed, lands whole batches, can be run again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from commlms.core.errors import CommLMSError, FileRefused, RowsRefused
from commlms.core.kinds import Reading
from commlms.core.labels import Label
from commlms.core.problems import Objection, Problem
from commlms.core.programs import Session
from commlms.core.records import Record, record_of
from commlms.core.text import file_name
from commlms.ingest.attendance import ATTENDANCE, land_attendance
from commlms.ingest.columns import Header, HeaderError, read_header
from commlms.ingest.cycles import cycles
from commlms.ingest.importable import name_of
from commlms.ingest.landing import Landed, Landing
from commlms.ingest.ledger import LEDGER, Headcounts
from commlms.ingest.lookups import Lookups
from commlms.ingest.mapping import mapped
from commlms.ingest.matching import Matching
from commlms.ingest.pairs import PairLanding
from commlms.ingest.progress import WRITING, Progress, phase
from commlms.ingest.provenance import Provenance, note_stage
from commlms.ingest.readers import Row, Sheet, in_blocks, open_sheets
from commlms.ingest.rows import RowReader
from commlms.ingest.staging import Rows, Stage
from commlms.measure.totals import Totals
from commlms.store.database import Database, TakeBack
from commlms.store.journal import Actor, count_entry, open_entry

Checks = Callable[[Record, Rows], Iterable[Objection]]


@attrs.frozen
class ImportOptions:
    """How one import runs. ``columns`` is the folder of saved column maps; None reads by the header's own words alone."""

    under: int | None = None
    under_code: str = ""
    dry_run: bool = False
    strict: bool = False
    sheet: str | None = None
    progress: Progress | None = None
    action: str = "import"
    columns: Path | None = None


@attrs.define
class ImportResult:
    """What one import did: the numbers of its summary line, and every problem."""

    record: str
    file: str
    journal: int | None = None
    sheet: str = ""
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    held: int = 0
    unnamed: int = 0
    rejected: int = 0
    not_counted: int = 0
    unread_columns: tuple[str, ...] = ()
    unread_sheets: tuple[str, ...] = ()
    columns_from: str = ""
    problems: list[Problem] = attrs.field(factory=list, repr=False)
    header: Header | None = attrs.field(default=None, repr=False)
    table: Sheet | None = attrs.field(default=None, repr=False)

    def count(self, landed: Landed) -> None:
        """Add what a batch landed."""
        self.new += landed.new
        self.changed += landed.changed
        self.unchanged += landed.unchanged

    def tell(self, problems: Iterable[Problem], header: Header) -> None:
        """Keep the problems in the order of their lines, each with its cell, its file, and its sheet where there are several."""
        sheet = self.sheet if self.unread_sheets else ""
        self.problems = sorted((attrs.evolve(header.placed(p), file=self.file, sheet=sheet) for p in problems), key=lambda p: p.line)


class Importer:
    """Imports files and rows into one database."""

    def __init__(
        self, database: Database, records: dict[str, Record], totals: Totals, reading: Reading, actor: Actor,
        reason: str = "", checks: Checks | None = None, landed: Callable[[str, int, ImportResult], None] | None = None,
    ) -> None:
        self.database, self.records, self.totals = database, records, totals
        self.reading, self.actor, self.reason = reading, actor, reason
        self.checks, self.landed = checks, landed

    def file(self, record: Record, path: Path, options: ImportOptions) -> ImportResult:
        """Import one sheet of a file. Raises FileRefused or HeaderError, one clear sentence each."""
        sheets = open_sheets(path)
        chosen, header, columns = self._choose(record, path, sheets, options)
        others = tuple(s.name for s in sheets if s.name != chosen.name and any(True for _ in s.rows()))
        result = ImportResult(name_of(record), file_name(path.name), sheet=chosen.name, unread_sheets=others)
        result.columns_from = columns
        return self._run(record, chosen, header, options, result)

    def rows(self, record: Record, rows: list[dict[str, Any]], options: ImportOptions) -> ImportResult:
        """Import rows given by field name. Raises :class:`RowsRefused` where any has a problem."""
        if not rows:
            return ImportResult(record.key, "")
        names = list(dict.fromkeys(name for row in rows for name in row))
        for name in names:
            record.field(name.split("__")[0])
        sheet = Sheet("", False, lambda: in_blocks(self._given(names, rows)))
        header = read_header(sheet, record, self.records, at_least=1)
        result = ImportResult(record.key, "")
        self._run(record, sheet, header, attrs.evolve(options, strict=True), result)
        if result.problems:
            raise RowsRefused(tuple(result.problems), result.problems[0].label())
        return result

    def _given(self, names: list[str], rows: list[dict[str, Any]]) -> Iterator[Row]:
        """The rows as a sheet: the first one given is line 1."""
        yield Row(0, list(names))
        for i, row in enumerate(rows, start=1):
            yield Row(i, ["" if row.get(n) is None else row[n] for n in names])

    def _choose(self, record: Record, path: Path, sheets: list[Sheet], options: ImportOptions) -> tuple[Sheet, Header, str]:
        """The sheet to read, its header, and the file of columns it is read by."""
        name, file = options.sheet, file_name(path.name)
        if name is not None:
            found = next((s for s in sheets if s.name == name), None)
            if found is None:
                raise FileRefused(
                    Label("{file} 中没有工作表「{name}」；请选一个：{names}", "{file} has no sheet {name}; choose one of: {names}"),
                    file=file, name=name, names="、".join(s.name for s in sheets),
                )
            sheets = [found]
        failure: HeaderError | None = None
        where = Label(file, file)
        for sheet in sheets if name is not None else [s for s in sheets if not s.hidden]:
            try:
                renamed, columns = mapped(sheet, record, self.records, options.columns)
                return renamed, read_header(renamed, record, self.records), columns
            except HeaderError as error:
                if failure is None and len(sheets) > 1:
                    where = Label(f"{file}〔{sheet.name}〕", f"{file} [{sheet.name}]")
                failure = failure or error
                failure.values |= {"key": name_of(record)}
        assert failure is not None
        raise FileRefused(Label("{file}：{why}", "{file}: {why}"), file=where, why=Label(failure.say("zh"), failure.say("en")))

    def _run(self, record: Record, sheet: Sheet, header: Header, options: ImportOptions, result: ImportResult) -> ImportResult:
        self.database.check_writable()
        result.header, result.table, result.unread_columns = header, sheet, header.unread
        if record is ATTENDANCE:
            with _said():
                land_attendance(self, sheet, header, options, result, None, None)
            return result
        stage = Stage(self.database, record, self.records, header)
        try:
            self._check(stage, header, sheet, options, result)
            if not (options.strict and result.problems):
                self._land(stage, options, result)
        finally:
            stage.drop()
        return result

    def lookups(self, under: int | None) -> Lookups:
        """What cells that refer to something mean, below a place."""
        return Lookups(self.database, self.records, under, self.reading.today, self.totals.geography())

    def within(
        self, record: Record, sheet: Sheet, header: Header, options: ImportOptions, result: ImportResult, journal: int,
        provenance: Provenance,
    ) -> None:
        """Land a table inside the caller's transaction, as a part of its journal entry, and note where the rows are from."""
        result.header, result.table, result.unread_columns = header, sheet, header.unread
        stage = Stage(self.database, record, self.records, header)
        try:
            self._check(stage, header, sheet, options, result)
            landing = self._landing(stage)
            with _said():
                for batch in landing.batches():
                    result.count(batch(journal))
                landing.finish(journal)
            note_stage(provenance, stage, journal)
        finally:
            stage.drop()

    def _check(self, stage: Stage, header: Header, sheet: Sheet, options: ImportOptions, result: ImportResult) -> None:
        read = RowReader(stage, header, self.lookups(options.under), self.reading, sheet).run(options.progress)
        result.read, result.not_counted = read.read, read.not_counted
        result.unread_columns = (*header.unread, *read.headless)
        matching = Matching(stage, self.reading.today)
        problems = read.problems + matching.references()
        matching.identify()
        problems += matching.contradictions()
        for p in (found := list(cycles(stage))):
            stage.mark(p.line, 1)
        problems += found
        if self.checks:
            found = [o.problem() for o in self.checks(stage.record, Rows(self.database))]
            for p in found:
                stage.mark(p.line, 1)
            problems += found
        result.tell(problems, header)
        bad = {p.line: p.code.startswith("ambiguous") for p in problems}
        for p in problems:
            bad[p.line] = bad[p.line] and p.code.startswith("ambiguous")
        result.held = sum(bad.values())
        result.rejected = len(bad) - result.held

    def _land(self, stage: Stage, options: ImportOptions, result: ImportResult) -> None:
        """Batch by batch; a dry run does it all and takes it all back."""
        if options.dry_run:
            try:
                with self.database.transaction():
                    self._land_batches(stage, options, result)
                    raise TakeBack
            except TakeBack:
                result.journal = None
        elif options.action == "add" or not stage.record.bulk:
            # A register's rows rest on each other (a place on its parent), and rows given together land together.
            with self.database.transaction():
                self._land_batches(stage, options, result)
            self._announce(stage, result)
        else:
            self._land_batches(stage, options, result, announce=True)

    def _announce(self, stage: Stage, result: ImportResult) -> None:
        if self.landed and result.journal is not None:
            self.landed("session" if stage.record is LEDGER else stage.record.key, result.journal, result)

    def _land_batches(self, stage: Stage, options: ImportOptions, result: ImportResult, announce: bool = False) -> None:
        landing = self._landing(stage)
        cut = landing.batches()
        tell = phase(options.progress, WRITING, len(cut))
        for number, batch in enumerate(cut, start=1):
            with self.database.transaction(), _said():
                self._journal(number, len(cut), options, result, stage.record is LEDGER)
                assert result.journal is not None
                landed = batch(result.journal)
                count_entry(
                    self.database, result.journal, new=landed.new, changed=landed.changed, unchanged=landed.unchanged
                )
            result.count(landed)
            tell(number)
            if announce:
                self._announce(stage, result)
        if result.journal is not None:
            landing.finish(result.journal)

    def _landing(self, stage: Stage) -> Landing | PairLanding:
        ledger = stage.record is LEDGER
        record = record_of(Session) if ledger else stage.record
        headcounts, matching = Headcounts(stage) if ledger else None, Matching(stage, self.reading.today, batch=True)
        return PairLanding(stage, self.totals) if record.paired else Landing(stage, record, self.totals, matching, headcounts)

    def _journal(self, number: int, last: int, options: ImportOptions, result: ImportResult, ledger: bool) -> None:
        if number == 1:
            result.journal = open_entry(
                self.database, self.actor, self.reason, options.action, "ledger" if ledger else result.record,
                result.file, options.under_code, "open",
            )
            count_entry(
                self.database, result.journal, read=result.read, held=result.held, rejected=result.rejected,
                not_counted=result.not_counted,
            )
        if number == last:
            self.database.execute("UPDATE journal SET state = 'done' WHERE id = ?", (result.journal,))


@contextmanager
def _said() -> Iterator[None]:
    """Says what a constraint that was kept when the rows were checked, and is broken now, means."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise CommLMSError(Label(
            "检查之后，另一个程序改动了这些行所引用的记录；请再导入一次，已写入的不会重复",
            "another program has changed what these rows refer to since they were checked; import again: what is written is not doubled",
        )) from None
