"""The parts of a document as dictionaries and lists.

Keys of a document besides its levels and verdicts: ``matrix`` (columns, rows: ``whole`` and ``cells`` count verdicts, null where a
target judges nothing there), ``trends`` (a rate by place and year as its two integers), ``moved``, ``goals``, ``schedules``,
``duties``, ``conflicts``, ``unjudged``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from commlms.core.days import iso
from commlms.core.labels import Label
from commlms.report.cells import Cell, Shown
from commlms.report.parts import ConflictPart, Duties, GoalPart, Matrix, MatrixRow, Parts, Point, Recorded, SchedulePart, Tally, Trend

_Data = dict[str, Any]


def label_data(label: Label | None) -> dict[str, str] | None:
    """A label in both languages."""
    return None if label is None else {"zh": label.zh, "en": label.en}


def numbers_data(parts: Mapping[str, Shown | None]) -> _Data:
    """Integers by name, those that are there; a hidden one is null and named beside."""
    found: _Data = {name: part.value for name, part in parts.items() if part is not None}
    hidden = [name for name, part in parts.items() if part is not None and part.hidden]
    return {**found, "suppressed": True, "suppressed_parts": hidden} if hidden else found


def parts_data(parts: Parts, cell: Callable[[Cell], _Data]) -> _Data:
    """Every part. ``cell`` makes the data of a figure."""
    return {
        "matrix": _matrix(parts.matrix), "trends": [_trend(t) for t in parts.trends],
        "moved": [{"place": m.place, "day": iso(m.day), "joined": list(m.joined), "left": list(m.left)} for m in parts.moved],
        "goals": [_goal(g, cell) for g in parts.goals], "schedules": [_schedule(s, cell) for s in parts.schedules],
        "duties": _duties(parts.duties), "conflicts": [_conflict(c) for c in parts.conflicts],
        "unjudged": [
            {
                "target": u.target, "label": label_data(u.label), "verdict": u.verdict, "why": label_data(u.why), "count": u.count,
                "places": list(u.places),
            }
            for u in parts.unjudged
        ],
    }


def _labels(labels: Iterable[Label]) -> list[dict[str, str] | None]:
    return [label_data(x) for x in labels]


def _day(day: int | None) -> str | None:
    return None if day is None else iso(day)


def _tally(tally: Tally | None) -> dict[str, int] | None:
    return None if tally is None else dict(tally.found)


def _matrix(matrix: Matrix) -> _Data:
    return {
        "columns": list(matrix.columns), "binding": [_row(r) for r in matrix.binding], "striven": [_row(r) for r in matrix.striven],
    }


def _row(row: MatrixRow) -> _Data:
    return {
        "target": row.target, "label": label_data(row.label), "force": row.force, "depth": row.depth, "demand": label_data(row.demand),
        "conflicts": list(row.conflicts), "whole": _tally(row.whole), "cells": [_tally(c) for c in row.cells],
    }


def _trend(trend: Trend) -> _Data:
    return {
        "metric": trend.metric, "label": label_data(trend.label), "unit": trend.unit, "basis": label_data(trend.basis),
        "years": list(trend.years),
        "lines": [
            {
                "target": x.target, "compare": x.compare, "value": str(x.value), "value_max": None if x.most is None else str(x.most),
                "due": _day(x.due),
            }
            for x in trend.lines
        ],
        "series": [
            {"place": s.place, "targets": list(s.targets), "points": [_point(p) for p in s.points]} for s in trend.series
        ],
    }


def _point(point: Point) -> _Data:
    found = {"year": point.year, **numbers_data({"numerator": point.numerator, "denominator": point.denominator})}
    return found | ({"other_borders": True} if point.other_borders else {})


def _recorded(found: Recorded, cell: Callable[[Cell], _Data]) -> _Data:
    base = {"metric": found.metric, "label": label_data(found.label), "unit": found.unit}
    return base | (cell(found.cell) if found.cell else {"missing": label_data(found.missing)})


def _goal(goal: GoalPart, cell: Callable[[Cell], _Data]) -> _Data:
    return {
        "id": goal.id, "label": label_data(goal.label), "clause": goal.clause, "quote": goal.quote, "gloss": goal.gloss,
        "reading": label_data(goal.reading), "at": _labels(goal.at), "due": _day(goal.due), "note": label_data(goal.note),
        "req": list(goal.req), "figures": [_recorded(f, cell) for f in goal.figures],
        "assessed": [
            {"place": a.place, "day": _day(a.day), "status": label_data(a.status), "about": a.about} for a in goal.assessed
        ],
    }


def _schedule(schedule: SchedulePart, cell: Callable[[Cell], _Data]) -> _Data:
    return {
        "id": schedule.id, "label": label_data(schedule.label), "by": label_data(schedule.by), "when": label_data(schedule.when),
        "clause": schedule.clause, "quote": schedule.quote, "gloss": schedule.gloss, "deadline": _day(schedule.deadline),
        "passed": schedule.passed, "note": label_data(schedule.note), "req": list(schedule.req),
        "recorded": _recorded(schedule.figure, cell) if schedule.figure else None,
        "asked": [
            {"level": label_data(a.level), "done": a.done, "of": a.of, "least": a.least, "lacking": list(a.lacking)} for a in schedule.asked
        ],
    }


def _duties(duties: Duties) -> _Data:
    return {
        "networks": [
            {"network": attrs.asdict(n.network) if n.network else None, "levels": [attrs.asdict(x) for x in n.levels]}
            for n in duties.networks
        ],
        **{
            name: [attrs.asdict(x) for x in getattr(duties, name)] for name in ("chains", "models", "bodies", "departments", "terms")
        },
    }


def _conflict(conflict: ConflictPart) -> _Data:
    return {
        "id": conflict.id, "label": label_data(conflict.label), "note": label_data(conflict.note),
        "sides": [
            {
                "document": s.document, "target": s.target, "label": label_data(s.label), "demand": label_data(s.demand),
                "where": label_data(s.where), "period": s.period, "verdicts": _tally(s.tally),
            }
            for s in conflict.sides
        ],
    }
