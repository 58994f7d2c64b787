"""What a document demands without a number and what it wants done at certain times, with what is recorded beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from commlms.core.days import iso
from commlms.core.duties import Goal, Schedule
from commlms.core.labels import Label
from commlms.core.metrics import Metric
from commlms.core.pack_words import CADENCES, WEEKDAYS, word
from commlms.core.records import Record
from commlms.measure.asked import empty_register
from commlms.report.cells import Cell
from commlms.report.frame import Frame
from commlms.report.parts import AskedPlaces, Assessed, GoalPart, Recorded, SchedulePart
from commlms.report.source import Source
from commlms.report.words import LEVEL_LABELS, text

_BELOW_COUNTY = ("township", "village")
#: So many of the places that lack something are named.
_NAMED = 12
_STATEMENT, _FURTHER = ("goal", "place", "on", "status"), ("aspect", "assessor")


@attrs.define
class Beside:
    """Finds what is recorded beside the goals and schedules of one document. ``cell`` gives a figure as it may be shown."""

    source: Source
    frame: Frame
    cell: Callable[[str, int], Cell]
    day: int

    def goals(self) -> tuple[GoalPart, ...]:
        """Every goal."""
        return tuple(map(self._goal, self.frame.policy.goals))

    def schedules(self) -> tuple[SchedulePart, ...]:
        """Every schedule."""
        return tuple(map(self._schedule, self.frame.policy.schedules))

    def _goal(self, goal: Goal) -> GoalPart:
        region = self.frame.policy.region(goal.region)
        at = (*((region.label,) if region else ()), *(word(LEVEL_LABELS, x) for x in goal.levels))
        assessed, assessor = self._assessments(goal)
        return GoalPart(
            goal.id, goal.label, goal.clause, goal.quote, goal.gloss, goal.reading, at, goal.due, goal.note, goal.req,
            tuple(map(self._recorded, goal.metrics)), tuple(assessed), assessor,
        )

    def _recorded(self, key: str) -> Recorded:
        """A figure at the document's place; of a plugin that is not loaded it is said so."""
        metric = self.source.registry.metrics.get(key)
        if metric is None:
            plugin = key.split(".")[0]
            return Recorded(key, Label(key, key), "row", missing=Label(f"插件 {plugin} 未加载", f"plugin {plugin} is not loaded"))
        if missing := empty_register(self.frame.figures, metric):
            return Recorded(key, metric.label, metric.unit, missing=missing)
        return Recorded(key, metric.label, metric.unit, self.cell(key, self.frame.at))

    def _assessments(self, goal: Goal) -> tuple[list[Assessed], Label | None]:
        """What assessors wrote of a goal about places of the report; without a register for it, why there is nothing.

        Of a lake nothing is said: the findings stay in the databases that publish.
        """
        if not goal.assessed or self.source.origin is not None:
            return [], None
        record = self.source.registry.records.get(goal.assessed)
        if record is None or not {f.name for f in record.fields} >= set(_STATEMENT):
            name = goal.assessed
            return [], Label(f"登记「{name}」未加载", f"register {name} is not loaded")
        inside = self.frame.tree.members(self.frame.at)
        return [
            self._assessed(record, row) for row in self._rows(record, goal.id) if row["place"] in inside and (row["on"] or 0) <= self.day
        ], record.label

    def _rows(self, record: Record, goal: str) -> Iterator[dict[str, Any]]:
        names = [*_STATEMENT, *(n for n in _FURTHER if any(f.name == n and f.tier == "plain" for f in record.fields))]
        columns = ", ".join(f'"{n}"' for n in names)
        for row in self.source.database.execute(f'SELECT {columns} FROM "{record.table}" WHERE goal = ? ORDER BY "on", id', (goal,)):
            yield dict(zip(names, row, strict=True))

    def _assessed(self, record: Record, row: dict[str, Any]) -> Assessed:
        status = next((c.label for c in record.field("status").choices if c.key == row["status"]), Label(row["status"], row["status"]))
        told = [str(row[n]) for n in _FURTHER if row.get(n)]
        return Assessed(self.frame.name(row["place"]), row["on"], status, "，".join(told))

    def _schedule(self, schedule: Schedule) -> SchedulePart:
        metric = self.source.registry.metrics.get(schedule.metric)
        levels = [x for x in schedule.levels if x != self.frame.tree.nodes[self.frame.at].level]
        counted = metric is not None and empty_register(self.frame.figures, metric) is None
        asked = (self._asked(metric, level, schedule.min_count or 1) for level in levels) if metric and counted else ()
        return SchedulePart(
            schedule.id, schedule.label, schedule.by, _when(schedule), schedule.clause, schedule.quote, schedule.gloss, schedule.deadline,
            schedule.deadline is not None and schedule.deadline < self.day, schedule.note, schedule.req,
            self._recorded(schedule.metric) if schedule.metric else None, tuple(a for a in asked if a is not None),
        )

    def _asked(self, metric: Metric, level: str, least: int) -> AskedPlaces | None:
        """How many places of a level have something of their own; never of a group of people below the county."""
        tree = self.frame.tree
        places = [p for p in tree.below(self.frame.at) if tree.nodes[p].level == level]
        if not places or metric.denominator is not None or (metric.population and level in _BELOW_COUNTY):
            return None
        own = self.frame.figures.own(metric.numerator)
        lacking = [self.frame.name(p) for p in places if own.get(p, 0) < least]
        return AskedPlaces(LEVEL_LABELS[level], len(places) - len(lacking), len(places), least, tuple(lacking[:_NAMED]))


def _when(schedule: Schedule) -> Label:
    """The times of a schedule in words: how often, on which days, from what hour, how many."""
    parts = [word(CADENCES, schedule.cadence), *(word(WEEKDAYS, str(d)) for d in schedule.weekdays)]
    if schedule.not_before:
        parts.append(text("not_before", time=schedule.not_before))
    if schedule.start:
        parts.append(text("first_day", day=iso(schedule.start)))
    if schedule.min_count:
        parts.append(text("at_least", count=schedule.min_count))
    if schedule.events:
        parts.append(text("events", count=schedule.events))
    return Label("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))
