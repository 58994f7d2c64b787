"""What the sheets of a report's workbook share: a page under its frozen heads, and cells that are numbers or harmless texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from commlms.core.labels import Label, Lang
from commlms.measure.amounts import HUNDREDTHS
from commlms.report.cells import Shown
from commlms.report.content import Content
from commlms.report.display import number, slashed
from commlms.report.numbers import ratio
from commlms.store.sheets import book_cell

#: So many columns can still be read across one page of paper; a wider sheet is printed in strips.
_MOST_COLUMNS = 20


class Sheets:
    """Makes sheets of one workbook."""

    def __init__(self, book: Any, content: Content, lang: Lang) -> None:
        self.book, self.content, self.lang = book, content, lang

    def both(self, label: Label | None) -> str:
        """A label in both languages, the report's first."""
        if label is None:
            return ""
        return slashed(label, self.lang)

    def page(self, title: Label, widths: Sequence[int], frozen: str, heads: Iterable[Label]) -> Any:
        """A new sheet with its heads."""
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.properties import PageSetupProperties
        from openpyxl.worksheet.worksheet import Worksheet

        page = self.book.create_sheet(title.say(self.lang))
        for i, width in enumerate(widths, start=1):
            page.column_dimensions[get_column_letter(i)].width = width
        page.freeze_panes = frozen
        page.print_title_rows = "1:1"
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
        if len(widths) <= _MOST_COLUMNS:
            page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
            page.page_setup.fitToHeight = 0
        cells = [book_cell(page, self.both(h)) for h in heads]
        for cell in cells:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE7F0")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.append(cells)
        return page

    def whole(self, page: Any, shown: Shown | None, unit: str = "") -> Any:
        """An integer; money in yuan and areas in square metres."""
        from openpyxl.cell import WriteOnlyCell

        if shown is None:
            return ""
        if shown.value is None:
            return number(shown)
        hundredths = unit in HUNDREDTHS
        # A workbook knows no other fractions than floats; two decimals of a sum of money survive in one.
        cell = WriteOnlyCell(page, float(Decimal(shown.value) / 100) if hundredths else shown.value)
        cell.number_format = "#,##0.00" if hundredths else "#,##0"
        return cell

    def share(
        self, page: Any, top: Shown | None, bottom: Shown | None, scale: Decimal, limits: tuple[Decimal, ...],
    ) -> Any:
        """The ratio as a number, with as many decimals shown as tell the truth; of a hundred (``scale``) as a percentage."""
        from openpyxl.cell import WriteOnlyCell

        if top is None or bottom is None or top.value is None or not bottom.value:
            return ""
        printed, percent = ratio(top.value, bottom.value, scale, limits), scale == 100
        # The value is the printed one: a spreadsheet program that rounds again cannot cross the demand.
        cell = WriteOnlyCell(page, float(printed / 100 if percent else printed))
        cell.number_format = f"0.{'0' * -int(printed.as_tuple().exponent)}{'%' if percent else ''}"
        return cell

    def append(self, page: Any, line: Iterable[Any]) -> None:
        """One row."""
        page.append(list(self._safe(page, line)))

    def _safe(self, page: Any, line: Iterable[Any]) -> Iterator[Any]:
        for value in line:
            yield book_cell(page, value) if isinstance(value, str) or value is None else value
