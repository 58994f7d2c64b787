"""What the generator knows of the files it writes: the truth that a reader of the paper should come to.

Everything here is plain data and goes into facts.json as it is; the oracle reads nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from paper.people import Person


@dataclass(frozen=True)
class Event:
    """One session as it was. ``host`` is the name of the school; days are ISO texts; ``began`` only where it is a span."""

    host: str
    on: str
    theme: str
    minutes: int | None = None
    start: str = ""
    meetings: int | None = None
    began: str = ""


@dataclass(frozen=True)
class Named:
    """A person as one row tells them: what the row does not say is empty. ``born`` is a date or a year; ``home`` a code."""

    name: str
    sex: str = ""
    code: str = ""
    card: str = ""
    born: str = ""
    home: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Fact:
    """One row, or one sign of a month grid. ``cell`` is that of the sign, or of what is ``wrong`` and to be rejected; else empty.

    ``expect``: what the one who wrote the row knows it to be: known, held, unnamed; ``who``: the person meant.
    """

    line: int
    event: Event
    person: Named | None = None
    present: int | None = None
    attended: int | None = None
    wrong: str = ""
    cell: str = ""
    expect: str = "known"
    who: str = ""


@dataclass
class Told:
    """What one sheet says: whose it is, its shape and period, its rows, and the lines that are not counted by kind."""

    sheet: str
    sender: str
    shape: str
    period: str
    facts: list[Fact] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)

    def skip(self, line: int, kind: str) -> None:
        """A line that is recognised and not counted."""
        self.skipped.append((line, kind))


def named(person: Person, how: str) -> Named:
    """A person told ``how``: by card, date, year, phone, name or code."""
    told: dict[str, str] = {
        "card": person.card if how == "card" else "", "code": person.code if how == "code" else "",
        "born": {"date": person.born.isoformat(), "year": person.year}.get(how, ""),
        "phone": person.phone if how == "phone" else "",
        "home": person.home if how in ("card", "date", "year") else "",
    }
    return Named(person.name, person.sex, **told)
