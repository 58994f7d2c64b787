"""Figures as declarations: totals over learners, sums at the host, registers' rows, places, levels, residents.

A :class:`Metric` is one measure, or a ratio of two. Everything counted is an integer; a ratio is two
integers, divided once, when shown.
"""

from __future__ import annotations

import hashlib
import re
from functools import cached_property
from typing import Any, Literal

import attrs

from commlms.core.errors import DeclarationError
from commlms.core.expressions import Condition, Fact, Person, dump, holds, node, strength
from commlms.core.labels import Label
from commlms.core.places import LEVELS

#: What a figure is a number of. ``fen`` is money in 1/100 yuan, ``area`` 1/100 square metre, ``level`` an administrative level.
Unit = Literal["person", "visit", "minute", "session", "place", "row", "day", "fen", "area", "level"]
#: Marks a field that later versions of a measure added: left away from the canonical text where it has its default.
_ADDED = {"added": True}


@attrs.frozen
class Population:
    """A group of learners as a predicate. Unknown is in no population and is listed as left out."""

    key: str
    zh: str
    en: str
    where: Condition = attrs.field(eq=dump)
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> Label:
        """Its name in both languages."""
        return Label(self.zh, self.en)

    def contains(self, person: Person) -> bool | None:
        """Whether one learner in memory belongs to it: True, False, or None where something asked is not known.

        ``person`` is a mapping as :func:`commlms.core.expressions.holds` reads it.
        """
        return holds(self.where, person)


@attrs.frozen
class StandingGroup:
    """A group that cannot be computed, in which learners have dated standings."""

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()


class Measure:
    """Base of everything that can be a metric's numerator or denominator."""

    @cached_property
    def text(self) -> str:
        """The canonical text: two measures with one text are one measure."""
        return dump(self)

    @cached_property
    def column(self) -> str:
        """The column of the kept totals that holds it."""
        return "m_" + hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def at_least(self, count: int) -> Having:
        """The condition that a place's figure reaches ``count``."""
        return Having(self, count)


def _wrong(zh: str, en: str) -> DeclarationError:
    return DeclarationError(Label(zh, en))


def _where(population: Population | Condition | None) -> Condition | None:
    return population.where if isinstance(population, Population) else population


@node
@attrs.frozen(eq=False)
class Total(Measure):
    """A sum over the learners of a place who took part in the period: of 1 (persons), or of ``value``.

    Kept per place and year. ``among`` is a population, ``where`` a further condition.
    """

    value: Fact | None = None
    where: Condition | None = None
    among: Condition | None = attrs.field(default=None, converter=_where)


@node
@attrs.frozen(eq=False)
class Hosted(Measure):
    """A sum over the sessions that a place's institutions held in the period. Kept per place and year.

    ``sessions``, ``minutes`` (of sessions), ``named`` visits, ``unnamed`` visits. For ``unnamed``
    ``audience`` restricts to headcounts that name one of these groups.
    """

    what: Literal["sessions", "minutes", "named", "unnamed"]
    where: Condition | None = None
    audience: tuple[str, ...] = ()


@node
@attrs.frozen(eq=False)
class Residents(Measure):
    """Residents of a place: the latest figure not after the period, of a basis and group."""

    basis: str = "permanent"
    group: str = "all"


@node
@attrs.frozen(eq=False)
class Rows(Measure):
    """Rows of a register at a place, asked when read: in force on the period's last day, or dated within it.

    ``record`` is the record's key. ``day`` names a date field for rows of the period, or a period field for rows whose own
    period lies inside it (of a school year only itself); without it ``since`` and ``until`` decide. ``distinct`` counts
    different values of these fields instead of rows; ``value`` sums an integer field of them, an empty one adding nothing.
    With ``here`` only what stands at the place itself counts, nothing of the places below it. ``open_until`` names a date field:
    what came on a day there, by the period's last day, is no longer open and does not count (a report that was due and came).
    """

    record: str
    where: Condition | None = None
    day: str = ""
    distinct: tuple[str, ...] = ()
    value: str = attrs.field(default="", metadata=_ADDED)
    here: bool = attrs.field(default=False, metadata=_ADDED)
    open_until: str = attrs.field(default="", metadata=_ADDED)

    def __attrs_post_init__(self) -> None:
        if self.value and self.distinct:
            raise _wrong("Rows 的 value 与 distinct 不能同用", "Rows: value and distinct cannot be given together")


@node
@attrs.frozen(eq=False)
class Having:
    """A place's own figure (with everything below it) reaches ``count``."""

    measure: Measure
    count: int


@node
@attrs.frozen(eq=False)
class Places(Measure):
    """Places of a level inside a place, all of them or those that reach something; with ``kind`` only those of that kind.

    What is reached is a place's figure with everything below it; of ``Rows(..., here=True)`` what the place itself has.
    """

    level: str
    having: Having | None = None
    kind: str = attrs.field(default="", metadata=_ADDED)

    def __attrs_post_init__(self) -> None:
        if self.level not in LEVELS:
            raise _wrong(f"没有级别「{self.level}」", f"there is no level {self.level}")


@node
@attrs.frozen(eq=False)
class Levels(Measure):
    """The levels of a network: of how many administrative levels there is, at a place or below it, a place that itself reaches 1.

    ``measure`` is a figure of rows or sessions at the places; what counts is a place's own, without the places below it.
    """

    measure: Measure

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.measure, (Rows, Hosted)):
            raise _wrong("Levels 只数登记行或场次", "Levels counts by rows or by sessions held")


#: How surely a learner is known to be one person, the surest first: by an ID number, a birth date, a birth year or month.
#: Who is known by none of these, by a code or a name alone, is ``weak``: counted as the rest.
KNOWN_BY = ("card", "birth_date", "birth_year")

_METRIC_KEY = re.compile(r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")


@attrs.frozen(eq=False)
class Metric:
    """A figure per place and period.

    ``ceiling`` is what may be added to the numerator at the most (unnamed visits): a rate is then
    *proven* by the numerator alone and has a ceiling beside it. ``population`` marks figures about
    a group of people, which are suppressed under 5 below the county when exported.
    """

    key: str
    zh: str
    en: str
    numerator: Measure
    denominator: Measure | None = None
    ceiling: Measure | None = None
    unit: Unit = "person"
    population: str = ""
    note: Label | None = None

    def __attrs_post_init__(self) -> None:
        if not _METRIC_KEY.match(self.key):
            raise DeclarationError(
                Label(f"指标键「{self.key}」应为「插件.名称」", f"the metric key {self.key} should be plugin.name")
            )
        for part in (self.numerator, self.denominator, self.ceiling):
            if part is not None and not isinstance(part, Measure):
                raise DeclarationError(Label(f"指标「{self.key}」的分子分母不对", f"metric {self.key}: not a measure"))

    @property
    def label(self) -> Label:
        """Its name in both languages."""
        return Label(self.zh, self.en)

    @cached_property
    def strengths(self) -> tuple[Total, ...]:
        """Of a rate of persons to residents: the persons of each of :data:`KNOWN_BY`; of any other figure none."""
        persons = self.numerator
        if not isinstance(persons, Total) or persons.value is not None or not isinstance(self.denominator, Residents):
            return ()
        asked = [strength.is_(word) for word in KNOWN_BY]
        return tuple(attrs.evolve(persons, where=known if persons.where is None else persons.where & known) for known in asked)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure it is made of, those inside coverage counts and its persons by strength of identity too."""
        found: list[Measure] = []
        for part in (self.numerator, self.denominator, self.ceiling):
            if part is None:
                continue
            found.append(part)
            if (inner := counted_by(part)) is not None:
                found.append(inner)
        return (*found, *self.strengths)


def counted_by(measure: Measure | None) -> Measure | None:
    """The measure that places or levels are counted by; None of any other measure, or where every place counts."""
    if isinstance(measure, Levels):
        return measure.measure
    return measure.having.measure if isinstance(measure, Places) and measure.having is not None else None


def kept(measure: Measure) -> bool:
    """Whether a measure's yearly totals are kept by difference."""
    return isinstance(measure, (Total, Hosted))


_BASIS = Residents()
UNNAMED = Hosted("unnamed")


def _core() -> tuple[Metric, ...]:
    from commlms.core.expressions import minutes as minutes_
    from commlms.core.expressions import mode, occupation, sessions

    organised = ~mode.in_("self_study")
    workforce = occupation.in_("farmer", "worker", "employed", "self_employed")
    return (
        Metric("core.participation", "居民参与率", "participation of residents", Total(), _BASIS, ceiling=UNNAMED),
        Metric(
            "core.organised_participation", "有组织参与率", "organised participation",
            Total(where=sessions(organised) >= 1), _BASIS, ceiling=Hosted("unnamed", organised),
        ),
        Metric(
            "core.workforce_participation", "从业人员参与率", "participation of employed people",
            Total(among=workforce), Residents("permanent", "employed"), ceiling=UNNAMED, population="workforce",
        ),
        Metric("core.persons", "参与人数", "persons", Total()),
        Metric("core.visits", "具名人次", "named visits", Total(sessions()), unit="visit"),
        Metric("core.unnamed_visits", "未具名人次", "unnamed visits", UNNAMED, unit="visit"),
        Metric("core.minutes", "学习分钟", "minutes", Total(minutes_()), unit="minute"),
        Metric("core.sessions", "举办场次", "sessions held", Hosted("sessions"), unit="session"),
        Metric("core.repeat", "重复参与率", "repeat rate", Total(where=sessions() >= 2), Total()),
        Metric(
            "core.village_coverage", "村（社区）活动覆盖", "villages with a session",
            Places("village", Hosted("sessions").at_least(1)), Places("village"), unit="place",
        ),
        Metric(
            "core.township_coverage", "乡镇（街道）活动覆盖", "townships with a session",
            Places("township", Hosted("sessions").at_least(1)), Places("township"), unit="place",
        ),
    )


#: The figures that every database has, whatever plugins are loaded.
CORE_METRICS: tuple[Metric, ...] = _core()


def population_metrics(
    plugin: str, population: Population, *, name: str = "", residents: str = "", audience: tuple[str, ...] = (),
) -> tuple[Metric, ...]:
    """The figures that every population has: persons, visits named and unnamed, minutes, repeat rate, villages reached.

    ``name`` prefixes the keys where a plugin has several populations. With ``residents`` (the group in
    the residents register) there is a participation rate with its ceiling. ``audience`` are the groups
    whose headcounts are this population's unnamed visits.
    """
    from commlms.core.expressions import minutes, sessions

    start = f"{plugin}.{name}_" if name else f"{plugin}."
    among, zh, en = population, population.zh, population.en

    def made(key: str, label_zh: str, label_en: str, numerator: Measure, **options: Any) -> Metric:
        return Metric(start + key, f"{zh}{label_zh}", f"{en}: {label_en}", numerator, population=population.key, **options)

    rate = (
        ()
        if not residents
        else (
            made(
                "participation",
                "参与率",
                "participation",
                Total(among=among),
                denominator=Residents("permanent", residents),
                ceiling=UNNAMED,
            ),
        )
    )
    unnamed = () if not audience else (
        made("unnamed_visits", "未具名人次", "unnamed visits", Hosted("unnamed", audience=audience), unit="visit"),
    )
    return (
        *rate,
        made("persons", "参与人数", "persons", Total(among=among)),
        made("visits", "具名人次", "named visits", Total(sessions(), among=among), unit="visit"),
        *unnamed,
        made("minutes", "学习分钟", "minutes", Total(minutes(), among=among), unit="minute"),
        made("repeat", "重复参与率", "repeat rate", Total(where=sessions() >= 2, among=among), denominator=Total(among=among)),
        made(
            "village_coverage", "村（社区）覆盖", "villages reached", Places("village", Total(among=among).at_least(1)),
            denominator=Places("village"), unit="place",
        ),
    )
