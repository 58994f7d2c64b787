"""A real import process killed at any moment leaves whole batches only, and running it again finishes it."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commlms import LMS
from tests.measure.city import A1, A2, B1, TODAY, city, content

BATCH, PEOPLE, MEETINGS, VISITS = 400, 900, 40, 4000
#: Imports a file with small batches and a pause at the start of a stage, so that a kill can hit each of them.
PROGRAM = f"""
import datetime as dt, sys, time
from commlms import LMS
from commlms.ingest import landing, load, pairs, readers
from commlms.measure.totals import Totals
from commlms.store.database import Database
landing.BATCH = pairs.BATCH = {BATCH}
readers.BLOCK = 500
record, path, db, stage = sys.argv[1:]
def slow(owner, name, seconds):
    real = getattr(owner, name)
    def run(*given, **named):
        print(name, flush=True)
        time.sleep(seconds)
        return real(*given, **named)
    setattr(owner, name, run)
slow(*{{"staging": (Database, "many", 0.05), "checking": (load.Matching, "contradictions", 0.2),
        "landing": (load.Importer, "_journal", 0.1), "folding": (Totals, "contribute", 0.1)}}[stage])
lms = LMS(db, today=dt.date({TODAY.year}, {TODAY.month}, {TODAY.day}))
lms.import_file(record, path)
"""
KILLS = [(stage, number) for stage in ("staging", "checking", "landing", "folding") for number in range(3)]


def write_files(folder: Path) -> None:
    """A roster, sessions, sign-ins: each person at several sessions, some places with many."""
    draw = random.Random(7)
    homes = [A1, A2, B1, ""]
    roster = [f"K{i:04d},学员{i},{1940 + i % 70}-05-06,{homes[i % 4]}" for i in range(PEOPLE)]
    (folder / "learner.csv").write_text("\n".join(["学员编号,姓名,出生日期,居住地", *roster]), encoding="utf-8")
    pairs = draw.sample([(p, s) for p in range(PEOPLE) for s in range(MEETINGS)], VISITS)
    signed = [f"K{p:04d},M{s:02d},{draw.choice(['', '30', '90'])}" for p, s in pairs]
    (folder / "participation.csv").write_text("\n".join(["学员编号,场次编号,参与时长", *signed]), encoding="utf-8")


def prepared(path: Path, folder: Path) -> Path:
    """A database with roster and sessions, and some check-ins still pending."""
    with city(path) as lms:
        lms.import_file("learner", folder / "learner.csv")
        rows = [
            {"code": f"M{i:02d}", "institution": f"I-{(A1, B1)[i % 2]}", "on": f"{2021 + i % 2}-0{1 + i % 9}-03", "theme": f"课{i}",
             "minutes": 60}
            for i in range(MEETINGS)
        ]
        lms.add(rows, "session")
        for i in range(20):
            lms.check_in(f"K{i:04d}", f"M{i:02d}")
        lms.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The input files and a prepared database, made once and only copied from."""
    folder = tmp_path_factory.mktemp("kill")
    write_files(folder)
    prepared(folder / "before.db", folder)
    return folder


@pytest.fixture(scope="module")
def undisturbed(files: Path) -> dict[str, list[str]]:
    """What the database holds after an import that nobody disturbed."""
    path = files / "whole.db"
    path.write_bytes((files / "before.db").read_bytes())
    with LMS(path, today=TODAY) as lms:
        lms.import_file("participation", files / "participation.csv")
        return plain(lms)


def plain(lms: LMS) -> dict[str, list[str]]:
    """The content without the numbers of the writes that made it."""
    return {
        table: sorted(json.dumps({k: v for k, v in r.items() if k != "journal"}, sort_keys=True, ensure_ascii=False) for r in rows)
        for table, rows in content(lms).items()
    }


def killed(stage: str, number: int, files: Path, path: Path) -> bool:
    """Run the import and kill it a random while after a step of a stage began; whether it was still running."""
    command = [sys.executable, "-c", PROGRAM, "participation", str(files / "participation.csv"), str(path), stage]
    wait = random.Random(f"{stage}{number}").uniform(0.0, 0.15)
    steps = 1 + (0 if stage == "checking" else 2 * number)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(steps):
            assert process.stdout.readline(), "the import ended before the kill"
        time.sleep(wait)
        running = process.poll() is None
        process.send_signal(signal.SIGKILL)
    return running


def stored(lms: LMS, where: str = "1 = 1") -> set[tuple[str, str]]:
    """The sign-ins there are, as codes of learner and session."""
    sql = "SELECT l.code, s.code FROM participation p JOIN learner l ON l.id = p.learner JOIN session s ON s.id = p.session WHERE "
    return set(lms.database.execute(sql + where))


def landed_rows(lms: LMS, pairs: set[tuple[str, str]]) -> int:
    """How many rows of the file the unfinished import landed; asserts that they are whole people in whole batches."""
    journals = "p.journal IN (SELECT id FROM journal WHERE state = 'open')"
    people = {who for who, _ in stored(lms, journals)}
    if not people:
        return 0
    whole = {(who, where) for who, where in pairs if who <= max(people)}
    assert whole <= stored(lms)
    assert stored(lms, journals) <= whole
    (counted,) = lms.database.execute('SELECT new + changed + unchanged FROM journal WHERE state = \'open\'').fetchone()
    assert counted == len(whole)
    return len(whole)


@pytest.mark.parametrize(("stage", "number"), KILLS)
def test_a_killed_import_leaves_whole_batches_and_a_second_run_finishes_it(
    stage: str, number: int, files: Path, undisturbed: dict[str, list[str]], tmp_path: Path,
) -> None:
    """After SIGKILL the file is sound, whole batches landed, totals hold; a second run gives the undisturbed content."""
    path = tmp_path / "city.db"
    path.write_bytes((files / "before.db").read_bytes())
    assert killed(stage, number, files, path)
    lines = (files / "participation.csv").read_text(encoding="utf-8").splitlines()[1:]
    pairs = {(who, where) for who, where, _ in (line.split(",") for line in lines)}
    with LMS(path, today=TODAY) as lms:
        assert [f for f in lms.doctor() if f.bad] == []
        assert lms.recount(check=True) == []
        landed = landed_rows(lms, pairs)
        if stage == "landing":
            # A batch is cut before the learner who would not fit whole, and nobody has more rows than there are meetings.
            assert landed > 2 * number * (BATCH - MEETINGS) - 1
        assert any("did not finish" in f.label.en for f in lms.doctor()) == bool(landed)
        result = lms.import_file("participation", files / "participation.csv")
        assert (result.read, result.problems) == (VISITS, [])
        assert result.unchanged >= landed
        assert plain(lms) == undisturbed
        assert lms.recount(check=True) == []
        assert not any("did not finish" in f.label.en for f in lms.doctor())
