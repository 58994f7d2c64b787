"""A report as Markdown: headline, verdicts, places down to the county, what was left out, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from commlms.core.days import iso
from commlms.core.labels import Label, Lang
from commlms.report.cells import Cell
from commlms.report.content import Content, Document, PlaceRow, Verdict
from commlms.report.display import (
    cell_ceiling,
    cell_pair,
    cell_ratio,
    demand,
    known_text,
    no_data_text,
    not_reported_text,
    number,
    reasons,
    residents_text,
    slashed,
    verdict_pair,
    verdict_ratio,
)
from commlms.report.listing import listed
from commlms.report.plain_parts import PlainParts
from commlms.report.words import INVENTED, TEXTS, UNITS, text

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")
#: A target judged at no more places than this has all its verdicts in the table.
_MOST_WHOLE = 12
_FIRST = ("core.participation", "core.persons", "core.visits", "core.unnamed_visits", "core.sessions")


def escaped(text: str) -> str:
    """A text that Markdown takes as it is: no markup, no table cell, no HTML begins in it."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def markdown_parts(content: Content, lang: Lang) -> Iterator[str]:
    """The report as Markdown, line by line."""
    for line in _Plain(content, lang).lines():
        yield f"{line}\n"


class _Plain:
    def __init__(self, content: Content, lang: Lang) -> None:
        self.content, self.lang = content, lang

    def both(self, label: Label) -> str:
        """A label in both languages, the report's first."""
        return escaped(slashed(label, self.lang))

    def lines(self) -> Iterator[str]:
        """Every line."""
        yield from self._head()
        for document in self.content.documents:
            yield from self._document(document)
        if not self.content.documents:
            yield from ("", f"## {self.both(TEXTS['verdicts'])}", "", self.both(TEXTS["no_documents"]))
        yield from self._places()
        yield from self._sections()
        yield from self._left_out()

    def _head(self) -> Iterator[str]:
        c = self.content
        title = TEXTS["title"]
        yield f"# {escaped(title.say(self.lang, name=c.name, period=c.period))}"
        if c.invented:
            yield from ("", f"**{self.both(INVENTED)}**")
        yield ""
        yield f"{self.both(TEXTS['period'])} {c.period} ({iso(c.first)}..{iso(c.last)}) · " \
              f"{self.both(TEXTS['as_of'])} {iso(c.as_of)} · {self.both(TEXTS['written'])} {c.written or '—'} · commlms {c.version}"
        for said in c.senders:
            yield from ("", f"**{self.both(said)}**")

    def _document(self, d: Document) -> Iterator[str]:
        yield from ("", f"## {self.both(d.label)}", "", " · ".join([escaped(d.number), *map(self.both, (d.issuer, *d.facts))]), "")
        parts = PlainParts(d, self.content.rules, self.lang, escaped, self._table)
        yield from parts.before()
        yield from self._verdicts(d)
        yield from parts.after()

    def _verdicts(self, d: Document) -> Iterator[str]:
        """One row a verdict; of a target judged at many places what is missing, and how many more there are."""
        heads = [TEXTS[k] for k in ("demand", "place", "period", "verdict", "proven", "ceiling", "bound", "why", "clause", "quote")]
        rows, rest = [], 0
        for group in d.by_target:
            shown = group if len(group) <= _MOST_WHOLE else listed(group, _MOST_WHOLE).rows
            rows += [self._verdict(v, first=n == 0) for n, v in enumerate(shown)]
            rest += len(group) - len(shown)
        yield from ("", f"### {self.both(TEXTS['details'])}", "")
        yield from self._table(heads, rows)
        if rest:
            yield from ("", self.both(text("others", count=rest)))

    def _verdict(self, v: Verdict, first: bool) -> list[str]:
        return [
            f"{self.both(v.label)} {escaped(demand(v, self.lang))} ({self.both(v.force)})", self.both(v.where), v.period,
            f"**{self.both(v.verdict_label)}**",
            escaped(" ".join(filter(None, (verdict_pair(v), verdict_ratio(v, v.numerator, self.lang))))),
            escaped(f"{number(v.ceiling, v.counted)} {verdict_ratio(v, v.ceiling, self.lang)}".strip()),
            escaped(f"{number(v.bound, v.counted)} {verdict_ratio(v, v.bound, self.lang)}".strip()),
            "; ".join(self.both(w) for w in reasons(v) if first or w is not v.note),
            escaped(" ".join([v.clause, *v.req])), escaped(v.quote) if first else "″",
        ]

    def _places(self) -> Iterator[str]:
        rules = self.content.rules
        keys = [k for k in _FIRST if k in rules]
        yield from ("", f"## {self.both(TEXTS['places'])}", "")
        heads = [TEXTS["place"], *(rules[k].label for k in keys), TEXTS["ceiling"], TEXTS["residents"]]
        yield from self._table(heads, (self._place(row, keys) for row in self.content.walk() if self._high(row)))

    def _high(self, row: PlaceRow) -> bool:
        return row.depth == 0 or row.level in ("province", "city", "county") or self.content.tops[0].level in ("township", "county")

    def _place(self, row: PlaceRow, keys: Iterable[str]) -> list[str]:
        rules, first = self.content.rules, row.cell(_FIRST[0])
        found = [f"{escaped(row.name)} {escaped(row.code)}"]
        for key, cell in ((k, row.make(k, row.id)) for k in keys):
            text = f"{cell_pair(cell, rules[key])} {cell_ratio(cell, rules[key])}".strip()
            shown = escaped(text) if cell.missing is None else f"{escaped(number(cell.numerator))} ({self.both(TEXTS['no_data'])})"
            found.append(shown + self._unsent(cell))
        ceiling = "—" if first is None else f"{number(first.ceiling)} {cell_ceiling(first, rules['core.participation'])}".strip()
        found.append(escaped(ceiling))
        found.append(escaped(residents_text(row.residents, self.lang)) if row.residents else self.both(TEXTS["no_data"]))
        return found

    def _sections(self) -> Iterator[str]:
        for section in self.content.sections:
            yield from ("", f"## {self.both(section.label)}", "")
            tops = self.content.tops
            heads = [TEXTS["metric"], *(Label(t.name, t.name) for t in tops), TEXTS["rule"]]
            yield from self._table(heads, (
                [
                    self.both(rule.label),
                    *(self._figure(top, rule.metric) for top in tops),
                    self.both(rule.numerator) + (f" ÷ {self.both(rule.denominator)}" if rule.denominator else ""),
                ]
                for rule in section.rules
            ))

    def _figure(self, top: PlaceRow, key: str) -> str:
        rule, cell = self.content.rules[key], top.cell(key)
        if cell is None or cell.numerator is None:
            return self.both(TEXTS["no_data"]) + (self._unsent(cell) if cell else "")
        if cell.missing is not None:
            return f"{escaped(number(cell.numerator))} ({self.both(no_data_text(cell.missing))})" + self._unsent(cell)
        unit = UNITS[rule.unit].say(self.lang) if cell.denominator is None else cell_ratio(cell, rule)
        known = known_text(top, key)
        told = escaped(f"{cell_pair(cell, rule)} {unit}".strip()) + self._unsent(cell)
        return told + (f"; {self.both(known)}" if known else "")

    def _unsent(self, cell: Cell) -> str:
        told = not_reported_text(cell)
        return f" ({self.both(told)})" if told else ""

    def _left_out(self) -> Iterator[str]:
        yield from ("", f"## {self.both(TEXTS['left_out'])}", "")
        for item in self.content.left_out:
            count = "" if item.count is None else f" **{escaped(number(item.count))}**"
            yield f"- {self.both(item.label)}:{count} {self.both(item.why)}"
        yield from ("", f"## {self.both(TEXTS['notes'])}", "")
        yield from (f"- {self.both(note)}" for note in self.content.notes)

    def _table(self, heads: Iterable[Label], rows: Iterable[list[str]]) -> Iterator[str]:
        names = [self.both(h) for h in heads]
        yield "| " + " | ".join(names) + " |"
        yield "|" + " --- |" * len(names)
        for row in rows:
            yield "| " + " | ".join(row) + " |"
