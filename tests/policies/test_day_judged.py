"""The day judged: a standing duty on what is in force then, a due date on what was reached by then, never on the year's end."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from commlms import LMS
from commlms.core.days import Period
from commlms.core.policies import Policy
from commlms.report.data import as_data
from commlms.report.explained import explained
from commlms.report.gather import gather
from tests.policies import territories as t

STREET = "330105001"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def judged(lms: LMS, target: str, on: str) -> list[tuple[str, int | None, str]]:
    """Verdict, numerator and period of each judgement."""
    (policy,) = (p for p in lms.registry.policies.values() if any(x.id == target for x in p.targets))
    return [(j.verdict, j.numerator, j.period) for _, j in lms.judge([policy.key], as_of=day(on)) if j.target == target]


def with_target(lms: LMS, policy: str, target: str, **changes: object) -> Policy:
    """A loaded document with one target changed."""
    found = lms.registry.policies[policy]
    return attrs.evolve(found, targets=tuple(attrs.evolve(x, **changes) if x.id == target else x for x in found.targets))


def staffed(lms: LMS) -> None:
    """A street of 20,000 with a school: two teachers, a third from October, and one of the first two leaves in December."""
    t.places(lms, t.gongshu())
    t.residents(lms, 20_000, STREET)
    (school,) = t.schools(lms, "school", STREET)
    spans = (("2022-01-01", None), ("2022-01-01", "2024-12-01"), ("2024-10-01", None), ("2025-03-01", None))
    lms.add([
        {"institution": school, "code": f"P{n}", "role": "teacher", "employment": "full_time", "since": s, "until": u}
        for n, (s, u) in enumerate(spans)
    ], "staffing.post")


@pytest.mark.parametrize(("on", "verdict", "posts", "period"), [
    ("2024-09-30", "short", 2, "2024-09-30"), ("2024-10-01", "met", 3, "2024-10-01"), ("2024-11-30", "met", 3, "2024-11-30"),
    ("2024-12-01", "short", 2, "2024-12-01"), ("2024-12-31", "short", 2, "2024"), ("2025-03-01", "met", 3, "2025-03-01"),
])
def test_a_standing_duty_is_judged_by_what_is_in_force_on_the_day(on: str, verdict: str, posts: int, period: str) -> None:
    with t.opened() as lms:
        staffed(lms)
        assert judged(lms, "gs-branch-staff-min", on) == [(verdict, posts, period)]


def test_explain_of_the_running_year_is_of_today_as_the_verdict_is() -> None:
    """Today is 2025-06-30; a teacher who leaves in September is still there, in the verdict and in its explanation."""
    with t.opened() as lms:
        staffed(lms)
        lms.set("staffing.post", "P3", until="2025-09-01")
        assert judged(lms, "gs-branch-staff-min", "2025-06-30") == [("met", 3, "2025-06-30")]
        for period in ("2025", "2025-06-30"):
            found = explained(lms, "gs-branch-staff-min", STREET, period)
            assert found.judgement is not None
            assert (found.judgement.verdict, found.judgement.numerator) == ("met", 3)
            assert sum(r.adds or 0 for r in found.rows() if r.part == "numerator") == 3


def test_a_standing_duty_binds_the_places_of_the_day() -> None:
    """Two streets until 2024-06-30, one merged of them from July."""
    with t.opened() as lms:
        t.places(lms, [("330105", "county", None, "")])
        rows = [("A", None, "2024-07-01"), ("B", None, "2024-07-01"), ("C", "2024-07-01", None)]
        lms.add([
            {"code": c, "name": c, "level": "township", "kind": "street", "parent": "330105", "since": s, "until": u} for c, s, u in rows
        ], "place")
        t.schools(lms, "school", "330105")
        places = {c: lms.place(c, 20240101 if u else 20250101) for c, _, u in rows}
        said = {
            on: [j.places for _, j in lms.judge(["003"], as_of=day(on)) if j.target == "gs-street-school-area"]
            for on in ("2024-06-30", "2024-07-01", "2024-12-31")
        }
    before, after = [(places["A"],), (places["B"],)], [(places["C"],)]
    assert said == {"2024-06-30": before, "2024-07-01": after, "2024-12-31": after}


def test_what_was_due_in_june_is_not_met_by_what_came_in_july() -> None:
    """Brands due by 2021-06-30: one from that day on, one that expired on the next, one granted on it."""
    with t.opened() as lms:
        t.places(lms, t.panzhihua())
        spans = (("2021-06-30", None), ("2020-01-01", "2021-07-01"), ("2021-07-01", None))
        lms.add([
            {"place": "510401", "kind": "brand", "rank": "county", "holder": f"品牌{n}", "since": s, "until": u}
            for n, (s, u) in enumerate(spans)
        ], "recognition.status")
        due = with_target(lms, "panzhihua-2019", "pzh-quality-brand-2021", due=20210630)
        lms.registry.policies["panzhihua-2019"], kept = due, lms.registry.policies["panzhihua-2019"]
        try:
            said = [x for x in judged(lms, "pzh-quality-brand-2021", "2023-05-05") if x[1]]
            early = judged(lms, "pzh-quality-brand-2021", "2021-06-29")
        finally:
            lms.registry.policies["panzhihua-2019"] = kept
    assert said == [("met", 2, "2021-06-30")]
    assert [v for v, *_ in early] == ["not_applicable"]


def test_what_was_reached_after_the_year_of_the_due_date_is_late_by_so_many_days() -> None:
    """Five years from 2019-09-11 end on 2024-09-11; the network stands on 2025-01-10, 121 days later."""
    with t.opened() as lms:
        t.places(lms, t.panzhihua())
        lms.add({"place": "5104", "name": "network", "since": "2025-01-10"}, "supervision.milestone")
        found = {
            on: next(j for _, j in lms.judge(["004"], as_of=day(on)) if j.target == "pzh-network-duration")
            for on in ("2024-12-31", "2025-01-09", "2025-01-10")
        }
    assert [(j.verdict, j.by) for j in found.values()] == [("short", None), ("short", None), ("short", 121)]


def test_a_year_until_a_day_has_what_is_dated_by_the_whole_year() -> None:
    """The budget of 2024 is there on 2024-08-15, that of its second half is not over, that of a later year is not there."""
    until = Period.until(20240815)
    assert (until.key, until.first, until.last, until.is_year) == ("2024-08-15", 20240101, 20240815, False)
    assert {"2024", "2024H1", "2024Q2", "2024-07"} <= set(until.inside())
    assert not {"2024H2", "2024-08", "2023", "2025", "2024S"} & set(until.inside())
    assert Period.until(20241231) == Period.year(2024)
    assert (Period.asked("2024-08-15"), Period.asked("2024H1")) == (until, Period.parse("2024H1"))


def test_at_a_place_also_what_a_document_of_it_does_not_demand_yet_is_told() -> None:
    """Before 2023-05-12 the ten targets of 003 are not applicable in Gongshu; at a street below nothing is said of the district's."""
    with t.opened() as lms:
        t.places(lms, t.gongshu())
        found = lms.judge(as_of=day("2023-05-11"), place="330105")
        assert {(p.id, j.verdict, j.why.en if j.why else "") for p, j in found} == {
            ("003", "not_applicable", "the document is in force from 2023-05-12 on"),
        }
        assert len(found) == 10
        assert lms.judge(as_of=day("2023-05-11"), place=STREET) == []


def test_of_a_place_that_is_not_in_the_database_no_target_is_told_to_be_not_yet_due() -> None:
    """One reason for the whole document, so that it takes one line."""
    with t.opened() as lms:
        t.places(lms, t.gongshu())
        found = lms.judge(["004"], as_of=day("2021-06-30"))
    assert {j.why.en if j.why else "" for _, j in found} == {"the database has no place 5104"}


def test_a_place_that_has_ended_since_keeps_its_verdict_on_what_was_due_before() -> None:
    """Brands were due in 2021; 510402 went into 510401 in 2022. In 2023 the city's verdicts and report still tell of both."""
    with t.opened() as lms:
        t.places(lms, [("5104", "city", None, "")])
        lms.add([
            {"code": c, "name": c, "level": "county", "parent": "5104", "until": "2022-06-01" if c == "510402" else None}
            for c in t.codes(t.panzhihua(), "county")[:4]
        ], "place")
        lms.add({"place": "510401", "kind": "brand", "rank": "county", "holder": "甲", "since": "2021-02-03"}, "recognition.status")
        target, due = "pzh-quality-brand-2021", day("2023-12-31")
        found = [j for _, j in lms.judge(["004"], as_of=due, place="5104") if j.target == target]
        names = {lms.place(c, 20211231): c for c in t.codes(t.panzhihua(), "county")[:4]}
        assert [(names[j.places[0]], j.verdict) for j in found] == [
            ("510401", "met"), ("510402", "short"), ("510403", "short"), ("510404", "short"),
        ]
        data = as_data(gather(lms, "2023", "5104", due))
    (document,) = (d for d in data["documents"] if d["key"] == "panzhihua-2019")
    assert [v["verdict"] for v in document["verdicts"] if v["target"] == target] == ["met", "short", "short", "short"]
