"""How much is invented: the totals of the example, and the same at a smaller scale."""

from __future__ import annotations

from dataclasses import dataclass

YEARS = (2020, 2021, 2022)
LAST = YEARS[-1]
_LEARNERS, _MOVES = 60_000, 200
_SESSIONS = {2020: 3_000, 2021: 4_000, 2022: 9_000}
_VISITS = {2020: 70_000, 2021: 90_000, 2022: 240_000}
_ROWS = {2020: 150, 2021: 250, 2022: 8_600}
_UNNAMED = {2020: 2_000, 2021: 3_000, 2022: 595_000}


def _scaled(by_year: dict[int, int], scale: float) -> dict[int, int]:
    return {year: max(2, round(n * scale)) for year, n in by_year.items()}


@dataclass(frozen=True)
class Plan:
    """The totals to reach. ``sessions``, ``visits`` (named, 人次), ``rows`` (ledger) and ``unnamed`` (人次) by year."""

    seed: int
    scale: float
    learners: int
    moves: int
    sessions: dict[int, int]
    visits: dict[int, int]
    rows: dict[int, int]
    unnamed: dict[int, int]

    @classmethod
    def at(cls, scale: float, seed: int) -> Plan:
        """The plan at a scale; 1 is the whole city."""
        return cls(
            seed, scale, max(200, round(_LEARNERS * scale)), max(4, round(_MOVES * scale)), _scaled(_SESSIONS, scale),
            _scaled(_VISITS, scale), _scaled(_ROWS, scale), _scaled(_UNNAMED, scale),
        )
