"""Who sent a file: the places named in its title rows, its sheets, its own name and the folders it lies in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import attrs

from commlms.core.labels import Label
from commlms.core.text import key_of
from commlms.store.database import Database
from commlms.store.geography import Geography

#: Alternatives of which one is meant: every place that a word of a text can name.
Group = frozenset[int]

_SENDERS = ("填报单位", "报送单位", "上报单位", "填表单位", "报表单位", "单位名称", "报送地点", "单位")
_ORGANISERS = ("主办单位", "组织单位", "承办单位", "举办单位", "开展单位", "办学机构", "机构")
#: What else a title row says of an activity: what stands behind these words names no sender.
_OTHERS = (
    "活动主题", "主题", "活动名称", "课程名称", "课程", "班级", "活动时间", "活动日期", "时间", "日期", "活动地点", "地点", "场地",
    "主讲人", "授课教师", "教师", "参加人数", "人数", "活动对象", "对象", "学时", "时长", "活动内容", "内容", "填报日期", "填表日期",
    "填报时间", "填报人", "填表人", "负责人", "审核人", "制表人", "联系电话", "电话", "图例", "说明", "注", "备注",
)
_LABELS = re.compile(
    f"({'|'.join(sorted((*_SENDERS, *_ORGANISERS, *_OTHERS), key=len, reverse=True))})" r"\s*(?:[（(][^）)]{0,8}[）)])?\s*[:：]"
)
#: What a name of a place may be written without, where it is clear that a place is meant.
_ENDINGS = ("街道", "社区", "镇", "乡", "村")
#: The longest name of a place or institution that is looked for.
_LONGEST = 40


@attrs.frozen
class Sender:
    """Who sent a sheet: ``place``, or None with what stands against it.

    ``several``: it can be any of these; ``against``: the title names the first, the file's name the second.
    """

    place: int | None = None
    several: tuple[int, ...] = ()
    against: tuple[int, int] | None = None

    def why(self, geography: Geography, day: int) -> Label:
        """Why there is no sender, and what to do."""
        if self.against:
            title, path = (geography.name(p, day) for p in self.against)
            return Label(
                f"标题写的是{title}，文件名写的是{path}；请核对，再用 --under 指明报送地点",
                f"the title names {title}, the file's name {path}; check which, and name the sender with --under",
            )
        if self.several:
            names = "、".join(f"{s.code} {s.name}" for p in self.several[:5] if (s := geography.at(p, day)))
            return Label(
                f"报送地点可以是 {names}；请用 --under 指明", f"the sender could be any of {names}; name it with --under",
            )
        return Label(
            "看不出是哪个地点报送的；请用 --under 指明，或在标题中写上「填报单位」",
            "no place is named as the sender; name it with --under, or write 填报单位 in the title",
        )


@attrs.frozen
class _Titles:
    """What title rows say, by how far it can be trusted to name the sender."""

    senders: tuple[str, ...]
    plain: tuple[str, ...]
    organisers: tuple[str, ...]


class Senders:
    """Finds the sender of files, among the places in force on a day and the institutions at them."""

    def __init__(self, database: Database, day: int, geography: Geography | None = None) -> None:
        self.geography, self.day = geography or Geography(database), day
        self._names: dict[str, set[int]] = defaultdict(set)
        self._short: dict[str, set[int]] = defaultdict(set)
        self._chains: dict[int, frozenset[int]] = {}
        there = [s for states in self.geography.states.values() for s in states if s.since <= day < s.until]
        tops = [s.id for s in there if s.parent is None]
        #: The office's own place sends nothing to itself.
        self.office = tops[0] if len(tops) == 1 else None
        for state in (s for s in there if s.id != self.office):
            full = {key_of(word) for word in self.geography.own_names(state)}
            stems = {word.removesuffix(e) for word in full for e in _ENDINGS if word.endswith(e)}
            for word in full - (stems - {key_of(state.name)}):
                self._names[word].add(state.id)
            for word in stems:
                if len(word) > 1:
                    self._short[word].add(state.id)
        for name, plates, place in database.execute("SELECT name, COALESCE(nameplates, ''), place FROM institution").fetchall():
            for word in (name, *re.split(r"[、，,;；]", plates)):
                if len(key_of(word)) > 1 and place != self.office:
                    self._names[key_of(word)].add(place)

    def find(self, titles: Sequence[str], sheet: str, path: Sequence[str], organisers: Iterable[str] = ()) -> Sender:
        """The sender, from the title rows, the sheet's name, and the names of the folders and the file."""
        said = _split(titles)
        outer = self._groups(path)
        labelled = self._groups(said.senders)
        inner = labelled or self._groups((*said.plain, sheet))
        if inner and outer:
            return self._together(inner, outer, bool(labelled))
        return self._one(inner or outer or self._groups((*said.organisers, *dict.fromkeys(organisers))))

    def _together(self, inner: list[Group], outer: list[Group], labelled: bool) -> Sender:
        """Both the sheet and the path name places: one place that is all of them, the lowest; or the one that the sheet calls
        its sender, if the path names it or one above or below it."""
        if not labelled and (found := self._fitting(inner + outer)):
            return self._lowest(found)
        own, other = self._fitting(inner), self._fitting(outer)
        if labelled and own:
            near = [p for p in own if all(any(q in self._chain(p) or p in self._chain(q) for q in g) for g in outer)]
            if near:
                return self._lowest(near)
        if own and other:
            return Sender(against=(own[0], other[0]))
        return self._one(inner if not own else outer)

    def _one(self, groups: list[Group]) -> Sender:
        found = self._fitting(groups)
        return self._lowest(found) if found else Sender(several=tuple(sorted({p for g in groups for p in g})))

    def _lowest(self, found: list[int]) -> Sender:
        """Of places that all fit the one that has none of the others below it."""
        lowest = [p for p in found if not any(p != q and p in self._chain(q) for q in found)]
        return Sender(lowest[0]) if len(lowest) == 1 else Sender(several=tuple(lowest))

    def _fitting(self, groups: Sequence[Group]) -> list[int]:
        """The places named that have one of each group at or above them."""
        named = sorted({p for g in groups for p in g})
        return [p for p in named if all(g & self._chain(p) for g in groups)]

    def _chain(self, place: int) -> frozenset[int]:
        if place not in self._chains:
            both = {*self.geography.chain(place, self.day), *self.geography.chain(place, self.day, "reporting")}
            self._chains[place] = frozenset(both)
        return self._chains[place]

    def _groups(self, texts: Iterable[str]) -> list[Group]:
        """The places that texts name; only where none is named in full, those named without their endings."""
        keys = [key_of(text) for text in texts]
        full = {g for key in keys for g in _named(key, self._names)}
        # 银江 is both 银江镇 and 银江村: who is written so short is the higher one.
        return list(full) or [self._highest(g) for key in keys for g in _named(key, self._short)]

    def _highest(self, group: Group) -> Group:
        return frozenset(p for p in group if not any(q != p and q in self._chain(p) for q in group))


def _named(text: str, names: dict[str, set[int]]) -> Iterator[Group]:
    """What a text names, from left to right, each time the longest."""
    at = 0
    while at < len(text):
        end = next((e for e in range(min(len(text), at + _LONGEST), at + 1, -1) if text[at:e] in names), None)
        if end is None:
            at += 1
        else:
            yield frozenset(names[text[at:end]])
            at = end


def _split(titles: Sequence[str]) -> _Titles:
    """Title rows by what they say: behind a label what it labels, before the first one the title itself."""
    found: dict[str, list[str]] = {"sender": [], "plain": [], "organiser": []}
    for text in titles:
        before, *rest = _LABELS.split(text)
        found["plain"].append(before)
        for label, value in zip(rest[::2], rest[1::2], strict=True):
            if label in _SENDERS:
                found["sender"].append(value)
            elif label in _ORGANISERS:
                found["organiser"].append(value)
    return _Titles(tuple(found["sender"]), tuple(found["plain"]), tuple(found["organiser"]))
