"""Resident ID numbers (GB 11643): checking, and what may be kept of them.

Only a keyed digest and a masked form are kept; the number itself is never stored or shown.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re

import attrs

from commlms.core.days import to_int

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
        return hmac.new(key, self.number.encode(), hashlib.sha256).hexdigest()


def check_digit(first17: str) -> str:
    """The 18th character that belongs to the first 17 digits (GB 11643, ISO 7064 mod 11-2)."""
    return _CHECKS[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def read_id_number(text: str) -> IdNumber:
    """Check form, check digit and birth date; raises :class:`BadIdNumber`."""
    number = text.upper().replace(" ", "")
    if not _FORM.match(number):
        raise BadIdNumber("id_form")
    if check_digit(number[:17]) != number[17]:
        raise BadIdNumber("id_checksum")
    try:
        born = to_int(dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14])))
    except ValueError:
        raise BadIdNumber("id_checksum") from None
    return IdNumber(number, born, "male" if int(number[16]) % 2 else "female")
