"""The files about people: rosters, standings, moves, and a late roster that contradicts the first ones."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from functools import partial
from random import Random

from invented.city import CITY, City
from invented.mess import wide, write_date, write_name
from invented.people import OWN_ROSTER, UNCODED, Learner, People, id_number, random_birth, random_name
from invented.sheets import Fault, Sheet

_HUKOU = {
    "local_urban": ("本地城镇", "本地非农"), "local_rural": ("本地农村", "本地农业"),
    "other_urban": ("外地城镇", "外地非农"), "other_rural": ("外地农村", "外地农业"),
}
_OCCUPATION = {
    "farmer": ("务农", "农民"), "worker": ("务工", "务工人员"), "employed": ("在职", "职工"),
    "self_employed": ("个体", "个体经营"), "unemployed": ("待业", "下岗失业"), "student": ("学生",),
    "retired": ("退休", "离退休"), "other": ("其他",),
}
#: Nobody lives here: a village that does not exist, and a name that two counties have.
_NOWHERE, _TWICE = "红枫谷社区居民委员会", "红星社区居民委员会"

_LAYOUTS: tuple[tuple[str, str, str, tuple[str, ...], str], ...] = (
    ("510402", "东区", "", ("攀枝花市东区社区教育学员名册", "填报单位：东区社区学院　　填报时间：2022年12月"),
     "no:序号 code:学员编号 name:姓名 sex:性别 born:出生年月日 card:身份证号码 home:居住村社区 "
     "hukou:户口性质 work:从业状况 phone:联系电话 note:备注"),
    ("510403", "西区", "gb18030", (),
     "code:学号 name:学员姓名 sex:性别 born:出生日期 home:现居住地 hukou:户籍 work:职业 phone:联系电话 note:备注"),
    ("510411", "仁和区", "utf-8", (),
     "code:编号 name:姓名 sex:性别 born:出生日期 home:居住地代码 hukou:户口 work:职业 note:备注"),
    ("510421", "米易县", "utf-8-sig", (),
     "name:姓名 code:学员号 born:生日 sex:性别 home:居住地 work:从业状况 hukou:户籍类型 phone:联系电话 note:备注"),
    ("510422", "盐边县", "", ("盐边县社区教育学员信息表",),
     "code:学员编号 name:姓名 sex:性别 born:出生日期 home:所在村社区 hukou:户口性质 work:职业 note:备注"),
    (CITY, "市本级", "utf-8", (),
     "code:学员编号 name:姓名 sex:性别 born:出生日期 home:居住地 hukou:户口 work:职业 phone:联系电话 note:备注"),
    (UNCODED, "红格镇", "", ("红格镇参学居民登记表", "2020—2022年", ""),
     "no:序号 name:姓名 sex:性别 born:出生年月 card:身份证号 home:住址 work:职业 note:备注"),
    (OWN_ROSTER, "务本乡", "gb18030", ("务本乡社区学校学员名册",),
     "code:学员编号 name:名字 sex:性别 born:出生日期 home:居住地 hukou:户籍 work:职业 note:备注"),
)

_FAULTS: dict[str, Fault] = {
    "required": {"name": ""},
    "not_a_date": {"born": "1958年2月30日"},
    "not_a_date#words": {"born": "不详"},
    "not_a_date#day": {"born": "1955年8月32日"},
    "date_in_future": {"born": "2202-03-05"},
    "too_old": {"born": "1889.5.1"},
    "unknown_choice": {"sex": "先生"},
    "unknown_place": {"home": _NOWHERE},
    "scientific": {"home": "5.10402E+11"},
}


def _columns(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


class PeopleFiles:
    """Makes the files about people. ``number`` counts the files, so that their names sort in the order of import."""

    def __init__(self, seed: int, city: City, people: People) -> None:
        self.rng = Random(f"{seed}:rosters")
        self.city, self.people = city, people
        self._short = self._unique_names()
        self._strangers = 0

    def _unique_names(self) -> dict[str, str]:
        """Everyday names of villages that mean one place only, even without the county."""
        names = Counter(p.short for p in self.city.places.values())
        return {code: p.short for code, p in self.city.places.items() if names[p.short] == 1}

    def rosters(self) -> list[Sheet]:
        """One sheet per office, in the order of import."""
        return [self._roster(*layout) for layout in _LAYOUTS]

    def _roster(self, key: str, name: str, encoding: str, titles: tuple[str, ...], columns: str) -> Sheet:
        file = f"{name}-学员名册{'.csv' if encoding else '.xlsx'}"
        sheet = Sheet(file, "learner", key, _columns(columns), encoding, titles)
        for person in (p for p in self.people.learners if p.roster == key):
            sheet.add(self._row(sheet, person))
        faults = dict(_FAULTS)
        if key == CITY:
            faults["ambiguous_place"] = {"home": _TWICE}
        if "code" in sheet.columns:
            faults["scientific#code"] = {"code": "5.1E+11"}
        if "card" in sheet.columns:
            faults |= self._card_faults(sheet)
        sheet.spoil(self.rng, lambda: self._stranger(sheet), faults)
        if "no" in sheet.columns:
            for number, line in enumerate(sheet.lines, start=1):
                line.cells[0] = number
        return sheet

    def _row(self, sheet: Sheet, person: Learner) -> dict[str, object]:
        rng, book = self.rng, sheet.is_book
        born: object = ""
        if person.born is not None:
            born = str(person.born.year) if person.year_only else write_date(rng, person.born, book=book)
        card = person.id_number.lower() if rng.random() < 0.1 else person.id_number
        male = ("男", "男", "M", "男性") if sheet.encoding == "utf-8" else ("男",)
        female = ("女", "女", "F", "女性") if sheet.encoding == "utf-8" else ("女",)
        return {
            "code": wide(person.code) if rng.random() < 0.01 else person.code,
            "name": write_name(rng, person.name), "sex": rng.choice(male if person.male else female), "born": born,
            "card": card, "home": self._home(sheet, person.home), "hukou": rng.choice(_HUKOU[person.hukou]),
            "work": rng.choice(_OCCUPATION[person.occupation]), "note": "微信群通知" if rng.random() < 0.02 else "",
        }

    def _home(self, sheet: Sheet, home: str) -> object:
        """A home by code (in a workbook maybe a number), by full name or by everyday name where these are unique."""
        rng = self.rng
        if not home:
            return ""
        if sheet.under != CITY and home in self._short and rng.random() < 0.5:
            return rng.choice((self._short[home], self.city.places[home].name))
        if rng.random() < 0.05:
            return wide(home)
        return int(home) if sheet.is_book and rng.random() < 0.3 else home

    def _stranger(self, sheet: Sheet) -> dict[str, object]:
        """The right row of a person who is nowhere else."""
        self._strangers += 1
        male = self.rng.random() < 0.5
        born = random_birth(self.rng, "A")
        like = self.rng.choice([v for v in self.city.villages if v.startswith(sheet.under)])
        code = f"XW{self._strangers:06d}" if "code" in sheet.columns else ""
        name = random_name(self.rng, male)
        person = Learner(code, name, male, born, False, "", like, "local_rural", "other", "R", "", sheet.under)
        return self._row(sheet, person)

    def _card_faults(self, sheet: Sheet) -> Mapping[str, Fault]:
        rng = self.rng

        def made(code: str) -> dict[str, object]:
            born, male = random_birth(rng, "A"), rng.random() < 0.5
            right = id_number(rng, born, male)
            wrong: dict[str, object] = {
                "id_checksum": right[:17] + ("1" if right[17] != "1" else "2"), "id_form": right[:15],
                "id_birth": id_number(rng, born.replace(year=born.year - 1, day=1), male),
                "id_sex": id_number(rng, born, not male), "id_numeric": float(right[:17] + "0"),
            }
            sex = "男" if male else "女"
            return {**self._stranger(sheet), "born": f"{born:%Y-%m-%d}", "sex": sex, "card": wrong[code]}

        codes = ("id_checksum", "id_form", "id_birth", "id_sex", *(("id_numeric",) if sheet.is_book else ()))
        return {code: partial(made, code) for code in codes}

    def standings(self) -> Sheet:
        """Who belongs to a group that cannot be computed."""
        columns = _columns(
            "learner:学员编号 name:姓名 group:身份类别 since:认定日期 until:有效期至 proof:证书编号 "
            "grade:等级 note:备注"
        )
        sheet = Sheet("市本级-身份认定.csv", "standing", CITY, columns, "utf-8-sig")
        rows = [self._standing(*made) for made in self.people.standings(self.city)]
        for row in rows:
            sheet.add(row)
        faults: dict[str, Fault] = {
            "required": {"group": ""}, "not_a_date": {"since": "2021-13-01"}, "date_in_future": {"since": "2201-06-01"},
            "unknown_learner": {"learner": "XY999999"},
        }
        other = {"since": "2017-01-01", "group": "新型职业农民", "until": ""}
        sheet.spoil(self.rng, lambda: {**self.rng.choice(rows), **other}, faults)
        return sheet

    def _standing(
        self, person: Learner, group: str, since: dt.date, until: dt.date | None, proof: str, grade: str,
    ) -> dict[str, object]:
        return {
            "learner": person.code, "name": person.name, "group": group,
            "since": write_date(self.rng, since, book=False),
            "until": f"{until:%Y-%m-%d}" if until else "", "proof": proof, "grade": grade,
        }

    def moves(self) -> Sheet:
        """Who moved home in the last year, and when."""
        columns = _columns("code:学员编号 name:姓名 home:居住地 since:迁入日期 note:备注")
        sheet = Sheet("市本级-迁居登记.csv", "learner", CITY, columns, "gb18030")
        rows = []
        for person, home, since in self.people.moves:
            rows.append({"code": person.code, "name": write_name(self.rng, person.name), "home": home})
            sheet.add({**rows[-1], "since": write_date(self.rng, since, book=False)})
        faults: dict[str, Fault] = {
            "unknown_place": {"home": _NOWHERE}, "not_a_date": {"since": "2022-2-30"},
            "date_without_day": {"since": "2022年6月"},
        }
        # A wrong row names a second move of a person, so that it repeats no line of the file.
        again = iter(range(1, 1_000))
        sheet.spoil(self.rng, lambda: {**self.rng.choice(rows), "since": f"2022-12-{next(again) % 28 + 1}"}, faults)
        return sheet

    def late(self) -> Sheet:
        """A later roster of people who are known: the same again, or something else without a date."""
        columns = _columns("code:学员编号 name:姓名 sex:性别 born:出生日期 home:居住地 note:备注")
        sheet = Sheet("仁和区-学员名册补报.csv", "learner", "510411", columns, "utf-8")
        moved = {id(person) for person, _, _ in self.people.moves}
        twins = {person.key for person in self.people.twins}
        known = [
            p for p in self.people.learners
            if p.roster == "510411" and p.dated and len(p.home) == 12 and id(p) not in moved and p.key not in twins
        ]
        for person in (chosen := self.rng.sample(known, min(len(known), 80)))[20:]:
            sheet.add(self._row(sheet, person))
        spare = iter(chosen[:20])

        def conflict(field: str) -> dict[str, object]:
            person = next(spare)
            assert person.born is not None
            other: dict[str, object] = {
                "born": f"{person.born.replace(year=person.born.year - 1, day=1):%Y-%m-%d}",
                "home": next(v for v in self.city.villages if v.startswith("510411") and v != person.home),
                "sex": "女" if person.male else "男", "name": f"{person.name}英",
            }
            return {**self._row(sheet, person), field: other[field]}

        faults = {f"conflict#{field}": partial(conflict, field) for field in ("born", "home", "sex", "name")}
        sheet.spoil(self.rng, lambda: self._stranger(sheet), faults)
        return sheet
