"""Opening a lake: the totals of its mirror, counted by an engine when they are first asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from commlms.core.days import Period
from commlms.core.engines import Cell, Engine
from commlms.core.expressions import asks_age, has_in
from commlms.core.labels import Label
from commlms.core.metrics import Measure, Metric, Places, Residents, Rows, Total, counted_by
from commlms.core.places import LEVELS
from commlms.core.records import Record
from commlms.lake.layout import LakeMeasure
from commlms.lake.mirror import OpenLake, answer, coarsest, failure, fill
from commlms.lake.views import FACTS, tables_of
from commlms.measure.compile import identifier, totals_sql
from commlms.measure.engines import engine_named
from commlms.measure.hosted import hosted_sql
from commlms.measure.registers import stands_at_homes
from commlms.measure.totals import Told, Totals, split
from commlms.measure.words import stored_word
from commlms.store.database import Database
from commlms.store.geography import PlaceTree

#: The years whose facts are read; None for all of them.
Years = range | None
Provide = Callable[[str, Mapping[str, str]], Engine | None]


def mirror(
    database: Database, records: Mapping[str, Record], url: str, engine: str, options: Mapping[str, str], provide: Provide
) -> LakeTotals:
    """Fill an empty database with a lake's places, and give the totals that an engine counts over the lake.

    Raises :class:`LakeError` for a lake that cannot be read, :class:`UnknownName` for an engine that nobody provides.
    """
    opened = OpenLake.at(url)
    fill(database, opened)
    return LakeTotals(database, records, opened, engine_named(engine, options, provide))


class LakeTotals(Totals):
    """The totals of a mirror. A year is counted when it is first asked for, and kept; other periods are counted each time."""

    def __init__(self, database: Database, records: Mapping[str, Record], opened: OpenLake, engine: Engine) -> None:
        super().__init__(database)
        self.records, self.opened, self.engine = records, opened, engine
        self.level = coarsest([m.level for m in opened.manifests.values()], LEVELS)
        self._filled: set[int] = set()
        self._loaded: tuple[Years, ...] = ()
        self._answers: dict[str, Sequence[Sequence[Cell]]] = {}
        self._told: dict[tuple[int, str], dict[str, Told]] = {}
        self._published = _published(opened)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The kept measures whose rows every database published."""
        return tuple(m for m in super().measures if self._how(m) == "rows")

    def _how(self, measure: Measure) -> str:
        found = self._published.get(measure.column)
        return found.how if found else ""

    @property
    def origin(self) -> Label:
        """Where the figures are from, down to which level, and who could not be matched: stands under every figure."""
        manifests = self.opened.manifests.values()
        level, learners = stored_word("level", self.level), sum(m.learners for m in manifests)
        unmatched = sum(m.unmatched for m in manifests)
        return Label(
            f"数据湖 {self.opened.lake.address}：{len(manifests)} 个数据库，最近写入 {self.opened.day}；居住地到“{level.zh}”一级；"
            f"{learners} 名学员中 {unmatched} 人没有身份证号，若在两个库中就按两人计",
            f"lake {self.opened.lake.address}: {len(manifests)} database(s), last write {self.opened.day}; homes down to the level "
            f"{level.en}; of {learners} learners {unmatched} have no ID number and would count twice in two databases",
        )

    def fold(self) -> None:
        """Nothing waits: what is published is folded."""

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()

    # -- counting ----------------------------------------------------------------------------------

    def run(self, sql: str, period: Period | None) -> Sequence[Sequence[Cell]]:
        """What a statement gives over the lake; of the facts only those of the period's years are read (None: of all)."""
        if sql not in self._answers:
            self._load(None if period is None else range(period.first // 10_000, period.last // 10_000 + 1))
            self._answers[sql] = answer(self.engine, self.opened, sql)
        return self._answers[sql]

    def _load(self, years: Years) -> None:
        if self._loaded == (years,):
            return
        self.opened.check_facts(years)
        tables, views = tables_of(self.opened.url, self.opened.manifests, years)
        if self._loaded:
            tables, views = {name: t for name, t in tables.items() if name in FACTS}, {}
        try:
            self.engine.load(tables, views)
        except Exception as error:
            raise failure(self.engine, self.opened, error) from error
        self._loaded = (years,)

    def ready(self, period: Period) -> None:
        """Count a calendar year into the mirror's ``total``, with what the databases settled of people since erased."""
        year = period.first // 10_000
        if not period.is_year or year in self._filled:
            return
        found: dict[int, dict[str, int]] = defaultdict(dict)
        totals, hosted = split(self.measures)
        statements: list[tuple[str, Sequence[Measure]]] = [(totals_sql(totals, [period]), totals)] if totals else []
        statements += [(hosted_sql(hosted, [period]), hosted)] if hosted else []
        for sql, measures in statements:
            for place, _, *values in self.run(sql, period):
                found[int(place or 0)] |= {m.column: int(v or 0) for m, v in zip(measures, values, strict=True)}
        self._add_settled(year, found)
        columns = [m.column for m in self.measures]
        marks = ", ".join("?" * (len(columns) + 2))
        self.database.many(
            f"INSERT INTO total (place, year{''.join(f', {identifier(c)}' for c in columns)}) VALUES ({marks})",
            [(place, year, *(own.get(c, 0) for c in columns)) for place, own in found.items()],
        )
        self._filled.add(year)

    def _add_settled(self, year: int, found: dict[int, dict[str, int]]) -> None:
        """What was settled of the erased, database by database."""
        for uid, manifest in self.opened.manifests.items():
            published = manifest.tables.get("settled")
            columns = [m.column for m in self.measures if published and m.column in dict(published.columns)]
            for place, of, *values in self.opened.rows(uid, "settled", ("place", "year", *columns)):
                if of == year:
                    own = found[int(place or 0)]
                    for column, value in zip(columns, values, strict=True):
                        own[column] = own.get(column, 0) + int(value or 0)

    # -- what is only shown ------------------------------------------------------------------------

    def told(self, measure: Measure, period: Period, tree: PlaceTree) -> Told | None:
        """What the databases showed of a sensitive measure; None for one that is counted from rows."""
        if self._how(measure) != "shown":
            return None
        key = period.first // 10_000, tree.tree
        if key not in self._told:
            self._told[key] = self._read_told(key[0], tree)
        return self._told[key].get(measure.column, Told({}, {}))

    def _read_told(self, year: int, tree: PlaceTree) -> dict[str, Told]:
        found: dict[str, Told] = defaultdict(lambda: Told({}, {}))
        names = ("tree", "year", "measure", "place", "persons", "hidden")
        for uid in self.opened.manifests:
            of_one: dict[str, dict[int, tuple[int | None, str]]] = defaultdict(dict)
            for of, on, measure, place, persons, hidden in self.opened.rows(uid, "shown_total", names):
                if of == tree.tree and on == year:
                    of_one[str(measure)][int(place or 0)] = (None if persons is None else int(persons)), str(hidden or "")
            own = {int(row[0] or 0) for row in self.opened.rows(uid, "place", ("id",))}
            for column, shown in of_one.items():
                _add_told(found[column], shown, own, tree)
        return found

    # -- what cannot be said -----------------------------------------------------------------------

    def lacking(self, metric: Metric, period: Period, level: str) -> Label | None:
        """Why a metric has no figure from this lake at a place of a level in a period; None where it has one."""
        for part in (metric.numerator, metric.denominator, metric.ceiling):
            if part is not None and (why := self._lacks(part, period, level)) is not None:
                return why
        return None

    def _lacks(self, measure: Measure, period: Period, level: str) -> Label | None:
        if isinstance(measure, Residents) or (isinstance(measure, Places) and isinstance(counted_by(measure), Residents | None)):
            return None
        if not (how := self._how(measure)):
            return Label(
                "数据湖中并非每个库都发布了此项；请装上相应插件重新发布",
                "not every database of the lake published this: publish again with its plugin",
            )
        if how == "shown" and not period.is_year:
            return Label("敏感人群只有各库发布的年度数字", "of sensitive groups the lake has the yearly figures that were published")
        if how == "rows" and (reached := counted_by(measure)) is not None:
            return self._lacks(reached, period, measure.level if isinstance(measure, Places) else level)
        if how == "rows" and asks_age(measure) and not _ends_year(period):
            return Label(
                "数据湖只有出生年份：按年龄的数字只到年末", "the lake has birth years only: figures by age are for a year's end",
            )
        if (how == "shown" or self._by_home(measure)) and LEVELS.index(level) > LEVELS.index(self.level):
            return Label("数据湖中的居住地只到上一级", "homes in the lake are known to a level above only")
        return None

    def _by_home(self, measure: Measure) -> bool:
        """Whether a measure stands at homes: totals of learners, and registers that stand where a learner lives."""
        if isinstance(measure, Rows):
            return measure.record in self.records and stands_at_homes(self.records[measure.record])
        return isinstance(measure, Total)

    def withheld(self, metric: Metric, places: Sequence[int], period: Period, tree: PlaceTree) -> Label | None:
        """Why a verdict cannot rest on a metric: it is about a sensitive group, and a part of it is hidden."""
        parts = [p for p in (metric.numerator, metric.denominator, metric.ceiling) if p is not None]
        told = [t for p in parts if (t := self.told(p, period, tree)) is not None]
        if not told or (metric.ceiling is None and not any(p in t.hidden for t in told for p in places)):
            return None
        return Label("敏感人群的明细不出各市数据库：请在那里判定", "rows of sensitive groups stay in the cities' databases: judge it there")

    def is_empty(self, record: Record) -> bool:
        """Whether no database published any row of a register; of one whose rows stay behind whether each says that there is none."""
        manifests = self.opened.manifests.values()
        return all(record.key in m.empty if (t := m.tables.get(record.table)) is None else not t.rows for m in manifests)

    def unknowable(self, condition: object, period: Period) -> bool:
        """Whether a condition asks for rows that the lake does not have, or for ages on another day than a year's last."""
        there = {name for m in self.opened.manifests.values() for name in m.tables}
        return any(h.table not in there for h in has_in(condition)) or (asks_age(condition) and not _ends_year(period))


def _published(opened: OpenLake) -> dict[str, LakeMeasure]:
    """The measures that every database published; one that any of them only shows is only shown."""
    every = [{m.column: m for m in manifest.measures} for manifest in opened.manifests.values()]
    common = set.intersection(*(set(found) for found in every))
    return {c: max((found[c] for found in every), key=lambda m: m.how == "shown") for c in common}


def _ends_year(period: Period) -> bool:
    return period.last % 10_000 == 1231


def _add_told(told: Told, shown: Mapping[int, tuple[int | None, str]], own: set[int], tree: PlaceTree) -> None:
    """Add what one database showed of its own places (0 where it has no row), and what that makes at places above them."""
    values: dict[int, int] = {}
    hidden: dict[int, str] = {}
    for place in reversed(tree.order):
        children = tree.children.get(place, ())
        persons, why = shown.get(place, (0 if place in own else None, ""))
        values[place] = sum(values[c] for c in children) if persons is None else persons
        if persons is None and (why or any(c in hidden for c in children)):
            hidden[place] = why or "linked"
    for place in (p for p, value in values.items() if value or p in hidden):
        if place in told.hidden or (place in hidden and told.values.get(place)):
            told.hidden[place] = "linked"  # 'from 1 to 4' is no longer true of both databases together
        elif place in hidden:
            told.hidden[place] = hidden[place]
        told.values[place] = told.values.get(place, 0) + values[place]
