"""Each kind of write by name: the totals afterwards are a full recount's and a plain count's, whichever process wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from commlms import LMS, Host, Metric, Period, Total, home_kind, hookimpl, sessions
from commlms.core.metrics import Hosted
from commlms.ingest.review import Verdict
from tests.measure.city import A1, A2, B1, STREET, TODAY, TOWN, attend, city, headcount, learners, session
from tests.properties.counted import Facts, own

YEARS = (2021, 2022)
Write = Callable[[LMS], Any]


def _newest(lms: LMS) -> int:
    return int(lms.database.one("SELECT MAX(id) FROM journal"))


def _undone(write: Write) -> Write:
    """A write and its undoing, with a check-in folded in between."""

    def both(lms: LMS) -> None:
        write(lms)
        journal = _newest(lms)
        lms.check_in("L4", "S2")
        lms.totals.fold()
        lms.undo(journal)

    return both


def _signed(lms: LMS, *people: dict[str, str]) -> None:
    """An attendance list of the session S1, with one more in the room."""
    held = {"code": "S1", "institution": f"I-{A1}", "on": "2022-03-05", "theme": "讲座", "present": "12"}
    lms.add([held | person for person in people], "attendance")


def _decided(lms: LMS, verdict: Verdict) -> None:
    """Somebody of L2's name, who may be L2, and is decided to be or not to be."""
    _signed(lms, {"name": "学员L2", "born": "1990-05-05"}, {"name": "学员L2"})
    (case,) = (c for c in lms.office.open_cases() if c.kind == "held")
    lms.office.decide(case, verdict)


#: A stored one, one known better now, one who is new, and two who are nobody.
_LIST: tuple[dict[str, str], ...] = (
    {"name": "学员L4", "born": "1950-01-01"}, {"name": "学员L3", "born": "1985-02-03", "home": A2, "learner_code": "L3"},
    {"name": "新人", "born": "1948-01-01", "home": B1, "attended": "20"}, {"name": "学员L0"}, {"name": "学员L2", "born": "1990"},
)
#: Every kind of write that reaches a total.
WRITES: dict[str, Write] = {
    "new": lambda lms: lms.add([{"learner__code": "L4", "session__code": "S2", "minutes": 20}], "participation"),
    "changed": lambda lms: lms.set("participation", "L0/S1", minutes=15),
    "deleted": lambda lms: lms.remove("participation", "L0/S1"),
    "checked in": lambda lms: lms.check_in("L4", "S2", 10),
    "undone: new": _undone(lambda lms: lms.add([{"learner__code": "L3", "session__code": "S2"}], "participation")),
    "undone: deleted": _undone(lambda lms: lms.remove("participation", "L0/S1")),
    "undone: changed": _undone(lambda lms: lms.set("session", "S1", on="2021-03-05")),
    "moved": lambda lms: lms.add([{"code": "L0", "name": "学员L0", "home": B1, "since": "2022-06-01"}], "learner"),
    "moved: corrected": lambda lms: lms.set("learner", "L0", home=B1),
    "birth date corrected": lambda lms: lms.set("learner", "L0", born="2010-01-01"),
    "occupation and hukou corrected": lambda lms: lms.set("learner", "L3", occupation="retired", hukou="local_urban"),
    "session to another date": lambda lms: lms.set("session", "S1", on="2021-12-31"),
    "session to another course": lambda lms: lms.set("session", "S1", course="C2"),
    "session to another offering": lambda lms: lms.set("session", "S2", offering="O2"),
    "session to another host": lambda lms: lms.set("session", "S1", institution=f"I-{B1}"),
    "session to another length": lambda lms: lms.set("session", "S1", minutes=90),
    "course of another category": lambda lms: lms.set("course", "C1", category="声乐"),
    "course for other people": lambda lms: lms.set("course", "C1", population="seniors"),
    "offering of another course": lambda lms: lms.set("offering", "O1", course="C2"),
    "institution at another place": lambda lms: lms.set("institution", f"I-{A1}", place=B1),
    "place of another kind": lambda lms: lms.set("place", A1, kind="village"),
    "place of another area from a day on": lambda lms: lms.add(
        [{"code": A1, "name": "桥东村", "level": "village", "area": "rural", "since": "2022-07-01"}], "place"),
    "place re-coded and moved": lambda lms: lms.set("place", A1, code="990101101299", parent=TOWN),
    "register row that a population asks for": lambda lms: lms.add(
        [{"learner__code": "L2", "grade": "高级", "since": "2021-01-01"}], "farmers.certificate"),
    "register row of another person": lambda lms: lms.set("farmers.certificate", _row(lms, "farmers.certificate"), learner="L2"),
    "standing ended": lambda lms: lms.set("standing", _row(lms, "standing"), until="2022-06-30"),
    "headcount changed": lambda lms: lms.set("headcount", _row(lms, "headcount"), persons=30),
    "headcount of another session": lambda lms: lms.set("headcount", _row(lms, "headcount"), session="S2"),
    "headcount deleted": lambda lms: lms.remove("headcount", _row(lms, "headcount")),
    "headcount of those not known": lambda lms: headcount(lms, "S1", "unmatched", 8),
    "learners that are one": lambda lms: lms.same("learner", "L0", "L3"),
    "learners that are one: taken apart": lambda lms: (lms.same("learner", "L0", "L3"), lms.different("learner", "L0", "L3")),
    "learners that are one: removed": lambda lms: (lms.same("learner", "L0", "L3"), lms.remove("same_learner", _row(lms, "same_learner"))),
    "learners that are one: another": lambda lms: (
        lms.same("learner", "L0", "L3"), lms.set("same_learner", _row(lms, "same_learner"), main="L2")),
    "sessions that are one": lambda lms: lms.same("session", "S1", "S2"),
    "sessions that are one: of whom one is then moved": lambda lms: (
        lms.same("session", "S2", "S1"), lms.set("session", "S2", on="2021-03-05")),
    "headcount of sessions that are one": lambda lms: (lms.same("session", "S2", "S1"), headcount(lms, "S2", "present", 3)),
    "visit to a double of another year": lambda lms: (
        lms.set("session", "S2", on="2021-04-05"), lms.same("session", "S1", "S2"), attend(lms, "S2", "L4")),
    "undone: learners that are one": _undone(lambda lms: lms.same("learner", "L0", "L4")),
    "undone: sessions that are one": _undone(lambda lms: lms.same("session", "S2", "S1")),
    "undone: decision removed": _undone(lambda lms: (
        lms.same("learner", "L0", "L3"), lms.remove("same_learner", _row(lms, "same_learner")))),
    "a double checks in": lambda lms: (lms.same("learner", "L1", "L4"), lms.check_in("L4", "S2")),
    "a double is corrected": lambda lms: (lms.same("learner", "L1", "L3"), lms.set("learner", "L3", home=B1)),
    "a double's visit is longer": lambda lms: (lms.same("learner", "L0", "L1"), lms.set("participation", "L1/S1", minutes=300)),
    "a register's row of a double": lambda lms: (lms.same("learner", "L1", "L2"), lms.add(
        [{"learner__code": "L2", "grade": "高级", "since": "2021-01-01"}], "farmers.certificate")),
    "session made a series": lambda lms: lms.set("session", "S1", meetings=24, began="2022-01-05"),
    "session made a series over New Year": lambda lms: lms.set("session", "S1", meetings=5, began="2021-12-05"),
    "person erased": lambda lms: lms.people.erase("L0"),
    "attendance list": lambda lms: _signed(lms, *_LIST),
    "attendance list: decided to be the same": lambda lms: _decided(lms, "same"),
    "attendance list: decided to be different": lambda lms: _decided(lms, "different"),
    "undone: attendance list": _undone(lambda lms: _signed(lms, *_LIST)),
    "undone: decided to be the same": _undone(lambda lms: _decided(lms, "same")),
    "undone: decided to be different": _undone(lambda lms: _decided(lms, "different")),
    "somebody unmatched removed": lambda lms: (_signed(lms, *_LIST), lms.remove("unmatched", _row(lms, "unmatched"))),
    "somebody unmatched at another session": lambda lms: (
        _signed(lms, *_LIST), lms.set("unmatched", _row(lms, "unmatched"), session="S2")),
    "undone: somebody unmatched removed": _undone(lambda lms: (
        _signed(lms, *_LIST), lms.remove("unmatched", _row(lms, "unmatched")))),
    "attendance list of a double": lambda lms: (lms.same("session", "S2", "S1"), lms.same("learner", "L0", "L4"), _signed(lms, *_LIST)),
    "new metric of a plugin": lambda lms: _opened(lms, with_rule(1, "more")),
    "another rule of a metric": lambda lms: _opened(lms, with_rule(1)),
    "metric taken out of a plugin": lambda lms: _opened(lms, with_rule(0)),
}
#: Writes that leave every kept total as it was: what is below a place is added up when it is read.
KEPT = {
    "place re-coded and moved", "person erased", "learners that are one: taken apart", "learners that are one: removed",
}


def _row(lms: LMS, record: str) -> str:
    return next(r.reference for r in lms.rows(record))


@cache
def with_rule(times: int, name: str = "rule") -> Host:
    """The bundled plugins and one whose only metric counts residents of communities who came so many times (0: it has no metric)."""
    regulars = Metric(f"{name}.regulars", "常客", "regulars", Total(where=sessions() >= max(times, 1), among=home_kind.is_("community")))
    rule = SimpleNamespace(COMMLMS_API=1, register_metrics=hookimpl(lambda: [regulars] if times else []))
    return Host(modules={name: rule})


def _opened(lms: LMS, host: Host) -> None:
    LMS(lms.database.path, today=TODAY, host=host).close()


@contextmanager
def filled(path: Path) -> Iterator[LMS]:
    """Five people at two sessions of a course, a headcount, a standing, a certificate, a plugin's rule, a check-in waiting."""
    with city(path) as lms:
        courses = {"C1": "智慧助老", "C2": "种养殖等农业技术"}
        lms.add([{"code": code, "title": f"课程{code}", "category": word} for code, word in courses.items()], "course")
        lms.add([{"code": f"O{i}", "course": f"C{i}", "institution": f"I-{STREET}"} for i in (1, 2)], "offering")
        session(lms, "S1", A1, "2022-03-05", minutes=60, course="C1")
        session(lms, "S2", A1, "2022-04-05", minutes=45, offering="O1")
        learners(lms, A1, "L0", "L1", "L4", born="1950-01-01")
        learners(lms, A2, "L2", born="1990", hukou="local_rural", occupation="farmer")
        learners(lms, A1, "L3", born="1985", hukou="other_rural", occupation="worker")
        attend(lms, "S1", "L0", "L1", "L2")
        attend(lms, "S2", "L0", "L3")
        headcount(lms, "S1", "present", 9)
        lms.add([{"learner__code": "L1", "group": "new_citizen", "since": "2021-01-01"}], "standing")
        lms.add([{"learner__code": "L0", "grade": "高级", "since": "2021-01-01"}], "farmers.certificate")
        lms.check_in("L3", "S1")
        _opened(lms, with_rule(2))
        yield lms


def counted(lms: LMS) -> dict[tuple[str, int], Counter[int]]:
    """Every kept measure of every year as plain loops over the stored facts give it."""
    erased = Counter(dict(lms.database.execute("SELECT session, persons FROM erased_visit")))
    facts, found = Facts(lms, erased), {}
    for measure in lms.totals.measures:
        assert isinstance(measure, (Total, Hosted))
        for period in map(Period.year, YEARS):
            found[measure.text, period.first // 10_000] = own(facts, measure, period.first, period.last)
    return found


def kept(lms: LMS) -> dict[tuple[str, int], Counter[int]]:
    """The same as the totals say."""
    with lms.moment():
        years = {year: lms.figures(str(year)) for year in YEARS}
        return {(m.text, year): Counter(dict(figures.own(m))) for year, figures in years.items() for m in lms.totals.measures}


@pytest.mark.parametrize("kind", WRITES)
def test_totals_after_a_write_are_a_recount_and_a_plain_count(kind: str, tmp_path: Path) -> None:
    """One program writes, another that was open all the while reads and then writes too: both see exact totals."""
    with filled(tmp_path / "city.db") as lms, LMS(tmp_path / "city.db", today=TODAY) as other:
        before = kept(other)
        assert before == counted(other)
        WRITES[kind](lms)
        now, plain = kept(other), counted(other)
        if kind == "person erased":
            # Their part of the totals over learners stays, and their visits stay with the sessions, without a name.
            assert now == before != plain
            assert all(now[key] == plain[key] for key in now if key[0].startswith('["Hosted"'))
        else:
            assert now == plain
            assert (now == before) == (kind in KEPT), "the write was to change a total"
        assert other.recount(check=True) == []
        attend(other, "S2", "L1")
        assert lms.recount(check=True) == []
        assert kind == "person erased" or kept(lms) == counted(lms)
