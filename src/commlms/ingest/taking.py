"""From files to offers: what each file says for one sender, shape and period, before anything of it lands."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import attrs

from commlms.core.days import NotADate, Period, parse_day
from commlms.core.errors import CommLMSError, FileRefused
from commlms.core.labels import Label
from commlms.core.problems import Problem
from commlms.core.records import Record
from commlms.core.text import cell_name, file_name, key_of
from commlms.ingest.columns import Header, HeaderError, read_header
from commlms.ingest.importable import ONLY_IMPORTED, record_named
from commlms.ingest.mapping import apply, folder_of, saved_for
from commlms.ingest.readers import Sheet, open_sheets
from commlms.ingest.recognise import Senders
from commlms.ingest.shapes import SHAPES, Context, Part, ShapedSheet, Told, read
from commlms.store.database import Database
from commlms.store.geography import Geography

#: Words by which a file says that it is a later version, the latest last.
_LATER = (("补报", "补充"), ("重报", "更正", "修改", "修订", "更新", "再报"), ("最终", "定稿", "终稿"))
_COPY = re.compile(r"[（(]\s*(\d{1,2})\s*[)）]\s*$")
_VERSION = re.compile("|".join(word for words in _LATER for word in words) + r"|[（(]\s*\d{1,2}\s*[)）]|版|[\W_]+")
#: Files that lie in a folder and are nobody's delivery: hidden ones, and those of a program that has the real one open.
_NOISE = re.compile(r"^(\.|~\$)|^(thumbs\.db|desktop\.ini)$", re.IGNORECASE)
#: The rejected rows of an earlier take or import.
_REJECTS = re.compile(r"-rejects(-\d+)?\.(xlsx|csv)$", re.IGNORECASE)
#: Shapes of which one place sends many for one period, each of other activities.
BY_ACTIVITY = ("sign_in", "month_grid")
#: What an office decides itself, and nobody sends.
_OFFICE = ("place", "delivery", "same_learner", "same_session")

#: An activity as a file tells it: day and theme.
Activity = tuple[int, str]


@attrs.frozen
class TakeOptions:
    """What a person says of all files: the year of dates without one, the period, the sender; ``fewer`` takes what says much less.

    ``senders`` names the sender of single sheets, by file and sheet; ``columns`` is the folder of saved columns, beside the
    database if not given.
    """

    year: int | None = None
    period: Period | None = None
    under: int | None = None
    fewer: bool = False
    senders: Mapping[tuple[Path, str], int] = attrs.field(factory=dict)
    columns: Path | None = None


@attrs.frozen
class Paper:
    """A file that was given: where it is, what it is called below the folder that was given, and the folders it lies in."""

    path: Path
    name: str
    folders: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The file's own name, without the folders."""
        return Path(self.name).name


@attrs.frozen
class Refusal:
    """A file, or a sheet of it, that makes no delivery. ``aside``: it was none to begin with; ``places``: who may have sent it."""

    paper: Paper
    sheet: str
    why: Label
    aside: bool = False
    places: tuple[int, ...] = ()


class SenderUnknown(CommLMSError):
    """It cannot be told who sent a sheet: none of ``places`` for certain."""

    def __init__(self, why: Label, places: tuple[int, ...]) -> None:
        self.places = places
        super().__init__(why)


@attrs.frozen
class Offer:
    """What one file says for one sender, shape and period: taken, it is one delivery."""

    paper: Paper
    sender: int
    shape: str
    period: Period
    parts: tuple[Part, ...] = attrs.field(repr=False)
    digest: str = ""
    meetings: frozenset[Activity] = attrs.field(default=frozenset(), repr=False)

    @property
    def key(self) -> tuple[int, str, str]:
        """What a later delivery must have in common to replace it."""
        return self.sender, self.shape, self.period.key

    @property
    def sheet(self) -> str:
        """The names of its sheets."""
        return "、".join(dict.fromkeys(p.sheet for p in self.parts if p.sheet))

    @property
    def nil(self) -> bool:
        """Whether it says that there is nothing to report."""
        return all(p.nil for p in self.parts)

    @cached_property
    def rows(self) -> int:
        """Its rows, the lines not counted left out."""
        return sum(max(0, sum(1 for _ in p.table.rows()) - 1) for p in self.parts if not p.nil)

    @property
    def order(self) -> tuple[object, ...]:
        """Where it stands among others, whatever order the files are given in: of two versions the later one last, and behind what
        was done that there is nothing to report."""
        paper = self.paper
        return (self.nil, *self.key, revision(Path(paper.name).stem), paper.path.stat().st_mtime_ns, paper.name, self.sheet)


def revision(stem: str) -> tuple[int, int]:
    """How late a version a file's name says it is: by a word (重报, 最终), then by a copy's number."""
    word = max((rank for rank, words in enumerate(_LATER, start=1) if any(w in stem for w in words)), default=0)
    copy = _COPY.search(stem)
    return word, int(copy[1]) if copy else 0


def same_paper(one: str, other: str) -> bool:
    """Whether two file names differ in nothing but the words for a later version."""
    return _VERSION.sub("", Path(one).stem) == _VERSION.sub("", Path(other).stem)


def shape_label(shape: str, records: Mapping[str, Record]) -> Label:
    """A delivery's shape in words; of the table of a record what it is a table of."""
    name, _, record = shape.partition(":")
    label = SHAPES.get(name, Label(name, name))
    return records[record].label if record in records else label


def find_files(paths: Iterable[Path]) -> Iterator[Paper]:
    """Every file given, or below a folder given; each once."""
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            inside = (f for f in sorted(path.rglob("*")) if f.is_file())
            found = [_paper(f, path) for f in inside]
        elif path.exists():
            found = [Paper(path, file_name(path.name))]
        else:
            raise FileRefused(Label("没有文件 {file}；请核对位置", "there is no file {file}; check where it is"), file=file_name(path.name))
        for paper in found:
            noise = any(_NOISE.search(part) for part in Path(paper.name).parts)
            if not noise and paper.path.resolve() not in seen:
                seen.add(paper.path.resolve())
                yield paper


def _paper(path: Path, folder: Path) -> Paper:
    """A file below a folder that was given."""
    below = Path(file_name(str(path.relative_to(folder))))
    return Paper(path, str(below), (file_name(folder.resolve().name), *below.parts[:-1]))


class Taking:
    """Reads files into offers. ``secret`` keys the digest of what they say."""

    def __init__(
        self, database: Database, records: Mapping[str, Record], today: int, options: TakeOptions, secret: bytes = b"",
    ) -> None:
        self.database, self.records, self.options, self.secret = database, dict(records), options, secret
        self.columns = options.columns or folder_of(database.path)
        self.context = Context(records=records, today=today, year=options.year)
        self._senders: dict[int, Senders] = {}

    def record(self, part: Part) -> Record:
        """What a part's rows are."""
        record = record_named(part.record, self.records)
        assert record is not None
        return record

    def offers(self, paper: Paper) -> list[Offer | Refusal]:
        """What a file offers, and what of it is no delivery, with the reason."""
        path = paper.path
        if _REJECTS.search(path.name):
            return [Refusal(paper, "", Label(
                "是以前被拒的行；改在原文件里再收，或用 commlms import 导入",
                "rejected rows of an earlier run; correct them in the original file, or import them with 'commlms import'"), aside=True)]
        try:
            shaped = [self._shaped(s, paper.file) for s in open_sheets(path) if not s.hidden]
        except CommLMSError as error:
            # The file is named beside the reason already.
            why = Label(error.say("zh").removeprefix(f"{paper.file}："), error.say("en").removeprefix(f"{paper.file}: "))
            return [Refusal(paper, "", why)]
        parts = [p for s in shaped for p in s.parts]
        found: list[Offer | Refusal] = [
            # A page of explanations beside a table is no table.
            Refusal(paper, s.sheet, _placed(p), aside=bool(parts) and p.code == "no_table") for s in shaped for p in s.problems
        ]
        if not parts and not found:
            found.append(Refusal(paper, "", Problem("no_table").label()))
        groups: dict[tuple[int, str, Period], list[Part]] = {}
        for part in parts:
            try:
                groups.setdefault(self._key(part, paper), []).append(part)
            except SenderUnknown as error:
                found.append(Refusal(paper, part.sheet, error.label, places=error.places))
            except CommLMSError as error:
                found.append(Refusal(paper, part.sheet, Label(error.say("zh"), error.say("en"))))
        return [*found, *(self._offer(paper, key, some) for key, some in groups.items())]

    @cached_property
    def _geography(self) -> Geography:
        return Geography(self.database)

    def _shaped(self, sheet: Sheet, file: str) -> ShapedSheet:
        """A sheet's tables, its columns read as they were saved for its header words, or for those of a table made flat."""
        named, saved, _ = self._named(sheet)
        shaped = read(named, self.context, file)
        return attrs.evolve(shaped, parts=tuple(self._part_named(p, saved) for p in shaped.parts))

    def _part_named(self, part: Part, saved: tuple[Told, ...]) -> Part:
        table, told, record = self._named(part.table)
        return attrs.evolve(part, table=table, told=(*part.told, *saved, *told), record=record or part.record)

    def _named(self, sheet: Sheet) -> tuple[Sheet, tuple[Told, ...], str]:
        saved = saved_for(sheet, self.records, self.columns)
        if saved is None:
            return sheet, (), ""
        told = Told(cell_name(0, saved.line), Label(f"各列按 {saved.file} 读取", f"columns are read as {saved.file} says"))
        return apply(sheet, saved.line, saved.columns, self.records), (told,), saved.columns.record

    def _key(self, part: Part, paper: Paper) -> tuple[int, str, Period]:
        """Sender, shape and period of a part; raises an error that says which of them is not known."""
        if not part.nil and record_named(part.record, self.records) is None:
            raise CommLMSError(Problem("no_table").label())
        if part.record in _OFFICE:
            label = self.records[part.record].label
            raise CommLMSError(Label(
                f"是「{label.zh}」表，不是报送；请核对后用 commlms import {part.record} 导入",
                f"it is a table of {label.en} and no delivery; check it and import it with 'commlms import {part.record}'"))
        period = self._period(part)
        shape = f"table:{part.record}" if part.shape == "table" and part.record not in ONLY_IMPORTED else part.shape
        return self._sender(part, paper, period.last), shape, period

    def _sender(self, part: Part, paper: Paper, day: int) -> int:
        fixed = self.options.senders.get((paper.path, part.sheet), self.options.under)
        if fixed is not None:
            return fixed
        day = min(day, self.context.today)
        senders = self._senders.get(day) or self._senders.setdefault(day, Senders(self.database, day, self._geography))
        found = senders.find((*part.title, *part.foot), part.sheet, (*paper.folders, Path(paper.name).stem), self._organisers(part))
        if found.place is None:
            raise SenderUnknown(found.why(senders.geography, day), found.several or found.against or ())
        return found.place

    def _period(self, part: Part) -> Period:
        fixed, year = self.options.period, self.options.year
        own = part.period or (Period.year(year) if year else None)
        if own is None and fixed is None:
            raise CommLMSError(Label(
                "看不出是哪个时期的；请用 --period 或 --year 指明",
                "it does not say of which period it is; name it with --period or --year"))
        if own and year and not own.first // 10_000 <= year <= own.last // 10_000:
            raise CommLMSError(Label(
                f"写的是 {own.key}，不是 {year} 年的；请核对是否传错了文件",
                f"it is of {own.key}, not of {year}; check whether it is the right file"))
        if own and fixed and not own.overlaps(fixed):
            raise CommLMSError(Label(
                f"写的是 {own.key}，不在 {fixed.key} 之内；请核对是否传错了文件",
                f"it is of {own.key}, outside {fixed.key}; check whether it is the right file"))
        found = fixed or own
        assert found is not None
        return found

    def _offer(self, paper: Paper, key: tuple[int, str, Period], parts: list[Part]) -> Offer:
        meetings = frozenset(m for p in parts for m in self._meetings(p))
        return Offer(paper, *key, tuple(parts), self._digest(parts), meetings)

    def _digest(self, parts: Sequence[Part]) -> str:
        """What tells that the same is said again, in whatever file."""
        said = [[p.record, p.nil, [[str(c) for c in row.cells] for row in p.table.rows()]] for p in parts]
        return hmac.new(self.secret, json.dumps(said, ensure_ascii=False).encode(), hashlib.sha256).hexdigest()

    def header(self, part: Part) -> Header:
        """Which column of a part is what; raises :class:`HeaderError`."""
        return read_header(part.table, self.record(part), self.records, at_least=1)

    def _cells(self, part: Part, *names: str) -> Iterator[tuple[object, ...]]:
        """The cells of some fields, row by row; nothing where one of the columns is not there."""
        try:
            header = self.header(part)
        except HeaderError:
            return
        at = {c.path[0]: c.index for c in header.columns if len(c.path) == 1}
        if any(n not in at for n in names):
            return
        for row in part.table.rows():
            if row.line != header.line:
                yield tuple(row.cells[at[n]] if at[n] < len(row.cells) else "" for n in names)

    def _meetings(self, part: Part) -> Iterator[Activity]:
        if part.record in ONLY_IMPORTED:
            for on, theme in self._cells(part, "on", "theme"):
                try:
                    yield parse_day(on), key_of(str(theme))
                except NotADate:
                    continue

    def _organisers(self, part: Part) -> list[str]:
        """The organiser, where all rows have the same."""
        found = {str(c) for c, in self._cells(part, "institution")} - {""} if part.record in ONLY_IMPORTED else set()
        return sorted(found) if len(found) == 1 else []


def _placed(problem: Problem) -> Label:
    """What is wrong with a whole sheet, with the cell where there is one."""
    return Label(problem.say("zh"), problem.say("en"))
