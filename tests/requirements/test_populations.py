"""Entries about groups of people and what is taught to them."""

import datetime as dt

import pytest

from commlms import LMS, Learner, Participation, Standing
from commlms.testing import figure, open_lms, small_city

FIRST_VILLAGE, WEST_VILLAGE = "900101001001", "900102001201"


@pytest.fixture
def lms() -> LMS:
    """The small city with every bundled plugin."""
    opened = open_lms()
    small_city(opened)
    return opened


def offered(lms: LMS, document: str, clause: str, quote: str) -> list[str]:
    """The words that one sentence of a document names, in its order, each of which a session takes by its key."""
    categories = [c for u in lms.registry.curricula.values() for c in u.categories]
    named = [c for c in categories if (c.document, c.clause) == (document, clause) and quote in c.quote]
    taken = []
    for category in sorted(named, key=lambda c: c.order):
        lms.set("session", "S1", category=category.key)
        taken += [r.cells["category"] for r in lms.rows("session") if r.reference == "S1"]
    assert taken == [c.label.zh for c in sorted(named, key=lambda c: c.order)]
    return taken


@pytest.mark.requirement("R129")
def test_youth_has_the_five_categories_of_guangdong(lms: LMS) -> None:
    """000 二(五)3: health in puberty, traditional culture, environment, popular science, handicraft; these and no others."""
    words = ["青春期健康知识", "传统文化", "环境保护", "科普知识", "手工创作"]
    assert offered(lms, "000", "二(五)3", "青春期健康知识") == words
    assert [c.label.zh for c in lms.registry.curricula["youth"].categories if (c.document, c.population) == ("000", "minors")] == words


@pytest.mark.requirement("R226")
def test_wanzhou_has_its_five_categories(lms: LMS) -> None:
    """001 三（一）."""
    found = offered(lms, "001", "三（一）", "科学素养")
    assert found == ["公民生活素养", "科学素养", "文化素养", "技术教育", "职业道德"]


@pytest.mark.requirement("R354")
def test_gongshu_has_its_eight_categories_for_citizens(lms: LMS) -> None:
    """003 三(二)."""
    found = offered(lms, "003", "三(二)", "手工技艺")
    assert found == ["手工技艺", "休闲娱乐", "历史文化", "家庭教育", "科普知识", "营养保健", "学历提升", "法律知识"]


@pytest.mark.requirement("R247")
def test_an_activity_of_wanzhou_is_quality_education_or_vocational_education(lms: LMS) -> None:
    """001 三（四）: the two classes, one of which a session has."""
    assert offered(lms, "001", "三（四）", "素质教育和职业教育") == ["素质教育", "职业教育"]


@pytest.mark.requirement("R122")
def test_citizen_new_citizen_and_migrant_worker_are_dated_and_the_record_stays(lms: LMS) -> None:
    """L2 is a migrant worker until May 2022, a new citizen from June 2022 to June 2023, a citizen after: one learner, three tags.

    At the end of March 2022 nobody but L4 (by hukou) is a new citizen; at the year's end L2 is as well; in 2023, when L2
    came again, no longer.
    """
    tags = (("进城务工人员", "2019-01-01", "2022-06-01"), ("新市民", "2022-06-01", "2023-06-01"), ("市民", "2023-06-01", None))
    lms.add([
        Standing(learner="L2", group=group, since=dt.date.fromisoformat(since), until=dt.date.fromisoformat(until) if until else None)
        for group, since, until in tags
    ])
    lms.add({"code": "S6", "institution": "EAST", "on": "2023-06-05", "theme": "合唱"}, "session")
    lms.add(Participation(learner="L2", session="S6"))
    persons = {p: figure(lms, "migrants.new_citizens_persons", FIRST_VILLAGE, p).numerator for p in ("2022Q1", "2022", "2023")}
    assert persons == {"2022Q1": 0, "2022": 1, "2023": 0}
    assert figure(lms, "core.persons", FIRST_VILLAGE, "2023").numerator == 1
    held = [(r.cells["since"], r.cells["until"]) for r in lms.rows("standing") if r.cells["learner"] == "L2"]
    assert held == [("2019-01-01", "2022-06-01"), ("2022-06-01", "2023-06-01"), ("2023-06-01", "")]
    assert len([r for r in lms.rows("learner", current=True) if r.cells["code"] == "L2"]) == 1


@pytest.mark.requirement("R132")
def test_left_behind_children_and_the_old_count_among_minors_and_seniors_too(lms: LMS) -> None:
    """A child of 8 and L6, 74, of one village: one left-behind child and one old person; one minor; one senior; with L5 three in all."""
    lms.add(Learner(code="L9", name="郑小花", born=dt.date(2014, 6, 1), home=WEST_VILLAGE))
    lms.add(Participation(learner="L9", session="S3"))
    lms.add([Standing(learner=who, group="留守人员", since=dt.date(2022, 1, 1)) for who in ("L6", "L9")])
    names = ("farmers.left_behind_children", "farmers.left_behind_elderly", "farmers.left_behind_women", "youth", "seniors", "core")
    keys = [f"{n}_persons" if n.startswith("farmers") else f"{n}.persons" for n in names]
    assert [figure(lms, key, WEST_VILLAGE).numerator for key in keys] == [1, 1, 0, 1, 1, 3]
    assert offered(lms, "000", "二(五)3", "农村留守老人") == ["家政培训", "家庭教育"]
