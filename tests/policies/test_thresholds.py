"""Each threshold of the five documents: a value just below it, on it and just above it, worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import attrs
import pytest

from commlms import LMS
from commlms.measure.judge import Judgement
from tests.policies import territories as t

Build = Callable[[LMS, int], None]
#: Verdict, needed, missing, above.
Said = tuple[str, int | None, int | None, int | None]


@attrs.frozen
class Case:
    """A target judged on a day at a place (or as one), and what is said of each numerator."""

    target: str
    day: dt.date
    place: str
    build: Build
    said: dict[int, Said]


def floor(needed: int, *, least: bool = True) -> dict[int, Said]:
    """A floor: one too few, exactly enough, one more. With ``least`` false only the first two: there is no more."""
    said: dict[int, Said] = {needed - 1: ("short", needed, 1, None), needed: ("met", needed, None, None)}
    return said | {needed + 1: ("met", needed, None, None)} if least else said


def exactly(number: int, *, more: bool = True) -> dict[int, Said]:
    """A number that must be met: one too few, itself, one too many."""
    said: dict[int, Said] = {number - 1: ("short", number, 1, None), number: ("met", number, None, None)}
    return said | {number + 1: ("short", number, None, 1)} if more else said


def on(rows: list[tuple[str, str, str | None, str]], build: Build) -> Build:
    """The same with these places there before."""
    def made(lms: LMS, n: int) -> None:
        t.places(lms, rows)
        build(lms, n)

    return made


def end(year: int) -> dt.date:
    return dt.date(year, 12, 31)


# -- Guangdong --------------------------------------------------------------------------------------

GD = t.guangdong()
VILLAGES, COUNTIES = t.codes(GD, "village"), t.codes(GD, "county")
gd = partial(on, GD)


def inside(found: list[str], cities: tuple[str, ...]) -> list[str]:
    """Those of a region."""
    return [c for c in found if c.startswith(cities)]


def work(kind: str, at: list[str]) -> Build:
    return gd(lambda lms, n: t.undertaken(lms, kind, at[:n]))


def work_of_twenty(kind: str, level: str) -> Build:
    """A province of 20 cities with one county each: 70 % are 14, 90 % are 18."""
    cities = (*t.DELTA, *t.REST[:11])
    rows = [("44", "province", None, ""), *((c, "city", "44", "") for c in cities), *(x for c in cities for x in t.below(c, "county", 1))]
    return on(rows, lambda lms, n: t.undertaken(lms, kind, t.codes(rows, level)[:n]))


def zones(lms: LMS, n: int) -> None:
    """More places than zones: any place can be one."""
    t.places(lms, [(f"V{i}", "village", VILLAGES[0][:-2], "") for i in range(9)])
    t.held(lms, "experimental", "province", [c for c, *_ in GD][:n] + [f"V{i}" for i in range(n - len(GD))])


def national(kind: str) -> Build:
    """Ten zones of provincial rank or above, so many of them national."""
    def build(lms: LMS, n: int) -> None:
        experimental = kind == "experimental"
        t.held(lms, "experimental", "province", COUNTIES[n if experimental else 0:10])
        t.held(lms, kind, "nation", COUNTIES[:n], since="2014-01-01")

    return gd(build)


def learning(cities: tuple[str, ...], **fields: str) -> Build:
    """Four residents in every community; a session in each; so many people of a region."""
    def build(lms: LMS, n: int) -> None:
        for group in ("all", "employed", "minors"):
            t.residents(lms, 4, *VILLAGES, group=group)
        t.came(lms, 2020, VILLAGES, inside(VILLAGES, cities), n, **fields)

    return gd(build)


def communities(cities: tuple[str, ...]) -> Build:
    return gd(lambda lms, n: t.held(lms, "learning_community", "county", inside(VILLAGES, cities)[:n]))


def team(place: str, persons: int) -> Build:
    """Volunteers of a place's own school, and others below or beside it that are not its own."""
    def build(lms: LMS, n: int) -> None:
        t.residents(lms, persons, place)
        own, other = t.schools(lms, "school", place, "44")
        rows = [{"institution": own, "name": "甲队", "persons": n}, {"institution": other, "name": "乙队", "persons": 900}]
        lms.add(rows, "staffing.team")

    return gd(build)


def fund(place: str, year: int, purpose: str = "training", field: str = "budgeted", title: str = "") -> Build:
    """60 residents, so many fen; ``title`` names what the place holds or seeks of national or provincial rank."""
    def build(lms: LMS, n: int) -> None:
        t.residents(lms, 60, place)
        t.funded(lms, place, year, purpose, **{field: n})
        if title:
            t.held(lms, title, "nation", [place], "seeking" if title == "demonstration" else "held")

    return build


def wages(place: str, year: int, kind: str) -> Build:
    return lambda lms, n: t.paid_wages(lms, place, year, kind, n)


#: Of 10,000 yuan 1.5 % are 150 yuan and 2.5 % are 250.
BAND: dict[int, Said] = {
    14_999: ("short", 15_000, 1, None), 15_000: ("met", 15_000, None, None), 15_001: ("met", 15_000, None, None),
    24_999: ("met", 15_000, None, None), 25_000: ("met", 15_000, None, None), 25_001: ("short", 15_000, None, 1),
}
FOUR = ("secondary_vocational", "continuing", "community", "social_training", "seniors_university")


def centre(lms: LMS, n: int) -> None:
    """A vocational centre with the first of the four functions, and one that is none of them."""
    t.functions(lms, t.schools(lms, "vocational_centre", COUNTIES[0]), *FOUR[:n], FOUR[4])


GUANGDONG = [
    Case("gd-prefecture-work-coverage-2018", end(2018), "44", work("community_education", [*t.DELTA, *t.REST]), floor(21, least=False)),
    Case("gd-county-work-coverage-2018", end(2018), "44", work("community_education", COUNTIES), floor(18)),  # 17.5 of 25
    Case("gd-county-work-coverage-2018", end(2018), "44", work_of_twenty("community_education", "county"), floor(14)),  # 70 % exactly
    Case("gd-prd-county-work-coverage-2018", end(2018), "", work("community_education", COUNTIES), floor(10, least=False)),
    Case("gd-zones-provincial-or-above-2018", end(2018), "44", gd(zones), floor(100)),
    Case("gd-zones-share-national-experimental-2018", end(2018), "44", national("experimental"), floor(2)),
    Case("gd-zones-share-national-demonstration-2018", end(2018), "44", national("demonstration"), floor(1)),
    Case("gd-prefecture-learning-city-2018", end(2018), "44", work("learning_city", [*t.DELTA, *t.REST]), floor(19)),  # 18.9 of 21
    Case("gd-prefecture-learning-city-2018", end(2018), "44", work_of_twenty("learning_city", "city"), floor(18)),  # 90 % exactly
    Case("gd-prd-county-learning-city-2018", end(2018), "", work("learning_city", COUNTIES), floor(8)),
    Case("gd-ewn-county-learning-city-2018", end(2018), "", work("learning_city", inside(COUNTIES, t.REST)), floor(9)),
    Case("gd-workforce-participation-2020", end(2020), "44", learning(("44",), occupation="worker"), floor(60)),
    Case("gd-resident-participation-2020", end(2020), "44", learning(("44",)), floor(50)),
    Case("gd-prd-workforce-participation-2020", end(2020), "", learning(t.DELTA, occupation="farmer"), floor(32)),
    Case("gd-prd-resident-participation-2020", end(2020), "", learning(t.DELTA), floor(28)),
    Case("gd-minor-participation-2020", end(2020), "44", learning(("44",), born="2010-05-05"), floor(50)),
    Case("gd-prd-learning-community-2020", end(2020), "", communities(t.DELTA), floor(6)),
    Case("gd-ewn-learning-community-2020", end(2020), "", communities(t.REST), floor(6)),
    Case("gd-volunteers-school", end(2020), "44010101", team("44010101", 101), floor(3)),  # 2.02
    Case("gd-volunteers-school", end(2020), "44010101", team("44010101", 100), floor(2)),  # 2 % exactly
    Case("gd-volunteers-station", end(2020), "4401010101", team("4401010101", 200), floor(3)),
    Case("gd-fund-per-head", end(2020), "440101", gd(fund("440101", 2020, title="demonstration")), floor(12_000)),
    Case("gd-prd-fund-per-head", end(2020), "440101", gd(fund("440101", 2020)), {  # above 2 yuan, not on it
        12_000: ("short", 12_001, 1, None), 12_001: ("met", 12_001, None, None), 12_002: ("met", 12_001, None, None),
    }),
    Case("gd-wage-training-share", end(2020), "4401010101", gd(wages("4401010101", 2020, "enterprise")), BAND),
    Case("gd-vocational-centre-functions", end(2020), COUNTIES[0], gd(centre), exactly(4, more=False)),
]

# -- Wanzhou ----------------------------------------------------------------------------------------

WZ = t.wanzhou()
TOWNSHIPS = t.codes(WZ, "township")
wz = partial(on, WZ)


def organised(kind: str) -> Build:
    """Five residents in each of twelve townships, four of a kind: 20 of each, 60 in all. Self-study is not organised."""
    def build(lms: LMS, n: int) -> None:
        t.residents(lms, 5, *TOWNSHIPS)
        t.came(lms, 2015, t.codes(WZ, "village"), [c for c, v, _, k in WZ if v == "township" and kind in ("", k)], n)

    return wz(build)


def titles(kind: str, level: str) -> Build:
    return wz(lambda lms, n: t.held(lms, kind, "county", t.codes(WZ, level)[:n]))


def levels(rows: list[tuple[str, str, str | None, str]]) -> Build:
    """Institutions at the first so many levels."""
    def build(lms: LMS, n: int) -> None:
        t.places(lms, rows)
        kinds = {"city": "university", "county": "college", "township": "school", "village": "point"}
        for level in list(dict.fromkeys(v for _, v, _, _ in rows))[:n]:
            t.schools(lms, kinds[level], t.codes(rows, level)[0])

    return build


WANZHOU = [
    Case("wz-participation-2015", end(2015), "500101", organised(""), floor(30)),
    Case("wz-participation-street-2015", end(2015), "", organised("street"), floor(14)),
    Case("wz-participation-town-2015", end(2015), "", organised("town"), floor(12)),
    Case("wz-participation-township-2015", end(2015), "", organised("township"), floor(8)),
    Case("wz-experimental-townships-2015", end(2015), "500101", titles("experimental", "township"), floor(10)),
    Case("wz-demonstration-townships-2015", end(2015), "500101", titles("demonstration", "township"), floor(10)),
    Case("wz-experimental-villages-2015", end(2015), "500101", titles("experimental", "village"), floor(50)),
    Case("wz-demonstration-villages-2015", end(2015), "500101", titles("demonstration", "village"), floor(50)),
    Case("wz-fund-per-head", end(2014), "500101", wz(fund("500101", 2014, "special")), floor(12_000)),
    Case("wz-wage-training-share", end(2014), TOWNSHIPS[0], wz(wages(TOWNSHIPS[0], 2014, "institution")), BAND),
    Case("wz-network-levels", end(2014), "500101", levels(WZ), exactly(3, more=False)),  # there are but three levels in a district
]

# -- Guangzhou, Gongshu -----------------------------------------------------------------------------

GZ: list[tuple[str, str, str | None, str]] = [("4401", "city", None, ""), ("440101", "county", "4401", "")]
GS = t.gongshu()
gs = partial(on, GS)
STREET, COMMUNITY = "330105001", "330105001001"


def gz(lms: LMS, n: int) -> None:
    t.places(lms, GZ)
    fund("440101", 2014, "special", "appropriated", "experimental")(lms, n)


def staffed(place: str, kind: str, role: str, persons: int) -> Build:
    """So many full-time posts at the institution of a place; residents of that place."""
    def build(lms: LMS, n: int) -> None:
        t.residents(lms, persons, place)
        t.posts(lms, *t.schools(lms, kind, place), role, n)

    return gs(build)


def rooms(lms: LMS, n: int) -> None:
    """Hundredths of a square metre in two sites."""
    (school,) = t.schools(lms, "school", STREET)
    areas = (10_000, n - 10_000)
    rows = [{"institution": school, "name": f"{i}号", "area": t.yuan(a), "since": "2020-01-01"} for i, a in enumerate(areas)]
    lms.add(rows, "premises.site")


def seniors(function: str) -> Build:
    """So many institutions with a function; one is a teaching point, which is never counted."""
    def build(lms: LMS, n: int) -> None:
        rows = [{"code": f"B{i}", "name": f"分院{i}", "place": "330105"} for i in range(n + 1)]
        lms.add(rows, "institution")
        t.functions(lms, ["B0"], "seniors_point")
        if n:
            t.functions(lms, [f"B{i + 1}" for i in range(n)], function)

    return gs(build)


GUANGZHOU = [Case("gz-fund-per-head", end(2014), "440101", gz, floor(12_000))]
GONGSHU = [
    Case("gs-street-school-area", end(2023), STREET, gs(rooms), floor(50_000)),
    Case("gs-dedicated-workers-ratio", end(2023), "330105", staffed("330105", "college", "worker", 40_001), floor(3)),  # 2.00005
    Case("gs-dedicated-workers-ratio", end(2023), "330105", staffed("330105", "college", "worker", 40_000), floor(2)),  # 0.5 exactly
    Case("gs-branch-staff-ratio", end(2023), STREET, staffed(STREET, "school", "teacher", 30_001), floor(4)),  # 3.0001
    Case("gs-branch-staff-ratio", end(2023), STREET, staffed(STREET, "school", "teacher", 40_000), floor(4)),  # 0.01 % exactly
    Case("gs-branch-staff-ratio", end(2023), STREET, staffed(STREET, "school", "manager", 20_000), floor(3)),  # 2, but 3 at least
    Case("gs-branch-staff-min", end(2023), STREET, staffed(STREET, "school", "manager", 30_000), floor(3)),
    Case("gs-branch-staff-min", end(2023), STREET, staffed(STREET, "school", "teacher", 40_000), floor(4)),  # 3, but 4 of 40,000
    Case("gs-point-staff-min", end(2023), COMMUNITY, staffed(COMMUNITY, "point", "manager", 9_000), floor(1)),
    Case("gs-fund-per-head", end(2023), "330105", gs(fund("330105", 2023, "general")), floor(24_000)),
    Case("gs-seniors-college", end(2023), "330105", seniors("seniors_college"), exactly(1)),
    Case("gs-seniors-branches", end(2023), "330105", seniors("seniors_branch"), exactly(18)),
    Case("gs-network-levels", end(2023), "330105", levels(GS), exactly(3, more=False)),
]

# -- Panzhihua --------------------------------------------------------------------------------------

PZ = t.panzhihua()
pz = partial(on, PZ)


def residents_came(year: int) -> Build:
    def build(lms: LMS, n: int) -> None:
        t.residents(lms, 100, "5104")
        villages = t.codes(PZ, "village")
        t.came(lms, year, [*villages, "510490"], villages, n)

    return pz(build)


def demonstration(level: str) -> Build:
    return pz(lambda lms, n: t.held(lms, "demonstration", "city", t.codes(PZ, level)[:n]))


def trainings(place: str) -> Build:
    """Trainings of backbone teachers in 2021; one in 2020, and one of volunteers, are none of them."""
    def build(lms: LMS, n: int) -> None:
        rows = [{"place": place, "on": f"2021-0{i + 1}-05", "title": f"第{i}期", "audience": "backbone"} for i in range(n)]
        rows += [{"place": place, "on": "2020-05-05", "title": "旧", "audience": "backbone"}]
        rows += [{"place": place, "on": "2021-05-05", "title": "志愿者", "audience": "volunteers"}]
        lms.add(rows, "staffing.training")

    return pz(build)


def namings(place: str) -> Build:
    """Rounds of naming learning organisations in 2021 and 2022; one of 2020 lies before the two years, one of zones is none."""
    def build(lms: LMS, n: int) -> None:
        rows = [{"place": place, "on": f"{2021 + i % 2}-06-01", "title": f"第{i}批", "kind": "学习型组织"} for i in range(n)]
        others = [("2020-12-31", "前一批", "学习型社区"), ("2021-06-01", "示范街道", "示范区"), ("2022-06-01", "未写称号", None)]
        lms.add([*rows, *({"place": place, "on": on, "title": name, "kind": kind} for on, name, kind in others)], "recognition.naming")

    return pz(build)


def brands(lms: LMS, n: int) -> None:
    rows = [{"place": "510401", "kind": "brand", "rank": "county", "holder": f"品牌{i}", "since": "2021-02-03"} for i in range(n)]
    lms.add([*rows, {"place": "510402", "kind": "brand", "rank": "county", "holder": "别处", "since": "2021-02-03"}], "recognition.status")


def reached(lms: LMS, day: int) -> None:
    """The network in place on a day of September 2024; the full coverage before it is another matter."""
    lms.add([
        {"place": "5104", "name": "network", "since": f"2024-09-{day:02d}"}, {"place": "5104", "name": "coverage", "since": "2023-12-01"},
    ], "supervision.milestone")


PANZHIHUA = [
    Case("pzh-participation-2020", end(2020), "5104", residents_came(2020), floor(50)),
    Case("pzh-learning-communities-2022", end(2022), "5104", pz(
        lambda lms, n: t.held(lms, "learning_community", "city", t.codes(PZ, "village")[:n])), floor(20)),
    Case("pzh-participation-2022", end(2022), "5104", residents_came(2022), floor(75)),
    Case("pzh-demo-counties-2023", end(2023), "5104", demonstration("county"), {  # 2 to 3: more is told, not held against it
        **floor(2), 4: ("met", 2, None, 1),
    }),
    Case("pzh-demo-townships-2023", end(2023), "5104", demonstration("township"), floor(20)),
    Case("pzh-demo-villages-2023", end(2023), "5104", demonstration("village"), floor(50)),
    Case("pzh-higher-zones-2023", end(2023), "5104", pz(
        lambda lms, n: t.held(lms, "demonstration", "province", t.codes(PZ, "county")[:n])), floor(1)),
    Case("pzh-network-duration", dt.date(2025, 6, 30), "5104", pz(reached), {  # five years from 2019-09-11
        10: ("met", None, None, None), 11: ("met", None, None, None), 12: ("short", None, 1, None),
    }),
    Case("pzh-network-levels", end(2023), "5104", levels(PZ), exactly(4, more=False)),
    Case("pzh-training-city", end(2021), "5104", trainings("5104"), floor(1)),
    Case("pzh-training-county", end(2021), "510401", trainings("510401"), floor(1)),
    Case("pzh-naming-interval", end(2022), "510401", namings("510401"), floor(1)),
    Case("pzh-naming-interval", end(2022), "5104", namings("5104"), floor(1)),
    Case("pzh-quality-brand-2021", end(2021), "510401", pz(brands), floor(1)),
]
CASES = [*GUANGDONG, *WANZHOU, *GUANGZHOU, *GONGSHU, *PANZHIHUA]
NO_NUMBER = {"wz-331-goal": ("500101", WZ), "gs-1050-project": ("330105", GS)}
ROWS = [(case, number) for case in CASES for number in case.said]


def judged(lms: LMS, target: str, day: dt.date, place: str = "") -> Judgement:
    """The verdict on a target at a place, or the only one."""
    (policy,) = (p for p in lms.registry.policies.values() if any(x.id == target for x in p.targets))
    found = [j for _, j in lms.judge([policy.key], as_of=day) if j.target == target]
    (one,) = [j for j in found if not place or j.places == (lms.place(place),)]
    return one


@pytest.mark.parametrize(("case", "number"), ROWS, ids=[f"{c.target}-{n}" for c, n in ROWS])
def test_each_threshold_below_on_and_above(case: Case, number: int) -> None:
    with t.opened() as lms:
        case.build(lms, number)
        found = judged(lms, case.target, case.day, case.place)
    assert (found.verdict, found.needed, found.by, found.excess) == case.said[number], found.why
    assert found.numerator == (None if case.target == "pzh-network-duration" else number)


@pytest.mark.parametrize("target", NO_NUMBER)
def test_a_number_that_the_document_does_not_explain_is_never_judged(target: str) -> None:
    """331 and 1050: no verdict, no figure, and the note of the pack says why."""
    place, rows = NO_NUMBER[target]
    with t.opened() as lms:
        t.places(lms, rows)
        found = judged(lms, target, t.TODAY, place)
    assert (found.verdict, found.numerator, found.needed) == ("no_verdict", None, None)
    assert found.why


def test_every_target_of_the_five_documents_stands_in_this_table() -> None:
    with t.opened() as lms:
        loaded = {x.id for p in lms.registry.policies.values() for x in p.targets}
    assert loaded == {c.target for c in CASES} | set(NO_NUMBER)
    assert len(loaded) == 58
