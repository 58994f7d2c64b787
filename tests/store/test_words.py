"""What a word means does not depend on which plugins are loaded when a row comes in."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest

import commlms
from commlms import Population, age
from commlms.store.journal import entries

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


def test_rows_from_before_a_plugin_was_first_loaded_count_once_it_is(tmp_path: Path) -> None:
    """A core without plugins keeps 老年人 as text; the first start with the plugin reads it, and that can be undone."""
    path = tmp_path / "c.db"
    bundled = ["seniors", "youth", "farmers", "migrants", "policies", "outbox"]
    with commlms.LMS(path, today=TODAY, lang="en", without=bundled) as lms:
        lms.add({"code": "1", "name": "市", "level": "city"}, "place")
        lms.add({"code": "J", "name": "校", "place": "1"}, "institution")
        lms.add({"code": "S", "institution": "J", "on": "2022-03-05", "theme": "讲座", "audience": "老人"}, "session")
        lms.add([{"session": "S", "counts": "present", "persons": n, "audience": a} for n, a in ((50, "老年人"), (7, "路人"))], "headcount")
        before = list(lms.rows("headcount"))
    with commlms.LMS(path, today=TODAY, lang="en") as lms:
        assert lms.figures("2022").figure(lms.metric("seniors.unnamed_visits"), lms.place("1")).numerator == 50
        assert lms.recount(check=True) == []
        assert [r.cells["audience"] for r in lms.rows("session")] == ["seniors"]
        (entry,) = [e for e in entries(lms.database, "words") if e.record == "headcount"]
        assert entry.changed == 1
        lms.undo(entry.id)
        assert lms.figures("2022").figure(lms.metric("seniors.unnamed_visits"), lms.place("1")).numerator == 0
        assert lms.recount(check=True) == []
    assert [r.cells["audience"] for r in before] == ["老年人", "路人"]


def test_a_word_that_two_plugins_give_two_meanings_stops_the_start() -> None:
    """Which group a row counts for does not depend on the order in which plugins are loaded: the second is refused by name."""
    elders = Population("elders", "长者", "elders", age >= 60, aliases=("前辈",))
    teachers = Population("teachers", "老师", "teachers", age >= 18, aliases=("前 辈",))
    modules = {
        name: SimpleNamespace(COMMLMS_API=1, __name__=name, register_populations=commlms.hookimpl(lambda p=p: [p]))
        for name, p in (("one", elders), ("two", teachers))
    }
    with pytest.raises(commlms.PluginError, match=r"前 辈 means teachers, but it means elders"):
        commlms.Host(without=["seniors", "youth", "farmers", "migrants", "policies", "outbox"], modules=modules)


def test_a_row_that_would_become_anothers_twin_stays_and_every_write_can_be_undone(tmp_path: Path) -> None:
    """老年人 12 and seniors 10 at one session: the first keeps its word, and the writes are taken back one after another."""
    path = tmp_path / "c.db"
    bundled = ["seniors", "youth", "farmers", "migrants", "policies", "outbox"]
    with commlms.LMS(path, today=TODAY, lang="en", without=bundled) as lms:
        lms.add({"code": "1", "name": "市", "level": "city"}, "place")
        lms.add({"code": "J", "name": "校", "place": "1"}, "institution")
        lms.add({"code": "S", "institution": "J", "on": "2022-03-05", "theme": "讲座"}, "session")
        heads = [("老年人", 12), ("seniors", 10), ("老人", 3)]
        added = lms.add([{"session": "S", "counts": "present", "persons": n, "audience": a} for a, n in heads], "headcount")
    with commlms.LMS(path, today=TODAY, lang="en") as lms:
        assert sorted(r.cells["audience"] for r in lms.rows("headcount")) == ["seniors", "老人", "老年人"]
        assert lms.recount(check=True) == []
        assert added.journal is not None
        lms.undo(added.journal)
        assert list(lms.rows("headcount")) == []
        assert lms.recount(check=True) == []
