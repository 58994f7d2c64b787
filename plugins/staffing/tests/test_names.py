"""Who holds a post is a name, of nobody that is a learner: it can be taken off, the row counts on."""

import sqlite3
from pathlib import Path

import pytest

from commlms import LMS, CommLMSError
from commlms.testing import figure, open_lms, small_city

NAMES = ("王建国", "李秀兰")


def held(path: Path) -> tuple[LMS, list[str]]:
    """A file with three posts at one school: two differ by the name alone, one was changed and one removed; and their references."""
    lms = LMS(path)
    small_city(lms)
    lms.add([{"code": "X1", "name": "东街社区学校", "place": "900101001", "kind": "school"}], "institution")
    rows = [("teacher", NAMES[0]), ("teacher", NAMES[1]), ("manager", NAMES[0])]
    lms.add([{"institution": "X1", "role": role, "employment": "full_time", "holder": name} for role, name in rows], "staffing.post")
    references = [r.reference for r in lms.rows("staffing.post")]
    lms.set("staffing.post", references[0], engaged="在编")
    lms.remove("staffing.post", references[2])
    return lms, references


def test_a_name_that_is_taken_off_is_gone_from_rows_and_journal_and_the_figures_stay(tmp_path: Path) -> None:
    """Two posts that differ by nothing but the name stay two; the write that held the name is not taken back."""
    lms, references = held(tmp_path / "a.db")
    with lms:
        before = figure(lms, "staffing.dedicated_workers", "9001", "2022").numerator
        for reference in references:
            lms.people.erase_names("staffing.post", reference)
        assert figure(lms, "staffing.dedicated_workers", "9001", "2022").numerator == before == 2
        assert len({r.cells["holder"] for r in lms.rows("staffing.post")}) == 2
        lms.people.erase_names("staffing.post", references[0])
        with pytest.raises(CommLMSError, match=r"no longer be undone|不能再撤销"):
            lms.undo(max(e.id for e in lms.imports(every=True) if e.action == "remove"))
    kept = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert not any(name.encode() in kept for name in NAMES)
    with sqlite3.connect(tmp_path / "a.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("register", ["premises.site", "learner", "staffing.volunteer", "learner_state"])
def test_a_register_without_such_names_is_refused(register: str) -> None:
    with open_lms() as lms, pytest.raises(CommLMSError):
        lms.people.erase_names(register, "#1")
