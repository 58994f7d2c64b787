"""A terminal with somebody at it: a process on a pseudo-terminal, what it shows, and what is typed."""

from __future__ import annotations

import codecs
import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

#: How long a test waits for what must come, in seconds; never a measure of speed.
PATIENCE = 120


class Console:
    """One command run on a pseudo-terminal of 80 columns; standard output and error are the terminal's, as a person sees them."""

    def __init__(self, *words: str | Path, folder: Path, env: Mapping[str, str] | None = None, encoding: str = "utf-8") -> None:
        self.encoding, self.shown = encoding, ""
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._terminal, inside = pty.openpty()
        termios.tcsetwinsize(inside, (24, 80))
        self.process = subprocess.Popen(
            [sys.executable, *map(str, words)], cwd=folder, env={**os.environ, **(env or {})}, stdin=inside, stdout=inside,
            stderr=inside, start_new_session=True, preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)),
        )
        os.close(inside)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._terminal)

    def until(self, text: str) -> str:
        """Everything shown since the last call, up to ``text``."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert self._read(deadline), f"{text!r} was never shown, but: {self.shown!r}"
        at = self.shown.index(text) + len(text)
        before, self.shown = self.shown[:at], self.shown[at:]
        return before

    def type(self, text: str) -> None:
        """Type a text; ``\\x03`` is Ctrl-C, ``\\x04`` the end of the input, ``\\n`` Enter."""
        os.write(self._terminal, text.encode(self.encoding))

    def end(self) -> tuple[int, str]:
        """Wait for the end: the exit status, and everything shown since the last call."""
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline):
            pass
        return self.process.wait(PATIENCE), self.shown

    def _read(self, deadline: float) -> bool:
        """Read what is there; False at the end of the process."""
        if not select.select([self._terminal], [], [], max(0, deadline - time.monotonic()))[0]:
            raise TimeoutError(self.shown)
        try:
            block = os.read(self._terminal, 65_536)
        except OSError:  # the other end is closed
            block = b""
        self.shown = (self.shown + self._decoder.decode(block)).replace("\r\n", "\n")
        return bool(block)
