"""What it costs that some people were found to be one: a check-in and a full recount, against the same where nobody was."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.cases import checkin, recount
from bench.city import TODAY, City
from bench.measured import Spent, alternate, call
from bench.results import Row, at_most, compare
from commlms import LMS, Actor

#: Of so many learners one was found to be the next one.
_ONE_OF = 100


def rows(city: City) -> Iterator[Row]:
    """Both against the city in which everybody is somebody else."""
    same, apart = city.copy(city.database, "same"), city.copy(city.database, "apart", check=False)
    count, pairs = city.scale.checkins, found_the_same(same, city.scale.learners)
    mine, plain = alternate(3, *(partial(_checkins, database, count) for database in (same, apart)))
    where = f"where {pairs:,} learners were found to be another; where none were"
    one, other = map(checkin.median_of, (mine, plain))
    yield compare("checkin_same", f"one check-in, committed, {where}", one, other, at_most(1.2), clock="seconds")
    mine, plain = alternate(city.scale.repeats, *(partial(_recounted, database) for database in (same, apart)))
    apart.unlink()
    yield compare("recount_same", f"full recount {where}", mine, plain, at_most(1.5))


def found_the_same(database: Path, learners: int) -> int:
    """Decide of one learner in a hundred that it is the next one; gives how many decisions that are."""
    found = [{"learner": f"L{n:07d}", "main": f"L{n + 1:07d}", "verdict": "same"} for n in range(0, learners - 1, _ONE_OF)]
    with LMS(database, actor=Actor("bench"), today=TODAY) as lms:
        assert lms.add(found, "same_learner").new == len(found)
    return len(found)


def _checkins(database: Path, count: int, n: int) -> Spent:
    return call(checkin.ours, str(database), n * count, count)


def _recounted(database: Path, _: int) -> Spent:
    return call(recount.ours, str(database))
