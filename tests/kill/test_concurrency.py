"""Several processes write at once: nobody is told that the database is locked, and no write is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from commlms import LMS
from tests.measure.city import A1, B1, TODAY, attend, city, learners, session

OPEN = f"""
import datetime as dt, sys
from commlms import LMS
lms = LMS(sys.argv[1], today=dt.date({TODAY.year}, {TODAY.month}, {TODAY.day}), without=sys.argv[3:])
"""
CHECK_IN = OPEN + """
for number in range(30):
    assert lms.check_in(f"D{sys.argv[2]}-{number}", "S1")
    if number % 10 == 9:
        lms.figures("2022").rolled(lms.metric("core.persons").numerator)
"""
IMPORT = OPEN + """
from commlms.ingest import landing, pairs
landing.BATCH = pairs.BATCH = 50
assert lms.import_file("participation", sys.argv[2]).problems == []
"""
RECOUNT = OPEN + """
for _ in range(20):
    assert lms.recount(check=True) == []
"""
KEEP = """
import datetime as dt, sys
from commlms import LMS
lms = LMS(sys.argv[1], keys=[b"k" * 32], without=sys.argv[3:], reason="test")
for n in range(20):
    assert lms.archive.get(lms.archive.keep(bytes([n]) * 1000, f"{n}.csv")) == bytes([n]) * 1000
    if sys.argv[2] == "purge" and n % 5 == 4:
        lms.archive.purge(max(f.number for f in lms.archive.list()))
"""


def start(program: str, *words: str) -> subprocess.Popen[str]:
    """Run a program in another process."""
    return subprocess.Popen([sys.executable, "-c", program, *words], stderr=subprocess.PIPE, text=True)


def finished(*processes: subprocess.Popen[str]) -> None:
    """Wait for all; each must have ended well and said nothing."""
    said = [(p.communicate(timeout=120)[1], p.returncode) for p in processes]
    assert said == [("", 0)] * len(processes)


def test_check_ins_an_import_and_recounts_at_once_lose_nothing(tmp_path: Path) -> None:
    """Four processes check 30 people in each while a fifth imports 300 sign-ins and a sixth recounts: 420 rows, all counted."""
    db, file = tmp_path / "city.db", tmp_path / "signed.csv"
    with city(db) as lms:
        session(lms, "S1", A1, "2022-03-05", minutes=60)
        learners(lms, A1, *(f"D{p}-{n}" for p in range(4) for n in range(30)))
        learners(lms, B1, *(f"F{n}" for n in range(300)))
    file.write_text("\n".join(["学员编号,场次编号", *(f"F{n},S1" for n in range(300))]), encoding="utf-8")
    finished(*(start(CHECK_IN, str(db), str(p)) for p in range(4)), start(IMPORT, str(db), str(file)), start(RECOUNT, str(db), "-"))
    with LMS(db, today=TODAY) as lms:
        assert lms.database.one("SELECT COUNT(*) FROM participation") == 420
        assert lms.recount(check=True) == []
        figures = lms.figures("2022")
        rolled = figures.rolled(lms.metric("core.persons").numerator)
        assert (rolled[lms.place(A1)], rolled[lms.place(B1)]) == (120, 300)


def test_processes_that_open_a_new_file_at_once_all_find_it_whole(tmp_path: Path) -> None:
    """Four processes make the same database at the same moment: all end well and nothing is made twice."""
    db = tmp_path / "new.db"
    finished(*(start(OPEN, str(db), "-") for _ in range(4)))
    with LMS(db, today=TODAY) as lms:
        assert lms.doctor() == []
        assert lms.recount(check=True) == []


def test_a_program_that_stays_open_keeps_the_totals_another_one_added(tmp_path: Path) -> None:
    """A measure declared by a later process is maintained by the earlier one too."""
    db = tmp_path / "city.db"
    with city(db, without=["seniors"]) as early:
        session(early, "S1", A1, "2022-03-05")
        learners(early, A1, "L1", "L2", born="1950-01-01")
        attend(early, "S1", "L1")
        with LMS(db, today=TODAY) as late:
            attend(early, "S1", "L2")
            assert late.recount(check=True) == []
            assert late.figures("2022").rolled(late.metric("seniors.persons").numerator)[late.place(A1)] == 2


def test_a_check_in_just_before_a_report_reads_is_in_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that comes after folding and before the first read: the year (kept) and its quarter (counted) say the same."""
    with city(tmp_path / "city.db") as lms, LMS(tmp_path / "city.db", today=TODAY) as other:
        session(lms, "S1", A1, "2022-03-05")
        learners(lms, A1, "L1", "L2")
        lms.check_in("L1", "S1")
        fold, late = lms.totals.fold, iter(["L2"])

        def folded() -> None:
            fold()
            for who in late:
                other.check_in(who, "S1")

        monkeypatch.setattr(lms.totals, "fold", folded)
        with lms.moment():
            persons = [lms.figures(p).rolled(lms.metric("core.persons").numerator)[lms.place(A1)] for p in ("2022", "2022Q1")]
            other.check_in("L1", session_of(other))
            assert lms.figures("2022").rolled(lms.metric("core.visits").numerator)[lms.place(A1)] == 2
        assert persons == [2, 2]
        assert lms.figures("2022").rolled(lms.metric("core.visits").numerator)[lms.place(A1)] == 3


def test_a_report_comes_to_an_end_however_fast_people_check_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone checks in after each folding: in the end the reader keeps them waiting, and counts everyone who came."""
    with city(tmp_path / "city.db") as lms, LMS(tmp_path / "city.db", today=TODAY) as other:
        session(lms, "S1", A1, "2022-03-05")
        learners(lms, A1, *(f"L{n}" for n in range(100)))
        lms.check_in("L99", "S1")
        fold, coming = lms.totals.fold, iter(range(99))

        def folded() -> None:
            fold()
            if not lms.database.depth:
                other.check_in(f"L{next(coming)}", "S1")

        monkeypatch.setattr(lms.totals, "fold", folded)
        with lms.moment():
            persons = [lms.figures(p).rolled(lms.metric("core.persons").numerator)[lms.place(A1)] for p in ("2022", "2022Q1")]
        assert persons == [1 + next(coming)] * 2


def session_of(lms: LMS) -> str:
    """Another session, just added."""
    session(lms, "S2", A1, "2022-04-05")
    return "S2"


def test_others_write_while_a_file_is_read_and_while_totals_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only landing a batch takes the write lock."""
    file = tmp_path / "roster.csv"
    file.write_text("\n".join(["学员编号,姓名", *(f"F{n},某{n}" for n in range(30))]), encoding="utf-8")
    with city(tmp_path / "city.db") as lms, LMS(tmp_path / "city.db", today=TODAY) as other:
        session(lms, "S1", A1, "2022-03-05")
        learners(lms, A1, "L1", "L2")
        other.database.connection.execute("PRAGMA busy_timeout=0")
        monkeypatch.setattr("commlms.store.database.BUSY_TIMEOUT", 0)
        staged: list[int] = []

        def reading(_read: int) -> None:
            staged.append(other.check_in("L1", "S1"))

        assert lms.import_file("learner", file, progress=reading).new == 30
        assert staged[0]
        monkeypatch.setattr(type(lms.totals), "_recounted", lambda totals: (other.check_in("L2", "S1"), totals._kept("total"))[1])
        assert lms.recount(check=True) == []
        assert other.database.one("SELECT COUNT(*) FROM participation") == 2


@pytest.mark.parametrize("minutes", [-1, 100_000])
def test_a_check_in_refuses_minutes_that_cannot_be(minutes: int) -> None:
    """Negative or absurd minutes are refused, and nothing is written."""
    lms = city()
    session(lms, "S1", A1, "2022-03-05")
    learners(lms, A1, "L1")
    with pytest.raises(Exception, match="minutes"):
        lms.check_in("L1", "S1", minutes)
    assert lms.database.one("SELECT COUNT(*) FROM participation") == 0


def test_files_kept_and_purged_by_several_at_once_are_never_lost(tmp_path: Path) -> None:
    """Two keep the same 20 contents while a third keeps them and deletes some: what the index says is there can be read."""
    path = tmp_path / "city.db"
    LMS(path).close()
    running = [start(KEEP, str(path), word) for word in ("keep", "keep", "purge")]
    errors = [p.communicate()[1] for p in running]
    with LMS(path, keys=[b"k" * 32], lang="en") as lms:
        live = [f for f in lms.archive.list() if f.purged is None]
        assert len({f.digest for f in live}) == len(live)
        assert all(lms.archive.get(f.number) for f in live)
        assert [f.label.en for f in lms.doctor()] == []
    assert all("deleted on" in error for error in errors if error), errors
