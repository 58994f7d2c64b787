"""Totals are exact under every kind of write, and a write taken back leaves exactly what was there before."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from commlms import LMS, CommLMSError, Host, Period, UndoRefused
from commlms.core.metrics import kept
from tests.measure.city import A1, A2, B1, B2, STREET, TODAY, TOWN, ZONE, city, content
from tests.properties.counted import Facts, own, rolled

VILLAGES = (A1, A2, B1, B2, TOWN, ZONE)
HOSTS = tuple(f"I-{p}" for p in (STREET, A1, B1))
YEARS = (2020, 2021, 2022)
LEARNERS, SESSIONS = tuple(f"L{i}" for i in range(7)), tuple(f"S{i}" for i in range(6))
WORDS = ("智能手机应用", "声乐", "种植技术", "普通话")
days = st.sampled_from([dt.date(y, m, d) for y in YEARS for m, d in ((1, 1), (3, 5), (12, 31))])
homes = st.sampled_from([None, *VILLAGES])
learner_fields: dict[str, st.SearchStrategy[Any]] = {
    "home": homes, "born": st.sampled_from([None, "1950", "1961-12-31", "1962", "2004-06-01", "2015-02-28"]),
    "sex": st.sampled_from([None, "male", "female"]), "hukou": st.sampled_from([None, "local_rural", "other_rural", "other_urban"]),
    "occupation": st.sampled_from([None, "worker", "farmer", "retired"]),
}
session_fields: dict[str, st.SearchStrategy[Any]] = {
    "institution": st.sampled_from(HOSTS), "on": days, "minutes": st.sampled_from([None, 45, 90]),
    "category": st.sampled_from([None, *WORDS]), "mode": st.sampled_from(["in_person", "online", "self_study"]),
    "form": st.sampled_from([None, "class", "practice"]), "program": st.sampled_from([None, "430学堂"]),
    "offering": st.sampled_from([None, "O1", "O2"]), "course": st.sampled_from([None, "C1", "C2"]),
    "audience": st.sampled_from([None, "seniors", "minors"]),
}
persons = st.integers(0, 40)


@cache
def host(without: str) -> Host:
    """A host with all bundled plugins but one."""
    return Host(without=[without] if without else [])


def some(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """A few of the fields with values."""
    return st.fixed_dictionaries({}, optional=fields)


class Writes(RuleBasedStateMachine):
    """Writes of every kind through the public interface, each accepted or refused as a whole."""

    @initialize()
    def start(self) -> None:
        """The city with two courses and two offerings."""
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.lms = city(connection=self.connection, host=host(""))
        self.lms.add([{"code": f"C{i}", "title": f"课程{i}", "category": WORDS[i]} for i in (1, 2)], "course")
        self.lms.add([{"code": f"O{i}", "course": f"C{i}", "institution": HOSTS[0]} for i in (1, 2)], "offering")
        self.before: dict[int, Any] = {}
        self.now = content(self.lms)

    def teardown(self) -> None:
        """Close the database."""
        self.connection.close()

    def write(self, act: Callable[[], Any]) -> None:
        """Run one write; a refused one must have changed nothing."""
        last = self.lms.database.one("SELECT MAX(id) FROM journal")
        with suppress(CommLMSError):
            act()
        journal, now = self.lms.database.one("SELECT MAX(id) FROM journal"), content(self.lms)
        if journal == last:
            assert now == self.now
        else:
            self.before[journal] = self.now
        self.now = now

    def add(self, record: str, **row: Any) -> None:
        """Add one row."""
        self.write(lambda: self.lms.add([row], record))

    def pick(self, record: str, number: int) -> str:
        """The reference of some row, or one that does not exist."""
        found = [r.reference for r in self.lms.rows(record, current=True)]
        return found[number % len(found)] if found else "nothing"

    @rule(code=st.sampled_from(LEARNERS), row=some(learner_fields), since=st.none() | days)
    def learner(self, code: str, row: dict[str, Any], since: dt.date | None) -> None:
        """A new learner; or a move of one that is known."""
        self.add("learner", code=code, name=f"学员{code}", since=since, **row)

    @rule(code=st.sampled_from(LEARNERS), home=homes, work=learner_fields["occupation"], since=days)
    def move(self, code: str, home: str | None, work: str | None, since: dt.date) -> None:
        """A new home from a day on."""
        self.add("learner", code=code, name=f"学员{code}", home=home, occupation=work, since=since)

    @rule(code=st.sampled_from(LEARNERS), changes=some(learner_fields), since=st.none() | days)
    def correct_learner(self, code: str, changes: dict[str, Any], since: dt.date | None) -> None:
        """A correction of a learner's state or birth."""
        self.write(lambda: self.lms.set("learner", code, since, **changes))

    @rule(code=st.sampled_from(SESSIONS), row=some(session_fields), host=st.sampled_from(HOSTS), on=days)
    def session(self, code: str, row: dict[str, Any], host: str, on: dt.date) -> None:
        """A session, new or changed by its code."""
        self.add("session", **{"code": code, "theme": f"主题{code}", "institution": host, "on": on, **row})

    @rule(code=st.sampled_from(SESSIONS), changes=some(session_fields))
    def correct_session(self, code: str, changes: dict[str, Any]) -> None:
        """A correction of anything about a session."""
        self.write(lambda: self.lms.set("session", code, **changes))

    @rule(
        pairs=st.lists(st.tuples(st.sampled_from(LEARNERS), st.sampled_from(SESSIONS)), min_size=1, max_size=6, unique=True),
        minutes=st.sampled_from([None, 30]),
    )
    def participations(self, pairs: list[tuple[str, str]], minutes: int | None) -> None:
        """Several sign-ins at once, those between known people and sessions."""
        people = {r.cells["code"] for r in self.lms.rows("learner")}
        held = {r.cells["code"] for r in self.lms.rows("session")}
        rows = [{"learner__code": p, "session__code": s, "minutes": minutes} for p, s in pairs if p in people and s in held]
        if rows:
            self.write(lambda: self.lms.add(rows, "participation"))

    @rule(number=st.integers(0, 50), minutes=st.sampled_from([None, 10, 120]))
    def correct_participation(self, number: int, minutes: int | None) -> None:
        """Other minutes of one person at one session."""
        self.write(lambda: self.lms.set("participation", self.pick("participation", number), minutes=minutes))

    @rule(who=st.sampled_from(LEARNERS), where=st.sampled_from(SESSIONS), minutes=st.sampled_from([None, 20]))
    def check_in(self, who: str, where: str, minutes: int | None) -> None:
        """One check-in, pending until the next read."""
        self.write(lambda: self.lms.check_in(who, where, minutes))

    @rule(where=st.sampled_from(SESSIONS), counts=st.sampled_from(["present", "besides"]),
          audience=st.sampled_from([None, "seniors", "minors"]), persons=persons)
    def headcount(self, where: str, counts: str, audience: str | None, persons: int) -> None:
        """A headcount, new or changed."""
        self.add("headcount", session__code=where, counts=counts, audience=audience, persons=persons)

    @rule(number=st.integers(0, 50), changes=some({"persons": persons, "session": st.sampled_from(SESSIONS)}))
    def correct_headcount(self, number: int, changes: dict[str, Any]) -> None:
        """Another number, or another session."""
        self.write(lambda: self.lms.set("headcount", self.pick("headcount", number), **changes))

    @rule(rows=st.lists(st.tuples(st.sampled_from(HOSTS), days, persons, persons), min_size=1, max_size=3, unique_by=lambda r: r[:2]))
    def ledger(self, rows: list[tuple[str, dt.date, int, int]]) -> None:
        """A street's ledger from a file: sessions and headcounts in one step."""
        lines = ["主办单位,活动日期,活动主题,参加人数,未签到人数", *(f"{h},{d},秋季健康讲座,{p},{b}" for h, d, p, b in rows)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "台账.csv"
            path.write_text("\n".join(lines), encoding="utf-8")
            self.write(lambda: self.lms.import_file("ledger", path))

    @rule(who=st.sampled_from(LEARNERS), group=st.sampled_from(["left_behind", "new_type_farmer", "new_citizen"]), since=days,
          until=st.none() | days)
    def standing(self, who: str, group: str, since: dt.date, until: dt.date | None) -> None:
        """A standing, new or with another end."""
        self.add("standing", learner__code=who, group=group, since=since, until=until)

    @rule(who=st.sampled_from(LEARNERS), since=days, grade=st.sampled_from(["初级", "高级"]))
    def certificate(self, who: str, since: dt.date, grade: str) -> None:
        """A row of a plugin's register that a population asks."""
        self.add("farmers.certificate", learner__code=who, since=since, grade=grade)

    @rule(who=st.sampled_from(LEARNERS), since=days, at=st.sampled_from(HOSTS))
    def enrolment(self, who: str, since: dt.date, at: str) -> None:
        """A row of another plugin's register."""
        self.add("youth.enrolment", learner__code=who, since=since, institution=at)

    @rule(record=st.sampled_from(["standing", "farmers.certificate", "youth.enrolment"]), number=st.integers(0, 20),
          who=st.sampled_from(LEARNERS), until=st.none() | days)
    def correct_register(self, record: str, number: int, who: str, until: dt.date | None) -> None:
        """A register's row that was another person's, and ends on another day."""
        self.write(lambda: self.lms.set(record, self.pick(record, number), learner=who, until=until))

    @rule(record=st.sampled_from(["learner", "session", "participation", "headcount", "standing", "farmers.certificate",
                                  "youth.enrolment", "offering", "course"]), number=st.integers(0, 50))
    def remove(self, record: str, number: int) -> None:
        """Any row, unless others refer to it."""
        self.write(lambda: self.lms.remove(record, self.pick(record, number)))

    @rule(course=st.sampled_from(["C1", "C2"]), word=st.sampled_from([None, *WORDS]))
    def correct_course(self, course: str, word: str | None) -> None:
        """Another category of a course."""
        self.write(lambda: self.lms.set("course", course, category=word))

    @rule(offering=st.sampled_from(["O1", "O2"]), course=st.sampled_from(["C1", "C2"]))
    def correct_offering(self, offering: str, course: str) -> None:
        """Another course of an offering."""
        self.write(lambda: self.lms.set("offering", offering, course=course))

    @rule(host=st.sampled_from(HOSTS), place=st.sampled_from(VILLAGES))
    def move_institution(self, host: str, place: str) -> None:
        """Another place of an institution."""
        self.write(lambda: self.lms.set("institution", host, place=place))

    @rule(code=st.sampled_from([A1, B1]), area=st.sampled_from(["urban", "rural"]), since=days)
    def reclass_place(self, code: str, area: str, since: dt.date) -> None:
        """A village that becomes urban or rural from a day on."""
        self.add("place", code=code, name="新名", level="village", area=area, since=since)

    @rule(code=st.sampled_from([A1, B1]), area=st.sampled_from([None, "urban", "rural"]))
    def correct_place(self, code: str, area: str | None) -> None:
        """A corrected class of a village."""
        self.write(lambda: self.lms.set("place", code, area=area))

    @precondition(lambda self: self.before)
    @rule(number=st.integers(0, 100), latest=st.booleans())
    def undo(self, number: int, latest: bool) -> None:
        """Any earlier write taken back, or refused; the latest must go and leave exactly what was before it."""
        journals = sorted(self.before)
        journal = journals[-1] if latest else journals[number % len(journals)]
        try:
            self.lms.undo(journal)
        except UndoRefused:
            assert journal != journals[-1]
            assert content(self.lms) == self.now
            return
        self.now = content(self.lms)
        former = self.before.pop(journal)
        if journal == journals[-1]:
            assert self.now == former
        else:
            # Later writes stand, so that undoing one no longer gives a content that was there before.
            self.before.clear()

    @rule(without=st.sampled_from(["", "farmers", "youth", "seniors", "migrants"]))
    def reopen(self, without: str) -> None:
        """The same database opened again with another choice of plugins."""
        self.lms = LMS(connection=self.connection, host=host(without), today=TODAY)
        assert content(self.lms) == self.now

    @invariant()
    def kept_totals_equal_a_recount(self) -> None:
        """Nothing differs from counting everything again, and no row of zeros stays behind."""
        assert self.lms.recount(check=True) == []

    @invariant()
    def kept_totals_equal_the_oracle(self) -> None:
        """Every kept measure at every place and year is what plain loops over the facts give."""
        facts = Facts(self.lms)
        for year in YEARS:
            figures = self.lms.figures(Period.year(year))
            for measure in self.lms.totals.measures:
                assert kept(measure)
                own_numbers = own(facts, measure, figures.period.first, figures.period.last)  # type: ignore[arg-type]  # kept
                assert dict(figures.own(measure)) == dict(own_numbers), measure.text
                total = rolled(facts, own_numbers, figures.period.last)
                assert {p: n for p, n in figures.rolled(measure).items() if n} == {p: n for p, n in total.items() if p and n}


Writes.TestCase.settings = settings(
    max_examples=5, stateful_step_count=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
TestWrites = Writes.TestCase
