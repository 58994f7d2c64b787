"""One check-in: committed, and every later read shows it. Against the same by hand, and against PostgreSQL's raw transactions."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

from bench.child import Clock
from bench.city import TODAY, City, connect
from bench.measured import Spent, alternate, call
from bench.postgres import one_row_transactions
from bench.results import Row, at_least, at_most, compare, duration
from commlms import LMS, Actor

_JOURNAL = (
    "INSERT INTO journal (at, actor, reason, action, record) VALUES ('2023-01-15T00:00:00Z', 'desk', '', 'check_in', 'participation')"
)


def rows(city: City) -> Iterator[Row]:
    """The median by hand, then transactions per second."""
    count, ours_db, floor_db = city.scale.checkins, city.copy(city.database, "checkin"), city.copy(city.database, "floor", check=False)
    mine, least = alternate(
        3,
        lambda n: call(ours, str(ours_db), n * count, count),
        lambda n: call(by_hand, str(floor_db), n * count, count),
    )
    floor_db.unlink()
    yield compare(
        "checkin", f"one check-in, committed (median of {count:,})", median_of(mine), median_of(least), at_most(3), clock="seconds",
    )
    per_second = count / mine.seconds
    peer, skipped = one_row_transactions(city.folder, count)
    work, said = f"check-ins per second ({count:,} one after another)", f"{per_second:,.0f} /s"
    if peer is None:
        yield Row("checkin_postgres", work, said, skipped, goal=at_least(1))
    else:
        yield Row(
            "checkin_postgres", work, said, f"PostgreSQL {peer.version}: {peer.per_second:,.0f} /s ({duration(peer.median)} each)",
            per_second / peer.per_second, f"{per_second / peer.per_second:.3g} x", at_least(1),
        )


def median_of(spent: Spent) -> Spent:
    """The median of the single times, which the child gave."""
    seconds, cpu = spent.result
    return Spent(seconds, cpu, spent.peak)


def pairs(first: int, count: int) -> Iterator[tuple[str, str]]:
    """Learners (from the number ``first`` on, in no order) and open sessions that have not met."""
    for n in range(count):
        yield f"L{first + n * 37 % count:07d}", f"N{n % 30:03d}"


def ours(clock: Clock, database: str, first: int, count: int) -> tuple[float, float]:
    """So many check-ins through the library; gives the median wall and mean processor time of one."""
    with LMS(database, actor=Actor("desk"), today=TODAY) as lms:
        return _timed(clock, first, count, lambda learner, session: lms.check_in(learner, session))


def by_hand(clock: Clock, database: str, first: int, count: int) -> tuple[float, float]:
    """The floor: two look-ups, a journal row and the insert in one transaction under the same pragmas."""
    connection = connect(database)

    def once(learner: str, session: str) -> object:
        (who,) = connection.execute("SELECT id FROM learner WHERE code = ?", (learner,)).fetchone()
        (what,) = connection.execute("SELECT id FROM session WHERE code = ?", (session,)).fetchone()
        connection.execute("BEGIN IMMEDIATE")
        journal = connection.execute(_JOURNAL).lastrowid
        connection.execute("INSERT INTO participation (learner, session, journal) VALUES (?, ?, ?)", (who, what, journal))
        connection.execute("COMMIT")
        return journal

    return _timed(clock, first, count, once)


def _timed(clock: Clock, first: int, count: int, once: Callable[[str, str], object]) -> tuple[float, float]:
    took = []
    with clock:
        for learner, session in pairs(first, count):
            started = time.perf_counter()
            assert once(learner, session)
            took.append(time.perf_counter() - started)
    return statistics.median(took), clock.cpu / count
