"""Invented learners: names, ages, homes, and the standings and moves of some of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from invented.city import CITY, City, county_of
from invented.plan import LAST, Plan

_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_MALE = "伟强磊洋勇军杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林阳建国志文德贵忠福生海山成义兴良春庆"
_FEMALE = "芳娜敏静丽艳娟霞秀英慧巧美婷雪玲燕红莉梅兰凤洁琳素云莲真环荣爱妹香月莺媛瑞凡佳嘉琼桂娣叶璧珍贞"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
#: People on the rosters that are not kept by a county: whose home is known only roughly, or who study in the city.
TOWNSHIP_ONLY, HOMELESS, CITY_STUDENTS, TWINS = 300, 200, 1_500, 12
#: The township whose roster carries no learner codes, and one that keeps its own roster.
UNCODED, OWN_ROSTER = "510422101", "510411204"


@dataclass(slots=True)
class Learner:
    """One invented person. ``born`` is None if unknown; ``year_only`` if just its year was written down.

    ``group`` is whom the sessions they attend are for: S seniors, M minors, F farmers, W migrant workers,
    R residents. ``area`` is where these are held: a township code or the city's.
    """

    code: str
    name: str
    male: bool
    born: dt.date | None
    year_only: bool
    id_number: str
    home: str
    hukou: str
    occupation: str
    group: str
    area: str
    roster: str

    @property
    def key(self) -> tuple[str, dt.date | None]:
        """Name and birth date."""
        return self.name, self.born

    @property
    def dated(self) -> bool:
        """Whether the full birth date is on the roster, so that name and birth date find this person."""
        return self.born is not None and not self.year_only


def id_number(rng: Random, born: dt.date, male: bool) -> str:
    """An ID number of no real area (99xxxx) with the right check digit."""
    first = f"99{rng.randrange(10_000):04d}{born:%Y%m%d}{rng.randrange(100):02d}{2 * rng.randrange(5) + male}"
    return first + _CHECKS[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]


def random_name(rng: Random, male: bool) -> str:
    """A surname and one or two given characters."""
    given = _MALE if male else _FEMALE
    return rng.choice(_SURNAMES) + "".join(rng.choice(given) for _ in range(1 if rng.random() < 0.25 else 2))


def random_birth(rng: Random, age: str) -> dt.date:
    """A birth date: S is 60 or over, M under 18, A between, all on the last day of the example."""
    first, last = {"S": (LAST - 87, LAST - 60), "M": (LAST - 17, LAST - 8), "A": (LAST - 59, LAST - 18)}[age]
    return dt.date(rng.randint(first, last), 1, 1) + dt.timedelta(days=rng.randrange(365))


def _homes(plan: Plan, city: City, rng: Random) -> list[str]:
    """The home village of every learner, star villages first."""
    homes = [code for code, n in city.quota.items() for _ in range(n)]
    others = [code for code in city.villages if code not in city.quota]
    weights = [city.residents[code] * rng.uniform(0.4, 1.6) for code in others]
    return homes + sorted(rng.choices(others, weights, k=plan.learners - len(homes)))


def _states(rng: Random, group: str, rural: bool) -> tuple[str, str]:
    """Hukou and occupation, as keys that a layout puts into words."""
    hukou = "local_rural" if rural else "local_urban"
    if group == "S":
        return hukou, rng.choice(("retired", "retired", "farmer") if rural else ("retired",))
    if group == "M":
        return hukou, "student"
    if group == "F":
        return hukou, "farmer"
    if group == "W":
        return rng.choice(("other_rural", "other_rural", "local_rural", "other_urban")), "worker"
    last = "farmer" if rural else "employed"
    return hukou, rng.choice(("employed", "employed", "self_employed", "unemployed", "other", last))


def _group(rng: Random, age: str, rural: bool) -> str:
    if age == "M":
        return "M"
    if age == "S":
        return "S" if rng.random() < 0.85 else "R"
    if rural:
        return "F" if rng.random() < 0.5 else "R"
    return "W" if rng.random() < 0.35 else "R"


def _roster(home: str) -> str:
    return home[:9] if home.startswith((UNCODED, OWN_ROSTER)) else county_of(home)


class People:
    """All learners, who moves where in the last year, and what remains to be invented about them."""

    def __init__(self, plan: Plan, city: City) -> None:
        self.rng = Random(f"{plan.seed}:people")
        self._keys: set[tuple[str, dt.date | None]] = set()
        self.learners = [self._learner(n, home, city) for n, home in enumerate(_homes(plan, city, self.rng), start=1)]
        self._loosen(plan, city)
        self.moves = self._moves(plan, city)

    def _learner(self, number: int, home: str, city: City) -> Learner:
        rng, rural = self.rng, city.places[home].rural
        age = rng.choices("SMA", (35, 20, 45))[0]
        male = rng.random() < 0.42
        while True:
            name, born = random_name(rng, male), random_birth(rng, age)
            if (name, born) not in self._keys:
                break
        self._keys.add((name, born))
        group = _group(rng, age, rural)
        hukou, occupation = _states(rng, group, rural)
        roster = _roster(home)
        share = {"510402": 0.9, UNCODED: 0.5}.get(roster, 0)
        card = id_number(rng, born, male) if rng.random() < share else ""
        code = "" if roster == UNCODED else f"XY{number:06d}"
        return Learner(code, name, male, born, False, card, home, hukou, occupation, group, home[:9], roster)

    def _loosen(self, plan: Plan, city: City) -> None:
        """Make some records incomplete: homes known only roughly or not at all, births by the year or not known."""
        free = [p for p in self.learners if p.code and not p.id_number and p.home not in city.quota]
        sample = self.rng.sample(free, min(len(free), max(20, round(2_800 * plan.scale))))
        few = [max(2, round(n * plan.scale)) for n in (TOWNSHIP_ONLY, HOMELESS)]
        for person in sample[: few[0]]:
            person.home = person.home[:9]
        for person in sample[few[0] : sum(few)]:
            person.home, person.roster, person.area, person.group = "", CITY, CITY, "R"
        for person in sample[sum(few) :: 9]:
            person.born = None
        for person in (p for p in sample[sum(few) :: 4] if p.born is not None):
            person.year_only = True
        self._twin([p for p in free if p.dated and p.roster == "510403" and p.home != ""])
        students = [p for p in self.learners if p.area.startswith("510402") and p.group == "R" and p.code and p.home]
        for person in self.rng.sample(students, min(len(students), round(CITY_STUDENTS * plan.scale))):
            person.area = person.roster = CITY

    def _twin(self, pool: list[Learner]) -> None:
        """Give pairs of learners of one county one name and one birth date: only a code tells them apart."""
        chosen = self.rng.sample(pool, min(TWINS, len(pool) // 2 * 2))
        self.twins = []
        for one, other in zip(chosen[::2], chosen[1::2], strict=True):
            if one.home == other.home or (one.group == "M") != (other.group == "M"):
                continue
            other.name, other.born, other.male = one.name, one.born, one.male
            self.twins.append(one)

    def _moves(self, plan: Plan, city: City) -> list[tuple[Learner, str, dt.date]]:
        """Who moves to which village on which day of the last year; star villages keep their people."""
        starred = set(city.quota)
        free = [p for p in self.learners if p.code and len(p.home) == 12 and p.home not in starred]
        to = [code for code in city.villages if code not in starred]
        moves = []
        for person in self.rng.sample(free, min(plan.moves, len(free))):
            home = self.rng.choice([code for code in self.rng.sample(to, 2) if code != person.home])
            moves.append((person, home, dt.date(LAST, 1, 5) + dt.timedelta(days=self.rng.randrange(350))))
        return moves

    def standings(self, city: City) -> list[tuple[Learner, str, dt.date, dt.date | None, str, str]]:
        """Learner, group, since, until, evidence and grade of every standing."""
        rng = self.rng
        found: list[tuple[Learner, str, dt.date, dt.date | None, str, str]] = []
        for person in (p for p in self.learners if p.code and len(p.home) == 12):
            since = dt.date(rng.randint(2018, LAST), rng.randint(1, 12), rng.randint(1, 28))
            chance = rng.random()
            if person.group == "F" and chance < 0.25:
                number = f"XNM-{since.year}-{rng.randrange(100_000):05d}"
                grade = rng.choice(("初级", "初级", "中级", "高级"))
                found.append((person, "新型职业农民", since, since.replace(year=since.year + 5), number, grade))
            elif city.places[person.home].rural and (word := _left_behind(person, chance)):
                found.append((person, word, since, None, "村委会登记", ""))
        return found


def _left_behind(person: Learner, chance: float) -> str:
    if person.group == "S" and chance < 0.08:
        return "留守老人"
    if person.group == "M" and chance < 0.10:
        return "留守儿童"
    grown_woman = person.group in "FR" and not person.male and person.occupation != "retired"
    return "留守妇女" if grown_woman and chance < 0.06 else ""
