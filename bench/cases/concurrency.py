"""Eight processes check people in while a report is read in a loop and a file is imported: no error, no lost write."""

from __future__ import annotations

import csv
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from bench.child import Clock
from bench.city import TODAY, City, connect
from bench.counting import read_all
from bench.invented import OPEN_SESSIONS
from bench.measured import ROOT, BenchFailed, child, commlms
from bench.results import Row, duration
from bench.scales import YEARS
from commlms import LMS, Actor

_WRITERS = 8
_POLL = 0.01


def rows(city: City) -> Iterator[Row]:
    """Throughput and times of the check-ins, and how often the report was read meanwhile."""
    database, seconds = city.copy(city.database, "concurrent"), city.scale.seconds
    learners = city.scale.learners
    file, brought = _sign_ins(city.folder / "beside.csv", min(100_000, learners))
    before = _participations(database)
    door = Door(city.folder / "door")
    desks = [child(write, str(database), str(door.folder), number, learners, seconds) for number in range(_WRITERS)]
    office = commlms("--db", database, "--as", "office", "import", "participation", file, "--json")
    *said, imported = _together([*desks, child(read, str(database), str(door.folder), seconds)], door, office)
    *writers, reader = [json.loads(each)["result"] for each in said]
    took = sorted(t for w in writers for t in w["took"])
    errors = [e for each in (*writers, reader) for e in each["errors"]]
    lost = before + len(took) + brought - _participations(database)
    if errors or lost or json.loads(imported)["new"] != brought:
        raise BenchFailed(f"concurrent writers: {len(errors)} errors {errors[:3]}, {lost} writes lost, the import said {imported}")
    per_second, reports = len(took) / max(w["lasted"] for w in writers), reader["took"]
    at = {share: duration(took[min(int(len(took) * share), len(took) - 1)]) for share in (0.5, 0.99)}
    yield Row(
        "concurrency", f"{_WRITERS} processes check in, one reads the year's report in a loop, one imports {brought:,} rows: {seconds} s",
        f"{per_second:,.0f} check-ins /s, p50 {at[0.5]}, p99 {at[0.99]}, max {duration(took[-1])}; "
        f"{len(reports)} reports, the slowest {duration(max(reports))}",
        "", shown="no error, no write lost",
    )


@attrs.frozen
class Door:
    """A folder in which processes that are ready leave a file and wait for the one that lets all in."""

    folder: Path

    def wait(self, name: str) -> float:
        """Say that one is ready, wait, give the moment."""
        (self.folder / name).touch()
        while not (self.folder / "open").exists():
            time.sleep(_POLL)
        return time.monotonic()

    def open(self, awaited: int, still_there: Callable[[], bool]) -> None:
        """Let all in once so many are ready, or one has gone."""
        while len(list(self.folder.iterdir())) < awaited and still_there():
            time.sleep(_POLL)
        (self.folder / "open").touch()


def write(_: Clock, database: str, door: str, number: int, learners: int, seconds: int) -> dict[str, object]:
    """One desk: check-ins for so long; gives the seconds of each, and what went wrong."""
    took: list[float] = []
    errors: list[str] = []
    with LMS(database, actor=Actor(f"desk {number}"), today=TODAY) as lms:
        began = Door(Path(door)).wait(f"desk {number}")
        for n in range(learners * (OPEN_SESSIONS - 1) // _WRITERS):
            if time.monotonic() > began + seconds:
                break
            pair = n * _WRITERS + number
            started = time.perf_counter()
            try:
                written = lms.check_in(f"L{pair % learners:07d}", f"N{pair // learners:03d}")
            except Exception as error:  # whatever reaches a user is counted
                errors.append(f"{type(error).__name__}: {error}")
                continue
            took.append(time.perf_counter() - started)
            if not written:
                errors.append("a check-in was taken for an old one")
        return {"took": took, "errors": errors, "lasted": time.monotonic() - began}


def read(_: Clock, database: str, door: str, seconds: int) -> dict[str, object]:
    """Reads every figure of the last year again and again; its visits may only grow."""
    took: list[float] = []
    errors, seen = [], 0
    with LMS(database, today=TODAY) as lms:
        visits = lms.metric("core.visits")
        end = Door(Path(door)).wait("reader") + seconds
        while not took or time.monotonic() < end:
            began = time.perf_counter()
            try:
                now = sum(read_all(lms, str(YEARS[-1])).own(visits.numerator).values())
            except Exception as error:  # whatever reaches a user is counted
                errors.append(f"{type(error).__name__}: {error}")
                break
            took.append(time.perf_counter() - began)
            if now < seen:
                errors.append("a later report showed fewer visits")
            seen = now
    return {"took": took, "errors": errors}


def _sign_ins(path: Path, count: int) -> tuple[Path, int]:
    """A file of learners at the last open session, which no desk fills."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("学员编号", "场次编号"))
        writer.writerows((f"L{n:07d}", f"N{OPEN_SESSIONS - 1:03d}") for n in range(count))
    return path, count


def _participations(database: Path) -> int:
    connection = connect(database)
    found: int = connection.execute("SELECT COUNT(*) FROM participation").fetchone()[0]
    connection.close()
    return found


def _together(commands: list[list[str]], door: Door, last: list[str]) -> list[str]:
    """Run commands at the same time, and one more as the door opens; gives what each said. Raises :class:`BenchFailed` if one failed."""
    door.folder.mkdir()

    def start(command: list[str]) -> subprocess.Popen[str]:
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    started = [start(c) for c in commands]
    door.open(len(commands), lambda: all(p.poll() is None for p in started))
    ended = [(p.communicate(), p.returncode) for p in [*started, start(last)]]
    if failed := [f"{out}{err}" for (out, err), status in ended if status]:
        raise BenchFailed("a process beside others failed:\n" + "\n".join(failed))
    return [out for (out, _), _ in ended]
