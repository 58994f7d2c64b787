"""Supervision: the contract, and work, papers, milestones, surveys and events counted by hand."""

import datetime as dt
from typing import Any

import pytest

import commlms_supervision
from commlms import LMS, Rows, RowsRefused
from commlms.testing import check_plugin, figure, load_alone, open_lms, small_city
from commlms_supervision.declarations import Assessment, Event, Milestone, Paper, Survey, Undertaking
from commlms_supervision.kinds import LARGE, PAPERS
from commlms_supervision.metrics import METRICS

D = dt.date
CITY, EAST, WEST, STREET = "9001", "900101", "900102", "900101001"
SAMPLES: dict[str, dict[str, Any]] = {
    "supervision.undertaking": {"until": None}, "supervision.paper": {"period": "2022", "until": None},
    "supervision.survey": {"asked": 20, "positive": 12},
}


@pytest.fixture
def lms() -> LMS:
    """The small city: a city of two counties, each with one township."""
    opened = open_lms(load_alone("supervision", commlms_supervision))
    small_city(opened)
    return opened


def of(lms: LMS, metric: str, *places: str, period: str = "2022") -> list[int | None]:
    """The numerators of a figure at places."""
    return [figure(lms, f"supervision.{metric}", p, period).numerator for p in places]


def days(lms: LMS, metric: str, place: str, period: str) -> list[int]:
    """The days of the rows that a figure counts at a place."""
    rows = lms.metric(f"supervision.{metric}").numerator
    assert isinstance(rows, Rows)
    return lms.figures(period).days(rows, lms.place(place))


def test_supervision_keeps_the_contract() -> None:
    """What every plugin is held to; a made-up survey would have more answers than it asked."""
    check_plugin("supervision", SAMPLES)


@pytest.mark.requirement("R022", "R023", "R024")
def test_started_work_counts_from_its_day_at_the_place_that_does_it(lms: LMS) -> None:
    """East works from May 2018, west from 2019 to mid 2022, of the street's work nothing comes up to a county; the city learns."""
    lms.add([
        Undertaking(place=EAST, kind="community_education", since=D(2018, 5, 1)),
        Undertaking(place=WEST, kind="社区教育", since=D(2019, 1, 1), until=D(2022, 7, 1)),
        Undertaking(place=STREET, kind="community_education", since=D(2010, 1, 1)),
        Undertaking(place=CITY, kind="创建学习型城市", since=None), Undertaking(place=EAST, kind="learning_city", since=D(2022, 12, 31)),
    ])
    told = {p: of(lms, "counties_working", CITY, period=p)[0] for p in ("2017", "2018", "2019", "2022H1", "2022")}
    assert told == {"2017": 0, "2018": 1, "2019": 2, "2022H1": 2, "2022": 1}
    assert [(f.numerator, f.denominator) for f in (
        figure(lms, f"supervision.{key}") for key in ("counties_working", "counties_learning", "cities_working", "cities_learning")
    )] == [(1, 2), (1, 2), (0, 1), (1, 1)]


def test_a_start_that_is_told_later_is_the_same_work(lms: LMS) -> None:
    """Of an unknown start it counts ever since; then its day is told; work taken up again after its end is another row."""
    for since, until, new in ((None, None, 1), (D(2018, 5, 1), None, 0), (D(2018, 5, 1), D(2020, 1, 1), 0), (D(2021, 1, 1), None, 1)):
        assert lms.add(Undertaking(place=EAST, kind="learning_city", since=since, until=until)).new == new
    assert [of(lms, "counties_learning", EAST, period=p)[0] for p in ("2017", "2018", "2020", "2021")] == [0, 1, 0, 1]


@pytest.mark.requirement("R528", "R558")
def test_papers_overdue_are_those_due_in_the_period_and_not_come_by_its_end(lms: LMS) -> None:
    """Due at the end of October 2019: east's came on the last day, west's five weeks late, the street's never did.

    At the end of October 2 of 3 are overdue, at that of November too, in the year 1: what was due in October is no matter of
    November. A paper due in 2020 is another list.
    """
    late = {EAST: D(2019, 10, 31), WEST: D(2019, 12, 5), STREET: None}
    lms.add([Paper(place=p, kind="实施方案", due=D(2019, 10, 31), issued=on) for p, on in late.items()])
    lms.add(Paper(place=EAST, kind="department_plan", due=D(2020, 3, 1)))
    told = {p: figure(lms, "supervision.papers_overdue", period=p) for p in ("2019-10", "2019-11", "2019", "2020")}
    assert {p: (f.numerator, f.denominator) for p, f in told.items()} == {
        "2019-10": (2, 3), "2019-11": (0, 0), "2019": (1, 3), "2020": (1, 1),
    }
    assert of(lms, "papers_overdue", EAST, WEST, period="2019-10") == [1, 1], "in the east the street's"
    assert of(lms, "implementation_plans", EAST, WEST, CITY, STREET, period="2019") == [1, 1, 0, 0]
    assert days(lms, "implementation_plans", WEST, "2019") == [20191205]
    left = {r.left_out.en if r.left_out else "" for r in lms.explain("supervision.papers_overdue", place=CITY, period="2019").rows()
            if r.part == "numerator"}
    assert left == {"", "done by the period's end"}


@pytest.mark.requirement("R174", "R527", "R535")
def test_yearly_papers_are_those_of_the_year_and_issued_by_the_place_itself(lms: LMS) -> None:
    """The plan of 2022 issued in March 2022 counts in 2022; one that is only due does not, nor does the street's at the county.

    Of the city's units two have reported. A long plan counts while it is in force.
    """
    yearly = [("year_plan", "year_plans"), ("assessment", "assessments"), ("inspection", "inspections"),
              ("government_report", "government_reports")]
    for kind, key in yearly:
        lms.add([
            Paper(place=EAST, kind=kind, period="2022", issued=D(2022, 3, 1)),
            Paper(place=EAST, kind=kind, period="2023", due=D(2023, 3, 1)),
            Paper(place=STREET, kind=kind, period="2022", issued=D(2022, 1, 9)),
        ])
        assert of(lms, key, EAST, WEST, CITY, STREET) == [1, 0, 0, 1], kind
        assert of(lms, key, EAST, period="2023") == [0]
        assert of(lms, key, EAST, period="2022Q1") == [0], "a paper of the year is none of the quarter"
    lms.add([
        Paper(place=CITY, kind="年度述职报告", period="2022", unit=unit, issued=on, due=D(2022, 12, 31))
        for unit, on in (("市教育局", D(2022, 12, 20)), ("市文化局", D(2022, 12, 31)), ("市财政局", None))
    ])
    assert of(lms, "duty_reports", CITY) == [2]
    assert of(lms, "papers_overdue", CITY) == [1]
    lms.add(Paper(place=EAST, kind="社区教育发展规划", period="2016..2020", issued=D(2016, 2, 1), since=D(2016, 3, 1), until=D(2021, 1, 1)))
    assert [of(lms, "long_plans", EAST, WEST, period=p) for p in ("2015", "2016", "2020", "2021")] == [[0, 0], [1, 0], [1, 0], [0, 0]]


@pytest.mark.requirement("R012", "R144", "R175")
def test_kinds_of_paper_stand_apart(lms: LMS) -> None:
    """Three plans are three figures, inspections of zones are not general ones, rules count while they are in force."""
    begun = D(2021, 1, 1)
    lms.add([
        Paper(place=EAST, kind="国民经济和社会发展规划", issued=begun, since=begun),
        Paper(place=WEST, kind="教育事业发展规划", issued=begun, since=begun),
        Paper(place=CITY, kind="发展规划", issued=begun, since=begun),
        Paper(place=CITY, kind="督导检查", period="2022", issued=D(2022, 6, 1)),
        *(Paper(place=EAST, kind="调研检查", period="2022", unit=unit, issued=D(2022, 6, 1)) for unit in ("东街", "东江")),
        Paper(place=EAST, kind="管理制度", unit="东街社区学校", issued=begun, since=begun),
        Paper(place=WEST, kind="管理制度", unit="西山社区学校", issued=begun, since=begun, until=D(2022, 7, 1)),
    ])
    keys = ("local_plans", "education_plans", "long_plans", "inspections", "zone_inspections", "rules")
    assert {key: of(lms, key, CITY, EAST, WEST) for key in keys} == {
        "local_plans": [0, 1, 0], "education_plans": [0, 0, 1], "long_plans": [1, 0, 0], "inspections": [1, 0, 0],
        "zone_inspections": [0, 2, 0], "rules": [0, 1, 0],
    }
    assert of(lms, "rules", WEST, period="2021") == [1]


def test_every_kind_of_paper_has_its_figure() -> None:
    """A kind that is added without one would be recorded and never told."""
    keys = {m.numerator.text for m in METRICS if "paper" in m.numerator.text}
    assert all(any(f'"{c.key}"' in text for text in keys) for c in PAPERS)


def test_a_milestone_is_reached_on_its_day_and_planned_before(lms: LMS) -> None:
    """Planned for September 2022 it is not reached; once the day is told it is, from that day on, and the figure gives the day."""
    lms.add(Milestone(place=CITY, name="办学网络基本建成", planned=D(2022, 9, 11)))
    assert of(lms, "network_reached", CITY) == [0]
    assert of(lms, "milestones_overdue", CITY) == [1]
    lms.set("supervision.milestone", next(r.reference for r in lms.rows("supervision.milestone")), since=D(2022, 11, 30))
    assert [of(lms, "network_reached", CITY, period=p) for p in ("2022-10", "2022-11", "2022", "2023")] == [[0], [1], [1], [1]]
    assert days(lms, "network_reached", CITY, "2022") == [20221130]
    assert [of(lms, "milestones_overdue", CITY, period=p) for p in ("2022-09", "2022", "2023")] == [[1], [0], [0]]
    assert of(lms, "coverage_reached", CITY) == [0], "another milestone"


@pytest.mark.requirement("R380")
def test_a_survey_is_those_who_said_yes_of_those_who_were_asked(lms: LMS) -> None:
    """Two surveys of 2022: 180 of 200 and 40 of 100 are satisfied, 220 of 300; 2021 asked others; awareness is another question."""
    lms.add([
        Survey(place=EAST, on=D(2022, 6, 1), kind="满意率", asked=200, positive=180),
        Survey(place=WEST, on=D(2022, 12, 31), kind="satisfaction", asked=100, positive=40),
        Survey(place=WEST, on=D(2021, 12, 31), kind="satisfaction", asked=50, positive=0),
        Survey(place=WEST, on=D(2022, 12, 31), kind="公众认知度", asked=100, positive=77),
    ])
    told = {(k, y): figure(lms, f"supervision.{k}", period=y) for k in ("satisfaction", "awareness", "gain") for y in ("2021", "2022")}
    assert {k: (f.numerator, f.denominator) for k, f in told.items()} == {
        ("satisfaction", "2022"): (220, 300), ("satisfaction", "2021"): (0, 50), ("awareness", "2022"): (77, 100),
        ("awareness", "2021"): (0, 0), ("gain", "2021"): (0, 0), ("gain", "2022"): (0, 0),
    }


@pytest.mark.requirement("R351", "R539")
def test_of_the_seven_events_and_the_four_meetings_each_kind_counts_once(lms: LMS) -> None:
    """East held two of the seven, one of them twice, a reading week, and the committee met twice; the street's week is its own."""
    lms.add([
        *(Event(place=EAST, on=D(2022, 10, n), kind="全民终身学习活动周", title=f"第{n}场") for n in (8, 9)),
        Event(place=EAST, on=D(2022, 4, 23), kind="reading_week"), Event(place=EAST, on=D(2022, 5, 1), kind="校园开放日"),
        *(Event(place=EAST, on=D(2022, n, 1), kind="委员会工作会") for n in (1, 7)), Event(place=EAST, on=D(2021, 7, 1), kind="experts"),
        Event(place=STREET, on=D(2022, 10, 9), kind="lifelong_week"), Event(place=STREET, on=D(2022, 10, 9), kind="街头诗会"),
    ])
    assert len(LARGE) == 7
    told = {k: of(lms, k, EAST, STREET, WEST) for k in ("events", "large_events", "meetings", "meeting_kinds", "lifelong_weeks")}
    assert told == {
        "events": [6, 2, 0], "large_events": [2, 1, 0], "meetings": [2, 0, 0], "meeting_kinds": [1, 0, 0], "lifelong_weeks": [2, 1, 0],
    }


@pytest.mark.requirement("R011")
def test_an_assessors_findings_stand_apart_by_aspect(lms: LMS) -> None:
    """The five attributes of one goal are five rows of one day; the same aspect again is the same row."""
    for status, new in (("partly", 5), ("reached", 0)):
        done = lms.add([
            Assessment(
                goal="gd-network-2020", place=CITY, on=D(2020, 12, 31), aspect=a, status=status, assessor="省评估组", evidence="走访",
            )
            for a in ("结构合理", "内涵丰富", "开放共享", "服务完善", "本地特色")
        ])
        assert done.new == new
    told = [(r.cells["aspect"], r.cells["status"], r.cells["evidence"], r.cells["on"]) for r in lms.rows("supervision.assessment")]
    assert len(set(told)) == 5
    assert {t[1:] for t in told} == {("达到", "走访", "2020-12-31")}


@pytest.mark.parametrize(("row", "field"), [
    (Survey(place=EAST, on=D(2022, 6, 1), kind="satisfaction", asked=10, positive=11), "positive"),
    (Survey(place=EAST, on=D(2022, 6, 1), kind="satisfaction", asked=0, positive=0), "asked"),
    (Paper(place=EAST, kind="year_plan", issued=D(2022, 3, 1)), "period"), (Paper(place=EAST, kind="long_plan"), "since"),
    (Paper(place=EAST, kind="rules", since=D(2022, 3, 1), until=D(2022, 3, 1)), "until"),
    (Undertaking(place=EAST, kind="learning_city", since=D(2022, 3, 1), until=D(2021, 3, 1)), "until"),
])
def test_a_row_that_cannot_be_is_refused_at_its_field(lms: LMS, row: Any, field: str) -> None:
    """Nothing is written."""
    with pytest.raises(RowsRefused) as refused:
        lms.add(row)
    assert [getattr(p, "field", "") for p in refused.value.problems] == [field]
