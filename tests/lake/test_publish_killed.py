"""A publication that is killed, read while it runs, or run twice at once: always a whole one is there."""

from __future__ import annotations

import hashlib
import random
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import commlms
from commlms import LMS
from commlms.lake.files import Lake
from commlms.lake.layout import Manifest
from tests.lake.test_publish import KEY, attend, filled, tree
from tests.measure.city import TODAY

#: Publishes, and at the n-th step of a stage says so and waits for a line of input; ``any`` counts the steps of all stages.
PROGRAM = f"""
import datetime as dt, sys
from commlms import LMS, LakeError, publish
from commlms.lake import files
db, lake, stage, number = sys.argv[1:]
steps = 0
def step(name):
    global steps
    if stage in (name, "any"):
        steps += 1
        if steps == int(number):
            print(name, flush=True)
            sys.stdin.readline()
def before(name):
    real = getattr(files.Lake, name)
    def run(*given):
        step(name)
        return real(*given)
    setattr(files.Lake, name, run)
for name in ("put", "write", "sweep"):
    before(name)
class Store:
    def __init__(self, fs): self.fs = fs
    def __getattr__(self, name): return getattr(self.fs, name)
    def delete_file(self, path):
        self.fs.delete_file(path)
        step("deleted")
at = files.Lake.at.__func__
files.Lake.at = classmethod(lambda cls, url: cls(Store((found := at(cls, url)).fs), found.root, found.address))
lms = LMS(db, today=dt.date({TODAY.year}, {TODAY.month}, {TODAY.day}), lang="en")
try:
    publish(lms, lake, keys=[{KEY!r}])
except LakeError as error:
    sys.exit(str(error))
"""
KILLS = [("put", 1), ("put", 3), ("put", 5), ("write", 1), ("write", 2), ("sweep", 1), ("deleted", 1), ("deleted", 3)]


def run(db: Path, lake: Path, stage: str = "", number: int = 0) -> subprocess.Popen[str]:
    """The program, started; where a stage is named it has reached that step."""
    words = [sys.executable, "-c", PROGRAM, str(db), str(lake), stage, str(number)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if stage:
        assert process.stdout is not None
        process.stdout.readline()
    return process


def finish(process: subprocess.Popen[str]) -> str:
    """Let it go on to its end; gives what it complained of."""
    return process.communicate("\n")[1]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database, its publication ``old``, and ``new``: that of the database as it is now."""
    folder = tmp_path_factory.mktemp("before")
    with filled(folder / "c.db") as lms:
        commlms.publish(lms, folder / "old", keys=[KEY])
        attend(lms, "S2", "P1")
        lms.people.erase("P3")
        shutil.copytree(folder / "old", folder / "new")
        commlms.publish(lms, folder / "new", keys=[KEY])
        lms.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def copied(before: Path, to: Path) -> tuple[Path, Path]:
    """The database and the old publication, for one test."""
    shutil.copy(before / "c.db", to / "c.db")
    shutil.copytree(before / "old", to / "lake")
    return to / "c.db", to / "lake"


def read_whole(lake: Path) -> Manifest:
    """What a reader finds: the manifest that counts, after checking that every file it names is there as it should be."""
    (manifest,) = Lake.at(lake).manifests().values()
    for table in manifest.tables.values():
        for file in table.files:
            assert hashlib.sha256((lake / manifest.uid / file.path).read_bytes()).hexdigest() == file.sha256
    return manifest


def kill(process: subprocess.Popen[str]) -> None:
    """End it without a chance to tidy up."""
    process.send_signal(signal.SIGKILL)
    process.communicate()


def check_finishes(db: Path, lake: Path, before: Path) -> None:
    """Another run ends well, and leaves exactly what an undisturbed one does."""
    assert finish(run(db, lake)) == ""
    assert tree(lake) == tree(before / "new")
    assert not list(lake.rglob(".new"))


@pytest.mark.parametrize(("stage", "number"), KILLS)
def test_a_reader_sees_the_old_or_the_new_publication_after_a_kill_and_another_run_finishes(
    before: Path, tmp_path: Path, stage: str, number: int,
) -> None:
    db, lake = copied(before, tmp_path)
    kill(run(db, lake, stage, number))
    assert read_whole(lake) == read_whole(before / ("old" if stage in ("put", "write") else "new"))
    check_finishes(db, lake, before)


def test_several_kills_at_random_leave_a_whole_publication_each_time(before: Path, tmp_path: Path) -> None:
    """Killed at a random step or shortly after it, six times in a row: what lies there meanwhile is the old one or the new one."""
    db, lake = copied(before, tmp_path)
    whole = {read_whole(before / name).name for name in ("old", "new")}
    draw = random.Random(5)
    for _ in range(6):
        process = run(db, lake, "any", draw.randint(1, 14))
        with suppress(subprocess.TimeoutExpired):
            process.communicate("\n", timeout=draw.random() / 20)
        kill(process)
        assert read_whole(lake).name in whole
    check_finishes(db, lake, before)


def test_a_first_publication_that_is_killed_is_none(before: Path, tmp_path: Path) -> None:
    db, _ = copied(before, tmp_path)
    kill(run(db, tmp_path / "first", "put", 2))
    assert Lake.at(tmp_path / "first").manifests() == {}
    check_finishes(db, tmp_path / "first", before)


def test_of_two_at_once_one_publishes_and_the_other_says_why_not(before: Path, tmp_path: Path) -> None:
    db, lake = copied(before, tmp_path)
    first, second = run(db, lake, "put", 1), run(db, lake)
    assert finish(second) == "this database is being published already; wait until that has ended\n"
    assert second.returncode == 1
    assert finish(first) == ""
    assert tree(lake) == tree(before / "new")


def test_a_reader_whose_file_is_gone_finds_the_new_publication_whole(before: Path, tmp_path: Path) -> None:
    """The reader has read the old manifest; the publisher has replaced CURRENT and deletes."""
    db, lake = copied(before, tmp_path)
    old = read_whole(lake)
    process = run(db, lake, "deleted", 1)
    gone = [p for p in [*old.paths, old.name] if not (lake / old.uid / p).exists()]
    assert len(gone) == 1
    assert read_whole(lake) == read_whole(before / "new")
    assert finish(process) == ""


def test_writing_goes_on_while_a_publication_reads(before: Path, tmp_path: Path) -> None:
    """A check-in during a publication is in the next one."""
    db, lake = copied(before, tmp_path)
    process = run(db, lake, "put", 1)
    with LMS(db, today=TODAY) as lms:
        lms.check_in("P2", "S2")
        assert finish(process) == ""
        assert tree(lake) == tree(before / "new")
        assert commlms.publish(lms, lake, keys=[KEY]).manifest.tables["participation"].rows == 4
