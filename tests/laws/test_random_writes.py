"""Whatever is written, in whatever order: the kept totals are what a plain count gives, and the last write can be taken back exactly."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import commlms
from tests.laws.model import HOSTS, PARENT, YEARS, Model

TODAY = dt.date(2023, 6, 30)
METRICS = {
    "persons": "core.persons", "visits": "core.visits", "minutes": "core.minutes", "organised": "core.organised_participation",
    "seniors": "seniors.persons", "digital": "seniors.digital_reach", "after_school": "youth.after_school_persons",
    "sessions": "core.sessions", "unnamed": "core.unnamed_visits",
}
LEVELS = {"1": "city", "11": "county", "12": "county", "111": "village", "112": "village", "121": "village"}
learners, sessions = st.sampled_from(["L1", "L2", "L3", "L4"]), st.sampled_from(["S1", "S2", "S3", "S4", "S5"])
homes = st.sampled_from(["111", "112", "121", "12", ""])
days = st.dates(dt.date(2021, 1, 1), dt.date(2022, 12, 31))
minutes = st.one_of(st.none(), st.integers(0, 300))


def number(day: dt.date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def content(lms: commlms.LMS) -> dict[str, list[Any]]:
    """Every table but the journal's own."""
    skipped = ("journal", "journal_old", "_sqlite_migrations")
    tables = [t for t in sorted(lms.database.tables()) if t not in skipped and not t.startswith("sqlite_")]
    return {t: sorted(lms.database.execute(f'SELECT * FROM "{t}"').fetchall(), key=repr) for t in tables}


class Writes(RuleBasedStateMachine):
    """Random writes through the public API, next to the model."""

    host = commlms.Host()

    @initialize()
    def begin(self) -> None:
        self.lms = commlms.LMS(host=self.host, today=TODAY, lang="en", keys=[])
        self.lms.add([{"code": c, "name": f"地{c}", "level": LEVELS[c], "parent": p} for c, p in PARENT.items()], "place")
        self.lms.add([{"code": c, "name": f"校{c}", "place": p} for c, p in HOSTS.items()], "institution")
        self.lms.add([{"code": "K1", "title": "书法"}, {"code": "K2", "title": "手机", "category": "智慧助老"}], "course")
        self.model = Model()
        self.taken: list[tuple[int, Model, dict[str, list[Any]]]] = []

    def teardown(self) -> None:
        if hasattr(self, "lms"):
            self.lms.close()

    def write(self, act: Callable[[], int | None], change: Callable[[Model], None]) -> None:
        """Do a write, change the model, and remember both for taking it back."""
        self.lms.totals.fold()
        before, former = content(self.lms), self.model.copy()
        journal = act()
        change(self.model)
        if journal:
            self.taken.append((journal, former, before))

    @rule(learner=learners, home=homes, born=st.one_of(st.none(), st.dates(dt.date(1930, 1, 1), dt.date(2015, 12, 31))))
    def enrol_learner(self, learner: str, home: str, born: dt.date | None) -> None:
        if learner in self.model.learners:
            return
        row = {"code": learner, "name": "某" + learner, "home": home, "born": born}
        made = {"born": number(born) if born else None, "homes": [(0, home)]}
        self.write(lambda: self.lms.add(row, "learner").journal, lambda m: m.learners.__setitem__(learner, made))

    @rule(learner=learners, home=st.sampled_from(["111", "112", "121"]), day=days)
    def move(self, learner: str, home: str, day: dt.date) -> None:
        """A dated move; one before the latest is refused, one to the home already in force changes nothing."""
        known = self.model.learners.get(learner)
        if not known or number(day) <= max(since for since, _ in known["homes"]) or self.model.home(learner, number(day)) == home:
            return
        row = {"code": learner, "name": "某" + learner, "home": home, "since": day}
        self.write(
            lambda: self.lms.add(row, "learner").journal,
            lambda m: m.learners[learner]["homes"].append((number(day), home)),
        )

    @rule(learner=learners, born=st.dates(dt.date(1930, 1, 1), dt.date(2015, 12, 31)))
    def correct_birth(self, learner: str, born: dt.date) -> None:
        if learner in self.model.learners:
            self.write(
                lambda: self.lms.set("learner", learner, born=born), lambda m: m.learners[learner].__setitem__("born", number(born))
            )

    @rule(
        session=sessions, host=st.sampled_from(list(HOSTS)), on=days, length=minutes, category=st.sampled_from([None, "智慧助老", "书法"]),
        course=st.sampled_from([None, "K1", "K2"]), mode=st.sampled_from(["in_person", "online", "self_study"]),
    )
    def hold_or_change_session(self, session: str, host: str, on: dt.date, length: int | None, **more: Any) -> None:
        """A session by its code: new, or with another host, day, course, length."""
        old = self.model.sessions.get(session)
        row = {"code": session, "institution": host, "on": on, "theme": session, "minutes": length, **more}
        made = {"institution": host, "on": number(on), "minutes": length, **more}
        if old:  # an empty cell leaves what is stored
            made |= {k: old[k] for k in ("minutes", "category", "course") if made[k] is None}
        self.write(lambda: self.lms.add(row, "session").journal, lambda m: m.sessions.__setitem__(session, made))

    @rule(course=st.sampled_from(["K1", "K2"]), category=st.sampled_from(["", "智慧助老", "书法"]))
    def change_course(self, course: str, category: str) -> None:
        self.write(
            lambda: self.lms.set("course", course, category=category), lambda m: m.courses.__setitem__(course, category or None)
        )

    @rule(learner=learners, session=sessions, length=minutes, checked_in=st.booleans())
    def come(self, learner: str, session: str, length: int | None, checked_in: bool) -> None:
        """A participation from a list, or a check-in that waits to be folded in."""
        if learner not in self.model.learners or session not in self.model.sessions:
            return
        key, old = (learner, session), self.model.came.get((learner, session))
        if checked_in:
            if key not in self.model.came:
                self.lms.check_in(learner, session, length)
                self.model.came[key] = length
                self.taken.clear()
            return
        row = {"learner": learner, "session": session, "minutes": length}
        self.write(
            lambda: self.lms.add(row, "participation").journal, lambda m: m.came.__setitem__(key, old if length is None else length)
        )

    @precondition(lambda self: self.model.came)
    @rule(data=st.data())
    def stay_away(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.came)))
        self.write(lambda: self.lms.remove("participation", "/".join(key)), lambda m: m.came.__delitem__(key))

    @rule(session=sessions, counts=st.sampled_from(["present", "besides"]), persons=st.integers(0, 9))
    def count_heads(self, session: str, counts: str, persons: int) -> None:
        if session in self.model.sessions:
            row = {"session": session, "counts": counts, "persons": persons}
            self.write(lambda: self.lms.add(row, "headcount").journal, lambda m: m.heads.__setitem__((session, counts), persons))

    @rule(learner=learners, since=days, until=st.one_of(st.none(), days))
    def enrol_after_school(self, learner: str, since: dt.date, until: dt.date | None) -> None:
        """A row of a plugin's own register, which a population of that plugin tests."""
        if learner not in self.model.learners or (until and until < since):
            return
        key, row = (learner, number(since)), {"learner": learner, "institution": "J1", "since": since, "until": until}
        ends = number(until) if until else self.model.enrolled.get((learner, number(since)))
        self.write(lambda: self.lms.add(row, "youth.enrolment").journal, lambda m: m.enrolled.__setitem__(key, ends))

    @precondition(lambda self: self.taken)
    @rule()
    def take_back(self) -> None:
        journal, former, before = self.taken.pop()
        self.lms.undo(journal)
        assert content(self.lms) == before
        self.model = former

    @invariant()
    def figures_are_the_models(self) -> None:
        if not hasattr(self, "lms"):
            return
        for year in YEARS:
            expected, figures = self.model.figures(year), self.lms.figures(str(year))
            for place, wanted in expected.items():
                got = {n: figures.figure(self.lms.metric(m), self.lms.place(place)).numerator for n, m in METRICS.items()}
                assert got == wanted, (year, place)

    @invariant()
    def a_recount_agrees(self) -> None:
        if hasattr(self, "lms"):
            assert self.lms.recount(check=True) == []


Writes.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestRandomWrites = Writes.TestCase
