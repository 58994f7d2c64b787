"""Places in memory, with their dates: finding them by code or name, and the trees they form."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from operator import add
from typing import Any, Literal

import attrs

from commlms.core.days import NEVER
from commlms.core.errors import CommLMSError
from commlms.core.labels import Label
from commlms.core.text import key_of, narrow
from commlms.store.database import Database

Tree = Literal["admin", "reporting"]
#: How streets write the body that runs a place, longer endings first, and how the place itself ends.
_BODIES = (
    ("社区居民委员会", "社区"), ("社区村民委员会", "社区"), ("社区居委会", "社区"), ("社区村委会", "社区"), ("社区居委", "社区"),
    ("社区村委", "社区"), ("居民委员会", "社区"), ("居委会", "社区"), ("居委", "社区"), ("村村民委员会", "村"), ("村民委员会", "村"),
    ("村村委会", "村"), ("村委会", "村"), ("村村委", "村"), ("村委", "村"), ("街道办事处", "街道"), ("街道办", "街道"),
    ("街办", "街道"), ("镇人民政府", "镇"), ("镇政府", "镇"), ("乡人民政府", "乡"), ("乡政府", "乡"),
)
#: What an everyday name of a place goes without: 竹湖园 is 竹湖园社区.
_ENDINGS = ("街道", "社区", "镇", "乡", "村", "区", "县", "市")
#: What a home says more than its place: 倮果村3组, 幸福社区2栋1单元.
_WITHIN = re.compile(r"(?:第?[\d一二三四五六七八九十]{1,4}(?:[村居]民小组|小组|组|社|队|号|栋|幢|单元|楼|室))+$")
#: The longest text that is taken apart for a place.
_LONGEST = 80
#: The same bodies as they are written for short: two of one village are told apart by them.
_SHORT = {
    "村民委员会": ("村委会", "村委"), "居民委员会": ("居委会", "居委"), "街道办事处": ("街道办", "街办"), "人民政府": ("政府",),
}


@attrs.frozen
class PlaceState:
    """What a place was from ``since`` until (not including) ``until``. Days as integers."""

    id: int
    since: int
    until: int
    code: str
    name: str
    level: str
    kind: str
    area: str
    region: str
    aliases: str
    parent: int | None
    reports_to: int | None

    def above(self, tree: Tree) -> int | None:
        """Its parent in a tree: the reporting tree follows ``reports_to`` where it is set."""
        return self.reports_to or self.parent if tree == "reporting" else self.parent


def _rows(database: Database) -> list[tuple[Any, ...]]:
    words = ", ".join(f"COALESCE({word}, '')" for word in ("code", "name", "level", "kind", "area", "region", "aliases"))
    return database.execute(f"SELECT owner, since, until, {words}, parent, reports_to FROM place_state ORDER BY owner, since").fetchall()


class Geography:
    """Every state of every place of a database, read once."""

    def __init__(self, database: Database) -> None:
        self._rows = _rows(database)
        self.states: dict[int, list[PlaceState]] = defaultdict(list)
        for row in self._rows:
            self.states[row[0]].append(PlaceState(*row))
        self._codes: dict[str, list[PlaceState]] = defaultdict(list)
        self._names: dict[str, set[int]] | None = None
        for states in self.states.values():
            for state in states:
                self._codes[state.code].append(state)
        #: The days on which any place changes; and the trees of the times between them, filled by :func:`place_tree`.
        self.changes = sorted({day for states in self.states.values() for s in states for day in (s.since, s.until)})
        self.trees: dict[tuple[int, Tree], PlaceTree] = {}

    def now(self, database: Database) -> Geography:
        """The places as they are now: these, with all that was worked out of them, if none has changed since they were read."""
        return self if self._rows == _rows(database) else Geography(database)

    def at(self, place: int, day: int) -> PlaceState | None:
        """A place as it was on a day; its nearest state if it had none then; None if it never existed."""
        states = self.states.get(place)
        if not states:
            return None
        for state in states:
            if state.since <= day < state.until:
                return state
        return states[-1] if day >= states[-1].until else states[0]

    def by_code(self, code: str, day: int) -> int | None:
        """The place that a code named on a day, or None."""
        return next((s.id for s in self._codes.get(code, ()) if s.since <= day < s.until), None)

    def find(self, text: str, day: int, under: int | None = None) -> list[int]:
        """The places that a code, name, alias or full name can mean on a day; below ``under`` first.

        A place is also found by the body that runs it (幸福社区居民委员会 is 幸福社区), behind any places above it (西河区幸福社区), and
        below ``under`` by its name without ending.
        """
        text = narrow(text)
        if (found := self.by_code(text, day)) is not None:
            return [found]
        place = "".join(_of_body(text))
        named = self._named(text, day) or self._named(place, day)
        if not named and len(text) <= _LONGEST:
            words = [key_of(text), key_of(place), _WITHIN.sub("", key_of(text))]
            named = next(filter(None, (self._composed(word, day, under) for word in words)), [])
        if under is not None and len(named) > 1:
            below = [p for p in named if under in self.chain(p, day)]
            named = below or named
        return sorted(named)

    def _composed(self, key: str, day: int, under: int | None) -> list[int]:
        """The places with whose own name a text ends, all before it being names of places above: 炳草岗竹湖园社区."""
        return sorted({
            p for at in range(len(key)) for p in self._own.get(key[at:], ())
            if self._in_force(p, day) and (
                self._named_above(key[:at], list(self.chain(p, day))[1:], day) if at
                else key in self._own_keys(p, day, short=False) or (under is not None and under in self.chain(p, day))
            )
        })

    def _named_above(self, key: str, above: Sequence[int], day: int) -> bool:
        """Whether a text is nothing but names of these places, the highest first; not every one need be named."""
        return not key or any(
            written.endswith(word) and self._named_above(written.removesuffix(word), above[n + 1:], day)
            for written in {key, "".join(_of_body(key))} for n, place in enumerate(above) for word in self._own_keys(place, day)
        )

    def _own_keys(self, place: int, day: int, short: bool = True) -> set[str]:
        state = self.at(place, day)
        full = {key_of(word) for word in self.own_names(state)} if state else set()
        return full | {stem for word in full for stem in _without_ending(word)} if short else full

    @cached_property
    def _own(self) -> Mapping[str, set[int]]:
        """Every name a place has by itself, also without its ending."""
        own: dict[str, set[int]] = defaultdict(set)
        for place, states in self.states.items():
            for state in states:
                for word in self._own_keys(place, state.since):
                    own[word].add(place)
        return own

    def _named(self, text: str, day: int) -> list[int]:
        return [p for p in self.names.get(key_of(text), ()) if self._in_force(p, day)]

    def _in_force(self, place: int, day: int) -> bool:
        return any(s.since <= day < s.until for s in self.states[place])

    def chain(self, place: int, day: int, tree: Tree = "admin") -> Iterator[int]:
        """A place and everything above it, upwards."""
        seen: set[int] = set()
        current: int | None = place
        while current is not None and current not in seen:
            seen.add(current)
            yield current
            state = self.at(current, day)
            current = state.above(tree) if state else None

    @property
    def names(self) -> Mapping[str, set[int]]:
        """Every name a place can be written by: its own, its aliases, without endings, with its parents' in front."""
        if self._names is None:
            self._names = defaultdict(set)
            for states in self.states.values():
                for state in states:
                    for word in self._spellings(state):
                        self._names[key_of(word)].add(state.id)
        return self._names

    def own_names(self, state: PlaceState) -> list[str]:
        """What a place is called by itself: its name and aliases, and these as the place of the body they name."""
        own = [state.name, *filter(None, state.aliases.replace("，", "、").replace(",", "、").split("、"))]
        for word in tuple(own):
            stem, ending = _of_body(word)
            own += [stem, stem + ending] if ending else []
            own += [word.removesuffix(body) + short for body, shorts in _SHORT.items() if word.endswith(body) for short in shorts]
        return own

    def _spellings(self, state: PlaceState) -> Iterable[str]:
        own = self.own_names(state)
        prefix = ""
        yield from own
        for above in list(self.chain(state.id, state.since))[1:]:
            upper = self.at(above, state.since)
            prefix = (upper.name if upper else "") + prefix
            yield from (prefix + word for word in own)

    def name(self, place: int, day: int = NEVER - 1) -> str:
        """A place's name on a day, or its id in a form that can be read."""
        state = self.at(place, day)
        return state.name if state else f"#{place}"


@attrs.frozen
class PlaceTree:
    """The places in force on a day, each below its parent; parents come before their children in ``order``.

    ``fallen``: places that have ended (or not begun), with the place that what stands at them falls to.
    """

    day: int
    tree: Tree
    nodes: dict[int, PlaceState]
    parents: dict[int, int | None]
    children: dict[int, tuple[int, ...]]
    order: tuple[int, ...]
    fallen: dict[int, int]

    def roll_up(self, own: Mapping[int, int]) -> dict[int, int]:
        """Each place's own figure plus everything below it, and what stands at ended places below it."""
        summed = dict.fromkeys(self.order, 0)
        for place, number in own.items():
            at = place if place in summed else self.fallen.get(place)
            if at in summed:
                summed[at] += number
        for place in reversed(self.order):
            if place in self.children:
                summed[place] += sum(map(summed.__getitem__, self.children[place]))
        return summed

    def roll_up_rows(self, own: Mapping[int, Sequence[int]], width: int) -> dict[int, Sequence[int]]:
        """The same for ``width`` figures of each place at once."""
        nothing: Sequence[int] = (0,) * width
        summed = dict.fromkeys(self.order, nothing)
        for place, numbers in own.items():
            at = place if place in summed else self.fallen.get(place)
            if at in summed:
                summed[at] = numbers if summed[at] is nothing else tuple(map(add, summed[at], numbers))
        for place in reversed(self.order):
            if place in self.children:
                below = map(summed.__getitem__, self.children[place])
                summed[place] = tuple(map(sum, zip(summed[place], *below, strict=True)))
        return summed

    def members(self, place: int) -> set[int]:
        """A place, everything below it, and the ended places whose figures fall to one of these."""
        inside = set(self.below(place))
        return inside | {p for p, heir in self.fallen.items() if heir in inside}

    def below(self, place: int) -> tuple[int, ...]:
        """A place and everything below it, from the top."""
        found = [place]
        for each in found:
            found += self.children.get(each, ())
        return tuple(found)

    def leaves(self, place: int) -> tuple[int, ...]:
        """The places below (or the place itself) that have nothing below them."""
        return tuple(p for p in self.below(place) if not self.children.get(p))


def code_and_name(database: Database, place: int) -> tuple[str, str]:
    """What a place is called, as it is or was last, with its code where another place has that name; empty for one that never was."""
    row = database.execute(
        "SELECT s.code, s.name, EXISTS (SELECT 1 FROM place_state o WHERE o.name = s.name AND o.owner <> s.owner) "
        "FROM place_state s WHERE s.owner = ? ORDER BY s.since DESC", (place,),
    ).fetchone()
    code, name, shared = row or ("", "", 0)
    return code, f"{name} {code}" if shared else name


def _of_body(word: str) -> tuple[str, str]:
    """A word that names a body as the stem and ending of its place; without an ending where it names none."""
    for body, ending in _BODIES:
        if word.endswith(body) and len(word) > len(body):
            return word.removesuffix(body), ending
    return word, ""


def _without_ending(word: str) -> Iterator[str]:
    """What is left of a name without the ending that says what kind of place it is, if that is a name still."""
    return (word.removesuffix(e) for e in _ENDINGS if word.endswith(e) and len(word) > len(e) + 1)


def place_tree(geography: Geography, day: int, tree: Tree = "admin") -> PlaceTree:
    """The tree of a day: the places in force on it. What still stands at a place that has ended falls to its last parent in force.

    Made once for all the days between two changes of any place.
    """
    between = bisect_right(geography.changes, day), tree
    if between not in geography.trees:
        geography.trees[between] = _made_tree(geography, day, tree)
    return attrs.evolve(geography.trees[between], day=day)


def _made_tree(geography: Geography, day: int, tree: Tree) -> PlaceTree:
    nodes = {p: s for p, states in geography.states.items() for s in states if s.since <= day < s.until}
    parents = {p: _nearest(geography, nodes, p, day, tree) for p in nodes}
    fallen = {p: heir for p in geography.states if p not in nodes and (heir := _nearest(geography, nodes, p, day, tree)) is not None}
    below: dict[int, list[int]] = defaultdict(list)
    roots = []
    for place, parent in sorted(parents.items(), key=lambda item: (nodes[item[0]].code, item[0])):
        if parent is None:
            roots.append(place)
        else:
            below[parent].append(place)
    order = list(roots)
    for place in order:
        order += below.get(place, ())
    children = {p: tuple(below[p]) for p in order if p in below}
    return PlaceTree(day, tree, nodes, parents, children, tuple(order), fallen)


def _nearest(geography: Geography, nodes: Mapping[int, PlaceState], place: int, day: int, tree: Tree) -> int | None:
    """The nearest place above that is in force."""
    own = nodes.get(place)
    above = own.above(tree) if own else None
    if above in nodes and above != place:
        return above
    return next((p for p in islice(geography.chain(place, day, tree), 1, None) if p in nodes), None)


def place_faults(database: Database) -> Iterator[Label]:
    """Codes that name two places on one day, and places that stand below themselves on some day, in either tree."""
    clashes = database.execute(
        "SELECT DISTINCT a.code FROM place_state a JOIN place_state b ON a.code = b.code AND a.owner < b.owner "
        "AND a.since < b.until AND b.since < a.until"
    )
    for (code,) in clashes.fetchall():
        yield Label(
            f"代码 {code} 在同一天指两个地点；请先给旧的填「失效日期」",
            f"code {code} names two places on one day; give the older one an end first",
        )
    own = "SELECT DISTINCT code FROM place_state WHERE parent = owner OR reports_to = owner"
    for (code,) in database.execute(own).fetchall():
        yield Label(f"地点 {code} 的上级是它自己；请核对上级", f"place {code} is its own parent; check its parent")
    geography = Geography(database)
    days = sorted({s.since for states in geography.states.values() for s in states})
    for tree in ("admin", "reporting"):
        for day in days:
            whole = _made_tree(geography, day, tree)  # each looked at once: none is kept
            for place in whole.nodes.keys() - set(whole.order):
                code = whole.nodes[place].code
                yield Label(f"地点 {code} 排在自己的下级之下；请核对上级", f"place {code} stands below itself; check its parent")


def refuse_bad_places(database: Database) -> None:
    """Inside a write of places: refuse it if no figure could be added up, or no code be read, afterwards."""
    fault = next(place_faults(database), None)
    if fault is not None:
        raise CommLMSError(Label("{fault}。未写入任何内容", "{fault}. Nothing was written"), fault=fault)
