"""A checked stage to the store: batches, each one transaction with its journal row and its totals."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import attrs

from commlms.core.days import NEVER
from commlms.core.records import Field, Record
from commlms.ingest.matching import Matching, blank, default_of
from commlms.ingest.staging import Stage
from commlms.measure.totals import Totals
from commlms.measure.touch import touch
from commlms.measure.touched import Touched
from commlms.store.geography import refuse_bad_places
from commlms.store.journal import keep_old, next_number
from commlms.store.sameness import refuse_bad_sameness

#: A write that belongs to the same rows (a ledger's headcounts); gives the lines it changed.
Further = Callable[[int], set[int]]

#: Rows of one file that land in one transaction.
BATCH = 100_000


@attrs.define
class Landed:
    """How many rows were new, changed and unchanged."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


#: The rows of one transaction: given the journal entry, it writes them and says what they were.
Batch = Callable[[int], Landed]


class Landing:
    """Writes a stage into one record's tables. ``temp.batch`` holds the lines of the batch being written."""

    def __init__(self, stage: Stage, record: Record, totals: Totals, matching: Matching, further: Further | None = None) -> None:
        """``matching`` finds again what a batch's rows are, where others have written since they were checked."""
        self.stage, self.record, self.totals, self.matching, self.further = stage, record, totals, matching, further
        self.database = stage.database
        self.begun = False

    def batches(self) -> list[Batch]:
        """The good rows, cut into batches; an empty one where there are none.

        Rows about the same thing at different dates go into different batches, the earlier first; a
        register that is not bulk lands as one.
        """
        size = BATCH if self.stage.record.bulk else sys.maxsize
        rounds = _rounds(self.stage, self.stage.record) or [[]]
        return [partial(self._land, lines[i:i + size]) for lines in rounds for i in range(0, len(lines) or 1, size)]

    def _land(self, lines: list[int], journal: int) -> Landed:
        self._name_batch(lines)
        if self.database.version != self.stage.checked_at or (self.begun and self.stage.record.dated):
            self.matching.identify()
        self.begun = True
        with self.totals.changing() as touched:
            self._name_touched(touched)
            touched.take_off()
            landed = self._write(journal)
            if self.record.key == "session":
                touched.sessions("SELECT g.target FROM temp.stage g JOIN temp.batch b ON b.line = g.line WHERE g.fresh = 1")
        return landed

    def _name_batch(self, lines: list[int]) -> None:
        self.database.execute("CREATE TEMP TABLE IF NOT EXISTS batch (line INTEGER PRIMARY KEY)")
        self.database.execute("DELETE FROM temp.batch")
        self.database.many("INSERT INTO temp.batch VALUES (?)", ((n,) for n in lines))

    def finish(self, journal: int) -> None:
        """After the last batch: parents that stood in a later one; and no tree that cannot be added up."""
        if self.record.dated and self._self_fields():
            self.database.execute("DELETE FROM temp.batch")
            self.database.execute("INSERT INTO temp.batch SELECT line FROM temp.stage WHERE bad = 0")
            self._resolve_self()
            table = self.record.state_table
            for f in self._self_fields():
                self.database.execute(
                    f'UPDATE "{table}" SET "{f.name}" = g."{f.name}" FROM temp.stage g WHERE g.bad = 0 AND "{table}".owner = g.target '
                    f'AND "{table}".since = COALESCE(g.since, 0) AND "{table}"."{f.name}" IS NULL AND "{table}".journal = ?', (journal,),
                )
        if self.record.key == "place":
            refuse_bad_places(self.database)
        if self.record.key in ("same_learner", "same_session"):
            refuse_bad_sameness(self.database)

    def _name_touched(self, touched: Touched) -> None:
        """What the batch's existing rows reach, and the people and sessions its rows name."""
        rows = "(SELECT g.target AS k1, 0 AS k2 FROM temp.stage g JOIN temp.batch b ON b.line = g.line WHERE g.target IS NOT NULL)"
        touch(touched, self.record, rows)
        for f in self.record.fields:
            if f.target not in ("learner", "session"):
                continue
            query = f'SELECT g."{f.name}" FROM temp.stage g JOIN temp.batch b ON b.line = g.line WHERE g."{f.name}" IS NOT NULL'
            (touched.learners if f.target == "learner" else touched.sessions)(query)

    def _write(self, journal: int) -> Landed:
        landed = Landed()
        self._number_fresh()
        changed = self._change_rows(journal)
        landed.new = self._insert_rows(journal)
        if self.record.dated:
            self._resolve_self()
            changed |= self._write_states(journal)
        elif self._self_fields():
            self._resolve_self()
            self._link_self()
        if self.further:
            changed |= self.further(journal)
        total = int(self.database.one("SELECT COUNT(*) FROM temp.batch"))
        landed.changed = len(changed)
        landed.unchanged = total - landed.new - landed.changed
        return landed

    def _number_fresh(self) -> None:
        """Give new rows their ids, in the file's order, never one that the journal still knows."""
        self.database.execute(
            "UPDATE temp.stage SET fresh = 1, target = ? + n.number FROM (SELECT g.line AS line, "
            "ROW_NUMBER() OVER (ORDER BY g.line) - 1 AS number FROM temp.stage g JOIN temp.batch b ON b.line = g.line "
            "WHERE g.target IS NULL) n WHERE n.line = temp.stage.line", (next_number(self.database, self.record.table),),
        )

    def _joined(self) -> str:
        return f'temp.stage g JOIN temp.batch b ON b.line = g.line JOIN "{self.record.table}" t ON t.id = g.target WHERE g.fresh = 0'

    def _change_rows(self, journal: int) -> set[int]:
        columns = comparable(self.stage, self.record)
        if not columns:
            return set()
        differs = " OR ".join(dict.fromkeys(columns.values()))
        lines = {r[0] for r in self.database.execute(f"SELECT g.line FROM {self._joined()} AND ({differs})")}
        if not lines:
            return set()
        keep_old(
            self.database, journal, self.record.table, ("id",), "change", f"SELECT t.id FROM {self._joined()} AND ({differs})"
        )
        sets = ", ".join(f'"{c}" = CASE WHEN {new} THEN g."{c}" ELSE t."{c}" END' for c, new in columns.items())
        self.database.execute(
            f'UPDATE "{self.record.table}" AS t SET {sets}, journal = ? FROM temp.stage g JOIN temp.batch b ON b.line = g.line '
            f"WHERE t.id = g.target AND g.fresh = 0 AND ({differs})", (journal,),
        )
        return lines

    def _insert_rows(self, journal: int) -> int:
        columns = {"id": "g.target"} | {
            c: value_of(self.stage, self.record, f, c) for f in self.record.plain if not self.stage.self_reference(f) for c in f.columns
        }
        names = ", ".join(f'"{c}"' for c in columns)
        done = self.database.execute(
            f'INSERT INTO "{self.record.table}" ({names}, journal) SELECT {", ".join(columns.values())}, ? FROM temp.stage g '
            "JOIN temp.batch b ON b.line = g.line WHERE g.fresh = 1 ORDER BY g.line", (journal,),
        )
        return done.rowcount

    # -- references to the record itself -------------------------------------------------

    def _self_fields(self) -> list[Field]:
        return [f for f in self.record.fields if self.stage.self_reference(f)]

    def _resolve_self(self) -> None:
        """Now that every row of the file has its id, say which row each parent code means."""
        key = self.record.identity[0]
        dated = self.record.field(key).dated
        for f in self._self_fields():
            stored = (
                f'SELECT s.owner FROM "{self.record.state_table}" s WHERE s."{key}" = temp.stage."{f.name}__code" '
                f"AND s.since <= COALESCE(temp.stage.since, {NEVER}) ORDER BY s.since DESC LIMIT 1"
            ) if dated else f'SELECT t.id FROM "{self.record.table}" t WHERE t."{key}" = temp.stage."{f.name}__code"'
            self.database.execute(
                f'UPDATE temp.stage SET "{f.name}" = COALESCE((SELECT o.target FROM temp.stage o WHERE o.bad = 0 '
                f'AND o."{key}" = temp.stage."{f.name}__code" LIMIT 1), ({stored})) '
                f'WHERE "{f.name}__code" IS NOT NULL AND line IN (SELECT line FROM temp.batch)'
            )

    def _link_self(self) -> None:
        for f in self._self_fields():
            self.database.execute(
                f'UPDATE "{self.record.table}" SET "{f.name}" = g."{f.name}" FROM temp.stage g '
                f'JOIN temp.batch b ON b.line = g.line WHERE "{self.record.table}".id = g.target AND g."{f.name}" IS NOT NULL'
            )

    # -- dated states ----------------------------------------------------------------------

    def _write_states(self, journal: int) -> set[int]:
        """New rows get their first state; a dated change closes the last state and opens a new one."""
        table = self.record.state_table
        columns = [c for f in self.record.dated for c in f.columns]
        names = ", ".join(f'"{c}"' for c in columns)
        until = f"COALESCE(g.until, {NEVER})" if "until" in self.stage.columns else str(NEVER)
        staged = ", ".join(f'g."{c}"' for c in columns)
        self.database.execute(
            f'INSERT INTO "{table}" (owner, since, until, {names}, journal) '
            f"SELECT g.target, COALESCE(g.since, 0), {until}, {staged}, ? FROM temp.stage g "
            "JOIN temp.batch b ON b.line = g.line WHERE g.fresh = 1 ORDER BY g.target", (journal,),
        )
        return self._change_states(journal, columns)

    def _change_states(self, journal: int, columns: list[str]) -> set[int]:
        table = self.record.state_table
        given_until = "until" in self.stage.columns
        ends = "g.until IS NOT NULL AND g.until <> l.until OR " if given_until else ""
        differs = ends + " OR ".join(f'(g."{c}" IS NOT NULL AND g."{c}" IS NOT l."{c}")' for c in columns)
        earlier = " AND ".join(f'(g."{c}" IS NULL OR g."{c}" IS e."{c}")' for c in columns)
        self.database.execute("DROP TABLE IF EXISTS temp.moved")
        self.database.execute(
            f'CREATE TEMP TABLE moved AS SELECT g.line AS line, g.target AS owner, l.since AS last, '
            f'COALESCE(g.since, l.since) AS since FROM temp.stage g JOIN temp.batch b ON b.line = g.line '
            f'JOIN "{table}" l ON l.owner = g.target AND l.since = (SELECT MAX(m.since) FROM "{table}" m WHERE m.owner = g.target) '
            f'WHERE g.fresh = 0 AND ({differs}) AND NOT EXISTS (SELECT 1 FROM "{table}" e WHERE e.owner = g.target '
            f"AND e.since < l.since AND (g.since IS NULL OR e.since <= g.since AND e.until > g.since) AND {earlier})"
        )
        lines = {r[0] for r in self.database.execute("SELECT line FROM temp.moved")}
        if not lines:
            return lines
        keep_old(self.database, journal, table, ("owner", "since"), "change", "SELECT owner, last FROM temp.moved")
        new_until = f"COALESCE(g.until, {NEVER})" if given_until else str(NEVER)
        values = ", ".join(f'COALESCE(g."{c}", l."{c}")' for c in columns)
        names = ", ".join(f'"{c}"' for c in columns)
        self.database.execute(
            f'INSERT INTO "{table}" (owner, since, until, {names}, journal) SELECT m.owner, m.since, {new_until}, {values}, ? '
            f'FROM temp.moved m JOIN temp.stage g ON g.line = m.line JOIN "{table}" l ON l.owner = m.owner AND l.since = m.last '
            "WHERE m.since > m.last", (journal,),
        )
        self.database.execute(
            f'UPDATE "{table}" SET until = MIN(until, m.since), journal = ? FROM temp.moved m '
            f'WHERE "{table}".owner = m.owner AND "{table}".since = m.last AND m.since > m.last', (journal,),
        )
        sets = ", ".join(f'"{c}" = COALESCE(g."{c}", "{table}"."{c}")' for c in columns)
        if given_until:
            sets += f', until = COALESCE(g.until, "{table}".until)'
        self.database.execute(
            f'UPDATE "{table}" SET {sets}, journal = ? FROM temp.moved m JOIN temp.stage g ON g.line = m.line '
            f'WHERE "{table}".owner = m.owner AND "{table}".since = m.last AND m.since = m.last', (journal,),
        )
        return lines


def literal(value: object) -> str:
    """A default as an SQL literal."""
    if isinstance(value, (bool, int)):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"


def comparable(stage: Stage, record: Record) -> dict[str, str]:
    """The columns a row can change, each with the SQL for: row ``g`` says what its stored row ``t`` does not."""
    keys = record.identity if record.paired else ()
    found: dict[str, str] = {}
    for f in record.plain:
        if f.name in keys or stage.self_reference(f) or not stage.given.issuperset(f.columns):
            continue
        for c in f.columns:
            found[c] = f'(g."{c}" IS NOT NULL AND g."{c}" IS NOT t."{c}")'
        if f.kind.name == "birth":
            # The year says nothing new of someone whose day is known.
            first, last = f.columns
            inside = f'g."{first}" <= t."{first}" AND g."{last}" >= t."{last}"'
            found |= dict.fromkeys(f.columns, f'(g."{first}" IS NOT NULL AND NOT COALESCE({inside}, 0))')
    return found


def value_of(stage: Stage, record: Record, f: Field, column: str) -> str:
    """What a new row gets in a column, as SQL over its staged row ``g``."""
    staged = f'g."{column}"' if column in stage.given else "NULL"
    if f.name in record.identity and len(record.identity) > 1 and not f.required:
        return f"COALESCE({staged}, {blank(f)})"
    default = default_of(f)[f.columns.index(column)]
    return staged if default is None else f"COALESCE({staged}, {literal(default)})"


def _rounds(stage: Stage, record: Record) -> list[list[int]]:
    if not stage.moves:
        # Rows without a day that are about one thing were refused as duplicates.
        lines = [r[0] for r in stage.database.execute("SELECT line FROM temp.stage WHERE bad = 0 ORDER BY line")]
        return [lines] if lines else []
    if "former" in stage.columns:
        rank = "COALESCE(since, 0)"
    else:
        names = dict.fromkeys(c for k in record.finders for n in k if not (f := record.field(n)).dated for c in f.columns)
        who = ", ".join(f'"{c}"' for c in names)
        rank = f"ROW_NUMBER() OVER (PARTITION BY {who} ORDER BY COALESCE(since, 0), line)"
    rounds: dict[int, list[int]] = {}
    for line, number in stage.database.execute(f"SELECT line, {rank} FROM temp.stage WHERE bad = 0 ORDER BY line"):
        rounds.setdefault(number, []).append(line)
    return [rounds[n] for n in sorted(rounds)]
