"""Where documents disagree: every side of a conflict with its own verdict, never one of them alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import attrs

from commlms.core.duties import Conflict
from commlms.core.labels import Label
from commlms.core.policies import Policy
from commlms.measure.judge import Judgement
from commlms.report.frame import Frame
from commlms.report.matrix import asked, tally
from commlms.report.parts import ConflictPart, Side
from commlms.report.source import Source


@attrs.define
class Contradictions:
    """The conflicts of the documents in a report of which two or more targets were judged."""

    source: Source
    frames: Sequence[Frame]
    judged: Sequence[tuple[Policy, Judgement]]

    @cached_property
    def _found(self) -> list[tuple[Policy, Conflict, list[tuple[Frame, str]]]]:
        """Each with the document that states it and its sides."""
        owner = {target: frame for frame in self.frames for target in frame.targets}
        found = [
            (frame.policy, conflict, [(owner[t], t) for t in conflict.targets if t in owner])
            for frame in self.frames for conflict in frame.policy.conflicts
        ]
        return [(policy, conflict, sides) for policy, conflict, sides in found if len(sides) > 1]

    @cached_property
    def by_target(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the conflicts in which each target stands."""
        found: dict[str, tuple[str, ...]] = {}
        for _, conflict, sides in self._found:
            for _, target in sides:
                found[target] = (*found.get(target, ()), conflict.id)
        return found

    def of(self, policy: Policy) -> tuple[ConflictPart, ...]:
        """The conflicts that a document states."""
        return tuple(
            ConflictPart(c.id, c.label, c.note, tuple(_side(frame, target) for frame, target in sides))
            for stated, c, sides in self._found if stated.key == policy.key
        )


def _side(frame: Frame, key: str) -> Side:
    target, judgements = frame.targets[key], frame.by_target[key]
    where = frame.where(judgements[0]) if len(judgements) == 1 else Label(f"{len(judgements)} 处", f"{len(judgements)} places")
    return Side(
        f"{frame.policy.id} {frame.policy.number}", key, target.label,
        asked(target), where, judgements[0].period, tally(judgements),
    )
