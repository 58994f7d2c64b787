"""The sheets of a workbook for the parts of documents: a sheet for each kind of part that any document has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from commlms.core.days import iso
from commlms.core.duties import Body, Department, Level
from commlms.core.labels import Label
from commlms.core.pack_tables import UNITS
from commlms.core.pack_words import ACTORS, FORCES, GROUPS, LEVELS, ROLES, word
from commlms.measure.judge import VERDICTS
from commlms.report.content import Document
from commlms.report.display import asked_text, cell_pair, cell_ratio, line_text, moved_text, no_data_text, tally_text
from commlms.report.parts import Duties, GoalPart, MatrixRow, Point, Recorded, SchedulePart, Trend
from commlms.report.sheets import Sheets
from commlms.report.words import TEXTS
from commlms.report.words import UNITS as COUNTED

_Row = Sequence[Any]
#: The names of the sheets: a workbook takes no longer ones than 31 characters.
_TITLES = {
    "matrix": Label("判定一览", "Matrix"), "trends": Label("历年比率", "Trends"), "conflicts": Label("不一致", "Conflicts"),
    "unjudged": Label("未判定", "Not judged"), "goals": Label("无数字要求", "Goals"), "schedules": Label("时间安排", "Schedules"),
    "duties": Label("机构与职责", "Duties"),
}


class PartPages(Sheets):
    """Makes the sheets of parts."""

    def made(self) -> None:
        """Every sheet that has a row."""
        for title, columns, rows in (
            ("matrix", "target_column 44, demand 14, force 18, conflict 24, whole 22", self._matrix),
            ("trends", "document 40, metric 40, place 16, year 8, numerator 14, denominator 14, share 12, ceiling 14, demand 30, note 30",
             self._trends),
            ("conflicts", "conflict 24, name 30, document 24, target_column 34, demand 14, where 20, period 10, verdict 24, note 60",
             self._conflicts),
            ("unjudged", "document 30, target_column 34, verdict 14, count 10, why 50, where 60", self._unjudged),
            ("goals", "document 30, goal 34, at 16, due 12, quote 60, reading 50, recorded 50, assessed 40, clause 14", self._goals),
            ("schedules", "document 30, name 34, when 30, by 24, deadline 12, recorded 50, note 50, quote 60, clause 14", self._schedules),
            ("duties", "document 30, kind 16, name 36, level 24, duty 60, hosts 40, clause 14, quote 60", self._duties),
        ):
            self._sheet(_TITLES[title], dict(column.split() for column in columns.split(", ")), rows)

    def _sheet(self, title: Label, columns: Mapping[str, str], rows: Callable[[Document], Iterator[_Row]]) -> None:
        page: Any = None
        for document in self.content.documents:
            for row in rows(document):
                page = page or self.page(title, [int(w) for w in columns.values()], "A2", [TEXTS[h] for h in columns])
                self.append(page, (cell(page) if callable(cell) else cell for cell in row))

    def _named(self, document: Document) -> str:
        return f"{self.both(document.label)} {document.number}"

    # -- each kind of part ----------------------------------------------------------------------------

    def _matrix(self, document: Document) -> Iterator[_Row]:
        matrix = document.parts.matrix
        if not matrix.rows:
            return
        yield [self._named(document), "", "", "", "", *matrix.columns]
        for title, rows in (("binding", matrix.binding), ("striven", matrix.striven)):
            if rows:
                yield [self.both(TEXTS[title])]
            yield from (self._matrix_row(r) for r in rows)
        yield []

    def _matrix_row(self, row: MatrixRow) -> _Row:
        cells = ("" if c is None else tally_text(c, self.lang) for c in row.cells)
        label = "　" * row.depth + ("└ " if row.depth else "") + self.both(row.label)
        return [label, row.demand.say(self.lang), self.both(word(FORCES, row.force)), " ".join(row.conflicts),
                tally_text(row.whole, self.lang), *cells]

    def _trends(self, document: Document) -> Iterator[_Row]:
        for trend in document.parts.trends:
            for series in trend.series:
                lines = "；".join(line_text(x, trend, self.lang) for x in trend.lines if x.target in series.targets)
                for point in series.points:
                    note = self.both(TEXTS["other_borders"]) if point.other_borders else ""
                    yield [self._named(document), self.both(trend.label), series.place, point.year, *self._point(trend, point), lines, note]
        for moved in document.parts.moved:
            yield [self._named(document), "", moved.place, moved.day // 10_000, "", "", "", "", "", self.both(moved_text(moved))]

    def _point(self, trend: Trend, point: Point) -> list[Any]:
        rule = self.content.rules.get(trend.metric)
        unit, under, scale = *((rule.unit, rule.under) if rule else ("", "")), UNITS[trend.unit].factor
        return [
            lambda page: self.whole(page, point.numerator, unit), lambda page: self.whole(page, point.denominator, under),
            lambda page: self.share(page, point.numerator, point.denominator, scale, trend.limits),
            lambda page: self.whole(page, point.ceiling, unit),
        ]

    def _conflicts(self, document: Document) -> Iterator[_Row]:
        for x in document.parts.conflicts:
            for side in x.sides:
                yield [x.id, self.both(x.label), side.document, self.both(side.label), side.demand.say(self.lang), self.both(side.where),
                       side.period, tally_text(side.tally, self.lang), self.both(x.note)]

    def _unjudged(self, document: Document) -> Iterator[_Row]:
        for x in document.parts.unjudged:
            more = ["…"] if x.count > len(x.places) else []
            yield [self._named(document), self.both(x.label), self.both(VERDICTS[x.verdict]), x.count, self.both(x.why),
                   "、".join([*x.places, *more])]

    def _goals(self, document: Document) -> Iterator[_Row]:
        for x in document.parts.goals:
            yield [self._named(document), self.both(x.label), "、".join(self.both(a) for a in x.at), iso(x.due) if x.due else "", x.quote,
                   self.both(x.reading), "；".join(map(self._recorded, x.figures)), self._assessed(x), " ".join([x.clause, *x.req])]

    def _assessed(self, goal: GoalPart) -> str:
        said = (f"{a.place} {iso(a.day) if a.day else ''} {self.both(a.status)} {a.about}".strip() for a in goal.assessed)
        return "；".join(said) or (self.both(TEXTS["not_assessed"]) if goal.assessor else "")

    def _recorded(self, found: Recorded) -> str:
        """A figure in words: its name, its integers, its ratio or unit; or what is missing."""
        rule = self.content.rules.get(found.metric)
        if found.cell is None or rule is None or found.cell.numerator is None:
            why = found.missing or (found.cell and found.cell.missing)
            return f"{self.both(found.label)}：{no_data_text(why).say(self.lang) if why else TEXTS['no_data'].say(self.lang)}"
        unit = cell_ratio(found.cell, rule) if rule.denominator else COUNTED[rule.unit].say(self.lang)
        return f"{self.both(found.label)}：{cell_pair(found.cell, rule)} {unit}".strip()

    def _schedules(self, document: Document) -> Iterator[_Row]:
        for x in document.parts.schedules:
            yield [self._named(document), self.both(x.label), self.both(x.when), self.both(x.by), iso(x.deadline) if x.deadline else "",
                   self._done(x), self.both(x.note), x.quote, " ".join([x.clause, *x.req])]

    def _done(self, schedule: SchedulePart) -> str:
        told = [self._recorded(schedule.figure) if schedule.figure else self.both(TEXTS["nothing_counted"])]
        return "；".join([*told, *(self.both(asked_text(a)) for a in schedule.asked)])

    # -- who does what --------------------------------------------------------------------------------

    def _duties(self, document: Document) -> Iterator[_Row]:
        duties, named = document.parts.duties, self._named(document)
        for network in duties.networks:
            kind = self.both(network.network.label) if network.network else self.both(TEXTS["networks"])
            yield from ([named, kind, *self._level(x)] for x in network.levels)
        for title, entries in (("bodies", duties.bodies), ("departments", duties.departments)):
            yield from ([named, self.both(TEXTS[title]), *self._entry(x, duties)] for x in entries)
        yield from ([named, *row] for row in self._others(duties))

    def _level(self, x: Level) -> _Row:
        names = "、".join([self.both(x.label), *x.aliases])
        return [names, self.both(x.place), self._list(x.duties), "、".join(x.hosts), x.clause, x.quote]

    def _entry(self, x: Body | Department, duties: Duties) -> _Row:
        levels = "、".join(self.both(word(LEVELS, level)) for level in x.levels)
        role = f"{self.both(word(GROUPS, x.group))} · {self.both(word(ROLES, x.role))}" if isinstance(x, Department) else levels
        shared = self.both(duties.partners(x)) if isinstance(x, Department) and x.shared_with else ""
        return [self.both(x.label), role, self._list(x.duties), shared, " ".join([x.clause, *x.req]), x.quote]

    def _others(self, duties: Duties) -> Iterator[_Row]:
        for x in duties.models:
            parts = "；".join(f"{self.both(p.label)}（{word(ACTORS, p.actor).say(self.lang)}）" for p in x.parts)
            yield [self.both(TEXTS["models"]), self.both(x.label), "", parts, "", " ".join([x.clause, *x.req]), x.quote]
        for chain in duties.chains:
            yield [self.both(TEXTS["chains"]), self.both(chain.label), " → ".join(chain.links), self._list(chain.functions),
                   "、".join(chain.shared), " ".join([chain.clause, *chain.req]), chain.quote]
        for term in duties.terms:
            yield [self.both(TEXTS["terms"]), self.both(term.label), "", "", "", " ".join([term.clause, *term.req]), term.quote]

    def _list(self, labels: Iterable[Label]) -> str:
        return "；".join(map(self.both, labels))
