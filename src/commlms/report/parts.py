"""The parts of a document's report besides its verdicts, as plain values.

A matrix of verdicts, rates over the years, goals without number, schedules, who does what, contradictions, and what could not
be judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from commlms.core.duties import Body, Chain, Department, Level, Model, Network, Term
from commlms.core.labels import Label
from commlms.report.cells import Cell, Shown

#: The verdicts as they are counted beside one another.
ORDER = ("met", "short", "not_shown", "no_data", "not_applicable", "no_verdict")


@attrs.frozen
class Tally:
    """How many judgements ended in each verdict. ``one``: it is a single judgement, of a single place or of several as one."""

    counts: Mapping[str, int]
    one: bool = False

    @property
    def found(self) -> list[tuple[str, int]]:
        """The verdicts that there are, with how often."""
        return [(v, self.counts[v]) for v in ORDER if self.counts.get(v)]

    @property
    def total(self) -> int:
        """How many judgements these are."""
        return sum(self.counts.values())


@attrs.frozen
class MatrixRow:
    """A target across the places: ``whole`` counts all its judgements, ``cells`` those at or below each column's place."""

    target: str
    label: Label
    force: str
    depth: int
    demand: Label
    conflicts: tuple[str, ...]
    whole: Tally
    cells: tuple[Tally | None, ...]


@attrs.frozen
class Matrix:
    """Targets by places: what binds, and apart from it what is only striven for or encouraged."""

    columns: tuple[str, ...]
    binding: tuple[MatrixRow, ...]
    striven: tuple[MatrixRow, ...]

    @property
    def rows(self) -> tuple[MatrixRow, ...]:
        """All rows."""
        return self.binding + self.striven


@attrs.frozen
class Point:
    """A rate of one year at one place. ``other_borders``: there were residents, of other borders than the place has now.

    ``ceiling`` is the most the numerator can be, where more could be true than what is proven.
    """

    year: int
    numerator: Shown | None = None
    denominator: Shown | None = None
    ceiling: Shown | None = None
    other_borders: bool = False


@attrs.frozen
class Series:
    """One place's rates, a point a year. ``targets``: those of the trend's lines that are asked of this place or of places in it."""

    place: str
    points: tuple[Point, ...]
    targets: tuple[str, ...] = ()


@attrs.frozen
class Line:
    """The value that a target asks for, with the day it is due, if there is one."""

    target: str
    compare: str
    value: Decimal
    due: int | None
    most: Decimal | None = None


@attrs.frozen
class Trend:
    """A rate that targets ask for, over the years, by place, on the tree of the report's last day."""

    metric: str
    label: Label
    unit: str
    basis: Label | None
    lines: tuple[Line, ...]
    years: tuple[int, ...]
    series: tuple[Series, ...]

    @property
    def has_ceiling(self) -> bool:
        """Whether more could be true of some point than what is proven."""
        return any(p.ceiling is not None for s in self.series for p in s.points)

    @property
    def limits(self) -> tuple[Decimal, ...]:
        """The values asked for."""
        return tuple(v for line in self.lines for v in (line.value, line.most) if v is not None)


@attrs.frozen
class Moved:
    """Places that joined another or left it on a day between the first year drawn and the tree's day."""

    place: str
    day: int
    joined: tuple[str, ...]
    left: tuple[str, ...]


@attrs.frozen
class Recorded:
    """A figure that stands beside a goal or a schedule; ``missing`` where there is none to show."""

    metric: str
    label: Label
    unit: str
    cell: Cell | None = None
    missing: Label | None = None


@attrs.frozen
class Assessed:
    """What an assessor wrote of a goal: never computed."""

    place: str
    day: int | None
    status: Label
    about: str = ""


@attrs.frozen
class GoalPart:
    """A goal without number, with what is recorded beside it. Never scored."""

    id: str
    label: Label
    clause: str
    quote: str
    gloss: str
    reading: Label
    at: tuple[Label, ...]
    due: int | None
    note: Label | None
    req: tuple[str, ...]
    figures: tuple[Recorded, ...]
    assessed: tuple[Assessed, ...]
    assessor: Label | None = None


@attrs.frozen
class AskedPlaces:
    """At how many of the places of a level that a schedule asks at least ``least`` is recorded."""

    level: Label
    done: int
    of: int
    least: int
    lacking: tuple[str, ...] = ()


@attrs.frozen
class SchedulePart:
    """What is to be done when, and what is recorded of it in the period. ``passed``: its deadline lies behind the day judged on."""

    id: str
    label: Label
    by: Label
    when: Label
    clause: str
    quote: str
    gloss: str
    deadline: int | None
    passed: bool
    note: Label | None
    req: tuple[str, ...]
    figure: Recorded | None
    asked: tuple[AskedPlaces, ...]


@attrs.frozen
class NetworkPart:
    """A network with its levels, from the top."""

    network: Network | None
    levels: tuple[Level, ...]


@attrs.frozen
class Duties:
    """Who does what by a document."""

    networks: tuple[NetworkPart, ...] = ()
    chains: tuple[Chain, ...] = ()
    models: tuple[Model, ...] = ()
    bodies: tuple[Body, ...] = ()
    departments: tuple[Department, ...] = ()
    terms: tuple[Term, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the document says nothing of this."""
        return not any((self.networks, self.chains, self.models, self.bodies, self.departments, self.terms))

    def partners(self, department: Department) -> Label:
        """The names of the departments with which one carries its duties."""
        labels = [d.label for d in self.departments if d.id in department.shared_with]
        return Label("、".join(x.zh for x in labels), ", ".join(x.en for x in labels))


@attrs.frozen
class Side:
    """One of the targets of a conflict with its verdict, or with a count of its verdicts at several places."""

    document: str
    target: str
    label: Label
    demand: Label
    where: Label
    period: str
    tally: Tally


@attrs.frozen
class ConflictPart:
    """A contradiction between targets, each with its own verdict."""

    id: str
    label: Label
    note: Label
    sides: tuple[Side, ...]


@attrs.frozen
class Unjudged:
    """Judgements of a target that ended without a verdict for one reason: how many, the first places."""

    target: str
    label: Label
    verdict: str
    why: Label
    count: int
    places: tuple[str, ...]


@attrs.frozen
class Parts:
    """Everything a document's report has besides its verdicts."""

    matrix: Matrix = attrs.field(factory=lambda: Matrix((), (), ()))
    trends: tuple[Trend, ...] = ()
    moved: tuple[Moved, ...] = ()
    goals: tuple[GoalPart, ...] = ()
    schedules: tuple[SchedulePart, ...] = ()
    duties: Duties = attrs.field(factory=Duties)
    conflicts: tuple[ConflictPart, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
