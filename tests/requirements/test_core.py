"""Entries about people, places and institutions that hold for every document: one record, one home, nobody refused."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import commlms
from commlms import LMS, Metric, RowsRefused, hookimpl, this

TODAY = dt.date(2023, 6, 30)
PLACES = (
    ("9001", "样城市", "city", None, None), ("900101", "东区", "county", "9001", None),
    ("900101001", "东街街道", "township", "900101", "urban"), ("900101001001", "甲社区", "village", "900101001", "urban"),
    ("900101001002", "乙社区", "village", "900101001", "urban"), ("900101001003", "丙社区", "village", "900101001", "urban"),
)
CITY, STREET, FIRST, SECOND, THIRD = "9001", "900101001", "900101001001", "900101001002", "900101001003"


def fill(lms: LMS) -> LMS:
    """A street with three communities, and a school in the first."""
    lms.add([dict(zip(("code", "name", "level", "parent", "area"), row, strict=True)) for row in PLACES], "place")
    lms.add({"code": "J1", "name": "甲社区学校", "place": FIRST}, "institution")
    return lms


@pytest.fixture
def lms() -> Iterator[LMS]:
    """The street with every bundled plugin."""
    with commlms.LMS(today=TODAY, lang="en", keys=[]) as opened:
        yield fill(opened)


def session(lms: LMS, code: str, on: str, **more: Any) -> None:
    lms.add({"code": code, "institution": "J1", "on": on, "theme": code, **more}, "session")


def came(lms: LMS, at: str, *codes: str) -> None:
    lms.add([{"learner": code, "session": at} for code in codes], "participation")


def number(lms: LMS, metric: str, place: str = CITY, period: str = "2022") -> int | None:
    return lms.figures(period).figure(lms.metric(metric), lms.place(place)).numerator


@pytest.mark.requirement("R006")
def test_one_record_goes_on_from_module_to_module(lms: LMS) -> None:
    """Born in July 2004: a minor of the 430 school in 2021, a migrant worker in 2022, a new citizen in 2023; always one person.

    What was counted in 2021 stays when the person is no minor any more, and both years together have one person.
    """
    lms.add({"code": "L1", "name": "某甲", "born": "2004-07-01", "home": FIRST, "hukou": "other_rural", "occupation": "student"}, "learner")
    session(lms, "S1", "2021-03-05")
    session(lms, "S2", "2022-03-05")
    session(lms, "S3", "2023-03-05")
    came(lms, "S1", "L1")
    assert (number(lms, "youth.persons", period="2021"), number(lms, "migrants.persons", period="2021")) == (1, 0)
    lms.add({"code": "L1", "name": "某甲", "occupation": "worker", "since": "2022-01-01"}, "learner")
    came(lms, "S2", "L1")
    lms.add({"learner": "L1", "group": "新市民", "since": "2023-01-01"}, "standing")
    came(lms, "S3", "L1")
    figures = {y: [number(lms, f"{m}.persons", period=y) for m in ("core", "youth", "migrants")] for y in ("2021", "2022")}
    assert figures == {"2021": [1, 1, 0], "2022": [1, 0, 1]}
    assert number(lms, "core.persons", period="2021..2023") == 1
    assert len(list(lms.rows("learner", current=True))) == 1
    assert [row["session"] for row in lms.people.export("L1")["participation"]] == ["S1", "S2", "S3"]


@pytest.mark.requirement("R010", "R330")
def test_nobody_is_refused_for_age_household_registration_work_or_disability(lms: LMS) -> None:
    """A name is enough. Every hukou or none, a new-born and a woman of 119, every occupation: all are learners and count.

    A session for disabled people takes names like any other: nothing about the person is asked.
    """
    hukous = (None, "local_urban", "local_rural", "other_urban", "other_rural")
    work = (None, "farmer", "worker", "employed", "self_employed", "unemployed", "student", "retired", "other")
    rows: list[dict[str, Any]] = [{"hukou": h} for h in hukous] + [{"occupation": o} for o in work]
    rows += [{"born": "2023-06-29"}, {"born": "1904-01-01"}]
    result = lms.add([{"code": f"L{n}", "name": f"某{n}", "home": FIRST, **row} for n, row in enumerate(rows)], "learner")
    assert (result.new, result.rejected) == (16, 0)
    assert lms.add({"name": "只有姓名"}, "learner").new == 1
    session(lms, "S1", "2022-03-05", audience="残疾人")
    came(lms, "S1", *(f"L{n}" for n in range(16)))
    assert number(lms, "core.persons") == 16


@pytest.mark.requirement("R202")
def test_a_learner_has_one_home_and_learns_anywhere(lms: LMS) -> None:
    """Home in the second community, activities in the first and the third: counted once, at the second.

    A second home without a date is refused; with one it takes the place of the first from that day on.
    """
    lms.add({"code": "J3", "name": "丙社区学校", "place": THIRD}, "institution")
    lms.add({"code": "L1", "name": "某甲", "home": SECOND}, "learner")
    session(lms, "S1", "2022-03-05")
    session(lms, "S3", "2022-04-05", institution="J3")
    came(lms, "S1", "L1")
    came(lms, "S3", "L1")
    places = (FIRST, SECOND, THIRD, STREET)
    assert [number(lms, "core.persons", p) for p in places] == [0, 1, 0, 1]
    assert [number(lms, "core.sessions", p) for p in places] == [1, 0, 1, 2]
    with pytest.raises(RowsRefused):
        lms.add({"code": "L1", "name": "某甲", "home": THIRD}, "learner")
    lms.add({"code": "L1", "name": "某甲", "home": THIRD, "since": "2022-12-31"}, "learner")
    assert [number(lms, "core.persons", p) for p in places] == [0, 0, 1, 1]


@pytest.mark.requirement("R190", "R277")
def test_training_that_an_enterprise_holds_for_its_staff_is_participation_of_employed_people(lms: LMS) -> None:
    """Three of its staff, one of them at both trainings, and a retired guest: 3 of 10 employed people, 5 visits by 4 persons."""
    lms.add({"code": "Q1", "name": "样城轴承厂", "place": FIRST, "kind": "企业"}, "institution")
    for group, persons in (("all", 20), ("employed", 10)):
        row = {"place": FIRST, "on": "2020-11-01", "basis": "permanent", "group": group, "persons": persons, "nature": "census"}
        lms.add(row, "residents")
    staff = [{"code": f"L{n}", "name": f"某{n}", "home": FIRST, "occupation": "在职"} for n in range(3)]
    lms.add([*staff, {"code": "L9", "name": "某九", "home": FIRST, "occupation": "退休"}], "learner")
    session(lms, "S1", "2022-03-05", institution="Q1", minutes=90)
    session(lms, "S2", "2022-06-05", institution="Q1", minutes=60)
    came(lms, "S1", "L0", "L1", "L2", "L9")
    came(lms, "S2", "L0")
    rate = lms.figures("2022").figure(lms.metric("core.workforce_participation"), lms.place(FIRST))
    assert (rate.numerator, rate.denominator) == (3, 10)
    assert (number(lms, "core.persons"), number(lms, "core.visits"), number(lms, "core.minutes")) == (4, 5, 4 * 90 + 60)


@pytest.mark.requirement("R205")
def test_outcomes_of_persons_add_up_to_the_community_and_give_nobody_away(tmp_path: Path) -> None:
    """Certificates of 2022 at the homes of who earned them: 7, 6 and 2 in three communities, 15 in the street.

    What leaves the system hides the 2, and the 6 as well, so that 15 less the others does not give the 2 back.
    """
    metric = Metric(
        "local.certificates", "证书", "certificates", commlms.Rows("outcome", this.kind.is_("certificate"), day="on"), unit="row",
        population="learners",
    )
    plugin = SimpleNamespace(COMMLMS_API=1, register_metrics=hookimpl(lambda: [metric]))
    with commlms.LMS(host=commlms.Host(modules={"local": plugin}), today=TODAY, lang="en", keys=[]) as lms:
        fill(lms)
        for home, count in ((FIRST, 7), (SECOND, 6), (THIRD, 2)):
            codes = [f"L{home[-1]}{n}" for n in range(count)]
            lms.add([{"code": c, "name": f"某{c}", "home": home} for c in codes], "learner")
            lms.add([{"learner": c, "kind": "证书", "on": "2022-06-01", "title": "茶艺师"} for c in codes], "outcome")
        lms.add({"learner": "L10", "kind": "结业", "on": "2022-06-01", "title": "茶艺班"}, "outcome")
        assert [number(lms, "local.certificates", p) for p in (FIRST, SECOND, THIRD, STREET)] == [7, 6, 2, 15]
        data = json.loads(lms.report(tmp_path / "r.json", "2022", place=STREET).read_text(encoding="utf-8"))
    street = data["places"][0]
    shown = {p["code"]: p["figures"]["local.certificates"]["numerator"] for p in (street, *street["children"])}
    assert shown == {STREET: 15, FIRST: 7, SECOND: None, THIRD: None}


@pytest.mark.requirement("R052")
def test_one_host_runs_several_institutions(lms: LMS) -> None:
    """A radio and TV university runs the city's community university and a college; both name it, and both come out again."""
    host = "样城广播电视大学"
    lms.add([
        {"code": "U", "name": "样城社区大学", "place": CITY, "kind": "社区大学", "host": host},
        {"code": "C", "name": "东区社区学院", "place": "900101", "kind": "社区学院", "host": host},
    ], "institution")
    found = {r.reference: (r.cells["kind"], r.cells["host"]) for r in lms.rows("institution") if r.cells["host"]}
    assert found == {"U": ("社区大学", host), "C": ("社区学院", host)}


@pytest.mark.requirement("R296")
def test_a_street_school_may_have_a_host_outside_the_government(lms: LMS) -> None:
    """The street's culture station, or a social service organisation: both are valid hosts of a community school."""
    lms.add([
        {"code": "A", "name": "东街社区学校", "place": STREET, "kind": "社区学校", "host": "东街文化站"},
        {"code": "B", "name": "东街第二社区学校", "place": STREET, "kind": "社区学校", "host": "暖阳社会工作服务中心"},
    ], "institution")
    schools = [r.cells for r in lms.rows("institution") if r.cells["place"] == STREET]
    assert [(s["kind"], s["host"]) for s in schools] == [("社区学校", "东街文化站"), ("社区学校", "暖阳社会工作服务中心")]


@pytest.mark.requirement("R117", "R494")
def test_the_form_of_an_activity_is_apart_from_its_content(lms: LMS) -> None:
    """Class, talent show, study visit, reading salon, or a word of one's own; each with any category beside it."""
    words = {"课堂学习": "授课", "才艺展示": "展示", "游学": "参观游学", "读书沙龙": "沙龙", "围炉夜话": "围炉夜话"}
    for n, form in enumerate(words):
        session(lms, f"S{n}", f"2022-03-0{n + 1}", form=form, category="传统文化" if n % 2 else "科普知识")
    found = {r.reference: (r.cells["form"], r.cells["category"]) for r in lms.rows("session")}
    kinds = ("科普知识", "传统文化", "科普知识", "传统文化", "科普知识")
    assert [found[f"S{n}"] for n in range(5)] == list(zip(words.values(), kinds, strict=True))
    lms.set("session", "S1", category="科普知识")
    assert next(r.cells["form"] for r in lms.rows("session") if r.reference == "S1") == "展示"
