"""A second process that writes to the same database, as it is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from commlms import LMS, CommLMSError, Label, UndoRefused
from tests.measure.city import TODAY

_PROGRAM = f"""
import datetime, operator, sys
from commlms import LMS, CommLMSError
lms = LMS(sys.argv[1], today=datetime.date({TODAY.year}, {TODAY.month}, {TODAY.day}))
print("ready", flush=True)
for line in sys.stdin:
    name, given, named = eval(line)
    try:
        operator.attrgetter(name)(lms)(*given, **named)
    except CommLMSError as refused:
        print(type(refused).__name__, flush=True)
    else:
        print("done", flush=True)
"""


class Peer:
    """Does what is asked of an LMS in another process, which stays open."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._answer() == "ready"

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def do(self, name: str, *given: Any, **named: Any) -> None:
        """Call a method by its name; raises what it raised."""
        assert self.process.stdin is not None
        print(repr((name, given, named)), file=self.process.stdin, flush=True)
        answer = self._answer()
        if answer != "done":
            assert answer.isidentifier(), "the other process ended"
            raise (UndoRefused if answer == "UndoRefused" else CommLMSError)(Label(answer, answer))

    def close(self) -> None:
        """End the process; it must have ended well."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait(timeout=60) == 0


class Writers:
    """Writes alternately from this process and from another; ``lms`` may be opened anew in between."""

    def __init__(self, lms: LMS, path: Path) -> None:
        self.lms, self.peer, self.turn = lms, Peer(path), 0

    def do(self, name: str, *given: Any, **named: Any) -> None:
        """One write, by whoever's turn it is; raises :class:`CommLMSError` where it is refused."""
        self.turn += 1
        if self.turn % 2:
            self.peer.do(name, *given, **named)
        else:
            owner, _, method = name.rpartition(".")
            getattr(getattr(self.lms, owner) if owner else self.lms, method)(*given, **named)
