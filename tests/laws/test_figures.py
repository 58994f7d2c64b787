"""Homes, trees, residents, ceilings: figures worked out by hand on a small city."""

import datetime as dt
from typing import Any

import pytest

import commlms
from commlms.measure.figures import Figure

TODAY = dt.date(2023, 6, 30)


@pytest.fixture
def lms() -> Any:
    """City 1: county 11 (township 111 with villages 1111, 1112), zone 19 that only reports to it; school in 1111, college in 19."""
    with commlms.LMS(today=TODAY, lang="en", keys=[]) as made:
        made.add(
            [
                {"code": "1", "name": "市", "level": "city"},
                {"code": "11", "name": "县", "level": "county", "parent": "1"},
                {"code": "111", "name": "乡", "level": "township", "parent": "11"},
                {"code": "1111", "name": "甲村", "level": "village", "parent": "111"},
                {"code": "1112", "name": "乙村", "level": "village", "parent": "111"},
                {"code": "19", "name": "开发区", "level": "county", "kind": "zone", "reports_to": "1"},
            ],
            "place",
        )
        made.add([{"code": "J1", "name": "校", "place": "1111"}, {"code": "J9", "name": "院", "place": "19"}], "institution")
        made.add([
            {"code": "S1", "institution": "J1", "on": "2022-03-05", "theme": "讲座", "minutes": 60},
            {"code": "S9", "institution": "J9", "on": "2022-03-06", "theme": "讲座"},
        ], "session")
        yield made


def learn(lms: commlms.LMS, code: str, home: str, session: str = "S1") -> None:
    lms.add({"code": code, "name": f"某{code}", "home": home}, "learner")
    lms.add({"learner": code, "session": session}, "participation")


def figure(lms: commlms.LMS, place: str, metric: str = "core.participation", period: str = "2022", tree: Any = "admin") -> Figure:
    return lms.figures(period, tree).figure(lms.metric(metric), lms.place(place))


def residents(lms: commlms.LMS, place: str, persons: int, on: str = "2020-11-01", **more: Any) -> None:
    lms.add({"place": place, "on": on, "basis": "permanent", "persons": persons, "nature": "census", **more}, "residents")


def test_a_home_known_to_the_township_only_stands_there(lms: commlms.LMS) -> None:
    """Parent = own + children: one in 甲村, one 'not placed' in the township, two together."""
    learn(lms, "L1", "1111")
    learn(lms, "L2", "111")
    assert [figure(lms, p).numerator for p in ("1111", "1112", "111", "11", "1")] == [1, 0, 2, 2, 2]


def test_an_unknown_home_is_in_no_rate_and_is_told(lms: commlms.LMS) -> None:
    """Never guessed from the school."""
    learn(lms, "L1", "")
    assert figure(lms, "1").numerator == 0
    assert lms.figures("2022").unknown_home == 1
    left_out = [r for r in lms.explain("core.participation", place="1", period="2022").rows() if r.left_out]
    assert [(r.part, r.adds) for r in left_out if "home unknown" in r.left_out.en] == [("numerator", 0)]  # type: ignore[union-attr]  # filtered


def test_a_zone_outside_the_code_space_counts_where_it_reports(lms: commlms.LMS) -> None:
    """Its 7 unnamed visits are the city's on the reporting tree only; the county never has them."""
    lms.add({"session": "S9", "counts": "present", "persons": 7}, "headcount")
    assert figure(lms, "1", "core.unnamed_visits", tree="admin").numerator == 0
    assert figure(lms, "1", "core.unnamed_visits", tree="reporting").numerator == 7
    assert figure(lms, "11", "core.unnamed_visits", tree="reporting").numerator == 0


def test_a_move_counts_where_the_learner_lived_at_the_periods_end(lms: commlms.LMS) -> None:
    """Moved in July 2022: the first half-year counts at 甲村, the year at 乙村."""
    learn(lms, "L1", "1111")
    lms.add({"code": "L1", "name": "某L1", "home": "1112", "since": "2022-07-01"}, "learner")
    assert [figure(lms, p, period="2022H1").numerator for p in ("1111", "1112")] == [1, 0]
    assert [figure(lms, p, period="2022").numerator for p in ("1111", "1112")] == [0, 1]


def test_a_window_counts_a_person_once(lms: commlms.LMS) -> None:
    """Distinct persons of two years are never a sum of years."""
    lms.add({"code": "S0", "institution": "J1", "on": "2021-03-05", "theme": "讲座"}, "session")
    learn(lms, "L1", "1111")
    lms.add({"learner": "L1", "session": "S0"}, "participation")
    assert [figure(lms, "1", period=p).numerator for p in ("2021", "2022", "2021..2022")] == [1, 1, 1]


def test_a_dissolved_village_keeps_its_people_for_its_time_and_after(lms: commlms.LMS) -> None:
    """Ended in 2021: who still has it as home falls to the township above, and no figure vanishes."""
    learn(lms, "L1", "1112")
    lms.add({"code": "1112", "name": "乙村", "level": "village", "until": "2021-12-31"}, "place")
    assert figure(lms, "111").numerator == 1
    assert figure(lms, "1").numerator == 1


def test_residents_are_a_places_own_else_the_sum_of_all_children_else_missing(lms: commlms.LMS) -> None:
    residents(lms, "1111", 30)
    assert figure(lms, "111").denominator is None
    missing = figure(lms, "111").missing
    assert missing is not None
    assert "residents" in missing.en
    residents(lms, "1112", 20)
    summed = figure(lms, "111")
    assert (summed.denominator, summed.residents.summed if summed.residents else None) == (50, True)
    residents(lms, "111", 55)
    assert figure(lms, "111").denominator == 55
    assert figure(lms, "11").denominator == 55


def test_residents_are_the_latest_not_after_the_period_of_the_basis_and_group(lms: commlms.LMS) -> None:
    residents(lms, "1", 100, "2020-11-01")
    residents(lms, "1", 110, "2022-12-31")
    residents(lms, "1", 120, "2023-01-01")
    residents(lms, "1", 999, "2022-12-31", basis="registered")
    residents(lms, "1", 40, "2022-12-31", group="seniors", nature="estimate")
    found = {p: figure(lms, "1", period=p).denominator for p in ("2021", "2022", "2023")}
    assert found == {"2021": 100, "2022": 110, "2023": 120}
    registered = lms.figures("2022").figure(lms.metric("core.participation"), lms.place("1"), "registered")
    assert registered.denominator == 999
    seniors = figure(lms, "1", "seniors.participation")
    assert (seniors.denominator, seniors.residents.estimated if seniors.residents else None) == (40, True)
    assert figure(lms, "1", "youth.participation").missing is not None  # no age band is made from another


@pytest.mark.parametrize(("present", "besides", "named", "unnamed"), [
    (10, None, 2, 8), (1, None, 2, 0), (None, 5, 2, 5), (10, 5, 2, 13), (2, None, 2, 0), (None, None, 2, 0), (0, 0, 0, 0),
])
def test_unnamed_visits_are_present_less_named_never_below_none_and_those_besides(
    lms: commlms.LMS, present: int | None, besides: int | None, named: int, unnamed: int
) -> None:
    for n in range(named):
        learn(lms, f"L{n}", "1111")
    for counts, persons in (("present", present), ("besides", besides)):
        if persons is not None:
            lms.add({"session": "S1", "counts": counts, "persons": persons}, "headcount")
    assert figure(lms, "1", "core.unnamed_visits").numerator == unnamed
    residents(lms, "1", 12)
    found = figure(lms, "1")
    assert (found.numerator, found.ceiling) == (named, min(12, named + unnamed))


@pytest.mark.requirement("R026")
def test_persons_and_visits_are_two_figures(lms: commlms.LMS) -> None:
    """One person at two sessions: 1 person, 2 visits, and the rate has the person."""
    learn(lms, "L1", "1111")
    lms.add({"learner": "L1", "session": "S9"}, "participation")
    residents(lms, "1", 4)
    assert (figure(lms, "1", "core.persons").numerator, figure(lms, "1", "core.visits").numerator) == (1, 2)
    assert (figure(lms, "1").numerator, figure(lms, "1").denominator) == (1, 4)


@pytest.mark.requirement("R214")
def test_self_study_is_not_organised(lms: commlms.LMS) -> None:
    """有组织参加: who only studied alone counts in participation and not in organised participation."""
    lms.add({"code": "S5", "institution": "J1", "on": "2022-04-01", "theme": "自学", "mode": "self_study"}, "session")
    learn(lms, "L1", "1111", "S5")
    assert (figure(lms, "1").numerator, figure(lms, "1", "core.organised_participation").numerator) == (1, 0)


def test_a_tampered_total_and_a_row_written_behind_the_back_are_found(lms: commlms.LMS) -> None:
    """recount --check must be able to fail."""
    learn(lms, "L1", "1111")
    assert lms.recount(check=True) == []
    column = lms.metric("core.persons").numerator.column
    lms.database.execute(f'UPDATE total SET "{column}" = "{column}" + 1 WHERE place = ?', (lms.place("1111"),))
    ((_, year, named, kept, counted),) = [d for d in lms.recount(check=True) if d[2] == column]
    assert (year, named, kept - counted) == (2022, column, 1)
    lms.recount()
    assert lms.recount(check=True) == []
    lms.database.execute("DELETE FROM participation")
    assert lms.recount(check=True) != []


def test_every_explained_part_adds_up_to_its_figure(lms: commlms.LMS) -> None:
    """For every metric at every place: the rows of a part sum to its value, and who is left out has a reason."""
    for n, home in enumerate(("1111", "1111", "1112", "111", "")):
        learn(lms, f"L{n}", home, "S1" if n % 2 else "S9")
    lms.set("learner", "L0", born=dt.date(1950, 1, 1), sex="女")
    lms.add({"session": "S1", "counts": "present", "persons": 9}, "headcount")
    for code, persons in (("1111", 30), ("1112", 20)):
        residents(lms, code, persons)
    figures = lms.figures("2022", "reporting")
    for key in lms.registry.metrics:
        for place in ("1", "111", "1111", "19"):
            found = lms.explain(key, place=place, period="2022", tree="reporting")
            rows = list(found.rows())
            for part in found.parts:
                added = sum(r.adds for r in rows if r.part == part.name)
                assert part.value is None or added == part.value, (key, place, part.name)
            assert all(r.adds == 0 for r in rows if r.left_out)
            assert not any("某" in r.row for r in rows)
    assert figures.unknown_home == 1
