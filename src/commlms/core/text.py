"""Text as offices write it: full-width digits, padded names, stray spaces; and how it is made regular."""

from __future__ import annotations

import json
import os
import re
import unicodedata

_REGULAR = re.compile(r"[0-9A-Za-z._/-]*")
_SPACES = re.compile(r"\s+")
_HAN = re.compile(r"[\u3400-\u9fff]")
#: Control characters, halves of surrogate pairs, and the sign that stands where a character was lost.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd-\uffff]")
_PUNCTUATION = re.compile(r"[\s\W_]+")
#: A row of sums: 合计, 本月合计, 第一季度小计, 2022年总计; a longer text that contains one of these words is none.
_TOTAL = re.compile(
    r"^(?:[本全上下第一二三四\d]{1,6}(?:年度?|月份?|季度?|半年度?|学期|页|周|日)){0,2}(?:合计|小计|总计|总和|共计|累计)$|^(?:sub|grand)?total$|^sum$"
)

#: The longest cell that is read, in UTF-16 units: what a spreadsheet cell holds, less the sign of :func:`harmless`.
CELL_LIMIT = 32_766
#: What spreadsheet programs take for the beginning of a formula, the full-width signs too.
_RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def narrow(text: str) -> str:
    """Full-width digits, letters and signs made half-width; outer and repeated spaces removed."""
    if text.isascii() and _REGULAR.fullmatch(text):
        return text  # a code, a number, a day: most cells of a long file
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def file_name(name: str) -> str:
    """A file's name as people read it: without control characters, and from GBK where it is no UTF-8 (packed on another system)."""
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", "replace")
    return "".join(c if c.isprintable() else " " for c in name)


def person_name(text: str) -> str:
    """A name without padding: 王　芳 is 王芳; a name with Latin letters keeps single spaces."""
    name = _SPACES.sub(" ", text.replace("\u3000", " ")).strip()
    return name.replace(" ", "") if _HAN.search(name) else name


def key_of(text: str) -> str:
    """What two spellings of one theme or title share: narrow, lower case, no punctuation or space."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text).casefold())


def is_total(text: str) -> bool:
    """Whether a text is the head of a row of sums."""
    return bool(_TOTAL.match(key_of(text)))


def has_control(text: str) -> bool:
    """Whether ``text`` holds a character that no spreadsheet cell can have, or that says one was lost."""
    return bool(_CONTROL.search(text))


def visible(text: str) -> str:
    """The same text with every such character shown as the sign of a lost character."""
    return _CONTROL.sub("\ufffd", text)


def units(text: str) -> int:
    """The length of a text as spreadsheet programs count it: in UTF-16 units."""
    return len(text) + sum(c > "\uffff" for c in text)


def harmless(text: str) -> str:
    """A text that no spreadsheet program takes for a formula; :func:`unguarded` takes the sign off again."""
    return f"'{text}" if text.startswith(_RISKY) or (text[:1] == "'" and text[1:].startswith((*_RISKY, "'"))) else text


def unguarded(text: str) -> str:
    """A text without the sign that :func:`harmless` puts in front."""
    return text[1:] if text[:1] == "'" and text[1:].startswith((*_RISKY, "'")) else text


def json_text(value: object, encoding: str | None, indent: int | None = None) -> str:
    """A value as JSON; its characters are escaped where a stream of this encoding could not hold one of them."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text


def column_number(letters: str) -> int:
    """The number of a column by its letters, from 0: ``A`` is 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_name(column: int, line: int) -> str:
    """The spreadsheet name of a cell: column 0 and line 5 are ``A5``."""
    return f"{column_name(column)}{line}"


def column_name(column: int) -> str:
    """The letters of a column: 0 is ``A``, 26 is ``AA``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
