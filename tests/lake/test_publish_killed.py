"""A publication that is killed, read while it runs, or run twice at once: always a whole one is there."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import commlms
from commlms import LMS
from commlms.lake.files import Lake
from commlms.lake.layout import Manifest
from tests.lake.test_publish import KEY, attend, filled, tree
from tests.measure.city import TODAY

#: Publishes with a pause at each step of a stage, so that a kill can hit it.
PROGRAM = f"""
import datetime as dt, sys, time
from pathlib import Path
from commlms import LMS, LakeError, publish
from commlms.lake.files import Lake
db, lake, stage = sys.argv[1:]
def slow(owner, name, before):
    real = getattr(owner, name)
    def run(*given, **named):
        done = None if before else real(*given, **named)
        print(name, flush=True)
        time.sleep(0.2)
        return real(*given, **named) if before else done
    setattr(owner, name, run)
if stage in ("put", "write", "sweep"):
    slow(Lake, stage, True)
if stage == "deleting":
    import commlms.lake.files as files
    class Slow:
        def __init__(self, fs): self.fs = fs
        def __getattr__(self, name): return getattr(self.fs, name)
        def delete_file(self, path):
            self.fs.delete_file(path)
            print("deleted", flush=True)
            time.sleep(0.2)
    at = Lake.at.__func__
    Lake.at = classmethod(lambda cls, url: cls(Slow((found := at(cls, url)).fs), found.root, found.address))
lms = LMS(db, today=dt.date({TODAY.year}, {TODAY.month}, {TODAY.day}), lang="en")
try:
    publish(lms, lake, keys=[{KEY!r}])
except LakeError as error:
    sys.exit(str(error))
"""
KILLS = [("put", 0), ("put", 2), ("put", 4), ("put", 5), ("write", 0), ("write", 1), ("sweep", 0), ("deleting", 0), ("deleting", 2)]


def run(db: Path, lake: Path, stage: str = "") -> subprocess.Popen[str]:
    """The program, started."""
    words = [sys.executable, "-c", PROGRAM, str(db), str(lake), stage]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


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


@pytest.mark.parametrize(("stage", "number"), KILLS)
def test_a_reader_sees_the_old_or_the_new_publication_after_a_kill_and_another_run_finishes(
    before: Path, tmp_path: Path, stage: str, number: int,
) -> None:
    db, lake = copied(before, tmp_path)
    old, new = read_whole(before / "old"), read_whole(before / "new")
    process = run(db, lake, stage)
    assert process.stdout is not None
    for _ in range(number + 1):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert read_whole(lake) == (old if stage in ("put", "write") else new)
    again = run(db, lake)
    assert (again.communicate()[1], again.returncode) == ("", 0)
    assert tree(lake) == tree(before / "new")
    assert not (lake / new.uid / ".new").exists()


def test_a_first_publication_that_is_killed_is_none(before: Path, tmp_path: Path) -> None:
    db, _ = copied(before, tmp_path)
    process = run(db, tmp_path / "first", "put")
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate()
    assert Lake.at(tmp_path / "first").manifests() == {}
    again = run(db, tmp_path / "first")
    assert (again.communicate()[1], again.returncode) == ("", 0)
    assert tree(tmp_path / "first") == tree(before / "new")


def test_of_two_at_once_one_publishes_and_the_other_says_why_not(before: Path, tmp_path: Path) -> None:
    db, lake = copied(before, tmp_path)
    first = run(db, lake, "put")
    assert first.stdout is not None
    first.stdout.readline()
    second = run(db, lake)
    assert second.communicate()[1] == "this database is being published already; wait until that has ended\n"
    assert second.returncode == 1
    assert (first.communicate()[1], first.returncode) == ("", 0)
    assert tree(lake) == tree(before / "new")


def test_a_reader_meanwhile_sees_one_publication_or_the_other(before: Path, tmp_path: Path) -> None:
    """A reader begins again when a file is gone: each time it gets all of one manifest."""
    db, lake = copied(before, tmp_path)
    seen, process = set(), run(db, lake, "deleting")
    while process.poll() is None or not seen:
        try:
            seen.add(read_whole(lake).name)
        except FileNotFoundError:
            continue
    process.communicate()
    seen.add(read_whole(lake).name)
    assert seen == {read_whole(before / "old").name, read_whole(before / "new").name} or seen == {read_whole(before / "new").name}


def test_writing_goes_on_while_a_publication_reads(before: Path, tmp_path: Path) -> None:
    """A check-in during a publication is in the next one."""
    db, lake = copied(before, tmp_path)
    process = run(db, lake, "put")
    assert process.stdout is not None
    process.stdout.readline()
    with LMS(db, today=TODAY) as lms:
        lms.check_in("P2", "S2")
        assert process.poll() is None
        process.communicate()
        assert tree(lake) == tree(before / "new")
        assert commlms.publish(lms, lake, keys=[KEY]).manifest.tables["participation"].rows == 4
