"""The statements that read what a database publishes, one a table. Each gives the part first, then the columns, in order."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from commlms.core.records import Record
from commlms.lake.contents import Contents
from commlms.lake.layout import OTHER_WORD, Table, global_id_sql
from commlms.measure.compile import identifier, quote
from commlms.measure.sameness import APART, Sameness


@attrs.frozen
class Selection:
    """A table and the statement for its rows. ``people`` are the columns in which a rank stands for a pseudonym."""

    table: Table
    sql: str
    people: frozenset[str] = frozenset()


_LEARNER = {
    "id": 'n."rank"', "known": "n.known", "strength": "t.strength",
    "born_first": "CASE WHEN t.born_first / 10000 = t.born_last / 10000 THEN t.born_first / 10000 * 10000 + 101 END",
    "born_last": "CASE WHEN t.born_first / 10000 = t.born_last / 10000 THEN t.born_last / 10000 * 10000 + 1231 END",
}
_LEARNER_SOURCE = "temp.lake_learner n JOIN learner t ON t.id = n.id"
#: A home that is told as different places in turn, since what is above it changed, makes a state of each.
_STATE = {
    "owner": 'n."rank"', "since": "MAX(t.since, COALESCE(h.since, t.since))", "until": "MIN(t.until, COALESCE(h.until, t.until))",
    "home": "h.number",
}
_STATE_SOURCE = (
    "learner_state t JOIN temp.lake_learner n ON n.id = t.owner "
    "LEFT JOIN temp.lake_home h ON h.place = t.home AND h.since < t.until AND h.until > t.since"
)
#: How a table of facts finds its part: by its session.
_SESSION = {"session": "id", "participation": "session"}


def selections(contents: Contents, uid: str, same: Sameness = APART) -> Iterator[Selection]:
    """The statement of every table that leaves; ``same`` says who and what leaves as another one."""
    records = {**{f"{name}_state": r for name, r in contents.by_table.items()}, **contents.by_table}
    for table in contents.tables.values():
        yield _of_people(table, contents) or _own(table, contents, uid, same) or _of_record(
            table, records[table.name], contents, uid, same)


def _of_people(table: Table, contents: Contents) -> Selection | None:
    """The statement of the people or of their states."""
    if table.name not in ("learner", "learner_state"):
        return None
    known, source = (_LEARNER, _LEARNER_SOURCE) if table.name == "learner" else (_STATE, _STATE_SOURCE)
    columns = [known.get(c) or _asked(c, contents.words(table.name, c) or []) for c in table.names]
    return Selection(table, _select("n.part", columns, source), frozenset(table.names[:1]))


def _asked(column: str, words: list[str]) -> str:
    own = f"t.{identifier(column)}"
    return f"CASE WHEN {own} IN ({', '.join(map(quote, words))}) THEN {own} WHEN {own} IS NOT NULL THEN {quote(OTHER_WORD)} END"


def _own(table: Table, contents: Contents, uid: str, same: Sameness) -> Selection | None:
    """The statement of a table that is not simply a record's."""
    match table.name:
        case "headcount":
            # Those of groups that nobody asks for are one number: they still add up where no headcount counts everybody.
            group = _asked("audience", contents.words("headcount", "audience") or [])
            columns = [global_id_sql(uid, "t.session"), "t.counts", group, "SUM(t.persons)"]
            source = f"{same.rows(contents.by_table['headcount'])} t JOIN temp.lake_session x ON x.id = t.session GROUP BY 1, 2, 3, 4"
            return Selection(table, _select("x.part", columns, source))
        case "place":
            return Selection(table, _select("0", ["t.number", "t.key"], "temp.lake_place t"))
        case "sent":
            source = "(SELECT DISTINCT sender, period FROM delivery WHERE replaced_by IS NULL) t JOIN temp.lake_place k ON k.id = t.sender"
            return Selection(table, _select("0", ["k.number", "t.period"], source))
        case "erased_visit":
            return Selection(table, _select("0", [global_id_sql(uid, "t.session"), "t.persons"], f"{same.erased_visits()} t"))
        case "shown_total":
            return Selection(table, _select("0", [f"t.{c}" for c in table.names], "temp.lake_shown t"))
        case "settled":
            return Selection(table, _settled(table))
    return None


def _settled(table: Table) -> str:
    """What was settled, at the place that a home there is told as on the last day of the year."""
    measures = [f"t.{identifier(c)}" for c in table.names[2:]]
    sums = [f"SUM({c})" for c in measures]
    source = (
        "settled t LEFT JOIN temp.lake_home h ON h.place = t.place "
        "AND h.since <= t.year * 10000 + 1231 AND h.until > t.year * 10000 + 1231"
    )
    some = " OR ".join(f"{c} <> 0" for c in measures) or "0"
    return _select("0", ["COALESCE(h.number, 0)", "t.year", *sums], f"{source} WHERE {some} GROUP BY 2, 3")


def _of_record(table: Table, record: Record, contents: Contents, uid: str, same: Sameness) -> Selection:
    people = {f.name for f in record.fields if f.target == "learner"} & set(table.names)
    words = {c: contents.words(table.name, c) for c in table.names}
    expressions = [_expression(record, c, uid) if (asked := words[c]) is None else _asked(c, asked) for c in table.names]
    rows = identifier(table.name) if table.name != record.table else same.rows(record)
    if table.parts == "facts":
        # In the order of the rows, so that one look into the sessions a row is all it takes.
        source = f'{rows} t CROSS JOIN temp.lake_session x ON x.id = t."{_SESSION[table.name]}"'
        part = "x.part"
    else:
        source, part = f"{rows} t", "n.part" if people else "0"
    if people:
        source += ' JOIN temp.lake_learner n ON n.id = t."learner"'
    return Selection(table, _select(part, expressions, source), frozenset(people))


def _expression(record: Record, column: str, uid: str) -> str:
    own = f"t.{identifier(column)}"
    if column == "id":
        return global_id_sql(uid, own)
    target = "place" if column == "owner" else next((f.target for f in record.fields if f.name == column), "")
    if target == "learner":
        return 'n."rank"'
    if target == "place":
        return f"(SELECT k.number FROM temp.lake_place k WHERE k.id = {own})"
    return global_id_sql(uid, own) if target else own


def _select(part: str, expressions: list[str], source: str) -> str:
    order = ", ".join(str(i + 1) for i in range(len(expressions) + 1))
    return f"SELECT {part}, {', '.join(expressions)} FROM {source} ORDER BY {order}"
