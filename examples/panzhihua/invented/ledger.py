"""Invented activity ledgers: rows with only a number of people, some about sessions that also have sign-in lists."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from invented.activities import Activities, Session
from invented.city import CITY, ZONE, City, Institution
from invented.plan import LAST, Plan

#: Share of the rows about a session with a sign-in list; rows of the zone; rows with fewer people than signed in.
_SHARED, _ZONE_ROWS, _FEWER = 0.14, 30, 100


@dataclass(slots=True)
class Entry:
    """One ledger row. ``unnamed`` are the people besides those who signed in (人次).

    With ``besides`` the office wrote down just those; else everyone in the room, ``present``.
    """

    session: Session
    unnamed: int
    besides: bool
    fewer: int = 0

    @property
    def figure(self) -> int:
        """The number the office wrote down."""
        return self.unnamed if self.besides else max(1, self.session.named + self.unnamed - self.fewer)


class Ledger:
    """The rows of every year, with the wanted number of unnamed visits exactly."""

    def __init__(self, plan: Plan, city: City, activities: Activities) -> None:
        self.rng = Random(f"{plan.seed}:ledger")
        self.city, self.activities = city, activities
        self.entries: list[Entry] = []
        for year, rows in plan.rows.items():
            made = self._year(year, rows, plan.scale)
            self._fit([e for e in made if not e.fewer], plan.unnamed[year])
            self.entries += made

    def _year(self, year: int, rows: int, scale: float) -> list[Entry]:
        rng = self.rng
        with_list = [s for s in self.activities.sessions if s.on.year == year and s.named > 4 and s.host.place != CITY]
        shared = rng.sample(with_list, min(len(with_list), round(rows * _SHARED)))
        made = [Entry(s, rng.randint(8, 60), rng.random() < 0.3) for s in shared]
        if year == LAST:
            # Fewer people in the room than signed in: an office's slip that must not make negative people.
            for entry in made[: round(_FEWER * scale)]:
                entry.unnamed, entry.besides, entry.fewer = 0, False, rng.randint(1, 3)
        hosts = self._hosts(year, rows - len(made), scale)
        for host in hosts:
            group = rng.choices("SMFWR", (30, 15, 12, 5, 38))[0]
            session = self.activities.invent(rng, host, year, group)
            if rng.random() < 0.12:
                session.start = ""
            made.append(Entry(session, rng.randint(20, 135), rng.random() < 0.08))
        return made

    def _hosts(self, year: int, many: int, scale: float) -> list[Institution]:
        """Who holds the activities: in the last year every village that is not silent at least one."""
        rng, city = self.rng, self.city
        hosts = [city.college(ZONE)] * min(many, round(_ZONE_ROWS * scale) if year == LAST else 1)
        if year == LAST:
            hosts += [city.at[v][0] for v in city.villages if v not in city.silent][: many - len(hosts)]
        while len(hosts) < many:
            township = rng.choices(city.townships, [city.residents[t] for t in city.townships])[0]
            hosts.append(self.activities.host(township, year, "S"))
        return hosts

    def _fit(self, entries: list[Entry], wanted: int) -> None:
        """Move single people until the unnamed visits of the year are exactly ``wanted``."""
        missing = wanted - sum(e.unnamed for e in entries)
        step = 1 if missing > 0 else -1
        while missing:
            entry = self.rng.choice(entries)
            if entry.unnamed + step >= 5:
                entry.unnamed += step
                missing -= step
