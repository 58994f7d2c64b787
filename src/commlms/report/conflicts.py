"""Where documents disagree: every side of a conflict with its own verdict, never one of them alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from commlms.core.labels import Label
from commlms.core.policies import Policy
from commlms.measure.conflicts import SideBySide
from commlms.measure.judge import Judgement
from commlms.measure.shown import demand_words
from commlms.report.frame import Frame
from commlms.report.matrix import tally
from commlms.report.parts import ConflictPart, Side


@attrs.frozen
class Contradictions:
    """The conflicts of which two or more targets were judged in a report; each stands with the document that states it."""

    found: Sequence[SideBySide]
    frames: Mapping[str, Frame]

    @property
    def by_target(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the conflicts in which each target stands."""
        ids: dict[str, dict[str, None]] = {}
        for each in self.found:
            for target in each.targets:
                ids.setdefault(target, {})[each.conflict.id] = None
        return {target: tuple(found) for target, found in ids.items()}

    def of(self, policy: Policy) -> tuple[ConflictPart, ...]:
        """The conflicts that a document states; one of a document that is not in force here stands with its first side."""
        return tuple(
            ConflictPart(x.conflict.id, x.conflict.label, x.conflict.note, tuple(self._sides(x)))
            for x in self.found if (x.policy.key if x.policy.key in self.frames else x.judged[0][0].key) == policy.key
        )

    def _sides(self, found: SideBySide) -> list[Side]:
        sides: dict[tuple[str, str], list[Judgement]] = {}
        for policy, judgement in found.judged:
            sides.setdefault((policy.key, judgement.target), []).append(judgement)
        return [self._side(self.frames[key], target, judgements) for (key, target), judgements in sides.items()]

    def _side(self, frame: Frame, key: str, judgements: Sequence[Judgement]) -> Side:
        target, number = frame.targets[key], len(judgements)
        where = frame.where(judgements[0]) if number == 1 else Label(f"{number} 处", f"{number} places")
        document = f"{frame.policy.id} {frame.policy.number}"
        return Side(document, key, target.label, demand_words(target), where, judgements[0].period, tally(judgements))
