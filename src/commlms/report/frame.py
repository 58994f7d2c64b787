"""Where a document's part of a report stands: its place in the report, the places next below, and its judgements there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import attrs

from commlms.core.labels import Label
from commlms.core.policies import Policy, Target
from commlms.measure.figures import Figures
from commlms.measure.judge import Judgement
from commlms.store.geography import PlaceTree

#: More places than these next below are told in counts only.
MOST_COLUMNS = 80


@attrs.define
class Frame:
    """One document in one report.

    ``figures``: those of the report's period on the document's tree. ``at``: the document's place, or the one reported on
    where that is the smaller. ``judged``: its targets with their judgements that concern the report.
    """

    policy: Policy
    figures: Figures
    at: int
    judged: Sequence[tuple[Target, Judgement]]

    @property
    def tree(self) -> PlaceTree:
        """The tree of the report's last day."""
        return self.figures.tree

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The places next below, none where they are too many to stand side by side."""
        found = self.tree.children.get(self.at, ())
        return found if len(found) <= MOST_COLUMNS else ()

    @cached_property
    def column_of(self) -> Mapping[int, int]:
        """The number of the column in which each place stands, those too whose figures fall to a place in it."""
        return {p: number for number, column in enumerate(self.columns) for p in self.tree.members(column)}

    @cached_property
    def by_target(self) -> Mapping[str, list[Judgement]]:
        """The judgements of each target."""
        found: dict[str, list[Judgement]] = {}
        for target, judgement in self.judged:
            found.setdefault(target.id, []).append(judgement)
        return found

    @cached_property
    def targets(self) -> Mapping[str, Target]:
        """The targets that were judged, as they stand in the document."""
        return {t.id: t for t in self.policy.targets if t.id in self.by_target}

    def name(self, place: int) -> str:
        """A place's name on the report's last day, or its last one."""
        node = self.tree.nodes.get(place)
        return node.name if node else self.figures.geography.name(place, self.figures.period.last)

    def code(self, judgement: Judgement) -> str:
        """The code of the place judged, where it is one."""
        node = self.tree.nodes.get(judgement.places[0]) if len(judgement.places) == 1 else None
        return node.code if node else ""

    def where(self, judgement: Judgement) -> Label:
        """The place or places judged; where none is, the region named or the place that the document binds."""
        policy = self.policy
        if judgement.subject is not None:
            at = self.name(judgement.places[0])
            return Label(f"{at} {judgement.subject.zh}", f"{at} {judgement.subject.en}")
        region = policy.region(self.targets[judgement.target].region)
        if len(judgement.places) != 1 and (label := judgement.name or (region and region.label)):
            return label
        top = judgement.places[0] if judgement.places else self.figures.geography.by_code(policy.jurisdiction, self.figures.period.last)
        name = policy.jurisdiction if top is None else self.name(top)
        return Label(name, name)
