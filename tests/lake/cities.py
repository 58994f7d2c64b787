"""Twenty-one invented cities of one province: what each office knows, and what one office that knows everything would.

Some people moved from one city to another and learned in both; both offices have their ID number. Others have none.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from commlms import LMS, Host, publish
from commlms.core.identity import check_digit

PROVINCE = "44"
#: The codes that document 000 names; the names are invented.
CITIES = (
    "4401", "4402", "4403", "4404", "4405", "4406", "4407", "4408", "4409", "4412", "4413", "4414", "4415", "4416", "4417", "4418", "4419",
    "4420", "4451", "4452", "4453",
)
TODAY = dt.date(2021, 6, 1)
OFFICE_KEY, LAKE_KEY = b"o" * 32, b"l" * 32
PERSONS, SESSIONS, VISITS = 90, 36, 15
MOVED = dt.date(2020, 3, 15)
_CATEGORIES = ("健康养生", "智能手机", "职业技能", "家庭教育", None)
_OCCUPATIONS = ("farmer", "worker", "employed", "self_employed", "student", "retired", None)
_HUKOU = ("local_urban", "local_rural", "other_urban", "other_rural", None)
_GROUPS = ("new_type_farmer", "left_behind", "new_citizen")

Row = dict[str, Any]


@attrs.define
class Book:
    """Rows by record, in the order in which they can be added."""

    rows: dict[str, list[Row]] = attrs.field(factory=lambda: {r: [] for r in _ORDER})

    def add(self, record: str, *rows: Row) -> None:
        """Note rows."""
        self.rows[record] += rows

    def database(self, host: Host, path: Path | None = None) -> LMS:
        """A database that holds them."""
        lms = LMS(path, host=host, today=TODAY, keys=[OFFICE_KEY])
        for record, rows in self.rows.items():
            if rows:
                lms.add(rows, "learner" if record == "moved" else record)
        return lms


#: ``moved``: the second state of people who moved, as one office for all cities would add it.
_ORDER = (
    "place", "residents", "institution", "course", "offering", "learner", "moved", "standing", "youth.enrolment", "farmers.certificate",
    "session", "participation", "headcount",
)


def id_number(number: int, born: dt.date, male: bool) -> str:
    """An ID number of nobody: area 000000."""
    first = f"000000{born:%Y%m%d}{number % 100:02d}{1 if male else 2}"
    return first + check_digit(first)


@attrs.define
class World:
    """Each city's book, and the book of one office for all of them. ``unmatched``: who took part and has no ID number."""

    cities: dict[str, Book]
    whole: Book
    unmatched: int = 0
    moved: int = 0

    def publish(self, lake: Path, host: Host) -> None:
        """Let every city publish."""
        for book in self.cities.values():
            with book.database(host) as lms:
                publish(lms, lake, keys=[LAKE_KEY])


@cache
def world() -> World:
    """The invented province, the same at each run."""
    made = World({c: Book() for c in CITIES}, Book())
    chance = random.Random(44)
    top = {"code": PROVINCE, "name": "云省", "level": "province"}
    made.whole.add("place", top)
    for city, book in made.cities.items():
        book.add("place", top)
        for record, row in _office(chance, city):
            book.add(record, row)
            made.whole.add(record, row)
    for number, city in enumerate(CITIES):
        for row in range(PERSONS):
            _person(chance, made, city, number * 1_000 + row)
    return made


def _office(chance: random.Random, city: str) -> Iterable[tuple[str, Row]]:
    """Places, residents, institutions, what is taught, sessions and headcounts of one city."""
    county, towns = f"{city}01", [f"{city}01001", f"{city}01101"]
    yield "place", {"code": city, "name": f"{city}市", "level": "city", "parent": PROVINCE}
    yield "place", {"code": county, "name": f"{city}东区", "level": "county", "parent": city}
    for town, kind in zip(towns, ("street", "town"), strict=True):
        reports = {"reports_to": city} if kind == "town" and int(city) % 3 == 0 else {}
        yield "place", {"code": town, "name": f"{town}镇", "level": "township", "kind": kind, "parent": county, **reports}
    for village in villages(city):
        area = "urban" if village[6] == "0" else "rural"
        kind = "community" if area == "urban" else "village"
        yield "place", {"code": village, "name": f"{village}村", "level": "village", "kind": kind, "area": area, "parent": village[:9]}
    for group, persons in (("all", 4_000), ("employed", 2_000), ("minors", 700), ("seniors", 800), ("new_farmers", 90)):
        yield "residents", {
            "place": city, "on": "2018-11-01", "basis": "permanent", "group": group, "persons": persons + int(city), "nature": "census",
        }
    for village in villages(city)[:3]:
        yield "residents", {
            "place": village, "on": "2018-11-01", "basis": "permanent", "persons": chance.randint(100, 900), "nature": "register",
        }
    hosts = [county, *towns, *villages(city)[:3]]
    for at in hosts:
        kind = "seniors_point" if at == towns[0] else "school"
        yield "institution", {"code": f"I{at}", "name": f"{at}学校", "place": at, "kind": kind}
    yield "course", {"code": f"K{city}", "title": f"手机课{city}", "category": "智能手机", "population": "seniors", "minutes": 90}
    yield "offering", {"code": f"O{city}", "course": f"K{city}", "institution": f"I{county}"}
    for n in range(SESSIONS):
        on = dt.date(2019, 1, 1) + dt.timedelta(days=chance.randrange(104) * 7 + chance.randrange(5) - 1)  # Monday to Friday
        given = {"offering": f"O{city}"} if n % 6 == 0 else {"category": chance.choice(_CATEGORIES)}
        yield "session", {
            "code": f"S{city}{n}", "institution": f"I{chance.choice(hosts)}", "on": on, "theme": f"讲座{city}第{n}次", "minutes": 45 + n,
            "form": chance.choice(("class", "practice", None)), "mode": chance.choice(("in_person", "in_person", "self_study")),
            "program": "430学堂" if n % 9 == 4 else None, "audience": chance.choice(("seniors", "minors", None)), **given,
        }
        if n % 4 == 1:
            counted = {"counts": "present", "persons": 30 + n} if n % 8 == 1 else {"counts": "besides", "persons": n, "audience": "seniors"}
            yield "headcount", {"session": f"S{city}{n}", **counted}


def villages(city: str) -> list[str]:
    """The codes of a city's villages."""
    return [f"{city}01{town}{n:03d}" for town in ("001", "101") for n in (201, 202)]


def _person(chance: random.Random, made: World, city: str, number: int) -> None:
    born = dt.date(chance.randint(1935, 2013), chance.randint(1, 12), chance.randint(1, 28))
    known, moves = chance.random() < 0.6, number % 1_000 < 4
    code = f"P{number:05d}"
    row: Row = {"code": code, "name": f"学员{number}", "born": born, "sex": chance.choice(("male", "female"))}
    home = chance.choice([*villages(city), *villages(city), f"{city}01", None])
    row |= {"occupation": chance.choice(_OCCUPATIONS), "hukou": chance.choice(_HUKOU)}
    if moves:
        home, known = villages(city)[0], True
        row |= {"occupation": "worker", "hukou": "local_urban"}  # in no group of which only totals leave
    row["home"] = home
    if known:
        row["id_number"] = id_number(number, born, row["sex"] == "male")
    # One of those who move learns only where they move to, and is known here by the register alone.
    visits = 0 if number % 1_000 == 3 else _visits(chance, made, city, code, moves=moves)
    if moves:
        visits += _moves(chance, made, city, row)
    elif number % 4 == 0:
        both(made, city, "standing", {"learner": code, "group": chance.choice(_GROUPS), "since": "2019-05-01"})
    both(made, city, "learner", row)
    if born.year > 2005:
        both(made, city, "youth.enrolment", {"learner": code, "institution": f"I{city}01001", "since": "2019-09-01"})
    if number % 11 == 0 and not moves:
        both(made, city, "farmers.certificate", {"learner": code, "grade": "高级", "since": "2020-02-01"})
    made.moved += moves
    made.unmatched += not known and bool(visits or born.year > 2005)


def _visits(chance: random.Random, made: World, city: str, code: str, as_code: str = "", moves: bool = False) -> int:
    count = chance.randrange(1 if as_code or moves else 0, VISITS)
    for n in sorted(chance.sample(range(SESSIONS), count)):
        minutes = chance.choice((None, 30))
        made.cities[city].add("participation", {"learner": code, "session": f"S{city}{n}", "minutes": minutes})
        made.whole.add("participation", {"learner": as_code or code, "session": f"S{city}{n}", "minutes": minutes})
    return count


def _moves(chance: random.Random, made: World, city: str, row: Row) -> int:
    """The person's second city enters them by its own code; the office for all of them knows that they are one."""
    other = CITIES[(CITIES.index(city) + 5) % len(CITIES)]
    there = row | {"code": f"{row['code']}x", "home": villages(other)[1], "since": MOVED}
    made.cities[other].add("learner", there)
    made.whole.add("moved", there | {"code": row["code"]})
    return _visits(chance, made, other, there["code"], row["code"])


def both(made: World, city: str, record: str, row: Row) -> None:
    """Note a row in the city's book and in that for all."""
    made.cities[city].add(record, row)
    made.whole.add(record, row)
