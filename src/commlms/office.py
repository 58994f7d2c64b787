"""An office's paper: what comes from below and what goes above. It delegates and holds no logic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from commlms.core.labels import Lang
from commlms.ingest.review import Case, Review, Verdict
from commlms.report.fill import Filled, fill
from commlms.store.search import Match, find_learners

if TYPE_CHECKING:
    from commlms.lms import LMS


@attrs.frozen
class Office:
    """What an office does with the paper of one database, as the LMS's actor."""

    lms: LMS

    def open_cases(self) -> list[Case]:
        """What only a person can decide: who the held of attendance lists are, and which learners may be one."""
        with self.lms.moment():
            return self._review.open_cases()

    def decide(self, case: Case, verdict: Verdict, choice: int = 0) -> int:
        """Write what a person decided of a case; gives the journal entry. ``same``: it is the candidate of number ``choice``."""
        return self._review.decide(case, verdict, choice)

    def find(self, words: str) -> list[Match]:
        """At most 20 learners by code, name, part of a name, or pinyin (``wangfang``, ``wang fang``, ``wf``)."""
        return find_learners(self.lms.database, words)

    @property
    def _review(self) -> Review:
        lms = self.lms
        return Review(lms.database, lms.totals, lms.actor, lms.reason, lms.same, lms.different, lms._announce)

    def fill(
        self, form: str | Path, period: str | None = None, *, bindings: str | Path | None = None, out: str | Path | None = None,
        lang: Lang | None = None,
    ) -> Filled:
        """Fill a received form (.xlsx, .xlsm, .docx) as the TOML file beside it says; gives where it is, and every figure in it.

        Raises :class:`PolicyError` with file and line for a wrong binding, :class:`FileRefused` for the form.
        """
        return fill(
            self.lms, Path(form), period=period, bindings=None if bindings is None else Path(bindings),
            out=None if out is None else Path(out), lang=lang or self.lms.lang,
        )
