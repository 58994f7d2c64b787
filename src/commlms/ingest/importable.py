"""The words by which an import names what a table is of: every record, and two kinds of paper that are kept as other records."""

from __future__ import annotations

from collections.abc import Mapping

from commlms.core.records import Record
from commlms.ingest.attendance import ATTENDANCE
from commlms.ingest.ledger import LEDGER

#: What is imported and not kept as such: a ledger becomes sessions and headcounts, an attendance list learners and visits too.
ONLY_IMPORTED: Mapping[str, Record] = {"ledger": LEDGER, "attendance": ATTENDANCE}


def name_of(record: Record) -> str:
    """The word a record is imported by."""
    return "ledger" if record is LEDGER else record.key


def record_named(name: str, records: Mapping[str, Record]) -> Record | None:
    """The record that is imported by a word."""
    return ONLY_IMPORTED.get(name) or records.get(name)
