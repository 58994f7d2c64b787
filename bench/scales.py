"""How large an invented city is, and how long it is measured."""

from __future__ import annotations

import attrs

#: Three years of sessions.
YEARS = (2020, 2021, 2022)


@attrs.frozen
class Scale:
    """One size of the city. ``further`` rows of participation come last, onto all others; 0 where the first import is measured."""

    name: str
    learners: int
    participations: int
    further: int
    roster: int = 100_000
    checkins: int = 2_000
    districts: int = 11
    streets: int = 176
    villages: int = 2_800
    sessions: int = 60_000
    repeats: int = 1
    seconds: int = 20

    @property
    def per_learner(self) -> int:
        """Participations of a learner on average."""
        return -(-(self.participations + self.further) // self.learners)

    @property
    def title(self) -> str:
        """The city in words."""
        places = 1 + self.districts + self.streets + self.villages
        return f"{self.learners:,} learners, {self.participations:,} participations, {places:,} places, {len(YEARS)} years"


TENTH = Scale("tenth", learners=100_000, participations=1_000_000, further=0, repeats=3, seconds=10)
FULL = Scale("full", learners=1_000_000, participations=10_000_000, further=1_000_000)
SCALES = {s.name: s for s in (TENTH, FULL)}
