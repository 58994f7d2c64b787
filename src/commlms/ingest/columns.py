"""Which column is what: header words to fields, in Chinese or English, in any order, below any title rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import islice
from typing import Any

import attrs

from commlms.core.amounts import AREA, MONEY
from commlms.core.errors import CommLMSError
from commlms.core.labels import Label
from commlms.core.problems import Problem
from commlms.core.records import Field, Record
from commlms.core.text import cell_name, is_total, key_of, narrow, unguarded
from commlms.ingest.readers import Row, Sheet

#: Header words, by :func:`key_of`, each with how sure it is, 0 the surest, and the path of its column.
Words = Mapping[str, tuple[int, tuple[str, ...]]]

#: How many rows are looked at for the header.
HEADER_DEPTH = 20
_UNITS = (("分钟", 1), ("minute", 1), ("min", 1), ("小时", 60), ("学时", 45), ("课时", 45), ("hour", 60))
_AMOUNT = re.compile(rf"\d+(?:\.\d+)?\s*(?:{'|'.join(word for word, _ in _UNITS)})")
_LESSON = re.compile(r"[学课]时.*?[（(].*?(\d{1,3})\s*(?:分钟|min)")
_BRACKETS = re.compile(r"[（(【\[].*?[)）】\]]")
#: How no word for a sum ends, and nearly every code, day and name does.
_NO_SUM_ENDS = re.compile(r"(?:\d|(?![计和])[\u3400-\u9fff])*")
_NUMBER = re.compile(r"^\d{1,6}$")
#: Ends the header under which a reference to a person or session stands by its code: 学员编号, 场次编号.
_CODE = "编号"
#: No header says more; what does is a cell of text, and looking for units in it would take its time.
_LONGEST_WORD = 1_000
_EXAMPLE = re.compile(r"^(例|示例|样例)\s*[：:]")
#: The header that a rejects file puts above the cells a row had too many; filled, they are refused again.
EXTRA = Label("多出的格", "extra cell")


class HeaderError(CommLMSError):
    """No row of the file is a header for this record, or a needed column is missing."""


@attrs.frozen
class Column:
    """One column that is read. ``path`` is the field, or (reference, field of its target).

    ``factor`` multiplies numbers without a unit; ``unit`` is what such a number of money or floor space is written in.
    ``last_at``: the column, this or a further one, whose days are the last that count: the day after is stored, of a further one
    where this one is empty (撤销日期 beside 有效期至). -1: there is none.
    """

    index: int
    header: str
    path: tuple[str, ...]
    field: Field
    factor: int = 1
    unit: str = ""
    last_at: int = -1

    @property
    def stage(self) -> tuple[str, ...]:
        """The columns of the staging table its value goes to."""
        return tuple("__".join((*self.path[:-1], c)) for c in self.field.columns)


@attrs.frozen
class Header:
    """A sheet's header: its line, the columns that are read, the words of those that are not.

    ``extra`` are columns that must be empty, ``gaps`` those without a word, which are not read.
    """

    line: int
    width: int
    columns: tuple[Column, ...]
    unread: tuple[str, ...]
    extra: tuple[int, ...] = ()
    gaps: tuple[int, ...] = ()

    @cached_property
    def read_at(self) -> frozenset[int]:
        """Which columns of the sheet are read."""
        return frozenset(i for c in self.columns for i in (c.index, c.last_at))

    def placed(self, problem: Problem) -> Problem:
        """A problem that names a field but no cell gets the cell of the first column read for that field."""
        column = next((c for c in self.columns if c.path[0] == problem.field), None)
        if problem.cell or column is None:
            return problem
        return attrs.evolve(problem, cell=cell_name(column.index, problem.line))


def fields_of(record: Record, records: dict[str, Record]) -> dict[tuple[str, ...], Field]:
    """Every path a column can have: the record's fields, and what its references to people and sessions are found by."""
    paths: dict[tuple[str, ...], Field] = {}
    for f in record.fields:
        target = records.get(f.target)
        if target is None or not target.bulk:
            paths[f.name,] = f
            continue
        for finder in target.finders:
            for name in finder:
                paths[f.name, name] = target.field(name)
    return paths


def own_word(field: Field, records: dict[str, Record]) -> str:
    """The word that an import takes for this field and no other."""
    target = records.get(field.target)
    return field.label.zh + _CODE if target is not None and target.bulk else field.label.zh


def header_word(field: Field, records: dict[str, Record]) -> str:
    """The word a template and an export put above a field: of money and floor space with the unit they are written in."""
    word = own_word(field, records)
    return f"{word}（{field.kind.scale.base}）" if field.kind.scale else word


def known_words(record: Record, records: dict[str, Record]) -> dict[str, tuple[int, tuple[str, ...]]]:
    """The path of every header word, by :func:`key_of`, and how sure the word is: 0 is the surest."""
    paths = fields_of(record, records)
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    for rank in range(4):
        for path, f in paths.items():
            owner = record.field(path[0])
            for word in _ranked(f, owner, path)[rank]:
                found.setdefault(key_of(word), (rank, path))
    return found


def path_words(record: Record, path: tuple[str, ...], field: Field) -> list[str]:
    """Every word by which a path is known."""
    return [word for rank in _ranked(field, record.field(path[0]), path) for word in rank]


def _ranked(f: Field, owner: Field, path: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """A path's words, the surest first, so that a sure word is never taken by a looser one."""
    own = (f.label.zh, f.label.en, "__".join(path))
    prefixed = tuple(owner.label.zh + w for w in (f.label.zh, *f.aliases)) if len(path) > 1 else ()
    if prefixed and f.kind.name == "code":
        prefixed = (owner.label.zh + _CODE, *prefixed)
    through = (owner.label.zh, owner.label.en, owner.name, *owner.aliases) if len(path) > 1 and f.kind.name == "code" else ()
    return own, (*prefixed, f.name), (*f.aliases, *f.last), through


def word_keys(text: str) -> tuple[str, ...]:
    """What a header word is looked up by: the whole of it, what stands outside its brackets, and that without a unit: 预算/万元."""
    if len(text) > _LONGEST_WORD:
        return (key_of(text),)
    outside = key_of(_BRACKETS.sub("", text))
    units = (scale.tail(text) for scale in (MONEY, AREA))
    return key_of(text), outside, *(outside.removesuffix(unit) for unit in units if unit)


def read_header(sheet: Sheet, record: Record, records: dict[str, Record], at_least: int = 2) -> Header:
    """Find the header among the first rows: the one with most known columns, ``at_least`` so many.

    Raises :class:`HeaderError`.
    """
    paths = fields_of(record, records)
    words = known_words(record, records)
    best: Header | None = None
    best_row = Row(0, [])
    first = [*islice(sheet.rows(), HEADER_DEPTH + 1)]
    for row in first[:HEADER_DEPTH]:
        header = _header(row, words, paths)
        if best is None or len(header.columns) > len(best.columns):
            best, best_row = header, row
    needed = min(at_least, len(record.fields))
    if best is not None and 0 < len(best.columns) < needed:
        raise HeaderError(
            Label(
                "只认出「{found}」一列，认不出这是不是「{record}」的表头；请至少再加一列，例如：{more}。commlms template {key} 可得到空表",
                "only the column {found} was recognised, which may be no header of a {record} table; add one more at least, such as: "
                "{more}. 'commlms template {key}' writes a blank table",
            ),
            record=record.label, key=record.key, found=best.columns[0].header,
            more="、".join(f.label.zh for f in record.fields[:5] if f.name != best.columns[0].path[0]),
        )
    if best is None or not best.columns:
        raise HeaderError(
            Label(
                "没有认出表头；「{record}」的表头应含：{wanted}。用 commlms columns 指明哪一列是什么，或用 commlms template {key} 得到空表",
                "no header was recognised; a {record} table has: {wanted}. Say with 'commlms columns' which column is what, or "
                "take the blank table that 'commlms template {key}' writes",
            ),
            record=record.label, key=record.key,
            wanted="、".join(f.label.zh for f in record.fields if f.required),
        )
    _check_unique(best, best_row)
    _check_complete(best, record, records)
    return _with_units(best, first)


def _with_units(header: Header, rows: Sequence[Row]) -> Header:
    """The header with the unit of every column of money or floor space: its own, else that of a line of units right below, which
    belongs to the header then, else what the lines above tell for the whole table.
    """
    if not any(c.field.kind.scale for c in header.columns):
        return header
    above = [text for row in rows if row.line < header.line for text in header_words(row).values()]
    below = header_words(next((row for row in rows if row.line > header.line), Row(0, [])))
    of_units = any(c.field.kind.scale.is_unit(below.get(c.index, "")) for c in header.columns if c.field.kind.scale)
    columns = [
        attrs.evolve(c, unit=scale.unit_in(c.header) or (below.get(c.index, "") if of_units else "") or scale.unit_above(above))
        if (scale := c.field.kind.scale) else c
        for c in header.columns
    ]
    line = next(row.line for row in rows if row.line > header.line) if of_units else header.line
    return attrs.evolve(header, columns=tuple(columns), line=line)


def header_words(row: Row) -> dict[int, str]:
    """The texts of a row by their column, as header words."""
    return {i: unguarded(cell.strip()) for i, cell in enumerate(row.cells) if isinstance(cell, str) and cell.strip()}


def meaning(text: str, words: Words) -> tuple[int, tuple[str, ...]] | None:
    """How sure a header word is, and its path, what stands in brackets left out if need be; None for a word nothing knows."""
    return next((words[key] for key in word_keys(text) if key in words), None)


def meanings(texts: Mapping[int, str], words: Words) -> dict[tuple[str, ...], tuple[int, int]]:
    """The paths that header words name, each with how sure its word is and the word's column.

    Of two columns with one meaning the surer word is read, then the one further left.
    """
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for i, text in texts.items():
        if known := meaning(text, words):
            rank, path = known
            found[path] = min((rank, i), found.get(path, (rank, i)))
    return found


def is_named(record: Record, texts: Sequence[str], known: Mapping[str, Words]) -> bool:
    """Whether header words name a record: a plugin's register is told by its own word for a field that it needs, or by two words
    that no other record of ``known`` has (资金来源, 预算安排), one of them for such a field; never by 单位, 名称 and 人数.
    """
    telling = {(f.name,) for f in record.fields if f.required and f.kind.name not in ("ref", "day", "period")}
    if "." not in record.key or not telling:
        return True
    found = {path: (rank, texts[i]) for path, (rank, i) in meanings(dict(enumerate(texts)), known[record.key]).items()}
    if any(rank == 0 for path, (rank, _) in found.items() if path in telling):
        return True
    others = [words for key, words in known.items() if key != record.key]
    own = {path for path, (_, text) in found.items() if not any(meaning(text, words) for words in others)}
    return len(own) > 1 and not own.isdisjoint(telling)


def _header(row: Row, words: Words, paths: dict[tuple[str, ...], Field]) -> Header:
    texts = header_words(row)
    chosen = meanings(texts, words)
    columns = []
    for path, (_, i) in sorted(chosen.items(), key=lambda item: item[1][1]):
        factor = factor_of(texts[i]) if paths[path].kind.name == "minutes" else ten_thousands(texts[i], paths[path])
        first, last = _ends(i, path, paths[path], texts, words) if paths[path].last else (i, -1)
        columns.append(Column(first, texts[first], path, paths[path], factor, last_at=last))
    read = {i for c in columns for i in (c.index, c.last_at)}
    extra = tuple(i for i, text in texts.items() if text in (EXTRA.zh, EXTRA.en))
    unread = tuple(text for i, text in texts.items() if i not in read and i not in extra)
    width = max(texts, default=-1) + 1
    return Header(row.line, width, tuple(columns), unread, extra, tuple(i for i in range(width) if i not in texts))


def _ends(found: int, path: tuple[str, ...], field: Field, texts: Mapping[int, str], words: Words) -> tuple[int, int]:
    """The column of a field's own days and the one of last days, -1 for none; of several of a kind the one found, else the leftmost."""
    of_path = [found, *(i for i, text in texts.items() if (known := meaning(text, words)) and known[1] == path)]
    own, last = ([i for i in of_path if is_last(texts[i], field) is kind] for kind in (False, True))
    return (own or last)[0], last[0] if last else -1


def is_last(header: str, field: Field) -> bool:
    """Whether the days under this header are the last that count (有效期至), where the field's own are the first that do not."""
    known = set(map(key_of, field.last))
    return bool(known) and any(key in known or key.endswith("至") for key in word_keys(header))


def factor_of(word: str) -> int:
    """Minutes in one unit of a column: 学时（分钟） holds minutes, 学时（40分钟） says how long a lesson is."""
    header = word.lower()
    if lesson := _LESSON.search(header):
        return int(lesson[1])
    units = (_AMOUNT.sub("", part) for part in _BRACKETS.findall(header))
    return next((f for part in (*units, _BRACKETS.sub("", header)) for word, f in _UNITS if word in part), 1)


def unit_of(factor: int) -> str:
    """The unit of so many minutes, as :func:`factor_of` reads it in the brackets of a header word."""
    return {1: "分钟", 60: "小时", 45: "学时"}.get(factor) or f"学时（{factor}分钟）"


def ten_thousands(header: str, field: Field) -> int:
    """10,000 for a number under 经费（万元）, unless the field itself is declared so."""
    told = any("万" in part for part in _BRACKETS.findall(header)) and "万" not in field.label.zh
    return 10_000 if told and field.kind.name in ("hundredths", "people", "integer") else 1


def _check_unique(header: Header, row: Row) -> None:
    """Two columns under the very same word: which one is meant cannot be known."""
    for c in header.columns:
        same = [i for i, cell in enumerate(row.cells) if isinstance(cell, str) and key_of(cell) == key_of(c.header)]
        if len(same) > 1:
            raise HeaderError(
                Label("有几列的表头都是「{header}」（{cells}）；请改名或删去多余的列",
                      "several columns are headed {header} ({cells}); rename or delete all but one"),
                header=c.header, cells="、".join(cell_name(i, row.line) for i in same),
            )


def lacking(there: Set[tuple[str, ...]], record: Record, records: Mapping[str, Record]) -> Iterator[Field]:
    """The required fields of a record that columns of these paths do not give."""
    for f in record.fields:
        target = records.get(f.target)
        if target is None or not target.bulk:
            given = (f.name,) in there
        else:
            given = any(all((f.name, n) in there for n in finder) for finder in target.finders)
        if f.required and not given:
            yield f


def _check_complete(header: Header, record: Record, records: dict[str, Record]) -> None:
    for f in lacking({c.path for c in header.columns}, record, records):
        raise HeaderError(
            Label("表头（第 {line} 行）缺少「{field}」一列；请补上这一列，或用 commlms columns 指明哪一列是它。"
                  "commlms template {key} 可得到空表",
                  "the header (line {line}) lacks a column for {field}; add it, or say which one it is with 'commlms columns'. "
                  "'commlms template {key}' writes a blank table"),
            field=f.label, key=record.key, line=header.line,
        )


def sums(table: list[list[Any]], header: Header) -> set[int]:
    """The numbers of the rows that are a total (合计, 小计) or an example line (例：): recognised, shown, never counted."""
    begins = [cells[0] for cells in table if cells] if 0 in header.read_at else []
    if len(begins) == len(table) and {cell.__class__ for cell in begins} == {str}:
        ends, starts = "".join([cell[-1:] for cell in begins]), {cell[:1] for cell in begins}
        if len(ends) == len(table) and _NO_SUM_ENDS.fullmatch(ends) and starts.isdisjoint("例示样"):
            return set()
    return {i for i, cells in enumerate(table) if _is_sum(cells, header)}


def is_sum(text: str) -> bool:
    """Whether a row that begins with this text is one of sums: 合计, 第一季度小计."""
    return not text[-1:].isdigit() and is_total(text)


def _is_sum(cells: list[Any], header: Header) -> bool:
    filled = ((i, c) for i, c in enumerate(cells) if c not in ("", None) and not (isinstance(c, str) and c.isspace()))
    at, first = next(filled, (0, ""))
    if isinstance(first, str) and _EXAMPLE.match(first):
        return True
    # Before the word there may be a serial number, in a column that is not read.
    if at not in header.read_at and _NUMBER.match(narrow(str(first)).removesuffix(".0")):
        _, first = next(filled, (0, ""))
    return isinstance(first, str) and is_sum(first)
