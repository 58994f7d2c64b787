"""A Spark cluster of this machine: a master and two workers, each a Java process of its own, on loopback only."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs

MASTER, HOSTS = "127.0.0.1", ("127.0.0.2", "127.0.0.3")
#: Ends the whole process group when the end of this process closes the pipe, however this process ends.
_GUARD = '"$@" & cat; kill -9 0'
_PATIENCE = 120


@attrs.define
class Cluster:
    """The processes, by host; ``url`` is what a driver is told, ``status`` the master's own page of facts."""

    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = attrs.field(factory=dict)
    port: int = attrs.field(factory=lambda: _free_port())
    page: int = attrs.field(factory=lambda: _free_port())

    @property
    def url(self) -> str:
        """The master, as ``--master`` takes it."""
        return f"spark://{MASTER}:{self.port}"

    def start(self) -> None:
        """Start all three and wait until both workers have reported to the master."""
        self._run(MASTER, "master.Master", "--host", MASTER, "--port", f"{self.port}", "--webui-port", f"{self.page}")
        self._wait(lambda: "workers" in self.status())
        for host in HOSTS:
            work = self.folder / host
            self._run(host, "worker.Worker", "--host", host, "--cores", "1", "--memory", "1g", "-d", str(work), self.url)
        self._wait(lambda: self.alive() == set(HOSTS))

    def _run(self, host: str, name: str, *words: str) -> None:
        import pyspark

        home = Path(pyspark.__file__).parent
        environment = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": host, "SPARK_DAEMON_MEMORY": "256m"}
        command = ["sh", "-c", _GUARD, "sh", str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *words]
        with (self.folder / f"{host}.log").open("wb") as log:
            self.processes[host] = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment, start_new_session=True,
            )

    def status(self) -> dict[str, Any]:
        """What the master says of its workers and applications; empty while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://{MASTER}:{self.page}/json/", timeout=5) as answer:
                found: dict[str, Any] = json.load(answer)
        except OSError:
            return {}
        return found

    def alive(self) -> set[str]:
        """The hosts of the workers that the master counts on."""
        return {w["host"] for w in self.status().get("workers", ()) if w["state"] == "ALIVE"}

    def _wait(self, ready: Callable[[], bool]) -> None:
        patience = time.monotonic() + _PATIENCE
        while not ready():
            assert time.monotonic() < patience, "\n".join(p.read_text(errors="replace")[-2000:] for p in self.folder.glob("*.log"))
            time.sleep(0.1)

    def signal(self, host: str, number: int) -> None:
        """Send a signal to a worker and to the executors it has started."""
        os.killpg(self.processes[host].pid, number)

    def stop(self) -> None:
        """End everything that was started, and wait for it."""
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdin is not None:
                process.stdin.close()


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind((MASTER, 0))
        return int(opened.getsockname()[1])


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A running cluster that is gone afterwards."""
    made = Cluster(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@attrs.define
class Killer:
    """Kills a worker while the driver knows of ``tasks`` that run on it. ``running``: how many did when it was killed."""

    cluster: Cluster
    host: str
    tasks: Callable[[], int]
    running: int = 0
    _done: threading.Event = attrs.field(factory=threading.Event)
    _thread: threading.Thread | None = None

    def _hunt(self) -> None:
        while not self._done.is_set():
            if self.tasks():
                self.cluster.signal(self.host, signal.SIGSTOP)
                time.sleep(0.5)  # what was already on its way has arrived: what still runs now can no longer end
                self.running = self.tasks()
                self.cluster.signal(self.host, signal.SIGKILL if self.running else signal.SIGCONT)
                if self.running:
                    return
            time.sleep(0.01)

    def __enter__(self) -> Killer:
        self._thread = threading.Thread(target=self._hunt)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        assert self._thread is not None
        self._thread.join()
