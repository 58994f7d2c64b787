"""Figures of registers: rows per place, per row of another register, the rows that are judged by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from commlms.core.days import Period, period_of
from commlms.core.errors import DeclarationError
from commlms.core.labels import Label
from commlms.core.metrics import Measure, Rows
from commlms.core.records import Record
from commlms.measure.registers import asks_all_years, count_sql, dated_by_period, days_sql, subject_sql, subjects_sql
from commlms.measure.totals import Totals
from commlms.store.geography import PlaceTree

_IN_CITIES = Label("逐行的名称留在各市的数据库中：请在那里判定", "the rows with their names stay in the cities' databases: judge it there")


@attrs.frozen
class Subject:
    """A row of a register that is judged by itself: its id, where it stands, what it is called."""

    id: int
    place: int
    name: str


class RegisterFigures:
    """The part of the figures of a period that asks registers."""

    totals: Totals
    records: Mapping[str, Record]
    period: Period
    tree: PlaceTree
    _by_subject: dict[tuple[str, str], Mapping[int, int]]

    def rows(self, measure: Rows) -> dict[int, int]:
        """A register's own figure per place."""
        record = self.records[measure.record]
        rows = self._ask(measure, count_sql(measure, record, self.period, self.totals.sameness))
        return {int(row[0]): int(row[1]) for row in rows}

    def _ask(self, measure: Rows, sql: str) -> Iterable[Sequence[Any]]:
        return self.totals.run(sql, None if asks_all_years(measure, self.records[measure.record]) else self.period)

    def by_subject(self, measure: Measure, record: str) -> Mapping[int, int]:
        """A register's figure by the rows of a register: its own rows, or those that its rows refer to.

        Rows that refer to none are in none. Raises :class:`DeclarationError` for another measure, or where no field refers to it.
        """
        if not isinstance(measure, Rows):
            raise DeclarationError(Label("只有登记的数能逐个计算", "only figures of a register are counted one by one"))
        key = measure.text, record
        if key not in self._by_subject:
            own, subject = self.records[measure.record], self.records[record]
            rows = self._ask(measure, subject_sql(measure, own, subject, self.period, self.totals.sameness))
            self._by_subject[key] = {int(row[0]): int(row[1]) for row in rows if row[0] is not None}
        return self._by_subject[key]

    def subjects(self, record: str, roles: Sequence[str] = ()) -> Sequence[Subject]:
        """The rows of a register that are judged by themselves: in force on the period's last day, or dated by a period inside it.

        With ``roles`` those whose ``kind`` is one of them. A lake has none: see :attr:`no_subjects`.
        """
        if self.no_subjects is not None or record not in self.records:
            return ()
        sql = subjects_sql(self.records[record], tuple(roles), self.period, self.totals.sameness)
        uid = self.totals.database.uid
        return tuple(Subject(row[0], row[1], row[2] or f"#{row[0]}.{uid}") for row in self.totals.run(sql, self.period))

    @property
    def no_subjects(self) -> Label | None:
        """Why nothing can be judged row by row: the rows with their names stay in the databases that publish."""
        return None if self.totals.origin is None else _IN_CITIES

    def is_empty(self, record: str) -> bool:
        """Whether a register holds no row at all, of whatever place or period."""
        return record not in self.records or self.totals.is_empty(self.records[record])

    def days(self, measure: Rows, place: int) -> list[int]:
        """The days of the rows that count in a place's figure, ascending: of each when it began, or its own date.

        Of rows dated by a period its last day. Rows without a day have none here.
        """
        record = self.records[measure.record]
        inside = {place} if measure.here else self.tree.members(place)
        rows = self._ask(measure, days_sql(measure, record, self.period, self.totals.sameness))
        days = [row[1] for row in rows if row[0] in inside and row[1] is not None]
        if dated_by_period(measure, record):
            return sorted(found.last for key in days if (found := period_of(str(key))) is not None)
        return sorted(int(day) for day in days)
