"""What a report says, as plain values: made once, then rendered in every form.

Days are integers (20221231). A hidden number has no value; why it is hidden stands beside it.
The figures of places are the exception: a city has hundreds of thousands, so each is made when a form asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

import attrs

from commlms.core.labels import Label
from commlms.measure.figures import Strengths
from commlms.report.cells import Cell, Shown
from commlms.report.numbers import scale_of
from commlms.report.parts import Parts


@attrs.frozen
class ResidentsNote:
    """The residents a place's rates are divided by: persons, dates, basis, nature, sources."""

    persons: int
    basis: Label
    dates: tuple[int, ...]
    natures: tuple[Label, ...]
    citations: tuple[str, ...]
    estimated: bool
    summed: bool
    about: bool


@attrs.frozen
class PlaceRow:
    """One place with its figures and everything below it. ``silent`` of ``leaves`` lowest places held no session.

    ``make`` gives its figure of one of ``metrics``, by the metric's key and the place's id. ``known``: of the places reported
    on, how surely the persons of each rate are known; None where that is hidden.
    """

    id: int
    code: str
    name: str
    level: str
    level_label: Label
    kind: str
    parent: str
    depth: int
    documents: tuple[str, ...]
    residents: ResidentsNote | None
    silent: int
    leaves: int
    metrics: Sequence[str]
    make: Callable[[str, int], Cell]
    children: tuple[PlaceRow, ...]
    known: Mapping[str, Strengths | None]

    def cell(self, metric: str) -> Cell | None:
        """One of its figures."""
        return self.make(metric, self.id) if metric in self.metrics else None

    @property
    def cells(self) -> list[Cell]:
        """All its figures, made anew whenever they are asked for."""
        return [self.make(metric, self.id) for metric in self.metrics]

    def walk(self) -> Iterator[PlaceRow]:
        """Itself and every place below it, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()


@attrs.frozen
class Rule:
    """A metric's rule in words. ``share``: its ratio is a percentage; ``limits``: what documents in force ask, in the same scale.

    ``unit`` and ``under`` are what its two integers are numbers of.
    """

    metric: str
    label: Label
    unit: str
    section: str
    population: Label | None
    numerator: Label
    denominator: Label | None
    ceiling: Label | None
    note: Label | None
    share: bool
    limits: tuple[Decimal, ...] = ()
    under: str = ""

    @property
    def scale(self) -> Decimal:
        """What its ratio is multiplied by when it is shown."""
        return scale_of(self.unit, share=self.share)


@attrs.frozen
class Section:
    """The metrics of one plugin, or of the core."""

    key: str
    label: Label
    rules: tuple[Rule, ...]


@attrs.frozen
class Verdict:
    """One judgement: the sentence, the two integers, the verdict and what is missing to it."""

    target: str
    label: Label
    metric: str
    compare: str
    value: Decimal
    unit: str
    clause: str
    quote: str
    force: Label
    due: int | None
    basis: Label
    note: Label | None
    verdict: str
    verdict_label: Label
    why: Label | None
    period: str
    where: Label
    places: int
    numerator: Shown | None
    denominator: Shown | None
    ceiling: Shown | None
    bound: Shown | None
    needed: int | None
    by: Shown | None
    counted: str
    silent: int
    leaves: int
    estimated: bool
    req: tuple[str, ...] = ()
    data: Label | None = None
    not_reported: tuple[int, int] | None = None
    gloss: str = ""
    value_max: Decimal | None = None
    subject: Label | None = None
    excess: Shown | None = None
    limit: int | None = None
    of: Label | None = None
    divided_by: str = ""
    running: bool = False
    code: str = ""
    reading: Label | None = None


@attrs.frozen
class LocalLevel:
    """What a document calls the places and institutions of one administrative level."""

    level: str
    level_label: Label
    place: Label
    institution: Label
    clause: str
    quote: str
    note: Label | None
    aliases: tuple[str, ...] = ()


@attrs.frozen
class Document:
    """A document in force, with its own level names and its verdicts here. ``repeals``: what it ends, as printed.

    ``facts`` says its days and what it ends in words; ``levels`` are those of its main network.
    """

    key: str
    id: str
    label: Label
    number: str
    issuer: Label
    jurisdiction: str
    effective: int
    repealed: int | None
    levels: tuple[LocalLevel, ...]
    verdicts: tuple[Verdict, ...]
    note: Label | None
    issued: int | None = None
    published: int | None = None
    repeals: tuple[Label, ...] = ()
    facts: tuple[Label, ...] = ()
    parts: Parts = attrs.field(factory=Parts)

    @property
    def by_target(self) -> list[tuple[Verdict, ...]]:
        """Its verdicts, those of one target together, as they stand in the document."""
        found: dict[str, list[Verdict]] = {}
        for verdict in self.verdicts:
            found.setdefault(verdict.target, []).append(verdict)
        return [tuple(v) for v in found.values()]

    def level(self, level: str) -> LocalLevel | None:
        """Its words for an administrative level."""
        return next((x for x in self.levels if x.level == level), None)


@attrs.frozen
class LeftOut:
    """Something that is not in the figures: what, how many (None where it cannot be counted), why, which."""

    key: str
    label: Label
    count: Shown | None
    why: Label
    names: tuple[str, ...] = ()


@attrs.frozen
class Year:
    """One year of the places reported on: persons, named visits and unnamed visits, never added together."""

    year: int
    persons: int
    named: int
    unnamed: int


@attrs.frozen
class Content:
    """A whole report. ``as_of`` is the day judged on; ``written`` the day of the newest write, "" if none.

    ``senders`` says who has not reported, or for some months only; nothing where all have, or no deliveries are kept.
    """

    version: str
    name: Label
    places_reported: tuple[str, ...]
    period: str
    first: int
    last: int
    as_of: int
    invented: bool
    written: str
    tops: tuple[PlaceRow, ...]
    sections: tuple[Section, ...]
    documents: tuple[Document, ...]
    years: tuple[Year, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Label, ...]
    senders: tuple[Label, ...] = ()

    @property
    def rules(self) -> dict[str, Rule]:
        """Every metric's rule by key."""
        return {r.metric: r for s in self.sections for r in s.rules}

    def walk(self) -> Iterator[PlaceRow]:
        """Every place, from the top."""
        for top in self.tops:
            yield from top.walk()
