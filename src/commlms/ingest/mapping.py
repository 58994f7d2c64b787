"""Which column of a street's own table is what, decided once and kept: by the header's words, in a small file that can be shared.

The file holds header words and fields only, no value of any row. A later file whose header has the same words, in any
order, is read by it without a question.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

import attrs

from commlms.core.errors import CommLMSError, FileRefused
from commlms.core.labels import Label
from commlms.core.records import Record
from commlms.core.text import key_of
from commlms.ingest.columns import HEADER_DEPTH, factor_of, fields_of, header_words, is_last, known_words, own_word, ten_thousands, unit_of
from commlms.ingest.importable import name_of, record_named
from commlms.ingest.readers import Block, Sheet

#: How many hexadecimal digits of the words' digest name a file.
_DIGITS = 16
#: Behind the word of a column that is not read: with it no field is known by that word.
_UNREAD = "·不读"
#: What takes off everything in brackets before a word is looked up would take the mark off too.
_OPENING = re.compile(r"[（(【\[]")
_HEAD = """\
# 列的对应（commlms columns 所存）：表头是这些词的文件，都按此读取。""  是不读的列。
# Which column is what, saved by 'commlms columns'. "" is a column that is not read.
"""


class ColumnsError(CommLMSError):
    """A saved file of columns names what does not exist, or one field twice."""

    label = Label("{file} 第 {line} 行「{key}」：{why}", "{file}, line {line}, {key}: {why}")


@attrs.frozen
class ColumnMap:
    """Header words to fields of one record. A field is named by its path (``home``, ``learner__name``), no field by ``""``."""

    record: str
    columns: Mapping[str, str]


def folder_of(database: Path | None) -> Path | None:
    """Where the columns of a database's senders are kept: beside its file; None for one in memory."""
    return None if database is None else database.with_name(f"{database.name}.columns")


def signature(words: Iterable[str]) -> str:
    """What the headers of one form share: a digest of their words, whatever their order, width of letters and spaces."""
    keys = sorted(filter(None, map(key_of, words)))
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:_DIGITS]


# -- the file -----------------------------------------------------------------------------------


def save(folder: Path, columns: ColumnMap, records: dict[str, Record]) -> Path:
    """Write the file of these header words, in place of an older one; gives its path. Raises :class:`FileRefused`."""
    record = record_named(columns.record, records)
    assert record is not None
    paths = {"__".join(path): f for path, f in fields_of(record, records).items()}
    lines = [_HEAD, f"record = {_quoted(columns.record)}  # {record.label.zh} {record.label.en}\n\n", "[columns]\n"]
    for word, name in columns.columns.items():
        label = paths[name].label if name else Label("不读", "not read")
        lines.append(f"{_quoted(word)} = {_quoted(name)}  # {label.zh} {label.en}\n")
    path = folder / f"{signature(columns.columns)}.toml"
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_text("".join(lines), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise FileRefused(Label(
            "写不了 {file}：{why}；请用 --columns 另指一个文件夹", "{file} cannot be written: {why}; name another folder with --columns",
        ), file=path.name, why=error.strerror or type(error).__name__) from None
    return path


def _quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def load(folder: Path | None, sign: str, records: dict[str, Record]) -> ColumnMap | None:
    """What was saved for a header's signature; None for nothing. Raises :class:`ColumnsError` with line and key."""
    path = folder / f"{sign}.toml" if folder else None
    if path is None or not path.is_file():
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        found = re.search(r"line (\d+)", str(error))
        raise ColumnsError(file=path.name, line=int(found[1]) if found else 1, key="", why=Label(
            "读不出来，或不是 UTF-8 的 TOML；请改正，或删去后再运行 commlms columns",
            "it cannot be read, or is no TOML in UTF-8; correct it, or delete it and run 'commlms columns' again",
        )) from None
    return _checked(path.name, text, data, records)


def _checked(file: str, text: str, data: Mapping[str, object], records: dict[str, Record]) -> ColumnMap:
    def wrong(key: str, zh: str, en: str) -> ColumnsError:
        starts = (_quoted(key), f"{key} ", f"{key}=", f"'{key}'")
        lines = (n for n, line in enumerate(text.splitlines(), start=1) if line.strip().startswith(starts))
        return ColumnsError(file=file, line=next(lines, 1), key=key, why=Label(zh, en))

    name, columns = data.get("record"), data.get("columns")
    record = record_named(name, records) if isinstance(name, str) else None
    if record is None:
        raise wrong("record", "没有这种登记；commlms schema 列出全部", "there is no such record; 'commlms schema' lists them all")
    if not isinstance(columns, dict):
        raise wrong("columns", "应为一个 [columns] 表", "this must be a table [columns]")
    known, taken = {"__".join(path): f for path, f in fields_of(record, records).items()}, set[tuple[str, bool]]()
    for word, path in columns.items():
        if path != "" and path not in known:
            raise wrong(word, f"「{record.label.zh}」没有字段 {path}；commlms schema {name} 列出全部",
                        f"{record.label.en} has no field {path}; 'commlms schema {name}' lists them all")
        place = path, path != "" and is_last(word, known[path])
        if path and place in taken:
            raise wrong(word, f"字段 {path} 已对应另一列；只能留一列", f"the field {path} already has a column; leave one only")
        taken.add(place)
    return ColumnMap(str(name), columns)


# -- reading by it ------------------------------------------------------------------------------


@attrs.frozen
class Saved:
    """What was saved for a sheet's header: the line that has it, the name of the file, and what the file says."""

    line: int
    file: str
    columns: ColumnMap


def saved_for(sheet: Sheet, records: dict[str, Record], folder: Path | None, record: str = "") -> Saved | None:
    """What was saved for the first row that can be the header, of any record or the one named; None for nothing."""
    for row in islice(sheet.rows(), HEADER_DEPTH) if folder is not None and folder.is_dir() else ():
        sign = signature(header_words(row).values())
        found = load(folder, sign, records)
        if found is not None and record in ("", found.record):
            return Saved(row.line, f"{sign}.toml", found)
    return None


def mapped(sheet: Sheet, record: Record, records: dict[str, Record], folder: Path | None) -> tuple[Sheet, str]:
    """The sheet under the record's own header words, if something was saved for its header; and that file's name, else ``""``."""
    saved = saved_for(sheet, records, folder, name_of(record))
    return (apply(sheet, saved.line, saved.columns, records), saved.file) if saved else (sheet, "")


def apply(sheet: Sheet, line: int, columns: ColumnMap, records: dict[str, Record]) -> Sheet:
    """The same sheet with the words of the header on ``line`` replaced by the fields' own; those not to be read by words nothing knows.

    Durations, money, floor space and numbers in 万 keep their unit. Header words that the map does not name stay as they are.
    """
    record = record_named(columns.record, records)
    assert record is not None
    own = {key_of(word): _own_word(word, path, record, records) for word, path in columns.columns.items()}

    def renamed(block: Block) -> Block:
        if line not in block.lines:
            return block
        at = block.lines.index(line)
        cells = [own.get(key_of(c), c) if isinstance(c, str) and c.strip() else c for c in block.table[at]]
        return Block(block.lines, [*block.table[:at], cells, *block.table[at + 1 :]])

    def blocks() -> Iterator[Block]:
        return map(renamed, sheet.blocks())

    return attrs.evolve(sheet, blocks=blocks)


def _own_word(word: str, name: str, record: Record, records: dict[str, Record]) -> str:
    """The word by which a header is found to hold this field and no other, with the unit that stands in the file's own."""
    if not name:
        return _OPENING.sub(" ", word) + _UNREAD
    path = tuple(name.split("__"))
    field, words = fields_of(record, records)[path], known_words(record, records)
    found = next(w for w in (own_word(field, records), name) if words.get(key_of(w), (0, ()))[1] == path)
    if field.kind.name == "minutes":
        return f"{found}（{unit_of(factor_of(word))}）"
    if is_last(word, field):
        return field.last[0]
    told = field.kind.scale.unit_in(word) if field.kind.scale else "万" if ten_thousands(word, field) > 1 else ""
    return f"{found}（{told}）" if told else found
