"""The doctor sees what is not whole, and says nothing where all is well."""

from __future__ import annotations

from pathlib import Path

from commlms import LMS
from tests.measure.city import A1, TODAY, attend, city, learners, session


def found(lms: LMS) -> list[tuple[bool, str]]:
    """What the doctor says, in English."""
    return [(f.bad, f.label.en) for f in lms.doctor()]


def test_a_whole_database_gives_no_finding() -> None:
    """Places, people and sessions as the library wrote them: nothing to say."""
    lms = city()
    learners(lms, A1, "L1")
    session(lms, "S1", A1, "2022-03-05")
    attend(lms, "S1", "L1")
    assert found(lms) == []


def test_rows_that_refer_to_nothing_are_bad() -> None:
    """A session deleted behind the library's back leaves an orphan."""
    lms = city()
    learners(lms, A1, "L1")
    session(lms, "S1", A1, "2022-03-05")
    attend(lms, "S1", "L1")
    lms.database.execute("PRAGMA foreign_keys = OFF")
    lms.database.execute("DELETE FROM session")
    ((bad, sentence),) = found(lms)
    assert bad
    assert sentence == "participation: 1 row(s) refer to a missing session, the first: learner 1, session 1"


def test_a_learner_without_any_state_is_bad() -> None:
    """Its home cannot be known, not even as unknown."""
    lms = city()
    learners(lms, A1, "L1", "L2")
    lms.database.execute("DELETE FROM learner_state WHERE owner = 1")
    assert found(lms) == [(True, "1 learner row(s) without any state")]


def test_one_code_for_two_places_on_one_day_is_bad() -> None:
    """A code names a place only together with a date; two at once is damage."""
    lms = city()
    lms.database.execute("UPDATE place_state SET code = ? WHERE owner = 8", (A1,))
    assert (True, f"code {A1} names two places on one day; give the older one an end first") in found(lms)


def test_the_totals_of_an_absent_plugin_are_told_of(tmp_path: Path) -> None:
    """They are kept up; that is no damage."""
    with city(tmp_path / "city.db"):
        pass
    with LMS(tmp_path / "city.db", without=["seniors"], today=TODAY) as lms:
        ((bad, sentence),) = found(lms)
        assert not bad
        assert "plugin seniors is not loaded; its" in sentence


def test_an_import_that_broke_off_is_told_of_until_it_was_run_again() -> None:
    """The journal's open entry is named with its file; a finished import of the same file settles it."""
    lms = city()
    sql = "INSERT INTO journal (at, actor, reason, action, record, file, state) VALUES ('', '', '', 'import', 'learner', '名册.csv', ?)"
    lms.database.execute(sql, ("open",))
    (only,) = found(lms)
    assert not only[0]
    assert "(名册.csv) did not finish" in only[1]
    lms.database.execute(sql, ("done",))
    assert found(lms) == []
