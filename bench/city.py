"""An invented city on disk: its files, its database before and after its first import, and copies to measure on."""

from __future__ import annotations

import datetime as dt
import sqlite3
from functools import cached_property
from pathlib import Path

import attrs

from bench.invented import InventedCity
from bench.measured import BenchFailed, Spent, commlms, copied, run, warm
from bench.roster import write_csv, write_xlsx
from bench.scales import Scale
from commlms import LMS, Actor

TODAY = dt.date(2023, 1, 15)
#: What our connections set, for floors that write the same tables by hand.
PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "cache_size=-64000")


def connect(path: Path | str) -> sqlite3.Connection:
    """A plain connection with the pragmas that commlms sets."""
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


@attrs.define
class City:
    """One scale of the city in a folder. What cases write goes to copies, and is counted again at the end."""

    scale: Scale
    folder: Path
    smaller: City | None = None
    written: list[Path] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        invented = InventedCity(self.scale)
        self._fill(invented)
        first, further = self.scale.participations, self.scale.further
        invented.participations(self.first_file, 0, first)
        if further:
            invented.participations(self.further_file, first, further)
        invented.connection.close()
        homes = self._codes("village")
        write_csv(self.roster_file("csv"), self.scale.roster, homes)
        write_xlsx(self.roster_file("xlsx"), self.scale.roster, homes)

    @property
    def base(self) -> Path:
        """The database with everything but participations."""
        return self.folder / "base.db"

    @property
    def first_file(self) -> Path:
        """The first participations: a CSV file by codes, in the order of the days."""
        return self.folder / "first.csv"

    @property
    def further_file(self) -> Path:
        """The participations that come last."""
        return self.folder / "further.csv"

    def roster_file(self, form: str) -> Path:
        """The roster of newcomers as ``csv`` or ``xlsx``."""
        return self.folder / f"roster.{form}"

    def copy(self, source: Path, name: str, check: bool = True) -> Path:
        """A copy of a database to write on; ``check`` has it counted again when everything has been measured."""
        target = copied(source, self.folder / f"{name}.db")
        if check and target not in self.written:
            self.written.append(target)
        return target

    def imported(self, record: str, file: Path, database: Path) -> Spent:
        """Import a file through the command line in a process of its own."""
        return run(commlms("--db", database, "--as", "bench", "import", record, warm(file), "--json"))

    @cached_property
    def first_import(self) -> Spent:
        """The first import of the first participations; it makes :attr:`database`, which is counted again in every copy of it."""
        return self.imported("participation", self.first_file, self.copy(self.base, "city", check=False))

    @property
    def database(self) -> Path:
        """The city's database with its participations. Cases work on copies of it."""
        assert self.first_import
        return self.folder / "city.db"

    def _fill(self, invented: InventedCity) -> None:
        with LMS(self.base, actor=Actor("bench"), today=TODAY) as lms:
            for record, path in invented.registers(self.folder):
                result = lms.import_file(record, path)
                if result.problems:
                    raise BenchFailed(f"{path.name}: {len(result.problems)} problems, the first {result.problems[0].say('en')}")
        connection = connect(self.base)
        homes = connection.execute("SELECT code, owner FROM place_state").fetchall()
        connection.execute("BEGIN")
        journal = connection.execute(
            "INSERT INTO journal (at, actor, reason, action, record) VALUES ('2020-01-01T00:00:00Z', 'bench', '', 'import', 'learner')"
        ).lastrowid
        for table, columns, chunks in invented.rows(homes):
            names, marks = ", ".join(f'"{c}"' for c in columns), ", ".join("?" * len(columns))
            for chunk in chunks:
                connection.executemany(f'INSERT INTO "{table}" ({names}, journal) VALUES ({marks}, {journal})', chunk)
        connection.execute("COMMIT")
        connection.close()

    def _codes(self, level: str) -> list[str]:
        connection = connect(self.base)
        found = [r[0] for r in connection.execute("SELECT code FROM place_state WHERE level = ? ORDER BY owner", (level,))]
        connection.close()
        return found
