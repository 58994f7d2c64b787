"""A report as a workbook: 概览, 判定, 地点, 说明. Numbers are numbers, texts are harmless, the file is reproducible."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from commlms.core.days import iso
from commlms.core.errors import FileRefused
from commlms.core.labels import Label, Lang
from commlms.report.cells import Cell, Shown
from commlms.report.content import Content, PlaceRow, Rule
from commlms.report.display import demand, known_text, not_reported_text, number, reasons, residents_text, slashed
from commlms.report.numbers import ratio
from commlms.report.words import INVENTED, TEXTS, UNITS
from commlms.store.sheets import book_cell

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


class _Pages:
    """Makes the sheets, one after another."""

    def __init__(self, book: Any, content: Content, lang: Lang) -> None:
        self.book, self.content, self.lang = book, content, lang

    def both(self, label: Label | None) -> str:
        """A label in both languages, the report's first."""
        if label is None:
            return ""
        return slashed(label, self.lang)

    def _page(self, title: Label, widths: Sequence[int], frozen: str, heads: Iterable[Label]) -> Any:
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        page = self.book.create_sheet(title.say(self.lang))
        for i, width in enumerate(widths, start=1):
            page.column_dimensions[get_column_letter(i)].width = width
        page.freeze_panes = frozen
        cells = [book_cell(page, self.both(h)) for h in heads]
        for cell in cells:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE7F0")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.append(cells)
        return page

    def overview(self) -> None:
        """Place, period, dates; the years; every metric of the places reported on with its rule."""
        c = self.content
        heads = [TEXTS[k] for k in ("metric", "place", "numerator", "denominator", "share", "ceiling", "residents", "rule", "known")]
        page = self._page(Label("概览", "Overview"), (44, 18, 14, 14, 11, 14, 30, 80, 60), "A2", heads)
        for label, value in (
            (TEXTS["report"], self.both(c.name)), (TEXTS["period"], f"{c.period} ({iso(c.first)}..{iso(c.last)})"),
            (TEXTS["as_of"], iso(c.as_of)), (TEXTS["written"], c.written), (TEXTS["version"], c.version),
        ):
            self._append(page, [self.both(label), value])
        if c.invented:
            self._append(page, [self.both(INVENTED)])
        for said in c.senders:
            self._append(page, [self.both(said)])
        for section in c.sections:
            self._append(page, [])
            self._append(page, [self.both(section.label)])
            for rule in section.rules:
                for top in c.tops:
                    self._append(page, self._metric(page, rule, top))
        self._append(page, [])
        self._append(page, [self.both(TEXTS[k]) for k in ("year", "persons", "named_visits", "unnamed_visits")])
        for year in c.years:
            self._append(page, [year.year, *(self._whole(page, Shown(n)) for n in (year.persons, year.named, year.unnamed))])

    def _metric(self, page: Any, rule: Rule, top: PlaceRow) -> list[Any]:
        cell = top.cell(rule.metric) or Cell(rule.metric, None)
        words = [self.both(rule.numerator), *([self.both(rule.denominator)] if rule.denominator else [])]
        asked = residents_text(top.residents, self.lang) if top.residents and cell.estimated else ""
        label = f"{self.both(rule.label)} ({UNITS[rule.unit].say(self.lang)})"
        return [label, top.name, *self._numbers(page, cell, rule), self._whole(page, cell.ceiling),
                "; ".join(filter(None, (asked or self.both(cell.missing), self.both(not_reported_text(cell))))), " ÷ ".join(words),
                self.both(known_text(top, rule.metric))]

    def verdicts(self) -> None:
        """Every verdict with its integers and its sentence."""
        names = ("document", "demand", "place", "period", "verdict", "numerator", "denominator", "share", "ceiling", "bound",
                 "needed", "why", "force", "due", "clause", "quote")
        widths = (30, 34, 18, 9, 18, 12, 12, 10, 12, 12, 12, 50, 16, 12, 12, 60)
        page = self._page(Label("判定", "Verdicts"), widths, "A2", [TEXTS[n] for n in names])
        for d in self.content.documents:
            for v in d.verdicts:
                self._append(page, [
                    f"{self.both(d.label)} {d.number}", f"{self.both(v.label)} {demand(v, self.lang)}", self.both(v.where),
                    v.period, self.both(v.verdict_label), self._whole(page, v.numerator), self._whole(page, v.denominator),
                    self._share(page, v.numerator, v.denominator, True, (v.value,)) if v.unit == "percent" else "",
                    self._whole(page, v.ceiling), self._whole(page, v.bound), v.needed, "; ".join(map(self.both, reasons(v))),
                    self.both(v.force), iso(v.due) if v.due else self.both(TEXTS["no_limit_due"]),
                    " ".join([v.clause, *v.req]), v.quote,
                ])

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
        page = self._page(Label("地点", "Places"), widths, "C2", heads)
        for row in self.content.walk():
            note = row.residents
            line = [row.code, row.name, self.both(row.level_label), row.parent,
                    self._whole(page, Shown(note.persons) if note else None), residents_text(note, self.lang) if note else ""]
            cells = row.cells
            for cell in cells:
                rule = rules[cell.metric]
                line += self._numbers(page, cell, rule)[: 3 if rule.denominator else 1]
                line += [self._whole(page, cell.ceiling)] if rule.ceiling else []
            if told:  # it is one for all figures of a place
                line.append("/".join(map(str, cells[0].not_reported or ())))
            self._append(page, line)

    def notes(self) -> None:
        """What was left out and why; how everything is counted."""
        page = self._page(Label("说明", "Notes"), (60, 12, 90, 60), "A2", [TEXTS[k] for k in ("left_out", "count", "why", "which")])
        for item in self.content.left_out:
            names = "、".join(item.names)
            self._append(page, [self.both(item.label), self._whole(page, item.count) if item.count else "", self.both(item.why), names])
        self._append(page, [])
        for d in self.content.documents:
            facts = "; ".join(self.both(f) for f in (d.issuer, *d.facts, *filter(None, [d.note])))
            self._append(page, [f"{self.both(d.label)} {d.number}", "", facts])
            for x in d.levels:
                names = "、".join([self.both(x.institution), *x.aliases])
                self._append(page, [self.both(x.place), "", names, f"{x.clause} {x.quote} {self.both(x.note)}".strip()])
        self._append(page, [])
        for note in self.content.notes:
            self._append(page, [note.say(self.lang)])
            self._append(page, [note.say("en" if self.lang == "zh" else "zh")])

    def _numbers(self, page: Any, cell: Cell, rule: Rule) -> list[Any]:
        share = self._share(page, cell.numerator, cell.denominator, rule.share, rule.limits)
        return [self._whole(page, cell.numerator), self._whole(page, cell.denominator), share]

    def _whole(self, page: Any, shown: Shown | None) -> Any:
        from openpyxl.cell import WriteOnlyCell

        if shown is None:
            return ""
        if shown.value is None:
            return number(shown)
        cell = WriteOnlyCell(page, shown.value)
        cell.number_format = "#,##0"
        return cell

    def _share(
        self, page: Any, top: Shown | None, bottom: Shown | None, share: bool, limits: tuple[Decimal, ...],
    ) -> Any:
        """The ratio as a number, with as many decimals shown as tell the truth."""
        from openpyxl.cell import WriteOnlyCell

        if top is None or bottom is None or top.value is None or not bottom.value:
            return ""
        scale = Decimal(100 if share else 1)
        printed = ratio(top.value, bottom.value, scale, limits if share else ())
        # The value is the printed one: a spreadsheet program that rounds again cannot cross the demand.
        cell = WriteOnlyCell(page, float(printed / scale))
        cell.number_format = f"0.{'0' * -int(printed.as_tuple().exponent)}{'%' if share else ''}"
        return cell

    def _append(self, page: Any, line: Iterable[Any]) -> None:
        page.append(list(self._safe(page, line)))

    def _safe(self, page: Any, line: Iterable[Any]) -> Iterator[Any]:
        for value in line:
            yield book_cell(page, value) if isinstance(value, str) or value is None else value


def _part(rule: Rule, name: str) -> Label:
    part = TEXTS[name]
    return Label(f"{rule.label.zh}·{part.zh}", f"{rule.label.en}: {part.en}")
