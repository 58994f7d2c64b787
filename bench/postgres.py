"""PostgreSQL as a peer: a throw-away server on the same disk with its defaults, and raw one-row transactions in it."""

from __future__ import annotations

import os
import pwd
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
_TABLE = (
    "CREATE TABLE participation (learner bigint NOT NULL, session bigint NOT NULL, minutes bigint, journal bigint NOT NULL, "
    "PRIMARY KEY (learner, session))"
)


@attrs.frozen
class Peer:
    """What the server did: transactions per second, the median seconds of one, the server's version."""

    per_second: float
    median: float
    version: str


class Skipped(Exception):
    """Why there is no server to compare with."""


def one_row_transactions(folder: Path, count: int) -> tuple[Peer | None, str]:
    """Insert so many rows, each in its own committed transaction; or None and the reason it could not be done."""
    try:
        import psycopg
    except ImportError:
        return None, "skipped: psycopg is not installed (pip install 'commlms[bench]')"
    try:
        with _server(folder) as where, psycopg.connect(where, autocommit=True) as connection:
            connection.execute(_TABLE)
            took = []
            for n in range(count):
                started = time.perf_counter()
                connection.execute("INSERT INTO participation VALUES (%s, %s, %s, %s)", (n, n % 30, 45, n))
                took.append(time.perf_counter() - started)
            version = connection.info.server_version // 10_000
    except (Skipped, OSError, subprocess.SubprocessError) as why:
        return None, f"skipped: {why}"
    return Peer(count / sum(took), statistics.median(took), str(version)), ""


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """A new server with its defaults, on a socket in a temporary folder inside ``folder``; gives where it is."""
    if not _BINARIES:
        raise Skipped("PostgreSQL is not installed")
    user = _unprivileged()
    with tempfile.TemporaryDirectory(dir=folder, prefix="pg-") as data, tempfile.TemporaryDirectory(prefix="pg-") as socket:
        if user:
            shutil.chown(data, user.pw_uid, user.pw_gid)
            shutil.chown(socket, user.pw_uid, user.pw_gid)
        binaries = _BINARIES[-1]

        def run(*words: str) -> None:
            done = subprocess.run(
                words, cwd=socket, user=user.pw_uid if user else None, group=user.pw_gid if user else None,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
            )
            if done.returncode:
                raise Skipped((done.stderr or "the server did not start").strip().splitlines()[-1])

        cluster = f"{data}/cluster"
        run(str(binaries / "initdb"), "-D", cluster, "-U", "bench", "-A", "trust", "--no-locale", "-E", "UTF8")
        control = str(binaries / "pg_ctl")
        run(control, "-D", cluster, "-w", "-l", f"{data}/log", "-o", f"-k {socket} -c listen_addresses=", "start")
        try:
            yield f"host={socket} user=bench dbname=postgres"
        finally:
            run(control, "-D", cluster, "-w", "-m", "immediate", "stop")


def _unprivileged() -> pwd.struct_passwd | None:
    """Somebody to run the server as, which refuses to run as root; None where we are nobody special."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Skipped("there is no user but root to run PostgreSQL as")
