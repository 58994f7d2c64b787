"""The attendance list (签到): who came to what, people and session both told as the paper tells them.

One row names a person and the session; the session's columns may be the same in every row (a sign-in sheet has them in
its title).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import attrs

from commlms.core.kinds import KINDS
from commlms.core.labels import Label
from commlms.core.learners import Learner
from commlms.core.problems import Problem
from commlms.core.programs import Participation, Session
from commlms.core.records import Field, Record, record_of
from commlms.core.text import cell_name
from commlms.ingest.ledger import LEDGER
from commlms.ingest.provenance import Provenance, Said
from commlms.ingest.rows import RowReader
from commlms.ingest.sessions import Meeting, Sessions
from commlms.ingest.staging import Rows, Stage
from commlms.ingest.unmatched import Unmatched, Visit, count_unmatched, put_headcounts, stored_headcounts
from commlms.ingest.who import Known, Told, Who, write_learners
from commlms.store.database import TakeBack, each
from commlms.store.journal import COUNTS, count_entry, keep_old, open_entry

if TYPE_CHECKING:
    from commlms.ingest.columns import Header
    from commlms.ingest.load import Importer, ImportOptions, ImportResult
    from commlms.ingest.readers import Sheet

_SESSION, _LEARNER = record_of(Session), record_of(Learner)
#: The fields of a session that an attendance list can tell. Its own minutes are the session's; ``attended`` the person's.
_OF_SESSION = (
    "code", "institution", "on", "start", "theme", "minutes", "place", "venue", "category", "form", "mode", "program", "audience",
)
_OF_LEARNER = ("name", "sex", "born", "id_number", "home")


def _attended() -> Field:
    return attrs.evolve(record_of(Participation).field("minutes"), name="attended", aliases=("参与分钟", "参加时长", "个人时长"))


#: A session's fields and how many were there, those a learner is found by, and how long they stayed.
ATTENDANCE: Record = Record(
    "attendance", Label("签到", "attendance"),
    (
        *(attrs.evolve(_SESSION.field(n), required=False) if n == "institution" else _SESSION.field(n) for n in _OF_SESSION),
        LEDGER.field("present"),
        # What stands under 编号 in such a list is nearly always its own serial number.
        attrs.evolve(_LEARNER.field("code"), name="learner_code", aliases=("学员号",)),
        *(attrs.evolve(_LEARNER.field(n), dated=False) for n in _OF_LEARNER),
        Field("phone", Label("电话", "phone"), KINDS["text"], required=False, tier="personal",
              aliases=("联系电话", "手机", "手机号", "手机号码", "联系方式")),
        _attended(),
    ),
    identity=("institution", "on", "theme", "name"), bulk=True,
)


def land_attendance(
    importer: Importer, table: Sheet, header: Header, options: ImportOptions, result: ImportResult, journal: int | None,
    provenance: Provenance | None,
) -> None:
    """Land one attendance list in one transaction; what it did is added to ``result``.

    A row that names nobody for certain lands as a visit, held or unnamed. Without ``journal`` the list is a write of its
    own; with it, part of that one, whose counts its maker adds up. ``provenance`` notes which cell said which kept row.
    """
    database = importer.database
    database.check_writable()
    result.header, result.table, result.unread_columns = header, table, header.unread
    stage = Stage(database, ATTENDANCE, importer.records, header)
    try:
        rows = _read(importer, stage, header, table, options, result)
        with database.transaction():
            List(importer, stage.given, rows, result).land(options, journal, provenance)
            result.tell(result.problems, header)
            if options.dry_run or (options.strict and result.problems):
                raise TakeBack
    except TakeBack:
        result.journal = None
    finally:
        stage.drop()
    if importer.landed and journal is None and result.journal is not None:
        importer.landed("participation", result.journal, result)


def _read(
    importer: Importer, stage: Stage, header: Header, table: Sheet, options: ImportOptions, result: ImportResult
) -> list[dict[str, Any]]:
    """The good rows, staged and checked by themselves; each has an organiser."""
    lookups = importer.lookups(options.under)
    read = RowReader(stage, header, lookups, importer.reading, table).run(options.progress)
    result.read, result.not_counted = read.read + read.not_counted, read.not_counted
    result.unread_columns = (*header.unread, *read.headless)
    result.problems += read.problems
    own = lookups.own_institutions()
    if len(own) == 1:
        stage.database.execute("UPDATE temp.stage SET institution = ? WHERE institution IS NULL", (own[0],))
    label = ATTENDANCE.field("institution").label
    lacking = stage.database.execute("SELECT line FROM temp.stage WHERE institution IS NULL").fetchall()
    told = any(c.path == ("institution",) for c in header.columns)
    problems = [
        Problem("no_organiser", "institution", line, "" if told else cell_name(0, line), {"field": label}) for (line,) in lacking
    ]
    for p in problems:
        stage.mark(p.line, 1)
    result.problems += problems
    if importer.checks:
        objections = [o.problem() for o in importer.checks(ATTENDANCE, Rows(stage.database))]
        for p in objections:
            stage.mark(p.line, 1)
        result.problems += objections
    return list(Rows(stage.database))


@attrs.define
class Visited:
    """One participation as the list makes it. ``said``: by how many of its rows."""

    minutes: int | None
    fresh: bool = True
    changed: bool = False
    said: int = 0


class List:
    """One attendance list against the store: every row resolved in memory, then all of it written."""

    def __init__(self, importer: Importer, given: set[str], rows: list[dict[str, Any]], result: ImportResult) -> None:
        self.importer, self.database, self.result = importer, importer.database, result
        self.sessions = Sessions(self.database, rows, frozenset(given))
        self.told = {r["line"]: Told.of(r) for r in rows if r["line"] in self.sessions.of}
        self.minutes: dict[int, int | None] = {r["line"]: r["attended"] for r in rows}
        stored = {m.id for m in self.sessions.all if not m.fresh}
        self.unmatched = Unmatched(self.database, stored)
        self.who = Who(self.database, list(self.told.values()), self.unmatched.decided)
        self.visits = self._stored_visits(stored)
        self.learners: dict[int, Known] = {}
        self.notes: list[tuple[str, Said]] = []

    def _stored_visits(self, sessions: set[int]) -> dict[tuple[int, int], Visited]:
        rows = self.database.execute(
            f"SELECT learner, session, minutes FROM participation WHERE session IN ({each(sessions)})"
        )
        return {(learner, session): Visited(minutes, fresh=False) for learner, session, minutes in rows}

    def land(self, options: ImportOptions, journal: int | None, provenance: Provenance | None) -> None:
        """Resolve every row, the strongest first, and write what is new, inside a transaction."""
        done = {t.line: self._row(t) for t in sorted(self.told.values(), key=self._rank)}
        refused = [p for p in done.values() if isinstance(p, Problem)]
        self.sessions.leave_out(p.line for p in refused)
        self.result.problems += [*self.sessions.problems, *refused]
        self.result.rejected = len({p.line for p in self.result.problems})
        headcounts = self._present()
        made = {m.id for m in self.sessions.all if m.fresh}
        told_anew = {m.id for m in self.sessions.changed()} | {s for s, (_, differs) in headcounts.items() if differs} - made
        counts = Counter(
            "changed" if status == "unchanged" and self.sessions.of[line].id in told_anew else status
            for line, status in done.items() if not isinstance(status, Problem)
        )
        for name, number in counts.items():
            setattr(self.result, name, getattr(self.result, name) + number)
        if journal is None:
            journal = self.result.journal = self._journal(options)
        self._write(journal, {s: told for s, (told, differs) in headcounts.items() if differs})
        if provenance is not None:
            self._note(journal, provenance)

    def _rank(self, told: Told) -> tuple[object, ...]:
        """The strongest first; then by what a row says and never by its line, so that the order of lines changes nothing."""
        meeting = self.sessions.of[told.line]
        facts = tuple((v is None, v) for v in (told.code, told.row, told.digest, *told.facts))
        return told.strength, facts, -int(meeting.stored["on"] or 0), meeting.id, -(self.minutes[told.line] or 0)

    # -- a row ------------------------------------------------------------------------------

    def _row(self, told: Told) -> str | Problem:
        """Who came; gives which count the row goes into."""
        meeting, minutes = self.sessions.of[told.line], self.minutes[told.line]
        # Who is named by a code or card is never one of those who were nobody.
        former = None if told.keyed or meeting.fresh else self.unmatched.take(meeting.id, told.facts, minutes)
        found = self.who.by_row[former.who] if former is not None and former.who is not None else self.who.find(told)
        if isinstance(found, Problem):
            return found
        if isinstance(found, Known):
            return self._came(told, found, meeting, former)
        if former is None:
            former = self.unmatched.add(meeting.id, told.facts, minutes, found.state)
            self.notes.append(("unmatched", Said(told.line, former.id, 0, True)))
            return found.state
        self.notes.append(("unmatched", Said(told.line, former.id, 0, False)))
        return "changed" if self.unmatched.keep(former, minutes) else "unchanged"

    def _came(self, told: Told, who: Known, meeting: Meeting, former: Visit | None) -> str:
        minutes, learnt = self.minutes[told.line], self.who.learn(who, told)
        self.learners[who.id] = who
        visit = self.visits.setdefault((who.id, meeting.id), Visited(minutes))
        visit.said += 1
        first = visit.said == 1
        other = first and minutes is not None and minutes != visit.minutes
        if other:
            visit.minutes, visit.changed = minutes, True
        self.notes.append(("learner", Said(told.line, who.id, 0, who.fresh)))
        self.notes.append(("participation", Said(told.line, who.id, meeting.id, visit.fresh)))
        known_now = former is not None and former.who is None
        if former is not None:
            if known_now:
                self.unmatched.remove(former)
            else:
                self.notes.append(("unmatched", Said(told.line, former.id, 0, False)))
        if first and visit.fresh and not known_now:
            return "new"
        return "changed" if other or known_now or (learnt and not who.fresh) else "unchanged"

    # -- writing ----------------------------------------------------------------------------

    def _present(self) -> dict[int, tuple[tuple[int, int], bool]]:
        """By session how many were there as the list says, and whether that is not stored."""
        given = {m.id: m.told_together("present", "present_about") for m in self.sessions.all}
        stored = stored_headcounts(self.database, "present", given)
        return {
            session: (told, (*told,) != stored.get(session, (0, None, None))[1:])
            for session, told in given.items() if told is not None
        }

    def _journal(self, options: ImportOptions) -> int:
        result, importer = self.result, self.importer
        journal = open_entry(
            self.database, importer.actor, importer.reason, options.action, ATTENDANCE.key, result.file, options.under_code
        )
        count_entry(self.database, journal, **{name: getattr(result, name) for name in COUNTS})
        return journal

    def _write(self, journal: int, present: dict[int, tuple[int, int]]) -> None:
        visits = {pair: v for pair, v in self.visits.items() if v.said and (v.fresh or v.changed)}
        changed = {m.id for m in self.sessions.changed()}
        better = {n for n, k in self.learners.items() if k.filled}
        if not (visits or changed or better or present or self.unmatched.differs):
            return
        with self.importer.totals.changing() as touched:
            touched.learners(each({learner for learner, _ in visits} | better))
            touched.learners(f"SELECT learner FROM participation WHERE session IN ({each(changed)})")
            touched.sessions(each(m.id for m in self.sessions.all))
            touched.take_off()
            self.sessions.write(journal)
            write_learners(self.database, journal, self.learners.values())
            self._write_visits(journal, visits)
            self.unmatched.write(journal)
            put_headcounts(self.database, journal, "present", dict(present))
            count_unmatched(self.database, journal, self.unmatched.touched)

    def _write_visits(self, journal: int, visits: dict[tuple[int, int], Visited]) -> None:
        changed = [pair for pair, v in visits.items() if not v.fresh]
        if changed:
            pairs = f"SELECT value ->> 0, value ->> 1 FROM json_each('{list(map(list, changed))}')"
            keep_old(self.database, journal, "participation", ("learner", "session"), "change", pairs)
        self.database.many(
            "UPDATE participation SET minutes = ?, journal = ? WHERE learner = ? AND session = ?",
            ((visits[pair].minutes, journal, *pair) for pair in changed),
        )
        self.database.many(
            "INSERT INTO participation (learner, session, minutes, journal) VALUES (?, ?, ?, ?)",
            ((*pair, v.minutes, journal) for pair, v in sorted(visits.items()) if v.fresh),
        )

    def _note(self, journal: int, provenance: Provenance) -> None:
        """Note which row said what is kept now; of what all rows of a session say together, its first one."""
        notes: dict[str, list[Said]] = defaultdict(list)
        for table, said in self.notes:
            notes[table].append(said)
        for meeting in self.sessions.all:
            notes["session"].append(Said(meeting.line, meeting.id, 0, meeting.fresh))
        notes["headcount"] = list(self._heads({said.number for said in notes["unmatched"]}, journal))
        for table, rows in notes.items():
            provenance.note(journal, table, rows)

    def _heads(self, unmatched: set[int], journal: int) -> Iterator[Said]:
        """How many came, as far as this list says it: another may say it of the same session. ``unmatched``: its lines of nobody."""
        said = {
            "present": {m.id: m.line for m in self.sessions.all if m.told("present") is not None},
            "unmatched": {m.id: m.line for m in self.sessions.all if not unmatched.isdisjoint(_lines(m))},
        }
        found = {n: lines[s] for c, lines in said.items() for s, (n, *_) in stored_headcounts(self.database, c, lines).items()}
        made = {n for (n,) in self.database.execute(
            f"SELECT h.id FROM headcount h WHERE h.id IN ({each(found)}) AND h.journal = ?1 AND NOT EXISTS "
            "(SELECT 1 FROM journal_old o WHERE o.journal = ?1 AND o.\"table\" = 'headcount' AND o.k1 = h.id)", (journal,),
        )}
        yield from (Said(line, number, 0, number in made) for number, line in found.items())


def _lines(meeting: Meeting) -> list[int]:
    return [int(row["line"] or 0) for row in meeting.rows]
