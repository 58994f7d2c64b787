"""The demos judged: each alone and all in one database. One import of each is shared by the whole file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from commlms import LMS, Demo, Host, Period
from commlms_demos.demos import DEMOS

BY_KEY: Mapping[str, Demo] = {demo.key: demo for demo in DEMOS}
DOCUMENTS = {
    "panzhihua": ("panzhihua-2019",), "wanzhou": ("wanzhou-2013",), "guangzhou": ("guangzhou-2012",), "gongshu": ("gongshu-2023",),
    "guangdong": ("guangdong-2016", "guangzhou-2012"),
}
TODAY, KEYS = dt.date(2026, 1, 1), [b"0" * 32]
Open = Callable[[str], LMS]


class Told(NamedTuple):
    """A verdict by names instead of row numbers."""

    day: dt.date
    target: str
    places: tuple[str, ...]
    subject: str


def fill(lms: LMS, demo: Demo, folder: Path) -> None:
    """Import every file of a demo; nothing may be rejected or held."""
    folder.mkdir(parents=True)
    for file in demo.files(folder):
        result = lms.import_file(file.record, file.path)
        assert (result.rejected, result.held, result.problems) == (0, 0, []), file.record


@pytest.fixture(scope="module")
def host() -> Host:
    """All bundled plugins."""
    return Host()


@pytest.fixture(scope="module")
def alone(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Each demo in a database of its own, made when it is first asked for."""
    made: dict[str, LMS] = {}

    def get(key: str) -> LMS:
        if key not in made:
            folder = tmp_path_factory.mktemp(key)
            made[key] = LMS(folder / "demo.db", host=host, today=TODAY, keys=KEYS, invented=True)
            fill(made[key], BY_KEY[key], folder / "inputs")
        return made[key]

    yield get
    for lms in made.values():
        lms.close()


def judged(lms: LMS, key: str, day: dt.date) -> list[Any]:
    """What the documents of a demo's jurisdiction say on a day."""
    return [j for _, j in lms.judge(DOCUMENTS[key], as_of=day)]


def days(key: str) -> tuple[dt.date, ...]:
    """The days of a demo; Guangzhou's is one of Guangdong's too."""
    return (*BY_KEY["guangzhou"].days, *BY_KEY[key].days) if key == "guangdong" else BY_KEY[key].days


def codes(lms: LMS) -> Mapping[int, str]:
    """The code of each place today, or the last it had."""
    return dict(lms.database.execute("SELECT owner, code FROM place_state ORDER BY since").fetchall())


def verdicts(lms: LMS, key: str) -> Mapping[Told, tuple[object, ...]]:
    """All verdicts of a demo's documents with their integers."""
    known, found = codes(lms), {}
    for day in days(key):
        for j in judged(lms, key, day):
            told = Told(day, j.target, tuple(known[p] for p in j.places), j.subject.zh if j.subject else "")
            found[told] = (
                j.verdict, j.why and j.why.zh, j.numerator, j.denominator, j.ceiling, j.bound, j.needed, j.by, j.silent, j.leaves,
            )
    return found


@pytest.mark.parametrize("key", BY_KEY)
def test_every_indicator_gets_a_verdict_from_what_is_recorded(alone: Open, host: Host, key: str) -> None:
    """Nothing is missing on any of the days, and on one of them each sentence with a number is due."""
    lms, numbered = alone(key), set()
    for document in DOCUMENTS[key]:
        numbered |= {t.id for t in host.registry.policies[document].targets if t.metric}
    decided: dict[str, set[str]] = {}
    for day in days(key):
        for j in judged(lms, key, day):
            decided.setdefault(j.target, set()).add(j.verdict)
    assert not [target for target, found in decided.items() if "no_data" in found]
    assert {target for target, found in decided.items() if found & {"met", "short", "not_shown"}} == numbered
    assert {target for target, found in decided.items() if found == {"no_verdict"}} == set(decided) - numbered


def test_the_demos_show_every_kind_of_verdict(alone: Open) -> None:
    """Met and short in each; what cannot be shown, what does not apply and what has no number where a document can say so."""
    kinds = {key: {j.verdict for day in days(key) for j in judged(alone(key), key, day)} for key in BY_KEY}
    assert kinds["panzhihua"] == {"met", "short", "not_shown", "not_applicable"}
    assert kinds["guangdong"] == {"met", "short", "not_shown", "not_applicable"}
    assert kinds["wanzhou"] == {"met", "short", "not_shown", "no_verdict"}
    assert kinds["guangzhou"] == {"met", "short", "not_applicable"}
    assert kinds["gongshu"] == {"met", "short", "no_verdict"}


def one(lms: LMS, document: str, target: str, day: str) -> list[Any]:
    """The judgements of one target."""
    return [j for _, j in lms.judge([document], as_of=dt.date.fromisoformat(day)) if j.target == target]


def test_gongshu_needs_57_workers_in_the_district_and_122_in_its_18_schools(alone: Open) -> None:
    """0.5 per 10,000 of 1,120,985 is 56.05; 0.01 % is 112.1, which 18 schools round up one by one, three at the least."""
    lms = alone("gongshu")
    (district,) = one(lms, "gongshu-2023", "gs-dedicated-workers-ratio", "2023-12-31")
    assert (district.needed, district.denominator, district.verdict) == (57, 1_120_985, "met")
    schools = one(lms, "gongshu-2023", "gs-branch-staff-ratio", "2023-12-31")
    assert (len(schools), sum(j.needed or 0 for j in schools)) == (18, 122)
    assert min(j.needed or 0 for j in schools) == 3
    assert Counter(j.verdict for j in schools) == {"met": 12, "short": 6}


def test_before_the_merger_there_are_two_districts_with_residents_of_their_own(alone: Open) -> None:
    """In 2020 下城区 has eight sub-districts and the census of 2010; the census of the merged borders counts from 2021 on."""
    lms = alone("gongshu")
    before, after = lms.figures(Period.year(2020)), lms.figures(Period.year(2021))
    old, kept = lms.place("330103", 20201231), lms.place("330105", 20201231)
    assert [len(before.tree.children[p]) for p in (old, kept)] == [8, 10]
    metric = lms.metric("core.participation")
    assert [before.figure(metric, p).denominator for p in (old, kept)] == [526_096, 551_874]
    funds = lms.metric("funding.arranged_per_head")
    assert [before.figure(funds, p).numerator for p in (old, kept)] == [350 * 526_096, 300 * 551_874]
    assert old not in after.tree.nodes
    assert len(after.tree.children[kept]) == 18
    assert after.figure(metric, kept).denominator == 1_120_985
    street = lms.place("330105014")
    assert (lms.place("330103001", 20201231), before.tree.parents[street], after.tree.parents[street]) == (street, old, kept)


def test_shunde_reports_beside_the_cities_and_lies_in_foshan(alone: Open) -> None:
    """So the province has 22 that report to it; 东莞 and 中山 have towns and no county; the zone reports to 攀枝花."""
    lms = alone("guangdong")
    admin, reporting = lms.figures(Period.year(2020)), lms.figures(Period.year(2020), "reporting")
    province, shunde, foshan = lms.place("44"), lms.place("440606"), lms.place("4406")
    assert (admin.tree.parents[shunde], reporting.tree.parents[shunde]) == (foshan, province)
    assert (len(admin.tree.children[province]), len(reporting.tree.children[province])) == (21, 22)
    for city in ("4419", "4420"):
        assert {admin.tree.nodes[p].level for p in admin.tree.children[lms.place(city)]} == {"township"}
    (delta,) = one(lms, "guangdong-2016", "gd-prd-county-work-coverage-2018", "2018-12-31")
    assert (delta.numerator, delta.denominator) == (47, 48)
    assert len(one(lms, "guangdong-2016", "gd-volunteers-school", "2018-12-31")) == 1757
    panzhihua = alone("panzhihua")
    zone = panzhihua.place("5104-VT")
    assert panzhihua.figures(Period.year(2022), "reporting").tree.parents[zone] == panzhihua.place("5104")
    assert panzhihua.figures(Period.year(2022)).tree.parents[zone] is None


@pytest.mark.parametrize("order", [tuple(BY_KEY), tuple(BY_KEY)[::-1]], ids=["as listed", "backwards"])
def test_five_in_one_database_are_what_each_is_alone(alone: Open, host: Host, tmp_path: Path, order: tuple[str, ...]) -> None:
    """Whichever comes first, and what two of them share is there once: every verdict with its integers is the same."""
    with LMS(tmp_path / "five.db", host=host, today=TODAY, keys=KEYS, invented=True) as five:
        for key in order:
            fill(five, BY_KEY[key], tmp_path / key)
        assert sum(1 for _ in five.rows("learner")) == 60 + 70 + 100 + 120
        for key in order:
            assert verdicts(five, key) == verdicts(alone(key), key), key


def test_a_demo_that_is_loaded_again_changes_nothing(alone: Open, tmp_path: Path) -> None:
    """Every row is found again, the two states of a re-coded place too."""
    lms = alone("gongshu")
    for file in BY_KEY["gongshu"].files(tmp_path):
        result = lms.import_file(file.record, file.path)
        assert (result.new, result.changed, result.unchanged) == (0, 0, result.read), file.record


def test_guangzhou_is_judged_the_same_within_its_province(alone: Open) -> None:
    """Its document asks nothing of places that only the province's demo has."""
    own, within = verdicts(alone("guangzhou"), "guangzhou"), verdicts(alone("guangdong"), "guangdong")
    assert len(own) == 11
    assert own.items() <= within.items()
