"""The invented part that every demo shares: institutions, activities, learners, volunteers. All of it follows from rules."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from commlms_demos.people import residents
from commlms_demos.real import Place, above, every_place, states, title
from commlms_demos.tables import Tables

#: The letter that ends the code of an institution of each level.
_LETTERS = {"province": "K", "city": "U", "county": "C", "township": "S", "village": "P"}
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_NUMBERS = "一二三四五六七八九"
_OCCUPATIONS = ("退休", "在职", "务农", "个体", "学生")
#: What is taught, and under which category.
TOPICS = (
    ("智能手机入门", "智慧助老"), ("健康养生讲座", "健康教育"), ("书法与国画", "文化艺术"), ("法律知识讲座", "法治教育"), ("家庭教育讲座", "家庭教育"),
    ("声乐与舞蹈", "文化艺术"), ("垃圾分类与环保", "生态文明"), ("实用技能培训", "职业技能"),
)


def pick(code: str, of: int) -> int:
    """A number below ``of`` that is always the same for one code."""
    return zlib.crc32(code.encode()) % of


def whole(part: int, of: int) -> int:
    """``part / of`` rounded up."""
    return -(-part // of)


def places(tables: Tables, codes: Iterable[Place], spread: Sequence[tuple[str, str]], parts: str) -> None:
    """The real part: places with those above them, and residents."""
    listed = {p.code: p for place in codes for p in (*above(place.code), place)}
    for place in sorted(listed.values(), key=lambda p: (len(p.code), p.code)):
        for state in states(place):
            tables.add("place", **state)
    for figure in residents(listed, spread, parts):
        tables.add(
            "residents", place=figure.code, on=figure.on, basis=figure.basis, group=figure.group, persons=figure.persons,
            nature=figure.nature, citation=figure.citation,
        )


def institution(code: str) -> str:
    """The code of the institution that the network has at a place."""
    place = every_place()[code]
    return code + _LETTERS[place.level]


def network(tables: Tables, where: Iterable[Place], names: Mapping[str, tuple[str, str, str]]) -> None:
    """An institution at each of these places: of each level its kind, the end of its name, and its host body."""
    for place in where:
        if place.level not in names:
            continue
        kind, end, host = names[place.level]
        parent = institution(place.parent) if place.parent and every_place()[place.parent].level in names else ""
        known = tables.rows["institution"]
        tables.add(
            "institution", code=institution(place.code), name=title(place) + end, place=place.code, kind=kind,
            host=place.everyday + host, parent=parent if (parent,) in known else "", since=f"{2010 + pick(place.code, 2)}-0{1 + pick(place.code, 9)}-01",
        )


def activity(tables: Tables, place: str, day: str, visits: int, learners: Iterable[str] = ()) -> None:
    """One session of the institution at a place, with those known by name and everyone in the room."""
    theme, category = TOPICS[pick(place + day, len(TOPICS))]
    code = f"{institution(place)}-{day.replace('-', '')}"
    tables.add(
        "session", code=code, institution=institution(place), on=day, theme=theme, minutes=60 + 30 * pick(place, 3), category=category,
        form="授课" if pick(place, 2) else "讲座",
    )
    named = list(learners)
    for learner in named:
        tables.add("participation", learner=learner, session=code)
    tables.add("headcount", session=code, counts="到场", persons=max(visits, len(named)))


def people(tables: Tables, villages: Sequence[Place], number: int, prefix: str) -> Mapping[str, list[str]]:
    """``number`` learners, spread evenly over the villages: by village the codes of those who live there."""
    found: dict[str, list[str]] = {}
    for i in range(number):
        home = villages[i * len(villages) // number]
        code = f"{prefix}{i + 1:04d}"
        year = 1944 + (i * 7) % 70
        tables.add(
            "learner", code=code, name=_SURNAMES[i % 16] + _NUMBERS[i // 16 % 9] + ("" if i < 144 else _NUMBERS[i // 144 % 9]),
            sex="男" if i % 2 else "女", born=f"{year}-{1 + i % 12:02d}-{1 + i % 28:02d}", home=home.code,
            occupation="退休" if year < 1964 else "学生" if year > 2003 else _OCCUPATIONS[1 + i % 3],
        )
        found.setdefault(home.code, []).append(code)
    return found


def volunteers(tables: Tables, where: Iterable[Place], since: str, enough: Callable[[Place], int]) -> None:
    """Teams at most of these places: seven in ten as large as ``enough`` says, two in ten half of it, one in ten none."""
    for place in where:
        size = enough(place)
        lot = pick(place.code, 10)
        if lot == 9 or not size:
            continue
        tables.add(
            "staffing.team", institution=institution(place.code), name=f"{place.everyday}社区教育志愿者服务队", kind="服务志愿者",
            persons=size if lot < 7 else whole(size, 2), since=since,
        )


def funds(tables: Tables, place: str, year: int, purpose: str, budgeted: int, appropriated: int, title: str) -> None:
    """One line of a year's budget of a place's finance, in yuan; nine tenths of what came are spent."""
    tables.add(
        "funding.fund", place=place, period=year, channel="财政", purpose=purpose, title=title, budgeted=budgeted, appropriated=appropriated,
        paid=appropriated * 9 // 10,
    )
