"""Invented sessions and who attended them: named participations, spread over townships, groups and years."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from random import Random

from invented.city import CITY, City, Institution, county_of
from invented.people import People
from invented.plan import LAST, YEARS, Plan
from invented.topics import TOPICS, Topic

#: How many start times a twin of a session is moved by, in minutes.
_TWIN_AFTER = 240
_DAYS = {2020: (121, 365), 2021: (1, 364), 2022: (1, 363)}


@dataclass(slots=True)
class Session:
    """One dated meeting. ``minutes`` is None if the office did not write it down; ``start`` may be empty."""

    code: str
    host: Institution
    on: dt.date
    start: str
    theme: str
    minutes: int | None
    group: str
    topic: Topic
    offering: str = ""
    program: str = ""
    mode: str = ""
    venue: str = ""
    named: int = 0

    @property
    def county(self) -> str:
        """The county (or city, or zone) whose office reports it."""
        return county_of(self.host.place)


@dataclass(frozen=True, slots=True)
class Offering:
    """A course run by an institution in one year."""

    code: str
    course: str
    host: Institution
    since: dt.date
    until: dt.date


def theme_key(theme: str) -> str:
    """What stays of a theme when punctuation and spaces go."""
    return "".join(c for c in theme if c.isalnum())


def random_day(rng: Random, year: int, *, workday: bool) -> dt.date:
    """A day of the year; with ``workday`` Monday to Friday."""
    while True:
        day = dt.date(year, 1, 1) + dt.timedelta(days=rng.randint(*_DAYS[year]))
        if not workday or day.weekday() < 5:
            return day


class Themes:
    """Hands out themes so that no institution has one theme twice on one day."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, dt.date, str]] = set()

    def take(self, host: Institution, on: dt.date, theme: str) -> str:
        """The theme, numbered if it is taken."""
        wanted, turn = theme, 1
        while (host.code, on, theme_key(wanted)) in self._taken:
            turn += 1
            wanted = f"{theme}（第{turn}场）"
        self._taken.add((host.code, on, theme_key(wanted)))
        return wanted


def spread(total: int, weights: list[int]) -> list[int]:
    """``total`` shared in proportion to the weights, at least 1 each where the total allows it."""
    if total <= len(weights):
        return [1] * len(weights)
    left, whole = total - len(weights), sum(weights)
    marks = [0] + [left * part // whole for part in accumulate(weights)]
    return [1 + b - a for a, b in pairwise(marks)]


class Activities:
    """Sessions, offerings and visits. A visit is (learner index, session index, own minutes or 0)."""

    def __init__(self, plan: Plan, city: City, people: People, themes: Themes) -> None:
        self.rng = Random(f"{plan.seed}:activities")
        self.city, self.people, self.themes = city, people, themes
        self.sessions: list[Session] = []
        self.offerings: list[Offering] = []
        self.visits: list[tuple[int, int, int]] = []
        self._running: dict[tuple[str, str, int], Offering] = {}
        # Below a third of the full size a township has too few visits to fill sessions of its own.
        self._by_township = plan.scale >= 0.3
        for year in YEARS:
            self._year(year, plan)
        self._twin_sessions()

    def _counts(self, year: int, plan: Plan) -> Counter[int]:
        """Visits by learner index. Everyone comes at least once in the last year, about 60 % before it."""
        everyone = range(len(self.people.learners))
        goers = [n for n in everyone if year == LAST or (n % 5 < 3 and (n // 5 + year) % 4)]
        counts = Counter(goers)
        counts.update(self.rng.choices(goers, k=max(0, plan.visits[year] - len(goers))))
        return counts

    def _year(self, year: int, plan: Plan) -> None:
        counts = self._counts(year, plan)
        groups: dict[tuple[str, str], list[int]] = defaultdict(list)
        for n in counts:
            person = self.people.learners[n]
            groups[person.area if self._by_township else county_of(person.area), person.group].append(n)
        keys = sorted(groups)
        sizes = [sum(counts[n] for n in groups[key]) for key in keys]
        over = 0
        for key, many in zip(keys, spread(plan.sessions[year], sizes), strict=True):
            first = len(self.sessions)
            for _ in range(many):
                self.sessions.append(self._session(year, *key))
            over = self._attend(groups[key], counts, first, many, over)

    def _attend(self, members: list[int], counts: Counter[int], first: int, many: int, over: int) -> int:
        """Choose sessions for each member. What one cannot attend twice another takes over; the rest is returned."""
        rng = self.rng
        chosen: dict[int, set[int]] = {}
        for n in members:
            want = min(counts[n], many)
            over += counts[n] - want
            chosen[n] = set(rng.sample(range(many), want))
        for n in members:
            while over and len(chosen[n]) < many:
                chosen[n].add(rng.choice([s for s in range(many) if s not in chosen[n]]))
                over -= 1
        for n in members:
            for s in sorted(chosen[n]):
                session = self.sessions[first + s]
                session.named += 1
                own = rng.choice((30, 45, 60)) if rng.random() < 0.1 else 0
                self.visits.append((n, first + s, own))
        return over

    def host(self, area: str, year: int, group: str) -> Institution:
        """An institution of an area that holds sessions for a group in a year."""
        rng, city = self.rng, self.city
        if area == CITY or (len(area) == 6 and rng.random() < 0.05):
            return city.college(area)
        if len(area) == 6:
            area = rng.choice([t for t in city.townships if t.startswith(area)])
        elif rng.random() < 0.04:
            return city.college(area[:6])
        return rng.choice(city.hosts(area, last_year=year == LAST, seniors=group == "S"))

    def _session(self, year: int, area: str, group: str) -> Session:
        rng = self.rng
        host = self.host(area, year, group)
        made = self.invent(rng, host, year, group)
        made.code = f"CC{year}-{len(self.sessions) + 1:06d}"
        if made.topic.course and host.kind == "社区学校" and rng.random() < 0.3:
            made.offering = self._offering(host, made.topic.course, year)
        return made

    def invent(self, rng: Random, host: Institution, year: int, group: str) -> Session:
        """A session without a code: theme, day, start and length as suit the group."""
        topic = rng.choice(TOPICS[group])
        on = random_day(rng, year, workday=topic.program == "430学堂")
        minutes = None if rng.random() < 0.03 else rng.choice(topic.minutes)
        theme = self.themes.take(host, on, rng.choice(topic.themes))
        return Session(
            "", host, on, rng.choice(topic.starts), theme, minutes, group, topic,
            program=topic.program, mode=rng.choices(("", "线上", "自学"), (93, 6, 1))[0],
            venue=rng.choice(("", "活动室", "多功能厅", "文化广场", "会议室", "道德讲堂", "院坝")),
        )

    def _offering(self, host: Institution, course: str, year: int) -> str:
        key = (host.code, course, year)
        if key not in self._running:
            since, until = dt.date(year, 3 if year > YEARS[0] else 5, 1), dt.date(year, 12, 20)
            self._running[key] = Offering(f"BC{year}-{len(self._running) + 1:04d}", course, host, since, until)
            self.offerings.append(self._running[key])
        return self._running[key].code

    def _twin_sessions(self) -> None:
        """At the city's university some days hold one theme twice: only the start tells the two apart."""
        pool = [s for s in self.sessions if s.host.place == CITY and s.on.year == LAST and s.start < "15:30"]
        self.twins: list[Session] = []
        for one, other in list(zip(pool[::2], pool[1::2], strict=False))[:3]:
            hour, minute = divmod(int(one.start[:2]) * 60 + int(one.start[3:]) + _TWIN_AFTER, 60)
            index = self.sessions.index(other)
            self.sessions[index] = replace(other, on=one.on, theme=one.theme, start=f"{hour:02d}:{minute:02d}")
            self.twins.append(one)
