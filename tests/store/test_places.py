"""Places stay a tree, and a code names one place on one day, whatever is written."""

import datetime as dt
from typing import Any

import pytest

import commlms
from commlms import CommLMSError

TODAY = dt.date(2023, 6, 30)


@pytest.fixture
def lms() -> Any:
    with commlms.LMS(today=TODAY, lang="en", keys=[]) as made:
        made.add(
            [
                {"code": "1", "name": "市", "level": "city"},
                {"code": "11", "name": "县", "level": "county", "parent": "1"},
                {"code": "111", "name": "甲", "level": "village", "parent": "11"},
                {"code": "112", "name": "乙", "level": "village", "parent": "11"},
            ],
            "place",
        )
        yield made


def codes(lms: commlms.LMS) -> list[tuple[str, str, str]]:
    """Code, since and parent of every state."""
    return sorted((r.cells["code"], r.cells["since"], r.cells["parent"]) for r in lms.rows("place"))


def test_a_correction_that_puts_a_place_below_itself_is_refused(lms: commlms.LMS) -> None:
    before = codes(lms)
    for changes in ({"parent": "111"}, {"reports_to": "111"}):
        with pytest.raises(CommLMSError, match="stands below itself"):
            lms.set("place", "11", **changes)
    assert codes(lms) == before
    assert [f for f in lms.doctor() if f.bad] == []


def test_a_reporting_line_that_closes_a_circle_with_the_parents_is_refused(lms: commlms.LMS) -> None:
    with pytest.raises(CommLMSError, match="stands below itself"):
        lms.add({"code": "11", "name": "县", "level": "county", "reports_to": "111"}, "place")


def test_two_places_never_share_a_code_on_one_day(lms: commlms.LMS) -> None:
    """By a correction, or by a merger written as a re-coding."""
    with pytest.raises(CommLMSError, match="names two places on one day"):
        lms.set("place", "111", code="112")
    with pytest.raises(CommLMSError):
        lms.add({"code": "112", "former": "111", "name": "乙", "level": "village", "parent": "11", "since": "2022-01-01"}, "place")


def test_a_code_used_again_names_another_place(lms: commlms.LMS) -> None:
    """111 becomes 119 in 2015; a new village takes 111 in 2020: two places, each with its time."""
    lms.add({"code": "119", "former": "111", "name": "甲", "level": "village", "since": "2015-01-01"}, "place")
    assert lms.add({"code": "111", "name": "丙", "level": "village", "parent": "11", "since": "2020-01-01"}, "place").new == 1
    assert lms.place("111", 20140101) == lms.place("119", 20200101)
    assert lms.place("111", 20200101) != lms.place("119", 20200101)


def test_a_parent_whose_row_begins_later_is_not_lost(lms: commlms.LMS) -> None:
    lms.add([
        {"code": "9", "name": "新市", "level": "city", "since": "2021-01-01"},
        {"code": "91", "name": "旧县", "level": "county", "parent": "9", "since": "2000-01-01"},
    ], "place")
    assert ("91", "2000-01-01", "9") in codes(lms)


def test_places_that_have_ended_or_not_begun_are_in_no_tree_and_change_no_past_year(lms: commlms.LMS) -> None:
    """甲 (10) and 乙 (5) end in 2021, 丙 (15) begins: 2020 keeps 15 residents in 2 villages, 2022 has 15 in 1."""
    lms.add(
        [{"place": p, "on": "2020-11-01", "basis": "permanent", "persons": n, "nature": "census"} for p, n in (("111", 10), ("112", 5))],
        "residents",
    )
    lms.add({"code": "J", "name": "校", "place": "111"}, "institution")
    lms.add({"code": "L1", "name": "某", "home": "111"}, "learner")
    lms.add({"code": "S", "institution": "J", "on": "2022-03-05", "theme": "讲座"}, "session")
    lms.check_in("L1", "S")
    lms.add(
        [
            {"code": "111", "name": "甲", "level": "village", "until": "2021-07-01"},
            {"code": "112", "name": "乙", "level": "village", "until": "2021-07-01"},
            {"code": "113", "name": "丙", "level": "village", "parent": "11", "since": "2021-07-01"},
        ],
        "place",
    )
    lms.add({"place": "113", "on": "2021-12-31", "basis": "permanent", "persons": 15, "nature": "register"}, "residents")
    for year, villages in (("2020", 2), ("2022", 1)):
        figures = lms.figures(year)
        rate = figures.figure(lms.metric("core.participation"), lms.place("11"))
        reach = figures.figure(lms.metric("core.village_coverage"), lms.place("11"))
        assert (rate.denominator, reach.denominator) == (15, villages), year
    assert lms.figures("2022").figure(lms.metric("core.persons"), lms.place("11")).numerator == 1


def test_a_code_taken_up_after_a_gap_is_another_place_and_the_first_keeps_its_end(lms: commlms.LMS) -> None:
    lms.add({"code": "111", "name": "甲", "level": "village", "until": "2015-01-01"}, "place")
    lms.add({"code": "111", "name": "甲", "level": "village", "parent": "11", "since": "2020-01-01"}, "place")
    ends = sorted((r.cells["since"], r.cells["until"]) for r in lms.rows("place") if r.cells["code"] == "111")
    assert ends == [("", "2015-01-01"), ("2020-01-01", "")]


@pytest.mark.parametrize("period", ["2022-13", "2022-00", "2022-24", "2022..2020"])
def test_a_period_that_does_not_exist_is_refused(lms: commlms.LMS, period: str) -> None:
    with pytest.raises(commlms.UnknownName):
        lms.figures(period)


def test_a_mistyped_year_is_one_wrong_row(lms: commlms.LMS) -> None:
    """0222 is named with its row; nothing else is blamed."""
    lms.add({"code": "J", "name": "校", "place": "111"}, "institution")
    with pytest.raises(commlms.RowsRefused) as refused:
        lms.add({"institution": "J", "on": "0222-03-05", "theme": "讲座"}, "session")
    assert [p.code for p in refused.value.problems] == ["date_too_early"]  # type: ignore[attr-defined]  # problems of rows


def test_undoing_two_states_of_one_learner_gives_the_one_before(lms: commlms.LMS) -> None:
    lms.add({"code": "L1", "name": "某", "home": "111"}, "learner")
    before = lms.database.execute("SELECT * FROM learner_state").fetchall()
    moves = [{"code": "L1", "name": "某", "home": h, "since": d} for h, d in (("112", "2021-05-01"), ("111", "2022-05-01"))]
    done = lms.add(moves, "learner")
    assert done.journal is not None
    lms.undo(done.journal)
    assert lms.database.execute("SELECT * FROM learner_state").fetchall() == before


def test_a_roster_without_a_date_never_rewrites_a_move(lms: commlms.LMS) -> None:
    """The old home with the new occupation is a conflict, not a change of the latest state."""
    lms.add({"code": "L1", "name": "某", "home": "111", "occupation": "farmer"}, "learner")
    lms.add({"code": "L1", "name": "某", "home": "112", "occupation": "retired", "since": "2022-01-01"}, "learner")
    with pytest.raises(commlms.RowsRefused):
        lms.add({"code": "L1", "name": "某", "home": "111", "occupation": "retired"}, "learner")
    assert lms.add({"code": "L1", "name": "某", "home": "111", "occupation": "farmer"}, "learner").unchanged == 1
    assert lms.add({"code": "L1", "name": "某", "home": "112", "hukou": "local_rural"}, "learner").changed == 1


def test_a_sign_in_with_another_home_is_not_credited_to_a_namesake(lms: commlms.LMS, tmp_path: Any) -> None:
    """王芳 of 甲 is stored; a 王芳 of the same birth date from 乙 is somebody else."""
    lms.add({"code": "J", "name": "校", "place": "111"}, "institution")
    lms.add({"code": "S", "institution": "J", "on": "2022-03-05", "theme": "讲座"}, "session")
    lms.add({"code": "L1", "name": "王芳", "born": "1955-08-09", "home": "111"}, "learner")
    path = tmp_path / "came.csv"
    path.write_text("姓名,出生日期,居住地,场次编号\n王芳,1955-08-09,112,S\n王芳,1955-08-09,111,S\n", encoding="utf-8")
    result = lms.import_file("participation", path)
    assert ([p.code for p in result.problems], result.new) == (["unknown_learner"], 1)
