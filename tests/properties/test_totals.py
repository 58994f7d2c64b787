"""Totals are exact under every kind of write, and a write taken back leaves exactly what was there before."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from commlms import LMS, CommLMSError, Host, Metric, Period, Total, UndoRefused, home_kind, hookimpl
from commlms import sessions as times_came
from commlms.core.metrics import kept
from tests.measure.city import A1, A2, B1, B2, STREET, TODAY, TOWN, ZONE, attend, city, content, learners, session
from tests.properties.counted import Facts, own, rolled
from tests.properties.peer import Writers

VILLAGES = (A1, A2, B1, B2, TOWN, ZONE)
HOSTED = (STREET, A1, B1)
HOSTS = tuple(f"I-{p}" for p in HOSTED)
YEARS = (2020, 2021, 2022)
LEARNERS, SESSIONS = tuple(f"L{i}" for i in range(7)), tuple(f"S{i}" for i in range(6))
WORDS = ("智慧助老", "声乐", "种养殖等农业技术", "城市文明")
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
    "audience": st.sampled_from([None, "seniors", "minors"]), "meetings": st.sampled_from([None, 12]),
    "began": st.sampled_from([None, dt.date(2020, 3, 5), dt.date(2021, 11, 1)]),
}
persons = st.integers(0, 40)
place_fields: dict[str, st.SearchStrategy[Any]] = {
    "area": st.sampled_from(["urban", "rural"]), "kind": st.sampled_from(["community", "village"]),
    "parent": st.sampled_from([STREET, TOWN]),
}


@cache
def host(without: str, times: int = 0) -> Host:
    """A host with all bundled plugins but one, and if ``times`` with one more: its metric counts who came so many times."""
    regulars = Metric("rule.regulars", "常客", "regulars", Total(where=times_came() >= times, among=home_kind.is_("community")))
    rule = SimpleNamespace(COMMLMS_API=1, register_metrics=hookimpl(lambda: [regulars]))
    return Host(without=[without] if without else [], modules={"rule": rule} if times else {})


def some(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """A few of the fields with values."""
    return st.fixed_dictionaries({}, optional=fields)


class Writes(RuleBasedStateMachine):
    """Writes of every kind through the public interface, each accepted or refused as a whole."""

    @initialize()
    def start(self) -> None:
        """The city with four people at four sessions, open in two processes that write by turns."""
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "city.db"
        self.lms = city(self.path, host=host(""))
        self.lms.add([{"code": f"C{i}", "title": f"课程{i}", "category": WORDS[i]} for i in (1, 2)], "course")
        self.lms.add([{"code": f"O{i}", "course": f"C{i}", "institution": HOSTS[0]} for i in (1, 2)], "offering")
        for i, born in enumerate(("1950", "1961-12-31", "2015-02-28", "1990")):
            learners(self.lms, VILLAGES[i], LEARNERS[i], born=born, hukou="other_rural", occupation="worker")
        for i, year in enumerate((2021, 2021, 2022, 2022)):
            session(self.lms, SESSIONS[i], HOSTED[i % 3], f"{year}-03-05", minutes=45, category=WORDS[i], offering=f"O{1 + i % 2}")
            attend(self.lms, SESSIONS[i], *LEARNERS[i % 2:4])
        self.writers = Writers(self.lms, self.path)
        self.before: dict[int, Any] = {}
        self.settled: dict[tuple[str, int], Counter[int]] = {}
        self.erased: Counter[int] = Counter()
        self.now = content(self.lms)

    def teardown(self) -> None:
        """Close the database."""
        if hasattr(self, "writers"):
            self.writers.peer.close()
            self.lms.close()
            self.folder.cleanup()

    def write(self, name: str, *given: Any, **named: Any) -> None:
        """One write, by whoever's turn it is; a refused one must have changed nothing."""
        last = self.lms.database.one("SELECT MAX(id) FROM journal")
        with suppress(CommLMSError):
            self.writers.do(name, *given, **named)
        journal, now = self.lms.database.one("SELECT MAX(id) FROM journal"), content(self.lms)
        if journal == last:
            assert now == self.now
        else:
            self.before[journal] = self.now
        self.now = now

    def add(self, record: str, **row: Any) -> None:
        """Add one row."""
        self.write("add", [row], record)

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
        self.write("set", "learner", code, since, **changes)

    @rule(code=st.sampled_from(SESSIONS), row=some(session_fields), host=st.sampled_from(HOSTS), on=days)
    def session(self, code: str, row: dict[str, Any], host: str, on: dt.date) -> None:
        """A session, new or changed by its code."""
        self.add("session", **{"code": code, "theme": f"主题{code}", "institution": host, "on": on, **row})

    @rule(code=st.sampled_from(SESSIONS), changes=some(session_fields))
    def correct_session(self, code: str, changes: dict[str, Any]) -> None:
        """A correction of anything about a session."""
        self.write("set", "session", code, **changes)

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
            self.write("add", rows, "participation")

    @rule(number=st.integers(0, 50), minutes=st.sampled_from([None, 10, 120]))
    def correct_participation(self, number: int, minutes: int | None) -> None:
        """Other minutes of one person at one session."""
        self.write("set", "participation", self.pick("participation", number), minutes=minutes)

    @rule(who=st.sampled_from(LEARNERS), where=st.sampled_from(SESSIONS), minutes=st.sampled_from([None, 20]))
    def check_in(self, who: str, where: str, minutes: int | None) -> None:
        """One check-in, pending until the next read."""
        self.write("check_in", who, where, minutes)

    @rule(where=st.sampled_from(SESSIONS), counts=st.sampled_from(["present", "besides", "unmatched"]),
          audience=st.sampled_from([None, "seniors", "minors"]), persons=persons)
    def headcount(self, where: str, counts: str, audience: str | None, persons: int) -> None:
        """A headcount, new or changed."""
        self.add("headcount", session__code=where, counts=counts, audience=audience, persons=persons)

    @rule(number=st.integers(0, 50), changes=some({"persons": persons, "session": st.sampled_from(SESSIONS)}))
    def correct_headcount(self, number: int, changes: dict[str, Any]) -> None:
        """Another number, or another session."""
        self.write("set", "headcount", self.pick("headcount", number), **changes)

    @rule(rows=st.lists(st.tuples(st.sampled_from(HOSTS), days, persons, persons), min_size=1, max_size=3, unique_by=lambda r: r[:2]))
    def ledger(self, rows: list[tuple[str, dt.date, int, int]]) -> None:
        """A street's ledger from a file: sessions and headcounts in one step."""
        lines = ["主办单位,活动日期,活动主题,参加人数,未签到人数", *(f"{h},{d},秋季健康讲座,{p},{b}" for h, d, p, b in rows)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "台账.csv"
            path.write_text("\n".join(lines), encoding="utf-8")
            self.write("import_file", "ledger", str(path))

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
        self.write("set", record, self.pick(record, number), learner=who, until=until)

    @rule(record=st.sampled_from(["learner", "session", "participation", "headcount", "standing", "farmers.certificate",
                                  "youth.enrolment", "offering", "course", "same_learner", "same_session"]), number=st.integers(0, 50))
    def remove(self, record: str, number: int) -> None:
        """Any row, unless others refer to it."""
        self.write("remove", record, self.pick(record, number))

    @rule(course=st.sampled_from(["C1", "C2"]), changes=some({
        "category": session_fields["category"], "population": session_fields["audience"]}))
    def correct_course(self, course: str, changes: dict[str, Any]) -> None:
        """Another category of a course, or others it is for."""
        self.write("set", "course", course, **changes)

    @rule(offering=st.sampled_from(["O1", "O2"]), course=st.sampled_from(["C1", "C2"]))
    def correct_offering(self, offering: str, course: str) -> None:
        """Another course of an offering."""
        self.write("set", "offering", offering, course=course)

    @rule(host=st.sampled_from(HOSTS), place=st.sampled_from(VILLAGES))
    def move_institution(self, host: str, place: str) -> None:
        """Another place of an institution."""
        self.write("set", "institution", host, place=place)

    @rule(code=st.sampled_from([A1, B1]), row=some(place_fields), since=days)
    def reclass_place(self, code: str, row: dict[str, Any], since: dt.date) -> None:
        """A village that becomes urban, or a community, or part of another township, from a day on."""
        self.add("place", code=code, name="新名", level="village", since=since, **row)

    @rule(code=st.sampled_from([A1, B1]), changes=some(place_fields))
    def correct_place(self, code: str, changes: dict[str, Any]) -> None:
        """A corrected class or parent of a village."""
        self.write("set", "place", code, **changes)

    @rule(codes=st.permutations([B2, "990101101299"]))
    def recode_place(self, codes: list[str]) -> None:
        """Another code of a village."""
        self.write("set", "place", codes[0], code=codes[1])

    @rule(kind=st.sampled_from(["learner", "learner", "session"]), pair=st.tuples(st.integers(0, 50), st.integers(0, 50)),
          verdict=st.sampled_from(["same", "same", "different"]))
    def decide(self, kind: str, pair: tuple[int, int], verdict: str) -> None:
        """That two people or sessions are one, or are not."""
        self.write(verdict, kind, *(self.pick(kind, n) for n in pair))

    @rule(kind=st.sampled_from(["learner", "session"]), pair=st.tuples(st.integers(0, 50), st.integers(0, 50)),
          verdict=st.sampled_from(["same", "different"]))
    def add_decision(self, kind: str, pair: tuple[int, int], verdict: str) -> None:
        """The same by the verb that every record has."""
        double, main = (self.pick(kind, n) for n in pair)
        self.add(f"same_{kind}", **{kind: double, "main": main, "verdict": verdict})

    @rule(kind=st.sampled_from(["learner", "session"]), number=st.integers(0, 20), changes=st.sampled_from(["verdict", "main"]),
          other=st.integers(0, 50), verdict=st.sampled_from(["same", "different"]))
    def correct_decision(self, kind: str, number: int, changes: str, other: int, verdict: str) -> None:
        """Another verdict, or one about another."""
        value = verdict if changes == "verdict" else self.pick(kind, other)
        self.write("set", f"same_{kind}", self.pick(f"same_{kind}", number), **{changes: value})

    @rule(who=st.sampled_from(LEARNERS))
    def erase(self, who: str) -> None:
        """A person whose rows go, and whose part of every year's totals stays as it was."""
        there, facts = self.lms.database.one("SELECT id FROM learner WHERE code = ?", (who,)), Facts(self.lms)
        former, came = self.shares(), [v["session"] for v in facts.visits if v["learner"] == facts.main("learner", there)]
        self.write("people.erase", who)
        self.before = dict.fromkeys(self.before)  # what was there before an earlier write is not told any more
        self.erased += Counter(came)
        for key, numbers in self.shares().items():
            self.settled.setdefault(key, Counter()).update({p: n - numbers[p] for p, n in former[key].items() if n != numbers[p]})

    def shares(self) -> dict[tuple[str, int], Counter[int]]:
        """What the people who are there contribute to each total of each year."""
        facts = Facts(self.lms)
        return {
            (m.text, y): own(facts, m, Period.year(y).first, Period.year(y).last)
            for y in YEARS for m in self.lms.totals.measures if isinstance(m, Total)
        }

    @precondition(lambda self: self.before)
    @rule(number=st.integers(0, 100), latest=st.booleans())
    def undo(self, number: int, latest: bool) -> None:
        """Any earlier write taken back, or refused; the latest must go and leave exactly what was before it."""
        journals = sorted(self.before)
        journal = journals[-1] if latest else journals[number % len(journals)]
        try:
            self.writers.do("undo", journal)
        except UndoRefused:
            assert journal != journals[-1] or self.before[journal] is None
            assert content(self.lms) == self.now
            return
        self.now = content(self.lms)
        former = self.before.pop(journal)
        if journal != journals[-1]:
            # Later writes stand, so that undoing one no longer gives a content that was there before.
            self.before = dict.fromkeys(self.before)
        elif former is not None:
            assert self.now == former

    @rule(without=st.sampled_from(["", "farmers", "youth", "seniors", "migrants"]))
    def reopen(self, without: str) -> None:
        """The same database opened again with another choice of plugins."""
        self.open(host(without))
        assert content(self.lms) == self.now

    @rule(times=st.integers(1, 3))
    def count_by_another_rule(self, times: int) -> None:
        """The next release of a plugin counts differently under the same key; what was settled under the old rule goes with it."""
        self.open(host("", times))
        kept_now = {m.text for m in self.lms.totals.measures}
        self.settled = {key: numbers for key, numbers in self.settled.items() if key[0] in kept_now}
        self.now, self.before = content(self.lms), dict.fromkeys(self.before)

    def open(self, host: Host) -> None:
        """This process opens the database anew; the other one's stays open."""
        self.lms.close()
        self.lms = self.writers.lms = LMS(self.path, host=host, today=TODAY)

    @invariant()
    def kept_totals_equal_a_recount(self) -> None:
        """Nothing differs from counting everything again, and no row of zeros stays behind."""
        assert self.lms.recount(check=True) == []

    @invariant()
    def kept_totals_equal_the_oracle(self) -> None:
        """Every kept measure at every place and year is what plain loops over the facts give."""
        facts = Facts(self.lms, self.erased)
        for year in YEARS:
            figures = self.lms.figures(Period.year(year))
            for measure in self.lms.totals.measures:
                assert kept(measure)
                own_numbers = own(facts, measure, figures.period.first, figures.period.last)  # type: ignore[arg-type]  # kept
                own_numbers = own_numbers + self.settled.get((measure.text, year), Counter())
                assert dict(figures.own(measure)) == dict(own_numbers), measure.text
                total = rolled(facts, own_numbers, figures.period.last)
                assert {p: n for p, n in figures.rolled(measure).items() if n} == {p: n for p, n in total.items() if p and n}


Writes.TestCase.settings = settings(
    max_examples=5, stateful_step_count=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
TestWrites = Writes.TestCase
