"""What a process took: wall seconds, processor seconds and its largest resident memory, read from the kernel at its end."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs

ROOT = Path(__file__).parents[1]
_LAUNCH = Path(__file__).with_name("launch.py")
_KIB_IN_MIB = 1024


class BenchFailed(Exception):
    """Something is wrong, not slow: figures that differ, a write that was lost, a command that failed."""


@attrs.frozen
class Spent:
    """Wall seconds, processor seconds and peak memory (MiB) of a process, and what it gave."""

    seconds: float
    cpu: float
    peak: float
    result: Any = None


def commlms(*words: object) -> list[str]:
    """The command line ``commlms`` as it is installed."""
    return [str(Path(sys.executable).with_name("commlms")), *map(str, words)]


def run(command: Sequence[str], fine: Sequence[int] = (0,)) -> Spent:
    """Run a command in its own process; its whole life is measured. :class:`BenchFailed` if it ends otherwise than ``fine``."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err, tempfile.TemporaryFile("w+") as report:
        launched = [sys.executable, "-I", "-S", str(_LAUNCH), str(report.fileno()), *command]
        ended = subprocess.run(launched, stdout=out, stderr=err, cwd=ROOT, pass_fds=[report.fileno()], check=False)
        for file in (out, err, report):
            file.seek(0)
        if ended.returncode not in fine:
            raise BenchFailed(f"{' '.join(command)} ended with {ended.returncode}:\n{out.read()}{err.read()}")
        seconds, cpu, peak = map(float, report.read().split())
        return Spent(seconds, cpu, peak / _KIB_IN_MIB, out.read())


def child(function: Callable[..., Any], *arguments: Any) -> list[str]:
    """The command that runs a function of the bench, which takes a clock first, in a process of its own."""
    return [sys.executable, "-m", "bench.child", function.__module__, function.__name__, json.dumps(arguments)]


def call(function: Callable[..., Any], *arguments: Any) -> Spent:
    """Run such a function. Times are its clock's if it used it, else the whole process's."""
    whole = run(child(function, *arguments))
    said = json.loads(whole.result)
    if not said["seconds"]:
        return attrs.evolve(whole, result=said["result"])
    return Spent(said["seconds"], said["cpu"], whole.peak, said["result"])


def median(runs: Sequence[Spent]) -> Spent:
    """The medians of the times, the largest memory, the last result."""
    return Spent(
        statistics.median(r.seconds for r in runs), statistics.median(r.cpu for r in runs), max(r.peak for r in runs), runs[-1].result,
    )


def alternate(repeats: int, *works: Callable[[int], Spent]) -> list[Spent]:
    """Run the works in turn, ``repeats`` times each, so that a busy machine is busy for all; gives the median of each."""
    runs = [[work(n) for work in works] for n in range(repeats)]
    return [median(each) for each in zip(*runs, strict=True)]


def copied(source: Path, target: Path) -> Path:
    """A copy of a closed database, in the page cache and with nothing left to write back."""
    if source.with_name(source.name + "-wal").exists():
        raise BenchFailed(f"{source.name} is still open")
    for left in target.parent.glob(target.name + "*"):
        left.unlink()
    shutil.copyfile(source, target)
    os.sync()
    return target


def warm(path: Path) -> Path:
    """Read a file once, so that it is in the page cache."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass
    return path
