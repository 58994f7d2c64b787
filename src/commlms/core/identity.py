"""Resident ID numbers (GB 11643): checking, and what may be kept of them.

Only a keyed digest and a masked form are kept; the number itself is never stored or shown.
"""

from __future__ import annotations

import hmac
import re
from functools import lru_cache
from operator import mul

import attrs

from commlms.core.days import to_date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FORM = re.compile(r"^\d{17}[\dX]$")


class BadIdNumber(ValueError):
    """Raised by :func:`read_id_number`; its argument is the problem's code."""


@attrs.frozen
class IdNumber:
    """What one ID number says: birth date as a day, sex, and the masked form that may be shown."""

    number: str = attrs.field(repr=False)
    born: int
    sex: str

    @property
    def masked(self) -> str:
        """The first three and the last character; the rest as stars."""
        return f"{self.number[:3]}{'*' * 14}{self.number[-1]}"

    def digest(self, key: bytes) -> str:
        """HMAC-SHA-256 under the office key, in hex: the only form in which it can be found again."""
        return hmac.digest(key, self.number.encode(), "sha256").hex()


def check_digit(first17: str) -> str:
    """The 18th character that belongs to the first 17 digits (GB 11643, ISO 7064 mod 11-2)."""
    return _CHECKS[sum(map(mul, map(int, first17), _WEIGHTS)) % 11]


def told_by(number: str) -> tuple[int, str]:
    """The birth date (20220305) and sex that a number tells; one that :func:`read_id_number` took, as it was written."""
    digits = number.replace(" ", "")
    return int(digits[6:14]), "male" if int(digits[16]) % 2 else "female"


def read_id_number(text: str) -> IdNumber:
    """Check form, check digit and birth date; raises :class:`BadIdNumber`."""
    number = text.upper().replace(" ", "")
    if not _FORM.match(number):
        raise BadIdNumber("id_form")
    if check_digit(number[:17]) != number[17]:
        raise BadIdNumber("id_checksum")
    born, sex = told_by(number)
    if not _is_day(born):
        raise BadIdNumber("id_checksum")
    return IdNumber(number, born, sex)


@lru_cache(maxsize=1 << 16)
def _is_day(day: int) -> bool:
    try:
        to_date(day)
    except ValueError:
        return False
    return True
