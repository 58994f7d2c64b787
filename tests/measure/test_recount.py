"""A recount finds what is wrong, mends it on demand, and changes nothing when it only checks."""

from __future__ import annotations

from commlms import LMS
from tests.measure.city import A1, B1, attend, city, content, headcount, learners, numbers, session


def filled() -> LMS:
    """Two learners at one session with ten people present."""
    lms = city()
    learners(lms, A1, "L1")
    learners(lms, B1, "L2")
    session(lms, "S1", A1, "2022-03-05", minutes=60)
    attend(lms, "S1", "L1", "L2")
    headcount(lms, "S1", "present", 10)
    return lms


def test_a_total_that_was_tampered_with_is_found_and_mended() -> None:
    """One more person at one place: the check names place, year, both numbers; a recount puts it right."""
    lms = filled()
    column = lms.metric("core.persons").numerator.column
    lms.database.execute(f'UPDATE total SET "{column}" = 2 WHERE place = ? AND year = 2022', (lms.place(A1),))
    wrong = [(lms.place(A1), 2022, column, 2, 1)]
    assert lms.recount(check=True) == wrong
    assert lms.recount(check=True) == wrong
    assert lms.recount() == wrong
    assert lms.recount(check=True) == []


def test_a_total_that_was_deleted_or_invented_is_found() -> None:
    """A missing row and a row for a year without sessions both differ."""
    lms = filled()
    lms.database.execute("DELETE FROM total WHERE place = ?", (lms.place(B1),))
    assert {(place, kept) for place, _, _, kept, _ in lms.recount(check=True)} == {(lms.place(B1), 0)}
    lms.recount()
    column = lms.metric("core.persons").numerator.column
    lms.database.execute(f'INSERT INTO total (place, year, "{column}") VALUES (1, 2019, 5)')
    assert lms.recount(check=True) == [(1, 2019, column, 5, 0)]


def test_a_participation_written_behind_the_librarys_back_is_found() -> None:
    """A row without a pending note: the persons of its place differ."""
    lms = filled()
    learners(lms, A1, "L3")
    lms.database.execute("INSERT INTO participation (learner, session, journal) VALUES (3, 1, 1)")
    column = lms.metric("core.persons").numerator.column
    assert (lms.place(A1), 2022, column, 1, 2) in lms.recount(check=True)


def test_a_rebuild_gives_the_very_content_that_was_kept_by_difference() -> None:
    """Totals kept write by write equal those built at once, to the last row."""
    lms = filled()
    lms.set("learner", "L1", home=B1)
    lms.remove("participation", "L2/S1")
    lms.check_in("L2", "S1", 15)
    before = content(lms)
    assert lms.recount() == []
    assert content(lms) == before


def test_a_check_in_is_seen_by_the_next_read_and_only_noted_before() -> None:
    """One pending row until a figure is asked for; then none, and the person counts."""
    lms = city()
    learners(lms, A1, "L1")
    session(lms, "S1", A1, "2022-03-05", minutes=60)
    lms.check_in("L1", "S1")
    assert lms.database.one("SELECT COUNT(*) FROM pending") == 1
    assert numbers(lms, "core.minutes", "2022", A1) == (60, None, None)
    assert lms.database.one("SELECT COUNT(*) FROM pending") == 0
    assert lms.check_in("L1", "S1") == 0
