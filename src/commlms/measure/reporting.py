"""Who sends, and who has not sent for a period: where deliveries are kept, a zero of a place without one is no data.

Expected are the places of every level from which deliveries are kept; villages only where no township sends, for a
township's papers are about its villages. For a period before that of the first delivery nobody is expected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import attrs

from commlms.core.days import Period, period_of
from commlms.core.labels import Label
from commlms.store.database import Database
from commlms.store.geography import PlaceTree

#: What stands in the place of a zero.
NOT_REPORTED = Label("未报送", "has not reported")
#: So many are named in a sentence.
_NAMED = 10
_Months = set[int]


@attrs.frozen
class Reporting:
    """Who was expected to send for a period, and who has, on a tree.

    ``covered``: of each expected sender, how many of the period's ``months`` its deliveries are about; 0 where it has not
    reported. ``heard``: every place that reported, expected or not. Replaced deliveries are none.
    """

    tree: PlaceTree
    months: int = 0
    covered: Mapping[int, int] = attrs.field(factory=dict)
    heard: frozenset[int] = frozenset()

    def at(self, place: int) -> tuple[int, int] | None:
        """How many senders have not reported, of how many: those at and below a place, or else the one that speaks for it."""
        return self._counts.get(place)

    def among(self, places: Iterable[int]) -> tuple[int, int] | None:
        """The same of several places together, each sender once."""
        senders = set(self._senders(places))
        return (sum(not self.covered[s] for s in senders), len(senders)) if senders else None

    def missing(self, places: Iterable[int]) -> tuple[int, ...]:
        """Those of these places' senders that have not reported, as they stand in the tree."""
        return tuple(s for s in self._senders(places) if not self.covered[s])

    def partly(self, places: Iterable[int]) -> tuple[int, ...]:
        """Those that reported for some of the months only."""
        return tuple(s for s in self._senders(places) if 0 < self.covered[s] < self.months)

    @cached_property
    def unheard(self) -> frozenset[int]:
        """The places about which nothing was reported: those of a sender that has not, and those with no other senders below them."""
        return frozenset(p for p, (missing, of) in self._counts.items() if missing == of and p not in self.heard)

    def _senders(self, places: Iterable[int]) -> Iterator[int]:
        asked = dict.fromkeys(q for p in places for q in self.tree.below(p))
        yield from dict.fromkeys(s for q in asked if (s := self._speakers.get(q)) is not None and (q == s or q not in self.heard))

    @cached_property
    def _speakers(self) -> dict[int, int]:
        """The sender that speaks for each place: the place itself, or the nearest one above that is expected to send."""
        found: dict[int, int] = {}
        for place in self.tree.order if self.covered else ():
            above = self.tree.parents[place]
            if place in self.covered:
                found[place] = place
            elif above in found:
                found[place] = found[above]
        return found

    @cached_property
    def _counts(self) -> dict[int, tuple[int, int]]:
        missing = self.tree.roll_up({p: not months for p, months in self.covered.items()}) if self.covered else {}
        of = self.tree.roll_up(dict.fromkeys(self.covered, 1)) if self.covered else {}
        below = {p: (int(missing[p]), n) for p, n in of.items() if n}
        told = {p: (int(p not in self.heard and not self.covered[s]), 1) for p, s in self._speakers.items() if p not in below}
        return below | told


def not_reported(database: Database, tree: PlaceTree, period: Period) -> Reporting:
    """Who has reported for a period, by the deliveries that count; nobody is expected where none is kept."""
    months = defaultdict[int, _Months](set)
    begun = period.last + 1
    for sender, key in database.execute("SELECT DISTINCT sender, period FROM delivery WHERE replaced_by IS NULL"):
        if sender in tree.nodes and (sent := period_of(key)) is not None:
            months[sender] |= _months(sent)
            begun = min(begun, sent.first)
    if period.last < begun:
        return Reporting(tree)
    levels = {tree.nodes[sender].level for sender in months}
    if "township" in levels:
        levels -= {"village"}
    asked = _months(period)
    found = {sender: len(asked & sent) for sender, sent in months.items()}
    covered = {p: found.get(p, 0) for p in tree.order if tree.nodes[p].level in levels}
    return Reporting(tree, len(asked), covered, frozenset(p for p, n in found.items() if n))


def _months(period: Period) -> _Months:
    """The months of a period, numbered through."""
    first, last = (day // 10_000 * 12 + day // 100 % 100 for day in (period.first, period.last))
    return set(range(first, last + 1))


def words(not_reported: tuple[int, int]) -> Label:
    """How many have not reported, of how many, as it stands beside a figure."""
    missing, of = not_reported
    if missing < of:
        return Label(f"{of} 个报送单位中 {missing} 个未报送", f"{missing} of {of} have not reported")
    return NOT_REPORTED if of == 1 else Label(f"{of} 个报送单位均未报送", f"none of {of} has reported")


def sentences(reporting: Reporting, places: Sequence[int]) -> Iterator[Label]:
    """Who of these places' senders has not reported, and who for some of the months only; nothing where all have."""
    found = reporting.among(places)
    missing, partly, nodes = reporting.missing(places), reporting.partly(places), reporting.tree.nodes
    if found and missing:
        told = words(found)
        names = [nodes[p].name for p in missing]
        yield Label(f"{told.zh}：{_listed(names, '、', '等')}", f"{told.en}: {_listed(names, ', ', 'and others')}")
    if partly:
        names = [f"{nodes[p].name} {reporting.covered[p]}/{reporting.months}" for p in partly]
        yield Label(
            f"{len(partly)} 个只报送了部分月份：{_listed(names, '、', '等')}",
            f"{len(partly)} reported for some of the months only: {_listed(names, ', ', 'and others')}",
        )


def _listed(names: Sequence[str], joint: str, more: str) -> str:
    return joint.join(names[:_NAMED]) + (f" {more}" if len(names) > _NAMED else "")
