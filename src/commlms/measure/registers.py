"""Rows of a register at a place and in a period: the statement that counts them, and the one that lists them."""

from __future__ import annotations

import attrs

from commlms.core.days import Period
from commlms.core.metrics import Rows
from commlms.core.records import Record
from commlms.measure.compile import Compiler, identifier
from commlms.measure.sameness import APART, Sameness


@attrs.frozen
class RegisterQuery:
    """The parts of both statements: the rows ``r`` with their ``place``, and the two conditions a row must meet."""

    source: str
    place: str
    of_period: str
    fits: str


def register_query(measure: Rows, record: Record, period: Period, same: Sameness = APART) -> RegisterQuery:
    """How a register's rows are found for a measure and a period."""
    names = {f.name for f in record.fields}
    join, place = _place(record, names, period)
    fits = "1 = 1" if measure.where is None else Compiler().condition(measure.where)
    return RegisterQuery(f"FROM {same.rows(record)} r {join}", place, _of_period(measure, names, period), fits)


def _of_period(measure: Rows, names: set[str], period: Period) -> str:
    if measure.day:
        dated = f"r.{identifier(measure.day)} BETWEEN {period.first} AND {period.last}"
        return f'{dated} AND COALESCE(r."began", {period.first}) >= {period.first}' if measure.record == "session" else dated
    tests = [f'(r."since" IS NULL OR r."since" <= {period.last})'] if "since" in names else []
    tests += [f'(r."until" IS NULL OR r."until" > {period.last})'] if {"since", "until"} <= names else []
    return " AND ".join(tests) or "1 = 1"


def _place(record: Record, names: set[str], period: Period) -> tuple[str, str]:
    """Where a register's row stands, as a join and a column: its own place, else its institution's, else its learner's home."""
    if "place" in names and record.field("place").required:
        return "", 'r."place"'
    via = next((f.name for f in record.fields if f.target == "institution"), None)
    if via:
        place = 'COALESCE(r."place", i."place")' if "place" in names else 'i."place"'
        return f'JOIN "institution" i ON i."id" = r.{identifier(via)}', place
    if "learner" in names:
        state = f'i."owner" = r."learner" AND i."since" <= {period.last} AND i."until" > {period.last}'
        return f'JOIN "learner_state" i ON {state}', 'COALESCE(i."home", 0)'
    return "", 'r."place"'


def stands_at_homes(record: Record) -> bool:
    """Whether a register's rows stand where their learners live: they name neither a place nor an institution."""
    return about_people(record) and not any(f.target == "institution" or f.name == "place" for f in record.fields)


def asks_all_years(measure: Rows, record: Record) -> bool:
    """Whether sessions of every year can be in a figure: rows of the facts themselves, asked without a day."""
    return not measure.day and record.key in ("session", "participation", "headcount")


def count_sql(measure: Rows, record: Record, period: Period, same: Sameness = APART) -> str:
    """The statement that counts a register's rows, or their different values, per place."""
    query = register_query(measure, record, period, same)
    columns = "".join(f", r.{identifier(c)}" for c in measure.distinct)
    rows = f'SELECT {"DISTINCT " if columns else ""}{query.place} AS "place"{columns} {query.source}'
    return f'SELECT q."place", COUNT(*) FROM ({rows} WHERE {query.of_period} AND {query.fits}) q GROUP BY q."place"'


def about_people(record: Record) -> bool:
    """Whether each row is about a learner."""
    return any(f.target == "learner" for f in record.fields)


def list_sql(measure: Rows, record: Record, period: Period, same: Sameness = APART) -> str:
    """The statement that lists the rows: place, day, whether in the period, whether they fit, key, different values.

    Rows dated in other periods are left away; rows that are not in force are listed. Rows about people
    come in another order each time, so that a row's number in one list says nothing about another list.
    """
    query = register_query(measure, record, period, same)
    day = measure.day or ("since" if any(f.name == "since" for f in record.fields) else "")
    columns = [f"r.{identifier(c)}" for c in (*record.row_key, *measure.distinct)]
    order = "RANDOM()" if about_people(record) else ", ".join(columns[: len(record.row_key)])
    return (
        f'SELECT {query.place}, {f"r.{identifier(day)}" if day else "NULL"}, {query.of_period}, {query.fits}, {", ".join(columns)} '
        f'{query.source} {f"WHERE {query.of_period} " if measure.day else ""}ORDER BY {order}'
    )
