"""Corrections, rejects files, removed rows, ledgers, and JSON lines in and out, as an operator types them."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import commlms
from commlms.cli.context import DONE, FAILED, REJECTED
from commlms.cli.main import main

Run = Callable[..., tuple[int, str, str]]
ROWS = "姓名,出生日期\n赵一,1960-01-01\n钱二,1960-13-01\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command on a database with a place, an institution, a learner and a standing; status, output, errors."""
    monkeypatch.setenv("COMMLMS_TODAY", "2023-06-30")
    monkeypatch.chdir(tmp_path)
    with commlms.LMS(tmp_path / "city.db", lang="en") as lms:
        lms.add({"code": "1", "name": "云岭市", "level": "city"}, "place")
        lms.add({"code": "J1", "name": "学习中心", "place": "1", "since": "2010-09-01"}, "institution")
        lms.add({"code": "S1", "institution": "J1", "on": "2022-03-05", "theme": "讲座"}, "session")
        lms.add({"code": "L1", "name": "王芳", "home": "1"}, "learner")
        lms.add({"learner": "L1", "session": "S1"}, "participation")
        lms.add({"learner": "L1", "group": "left_behind", "since": "2021-01-01"}, "standing")

    def typed(*words: str, lang: str = "en") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["--db", str(tmp_path / "city.db"), "--lang", lang, *words])
        out, err = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    return typed


def type_in(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Give the next command this standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


def listed(run: Run, record: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in run("list", record, "--format", "jsonl")[1].splitlines()]


# -- corrections --------------------------------------------------------------------------------------


def test_a_field_named_since_is_corrected(run: Run) -> None:
    assert run("set", "institution", "J1", "since=2011-09-01")[0] == DONE
    (standing,) = listed(run, "standing")
    assert run("set", "standing", standing["reference"], "since=2021-02-01")[0] == DONE
    assert (listed(run, "institution")[0]["since"], listed(run, "standing")[0]["since"]) == ("2011-09-01", "2021-02-01")


@pytest.mark.parametrize("name", ["record", "reference", "state", "self"])
def test_no_name_of_a_field_is_taken_for_something_else(run: Run, name: str) -> None:
    status, _, err = run("set", "institution", "J1", f"{name}=x")
    assert (status, err) == (FAILED, f"record institution has no field {name}\n")


def test_the_state_that_begins_on_a_day_is_corrected(run: Run) -> None:
    run("add", "learner", "code=L1", "name=王芳", "home=1", "occupation=在职", "since=2022-01-01")
    assert run("set", "learner", "L1", "occupation=退休", "--state", "2022-01-01")[0] == DONE
    assert run("set", "learner", "L1", "occupation=退休", "--state", "2022-01-02")[0] == FAILED
    assert "退休" in run("show", "learner", "L1")[1]


# -- the rejects file ---------------------------------------------------------------------------------


def test_a_second_run_leaves_the_rejects_that_somebody_corrects(run: Run, tmp_path: Path) -> None:
    """Nor do two files of one name but different endings share a rejects file."""
    for name in ("learn.csv", "learn.txt"):
        (tmp_path / name).write_text(ROWS, encoding="utf-8")
    first, out, _ = run("import", "learner", "learn.csv")
    assert (first, "earlier run" in out) == (REJECTED, False)
    (tmp_path / "learn-rejects.xlsx").write_bytes(b"corrected by hand")
    for name, rejects in (("learn.csv", "learn-rejects-2.xlsx"), ("learn.txt", "learn-rejects-3.xlsx")):
        _, out, _ = run("import", "learner", name)
        assert f"reasons: {rejects}" in out
        assert "earlier run was left as it is" in out
        assert (tmp_path / rejects).is_file()
    assert (tmp_path / "learn-rejects.xlsx").read_bytes() == b"corrected by hand"
    assert json.loads(run("import", "learner", "learn.csv", "--json")[1])["rejects"] == "learn-rejects-4.xlsx"


def test_a_rejects_file_that_is_named_is_replaced(run: Run, tmp_path: Path) -> None:
    (tmp_path / "learn.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "out.csv").write_text("old", encoding="utf-8")
    _, out, _ = run("import", "learner", "learn.csv", "--rejects", "out.csv")
    assert "earlier run" not in out
    assert "钱二" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("rejects", ["/proc/a.xlsx", "nowhere/a.csv"])
def test_nothing_lands_where_the_rejects_cannot_be_written(run: Run, tmp_path: Path, rejects: str) -> None:
    (tmp_path / "learn.csv").write_text(ROWS, encoding="utf-8")
    status, out, err = run("import", "learner", "learn.csv", "--rejects", rejects)
    assert (status, out, len(err.splitlines())) == (FAILED, "", 1)
    assert len(listed(run, "learner")) == 1


def test_numbers_and_problems_are_printed_if_the_rejects_fail_after_landing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A disk that fills up in the last moment; the rows are in, and that is what is said."""
    (tmp_path / "learn.csv").write_text(ROWS, encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("commlms.store.sheets._write_book", full)
    status, out, err = run("import", "learner", "learn.csv")
    assert status == REJECTED
    assert "line 3 (B3)" in out
    assert "read 2, new 1" in out
    assert err.startswith("the rejected rows were not written: learn-rejects.xlsx cannot be written: No space left on device")
    assert "-rejects" not in out
    with commlms.LMS(tmp_path / "city.db", lang="en") as lms, pytest.raises(commlms.FileRefused) as failed:
        lms.import_file("learner", tmp_path / "learn.csv", rejects=tmp_path / "a.xlsx")
    assert failed.value.result.rejected == 1  # type: ignore[attr-defined]  # the error of a rejects file has it


def test_rejects_of_a_file_in_a_protected_folder_go_to_the_current_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "learn.csv").write_text(ROWS, encoding="utf-8")
    writable = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != share and writable(path, mode))
    assert run("import", "learner", str(share / "learn.csv"))[0] == REJECTED
    assert (tmp_path / "learn-rejects.xlsx").is_file()


# -- standard input -----------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b'{"code": "L2", "name": "x"}\n{"code": "L3"}\n', b"nonsense\n", b"", b'{"a": 1}\n'])
def test_standard_input_is_called_so_and_leaves_nothing_behind(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes,
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    type_in(monkeypatch, content)
    _, out, err = run("import", "learner", "-")
    assert "stdin" in out + err
    assert str(spool) not in out + err
    assert not list(spool.iterdir())
    assert all(json.loads(line)["file"].startswith("stdin") for line in run("imports", "--format", "jsonl")[1].splitlines())


# -- removed rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("record", "reference"), [("standing", None), ("participation", "L1/S1"), ("course", "K1")])
def test_a_removed_row_has_its_history_and_comes_back(run: Run, record: str, reference: str | None) -> None:
    run("add", "course", "code=K1", "title=书法")
    reference = reference or listed(run, record)[0]["reference"]
    before = listed(run, record)
    assert run("--reason", "entered twice", "remove", record, reference)[0] == DONE
    status, out, _ = run("history", record, reference)
    (change,) = [json.loads(line) for line in out.splitlines()]
    assert (status, change["write"], change["reason"]) == (DONE, "remove", "entered twice")
    assert run("undo", str(change["journal"]))[0] == DONE
    assert listed(run, record) == before


def test_the_history_of_a_dated_row_that_was_removed_is_found_by_its_code(run: Run) -> None:
    run("add", "learner", "code=L2", "name=李强", "home=1")
    run("remove", "learner", "L2")
    assert {json.loads(line)["table"] for line in run("history", "learner", "L2")[1].splitlines()} == {"learner", "learner_state"}


def test_a_row_that_never_was_or_was_erased_has_no_history(run: Run) -> None:
    assert run("history", "learner", "L9")[0] == FAILED
    assert run("history", "participation", "L1/S9")[0] == FAILED
    run("remove", "participation", "L1/S1")
    run("person", "erase", "L1", "--yes")
    status, out, _ = run("history", "participation", "L1/S1")
    assert (status, out) == (FAILED, "")


def test_every_write_is_listed_with_who_and_why_and_no_personal_value(run: Run) -> None:
    run("--as", "王敏", "--reason", "moved", "set", "learner", "L1", "occupation=退休")
    run("checkin", "L1", "S1")
    entries = [json.loads(line) for line in run("imports", "--all", "--format", "jsonl")[1].splitlines()]
    assert next((e["action"], e["record"], e["actor"], e["reason"]) for e in entries) == ("set", "learner", "王敏", "moved")
    assert len(entries) == 7
    out = run("imports", "--all", lang="zh")[1]
    assert "更正" in out
    assert "王芳" not in out
    assert run("imports", "--format", "jsonl")[1] == ""
    assert "imports --all" in run("undo", "999")[2]


# -- ledgers, and lines that go in again -----------------------------------------------------------------


@pytest.mark.parametrize("words", [("list",), ("export",), ("show", "S1"), ("history", "S1"), ("set", "S1", "theme=x"), ("remove", "S1")])
def test_a_ledger_is_only_imported_and_that_is_said(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    verb, *rest = words
    out = tmp_path / "ledger.csv"
    status, _, err = run(verb, "ledger", *(rest or ([str(out)] if verb == "export" else [])))
    assert (status, err) == (FAILED, "a ledger is only imported; what it brought is in session and headcount\n")
    assert not out.exists()
    assert run("template", "ledger", str(out))[0] == DONE


@pytest.mark.parametrize("record", ["place", "institution", "session", "learner", "participation", "standing"])
def test_listed_lines_go_in_again_and_change_nothing(run: Run, monkeypatch: pytest.MonkeyPatch, record: str) -> None:
    lines = run("list", record, "--format", "jsonl", "--all-states")[1]
    type_in(monkeypatch, lines.encode())
    status, out, err = run("add", record, "--jsonl", "-")
    assert (status, err) == (DONE, "")
    assert (json.loads(out)["new"], json.loads(out)["unchanged"]) == (0, 1)
    type_in(monkeypatch, lines.encode())
    assert json.loads(run("import", record, "-", "--json")[1])["unchanged"] == 1


@pytest.mark.skipif(os.name == "nt", reason="signals of a supervisor")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_piped_import_that_is_ended_leaves_no_rows_behind(tmp_path: Path, number: signal.Signals) -> None:
    """A supervisor ends a piped import while it reads: one sentence, status 1, and nothing of its input in the temporary folder."""
    spool = tmp_path / "tmp"
    spool.mkdir()
    with commlms.LMS(tmp_path / "city.db"):
        pass
    words = [sys.executable, "-m", "commlms", "--db", str(tmp_path / "city.db"), "--lang", "en", "import", "learner", "-"]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "TMPDIR": str(spool)},
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b'{"code": "Q1", "name": "x"}\n')
        process.stdin.flush()
        while not list(spool.glob("commlms-*/stdin.jsonl")):
            time.sleep(0.02)
        process.send_signal(number)
        process.stdin.close()
        process.wait(timeout=60)
        assert process.stderr is not None
        said = process.stderr.read().decode()
    assert process.returncode == 1
    assert "interrupted" in said
    assert list(spool.iterdir()) == []
