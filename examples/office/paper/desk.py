"""One township's desk: its people, its activities, and its ways of writing days and villages."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from paper.facts import Event
from paper.people import Crowd, Person
from paper.places import Township

YEAR = 2022
_EPOCH = dt.date(1899, 12, 30)
_THEMES = (
    "健康养生讲座", "智能手机入门", "防范网络诈骗", "书法学习", "合唱排练", "垃圾分类宣讲", "果树修剪技术",
    "家庭教育讲堂", "太极拳", "急救知识培训", "民法典宣讲", "剪纸手工", "朗诵沙龙", "广场舞教学",
    "中医保健", "消防安全", "电商直播入门", "老年摄影", "彝绣技艺", "读书分享会",
)


@dataclass
class Desk:
    """A township's clerk. No two activities of a township fall on one day but on purpose."""

    place: Township
    rng: Random
    crowd: Crowd
    people: list[Person] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.people = self.crowd.at(self.place, 16)

    def some(self, many: int) -> list[Person]:
        """Different people of the township, in any order."""
        return self.rng.sample(self.people, many)

    def day(self, first: str = "01-03", last: str = "12-28") -> dt.date:
        """A free day of the year between two."""
        begin, end = (dt.date.fromisoformat(f"{YEAR}-{text}") for text in (first, last))
        free = [begin + dt.timedelta(days=n) for n in range((end - begin).days + 1)]
        return self.rng.choice([day for day in free if day.isoformat() not in self.taken])

    def event(self, on: dt.date, theme: str = "", minutes: int | None = None, **more: object) -> Event:
        """An activity of the township's school, on a day that no other has from now on."""
        self.taken.add(on.isoformat())
        chosen = theme or self.rng.choice(_THEMES)
        return Event(self.place.school, on.isoformat(), chosen, minutes, **more)  # type: ignore[arg-type]  # start, meetings, began

    @property
    def room(self) -> str:
        """Where its activities are, in free words."""
        return f"{self.place.name}文化活动室"

    def village(self, code: str) -> str:
        """A village as this clerk writes it: in full, or without the ending, or with a short one."""
        full = self.place.villages[code]
        base, urban = _base(full), full.endswith("居民委员会")
        everyday = base if base.endswith(("社区", "村")) else base + ("社区" if urban else "村")
        short = everyday + "居委会" if urban else everyday.removesuffix("村") + "村委会"
        wanted = self.rng.choice((full, full, everyday, everyday, short))
        return wanted if self._own()[wanted] <= 1 else full

    def _own(self) -> Counter[str]:
        """How many villages of the township a short name could mean."""
        found: Counter[str] = Counter()
        for full in self.place.villages.values():
            base = _base(full).removesuffix("社区").removesuffix("村")
            found.update({f"{base}{ending}" for ending in ("", "社区", "村", "社区居委会", "村委会", "居委会")})
        return found


def _base(full: str) -> str:
    return full.removesuffix("居民委员会").removesuffix("村民委员会")


def write_day(style: str, day: dt.date) -> object:
    """A day as ``style`` says: iso, dot, slash, cn, compact, real, serial, md (3月5日), md_dot (3.5 as text), clock."""
    y, m, d = day.year, day.month, day.day
    return {
        "iso": day.isoformat(), "dot": f"{y}.{m}.{d}", "slash": f"{y}/{m:02d}/{d:02d}", "cn": f"{y}年{m}月{d}日",
        "compact": f"{y}{m:02d}{d:02d}", "clock": f"{y}年{m}月{d}日上午9:00", "real": day,
        "serial": (day - _EPOCH).days, "md": f"{m}月{d}日", "md_dot": f"{m}.{d}",
    }[style]


def month_end(month: int) -> dt.date:
    """The last day of a month of the year."""
    return dt.date(YEAR + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def period_of(days: list[str]) -> str:
    """The smallest of month, quarter, half and year that holds ISO days of one year."""
    months = sorted({int(day[5:7]) for day in days})
    year = days[0][:4]
    if len(months) == 1:
        return f"{year}-{months[0]:02d}"
    for size, letter in ((3, "Q"), (6, "H")):
        if (months[0] - 1) // size == (months[-1] - 1) // size:
            return f"{year}{letter}{(months[0] - 1) // size + 1}"
    return year
