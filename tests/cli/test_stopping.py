"""Ctrl-C during an import: whole batches stay, the rest is taken back, one sentence says what has landed, and again finishes it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from commlms import LMS
from tests.cli.console import Console

#: Stops the import with the terminal's Ctrl-C where it is in the middle of something; prints what a person would then see.
AT = """
import sys, time
sys.argv = ["commlms", *sys.argv[1:]]
from commlms.cli import main as entry
from commlms.ingest import {module} as module
original, calls = module.{name}, []
def stop(*given, **named):
    calls.append(1)
    if len(calls) == {call}:
        print("READY", flush=True)
        while True:  # not signal.pause(): a Ctrl-C that comes just before it would be waited for in vain
            time.sleep(0.05)
    return original(*given, **named)
module.{name} = stop
entry.main()
"""
ROWS = 25


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty database, and a roster of 25 people."""
    with LMS(tmp_path / "city.db"):
        pass
    lines = ["学员编号,姓名,出生日期", *(f"N{i},周一二,1980-01-{i:02d}" for i in range(1, ROWS + 1)), "N99,周一三,1980-02-30"]
    (tmp_path / "名册.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "city.db"


def learners(db: Path) -> int:
    """How many people are stored, seen from another connection."""
    connection = sqlite3.connect(db)
    found = connection.execute("SELECT COUNT(*) FROM learner").fetchone()[0]
    connection.close()
    return int(found)


def stopped(db: Path, lang: str, module: str, name: str, call: int, hands: str = "\x03", batch: int = 10) -> tuple[int, str]:
    """An import that is stopped at the n-th call of a function; its status, and what is on the screen from then on."""
    code = f"from commlms.ingest import landing; landing.BATCH = {batch}\n" + AT.format(module=module, name=name, call=call)
    words = ("-c", code, "--db", db, "--lang", lang, "import", "learner", "名册.csv")
    with Console(*words, folder=db.parent, env={"COMMLMS_TODAY": "2023-06-30"}) as console:
        console.until("READY")
        console.type(hands)
        return console.end()


def finished(db: Path) -> str:
    """The same import once more, undisturbed."""
    with Console("-m", "commlms", "--db", db, "--lang", "en", "import", "learner", "名册.csv", folder=db.parent,
                 env={"COMMLMS_TODAY": "2023-06-30"}) as console:
        status, shown = console.end()
    assert status == 3, shown
    assert learners(db) == ROWS
    with LMS(db) as lms:
        assert lms.recount(check=True) == []
        assert lms.doctor() == []
    return shown


@pytest.mark.parametrize(("module", "name", "call", "landed"), [
    ("readers", "_encoding", 1, 0),           # before the first row is read
    ("rows", "sums", 1, 0),                   # while rows are staged
    ("load", "cycles", 1, 0),                 # between checking and writing
    ("load", "count_entry", 1, 0),            # inside the first batch's transaction
    ("load", "count_entry", 3, 10),           # inside the second's
    ("load", "open_entry", 1, 0),
])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_ctrl_c_leaves_whole_batches_and_says_so(db: Path, lang: str, module: str, name: str, call: int, landed: int) -> None:
    """At every stage, in both languages, even if it is pressed again and again; and running it again finishes it."""
    status, shown = stopped(db, lang, module, name, call, "\x03\x03\x03")
    assert status == 130, shown
    assert "Traceback" not in shown
    assert learners(db) == landed
    said = {
        ("zh", 0): "已中断：名册.csv 什么也没有写入。再运行一次即可",
        ("en", 0): "interrupted: nothing of 名册.csv was written. Run it again when you like",
        ("zh", 10): "已中断：名册.csv 有 10 行已在库中（写入号 1），写到一半的已撤回。",
        ("en", 10): "interrupted: 10 rows of 名册.csv are in the database (write 1)",
    }[lang, landed]
    assert said in shown.replace("\n  ", " " if lang == "en" else ""), shown
    assert f"new {ROWS - landed}" in finished(db)


def test_ctrl_c_after_the_last_batch_says_that_all_is_there(db: Path) -> None:
    """Only the rejected rows and their reasons are not written yet."""
    status, shown = stopped(db, "en", "rejects", "write_table", 1)
    assert status == 130
    assert f"every good row of 名册.csv ({ROWS}) is in the database" in shown.replace("\n  ", " ")
    assert "new 0" in finished(db)


def test_ctrl_c_before_the_command_has_begun_is_one_sentence(db: Path) -> None:
    """While modules are still being loaded."""
    code = (
        "import sys, time\nsys.argv = ['commlms', *sys.argv[1:]]\nimport commlms.cli.main as entry\n"
        "def build():\n    print('READY', flush=True)\n    while True:\n        time.sleep(0.05)\nentry.build = build\nentry.main()\n"
    )
    with Console("-c", code, "--db", db, "--lang", "zh", "list", "learner", folder=db.parent) as console:
        console.until("READY\n")
        console.type("\x03")
        assert console.end() == (130, "^C\n已中断：写到一半的已撤回，写完的都在库中\n")


def test_ctrl_c_while_the_command_line_is_loaded_is_one_sentence(tmp_path: Path) -> None:
    """Before anything is opened."""
    code = (
        "import sys, time\nclass Slow:\n    def find_spec(self, name, *_):\n        if name == 'commlms.cli.main':\n"
        "            print('READY', flush=True)\n            while True:\n                time.sleep(0.05)\n"
        "sys.meta_path.insert(0, Slow())\nfrom commlms.__main__ import main\nmain()\n"
    )
    with Console("-c", code, folder=tmp_path) as console:
        console.until("READY\n")
        console.type("\x03")
        assert console.end() == (130, "^C已中断，什么也没有做 / interrupted, nothing was done\n")


def test_progress_tells_rows_and_goes_away_at_the_end(db: Path) -> None:
    """On a terminal; in scripts there is none (see the tests of commands, which compare what is written to both streams)."""
    shown = finished(db)
    assert "\rreading 26" in shown.replace("\r\n", "\n")
    assert "\rwriting 1" in shown
    assert shown.count("名册.csv: read 26") == 1
