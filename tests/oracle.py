"""A second count of the Panzhihua example, in plain Python, to hold the library's figures against.

It reads the generated files as a person would, skips the lines that the manifest calls wrong or not counted, and
imports nothing from the library: whatever both get wrong in the same way, they do not share by code.

Counting rules, all for one calendar year:

- a learner counts at the home in force on 31 December; with no known home in no place;
- a place's figure takes in all places that report to it, directly or through others;
- unnamed visits of a session: what all its rows say was present, less its named participations, but not below 0,
  and with it those counted besides;
- minutes of a participation: its own, else its session's, else 0;
- a session is hosted where its institution is.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "panzhihua"
_EPOCH = dt.date(1899, 12, 30)
_UNITS = {"": 1, "分钟": 1, "小时": 60, "学时": 45}

#: What the columns of the generated files are called here, by the words of their headers.
_WORDS = {
    "学员编号": "learner", "学号": "learner", "编号": "learner", "学员号": "learner",
    "姓名": "name", "学员姓名": "name", "名字": "name",
    "出生日期": "born", "出生年月日": "born", "生日": "born", "出生年月": "born",
    "身份证号": "card", "身份证号码": "card",
    "居住地": "home", "居住村社区": "home", "现居住地": "home", "居住地代码": "home",
    "所在村社区": "home", "住址": "home",
    "迁入日期": "since",
    "场次编号": "session", "活动编号": "session",
    "主办单位": "host", "举办单位": "host", "组织单位": "host", "开展单位": "host",
    "活动日期": "on", "开展日期": "on", "日期": "on", "活动时间": "on", "时间": "on",
    "开始时间": "start", "时刻": "start",
    "活动主题": "theme", "主题": "theme", "活动名称": "theme", "活动内容": "theme",
    "时长": "minutes", "活动时长": "minutes", "时长（分钟）": "minutes",
    "参与时长": "minutes", "参与分钟": "minutes",
    "参加人数": "present", "未签到人数": "besides",
}

Event = tuple[str, dt.date, str, str]


@dataclass
class Person:
    """One learner: the year of birth if known, and homes (place codes, '' if unknown) with the day each began."""

    born: int | None
    homes: list[tuple[dt.date, str]]

    def home(self, day: dt.date) -> str:
        """The home in force on a day."""
        return max((since, home) for since, home in self.homes if since <= day)[1]


@dataclass
class Meeting:
    """One session: where and when, its length, who signed in, and the numbers without names."""

    place: str
    on: dt.date
    minutes: int = 0
    named: int = 0
    present: int = 0
    besides: int = 0

    @property
    def unnamed(self) -> int:
        """Visits without a name."""
        return max(0, self.present - self.named) + self.besides


@dataclass
class Book:
    """Everything read: people, sessions, and who was where (own minutes, or None)."""

    people: list[Person] = field(default_factory=list)
    by_code: dict[str, int] = field(default_factory=dict)
    by_card: dict[str, int] = field(default_factory=dict)
    by_name: dict[tuple[str, str], int] = field(default_factory=dict)
    meetings: list[Meeting] = field(default_factory=list)
    session_codes: dict[str, int] = field(default_factory=dict)
    events: dict[Event, int] = field(default_factory=dict)
    visits: dict[tuple[int, int], int | None] = field(default_factory=dict)


def figures(inputs: Path, year: int) -> dict[str, dict[str, int]]:
    """The figures of every place of the example by its code.

    ``residents`` (latest figure not after the year's end), ``persons``, ``seniors`` (60 and over), ``named_visits``
    and ``minutes`` are of the people who live there; ``sessions``, ``session_visits`` (named) and ``unnamed_visits`` of
    what is held there; ``silent_villages`` are villages that held nothing, ``silent_residents`` their residents.
    """
    places = _places()
    book = _read(inputs, places)
    own: dict[str, Counter[str]] = defaultdict(Counter)
    last = dt.date(year, 12, 31)
    came = Counter(p for p, m in book.visits if book.meetings[m].on.year == year)
    for p in came:
        person = book.people[p]
        if home := person.home(last):
            own[home]["persons"] += 1
            own[home]["seniors"] += person.born is not None and year - person.born >= 60
    for (p, m), minutes in book.visits.items():
        if book.meetings[m].on.year == year and (home := book.people[p].home(last)):
            own[home]["named_visits"] += 1
            own[home]["minutes"] += book.meetings[m].minutes if minutes is None else minutes
    for meeting in (m for m in book.meetings if m.on.year == year):
        own[meeting.place]["sessions"] += 1
        own[meeting.place]["session_visits"] += meeting.named
        own[meeting.place]["unnamed_visits"] += meeting.unnamed
    residents = _residents(last)
    for code in (c for c in places if len(c) == 12 and not own[c]["sessions"]):
        own[code]["silent_villages"], own[code]["silent_residents"] = 1, residents[code]
    return _rolled_up(places, own, residents)


def nowhere(inputs: Path, year: int) -> int:
    """Learners of the year whose home is not known, so that they are in the figures of no place."""
    book = _read(inputs, _places())
    came = {p for p, m in book.visits if book.meetings[m].on.year == year}
    return sum(not book.people[p].home(dt.date(year, 12, 31)) for p in came)


_FIGURES = (
    "persons", "seniors", "named_visits", "minutes", "sessions", "session_visits", "unnamed_visits", "silent_villages",
    "silent_residents",
)


def _rolled_up(
    places: dict[str, dict[str, str]], own: dict[str, Counter[str]], residents: dict[str, int],
) -> dict[str, dict[str, int]]:
    total = {code: dict.fromkeys(_FIGURES, 0) for code in places}
    for code, counted in own.items():
        above = code
        while above:
            for name, number in counted.items():
                total[above][name] += number
            above = places[above]["报送上级"] or places[above]["上级代码"]
    for code, numbers in total.items():
        numbers["residents"] = residents.get(code, 0)
    return total


# -- the real input -------------------------------------------------------------------------------


def _table(name: str) -> list[dict[str, str]]:
    with (EXAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _places() -> dict[str, dict[str, str]]:
    return {row["代码"]: row for row in _table("places.csv")}


def _residents(day: dt.date) -> dict[str, int]:
    found: dict[str, tuple[str, int]] = {}
    for row in _table("residents.csv"):
        if row["人群"] == "全部" and row["口径"] == "常住" and row["日期"] <= day.isoformat():
            found[row["地点代码"]] = max(found.get(row["地点代码"], ("", 0)), (row["日期"], int(row["人数"])))
    return {code: persons for code, (_, persons) in found.items()}


# -- cells ----------------------------------------------------------------------------------------


def _text(cell: object) -> str:
    """A cell as text: half-width, without outer spaces; whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _day(cell: object) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    text = _text(cell)
    if re.fullmatch(r"\d{5}", text):
        return _EPOCH + dt.timedelta(days=int(text))
    if re.fullmatch(r"\d{8}", text):
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    year, month, day = re.findall(r"\d+", text)[:3]
    return dt.date(int(year), int(month), int(day))


def _birth(cell: object) -> str:
    """A birth date as ISO text, just the year where no more is known, or nothing."""
    text = _text(cell)
    return text if len(text) in (0, 4) else _day(cell).isoformat()


def _clock(cell: object) -> str:
    if isinstance(cell, dt.time):
        return f"{cell:%H:%M}"
    if isinstance(cell, float):
        return "{:02d}:{:02d}".format(*divmod(round(cell * 1440), 60))
    text = _text(cell)
    if not text:
        return ""
    hour, minute = re.findall(r"\d+", text)[:2]
    return f"{int(hour):02d}:{int(minute):02d}"


def _minutes(cell: object) -> int | None:
    text = _text(cell)
    if not text:
        return None
    number, unit = re.fullmatch(r"([\d.]+)(\D*)", text).groups()  # type: ignore[union-attr]  # wrong lines are skipped
    return round(float(number) * _UNITS[unit])


def _people(cell: object) -> int:
    """A number of people; 约50 and 50余 are taken as 50."""
    text = _text(cell)
    return int(re.search(r"\d+", text)[0]) if text else 0  # type: ignore[index]  # wrong lines are skipped


def _letters(cell: object) -> str:
    """What is left of a text without punctuation and spaces: the same theme in two spellings is one."""
    return "".join(c for c in _text(cell).casefold() if c.isalnum())


# -- files ----------------------------------------------------------------------------------------


def _lines(path: Path) -> Iterator[list[Any]]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        yield from (list(row) for row in book.worksheets[0].iter_rows(values_only=True))
        book.close()
        return
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    yield from csv.reader(text.splitlines())


def _rows(path: Path, entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The good rows of a file by the words used here."""
    skipped = {w["line"] for w in entry["wrong"]} | set(entry["not_counted_lines"])
    names: list[str] = []
    for number, cells in enumerate(_lines(path), start=1):
        if not names:
            known = [_WORDS.get(_header(cell), "") for cell in cells]
            names = known if sum(map(bool, known)) >= 2 else []
        elif number not in skipped and any(_text(cell) for cell in cells):
            yield {name: cell for name, cell in zip(names, cells, strict=False) if name}


def _header(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _read(inputs: Path, places: dict[str, dict[str, str]]) -> Book:
    """Every file of the manifest, in its order."""
    book, homes, hosts = Book(), _Homes(places), _hosts()
    for entry in json.loads((inputs / "manifest.json").read_text(encoding="utf-8")):
        for row in _rows(inputs / entry["file"], entry):
            if entry["record"] == "learner":
                _learner(book, row, homes.find(_text(row.get("home")), entry["under"]))
            elif entry["record"] == "session":
                _session(book, row, hosts)
            elif entry["record"] == "participation":
                _participation(book, row, hosts)
            elif entry["record"] == "ledger":
                meeting = book.meetings[_session(book, row, hosts)]
                meeting.present += _people(row.get("present"))
                meeting.besides += _people(row.get("besides"))
    return book


class _Homes:
    """Places by code, full name or everyday name, the latter two within the office that uses them."""

    def __init__(self, places: dict[str, dict[str, str]]) -> None:
        self.places = places
        self._named: dict[str, list[str]] = defaultdict(list)
        for code, row in places.items():
            for name in {row["名称"], row["别名"]} - {""}:
                self._named[name].append(code)

    def find(self, text: str, under: str) -> str:
        if not text or text in self.places:
            return text
        (code,) = [c for c in self._named[text] if c.startswith(under)]
        return code


def _hosts() -> dict[str, str]:
    """The place of an institution by its code and by its name."""
    return {key: row["所在地"] for row in _table("institutions.csv") for key in (row["机构编号"], row["机构名称"])}


def _learner(book: Book, row: dict[str, Any], home: str) -> None:
    """A new learner, or a new home of one who is known from the day given."""
    code, card = _text(row.get("learner")), _text(row.get("card")).upper()
    name, born = re.sub(r"\s", "", _text(row["name"])), _birth(row.get("born"))
    if code in book.by_code:
        if _text(row.get("since")):
            book.people[book.by_code[code]].homes.append((_day(row["since"]), home))
        return
    number = len(book.people)
    book.people.append(Person(int(born[:4]) if born else None, [(dt.date.min, home)]))
    for index, key in ((book.by_code, code), (book.by_card, card)):
        if key:
            index[key] = number
    book.by_name[name, born] = number


def _event(row: dict[str, Any], hosts: dict[str, str]) -> Event:
    host = _text(row["host"]) if _text(row["host"]) in hosts else str(row["host"]).strip()
    return _host_name(host), _day(row["on"]), _clock(row.get("start")), _letters(row["theme"])


_NAMES = {row["机构编号"]: row["机构名称"] for row in _table("institutions.csv")}


def _host_name(host: str) -> str:
    return _NAMES.get(host, host)


def _session(book: Book, row: dict[str, Any], hosts: dict[str, str]) -> int:
    """The session of a row, made if it is new; a length that is given holds from now on."""
    event = _event(row, hosts)
    if event not in book.events:
        book.events[event] = len(book.meetings)
        book.meetings.append(Meeting(hosts[event[0]], event[1]))
    number = book.events[event]
    if code := _text(row.get("session")):
        book.session_codes[code] = number
    if (minutes := _minutes(row.get("minutes"))) is not None:
        book.meetings[number].minutes = minutes
    return number


def _participation(book: Book, row: dict[str, Any], hosts: dict[str, str]) -> None:
    if code := _text(row.get("learner")):
        person = book.by_code[code]
    elif card := _text(row.get("card")).upper():
        person = book.by_card[card]
    else:
        person = book.by_name[re.sub(r"\s", "", _text(row["name"])), _birth(row["born"])]
    session = _text(row.get("session"))
    meeting = book.session_codes[session] if session else book.events[_event(row, hosts)]
    if (person, meeting) not in book.visits:
        book.meetings[meeting].named += 1
    book.visits[person, meeting] = _minutes(row.get("minutes"))
