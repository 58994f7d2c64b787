"""What becomes of what a file says, given what the same sender has sent before in the same shape for the same period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs

from commlms.core.days import iso, period_of
from commlms.core.labels import Label
from commlms.ingest.taking import BY_ACTIVITY, Activity, Offer, revision, same_paper


@attrs.frozen
class Former:
    """A delivery that stands for a key already, or will by then.

    ``rows``: those that landed; ``open``: some were rejected; ``archived``: its file is kept.
    """

    turn: int
    received: int
    file: str
    digest: str
    rows: int
    open: bool = False
    id: int = 0
    replaced_by: int | None = None
    meetings: frozenset[Activity] = frozenset()
    archived: bool = False

    def replaced(self) -> Former:
        """The same, replaced by one that has no number yet."""
        return attrs.evolve(self, replaced_by=-1)


@attrs.frozen
class Decision:
    """What becomes of an offer: ``new``, ``further`` (another activity of the period), ``replaces``, ``same`` (nothing to do),
    ``doubtful`` (replaces, but says much less: only if a person says so) or ``refused``; with ``why`` in words. ``archived``:
    of the same, whether its file is kept. ``note`` is what a person should know and is not asked about.
    """

    kind: str
    why: Label
    replaced: tuple[Former, ...] = ()
    turn: int = 1
    archived: bool = False
    note: Label | None = None


def decide(offer: Offer, known: Sequence[Former]) -> Decision:
    """What becomes of an offer, given every delivery of its sender, shape and period."""
    turn = 1 + max((k.turn for k in known), default=0)
    live = [k for k in known if k.replaced_by is None]
    again = next((k for k in known if k.digest == offer.digest and not (k.open and k in live)), None)
    if again:
        return Decision("same", _again(again), turn=again.turn, archived=again.archived)
    replaced = tuple(k for k in live if offer.shape not in BY_ACTIVITY or _same_activity(offer, k))
    if not replaced:
        kind = "further" if live else "new"
        return Decision(kind, Label("另一场活动，新收", "new, of another activity") if live else Label("新收", "new"), turn=turn)
    later = next((k for k in replaced if _later(k.file, offer.paper.name)), None)
    if later:
        return Decision("refused", Label(
            f"已收的第 {later.turn} 次「{later.file}」从名字看是更晚的；若这一份才是更正，请改文件名再收",
            f"turn {later.turn}, {later.file}, is a later version by its name; rename this file if it is the correction"), turn=turn)
    if offer.rows * 5 < sum(k.rows for k in replaced) * 4:
        return Decision("doubtful", much_less(offer.rows, replaced), replaced, turn)
    said = frozenset(m for k in replaced for m in k.meetings)
    if said and offer.meetings and not said & offer.meetings:
        return Decision("doubtful", Label(
            f"与第 {_turns(replaced)} 次没有一场活动相同，像是另一份表", f"has no activity of turn {_turns(replaced)}, as if another table",
        ), replaced, turn)
    days = iso(replaced[-1].received)
    return Decision("replaces", Label(
        f"替换 {days} 的第 {_turns(replaced)} 次", f"replaces turn {_turns(replaced)} of {days}"), replaced, turn)


def overlap(offer: Offer, others: Iterable[tuple[str, str]]) -> Label | None:
    """What to know of an offer whose period overlaps that of another delivery of the same sender and shape, which it does not replace.

    ``others`` are such deliveries by period and file.
    """
    if offer.shape in BY_ACTIVITY:
        return None
    for key, file in others:
        if key != offer.period.key and (other := period_of(key)) is not None and other.overlaps(offer.period):
            return Label(
                f"时期 {offer.period.key} 与「{file}」的 {key} 重叠，不替换它：同一场只计一次，改过日期或主题的会有两场",
                f"its period {offer.period.key} overlaps {key} of {file}, which it does not replace: an activity in both counts once, "
                "one whose date or theme was changed stands twice",
            )
    return None


def _same_activity(offer: Offer, known: Former) -> bool:
    """Whether an offer is about the activities of a delivery: it names one of them, or it is a later version by its name."""
    return bool(offer.meetings & known.meetings) or _later(offer.paper.name, known.file)


def _later(one: str, other: str) -> bool:
    """Whether two names are of one paper, and the first says that it is a later version."""
    return same_paper(one, other) and revision(Path(one).stem) > revision(Path(other).stem)


def will_be(offer: Offer, decision: Decision) -> Former:
    """An offer as a delivery, once it is taken."""
    return Former(decision.turn, 0, offer.paper.name, offer.digest, offer.rows, meetings=offer.meetings)


def _again(known: Former) -> Label:
    day = f" {iso(known.received)}" if known.received else ""
    if known.replaced_by is None:
        return Label(f"与已收的第 {known.turn} 次{day}相同", f"the same as turn {known.turn}{day}")
    return Label(f"与已被替换的第 {known.turn} 次{day}相同", f"the same as turn {known.turn}{day}, which was replaced")


def unless_told(why: Label) -> Label:
    """Why a doubtful delivery is not taken, and how it is."""
    return Label(f"{why.zh}；若就是更正，请加 --fewer", f"{why.en}; if it is the correction, take it with --fewer")


def much_less(rows: int, replaced: Sequence[Former]) -> Label:
    """Why a delivery that says over a fifth fewer rows is asked about, or taken back."""
    before, turns = sum(k.rows for k in replaced), _turns(replaced)
    return Label(
        f"只有 {rows} 行，第 {turns} 次有 {before} 行，少了两成以上",
        f"only {rows} rows, over a fifth fewer than the {before} of turn {turns}",
    )


def _turns(known: Sequence[Former]) -> str:
    return "、".join(str(k.turn) for k in known)
