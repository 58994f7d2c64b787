"""The verdicts of a document as a matrix, targets by places; and what could not be judged, by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from commlms.core.labels import Label
from commlms.core.policies import Target
from commlms.measure.judge import Judgement
from commlms.measure.shown import demand_words
from commlms.report.content import Verdict
from commlms.report.frame import Frame
from commlms.report.parts import Matrix, MatrixRow, Tally, Unjudged

_STRIVEN = ("strive", "encouraged")
#: So many places are named with each reason.
_NAMED = 12


def tally(judgements: Iterable[Judgement | Verdict]) -> Tally:
    """How many of these ended in each verdict."""
    counts: Counter[str] = Counter(j.verdict for j in judgements)
    return Tally(dict(counts), one=counts.total() == 1)


def matrix(frame: Frame, conflicts: Mapping[str, tuple[str, ...]]) -> Matrix:
    """Every target that was judged, a row each. ``conflicts``: by target the ids of those in which it stands."""
    rows = [(t, _row(frame, t, depth, conflicts.get(t.id, ()))) for t, depth in _ordered(frame)]
    return Matrix(
        tuple(map(frame.name, frame.columns)), tuple(r for t, r in rows if t.force not in _STRIVEN),
        tuple(r for t, r in rows if t.force in _STRIVEN),
    )


def _ordered(frame: Frame) -> Iterator[tuple[Target, int]]:
    """The targets as they stand in the document, each followed by those that are a part of it."""
    def inside(target: Target, depth: int) -> Iterator[tuple[Target, int]]:
        yield target, depth
        for other in frame.targets.values():
            if other.nested_in == target.id and _is_striven(other) == _is_striven(target):
                yield from inside(other, depth + 1)

    for target in frame.targets.values():
        above = frame.targets.get(target.nested_in)
        if above is None or _is_striven(above) != _is_striven(target):
            yield from inside(target, 0)


def _is_striven(target: Target) -> bool:
    return target.force in _STRIVEN


def _row(frame: Frame, target: Target, depth: int, conflicts: tuple[str, ...]) -> MatrixRow:
    judgements = frame.by_target[target.id]
    columns: list[list[Judgement]] = [[] for _ in frame.columns]
    for judgement in judgements:
        # Several places judged as one have one verdict: it is none of any of them.
        if len(judgement.places) == 1 and (number := frame.column_of.get(judgement.places[0])) is not None:
            columns[number].append(judgement)
    cells = tuple(tally(found) if found else None for found in columns)
    return MatrixRow(target.id, target.label, target.force, depth, demand_words(target), conflicts, tally(judgements), cells)


def unjudged(frame: Frame) -> tuple[Unjudged, ...]:
    """What ended without met, short or not shown: for each target and reason how many, and where."""
    found: dict[tuple[str, str, Label], list[Judgement]] = {}
    for target, judgement in frame.judged:
        if judgement.verdict in ("no_data", "not_applicable", "no_verdict"):
            why = judgement.why or target.note or Label("文件未给出可计算的数", "the document gives no number that could be counted")
            found.setdefault((target.id, judgement.verdict, why), []).append(judgement)
    order = {id: number for number, id in enumerate(frame.targets)}
    return tuple(
        Unjudged(id, frame.targets[id].label, verdict, why, len(judgements), _names(frame, judgements))
        for (id, verdict, why), judgements in sorted(found.items(), key=lambda item: order[item[0][0]])
    )


def _names(frame: Frame, judgements: Iterable[Judgement]) -> tuple[str, ...]:
    names = dict.fromkeys(frame.where(j).zh for j in judgements)
    return tuple(names)[:_NAMED]
