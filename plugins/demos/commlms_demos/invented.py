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
_OCCUPATIONS = ("在职", "务农", "个体")
#: What is taught, and under which category.
TOPICS = (
    ("智能手机入门", "智慧助老"), ("健康养生讲座", "养生保健"), ("书法与国画", "人文艺术"), ("法律知识讲座", "法律知识"),
    ("家庭教育讲座", "家庭教育"), ("声乐与舞蹈", "生活休闲"), ("垃圾分类与环保", "环境保护"), ("实用技能培训", "职业技能"),
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
            "institution", code=institution(place.code), name=title(place) + end, place=place.code, kind=kind, host=place.everyday + host,
            parent=parent if (parent,) in known else "", since=some_day(place, 2010 + pick(place.code, 2)),
        )


def some_day(place: Place, year: int) -> str:
    """A day from March to August that is always the same for one place and year."""
    return f"{year}-0{3 + pick(place.code, 6)}-{11 + pick(place.name, 17)}"


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


def people(tables: Tables, villages: Sequence[Place], number: int, prefix: str, year: int) -> Mapping[str, list[str]]:
    """``number`` learners, 9 to 78 years old in ``year``, spread evenly over the villages: by village the codes of its learners."""
    found: dict[str, list[str]] = {}
    for i in range(number):
        home = villages[i * len(villages) // number]
        code, age = f"{prefix}{i + 1:04d}", 9 + i * 37 % 70
        tables.add(
            "learner", code=code, name=_SURNAMES[i % 16] + _NUMBERS[i // 16 % 9], sex="男" if i % 2 else "女",
            born=f"{year - age}-{1 + i % 12:02d}-{1 + i % 28:02d}", home=home.code,
            occupation="退休" if age > 60 else "学生" if age < 18 else _OCCUPATIONS[i % 3],
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
        "funding.fund", place=place, period=year, channel="财政", purpose=purpose, title=title, budgeted=budgeted,
        appropriated=appropriated, paid=appropriated * 9 // 10,
    )


def payroll(tables: Tables, place: str, employer: tuple[str, str, int], year: int, wages: int) -> None:
    """What an employer (name, kind, permille for training) paid in a year, in yuan."""
    name, kind, permille = employer
    tables.add(
        "funding.payroll", place=place, organisation=name, kind=kind, period=year, wages=wages, training=wages * permille // 1000,
    )


def paper(tables: Tables, place: str, kind: str, year: int, due: str, issued: str, unit: str = "") -> None:
    """A yearly paper and when it was due and came: months and days of the year itself, or full days."""
    days = [day if len(day) != 5 else f"{year}-{day}" for day in (due, issued)]
    tables.add("supervision.paper", place=place, kind=kind, period=year, unit=unit, due=days[0], issued=days[1])


def event(tables: Tables, place: Place, kind: str, year: int, day: str) -> None:
    """A large event or meeting of a year, by its usual name."""
    tables.add("supervision.event", place=place.code, on=f"{year}-{day}", kind=kind, title=f"{place.name}{year}年{kind}")


def finding(tables: Tables, goal: str, place: str, on: str, status: str, aspect: str = "") -> None:
    """What an invented assessor says of a goal without a number."""
    tables.add("supervision.assessment", goal=goal, place=place, on=on, aspect=aspect, status=status, assessor="虚构评估组")
