"""Labels in two languages, and the choice between them."""

from __future__ import annotations

import locale
import os
from typing import Literal

import attrs

Lang = Literal["zh", "en"]


@attrs.frozen
class Label:
    """One thing's name in Chinese and English."""

    zh: str
    en: str

    def say(self, lang: Lang, **values: object) -> str:
        """The label in ``lang``, with ``{name}`` parts filled from ``values``."""
        text = self.zh if lang == "zh" else self.en
        shown = {k: v.say(lang) if isinstance(v, Label) else v for k, v in values.items()}
        return text.format(**shown) if shown else text


def default_lang() -> Lang:
    """Chinese where the operator's locale is Chinese or not set; else English.

    ``COMMLMS_LANG`` (``zh`` or ``en``) decides before the locale does.
    """
    named = os.environ.get("COMMLMS_LANG", "")
    if named in ("zh", "en"):
        return "zh" if named == "zh" else "en"
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            break
    else:
        value = locale.getlocale()[0] or ""
    if value.lower().startswith(("en", "c.utf", "posix")) or value == "C":
        return "en"
    return "zh"
