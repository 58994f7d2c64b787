"""Makes a report's content from a database: what is reported on, its places with their figures, its years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Sequence
from decimal import Decimal
from importlib.metadata import version

from commlms.core.days import Period, to_int
from commlms.core.errors import UnknownName
from commlms.core.labels import Label
from commlms.core.metrics import Metric, Residents
from commlms.core.pack_tables import UNITS
from commlms.core.policies import Policy
from commlms.core.registry import CORE
from commlms.measure.amounts import unit_below
from commlms.measure.asked import empty_register
from commlms.measure.figures import Figure, Figures, Strengths
from commlms.measure.reporting import NOT_REPORTED, sentences
from commlms.measure.residents import ResidentsFigure
from commlms.measure.shown import LINKED
from commlms.measure.words import Words
from commlms.report.cells import Cell, Shown
from commlms.report.content import Content, Document, PlaceRow, ResidentsNote, Rule, Section, Year
from commlms.report.documents import Documents, bound_here
from commlms.report.left_out import left_out
from commlms.report.numbers import is_share, scale_of
from commlms.report.protect import Protection
from commlms.report.source import Source
from commlms.report.words import BASES, LEVEL_LABELS, NATURES, NOTES, TEXTS

#: How many years up to the period's stand beside one another.
YEARS_SHOWN = 3


def gather(source: Source, period: str, place: str | None, as_of: dt.date | None) -> Content:
    """Everything a report on a period says, for one place or for the whole database.

    Without ``as_of`` documents are judged as of the period's last day, or today where that is to come.
    Raises :class:`UnknownName` for a period or place that is not there.
    """
    with source.moment():
        figures = source.figures(period, "reporting")
        day = to_int(as_of) if as_of is not None else min(figures.period.last, source.today)
        tops = _tops(source, figures, place)
        protection = Protection(figures, source.registry.metrics.values())
        empty = {key: why for key, metric in source.registry.metrics.items() if (why := empty_register(figures, metric))}
        bound = bound_here(source, figures, tops, day)
        maker = _Rows(source, figures, protection, [frame.policy for frame in bound.frames], empty)
        rows = tuple(maker.row(top, "", 0) for top in tops)
        of_year = _yearly(source, figures)
        documents = Documents(source, bound, maker.cell, of_year, day).made()
        codes = tuple(row.code for row in rows)
        return Content(
            version=version("commlms"), name=_name(rows, whole=place is None), places_reported=codes,
            period=figures.period.key, first=figures.period.first, last=figures.period.last, as_of=day,
            invented=source.invented, written=_written(source), tops=rows,
            sections=_sections(source, documents, empty), documents=documents,
            years=_years(source, of_year, figures.period.last // 10_000, tops),
            left_out=left_out(source, figures, tops, bound.others, empty),
            notes=NOTES if source.origin is None else (source.origin, *NOTES), senders=tuple(sentences(figures.reporting, tops)),
        )


def _tops(source: Source, figures: Figures, place: str | None) -> tuple[int, ...]:
    if place is None:
        return tuple(p for p in figures.tree.order if figures.tree.parents[p] is None)
    found = source.place(place, figures.period.last)
    if found not in figures.tree.nodes:
        raise UnknownName(what=Label("地点", "place"), name=place, hint=Label("", ""))
    return (found,)


def _name(rows: Sequence[PlaceRow], whole: bool) -> Label:
    if len(rows) == 1:
        return Label(rows[0].name, rows[0].name)
    if whole and len(rows) > 3:
        return TEXTS["whole_database"]
    joined = "、".join(r.name for r in rows)
    return Label(joined, joined) if rows else TEXTS["whole_database"]


def _written(source: Source) -> str:
    """The day of the newest write; reports of one content say the same whenever they are made."""
    return str(source.database.one("SELECT MAX(at) FROM journal") or "")[:10]


class _Rows:
    """Makes the rows of places."""

    def __init__(
        self, source: Source, figures: Figures, protection: Protection, policies: Iterable[Policy], empty: Container[str] = (),
    ) -> None:
        self.source, self.figures, self.protection = source, figures, protection
        self.metrics = source.registry.metrics
        self.keys = tuple(k for k in self.metrics if k not in empty)
        self.hidden = {k: (protection.hidden(m.numerator), protection.hidden(m.denominator)) for k, m in self.metrics.items()}
        self.policies = tuple(policies)
        self.quiet = {p for top in figures.tree.order if figures.tree.parents[top] is None for p in figures.silent(top)}
        self.residents = figures.residents(Residents())
        # One place's figure reads its metric for all places: nothing is left to be read at another moment than this one.
        for metric in self.metrics.values():
            for place in figures.tree.order[:1]:
                figures.figure(metric, place)

    def row(self, place: int, parent: str, depth: int) -> PlaceRow:
        """A place and everything below it."""
        node = self.figures.tree.nodes[place]
        leaves = self.figures.tree.leaves(place)
        return PlaceRow(
            id=place, code=node.code, name=node.name, level=node.level,
            level_label=LEVEL_LABELS.get(node.level, Label(node.level, node.level)), kind=node.kind, parent=parent,
            depth=depth, documents=self._binding(place), residents=residents_note(self.residents.get(place)),
            silent=sum(p in self.quiet for p in leaves), leaves=len(leaves),
            metrics=self.keys, make=self.cell,
            children=tuple(self.row(c, node.code, depth + 1) for c in self.figures.tree.children.get(place, ())),
            known=dict(self._known(place)) if depth == 0 else {},
        )

    def _known(self, place: int) -> Iterable[tuple[str, Strengths | None]]:
        for key, metric in self.metrics.items():
            found, hidden = self.protection.strengths(metric, place)
            if found or hidden:
                yield key, found

    def cell(self, key: str, place: int) -> Cell:
        """One figure of a place as it may be shown."""
        metric = self.metrics[key]
        figure = self.figures.figure(metric, place)
        return shown_cell(figure, *(where.get(place, "") for where in self.hidden[key]))

    def _binding(self, place: int) -> tuple[str, ...]:
        """The documents in force at a place: those of the places above it, and its own."""
        above = {self.figures.tree.nodes[p].code for p in self._above(place)}
        return tuple(p.key for p in self.policies if p.jurisdiction in above)

    def _above(self, place: int) -> Iterable[int]:
        current: int | None = place
        while current is not None:
            yield current
            current = self.figures.tree.parents[current]


def shown_cell(figure: Figure, over: str, under: str) -> Cell:
    """A figure as it may be shown; ``over`` and ``under`` say why its numerator and its denominator are hidden.

    The ceiling goes with both parts, being made of the one and capped by the other; it is withheld for them, not small itself.
    That nothing was reported is not said of a hidden numerator: it would say that it is zero.
    """
    if over and figure.missing is NOT_REPORTED:
        return Cell(figure.metric, Shown(None, over), missing=None, not_reported=figure.not_reported)
    return Cell(
        figure.metric, shown(figure.numerator, over), shown(figure.denominator, under),
        shown(figure.ceiling, LINKED if over or under else ""),
        estimated=bool(figure.residents and figure.residents.estimated), missing=figure.missing, not_reported=figure.not_reported,
    )


def shown(value: int | None, hidden: str = "") -> Shown | None:
    """An integer, hidden or not; None where there is none."""
    return None if value is None else Shown(None if hidden else value, hidden)


def residents_note(found: ResidentsFigure | None) -> ResidentsNote | None:
    """What stands beside a denominator."""
    if found is None:
        return None
    return ResidentsNote(
        found.persons, BASES.get(found.basis, Label(found.basis, found.basis)), found.dates,
        tuple(NATURES.get(n, Label(n, n)) for n in found.natures), tuple(filter(None, found.citations)),
        found.estimated, found.summed, found.about,
    )


def _sections(source: Source, documents: Iterable[Document], empty: Container[str]) -> tuple[Section, ...]:
    """The core's metrics, then each plugin's, with the rules in words."""
    limits: dict[str, set[tuple[str, Decimal]]] = {}
    for verdict in (v for d in documents for v in d.verdicts if UNITS[v.unit].ratio):
        limits.setdefault(verdict.metric, set()).update((verdict.unit, v) for v in (verdict.value, verdict.value_max) if v is not None)
    grouped = source.registry.by_plugin("metric", {k: m for k, m in source.registry.metrics.items() if k not in empty})
    names = sorted(grouped, key=lambda name: (name != CORE, name))
    return tuple(
        Section(name, _section_label(source, name, grouped[name]), tuple(
            _rule(source, name, m, limits.get(m.key, ())) for m in grouped[name]
        ))
        for name in names
    )


def _section_label(source: Source, plugin: str, metrics: Iterable[Metric]) -> Label:
    """All residents, or the populations that a plugin's figures are about, or else the registers that it brings."""
    if plugin == CORE:
        return TEXTS["all_residents"]
    labels = [Words(source.registry).group(p) for p in dict.fromkeys(m.population for m in metrics) if p]
    if not labels:
        labels = [r.label for r in source.registry.by_plugin("record", source.registry.records).get(plugin, ())]
    if not labels:
        return Label(plugin, plugin)
    return Label("、".join(x.zh for x in labels), ", ".join(x.en for x in labels))


def _rule(source: Source, section: str, metric: Metric, asked: Iterable[tuple[str, Decimal]]) -> Rule:
    """A metric's rule; ``asked``: the values that documents ask of it, each in its unit."""
    words, scale = Words(source.registry), scale_of(metric.unit, share=is_share(metric))
    limits = tuple(sorted(value for unit, value in asked if UNITS[unit].factor == scale))
    numerator, denominator, ceiling = (
        None if part is None else words.describe(part)
        for part in (metric.numerator, metric.denominator, metric.ceiling)
    )
    assert numerator is not None
    return Rule(
        metric.key, metric.label, metric.unit, section, words.group(metric.population) if metric.population else None,
        numerator, denominator, ceiling, metric.note, is_share(metric), limits,
        unit_below(metric, source.registry.records),
    )


def _yearly(source: Source, figures: Figures) -> Callable[[int], Figures]:
    """The figures of each year asked for, read once."""
    found = {figures.period.first // 10_000: figures} if figures.period.is_year else {}

    def of_year(year: int) -> Figures:
        if year not in found:
            found[year] = source.figures(Period.year(year), "reporting")
        return found[year]

    return of_year


def _years(source: Source, of_year: Callable[[int], Figures], last: int, tops: Iterable[int]) -> tuple[Year, ...]:
    """The years up to the period's, each on its own tree."""
    found = []
    for year in range(last - YEARS_SHOWN + 1, last + 1):
        parts = [of_year(year).rolled(source.registry.metrics[key].numerator) for key in _YEARLY]
        persons, named, unnamed = (sum(part.get(top, 0) for top in tops) for part in parts)
        found.append(Year(year, persons, named, unnamed))
    return tuple(found)


_YEARLY = ("core.persons", "core.visits", "core.unnamed_visits")

