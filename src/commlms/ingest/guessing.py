"""What a column seems to hold: how alike two header words are, and how many of its cells a field can read. In per cent."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import attrs

from commlms.core.calendar import when
from commlms.core.days import NotADate, parse_day
from commlms.core.kinds import Reading, Unreadable
from commlms.core.records import Field
from commlms.core.text import key_of, narrow, person_name
from commlms.ingest.lookups import Lookups

#: How many cells of a column are looked at.
SAMPLED = 200
#: The family names that more than nine in ten people bear, those of two characters last.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊"
    "秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮"
    "柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂"
)
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[\u3400-\u9fff]{1,8}(?:[·•][\u3400-\u9fff]{1,12})+")
#: How a place, a body or a theme ends, and a person's name does not.
_NO_NAME_ENDS = tuple("村社区镇乡街道县市省校站所课班会组队桥讲座培训活动")
_PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_ID_NUMBER = re.compile(r"\d{15}|\d{17}[\dXx]")
_PIECES = re.compile(r"[\u3400-\u9fff]|[a-z0-9]+")
_YEAR = re.compile(r"(?:19|20)\d{2}年?(?:\d{1,2}月?)?|(?:19|20)\d{2}[-./]\d{1,2}")
#: A person born fewer years ago comes to no course alone, and an activity before was not kept in such a table.
_GROWN, _KEPT = 6, 12


def alike(one: str, other: str) -> int:
    """How alike two header words are: the share of characters and Latin words they share; higher where one contains the other."""
    a, b = Counter(_PIECES.findall(one.lower())), Counter(_PIECES.findall(other.lower()))
    if not a or not b:
        return 0
    shared = 200 * (a & b).total() // (a.total() + b.total())
    inside, outside = sorted((key_of(one), key_of(other)), key=len)
    return max(shared, 70) if len(inside) >= 2 and inside in outside else shared


@attrs.frozen
class Content:
    """Tells how well a column's cells fit a field."""

    reading: Reading
    lookups: Lookups | None

    def share(self, field: Field, cells: Sequence[Any]) -> int | None:
        """How many of the filled cells the field can hold, in per cent; None where nearly anything fits, which says nothing."""
        if field.kind.name in ("code", "people") and is_serial(cells):
            return 0
        fits = self._test(field)
        if fits is None or not cells:
            return None
        return 100 * sum(map(fits, cells)) // len(cells)

    def _test(self, field: Field) -> Callable[[Any], bool] | None:
        kind = field.kind.name
        if field.name == "phone" or "电话" in field.label.zh:
            return is_phone
        if kind == "name":
            return is_name
        if kind == "birth":
            return self._is_birth
        if kind == "day":
            return self._is_recent
        if kind == "choice":
            known = {*field.choice_keys, *self.reading.words.get(field.vocabulary, {})}
            return lambda cell: isinstance(cell, str) and key_of(cell) in known
        if kind == "ref":
            return (lambda cell: self._is_known(field, cell)) if self.lookups else None
        if kind == "id_number":
            return is_id_number
        if kind in ("clock", "minutes", "people", "integer", "hundredths", "money", "area"):
            return lambda cell: _reads(field, cell, self.reading)
        return None

    def _is_known(self, field: Field, cell: object) -> bool:
        assert self.lookups is not None
        try:
            return isinstance(cell, str) and bool(self.lookups.find(field.target, narrow(cell), None))
        except Unreadable:
            return False

    def _is_birth(self, cell: object) -> bool:
        if isinstance(cell, str) and _YEAR.fullmatch(narrow(cell)):
            return True
        day = _day(cell)
        return day is not None and day // 10_000 <= self.reading.today // 10_000 - _GROWN

    def _is_recent(self, cell: object) -> bool:
        this_year = self.reading.today // 10_000
        day = _day(cell)
        if day is None and isinstance(cell, str) and "月" in cell:
            try:
                told = when(cell, this_year)
            except ImportError:  # written by the lunar calendar, which is a day all the same
                return True
            day = told.last if told else None
        return day is not None and day // 10_000 >= this_year - _KEPT


def is_serial(cells: Sequence[Any]) -> bool:
    """Whether cells count rows: 1, 2, 3 ... Such numbers name nobody."""
    texts = [str(c).strip().removesuffix(".0") for c in cells]
    return len(texts) > 1 and all(map(str.isdigit, texts)) and all(int(b) - int(a) == 1 for a, b in pairwise(texts)) and int(texts[0]) < 2


def is_phone(cell: object) -> bool:
    """Whether a cell is a telephone number."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return bool(_PHONE.fullmatch(narrow(str(cell)).replace(" ", "")))


def is_name(cell: object) -> bool:
    """Whether a cell looks like a person's name in Chinese characters: a known family name, two to four in all."""
    if not isinstance(cell, str):
        return False
    name = person_name(cell)
    return bool(_NAME.fullmatch(name)) and (name[0] in _SURNAMES or "·" in name or "•" in name) and not name.endswith(_NO_NAME_ENDS)


def is_day(cell: object) -> bool:
    """Whether a cell is a day, written in any of the usual ways."""
    return _day(cell) is not None


def _day(cell: object) -> int | None:
    """A cell as a day; a bare number of five digits is none here."""
    try:
        return parse_day(cell) if isinstance(cell, dt.date) or len(narrow(str(cell)).removesuffix(".0")) >= 8 else None
    except NotADate:
        return None


def is_id_number(cell: object) -> bool:
    """Whether a cell has as many digits as an ID number: one with a slip in it is still one, a serial number is none."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return bool(_ID_NUMBER.fullmatch(narrow(str(cell)).replace(" ", "")))


def _reads(field: Field, cell: object, reading: Reading) -> bool:
    try:
        field.kind.read(field, cell, reading)
    except Unreadable:
        return False
    return True
