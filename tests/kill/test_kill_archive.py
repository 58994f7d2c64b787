"""A process killed at any moment of keeping a file leaves no row without its file, and the next take keeps it."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from commlms import LMS

#: Runs until the named step is reached, then dies at once: nothing is flushed, closed or rolled back.
SCRIPT = """
import os, signal, sys
import commlms
from commlms.store import archive, database, sealing

def die(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)

step, path = sys.argv[1:]
lms = commlms.LMS(path, keys=[b"k" * 32])
lms.archive.keep(b"before", "before.csv")
if step == "commit":
    run = database.Database.execute
    database.Database.execute = lambda self, sql, *values: die() if sql == "COMMIT" else run(self, sql, *values)
elif step in ("fsync", "replace"):
    setattr(sealing.os, step, die)
elif step == "purge":
    archive.destroy = die
with lms.database.transaction():
    lms.archive.keep(b"x" * 3_000_000, "name.csv")
archive.Archive.purge(archive.Archive(lms.database, [b"k" * 32], lms.actor, "test", 0), 2)
"""


def _killed(step: str, path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT, step, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(("step", "left"), [("fsync", 1), ("replace", 1), ("commit", 1)])
def test_a_kill_while_a_file_is_kept_leaves_a_file_too_many_at_most(tmp_path: Path, step: str, left: int) -> None:
    """Before it is whole, before it has its name, before its row is committed: the former file is untouched."""
    path = tmp_path / "city.db"
    _killed(step, path)
    with LMS(path, keys=[b"k" * 32], lang="en") as lms:
        assert [lms.archive.get(f.number) for f in lms.archive.list()] == [b"before"]
        assert [(f.bad, "not in its index" in f.label.en) for f in lms.doctor()] == [(False, True)]
        assert len(list((tmp_path / "city.db.archive").iterdir())) == 1 + left
        number = lms.archive.keep(b"x" * 3_000_000, "name.csv")
        assert lms.archive.get(number or 0) == b"x" * 3_000_000


def test_a_kill_while_a_file_is_deleted_is_finished_by_the_next_purge(tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    _killed("purge", path)
    with LMS(path, keys=[b"k" * 32], lang="en", today=dt.date(2023, 6, 1)) as lms:
        assert [f.purged is None for f in lms.archive.list()] == [False, True]
        assert [f.bad for f in lms.doctor()] == [True]
        lms.archive.purge()
        assert lms.doctor() == []
        assert len(list((tmp_path / "city.db.archive").iterdir())) == 1
