"""Outbox: every committed write as one line with counts and keys, and never a personal value."""

import json
from pathlib import Path

import pytest

import commlms_outbox
from commlms import LMS, Learner
from commlms.testing import check_plugin, load_alone, open_lms, small_city


@pytest.fixture
def lms() -> LMS:
    """The small city, filled before the outbox is asked for."""
    opened = open_lms(load_alone("outbox", commlms_outbox))
    small_city(opened)
    return opened


def lines(path: Path) -> list[dict[str, object]]:
    """The lines of an outbox."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_outbox_keeps_the_contract() -> None:
    """What every plugin is held to."""
    check_plugin("outbox")


def test_each_write_is_one_line(lms: LMS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An added row, a check-in, and taking it back: three lines in order, with their journal entries."""
    path = tmp_path / "outbox.jsonl"
    monkeypatch.setenv("COMMLMS_OUTBOX", str(path))
    added = lms.add(Learner(code="L9", name="郑敏")).journal
    checked_in = lms.check_in("L9", "S4")
    undone = lms.undo(checked_in)
    found = lines(path)
    assert [(x["journal"], x["action"], x["record"], x["new"]) for x in found[:2]] == [
        (added, "import", "learner", 1), (checked_in, "check_in", "participation", 1),
    ]
    assert found[2]["action"] == "undo"
    assert len(found) == 3
    assert undone > checked_in


def test_no_line_holds_a_personal_value(lms: LMS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the name nor the code of the learner stands in the file; only the six agreed fields do."""
    path = tmp_path / "outbox.jsonl"
    monkeypatch.setenv("COMMLMS_OUTBOX", str(path))
    lms.add(Learner(code="L9", name="郑敏"))
    text = path.read_text(encoding="utf-8")
    assert "郑敏" not in text
    assert "L9" not in text
    assert {key for line in lines(path) for key in line} == {"journal", "action", "record", "new", "changed", "removed"}


def test_without_the_variable_nothing_is_written(lms: LMS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file appears in the working directory."""
    monkeypatch.delenv("COMMLMS_OUTBOX", raising=False)
    monkeypatch.chdir(tmp_path)
    lms.add(Learner(code="L9", name="郑敏"))
    assert list(tmp_path.iterdir()) == []


def test_an_outbox_that_cannot_be_written_is_reported_and_undoes_nothing(
    lms: LMS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The path is a folder: the learner is there all the same, and the host keeps the failure."""
    monkeypatch.setenv("COMMLMS_OUTBOX", str(tmp_path))
    lms.add(Learner(code="L9", name="郑敏"))
    assert "L9" in {r.reference for r in lms.rows("learner")}
    assert [(r.name, r.stage) for r in lms.host.reports] == [("outbox", "hook")]
