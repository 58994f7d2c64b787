"""The office example taken in one command, against reading the same sixty files with calamine alone. It needs no city."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.child import Clock
from bench.measured import ROOT, BenchFailed, Spent, alternate, call, commlms, copied, run
from bench.results import Row, spent

REPEATS = 3
#: The status of a take of which something was not taken: one file is of another year, one has a password.
_SOME_NOT = 3
_BASIS = {"place": "1-place.csv", "institution": "2-institution.csv", "learner": "3-learner.csv"}


def rows() -> Iterator[Row]:
    """Rows per second, and how many times what reading alone takes; the database is counted again at the end."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        run([sys.executable, str(ROOT / "examples/office/generate.py"), str(folder / "made")])
        basis = folder / "basis.db"
        for record, name in _BASIS.items():
            run(commlms("--db", basis, "import", record, folder / "made/basis" / name))

        def ours(n: int) -> Spent:
            """Each time the same database and files, in a folder of their own: rejected rows and the archive come beside them."""
            files = Path(shutil.copytree(folder / "made/files", folder / f"{n}" / "files"))
            database = copied(basis, folder / f"{n}" / "office.db")
            return run(commlms("--db", database, "take", files, "--year", 2022, "--yes", "--json"), fine=(0, _SOME_NOT))

        mine, least = alternate(REPEATS, ours, lambda _: call(by_calamine, str(folder / "made/files")))
        run(commlms("--db", folder / "0/office.db", "recount", "--check"))
    said = [json.loads(line) for line in mine.result.splitlines() if line.startswith("{")]
    taken = [fate for file in said for fate in file["fates"] if fate["fate"] == "taken"]
    count = sum(fate["read"] for fate in taken)
    if not count:
        raise BenchFailed(f"nothing of the example was taken: {mine.result}")
    yield Row(
        "take", f"take {len(said)} files of the office example: {len(taken)} deliveries, {count:,} rows; read them with calamine alone",
        f"{spent(mine)}, {count / mine.cpu:,.0f} rows /s of cpu", spent(least), mine.cpu / least.cpu, f"{mine.cpu / least.cpu:.3g} x",
    )


def by_calamine(clock: Clock, folder: str) -> int:
    """The floor: every cell of every file as it stands, in a process that has calamine loaded; gives how many lines."""
    from python_calamine import CalamineError, CalamineWorkbook

    lines = 0
    with clock:
        for path in sorted(p for p in Path(folder).rglob("*") if p.is_file()):
            if path.suffix == ".csv":
                with path.open(newline="", encoding="gb18030") as file:
                    lines += sum(1 for _ in csv.reader(file))
                continue
            try:
                book = CalamineWorkbook.from_path(str(path))
            except CalamineError:  # one has a password
                continue
            lines += sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    return lines
