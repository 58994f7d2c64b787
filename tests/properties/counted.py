"""An oracle for totals: the stored facts read row by row, conditions in memory, plain loops; nothing of the counting code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from commlms import LMS, Hosted, Total
from commlms.core.expressions import Condition, Fact, holds

Rows = list[dict[str, Any]]


class Facts:
    """The facts of a database, as rows of dictionaries."""

    def __init__(self, lms: LMS, erased: Counter[int] | None = None) -> None:
        """``erased``: how many people of each session have been erased since; they came, without a name."""
        self.lms, self.erased = lms, Counter[int]()
        self.mains = {
            kind: {r[kind]: r["main"] for r in self.table(f"same_{kind}") if r["verdict"] == "same"} for kind in ("learner", "session")
        }
        for double, persons in (erased or {}).items():
            self.erased[self.main("session", double)] += persons
        self.learners = {r["id"]: r for r in self.table("learner")}
        self.sessions = {r["id"]: r for r in self.table("session")}
        self.offerings = {r["id"]: r for r in self.table("offering")}
        self.courses = {r["id"]: r for r in self.table("course")}
        self.hosts = {r["id"]: r["place"] for r in self.table("institution")}
        self.visits = self._visits()
        self.states, self.place_states = self._by_owner("learner_state"), self._by_owner("place_state")
        self.heads: dict[int, Rows] = defaultdict(list)
        for r in self.table("headcount"):
            self.heads[r["session"]].append(r)
        self.registers = {
            t: [r | {"learner": self.main("learner", r["learner"])} for r in self.table(t)]
            for t in ("standing", "farmers_certificate", "youth_enrolment")
        }
        self._people: dict[tuple[int, int], Rows] = {}

    def main(self, kind: str, row: int) -> int:
        """The learner or session that one is counted as."""
        return self.mains[kind].get(row, row)

    def _visits(self) -> Rows:
        """Each person once at each session; of what a person's rows say the longest, those without minutes as long as the session."""
        found: dict[tuple[int, int], list[int | None]] = defaultdict(list)
        for r in self.table("participation"):
            at = self.main("session", r["session"])
            found[self.main("learner", r["learner"]), at].append(self.sessions[at]["minutes"] if r["minutes"] is None else r["minutes"])
        return [
            {"learner": who, "session": at, "minutes": max((m for m in minutes if m is not None), default=None)}
            for (who, at), minutes in found.items()
        ]

    def held(self, session: int, first: int, last: int) -> bool:
        """Whether a session is counted between two days: it is no double, and no series that began before."""
        s = self.sessions[session]
        return session not in self.mains["session"] and first <= s["on"] <= last and (s["began"] is None or s["began"] >= first)

    def table(self, name: str) -> Rows:
        """Every row of a table."""
        cursor = self.lms.database.execute(f'SELECT * FROM "{name}"')
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, r, strict=True)) for r in cursor]

    def _by_owner(self, name: str) -> dict[int, Rows]:
        found: dict[int, Rows] = defaultdict(list)
        for r in self.table(name):
            found[r["owner"]].append(r)
        return found

    def state(self, states: Rows, day: int) -> dict[str, Any]:
        """The state in force on a day, or nothing."""
        return next((s for s in states if s["since"] <= day < s["until"]), {})

    def fact(self, session: int) -> dict[str, Any]:
        """What conditions over facts can ask of a session."""
        s = self.sessions[session]
        offering = self.offerings.get(s["offering"], {})
        course = self.courses.get(s["course"] or offering.get("course"), {})
        return {
            "category": s["category"] if s["category"] is not None else course.get("category"), "form": s["form"], "mode": s["mode"],
            "program": s["program"], "audience": s["audience"] if s["audience"] is not None else course.get("population"),
            "minutes": s["minutes"],
        }

    def people(self, first: int, last: int) -> Rows:
        """Everyone who came between two days, as ``holds`` reads a person, with ``home``."""
        if (first, last) not in self._people:
            self._people[first, last] = list(self._came(first, last))
        return self._people[first, last]

    def _came(self, first: int, last: int) -> Iterator[dict[str, Any]]:
        came: dict[int, Rows] = defaultdict(list)
        for v in self.visits:
            if self.held(v["session"], first, last):
                fact = self.fact(v["session"])
                came[v["learner"]].append(fact | {"minutes": fact["minutes"] if v["minutes"] is None else v["minutes"]})
        for learner, facts in came.items():
            person, state = self.learners[learner], self.state(self.states[learner], last)
            place = self.state(self.place_states[state["home"]], last) if state.get("home") else {}
            found = {
                "learner": learner, "last": last, "sex": person["sex"], "strength": _strength(person),
                "born_first": person["born_first"], "born_last": person["born_last"],
                "hukou": state.get("hukou"), "occupation": state.get("occupation"), "home": state.get("home") or 0,
                "home_kind": place.get("kind"), "home_area": place.get("area"), "facts": facts,
            }
            for table, rows in self.registers.items():
                found[table] = [r for r in rows if r["learner"] == learner]
            yield found


def _strength(person: dict[str, Any]) -> str:
    if person["id_number_digest"]:
        return "card"
    if person["born_first"] is None:
        return "weak"
    return "birth_date" if person["born_first"] == person["born_last"] else "birth_year"


def own(facts: Facts, measure: Total | Hosted, first: int, last: int) -> Counter[int]:
    """A measure at each place by itself between two days; zeros left out."""
    found = _learned(facts, measure, first, last) if isinstance(measure, Total) else _held(facts, measure, first, last)
    return Counter({place: number for place, number in found.items() if number})


def _learned(facts: Facts, total: Total, first: int, last: int) -> Counter[int]:
    found: Counter[int] = Counter()
    for person in facts.people(first, last):
        if all(holds(t, person) is True for t in (total.among, total.where) if t is not None):
            found[person["home"]] += 1 if total.value is None else _amount(total.value, person)
    return found


def _amount(value: Fact, person: dict[str, Any]) -> int:
    fitting = [f for f in person["facts"] if _fits(value.where, f)]
    return len(fitting) if value.what == "sessions" else sum(f["minutes"] or 0 for f in fitting)


def _fits(where: Condition | None, fact: dict[str, Any]) -> bool:
    return where is None or holds(where, fact) is True


def _held(facts: Facts, hosted: Hosted, first: int, last: int) -> Counter[int]:
    found: Counter[int] = Counter()
    named = Counter(v["session"] for v in facts.visits) + facts.erased
    for key, s in facts.sessions.items():
        if facts.held(key, first, last) and _fits(hosted.where, facts.fact(key)):
            unnamed = _unnamed(facts, hosted, key, named[key])
            meetings = 1 if s["meetings"] is None else s["meetings"]
            amounts = {"sessions": meetings, "minutes": s["minutes"] or 0, "named": named[key], "unnamed": unnamed}
            found[facts.hosts[s["institution"]]] += amounts[hosted.what]
    return found


def _unnamed(facts: Facts, hosted: Hosted, session: int, named: int) -> int:
    def stated(counts: str) -> int:
        heads = [h for h in facts.heads[session] if h["counts"] == counts]
        everybody = [h for h in heads if not h["audience"]]
        if hosted.audience:
            of_group = [h for h in heads if h["audience"] in hosted.audience]
            meant = facts.fact(session)["audience"]
            whole = everybody if meant in hosted.audience and not any(h["audience"] == meant for h in heads) else []
            return sum(int(h["persons"]) for h in whole or of_group)
        return sum(int(h["persons"]) for h in everybody or heads)

    return max(stated("present") - named, stated("unmatched")) + stated("besides")


def rolled(facts: Facts, numbers: Counter[int], day: int) -> Counter[int]:
    """Numbers of places with everything below them, along the administrative parents of a day."""
    found: Counter[int] = Counter()
    for place, number in numbers.items():
        current: int | None = place
        while current:
            found[current] += number
            current = facts.state(facts.place_states[current], day).get("parent")
    return found
