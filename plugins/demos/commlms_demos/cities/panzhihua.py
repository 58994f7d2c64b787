"""攀枝花: five counties, 49 townships, 336 villages, and the zone that reports beside the counties."""

from __future__ import annotations

from collections.abc import Iterator

from commlms_demos.invented import (
    activity,
    event,
    finding,
    funds,
    institution,
    network,
    paper,
    people,
    pick,
    places,
    some_day,
    volunteers,
    whole,
)
from commlms_demos.people import CENSUS_2020, persons
from commlms_demos.real import ZONE, Place, every_place, inside
from commlms_demos.tables import Tables

CITY = "5104"
YEARS = range(2020, 2025)
NAMES = {
    "city": ("社区大学", "社区大学", "开放大学"), "county": ("社区学院", "社区学院", "职业教育中心"),
    "township": ("社区学校", "社区学校", "文化站"), "village": ("学习点", "社区学习中心", "党群服务中心"),
}
#: Percent of a village's residents that a year's activities drew: too few for the first target, open for the second.
_DRAWN = {2020: 34, 2021: 55, 2022: 88, 2023: 80, 2024: 85}
#: Counties without a training of backbone teachers in a year, and without a round of naming in two.
_NO_TRAINING = {("510403", 2021), ("510422", 2023), (ZONE, 2022)}
_NO_NAMING = {"510403", ZONE}
_BRANDS = ("510402", "510411", "510421", "510422")
_UNITS = ("市教育和体育局", "市财政局", "市人力资源和社会保障局", "市文化广播电视和旅游局", "市民政局")


def tables() -> Tables:
    """Everything of the demo."""
    made = Tables()
    here = inside(CITY)
    places(made, here, [(p.code, CENSUS_2020) for p in _counties() if p.code != ZONE], CENSUS_2020)
    network(made, here, NAMES)
    _learning(made)
    _titles(made)
    _rounds(made)
    _papers(made)
    _means(made)
    return made


def _counties() -> list[Place]:
    return inside(CITY, level="county")


def _learning(made: Tables) -> None:
    """An activity a year in every village, a hundred and twenty learners known by name."""
    villages = inside(CITY, level="village")
    homes = people(made, villages, 120, "PZ", 2022)
    for village in villages:
        for year, share in _DRAWN.items():
            visits = persons(village.code, CENSUS_2020) * (share - 4 + pick(village.code, 9)) // 100
            activity(made, village.code, some_day(village, year), visits, homes.get(village.code, ()))
    for year in YEARS:
        activity(made, CITY, f"{year}-10-20", 900)
        for county in _counties():
            activity(made, county.code, f"{year}-09-1{pick(county.code, 9)}", 300)


def _titles(made: Tables) -> None:
    """Learning communities, demonstration places of the city's rank, brands, and a provincial zone that is only sought."""

    def held(place: str, kind: str, rank: str, since: str, holder: str = "") -> None:
        made.add("recognition.status", place=place, kind=kind, rank=rank, holder=holder, state="已授予", since=since)

    communities = [p for p in inside(CITY, level="village") if p.kind == "社区"]
    for number, place in enumerate(communities[::5][:22]):
        held(place.code, "学习型社区", "市级", f"{2020 + number % 3}-11-30")
    for code, since in (("510402", "2022-12-15"), ("510421", "2023-11-20")):
        held(code, "社区教育示范县（区）", "市级", since)
    for number, place in enumerate(inside(CITY, level="township")[::3][:17]):
        held(place.code, "社区教育示范乡镇（街道）", "市级", f"{2021 + number % 3}-12-01")
    for number, place in enumerate(inside(CITY, level="village")[::6][:53]):
        held(place.code, "社区教育示范村（社区）", "市级", f"{2021 + number % 3}-12-01")
    for number, code in enumerate(_BRANDS):
        held(code, "优质学习品牌", "市级", f"{2020 + number % 2}-11-10", f"{every_place()[code].name}学习品牌（虚构）")
    made.add("recognition.status", place="510411", kind="实验区", rank="省级", state="创建中", since="2022-05-10")


def _rounds(made: Tables) -> None:
    """Trainings every year and rounds of naming every second, at the city and its counties."""
    for place in (every_place()[CITY], *_counties()):
        for year in YEARS:
            if (place.code, year) not in _NO_TRAINING:
                made.add(
                    "staffing.training", place=place.code, on=some_day(place, year), title=f"{place.name}{year}年社区教育骨干教师培训",
                    audience="骨干教师", persons=30 + pick(place.code, 40), minutes=960,
                )
        for year in (2020, 2022, 2024):
            if place.code not in _NO_NAMING or year == 2020:
                made.add(
                    "recognition.naming", place=place.code, on=some_day(place, year), title=f"{place.name}{year}年学习型组织命名批次",
                    kind="学习型组织", named=4 + pick(place.code, 9),
                )


def _papers(made: Tables) -> None:
    for place in _counties():
        issued = "2019-11-20" if place.code == "510422" else f"2019-10-1{pick(place.code, 9)}"
        paper(made, place.code, "实施方案", 2019, "10-31", issued)
        for year in YEARS:
            paper(made, place.code, "督导", year, "12-31", f"11-2{pick(place.code, 9)}")
        made.add("supervision.undertaking", place=place.code, kind="社区教育工作", since="2019-11-01")
    made.add("supervision.undertaking", place=CITY, kind="社区教育工作", since="2019-10-01")
    for year in YEARS:
        for number, unit in enumerate(_UNITS):
            issued = "" if (number + year) % 7 == 0 else f"{year + 1}-01-1{number}"
            paper(made, CITY, "述职报告", year, f"{year + 1}-01-31", issued, unit)
        event(made, every_place()[CITY], "全民终身学习活动周", year, "10-20")
    made.add("supervision.milestone", place=CITY, name="网络基本建成", planned="2024-09-11", since="2024-06-28")
    made.add("supervision.milestone", place=CITY, name="全覆盖", planned="2023-12-31", since="2023-12-20")
    for goal, on, status in (("pzh-full-coverage-2023", "2023-12-28", "达到"), ("pzh-model-brand", "2024-12-20", "部分达到")):
        finding(made, goal, CITY, on, status)


def _means(made: Tables) -> None:
    """Funds, staff and volunteers: the document sets no number for them."""
    for place, year in _paying():
        arranged = whole(persons(place.code, CENSUS_2020) * (150 + 10 * (year - 2020)), 100)
        funds(made, place.code, year, "专项经费", arranged, arranged * 95 // 100, "社区教育专项经费")
    for place in (p for p in inside(CITY) if p.level in ("city", "county", "township")):
        made.add(
            "staffing.post", code=f"{institution(place.code)}-1", institution=institution(place.code), role="管理人员",
            employment="专职" if place.level != "township" or pick(place.code, 2) else "兼职", since="2019-12-01",
        )
    volunteers(made, inside(CITY, level="township"), "2020-01-01", lambda p: whole(persons(p.code, CENSUS_2020), 100))


def _paying() -> Iterator[tuple[Place, int]]:
    for place in (every_place()[CITY], *_counties()):
        if place.code != ZONE:
            yield from ((place, year) for year in YEARS)
