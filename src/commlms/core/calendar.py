"""Dates and periods as paper writes them: without a year, by month, as a range, by the lunar calendar.

:func:`commlms.core.days.parse_day` reads one whole date; what stands here needs to be told the year, or gives a span.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import attrs

from commlms.core.days import Period, month_of, to_date, to_int
from commlms.core.text import narrow

_TO = r"[-~—–―至到]+"
_YEAR = r"(?:(\d{4})[年./-])?"
_DAY = re.compile(rf"^{_YEAR}(\d{{1,2}})[月./-](\d{{1,2}})[日号]?$")
_RANGE = re.compile(rf"^{_YEAR}(\d{{1,2}})[月./](\d{{1,2}})[日号]?{_TO}(?:{_YEAR}(\d{{1,2}})[月./])?(\d{{1,2}})[日号]?$")
_ISO_RANGE = re.compile(rf"^(\d{{4}}-\d{{1,2}}-\d{{1,2}}){_TO}(\d{{4}}-\d{{1,2}}-\d{{1,2}})$")
_MONTHS = re.compile(rf"^(?:(\d{{4}})年)?(\d{{1,2}})月?份?{_TO}(?:(\d{{4}})年)?(\d{{1,2}})月份?$")
_MONTH = re.compile(r"^(\d{1,2})月份?$")
_TENTHS = re.compile(rf"^{_YEAR}(\d{{1,2}})月([上中下])旬$")
_LISTED = re.compile(rf"^{_YEAR}\d{{1,2}}[月./]\d{{1,2}}[日号]?(?:[、,和及](?:\d{{1,2}}[月./])?\d{{1,2}}[日号]?)+$")
_LIST_ITEM = re.compile(r"(?:(\d{1,2})[月./])?(\d{1,2})[日号]?(?:[、,和及]|$)")
_DAY_ALONE = re.compile(r"^(\d{1,2})[日号]?$")
_NAMED = re.compile(r"^(?:(\d{4})年?度?)?(全年|年度|[上下]半年|第?[一二三四1-4]季度)$|^(\d{4})年度?$")
_WEEKDAY = re.compile(r"[(\[]?(?:星期|周|礼拜)[一二三四五六日天1-7][)\]]?")
_OFTEN = re.compile(r"每(?:个|隔)?[一二两三\d]?(?:周|星期|月|季度|年|天|日)[一二三四五六日天两\d]*(?:[期次场节讲])?")
_VISITS = re.compile(r"(\d{1,7})[余多]?人次")
_MEETINGS = re.compile(r"(?<![第\d])(?:共计?|合?计|累计|开展|举办)?(\d{1,4})[期场次节讲](?![人年月日])")
_HALF_DAY = re.compile(r"上午|下午|晚上|中午|早上|全天|晚")
_CLOCK = r"(上午|下午|晚上|中午|早上|晚)?(\d{1,2})[:时点](\d{2}|半)?分?"
_CLOCKS = re.compile(rf"{_CLOCK}(?:{_TO}{_CLOCK})?")
_LUNAR = re.compile(
    r"^(?:(\d{4})年)?(?:农历|阴历)(?:(\d{4})年)?(闰)?(正|冬|腊|[一二三四五六七八九十]{1,2}|\d{1,2})月"
    r"(初[一二三四五六七八九十]|[廿一二三十]?[一二三四五六七八九十]{1,2}|\d{1,2})日?$"
)
#: A remark in brackets: 1月20日（农历腊月廿九）, 农历正月初五（2月5日）.
_ASIDE = re.compile(r"(?<=[日号初一二三四五六七八九十])\((?:农历|阴历|公历|阳历|\d)[^)]*\)$")
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九十")}
_HAN_YEAR = re.compile(r"[一二][〇零一二三四五六七八九]{3}(?=年)")
_NAMES = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_TITLE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d{3,})(?=年|[-./_]|[^\d]|$|0[1-9]|1[0-2])")
_TITLE_MONTHS = re.compile(rf"(?<!\d)(\d{{1,2}})月?份?{_TO}(?:\d{{4}}年)?(\d{{1,2}})月份?")
_TITLE_MONTH = re.compile(
    r"(?<![\d.])(\d{1,2})月份?(?!刊|[重补更上填]?报)|(?:19|20)\d{2}[-./_年]?(0[1-9]|1[0-2]|[1-9](?!\d))(?!\d)(?!年)"
)
_HAN_MONTH = re.compile(r"(?<![第一二三四五六七八九十])(十[一二]|[一二三四五六七八九十])月份?")
_QUARTER = re.compile(r"第?([一二三四1-4])季度")
_HALF = re.compile(r"([上下])半年")


@attrs.frozen
class When:
    """What a cell says about when: ``first`` and ``last`` day, and what stood beside them.

    ``how`` says what was concluded: ``year`` (it is not written), ``month``, ``lunar``, ``whole_month``, ``range``, ``listed``,
    ``span``. ``start`` is a time of day, ``minutes`` follow from its end; ``visits`` are 人次, ``meetings`` 期.
    """

    first: int
    last: int
    start: str = ""
    minutes: int | None = None
    meetings: int | None = None
    visits: int | None = None
    how: tuple[str, ...] = ()


def when(text: str, year: int | None, month: int | None = None, span: tuple[int, int] | None = None) -> When | None:
    """What a cell says about when something was; None if that cannot be known, or needs a ``year`` that is not given.

    ``year`` and ``month`` are those of the title; ``span`` is taken for a cell that only says how many meetings there were.
    A lunar day that is written as such raises ImportError where the extra ``office`` is not installed.
    """
    rest = _ASIDE.sub("", narrow(text).replace(" ", ""))
    if "农历" in rest or "阴历" in rest:
        day = _lunar(rest, year)
        return None if day is None else When(day, day, how=("lunar",))
    visits, rest = _taken(_VISITS, rest)
    rest = _WEEKDAY.sub("", _OFTEN.sub("", rest))
    if (hours := clocks(rest)) is not None:
        rest = rest[: hours[2]] + rest[hours[3]:]
    meetings, rest = _taken(_MEETINGS, rest)
    rest = _HALF_DAY.sub("", rest).strip(",;.、。()")
    found = _days(rest, year, month) if rest else (*span, ("span",)) if span and meetings else None
    if found is None:
        return None
    first, last, how = found
    if "listed" in how:
        meetings, how = meetings or int(how[-1]), how[:-1]
    elif meetings is None and "range" in how:
        meetings = (to_date(last) - to_date(first)).days + 1
    start, minutes = hours[:2] if hours else ("", None)
    return When(first, last, start, minutes, meetings, visits, how)


def series_in(text: str, year: int | None) -> When | None:
    """What a theme or remark says of a series: 书法班（全年24期1200人次）; None if it names no number of meetings and no visits."""
    plain = narrow(text).replace(" ", "")
    (meetings, _), (visits, _) = _taken(_MEETINGS, _VISITS.sub("", plain)), _taken(_VISITS, plain)
    if meetings is None or meetings < 2:
        return None
    named = re.search(rf"全年|[上下]半年|第?[一二三四1-4]季度|\d{{1,2}}月?{_TO}\d{{1,2}}月", plain)
    found = _days(named[0], year, None) if named else None
    if visits is None and found is None:
        return None
    return When(*(found[:2] if found else (0, 0)), meetings=meetings, visits=visits)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[int | None, str]:
    """The number a pattern finds, and the text without it."""
    match = pattern.search(text)
    return (int(match[1]), text[: match.start()] + text[match.end():]) if match else (None, text)


def clocks(text: str) -> tuple[str, int | None, int, int] | None:
    """A time of day, the minutes to the end that follows it, and from where to where both stand in the text; None if there is none."""
    for match in _CLOCKS.finditer(text):
        half, hour, minute, half_to, hour_to, minute_to = match.groups()
        if (begins := _minute(half, hour, minute)) is None:
            continue
        ends = _minute(half_to or half, hour_to, minute_to) if hour_to else None
        minutes = ends - begins if ends is not None and ends > begins else None
        return f"{begins // 60:02d}:{begins % 60:02d}", minutes, match.start(), match.end()
    return None


def _minute(half: str | None, hour: str, minute: str | None) -> int | None:
    hours, minutes = int(hour), 30 if minute == "半" else int(minute or 0)
    if half in ("下午", "晚上", "晚") and hours < 12:
        hours += 12
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None


def _day(year: int, month: int, day: int) -> int | None:
    try:
        return to_int(dt.date(year, month, day))
    except ValueError:
        return None


_Days = tuple[int, int, tuple[str, ...]]


def _days(text: str, year: int | None, month: int | None) -> _Days | None:
    """First and last day of a text that holds nothing else, and what was concluded."""
    for read in (_one_day, _one_month, _tenths, _day_range, _month_range, _listed, _named):
        if (found := read(text, year, month)) is not None:
            first, last, how = found
            return (first, last, how) if first <= last else None
    return None


def _one_day(text: str, year: int | None, month: int | None) -> _Days | None:
    if match := _DAY.match(text):
        written, m, d = match.groups()
    elif (match := _DAY_ALONE.match(text)) and month is not None:
        written, m, d = None, str(month), match[1]
    else:
        return None
    if written is None and year is None:
        return None
    day = _day(int(written or year or 0), int(m), int(d))
    if day is None:
        return None
    return day, day, () if written else ("year", "month") if text.rstrip("日号").isdigit() else ("year",)


def _one_month(text: str, year: int | None, month: int | None) -> _Days | None:
    if whole := month_of(text):
        return *whole, ("whole_month",)
    match = _MONTH.match(text)
    if not match or year is None or not 1 <= int(match[1]) <= 12:
        return None
    period = Period.parse(f"{year:04d}-{int(match[1]):02d}")
    return period.first, period.last, ("year", "whole_month")


def _tenths(text: str, year: int | None, month: int | None) -> _Days | None:
    match = _TENTHS.match(text)
    if not match or (match[1] is None and year is None) or not 1 <= int(match[2]) <= 12:
        return None
    whole = Period.parse(f"{int(match[1] or year or 0):04d}-{int(match[2]):02d}")
    first = whole.first + {"上": 0, "中": 10, "下": 20}[match[3]]
    return first, whole.last if match[3] == "下" else first + 9, ("tenths",) if match[1] else ("year", "tenths")


def _day_range(text: str, year: int | None, month: int | None) -> _Days | None:
    if match := _ISO_RANGE.match(text):
        text = f"{match[1]}至{match[2]}".replace("-", "/")
    match = _RANGE.match(text)
    if not match or (match[1] is None and year is None):
        return None
    y = int(match[1] or year or 0)
    first = _day(y, int(match[2]), int(match[3]))
    last = _day(int(match[4] or y), int(match[5] or match[2]), int(match[6]))
    if first is None or last is None:
        return None
    return first, last, ("range",) if match[1] else ("year", "range")


def _month_range(text: str, year: int | None, month: int | None) -> _Days | None:
    match = _MONTHS.match(text)
    if not match or (match[1] is None and year is None):
        return None
    y, m, n = int(match[1] or year or 0), int(match[2]), int(match[4])
    if not (1 <= m <= 12 and 1 <= n <= 12):
        return None
    first = Period.parse(f"{y:04d}-{m:02d}").first
    last = Period.parse(f"{int(match[3] or y):04d}-{n:02d}").last
    return first, last, ("months",) if match[1] else ("year", "months")


def _listed(text: str, year: int | None, month: int | None) -> _Days | None:
    match = _LISTED.match(text)
    if not match or (match[1] is None and year is None):
        return None
    y, m, found = int(match[1] or year or 0), 0, []
    for item in _LIST_ITEM.finditer(text[match.end(1) + 1 if match[1] else 0:]):
        m = int(item[1] or m)
        found.append(_day(y, m, int(item[2])))
    known = [d for d in found if d is not None]
    if len(known) < len(found) or len(set(known)) < len(known):
        return None
    return min(known), max(known), (*(() if match[1] else ("year",)), "listed", str(len(known)))


def _named(text: str, year: int | None, month: int | None) -> _Days | None:
    match = _NAMED.match(text)
    written = match and (match[1] or match[3])
    if not match or (written is None and year is None):
        return None
    period = _of_name(int(written or year or 0), match[2] or "")
    return period.first, period.last, ("named",) if written else ("year", "named")


def _of_name(year: int, name: str) -> Period:
    if half := _HALF.match(name):
        return Period.parse(f"{year}H{1 if half[1] == '上' else 2}")
    if quarter := _QUARTER.match(name):
        return Period.parse(f"{year}Q{_NAMES[quarter[1]]}")
    return Period.year(year)


# -- the lunar calendar ----------------------------------------------------------------------


def _lunar(text: str, year: int | None) -> int | None:
    """The solar day of 农历正月初五. ``year`` is the solar one of the title; a year in the text itself is a lunar one."""
    match = _LUNAR.match(text)
    if not match:
        return None
    before, inside, leap, month_word, day_word = match.groups()
    month = {"正": 1, "冬": 11, "腊": 12}.get(month_word) or _han_number(month_word)
    day = _han_number(day_word.removeprefix("初"))
    if written := before or inside:
        return _solar(int(written), -month if leap else month, day)
    if year is None:
        return None
    # 腊月 of one lunar year mostly lies in January of the next solar one.
    found = (_solar(lunar, -month if leap else month, day) for lunar in (year, year - 1))
    return next((d for d in found if d is not None and d // 10_000 == year), None)


def _han_number(text: str) -> int:
    """12, 十二, 廿三, 三十, 二十一 as a number."""
    if text.isdigit() and text.isascii():
        return int(text)
    tens, _, ones = text.replace("廿", "二十").partition("十")
    if "十" not in text and "廿" not in text:
        return _DIGITS[text] if len(text) == 1 else 0
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _solar(year: int, month: int, day: int) -> int | None:
    from lunar_python import Lunar

    try:
        solar = Lunar.fromYmd(year, month, day).getSolar()
    except Exception:  # the library raises Exception itself for a day that its calendar lacks
        return None
    return int(solar.getYear()) * 10_000 + int(solar.getMonth()) * 100 + int(solar.getDay())


# -- years and periods in titles -------------------------------------------------------------


def year_in(text: str) -> int | None:
    """The year a title, a sheet's name or a file's name speaks of; None if none, or several."""
    found = {int(m[1]) for m in _TITLE_YEAR.finditer(_arabic(text))}
    return found.pop() if len(found) == 1 else None


def month_in(text: str) -> int | None:
    """The month a title or a name speaks of; None if none, or several."""
    plain = _arabic(text)
    if _TITLE_MONTHS.search(plain):
        return None
    found = {int(m[1] or m[2]) for m in _TITLE_MONTH.finditer(plain)} | {_han_number(m[1]) for m in _HAN_MONTH.finditer(plain)}
    return found.pop() if len(found) == 1 and found <= set(range(1, 13)) else None


def period_in(text: str, year: int | None = None) -> Period | None:
    """The period a title or a name speaks of: a month, quarter, half or year; ``year`` where the text has none."""
    plain = _arabic(text)
    named = year_in(text) or (year if not _TITLE_YEAR.search(plain) else None)
    if named is None:
        return None
    if months := _TITLE_MONTHS.search(plain):
        first, last = int(months[1]), int(months[2])
        return smallest([named * 10_000 + first * 100 + 1, named * 10_000 + last * 100 + 1]) if 1 <= first <= last <= 12 else None
    if (month := month_in(text)) is not None:
        return Period.parse(f"{named:04d}-{month:02d}")
    if (part := _QUARTER.search(plain) or _HALF.search(plain)) is not None:
        return _of_name(named, part[0])
    return Period.year(named) if year_in(text) or re.search("全年|年度", plain) else None


def smallest(days: Iterable[int]) -> Period | None:
    """The smallest month, quarter, half or year that holds all these days; None if no year does, or there are none."""
    found = list(days)
    if not found or min(found) // 10_000 != max(found) // 10_000:
        return None
    year = min(found) // 10_000
    first, last = (d // 100 % 100 for d in (min(found), max(found)))
    if first == last:
        return Period.parse(f"{year:04d}-{first:02d}")
    for size, letter in ((3, "Q"), (6, "H")):
        if (first - 1) // size == (last - 1) // size:
            return Period.parse(f"{year:04d}{letter}{(first - 1) // size + 1}")
    return Period.year(year)


def _arabic(text: str) -> str:
    """Narrow, without spaces, and 二〇二二年 as 2022年."""
    plain = narrow(text).replace(" ", "")
    return _HAN_YEAR.sub(lambda m: "".join(str(_DIGITS.get(c, 0)) for c in m[0]), plain)
