"""What was sent for a period and counts, and who of those expected to send has not."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from commlms.core.days import Period, iso, period_of
from commlms.core.labels import Label
from commlms.core.records import Record
from commlms.ingest.provenance import LANDED
from commlms.ingest.taking import shape_label
from commlms.measure.reporting import Reporting, not_reported
from commlms.store.database import Database
from commlms.store.geography import Geography, place_tree


@attrs.frozen
class Sent:
    """One delivery that counts: its sender by code and name, its shape by key and in words, ``rows`` as many as landed."""

    sender: str
    name: str
    shape: str
    label: Label
    period: str
    turn: int
    received: str
    file: str
    rows: int
    nil: bool
    archived: str | None
    reference: str


@attrs.frozen
class Received:
    """What was sent for a period, senders in the order of the tree; and in ``reporting`` who has sent and who has not."""

    period: Period
    sent: tuple[Sent, ...]
    reporting: Reporting
    level: str | None = None

    @property
    def expected(self) -> tuple[int, ...]:
        """The places that are expected to send: those of the level, if one was named."""
        return tuple(p for p in self.reporting.covered if self.level in (None, self.reporting.tree.nodes[p].level))

    @property
    def missing(self) -> tuple[int, ...]:
        """Those of them that have sent nothing for the period."""
        return tuple(p for p in self.expected if not self.reporting.covered[p])


def received(database: Database, records: Mapping[str, Record], period: Period, level: str | None = None) -> Received:
    """What was sent for a period, or for a part of it or a longer one."""
    geography = Geography(database)
    tree = place_tree(geography, period.last)
    order = {p: n for n, p in enumerate(tree.order)}
    rows = database.execute(
        f"SELECT sender, shape, period, turn, received, file, nil, archived, id, {LANDED} "
        "FROM delivery d WHERE replaced_by IS NULL ORDER BY shape, period, turn"
    ).fetchall()
    sent = []
    for sender, shape, key, turn, day, file, nil, archived, number, n in sorted(rows, key=lambda r: order.get(r[0], len(order))):
        place = geography.at(sender, period.last)
        about = period_of(key)
        if about is None or not about.overlaps(period):
            continue
        if place is None or level not in (None, place.level):
            continue
        label = shape_label(shape, records)
        sent.append(Sent(
            place.code, place.name, shape, label, key, turn, iso(day), file, n, bool(nil), archived, f"#{number}.{database.uid}"))
    return Received(period, tuple(sent), not_reported(database, tree, period), level)


def taken_from(database: Database, number: int) -> list[tuple[str, str]]:
    """The deliveries that stand in the database from a number on, by file and sheets."""
    return database.execute("SELECT file, COALESCE(sheet, '') FROM delivery WHERE id >= ? ORDER BY id", (number,)).fetchall()
