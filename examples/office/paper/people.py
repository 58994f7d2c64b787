"""Invented people, how well a file can name them, and the few that are there to be mistaken for each other.

No name is given twice but on purpose: whoever two files call alike is then one person, unless said here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from random import Random

from paper.places import Township

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
_GIVEN = {
    "男": "伟强磊洋勇军杰涛超明刚平辉鹏华飞波斌宇浩凯健俊宁林阳建国志文德贵忠福生海山成义兴良春庆",
    "女": "芳娜敏静丽艳娟霞秀英慧巧美婷雪玲燕红莉梅兰凤洁琳素云莲真环荣爱妹香月媛瑞佳嘉琼桂娣珍贞",
}
_WEIGHTS, _CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


@dataclass(frozen=True)
class Person:
    """One invented person, everything that is so. ``home`` is a village's code, '' where nobody writes it down."""

    name: str
    sex: str
    born: dt.date
    card: str
    home: str
    phone: str
    code: str = ""

    @property
    def year(self) -> str:
        """The year of birth."""
        return f"{self.born:%Y}"


def id_number(rng: Random, born: dt.date, sex: str) -> str:
    """An ID number of no real area (99xxxx) with the right check digit."""
    first = f"99{rng.randrange(10_000):04d}{born:%Y%m%d}{rng.randrange(100):02d}{2 * rng.randrange(5) + (sex == '男')}"
    return first + _CHECKS[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]


def wrong_digit(card: str) -> str:
    """The same number with a check digit that is not right."""
    return card[:17] + ("1" if card[17] != "1" else "2")


class Crowd:
    """Makes people who live at a township, each with a name of their own."""

    def __init__(self, rng: Random) -> None:
        self.rng, self._names = rng, {"王秀英", "李桂芳", "陈文", "刘洋"}

    def at(self, place: Township, many: int) -> list[Person]:
        """New people of a township."""
        return [self.one(place) for _ in range(many)]

    def one(self, place: Township) -> Person:
        """A new person of a township, somewhere in its villages."""
        rng = self.rng
        sex = rng.choice("男女女")
        name = ""
        while not name or name in self._names:
            name = rng.choice(_SURNAMES) + "".join(rng.choice(_GIVEN[sex]) for _ in range(rng.choice((1, 2, 2, 2))))
        self._names.add(name)
        born = dt.date(rng.randint(1938, 2004), 1, 1) + dt.timedelta(days=rng.randrange(365))
        home = rng.choice(list(place.villages))
        phone = f"199{rng.randrange(10**8):08d}"
        return Person(name, sex, born, id_number(rng, born, sex), home, phone)

    def couple(self, place: Township) -> tuple[Person, Person]:
        """Two who live together and share a phone."""
        one, other = self.one(place), self.one(place)
        return one, replace(other, home=one.home, phone=one.phone)


@dataclass(frozen=True)
class Roster:
    """Who the office knows before any file comes, each there for one reason.

    ``alike``: two of one name, year and home; ``homeless``: one whose home is not known; ``other_sex``: one whom a file
    takes for a woman; ``coded``: people whose codes are on the lists; ``namesakes``: two of one name in two villages.
    """

    alike: tuple[Person, Person]
    homeless: Person
    other_sex: Person
    namesakes: tuple[Person, Person]
    coded: tuple[Person, ...]

    @property
    def everybody(self) -> tuple[Person, ...]:
        """All of them in the order of their codes."""
        return (*self.alike, self.homeless, self.other_sex, *self.namesakes, *self.coded)


def roster(crowd: Crowd, place: Township) -> Roster:
    """The office's own roster: people of one township."""
    homes = list(place.villages)
    numbers = iter(range(1, 100))

    def made(name: str, sex: str, born: str, home: str) -> Person:
        return replace(
            crowd.one(place), name=name, sex=sex, born=dt.date.fromisoformat(born), card="", home=home, code=f"XY{next(numbers):04d}",
        )

    return Roster(
        (made("王秀英", "女", "1950-03-05", homes[0]), made("王秀英", "女", "1950-09-12", homes[0])),
        made("李桂芳", "女", "1952-04-01", ""), made("陈文", "男", "1960-05-06", homes[1]),
        (made("刘洋", "男", "1971-02-03", homes[0]), made("刘洋", "男", "1985-11-20", homes[1])),
        tuple(replace(person, code=f"XY{next(numbers):04d}") for person in crowd.at(place, 6)),
    )
