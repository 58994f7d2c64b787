"""Everything the core and the loaded plugins declare, by key, with the plugin it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import attrs

from commlms.core import deliveries, learners, outcomes, places, programs
from commlms.core.curricula import Curriculum
from commlms.core.demos import Demo
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
        deliveries.Delivery, deliveries.Unmatched, deliveries.SameLearner, deliveries.SameSession, deliveries.Reported,
    )
)
CORE = "commlms"
VOCABULARIES = ("category", "population", "standing")


@attrs.define
class Registry:
    """What is declared.

    ``owner`` maps ``kind:key`` to the plugin's name, ``words`` a vocabulary's normalised words to what is stored.
    """

    records: dict[str, Record] = attrs.field(factory=dict)
    populations: dict[str, Population] = attrs.field(factory=dict)
    standings: dict[str, StandingGroup] = attrs.field(factory=dict)
    curricula: dict[str, Curriculum] = attrs.field(factory=dict)
    metrics: dict[str, Metric] = attrs.field(factory=dict)
    policies: dict[str, Policy] = attrs.field(factory=dict)
    demos: dict[str, Demo] = attrs.field(factory=dict)
    owner: dict[str, str] = attrs.field(factory=dict)
    words: dict[str, dict[str, str]] = attrs.field(factory=lambda: {v: {} for v in VOCABULARIES})

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
            self._learn_words(plugin, value)
            into[key] = value
            self.owner[f"{kind}:{key}"] = plugin

    def by_plugin(self, kind: str, items: Mapping[str, _T]) -> dict[str, list[_T]]:
        """Declarations of one kind grouped by plugin."""
        found: dict[str, list[_T]] = {}
        for key, value in items.items():
            found.setdefault(self.owner[f"{kind}:{key}"], []).append(value)
        return found

    def _learn(self, plugin: str, vocabulary: str, stored: str, *words: str) -> None:
        """Let these words mean ``stored``. What a row counts for must not depend on the order of plugins: a second meaning is refused."""
        known = self.words[vocabulary]
        for word in words:
            first = known.setdefault(key_of(word), stored)
            if first != stored:
                raise PluginError(
                    Label("插件 {plugin} 的词「{word}」表示 {second}，而它已表示 {first}；请改名称或别名，或用 --without 去掉一个插件",
                          "plugin {plugin}: the word {word} means {second}, but it means {first} already; "
                          "change a name or an alias, or leave one plugin out with --without"),
                    plugin=plugin, word=word, first=first, second=stored,
                )

    def _learn_words(self, plugin: str, declared: object) -> None:
        match declared:
            case Population(key, zh, en):
                self._learn(plugin, "population", key, key, zh, en, *declared.aliases)
            case StandingGroup(key, zh, en):
                self._learn(plugin, "standing", key, key, zh, en, *declared.aliases)
            case Curriculum():
                for a in declared.audiences:
                    self._learn(plugin, "population", a.key, a.key, a.label.zh, a.label.en, *a.aliases)
                for c in declared.categories:
                    self._learn(plugin, "category", c.label.zh, c.key, c.label.zh, c.label.en, *c.aliases)

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
