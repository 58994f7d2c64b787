"""The many ways in which offices write the same thing: dates, times, digits, names, people, lengths."""

from __future__ import annotations

import datetime as dt
from random import Random

_EPOCH = dt.date(1899, 12, 30)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def wide(text: str) -> str:
    """Digits as full-width digits."""
    return text.translate(_WIDE)


def write_date(rng: Random, day: dt.date, *, book: bool) -> object:
    """A date in one of the spellings of offices; in a workbook also a real date or a number."""
    way = rng.randrange(20 if book else 16)
    y, m, d = day.year, day.month, day.day
    if way >= 16:
        return day
    if way == 0:
        serial = (day - _EPOCH).days
        return serial if book else str(serial)
    if way == 1:
        return wide(f"{y}-{m}-{d}")
    if way in (2, 3):
        return int(f"{day:%Y%m%d}") if book and way == 2 else f"{day:%Y%m%d}"
    return (f"{y}-{m}-{d}", f"{y}/{m:02d}/{d:02d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日")[way % 4]


def write_clock(rng: Random, start: str, *, book: bool) -> object:
    """A start time such as 09:30 in one of its spellings."""
    if not start:
        return ""
    hour, minute = start.split(":")
    way = rng.randrange(9 if book else 7)
    if way == 8:
        return dt.time(int(hour), int(minute))
    if way == 7:
        return (int(hour) * 60 + int(minute)) / 1440
    bare = int(hour)
    return (start, start, start, f"{bare}:{minute}", f"{bare}：{minute}", f"{bare}时{minute}分", f"{start}:00")[way]


def write_minutes(rng: Random, minutes: int | None, *, book: bool) -> object:
    """A length as bare minutes or with a unit; 学时 (45 minutes) only where it comes out whole."""
    if minutes is None:
        return ""
    ways: list[object] = [minutes if book else str(minutes), str(minutes), f"{minutes}分钟", wide(str(minutes))]
    if minutes % 30 == 0:
        hours = f"{minutes // 60}" if minutes % 60 == 0 else f"{minutes // 60}.5"
        ways.append(f"{hours}小时")
    if minutes % 45 == 0:
        ways.append(f"{minutes // 45}学时")
    return rng.choice(ways)


def write_people(rng: Random, persons: int, *, book: bool) -> object:
    """A number of people, sometimes only about right (约50, 50余) or in words of its own."""
    if persons % 10 == 0 and persons and rng.random() < 0.6:
        return rng.choice((f"约{persons}", f"{persons}余", f"{persons}余人", f"{persons}人左右"))
    way = rng.randrange(12)
    if way == 0:
        return f"{persons}人"
    if way == 1:
        return wide(str(persons))
    return persons if book else str(persons)


def write_name(rng: Random, name: str) -> str:
    """A name, short ones sometimes padded to the width of three characters (王　芳)."""
    if len(name) == 2 and rng.random() < 0.5:
        return name[0] + rng.choice(("　", "  ", " ")) + name[1]
    return f"{name} " if rng.random() < 0.02 else name


def write_theme(rng: Random, theme: str) -> str:
    """The same theme with other spaces and punctuation."""
    way = rng.randrange(4)
    if way == 0:
        return f"“{theme}”"
    if way == 1:
        return f"{theme[:2]} {theme[2:]}"
    return f"{theme}。" if way == 2 else theme
