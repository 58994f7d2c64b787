"""A later delivery in the place of a former one: what the former made and nobody says any more goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from commlms.core.records import Record
from commlms.ingest.unmatched import count_unmatched
from commlms.measure.sameness import KINDS, Kind
from commlms.measure.totals import Totals
from commlms.measure.touch import touch
from commlms.measure.touched import Touched
from commlms.store.database import Database
from commlms.store.journal import journalled_tables, keep_old, key_of_table

_SAME = 'o."table" = {0}."table" AND o.k1 = {0}.k1 AND o.k2 = {0}.k2'
#: What else keeps a row where it is: visits that were erased, check-ins that wait.
_KEPT_BY = {
    "session": (("erased_visit", "session"), ("pending", "session")), "learner": (("pending", "learner"),),
}
#: What was decided about rows goes with them.
_DECISIONS = tuple(f"same_{kind}" for kind in KINDS)


class Replacing:
    """Takes the former deliveries' place, inside the later one's transaction and journal entry."""

    def __init__(self, database: Database, totals: Totals, records: Mapping[str, Record]) -> None:
        self.database, self.totals = database, totals
        self.by_table = {r.table: r for r in records.values()}

    def inherit(self, former: Sequence[int], delivery: int) -> None:
        """Rows that the former made and the later says again are the later's own."""
        self.database.execute(
            f"UPDATE delivered SET made = 1 WHERE delivery = ? AND made = 0 AND EXISTS (SELECT 1 FROM delivered o "
            f"WHERE o.delivery IN ({_listed(former)}) AND o.made = 1 AND {_SAME.format('delivered')})", (delivery,),
        )

    def release(self, former: Sequence[int], delivery: int, journal: int) -> int:
        """Let go what only the former said; gives how many rows went. The former deliveries are marked as replaced."""
        marks = f"SELECT id FROM delivery WHERE id IN ({_listed(former)})"
        keep_old(self.database, journal, "delivery", ("id",), "change", marks)
        self.database.execute(f"UPDATE delivery SET replaced_by = ?, journal = ? WHERE id IN ({marks})", (delivery, journal))
        self._name_gone(former, delivery)
        self._pass_on(former, delivery, journal)
        with self.totals.changing() as touched:
            self._name_touched(touched)
            touched.take_off()
            return sum(self._remove(table, journal) for table in self._tables())

    def _name_gone(self, former: Sequence[int], delivery: int) -> None:
        self.database.execute(
            'CREATE TEMP TABLE IF NOT EXISTS gone ("table" TEXT, k1 INTEGER, k2 INTEGER, PRIMARY KEY ("table", k1, k2)) WITHOUT ROWID'
        )
        self.database.execute("DELETE FROM temp.gone")
        self.database.execute(
            f'INSERT INTO temp.gone SELECT DISTINCT f."table", f.k1, f.k2 FROM delivered f WHERE f.delivery IN ({_listed(former)}) '
            f"AND f.made = 1 AND NOT EXISTS (SELECT 1 FROM delivered o WHERE o.delivery = ? AND {_SAME.format('f')})", (delivery,),
        )

    def _pass_on(self, former: Sequence[int], delivery: int, journal: int) -> None:
        """What another live delivery says too stays, as its own."""
        others = (
            "SELECT o.id FROM temp.gone g JOIN delivered o ON " + _SAME.format("g") + " JOIN delivery d ON d.id = o.delivery "
            f"WHERE d.replaced_by IS NULL AND d.id NOT IN ({_listed((*former, delivery))})"
        )
        keep_old(self.database, journal, "delivered", ("id",), "change", f"{others} AND o.made = 0")
        self.database.execute(f"UPDATE delivered SET made = 1, journal = ? WHERE id IN ({others} AND o.made = 0)", (journal,))
        self.database.execute(
            f"DELETE FROM temp.gone WHERE EXISTS (SELECT 1 FROM delivered o WHERE o.id IN ({others}) AND {_SAME.format('gone')})"
        )

    def _name_touched(self, touched: Touched) -> None:
        for table in self._tables():
            touch(touched, self.by_table[table], f"(SELECT k1, k2 FROM temp.gone WHERE \"table\" = '{table}')")
        touched.sessions("SELECT session FROM unmatched WHERE id IN (SELECT k1 FROM temp.gone WHERE \"table\" = 'unmatched')")
        for kind in KINDS:
            if self.database.one(f'SELECT EXISTS (SELECT 1 FROM "same_{kind}" WHERE {_about(kind)})'):
                touched.regroup(kind)

    def _tables(self) -> list[str]:
        """The tables of what goes, those that refer to others first."""
        there = {r[0] for r in self.database.execute('SELECT DISTINCT "table" FROM temp.gone')}
        return [t for t in journalled_tables(self.database) if t in there and t in self.by_table]

    def _remove(self, table: str, journal: int) -> int:
        """Remove the rows of one table that nothing refers to any more; gives how many."""
        for other, column in self._referring(table):
            self.database.execute(
                f'DELETE FROM temp.gone WHERE "table" = ? AND EXISTS (SELECT 1 FROM "{other}" x WHERE x."{column}" = gone.k1)', (table,)
            )
        if table == "headcount":  # as many as the rows of unmatched that are left, counted with those
            self.database.execute(
                "DELETE FROM temp.gone WHERE \"table\" = 'headcount' AND k1 IN (SELECT id FROM headcount WHERE counts = 'unmatched')"
            )
        sessions = []
        if table == "unmatched":
            sessions = self.database.execute(f"SELECT DISTINCT session FROM unmatched WHERE id IN ({_keys(table)})").fetchall()
        for kind in KINDS:
            if table == kind:
                self._withdraw(kind, journal)
        key = key_of_table(self.database, table)
        if self.by_table[table].dated:
            self._delete(self.by_table[table].state_table, ("owner", "since"), "owner", _keys(table), journal)
        names = ("k1", "k2")[: len(key)]
        done = self._delete(table, key, ", ".join(f'"{k}"' for k in key), _keys(table, ", ".join(names)), journal)
        if table == "unmatched":
            count_unmatched(self.database, journal, (s for (s,) in sessions))
        return done

    def _withdraw(self, kind: Kind, journal: int) -> None:
        """What was decided about those that go is decided no more; those that were one with such a one stay one with each other."""
        table, gone = f"same_{kind}", _keys(kind)
        heir = (
            f'(SELECT MIN(f."{kind}") FROM "{table}" f WHERE f.main = "{table}".main AND f.verdict = \'same\' '
            f'AND f."{kind}" NOT IN ({gone}))'
        )
        led = f'verdict = \'same\' AND main IN ({gone}) AND "{kind}" NOT IN ({gone}) AND "{kind}" <> {heir}'
        keep_old(self.database, journal, table, ("id",), "change", f'SELECT id FROM "{table}" WHERE {led}')
        self.database.execute(f'UPDATE "{table}" SET main = {heir}, journal = ? WHERE {led}', (journal,))
        self._delete(table, ("id",), "id", f'SELECT id FROM "{table}" WHERE {_about(kind)}', journal)

    def _delete(self, table: str, key: tuple[str, ...], by: str, keys: str, journal: int) -> int:
        listed = ", ".join(f'"{k}"' for k in key)
        keep_old(self.database, journal, table, key, "remove", f'SELECT {listed} FROM "{table}" WHERE ({by}) IN ({keys})')
        return self.database.execute(f'DELETE FROM "{table}" WHERE ({by}) IN ({keys})').rowcount

    def _referring(self, table: str) -> Iterator[tuple[str, str]]:
        """Every table and column that can refer to rows of a table and keeps them where they are."""
        key = self.by_table[table].key
        yield from _KEPT_BY.get(key, ())
        for record in self.by_table.values():
            for f in record.fields:
                if f.target == key and not f.virtual and record.key not in _DECISIONS:
                    yield (record.state_table if f.dated else record.table), f.name


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(f"{n:d}" for n in numbers) or "NULL"


def _keys(table: str, names: str = "k1") -> str:
    return f"SELECT {names} FROM temp.gone WHERE \"table\" = '{table}'"


def _about(kind: Kind) -> str:
    """The condition that a decision is about one that goes."""
    return f'("{kind}" IN ({_keys(kind)}) OR main IN ({_keys(kind)}))'
