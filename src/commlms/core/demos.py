"""What a demo is: an invented city on a real map, as the files that its offices would send, and the days to judge it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from commlms.core.errors import DeclarationError
from commlms.core.labels import Label

_KEY = re.compile(r"^[a-z][a-z0-9_-]*$")


@attrs.frozen
class DemoFile:
    """One file of a demo and the record it is imported into, in this order; ``under`` is the sender's place."""

    record: str
    path: Path
    under: str = ""


@attrs.frozen
class Demo:
    """A demo that ``commlms demo`` makes: its files, and the days as of which the documents are judged.

    ``holds`` says what is in it and where it is from: what is real, what is invented. ``files`` writes files below a folder,
    which is there and empty, and gives them in the order in which they are imported. ``place`` is the code of the place that the
    report and the verdicts are about; without one they are about everything.
    """

    key: str
    zh: str
    en: str
    holds: Label
    days: tuple[dt.date, ...]
    files: Callable[[Path], Sequence[DemoFile]] = attrs.field(eq=False, repr=False)
    place: str = ""

    def __attrs_post_init__(self) -> None:
        if not _KEY.match(self.key):
            raise DeclarationError(Label(f"演示的键「{self.key}」须为小写字母", f"the key of a demo must be lower-case words: {self.key}"))
        if not self.days or list(self.days) != sorted(set(self.days)):
            raise DeclarationError(Label(
                f"演示「{self.key}」须有判定日，由早到晚", f"demo {self.key} needs its days, the earliest first, each once",
            ))

    @property
    def label(self) -> Label:
        """Its name in both languages."""
        return Label(self.zh, self.en)
