"""A report as a workbook. Numbers are numbers, texts are harmless, the file is reproducible.

Sheets: 概览, 判定, one for each other part of the documents that there is, 地点, 说明.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from commlms.core.days import iso
from commlms.core.errors import FileRefused
from commlms.core.labels import Label, Lang
from commlms.report.book_parts import PartPages
from commlms.report.cells import Cell, Shown
from commlms.report.content import Content, PlaceRow, Rule, Verdict
from commlms.report.display import demand, known_text, needed_text, not_reported_text, reasons, residents_text, verdict_ratio
from commlms.report.sheets import Sheets
from commlms.report.words import INVENTED, TEXTS, UNITS

_FIXED = dt.datetime(2000, 1, 1)
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def write_book(content: Content, out: Path, lang: Lang) -> None:
    """Write the workbook. Raises :class:`FileRefused` where the spreadsheet library is not installed."""
    try:
        import openpyxl
    except ImportError:
        raise FileRefused(Label(
            "写 .xlsx 需要安装 commlms[xlsx]；.html、.json、.md 不需要", "writing .xlsx needs commlms[xlsx]; .html, .json and .md do not"
        )) from None
    book = openpyxl.Workbook(write_only=True)
    pages = _Pages(book, content, lang)
    pages.overview()
    pages.verdicts()
    PartPages(book, content, lang).made()
    pages.places()
    pages.notes()
    with tempfile.TemporaryFile() as made:
        book.save(made)
        _without_clock(made, out)


def _without_clock(book: IO[bytes], out: Path) -> None:
    """Writes the same workbook without the moment it was written, so that one content gives one file."""
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, _FIXED.timetuple()[:6])
            entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, old.getinfo(name).file_size
            if name == "docProps/core.xml":
                new.writestr(entry, _MOMENT.sub(_FIXED.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), old.read(name)))
                continue
            # A city's sheet is tens of megabytes: copied in pieces.
            with old.open(name) as source, new.open(entry, "w") as copy:
                shutil.copyfileobj(source, copy)


class _Pages(Sheets):
    """Makes the sheets, one after another."""

    def overview(self) -> None:
        """Place, period, dates; the years; every metric of the places reported on with its rule."""
        c = self.content
        heads = [TEXTS[k] for k in ("metric", "place", "numerator", "denominator", "share", "ceiling", "residents", "rule", "known")]
        page = self.page(Label("概览", "Overview"), (44, 18, 14, 14, 11, 14, 30, 80, 60), "A2", heads)
        for label, value in (
            (TEXTS["report"], self.both(c.name)), (TEXTS["period"], f"{c.period} ({iso(c.first)}..{iso(c.last)})"),
            (TEXTS["as_of"], iso(c.as_of)), (TEXTS["written"], c.written), (TEXTS["version"], c.version),
        ):
            self.append(page, [self.both(label), value])
        if c.invented:
            self.append(page, [self.both(INVENTED)])
        for said in c.senders:
            self.append(page, [self.both(said)])
        for section in c.sections:
            self.append(page, [])
            self.append(page, [self.both(section.label)])
            for rule in section.rules:
                for top in c.tops:
                    self.append(page, self._metric(page, rule, top))
        self.append(page, [])
        self.append(page, [self.both(TEXTS[k]) for k in ("year", "persons", "named_visits", "unnamed_visits")])
        for year in c.years:
            self.append(page, [year.year, *(self.whole(page, Shown(n)) for n in (year.persons, year.named, year.unnamed))])

    def _metric(self, page: Any, rule: Rule, top: PlaceRow) -> list[Any]:
        cell = top.cell(rule.metric) or Cell(rule.metric, None)
        words = [self.both(rule.numerator), *([self.both(rule.denominator)] if rule.denominator else [])]
        asked = residents_text(top.residents, self.lang) if top.residents and cell.estimated else ""
        label = f"{self.both(rule.label)} ({UNITS[rule.unit].say(self.lang)})"
        return [label, top.name, *self._numbers(page, cell, rule), self.whole(page, cell.ceiling, rule.unit),
                "; ".join(filter(None, (asked or self.both(cell.missing), self.both(not_reported_text(cell))))), " ÷ ".join(words),
                self.both(known_text(top, rule.metric))]

    def verdicts(self) -> None:
        """Every verdict with its integers and its sentence."""
        names = ("document", "demand", "place", "period", "verdict", "numerator", "denominator", "share", "ceiling", "bound",
                 "needed", "why", "force", "due", "clause", "quote")
        widths = (30, 34, 18, 9, 18, 12, 12, 10, 12, 12, 12, 50, 16, 12, 12, 60)
        page = self.page(Label("判定", "Verdicts"), widths, "A2", [TEXTS[n] for n in names])
        for d in self.content.documents:
            for v in d.verdicts:
                self.append(page, [
                    f"{self.both(d.label)} {d.number}", f"{self.both(v.label)} {demand(v, self.lang)}", self.both(v.where),
                    v.period, self.both(v.verdict_label), self.whole(page, v.numerator, v.counted),
                    self.whole(page, v.denominator, v.divided_by),
                    self.share(page, v.numerator, v.denominator, Decimal(100), (v.value,)) if v.unit == "percent" else
                    verdict_ratio(v, v.numerator, self.lang),
                    self.whole(page, v.ceiling, v.counted), self.whole(page, v.bound, v.counted), self._needed(page, v),
                    "; ".join(map(self.both, reasons(v))),
                    self.both(v.force), iso(v.due) if v.due else self.both(TEXTS["no_limit_due"]),
                    " ".join([v.clause, *v.req]), v.quote,
                ])

    def _needed(self, page: Any, verdict: Verdict) -> Any:
        """What reaches as a number; as a text where it is a range or a limit."""
        alone = verdict.needed is not None and verdict.limit is None
        return self.whole(page, Shown(verdict.needed), verdict.counted) if alone else needed_text(verdict)

    def places(self) -> None:
        """One row a place, the metrics across: numerator, denominator, ratio, ceiling."""
        rules = self.content.rules
        heads = [TEXTS[k] for k in ("code", "place", "level", "parent", "residents")]
        heads += [Label("居民数的日期、口径、性质", "date, basis, nature of residents")]
        for rule in rules.values():
            heads += [_part(rule, "numerator")]
            heads += [_part(rule, "denominator"), _part(rule, "share")] if rule.denominator else []
            heads += [_part(rule, "ceiling")] if rule.ceiling else []
        told = any(cell.not_reported for top in self.content.tops for cell in top.cells[:1])
        heads += [TEXTS["unsent"]] if told else []
        widths = [14, 22, 16, 14, 12, 26] + [15] * (len(heads) - 6)
        page = self.page(Label("地点", "Places"), widths, "C2", heads)
        for row in self.content.walk():
            note = row.residents
            line = [row.code, row.name, self.both(row.level_label), row.parent,
                    self.whole(page, Shown(note.persons) if note else None), residents_text(note, self.lang) if note else ""]
            cells = row.cells
            for cell in cells:
                rule = rules[cell.metric]
                line += self._numbers(page, cell, rule)[: 3 if rule.denominator else 1]
                line += [self.whole(page, cell.ceiling, rule.unit)] if rule.ceiling else []
            if told:  # it is one for all figures of a place
                line.append("/".join(map(str, cells[0].not_reported or ())))
            self.append(page, line)

    def notes(self) -> None:
        """What was left out and why; how everything is counted."""
        page = self.page(Label("说明", "Notes"), (60, 12, 90, 60), "A2", [TEXTS[k] for k in ("left_out", "count", "why", "which")])
        for item in self.content.left_out:
            names = "、".join(item.names)
            self.append(page, [self.both(item.label), self.whole(page, item.count) if item.count else "", self.both(item.why), names])
        self.append(page, [])
        for d in self.content.documents:
            facts = "; ".join(self.both(f) for f in (d.issuer, *d.facts, *filter(None, [d.note])))
            self.append(page, [f"{self.both(d.label)} {d.number}", "", facts])
            for x in d.levels:
                names = "、".join([self.both(x.institution), *x.aliases])
                self.append(page, [self.both(x.place), "", names, f"{x.clause} {x.quote} {self.both(x.note)}".strip()])
        self.append(page, [])
        for note in self.content.notes:
            self.append(page, [note.say(self.lang)])
            self.append(page, [note.say("en" if self.lang == "zh" else "zh")])

    def _numbers(self, page: Any, cell: Cell, rule: Rule) -> list[Any]:
        share = self.share(page, cell.numerator, cell.denominator, rule.scale, rule.limits)
        return [self.whole(page, cell.numerator, rule.unit), self.whole(page, cell.denominator, rule.under), share]


def _part(rule: Rule, name: str) -> Label:
    part = TEXTS[name]
    return Label(f"{rule.label.zh}·{part.zh}", f"{rule.label.en}: {part.en}")
