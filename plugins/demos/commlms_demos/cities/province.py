"""What Guangdong's document asks about, by rules that look at one place at a time: its cities' demos share them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from commlms_demos.invented import activity, event, funds, institution, network, paper, payroll, pick, some_day, volunteers, whole
from commlms_demos.people import CENSUS_2010, CENSUS_2020, employed, persons
from commlms_demos.real import DELTA, Place, inside, read
from commlms_demos.tables import Tables

YEARS = range(2016, 2021)
FUNCTIONS = ("中职教育", "继续教育", "社区教育", "社会培训")
NAMES = {
    "city": ("社区大学", "社区大学", "开放大学"), "county": ("社区学院", "社区学院", "职业技术学校"),
    "township": ("社区学校", "社区学校", "文化站"), "village": ("学习点", "社区教育学习站", "综合文化服务中心"),
}
#: Yuan a head in hundredths: the district's special training fund, one of these by lot.
_RATES = (250, 200, 160, 230, 210, 120)
#: The counties outside the delta that hold the title of a provincial zone, and the towns of cities without counties.
_ZONES_ELSEWHERE, _ZONE_TOWNS = 44, 6


def operations(tables: Tables, where: list[Place]) -> None:
    """Everything that stands at these places."""
    network(tables, (p for p in where if p.level != "township" or p.kind), NAMES)
    cities = [p for p in where if p.level == "city"]
    counties = [p for p in where if p.level == "county"]
    for place in (*cities, *counties):
        _work(tables, place)
        _posts(tables, place)
        _sessions(tables, place)
    for place in counties:
        _vocational_centre(tables, place)
    for place in (*counties, *(p for p in cities if not inside(p.code, level="county"))):
        _funds(tables, place)
    for place in where:
        _titles(tables, place)
    for city in cities:
        _city(tables, city)
    _schools(tables, where)


def _delta(place: Place) -> bool:
    return place.code.startswith(DELTA)


def _work(tables: Tables, place: Place) -> None:
    """When community education and the building of a learning city began there, if they did."""
    for kind, since in zip(("社区教育工作", "创建学习型城市工作"), _begins(place), strict=True):
        if since:
            number = f"虚构〔{since[:4]}〕{1 + pick(place.code, 90)}号"
            tables.add("supervision.undertaking", place=place.code, kind=kind, since=since, number=number)


def _begins(place: Place) -> tuple[str, str]:
    if place.level == "city":
        return f"{2012 + pick(place.code, 4)}-03-01", "" if place.code in ("4415", "4453") else f"{2014 + pick(place.code, 4)}-09-01"
    lot = _lots()[place.code]
    if _delta(place):
        return "2019-04-01" if lot == 5 else f"{2013 + lot % 4}-05-01", f"{2015 + lot % 3}-10-01" if lot % 8 else ""
    work = f"{2014 + lot % 4}-05-01" if lot % 5 < 3 else "2019-04-01" if lot % 5 == 3 else ""
    return work, f"{2016 + lot % 2}-10-01" if lot % 2 else ""


@cache
def _lots() -> dict[str, int]:
    """A running number for each county, one series in the delta and one outside."""
    counties = inside("44", level="county")
    inner = [p.code for p in counties if _delta(p)]
    outer = [p.code for p in counties if not _delta(p)]
    return {code: number for series in (inner, outer) for number, code in enumerate(series)}


def _posts(tables: Tables, place: Place) -> None:
    for number, role in enumerate(("管理人员", "教师", "教师")[: 1 + pick(place.code, 3)], start=1):
        tables.add(
            "staffing.post", code=f"{institution(place.code)}-{number}", institution=institution(place.code), role=role, employment="专职",
            since="2014-09-01",
        )


def _sessions(tables: Tables, place: Place) -> None:
    for year in YEARS:
        activity(tables, place.code, f"{year}-0{4 + pick(place.code, 5)}-1{pick(place.name, 9)}", persons(place.code, CENSUS_2010) // 1500)


def _vocational_centre(tables: Tables, county: Place) -> None:
    """At every third county; one in four of them does three of the four things that its name promises."""
    lot = _lots()[county.code]
    if lot % 3:
        return
    code = county.code + "V"
    tables.add(
        "institution", code=code, name=f"{county.name}职教中心", place=county.code, kind="职教中心", parent=institution(county.code),
        since="2011-09-01",
    )
    for function in FUNCTIONS[: 3 if lot % 4 == 3 else 4]:
        tables.add("premises.function", institution=code, function=function, since="2012-01-01")


def fund(place: Place, year: int) -> int:
    """What a place's finance arranges for training in a year, in yuan."""
    on = CENSUS_2020 if year == 2020 else CENSUS_2010
    rate = _RATES[pick(place.code, 6)] + (10 if year > 2018 and _delta(place) else 0)
    return whole(persons(place.code, on) * rate, 100)


def _funds(tables: Tables, place: Place) -> None:
    for year in YEARS:
        arranged = fund(place, year)
        came = arranged if pick(f"{place.code}{year}", 5) else arranged * 9 // 10
        part = 8 if _delta(place) else 5
        funds(tables, place.code, year, "专项培训经费", arranged, came, "社区教育专项培训经费")
        funds(tables, place.code, year, "信息化", arranged // part, came // part, "数字化学习")


def zones() -> list[Place]:
    """The 96 places that hold the title of a provincial experimental zone."""
    counties, lots = inside("44", level="county"), _lots()
    towns = [p for p in inside("4419", "4420", level="township") if p.kind == "镇"][:_ZONE_TOWNS]
    inner = [p for p in counties if _delta(p) and lots[p.code] % 11 != 10]
    outer = [p for p in counties if not _delta(p) and lots[p.code] < 90 - len(inner)]
    return [*inner, *outer, *towns]


def _titles(tables: Tables, place: Place) -> None:
    """Experimental and demonstration zones; one that is of both ranks is one zone."""
    if place.code not in _zone_numbers():
        return
    number = _zone_numbers()[place.code]
    since = f"{2010 + number % 7}-12-01"
    tables.add("recognition.status", place=place.code, kind="实验区", rank="省级", state="已授予", since=since)
    if number % 5 == 0:
        tables.add("recognition.status", place=place.code, kind="实验区", rank="国家级", state="已授予", since=f"{2011 + number % 7}-11-01")
    if number % 10 == 0 and number < 90:
        tables.add("recognition.status", place=place.code, kind="示范区", rank="国家级", state="已授予", since="2017-11-01")
    if number % 6 == 1 and place.level == "county":
        tables.add("recognition.status", place=place.code, kind="示范区", rank="国家级", state="创建中", since="2016-01-01")


@cache
def _zone_numbers() -> dict[str, int]:
    return {place.code: number for number, place in enumerate(zones())}


def _city(tables: Tables, city: Place) -> None:
    """An enterprise, the plans, the learning week, and what the city's departments state."""
    shares = (18, 12, 25, 20, 31, 15, 22)
    site = (inside(city.code, level="county") or inside(city.code, level="township"))[0]
    for year in YEARS:
        wages = 8_000_000 + 500_000 * (year - 2016) + 100_000 * pick(city.code, 40)
        payroll(tables, site.code, (f"{city.name[:-1]}示范制造厂（虚构）", "企业", shares[int(city.code) % 7]), year, wages)
        event(tables, city, "全民终身学习活动周", year, f"11-0{1 + pick(city.code, 9)}")
        paper(tables, city.code, "年度工作计划", year, "03-31", f"0{2 + pick(city.code, 3)}-15")
    tables.add("supervision.paper", place=city.code, kind="中长期规划", issued="2016-12-20", since="2017-01-01", until="2021-01-01")
    for metric, numerator, of, who in stated(city):
        tables.add(
            "reported", place=city.code, period=2020, metric=metric, source_name=f"{city.name}{who}", value=numerator, of=of,
            stated="2021-02-20",
        )


def stated(city: Place) -> Iterator[tuple[str, int, int, str]]:
    """What the human resources and the education departments of a city state of 2020: whole numbers."""
    workers = employed(city.code, CENSUS_2020)
    percent = (68 + 2 * pick(city.code, 7) if city.code not in ("4401", "4403") else 82) if _delta(city) else 38 + 2 * pick(city.code, 6)
    yield "core.workforce_participation", workers * percent // 100, workers, "人力资源和社会保障局"
    communities = next(int(r["communities"]) for r in read("communities.csv") if r["city"] == city.code)
    percent = 58 + 3 * pick(city.code, 4) if _delta(city) else 36
    yield "recognition.learning_community_rate", communities * percent // 100, communities, "教育局"


def _schools(tables: Tables, where: Iterable[Place]) -> None:
    """Volunteers of schools and stations, the schools' activities, universities and centres for seniors."""
    listed = [p for p in where if (institution(p.code),) in tables.rows["institution"]]
    towns = [p for p in listed if p.level == "township"]
    villages = [p for p in listed if p.level == "village"]
    volunteers(tables, towns, "2015-06-01", lambda p: whole(persons(p.code, CENSUS_2020) * 22, 1000))
    volunteers(tables, villages, "2015-06-01", lambda p: whole(persons(p.code, CENSUS_2020) * 16, 1000))
    for town in (p for p in towns if not p.code.startswith("4401")):
        for year, share in ((2018, 30), (2020, 40 if _delta(town) else 60)):
            visits = persons(town.code, CENSUS_2010 if year < 2020 else CENSUS_2020) * (share - 5 + pick(town.code, 11)) // 100
            activity(tables, town.code, some_day(town, year), visits)
    wanted = (("county", "老年大学", 8), ("city", "老年大学", 20), ("township", "老年活动中心", 4), ("village", "数字化学习中心", 2))
    for level, function, lots in wanted:
        for place in (p for p in listed if p.level == level and pick(p.name, lots)):
            tables.add("premises.function", institution=institution(place.code), function=function, since="2015-01-01")
