"""万州: a district straight below a municipality, with 14 sub-districts, 27 towns and 11 townships under different targets."""

from __future__ import annotations

from commlms_demos.invented import (
    activity,
    event,
    finding,
    funds,
    institution,
    network,
    paper,
    payroll,
    people,
    pick,
    places,
    some_day,
    volunteers,
    whole,
)
from commlms_demos.people import CENSUS_2010, persons
from commlms_demos.real import every_place, inside
from commlms_demos.tables import Tables

DISTRICT = "500101"
YEARS = range(2013, 2016)
NAMES = {
    "county": ("社区学院", "社区学院", "广播电视大学"), "township": ("社区学校", "社区教育学校", "文化服务中心"),
    "village": ("学习点", "社区教育学习点", "便民服务中心"),
}
#: Percent of a village's residents that one year's activities drew, by the kind of its township.
_DRAWN = {"街道": (82, 66), "镇": (64, 42), "乡": (48, 47)}
_ENTERPRISES = (
    ("示范纺织厂（虚构）", "企业", 19), ("示范食品厂（虚构）", "企业", 15), ("示范建材厂（虚构）", "企业", 11),
    ("示范航运站（虚构）", "企业", 28), ("示范医院（虚构）", "事业单位", 22), ("示范职校（虚构）", "事业单位", 25),
    ("示范水务站（虚构）", "事业单位", 14),
)


def tables() -> Tables:
    """Everything of the demo."""
    made = Tables()
    here = inside(DISTRICT)
    places(made, here, ((DISTRICT, CENSUS_2010),), CENSUS_2010)
    network(made, here, NAMES)
    _learning(made)
    _titles(made)
    _money(made)
    _papers(made)
    _staff(made)
    return made


def _learning(made: Tables) -> None:
    """Organised activities at every learning point; sixty learners are known by name."""
    villages = inside(DISTRICT, level="village")
    kinds = {p.code: p.kind for p in inside(DISTRICT, level="township")}
    homes = people(made, villages, 60, "WZ", 2015)
    for village in villages:
        lots = _DRAWN[kinds[village.parent]]
        drawn = lots[pick(village.parent, 5) % 2]
        for year, share in ((2013, drawn // 2), (2014, drawn * 3 // 4), (2015, drawn)):
            visits = persons(village.code, CENSUS_2010) * share // 100
            activity(made, village.code, some_day(village, year), visits, homes.get(village.code, ()))
    for year in YEARS:
        activity(made, DISTRICT, f"{year}-10-15", 1200)


def _titles(made: Tables) -> None:
    """Titles of the district's own rank: ten and eight townships, fifty-two and forty-seven villages."""
    townships = inside(DISTRICT, level="township")
    villages = inside(DISTRICT, level="village")
    for kind, chosen in (
        ("社区教育实验镇乡街道", townships[::5][:10]), ("社区教育示范镇乡街道", townships[2::6][:8]),
        ("社区教育实验村（居）", villages[::11][:52]), ("社区教育示范村（居）", villages[5::12][:47]),
    ):
        for number, place in enumerate(chosen):
            made.add("recognition.status", place=place.code, kind=kind, rank="区级", state="已授予", since=f"{2013 + number % 3}-10-20")
    # One that was taken back, one that is only sought: neither counts.
    made.add(
        "recognition.status", place=townships[3].code, kind="社区教育示范镇乡街道", rank="区级", state="已授予", since="2013-10-20",
        until="2015-06-01", ended="撤销",
    )
    sought = townships[4].code
    made.add("recognition.status", place=sought, kind="社区教育示范镇乡街道", rank="区级", state="创建中", since="2015-03-01")
    made.add("recognition.status", place=DISTRICT, kind="示范区", rank="省级", state="已授予", since="2015-11-30")
    made.add("recognition.status", place=DISTRICT, kind="示范区", rank="国家级", state="创建中", since="2016-03-01")


def _money(made: Tables) -> None:
    for year, fen in ((2013, 190), (2014, 200), (2015, 205)):
        arranged = whole(persons(DISTRICT, CENSUS_2010) * fen, 100)
        funds(made, DISTRICT, year, "专项经费", arranged, arranged, "社区教育专项经费")
        funds(made, DISTRICT, year, "场地设施", 400_000, 380_000, "学习点场所改善")
    for year in YEARS:
        for number, (street, employer) in enumerate(zip(inside(DISTRICT, level="township"), _ENTERPRISES, strict=False)):
            payroll(made, street.code, employer, year, 3_000_000 + 700_000 * number + 150_000 * (year - 2013))


def _papers(made: Tables) -> None:
    made.add("supervision.undertaking", place=DISTRICT, kind="社区教育工作", since="2013-03-20", number="虚构〔2013〕8号")
    for year in YEARS:
        paper(made, DISTRICT, "绩效考核", year, "12-31", "12-25")
        event(made, every_place()[DISTRICT], "全民终身学习活动周", year, "10-15")
    event(made, every_place()[DISTRICT], "全民读书节", 2014, "04-23")
    finding(made, "wz-learning-society-2020", DISTRICT, "2015-12-20", "部分达到")


def _staff(made: Tables) -> None:
    schools = [DISTRICT, *(p.code for p in inside(DISTRICT, level="township"))]
    for code in schools:
        for number, role in enumerate(("管理人员", "教师")[: 1 + pick(code, 2)], start=1):
            made.add(
                "staffing.post", code=f"{institution(code)}-{number}", institution=institution(code), role=role,
                employment="专职" if number == 1 else "兼职", since="2013-09-01",
            )
    volunteers(made, inside(DISTRICT, level="township"), "2013-11-01", lambda p: whole(persons(p.code, CENSUS_2010), 100))
