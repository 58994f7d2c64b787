"""Figures of one period on one tree: every metric for every place, read from the kept totals or counted for the period."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import attrs

from commlms.core.days import Period
from commlms.core.labels import Label
from commlms.core.metrics import Hosted, Measure, Metric, Places, Residents, Rows, Total, kept
from commlms.core.records import Record
from commlms.measure.compile import hosted_sql, identifier, totals_sql
from commlms.measure.registers import asks_all_years, count_sql
from commlms.measure.residents import ResidentsFigure, residents_of
from commlms.measure.totals import Totals
from commlms.measure.words import BASES, stored_word
from commlms.store.geography import Geography, PlaceTree, Tree, place_tree

#: Population figures from 1 to 4 are not exported below the county.
SMALL = 5
_SUPPRESSED_LEVELS = ("township", "village")


@attrs.frozen
class Figure:
    """One metric at one place in one period: two integers, and what stands beside them.

    ``ceiling`` is the most the numerator can be; ``missing`` says which data is not there.
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

    @property
    def has_data(self) -> bool:
        """Whether there is a figure to show."""
        return self.missing is None and self.numerator is not None


class Figures:
    """All figures of one period on the tree of its last day."""

    def __init__(
        self, totals: Totals, records: Mapping[str, Record], period: Period, tree: Tree = "admin",
        geography: Geography | None = None,
    ) -> None:
        self.totals, self.database, self.records, self.period = totals, totals.database, records, period
        self.geography = geography or Geography(self.database)
        self.tree: PlaceTree = place_tree(self.geography, period.last, tree)
        self._rolled: dict[str, dict[int, int]] = {}
        self._residents: dict[str, dict[int, ResidentsFigure]] = {}
        self._further: dict[str, dict[int, int]] = {}

    @cached_property
    def own_totals(self) -> dict[str, dict[int, int]]:
        """Each kept measure's own figure per place, by column; place 0 is an unknown home."""
        self.totals.ready(self.period)
        measures = [m for m in self.totals.measures if kept(m)]
        return self._kept_year(measures) if self.period.is_year else self._counted(measures)

    def _kept_year(self, measures: list[Measure]) -> dict[str, dict[int, int]]:
        columns = [m.column for m in measures]
        found: dict[str, dict[int, int]] = {c: {} for c in columns}
        names = "".join(f", {identifier(c)}" for c in columns)
        rows = self.database.execute(f"SELECT place{names} FROM total WHERE year = ?", (self.period.first // 10_000,))
        for place, *values in rows:
            for column, value in zip(columns, values, strict=True):
                if value:
                    found[column][place] = value
        return found

    def _counted(self, measures: list[Measure]) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = {m.column: {} for m in measures}
        totals = [m for m in measures if isinstance(m, Total)]
        hosted = [m for m in measures if isinstance(m, Hosted)]
        statements = []
        if totals:
            statements.append((totals_sql(totals, [self.period]), [m.column for m in totals]))
        if hosted:
            statements.append((hosted_sql(hosted, [self.period]), [m.column for m in hosted]))
        for sql, columns in statements:
            for place, _, *values in self.totals.run(sql, self.period):
                for column, value in zip(columns, values, strict=True):
                    found[column][place] = value
        return found

    def own(self, measure: Measure) -> Mapping[int, int]:
        """A measure's own figure per place."""
        if kept(measure):
            if measure.column in self.own_totals:
                return self.own_totals[measure.column]
            if measure.column not in self._further:
                self._further |= self._counted([measure])
            return self._further[measure.column]
        if isinstance(measure, Rows):
            return self._rows(measure)
        if isinstance(measure, Places):
            return self._places(measure)
        raise TypeError(measure)

    def rolled(self, measure: Measure) -> Mapping[int, int]:
        """A measure per place with everything below it."""
        text = measure.text
        if text not in self._rolled:
            told = self.totals.told(measure, self.period, self.tree)
            self._rolled[text] = self.tree.roll_up(self.own(measure)) if told is None else told.values
        return self._rolled[text]

    def _places(self, measure: Places) -> dict[int, int]:
        reached = None if measure.having is None else self.rolled(measure.having.measure)
        least = 0 if measure.having is None else measure.having.count
        return {
            p: 1 for p, node in self.tree.nodes.items()
            if node.level == measure.level and (reached is None or reached.get(p, 0) >= least)
        }

    def _rows(self, measure: Rows) -> dict[int, int]:
        record = self.records[measure.record]
        rows = self.totals.run(count_sql(measure, record, self.period), None if asks_all_years(measure, record) else self.period)
        return {int(row[0]): int(row[1]) for row in rows}

    def residents(self, measure: Residents) -> Mapping[int, ResidentsFigure]:
        """Every place's residents of one basis and group."""
        text = measure.text
        if text not in self._residents:
            self._residents[text] = residents_of(self.database, self.tree, measure, self.period.last)
        return self._residents[text]

    def figure(self, metric: Metric, place: int, basis: str | None = None) -> Figure:
        """One figure; ``basis`` puts another basis of residents in the denominator."""
        missing = self._missing(metric) or self.totals.lacking(metric, self.period, self.tree.nodes[place].level)
        if missing:
            return Figure(metric.key, place, self.period.key, None, None, metric.denominator is not None, missing=missing)
        numerator = self.rolled(metric.numerator).get(place, 0)
        denominator, found, missing = self._denominator(metric, place, basis)
        ceiling = None
        if metric.ceiling is not None:
            ceiling = numerator + self.rolled(metric.ceiling).get(place, 0)
            ceiling = ceiling if denominator is None else max(min(ceiling, denominator), numerator)
        return Figure(
            metric.key, place, self.period.key, numerator, denominator, metric.denominator is not None, ceiling, found, missing
        )

    def _denominator(
        self, metric: Metric, place: int, basis: str | None
    ) -> tuple[int | None, ResidentsFigure | None, Label | None]:
        part = metric.denominator
        if part is None:
            return None, None, None
        if not isinstance(part, Residents):
            return self.rolled(part).get(place, 0), None, None
        asked = attrs.evolve(part, basis=basis) if basis else part
        found = self.residents(asked).get(place)
        if found is None:
            words = BASES.get(asked.basis, Label(asked.basis, asked.basis)), stored_word("group", asked.group)
            return None, None, Label(f"居民数（{'，'.join(w.zh for w in words)}）", f"residents ({', '.join(w.en for w in words)})")
        return found.persons, found, None

    def _missing(self, metric: Metric) -> Label | None:
        for part in metric.measures:
            if isinstance(part, Rows) and part.record not in self.records:
                plugin = part.record.split(".")[0]
                return Label(f"登记「{part.record}」（插件 {plugin} 未加载）", f"record {part.record} (plugin {plugin} is not loaded)")
        return None

    @property
    def unknown_home(self) -> int:
        """Persons who learned in the period and whose home is not known: in no rate."""
        return dict(self.own(Total())).get(0, 0)

    def silent(self, place: int) -> tuple[int, ...]:
        """The places below without anything below them at which no session was recorded in the period."""
        held = self.rolled(Hosted("sessions"))
        return tuple(p for p in self.tree.leaves(place) if not held.get(p, 0))


def suppressed(metric: Metric | None, level: str, value: int | None) -> bool:
    """Whether an exported figure about a group of people must be hidden: 1 to 4, below the county. Places are no people."""
    if metric is None or not metric.population or isinstance(metric.numerator, Places):
        return False
    return level in _SUPPRESSED_LEVELS and value is not None and 0 < value < SMALL
