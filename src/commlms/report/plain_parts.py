"""The parts of a document as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from commlms.core.days import iso
from commlms.core.labels import Label, Lang
from commlms.core.pack_words import ROLES, word
from commlms.measure.judge import VERDICTS
from commlms.report.content import Document, Rule
from commlms.report.display import asked_text, cell_pair, cell_ratio, line_text, moved_text, no_data_text, slashed, tally_text
from commlms.report.multiples import point_text
from commlms.report.parts import Duties, MatrixRow, Recorded, Trend
from commlms.report.words import TEXTS, UNITS

#: A table with more columns than this is not read on a page: the places stand in the row then, by name.
_WIDEST = 12
_Cells = list[str]


class PlainParts:
    """Makes the lines of one document's parts. ``escape`` makes a text harmless, ``table`` the lines of a table."""

    def __init__(
        self, document: Document, rules: dict[str, Rule], lang: Lang, escape: Callable[[str], str],
        table: Callable[[Iterable[Label], Iterable[_Cells]], Iterator[str]],
    ) -> None:
        self.document, self.rules, self.lang, self.escape, self.table = document, rules, lang, escape, table

    def both(self, label: Label) -> str:
        """A label in both languages."""
        return self.escape(slashed(label, self.lang))

    def before(self) -> Iterator[str]:
        """What stands before the verdicts: the matrix, and contradictions."""
        matrix = self.document.parts.matrix
        for title, rows in (("binding", matrix.binding), ("striven", matrix.striven)):
            if rows:
                yield from self._head(TEXTS["matrix"] if title == "binding" else TEXTS["striven"])
                yield from self._matrix(matrix.columns, rows)
        if self.document.parts.conflicts:
            yield from self._head(TEXTS["conflicts"])
            heads = [TEXTS[k] for k in ("conflict", "document", "target_column", "demand", "where", "verdict", "note")]
            yield from self.table(heads, (
                [f"≠ {self.escape(c.id)}", self.escape(s.document), self.both(s.label), self.escape(s.demand.say(self.lang)),
                 f"{self.both(s.where)} {self.escape(s.period)}", self.escape(tally_text(s.tally, self.lang)), self.both(c.note)]
                for c in self.document.parts.conflicts for s in c.sides
            ))

    def after(self) -> Iterator[str]:
        """What stands after them."""
        yield from self._unjudged()
        yield from self._trends()
        yield from self._goals()
        yield from self._schedules()
        yield from self._duties(self.document.parts.duties)

    def _head(self, title: Label) -> Iterator[str]:
        yield from ("", f"### {self.both(title)}", "")

    def _matrix(self, columns: tuple[str, ...], rows: Iterable[MatrixRow]) -> Iterator[str]:
        heads = [TEXTS["target_column"], TEXTS["demand"], TEXTS["whole"]]
        wide = len(columns) > _WIDEST
        heads += [TEXTS["place"]] if wide else [Label(c, c) for c in columns]
        yield from self.table(heads, (self._matrix_row(columns, row, wide) for row in rows))

    def _matrix_row(self, columns: tuple[str, ...], row: MatrixRow, wide: bool) -> _Cells:
        marks = "".join(f" ≠ {self.escape(x)}" for x in row.conflicts)
        cells = ["" if c is None else self.escape(tally_text(c, self.lang)) for c in row.cells]
        if wide:
            cells = ["; ".join(f"{self.escape(place)}: {cell}" for place, cell in zip(columns, cells, strict=True) if cell)]
        label = "└ " * row.depth + self.both(row.label) + marks
        return [label, self.escape(row.demand.say(self.lang)), self.escape(tally_text(row.whole, self.lang)), *cells]

    def _unjudged(self) -> Iterator[str]:
        found = self.document.parts.unjudged
        if found:
            yield from self._head(TEXTS["unjudged"])
        for x in found:
            more = "…" if x.count > len(x.places) else ""
            where = f" ({self.escape('、'.join(x.places))}{more})" if x.places else ""
            yield f"- {self.both(x.label)}: **{self.both(VERDICTS[x.verdict])}** {x.count}; {self.both(x.why)}{where}"

    def _trends(self) -> Iterator[str]:
        parts = self.document.parts
        if parts.trends:
            yield from self._head(TEXTS["trends"])
        yield from (f"- {self.both(moved_text(m))}" for m in parts.moved)
        for trend in parts.trends:
            asked = "; ".join(line_text(x, trend, self.lang) for x in trend.lines)
            yield from ("", f"{self.both(trend.label)} ({self.escape(asked)})", "")
            yield from self.table(
                [TEXTS["place"], *(Label(str(y), str(y)) for y in trend.years)],
                ([self.escape(s.place), *(self.escape(point_text(p, trend, self.lang)) for p in s.points)] for s in trend.series),
            )
            yield from self._borders(trend)

    def _borders(self, trend: Trend) -> Iterator[str]:
        other = [f"{s.place} {p.year}" for s in trend.series for p in s.points if p.other_borders]
        if other:
            yield from ("", f"— {self.both(TEXTS['other_borders'])}: {self.escape('、'.join(other))}")

    def _goals(self) -> Iterator[str]:
        goals = self.document.parts.goals
        if not goals:
            return
        yield from self._head(TEXTS["goals"])
        yield self.both(TEXTS["goals_how"])
        yield ""
        for x in goals:
            due = f" · {self.both(TEXTS['due'])} {iso(x.due)}" if x.due else ""
            yield f"- **{self.both(x.label)}**{due}: {self.escape(x.quote)} ({self.escape(' '.join([x.clause, *x.req]))})"
            yield f"  - {self.both(TEXTS['reading'])}: {self.both(x.reading)}"
            yield from (f"  - {self._recorded(f)}" for f in x.figures)
            for a in x.assessed:
                day = iso(a.day) if a.day else ""
                said = f"**{self.both(a.status)}** {self.escape(a.about)}".strip()
                yield f"  - {self.both(TEXTS['assessed'])}: {self.escape(f'{a.place} {day}'.strip())} {said}"
            if x.assessor and not x.assessed:
                yield f"  - {self.both(TEXTS['not_assessed'])}"

    def _recorded(self, found: Recorded) -> str:
        rule = self.rules.get(found.metric)
        if found.cell is None or rule is None or found.cell.numerator is None:
            why = found.missing or (found.cell and found.cell.missing)
            return f"{self.both(found.label)}: {self.both(no_data_text(why) if why else TEXTS['no_data'])}"
        unit = cell_ratio(found.cell, rule) if rule.denominator else UNITS[rule.unit].say(self.lang)
        return f"{self.both(found.label)}: {self.escape(f'{cell_pair(found.cell, rule)} {unit}'.strip())}"

    def _schedules(self) -> Iterator[str]:
        if self.document.parts.schedules:
            yield from self._head(TEXTS["schedules"])
        for x in self.document.parts.schedules:
            end = f" · {self.both(TEXTS['deadline'])} {iso(x.deadline)}" if x.deadline else ""
            head = f"- **{self.both(x.label)}** · {self.both(x.when)} · {self.both(x.by)}{end}"
            yield f"{head}: {self.escape(x.quote)} ({self.escape(x.clause)})"
            yield f"  - {self._recorded(x.figure) if x.figure else self.both(TEXTS['nothing_counted'])}"
            yield from (f"  - {self.both(asked_text(a))}" for a in x.asked)

    def _duties(self, duties: Duties) -> Iterator[str]:
        """Briefly: names and duties; hosts, clauses and quotes are in the other forms."""
        if duties.is_empty:
            return
        yield from self._head(TEXTS["duties"])
        for network in duties.networks:
            if network.network:
                yield from (f"**{self.both(network.network.label)}**", "")
            yield from self.table(
                [TEXTS["level"], TEXTS["institution"], TEXTS["hosts"], TEXTS["duty"], TEXTS["clause"]],
                (
                    [self.both(x.place), "、".join([self.both(x.label), *map(self.escape, x.aliases)]), self.escape("、".join(x.hosts)),
                     self._list(x.duties), self.escape(x.clause)]
                    for x in network.levels
                ),
            )
            yield ""
        yield from (f"- {self.both(x.label)}: {self._list(x.duties)} ({self.escape(x.clause)})" for x in duties.bodies)
        for x in duties.departments:
            yield f"- {self.both(x.label)} · {self.both(word(ROLES, x.role))}: {self._list(x.duties)} ({self.escape(x.clause)})"
        for model in duties.models:
            yield f"- {self.both(TEXTS['models'])}: {self.escape(model.quote)} ({self.escape(model.clause)})"
        yield from (f"- {self.both(c.label)}: {self.escape(' → '.join(c.links))} ({self.escape(c.clause)})" for c in duties.chains)
        yield from (f"- {self.both(TEXTS['terms'])}: {self.both(t.label)} ({self.escape(t.clause)})" for t in duties.terms)

    def _list(self, labels: Iterable[Label]) -> str:
        return "; ".join(map(self.both, labels))
