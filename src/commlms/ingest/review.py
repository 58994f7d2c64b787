"""What only a person can decide: who somebody of an attendance list is, and which learners and which sessions are one.

A case shows what is needed to decide and nothing else. Every decision is one journal entry, which ``undo`` takes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

import attrs

from commlms.core.days import iso
from commlms.core.errors import CommLMSError
from commlms.core.events import WriteEvent
from commlms.core.labels import Label
from commlms.core.learners import Learner
from commlms.core.records import record_of
from commlms.ingest.doubles import possible_doubles
from commlms.ingest.unmatched import count_unmatched
from commlms.ingest.who import Known, Told, Unknown, Who, write_learners
from commlms.measure.totals import Totals
from commlms.store.database import Database, each
from commlms.store.geography import Geography
from commlms.store.journal import Actor, count_entry, keep_numbered, next_number, open_entry

Kind = Literal["held", "learner", "session"]
Verdict = Literal["same", "different"]

_BORN = record_of(Learner).field("born")

#: Pairs of learners that may be one: of one name, and born on one day, or at one home within a year or month that both fit.
_PAIRS = """
SELECT a.id, b.id FROM learner a JOIN learner b ON b.name = a.name AND b.id > a.id
    AND a.born_first <= b.born_last AND b.born_first <= a.born_last
WHERE COALESCE(a.sex, b.sex, '') = COALESCE(b.sex, a.sex, '')
AND COALESCE(a.id_number_digest, b.id_number_digest, '') = COALESCE(b.id_number_digest, a.id_number_digest, '')
AND (a.born_first = a.born_last AND b.born_first = b.born_last OR EXISTS (
    SELECT 1 FROM learner_state c JOIN learner_state d ON d.home = c.home WHERE c.owner = a.id AND d.owner = b.id))
AND NOT EXISTS (
    SELECT 1 FROM same_learner s WHERE s.learner = a.id AND s.main = b.id OR s.learner = b.id AND s.main = a.id)
AND COALESCE((SELECT s.main FROM same_learner s WHERE s.learner = a.id AND s.verdict = 'same'), a.id)
    <> COALESCE((SELECT s.main FROM same_learner s WHERE s.learner = b.id AND s.verdict = 'same'), b.id)
ORDER BY a.name, a.id, b.id
"""
_SEEN = 'SELECT p.learner, MAX(s."on") FROM participation p JOIN session s ON s.id = p.session WHERE p.learner IN ({}) GROUP BY p.learner'
_HELD = """
SELECT u.id, u.session, s."on", s.institution, u.name, u.sex, u.born_first, u.born_last, u.home, u.minutes
FROM unmatched u JOIN session s ON s.id = u.session WHERE u.state = 'held' ORDER BY s."on", u.session, u.name, u.turn
"""
_GONE = Label(
    "这一项已经判定过，或它的数据已经变了；请重新运行 commlms review",
    "this was decided meanwhile, or its rows have changed; run 'commlms review' again",
)
_NOBODY = Label(
    "没有这一位可选；请从所列的人中选，或判为不同",
    "there is no such candidate; choose one of those listed, or decide that it is somebody else",
)


@attrs.frozen
class Person:
    """What is shown of one: reference, name, birth as it is told, home, and the last day they came.

    Of a session: reference, theme, organiser and day.
    """

    reference: str
    name: str
    born: str
    home: str
    seen: str


@attrs.frozen
class Case:
    """One question. ``held``: is ``asked`` one of ``candidates``? ``learner``, ``session``: are ``asked`` and the candidate one?

    ``rows`` are the visits that the answer decides: the same name, birth and home at sessions of one organiser is asked once.
    """

    kind: Kind
    asked: Person
    candidates: tuple[Person, ...]
    rows: tuple[int, ...] = ()


@attrs.frozen
class _Held:
    """One held row of ``unmatched``."""

    id: int
    session: int
    on: int
    institution: int
    told: Told
    minutes: int | None


@attrs.frozen
class Review:
    """Lists the open cases of one database and writes decisions as one actor.

    ``same`` and ``different`` write what is decided of two learners or sessions.
    """

    database: Database
    totals: Totals
    actor: Actor
    reason: str
    same: Callable[[str, str, str], int]
    different: Callable[[str, str, str], int]
    announce: Callable[[WriteEvent], None] = lambda event: None

    def open_cases(self) -> list[Case]:
        """Everything that is open: held rows first, then learners that may be one, then sessions that may be."""
        return [*self._held_cases(), *self._pair_cases(), *self._double_cases()]

    def decide(self, case: Case, verdict: Verdict, choice: int = 0) -> int:
        """Write what was decided; gives the journal entry. ``same``: it is the candidate of number ``choice``.

        ``different``: it is none of them; of a held row that tells enough a new learner is made, else it stays an unnamed
        visit. Raises :class:`CommLMSError` where the case is open no longer, or has no such candidate.
        """
        if verdict == "same" and not 0 <= choice < len(case.candidates):
            raise CommLMSError(_NOBODY)
        if case.kind != "held":
            decide = self.same if verdict == "same" else self.different
            return decide(case.kind, case.asked.reference, case.candidates[choice].reference)
        with self.database.transaction():
            held = [h for h in self._held() if h.id in case.rows]
            if len(held) != len(case.rows):
                raise CommLMSError(_GONE)
            journal = open_entry(self.database, self.actor, self.reason, "decide", "unmatched")
            self._decide(held, case, verdict, choice, journal)
            count_entry(self.database, journal, changed=len(held))
        self.announce(WriteEvent(journal, "decide", "unmatched", changed=len(held)))
        return journal

    # -- cases ------------------------------------------------------------------------------

    def _held(self) -> list[_Held]:
        return [
            _Held(number, session, on, institution, Told(number, name, sex, first, last, home), minutes)
            for number, session, on, institution, name, sex, first, last, home, minutes in self.database.execute(_HELD).fetchall()
        ]

    def _held_cases(self) -> Iterator[Case]:
        """One for the rows of an organiser's sessions that say the same; two rows of one session are two people."""
        groups: dict[tuple[object, ...], list[_Held]] = defaultdict(list)
        nth: dict[tuple[object, ...], int] = defaultdict(int)
        for h in self._held():
            nth[h.session, h.told.facts] += 1
            groups[h.told.facts, h.institution, nth[h.session, h.told.facts]].append(h)
        who = Who(self.database, [some[0].told for some in groups.values()])
        shown, geography = self._shown(k.id for some in who.by_name.values() for k in some), Geography(self.database)
        for some in groups.values():
            told, found = some[0].told, who.fitting(some[0].told)
            candidates = found.candidates if isinstance(found, Unknown) else (found,)
            asked = Person(
                "", told.name, _BORN.show((told.first, told.last)), "" if told.home is None else geography.name(told.home),
                iso(max(h.on for h in some)),
            )
            yield Case("held", asked, tuple(shown[k.id] for k in _once(candidates)), tuple(h.id for h in some))

    def _pair_cases(self) -> Iterator[Case]:
        pairs = self.database.execute(_PAIRS).fetchall()
        shown = self._shown(number for pair in pairs for number in pair)
        for one, other in pairs:
            yield Case("learner", shown[one], (shown[other],))

    def _double_cases(self) -> Iterator[Case]:
        """Of a session theme, organiser and day are shown."""
        for d in possible_doubles(self.database):
            one, other = (Person(r, theme, "", who, d.on) for r, theme, who in zip((d.one, d.other), d.themes, d.organisers, strict=True))
            yield Case("session", one, (other,))

    def _shown(self, learners: Iterable[int]) -> dict[int, Person]:
        """Learners as they are shown, by number."""
        asked, uid, geography = each(set(learners)), self.database.uid, Geography(self.database)
        seen = dict(self.database.execute(_SEEN.format(asked)).fetchall())
        rows = self.database.execute(
            "SELECT t.id, t.code, t.name, t.born_first, t.born_last, (SELECT d.home FROM learner_state d WHERE d.owner = t.id "
            f"ORDER BY d.since DESC LIMIT 1) FROM learner t WHERE t.id IN ({asked})"
        )
        return {
            number: Person(
                code or f"#{number}.{uid}", name, _BORN.show((first, last)), "" if home is None else geography.name(home),
                iso(seen.get(number, 0)),
            )
            for number, code, name, first, last, home in rows
        }

    # -- decisions ----------------------------------------------------------------------------

    def _decide(self, held: Sequence[_Held], case: Case, verdict: Verdict, choice: int, journal: int) -> None:
        who = Who(self.database, [h.told for h in held])
        told = held[0].told
        by_reference = {k.code or f"#{k.id}.{self.database.uid}": k for k in who.by_row.values()}
        candidates = [by_reference[p.reference] for p in case.candidates if p.reference in by_reference]
        if len(candidates) != len(case.candidates):
            raise CommLMSError(_GONE)
        with self.totals.changing() as touched:
            person = candidates[choice] if verdict == "same" else who.new(told) if told.enough else None
            touched.sessions(each(h.session for h in held))
            if person is not None:
                touched.learners("SELECT ?", (person.id,))
            touched.take_off()
            self._write(held, person, journal)
            if verdict == "different" and person is not None:
                self._apart(person, candidates, journal)

    def _write(self, held: Sequence[_Held], person: Known | None, journal: int) -> None:
        """The rows are known now, or are nobody for good."""
        numbers, database = [h.id for h in held], self.database
        rows = each(numbers)
        if person is None:
            keep_numbered(database, journal, "unmatched", numbers, "change")
            database.execute(f"UPDATE unmatched SET state = 'unnamed', journal = ? WHERE id IN ({rows})", (journal,))
            return
        person.learn(held[0].told)
        write_learners(database, journal, [person])
        # Rows of this very write name the person, so that undo, which begins with those, takes back somebody new as well.
        first = next_number(database, "unmatched")
        anew = {h.id: first + i for i, h in enumerate(held)}
        columns = database.columns("unmatched")
        kept = [dict(zip(columns, r, strict=True)) for r in database.execute(f"SELECT * FROM unmatched WHERE id IN ({rows})").fetchall()]
        keep_numbered(database, journal, "unmatched", numbers, "remove")
        database.execute(f"DELETE FROM unmatched WHERE id IN ({rows})")
        decided = {"state": "decided", "who": person.id, "journal": journal}
        database.many(
            f"INSERT INTO unmatched VALUES ({', '.join('?' * len(columns))})",
            (tuple((row | decided | {"id": anew[row["id"]]}).values()) for row in kept),
        )
        database.many(
            "INSERT OR IGNORE INTO participation (learner, session, minutes, journal) VALUES (?, ?, ?, ?)",
            ((person.id, h.session, h.minutes, journal) for h in held),
        )
        self._note(held, anew, person, journal)
        count_unmatched(database, journal, {h.session for h in held})

    def _note(self, held: Iterable[_Held], anew: Mapping[int, int], person: Known, journal: int) -> None:
        """What a delivery said of a visit it says of the person's visit, and of the person where it made one."""
        notes = (
            (h.id, *note, journal) for h in held for note in (
                ("unmatched", anew[h.id], 0, 1), ("participation", person.id, h.session, 1), ("learner", person.id, 0, int(person.fresh)),
            )
        )
        self.database.many(
            'INSERT OR IGNORE INTO delivered (delivery, sheet, line, cell, "table", k1, k2, made, journal) '
            "SELECT delivery, sheet, line, cell, ?2, ?3, ?4, ?5, ?6 FROM delivered WHERE \"table\" = 'unmatched' AND k1 = ?1",
            notes,
        )

    def _apart(self, person: Known, candidates: Iterable[Known], journal: int) -> None:
        """Somebody new is none of those they might have been: that is not asked again."""
        number = next_number(self.database, "same_learner")
        self.database.many(
            "INSERT INTO same_learner (id, learner, main, verdict, journal) VALUES (?, ?, ?, 'different', ?)",
            ((number + i, person.id, k.id, journal) for i, k in enumerate(candidates)),
        )


def _once(candidates: Iterable[Known]) -> list[Known]:
    """Of those that are counted as one only the first, best the one they are counted as."""
    found: dict[int, Known] = {}
    for k in candidates:
        if k.main not in found or k.id == k.main:
            found[k.main] = k
    return list(found.values())
