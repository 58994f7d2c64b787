"""Entries about staff, money and rooms: the catalogue's own numbers, judged by the documents that ask for them."""

from __future__ import annotations

import datetime as dt

import pytest

from commlms import LMS
from tests.policies import territories as t

DISTRICT, STREET, COMMUNITY = "330105", "330105001", "330105001001"
GONGSHU_DAY, GUANGDONG_DAY = dt.date(2023, 12, 31), dt.date(2016, 12, 31)
Said = tuple[str, int | None, int | None]


def said(lms: LMS, policy: str, target: str, place: str, day: dt.date) -> Said:
    """The verdict at a place, how much is needed, and by how much it is short."""
    (found,) = [j for _, j in lms.judge([policy], as_of=day) if j.target == target and j.places == (lms.place(place),)]
    return found.verdict, found.needed, found.by


def posts(lms: LMS, institution: str, number: int, role: str = "teacher", employment: str = "full_time") -> None:
    """So many posts of a kind at an institution."""
    known = len(list(lms.rows("staffing.post")))
    row = {"institution": institution, "role": role, "employment": employment}
    lms.add([{**row, "code": f"P{known + n}"} for n in range(number)], "staffing.post")


@pytest.mark.requirement("R411")
def test_a_million_residents_need_fifty_dedicated_workers() -> None:
    """0.5 in 10,000: 49 full-time workers and 10 part-time ones are one short."""
    with t.opened() as lms:
        t.places(lms, t.gongshu())
        t.residents(lms, 1_000_000, DISTRICT)
        (college,) = t.schools(lms, "college", DISTRICT)
        posts(lms, college, 49, "worker")
        posts(lms, college, 10, "worker", "part_time")
        assert said(lms, "gongshu-2023", "gs-dedicated-workers-ratio", DISTRICT, GONGSHU_DAY) == ("short", 50, 1)
        posts(lms, college, 1, "manager")
        assert said(lms, "gongshu-2023", "gs-dedicated-workers-ratio", DISTRICT, GONGSHU_DAY) == ("met", 50, None)


@pytest.mark.requirement("R414", "R415")
@pytest.mark.parametrize(("residents", "needed"), [(12_000, 3), (30_001, 4), (60_000, 6)])
def test_a_branch_needs_its_ratio_and_three_at_least(residents: int, needed: int) -> None:
    """0.01 % rounded up AND three of each school: one less is short by one of both targets."""
    with t.opened() as lms:
        t.places(lms, t.gongshu())
        t.residents(lms, residents, STREET)
        (school,) = t.schools(lms, "school", STREET)
        posts(lms, school, needed - 1)
        posts(lms, school, 5, employment="part_time")
        for target in ("gs-branch-staff-ratio", "gs-branch-staff-min"):
            assert said(lms, "gongshu-2023", target, STREET, GONGSHU_DAY) == ("short", needed, 1)
        posts(lms, school, 1, "manager")
        for target in ("gs-branch-staff-ratio", "gs-branch-staff-min"):
            assert said(lms, "gongshu-2023", target, STREET, GONGSHU_DAY) == ("met", needed, None)


@pytest.mark.requirement("R416")
def test_a_part_time_teacher_alone_is_nobody_at_a_teaching_point() -> None:
    """One manager, part time or not, is enough."""
    with t.opened() as lms:
        t.places(lms, t.gongshu())
        (point,) = t.schools(lms, "point", COMMUNITY)
        posts(lms, point, 1, "teacher", "part_time")
        assert said(lms, "gongshu-2023", "gs-point-staff-min", COMMUNITY, GONGSHU_DAY) == ("short", 1, 1)
        posts(lms, point, 1, "manager", "part_time")
        assert said(lms, "gongshu-2023", "gs-point-staff-min", COMMUNITY, GONGSHU_DAY) == ("met", 1, None)


@pytest.mark.requirement("R407")
def test_five_hundred_square_metres_are_enough() -> None:
    """499.99 in two sites lack 0.01; one of 0.01 more makes 500.00."""
    with t.opened() as lms:
        t.places(lms, t.gongshu())
        (school,) = t.schools(lms, "school", STREET)
        rooms = {"主楼": "420.5", "二楼": "79.49㎡"}
        lms.add([{"institution": school, "name": n, "area": a} for n, a in rooms.items()], "premises.site")
        assert said(lms, "gongshu-2023", "gs-street-school-area", STREET, GONGSHU_DAY) == ("short", 50_000, 1)
        lms.add({"institution": school, "name": "门房", "area": "0.01"}, "premises.site")
        assert said(lms, "gongshu-2023", "gs-street-school-area", STREET, GONGSHU_DAY) == ("met", 50_000, None)


@pytest.mark.requirement("R426")
def test_four_yuan_for_each_resident_of_the_district_in_the_year() -> None:
    """50,000 residents need 20万元; 19.9999 lack one yuan; last year's money is not counted."""
    with t.opened() as lms:
        t.places(lms, t.gongshu())
        t.residents(lms, 50_000, DISTRICT)
        row = {"place": DISTRICT, "channel": "财政", "purpose": "一般经费"}
        lms.add([{**row, "period": "2022", "budgeted": "90万元"}, {**row, "period": "2023", "budgeted": "19.9999万元"}], "funding.fund")
        assert said(lms, "gongshu-2023", "gs-fund-per-head", DISTRICT, GONGSHU_DAY) == ("short", 20_000_000, 100)
        lms.add({**row, "period": "2023", "purpose": "活动经费", "budgeted": "1元"}, "funding.fund")
        assert said(lms, "gongshu-2023", "gs-fund-per-head", DISTRICT, GONGSHU_DAY) == ("met", 20_000_000, None)


@pytest.mark.requirement("R158")
def test_thirty_thousand_residents_need_six_hundred_volunteers_of_the_school() -> None:
    """2 %: 599 are one short, and the 900 of the learning point below are none of the school's."""
    county = "440101"
    street, village = f"{county}01", f"{county}0101"
    with t.opened() as lms:
        t.places(lms, t.guangdong())
        t.residents(lms, 30_000, street)
        (school,), (point,) = t.schools(lms, "school", street), t.schools(lms, "point", village)
        lms.add({"institution": school, "name": "甲队", "persons": 599}, "staffing.team")
        lms.add({"institution": point, "name": "乙队", "persons": 900}, "staffing.team")
        assert said(lms, "guangdong-2016", "gd-volunteers-school", street, GUANGDONG_DAY) == ("short", 600, 1)
        lms.add({"institution": school, "name": "丙队", "persons": 1}, "staffing.team")
        assert said(lms, "guangdong-2016", "gd-volunteers-school", street, GUANGDONG_DAY) == ("met", 600, None)


@pytest.mark.requirement("R274")
def test_wanzhou_asks_two_yuan_of_special_funds_from_2013_on() -> None:
    """1,000 residents need 2,000 yuan of special funds of the district; its general money and a town's special fund are none of them."""
    with t.opened() as lms:
        t.places(lms, t.wanzhou())
        t.residents(lms, 1_000, "500101")
        row = {"period": "2014", "channel": "财政"}
        lms.add([
            {**row, "place": "500101", "purpose": "专项经费", "budgeted": "1999元"},
            {**row, "place": "500101", "purpose": "一般经费", "budgeted": 900},
            {**row, "place": "500101000", "purpose": "专项经费", "budgeted": 900},
        ], "funding.fund")
        year = dt.date(2014, 12, 31)
        assert said(lms, "wanzhou-2013", "wz-fund-per-head", "500101", year) == ("short", 200_000, 100)
        lms.add({**row, "place": "500101", "purpose": "专项经费", "title": "追加", "budgeted": 1}, "funding.fund")
        assert said(lms, "wanzhou-2013", "wz-fund-per-head", "500101", year) == ("met", 200_000, None)


@pytest.mark.requirement("R189", "R276")
@pytest.mark.parametrize(
    ("policy", "target", "place", "day", "above"),
    [("guangdong-2016", "gd-wage-training-share", "44010101", GUANGDONG_DAY, "short"),
     ("wanzhou-2013", "wz-wage-training-share", "500101000", dt.date(2014, 12, 31), "short")],
)
def test_training_is_between_one_and_a_half_and_two_and_a_half_per_cent_of_wages(
    policy: str, target: str, place: str, day: dt.date, above: str,
) -> None:
    """Of 10,000 yuan 149.99 are below, 150 and 250 inside, 250.01 above: each enterprise by itself."""
    spent = {"甲厂": "149.99", "乙厂": "150", "丙厂": "250", "丁厂": "250.01"}
    with t.opened() as lms:
        t.places(lms, t.guangdong() if policy.startswith("g") else t.wanzhou())
        row = {"place": place, "period": str(day.year), "kind": "企业", "wages": "1万元"}
        lms.add([{**row, "organisation": name, "training": yuan} for name, yuan in spent.items()], "funding.payroll")
        found = {j.subject.zh: (j.verdict, j.excess) for _, j in lms.judge([policy], as_of=day) if j.target == target and j.subject}
    assert {name: verdict for name, (verdict, _) in found.items()} == {"甲厂": "short", "乙厂": "met", "丙厂": "met", "丁厂": above}
    assert [found[name][1] for name in ("甲厂", "丁厂")] == [None, 1]


@pytest.mark.requirement("R477", "R478")
def test_the_city_and_each_county_hold_their_own_training_of_backbone_teachers() -> None:
    """Five in one county are none of the next, nor of the city; the city's is none of a county's."""
    day = dt.date(2021, 12, 31)
    with t.opened() as lms:
        t.places(lms, t.panzhihua())
        rows = [{"place": "510401", "on": f"2021-0{n}-05", "title": "骨干教师培训", "audience": "骨干教师"} for n in range(1, 6)]
        lms.add(rows, "staffing.training")
        assert said(lms, "panzhihua-2019", "pzh-training-county", "510401", day)[0] == "met"
        assert said(lms, "panzhihua-2019", "pzh-training-county", "510402", day) == ("short", 1, 1)
        assert said(lms, "panzhihua-2019", "pzh-training-city", "5104", day) == ("short", 1, 1)
        lms.add({"place": "5104", "on": "2021-09-05", "title": "骨干教师培训", "audience": "骨干教师"}, "staffing.training")
        assert said(lms, "panzhihua-2019", "pzh-training-city", "5104", day)[0] == "met"
        assert said(lms, "panzhihua-2019", "pzh-training-county", "510402", day) == ("short", 1, 1)


@pytest.mark.requirement("R310")
def test_only_a_zone_of_provincial_rank_is_asked_for_two_yuan_of_its_community() -> None:
    """1,000 residents and 1,999 yuan paid out of 2,500 arranged: the zone is one yuan short, the district without a title is not asked."""
    day = dt.date(2013, 12, 31)
    with t.opened() as lms:
        t.places(lms, t.guangdong())
        t.residents(lms, 1_000, "440101", "440102")
        lms.add({"place": "440101", "kind": "experimental", "rank": "province", "since": "2012-01-01"}, "recognition.status")
        row = {"period": "2013", "channel": "财政", "purpose": "专项经费", "budgeted": 2500, "appropriated": "0.1999万元"}
        lms.add([{**row, "place": place} for place in ("440101", "440102")], "funding.fund")
        assert said(lms, "guangzhou-2012", "gz-fund-per-head", "440101", day) == ("short", 200_000, 100)
        assert said(lms, "guangzhou-2012", "gz-fund-per-head", "440102", day)[0] == "not_applicable"
