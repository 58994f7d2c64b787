"""Staffing: the contract, a clerk's messy sheet, who counts as what on which day, volunteers, and a person's rights."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import commlms_staffing
from commlms import LMS, Institution, UnknownName
from commlms.testing import check_plugin, figure, load_alone, open_lms, small_city
from commlms_staffing.declarations import Post, Team, Training, Volunteer

D = dt.date
CITY, EAST, WEST = "9001", "900101", "900102"
STREET, TOWN, FIRST = "900101001", "900102001", "900101001001"
HEAD = ["序号", "姓名", "所在单位", "岗位类别", "专/兼职", "任职时间", "离任日期", "联系电话"]


@pytest.fixture
def lms() -> LMS:
    """The small city: a school in a street and one in a town, a learning point in the street's first village; 400 residents."""
    opened = open_lms(load_alone("staffing", commlms_staffing))
    small_city(opened)
    return opened


def post(code: str, role: str, employment: str = "full_time", at: str = "EAST", **more: Any) -> Post:
    """A post, at the street's school if nothing else is said."""
    return Post(code=code, institution=at, role=role, employment=employment, **more)


def book(folder: Path, *rows: list[Any]) -> Path:
    """A workbook of one sheet."""
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    made.save(folder / "名册.xlsx")
    return folder / "名册.xlsx"


def count(lms: LMS, metric: str, place: str = CITY, period: str = "2022") -> int | None:
    """The numerator of a figure."""
    return figure(lms, f"staffing.{metric}", place, period).numerator


def test_staffing_keeps_the_contract() -> None:
    """What every plugin is held to: template, export and import, metrics, unloading."""
    check_plugin("staffing")


def test_a_sheet_as_a_street_keeps_it_is_read_and_its_errors_are_named(lms: LMS, tmp_path: Path) -> None:
    """Title, serial numbers, the institution by its name, words of all sorts; three bad rows with cell and field, the total left out."""
    path = book(
        tmp_path, ["2022年社区教育队伍名册"], HEAD,
        [1, "郑可", "东街社区学校", "专干", "专职", "2021.9.1", "", "0812-1234567"],
        [2, "王 平", "东街社区学校", "社区教育教师", "专任", "2020年3月1日", "", ""],
        [3, "李安", "西山镇社区学校", "校长", "兼", "", "2022-06-30", ""],
        [4, "赵明", "南街社区学校", "教师", "兼职", "", "", ""],
        [5, "孙红", "东街社区学校", "保安", "专职", "", "", ""],
        [6, "周立", "东街社区学校", "教师", "", "2022-02-30", "", ""],
        ["合计", "", "", "", 6],
    )
    result = lms.import_file("staffing.post", path)
    assert (result.new, result.rejected, result.not_counted, result.unread_columns) == (3, 3, 1, ("序号", "联系电话"))
    assert sorted((p.line, p.cell, p.code, p.field) for p in result.problems) == [
        (6, "C6", "unknown_ref", "institution"), (7, "D7", "unknown_choice", "role"), (8, "E8", "required", "employment"),
        (8, "F8", "not_a_date", "since"),
    ]
    assert not any(name in p.say("zh") for p in result.problems for name in ("赵明", "孙红", "周立")), "no sentence quotes a person"
    assert lms.import_file("staffing.post", path).unchanged == 3, "a second time nothing is counted twice"
    assert count(lms, "dedicated_workers") == 2
    assert [r.cells["holder"] for r in lms.rows("staffing.post")] == ["郑可", "王平", "李安"]


def test_who_counts_as_what(lms: LMS) -> None:
    """Dedicated: worker, teacher, manager in full time (3); of a branch teacher and manager (2); of a point every manager and a
    full-time teacher (3).

    The liaison person and the expert are none of them; 3 of 200 permanent residents of the street.
    """
    lms.add([
        post("W", "worker"), post("T", "teacher"), post("M", "manager"), post("M2", "manager", "part_time"),
        post("T2", "teacher", "part_time"), post("L", "liaison"), post("E", "expert"), post("N", "teacher", at="WEST"),
    ])
    found = {m: count(lms, m, STREET) for m in ("dedicated_workers", "branch_staff", "point_staff")}
    assert found == {"dedicated_workers": 3, "branch_staff": 2, "point_staff": 3}
    ratio = figure(lms, "staffing.dedicated_ratio", STREET)
    assert (ratio.numerator, ratio.denominator) == (3, 200)
    branch = figure(lms, "staffing.branch_ratio", CITY)
    assert (branch.numerator, branch.denominator) == (3, 400)


def by_institution(lms: LMS, metric: str, *roles: str) -> dict[str, int]:
    """A figure of each institution of some kinds by its name."""
    figures = lms.figures("2022")
    found = figures.by_subject(lms.metric(f"staffing.{metric}").numerator, "institution")
    return {s.name: found.get(s.id, 0) for s in figures.subjects("institution", roles)}


@pytest.mark.requirement("R152", "R153", "R475")
def test_staff_are_held_by_role_and_contract_and_told_of_each_institution(lms: LMS) -> None:
    """The street's school has two teachers, one of them full time, and no full-time manager; the town's has nobody."""
    lms.add([post("T", "teacher"), post("T2", "teacher", "part_time"), post("M", "manager", "part_time")])
    assert by_institution(lms, "teachers", "school") == {"东街社区学校": 2, "西山镇社区学校": 0}
    assert by_institution(lms, "branch_staff", "school") == {"东街社区学校": 1, "西山镇社区学校": 0}
    assert by_institution(lms, "full_time_managers", "school") == {"东街社区学校": 0, "西山镇社区学校": 0}


@pytest.mark.requirement("R154")
def test_a_post_says_how_its_holder_is_engaged(lms: LMS) -> None:
    """Managers of a learning point, one by purchased service; in an office's words, one that nobody listed too."""
    for code, word in (("A", "编制内"), ("B", "借调"), ("C", "政府购买服务"), ("D", "三支一扶")):
        lms.add({"code": code, "institution": "EASTPOINT", "role": "管理人员", "employment": "兼职", "engaged": word}, "staffing.post")
    assert [r.cells["engaged"] for r in lms.rows("staffing.post")] == ["在编", "统筹借调", "政府购买服务", "三支一扶"]
    assert by_institution(lms, "managers", "seniors_point", "point") == {"东一学习点": 4}


def test_a_post_that_ended_counts_until_its_day_and_stays(lms: LMS) -> None:
    """From 1 March 2021 to 30 June 2022: in force at the end of 2021, out at the end of June and of the year."""
    lms.add([post("T", "teacher", since=D(2021, 3, 1), until=D(2022, 6, 30)), post("U", "teacher", since=D(2022, 7, 1))])
    told = {p: count(lms, "dedicated_workers", period=p) for p in ("2020", "2021", "2022-05", "2022H1", "2022")}
    assert told == {"2020": 0, "2021": 1, "2022-05": 1, "2022H1": 0, "2022": 1}
    assert len(list(lms.rows("staffing.post"))) == 2


def test_posts_without_a_code_are_told_apart_and_corrected(lms: LMS, tmp_path: Path) -> None:
    """A first day that is filled in later is the same post; two nameless ones of one kind need codes."""
    row = {"institution": "EAST", "role": "教师", "employment": "专职", "holder": "郑可"}
    lms.add(row, "staffing.post")
    lms.add({**row, "since": "2021-09-01"}, "staffing.post")
    assert [(r.cells["since"], r.cells["code"]) for r in lms.rows("staffing.post")] == [("2021-09-01", "")]
    nameless = book(tmp_path, ["单位", "岗位", "专兼职"], ["EAST", "教师", "兼职"], ["EAST", "教师", "兼职"])
    assert [(p.code, p.line) for p in lms.import_file("staffing.post", nameless).problems] == [("duplicate", 3)]
    lms.add([post("T1", "teacher"), post("T2", "teacher")])
    assert count(lms, "dedicated_workers") == 3


def test_volunteers_of_a_point_do_not_count_for_the_school_above(lms: LMS) -> None:
    """12 with the school, about 30 with the point below it: 42 in the street, 12 its own for 200 residents, 30 for the village's 100."""
    lms.add([
        Team(institution="EAST", name="夕阳红", persons=12), Team(institution="EAST", name="解散了的", persons=100, until=D(2022, 5, 1)),
    ])
    lms.add({"institution": "EASTPOINT", "name": "邻里", "persons": "约30"}, "staffing.team")
    assert count(lms, "volunteers", STREET) == 42
    own = figure(lms, "staffing.volunteers_here_ratio", STREET)
    assert (own.numerator, own.denominator) == (12, 200)
    point = figure(lms, "staffing.volunteers_here_ratio", FIRST)
    assert (point.numerator, point.denominator) == (30, 100)


def test_a_team_that_grew_is_one_team(lms: LMS, tmp_path: Path) -> None:
    """The same sheet with a new number corrects it; a row from another day on, after the first was closed, keeps both."""
    head = ["所属单位", "队伍名称", "人数", "成立时间"]
    lms.import_file("staffing.team", book(tmp_path, head, ["东街社区学校", "夕阳红", "20人", "2019-05-01"]))
    again = lms.import_file("staffing.team", book(tmp_path, head, ["东街社区学校", "夕阳红", 25, "2019-05-01"]))
    assert (again.changed, count(lms, "volunteers")) == (1, 25)
    (row,) = lms.rows("staffing.team")
    lms.set("staffing.team", row.reference, until="2022-01-01")
    lms.add(Team(institution="EAST", name="夕阳红", persons=40, since=D(2022, 1, 1)))
    assert [count(lms, "volunteers", period=p) for p in ("2021", "2022")] == [25, 40]


@pytest.mark.requirement("R155", "R282", "R317", "R480")
def test_a_volunteer_is_a_learner_in_one_or_more_teams(lms: LMS, tmp_path: Path) -> None:
    """Two people, one of them in two teams: 2 by name, each with skill and background."""
    lms.add([Team(institution="EAST", name="夕阳红", persons=12), Team(code="LL", institution="EASTPOINT", name="邻里", persons=3)])
    path = book(
        tmp_path, ["姓名", "出生日期", "志愿服务队", "特长", "人员类型", "注册时间"],
        ["王秀英", "1950-03-02", "夕阳红", "书法", "离退休干部", "2021.5.6"], ["王秀英", "1950-03-02", "邻里", "合唱", "离退休干部", ""],
        ["李建国", "1955-07-09", "LL", "量血压", "医务人员", ""], ["李建国", "1955-07-09", "晨练队", "", "", ""],
    )
    result = lms.import_file("staffing.volunteer", path)
    assert [(p.code, p.field, p.line, p.cell) for p in result.problems] == [("unknown_ref", "team", 5, "C5")]
    assert count(lms, "named_volunteers") == 2
    rows = [r.cells for r in lms.rows("staffing.volunteer")]
    assert [(r["learner"], r["skill"], r["background"]) for r in rows] == [
        ("L1", "书法", "离退休干部"), ("L1", "合唱", "离退休干部"), ("L2", "量血压", "医务人员"),
    ]
    assert figure(lms, "core.visits").numerator == 7, "who volunteers has learned no more for it"


def test_export_and_erasure_of_a_person_cover_the_teams(lms: LMS) -> None:
    """What is held about L1 names the team and the skill; after the erasure nothing does, and the other volunteer stays."""
    lms.add(Team(code="T", institution="EAST", name="夕阳红", persons=12))
    lms.add([Volunteer(learner="L1", team="T", skill="书法"), Volunteer(learner="L2", team="T", skill="二胡")])
    held = lms.people.export("L1")
    assert [(r["team"], r["skill"]) for r in held["staffing.volunteer"]] == [("T", "书法")]
    assert lms.people.erase("L1")["staffing_volunteer"] == 1
    assert [r.cells["skill"] for r in lms.rows("staffing.volunteer")] == ["二胡"]
    with pytest.raises(UnknownName):
        lms.people.export("L1")
    assert count(lms, "volunteers") == 12, "the team says how many it is"


def test_trainings_of_backbone_teachers_are_each_places_own(lms: LMS, tmp_path: Path) -> None:
    """The city held one in 2022, east two, west none; a training of all, and one of 2021, are not among them."""
    path = book(
        tmp_path, ["地区", "培训时间", "培训名称", "培训对象", "培训人数", "学时"],
        ["样城市", "2022-03-01", "骨干教师研修班", "骨干教师", "50人", 16],
        ["东区", "2022-04-01", "骨干教师培训", "社区教育骨干教师", 20, 8],
        ["东区", "2022-10-01", "骨干教师培训", "骨干", 20, 8], ["西县", "2021-04-01", "骨干教师培训", "骨干教师", 20, 8],
        ["西县", "2022-04-01", "工作者培训", "全体人员", 20, 8], ["西县", "4月1日", "骨干教师培训", "骨干教师", 20, 8],
    )
    result = lms.import_file("staffing.training", path)
    assert [(p.code, p.line) for p in result.problems] == [("year_unknown", 7)]
    assert [count(lms, "backbone_trainings", place) for place in (CITY, EAST, WEST)] == [1, 2, 0]
    assert count(lms, "backbone_trainings", WEST, "2021") == 1
    assert {r.cells["minutes"] for r in lms.rows("staffing.training")} == {"720", "360"}, "one 学时 is 45 minutes"


def test_a_training_needs_no_participant_to_count(lms: LMS) -> None:
    """It is an event of the office, told from residents' learning."""
    lms.add(Training(place=EAST, on=D(2022, 5, 1), title="骨干教师培训", audience="backbone"))
    assert (count(lms, "backbone_trainings", EAST), figure(lms, "core.sessions", EAST).numerator) == (1, 2)


@pytest.mark.requirement("R279")
def test_a_township_without_anybody_named_is_seen(lms: LMS) -> None:
    """One person in charge in the street, none in the town."""
    lms.add(Institution(code="GOV", name="东街街道办事处", place=STREET))
    lms.add(post("F", "manager", "part_time", at="GOV", holder="郑可"))
    assert [count(lms, "managers", place) for place in (STREET, TOWN)] == [1, 0]


@pytest.mark.requirement("R161")
def test_experts_are_kept_by_level(lms: LMS) -> None:
    """A pool of two at the city, from anywhere, none of them a worker; the counties have none."""
    lms.add(Institution(code="POOL", name="样城市社区教育专家库", place=CITY))
    lms.add([post("E1", "expert", "part_time", at="POOL", holder="欧阳文"), post("E2", "expert", "part_time", at="POOL", holder="吕方")])
    assert [count(lms, "experts", place) for place in (CITY, EAST, WEST)] == [2, 0, 0]
    assert count(lms, "dedicated_workers") == 0
