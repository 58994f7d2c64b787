"""An office's paper: what comes from below and what goes above. It delegates and holds no logic."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from commlms.core.days import Period
from commlms.core.labels import Lang
from commlms.ingest.deliveries import Deliveries, Fate, Plan
from commlms.ingest.doubles import Double, possible_doubles
from commlms.ingest.progress import Progress
from commlms.ingest.received import Received, received
from commlms.ingest.review import Case, Review, Verdict
from commlms.ingest.taking import Offer, TakeOptions
from commlms.report.fill import Filled, fill
from commlms.store.geography import code_and_name
from commlms.store.search import Match, find_learners

if TYPE_CHECKING:
    from commlms.lms import LMS


@attrs.frozen
class Office:
    """What an office does with the paper of one database, as the LMS's actor."""

    lms: LMS

    def take(
        self, paths: Iterable[str | Path], *, year: int | None = None, period: str | None = None, under: str | None = None,
        fewer: bool = False, columns: str | Path | None = None,
    ) -> list[Fate]:
        """Take files, and folders of files, as streets send them; gives what became of each.

        ``year`` is that of dates without one, ``period`` and ``under`` fix the period and the sender, ``columns`` is the folder
        of saved columns. A delivery is what one sender says in one shape for one period: one transaction, one journal entry,
        which ``undo`` takes back. A later one replaces it, and is not taken if it says over a fifth less, unless ``fewer``.
        What cannot be taken does not stop the others. Raises :class:`UnknownName` for a period or a place that is none,
        :class:`StoreError` where files could not be archived for want of a key.
        """
        self.lms.archive.check()
        return list(self.taking(self.plan(paths, self.options(year, period, under, fewer, columns)), fewer))

    def options(
        self, year: int | None = None, period: str | None = None, under: str | None = None, fewer: bool = False,
        columns: str | Path | None = None,
    ) -> TakeOptions:
        """What a person says of the files to be taken, for :meth:`plan`."""
        lms = self.lms
        return TakeOptions(
            year=year, period=Period.parse(period) if period else None, under=lms.place(under) if under else None, fewer=fewer,
            columns=Path(columns) if columns else None,
        )

    def plan(self, paths: Iterable[str | Path], options: TakeOptions | None = None, progress: Progress | None = None) -> Plan:
        """What taking these files would do, in the order in which it would be done; nothing is written."""
        return self._deliveries.plan(paths, options or TakeOptions(), progress)

    def taking(
        self, plan: Plan, accepted: bool | Collection[Offer] = (), progress: Progress | None = None
    ) -> Iterator[Fate]:
        """Take a plan, one delivery at a time; ``accepted``: the doubtful offers that a person says to take, or whether all."""
        return self._deliveries.taking(plan, accepted, progress)

    def deliveries(self, period: str | Period | None = None, level: str | None = None) -> Received:
        """What was sent for a period (this year if None) and counts, and who of those expected to send has not."""
        found = period if isinstance(period, Period) else Period.parse(period or str(self.lms.today // 10_000))
        with self.lms.moment():
            return received(self.lms.database, self.lms.records, found, level)

    def sender(self, place: int) -> tuple[str, str]:
        """Code and name of a place that offers and refusals give by its number; the name has the code behind it where two share it."""
        return code_and_name(self.lms.database, place)

    def possible_doubles(self) -> list[Double]:
        """Sessions that two senders may both have reported; ``same`` and ``different`` decide about them."""
        with self.lms.moment():
            return possible_doubles(self.lms.database)

    @property
    def _deliveries(self) -> Deliveries:
        lms = self.lms
        return Deliveries(lms.database, lms.totals, lms.records, lms._importer, lms._keys, lms.archive, lms._announce)

    def open_cases(self) -> list[Case]:
        """What only a person can decide: who the held of attendance lists are, and which learners and sessions may be one."""
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
