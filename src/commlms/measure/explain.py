"""A figure followed down to the last row: definitions, statement, the rows counted, the rows left out with the reason.

People appear under a running pseudonym, never by name or code. Where a row was said stands beside it: file, sheet and cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

import attrs

from commlms.core.days import iso, period_of
from commlms.core.labels import Label
from commlms.core.metrics import Hosted, Levels, Measure, Metric, Places, Residents, Rows, Total, counted_by
from commlms.core.registry import Registry
from commlms.measure.compile import identifier, learner_query, totals_sql, within
from commlms.measure.figures import Figure, Figures
from commlms.measure.hosted import hosted_query, hosted_sql, unnamed_parts
from commlms.measure.register_figures import Subject
from commlms.measure.registers import about_people, count_sql, dated_by_period, list_sql, subject_sql
from commlms.measure.sameness import doubles
from commlms.measure.sources import facts_of
from commlms.measure.words import Words, stored_word
from commlms.store.sources import Source, sources_of

#: What a row is asked for by (see :func:`facts_of`); and for how many rows sources are asked at once.
Key = tuple[int, ...]
_BATCH = 2_000


@attrs.frozen
class About:
    """One row of a register that is judged by itself: the register's key and the row."""

    record: str
    row: Subject


@attrs.frozen
class ExplainedRow:
    """One row behind a figure: who or what (pseudonym, session, place), where, how much it adds, or why nothing.

    ``sources`` are the cells that say it: of a person the participations of the period, of a session its line and headcounts.
    """

    part: str
    row: str
    place: str
    detail: str
    adds: int
    left_out: Label | None = None
    sources: tuple[Source, ...] = ()


@attrs.frozen
class ExplainedPart:
    """Numerator, denominator or ceiling: in words, as a statement, and its value."""

    name: str
    words: Label
    sql: str
    value: int | None
    measure: Measure


@attrs.frozen
class Explanation:
    """Everything behind one figure. ``rows`` gives the rows anew at each call."""

    metric: Metric
    figure: Figure
    place_code: str
    place_name: str
    level: str
    parts: tuple[ExplainedPart, ...]
    figures: Figures = attrs.field(repr=False, eq=False)
    subject: About | None = None

    def rows(self, *, sources: bool = True) -> Iterator[ExplainedRow]:
        """Every row counted or left out, part by part; what a part's rows add is its value.

        With ``sources`` people can be told by whoever has the files that the rows are from.
        """
        for name, measure in _parts(self.metric):
            yield from explain_rows(self.figures, name, measure, self.figure.place, sources, self.subject)


def _parts(metric: Metric) -> Iterator[tuple[str, Measure]]:
    yield "numerator", metric.numerator
    if metric.denominator is not None:
        yield "denominator", metric.denominator
    if metric.ceiling is not None:
        yield "ceiling", metric.ceiling


def explain(
    figures: Figures, metric: Metric, place: int, basis: str | None = None, words: Words | None = None, subject: About | None = None,
    *, recorded: bool = False,
) -> Explanation:
    """The explanation of a metric at a place, or of one row of a register that stands there: what refers to that row.

    ``words`` say it with the names that the loaded plugins declare. Residents are those of the place also of a subject's figure.
    ``recorded``: a zero is 0 also where nobody reported, as of places that are judged together.
    """
    words = words or Words(Registry.of_core())
    if subject is not None:
        figure = figures.of_subject(metric, place, basis, subject.record, subject.row.id)
    else:
        figure = (figures.recorded if recorded else figures.figure)(metric, place, basis)
    if basis and isinstance(metric.denominator, Residents):
        metric = attrs.evolve(metric, denominator=attrs.evolve(metric.denominator, basis=basis))
    node = figures.tree.nodes[place]
    parts = []
    for name, measure in _parts(metric):
        value = {"numerator": figure.numerator, "denominator": figure.denominator}.get(name)
        if name == "ceiling":
            value = figures.rolled(measure).get(place, 0)
        parts.append(ExplainedPart(name, words.describe(measure), statement(figures, measure, subject), value, measure))
    return Explanation(metric, figure, node.code, node.name, node.level, tuple(parts), figures, subject)


def statement(figures: Figures, measure: Measure, subject: About | None = None) -> str:
    """The statement that counts a measure; of places and levels the one that counts what they are counted by."""
    if (inner := counted_by(measure)) is not None:
        return statement(figures, inner)
    if isinstance(measure, Rows) and subject is not None:
        own, about = figures.records[measure.record], figures.records[subject.record]
        return subject_sql(measure, own, about, figures.period, figures.totals.sameness)
    if isinstance(measure, Rows) and measure.record not in figures.records:
        return ""
    if isinstance(measure, Total):
        return totals_sql([measure], [figures.period], same=figures.totals.sameness)
    if isinstance(measure, Hosted):
        return hosted_sql([measure], [figures.period], same=figures.totals.sameness)
    if isinstance(measure, Rows):
        return count_sql(measure, figures.records[measure.record], figures.period, figures.totals.sameness)
    return ""


def explain_rows(
    figures: Figures, part: str, measure: Measure, place: int, sources: bool = False, subject: About | None = None,
) -> Iterator[ExplainedRow]:
    """The rows of one part of a figure; of a subject's only those that refer to it."""
    if isinstance(measure, Rows) and measure.record not in figures.records:
        return
    if figures.totals.origin is not None and isinstance(measure, (Total, Rows)):
        yield ExplainedRow(part, "lake", "", "", figures.rolled(measure).get(place, 0), _IN_CITIES)
        return
    facts = None if not sources or figures.totals.origin is not None else facts_of(figures.records, measure)
    if isinstance(measure, Total):
        yield from sourced(figures, facts, _learners(figures, part, measure, place))
        yield from _settled(figures, part, measure, place)
    elif isinstance(measure, Hosted):
        yield from sourced(figures, facts, _sessions(figures, part, measure, place))
    elif isinstance(measure, Residents):
        yield from sourced(figures, facts, _residents(figures, part, measure, place))
    elif isinstance(measure, Places):
        yield from _places(figures, part, measure, place)
    elif isinstance(measure, Levels):
        yield from _levels(figures, part, measure, place)
    elif isinstance(measure, Rows):
        yield from sourced(figures, facts, _register(figures, part, measure, place, subject))


def sourced(figures: Figures, facts: str | None, rows: Iterator[tuple[Key, ExplainedRow]]) -> Iterator[ExplainedRow]:
    """The rows with their sources, which are asked for many rows at a time."""
    if facts is None:
        yield from (row for _, row in rows)
        return
    while batch := list(islice(rows, _BATCH)):
        keys = json.dumps([[key[0], key[1] if len(key) > 1 else 0] for key, _ in batch])
        found = sources_of(figures.database, facts, {"keys": keys, "first": figures.period.first, "last": figures.period.last})
        yield from (attrs.evolve(row, sources=found.get(k, ())) for k, (_, row) in enumerate(batch))


_IN_CITIES = Label("明细留在各市的数据库中", "the rows stay in the cities' databases")
_NOT_IN = Label("不符合条件", "does not fit the condition")
_UNKNOWN = Label("缺少判断所需的资料", "what the condition asks is not known")
_NO_HOME = Label("居住地未知，不计入任何比率", "home unknown: in no rate")
_NOT_IN_FORCE = Label("期末不在有效期内", "not in force at the period's end")
_DOUBLE = Label("与另一场是同一场，那一场已计", "the same as another session, which is counted")
_BEGAN = Label("系列活动开始于本期之前：只计入包含整个系列的时期", "a series that began before the period: in periods that hold all of it")
_BELOW = Label("属于下级：只计本地自身的", "of a place below: only what is this place's own counts")
_NO_DAY = Label("没有日期", "no date is known")
_DONE = Label("到期末已完成", "done by the period's end")
_NOT_INSIDE = Label("所属时期不全在本期之内", "its own period does not lie wholly in this one")
_SAME_LEVEL = Label("同级已有一处计入，每级只计一次", "another place of its level is counted, each level once")
_SAME = Label("与前面一行相同，只计一次", "the same as a row before, counted once")


def _learners(figures: Figures, part: str, total: Total, place: int) -> Iterator[tuple[Key, ExplainedRow]]:
    """Learners with their home here, and those of unknown home who came to sessions held here.

    In another order each time: a person's running number in one list says nothing about another list.
    """
    query = learner_query((total,), [figures.period], same=figures.totals.sameness)
    tests = [query.compiler.condition(t) for t in (total.among, total.where) if t is not None]
    condition = " AND ".join(tests) or "1 = 1"
    amount = "1" if total.value is None else query.compiler.value(total.value)
    inside = figures.tree.members(place)
    visitors = _visitors(figures, inside)
    sql = (
        f'SELECT f."learner", COALESCE(st."home", 0), f."f0", ({condition}), {amount} {query.source} ORDER BY RANDOM()'
    )
    number = 0
    for learner, home, attended, fits, adds in figures.database.execute(sql):
        if home not in inside and not (home == 0 and learner in visitors):
            continue
        number += 1
        why = _NO_HOME if home == 0 else None if fits == 1 else _UNKNOWN if fits is None else _NOT_IN
        node = figures.geography.at(home, figures.period.last)
        yield (learner,), ExplainedRow(part, f"P{number:06d}", node.code if node else "", str(attended), 0 if why else adds, why)


def _settled(figures: Figures, part: str, total: Total, place: int) -> Iterator[ExplainedRow]:
    """What is kept of people since erased: one row for all of them."""
    if not figures.period.is_year or total.column not in figures.database.columns("settled"):
        return
    year, column = figures.period.first // 10_000, identifier(total.column)
    own = dict(figures.database.execute(f"SELECT place, {column} FROM settled WHERE year = ?", (year,)))
    if adds := sum(own.get(p, 0) for p in figures.tree.members(place)):
        yield ExplainedRow(part, "erased", "", "", adds)


def _visitors(figures: Figures, inside: set[int]) -> set[int]:
    """Learners of unknown home who came to a session held by an institution here."""
    visits, _ = figures.totals.sameness.visits()
    rows = figures.database.execute(
        'SELECT DISTINCT p.learner, i.place FROM learner l '
        "LEFT JOIN learner_state st ON st.owner = l.id AND st.since <= ? AND st.until > ? "
        f"JOIN {visits} ON p.learner = l.id JOIN session s ON s.id = p.session AND {within([figures.period])} "
        "JOIN institution i ON i.id = s.institution WHERE st.home IS NULL", (figures.period.last, figures.period.last),
    )
    return {learner for learner, host in rows if host in inside}


def _sessions(figures: Figures, part: str, hosted: Hosted, place: int) -> Iterator[tuple[Key, ExplainedRow]]:
    inside = figures.tree.members(place)
    query = hosted_query([hosted], [figures.period], same=figures.totals.sameness)
    (condition,), (amount,) = query.conditions, query.amounts
    # The same statement, one row a session: not grouped, and those that do not fit stay in.
    parts = "".join(f", {each}" for each in unnamed_parts(hosted)) if hosted.what == "unnamed" else ""
    sql = f'SELECT i."place", s."id", s."on", i."code", {condition or "1"}, {amount}{parts} {query.source}ORDER BY s."id"'
    for host, session, on, code, fits, adds, *counted in figures.totals.run(sql, figures.period):
        if host in inside:
            why = None if fits == 1 else _UNKNOWN if fits is None else _NOT_IN
            node = figures.geography.at(host, figures.period.last)
            sum_of = " max({} - {}, {}) + {}".format(*counted) if counted else ""
            detail = f"{iso(on)} {code}{sum_of}"
            yield (session,), ExplainedRow(part, f"S{session}", node.code if node else "", detail, 0 if why else adds, why)
    yield from _not_held(figures, part, inside)


def _not_held(figures: Figures, part: str, inside: set[int]) -> Iterator[tuple[Key, ExplainedRow]]:
    """Sessions with a date in the period that are not counted in it: a double of another one, or a series that began before."""
    double = doubles("session") if figures.totals.sameness.sessions else 'SELECT NULL AS "session" WHERE 1 = 0'
    sql = (
        'SELECT i."place", s."id", s."on", i."code", CASE WHEN d."session" IS NULL THEN 0 ELSE 1 END FROM "session" s '
        f'JOIN "institution" i ON i."id" = s."institution" LEFT JOIN ({double}) d ON d."session" = s."id" '
        f'WHERE s."on" BETWEEN {figures.period.first} AND {figures.period.last} '
        f'AND (d."session" IS NOT NULL OR s."began" < {figures.period.first}) ORDER BY s."id"'
    )
    for host, session, on, code, doubled in figures.totals.run(sql, figures.period):
        if host in inside:
            node = figures.geography.at(host, figures.period.last)
            why = _DOUBLE if doubled else _BEGAN
            yield (session,), ExplainedRow(part, f"S{session}", node.code if node else "", f"{iso(on)} {code}", 0, why)


def _register(figures: Figures, part: str, measure: Rows, place: int, subject: About | None) -> Iterator[tuple[Key, ExplainedRow]]:
    """The rows of a register that stand here, a person's under a running number; of a subject's figure those that are about it."""
    record = figures.records[measure.record]
    of_people, keys, by_period = about_people(record), len(record.row_key), dated_by_period(measure, record)
    inside, seen, number = figures.tree.members(place), set[tuple[object, ...]](), 0
    about = None if subject is None else figures.records[subject.record]
    sql = list_sql(measure, record, figures.period, figures.totals.sameness, about)
    for at, day, of_period, fits, done, adds, whose, *values in figures.database.execute(sql):
        if whose != subject.row.id if subject is not None else at not in inside:
            continue
        if by_period and _is_elsewhere(figures, day):
            continue
        number += 1
        key, different = values[:keys], (at if subject is None else None, *values[keys:])
        why = _left_out(measure, of_period, day, fits, done)
        if why is None and measure.here and subject is None and at != place:
            why = _BELOW
        if why is None and measure.distinct:
            why = _SAME if different in seen else None
            seen.add(different)
        name = f"P{number:06d}" if of_people else "/".join(f"#{k}.{figures.database.uid}" for k in key)
        node = figures.geography.at(at, figures.period.last)
        detail = str(day or "") if by_period else iso(day) if day else ""
        yield tuple(key), ExplainedRow(part, name, node.code if node else "", detail, 0 if why else adds, why)


def _left_out(measure: Rows, of_period: int | None, day: int | str | None, fits: int | None, done: int | None) -> Label | None:
    """Why a row of a register does not count by its date and by what it says; None where it does."""
    if measure.day and day is None:
        return _NO_DAY
    if not of_period:
        return _NOT_INSIDE if measure.day else _NOT_IN_FORCE
    return _UNKNOWN if fits is None else None if fits else _DONE if done else _NOT_IN


def _is_elsewhere(figures: Figures, key: str | None) -> bool:
    """Whether a row's own period has no day in the one asked for: it belongs to another list."""
    own = None if key is None else period_of(key)
    return own is not None and not own.overlaps(figures.period)


def _residents(figures: Figures, part: str, measure: Residents, place: int) -> Iterator[tuple[Key, ExplainedRow]]:
    known = figures.residents(measure)
    open_ = [place]
    while open_:
        p = open_.pop()
        node, found = figures.tree.nodes[p], known.get(p)
        if found is None:
            yield (p, 0), ExplainedRow(part, node.name, node.code, "", 0, Label("没有居民数", "no figure"))
        elif found.summed:
            open_ += reversed(figures.tree.children.get(p, ()))
        else:
            nature = stored_word("nature", found.natures[0])
            detail = f"{iso(found.dates[0])} {nature.zh} {nature.en} {found.citations[0]}".strip()
            yield (p, found.dates[0]), ExplainedRow(part, node.name, node.code, detail, found.persons)


def _places(figures: Figures, part: str, measure: Places, place: int) -> Iterator[ExplainedRow]:
    reached = figures.own(measure)
    for p in figures.tree.below(place):
        node = figures.tree.nodes[p]
        if node.level == measure.level:
            adds = reached.get(p, 0)
            yield ExplainedRow(part, node.name, node.code, "", adds, None if adds else _NOT_IN)


def _levels(figures: Figures, part: str, measure: Levels, place: int) -> Iterator[ExplainedRow]:
    """The places here and below; the first of each level that reaches stands for the level."""
    reached, seen = figures.own(measure), set[str]()
    for p in figures.tree.below(place):
        node = figures.tree.nodes[p]
        why = _NOT_IN if p not in reached else _SAME_LEVEL if node.level in seen else None
        if why is None:
            seen.add(node.level)
        level = stored_word("level", node.level)
        yield ExplainedRow(part, node.name, node.code, f"{level.zh} {level.en}", 0 if why else 1, why)
