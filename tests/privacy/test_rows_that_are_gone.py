"""Personal data that is no learner's row: visits of nobody known, and what the journal keeps of rows that are gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlms import LMS, CommLMSError, OfficeKey, UndoRefused, UnknownName
from commlms.cli.main import main

SECRET = "尉迟留白"
HEAD = "河口社区2022年5月合唱签到表\n活动日期,姓名,性别,出生日期,居住地"


@pytest.fixture
def lms(tmp_path: Path) -> LMS:
    """A village with one institution, and a key."""
    OfficeKey(tmp_path / "office.key").new()
    lms = LMS(tmp_path / "city.db", keys=OfficeKey(tmp_path / "office.key").read(), lang="en")
    lms.add([
        {"code": "1", "name": "云岭市", "level": "city"}, {"code": "11", "name": "河口社区", "level": "village", "parent": "1"},
    ], "place")
    lms.add({"code": "J1", "name": "河口社区学习点", "place": "11"}, "institution")
    return lms


def take(lms: LMS, folder: Path, name: str, *rows: str) -> int:
    """Take a sign-in list; gives the write."""
    (folder / name).write_text("\n".join((HEAD, *rows)) + "\n", encoding="utf-8")
    (fate,) = lms.office.take([folder / name], fewer=True)
    assert fate.journal is not None
    return fate.journal


def bytes_with(folder: Path, text: str) -> list[str]:
    """The database's files in which a text stands."""
    return sorted(p.name for p in folder.glob("city.db*") if p.is_file() and text.encode() in p.read_bytes())


def visits(lms: LMS) -> int | None:
    """Unnamed visits of the city in 2022."""
    return lms.figures("2022").figure(lms.metric("core.unnamed_visits"), lms.place("1")).numerator


def test_what_a_list_said_before_it_was_known_who_came_goes_with_the_person(lms: LMS, tmp_path: Path) -> None:
    """A name alone; the list comes again with a birth date and home, which replaces it; then the person is erased."""
    take(lms, tmp_path, "a.csv", f"2022-05-06,{SECRET},,,", "2022-05-06,王芳,女,1950-01-02,")
    later = take(lms, tmp_path, "a（重报）.csv", f"2022-05-06,{SECRET},女,1955-03-07,河口社区", "2022-05-06,王芳,女,1950-01-02,")
    assert list(lms.rows("unmatched")) == []
    (known,) = [r.reference for r in lms.rows("learner") if r.cells["name"] == SECRET]
    lms.people.erase(known)
    assert lms.recount(check=True) == []
    with pytest.raises(UndoRefused, match="erased at a person's request"):
        lms.undo(later)
    lms.close()
    assert bytes_with(tmp_path, SECRET) == []


def test_the_name_of_a_visit_is_erased_and_the_visit_still_counts(lms: LMS, tmp_path: Path) -> None:
    """Two of the three who came unnamed are erased: three stay counted, one keeps its name, and not a byte of the others is left."""
    taken = take(lms, tmp_path, "a.csv", f"2022-05-06,{SECRET},,,", f"2022-05-06,{SECRET},女,,", "2022-05-06,王芳,,,")
    assert visits(lms) == 3
    for row in [r.reference for r in lms.rows("unmatched") if r.cells["name"] == SECRET]:
        lms.set("unmatched", row, minutes=30)
        lms.people.erase_visit(row)
    assert visits(lms) == 3
    assert lms.recount(check=True) == []
    assert [(r.cells["name"], r.cells["turn"], r.cells["sex"]) for r in lms.rows("unmatched")] == [
        ("×", "1", ""), ("×", "2", ""), ("王芳", "1", ""),
    ]
    with pytest.raises(UndoRefused, match="erased at a person's request"):
        lms.undo(taken)
    lms.close()
    assert bytes_with(tmp_path, SECRET) == []


def test_a_later_list_still_replaces_a_visit_without_its_name(lms: LMS, tmp_path: Path) -> None:
    take(lms, tmp_path, "a.csv", f"2022-05-06,{SECRET},,,", "2022-05-06,王芳,,,")
    lms.people.erase_visit(next(r.reference for r in lms.rows("unmatched") if r.cells["name"] == SECRET))
    take(lms, tmp_path, "a（重报）.csv", "2022-05-06,王芳,,,")
    assert ([r.cells["name"] for r in lms.rows("unmatched")], visits(lms), lms.recount(check=True)) == (["王芳"], 1, [])


def test_a_decided_visit_is_erased_with_the_learner_it_was_decided_to_be(lms: LMS, tmp_path: Path) -> None:
    lms.add({"code": "L1", "name": SECRET, "born": "1955-03-07", "home": "11"}, "learner")
    take(lms, tmp_path, "a.csv", f"2022-05-06,{SECRET},,1955,")
    (case,) = lms.office.open_cases()
    lms.office.decide(case, "same")
    (row,) = lms.rows("unmatched")
    with pytest.raises(CommLMSError, match="erase that learner"):
        lms.people.erase_visit(row.reference)
    lms.people.erase("L1")
    lms.close()
    assert bytes_with(tmp_path, SECRET) == []


def test_an_erasure_says_how_many_visits_bear_the_name_and_how_to_erase_it(
    lms: LMS, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(tmp_path / "office.key"))
    lms.add({"code": "L1", "name": SECRET, "home": "11"}, "learner")
    take(lms, tmp_path, "a.csv", f"2022-05-06,{SECRET},,,")
    (row,) = lms.rows("unmatched")
    lms.close()

    def typed(*words: str) -> str:
        with pytest.raises(SystemExit) as end:
            main(["--db", str(tmp_path / "city.db"), "--lang", "en", *words])
        out, err = capsys.readouterr()
        assert (end.value.code, SECRET in out + err) == (0, False)
        return out

    assert "1 visit(s) of nobody known bear this name" in typed("person", "erase", "L1", "--yes")
    assert bytes_with(tmp_path, SECRET) == ["city.db"]
    assert "it still counts" in typed("person", "erase", "--unmatched", row.reference, "--yes")
    assert bytes_with(tmp_path, SECRET) == []


@pytest.mark.parametrize("by_code", [True, False])
def test_a_person_whose_learner_was_removed_is_erased_from_the_journal(lms: LMS, tmp_path: Path, by_code: bool) -> None:
    lms.add({"code": "L1", "name": SECRET, "born": "1955-03-07", "home": "11"}, "learner")
    lms.set("learner", "L1", occupation=SECRET + "铺")
    (row,) = lms.rows("learner")
    reference = "L1" if by_code else f"#1.{lms.database.uid}"
    removed = lms.remove("learner", row.reference)
    lms.people.erase(reference)
    with pytest.raises(UndoRefused, match="erased at a person's request"):
        lms.undo(removed)
    with pytest.raises(UnknownName):
        lms.people.erase(reference)
    assert lms.recount(check=True) == []
    lms.close()
    assert bytes_with(tmp_path, SECRET) == []


def test_a_person_whom_a_later_list_no_longer_names_is_erased_from_the_journal(lms: LMS, tmp_path: Path) -> None:
    take(lms, tmp_path, "a.csv", f"2022-05-06,{SECRET},女,1955-03-07,河口社区", "2022-05-06,王芳,女,1950-01-02,")
    (reference,) = [r.reference for r in lms.rows("learner") if r.cells["name"] == SECRET]
    take(lms, tmp_path, "a（重报）.csv", "2022-05-06,王芳,女,1950-01-02,")
    assert [r.cells["name"] for r in lms.rows("learner")] == ["王芳"]
    lms.people.erase(reference)
    assert lms.recount(check=True) == []
    lms.close()
    assert bytes_with(tmp_path, SECRET) == []
