"""What erased people still count at cannot be taken away unseen, and is never given to another row."""

from pathlib import Path

import pytest

from commlms import LMS, CommLMSError, UndoRefused
from tests.measure.city import A1, COUNTY, STREET, TODAY, attend, city, headcount, learners, numbers, session


def village(lms: LMS, code: str) -> int:
    """Add a village of the street; gives the write."""
    made = lms.add([{"code": code, "name": "新村" + code, "level": "village", "parent": STREET}], "place").journal
    assert made
    return made


def test_a_session_that_erased_people_came_to_is_not_undone() -> None:
    """Its number would be the next session's: one that nobody erased came to has 5 unnamed of 5 present, not 4."""
    lms = city()
    made = lms.add([{"code": "S1", "institution": f"I-{A1}", "on": "2022-03-05", "theme": "讲座"}], "session").journal
    assert made
    learners(lms, A1, "L1")
    attend(lms, "S1", "L1")
    lms.people.erase("L1")
    with pytest.raises(UndoRefused, match="still count"):
        lms.undo(made)
    lms.remove("session", "S1")
    session(lms, "S2", A1, "2022-04-05")
    headcount(lms, "S2", "present", 5)
    assert numbers(lms, "core.unnamed_visits", "2022", A1)[0] == 5
    assert lms.recount(check=True) == []


def test_a_place_where_erased_people_lived_is_neither_undone_nor_removed() -> None:
    """Their person of 2022 stays in the county's figure, and does not turn up at the next place that is made."""
    lms = city()
    code = STREET + "777"
    made = village(lms, code)
    session(lms, "S1", A1, "2022-03-05")
    learners(lms, code, "L1")
    attend(lms, "S1", "L1")
    lms.people.erase("L1")
    with pytest.raises(UndoRefused, match="still count"):
        lms.undo(made)
    with pytest.raises(CommLMSError, match="still count"):
        lms.remove("place", code)
    village(lms, STREET + "778")
    assert [numbers(lms, "core.persons", "2022", p)[0] for p in (COUNTY, code, STREET + "778")] == [1, 1, 0]
    assert lms.recount(check=True) == []


def test_rows_of_a_plugin_that_another_program_loaded_since_are_exported_and_erased(tmp_path: Path) -> None:
    """The certificate was written by a program whose plugin this one, open all the while, does not know."""
    with city(tmp_path / "city.db", without=["farmers"]) as early, LMS(tmp_path / "city.db", today=TODAY) as late:
        learners(early, A1, "L1")
        late.add([{"learner__code": "L1", "since": "2021-01-01", "grade": "高级"}], "farmers.certificate")
        assert list(early.people.export("L1")) == ["farmers.certificate", "learner"]
        assert early.people.erase("L1")["farmers_certificate"] == 1


def test_the_number_of_an_erased_or_undone_person_is_not_given_to_another() -> None:
    """An import in another process, or a publication, may still mean the one who is gone."""
    lms = city()
    numbers_given = []
    for code in ("L1", "L2", "L3"):
        made = lms.add([{"code": code, "name": f"学员{code}"}], "learner").journal
        assert made
        numbers_given.append(lms.database.one("SELECT id FROM learner WHERE code = ?", (code,)))
        if code == "L1":
            lms.people.erase(code)
        else:
            lms.undo(made)
    assert numbers_given == [1, 2, 3]
