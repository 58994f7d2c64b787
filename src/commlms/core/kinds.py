"""Kinds of field: which columns each is stored in, how a cell is read into them, how they are shown.

Storage knows only INTEGER and TEXT: days are 20220305, money is fen, areas and credits are hundredths, flags 0 and 1.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, TypeGuard

import attrs

from commlms.core import amounts, days, identity
from commlms.core.errors import UnknownName
from commlms.core.text import CELL_LIMIT, has_control, key_of, narrow, person_name, units

if TYPE_CHECKING:
    from commlms.core.records import Field

Stored = int | str | None
Row = tuple[Stored, ...]

#: What spreadsheet programs make of long numbers: 5.1E+11. A code such as 3E12 is none of these.
_SCIENTIFIC = re.compile(r"^\d(\.\d+[eE]\+?|[eE]\+)\d+$")
#: Spreadsheet programs keep 15 digits of a number; of a longer one the last are lost.
_EXACT = 10**15
_PEOPLE = re.compile(r"^(约|大约|近|将近|超过?)?(\d+)(余|多|左右|来)?[人名]?(次)?(余|多|左右|以上)?$")
_AMOUNT = re.compile(r"^(-?\d+)(?:\.(\d+))?$")
_DURATION = re.compile(r"^(-?\d+(?:\.\d{1,2})?)(分钟|分|min|小时|h|学时|课时)?$")
_CLOCK = re.compile(r"^(\d{1,2})[:：时点](\d{2})?分?(?::00(?:\.0+)?)?$")
#: The masked form that exports show; reading it back gives nothing and changes nothing.
_MASKED = re.compile(r"^\d{3}\*{14}[\dX]$")
#: 120 years, as a difference of days written as integers.
_OLDEST = 1_200_000
#: Cells that hold a day or a time; a list or an object in a JSON line is no value at all.
_DATES = (dt.date, dt.time, dt.timedelta)
_YES, _NO = {"1", "是", "有", "yes", "true", "y", "√"}, {"0", "否", "无", "no", "false", "n", "×"}
#: No day before this one is a day of community education; it is a mistyped year.
EARLIEST = 19_000_101
#: What sheets write for an end that has no day.
_NO_END = {"长期", "长期有效", "永久", "永久有效", "至今", "在任", "在岗", "无固定期限", "no end"}
_YEAR = re.compile(r"^(19|20)\d{2}年?$")
_YEAR_WRITTEN = re.compile(r"^(\d{4})年度?$")
#: 2022年上半年, 2022年第三季度, 2022年3季度.
_PART_OF_YEAR = re.compile(r"^(\d{4})年?度?(?:([上下])半年|第?([一二三四1-4])季度?)$")
#: Minutes in one unit of teaching time. One 学时 (lesson hour) is 45 minutes.
MINUTES = {"分钟": 1, "分": 1, "min": 1, "小时": 60, "h": 60, "学时": 45, "课时": 45}


@attrs.frozen
class DamagedCell:
    """A cell of a workbook that shows something but has no value of its own: ``#N/A``, a part of a merged cell.

    ``code`` is the problem of a field that is read from it, ``shown`` what a person sees there.
    """

    code: str
    shown: str = ""

    def __str__(self) -> str:
        return self.shown


class Unreadable(ValueError):
    """A cell that its field cannot hold: a problem's code with its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@attrs.frozen
class Reading:
    """What reading a cell may depend on: today, the digest under the office key, the plugins' vocabularies.

    ``audience`` is asked for the words of an audience column that no vocabulary knows.
    """

    today: int
    digest: Callable[[identity.IdNumber], str] | None = attrs.field(default=None, repr=False)
    words: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    audience: Callable[[str], str | None] | None = None


Reader = Callable[["Field", object, Reading], Row]
Shower = Callable[["Field", Row], str]


@attrs.frozen
class Kind:
    """One kind of field. ``columns`` are (suffix, SQL type); ``read`` gives one value per column; ``scale`` has its units."""

    name: str
    columns: tuple[tuple[str, str], ...]
    read: Reader
    show: Shower
    example: str
    scale: amounts.Scale | None = None


def _plain(cell: object) -> str:
    """A cell as text, with whole floats (spreadsheet numbers) shown as integers; never a value that has lost something."""
    text = cell if isinstance(cell, str) else _unquoted(cell)
    if len(text) > CELL_LIMIT // 2 and (length := units(text) if len(text) <= CELL_LIMIT else len(text)) > CELL_LIMIT:
        raise Unreadable("cell_too_long", length=length, limit=CELL_LIMIT)
    if has_control(text):
        raise Unreadable("control_character")
    return text


def _unquoted(cell: object) -> str:
    """A cell that is no text, as text."""
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise Unreadable("not_a_number")
        if abs(cell) >= _EXACT:
            raise Unreadable("scientific")
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, bool):
        raise Unreadable("boolean")
    if isinstance(cell, _DATES):
        raise Unreadable("date_cell")
    if not isinstance(cell, (int, Decimal)):
        raise Unreadable("not_one_value")
    return str(cell)


def _read_text(field: Field, cell: object, _: Reading) -> Row:
    return (_plain(cell).strip(),)


def _read_name(field: Field, cell: object, _: Reading) -> Row:
    return (person_name(_plain(cell)),)


def _read_title(field: Field, cell: object, _: Reading) -> Row:
    text = _plain(cell).strip()
    # A theme of signs alone (★) has no letters to compare: it is compared as it is written.
    return (text, key_of(text) or narrow(text))


def is_plain_code(cell: object) -> TypeGuard[str]:
    """Whether a cell is a code as it stands, as most of a long file are: a letter, then letters and digits."""
    return isinstance(cell, str) and cell.isascii() and cell.isalnum() and cell[0].isalpha() and len(cell) <= CELL_LIMIT


def _read_code(field: Field, cell: object, _: Reading) -> Row:
    if is_plain_code(cell):
        return (cell,)
    text = narrow(_plain(cell))
    if isinstance(cell, float) and not cell.is_integer():
        raise Unreadable("fraction_code")
    if _SCIENTIFIC.match(text):
        raise Unreadable("scientific")
    return (text,)


def _whole(field: Field, text: str) -> int:
    match = _AMOUNT.match(text.replace(",", ""))
    if not match or (match[2] and match[2].strip("0")):
        raise Unreadable("scientific" if _SCIENTIFIC.match(text) else "not_a_number")
    return _bounded(field, int(match[1]))


def _bounded(field: Field, value: int) -> int:
    if value < 0:
        raise Unreadable("negative")
    if field.maximum is not None and value > field.maximum:
        raise Unreadable("too_large", limit=field.maximum)
    return value


def _read_integer(field: Field, cell: object, _: Reading) -> Row:
    return (_whole(field, narrow(_plain(cell))),)


def _read_hundredths(field: Field, cell: object, _: Reading) -> Row:
    match = _AMOUNT.match(narrow(_plain(cell)).replace(",", ""))
    if not match:
        raise Unreadable("not_a_number")
    digits = (match[2] or "").rstrip("0")
    if len(digits) > 2:
        raise Unreadable("too_many_decimals")
    if match[1].startswith("-"):
        raise Unreadable("negative")
    return (_bounded(field, int(match[1]) * 100 + int(digits.ljust(2, "0") or 0)),)


def _amount_in(scale: amounts.Scale) -> Reader:
    """Reads amounts of a scale into hundredths of its base: fen, hundredths of a square metre."""

    def read(field: Field, cell: object, _: Reading) -> Row:
        try:
            return (_bounded(field, scale.read(_plain(amounts.cell_text(cell)))),)
        except amounts.NotAnAmount as bad:
            raise Unreadable(str(bad), **({"limit": amounts.shown(amounts.LIMIT)} if str(bad) == "too_large" else {})) from None

    return read


def _read_minutes(field: Field, cell: object, _: Reading) -> Row:
    match = _DURATION.match(narrow(_plain(cell)).replace(" ", ""))
    if not match:
        raise Unreadable("not_a_number")
    whole, _dot, part = match[1].partition(".")
    if whole.startswith("-"):
        raise Unreadable("negative")
    hundredths = (int(whole) * 100 + int(part.ljust(2, "0") or 0)) * MINUTES[match[2] or "分钟"]
    if hundredths % 100:
        raise Unreadable("not_a_number")
    return (_bounded(field, hundredths // 100),)


def _read_people(field: Field, cell: object, _: Reading) -> Row:
    text = narrow(_plain(cell)).replace(" ", "")
    if text.startswith("-"):
        raise Unreadable("negative")
    match = _PEOPLE.match(text)
    if not match:
        raise Unreadable("not_a_number")
    about = int(any((match[1], match[3], match[5])))
    return (_bounded(field, int(match[2])), about)


def _show_people(field: Field, stored: Row) -> str:
    return "" if stored[0] is None else f"{'约' if stored[1] else ''}{stored[0]}"


def _read_day(field: Field, cell: object, reading: Reading) -> Row:
    if field.name == "until" and isinstance(cell, str) and narrow(cell) in _NO_END:
        return (None,)
    try:
        day = days.parse_day(cell if isinstance(cell, (float, bool)) else _dateish(cell))
    except days.NotADate as bad:
        raise Unreadable(str(bad)) from None
    if day < EARLIEST and field.kind.name != "birth":
        raise Unreadable("date_too_early")
    if day > reading.today and not field.future:
        raise Unreadable("date_in_future", today=days.iso(reading.today))
    return (day,)


def _dateish(cell: object) -> object:
    return _plain(cell) if isinstance(cell, (str, int)) else cell


def _read_birth(field: Field, cell: object, reading: Reading) -> Row:
    text = narrow(_plain(cell)) if isinstance(cell, (str, float, int)) else ""
    if isinstance(cell, float) and re.match(r"^\d{4}\.\d{1,2}$", text):
        raise Unreadable("fraction_month")
    if _YEAR.match(text):
        first, last = int(text[:4]) * 10_000 + 101, int(text[:4]) * 10_000 + 1231
    elif month := days.month_of(text):
        first, last = month
    else:
        (found,) = _read_day(field, cell, reading)
        first = last = int(found or 0)
    if first > reading.today:
        raise Unreadable("date_in_future", today=days.iso(reading.today))
    if last < reading.today - _OLDEST:
        raise Unreadable("too_old")
    return (first, last)


def _show_birth(field: Field, stored: Row) -> str:
    first, last = stored
    if first is None:
        return ""
    if first == last:
        return days.iso(int(first))
    same_month = int(first) // 100 == int(last or 0) // 100
    return days.iso(int(first))[:7] if same_month else str(int(first) // 10_000)


def _read_clock(field: Field, cell: object, _: Reading) -> Row:
    hour = getattr(cell, "hour", None)
    if hour is not None and not getattr(cell, "second", 0):
        return (f"{hour:02d}:{cell.minute:02d}",)  # type: ignore[attr-defined]  # a time or datetime, known by .hour
    if isinstance(cell, float) and 0 <= (minutes := round(cell * 1440)) < 1440:
        return (f"{minutes // 60:02d}:{minutes % 60:02d}",)
    match = None if isinstance(cell, _DATES) else _CLOCK.match(narrow(_plain(cell)))
    if not match or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise Unreadable("not_a_time")
    return (f"{int(match[1]):02d}:{int(match[2] or 0):02d}",)


def _read_period(field: Field, cell: object, _: Reading) -> Row:
    text = narrow(_plain(cell))
    if isinstance(cell, float) and not cell.is_integer():  # January or October
        raise Unreadable("not_a_period")
    if month := days.month_of(text):
        text = days.iso(month[0])[:7]
    elif match := _YEAR_WRITTEN.match(text):
        text = match[1]
    elif match := _PART_OF_YEAR.match(text):
        text = match[1] + (f"H{'上下'.index(match[2]) + 1}" if match[2] else f"Q{'一二三四'.find(match[3]) + 1 or match[3]}")
    try:
        return (days.Period.parse(text).key,)
    except UnknownName:
        raise Unreadable("not_a_period") from None


def _read_flag(field: Field, cell: object, _: Reading) -> Row:
    if isinstance(cell, bool):
        return (int(cell),)
    word = narrow(_plain(cell)).lower()
    if word in _YES or word in _NO:
        return (int(word in _YES),)
    raise Unreadable("unknown_choice", choices="是、否 / yes, no")


def _read_choice(field: Field, cell: object, reading: Reading) -> Row:
    text = narrow(_plain(cell))
    known = reading.words.get(field.vocabulary or "", {})
    key = key_of(text)
    if (found := field.choice_keys.get(key)) or (found := known.get(key)):
        return (found,)
    if field.open:
        asked = reading.audience if field.vocabulary == "population" else None
        return ((asked(text) if asked else None) or text,)
    raise Unreadable("unknown_choice", choices="、".join(c.label.zh for c in field.choices))


def _show_choice(field: Field, stored: Row) -> str:
    return "" if stored[0] is None else str(stored[0])


def _read_id_number(field: Field, cell: object, reading: Reading) -> Row:
    if isinstance(cell, (float, int)) and not isinstance(cell, bool):
        raise Unreadable("id_numeric")
    text = narrow(_plain(cell))
    if _SCIENTIFIC.match(text):
        raise Unreadable("id_numeric")
    if "*" in text and _MASKED.match(text):
        return (None, None)
    try:
        number = identity.read_id_number(text)
    except identity.BadIdNumber as bad:
        raise Unreadable(str(bad)) from None
    if number.born > reading.today:
        raise Unreadable("date_in_future", today=days.iso(reading.today))
    if number.born < reading.today - _OLDEST:
        raise Unreadable("too_old")
    if reading.digest is None:
        raise Unreadable("id_needs_key")
    return (reading.digest(number), number.masked)


def _read_ref(field: Field, cell: object, _: Reading) -> Row:
    return _read_code(field, cell, _)


def _show(field: Field, stored: Row) -> str:
    return "" if stored[0] is None else str(stored[0])


def _show_hundredths(field: Field, stored: Row) -> str:
    if stored[0] is None:
        return ""
    return amounts.shown(int(stored[0]))


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("text", (("", "TEXT"),), _read_text, _show, "…"),
        Kind("name", (("", "TEXT"),), _read_name, _show, "张三"),
        Kind("title", (("", "TEXT"), ("_key", "TEXT")), _read_title, _show, "秋季健康讲座"),
        Kind("code", (("", "TEXT"),), _read_code, _show, "A0001"),
        Kind("integer", (("", "INTEGER"),), _read_integer, _show, "12"),
        Kind("hundredths", (("", "INTEGER"),), _read_hundredths, _show_hundredths, "1.5"),
        Kind("money", (("", "INTEGER"),), _amount_in(amounts.MONEY), _show_hundredths, "1200.50", amounts.MONEY),
        Kind("area", (("", "INTEGER"),), _amount_in(amounts.AREA), _show_hundredths, "500", amounts.AREA),
        Kind("minutes", (("", "INTEGER"),), _read_minutes, _show, "90"),
        Kind("people", (("", "INTEGER"), ("_about", "INTEGER")), _read_people, _show_people, "约50"),
        Kind("day", (("", "INTEGER"),), _read_day, lambda _, s: "" if s[0] is None else days.iso(int(s[0])), "2022-03-05"),
        Kind("birth", (("_first", "INTEGER"), ("_last", "INTEGER")), _read_birth, _show_birth, "1955-08-09"),
        Kind("clock", (("", "TEXT"),), _read_clock, _show, "09:30"),
        Kind("period", (("", "TEXT"),), _read_period, _show, "2022-03"),
        Kind("flag", (("", "INTEGER"),), _read_flag, lambda _, s: "" if s[0] is None else ("是" if s[0] else "否"), "是"),
        Kind("choice", (("", "TEXT"),), _read_choice, _show_choice, "…"),
        Kind("id_number", (("_digest", "TEXT"), ("_masked", "TEXT")), _read_id_number, lambda _, s: str(s[1] or ""), "510402195508090018"),
        Kind("ref", (("", "INTEGER"),), _read_ref, _show, "510402001"),
    )
}
