"""Who a row of an attendance list is: found among the stored learners and those the list makes, or left unknown.

In this order: learner code; ID number; name and birth date; name, birth year and home. Of two tellings the exacter one
wins where only one person fits. A name alone, or with a phone, is nobody: couples share a phone.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import attrs

from commlms.core.kinds import Stored
from commlms.core.learners import Learner
from commlms.core.problems import SINCE, Problem
from commlms.core.records import record_of
from commlms.ingest.staging import ID_BORN, ID_SEX
from commlms.store.database import Database, each
from commlms.store.journal import keep_numbered, keep_old, next_number

_LEARNER = record_of(Learner)

_KNOWN = """
WITH found(id) AS (
    SELECT t.id FROM json_each(?1) j CROSS JOIN learner t ON t.name = j.value
    UNION SELECT t.id FROM json_each(?2) j CROSS JOIN learner t ON t.id_number_digest = j.value
    UNION SELECT t.id FROM json_each(?3) j CROSS JOIN learner t ON t.code = j.value
    UNION SELECT t.id FROM json_each(?4) j CROSS JOIN learner t ON t.id = j.value
)
SELECT t.id, t.code, t.name, t.sex, t.born_first, t.born_last, t.id_number_digest, t.id_number_masked, COALESCE(s.main, t.id),
    (SELECT json_group_array(d.home) FROM learner_state d WHERE d.owner = t.id AND d.home IS NOT NULL)
FROM found f JOIN learner t ON t.id = f.id LEFT JOIN same_learner s ON s.learner = t.id AND s.verdict = 'same'
ORDER BY t.id
"""


@attrs.frozen
class Told:
    """What one row says of a person, as stored values. ``first`` and ``last``: the days between which they were born."""

    line: int
    name: str
    sex: str | None = None
    first: int | None = None
    last: int | None = None
    home: int | None = None
    code: str | None = None
    row: int | None = None
    digest: str | None = None
    masked: str | None = None

    @classmethod
    def of(cls, row: Mapping[str, Stored]) -> Told:
        """What a staged row says. An ID number tells birth date and sex, exacter than the columns beside it."""
        first, last, sex = row["born_first"], row["born_last"], row["sex"]
        if row["id_number_digest"] is not None:
            first, last, sex = row[ID_BORN], row[ID_BORN], row[ID_SEX]
        values = (
            row["line"], row["name"], sex, first, last, row["home"], row["learner_code"], row["learner_row"],
            row["id_number_digest"], row["id_number_masked"],
        )
        return cls(*values)  # type: ignore[arg-type]  # the staging table has these types

    @property
    def exact(self) -> bool:
        """Whether the day of birth is told."""
        return self.first is not None and self.first == self.last

    @property
    def keyed(self) -> bool:
        """Whether a code or an ID number says who it is."""
        return self.code is not None or self.row is not None or self.digest is not None

    @property
    def enough(self) -> bool:
        """Whether this can be one more person: by ID number, name and birth date, or name, birth year and home."""
        return self.exact or (self.first is not None and self.home is not None)

    @property
    def strength(self) -> int:
        """How surely this names a person: 0 a code, 1 an ID number, 2 a birth date, 3 birth year and home, 4 less."""
        if self.code is not None or self.row is not None:
            return 0
        return 1 if self.digest is not None else 2 if self.exact else 3 if self.enough else 4

    @property
    def facts(self) -> tuple[Stored, ...]:
        """What is kept of somebody who is not known: name, birth, sex, home."""
        return self.name, self.first, self.last, self.sex, self.home


@attrs.define(eq=False)
class Known:
    """A learner, stored or made by the list. ``filled`` names what a row told that was not known before."""

    id: int
    code: str | None
    name: str
    sex: str | None
    first: int | None
    last: int | None
    digest: str | None
    masked: str | None
    main: int
    homes: set[int]
    fresh: bool = False
    filled: set[str] = attrs.field(factory=set)

    @property
    def exact(self) -> bool:
        """Whether the day of birth is known."""
        return self.first is not None and self.first == self.last

    def may_be_born(self, told: Told) -> bool:
        """Whether the birth told and the birth known do not contradict each other; unknown contradicts nothing."""
        if None in (told.first, told.last, self.first, self.last):
            return True
        return told.first <= self.last and told.last >= self.first  # type: ignore[operator]  # none is None

    def learn(self, told: Told) -> bool:
        """Fill in what is empty, and the birth where it is told exacter; gives whether anything was."""
        before = len(self.filled)
        if self.sex is None and told.sex is not None:
            self.sex = told.sex
            self.filled.add("sex")
        if told.first is not None and told.last is not None:
            wider = self.first is None or self.last is None or self.last - self.first > told.last - told.first
            if wider and self.may_be_born(told):
                self.first, self.last = told.first, told.last
                self.filled.add("born")
        if self.digest is None and told.digest is not None:
            self.digest, self.masked = told.digest, told.masked
            self.filled.add("id_number")
        if not self.homes and told.home is not None:
            self.homes.add(told.home)
            self.filled.add("home")
        return len(self.filled) > before


@attrs.frozen
class Unknown:
    """A row that is nobody for now: ``held`` with those it may be, or ``unnamed``."""

    state: str
    candidates: tuple[Known, ...] = ()


UNNAMED = Unknown("unnamed")


class Who:
    """The learners that the rows of one list can be, all read at once."""

    def __init__(self, database: Database, told: Sequence[Told], further: Iterable[int] = ()) -> None:
        """``further``: numbers of learners that are asked for besides."""
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        self.by_digest: dict[str, Known] = {}
        self.by_code: dict[str, Known] = {}
        self.by_row: dict[int, Known] = {}
        asked = ({t.name for t in told}, {t.digest for t in told}, {t.code for t in told}, {t.row for t in told} | set(further))
        lists = [json.dumps(sorted(v for v in values if v is not None), ensure_ascii=False) for values in asked]
        for row in database.execute(_KNOWN, lists):
            self._add(Known(*(*row[:-1], set(json.loads(row[-1])))))
        self.births: dict[tuple[str, int | None], set[int]] = defaultdict(set)
        for t in told:
            if t.exact and t.first is not None:
                self.births[t.name, t.home].add(t.first)
        self.cards: dict[str, set[str]] = defaultdict(set)
        for t in told:
            if t.digest is not None:
                self.cards[t.digest].add(t.name)
        self._next = next_number(database, "learner")

    def _add(self, known: Known) -> None:
        self.by_name[known.name].append(known)
        self.by_row[known.id] = known
        if known.digest is not None:
            self.by_digest[known.digest] = known
        if known.code is not None:
            self.by_code[known.code] = known

    def find(self, told: Told) -> Known | Unknown | Problem:
        """Who a row is, somebody new where nobody fits and it tells enough; to be asked of the strongest rows first.

        A problem where the row contradicts the person its code or ID number names.
        """
        if told.code is not None or told.row is not None:
            return self._by_code(told)
        if told.digest is not None and told.digest in self.by_digest:
            return self._by_card(told, self.by_digest[told.digest])
        if told.digest is not None and len(self.cards[told.digest]) > 1:
            # The list gives this card to people of several names, and nobody stored says whose it is.
            return _problem("identity_clash", "id_number", told)
        return self._by_birth(told)

    def learn(self, known: Known, told: Told) -> bool:
        """Let a learner be known as well as a row tells; gives whether that is better than before."""
        learnt = known.learn(told)
        if known.digest is not None:
            self.by_digest[known.digest] = known
        return learnt

    # -- by a key -------------------------------------------------------------------------

    def _by_code(self, told: Told) -> Known | Problem:
        known = self.by_row.get(told.row) if told.row is not None else self.by_code.get(told.code or "")
        if known is None:
            return Problem("unknown_learner", "learner_code", told.line)
        if told.name != known.name:
            return _problem("conflict", "name", told)
        if not known.may_be_born(told):
            return _problem("conflict", "born", told)
        if _other(told.sex, known.sex):
            return _problem("conflict", "sex", told)
        if _other(told.digest, known.digest):
            return _problem("conflict", "id_number", told)
        if told.digest is not None and self.by_digest.get(told.digest, known) is not known:
            return _problem("identity_clash", "id_number", told)
        return known

    def _by_card(self, told: Told, known: Known) -> Known | Problem:
        if told.name != known.name:
            return _problem("conflict", "name", told)
        for field, contradicts in (("born", not known.may_be_born(told)), ("sex", _other(told.sex, known.sex))):
            if contradicts:
                return attrs.evolve(_problem("id_stored", field, told), field="id_number")
        return known

    # -- by name and birth ------------------------------------------------------------------

    def _by_birth(self, told: Told) -> Known | Unknown:
        found = self.fitting(told)
        if isinstance(found, Unknown) and not found.candidates and told.enough:
            return self.new(told)
        return found

    def fitting(self, told: Told) -> Known | Unknown:
        """The one learner that name, birth and home say, those it may be, or nobody."""
        if told.first is None:
            return UNNAMED
        near = [k for k in self.by_name[told.name] if k.first is not None and k.may_be_born(told) and not _other(told.digest, k.digest)]
        agreeing = [k for k in near if not _other(told.sex, k.sex)]
        same_day = [k for k in agreeing if told.exact and k.exact]
        if len(same_day) > 1:
            same_day = [k for k in same_day if told.home in k.homes] or same_day
        if same_day:
            return _one_of(same_day)
        at_home = [k for k in agreeing if told.home in k.homes]
        if at_home:
            return _held(at_home) if any(self._disputed(told, k) for k in at_home) else _one_of(at_home)
        uncertain = [k for k in agreeing if told.home is None or not k.homes]
        uncertain += [k for k in near if told.exact and k.exact]  # of another sex, or they would have been found
        return _held(uncertain) if uncertain else UNNAMED

    def new(self, told: Told) -> Known:
        """One more learner, of whom nothing is known but what the row tells."""
        known = Known(self._next, None, told.name, None, None, None, None, None, self._next, set(), fresh=True)
        self._next += 1
        known.learn(told)
        self._add(known)
        return known

    def _disputed(self, told: Told, known: Known) -> bool:
        """Whether two people of the list could each be this one, whose birth is known less exactly than theirs."""
        if not told.exact or known.first is None or known.last is None:
            return False
        taken = {k.first for k in self.by_name[told.name] if k.exact}
        return sum(known.first <= day <= known.last and day not in taken for day in self.births[told.name, told.home]) > 1


def write_learners(database: Database, journal: int, learners: Iterable[Known]) -> None:
    """Add those that are new and fill in what is known better of the others, inside the transaction that names them."""
    learners = sorted(learners, key=lambda k: k.id)
    names = ("sex", "born_first", "born_last", "id_number_digest", "id_number_masked")
    values = {k.id: (k.sex, k.first, k.last, k.digest, k.masked) for k in learners}
    better = [k.id for k in learners if k.filled - {"home"} and not k.fresh]
    housed = {k.id: min(k.homes) for k in learners if "home" in k.filled and not k.fresh}
    latest = f"SELECT owner, MAX(since) FROM learner_state WHERE owner IN ({each(housed)}) GROUP BY owner"
    keep_numbered(database, journal, "learner", better, "change")
    if housed:
        keep_old(database, journal, "learner_state", ("owner", "since"), "change", latest)
    sets = ", ".join(f"{n} = ?" for n in names)
    database.many(f"UPDATE learner SET {sets}, journal = ? WHERE id = ?", ((*values[n], journal, n) for n in better))
    database.many(
        "UPDATE learner_state SET home = ?2, journal = ?3 WHERE owner = ?1 AND since = "
        "(SELECT MAX(m.since) FROM learner_state m WHERE m.owner = ?1)", ((n, home, journal) for n, home in housed.items()),
    )
    fresh = [k for k in learners if k.fresh]
    database.many(
        f"INSERT INTO learner (id, name, {', '.join(names)}, journal) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((k.id, k.name, *values[k.id], journal) for k in fresh),
    )
    database.many(
        "INSERT INTO learner_state (owner, since, home, journal) VALUES (?, 0, ?, ?)",
        ((k.id, min(k.homes, default=None), journal) for k in fresh),
    )


def _other(told: str | None, known: str | None) -> bool:
    return told is not None and known is not None and told != known


def _one_of(fitting: Sequence[Known]) -> Known | Unknown:
    """The one person, even where it is stored as several that are counted as one; else all of them, held."""
    if len({k.main for k in fitting}) > 1:
        return _held(fitting)
    return next((k for k in fitting if k.id == k.main), fitting[0])


def _held(candidates: Iterable[Known]) -> Unknown:
    return Unknown("held", tuple(sorted(candidates, key=lambda k: k.id)))


def _problem(code: str, field: str, told: Told) -> Problem:
    return Problem(code, field, told.line, "", {"field": _LEARNER.field(field).label, "since": SINCE})
