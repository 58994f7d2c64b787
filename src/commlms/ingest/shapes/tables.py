"""One table of a sheet, from its title to its last line, as a part: ledger, series, sign-in sheet, or any record's table."""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from commlms.core.calendar import smallest
from commlms.core.days import Period
from commlms.core.kinds import DamagedCell
from commlms.core.text import narrow
from commlms.ingest.readers import Sheet, in_blocks
from commlms.ingest.shapes.dates import THEME, Dates, whole_period
from commlms.ingest.shapes.flat import Flat, Notes
from commlms.ingest.shapes.grid import Line, blank, text_of
from commlms.ingest.shapes.heads import Head, fitting
from commlms.ingest.shapes.lines import is_bare, is_nil, kind_of
from commlms.ingest.shapes.parts import Context, Part, Skipped
from commlms.ingest.shapes.titles import Times, Title

#: A value that stands for the one above it.
_DITTO = {"同上", "〃", "″", "\"", "''", "do", "ditto"}
_CODE = re.compile(r"^\d{6,12}$")
#: What may stand beside 本月无活动: a month, a day, nought.
_NOTHING = re.compile(r"^(?:[/\\\-—无0]*|(?:\d{4}年)?\d{1,2}月份?|\d{4}-\d\d-\d\d)$")


@attrs.frozen
class Table:
    """The lines of one table: those above its header, the header, its rows, and the lines below that are none.

    ``foot`` are the texts of signature lines, ``legends`` those of legends.
    """

    sheet: Sheet
    head: Head
    above: Sequence[Line]
    headers: Sequence[Line]
    body: Sequence[Line]
    skipped: tuple[Skipped, ...]
    foot: tuple[str, ...]
    legends: tuple[str, ...]
    title: Title
    times: Times

    @property
    def line(self) -> int:
        """The line of the header, or of its last line."""
        return self.headers[-1].number

    @property
    def numbers(self) -> tuple[int, ...]:
        """The lines of title and header."""
        return tuple(line.number for line in (*self.above, *self.headers))


def sorted_out(lines: Sequence[Line], head: Head) -> tuple[list[Line], list[Skipped]]:
    """The rows below a header, and the lines that are none."""
    rows: list[Line] = []
    skipped: list[Skipped] = []
    marked = bool(head.days)
    note = False
    for line in lines:
        kind = "blank" if is_bare(line, head.serials) else kind_of(line, head.width, marked, note)
        if not kind and not marked and _says_nothing_was_held(line, head):
            kind = "nil"
        note = kind == "note" or (note and kind == "signature")
        if kind:
            skipped.append(Skipped(line.number, kind))
        else:
            rows.append(line)
    return rows, skipped


def _says_nothing_was_held(line: Line, head: Head) -> bool:
    """A row such as 1 | 3月 | 本月无活动 | 0: nothing in it but that, numbers and dates."""
    texts = [t for c, t in line.texts().items() if c not in head.serials]
    others = [t for t in texts if not is_nil(t)]
    return len(others) < len(texts) and all(map(_NOTHING.match, others))


def part_of(table: Table, context: Context) -> Part:
    """A table that is no grid."""
    head, notes = table.head, Notes()
    record = fitting([*head.words.values()], set(table.title.facts), table.title.signed_in, context)
    flat = _laid_out(table, record, context)
    _ditto(flat, table.body, notes)
    days: list[int] = []
    period = table.times.period
    shape = "table"
    if record in ("ledger", "attendance"):
        shape = _shape(table, record, flat)
        _venue(flat)
        if record == "attendance":
            from_title(flat, table, notes)
        dates = Dates(flat, table.times, notes, record == "ledger", table.sheet.ragged)
        if shape == "series" and period is not None and dates.column() is None:
            whole_period(flat, period, notes, flat_cell(table))
        days = dates.read()
    return finished(table, shape, record, flat, notes, period or smallest(days))


def flat_cell(table: Table) -> str:
    """The first cell of a table's header, named where something is said of all of it."""
    return next(iter(table.head.cells.values()), f"A{table.line}")


def _laid_out(table: Table, record: str, context: Context) -> Flat:
    head = table.head
    words = [head.words.get(i, "") for i in range(head.width)]
    for i in head.serials:
        words[i] = ""
    flat = Flat(words, context.words[record] if record else {})
    counted = {
        i for path, i in flat.at.items() if len(path) == 1 and context.candidates[record].field(path[0]).kind.name == "people"
    } if record else set()
    for line in table.body:
        row = flat.add(line.number, line, head.serials)
        for i in counted & set(line.merged):
            # People counted once for several rows are not as many again in each of them.
            row.cells[i] = DamagedCell("merged_cell")
            flat.cells.pop((line.number, i), None)
    return flat


def _shape(table: Table, record: str, flat: Flat) -> str:
    if record == "attendance":
        in_title = ("theme",) not in flat.at and ("on",) not in flat.at
        return "sign_in" if in_title or table.title.signed_in else "table"
    dated = ("on",) in flat.at or any(isinstance(c, str) and "日" in c for row in flat.rows for c in row.cells)
    return "ledger" if dated or ("meetings",) not in flat.at else "series"


def _ditto(flat: Flat, lines: Sequence[Line], notes: Notes) -> None:
    """Fill 同上 with what stands above."""
    for above, row, line in zip(flat.rows, flat.rows[1:], lines[1:], strict=False):
        for column in line.filled:
            if line.text(column) in _DITTO and column < len(above.cells):
                notes.say(line.name(column), "同上：取上一行的内容", "ditto: what stands above is taken")
                flat.replace(row, column, above.cells[column], flat.where(above, column))


def _venue(flat: Flat) -> None:
    """活动地点 above rooms rather than codes is where in the house, not which place."""
    column = flat.at.get(("place",))
    if column is None or ("venue",) in flat.at:
        return
    texts = [text_of(row.cells[column]) for row in flat.rows if column < len(row.cells) and not blank(row.cells[column])]
    if texts and not all(map(_CODE.match, texts)):
        flat.words[column] = "场地"
        flat.at["venue",] = flat.at.pop(("place",))


def from_title(flat: Flat, table: Table, notes: Notes) -> None:
    """Give every row what the title says of the session."""
    title = table.title
    facts = dict(title.facts)
    if THEME not in facts and ("theme",) not in flat.at and (theme := title.theme()) is not None:
        facts[THEME] = theme
        notes.say(theme.cell, f"没有写活动主题，按标题取「{theme.value}」", f"no theme is written; {theme.value} is taken from the title")
    for word, fact in facts.items():
        if word == "参加人数":
            continue
        for row in flat.rows:
            flat.put(row, word, fact.value, fact.cell)
    if "参加人数" in facts:
        present(flat, facts["参加人数"].value, facts["参加人数"].cell)


def present(flat: Flat, value: object, cell: str) -> None:
    """The number of people that the title tells, in a column of its own: an attendance list has no field for it."""
    flat.words.append("参加人数")
    column = len(flat.words) - 1
    for row in flat.rows:
        row.cells.extend([""] * (column + 1 - len(row.cells)))
        flat.replace(row, column, value, cell)


def finished(table: Table, shape: str, record: str, flat: Flat, notes: Notes, period: Period | None) -> Part:
    """The part that a flat table is; one that only says that nothing was held is a report of nothing."""
    nothing = not flat.rows and (
        any(s.kind == "nil" for s in table.skipped) or any("零报告" in t or is_nil(narrow(t)) for t in (*table.title.texts, *table.foot))
    )
    return Part(
        table.sheet.name, "nil" if nothing else shape, record, flat.sheet(table.sheet, table.line), period, table.title.texts, table.foot,
        table.numbers, flat.origins, flat.cells, table.skipped, notes.told(), nothing,
    )


def nothing_held(sheet: Sheet, lines: Sequence[Line], title: Title, times: Times) -> Part | None:
    """A sheet without a table that says 本月无活动 or 零报告; None for any other."""
    if not any("零报告" in text or is_nil(narrow(text)) for text in title.texts):
        return None
    empty = Sheet(sheet.name, False, lambda: in_blocks([]), quoted=sheet.quoted, hidden=sheet.hidden, source=sheet.source)
    return Part(sheet.name, "nil", "", empty, times.period, title.texts, head=tuple(line.number for line in lines), nil=True)
