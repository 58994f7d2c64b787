"""The forms of a rule pack's tables: which keys each has, and what each key may hold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from commlms.core import pack_words
from commlms.core.labels import Label
from commlms.core.pack_words import Words
from commlms.core.packs import ANY_TEXT, DAY, LABEL, NAME, NUMBER, TEXT, TRUE, Kind, form, list_of, one_of, optional, some
from commlms.core.places import LEVELS, Place
from commlms.core.records import record_of


class Unit(NamedTuple):
    """What a threshold's unit is to the integers that are counted: the factor on the numerator, the metric units it fits."""

    factor: Decimal
    fits: frozenset[str]
    ratio: bool = False


_WHOLE = frozenset({"person", "visit", "minute", "session", "place", "row", "day", "level"})
_ANY = _WHOLE | {"fen", "area"}
_CENT = Decimal("0.01")
UNITS = {
    "percent": Unit(Decimal(100), _ANY, True), "permille": Unit(Decimal(1000), _ANY, True),
    "per_10000": Unit(Decimal(10_000), _ANY, True), "yuan/person": Unit(_CENT, frozenset({"fen"}), True),
    "count": Unit(Decimal(1), _WHOLE), "square_metre": Unit(_CENT, frozenset({"area"})),
    "years": Unit(Decimal(1), _WHOLE), "undefined": Unit(Decimal(1), _ANY),
}
#: Levels of a network.
NETWORK_LEVELS = (*LEVELS, "below_village")
#: What a document takes over of the one it extends.
INHERITED = ("network", "level", "region", "target", "goal", "schedule", "conflict")
_PLACE_KINDS = next(f for f in record_of(Place).fields if f.name == "kind").choices


def _is_kind(value: Any) -> bool:
    """A declared kind by its key, or a word of the office's own. Other words for a declared kind never stand in the data."""
    others = {w for c in _PLACE_KINDS for w in (c.label.zh, c.label.en, *c.aliases)}
    return isinstance(value, str) and (value in {c.key for c in _PLACE_KINDS} or (not value.isascii() and value not in others))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9


def _either(one: Kind, other: Kind) -> Kind:
    return Kind(
        lambda v: one.fits(v) or other.fits(v), Label(f"{one.words.zh}，或{other.words.zh}", f"{one.words.en}, or {other.words.en}")
    )


def _or_own(words: Words) -> Kind:
    """One of some words, or a Chinese one of the office's own: what has no English word here has none in the pack."""
    keys = ", ".join(words)
    return Kind(
        lambda v: isinstance(v, str) and bool(v.strip()) and (v in words or not v.isascii()),
        Label(f"{keys} 之一，或本地自己的词", f"one of {keys}, or a Chinese word of your own"),
    )


_KINDS = ", ".join(c.key for c in _PLACE_KINDS)
_KIND = Kind(_is_kind, Label(f"{_KINDS} 之一，或本地自己的词", f"one of {_KINDS}, or a Chinese word of your own"))
_WHOLE_NUMBER = Kind(_is_whole, Label("1 以上的整数", "a whole number of at least 1"))
_ORDER = Kind(lambda v: v == 0 or _is_whole(v), Label("整数", "a whole number"))
_WEEKDAY = Kind(lambda v: _is_whole(v) and v <= 7, Label("1（周一）至 7（周日）", "1 (Monday) to 7 (Sunday)"))


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 5 and dt.time.fromisoformat(value) is not None
    except ValueError:
        return False


_TIME = Kind(_is_time, Label("时刻，如 \"16:30\"", 'a time such as "16:30"'))
_TEXTS, _LABELS = optional(list_of(TEXT)), optional(list_of(LABEL))
_NAMED = {"id": NAME, "zh": TEXT, "en": TEXT}
#: Where it stands in the document.
_PLACED = {"clause": TEXT, "quote": TEXT, "req": _TEXTS, "note": optional(LABEL)}
_AT = some(one_of(*pack_words.LEVELS))

TABLES: dict[str, dict[str, Kind]] = {
    "policy": {
        "key": NAME, "id": NAME, "code": NAME, "zh": TEXT, "en": TEXT, "number": TEXT, "issuer": LABEL, "jurisdiction": NAME,
        "tree": one_of("admin", "reporting"), "issued": optional(DAY), "published": optional(DAY), "effective": DAY,
        "repealed": optional(DAY), "repeals": optional(list_of(form(number=TEXT, zh=optional(TEXT), en=optional(TEXT)))),
        "extends": optional(NAME), "drop": _TEXTS, "note": optional(LABEL),
    },
    "network": {
        **_NAMED, "levels": optional(_WHOLE_NUMBER), "head": optional(TEXT), "backbone": optional(TEXT), "base": optional(TEXT),
        **_PLACED,
    },
    "level": {
        "level": one_of(*NETWORK_LEVELS), "network": optional(TEXT), "order": optional(_ORDER), "place": LABEL, "zh": TEXT, "en": TEXT,
        "aliases": _TEXTS, "hosts": _TEXTS, "duties": _LABELS, "supervised_by": _TEXTS, "count": optional(_WHOLE_NUMBER),
        "condition": optional(TEXT), "agreement": optional(form(zh=TEXT, en=TEXT, covers=_TEXTS)), **_PLACED,
    },
    "region": {"key": NAME, "zh": TEXT, "en": TEXT, "places": some(NAME), "note": optional(LABEL)},
    "target": {
        **_NAMED, "metric": optional(TEXT), "compare": one_of(*pack_words.COMPARISONS), "literal": ANY_TEXT, "value": NUMBER,
        "value_max": optional(NUMBER), "beyond": optional(one_of("met", "short")), "value_of": optional(TEXT), "unit": one_of(*UNITS),
        "scope": form(
            level=optional(_either(one_of(*LEVELS), some(one_of(*LEVELS)))), kind=optional(_KIND), without=optional(_KIND),
            region=optional(TEXT),
            subject=optional(TEXT), role=optional(some(TEXT)),
        ),
        "judge": one_of("each", "together"), "basis": optional(one_of(*pack_words.BASES)), "due": optional(DAY),
        "standing": optional(TRUE), "every": optional(one_of("year")), "start": optional(DAY), "window": one_of(*pack_words.WINDOWS),
        "force": one_of(*pack_words.FORCES), "clause": TEXT, "quote": TEXT, "gloss": TEXT,
        "reading": one_of(*pack_words.READINGS), "req": _TEXTS,
        "when": optional(list_of(form(metric=TEXT, count=optional(_WHOLE_NUMBER)))), "joined": _TEXTS, "nested_in": optional(TEXT),
        "data": optional(LABEL), "stated": optional(LABEL), "note": optional(LABEL),
    },
    "goal": {
        **_NAMED, "levels": _AT, "region": optional(TEXT), "due": optional(DAY), "reading": LABEL,
        "metrics": _TEXTS, "assessed": optional(TEXT), **_PLACED, "gloss": TEXT,
    },
    "schedule": {
        **_NAMED, "by": LABEL, "cadence": one_of(*pack_words.CADENCES),
        "weekdays": optional(list_of(_WEEKDAY)), "not_before": optional(_TIME),
        "start": optional(DAY), "deadline": optional(DAY), "min_count": optional(_WHOLE_NUMBER), "events": optional(_WHOLE_NUMBER),
        "metric": optional(TEXT), "levels": optional(some(one_of(*LEVELS))), **_PLACED, "gloss": TEXT,
    },
    "conflict": {**_NAMED, "targets": some(TEXT), "note": LABEL},
    "chain": {**_NAMED, "links": some(TEXT), "levels": _AT, "shared": _TEXTS, "functions": _LABELS, **_PLACED},
    "model": {**_NAMED, "parts": some(form(zh=TEXT, en=TEXT, actor=_or_own(pack_words.ACTORS))), **_PLACED},
    "body": {**_NAMED, "levels": _AT, "duties": list_of(LABEL), **_PLACED},
    "department": {
        **_NAMED, "group": _or_own(pack_words.GROUPS), "levels": _AT, "role": _or_own(pack_words.ROLES),
        "duties": list_of(LABEL), "shared_with": _TEXTS, **_PLACED,
    },
    "term": {**_NAMED, "about": TEXT, "clause": TEXT, "quote": optional(TEXT), "req": _TEXTS, "note": optional(LABEL)},
    "provision": {**_NAMED, "kind": one_of(*pack_words.PROVISIONS), **_PLACED},
}
