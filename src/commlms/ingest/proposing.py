"""Which column is what, as far as a header's words and the cells below tell: a proposal that a person answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import attrs

from commlms.core.kinds import Reading
from commlms.core.labels import Label
from commlms.core.records import Field, Record
from commlms.core.text import key_of, narrow, person_name
from commlms.ingest.attendance import ATTENDANCE
from commlms.ingest.columns import (
    HEADER_DEPTH,
    HeaderError,
    fields_of,
    header_words,
    is_last,
    is_named,
    known_words,
    lacking,
    meaning,
    path_words,
)
from commlms.ingest.guessing import SAMPLED, Content, alike, is_day, is_id_number, is_name, is_phone
from commlms.ingest.importable import ONLY_IMPORTED, name_of
from commlms.ingest.ledger import LEDGER
from commlms.ingest.lookups import Lookups
from commlms.ingest.mapping import ColumnMap, load, signature
from commlms.ingest.readers import Row, Sheet
from commlms.ingest.shapes.grid import lines_of
from commlms.ingest.shapes.lines import is_serial_word
from commlms.ingest.shapes.titles import title_of
from commlms.ingest.shapes.words import DATE, THEME

#: A field of a record, or (reference, field of its target).
FieldPath = tuple[str, ...]
#: The score of the surest known word, and how much less a less sure one has: always more than what is only guessed.
_SURE, _STEP = 200, 10
#: From how many per cent on a word is like another, and cells fit a field; below it says nothing.
_LIKE, _FITS = 50, 60
#: Numbers of people go by many words (来了多少人), of which one character is the same.
_LIKE_PEOPLE = 25
#: A unit of time in the brackets of a header word.
_UNIT = re.compile(r"[（(][^）)]*(?:小时|分钟|学时|课时|hour|hrs|min)[^）)]*[）)]")
#: What content is worth by kind where nearly every cell fits: the more seldom a column fits by chance, the more.
_WORTH = {"id_number": 90, "clock": 70, "choice": 60, "name": 60, "birth": 60, "day": 50, "ref": 60, "text": 70}
#: What a record loses for each field that it needs and no column gives.
_LACKING = 150
#: How many sample rows are shown, and how many fields beside the proposed one.
_SHOWN, _OTHERS = 3, 4
#: How like its word a header word is that names a unit of time: 耍了多久（小时）.
_TIMED = 70
#: How many per cent of its rows a column fills that is proposed because it is left.
_FILLED = 80
#: What English headers call a field beside its label: too loose to import by, good enough to propose.
_ENGLISH: dict[str, tuple[str, ...]] = {
    "theme": ("activity", "activity name", "topic", "title", "subject", "lecture"), "on": ("when", "day", "held on"),
    "venue": ("where", "room", "location"), "present": ("participants", "attendance", "attendees", "number of people", "headcount"),
    "institution": ("organizer", "organised by", "organized by", "held by"), "minutes": ("duration", "length"),
    "home": ("address", "residence", "lives in"), "phone": ("phone number", "telephone", "mobile"), "born": ("birthday", "dob"),
}
#: What programs write, and what an activity ledger holds more of.
_WRITTEN = frozenset({"delivery", "unmatched", "same_learner", "same_session", "session", "attendance"})


@attrs.frozen
class Guess:
    """One column: its header word, the field it seems to be (``()`` for none), further ones, and masked cells of three rows.

    ``why``: ``word`` (the word is known), ``like`` (a word like it is), ``content``, ``left`` (the only text that is left for what
    is needed), ``saved`` (answered before), ``double`` (the word stands twice, which is never read), or empty.
    """

    index: int
    header: str
    path: FieldPath
    why: str
    others: tuple[FieldPath, ...]
    samples: tuple[str, ...]


@attrs.frozen
class Proposal:
    """What a sheet seems to be, column by column. ``line`` is its header's; ``rating`` compares records; ``told`` are the fields
    that the title above the header gives.
    """

    record: Record
    sheet: str
    line: int
    guesses: tuple[Guess, ...]
    rating: int
    told: frozenset[FieldPath] = frozenset()

    def lacking(self, paths: Iterable[FieldPath], records: dict[str, Record]) -> list[Field]:
        """The required fields that neither columns of these paths nor the title give."""
        return list(lacking({*paths, *self.told}, self.record, records))

    def missing(self, records: dict[str, Record]) -> int:
        """How many required fields no column is proposed for; of a ledger the sender tells the organiser."""
        lacks = self.lacking([g.path for g in self.guesses], records)
        return sum(1 for f in lacks if (self.record, f.name) != (LEDGER, "institution"))

    def answered(self, paths: Sequence[FieldPath]) -> ColumnMap:
        """The columns as answered, one path a guess."""
        return ColumnMap(
            name_of(self.record), {g.header: "__".join(path) for g, path in zip(self.guesses, paths, strict=True)},
        )


@attrs.frozen
class _Column:
    index: int
    header: str
    cells: tuple[Any, ...]
    double: bool


def propose(
    sheet: Sheet, candidates: Sequence[Record], records: dict[str, Record], reading: Reading, lookups: Lookups | None = None,
    folder: Path | None = None,
) -> Proposal:
    """The likeliest of the ``candidates`` with the likeliest field for each column; what is saved in ``folder`` comes first.

    Raises :class:`HeaderError` where no row can be a header.
    """
    words = {r.key: known_words(r, records) for r in candidates}
    header, columns = _table(sheet, list(words.values()))
    saved = load(folder, signature(c.header for c in columns), records)
    if saved and (answered := [r for r in candidates if name_of(r) == saved.record]):
        candidates = answered
    content = Content(attrs.evolve(reading, digest=lambda _: ""), lookups)
    shares: dict[tuple[Field, int], int | None] = {}
    proposals = []
    for record in candidates:
        scores = _scores(record, records, columns, content, shares)
        kept = {key_of(w): path for w, path in saved.columns.items()} if saved and saved.record == name_of(record) else {}
        told = title_facts(sheet, header.line, records) if record is ATTENDANCE else frozenset()
        proposal = _proposal(record, records, sheet.name, header.line, columns, scores, kept, told)
        proposals.append(_filled_up(proposal, columns, records))
    texts = [c.header for c in columns]

    def rating(proposal: Proposal) -> int:
        named = proposal.record.key == (saved and saved.record) or is_named(proposal.record, texts, words)
        return proposal.rating - _LACKING * (proposal.missing(records) + (not named))

    return max(proposals, key=rating)


def title_facts(sheet: Sheet, line: int, records: dict[str, Record]) -> frozenset[FieldPath]:
    """The fields of an attendance list that what stands above its header gives: the activity of a sign-in sheet, its day."""
    title = title_of([above for above in lines_of(sheet) if above.number < line])
    words = {*title.facts, *([THEME] if title.theme(sheet.name) else ()), *([DATE] if title.day() else ())}
    known = known_words(ATTENDANCE, records)
    return frozenset(found[1] for word in words if (found := meaning(word, known)))


def _filled_up(proposal: Proposal, columns: Sequence[_Column], records: dict[str, Record]) -> Proposal:
    """Where one text is needed still and one column of texts is left, that column is proposed for it."""
    taken = [g.path for g in proposal.guesses]
    needed = [f for f in proposal.lacking(taken, records) if f.kind.name == "title"]
    left = [at for at, (g, c) in enumerate(zip(proposal.guesses, columns, strict=True)) if not g.path and not g.why and _is_text(c)]
    if len(needed) != 1 or len(left) != 1:
        return proposal
    (at,), (field,) = left, needed
    guess = attrs.evolve(proposal.guesses[at], path=(field.name,), why="left", samples=_samples(columns[at], field))
    return attrs.evolve(proposal, guesses=(*proposal.guesses[:at], guess, *proposal.guesses[at + 1:]))


def _is_text(column: _Column) -> bool:
    """Whether nearly every row has a text there, and most another one: a remark is rare, a kind of thing comes again."""
    texts = [c for c in column.cells if isinstance(c, str) and len(narrow(c)) > 1 and not is_day(c) and not is_phone(c)]
    texts = [t for t in texts if not t.strip().isdigit() and not is_name(t)]
    return 100 * len(texts) >= _FILLED * len(column.cells) > 0 and 2 * len(set(texts)) >= len(texts)


def importable(records: dict[str, Record]) -> list[Record]:
    """The records whose rows people write in tables, those with activities first."""
    return [*ONLY_IMPORTED.values()] + [r for r in records.values() if r.key not in _WRITTEN]


def path_label(path: FieldPath, record: Record, records: dict[str, Record]) -> Label:
    """What a field is called: with the reference it is reached through, if it is."""
    field = fields_of(record, records)[path]
    if len(path) == 1:
        return field.label
    owner = record.field(path[0]).label
    zh = field.label.zh if field.label.zh.startswith(owner.zh) else owner.zh + field.label.zh
    return Label(zh, f"{owner.en}: {field.label.en}")


def _table(sheet: Sheet, known: Sequence[dict[str, tuple[int, FieldPath]]]) -> tuple[Row, list[_Column]]:
    """The header row, which has most texts that are words and no values; and the columns below it."""
    rows = list(islice(sheet.rows(), HEADER_DEPTH + SAMPLED))

    def rating(row: Row) -> int:
        words = header_words(row)
        if len(words) < 2 or len(words) < sum(1 for c in row.cells if c not in ("", None)) or _of_a_person(row, words, rows):
            return 0
        values = sum(1 for w in words.values() if is_day(w) or is_phone(w) or narrow(w).isdigit() or len(w) > 30)
        recognised = max(sum(1 for w in words.values() if meaning(w, k)) for k in known)
        return 1 + 3 * recognised + len(set(words.values())) - 3 * values

    header = max(rows[:HEADER_DEPTH], key=rating, default=Row(0, []))
    if rating(header) < 3:
        raise HeaderError(Label(
            "没有一行像表头（至少两个不同的词）；请核对是否选对了工作表", "no row looks like a header (two different words at least); "
            "check whether it is the right sheet",
        ))
    # What is merged downwards from the header says how many lines it has.
    last = max((bottom + 1 for (top, _), (bottom, _) in sheet.merges if top + 1 == header.line), default=header.line)
    words, below = header_words(header), [r.cells for r in rows if r.line > last]
    keys = [key_of(w) for w in words.values()]
    return header, [
        _Column(i, w, tuple(c[i] for c in below if i < len(c)), keys.count(key_of(w)) > 1) for i, w in words.items()
    ]


def _of_a_person(row: Row, words: Mapping[int, str], rows: Sequence[Row]) -> bool:
    """Whether a row is somebody's own: then a table has no header, and nothing of the row may be saved as if it were one."""
    below = [r.cells for r in rows if r.line > row.line]
    for column, word in words.items():
        if is_phone(word) or is_id_number(word):
            return True
        if is_name(word):
            cells = [c[column] for c in below if column < len(c) and c[column] not in ("", None)]
            if 100 * sum(map(is_name, cells)) >= _FITS * len(cells):
                return True
    return False


def _scores(
    record: Record, records: dict[str, Record], columns: Sequence[_Column], content: Content, shares: dict[tuple[Field, int], int | None],
) -> dict[tuple[int, FieldPath], tuple[int, str]]:
    """How well each column fits each field, by number of the column and path; and by what."""
    words, found = known_words(record, records), {}
    for path, field in fields_of(record, records).items():
        spelt = [*path_words(record, path, field), *_ENGLISH.get(path[-1], ())]
        for at, column in enumerate(columns):
            known = meaning(column.header, words)
            if known and known[1] == path:
                found[at, path] = (_SURE - _STEP * known[0], "word")
            elif not field.host and not is_serial_word(column.header):
                if (field, at) not in shares:
                    shares[field, at] = content.share(field, [c for c in column.cells if str(c).strip()][:SAMPLED])
                like, share = max(alike(column.header, w) for w in spelt), shares[field, at]
                if field.kind.name == "minutes" and _UNIT.search(column.header):
                    like, share = max(like, _TIMED), None  # 1.5 under hours is no minutes, and right
                score, why = _guessed(field, like, share)
                if score:
                    found[at, path] = (score, why)
    return found


def _guessed(field: Field, like: int, share: int | None) -> tuple[int, str]:
    """The score of a word that is not known, from its likeness and the share of cells that fit."""
    if share is not None and share < _FITS:
        # A place that is not known is a matter of the register of places, not of the column.
        if field.kind.name != "ref" or like < _LIKE:
            return 0, ""
        share = None
    worth = 0 if share is None else _WORTH.get(field.kind.name, 0) * share // 100
    if like >= (_LIKE_PEOPLE if field.kind.name == "people" else _LIKE):
        return like + worth, "like"
    return (worth + like // 10, "content") if worth else (0, "")


def _proposal(
    record: Record, records: dict[str, Record], sheet: str, line: int, columns: Sequence[_Column],
    scores: dict[tuple[int, FieldPath], tuple[int, str]], saved: Mapping[str, str], told: frozenset[FieldPath],
) -> Proposal:
    answers = {at: saved[key_of(c.header)] for at, c in enumerate(columns) if key_of(c.header) in saved}
    chosen: dict[int, tuple[FieldPath, str]] = {at: (tuple(filter(None, a.split("__"))), "saved") for at, a in answers.items()}
    chosen |= {at: ((), "double") for at, c in enumerate(columns) if c.double}
    fields = fields_of(record, records)

    def place(at: int, path: FieldPath) -> tuple[FieldPath, bool]:
        """What one column alone gives; a field's last days (有效期至) may stand beside its own."""
        return path, path in fields and is_last(columns[at].header, fields[path])

    rating, taken = 0, {place(at, path) for at, (path, _) in chosen.items()}
    for (at, path), (score, why) in sorted(scores.items(), key=lambda item: -item[1][0]):
        if at not in chosen and place(at, path) not in taken:
            chosen[at] = (path, why)
            taken.add(place(at, path))
            rating += score
    guesses = []
    for at, column in enumerate(columns):
        path, why = chosen.get(at, ((), ""))
        ranked = sorted(((s, p) for (a, p), (s, _) in scores.items() if a == at and p != path), reverse=True)
        samples = _samples(column, fields.get(path))
        guesses.append(Guess(column.index, column.header, path, why, tuple(p for _, p in ranked[:_OTHERS]), samples))
    return Proposal(record, sheet, line, tuple(guesses), rating, told)


def _samples(column: _Column, field: Field | None) -> tuple[str, ...]:
    return tuple(_masked(c, field) for c in column.cells[:_SHOWN])


def _masked(cell: Any, field: Field | None) -> str:
    """A cell as it may be shown: of what is personal, or may be, the beginning alone."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if is_name(cell) or (field is not None and field.kind.name == "name"):
        name = person_name(text)
        return name[:1] + "*" * (len(name) - 1)
    open_ = field is not None and field.tier == "plain" and not is_phone(cell) and sum(map(str.isdigit, text)) < 15
    return text if open_ or len(text) < 2 else f"{text[:4]}…" if len(text) > 6 else f"{text[:1]}…"
