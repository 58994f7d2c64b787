"""A kill at any moment of an import loses nothing that was confirmed, and a second run finishes the work."""

import datetime as dt
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import commlms

TODAY = dt.date(2023, 6, 30)
LEARNERS, SESSIONS, BATCH = 300, 20, 500
IMPORT = (
    f"import sys; from commlms.ingest import landing, pairs; landing.BATCH = pairs.BATCH = {BATCH}; "
    "from commlms.cli.main import main; main(sys.argv[1:])"
)
CHECK_INS = (
    "import sys, commlms; lms = commlms.LMS(sys.argv[1], lang='en')\n"
    "for n in range(1, 301):\n"
    "    lms.check_in(f'L{n:03d}', 'S00')\n"
    "    if n % 25 == 0:\n"
    "        lms.totals.fold()\n"
)


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """A database with learners and sessions, and a file of 6,000 participations that is not yet imported."""
    with commlms.LMS(tmp_path / "ready.db", today=TODAY, lang="en") as lms:
        lms.add(
            [{"code": "1", "name": "云岭市", "level": "city"}, {"code": "11", "name": "桥头村", "level": "village", "parent": "1"}], "place"
        )
        lms.add({"code": "J1", "name": "学习中心", "place": "11"}, "institution")
        lms.add([
            {"code": f"S{n:02d}", "institution": "J1", "on": dt.date(2022, 1, 1) + dt.timedelta(n), "theme": f"讲座{n}", "minutes": 60}
            for n in range(SESSIONS)
        ], "session")
        lms.add(
            [{"code": f"L{n:03d}", "name": f"某{n}", "born": dt.date(1940 + n % 70, 1, 2), "home": "11"} for n in range(1, LEARNERS + 1)],
            "learner",
        )
    pairs = [(f"L{n:03d}", f"S{m:02d}") for n in range(1, LEARNERS + 1) for m in range(SESSIONS)]
    random.Random(7).shuffle(pairs)
    lines = ["学员编号,场次编号", *(f"{a},{b}" for a, b in pairs)]
    (tmp_path / "came.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def copied(folder: Path, name: str) -> Path:
    """A fresh copy of the ready database."""
    for old in folder.glob(f"{name}*"):
        old.unlink()
    for part in folder.glob("ready.db*"):
        shutil.copy(part, folder / part.name.replace("ready.db", name))
    return folder / name


def start(database: Path, file: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", IMPORT, "--db", str(database), "--today", "2023-06-30", "import", "participation", str(file)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def content(lms: commlms.LMS) -> dict[str, list[tuple[Any, ...]]]:
    """Every table but the journal's, without the number of the entry that wrote each row."""
    found = {}
    for table in sorted(lms.database.tables() - {"journal", "journal_old", "_sqlite_migrations"}):
        if not table.startswith("sqlite_"):
            columns = ", ".join(f'"{c}"' for c in lms.database.columns(table) if c != "journal")
            found[table] = sorted(lms.database.execute(f'SELECT {columns} FROM "{table}"').fetchall(), key=repr)
    return found


def landed(database: Path) -> int:
    """How many rows the open import has confirmed, as another process sees it."""
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as seen:
            return int(seen.execute("SELECT COALESCE(SUM(new), 0) FROM journal WHERE action = 'import'").fetchone()[0])
    except sqlite3.Error:
        return 0


def kill_when(process: subprocess.Popen[bytes], database: Path, rows: int) -> None:
    """Kill without warning once so many rows are confirmed (or it has ended)."""
    while process.poll() is None and landed(database) < rows:
        time.sleep(0.002)
    process.kill()
    process.wait()


def check_whole(database: Path) -> int:
    """Whole batches only, totals right, the doctor knows; gives the rows that are there."""
    with commlms.LMS(database, today=TODAY, lang="en") as lms:
        assert lms.database.one("PRAGMA integrity_check") == "ok"
        assert lms.recount(check=True) == []
        rows = int(lms.database.one("SELECT COUNT(*) FROM participation"))
        assert rows == sum(e.new for e in lms.imports())
        assert rows in range(0, LEARNERS * SESSIONS + 1, BATCH)
        unfinished = [e for e in lms.imports() if e.state == "open"]
        assert bool(unfinished) == (0 < rows < LEARNERS * SESSIONS)
        assert any("did not finish" in f.label.en for f in lms.doctor()) == bool(unfinished)
    return rows


def test_a_kill_between_any_two_batches_leaves_whole_batches_and_a_second_run_finishes(ready: Path) -> None:
    """Killed after 0, 1, 2 ... confirmed batches: the second run gives what an undisturbed one gives."""
    undisturbed = copied(ready, "whole.db")
    assert start(undisturbed, ready / "came.csv").wait() == 0
    with commlms.LMS(undisturbed, today=TODAY, lang="en") as lms:
        expected = content(lms)
        assert len(expected["participation"]) == LEARNERS * SESSIONS
    stopped = set()
    for batches in (1, 2, 4, 7, 10):
        database = copied(ready, "killed.db")
        kill_when(start(database, ready / "came.csv"), database, batches * BATCH)
        stopped.add(check_whole(database))
        assert start(database, ready / "came.csv").wait() == 0
        with commlms.LMS(database, today=TODAY, lang="en") as lms:
            assert content(lms) == expected
            assert lms.recount(check=True) == []
    assert len(stopped - {0, LEARNERS * SESSIONS}) >= 2, stopped


def test_a_kill_at_a_random_moment_loses_nothing(ready: Path) -> None:
    """While starting, staging, checking or landing: the database is whole each time."""
    moments = random.Random(11)
    database = copied(ready, "killed.db")
    for _ in range(8):
        before = landed(database)
        process = start(database, ready / "came.csv")
        time.sleep(moments.uniform(0.2, 1.2))
        process.kill()
        process.wait()
        with commlms.LMS(database, today=TODAY, lang="en") as lms:
            assert lms.database.one("PRAGMA integrity_check") == "ok"
            assert lms.recount(check=True) == []
        assert landed(database) >= before
    assert start(database, ready / "came.csv").wait() == 0
    with commlms.LMS(database, today=TODAY, lang="en") as lms:
        assert lms.database.one("SELECT COUNT(*) FROM participation") == LEARNERS * SESSIONS


def test_a_kill_while_check_ins_are_folded_loses_no_check_in(ready: Path) -> None:
    """Every check-in that was confirmed is counted once, whether it waited or was folded."""
    moments = random.Random(13)
    for _ in range(5):
        database = copied(ready, "killed.db")
        process = subprocess.Popen([sys.executable, "-c", CHECK_INS, str(database)])
        time.sleep(moments.uniform(0.35, 0.9))
        process.kill()
        process.wait()
        with commlms.LMS(database, today=TODAY, lang="en") as lms:
            rows = lms.database.one("SELECT COUNT(*) FROM participation")
            assert rows == lms.database.one("SELECT COUNT(*) FROM journal WHERE action = 'check_in'")
            assert lms.recount(check=True) == []
            assert lms.figures("2022").figure(lms.metric("core.persons"), lms.place("1")).numerator == rows


def test_check_ins_from_four_processes_during_an_import_are_all_there(ready: Path) -> None:
    """No 'database is locked', no lost write, totals right: 4 x 75 check-ins beside 6,000 rows that include them."""
    database = copied(ready, "busy.db")
    script = (
        "import sys, commlms; lms = commlms.LMS(sys.argv[1], lang='en'); first = int(sys.argv[2])\n"
        "for n in range(first, first + 75):\n    lms.check_in(f'L{n:03d}', 'S00')\n"
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", script, str(database), str(first)], stderr=subprocess.PIPE) for first in (1, 76, 151, 226)
    ]
    importing = start(database, ready / "came.csv")
    for worker in workers:
        assert worker.communicate()[1] == b""
        assert worker.returncode == 0
    assert importing.wait() == 0
    with commlms.LMS(database, today=TODAY, lang="en") as lms:
        assert lms.database.one("SELECT COUNT(*) FROM participation") == LEARNERS * SESSIONS
        assert lms.recount(check=True) == []


def test_three_processes_make_one_database_together(tmp_path: Path) -> None:
    """Opening a new database at once from several processes applies every migration and measure once."""
    script = "import sys, commlms; commlms.LMS(sys.argv[1], lang='en').close()"
    together = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "new.db")], stderr=subprocess.PIPE) for _ in range(3)]
    for process in together:
        assert process.communicate()[1] == b""
        assert process.returncode == 0
    with commlms.LMS(tmp_path / "new.db", lang="en") as lms:
        assert [f.label.en for f in lms.doctor() if f.bad] == []
