"""LMS: opens a database and its plugin host and hands out the services. It delegates and holds no logic."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from commlms.core.days import Period, to_int
from commlms.core.errors import FileRefused, StoreError, UnknownName
from commlms.core.events import WriteEvent
from commlms.core.kinds import Reading
from commlms.core.labels import Label, Lang, default_lang
from commlms.core.metrics import Metric
from commlms.core.policies import Policy
from commlms.core.records import Record, record_of
from commlms.core.registry import Registry
from commlms.host import Host
from commlms.ingest.adoption import adopt_words
from commlms.ingest.importable import ONLY_IMPORTED
from commlms.ingest.load import Importer, ImportOptions, ImportResult
from commlms.ingest.mapping import folder_of
from commlms.ingest.outgoing import Outgoing
from commlms.ingest.people import People
from commlms.ingest.rejects import RejectsNotWritten, check_rejects, write_rejects
from commlms.ingest.sameness import Decisions
from commlms.ingest.single import Writer
from commlms.measure.conflicts import SideBySide, side_by_side
from commlms.measure.explain import Explanation, explain
from commlms.measure.figures import Figure, Figures
from commlms.measure.judge import Judge, Judgement
from commlms.measure.totals import Totals
from commlms.measure.words import Words
from commlms.store.archive import Archive
from commlms.store.database import Database
from commlms.store.doctor import Finding, examine
from commlms.store.geography import Geography, Tree, place_tree
from commlms.store.identity import digester
from commlms.store.journal import Actor, Entry, entries, open_entry
from commlms.store.schema import migrate, stored_records
from commlms.store.tables import ShownRow, Tables

if TYPE_CHECKING:
    from commlms.office import Office

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _of_one_moment(read: Callable[Concatenate[LMS, _P], _T]) -> Callable[Concatenate[LMS, _P], _T]:
    """A method whose reads are all of one moment."""

    @wraps(read)
    def run(lms: LMS, /, *given: _P.args, **named: _P.kwargs) -> _T:
        with lms.moment():
            return read(lms, *given, **named)

    return run


class LMS:
    """One database with its plugins, as one actor.

    ``path`` is a file (made if absent) or None for a database in memory; or give an open ``connection`` with foreign keys on. ``today``
    fixes the clock. ``host`` shares a loaded host. ``invented`` marks a new database as a demonstration: everything it puts out says so.
    ``people`` exports and erases what is held about a person; ``tables`` reads rows as shown, one row, and its history; ``sheets``
    gives templates, exports, the schema; ``archive`` keeps what was taken. What a method writes is one transaction, or one per batch.
    """

    def __init__(
        self, path: str | Path | None = None, *, connection: sqlite3.Connection | None = None, actor: Actor | None = None,
        reason: str = "", host: Host | None = None, without: Iterable[str] = (), plugins_dir: str | Path | None = None,
        today: dt.date | None = None, lang: Lang | None = None, keys: list[bytes] | None = None, invented: bool = False,
    ) -> None:
        self.host = host or Host(without=without, plugins_dir=plugins_dir)
        self.database = Database(path, connection)
        self.actor, self.reason, self.lang = actor or Actor("local"), reason, lang or default_lang()
        self.today = to_int(today or dt.date.today())
        self._keys, self._waiting = keys, list[WriteEvent]()
        migrate(self.database, self.host.owners())
        self.totals = Totals(self.database)
        self.totals.declare(dict(self.host.metrics_by_plugin()))
        stored = {key: record for key, (_, record) in stored_records(self.database).items()}
        self.records: dict[str, Record] = {**stored, **self.registry.records}
        self.words = adopt_words(self.database, self.records.values(), self.totals, self.actor, self.registry.words)
        self.tables = Tables(self.database, self.records)
        self.sheets = Outgoing(self.tables, self.record, self.registry)
        self.archive = Archive(self.database, keys, self.actor, reason, self.today)
        self._decisions = Decisions(self.database, self.tables, self.totals, self.actor, reason, self._announce)
        self.people = People(self.database, self.tables, self.totals, self.actor, reason)
        if invented:
            self._set_invented()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database if this LMS opened it, and the engine of a lake."""
        self.totals.close()
        self.database.close()

    @property
    def registry(self) -> Registry:
        """Everything the core and the plugins declare."""
        return self.host.registry

    # -- what is asked for by name ----------------------------------------------------------------

    def record(self, key: str | type) -> Record:
        """A record by key (``ledger`` and ``attendance`` too) or class; raises :class:`UnknownName`."""
        return ONLY_IMPORTED[key] if isinstance(key, str) and key in ONLY_IMPORTED else self.tables.record(key)

    def metric(self, key: str) -> Metric:
        """A metric by key; raises :class:`UnknownName`."""
        if key not in self.registry.metrics:
            raise UnknownName(what=Label("指标", "metric"), name=key, hint=Label(
                f"插件 {key.split('.')[0]} 是否已加载？commlms metrics 列出全部",
                f"is the plugin {key.split('.')[0]} loaded? 'commlms metrics' lists them all"))
        return self.registry.metrics[key]

    def place(self, code: str, day: int | None = None) -> int:
        """The id of a place by code or name on a day (today if None); raises :class:`UnknownName`."""
        geography, day = Geography(self.database), day or self.today
        found = geography.find(code, day)
        if len(found) > 1:
            several = "、".join(f"{s.code} {s.name}" for p in found[:5] if (s := geography.at(p, day)))
            raise UnknownName(
                Label("「{name}」可以是这些地点：{several}；请用代码", "{name} could be any of {several}; use the code"),
                name=code, several=several,
            )
        if not found:
            raise UnknownName(what=Label("地点", "place"), name=code, hint=Label(
                "commlms list place 列出地点", "'commlms list place' lists the places"))
        return found[0]

    # -- writing ----------------------------------------------------------------------------------

    def import_file(
        self, record: str | type, path: str | Path, *, under: str | None = None, dry_run: bool = False, strict: bool = False,
        sheet: str | None = None, rejects: str | Path | None = None, progress: Any = None, columns: str | Path | None = None,
    ) -> ImportResult:
        """Import a file into a record, or a ledger (``record='ledger'``).

        Good rows land, others become ``problems`` and, where ``rejects`` is given, a file to correct. Raises
        :class:`FileRefused` for a file that is no table, and before anything lands for rejects that cannot be written.
        If only writing them fails later, the error has the ``result``. Columns are read as saved in the folder ``columns``,
        without one in that beside the database.
        """
        options = ImportOptions(
            under=None if under is None else self.place(under), under_code=under or "", dry_run=dry_run, strict=strict,
            sheet=sheet, progress=progress, columns=Path(columns) if columns else folder_of(self.database.path),
        )
        if rejects is not None:
            check_rejects(Path(rejects), Path(path))
        result = self._importer().file(self.record(record), Path(path), options)
        if rejects is not None and result.problems and result.table and result.header:
            try:
                write_rejects(Path(rejects), result.table, result.header, result.problems, self.lang)
            except FileRefused as error:
                raise RejectsNotWritten(result, error) from None
        return result

    def add(self, rows: object, record: str | type | None = None) -> ImportResult:
        """Add rows: instances of record classes, or mappings by field name with ``record``.

        All or nothing. A row that exists is changed; with ``source`` and ``source_key`` it is found by them.
        Raises :class:`RowsRefused` with every problem.
        """
        many: list[Any] = list(rows) if isinstance(rows, (list, tuple)) else [rows]
        target = self.record(record) if record is not None else record_of(many[0])
        given = [dict(r) if isinstance(r, Mapping) else _fields_of(r) for r in many]
        return self._importer().rows(target, given, ImportOptions(action="add"))

    def set(self, record: str | type, reference: str, state: dt.date | None = None, /, **changes: Any) -> int:
        """Correct fields of one row, of dated fields in the latest state or the one that begins on ``state``.

        Gives the journal entry. What is no change stands by position, so that a field of any name can be corrected.
        """
        journal = self._writer().set(self.tables.record(record), reference, changes, None if state is None else to_int(state))
        self._announce(WriteEvent(journal, "set", self.tables.record(record).key, changed=1))
        return journal

    def remove(self, record: str | type, reference: str) -> int:
        """Remove one row; refused while others refer to it. Gives the journal entry, which can be undone."""
        journal = self._writer().remove(self.tables.record(record), reference)
        self._announce(WriteEvent(journal, "remove", self.tables.record(record).key, removed=1))
        return journal

    def check_in(self, learner: str, session: str, minutes: int | None = None) -> int:
        """One learner at one session; every later read shows it. Gives the journal entry, 0 if it stood already."""
        journal = self._writer(digests=False).check_in(learner, session, minutes)
        if journal:
            self._announce(WriteEvent(journal, "check_in", "participation", new=1))
        return journal

    def same(self, record: str, one: str, other: str) -> int:
        """Count two learners (the one known better stays) or sessions (``one`` stays) as one; gives the journal entry, 0 if they were."""
        return self._decisions.same(record, one, other)

    def different(self, record: str, one: str, other: str) -> int:
        """Decide that two learners or sessions are not one, and count them so; gives the journal entry, 0 if it stood already."""
        return self._decisions.different(record, one, other)

    def undo(self, journal: int) -> int:
        """Take a write back: the exact former content. Raises :class:`UndoRefused` where later writes rest on it."""
        done = self._writer().undo(journal)
        self._announce(WriteEvent(done, "undo", ""))
        return done

    def committed(self) -> None:
        """Tell plugins of what was written inside an embedding program's transaction, now that it is committed."""
        waiting, self._waiting = self._waiting, []
        # Of two events of one journal entry the earlier was rolled back (its number was used again), or is part of the later.
        for event in {e.journal: e for e in waiting}.values():
            # What the embedding program rolled back never happened.
            if self.database.one("SELECT EXISTS (SELECT 1 FROM journal WHERE id = ?)", (event.journal,)):
                self.host.after_write(event)

    # -- reading ----------------------------------------------------------------------------------

    def rows(self, record: str | type, *, current: bool = False, limit: int | None = None) -> Iterator[ShownRow]:
        """The rows of a record as shown; of dated records every state, or only the latest if ``current``."""
        return self.tables.rows(record, current=current, limit=limit)

    def imports(self, every: bool = False) -> list[Entry]:
        """The imports and deliveries, newest first, with counts and state; every other write too if ``every``."""
        return entries(self.database, *(() if every else ("import", "take")))

    def recount(self, check: bool = False) -> list[tuple[int, int, str, int, int]]:
        """Count everything again; gives what differed as (place id, year, column, kept, recounted).

        With ``check`` nothing is changed; without it the totals are replaced.
        """
        differing = self.totals.recount()
        if not check:
            with self.database.transaction():
                open_entry(self.database, self.actor, self.reason, "recount", "")
                self.totals.rebuild()
        return differing

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Around several reads: all see the database as it is at one moment, whoever writes meanwhile. Inside it nothing is written."""
        with self.totals.moment():
            yield

    def figures(self, period: str | Period, tree: Tree = "admin") -> Figures:
        """All figures of a period on a tree, each read when it is asked for: inside one :meth:`moment` they fit each other."""
        found = period if isinstance(period, Period) else Period.asked(period)
        with self.moment():
            return Figures(self.totals, self.records, found, tree, group=Words(self.registry).group)

    @_of_one_moment
    def metrics(
        self, period: str, *, place: str | None = None, level: str | None = None, tree: Tree = "admin", keys: Iterable[str] | None = None,
    ) -> list[tuple[Figures, Metric, Figure]]:
        """Figures of every metric (or of ``keys``) for the places below ``place`` of one ``level``."""
        figures = self.figures(period, tree)
        chosen = [self.metric(k) for k in keys] if keys is not None else list(self.registry.metrics.values())
        tops = [self.place(place, figures.period.last)] if place else [p for p in figures.tree.order if figures.tree.parents[p] is None]
        places = [p for top in tops for p in figures.tree.below(top)]
        if level:
            places = [p for p in places if figures.tree.nodes[p].level == level]
        return [(figures, m, figures.figure(m, p)) for p in places for m in chosen]

    @_of_one_moment
    def judge(
        self, policies: Iterable[str] | None = None, *, as_of: dt.date | None = None, place: str | None = None,
    ) -> list[tuple[Policy, Judgement]]:
        """The verdict of every target of the policies (all loaded ones if None), as of a day.

        With ``place`` only those about places there, and of a document that is for all of a place there what binds none of them.
        """
        day = self.today if as_of is None else to_int(as_of)
        cache: dict[tuple[Period, str], Figures] = {}

        def figures(period: Period, tree: str) -> Figures:
            if (period, tree) not in cache:
                cache[period, tree] = self.figures(period, "reporting" if tree == "reporting" else "admin")
            return cache[period, tree]

        judge = Judge(self.registry.metrics, self.host.names | {"core"}, figures)
        found = [(p, j) for p in self._policies(policies) for j in judge.policy(p, day)]
        if place is None:
            return found
        geography = Geography(self.database)
        trees = [place_tree(geography, day, tree) for tree in ("admin", "reporting")]
        inside = {p for tree in trees for p in tree.members(self.place(place, day))}
        return [(p, j) for p, j in found if inside.intersection(j.places or (geography.by_code(p.jurisdiction, day) or 0,))]

    def conflicts(self, judged: Sequence[tuple[Policy, Judgement]]) -> list[SideBySide]:
        """The contradictions that loaded documents name, of whose targets two or more are among these judgements, side by side."""
        return side_by_side(self.registry.policies.values(), judged)

    def _policies(self, keys: Iterable[str] | None) -> list[Policy]:
        loaded = self.registry.policies
        if keys is None:
            return sorted(loaded.values(), key=lambda p: p.id)
        by_any = {name: p for p in loaded.values() for name in (p.key, p.id, p.code)}
        for key in keys:
            if key not in by_any:
                raise UnknownName(what=Label("文件", "policy"), name=key, hint=Label(
                    "有：" + "、".join(sorted(loaded)), "there are: " + ", ".join(sorted(loaded))))
        return [by_any[k] for k in keys]

    @_of_one_moment
    def explain(self, name: str, *, place: str, period: str, tree: Tree | None = None) -> Explanation:
        """A metric's figure at a place, down to the last row. ``name`` is a metric, or a target that names one.

        Without ``tree`` a target is explained on the tree of its document, a metric on the administrative one.
        """
        named = ((p, t) for p in self.registry.policies.values() for t in p.targets if t.id == name)
        policy, target = next(named, (None, None))
        figures = self.figures(period, tree or (policy.tree_of(target) if policy and target else "admin"))
        metric = self.metric(target.metric if target else name)
        basis = target.basis if target else None
        return explain(figures, metric, self.place(place, figures.period.last), basis, Words(self.registry))

    def report(
        self, out: str | Path, period: str, *, place: str | None = None, lang: Lang | None = None, as_of: dt.date | None = None,
    ) -> Path:
        """Write the report of a period as .html, .xlsx, .json or .md; gives its path."""
        from commlms.report.build import write_report

        return write_report(self, Path(out), period, place, lang or self.lang, as_of)

    def doctor(self) -> list[Finding]:
        """Is the database whole? Every finding, the bad ones first."""
        return examine(self.database, self.host.owners(), self.host.names, self.archive)

    @property
    def office(self) -> Office:
        """An office's paper: deliveries from below, forms from above."""
        from commlms.office import Office

        return Office(self)

    # -- inside -----------------------------------------------------------------------------------

    def _reading(self, digests: bool = True) -> Reading:
        """What reading a cell depends on: today, the office key (a file, and every digest made under an older one), the plugins' words."""
        digest = digester(self.database, self._keys) if digests else None
        return Reading(self.today, digest, self.words, self.host.provide_audience)

    def _importer(self) -> Importer:
        return Importer(
            self.database, self.records, self.totals, self._reading(), self.actor, self.reason, self.host.check_rows, self._landed,
        )

    def _writer(self, digests: bool = True) -> Writer:
        return Writer(self.database, self.tables, self.totals, self._reading(digests), self.actor, self.reason, self.host.check_rows)

    def _landed(self, record: str, journal: int, result: ImportResult) -> None:
        self._announce(WriteEvent(journal, "import", record, new=result.new, changed=result.changed))

    def _announce(self, event: WriteEvent) -> None:
        if self.database.in_host_transaction:
            self._waiting.append(event)
        else:
            self.host.after_write(event)

    def _set_invented(self) -> None:
        if self.database.one("SELECT EXISTS (SELECT 1 FROM learner)"):
            raise StoreError(Label("已有学员的库不能再标为演示", "a database with learners can no longer be marked invented"))
        self.database.set_meta("invented", "1")

    @property
    def origin(self) -> Label | None:
        """Where the figures are from, if not from this database: of a lake, its state, level, and who could not be matched."""
        return self.totals.origin

    @property
    def invented(self) -> bool:
        """Whether the database holds invented data."""
        return self.database.meta("invented") == "1"


def _fields_of(row: object) -> dict[str, Any]:
    record = record_of(row)
    return {f.name: getattr(row, f.name) for f in record.fields if not f.host}
