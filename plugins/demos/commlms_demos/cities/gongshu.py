"""拱墅: eighteen sub-districts, eight of which were 下城区's until 2021-04-09."""

from __future__ import annotations

from commlms_demos.invented import activity, event, funds, institution, network, paper, people, pick, places, some_day, whole
from commlms_demos.people import CENSUS_2010, persons
from commlms_demos.real import MERGER, NEW_DISTRICT, OLD_DISTRICT, Place, every_place, inside
from commlms_demos.tables import Tables

YEARS = range(2021, 2024)
NAMES = {
    "county": ("社区学院", "社区学院", "职业教育中心"), "township": ("社区学校", "社区学校", "文化站"),
    "village": ("学习点", "社区市民学校", "文化家园"),
}
#: The seven large events of a year, with month and day.
_EVENTS = (
    ("全民终身学习活动周", "11-06"), ("科普宣传周", "09-16"), ("市民大课堂", "03-11"), ("社区老年学堂", "04-08"), ("教育公园", "05-13"),
    ("志愿者学校", "03-05"), ("校园开放日", "06-03"),
)
_MEETINGS = (("社区教育委员会工作会", "01-18"), ("成员单位联席会议", "06-20"), ("街道社教干部例会", "02-24"), ("专家咨询会议", "09-27"))


def tables() -> Tables:
    """Everything of the demo."""
    made = Tables()
    here = inside(NEW_DISTRICT)
    spread = ((NEW_DISTRICT, CENSUS_2010), (OLD_DISTRICT, CENSUS_2010), (NEW_DISTRICT, MERGER))
    places(made, [every_place()[OLD_DISTRICT], *here], spread, MERGER)
    network(made, here, NAMES)
    _staff(made)
    _premises(made)
    _learning(made)
    _district(made)
    _before(made)
    return made


def demanded(street: Place) -> int:
    """Full-time teachers and managers that the document asks of a street's school: one for 10,000 residents, at least three."""
    return max(3, whole(persons(street.code, MERGER), 10_000))


def _staff(made: Tables) -> None:
    """Streets with what is asked, a third of them one short; a manager at all points but one in twenty-five."""

    def post(at: str, number: int, role: str, employment: str) -> None:
        made.add(
            "staffing.post", code=f"{institution(at)}-{number}", institution=institution(at), role=role, employment=employment,
            since="2021-09-01",
        )

    for number in range(1, 7):
        post(NEW_DISTRICT, number, "教师" if number > 2 else "管理人员", "专职")
    for count, street in enumerate(inside(NEW_DISTRICT, level="township")):
        for number in range(1, demanded(street) + (0 if count % 3 == 1 else 1)):
            post(street.code, number, "管理人员" if number == 1 else "教师", "专职")
    for count, point in enumerate(inside(NEW_DISTRICT, level="village")):
        if count % 25 != 24:
            post(point.code, 1, "管理人员", "专职" if count % 10 == 0 else "兼职")


def _premises(made: Tables) -> None:
    made.add("premises.function", institution=institution(NEW_DISTRICT), function="老年开放大学学院", since="2022-03-01")
    for count, street in enumerate(inside(NEW_DISTRICT, level="township")):
        area = (500, 620, 480, 560, 720)[count % 5]
        made.add(
            "premises.site", institution=institution(street.code), name=f"{street.name}社区学校教学用房", area=area,
            shared_with="街道文化站" if count % 4 == 0 else "", since="2021-09-01",
        )
        if count != 17:
            made.add("premises.function", institution=institution(street.code), function="老年开放大学分院", since="2022-04-01")
        if count % 3 != 2:
            made.add(
                "recognition.status", place=street.code, kind="现代化社区学校", rank="省级", holder=f"{street.name}社区学校",
                state="已授予" if count % 3 == 0 else "创建中", since="2022-12-01",
            )
    for point in inside(NEW_DISTRICT, level="village"):
        if pick(point.code, 3):
            made.add("premises.function", institution=institution(point.code), function="老年教学点", since="2022-05-01")


def _learning(made: Tables) -> None:
    """Seventy learners known by name, all points with two activities a year."""
    villages = inside(NEW_DISTRICT, level="village")
    homes = people(made, villages, 70, "GS", 2023)
    for village in villages:
        for year in YEARS:
            visits = persons(village.code, MERGER) * (10 + 5 * (year - 2021) + pick(village.code, 20)) // 100
            activity(made, village.code, some_day(village, year), visits, homes.get(village.code, ()))


def _district(made: Tables) -> None:
    district = every_place()[NEW_DISTRICT]
    made.add("supervision.undertaking", place=NEW_DISTRICT, kind="社区教育工作", since=MERGER, number="虚构〔2021〕3号")
    for year, fen in ((2021, 380), (2022, 400), (2023, 420)):
        arranged = whole(persons(NEW_DISTRICT, MERGER) * fen, 100)
        funds(made, NEW_DISTRICT, year, "一般经费", arranged, arranged, "社区教育经费")
        for count, (kind, day) in enumerate(_EVENTS):
            if (year, count) != (2022, 4):
                event(made, district, kind, year, day)
        for kind, day in _MEETINGS:
            event(made, district, kind, year, day)
        for kind, issued in (("政府工作报告", "02-10"), ("绩效考核", "12-29")):
            paper(made, NEW_DISTRICT, kind, year, "12-31", issued)
        made.add("supervision.survey", place=NEW_DISTRICT, on=f"{year}-12-05", kind="知晓度", asked=800, positive=560 + 20 * (year - 2021))
        made.add("supervision.survey", place=NEW_DISTRICT, on=f"{year}-12-05", kind="满意度", asked=800, positive=690 + 10 * (year - 2021))
    for number in range(1, 4):
        made.add(
            "recognition.status", place=NEW_DISTRICT, kind="优质学习品牌", rank="市级", holder=f"运河学习品牌{number}号（虚构）",
            state="已授予", since=f"{2020 + number}-11-20",
        )


def _before(made: Tables) -> None:
    """A year before the merger: each of the two districts has its own fund, and its own title."""
    for code, fen in ((NEW_DISTRICT, 300), (OLD_DISTRICT, 350)):
        arranged = whole(persons(code, CENSUS_2010) * fen, 100)
        funds(made, code, 2020, "一般经费", arranged, arranged, "社区教育经费")
    made.add(
        "supervision.undertaking", place=OLD_DISTRICT, kind="社区教育工作", since="2018-05-01", until=MERGER, number="虚构〔2018〕13号",
    )
