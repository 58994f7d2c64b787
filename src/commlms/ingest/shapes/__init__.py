"""The shapes in which streets send what they did: each read into flat tables that the importer takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from commlms.core.problems import Problem
from commlms.ingest.provenance import Origin
from commlms.ingest.readers import Sheet
from commlms.ingest.shapes.grid import Line, lines_of
from commlms.ingest.shapes.heads import Head, find_head, is_head
from commlms.ingest.shapes.mending import side_by_side, unfolded
from commlms.ingest.shapes.months import grid_of
from commlms.ingest.shapes.parts import SHAPES, SKIPPED, Context, Part, ShapedSheet, Skipped, Told
from commlms.ingest.shapes.tables import Table, nothing_held, part_of, sorted_out
from commlms.ingest.shapes.titles import Times, Title, is_title, times_of, title_of

__all__ = ["SHAPES", "SKIPPED", "Context", "Part", "ShapedSheet", "Skipped", "Told", "read"]


def read(sheet: Sheet, context: Context, file_name: str = "") -> ShapedSheet:
    """The tables of a sheet as paper has them, each made flat. A blank sheet has neither parts nor problems.

    ``file_name`` may tell the year and the period. Raises what reading the file raises (:class:`FileRefused`).
    """
    lines = lines_of(sheet)
    if not lines:
        return ShapedSheet(sheet.name)
    parts: list[Part] = []
    problems: list[Problem] = []
    first: tuple[str, ...] = ()
    for table in _tables(sheet, lines, context, file_name):
        first = first or table.title.texts
        made = grid_of(table, context, lines[-1].number) if table.head.days else part_of(table, context)
        if isinstance(made, Part):
            parts.append(made)
        else:
            problems.append(made)
    if not parts and not problems:
        title = title_of(lines)
        nothing = nothing_held(sheet, lines, title, times_of(title.texts, sheet.name, file_name, context))
        if nothing is None:
            problems.append(Problem("no_table"))
        else:
            parts.append(nothing)
    return ShapedSheet(sheet.name, tuple(parts), tuple(problems))


def _tables(sheet: Sheet, lines: Sequence[Line], context: Context, file_name: str) -> Iterator[Table]:
    """The tables of a sheet, one below the other; the first title speaks for those that have none."""
    head = find_head(lines, 0, context)
    start = 0
    texts: tuple[str, ...] = ()
    while head is not None:
        body = head.at + head.depth
        end, following, repeated = _end(lines, body, head, context)
        title = title_of(lines[start:head.at])
        texts = texts or title.texts
        times = times_of((*title.texts, *texts), sheet.name, file_name, context)
        yield _table(sheet, head, (lines[start:head.at], lines[head.at:body], lines[body:end]), repeated, title, times, lines[-1].number)
        start, head = end, following


def _table(
    sheet: Sheet, head: Head, lines: tuple[Sequence[Line], Sequence[Line], Sequence[Line]], repeated: Set[int], title: Title, times: Times,
    last_line: int,
) -> Table:
    """A table of the lines above its header, of the header, and below it."""
    above, headers, below = lines
    rows, skipped = sorted_out([line for line in below if line.number not in repeated], head)
    skipped = sorted([*skipped, *(Skipped(number, "header") for number in repeated)], key=lambda s: s.line)
    kinds = {s.line: s.kind for s in skipped}
    foot, legends, nothing = (
        tuple(text for line in below if kinds.get(line.number) == kind for text in _texts(line, kind))
        for kind in ("signature", "legend", "nil")
    )
    origins: dict[int, Origin] = {}
    if not head.days and (apart := side_by_side(head)):
        head, found = unfolded(head, rows, apart, last_line)
        rows, origins = found.lines, found.origins
    return Table(sheet, head, above, headers, rows, tuple(skipped), foot, legends, nothing, title, times, origins)


def _texts(line: Line, kind: str) -> Iterator[str]:
    """The texts of a line that is no row; a legend's are one."""
    texts = line.texts().values()
    yield from [" ".join(texts)] if kind == "legend" else texts


def _end(lines: Sequence[Line], body: int, head: Head, context: Context) -> tuple[int, Head | None, set[int]]:
    """Where a table ends, the header of the next one, and the lines on which its own title and header are only repeated."""
    own = [lines[i].texts() for i in range(head.at, body)]
    known = {t for line in lines[:head.at] for t in line.texts().values()}
    repeated: set[int] = set()
    for i in range(body, len(lines)):
        again = len(own[0]) > 1 and lines[i].texts() in own
        if not again and not is_head(lines, i, head, context):
            continue
        titles = _titles_above(lines, body, i)
        if again and all(t in known for line in lines[titles:i] for t in line.texts().values()):
            repeated |= {line.number for line in lines[titles:i + 1]}
            continue
        following = find_head(lines[:i + 3], titles, context)
        if following is not None:
            return titles, following, repeated
    return len(lines), None, repeated


def _titles_above(lines: Sequence[Line], body: int, i: int) -> int:
    """The number of the first line of the title that stands above a header."""
    while i > body and (title_of([lines[i - 1]]).facts or is_title(lines[i - 1])):
        i -= 1
    return i
