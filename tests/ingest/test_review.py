"""What only a person can decide is asked once, changes what it must, survives the same file, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commlms import LMS, CommLMSError
from commlms.ingest.review import Case, Verdict
from tests.ingest.clerk import column, csv_file, new_city
from tests.ingest.test_attendance import HEAD, HERE, THERE, came, content, done, lines, row, take, unmatched

YEAR = row("王芳", "1955")


def only(city: LMS) -> Case:
    """The one open case."""
    (case,) = city.office.open_cases()
    return case


def test_a_held_row_is_shown_beside_those_it_may_be(city: LMS, tmp_path: Path) -> None:
    """Name, birth, home and last day of both, and how many visits it is about."""
    take(city, tmp_path, row("王芳", code="L1", theme="书法", on="2022-04-20"), YEAR, row("王芳", "1955", theme="合唱", on="2022-05-02"))
    case = only(city)
    assert (case.kind, len(case.rows)) == ("held", 2)
    assert (case.asked.name, case.asked.born, case.asked.home, case.asked.seen) == ("王芳", "1955", "", "2022-05-02")
    (known,) = case.candidates
    assert (known.reference, known.born, known.home, known.seen) == ("L1", "1955-08-09", "幸福社区居民委员会", "2022-04-20")


def test_the_same_makes_it_their_visit_and_the_file_needs_no_second_decision(city: LMS, tmp_path: Path) -> None:
    """The visit gets its person, the headcount loses one, and undo gives all back."""
    take(city, tmp_path, YEAR, row("刘洋"))
    before = content(city)
    journal = city.office.decide(only(city), "same")
    assert (came(city), column(city, "headcount", "persons"), city.office.open_cases()) == (["L1"], ["1"], [])
    assert city.recount(check=True) == []
    decided = content(city)
    assert done(take(city, tmp_path, row("刘洋"), YEAR)) == {"unchanged": 2}
    assert content(city) == decided
    city.undo(city.imports()[0].id)
    city.undo(journal)
    assert (content(city), city.recount(check=True)) == (before, [])


def test_a_decision_fills_in_what_was_not_known(city: LMS, tmp_path: Path) -> None:
    """The store has a 赵一 of 1950 without a home; the row's day and home are theirs once it is decided."""
    city.add([{"code": "N1", "name": "赵一", "born": "1950"}], "learner")
    take(city, tmp_path, row("赵一", "1950-03-04", HERE, minutes="30"))
    city.office.decide(only(city), "same")
    shown = list(city.rows("learner", current=True))[-1].cells
    assert (shown["born"], shown["home"], column(city, "participation", "minutes")) == ("1950-03-04", HERE, ["30"])
    assert city.recount(check=True) == []


def test_a_held_row_whose_candidate_has_gone_is_nobody_else(city: LMS, tmp_path: Path) -> None:
    """Who it may have been was in the former list alone; a candidate that is not there cannot be chosen."""
    head = "姓名,出生日期,居住地,活动日期,活动主题"
    lists = ("赵新,1951,幸福社区,2022-03-07,读书日", "赵新,1951,,2022-03-07,读书日"), ("赵新,1951,,2022-03-07,读书日",)
    for said in lists:
        path = csv_file(tmp_path, "大渡口街道2022年3月名单,,,,", head, *said, name="大渡口街道名单.csv")
        assert [f.kind for f in city.office.take([path], fewer=True)] == ["taken"]
    (case,) = [c for c in city.office.open_cases() if c.kind == "held"]
    assert case.candidates == ()
    with pytest.raises(CommLMSError, match="no such candidate"):
        city.office.decide(case, "same")
    city.office.decide(case, "different")
    assert city.office.open_cases() == []
    assert city.recount(check=True) == []


def test_different_makes_a_new_person_who_is_not_asked_about_again(city: LMS, tmp_path: Path) -> None:
    """李雷 1970 of a village is not L3; the pair of the two learners is decided with it."""
    told = row("李雷", "1970", HERE)
    take(city, tmp_path, told)
    before = content(city)
    journal = city.office.decide(only(city), "different")
    assert (came(city), column(city, "headcount", "persons"), city.office.open_cases()) == (["李雷 19700101 19701231"], [], [])
    city.set("learner", "L3", born="1970-05-06", home=HERE)
    assert city.office.open_cases() == []
    assert done(take(city, tmp_path, told)) == {"unchanged": 1}
    for entry in (city.imports()[0].id, city.imports(every=True)[1].id, journal):
        city.undo(entry)
    assert (content(city), city.recount(check=True)) == (before, [])


def test_different_of_a_row_that_tells_too_little_leaves_an_unnamed_visit(city: LMS, tmp_path: Path) -> None:
    """Name and birth year without a home make nobody."""
    take(city, tmp_path, YEAR)
    city.office.decide(only(city), "different")
    assert (unmatched(city), came(city), city.office.open_cases()) == ([("王芳", "unnamed")], [], [])
    assert column(city, "headcount", "persons") == ["1"]
    assert done(take(city, tmp_path, YEAR)) == {"unchanged": 1}
    assert unmatched(city) == [("王芳", "unnamed")]


def test_of_several_one_is_chosen_and_two_rows_of_one_session_are_two_cases(city: LMS, tmp_path: Path) -> None:
    """Two 赵一 of one day, both there, neither with a home on the list."""
    city.add([{"code": c, "name": "赵一", "born": "1950-01-01", "home": h} for c, h in (("N1", HERE), ("N2", THERE))], "learner")
    city.different("learner", "N1", "N2")
    told = row("赵一", "1950-01-01")
    take(city, tmp_path, told, told)
    first, second = city.office.open_cases()
    assert [p.reference for p in first.candidates] == ["N1", "N2"]
    city.office.decide(first, "same", 1)
    city.office.decide(second, "same", 0)
    assert came(city) == ["N1", "N2"]
    assert done(take(city, tmp_path, told, told)) == {"unchanged": 2}
    with pytest.raises(CommLMSError):
        city.office.decide(first, "same", 1)


def test_learners_that_may_be_one_are_asked_and_decided_for_good(city: LMS) -> None:
    """One name and day at two homes; a year that fits a day at one home; never another sex, ID number or year."""
    city.add([
        {"code": "N1", "name": "赵一", "born": "1950-01-01", "home": HERE},
        {"code": "N2", "name": "赵一", "born": "1950-01-01", "home": THERE},
        {"code": "N3", "name": "赵一", "born": "1950", "home": THERE}, {"code": "N4", "name": "赵一", "born": "1951", "home": HERE},
        {"code": "N5", "name": "赵一", "born": "1951", "home": HERE, "sex": "male"},
        {"code": "N6", "name": "钱二", "born": "1951-01-01", "sex": "male"},
        {"code": "N7", "name": "钱二", "born": "1951-01-01", "sex": "female"},
    ], "learner")
    cases = city.office.open_cases()
    assert [(c.asked.reference, c.candidates[0].reference) for c in cases] == [("N1", "N2"), ("N2", "N3"), ("N4", "N5")]
    city.office.decide(cases[0], "same")
    city.office.decide(cases[1], "different")
    assert len(city.office.open_cases()) == 1
    assert city.recount(check=True) == []


def test_a_row_that_fits_two_who_are_one_is_that_one(city: LMS, tmp_path: Path) -> None:
    """What was decided of the learners decides the list."""
    city.add([{"code": c, "name": "赵一", "born": "1950-01-01", "home": h} for c, h in (("N1", HERE), ("N2", THERE))], "learner")
    told = row("赵一", "1950-01-01")
    assert done(take(city, tmp_path, told)) == {"held": 1}
    city.same("learner", "N1", "N2")
    assert [p.reference for p in only(city).candidates] == ["N1"]
    assert done(take(city, tmp_path, told)) == {"changed": 1}
    assert (came(city), unmatched(city), city.office.open_cases()) == (["N1"], [], [])


def test_an_erased_person_leaves_no_decision_behind(city: LMS, tmp_path: Path) -> None:
    """The row that was decided to be theirs goes with them."""
    take(city, tmp_path, YEAR)
    city.office.decide(only(city), "same")
    city.people.erase("L1")
    assert (unmatched(city), came(city), city.recount(check=True)) == ([], [], [])
    kept = city.database.execute("SELECT old FROM journal_old WHERE \"table\" = 'unmatched'").fetchall()
    assert kept == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines, min_size=1, max_size=6), st.lists(st.sampled_from(["same", "different"]), min_size=4, max_size=4))
def test_decisions_taken_back_leave_what_was(tmp_path: Path, rows: list[str], verdicts: list[str]) -> None:
    """Whatever is decided: the same file changes nothing afterwards, a recount agrees, and undo restores the former content."""
    with new_city() as city:
        take(city, tmp_path, *rows)
        before, journals = content(city), []
        for verdict in verdicts:
            held = [c for c in city.office.open_cases() if c.kind == "held"]
            if held:
                journals.append(city.office.decide(held[0], verdict if held[0].candidates else "different"))  # type: ignore[arg-type]  # a verdict
                assert city.recount(check=True) == []
        decided = content(city)
        take(city, tmp_path, *rows)
        assert content(city) == decided
        city.undo(city.imports()[0].id)
        for journal in reversed(journals):
            city.undo(journal)
            assert city.recount(check=True) == []
        assert content(city) == before


def test_whoever_is_not_known_can_be_removed_by_hand(city: LMS, tmp_path: Path) -> None:
    """The headcount of those who are not known follows, and so does taking it back."""
    take(city, tmp_path, row("刘洋"), row("张三"))
    before = content(city)
    journal = city.remove("unmatched", next(city.rows("unmatched")).reference)
    assert (unmatched(city), column(city, "headcount", "persons")) == ([("张三", "unnamed")], ["1"])
    city.undo(journal)
    assert (content(city), city.recount(check=True)) == (before, [])


def signed(folder: Path, name: str, *people: str) -> Path:
    """A street's sign-in table of one activity, as a file."""
    lines = ("大渡口街道2022年4月签到表", HEAD, *(row(*p.split()) for p in people))
    return csv_file(folder, *lines, name=name)


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_a_decision_stays_with_a_delivery_that_says_the_row_again_and_goes_without_it(city: LMS, tmp_path: Path, verdict: Verdict) -> None:
    """Five came; one was held and is decided. Sent again with and without that row, and taken back."""
    others = ["李雷 1970-05-06", "赵一 1950-01-01", "钱二 1950-01-01", "孙三 1950-01-01"]
    held = f"李雷 1970 {HERE}"
    (fate,) = city.office.take([signed(tmp_path, "签到.csv", *others[1:], held, "周四 1950-01-01")])
    assert (fate.counts["held"], fate.counts["new"]) == (1, 4)
    city.office.decide(only(city), verdict)
    decided = content(city)
    (fate,) = city.office.take([signed(tmp_path, "签到（重报）.csv", *others[1:], held, "吴五 1950-01-01")])
    assert (fate.kind, {n: c for n, c in fate.counts.items() if c}) == ("taken", {"read": 5, "new": 1, "unchanged": 4})
    assert city.office.open_cases() == []
    assert ("L3" in came(city)) is (verdict == "same")
    (fate,) = city.office.take([signed(tmp_path, "签到（再报）.csv", *others[1:], "吴五 1950-01-01", "郑六 1950-01-01")])
    assert fate.kind == "taken"
    assert not {"L3", "李雷 19700101 19701231"} & set(came(city))
    assert (unmatched(city), city.recount(check=True)) == ([], [])
    for entry in [e.id for e in city.imports()][:2]:
        city.undo(entry)
        assert city.recount(check=True) == []
    assert content(city) == decided


def test_a_lecture_that_two_senders_report_is_a_case(city: LMS, tmp_path: Path) -> None:
    """Two schools, one day, one theme, one person who signed both lists."""
    city.add([{"code": "JG2", "name": "清香坪社区学校", "place": "510403001"}], "institution")
    head = "活动日期,活动主题,姓名,出生日期"
    for street, name in (("大渡口街道", "王芳,1955-08-09"), ("清香坪街道", "王芳,1955-08-09")):
        city.office.take([csv_file(tmp_path, f"{street}2022年4月签到表", head, f"2022-04-07,防汛讲座,{name}", name=f"{street}.csv")])
    case = only(city)
    told = (case.kind, case.asked.name, case.asked.home, case.candidates[0].home)
    assert told == ("session", "防汛讲座", "大渡口社区学校", "清香坪社区学校")
    city.office.decide(case, "same")
    assert (city.office.open_cases(), city.recount(check=True)) == ([], [])
