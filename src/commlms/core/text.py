"""Text as offices write it: full-width digits, padded names, stray spaces; and how it is made regular."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PUNCTUATION = re.compile(r"[\s\W_]+")

#: The longest cell that is read (the limit of a spreadsheet cell, in characters).
CELL_LIMIT = 32_767


def narrow(text: str) -> str:
    """Full-width digits, letters and signs made half-width; outer and repeated spaces removed."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def person_name(text: str) -> str:
    """A name without padding: 王　芳 is 王芳; a name with Latin letters keeps single spaces."""
    name = _SPACES.sub(" ", text.replace("\u3000", " ")).strip()
    return name.replace(" ", "") if _HAN.search(name) else name


def key_of(text: str) -> str:
    """What two spellings of one theme or title share: narrow, lower case, no punctuation or space."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text).casefold())


def has_control(text: str) -> bool:
    """Whether ``text`` holds a control character that no spreadsheet cell should have."""
    return bool(_CONTROL.search(text))


def cell_name(column: int, line: int) -> str:
    """The spreadsheet name of a cell: column 0 and line 5 are ``A5``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{line}"
