"""Rows of a register at a place and in a period: the statement that counts them, and the one that lists them."""

from __future__ import annotations

import attrs

from commlms.core.days import Period
from commlms.core.errors import DeclarationError
from commlms.core.labels import Label
from commlms.core.metrics import Rows
from commlms.core.records import Field, Record
from commlms.measure.compile import Compiler, identifier, quote
from commlms.measure.sameness import APART, Sameness

#: The fields that a row can be called by, the first that the register has and that says nothing of a person.
_NAMES = ("name", "title", "organisation")


@attrs.frozen
class RegisterQuery:
    """The parts of both statements: the rows ``r`` with their ``place``, the two conditions a row must meet, what it adds.

    ``done``: whether what it waited for has come, a reason of its own not to fit.
    """

    source: str
    place: str
    of_period: str
    fits: str
    adds: str
    done: str


def register_query(measure: Rows, record: Record, period: Period, same: Sameness = APART) -> RegisterQuery:
    """How a register's rows are found for a measure and a period."""
    names = {f.name for f in record.fields}
    join, place = _place(record, names, period)
    tests = [] if measure.where is None else [Compiler().condition(measure.where)]
    came = f"r.{identifier(measure.open_until)}" if measure.open_until else ""
    tests += [f"({came} IS NULL OR {came} > {period.last})"] if came else []
    fits = " AND ".join(tests) or "1 = 1"
    adds = f"COALESCE(r.{identifier(measure.value)}, 0)" if measure.value else "1"
    done = f"{came} <= {period.last}" if came else "1 = 0"
    return RegisterQuery(f"FROM {same.rows(record)} r {join}", place, _of_period(measure, record, period), fits, adds, done)


def _of_period(measure: Rows, record: Record, period: Period) -> str:
    if measure.day and dated_by_period(measure, record):
        return _of_its_period(measure.day, period)
    if measure.day:
        dated = f"r.{identifier(measure.day)} BETWEEN {period.first} AND {period.last}"
        return f'{dated} AND COALESCE(r."began", {period.first}) >= {period.first}' if measure.record == "session" else dated
    return _in_force({f.name for f in record.fields}, period)


def _of_its_period(field: str, period: Period) -> str:
    """The test that a row's own period lies inside another."""
    return f"r.{identifier(field)} IN ({', '.join(map(quote, period.inside()))})"


def _in_force(names: set[str], period: Period) -> str:
    tests = [f'(r."since" IS NULL OR r."since" <= {period.last})'] if "since" in names else []
    tests += [f'(r."until" IS NULL OR r."until" > {period.last})'] if {"since", "until"} <= names else []
    return " AND ".join(tests) or "1 = 1"


def dated_by_period(measure: Rows, record: Record) -> bool:
    """Whether a measure's rows are dated by a field that names a period, not a day."""
    return any(f.name == measure.day and f.kind.name == "period" for f in record.fields)


def _place(record: Record, names: set[str], period: Period) -> tuple[str, str]:
    """Where a register's row stands, as a join and a column: its own place, else its institution's, else its learner's home."""
    if "place" in names and record.field("place").required:
        return "", 'r."place"'
    via = next((f for f in record.fields if f.target == "institution"), None)
    if via is not None:
        place = 'COALESCE(r."place", i."place")' if "place" in names else 'i."place"'
        # Where the institution can be left open a row without one must not be lost: it stands at its own place, or at none.
        kind, place = ("JOIN", place) if via.required else ("LEFT JOIN", f"COALESCE({place}, 0)")
        return f'{kind} "institution" i ON i."id" = r.{identifier(via.name)}', place
    if "learner" in names:
        state = f'i."owner" = r."learner" AND i."since" <= {period.last} AND i."until" > {period.last}'
        return f'JOIN "learner_state" i ON {state}', 'COALESCE(i."home", 0)'
    return "", 'COALESCE(r."place", 0)'


def stands_at_homes(record: Record) -> bool:
    """Whether a register's rows stand where their learners live: they name neither a place nor an institution."""
    return about_people(record) and not any(f.target == "institution" or f.name == "place" for f in record.fields)


def asks_all_years(measure: Rows, record: Record) -> bool:
    """Whether sessions of every year can be in a figure: rows of the facts themselves, asked without a day."""
    return not measure.day and record.key in ("session", "participation", "headcount")


def count_sql(measure: Rows, record: Record, period: Period, same: Sameness = APART) -> str:
    """The statement that counts a register's rows, their different values or the sum of a field, per place."""
    query = register_query(measure, record, period, same)
    return _summed(measure, query, f'{query.place} AS "place"', "place")


def subject_sql(measure: Rows, record: Record, subject: Record, period: Period, same: Sameness = APART) -> str:
    """The same per row of another register that the rows refer to, or per row of the register itself."""
    return _summed(measure, register_query(measure, record, period, same), f'{subject_column(record, subject)} AS "subject"', "subject")


def _summed(measure: Rows, query: RegisterQuery, group: str, name: str) -> str:
    # Each by a name of its own: one of the values may be the place, by which the rows are grouped.
    different = "".join(f', r.{identifier(c)} AS "d{n}"' for n, c in enumerate(measure.distinct))
    columns = different or (f', {query.adds} AS "adds"' if measure.value else "")
    rows = f'SELECT {"DISTINCT " if measure.distinct else ""}{group}{columns} {query.source}'
    amount = 'SUM(q."adds")' if measure.value else "COUNT(*)"
    return f'SELECT q."{name}", {amount} FROM ({rows} WHERE {query.of_period} AND {query.fits}) q GROUP BY q."{name}"'


def subject_column(record: Record, subject: Record) -> str:
    """The column of a register's row that names the row of another register that it is about; of itself its own id."""
    field = subject_field(record, subject)
    return 'r."id"' if field is None else f"r.{identifier(field.name)}"


def subject_field(record: Record, subject: Record) -> Field | None:
    """The field by which a register's rows refer to a subject's register; None where it is the same register.

    Raises :class:`DeclarationError` where they do not.
    """
    if record.key == subject.key and not record.paired:
        return None
    found = next((f for f in record.fields if f.target == subject.key), None)
    if found is None:
        raise DeclarationError(Label(
            f"登记「{record.key}」没有指向「{subject.key}」的字段", f"record {record.key} has no field that refers to {subject.key}"))
    return found


def subjects_sql(record: Record, roles: tuple[str, ...], period: Period, same: Sameness = APART) -> str:
    """The statement that lists a register's rows that are judged by themselves: id, place, name."""
    names = {f.name for f in record.fields}
    join, place = _place(record, names, period)
    of_its_period = "period" in names and record.field("period").kind.name == "period"
    tests = [_of_its_period("period", period) if of_its_period else _in_force(names, period)]
    if roles:
        tests.append(f'r."kind" IN ({", ".join(map(quote, roles))})')
    name = name_column(record)
    called = f"r.{identifier(name)}" if name else "NULL"
    return f'SELECT r."id", {place}, {called} FROM {same.rows(record)} r {join} WHERE {" AND ".join(tests)} ORDER BY r."id"'


def name_column(record: Record) -> str:
    """The field that a register's row is called by; empty where it has none, or where it is about a person."""
    plain = {f.name for f in record.plain if f.tier == "plain" and f.kind.name in ("text", "title", "code")}
    return "" if about_people(record) else next((name for name in _NAMES if name in plain), "")


def days_sql(measure: Rows, record: Record, period: Period, same: Sameness = APART) -> str:
    """The statement that gives place and day of the rows that a measure counts; of a row dated by a period its key."""
    query, day = register_query(measure, record, period, same), day_column(measure, record)
    return f'SELECT {query.place}, {f"r.{identifier(day)}" if day else "NULL"} {query.source} WHERE {query.of_period} AND {query.fits}'


def day_column(measure: Rows, record: Record) -> str:
    """The field that dates a measure's rows; empty where nothing does."""
    return measure.day or ("since" if any(f.name == "since" for f in record.fields) else "")


def about_people(record: Record) -> bool:
    """Whether each row is about a learner."""
    return any(f.target == "learner" for f in record.fields)


def list_sql(measure: Rows, record: Record, period: Period, same: Sameness = APART, subject: Record | None = None) -> str:
    """The statement that lists the rows: place, day, whether in the period, whether they fit, whether what they waited for has
    come, what each adds, subject, key, different values.

    Rows with a day in another period are left away; rows that are not in force or of no known day are listed. Rows about people
    come in another order each time, so that a row's number in one list says nothing about another list.
    """
    query, day = register_query(measure, record, period, same), day_column(measure, record)
    dated = f"r.{identifier(day)}" if day else "NULL"
    columns = [f"r.{identifier(c)}" for c in (*record.row_key, *measure.distinct)]
    about = "NULL" if subject is None else subject_column(record, subject)
    order = "RANDOM()" if about_people(record) else ", ".join(columns[: len(record.row_key)])
    only = "" if not measure.day or dated_by_period(measure, record) else f"WHERE ({query.of_period}) OR {dated} IS NULL "
    return (
        f'SELECT {query.place}, {dated}, {query.of_period}, {query.fits}, {query.done}, {query.adds}, {about}, {", ".join(columns)} '
        f'{query.source} {only}ORDER BY {order}'
    )
