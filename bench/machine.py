"""The head of the results: when, on what, with which versions, and how to read the table."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import os
import platform
import sqlite3
from pathlib import Path

_HEAD = """# Results of the bench

Written by `make bench` on {date}: {minutes:.0f} minutes on {machine}.
{versions}.

Ours and its floor or peer run in turn in the same run, each in a process of its own, with files in the page cache. Times are wall
seconds, with the processor's in brackets; a ratio is of processor seconds where one thread works, so that a busy machine does not
change it, and of wall seconds where the wait is the point or the peer uses several threads. The other ratio stands in brackets.
Every database that a case wrote was counted again at the end (`recount --check`): no difference."""
_PACKAGES = ("commlms", "sqlite-utils", "python-calamine", "duckdb", "pyarrow", "psycopg")


def described(seconds: float) -> str:
    """Title, date, machine and versions of a run that took so long."""
    versions = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    versions += [f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES if _installed(name)]
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return _HEAD.format(date=today, minutes=seconds / 60, machine=_machine(), versions=", ".join(versions))


def _installed(name: str) -> bool:
    try:
        return bool(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False


def _machine() -> str:
    """Processors and memory; no name of a machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cpu = next((line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} processors ({cpu}), {memory:.0f} GiB, {platform.system()}"


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
