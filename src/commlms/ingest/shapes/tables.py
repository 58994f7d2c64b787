"""One table of a sheet, from its title to its last line, as a part: ledger, series, sign-in sheet, or any record's table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import attrs

from commlms.core.calendar import smallest, when
from commlms.core.days import Period
from commlms.core.kinds import DamagedCell
from commlms.core.records import Record
from commlms.core.text import cell_name, narrow
from commlms.ingest.importable import ONLY_IMPORTED
from commlms.ingest.provenance import Origin
from commlms.ingest.readers import Sheet, in_blocks
from commlms.ingest.shapes.dates import Dates, whole_period
from commlms.ingest.shapes.flat import Flat, Notes
from commlms.ingest.shapes.grid import Line
from commlms.ingest.shapes.heads import Head, fitting
from commlms.ingest.shapes.lines import is_bare, is_nil, is_serial, kind_of
from commlms.ingest.shapes.mending import both_sexes, ditto, hours, meetings, month_and_day, venue
from commlms.ingest.shapes.parts import Context, Part, Skipped
from commlms.ingest.shapes.titles import Fact, Times, Title
from commlms.ingest.shapes.words import DATE, INSTITUTION, THEME

#: What may stand beside 本月无活动: a month, a day, nought.
_NOTHING = re.compile(r"^(?:[/\\\-—无0]*|(?:\d{4}年)?\d{1,2}月份?|\d{4}-\d\d-\d\d)$")


@attrs.frozen
class Table:
    """The lines of one table: those above its header, the header, its rows, and all below the header; which of them are no rows.

    ``origins`` say where rows stand whose numbers are no lines.
    """

    sheet: Sheet
    head: Head
    above: Sequence[Line]
    headers: Sequence[Line]
    body: Sequence[Line]
    below: Sequence[Line]
    skipped: tuple[Skipped, ...]
    title: Title
    times: Times
    origins: Mapping[int, Origin] = attrs.field(factory=dict)

    @property
    def line(self) -> int:
        """The line of the header, or of its last line."""
        return self.headers[-1].number

    @property
    def first_cell(self) -> str:
        """The first cell of the header, named where something is said of all of it."""
        return next(iter(self.head.cells.values()), f"A{self.line}")

    @property
    def numbers(self) -> tuple[int, ...]:
        """The lines of title and header."""
        return tuple(line.number for line in (*self.above, *self.headers))

    def said(self, kind: str) -> tuple[str, ...]:
        """The texts of the lines that were skipped as one kind."""
        numbers = {s.line for s in self.skipped if s.kind == kind}
        return tuple(text for line in self.below if line.number in numbers for text in line.texts.values())


def sorted_out(lines: Sequence[Line], head: Head) -> tuple[list[Line], list[Skipped]]:
    """The rows below a header, and the lines that are none."""
    rows: list[Line] = []
    skipped: list[Skipped] = []
    marked = bool(head.days)
    above = ""
    for line in lines:
        kind = "blank" if is_bare(line, head.serials) else kind_of(line, head.width, head.serials, marked, above)
        if not kind and not marked and _says_nothing_was_held(line, head):
            kind = "nil"
        above = kind if kind in ("note", "legend") else "note" if above == "note" and kind == "signature" else ""
        if kind:
            skipped.append(Skipped(line.number, kind))
        else:
            rows.append(line)
    return rows, skipped


def _says_nothing_was_held(line: Line, head: Head) -> bool:
    """A row such as 1 | 3月 | 本月无活动 | 0: nothing in it but that, numbers and dates."""
    texts = [t for c, t in line.texts.items() if c not in head.serials]
    others = [t for t in texts if not is_nil(t)]
    return len(others) < len(texts) and all(map(_NOTHING.match, others))


def unfolded(table: Table, apart: int, last_line: int) -> Table:
    """Lists that stand side by side, ``apart`` columns each, one below the other; rows of the right ones are numbered after
    ``last_line``.
    """
    head = table.head
    left = min(head.words)
    words = {c: w for c, w in head.words.items() if c - left < apart}
    first = Head(head.at, head.depth, words, cells={c: head.cells[c] for c in words})
    rows: list[Line] = []
    origins: dict[int, Origin] = {}
    lists = range((max(head.words) - left) // apart + 1)
    for number in lists:
        for line in table.body:
            filled = [n for n in lists if any(line.text(c + n * apart) for c in words if c not in first.serials)]
            if number not in (filled or [0]):  # a line that fills none is a row of the first, and refused there
                continue
            columns = {c: c + number * apart for c in words}
            cells = ["" if c not in columns or columns[c] >= len(line.cells) else line.cells[columns[c]] for c in range(max(words) + 1)]
            if number == 0:
                rows.append(attrs.evolve(line, cells=cells))
                continue
            own = last_line + len(origins) + 1
            origins[own] = Origin(line.number, cell_name(left + number * apart, line.number))
            rows.append(Line(own, cells, {c: line.name(there) for c, there in columns.items()}))
    return attrs.evolve(table, head=first, body=rows, origins=origins)


def part_of(table: Table, context: Context) -> Part:
    """A table that is no grid."""
    head, notes = table.head, Notes()
    record = fitting([*head.words.values()], set(table.title.facts), table.title.signed_in, context)
    flat = _laid_out(table, record, context)
    ditto(flat, table.body, notes)
    if record not in ONLY_IMPORTED:
        return finished(table, "table", record, flat, notes, table.times.period)
    month_and_day(flat)
    hours(flat)
    venue(flat)
    if record == "ledger":
        meetings(flat)
        both_sexes(flat, head.cells, notes)
        if (organiser := table.title.facts.get(INSTITUTION)) is not None:
            _everywhere(flat, INSTITUTION, organiser)
        shape = _ledger_shape(flat)
    else:
        shape = "sign_in" if table.title.signed_in or not {("theme",), ("on",)} & set(flat.at) else "table"
        from_title(flat, table, notes)
    dates = Dates(flat, table.times, notes, record == "ledger", table.sheet.ragged)
    period = table.times.period
    if shape == "series" and period is not None:
        whole_period(flat, period, notes, table.first_cell)
    days = dates.read()
    return finished(table, shape, record, flat, notes, period or smallest(days))


def _ledger_shape(flat: Flat) -> str:
    """A ledger, or a table of series: no column of dates, but one of how many meetings there were."""
    dated = ("on",) in flat.at or any(isinstance(c, str) and "日" in c for row in flat.rows for c in row.cells)
    return "ledger" if dated or ("meetings",) not in flat.at else "series"


def _laid_out(table: Table, record: str, context: Context) -> Flat:
    head = table.head
    words = [head.words.get(i, "") for i in range(head.width)]
    for i in head.serials:
        words[i] = ""
    flat = Flat(words, context.words[record] if record else {}, origins=dict(table.origins))
    if record and record not in ONLY_IMPORTED:
        _say_units(flat, table.title.texts, context.candidates[record])
    counted = {
        i for path, i in flat.at.items() if len(path) == 1 and context.candidates[record].field(path[0]).kind.name == "people"
    } if record else set()
    for line in table.body:
        row = flat.add(line.number, line, {i for i in head.serials if is_serial(line.text(i))})
        for i in counted & set(line.merged):
            # People counted once for several rows are not as many again in each of them.
            row.cells[i] = DamagedCell("merged_cell")
            flat.cells.pop((line.number, i), None)
    return flat


def _say_units(flat: Flat, above: Sequence[str], record: Record) -> None:
    """Put the unit that the title tells of a whole table (单位：万元) behind the words of its columns of money and floor space."""
    for path, i in flat.at.items():
        scale = record.field(path[0]).kind.scale if len(path) == 1 else None
        if scale and not scale.unit_in(flat.words[i]) and (told := scale.unit_above(above)):
            flat.words[i] += f"（{told}）"


def from_title(flat: Flat, table: Table, notes: Notes) -> None:
    """Give every row what the title says of the session."""
    title = table.title
    facts = dict(title.facts)
    if THEME not in facts and ("theme",) not in flat.at and (theme := title.theme(table.sheet.name)) is not None:
        facts[THEME] = theme
        notes.say(theme.cell, f"没有写活动主题，按标题取「{theme.value}」", f"no theme is written; {theme.value} is taken from the title")
    if DATE not in facts and ("on",) not in flat.at and (day := title.day()) is not None:
        facts[DATE] = day
        notes.say(day.cell, f"没有写活动日期，按标题取 {day.value}", f"no date is written; {day.value} is taken from the title")
    for word, fact in facts.items():
        _everywhere(flat, word, fact)


def _everywhere(flat: Flat, word: str, fact: Fact) -> None:
    for row in flat.rows:
        flat.put(row, word, fact.value, fact.cell)


def finished(table: Table, shape: str, record: str, flat: Flat, notes: Notes, period: Period | None) -> Part:
    """The part that a flat table is; one that only says that nothing was held is a report of nothing."""
    nothing = not flat.rows and (
        any(s.kind == "nil" for s in table.skipped)
        or any("零报告" in text or is_nil(narrow(text)) for text in (*table.title.texts, *table.said("signature")))
    )
    if nothing and period is None:
        period = smallest(day for text in table.said("nil") if (told := when(text, table.times.year)) for day in (told.first, told.last))
    return Part(
        table.sheet.name, "nil" if nothing else shape, record, flat.sheet(table.sheet, table.line), period, table.title.texts,
        table.said("signature"), table.numbers, flat.origins, flat.cells, table.skipped, notes.told(), nothing,
    )


def nothing_held(sheet: Sheet, lines: Sequence[Line], title: Title, times: Times) -> Part | None:
    """A sheet without a table that says 本月无活动 or 零报告; None for any other."""
    if not any("零报告" in text or is_nil(narrow(text)) for text in title.texts):
        return None
    empty = Sheet(sheet.name, False, lambda: in_blocks([]), quoted=sheet.quoted, hidden=sheet.hidden, source=sheet.source)
    return Part(sheet.name, "nil", "", empty, times.period, title.texts, head=tuple(line.number for line in lines), nil=True)
