"""A checked stage to the store: batches, each one transaction with its journal row and its totals."""

from __future__ import annotations

import sys
from collections.abc import Callable

import attrs

from commlms.core.days import NEVER
from commlms.core.records import Field, Record
from commlms.ingest.matching import blank, default_of
from commlms.ingest.staging import Stage
from commlms.measure.totals import Totals, Touched
from commlms.measure.touch import touch
from commlms.store.geography import refuse_bad_places
from commlms.store.journal import keep_old

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


class Landing:
    """Writes the rows of ``temp.batch`` (lines of a stage) into one record's tables, inside a transaction."""

    def __init__(self, stage: Stage, record: Record, totals: Totals, further: Further | None = None) -> None:
        self.stage, self.record, self.totals, self.further = stage, record, totals, further
        self.database = stage.database
        self.given = [f for f in self.record.plain if all(c in stage.columns for c in f.columns)]

    def write(self, journal: int) -> Landed:
        """Write the batch; gives the counts."""
        with self.totals.changing() as touched:
            self._name_touched(touched)
            touched.take_off()
            landed = self._write(journal)
            if self.record.key == "session":
                touched.sessions("SELECT g.target FROM temp.stage g JOIN temp.batch b ON b.line = g.line WHERE g.fresh = 1")
        return landed

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

    def _name_touched(self, touched: Touched) -> None:
        """What the batch's existing rows reach, and the people and sessions its rows name."""
        if self.record.paired:
            first, second = self.record.identity
            rows = f'(SELECT g."{first}" AS k1, g."{second}" AS k2 FROM temp.stage g JOIN temp.batch b ON b.line = g.line)'
        else:
            rows = "(SELECT g.target AS k1, 0 AS k2 FROM temp.stage g JOIN temp.batch b ON b.line = g.line WHERE g.target IS NOT NULL)"
        touch(touched, self.record, rows)
        for f in self.record.fields:
            if self.record.paired or f.target not in ("learner", "session"):
                continue
            query = f'SELECT g."{f.name}" FROM temp.stage g JOIN temp.batch b ON b.line = g.line WHERE g."{f.name}" IS NOT NULL'
            (touched.learners if f.target == "learner" else touched.sessions)(query)

    def _write(self, journal: int) -> Landed:
        landed = Landed()
        if self.record.paired:
            self._find_fresh_pairs()
        else:
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

    def _find_fresh_pairs(self) -> None:
        on = " AND ".join(f't."{n}" = temp.stage."{n}"' for n in self.record.identity)
        self.database.execute(
            f'UPDATE temp.stage SET fresh = NOT EXISTS (SELECT 1 FROM "{self.record.table}" t WHERE {on}) '
            "WHERE line IN (SELECT line FROM temp.batch)"
        )

    def _number_fresh(self) -> None:
        """Give new rows their ids, in the file's order, never one that the journal still knows."""
        last = self.database.one(
            f'SELECT MAX(COALESCE((SELECT MAX(id) FROM "{self.record.table}"), 0), '
            'COALESCE((SELECT MAX(k1) FROM journal_old WHERE "table" = ?), 0))', (self.record.table,),
        )
        self.database.execute(
            "UPDATE temp.stage SET fresh = 1, target = ? + n.number FROM (SELECT g.line AS line, "
            "ROW_NUMBER() OVER (ORDER BY g.line) AS number FROM temp.stage g JOIN temp.batch b ON b.line = g.line "
            "WHERE g.target IS NULL) n WHERE n.line = temp.stage.line", (last,),
        )

    def _joined(self) -> str:
        on = " AND ".join(f't."{n}" = g."{n}"' for n in self.record.identity) if self.record.paired else "t.id = g.target"
        return f'temp.stage g JOIN temp.batch b ON b.line = g.line JOIN "{self.record.table}" t ON {on} WHERE g.fresh = 0'

    def _comparable(self) -> dict[str, str]:
        """The columns a row can change, each with the SQL for: row ``g`` says what its stored row ``t`` does not."""
        keys = self.record.identity if self.record.paired else ()
        found: dict[str, str] = {}
        for f in self.given:
            if f.name in keys or self.stage.self_reference(f):
                continue
            for c in f.columns:
                found[c] = f'(g."{c}" IS NOT NULL AND g."{c}" IS NOT t."{c}")'
            if f.kind.name == "birth":
                # The year says nothing new of someone whose day is known.
                first, last = f.columns
                inside = f'g."{first}" <= t."{first}" AND g."{last}" >= t."{last}"'
                found |= dict.fromkeys(f.columns, f'(g."{first}" IS NOT NULL AND NOT COALESCE({inside}, 0))')
        return found

    def _change_rows(self, journal: int) -> set[int]:
        columns = self._comparable()
        if not columns:
            return set()
        differs = " OR ".join(dict.fromkeys(columns.values()))
        lines = {r[0] for r in self.database.execute(f"SELECT g.line FROM {self._joined()} AND ({differs})")}
        if not lines:
            return set()
        key = self.record.row_key
        keep_old(
            self.database, journal, self.record.table, key, "change",
            f"SELECT {', '.join(f't.{chr(34)}{k}{chr(34)}' for k in key)} FROM {self._joined()} AND ({differs})",
        )
        sets = ", ".join(f'"{c}" = CASE WHEN {new} THEN g."{c}" ELSE t."{c}" END' for c, new in columns.items())
        on = " AND ".join(
            f't."{n}" = g."{n}"' for n in self.record.identity
        ) if self.record.paired else "t.id = g.target"
        self.database.execute(
            f'UPDATE "{self.record.table}" AS t SET {sets}, journal = ? FROM temp.stage g JOIN temp.batch b ON b.line = g.line '
            f"WHERE {on} AND g.fresh = 0 AND ({differs})", (journal,),
        )
        return lines

    def _insert_rows(self, journal: int) -> int:
        columns = [] if self.record.paired else ["id"]
        values = [] if self.record.paired else ["g.target"]
        for f in self.record.plain:
            if self.stage.self_reference(f):
                continue
            for c, default in zip(f.columns, default_of(f), strict=True):
                columns.append(c)
                values.append(self._value(f, c, default))
        names = ", ".join(f'"{c}"' for c in columns)
        order = ", ".join(f'g."{n}"' for n in self.record.identity) if self.record.paired else "g.line"
        done = self.database.execute(
            f'INSERT INTO "{self.record.table}" ({names}, journal) SELECT {", ".join(values)}, ? FROM temp.stage g '
            f"JOIN temp.batch b ON b.line = g.line WHERE g.fresh = 1 ORDER BY {order}", (journal,),
        )
        return done.rowcount

    def _value(self, f: Field, column: str, default: object) -> str:
        staged = f'g."{column}"' if column in self.stage.columns else "NULL"
        in_identity = f.name in self.record.identity and len(self.record.identity) > 1
        if in_identity and not f.required:
            return f"COALESCE({staged}, {blank(f)})"
        if default is not None:
            return f"COALESCE({staged}, {literal(default)})"
        return staged

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


def batches(stage: Stage, record: Record) -> list[list[int]]:
    """The good lines, cut into batches: pairs in the order of their table and between learners.

    Rows about the same thing at different dates go into different batches, the earlier first; a
    register that is not bulk lands as one.
    """
    if record.paired:
        return _pair_batches(stage, record)
    cut: list[list[int]] = []
    size = BATCH if record.bulk else sys.maxsize
    for round_ in _rounds(stage, record):
        cut += [round_[i:i + size] for i in range(0, len(round_), size)]
    return cut


def _rounds(stage: Stage, record: Record) -> list[list[int]]:
    if not record.dated:
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


def _pair_batches(stage: Stage, record: Record) -> list[list[int]]:
    first, second = record.identity
    cut: list[list[int]] = []
    previous = None
    query = f'SELECT line, "{first}" FROM temp.stage WHERE bad = 0 ORDER BY "{first}", "{second}"'
    for line, owner in stage.database.execute(query):
        if not cut or (len(cut[-1]) >= BATCH and owner != previous):
            cut.append([])
        cut[-1].append(line)
        previous = owner
    return cut
