"""Single figures of a report as they may be shown."""

from __future__ import annotations

import attrs

from commlms.core.labels import Label


@attrs.frozen
class Shown:
    """One integer as it may be shown. ``hidden``: "" (shown), ``small`` (1 to 4) or ``linked`` (protects another)."""

    value: int | None
    hidden: str = ""


@attrs.frozen
class Cell:
    """One metric at one place: two integers, or what is missing.

    ``ceiling`` is the most the numerator can be. ``estimated``: the denominator is, at least in part. ``not_reported``: how
    many of how many senders have not reported on it; None where no deliveries are kept.
    """

    metric: str
    numerator: Shown | None
    denominator: Shown | None = None
    ceiling: Shown | None = None
    estimated: bool = False
    missing: Label | None = None
    not_reported: tuple[int, int] | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing was recorded: a numerator of zero, with nothing that could raise it, or no data."""
        return (self.numerator is None or self.numerator.value == 0) and (self.ceiling is None or not self.ceiling.value)
