"""Money and floor space as offices write them: 1,200.50, ￥3,000, 12.5万元, 500㎡. Always exact, never a float.

Kept are whole numbers: fen, and hundredths of a square metre. A number's unit stands behind it, in the brackets of its
column's header, or above the table (单位：万元); one that cannot be converted is refused, never taken for the plain one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from commlms.core.text import narrow

_TIMES = {
    "": 1, "十": 10, "百": 100, "千": 1000, "仟": 1000, "万": 10**4, "萬": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_AMOUNT = re.compile(rf"(?:¥|人民币|rmb|cny) ?(?={_NUMBER})|", re.IGNORECASE)
_FORM = re.compile(rf"({_NUMBER}) ?([^\d\s.,()][^\s.,()]*)?")
#: -3000, －3000, ¥-3000, and (3000) as bookkeepers write it.
_NEGATIVE = re.compile(r"(?:¥|人民币)? ?[-−–—] ?¥? ?\d|\( ?¥? ?\d[\d,.]* ?\)")
#: A cell that says no unit: the number alone, a currency sign before it perhaps.
_BARE = re.compile(rf"(?:¥|人民币|rmb|cny)? ?[-−–—]? ?{_NUMBER}|\(.*\)", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE][+-]?\d+")
_BRACKETS = re.compile(r"[（(【\[](.*?)[)）】\]]")
_PARTED = re.compile(r"[、，,;；:：\s]+")
#: 单位：万元 above a table; 填报单位：东街街道 is whoever filled it in, and 元 is no part of it.
_ABOVE = re.compile(r"单位\s*[:：]?\s*(\S+)")
_A_YEAR = re.compile(r"[/每]年度?$")
#: The most that is kept: ten trillion yuan, a thousand million square metres.
LIMIT = 10**15
#: How many digits of a number are looked at before or behind its point; with more it is too large or too fine in any unit.
_DIGITS = 16
#: A longer text is no header and no line above a table: nothing looks for a unit in it.
_LONGEST = 1_000


class NotAnAmount(ValueError):
    """A text that is no amount; says the code of the problem."""


@attrs.frozen(eq=False)
class Scale:
    """The units one kind of amount is written in: hundredths of the ``base`` in each.

    ``odd`` finds what may be a unit in brackets and is none of these, ``foreign`` what surely is one at the end of a word;
    ``codes`` are the problems of a text that is no amount, of one below zero, of a fraction of a hundredth, and of a unit that
    cannot be converted.
    """

    base: str
    units: Mapping[str, int] = attrs.field(repr=False)
    odd: re.Pattern[str]
    foreign: re.Pattern[str]
    codes: tuple[str, str, str, str]

    def read(self, text: str) -> int:
        """An amount in hundredths of the base; raises :class:`NotAnAmount`."""
        no_amount, negative, too_fine, unit = self.codes
        text = narrow(text)
        if _NEGATIVE.match(text):
            raise NotAnAmount(negative)
        if _SCIENTIFIC.fullmatch(text):
            raise NotAnAmount("scientific")
        found = _FORM.fullmatch(_AMOUNT.sub("", text, count=1))
        if not found:
            raise NotAnAmount(no_amount)
        factor = self.units.get(found[2].lower().removesuffix("整")) if found[2] else 100
        if factor is None:
            raise NotAnAmount(unit)
        before, _, after = found[1].replace(",", "").partition(".")
        after = after.rstrip("0")
        if len(before.lstrip("0")) > _DIGITS:
            raise NotAnAmount("too_large")
        if len(after) > _DIGITS:
            raise NotAnAmount(too_fine)
        parts: int = 10 ** len(after)
        hundredths, rest = divmod(int(f"{before}{after}") * factor, parts)
        if rest:
            raise NotAnAmount(too_fine)
        if hundredths > LIMIT:
            raise NotAnAmount("too_large")
        return hundredths

    def unit_in(self, word: str) -> str:
        """The unit that a header word names, in its brackets or at its end: 预算（万元）, 面积 ㎡; empty if it names none.

        One that this scale does not know, or more than one, is given as it stands, and then no cell below it can be read.
        """
        if len(word) > _LONGEST:
            return ""
        parts = [*_BRACKETS.findall(narrow(word)), self.tail(word)]
        found = dict.fromkeys(unit for part in parts if (unit := self._unit(part)))
        return "、".join(found)

    def tail(self, word: str) -> str:
        """The unit behind a header word without brackets: the 万元 of 预算万元."""
        if len(word) > _LONGEST:
            return ""
        text = _BRACKETS.sub("", narrow(word)).strip().lower()
        if odd := self.foreign.search(text):
            return odd[0]
        return next((text[i:] for i in range(1, len(text)) if text[i:] in self.units and (len(text) - i > 1 or text[i] == self.base)), "")

    def _unit(self, part: str) -> str:
        whole = _A_YEAR.sub("", part.strip().lower())
        pieces = [p for p in _PARTED.split(whole) if p]
        known = [p for p in (_A_YEAR.sub("", p) for p in pieces) if p in self.units]
        if len(set(known)) == 1:
            return known[0]
        return part if known or self.odd.search(whole) else ""

    def is_unit(self, word: str) -> bool:
        """Whether a word is a unit, though it be one that cannot be converted: 万美元, 元/人. No street is one, and no office."""
        return re.split("[/每]", word)[0] in self.units or self.foreign.fullmatch(word.lstrip("十百千万亿仟萬")) is not None

    def unit_above(self, texts: Iterable[str]) -> str:
        """The unit that the lines above a table tell for all of it: 单位：万元, or in the brackets of its title."""
        found: dict[str, None] = {}
        before = ""
        for text in map(narrow, (t for t in texts if len(t) <= _LONGEST)):
            said = _ABOVE.findall(f"{before}{text}" if before.rstrip(": ").endswith("单位") else text)
            pieces = [_A_YEAR.sub("", p.lower()) for part in said for p in _PARTED.split(part)]
            found |= {p: None for p in pieces if self.is_unit(p)}
            found |= {unit: None for part in _BRACKETS.findall(text) if (unit := self._unit(part)) in self.units}
            before = text
        return "、".join(found)


def _multiples(word: str, *others: str) -> dict[str, int]:
    return {times + w: 100 * n for times, n in _TIMES.items() for w in (word, *others)}


MONEY = Scale(
    "元",
    {**_multiples("元"), "元人民币": 100, "人民币": 100, "人民币元": 100, "rmb": 100, "角": 10, "分": 1, "yuan": 100,
     "万": 10**6, "萬": 10**6, "亿": 10**10, "百万": 10**8, "千万": 10**9, "人民币万元": 10**6, "万元人民币": 10**6},
    re.compile(r"元|币|镑|法郎|卢布|[百千万亿仟萬]|\$|usd|hkd|eur"),
    re.compile(r"[美港欧日英台澳韩加]元$|[^民]币$|镑$"),
    ("not_money", "negative_money", "below_fen", "money_unit"),
)
AREA = Scale(
    "平方米",
    {**_multiples("平方米", "m2", "平米"), "平方": 100, "平": 100, "m^2": 100, "sqm": 100},
    re.compile(r"亩|公顷|平方|坪|尺|英|[百千万亿]|km|ha"),
    re.compile(r"亩$|公顷$|坪$|平方公里$|平方千米$|平方英?尺$|km2$"),
    ("not_an_area", "negative", "too_many_decimals", "area_unit"),
)


def shown(hundredths: int) -> str:
    """Hundredths as a number of whole ones: 1200, 1200.50."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02d}" if part else str(whole)


def cell_text(cell: object) -> object:
    """A number of a spreadsheet as the digits that it shows, of which it keeps 15; any other cell as it is."""
    return format(cell, ".15g") if isinstance(cell, float) and abs(cell) < LIMIT else cell


def with_unit(cell: object, unit: str) -> object:
    """A cell with its column's unit, if it has none of its own."""
    text = cell_text(cell)
    if isinstance(text, bool) or not isinstance(text, (str, int, Decimal)):
        return cell
    written = narrow(str(text))
    return f"{written}{unit}" if _BARE.fullmatch(written) else cell
