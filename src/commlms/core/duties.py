"""What a document says besides its numbers: networks and levels, who does what, goals without number, schedules, words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import attrs

from commlms.core.days import to_int
from commlms.core.labels import Label

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Entry:
    """Something that stands in a document: its name in both languages, where, and in which words.

    ``req``: numbers in a catalogue of requirements. ``inherited``: key of the document whose words the quote is, where it is
    that of another one, which this one extends.
    """

    id: str
    label: Label
    clause: str
    quote: str
    req: tuple[str, ...] = ()
    note: Label | None = None
    inherited: str = ""


@attrs.frozen(kw_only=True)
class Network(Entry):
    """One network of institutions; ``levels`` is the number of levels that the text states."""

    levels: int | None = None
    head: str = ""
    backbone: str = ""
    base: str = ""


@attrs.frozen
class Agreement:
    """What an institution agrees on with the one that guides it."""

    label: Label
    covers: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Level:
    """A level of a network of the document: what its places and its institutions are called there, who hosts them, what they do."""

    level: str
    place: Label
    label: Label
    aliases: tuple[str, ...] = ()
    clause: str
    quote: str
    note: Label | None = None
    network: str = ""
    order: int = 0
    hosts: tuple[str, ...] = ()
    duties: tuple[Label, ...] = ()
    supervised_by: tuple[str, ...] = ()
    count: int | None = None
    condition: str = ""
    agreement: Agreement | None = None
    req: tuple[str, ...] = ()
    inherited: str = ""


@attrs.frozen
class Region:
    """A region that targets name, with the codes of its places."""

    key: str
    label: Label
    places: tuple[str, ...]
    note: Label | None = None


@attrs.frozen(kw_only=True)
class Chain(Entry):
    """Institutions that work together beside the main network."""

    links: tuple[str, ...]
    levels: tuple[str, ...]
    shared: tuple[str, ...] = ()
    functions: tuple[Label, ...] = ()


@attrs.frozen
class Part:
    """One phrase of a model of governance, and whom it names."""

    label: Label
    actor: str


@attrs.frozen(kw_only=True)
class Model(Entry):
    """The formula of who leads, who takes part, who acts."""

    parts: tuple[Part, ...]


@attrs.frozen(kw_only=True)
class Body(Entry):
    """A body that coordinates, guides or supports."""

    levels: tuple[str, ...]
    duties: tuple[Label, ...]


@attrs.frozen(kw_only=True)
class Department(Entry):
    """A department or organisation with its duties."""

    group: str
    levels: tuple[str, ...]
    role: str
    duties: tuple[Label, ...]
    shared_with: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Term(Entry):
    """What a word means in this document; ``id`` is the same in each document that uses the word."""

    about: str


@attrs.frozen(kw_only=True)
class Goal(Entry):
    """A demand without a number. Never scored: ``metrics`` and the rows of ``assessed`` are shown beside it."""

    levels: tuple[str, ...]
    region: str = ""
    due: int | None = None
    reading: Label
    metrics: tuple[str, ...] = ()
    assessed: str = ""
    gloss: str


@attrs.frozen(kw_only=True)
class Schedule(Entry):
    """What is done at certain times; ``metric`` is what is counted as done, at the places of ``levels`` or the jurisdiction itself."""

    by: Label
    cadence: str
    weekdays: tuple[int, ...] = ()
    not_before: str = ""
    start: int | None = None
    deadline: int | None = None
    min_count: int | None = None
    events: int | None = None
    metric: str = ""
    levels: tuple[str, ...] = ()
    gloss: str


@attrs.frozen(kw_only=True)
class Conflict:
    """Targets that contradict each other, of this document or of several."""

    id: str
    label: Label
    targets: tuple[str, ...]
    note: Label
    inherited: str = ""


@attrs.frozen(kw_only=True)
class Provision(Entry):
    """What else the document names: an event, an award, a platform, a fund ..."""

    kind: str


def label_of(data: Mapping[str, Any]) -> Label:
    """The names of a table in both languages."""
    return Label(data["zh"], data["en"])


def _agreement(data: Mapping[str, Any]) -> Agreement:
    return Agreement(label_of(data), tuple(data.get("covers", ())))


_LABELS = ("place", "note", "by", "data", "stated")
_DAYS = ("due", "start", "deadline")
_LISTED_LABELS = ("duties", "functions")


def value_of(cls: object, key: str, value: Any) -> Any:
    """The value of a pack's key as its field holds it."""
    if key in _DAYS:
        return to_int(value)
    if key in _LABELS or (key == "reading" and cls is Goal):
        return label_of(value)
    if key in _LISTED_LABELS:
        return tuple(label_of(x) for x in value)
    if key == "parts":
        return tuple(Part(label_of(x), x["actor"]) for x in value)
    if key == "agreement":
        return _agreement(value)
    return tuple(value) if isinstance(value, list) else value


def entry_of(cls: Callable[..., T], data: Mapping[str, Any], **made: Any) -> T:
    """A table of a pack as its dataclass: ``zh`` and ``en`` are its label. ``made`` are fields that are made otherwise."""
    values = {key: value_of(cls, key, value) for key, value in data.items() if key not in ("zh", "en") and key not in made}
    return cls(label=label_of(data), **({"quote": ""} if cls is Term else {}) | values | made)
