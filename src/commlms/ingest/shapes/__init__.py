"""The shapes in which streets send what they did: each read into flat tables that the importer takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commlms.core.problems import Problem
from commlms.ingest.readers import Sheet
from commlms.ingest.shapes.grid import Line, lines_of
from commlms.ingest.shapes.heads import Head, find_head, is_head, side_by_side
from commlms.ingest.shapes.months import grid_of
from commlms.ingest.shapes.parts import SHAPES, SKIPPED, Context, Part, ShapedSheet, Skipped, Told
from commlms.ingest.shapes.tables import Table, nothing_held, part_of, sorted_out, unfolded
from commlms.ingest.shapes.titles import is_title, times_of, title_of

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
    for table in _tables(sheet, lines, context, file_name):
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
        below = [line for line in lines[body:end] if line.number not in repeated]
        rows, skipped = sorted_out(below, head)
        skipped = sorted([*skipped, *(Skipped(number, "header") for number in repeated)], key=lambda s: s.line)
        table = Table(sheet, head, lines[start:head.at], lines[head.at:body], rows, below, tuple(skipped), title, times)
        apart = 0 if head.days else side_by_side(head)
        yield unfolded(table, apart, lines[-1].number) if apart else table
        start, head = end, following


def _end(lines: Sequence[Line], body: int, head: Head, context: Context) -> tuple[int, Head | None, set[int]]:
    """Where a table ends, the header of the next one, and the lines on which its own title and header are only repeated."""
    own = [lines[i].texts for i in range(head.at, body)]
    known = {t for line in lines[:head.at] for t in line.texts.values()}
    repeated: set[int] = set()
    after = body
    for i in range(body, len(lines)):
        again = len(own[0]) > 1 and lines[i].texts in own
        if not again and not is_head(lines, i, head, context):
            continue
        titles = _titles_above(lines, after, i)
        if again and all(t in known for line in lines[titles:i] for t in line.texts.values()):
            repeated |= {line.number for line in lines[titles:i + 1]}
            after = i + 1
            continue
        following = find_head(lines[:i + 3], titles, context)
        if following is not None:
            return titles, following, repeated
    return len(lines), None, repeated


def _titles_above(lines: Sequence[Line], after: int, i: int) -> int:
    """The number of the first line of the title that stands above a header, none before ``after``."""
    while i > after and (title_of([lines[i - 1]]).facts or is_title(lines[i - 1])):
        i -= 1
    return i
