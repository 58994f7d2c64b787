"""What leaves a database: which tables with which columns, as the measures ask for them, and what stays behind.

A measure that tests a sensitive or personal field, reads one of a register, or asks headcounts for a sensitive group is
never counted from a lake: none of its rows leave, only what may be shown of it. Of everything else exactly the columns
leave that some measure reads, and of the words that an office can write freely those that one asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import attrs

from commlms.core.expressions import Column, Has, In, asks_age, dump, has_in, parts_in
from commlms.core.metrics import Hosted, Levels, Measure, Places, Residents, Rows, Total, counted_by, kept
from commlms.core.records import Field, Record
from commlms.core.registry import Registry
from commlms.lake.layout import INT, TABLES, TEXT, How, LakeMeasure, Table, Type
from commlms.measure.totals import Totals

_LEARNER, _STATE = ("sex", "strength"), ("hukou", "occupation")
_OF_HOMES = ("home_kind", "home_area")
_AUDIENCE = Column("fact", "audience")
#: The columns in which an office can write words of its own, and what measures ask them as.
_OPEN: dict[tuple[str, str], Column] = {
    ("learner", "sex"): Column("learner", "sex"), **{("learner_state", c): Column("learner", c) for c in _STATE},
    **{("session", c): Column("fact", c) for c in ("category", "form", "program")}, ("course", "category"): Column("fact", "category"),
    ("session", "audience"): _AUDIENCE, ("course", "population"): _AUDIENCE, ("headcount", "audience"): _AUDIENCE,
}


@attrs.frozen
class Contents:
    """What a database publishes when homes are told down to ``level``. ``groups``: those that are not sensitive."""

    measures: tuple[tuple[str, Measure], ...]
    records: Mapping[str, Record]
    level: str = "village"
    groups: frozenset[str] = frozenset()

    @classmethod
    def of(cls, totals: Totals, registry: Registry, records: Mapping[str, Record], level: str) -> Contents:
        """Every measure that the database keeps or a loaded plugin asks for, with the plugin."""
        stored = dict(totals.database.execute('SELECT "column", plugin FROM measure'))
        found = {m.text: (stored[m.column], m) for m in totals.measures}
        for metric in registry.metrics.values():
            for measure in metric.measures:
                found.setdefault(measure.text, (registry.owner[f"metric:{metric.key}"], measure))
        wanted = [(plugin, m) for plugin, m in found.values() if _is_counted(m, records)]
        made = cls(tuple(sorted(wanted, key=lambda pair: pair[1].column)), records, level)
        plain = {p.key for p in registry.populations.values() if not any(map(made._is_sensitive, has_in(p.where)))}
        plain |= {a.key for c in registry.curricula.values() for a in c.audiences if not a.sensitive and a.key not in registry.populations}
        made = attrs.evolve(made, groups=frozenset(plain))
        # What of a rate's persons is known by what can only be shown together: of an absent plugin's rate nothing says what goes together.
        parts = {m.text for metric in registry.metrics.values() for m in metric.strengths}
        # And what does not add up the tree cannot be told of the places above those of one database.
        leaving = (
            pair for pair in made.measures
            if pair[1].text in parts or made.how(pair[1]) == "rows" or not (_tells_strength(pair[1]) or _stays_at_places(pair[1]))
        )
        return attrs.evolve(made, measures=tuple(leaving))

    @cached_property
    def by_table(self) -> dict[str, Record]:
        """The records by the names of their tables."""
        return {r.table: r for r in self.records.values()}

    def how(self, measure: Measure) -> How:
        """Whether a measure is counted from rows, or only shown."""
        if (inner := counted_by(measure)) is not None:
            return self.how(inner)
        if any(self._is_sensitive(has) for has in has_in(measure)) or not self.groups.issuperset(_audiences(measure, self.records)):
            return "shown"
        if isinstance(measure, Rows):
            record = self.records[measure.record]
            return "rows" if all(_may_leave(record, c) for c in _columns_of(measure, record)) else "shown"
        # What kind of place the home is cannot be told from the place above it.
        by_home = any(c.scope == "learner" and c.name in _OF_HOMES for c in parts_in(measure, Column))
        return "shown" if by_home and self.level != "village" else "rows"

    def _is_sensitive(self, has: Has) -> bool:
        """Whether a test reads what is sensitive, or a register that is of itself (to stand in any group says something)."""
        record = self.by_table.get(has.table)
        if record is None:
            return True
        whole = any(record.field(name).tier == "sensitive" for name in record.identity)
        return whole or not all(_may_leave(record, name) for name, _ in has.words)

    @cached_property
    def of_rows(self) -> list[Measure]:
        """The measures that a reader counts from rows."""
        return [m for _, m in self.measures if self.how(m) == "rows"]

    @cached_property
    def shown(self) -> list[Measure]:
        """The measures of which only what may be shown leaves."""
        return [m for _, m in self.measures if self.how(m) == "shown"]

    @property
    def only_shown(self) -> list[str]:
        """The registers that such measures count: a reader has none of their rows."""
        return sorted({rows.record for measure in self.shown for rows in parts_in(measure, Rows)})

    def listed(self) -> tuple[LakeMeasure, ...]:
        """Every measure as the manifest lists it."""
        return tuple(LakeMeasure(m.column, plugin, m.text, kept(m), self.how(m)) for plugin, m in self.measures)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables with the columns that leave, by name."""
        found = {t.name: t for t in TABLES}
        read = {c.name for m in self.of_rows for c in parts_in(m, Column) if c.scope == "learner"}
        text: dict[str, Type] = dict.fromkeys((*_LEARNER, *_STATE), TEXT)
        born = [("born_first", INT), ("born_last", INT)] if any(map(asks_age, self.of_rows)) else []
        found["learner"] = found["learner"].with_columns(*((c, text[c]) for c in _LEARNER if c in read), *born)
        found["learner_state"] = found["learner_state"].with_columns(*((c, text[c]) for c in _STATE if c in read))
        found["settled"] = found["settled"].with_columns(*((m.column, INT) for m in self.of_rows if isinstance(m, Total)))
        for table, column in self._registers():
            known = found.get(table) or Table(table, (), "small")
            found[table] = known.with_columns((column, _type(self.by_table[table], column)))
            if column == "learner" and known.parts == "small":
                found[table] = attrs.evolve(found[table], parts="persons")
        return found

    def words(self, table: str, column: str) -> list[str] | None:
        """The words that measures ask of an open column: another leaves as :data:`OTHER_WORD`, whatever somebody typed.

        None where every word leaves: a closed column, or one whose different words are counted.
        """
        asked = _OPEN.get((table, column))
        counted = [m for m in self.of_rows if isinstance(m, Rows) and self.records[m.record].table == table]
        if asked is None or any(column in m.distinct for m in counted):
            return None
        found = {word for m in self.of_rows for word in _words_of(m, asked)}
        return sorted(found.union({""}, *(_words_of(m, Column("row", column)) for m in counted)))

    def _registers(self) -> Iterator[tuple[str, str]]:
        """The tables and columns that conditions and counted registers read."""
        for measure in self.of_rows:
            for has in has_in(measure):
                for column in ("learner", *filter(None, (has.since, has.until)), *(name for name, _ in has.words)):
                    yield has.table, column
            if isinstance(measure, Rows):
                record = self.records[measure.record]
                yield from ((record.table, column) for column in _columns_of(measure, record))

    @property
    def people_of_registers(self) -> list[str]:
        """The registers whose every learner leaves: those whose rows are counted themselves."""
        counted = {self.records[m.record].table for m in self.of_rows if isinstance(m, Rows)}
        return sorted(t for t in counted if "learner" in self.tables[t].names and t not in ("participation", "learner"))


def _tells_strength(measure: Measure) -> bool:
    return any(c.scope == "learner" and c.name == "strength" for c in parts_in(measure, Column))


def _stays_at_places(measure: Measure) -> bool:
    """Whether a place's figure is not the sum of what is below it."""
    return isinstance(measure, Levels) or (isinstance(measure, Rows) and measure.here)


def _words_of(measure: Measure, column: Column) -> set[str]:
    """The words that a measure asks of a column."""
    found = {word for test in parts_in(measure, In) if dump(test.value) == dump(column) for word in test.words}
    return found.union(measure.audience) if isinstance(measure, Hosted) and column is _AUDIENCE else found


def _audiences(measure: Measure, records: Mapping[str, Record]) -> set[str]:
    """The groups of people that a measure asks for: those of classes and headcounts, and of a register's fields that name such."""
    found = _words_of(measure, _AUDIENCE)
    if isinstance(measure, Rows):
        named = [f.name for f in records[measure.record].fields if f.vocabulary == "population"]
        found = found.union(*(_words_of(measure, Column("row", name)) for name in named))
    return found


def _is_counted(measure: Measure, records: Mapping[str, Record]) -> bool:
    """Whether there is something to count: residents and places themselves travel as they are."""
    match measure:
        case Total() | Hosted():
            return True
        case Rows(record):
            return record in records
        case Places() | Levels():
            inner = counted_by(measure)
            return inner is not None and not isinstance(inner, Residents) and _is_counted(inner, records)
    return False


def _columns_of(measure: Rows, record: Record) -> list[str]:
    """The columns that counting a register reads: where a row stands, when it is in force, what it is asked."""
    names = {f.name for f in record.fields}
    dates = [measure.day] if measure.day else [n for n in ("since", "until") if n in names]
    asked = [] if measure.where is None else [c.name for c in parts_in(measure.where, Column) if c.scope == "row"]
    return [*_where(record, names), *dates, *asked, *measure.distinct, *filter(None, [measure.value, measure.open_until])]


def _where(record: Record, names: set[str]) -> list[str]:
    if "place" in names and record.field("place").required:
        return ["place"]
    via = next((f.name for f in record.fields if f.target == "institution"), None)
    if via:
        return [via, *(n for n in ("place",) if n in names)]
    return ["learner"] if "learner" in names else ["place"] if "place" in names else []


def _field_of(record: Record, column: str) -> Field | None:
    return next((f for f in record.plain if column in f.columns), None)


def _may_leave(record: Record, column: str) -> bool:
    """Whether a column can stand in a lake: it is plain, no key of another system, and no title in somebody's own words."""
    field = _field_of(record, column)
    return field is not None and field.tier == "plain" and not field.host and field.kind.name != "title"


def _type(record: Record, column: str) -> Type:
    field = _field_of(record, column)
    if field is None:
        return INT
    if field.target:
        return TEXT if field.target == "learner" else INT
    return TEXT if dict(zip(field.columns, (t for _, t in field.kind.columns), strict=True))[column] == "TEXT" else INT
