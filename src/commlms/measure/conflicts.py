"""Demands that contradict each other, with the verdicts on each, side by side. Nothing is decided between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import attrs

from commlms.core.duties import Conflict
from commlms.core.policies import Policy
from commlms.measure.judge import Judgement


@attrs.frozen(slots=False)
class SideBySide:
    """One contradiction that a document names, and the judgements of its targets, in the order in which it names them."""

    policy: Policy
    conflict: Conflict
    judged: tuple[tuple[Policy, Judgement], ...]

    @cached_property
    def targets(self) -> frozenset[str]:
        """The targets that are judged here."""
        return frozenset(j.target for _, j in self.judged)


def side_by_side(policies: Iterable[Policy], judged: Sequence[tuple[Policy, Judgement]]) -> list[SideBySide]:
    """Every contradiction of which two targets or more are judged here.

    A target that applies nowhere here contradicts nothing. One that a document has from another it extends stands once.
    """
    by_target: dict[str, list[tuple[Policy, Judgement]]] = {}
    for policy, judgement in judged:
        if judgement.verdict != "not_applicable":
            by_target.setdefault(judgement.target, []).append((policy, judgement))
    found: dict[tuple[str, ...], SideBySide] = {}
    for policy in sorted(policies, key=lambda p: (bool(p.extends), p.id)):
        for conflict in policy.conflicts:
            met = [t for t in conflict.targets if t in by_target]
            if len(met) > 1:
                pairs = tuple(pair for t in met for pair in by_target[t])
                found.setdefault((conflict.id, *met), SideBySide(policy, conflict, pairs))
    return list(found.values())
