"""Everything the core and the loaded plugins declare, by key, with the plugin it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import attrs

from commlms.core import learners, outcomes, places, programs
from commlms.core.curricula import Curriculum
from commlms.core.errors import PluginError
from commlms.core.labels import Label
from commlms.core.metrics import CORE_METRICS, Metric, Population, StandingGroup
from commlms.core.policies import Policy
from commlms.core.records import Record, record_of
from commlms.core.text import key_of

_T = TypeVar("_T")

#: The core's own records, each after those it refers to.
CORE_RECORDS: tuple[Record, ...] = tuple(
    record_of(c)
    for c in (
        places.Place, places.Residents, places.Institution, learners.Learner, learners.Standing, programs.Course,
        programs.Offering, programs.Session, programs.Participation, programs.Headcount, outcomes.Outcome,
    )
)
CORE = "commlms"


@attrs.define
class Registry:
    """What is declared. ``owner`` maps ``kind:key`` to the plugin's name."""

    records: dict[str, Record] = attrs.field(factory=dict)
    populations: dict[str, Population] = attrs.field(factory=dict)
    standings: dict[str, StandingGroup] = attrs.field(factory=dict)
    curricula: dict[str, Curriculum] = attrs.field(factory=dict)
    metrics: dict[str, Metric] = attrs.field(factory=dict)
    policies: dict[str, Policy] = attrs.field(factory=dict)
    owner: dict[str, str] = attrs.field(factory=dict)

    @classmethod
    def of_core(cls) -> Registry:
        """A registry that holds what the core declares."""
        registry = cls()
        registry.add(CORE, "record", registry.records, ((r.key, r) for r in CORE_RECORDS))
        registry.add(CORE, "metric", registry.metrics, ((m.key, m) for m in CORE_METRICS))
        return registry

    def add(self, plugin: str, kind: str, into: dict[str, _T], items: Iterable[tuple[str, _T]]) -> None:
        """Add declarations of one kind; one key from two plugins is an error that names both."""
        for key, value in items:
            if key in into:
                raise PluginError(
                    Label("「{key}」（{kind}）同时由插件 {one} 和 {two} 声明；请用 --without 去掉一个",
                          "{key} ({kind}) is declared by both {one} and {two}; leave one out with --without"),
                    key=key, kind=kind, one=self.owner[f"{kind}:{key}"], two=plugin,
                )
            into[key] = value
            self.owner[f"{kind}:{key}"] = plugin

    def by_plugin(self, kind: str, items: Mapping[str, _T]) -> dict[str, list[_T]]:
        """Declarations of one kind grouped by plugin."""
        found: dict[str, list[_T]] = {}
        for key, value in items.items():
            found.setdefault(self.owner[f"{kind}:{key}"], []).append(value)
        return found

    def words(self) -> dict[str, dict[str, str]]:
        """The vocabularies of choice fields: normalised word to stored value. The first declaration of a word wins."""
        found: dict[str, dict[str, str]] = {"category": {}, "population": {}, "standing": {}}

        def learn(vocabulary: str, stored: str, *words: str) -> None:
            for word in words:
                found[vocabulary].setdefault(key_of(word), stored)

        for p in self.populations.values():
            learn("population", p.key, p.key, p.zh, p.en, *p.aliases)
        for g in self.standings.values():
            learn("standing", g.key, g.key, g.zh, g.en, *g.aliases)
        for curriculum in self.curricula.values():
            for a in curriculum.audiences:
                learn("population", a.key, a.key, a.label.zh, a.label.en, *a.aliases)
            for c in curriculum.categories:
                learn("category", c.label.zh, c.key, c.label.zh, c.label.en, *c.aliases)
        return found

    def label(self, vocabulary: str, stored: str) -> Label:
        """The label of a population, audience or standing group; the stored word itself where none is declared."""
        pools: dict[str, Mapping[str, Any]] = {"population": self.populations, "standing": self.standings}
        if stored in pools.get(vocabulary, {}):
            found = pools[vocabulary][stored]
            return Label(found.zh, found.en)
        if vocabulary == "population":
            for curriculum in self.curricula.values():
                for a in curriculum.audiences:
                    if a.key == stored:
                        return a.label
        return Label(stored, stored)
