"""A small city in plain Python: what it is told, and what its figures must be. Imports nothing from commlms."""

from __future__ import annotations

import copy
from typing import Any

DIGITAL = "智慧助老"
PARENT = {"1": None, "11": "1", "12": "1", "111": "11", "112": "11", "121": "12"}
HOSTS = {"J1": "111", "J2": "12", "J3": "121"}
YEARS = (2021, 2022)
FIGURES = ("persons", "visits", "minutes", "organised", "seniors", "digital", "after_school", "sessions", "unnamed")


class Model:
    """Learners with dated states, sessions, courses, participations, headcounts, enrolments."""

    def __init__(self) -> None:
        self.learners: dict[str, dict[str, Any]] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.courses: dict[str, str | None] = {"K1": None, "K2": DIGITAL}
        self.came: dict[tuple[str, str], int | None] = {}
        self.heads: dict[tuple[str, str], int] = {}
        self.enrolled: dict[tuple[str, int], int | None] = {}

    def copy(self) -> Model:
        """Another model that says the same."""
        return copy.deepcopy(self)

    def home(self, learner: str, day: int) -> str:
        """The home in force on a day, or an empty text."""
        states = [(since, home) for since, home in self.learners[learner]["homes"] if since <= day]
        return max(states)[1] if states else ""

    def category(self, session: str) -> str | None:
        """A session's own category, else its course's."""
        own = self.sessions[session]
        return own["category"] or (self.courses[own["course"]] if own["course"] else None)

    def figures(self, year: int) -> dict[str, dict[str, int]]:
        """Every figure of every place, with everything below it."""
        found = {place: dict.fromkeys(FIGURES, 0) for place in PARENT}
        last = year * 10_000 + 1231
        for learner in self.learners:
            for name, value in self._learner(learner, year, last).items():
                self._add(found, self.home(learner, last), name, value)
        for session, own in self.sessions.items():
            if own["on"] // 10_000 == year:
                named = sum(s == session for _, s in self.came)
                present, besides = self.heads.get((session, "present"), 0), self.heads.get((session, "besides"), 0)
                self._add(found, HOSTS[own["institution"]], "sessions", 1)
                self._add(found, HOSTS[own["institution"]], "unnamed", max(0, present - named) + besides)
        return found

    def _learner(self, learner: str, year: int, last: int) -> dict[str, int]:
        mine = {s: m for (who, s), m in self.came.items() if who == learner and self.sessions[s]["on"] // 10_000 == year}
        if not mine:
            return {}
        born = self.learners[learner]["born"]
        age = None if born is None else year - born // 10_000
        senior = age is not None and age >= 60
        child = age is not None and age < 18
        enrolled = any(
            who == learner and since <= last and (until is None or until > last) for (who, since), until in self.enrolled.items()
        )
        return {
            "persons": 1, "visits": len(mine), "seniors": int(senior),
            "minutes": sum((m if m is not None else self.sessions[s]["minutes"] or 0) for s, m in mine.items()),
            "organised": int(any(self.sessions[s]["mode"] != "self_study" for s in mine)),
            "digital": int(senior and any(self.category(s) == DIGITAL for s in mine)),
            "after_school": int(child and enrolled),
        }

    def _add(self, found: dict[str, dict[str, int]], place: str | None, name: str, value: int) -> None:
        while place:
            found[place][name] += value
            place = PARENT[place]
