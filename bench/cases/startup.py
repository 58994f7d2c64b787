"""Commands that need no database, against importing the two libraries they stand on. One measurement for all scales."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bench.measured import alternate, commlms, run
from bench.results import Row, at_most, compare

REPEATS = 15


def rows() -> Iterator[Row]:
    """The whole process, from the shell's view."""
    floor = [sys.executable, "-c", "import click, sqlite_utils"]
    asked, listed, least = alternate(
        REPEATS, lambda _: run(commlms("--help")), lambda _: run(commlms("plugins")), lambda _: run(floor)
    )
    yield compare("help", "commlms --help; python -c 'import click, sqlite_utils'", asked, least, at_most(1.5))
    yield compare("plugins", "commlms plugins; the same", listed, least, at_most(1.5))
