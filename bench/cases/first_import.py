"""The first import of a whole city: its memory, and how its time grows from the smaller city to this one."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bench.city import City
from bench.results import Row, amount, at_most, spent


def rows(city: City) -> Iterator[Row]:
    """Both where a smaller city was measured in the same run; there the first import is a case of its own."""
    mine, count = city.first_import, city.scale.participations
    if city.smaller is None:
        return
    yield amount("memory_first_import", f"peak memory of the first import, {count:,} rows from CSV", mine.peak, at_most(250, "MiB"))
    small, few = city.smaller.first_import, city.smaller.scale.participations
    exponent = math.log(mine.cpu / small.cpu) / math.log(count / few)
    yield Row(
        "growth", f"growth of the first import from {few:,} to {count:,} rows", spent(mine), spent(small), exponent,
        f"exponent {exponent:.3g}", at_most(1.1, "as exponent"),
    )
