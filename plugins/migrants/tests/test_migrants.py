"""Migrants: the contract, the three kinds of training, and what is never noted of a person."""

import datetime as dt

import pytest

import commlms_migrants
from commlms import LMS, Headcount, Participation, RowsRefused, Standing
from commlms.testing import check_plugin, figure, load_alone, open_lms, small_city

KINDS = {"S1": "城市文明", "S2": "技能培训", "S3": "学历提升"}


@pytest.fixture
def lms() -> LMS:
    """The small city with one of the three kinds at S1, S2 and S3: L4, the one migrant worker, came to S2."""
    opened = open_lms(load_alone("migrants", commlms_migrants))
    small_city(opened, [("permanent", "all"), ("permanent", "migrant_workers")])
    for session, category in KINDS.items():
        opened.set("session", session, category=category)
    return opened


def kinds(lms: LMS) -> dict[str, tuple[int | None, int | None]]:
    """The figures of the three kinds and of all three."""
    found = {n: figure(lms, f"migrants.{n}") for n in ("city_life", "skills", "degree", "all_three")}
    return {n: (f.numerator, f.denominator) for n, f in found.items()}


def test_migrants_keeps_the_contract() -> None:
    """What every plugin is held to."""
    check_plugin("migrants")


def test_a_migrant_worker_has_a_rural_hukou_an_urban_home_and_work(lms: LMS) -> None:
    """L4 only: L5 and L6 have a rural hukou and a rural home, L1 and L2 an urban hukou."""
    assert figure(lms, "migrants.persons").numerator == 1
    assert figure(lms, "migrants.persons", "900101001002").numerator == 1
    lms.set("learner", "L4", occupation="待业")
    assert figure(lms, "migrants.persons").numerator == 0


@pytest.mark.requirement("R520")
def test_the_three_kinds_are_counted_one_by_one_and_together(lms: LMS) -> None:
    """L4 had skills; after one more session city life as well, after another the third: only then all three."""
    assert kinds(lms) == {"city_life": (0, 1), "skills": (1, 1), "degree": (0, 1), "all_three": (0, 1)}
    lms.add(Participation(learner="L4", session="S1"))
    assert kinds(lms) == {"city_life": (1, 1), "skills": (1, 1), "degree": (0, 1), "all_three": (0, 1)}
    lms.check_in("L4", "S3")
    assert kinds(lms) == {"city_life": (1, 1), "skills": (1, 1), "degree": (1, 1), "all_three": (1, 1)}


def test_who_moves_to_the_country_is_no_migrant_worker_from_then_on(lms: LMS) -> None:
    """L4 came to S1 in March and moved in June: a migrant worker at the end of March, none at the end of the year."""
    lms.add(Participation(learner="L4", session="S1"))
    lms.add({"code": "L4", "name": "刘芳", "home": "900102001201", "since": dt.date(2022, 6, 1)}, "learner")
    assert figure(lms, "migrants.persons", period="2022Q1").numerator == 1
    assert figure(lms, "migrants.persons").numerator == 0


def test_new_citizens_by_standing_or_by_hukou(lms: LMS) -> None:
    """L4 by her hukou from elsewhere, L2 by a standing that holds at the year's end; L6's has ended."""
    lms.add([
        Standing(learner="L2", group="新居民", since=dt.date(2022, 1, 1)),
        Standing(learner="L6", group="新市民", since=dt.date(2020, 1, 1), until=dt.date(2022, 1, 1)),
    ])
    assert figure(lms, "migrants.new_citizens_persons").numerator == 2


def test_the_rate_divides_by_the_residents_of_the_group(lms: LMS) -> None:
    """1 of 400; with the six unnamed visits at most 7."""
    rate = figure(lms, "migrants.participation")
    assert (rate.numerator, rate.denominator, rate.ceiling) == (1, 400, 7)


@pytest.mark.parametrize("word", [
    "残障人员", "残疾人", "disabled_people", "Disabled people", "失足人员", "下岗失业人员", "disabled", "失业", "刑满释放人员",
])
def test_a_sensitive_group_is_refused_for_a_person(lms: LMS, word: str) -> None:
    """By label, alias, key or English word: the standing is objected to and nothing is written."""
    with pytest.raises(RowsRefused) as refused:
        lms.add(Standing(learner="L4", group=word, since=dt.date(2022, 1, 1)))
    assert [getattr(p, "field", "") for p in refused.value.problems] == ["group"]
    assert word not in str(refused.value)
    assert list(lms.rows("standing")) == []


def test_a_correction_cannot_make_a_standing_sensitive(lms: LMS) -> None:
    """What an import refuses, set refuses as well."""
    lms.add(Standing(learner="L4", group="新市民", since=dt.date(2022, 1, 1)))
    [row] = lms.rows("standing")
    with pytest.raises(RowsRefused):
        lms.set("standing", row.reference, group="残障人员")
    assert [r.cells["group"] for r in lms.rows("standing")] == ["new_citizen"]


def test_a_sensitive_group_is_allowed_for_a_headcount_and_a_session(lms: LMS) -> None:
    """Seven of them were at S2 without names: unnamed visits, and no person's record."""
    lms.add(Headcount(session="S2", counts="besides", audience="残疾人", persons=7))
    lms.set("session", "S4", audience="失足人员")
    assert {r.cells["audience"] for r in lms.rows("headcount")} == {"", "disabled_people"}
    assert figure(lms, "core.unnamed_visits").numerator == 2 + 4 + 7
