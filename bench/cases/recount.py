"""A full recount on SQLite, against hand-written SQL for the same metrics, one statement each."""

from __future__ import annotations

from collections.abc import Iterator

from bench.child import Clock
from bench.city import TODAY, City, connect
from bench.hand_written import Statement, statements
from bench.measured import BenchFailed, call
from bench.results import Row, at_least, compare
from bench.scales import TENTH, YEARS
from commlms import LMS

#: Beyond the tenth the statements are stopped after so many times what the recount took: then twice as fast is sure.
_PATIENCE = 2.5


def rows(city: City) -> Iterator[Row]:
    """Up to the tenth all statements are run; further up they are stopped once the goal is sure."""
    database = city.database  # only read: a recount that only compares changes nothing
    mine = call(ours, str(database))
    whole = city.scale.participations <= TENTH.participations
    peer = call(by_hand, str(database), 0 if whole else _PATIENCE * mine.cpu)
    if peer.result["differing"]:
        raise BenchFailed(f"hand-written SQL gives other figures: {peer.result['differing'][:5]}")
    done, of = peer.result["done"], peer.result["of"]
    said = f"{of} statements by hand" if done == of else f"{of} statements by hand, stopped after {done}"
    yield compare(
        "recount", f"full recount of {mine.result} measures on SQLite; {said}", mine, peer, at_least(2), bound=done < of,
    )


def ours(clock: Clock, database: str) -> int:
    """Everything counted again and compared with what is kept; gives how many measures."""
    with LMS(database, today=TODAY) as lms:
        with clock:
            differing = lms.recount(check=True)
        assert not differing, differing[:5]
        return len(lms.totals.measures)


def by_hand(clock: Clock, database: str, patience: float) -> dict[str, object]:
    """Run the statements, until ``patience`` seconds of processor time are used up if it is not 0; then compare the figures."""
    connection, every, found = connect(database), list(statements()), []
    for statement in every:
        with clock:
            found.append((statement, connection.execute(statement.sql).fetchall()))
        if patience and clock.cpu > patience:
            break
    connection.close()
    return {"done": len(found), "of": len(every), "differing": list(_differing(database, found))}


def _differing(database: str, found: list[tuple[Statement, list[tuple[int, ...]]]]) -> Iterator[str]:
    """The metrics whose figures by hand are not those that are kept."""
    with LMS(database, today=TODAY) as lms:
        figures = {year: lms.figures(str(year)) for year in YEARS}
        for statement, rows_ in found:
            metric = lms.metric(statement.metric)
            for number, measure in enumerate([metric.numerator, metric.denominator][: len(rows_[0]) - 2] if rows_ else ()):
                assert measure is not None
                by_us = {(p, y): v for y, f in figures.items() for p, v in f.own(measure).items() if v}
                if by_us != {(r[0], r[1]): r[2 + number] for r in rows_ if r[2 + number]}:
                    yield f"{statement.metric} ({'numerator' if number == 0 else 'denominator'})"
