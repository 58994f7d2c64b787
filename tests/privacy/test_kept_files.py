"""What files say of a person: listed when the person asks, named when the person is erased, gone when they are purged."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlms import LMS, OfficeKey
from commlms.cli.main import main
from tests.measure.city import A1, STREET, TODAY, attend, city, learners, session
from tests.measure.delivered import deliver, number


@pytest.fixture
def lms(tmp_path: Path) -> LMS:
    """L1 and L2 at a session; a sign-in sheet says so, and an earlier one that it replaced said so of L1. A third file is of L2 only."""
    OfficeKey(tmp_path / "office.key").new()
    lms = city(tmp_path / "city.db", keys=OfficeKey(tmp_path / "office.key").read())
    learners(lms, A1, "L1", "L2")
    session(lms, "S1", A1, "2022-03-05")
    attend(lms, "S1", "L1", "L2")
    one, two, march = number(lms, "learner", "L1"), number(lms, "learner", "L2"), number(lms, "session", "S1")
    kept = [lms.archive.keep(name.encode(), name, lms.place(STREET), "sign_in") for name in ("旧.xlsx", "新.xlsx", "别.xlsx")]
    former = deliver(lms, "旧.xlsx", "签到", {"participation": [(one, march, "B9")]}, kept[0])
    said = {"learner": [(one, 0, "B4"), (two, 0, "B5")], "participation": [(one, march, "B4"), (two, march, "B5")]}
    later = deliver(lms, "新.xlsx", "签到", said, kept[1])
    deliver(lms, "别.xlsx", "签到", {"participation": [(two, march, "C7")]}, kept[2])
    lms.database.execute("UPDATE delivery SET replaced_by = ? WHERE id = ?", (later, former))
    return lms


def test_an_export_lists_the_cells_that_hold_the_person(lms: LMS) -> None:
    """Of the live deliveries; a person whom no file names has no such list."""
    cell = {"file": "新.xlsx", "sheet": "签到", "cell": "B4", "archive": "2"}
    assert lms.people.export("L1")["sources"] == [{"record": "participation", **cell}, {"record": "learner", **cell}]
    learners(lms, A1, "L3")
    assert "sources" not in lms.people.export("L3")


def test_an_erasure_leaves_no_note_of_the_person_and_those_of_others_stay(lms: LMS) -> None:
    lms.people.erase("L1")
    left = lms.database.execute('SELECT "table", k1, cell FROM delivered ORDER BY cell, "table"').fetchall()
    two = number(lms, "learner", "L2")
    assert left == [("learner", two, "B5"), ("participation", two, "B5"), ("participation", two, "C7")]


def test_an_erasure_names_the_kept_files_that_still_hold_the_person(
    lms: LMS, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The replaced one too, each with the day until which it is kept; not the third. Purged ones are named no more."""
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(tmp_path / "office.key"))
    monkeypatch.setenv("COMMLMS_TODAY", str(TODAY))
    assert lms.people.kept_files("L1") == (1, 2)
    LMS(tmp_path / "city.db", keys=lms.archive.keys, reason="test", today=TODAY).archive.purge(1)
    assert lms.people.kept_files("L1") == (2,)
    lms.close()
    with pytest.raises(SystemExit) as end:
        main(["--db", str(tmp_path / "city.db"), "--lang", "en", "person", "erase", "L1", "--yes"])
    out = capsys.readouterr().out
    assert end.value.code == 0
    assert out.splitlines()[1:] == [
        "these kept files still hold rows about this person; to delete one earlier: commlms --reason ... archive purge --number NO",
        "  2 新.xlsx, kept until 2026-06-01",
    ]


def test_who_is_the_same_person_is_listed_and_erased_with_every_note(lms: LMS) -> None:
    """L2 is found to be L1: the cells of both stand in the export, all three files hold the person, and no note is left."""
    lms.same("learner", "L1", "L2")
    assert {s["cell"] for s in lms.people.export("L1")["sources"]} == {"B4", "B5", "C7"}
    assert lms.people.kept_files("L1") == (1, 2, 3)
    lms.people.erase("L1")
    assert lms.database.one("SELECT COUNT(*) FROM delivered") == 0
