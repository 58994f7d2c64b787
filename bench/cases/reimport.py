"""The same file once more, unchanged, against its first import."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bench.city import City
from bench.measured import BenchFailed, Spent, alternate
from bench.results import Row, at_most, compare


def rows(city: City) -> Iterator[Row]:
    """Both on the same city: first, and again right after."""
    file, onto = (city.further_file, city.database) if city.scale.further else (city.first_file, city.base)
    database = city.folder / "reimported.db"

    def first(_: int) -> Spent:
        return city.imported("participation", file, city.copy(onto, database.stem))

    def again(_: int) -> Spent:
        return city.imported("participation", file, database)

    before, after = alternate(city.scale.repeats, first, again)
    said = json.loads(after.result)
    if said["unchanged"] != said["read"]:
        raise BenchFailed(f"an unchanged file was taken for another: {said}")
    yield compare("reimport", f"re-import {said['read']:,} unchanged participations; first import", after, before, at_most(0.5))
