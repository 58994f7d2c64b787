"""Every figure of an LMS as it leaves it, to hold two of them against one another: by place code, never by id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import get_args

import attrs

from commlms import LMS
from commlms.measure.figures import Figures
from commlms.report.protect import Protection
from commlms.store.geography import Tree

#: Numerator, denominator and ceiling (None where hidden), why hidden, and what is missing.
Shown = tuple[int | None, int | None, int | None, str, str]
Key = tuple[str, str, str, str]


def cells(lms: LMS, periods: Iterable[str]) -> dict[Key, Shown]:
    """Every place, period, tree and metric."""
    return {key: shown for period in periods for tree in get_args(Tree) for key, shown in _of(lms, lms.figures(period, tree))}


def _of(lms: LMS, figures: Figures) -> Iterator[tuple[Key, Shown]]:
    protection = Protection(figures, lms.registry.metrics.values())
    for place in figures.tree.order:
        for metric in lms.registry.metrics.values():
            figure = figures.figure(metric, place)
            over, under = (protection.hidden(m).get(place, "") for m in (metric.numerator, metric.denominator))
            yield (figures.tree.nodes[place].code, figures.period.key, figures.tree.tree, metric.key), (
                None if over else figure.numerator, None if under else figure.denominator,
                None if over or under else figure.ceiling, f"{over}/{under}", figure.missing.en if figure.missing else "",
            )


def strengths(lms: LMS, periods: Iterable[str]) -> dict[Key, tuple[int, ...] | None]:
    """The persons of every rate by how surely they are known, at every place; None where that is not shown."""
    found: dict[Key, tuple[int, ...] | None] = {}
    for period in periods:
        figures = lms.figures(period)
        protection = Protection(figures, lms.registry.metrics.values())
        for metric in (m for m in lms.registry.metrics.values() if m.strengths):
            for place in figures.tree.order:
                four, _ = protection.strengths(metric, place)
                found[figures.tree.nodes[place].code, period, "admin", metric.key] = None if four is None else attrs.astuple(four)
    return found


def digest(found: dict[Key, Shown]) -> str:
    """One SHA-256 over every place, period, tree and metric: numerator, denominator, and what is hidden."""
    lines = [[*key, shown[0], shown[1], shown[3]] for key, shown in sorted(found.items())]
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()


def verdicts(lms: LMS, policy: str, as_of: object) -> list[tuple[object, ...]]:
    """A document's judgements, with the places by code."""
    found = []
    for _, j in lms.judge([policy], as_of=as_of):  # type: ignore[arg-type]  # a date
        states = lms.figures("2020").geography.states
        codes = tuple(sorted(states[p][-1].code for p in j.places))
        found.append((
            j.target, codes, j.period, j.verdict, j.why and j.why.en, j.numerator, j.denominator, j.ceiling, j.bound, j.needed, j.by,
            j.silent, j.leaves, j.estimated,
        ))
    return found
