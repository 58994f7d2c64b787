"""What a report asks of the system it reports on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from commlms.core.days import Period
from commlms.core.labels import Label
from commlms.core.policies import Policy
from commlms.core.registry import Registry
from commlms.measure.conflicts import SideBySide
from commlms.measure.figures import Figures
from commlms.measure.judge import Judgement
from commlms.store.database import Database
from commlms.store.geography import Tree


class PluginNames(Protocol):
    """A plugin host, as far as a report needs it."""

    @property
    def names(self) -> Collection[str]:
        """The names of the loaded plugins."""


class Source(Protocol):
    """The services a report is made from; :class:`commlms.LMS` is one. ``today`` is a day as an integer."""

    database: Database
    today: int

    @property
    def host(self) -> PluginNames:
        """The plugins."""

    @property
    def registry(self) -> Registry:
        """Everything declared."""

    @property
    def origin(self) -> Label | None:
        """Where the figures are from, if not from the database."""

    @property
    def invented(self) -> bool:
        """Whether the data are invented."""

    def place(self, code: str, day: int | None = None) -> int:
        """The id of a place by code or name."""

    def moment(self) -> AbstractContextManager[None]:
        """Around several reads that must see the database as it is at one moment."""

    def figures(self, period: str | Period, tree: Tree = "admin") -> Figures:
        """All figures of a period on a tree."""

    def judge(
        self, policies: Iterable[str] | None = None, *, as_of: dt.date | None = None, place: str | None = None,
    ) -> list[tuple[Policy, Judgement]]:
        """The verdict of every target as of a day."""

    def conflicts(self, judged: Sequence[tuple[Policy, Judgement]]) -> Sequence[SideBySide]:
        """The contradictions among these judgements."""
