"""Entries about targets: each document's own sentence judged on a city small enough to count by hand."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

import commlms
from commlms import LMS
from commlms.measure.judge import Judgement

DELTA = ("4401", "4403", "4404", "4406", "4407", "4412", "4413", "4419", "4420")
NORTH = "4402"
Brief = tuple[str, int | None, int | None, int | None, int | None]


def opened(today: dt.date) -> LMS:
    return commlms.LMS(today=today, lang="en", keys=[])


def place(code: str, level: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": f"地{code}", "level": level, "parent": parent, **more}


def school(lms: LMS, year: int, *places: str) -> None:
    """An institution in each place with two sessions in the year."""
    lms.add([{"code": f"J{p}", "name": f"校{p}", "place": p} for p in places], "institution")
    lms.add([
        {"code": f"S{p}-{n}", "institution": f"J{p}", "on": f"{year}-0{n}-05", "theme": "讲座"} for p in places for n in (1, 2)
    ], "session")


def census(lms: LMS, group: str, **persons: int) -> None:
    """Permanent residents of a group, by place code after an underscore."""
    lms.add([
        {"place": p[1:], "on": "2010-11-01", "basis": "permanent", "group": group, "persons": n, "nature": "census"}
        for p, n in persons.items()
    ], "residents")


def came(lms: LMS, home: str, count: int, occupation: str = "retired", twice: bool = True) -> None:
    """So many learners of a place at its first session, or at both."""
    known = len(list(lms.rows("learner", current=True)))
    codes = [f"L{known + n}" for n in range(count)]
    lms.add([{"code": c, "name": f"某{c}", "home": home, "occupation": occupation} for c in codes], "learner")
    lms.add([{"learner": c, "session": f"S{home}-{n}"} for c in codes for n in ((1, 2) if twice else (1,))], "participation")


def judged(lms: LMS, policy: str, day: dt.date) -> dict[str, Judgement]:
    """The one judgement of each target, as of a day."""
    return {j.target: j for _, j in lms.judge([policy], as_of=day)}


def brief(j: Judgement) -> Brief:
    return (j.verdict, j.numerator, j.denominator, j.needed, j.by)


@pytest.mark.requirement("R001")
def test_what_is_in_force_depends_on_the_issue_and_not_on_the_publication() -> None:
    """000: number as printed, issuer, issued 2016-02-19, published 2018-04-24; in 2017 its targets are only not yet due."""
    with opened(dt.date(2023, 6, 30)) as lms:
        lms.add(place("44", "province"), "place")
        policy = lms.registry.policies["guangdong-2016"]
        assert (policy.number, policy.issuer.zh, policy.issued, policy.published) == ("粤教职〔20163", "广东省教育厅", 20160219, 20180424)
        why = {}
        for day in (dt.date(2016, 2, 18), dt.date(2016, 2, 19), dt.date(2017, 6, 1)):
            found = judged(lms, "000", day)["gd-resident-participation-2020"]
            assert found.why is not None
            why[day.isoformat()] = found.why.en
    assert why == {
        "2016-02-18": "the document is in force from 2016-02-19 on", "2016-02-19": "not yet due (2020-12-31)",
        "2017-06-01": "not yet due (2020-12-31)",
    }


def guangdong() -> LMS:
    """2020: each Delta city has 2 residents, 1 of them employed; the northern city 22 and 11. A session in every city."""
    lms = opened(dt.date(2021, 6, 1))
    lms.add([place("44", "province"), *(place(c, "city", "44") for c in (*DELTA, NORTH))], "place")
    for group, delta, north in (("all", 2, 22), ("employed", 1, 11)):
        census(lms, group, **{f"_{c}": delta for c in DELTA}, **{f"_{NORTH}": north})
    school(lms, 2020, *DELTA, NORTH)
    return lms


@pytest.mark.requirement("R025", "R026")
def test_employed_people_and_residents_of_guangdong_are_counted_once_each() -> None:
    """Province: 20 employed, 40 residents. 11 employed who came twice are 11, short of 12; 12 reach 60 % exactly.

    With 8 who are not employed 20 of 40 residents came, exactly 50 %, in 40 visits.
    """
    with guangdong() as lms:
        came(lms, NORTH, 11, "employed")
        day = dt.date(2020, 12, 31)
        found = judged(lms, "000", day)
        assert brief(found["gd-workforce-participation-2020"]) == ("short", 11, 20, 12, 1)
        assert brief(found["gd-resident-participation-2020"]) == ("short", 11, 40, 20, 9)
        came(lms, "4401", 1, "employed")
        came(lms, NORTH, 8)
        found = judged(lms, "000", day)
        assert brief(found["gd-workforce-participation-2020"]) == ("met", 12, 20, 12, None)
        assert brief(found["gd-resident-participation-2020"]) == ("met", 20, 40, 20, None)
        assert lms.figures("2020").figure(lms.metric("core.visits"), lms.place("44")).numerator == 40


@pytest.mark.requirement("R027", "R028")
def test_the_delta_has_its_own_two_values_apart_from_the_province() -> None:
    """分别: 80 % of 9 employed are 7.2, so 8; 70 % of 18 residents are 12.6, so 13. The province of 20 and 40 misses both of its own.

    With 7 employed and 12 residents the Delta misses by one each.
    """
    day = dt.date(2020, 12, 31)
    with guangdong() as lms:
        for city in DELTA[:7]:
            came(lms, city, 1, "worker")
        for city in DELTA[:5]:
            came(lms, city, 1)
        found = judged(lms, "000", day)
        assert brief(found["gd-prd-workforce-participation-2020"]) == ("short", 7, 9, 8, 1)
        assert brief(found["gd-prd-resident-participation-2020"]) == ("short", 12, 18, 13, 1)
        came(lms, DELTA[7], 1, "farmer")
        found = judged(lms, "000", day)
        assert brief(found["gd-prd-workforce-participation-2020"]) == ("met", 8, 9, 8, None)
        assert brief(found["gd-prd-resident-participation-2020"]) == ("met", 13, 18, 13, None)
        assert brief(found["gd-workforce-participation-2020"]) == ("short", 8, 20, 12, 4)
        assert brief(found["gd-resident-participation-2020"]) == ("short", 13, 40, 20, 7)


def test_shunde_is_a_district_of_its_city_and_reports_to_the_province_and_counts_once() -> None:
    """Of 6 residents of 禅城 one learned, of 4 of 顺德 one: Foshan is 2 of 10, on the reporting tree 1 of 6 beside Shunde's 1 of 4.

    The province is 2 of 10 on both, and Shunde stands among the county level's places once.
    """
    with opened(dt.date(2021, 6, 1)) as lms:
        lms.add([place("44", "province"), place("4406", "city", "44"), place("440604", "county", "4406")], "place")
        lms.add(place("440606", "county", "4406", reports_to="44"), "place")
        census(lms, "all", _440604=6, _440606=4)
        school(lms, 2020, "440604", "440606")
        came(lms, "440604", 1)
        came(lms, "440606", 1)
        codes, rates = ("440606", "4406", "44"), {}
        for tree in ("admin", "reporting"):
            figures = lms.figures("2020", tree)
            found = [figures.figure(lms.metric("core.participation"), lms.place(c)) for c in codes]
            rates[tree] = [(f.numerator, f.denominator) for f in found]
            counties = [n.code for n in figures.tree.nodes.values() if n.level == "county"]
            assert sorted(counties) == ["440604", "440606"]
        assert rates == {"admin": [(1, 4), (2, 10), (2, 10)], "reporting": [(1, 4), (1, 6), (2, 10)]}
        assert figures.tree.parents[lms.place("440606")] == lms.place("44")


def wanzhou() -> LMS:
    """2015: two 街道, two 镇, a 乡 and a 民族乡, each with 10 residents and two sessions."""
    lms = opened(dt.date(2016, 6, 1))
    kinds = {"500101001": "街道", "500101002": "街道", "500101101": "镇", "500101102": "镇", "500101201": "乡", "500101202": "民族乡"}
    lms.add([place("500101", "county"), *(place(c, "township", "500101", kind=k) for c, k in kinds.items())], "place")
    census(lms, "all", **{f"_{c}": 10 for c in kinds})
    school(lms, 2015, *kinds)
    return lms


@pytest.mark.requirement("R214", "R215", "R216", "R217")
def test_wanzhou_judges_its_district_and_three_classes_by_organised_participation() -> None:
    """Exactly on each value: 街道 8 + 6 of 20 are 70 %, 镇 10 + 2 are 60 %, 乡 with the 民族乡 3 + 5 are 40 %; the district has 34 of 60.

    Seven who only studied alone count in participation (41 of 60) and in no target. The second street, 6 of 10, is shown beside.
    """
    day = dt.date(2015, 12, 31)
    homes = {"500101001": 8, "500101002": 6, "500101101": 10, "500101102": 2, "500101201": 3, "500101202": 5}
    with wanzhou() as lms:
        for home, count in homes.items():
            came(lms, home, count)
        lms.add({"code": "S0-1", "institution": "J500101201", "on": "2015-05-05", "theme": "自学", "mode": "self_study"}, "session")
        lms.add([{"code": f"A{n}", "name": f"某A{n}", "home": "500101201"} for n in range(7)], "learner")
        lms.add([{"learner": f"A{n}", "session": "S0-1"} for n in range(7)], "participation")
        found = {t: brief(j) for t, j in judged(lms, "001", day).items() if t.startswith("wz-participation")}
        assert found == {
            "wz-participation-2015": ("met", 34, 60, 30, None), "wz-participation-street-2015": ("met", 14, 20, 14, None),
            "wz-participation-town-2015": ("met", 12, 20, 12, None), "wz-participation-township-2015": ("met", 8, 20, 8, None),
        }
        figures, all_of_it, organised = lms.figures("2015"), lms.metric("core.participation"), lms.metric("core.organised_participation")
        district = [figures.figure(m, lms.place("500101")) for m in (all_of_it, organised)]
        assert [(f.numerator, f.denominator) for f in district] == [(41, 60), (34, 60)]
        streets = [figures.figure(organised, lms.place(c)) for c in ("500101001", "500101002")]
        assert [(f.numerator, f.denominator) for f in streets] == [(8, 10), (6, 10)]


@pytest.mark.requirement("R215", "R216", "R217")
def test_one_person_less_is_short_of_each_class_of_wanzhou() -> None:
    """13 of 20, 11 of 20, 7 of 20: each class misses by one, whatever the others have."""
    with wanzhou() as lms:
        for home, count in {"500101001": 7, "500101002": 6, "500101101": 10, "500101102": 1, "500101202": 7}.items():
            came(lms, home, count)
        found = judged(lms, "001", dt.date(2015, 12, 31))
        classes = {name: brief(found[f"wz-participation-{name}-2015"]) for name in ("street", "town", "township")}
    assert classes == {"street": ("short", 13, 20, 14, 1), "town": ("short", 11, 20, 12, 1), "township": ("short", 7, 20, 8, 1)}


@pytest.mark.requirement("R463")
def test_panzhihua_asks_75_percent_in_2022_and_shows_which_residents(tmp_path: Path) -> None:
    """15 of 20 are 75 %: met; 14 are 70 % and miss. Who came on New Year's Day 2023 is too late. The verdict says how 社区居民 was read."""
    with opened(dt.date(2023, 6, 1)) as lms:
        lms.add(place("5104", "city"), "place")
        census(lms, "all", _5104=20)
        school(lms, 2022, "5104")
        lms.add({"code": "S5104-3", "institution": "J5104", "on": "2023-01-01", "theme": "讲座"}, "session")
        came(lms, "5104", 14)
        lms.add({"code": "LATE", "name": "某九", "home": "5104"}, "learner")
        lms.add({"learner": "LATE", "session": "S5104-3"}, "participation")
        assert brief(judged(lms, "004", dt.date(2022, 12, 31))["pzh-participation-2022"]) == ("short", 14, 20, 15, 1)
        lms.set("session", "S5104-3", on=dt.date(2022, 12, 31))
        assert brief(judged(lms, "004", dt.date(2022, 12, 31))["pzh-participation-2022"]) == ("met", 15, 20, 15, None)
        data = json.loads(lms.report(tmp_path / "r.json", "2022").read_text(encoding="utf-8"))
    verdict = next(v for d in data["documents"] for v in d["verdicts"] if v["target"] == "pzh-participation-2022")
    assert (verdict["numerator"], verdict["denominator"], verdict["basis"]["en"]) == (15, 20, "permanent")
    assert "社区居民" in verdict["note"]["zh"]
    assert "均按常住人口计" in verdict["note"]["zh"]


@pytest.mark.requirement("R285")
def test_districts_and_county_level_cities_are_one_level_and_say_which(tmp_path: Path) -> None:
    """Guangzhou: 越秀区 and 从化市 are both bound by the sentence about the county level; each keeps its kind."""
    with opened(dt.date(2023, 6, 1)) as lms:
        lms.add([
            place("4401", "city"), place("440104", "区", "4401", kind="区"), place("440184", "县", "4401", kind="县级市"),
            place("440104001", "township", "440104", kind="街道"),
        ], "place")
        found = [j for _, j in lms.judge(["002"], as_of=dt.date(2022, 12, 31)) if j.target == "gz-fund-per-head"]
        assert {j.places for j in found} == {(lms.place("440104"),), (lms.place("440184"),)}
        data = json.loads(lms.report(tmp_path / "r.json", "2022").read_text(encoding="utf-8"))
    counties = {p["code"]: (p["level"], p["kind"]) for p in data["places"][0]["children"]}
    assert counties == {"440104": ("county", "区"), "440184": ("county", "县级市")}


@pytest.mark.requirement("R459")
def test_panzhihuas_network_has_four_levels(tmp_path: Path) -> None:
    """City, county, township and village with their names in 004; Wanzhou has three, Guangdong six: one without a name."""
    with opened(dt.date(2023, 6, 1)) as lms:
        lms.add(place("5104", "city"), "place")
        data = json.loads(lms.report(tmp_path / "r.json", "2022").read_text(encoding="utf-8"))
        counts = {p.id: len(p.levels) for p in lms.registry.policies.values() if p.id in ("000", "001")}
    (document,) = data["documents"]
    assert [(x["level"], x["place"]["zh"], x["institution"]["zh"]) for x in document["levels"]] == [
        ("city", "市", "攀枝花市社区大学"), ("county", "县（区）", "社区学院"), ("township", "乡镇（街道）", "社区学校"),
        ("village", "村（社区）", "社区学习中心"),
    ]
    assert counts == {"000": 6, "001": 3}
