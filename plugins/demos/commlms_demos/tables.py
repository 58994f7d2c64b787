"""What a demo holds, before it is written: rows by record and identity, so that one row said twice is one row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from commlms import DemoFile
from commlms_demos.heads import HEADS, IDENTITIES


class Tables:
    """Rows by record, in the order in which records are imported."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[tuple[str, ...], dict[str, str]]] = {record: {} for record in HEADS}

    def add(self, record: str, **cells: object) -> None:
        """One row by the names of its fields; empty cells may be left out."""
        row = {name: str(value) for name, value in cells.items() if value not in ("", None)}
        if unknown := set(row) - set(HEADS[record]):
            raise KeyError(f"{record}: {', '.join(sorted(unknown))}")
        key = tuple(row.get(name, "") for name in IDENTITIES[record])
        if self.rows[record].setdefault(key, row) != row:
            raise ValueError(f"{record}: {key}")

    def take(self, other: Tables) -> None:
        """All rows of another demo, unchanged."""
        for record, rows in other.rows.items():
            for row in rows.values():
                self.add(record, **row)

    def __iter__(self) -> Iterator[tuple[str, Mapping[tuple[str, ...], dict[str, str]]]]:
        return iter(self.rows.items())

    def write(self, folder: Path) -> list[DemoFile]:
        """One csv file for each record that has rows, with the words of offices in its first line."""
        made = []
        folder.mkdir(parents=True, exist_ok=True)
        for number, (record, rows) in enumerate(self.rows.items(), start=1):
            if not rows:
                continue
            used = [name for name in HEADS[record] if any(name in row for row in rows.values())]
            path = folder / f"{number:02d}-{record.replace('.', '-')}.csv"
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                out = csv.writer(file, lineterminator="\r\n")
                out.writerow([HEADS[record][name] for name in used])
                out.writerows([row.get(name, "") for name in used] for row in rows.values())
            made.append(DemoFile(record, path))
        return made
