"""Where a table begins: its header of one or two lines, joined to one word a column; and what record the words are of."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cached_property

import attrs

from commlms.core.amounts import AREA, MONEY
from commlms.core.text import key_of, narrow
from commlms.ingest.columns import HEADER_DEPTH, is_named, lacking, meanings, word_keys
from commlms.ingest.importable import ONLY_IMPORTED
from commlms.ingest.shapes.grid import Line
from commlms.ingest.shapes.lines import is_serial_word
from commlms.ingest.shapes.parts import Context
from commlms.ingest.shapes.titles import title_of
from commlms.ingest.shapes.words import LABELS

#: A second header line that only says of what unit the first one is.
_UNITS = {
    "人", "人次", "万元", "元", "千元", "亿元", "百万元", "平方米", "平米", "m2", "小时", "分钟", "学时", "课时", "场", "次", "场次", "期",
}
_ALL = {key_of(w) for w in ("合计", "小计", "总计", "总数", "计", "总人数", "合计人数", "total")}
_DAY = re.compile(r"^(?:0?[1-9]|[12]\d|3[01])[日号]?$")
_DATE = re.compile(r"^(?:\d{4}[年./-])?\d{1,2}[月./-]\d{1,2}[日号]?$")
_WEEKDAY = re.compile(r"^(?:星期|周|礼拜)?[一二三四五六日天]$")
#: The fewest day columns that make a grid.
_DAYS = 2
#: The fewest known words by which a line further down is the header of another table.
_SURE = 3


@attrs.frozen
class Head:
    """A table's header: its lines from ``at``, ``depth`` of them; the word of each column; the columns that are days.

    ``tops`` are the words of the upper line above the day columns: a month, perhaps.
    """

    at: int
    depth: int
    words: dict[int, str]
    days: dict[int, object] = attrs.field(factory=dict)
    tops: dict[int, str] = attrs.field(factory=dict)
    cells: dict[int, str] = attrs.field(factory=dict)

    @cached_property
    def width(self) -> int:
        """How many columns it has."""
        return max((*self.words, *self.days), default=-1) + 1

    @cached_property
    def serials(self) -> set[int]:
        """The columns of serial numbers."""
        return {i for i, word in self.words.items() if is_serial_word(word)}


def paths_of(words: Sequence[str], record: str, context: Context) -> dict[tuple[str, ...], int]:
    """The fields of a record that some of these header words name, each with the number of its surest word."""
    return {path: i for path, (_, i) in meanings(dict(enumerate(words)), context.words[record]).items()}


def count(words: Sequence[str], context: Context) -> int:
    """How many of these words one record knows, at most."""
    return max(len(paths_of(words, record, context)) for record in context.candidates)


def find_head(lines: Sequence[Line], start: int, context: Context) -> Head | None:
    """The header among the next lines: the one with most known words; else the first that looks like one."""
    best, most, facts = None, 1, None
    for i in range(start, min(start + HEADER_DEPTH, len(lines))):
        if grid := _grid(lines, i, context):
            return grid
        head = _joined(lines, i, context) or _single(lines, i)
        if head is None or (known := count([*head.words.values()], context)) <= most:
            continue
        if head.depth == 1 and _in_pairs(lines[i]):
            facts = facts or head
        else:
            best, most = head, known
    return best or _names(lines, start, context) or facts or _first(lines, start)


def _in_pairs(line: Line) -> bool:
    """Whether a line says what something is, a label and its value at a time: 活动地点 | 三楼 | 主办单位 | 学习点."""
    texts = [*line.texts.values()]
    return len(texts) % 2 == 0 and [t in LABELS for t in texts] == [True, False] * (len(texts) // 2)


def _names(lines: Sequence[Line], start: int, context: Context) -> Head | None:
    """A list of names and little else that is known, below a title that says what they signed."""
    for i in range(start, min(start + HEADER_DEPTH, len(lines))):
        texts = lines[i].texts
        if any(_is_name(t, context) for t in texts.values()) and not any(map(_has_data, texts.values())):
            title = title_of(lines[start:i])
            if title.signed_in or title.facts:
                return Head(i, 1, texts, cells={c: lines[i].name(c) for c in texts})
    return None


def _first(lines: Sequence[Line], start: int) -> Head | None:
    return next((h for i in range(start, min(start + HEADER_DEPTH, len(lines))) if (h := _by_looks(lines, i))), None)


def is_head(lines: Sequence[Line], i: int, first: Head, context: Context) -> bool:
    """Whether a line below a header begins another table, or repeats the header."""
    texts = lines[i].texts
    if len(texts) < 2 or any(_has_data(t) for c, t in texts.items() if c not in first.days):
        return False
    own = first.words
    if all(key_of(own.get(c, "")) == key_of(t) != "" for c, t in texts.items()) and len(texts) >= min(len(own), _SURE):
        return True
    if sum(key in context.vocabulary for t in texts.values() for key in set(word_keys(t))) < _SURE:
        return False
    known = count([*texts.values()], context)
    return known >= _SURE and 2 * known > len(texts)


def _has_data(text: str) -> bool:
    """Whether a text is more like a value than like a header word: numbers, dates, labels with their values."""
    return bool(re.fullmatch(r"(?=.*\d)[\d.,:/年月日-]+", text)) or bool(re.search(r"[:：]\s*\S", re.sub(r"[（(].*?[)）]", "", text)))


def _single(lines: Sequence[Line], i: int) -> Head | None:
    texts = lines[i].texts
    if len(texts) < 2 or any(map(_has_data, texts.values())):
        return None
    return Head(i, 1, texts, cells={c: lines[i].name(c) for c in texts})


def _groups(upper: Line, lower: Line) -> dict[int, str] | None:
    """For each column of a lower header line the word above it; None if the two lines are no header of two lines."""
    tops = upper.texts
    below = lower.texts
    if len(tops) < 2 or not below or lower.number != upper.number + 1 or any(map(_has_data, tops.values())):
        return None
    columns = sorted(tops)
    above: dict[int, str] = {}
    single = 0
    for c, following in zip(columns, [*columns[1:], max(columns[-1], *below) + 1], strict=True):
        covered = [i for i in range(c, following) if i in below]
        if covered:
            if covered == [c] and c not in upper.wide and not _is_unit(below[c]):
                return None
            above |= dict.fromkeys(covered, tops[c])
        else:
            single += 1
    return above if single and len(above) == len(below) else None


def _is_unit(text: str) -> bool:
    return narrow(text).strip("()") in _UNITS


def _joined(lines: Sequence[Line], i: int, context: Context) -> Head | None:
    """A header of two lines, the upper one with words over several columns."""
    if i + 1 >= len(lines):
        return None
    upper, lower = lines[i], lines[i + 1]
    above = _groups(upper, lower)
    if above is None or any(map(_has_data, lower.texts.values())):
        return None
    words = {c: t for c, t in upper.texts.items() if c not in above}
    words |= {c: _join(above[c], text, context) for c, text in lower.texts.items()}
    cells = {c: lower.name(c) if c in above else upper.name(c) for c in words}
    return Head(i, 2, dict(sorted(words.items())), cells=cells)


def _join(top: str, bottom: str, context: Context) -> str:
    if key_of(bottom) in _ALL:
        return top
    if _is_unit(bottom):
        return f"{top}（{bottom.strip('()（）')}）"
    if count([top + bottom], context):
        return top + bottom
    if not count([bottom], context):
        return top + bottom
    # 预算 below 经费（万元） is in 万元 too.
    told = next((unit for scale in (MONEY, AREA) if (unit := scale.unit_in(top)) and not scale.unit_in(bottom)), "")
    return f"{bottom}（{told}）" if told else bottom


def _grid(lines: Sequence[Line], i: int, context: Context) -> Head | None:
    """The header of a month grid: a column of names, and days across, in the same line or the next."""
    upper = lines[i]
    names = [c for c, t in upper.texts.items() if _is_name(t, context)]
    if not names:
        return None
    days = _day_columns(upper, after=names[0])
    depth, tops = 1, {}
    if not days and i + 1 < len(lines) and not set(lines[i + 1].filled) & set(names):
        lower = lines[i + 1]
        days = _day_columns(lower, after=names[0])
        if not days or any(c not in days for c in lower.filled if c > names[0] and c < max(days)):
            return None
        depth = 2
        at = sorted(upper.texts)
        tops = {c: upper.text(max((t for t in at if t <= c), default=c)) for c in days}
    if not days:
        return None
    words = {c: t for c, t in upper.texts.items() if c not in days}
    words[names[0]] = "姓名"
    if depth == 2:
        words = {c: t for c, t in words.items() if not (min(days) <= c <= max(days))}
    if i + depth < len(lines):
        weekdays = lines[i + depth].texts
        depth += bool(weekdays) and all(c in days and _WEEKDAY.match(t) for c, t in weekdays.items())
    cells = {c: lines[i + (1 if tops else 0)].name(c) for c in days} | {c: upper.name(c) for c in words}
    return Head(i, depth, words, days, tops, cells)


def _is_name(text: str, context: Context) -> bool:
    """Whether a header word, or one side of a slanted corner (日期/姓名), stands above names."""
    known = context.words["attendance"]
    parts = [text, *re.split(r"[\s/\\]+", text)]
    return any(known.get(key_of(p), (0, ()))[1] == ("name",) for p in parts)


def _day_columns(line: Line, after: int) -> dict[int, object]:
    """The columns right of the names whose header cell is a day."""
    found = {c: line.cells[c] for c in line.filled if c > after and _is_day(line.cells[c], line.text(c))}
    return found if len(found) >= _DAYS else {}


def _is_day(cell: object, text: str) -> bool:
    if isinstance(cell, dt.date):
        return True
    if isinstance(cell, bool):
        return False
    return bool(_DAY.match(text) or _DATE.match(text))


def _by_looks(lines: Sequence[Line], i: int) -> Head | None:
    """A line of at least three different words, above one that fills as many of its columns."""
    head = _single(lines, i)
    if head is None or len(head.words) < 3 or len(set(head.words.values())) < len(head.words) or i + 1 >= len(lines):
        return None
    return head if len(set(lines[i + 1].texts) & set(head.words)) * 2 > len(head.words) else None


def side_by_side(head: Head) -> int:
    """How many columns one list takes, where several of the same header stand side by side; 0 if there is but one."""
    columns = list(head.words)
    words = [key_of(w) for w in head.words.values()]
    for width in range(1, len(words) // 2 + 1):
        apart = columns[width] - columns[0]
        if len(words) % width == 0 and words == words[:width] * (len(words) // width) and all(
            c == columns[i % width] + apart * (i // width) for i, c in enumerate(columns)
        ):
            return apart
    return 0


# -- which record the words are of -------------------------------------------------------------


def fitting(words: Sequence[str], facts: set[str], signed_in: bool, context: Context) -> str:
    """The key of the record that a table is of; empty if none is clear.

    ``facts`` are the header words that the title rows already fill; ``signed_in`` says that the title speaks of attendance.
    """
    best, most = "", (0, 0)
    for key in context.candidates:
        found = set(paths_of(words, key, context))
        told = set(paths_of(sorted(facts), key, context)) if key in ONLY_IMPORTED else set()
        if not _complete(key, found, told, signed_in, context) or not is_named(context.candidates[key], words, context.words):
            continue
        # Of the facts in the title only the theme speaks for one: a roster too has a date and a place above it.
        score = (len(found) + (bool(facts) or signed_in if key == "attendance" else 0), len(told - found))
        if len(found) > 1 or (found and told) or (found and signed_in):
            best, most = (key, score) if score > most else (best, most)
    return best


def _complete(key: str, found: set[tuple[str, ...]], told: set[tuple[str, ...]], signed_in: bool, context: Context) -> bool:
    if key == "ledger":
        return ("theme",) in found and ("name",) not in found
    if key == "attendance":
        dated = ("on",) in found | told or ("theme",) in found | told or signed_in
        return bool(found & {("name",), ("id_number",), ("learner_code",)}) and dated
    return not any(lacking(found, context.candidates[key], context.records))
