"""Figures of one period on one tree: every metric for every place, read from the kept totals or counted for the period."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import repeat

import attrs

from commlms.core.days import Period
from commlms.core.labels import Label
from commlms.core.metrics import Hosted, Levels, Measure, Metric, Places, Residents, Rows, Total, counted_by, kept
from commlms.core.records import Record
from commlms.measure.compile import identifier, totals_sql
from commlms.measure.hosted import hosted_sql
from commlms.measure.register_figures import RegisterFigures
from commlms.measure.reporting import NOT_REPORTED, Reporting, not_reported
from commlms.measure.residents import ResidentsFigure, persons_of, residents_of
from commlms.measure.totals import Totals, split
from commlms.measure.words import BASES, core_group
from commlms.store.geography import Geography, PlaceTree, Tree, place_tree

#: Population figures from 1 to 4 are not exported below the county.
SMALL = 5
_SUPPRESSED_LEVELS = ("township", "village")


@attrs.frozen
class Figure:
    """One metric at one place in one period: two integers, and what stands beside them.

    ``ceiling`` is the most the numerator can be; ``missing`` says which data is not there. ``not_reported``: how many of
    how many senders have not reported on it; None where no deliveries are kept.
    """

    metric: str
    place: int
    period: str
    numerator: int | None
    denominator: int | None = None
    ratio: bool = False
    ceiling: int | None = None
    residents: ResidentsFigure | None = None
    missing: Label | None = None
    not_reported: tuple[int, int] | None = None

    @property
    def has_data(self) -> bool:
        """Whether there is a figure to show."""
        return self.missing is None and self.numerator is not None


@attrs.frozen
class Strengths:
    """The persons of a rate by how surely each is known to be one person: ID number, birth date, birth year or month, none of these."""

    card: int
    birth_date: int
    birth_year: int
    weak: int


@attrs.frozen
class TotalRows:
    """Kept measures of one period: by place one integer for each column. Place 0 is an unknown home."""

    columns: tuple[str, ...]
    rows: Mapping[int, Sequence[int]]

    def column(self, name: str) -> dict[int, int]:
        """One measure's own figure per place, those that are not 0."""
        position = self.columns.index(name)
        return {place: row[position] for place, row in self.rows.items() if row[position]}

    def rolled(self, tree: PlaceTree) -> dict[str, dict[int, int]]:
        """Each measure per place with everything below it, by column."""
        rows = tree.roll_up_rows(self.rows, len(self.columns))
        values = zip(*rows.values(), strict=True) if rows else repeat(())
        return {c: dict(zip(rows, column, strict=True)) for c, column in zip(self.columns, values, strict=False)}


class Figures(RegisterFigures):
    """All figures of one period on the tree of its last day."""

    def __init__(
        self, totals: Totals, records: Mapping[str, Record], period: Period, tree: Tree = "admin",
        geography: Geography | None = None, group: Callable[[str], Label] = core_group,
    ) -> None:
        self.totals, self.database, self.records, self.period, self._group = totals, totals.database, records, period, group
        self.geography = geography or totals.geography()
        self.tree: PlaceTree = place_tree(self.geography, period.last, tree)
        self._rolled: dict[str, dict[int, int]] = {}
        self._residents: dict[str, dict[int, ResidentsFigure]] = {}
        self._further: dict[str, dict[int, int]] = {}
        self._lacking: dict[str, Label | None] = {}
        self._delivered: dict[str, bool] = {}
        self._by_subject: dict[tuple[str, str], Mapping[int, int]] = {}

    @cached_property
    def own_totals(self) -> TotalRows:
        """Every kept measure's own figures."""
        self.totals.ready(self.period)
        measures = [m for m in self.totals.measures if kept(m)]
        return self._kept_year(measures) if self.period.is_year else self._counted(measures)

    def on(self, tree: Tree, day: int | None = None) -> Figures:
        """The same figures on another tree, if asked for as it stands on another day. Nothing is counted again."""
        other = Figures(self.totals, self.records, self.period, tree, self.geography, self._group)
        other.own_totals = self.own_totals
        if day is not None:
            other.tree = place_tree(self.geography, day, tree)
        return other

    def _kept_year(self, measures: Sequence[Measure]) -> TotalRows:
        columns = tuple(m.column for m in measures)
        names = "".join(f", {identifier(c)}" for c in columns)
        rows = self.database.execute(f"SELECT place{names} FROM total WHERE year = ?", (self.period.first // 10_000,))
        return TotalRows(columns, {row[0]: row[1:] for row in rows})

    def _counted(self, measures: Sequence[Measure]) -> TotalRows:
        totals, hosted = split(measures)
        statements = [(totals_sql(totals, [self.period], same=self.totals.sameness), len(totals))] if totals else []
        statements += [(hosted_sql(hosted, [self.period], same=self.totals.sameness), len(hosted))] if hosted else []
        rows: dict[int, list[int]] = {}
        width = 0
        for sql, columns_of_it in statements:
            for place, _, *values in self.totals.run(sql, self.period):
                row = rows.setdefault(place, [])
                row += [0] * (width - len(row)) + values
            width += columns_of_it
        columns = tuple(m.column for m in (*totals, *hosted))
        return TotalRows(columns, {place: row + [0] * (width - len(row)) for place, row in rows.items()})

    def own(self, measure: Measure) -> Mapping[int, int]:
        """A measure's own figure per place."""
        if kept(measure):
            if measure.column in self.own_totals.columns:
                return self.own_totals.column(measure.column)
            if measure.column not in self._further:
                self._further[measure.column] = self._counted([measure]).column(measure.column)
            return self._further[measure.column]
        if isinstance(measure, Rows):
            return self.rows(measure)
        if isinstance(measure, Places):
            return self._places(measure)
        if isinstance(measure, Levels):
            return {p: 1 for p, n in self._standing(self.own(measure.measure)).items() if n >= 1}
        raise TypeError(measure)

    @cached_property
    def _rolled_totals(self) -> dict[str, dict[int, int]]:
        return self.own_totals.rolled(self.tree)

    def rolled(self, measure: Measure) -> Mapping[int, int]:
        """A measure per place with everything below it; of rows that count ``here`` only what the place itself has."""
        if kept(measure) and measure.column in self._rolled_totals:
            return self._rolled_totals[measure.column]
        text = measure.text
        if text not in self._rolled:
            told = self.totals.told(measure, self.period, self.tree)
            self._rolled[text] = self._counted_up(measure) if told is None else told.values
        return self._rolled[text]

    def _counted_up(self, measure: Measure) -> dict[int, int]:
        own = self.own(measure)
        if isinstance(measure, Rows) and measure.here:
            return dict.fromkeys(self.tree.order, 0) | self._standing(own)
        return self._levels(own) if isinstance(measure, Levels) else self.tree.roll_up(own)

    def _standing(self, own: Mapping[int, int]) -> dict[int, int]:
        """What stands at the places of the tree themselves, nothing of those that have ended."""
        return {p: n for p, n in own.items() if p in self.tree.nodes}

    def _levels(self, reaching: Mapping[int, int]) -> dict[int, int]:
        """Of how many levels there is, at each place or below it, one of these places."""
        found = {p: {self.tree.nodes[p].level} if p in reaching else set() for p in self.tree.order}
        for place in reversed(self.tree.order):
            found[place].update(*(found[c] for c in self.tree.children.get(place, ())))
        return {p: len(levels) for p, levels in found.items()}

    def table(self, metrics: Iterable[Metric]) -> dict[str, tuple[Mapping[int, int], Mapping[int, int] | None]]:
        """Numerators and denominators of metrics at every place of the tree, by the metric's key and then by place id.

        The two integers of :meth:`figure`, of all places at once. The denominators of a total are None; a place whose
        residents are not known has none, and a place of whose zero nothing was reported no numerator. A metric that has no
        figure at some places for another reason is left out.
        """
        return {m.key: (self._numerators(m), self._denominators(m)) for m in metrics if not self._is_lacking(m)}

    def _numerators(self, metric: Metric) -> Mapping[int, int]:
        found, unheard = self.rolled(metric.numerator), self.reporting.unheard
        return {p: n for p, n in found.items() if p not in unheard or self.figure(metric, p).has_data} if unheard else found

    def _is_lacking(self, metric: Metric) -> bool:
        return bool(self._missing(metric)) or any(self.totals.lacking(metric, self.period, level) for level in self._by_level)

    def _denominators(self, metric: Metric) -> Mapping[int, int] | None:
        part = metric.denominator
        if isinstance(part, Residents):
            return self._persons.get((part.basis, part.group), {})
        return None if part is None else self.rolled(part)

    @cached_property
    def _by_level(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, node in self.tree.nodes.items():
            found.setdefault(node.level, []).append(place)
        return found

    def _places(self, measure: Places) -> dict[int, int]:
        nodes = self.tree.nodes
        places = [p for p in self._by_level.get(measure.level, []) if not measure.kind or nodes[p].kind == measure.kind]
        if measure.having is None:
            return dict.fromkeys(places, 1)
        reached, least = self.rolled(measure.having.measure), measure.having.count
        return {p: 1 for p in places if reached.get(p, 0) >= least}

    @cached_property
    def _persons(self) -> dict[tuple[str, str], dict[int, int]]:
        return persons_of(self.database, self.tree, self.period.last)

    def residents(self, measure: Residents) -> Mapping[int, ResidentsFigure]:
        """Every place's residents of one basis and group."""
        text = measure.text
        if text not in self._residents:
            self._residents[text] = residents_of(self.database, self.tree, measure, self.period.last)
        return self._residents[text]

    def figure(self, metric: Metric, place: int, basis: str | None = None) -> Figure:
        """One figure; ``basis`` puts another basis of residents in the denominator. A zero that nobody reported is no data."""
        found = self.recorded(metric, place, basis)
        nothing = found.numerator == 0 and not found.ceiling
        if not nothing or place not in self.reporting.unheard or not self.is_sent(metric.numerator):
            return found
        return _unreported(found)

    def of_subject(self, metric: Metric, place: int, basis: str | None, record: str, row: int) -> Figure:
        """The figure of one row of a register that stands at a place: of registers what refers to it, of residents those of the place."""
        found = self.recorded(metric, place, basis)
        if found.numerator is None:
            return found
        top, bottom = (
            self.by_subject(m, record).get(row, 0) if isinstance(m, Rows) else known
            for m, known in ((metric.numerator, found.numerator), (metric.denominator, found.denominator))
        )
        if not top and place in self.reporting.unheard and self.is_sent(metric.numerator):
            return _unreported(found)
        return attrs.evolve(found, numerator=top, denominator=bottom, ceiling=None)

    def recorded(self, metric: Metric, place: int, basis: str | None = None) -> Figure:
        """The same of what is recorded, whoever has not reported."""
        told = self.reporting.at(place)
        missing = self._missing(metric) or self.totals.lacking(metric, self.period, self.tree.nodes[place].level)
        if missing:
            ratio = metric.denominator is not None
            return Figure(metric.key, place, self.period.key, None, None, ratio, missing=missing, not_reported=told)
        numerator = self.rolled(metric.numerator).get(place, 0)
        denominator, found, missing = self._denominator(metric, place, basis)
        ceiling = None
        if metric.ceiling is not None:
            ceiling = numerator + self.rolled(metric.ceiling).get(place, 0)
            ceiling = ceiling if denominator is None else max(min(ceiling, denominator), numerator)
        return Figure(
            metric.key, place, self.period.key, numerator, denominator, metric.denominator is not None, ceiling, found, missing, told
        )

    def strengths(self, metric: Metric, place: int) -> Strengths | None:
        """The persons of a rate by how surely they are known; None of any other figure, or where there is none."""
        level = self.tree.nodes[place].level
        asked = [attrs.evolve(metric, numerator=m, ceiling=None) for m in metric.strengths]
        if not asked or self._missing(metric) or any(self.totals.lacking(m, self.period, level) for m in asked):
            return None
        card, birth_date, birth_year = (self.rolled(m.numerator).get(place, 0) for m in asked)
        weak = self.rolled(metric.numerator).get(place, 0) - card - birth_date - birth_year
        return Strengths(card, birth_date, birth_year, weak)

    @cached_property
    def reporting(self) -> Reporting:
        """Who has reported for the period."""
        return not_reported(self.database, self.tree, self.period)

    def is_sent(self, measure: Measure | None) -> bool:
        """Whether senders report what a measure counts: visits and activities; of registers those that came in deliveries."""
        match measure:
            case Total() | Hosted():
                return True
            case Places() | Levels():
                return self.is_sent(counted_by(measure))
            case Rows(record) if record in self.records:
                return self._is_delivered(self.records[record].table)
        return False

    def _is_delivered(self, table: str) -> bool:
        if table not in self._delivered:
            self._delivered[table] = bool(self.database.one('SELECT EXISTS (SELECT 1 FROM delivered WHERE "table" = ?)', (table,)))
        return self._delivered[table]

    def _denominator(
        self, metric: Metric, place: int, basis: str | None
    ) -> tuple[int | None, ResidentsFigure | None, Label | None]:
        part = metric.denominator
        if part is None:
            return None, None, None
        if not isinstance(part, Residents):
            return self.rolled(part).get(place, 0), None, None
        asked = part if basis in (None, part.basis) else attrs.evolve(part, basis=basis)
        found = self.residents(asked).get(place)
        if found is None:
            words = BASES.get(asked.basis, Label(asked.basis, asked.basis)), self._group(asked.group)
            return None, None, Label(f"居民数（{'，'.join(w.zh for w in words)}）", f"residents ({', '.join(w.en for w in words)})")
        return found.persons, found, None

    def _missing(self, metric: Metric) -> Label | None:
        """Which register of a metric is not there. Found once a metric, for it is asked at every place."""
        if metric.key not in self._lacking:
            lost = [m.record for m in metric.measures if isinstance(m, Rows) and m.record not in self.records]
            self._lacking[metric.key] = _lost(lost[0]) if lost else None
        return self._lacking[metric.key]

    @property
    def unknown_home(self) -> int:
        """Persons who learned in the period and whose home is not known: in no rate."""
        return dict(self.own(Total())).get(0, 0)

    @cached_property
    def quiet(self) -> frozenset[int]:
        """The places at and below which nothing is known to have happened: no session recorded, or not reported."""
        held = self.rolled(Hosted("sessions"))
        return self.reporting.unheard | {p for p in self.tree.nodes if not held.get(p, 0)}

    def silent(self, place: int) -> tuple[int, ...]:
        """The places below without anything below them at which no session was recorded in the period."""
        held = self.rolled(Hosted("sessions"))
        return tuple(p for p in self.tree.leaves(place) if not held.get(p, 0))


def _unreported(found: Figure) -> Figure:
    return attrs.evolve(found, numerator=None, denominator=None, ceiling=None, residents=None, missing=NOT_REPORTED)


def _lost(record: str) -> Label:
    plugin = record.split(".")[0]
    return Label(f"登记「{record}」（插件 {plugin} 未加载）", f"record {record} (plugin {plugin} is not loaded)")


def suppressed(metric: Metric | None, level: str, value: int | None) -> bool:
    """Whether an exported figure about a group of people must be hidden: 1 to 4, below the county. Places are no people."""
    if metric is None or not metric.population or isinstance(metric.numerator, (Places, Levels)):
        return False
    return level in _SUPPRESSED_LEVELS and value is not None and 0 < value < SMALL
