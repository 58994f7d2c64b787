"""What a word means does not depend on which plugins are loaded when a row comes in."""

import datetime as dt
from pathlib import Path

import commlms

TODAY = dt.date(2023, 6, 30)


def test_an_import_without_a_plugin_leaves_its_figures_right(tmp_path: Path) -> None:
    """50 unnamed 老年人, written while seniors is left out, are seniors' visits; the same row again is the same row."""
    path = tmp_path / "c.db"
    with commlms.LMS(path, today=TODAY, lang="en") as lms:
        lms.add({"code": "1", "name": "市", "level": "city"}, "place")
        lms.add({"code": "J", "name": "校", "place": "1"}, "institution")
        lms.add({"code": "S", "institution": "J", "on": "2022-03-05", "theme": "讲座"}, "session")
    row = {"session": "S", "counts": "present", "persons": 50, "audience": "老年人"}
    with commlms.LMS(path, today=TODAY, lang="en", without=["seniors"]) as lms:
        assert lms.add(row, "headcount").new == 1
        assert lms.recount(check=True) == []
    with commlms.LMS(path, today=TODAY, lang="en") as lms:
        assert lms.add(row, "headcount").unchanged == 1
        found = lms.figures("2022")
        assert found.figure(lms.metric("seniors.unnamed_visits"), lms.place("1")).numerator == 50
        assert found.figure(lms.metric("core.unnamed_visits"), lms.place("1")).numerator == 50
