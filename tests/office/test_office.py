"""Sixty files taken in one command: what became of each, what the database holds, and the way back."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS
from tests.office import library, office

BASIS = ("1-place", "2-institution", "3-learner")


class Desk:
    """A folder with a database, its key, and the command line."""

    def __init__(self, out: Path) -> None:
        self.out, self.database = out, out / "office.db"
        self.manifest: dict[str, Any] = office.read(out / "manifest.json")

    def run(self, *words: str, ends: tuple[int, ...] = (0,)) -> str:
        """One command in a process of its own."""
        command = (sys.executable, "-m", "commlms", "--db", str(self.database), "--lang", "en", *words)
        return office.run(*command, ends=ends, COMMLMS_KEY_FILE=str(self.out / "office.key"))

    def take(self, *more: str) -> list[dict[str, Any]]:
        """Take the folder; some of it is not right, which the exit status says."""
        printed = self.run("take", str(self.out / "files"), "--yes", "--year", "2022", "--json", *more, ends=(0, 3))
        return office.parsed(printed)

    def open(self) -> LMS:
        """The database from Python."""
        return LMS(self.database, lang="en", key_file=self.out / "office.key")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that has its places, schools and roster, and has taken nothing yet."""
    out = tmp_path_factory.mktemp("office")
    office.generate(out)
    desk = Desk(out)
    desk.run("init", "--invented")
    desk.run("key", "new")
    for name in BASIS:
        desk.run("import", name.split("-")[1], str(out / "basis" / f"{name}.csv"))
    return out


@pytest.fixture(scope="module")
def taken(before: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, list[dict[str, Any]]]:
    """The same, and everything taken once."""
    out = tmp_path_factory.mktemp("taken") / "office"
    shutil.copytree(before, out)
    desk = Desk(out)
    return desk, desk.take()


@pytest.fixture
def lms(taken: tuple[Desk, list[dict[str, Any]]]) -> Iterator[LMS]:
    with taken[0].open() as opened:
        yield opened
