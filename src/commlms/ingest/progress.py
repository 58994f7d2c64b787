"""How far a long work is, told to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from commlms.core.labels import Label

#: Told how many rows have been read.
Progress = Callable[[int], None]
READING, WRITING = Label("读入", "reading"), Label("写入", "writing")


@runtime_checkable
class Phased(Protocol):
    """A :data:`Progress` that is also told what is counted from now on, and up to how many; 0 where nobody knows."""

    def begin(self, what: Label, total: int) -> None:
        """Count from nothing again."""

    def __call__(self, done: int) -> None:
        """So many are done."""


def phase(progress: Progress | None, what: Label, total: int) -> Progress:
    """Begin a phase; gives what is to be told of it. A plain function hears how many rows have been read, and of no other phase."""
    if isinstance(progress, Phased):
        progress.begin(what, total)
        return progress
    return progress if progress and what is READING else lambda _: None
