"""Sign-in lists: who was at which session, each office naming people and sessions in its own way."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from random import Random

from invented.activities import Activities, Session
from invented.city import CITY
from invented.mess import wide, write_clock, write_date, write_name, write_theme
from invented.people import UNCODED, Learner, People, id_number, random_birth
from invented.plan import LAST
from invented.sheets import Fault, Sheet

_BY_CODE = "learner:学员编号 session:场次编号 minutes:参与时长"
_BY_NAME = "name:姓名 born:出生日期 session:场次编号 minutes:参与时长 note:备注"
_BY_CARD = "card:身份证号 session:场次编号 minutes:参与时长"
_BY_EVENT = "learner:学员编号 host:主办单位 on:活动日期 start:开始时间 theme:活动主题 minutes:参与时长"
_BY_NAME_OR_CARD = "name:姓名 born:出生日期 card:身份证号 session:活动编号 minutes:参与时长"

#: Place, part of the years, columns and encoding (empty: a workbook) of every list; the early years are one file.
_LAYOUTS: tuple[tuple[str, str, str, str, str], ...] = (
    ("510402", "东区", "2020-2021", _BY_CODE, "utf-8"),
    ("510402", "东区", "2022上半年", _BY_CARD, ""),
    ("510402", "东区", "2022下半年", _BY_CODE.replace("参与时长", "参与分钟"), "gb18030"),
    ("510403", "西区", "2020-2021", _BY_CODE, "gb18030"),
    ("510403", "西区", "2022上半年", _BY_CODE.replace("场次编号", "活动编号"), ""),
    ("510403", "西区", "2022下半年", _BY_NAME, "utf-8-sig"),
    ("510411", "仁和区", "2020-2021", _BY_CODE, "utf-8"),
    ("510411", "仁和区", "2022上半年", _BY_CODE, "utf-8-sig"),
    ("510411", "仁和区", "2022下半年", _BY_CODE, "gb18030"),
    ("510421", "米易县", "2020-2021", _BY_CODE, "utf-8"),
    ("510421", "米易县", "2022上半年", _BY_NAME, "gb18030"),
    ("510421", "米易县", "2022下半年", _BY_CODE, "utf-8"),
    ("510422", "盐边县", "2020-2021", _BY_CODE, "utf-8"),
    ("510422", "盐边县", "2022上半年", _BY_CODE, ""),
    ("510422", "盐边县", "2022下半年", _BY_CODE, "utf-8"),
    (UNCODED, "红格镇", "2020-2022", _BY_NAME_OR_CARD, "utf-8-sig"),
    (CITY, "市本级", "2020-2022", _BY_EVENT, "utf-8"),
)
_EARLY, _FIRST, _SECOND, _ALL = "2020-2021", "2022上半年", "2022下半年", "2020-2022"

_FAULTS: dict[str, Fault] = {
    "negative": {"minutes": "-45"}, "too_large": {"minutes": "6000"}, "not_a_number": {"minutes": "全程"},
}


class SignIns:
    """Deals the visits out to the lists and writes them down."""

    def __init__(self, seed: int, people: People, activities: Activities) -> None:
        self.rng = Random(f"{seed}:signins")
        self.people, self.activities = people, activities
        self._pairs = {(n, s) for n, s, _ in activities.visits}
        self._twins = {p.key for p in people.twins}

    def sheets(self) -> list[Sheet]:
        """Every list, in the order of import."""
        dealt = self._deal()
        return [self._sheet(*layout, dealt[layout[0], layout[2]]) for layout in _LAYOUTS]

    def _deal(self) -> dict[tuple[str, str], list[tuple[int, int, int]]]:
        """Visits by list. Who cannot be named as a list names people is on a list of their office that uses codes."""
        columns = {(place, part): columns for place, _, part, columns, _ in _LAYOUTS}
        dealt: dict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
        for visit in self.activities.visits:
            person, session = self.people.learners[visit[0]], self.activities.sessions[visit[1]]
            key = self._list_of(person, session)
            if key in columns and not self._nameable(person, columns[key]):
                key = key[0], _SECOND if key[1] == _FIRST else _FIRST
            dealt[key].append(visit)
        return dealt

    def _list_of(self, person: Learner, session: Session) -> tuple[str, str]:
        if not person.code:
            return UNCODED, _ALL
        if session.county == CITY:
            return CITY, _ALL
        if session.on.year < LAST:
            return session.county, _EARLY
        return session.county, _FIRST if session.on.month <= 6 else _SECOND

    def _nameable(self, person: Learner, columns: str) -> bool:
        if "learner:" in columns:
            return True
        by_name = person.dated and person.key not in self._twins
        return by_name if "name:" in columns else bool(person.id_number)

    def _sheet(
        self, place: str, name: str, part: str, columns: str, encoding: str, visits: list[tuple[int, int, int]],
    ) -> Sheet:
        header = dict(pair.split(":") for pair in columns.split())
        titles = (f"{name}社区教育活动签到汇总（{part}）",) if not encoding else ()
        file = f"{name}-签到表-{part}{'.csv' if encoding else '.xlsx'}"
        sheet = Sheet(file, "participation", place, header, encoding, titles)
        for n, s, own in visits:
            sheet.add(self._row(sheet, self.people.learners[n], self.activities.sessions[s], own))
        sheet.spoil(self.rng, lambda: self._stranger(sheet, visits), {**_FAULTS, **self._faults(sheet)})
        return sheet

    def _row(self, sheet: Sheet, person: Learner, session: Session, own: int) -> dict[str, object]:
        rng, book = self.rng, sheet.is_book
        row: dict[str, object] = {
            "learner": person.code, "session": session.code, "name": "",
            "minutes": (own if book else str(own)) if own else "",
        }
        if "name" in sheet.columns:
            row["name"] = write_name(rng, person.name)
            row["born"] = write_date(rng, person.born, book=book) if person.born else ""
        if "card" in sheet.columns:
            row["card"] = person.id_number
            if "name" in sheet.columns and person.id_number and rng.random() < 0.5:
                row["name"] = row["born"] = ""
        if "theme" in sheet.columns:
            row |= {
                "host": session.host.name, "on": write_date(rng, session.on, book=book),
                "start": write_clock(rng, session.start, book=book), "theme": write_theme(rng, session.theme),
            }
        elif rng.random() < 0.01:
            row["session"] = wide(session.code)
        return row

    def _stranger(self, sheet: Sheet, visits: list[tuple[int, int, int]]) -> dict[str, object]:
        """A right row about a person who was not at that session."""
        for turn in count():
            n, s = self.rng.choice(visits)[0], self.rng.choice(visits)[1]
            if turn > 20:
                # A small list, of which all were everywhere: any other session will do.
                s = self.rng.randrange(len(self.activities.sessions))
            if (n, s) not in self._pairs:
                self._pairs.add((n, s))
                return self._row(sheet, self.people.learners[n], self.activities.sessions[s], 0)
        raise AssertionError("unreachable")

    def _faults(self, sheet: Sheet) -> dict[str, Fault]:
        faults: dict[str, Fault] = {}
        if "session" in sheet.columns:
            faults["unknown_session"] = {"session": "CC2022-999999"}
        else:
            faults["unknown_session"] = {"theme": "没有办过的活动"}
            faults |= {"not_a_date": {"on": "2022.6.31"}, "date_without_day": {"on": "2022-06"}}
            if self.activities.twins:
                faults["ambiguous_session"] = self._at_twin(sheet)
        if "learner" in sheet.columns:
            faults |= {"unknown_learner": {"learner": "XY999999"}, "scientific": {"learner": "5.1E+11"}}
        if "name" in sheet.columns:
            faults |= {
                "weak_learner": self._nameless,
                "unknown_learner": {"name": "欧阳查无", "born": "1961-02-03", "card": ""},
                "not_a_date": {"born": "六十五岁", "card": ""},
            }
            if self.people.twins and sheet.under == "510403":
                twin = self.rng.choice(self.people.twins)
                faults["ambiguous_learner"] = {"name": twin.name, "born": f"{twin.born:%Y-%m-%d}"}
        if "card" in sheet.columns:
            nobody = id_number(self.rng, random_birth(self.rng, "A"), True)
            blank = {"name": "", "born": ""}
            faults |= {
                "unknown_learner#card": {**blank, "card": nobody}, "id_form": {**blank, "card": nobody[:15]},
                "id_checksum": {**blank, "card": nobody[:17] + ("1" if nobody[17] != "1" else "2")},
            }
            if sheet.is_book:
                faults["id_numeric"] = {"card": float(nobody[:17] + "0")}
        return faults

    def _nameless(self) -> dict[str, object]:
        """A row with a name but nothing that says which of its bearers is meant."""
        person, session = self.rng.choice(self.people.learners), self.rng.choice(self.activities.sessions)
        return {"name": person.name, "session": session.code}

    def _at_twin(self, sheet: Sheet) -> Fault:
        def made() -> dict[str, object]:
            person = self.rng.choice([p for p in self.people.learners[:500] if p.code])
            return {**self._row(sheet, person, self.rng.choice(self.activities.twins), 0), "start": ""}

        return made
