"""A person's rights: everything held can be exported; erasure leaves the figures of the past and not one row."""

import datetime as dt
from pathlib import Path

import pytest

import commlms

TODAY = dt.date(2023, 6, 30)
SECRET = "王不留名"


def filled(path: Path, **options: object) -> commlms.LMS:
    """A village of 4 residents; two learners at one session of 2022, where 5 were present."""
    lms = commlms.LMS(path, today=TODAY, lang="en", keys=[b"k" * 32], **options)  # type: ignore[arg-type]  # options of LMS
    lms.add(
        [{"code": "1", "name": "云岭市", "level": "city"}, {"code": "11", "name": "桥头村", "level": "village", "parent": "1"}], "place"
    )
    lms.add({"place": "11", "on": "2020-11-01", "basis": "permanent", "persons": 4, "nature": "census"}, "residents")
    lms.add({"code": "J1", "name": "学习中心", "place": "11"}, "institution")
    lms.add({"code": "S1", "institution": "J1", "on": "2022-03-05", "theme": "讲座", "minutes": 60}, "session")
    lms.add({"session": "S1", "counts": "present", "persons": 5}, "headcount")
    lms.add([{"code": "L1", "name": SECRET, "born": "1950-01-02", "home": "11"}, {"code": "L2", "name": "李强", "home": "11"}], "learner")
    lms.add([{"learner": "L1", "session": "S1"}, {"learner": "L2", "session": "S1"}], "participation")
    lms.add({"learner": "L1", "group": "left_behind", "since": "2021-01-01", "evidence": SECRET + "的证明"}, "standing")
    lms.add({"learner": "L1", "grade": "高级", "since": "2021-01-01"}, "farmers.certificate")
    lms.set("learner", "L1", born=dt.date(1951, 1, 2))
    return lms


def figures(lms: commlms.LMS) -> list[int | None]:
    """Persons, visits, minutes, seniors, unnamed visits of the city in 2022."""
    found = lms.figures("2022")
    keys = ("core.persons", "core.visits", "core.minutes", "seniors.persons", "core.unnamed_visits")
    return [found.figure(lms.metric(k), lms.place("1")).numerator for k in keys]


def test_an_export_holds_every_record_about_the_person(tmp_path: Path) -> None:
    with filled(tmp_path / "c.db") as lms:
        held = lms.people.export("L1")
        assert set(held) == {"learner", "participation", "standing", "farmers.certificate"}
        assert held["learner"][0]["name"] == SECRET


def test_erasure_leaves_the_years_figures_and_recount_knows(tmp_path: Path) -> None:
    """2 persons, 2 visits, 120 minutes, 1 senior, 5 - 2 = 3 unnamed visits: before and after."""
    with filled(tmp_path / "c.db") as lms:
        assert figures(lms) == [2, 2, 120, 1, 3]
        erased = lms.people.erase("L1")
        assert erased == {"participation": 1, "standing": 1, "farmers_certificate": 1, "learner_state": 1, "learner": 1}
        assert figures(lms) == [2, 2, 120, 1, 3]
        assert lms.recount(check=True) == []
        lms.recount()
        assert figures(lms) == [2, 2, 120, 1, 3]


def test_not_a_byte_of_the_erased_is_left_in_the_file(tmp_path: Path) -> None:
    """Names, evidence and old values are gone from tables, journal and free pages."""
    path = tmp_path / "c.db"
    with filled(path) as lms:
        lms.people.erase("L1")
    for file in tmp_path.iterdir():
        assert SECRET.encode() not in file.read_bytes(), file.name


def test_not_a_byte_of_anyone_found_to_be_the_same_person_is_left(tmp_path: Path) -> None:
    """Three learners that are one: erasing any of them erases all, with the decisions, also those that were taken back."""
    path = tmp_path / "c.db"
    with filled(path) as lms:
        lms.add([{"code": c, "name": SECRET + c, "home": "11"} for c in ("L8", "L9")], "learner")
        lms.add({"learner": "L8", "session": "S1"}, "participation")
        for code in ("L8", "L9"):
            lms.same("learner", "L1", code)
        lms.undo(lms.different("learner", "L1", "L9"))
        lms.different("learner", "L9", "L2")
        before = figures(lms)
        assert before == [2, 2, 120, 1, 3]
        assert {key: len(rows) for key, rows in lms.people.export("L9").items() if key.startswith("same")} == {"same_learner": 3}
        lms.people.erase("L8")
        assert figures(lms) == before
        assert lms.recount(check=True) == []
        assert [r.reference for r in lms.rows("learner")] == ["L2"]
        assert list(lms.rows("same_learner")) == []
        assert not lms.database.one("SELECT EXISTS (SELECT 1 FROM journal_old WHERE \"table\" = 'same_learner')")
    for file in tmp_path.iterdir():
        assert SECRET.encode() not in file.read_bytes(), file.name


def test_rows_of_an_absent_plugin_are_erased_too(tmp_path: Path) -> None:
    with filled(tmp_path / "c.db"):
        pass
    with commlms.LMS(tmp_path / "c.db", today=TODAY, without=["farmers"], keys=[b"k" * 32], lang="en") as lms:
        assert lms.people.erase("L1")["farmers_certificate"] == 1
        assert lms.recount(check=True) == []
    with commlms.LMS(tmp_path / "c.db", today=TODAY, keys=[b"k" * 32], lang="en") as lms:
        assert list(lms.rows("farmers.certificate")) == []
        assert figures(lms) == [2, 2, 120, 1, 3]


def test_writing_goes_on_after_an_erasure(tmp_path: Path) -> None:
    """A third person comes: 3 persons, and a recount still agrees."""
    with filled(tmp_path / "c.db") as lms:
        lms.people.erase("L1")
        lms.add({"code": "L3", "name": "孙七", "home": "11"}, "learner")
        lms.check_in("L3", "S1")
        assert figures(lms)[:2] == [3, 3]
        assert lms.recount(check=True) == []


def test_a_person_entered_under_an_older_key_is_found_after_a_rotation(tmp_path: Path) -> None:
    """The same ID number again, under two keys: one person; under a stranger's key: refused."""
    number = {"name": "周八", "id_number": "990000195001020018"}
    number["id_number"] = valid_id("99000019500102001")
    with commlms.LMS(tmp_path / "c.db", today=TODAY, keys=[b"a" * 32], lang="en") as lms:
        assert lms.add(number, "learner").new == 1
    with commlms.LMS(tmp_path / "c.db", today=TODAY, keys=[b"b" * 32, b"a" * 32], lang="en") as lms:
        assert lms.add(number, "learner").unchanged == 1
    with commlms.LMS(tmp_path / "c.db", today=TODAY, keys=[b"c" * 32], lang="en") as lms, pytest.raises(commlms.StoreError):
        lms.add(number, "learner")


def test_an_id_number_is_nowhere_in_the_file(tmp_path: Path) -> None:
    number = valid_id("99000019500102001")
    with commlms.LMS(tmp_path / "c.db", today=TODAY, keys=[b"a" * 32], lang="en") as lms:
        lms.add({"code": "L1", "name": "周八", "id_number": number}, "learner")
        assert next(lms.rows("learner")).cells["id_number"] == f"990{'*' * 14}{number[-1]}"
    for file in tmp_path.iterdir():
        assert number.encode() not in file.read_bytes()


def valid_id(first17: str) -> str:
    """The 17 digits with their check digit (GB 11643), worked out here on its own."""
    total = sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(first17))
    return first17 + "10X98765432"[total % 11]


def test_the_visits_of_the_erased_stay_with_the_session_without_a_name(tmp_path: Path) -> None:
    """5 present, 2 named, 1 erased: 3 unnamed; corrected to 2 present: none, and never less than none."""
    with filled(tmp_path / "c.db") as lms:
        lms.people.erase("L1")
        reference = next(lms.rows("headcount")).reference
        lms.set("headcount", reference, persons=2)
        assert figures(lms)[4] == 0
        lms.set("headcount", reference, persons=7)
        assert figures(lms)[4] == 5
        assert lms.recount(check=True) == []


def test_an_explanation_adds_up_after_an_erasure(tmp_path: Path) -> None:
    """One row says what is kept of the erased."""
    with filled(tmp_path / "c.db") as lms:
        lms.people.erase("L1")
        rows = [r for r in lms.explain("core.persons", place="1", period="2022").rows() if r.part == "numerator"]
        assert sorted((r.row, r.adds) for r in rows) == [("P000001", 1), ("erased", 1)]


def test_neither_an_erasure_nor_a_write_with_erased_rows_is_taken_back(tmp_path: Path) -> None:
    with filled(tmp_path / "c.db") as lms:
        wrote = lms.database.execute("SELECT journal FROM learner WHERE code = 'L1'").fetchone()[0]
        lms.people.erase("L1")
        erasure = lms.database.execute("SELECT id FROM journal WHERE action = 'erase'").fetchone()[0]
        for journal in (wrote, erasure):
            with pytest.raises(commlms.UndoRefused, match="at a person's request"):
                lms.undo(journal)
        assert figures(lms) == [2, 2, 120, 1, 3]
