"""Rows noted as said by a file of the street, for tests that follow them back."""

from __future__ import annotations

from commlms import LMS
from commlms.ingest.provenance import Origin, Provenance, Said
from commlms.store.journal import open_entry
from tests.measure.city import STREET, TODAY

#: By table the keys of rows (0 where there is no second), and the cell that says each.
Noted = dict[str, list[tuple[int, int, str]]]


def deliver(lms: LMS, file: str, sheet: str, rows: Noted, archived: int | None = None) -> int:
    """Note that a file of the street says rows: by table (k1, k2, cell). Gives the delivery."""
    turn = (lms.database.one("SELECT MAX(turn) FROM delivery") or 0) + 1
    lms.add({
        "sender": STREET, "shape": "sign_in", "period": "2022", "turn": turn, "received": TODAY, "file": file, "sheet": sheet,
        "archived": None if archived is None else str(archived),
    }, "delivery")
    delivery = int(lms.database.one("SELECT MAX(id) FROM delivery"))
    for table, said in rows.items():
        cells = {n: cell for n, (_, _, cell) in enumerate(said)}
        provenance = Provenance(lms.database, delivery, sheet, lambda n, cells=cells: Origin(int(cells[n][1:]), cells[n]))
        with lms.database.transaction():
            journal = open_entry(lms.database, lms.actor, "", "take", "delivery")
            provenance.note(journal, table, (Said(n, k1, k2, True) for n, (k1, k2, _) in enumerate(said)))
    return delivery


def number(lms: LMS, record: str, reference: str) -> int:
    """A row's number by its code."""
    return lms.tables.find(record, reference)[0]
