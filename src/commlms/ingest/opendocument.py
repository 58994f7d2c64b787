"""The open document spreadsheet (.ods) itself: merged cells and errors, which the reader does not tell, and its extent."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile

import attrs

from commlms.core.kinds import DamagedCell
from commlms.ingest.readers import Merge

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "Err:")


@attrs.define
class Extent:
    """What one table of the document holds: merged ranges, cells without a value, and how far its filled cells reach."""

    merges: list[Merge] = attrs.field(factory=list)
    damaged: dict[tuple[int, int], DamagedCell] = attrs.field(factory=dict)
    rows: int = 0
    columns: int = 0
    next_row: int = 0


def extents_in(archive: zipfile.ZipFile) -> dict[str, Extent]:
    """The tables of a document by name. Raises ValueError for a document that is none."""
    found: dict[str, Extent] = {}
    extent = Extent()
    with archive.open("content.xml") as file:
        try:
            for event, element in ET.iterparse(file, ("start", "end")):
                if event == "start" and element.tag == f"{_TABLE}table":
                    extent = found.setdefault(element.get(f"{_TABLE}name", ""), Extent())
                elif event == "end" and element.tag == f"{_TABLE}table-row":
                    _read_row(element, extent)
                    element.clear()
        except ET.ParseError:
            raise ValueError("the content is no XML") from None
    return found


def _read_row(element: ET.Element, extent: Extent) -> None:
    row, column = extent.next_row, 0
    times = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
    for cell in element:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        width = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        down, across = (int(cell.get(f"{_TABLE}number-{side}-spanned", "1")) for side in ("rows", "columns"))
        if down > 1 or across > 1:
            extent.merges.append(((row, column), (row + down - 1, column + across - 1)))
        text = "".join(cell.itertext()).strip()
        if text or cell.get(f"{_OFFICE}value-type"):
            extent.rows, extent.columns = max(extent.rows, row + times), max(extent.columns, column + width)
        if cell.get(f"{_CALC}value-type") == "error" or (cell.get(f"{_TABLE}formula") and text.startswith(_ERRORS)):
            extent.damaged |= {(row, column + i): DamagedCell("cell_error", text or "#N/A") for i in range(min(width, 64))}
        column += width
    extent.next_row += times
