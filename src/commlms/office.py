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
from commlms.ingest.received import Received, received
from commlms.ingest.staging import Progress
from commlms.ingest.taking import Offer, TakeOptions
from commlms.report.fill import Filled, fill

if TYPE_CHECKING:
    from commlms.lms import LMS


@attrs.frozen
class Office:
    """What an office does with the paper of one database, as the LMS's actor."""

    lms: LMS

    def plan(self, paths: Iterable[str | Path], options: TakeOptions | None = None, progress: Progress | None = None) -> Plan:
        """What taking these files, and folders of files, would do; nothing is written."""
        return self._deliveries.plan(paths, options or TakeOptions(), progress)

    def take(self, paths: Iterable[str | Path], options: TakeOptions | None = None) -> list[Fate]:
        """Take files, and folders of files; gives what became of each. What a person would be asked about is not taken.

        A delivery is what one sender says in one shape for one period: one transaction, one journal entry, which ``undo`` takes
        back. A later one replaces it. What cannot be taken does not stop the others.
        """
        return self._deliveries.take(paths, options or TakeOptions())

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

    def possible_doubles(self) -> list[Double]:
        """Sessions that two senders may both have reported; ``same`` and ``different`` decide about them."""
        with self.lms.moment():
            return possible_doubles(self.lms.database)

    @property
    def _deliveries(self) -> Deliveries:
        lms = self.lms

        def keep(offer: Offer) -> int | None:
            return lms.archive.keep(offer.paper.path.read_bytes(), offer.paper.path.name, offer.sender, offer.shape.partition(":")[0])

        return Deliveries(lms.database, lms.totals, lms.records, lms._importer, lms._keys, keep, lms._announce)

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
