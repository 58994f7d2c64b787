"""What the database must hold after the folder was taken: worked out in plain Python from what the generator put in.

Nothing is imported from the library, and nothing is read of the files: only facts.json (see ``paper/facts.py``).

- Of one sender, shape and period the last delivery holds; one with over a fifth fewer rows is not taken unasked.
- A person is told by learner code; ID number; name and birth date; name, birth year and home. Who is told less
  exactly is whoever fits if only one fits; several, or one whose home or sex leaves a doubt, are held. A name or a phone
  alone is a visit of nobody. Held and unnamed rows are visits and no persons.
- A session is its organiser, day, start and theme. Visits beside those of known persons: what is said to have been present less
  the known ones, but at least the held and unnamed rows.
- Persons count at their home (a village that has ended at its township), visits of persons too, other visits at the school.
  A series is as many sessions as it had meetings, in the year that holds all of it.
"""

from __future__ import annotations

import copy
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Rows that may be missing from a later delivery before it is asked about: one in so many.
FEWER = 5
Row = dict[str, Any]
SessionKey = tuple[str, str, str, str]
_STRENGTH = ("code", "card", "date", "year_home")


@dataclass
class Learner:
    """One person as far as the rows tell."""

    name: str
    sex: str = ""
    code: str = ""
    card: str = ""
    born: str = ""
    home: str = ""

    @property
    def year(self) -> str:
        """The year of birth, '' if unknown."""
        return self.born[:4]

    @property
    def strength(self) -> str:
        """How well this person is told: by code, card, date, or year and home."""
        return next(s for s, known in zip(_STRENGTH, (self.code, self.card, len(self.born) == 10, True), strict=True) if known)

    def learn(self, row: Row) -> None:
        """Take over what a row tells and was not known."""
        born = birth(row)
        self.card, self.home, self.sex = self.card or row["card"], self.home or row["home"], self.sex or row["sex"]
        if len(born) > len(self.born):
            self.born = born


def birth(row: Row) -> str:
    """A row's birth date or year: what is written, else what the ID number says."""
    card = row["card"]
    return row["born"] or (f"{card[6:10]}-{card[10:12]}-{card[12:14]}" if card else "")


@dataclass
class Book:
    """Learners, sessions, who was where, and visits of nobody."""

    learners: list[Learner] = field(default_factory=list)
    sessions: dict[SessionKey, Row] = field(default_factory=dict)
    visits: dict[tuple[int, SessionKey], int | None] = field(default_factory=dict)
    unmatched: list[tuple[SessionKey, str, str]] = field(default_factory=list)

    def find(self, row: Row) -> tuple[str, int]:
        """What a row's person is: ``known`` with the learner's number (a new one where nobody fits), ``held`` or ``unnamed``."""
        born, named = birth(row), [n for n, one in enumerate(self.learners) if one.name == row["name"]]
        for word in ("code", "card"):
            if row[word] and (same := [n for n, one in enumerate(self.learners) if getattr(one, word) == row[word]]):
                return "known", same[0]
        if len(born) == 10:
            return self._by_date(row, born, named)
        if not born:
            return "unnamed", -1
        fit = [n for n in named if self.learners[n].year == born]
        if not row["home"]:
            return ("held" if fit else "unnamed"), -1
        near = [n for n in fit if self.learners[n].home == row["home"]]
        doubtful = [n for n in fit if not self.learners[n].home]
        if len(near) == 1 and not doubtful:
            return "known", near[0]
        return ("held", -1) if near or doubtful else ("known", self._new(row))

    def _by_date(self, row: Row, born: str, named: list[int]) -> tuple[str, int]:
        same = [n for n in named if self.learners[n].born == born]
        if same and row["sex"] and self.learners[same[0]].sex not in ("", row["sex"]):
            return "held", -1
        if same:
            return "known", same[0]
        less = [n for n in named if self.learners[n].born == born[:4] and self.learners[n].home == row["home"]]
        return "known", (less[0] if len(less) == 1 else self._new(row))

    def _new(self, row: Row) -> int:
        self.learners.append(Learner(row["name"], row["sex"], row["code"], row["card"], birth(row), row["home"]))
        return len(self.learners) - 1


def key_of(event: Row) -> SessionKey:
    """What makes a session."""
    return event["host"], event["on"], event["start"], event["theme"]


def fates(files: list[Row]) -> None:
    """Add to every file ``fate``: taken, replaced or not taken. Only one with fewer rows is worked out, the rest the generator knows."""
    live: dict[tuple[str, str, str], Row] = {}
    for file in sorted(files, key=lambda f: f["turn"]):
        if not file["sheets"] or file["why"] in ("password", "wrong year"):
            continue
        sheet = file["sheets"][0]
        key = sheet["sender"], sheet["shape"], sheet["period"]
        former = live.get(key) if file["turn"] > 1 else None
        if former is not None and FEWER * _rows(file) < (FEWER - 1) * _rows(former):
            file["fate"], file["why"] = "not taken", "fewer rows"
            continue
        file["fate"] = "taken"
        live[key] = file
        if former is not None:
            former["fate"] = "replaced"


def _rows(file: Row) -> int:
    return sum(len(sheet["facts"]) for sheet in file["sheets"])


def _said(files: Iterable[Row]) -> Iterator[tuple[Row, Row, Row]]:
    """File, sheet and fact of every right row."""
    for file in files:
        for sheet in file["sheets"]:
            for fact in sheet["facts"]:
                if not fact["wrong"]:
                    yield file, sheet, fact


def _exactness(fact: Row) -> int:
    """The strongest rows first, so that no order of files or lines matters."""
    row = fact["person"]
    return 0 if row["code"] else 1 if row["card"] else 2 if len(row["born"]) == 10 else 3 if row["born"] and row["home"] else 4


def read(known: list[Row], files: list[Row]) -> Book:
    """Everything that the live deliveries say; each row gets ``became``: known, held or unnamed."""
    book = Book([Learner(**person) for person in known])
    rows = list(_said(f for f in files if f["fate"] == "taken"))
    for _, sheet, fact in rows:
        session = book.sessions.setdefault(key_of(fact["event"]), {**fact["event"], "present": None, "place": sheet["sender"]})
        for word, value in (("present", fact["present"]), ("minutes", fact["event"]["minutes"])):
            session[word] = session[word] if value is None else value
    for fact in _strongest_first(rows):
        key, person = key_of(fact["event"]), fact["person"]
        fact["became"], fact["learner"] = book.find(person)
        if fact["became"] == "known":
            book.learners[fact["learner"]].learn(person)
            book.visits.setdefault((fact["learner"], key), fact["attended"])
        else:
            book.unmatched.append((key, person["name"], fact["became"]))
    return book


def _strongest_first(rows: Iterable[tuple[Row, Row, Row]]) -> list[Row]:
    return sorted((fact for _, _, fact in rows if fact["person"]), key=_exactness)


def numbers(files: list[Row], book: Book) -> None:
    """Add to every sheet of what was taken read, new, changed, unchanged, held, unnamed, not_counted and rejected."""
    aside = copy.deepcopy(book)
    for fact in _strongest_first(_said(f for f in files if f["fate"] != "taken")):
        fact["became"], fact["learner"] = aside.find(fact["person"])
    before: dict[tuple[str, str, str], dict[tuple[Any, ...], Any]] = {}
    for file in sorted(files, key=lambda f: f["turn"]):
        for sheet in file["sheets"]:
            counted: Counter[str] = Counter(rejected=0)
            key = sheet["sender"], sheet["shape"], sheet["period"]
            said: dict[tuple[Any, ...], Any] = {}
            former = before.get(key, {}) if file["turn"] > 1 else {}
            for fact in sheet["facts"]:
                counted[_outcome(fact, said, former)] += 1
            before[key] = before.get(key, {}) | said
            names = ("new", "changed", "unchanged", "held", "unnamed", "rejected")
            sheet["numbers"] = {name: counted[name] for name in names} | {"not_counted": len(sheet["skipped"])}
            sheet["numbers"]["read"] = len(sheet["facts"]) + len(sheet["skipped"])


def _outcome(fact: Row, said: dict[tuple[Any, ...], Any], former: dict[tuple[Any, ...], Any]) -> str:
    if fact["wrong"]:
        return "rejected"
    if fact.get("became", "known") != "known":
        return _of_nobody(fact, said, former)
    key = (*key_of(fact["event"]), fact.get("learner"))
    value = fact["attended"] if fact["person"] else (fact["present"], fact["event"]["minutes"])
    if key in said:
        return "unchanged"
    said[key] = value
    return "new" if key not in former else "unchanged" if former[key] == value else "changed"


def _of_nobody(fact: Row, said: dict[tuple[Any, ...], Any], former: dict[tuple[Any, ...], Any]) -> str:
    """Each row of one name is a visit of its own; as many as the former delivery had are there already."""
    words = (*key_of(fact["event"]), fact["became"], *sorted(fact["person"].items()))
    key = (*words, sum(other[:-1] == words for other in said))
    said[key] = None
    return "unchanged" if key in former else str(fact["became"])


def figures(book: Book, townships: list[str], heard: set[str], year: str) -> dict[str, dict[str, int | None]]:
    """Persons, visits of persons, other visits and sessions of every township and of the city, by code.

    None of a township that is not ``heard``: what nobody told is no nought.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    in_year = {key: s for key, s in book.sessions.items() if s["on"][:4] == year and (s["began"] or s["on"])[:4] == year}
    came = {learner for learner, key in book.visits if key in in_year}
    for learner in came:
        found[book.learners[learner].home[:9]]["persons"] += 1
    for learner, key in book.visits:
        found[book.learners[learner].home[:9]]["visits"] += key in in_year
    known, other = Counter(key for _, key in book.visits), Counter(key for key, _, _ in book.unmatched)
    for key, session in in_year.items():
        found[session["place"]]["sessions"] += session["meetings"] or 1
        found[session["place"]]["unnamed_visits"] += max((session["present"] or 0) - known[key], other[key])
    names = ("persons", "visits", "unnamed_visits", "sessions")
    made = {code: {name: found[code][name] or (0 if code in heard else None) for name in names} for code in townships}
    return made | {"5104": {name: sum(found[code][name] for code in townships) for name in names}}


def identity(book: Book, year: str) -> dict[str, int]:
    """The city's persons of a year by how surely each is told to be one: ID number, birth date, birth year."""
    came = {learner for learner, key in book.visits if key[1][:4] == year}
    told = [book.learners[n] for n in came if book.learners[n].home]
    return dict(Counter("card" if one.card else "birth_date" if len(one.born) == 10 else "birth_year" for one in told))


def expected(facts: Row) -> Row:
    """The manifest: every file's fate and numbers, what the database holds, the figures, and how many have not reported."""
    files = facts["files"]
    fates(files)
    book = read(facts["known"], files)
    numbers(files, book)
    senders = {s["sender"] for f in files if f["fate"] in ("taken", "replaced") for s in f["sheets"]}
    townships = [code for code in facts["places"] if len(code) == 9]
    known, other = Counter(key for _, key in book.visits), Counter(key for key, _, _ in book.unmatched)
    live = _said(file for file in files if file["fate"] == "taken")
    return {
        "files": [_entry(file) for file in files],
        "sessions": [{**s, "known": known[key], "unmatched": other[key]} for key, s in sorted(book.sessions.items())],
        "learners": dict(Counter(one.strength for one in book.learners)),
        "participations": len(book.visits), "unmatched": dict(Counter(state for _, _, state in book.unmatched)),
        "origins": sorted({(f["file"], s["sheet"], fact["line"], fact["cell"], _made(fact)) for f, s, fact in live}),
        "figures": figures(book, townships, senders, facts["year"]),
        "identity": identity(book, facts["year"]),
        "not_reported": sorted(set(townships) - senders), "expected_senders": len(townships),
    }


def _made(fact: Row) -> str:
    """What a row made: a session, a participation, or a visit of nobody."""
    return "session" if not fact["person"] else "participation" if fact["became"] == "known" else "unmatched"


def _entry(file: Row) -> Row:
    sheets = [
        {
            **{word: sheet[word] for word in ("sheet", "sender", "shape", "period")}, **sheet["numbers"],
            "rejected_rows": [{"line": f["line"], "cell": f["cell"], "why": f["wrong"]} for f in sheet["facts"] if f["wrong"]],
            "not_counted_lines": [list(pair) for pair in sheet["skipped"]],
        }
        for sheet in file["sheets"]
    ]
    return {**{word: file[word] for word in ("file", "fate", "why", "turn", "shows")}, "sheets": sheets}


def main() -> None:
    """Write manifest.json beside the facts.json that is named."""
    import sys

    path = Path(sys.argv[1])
    made = expected(json.loads(path.read_text(encoding="utf-8")))
    path.with_name("manifest.json").write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
