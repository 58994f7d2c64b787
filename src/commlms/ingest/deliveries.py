"""Deliveries: what senders sent, taken whole. One sender, shape and period is one transaction and one journal entry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import attrs

from commlms.core.errors import CommLMSError
from commlms.core.events import WriteEvent
from commlms.core.labels import Label
from commlms.core.problems import Problem
from commlms.core.records import Record
from commlms.ingest.deciding import Decision, Former, decide, much_less, overlap, unless_told, will_be
from commlms.ingest.delivering import PartLanding
from commlms.ingest.load import Importer
from commlms.ingest.progress import Progress, phase
from commlms.ingest.provenance import LANDED
from commlms.ingest.replacing import Replacing
from commlms.ingest.taking import Activity, Offer, Paper, Refusal, TakeOptions, Taking, find_files
from commlms.measure.totals import Totals
from commlms.store.archive import Archive
from commlms.store.database import Database, TakeBack
from commlms.store.geography import code_and_name
from commlms.store.journal import COUNTS, count_entry, next_number, open_entry
from commlms.store.keys import OfficeKey

_FILES, _TAKEN = Label("读文件", "files read"), Label("收报送", "deliveries taken")


@attrs.frozen
class Fate:
    """What became of one file, or of what it says for one sender, shape and period.

    ``kind`` is ``taken``, ``same`` (nothing to do), ``not_taken`` or ``aside``; ``counts`` obeys
    read = new + changed + unchanged + held + unnamed + rejected + not_counted; ``removed`` rows of the former delivery went.
    """

    paper: Paper
    kind: str
    why: Label
    sheet: str = ""
    offer: Offer | None = None
    turn: int = 0
    journal: int | None = None
    delivery: int = 0
    counts: Mapping[str, int] = attrs.field(factory=dict)
    removed: int = 0
    problems: tuple[Problem, ...] = ()
    landed: tuple[PartLanding, ...] = attrs.field(default=(), repr=False)


@attrs.frozen
class Plan:
    """What a take would do: every offer with its decision, in the order in which they would land, and what is no delivery."""

    offers: tuple[tuple[Offer, Decision], ...]
    refusals: tuple[Refusal, ...]


class Deliveries:
    """Plans and takes deliveries into one database.

    ``importer`` makes what rows land by; ``keys`` are the office keys, the newest first, those of the key file if None;
    ``archive`` keeps the files that are taken; ``announce`` is told of each delivery once it is committed.
    """

    def __init__(
        self, database: Database, totals: Totals, records: Mapping[str, Record], importer: Callable[[], Importer],
        keys: Sequence[bytes] | None, archive: Archive, announce: Callable[[WriteEvent], None],
    ) -> None:
        self.database, self.records, self.archive, self.announce = database, records, archive, announce
        office = OfficeKey().read() if keys is None else keys
        #: The oldest key is the database's for good; of newer ones only new digests are made.
        self.secret = office[-1] if office else b""
        self._importer = importer
        self.replacing = Replacing(database, totals, records)

    @cached_property
    def importer(self) -> Importer:
        """What rows land by."""
        return self._importer()

    def plan(self, paths: Iterable[str | Path], options: TakeOptions, progress: Progress | None = None) -> Plan:
        """Read everything and decide about it, writing nothing. The order in which files are given does not matter."""
        taking = Taking(self.database, self.records, self.importer.reading.today, options, self.secret)
        papers = list(find_files(map(Path, paths)))
        tell = phase(progress, _FILES, len(papers))
        found: list[Offer | Refusal] = []
        for number, paper in enumerate(papers, start=1):
            found += taking.offers(paper)
            tell(number)
        refusals = tuple(o for o in found if isinstance(o, Refusal))
        known: dict[tuple[int, str, str], list[Former]] = {}
        decided: list[tuple[Offer, Decision]] = []
        for offer in sorted((o for o in found if isinstance(o, Offer)), key=lambda o: o.order):
            before = known.setdefault(offer.key, self.known(offer))
            decision = self._decide(offer, before)
            if decision.kind == "new" and offer.nil and (told := _activities(offer, decided)):
                decision = _against_activities(decision, told)
            elif decision.kind == "new":
                decision = attrs.evolve(decision, note=overlap(offer, [*self._sent(offer), *_planned(offer, decided)]))
            decided.append((offer, decision))
            if decision.kind in _TAKEN_KINDS or (decision.kind == "doubtful" and options.fewer):
                known[offer.key] = [*(k.replaced() if k in decision.replaced else k for k in before), will_be(offer, decision)]
        return Plan(tuple(decided), refusals)

    def _sent(self, offer: Offer) -> list[tuple[str, str]]:
        """The deliveries that count of an offer's sender and shape, by period and file."""
        return self.database.execute(
            "SELECT period, file FROM delivery WHERE sender = ? AND shape = ? AND replaced_by IS NULL ORDER BY period, turn",
            (offer.sender, offer.shape),
        ).fetchall()

    def taking(
        self, plan: Plan, accepted: bool | Collection[Offer] = (), progress: Progress | None = None
    ) -> Iterator[Fate]:
        """Take a plan's offers one by one, each in a transaction; ``accepted``: all that is doubtful, or what a person said to take.

        What cannot be taken does not stop the others.
        """
        for refusal in plan.refusals:
            yield Fate(refusal.paper, "aside" if refusal.aside else "not_taken", refusal.why, refusal.sheet)
        tell = phase(progress, _TAKEN, len(plan.offers))
        for number, (offer, _) in enumerate(plan.offers, start=1):
            try:
                fate = self._take(offer, accepted if isinstance(accepted, bool) else offer in accepted)
            except CommLMSError as error:
                fate = Fate(offer.paper, "not_taken", Label(error.say("zh"), error.say("en")), offer.sheet, offer)
            if fate.journal is not None:
                self.announce(WriteEvent(fate.journal, "take", "delivery", fate.counts["new"], fate.counts["changed"], fate.removed))
            tell(number)
            yield fate

    def known(self, offer: Offer) -> list[Former]:
        """Every delivery of an offer's sender, shape and period, in turn."""
        rows = self.database.execute(
            f"SELECT d.turn, d.received, d.file, COALESCE(d.digest, ''), d.archived IS NOT NULL, {LANDED}, "
            "j.rejected, d.id, d.replaced_by FROM delivery d JOIN journal j ON j.id = d.journal "
            "WHERE d.sender = ? AND d.shape = ? AND d.period = ? ORDER BY d.turn", offer.key,
        ).fetchall()
        return [
            Former(turn, received, file, digest, n, bool(rejected), number, replaced_by, self._meetings(number), bool(archived))
            for turn, received, file, digest, archived, n, rejected, number, replaced_by in rows
        ]

    def _decide(self, offer: Offer, known: Sequence[Former]) -> Decision:
        """What becomes of an offer; nothing to report where activities are reported already is a question."""
        decision = decide(offer, known)
        told = self._of_period(offer, "shape <> 'nil'") if offer.nil and decision.kind != "same" else []
        if not told:
            return decision
        return _against_activities(decision, told[0][1])

    def _of_period(self, offer: Offer, which: str) -> list[tuple[int, str]]:
        """The deliveries that count of an offer's sender and period, of some shapes: number and file."""
        return self.database.execute(
            f"SELECT id, file FROM delivery WHERE sender = ? AND period = ? AND replaced_by IS NULL AND {which} ORDER BY id",
            (offer.sender, offer.period.key),
        ).fetchall()

    def _meetings(self, delivery: int) -> frozenset[Activity]:
        return frozenset((on, key) for on, key in self.database.execute(
            'SELECT s."on", s.theme_key FROM delivered d JOIN session s ON s.id = d.k1 WHERE d.delivery = ? AND d."table" = \'session\'',
            (delivery,),
        ))

    def _take(self, offer: Offer, accepted: bool) -> Fate:
        with suppress(TakeBack), self.database.transaction():
            decision = self._decide(offer, self.known(offer))
            if decision.kind in ("same", "refused") or (decision.kind == "doubtful" and not accepted):
                kind = "same" if decision.kind == "same" else "not_taken"
                if decision.archived:
                    self.archive.mend(offer.paper.path.read_bytes())
                why = unless_told(decision.why) if decision.kind == "doubtful" else decision.why
                return Fate(offer.paper, kind, why, offer.sheet, offer, decision.turn)
            fate = self._land(offer, decision)
            against = self._against(offer, decision, fate, accepted)
            if against is None:
                self._archive(offer, fate.delivery)
                return fate
            fate = attrs.evolve(fate, kind=against[0], why=against[1], journal=None, delivery=0, removed=0)
            raise TakeBack
        return fate

    def _land(self, offer: Offer, decision: Decision) -> Fate:
        importer = self.importer
        journal = open_entry(
            self.database, importer.actor, importer.reason, "take", "delivery", offer.paper.name,
            code_and_name(self.database, offer.sender)[0],
        )
        delivery = self._enter(offer, decision, journal)
        landed = tuple(PartLanding(importer, part, offer.paper.name, offer.sender, delivery) for part in offer.parts if not part.nil)
        counts = dict.fromkeys(COUNTS, 0)
        for part in landed:
            for name, n in part.land(journal).items():
                counts[name] += n
        counts["not_counted"] += (skipped := sum(len(p.skipped) for p in offer.parts if p.nil))
        counts["read"] += skipped
        former = [k.id for k in decision.replaced]
        if not offer.nil:  # what was to be nothing has come after all
            former += [number for number, _ in self._of_period(offer, "shape = 'nil'")]
        self.replacing.inherit(former, delivery)
        removed = self.replacing.release(former, delivery, journal) if former else 0
        count_entry(self.database, journal, **counts)
        problems = tuple(p for part in landed for p in part.problems())
        return Fate(
            offer.paper, "taken", decision.why, offer.sheet, offer, decision.turn, journal, delivery, counts, removed, problems,
            landed=landed,
        )

    def _against(self, offer: Offer, decision: Decision, fate: Fate, accepted: bool) -> tuple[str, Label] | None:
        """Why what has landed is taken back: nothing did, nothing is new, or far less is there than before."""
        counts = fate.counts
        landed = sum(counts[n] for n in ("new", "changed", "unchanged", "held", "unnamed"))
        if not landed and not offer.nil:
            return "not_taken", _NOTHING_GOOD
        if decision.replaced and not counts["new"] + counts["changed"] + fate.removed and not self._other_rows(decision, fate):
            turn = decision.replaced[-1].turn
            return "same", Label(f"与第 {turn} 次相同，没有新内容", f"the same as turn {turn}; nothing is new")
        if decision.replaced and not accepted and landed * 5 < sum(k.rows for k in decision.replaced) * 4:
            return "not_taken", unless_told(much_less(landed, decision.replaced))
        return None

    def _other_rows(self, decision: Decision, fate: Fate) -> bool:
        """Whether a delivery says other rows of the store than those it replaces."""
        former = ", ".join(f"{k.id:d}" for k in decision.replaced)
        said = 'SELECT "table", k1, k2 FROM delivered WHERE delivery'
        new, old = f"{said} = {fate.delivery:d}", f"{said} IN ({former})"
        return any(self.database.one(f"SELECT EXISTS ({one} EXCEPT {other})") for one, other in ((new, old), (old, new)))

    def _enter(self, offer: Offer, decision: Decision, journal: int) -> int:
        """The delivery's own row; its number was never another's."""
        number = next_number(self.database, "delivery")
        self.database.execute(
            "INSERT INTO delivery (id, sender, shape, period, turn, received, file, sheet, nil, digest, journal) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, *offer.key, decision.turn, self.importer.reading.today, offer.paper.name, offer.sheet or None, int(offer.nil),
             offer.digest, journal),
        )
        return number

    def _archive(self, offer: Offer, delivery: int) -> None:
        """Keep the file, now that it is taken; nothing is kept of a database in memory."""
        paper = offer.paper
        number = self.archive.keep(paper.path.read_bytes(), paper.file, offer.sender, offer.shape.partition(":")[0])
        if number is not None:
            self.database.execute("UPDATE delivery SET archived = ? WHERE id = ?", (str(number), delivery))


def _planned(offer: Offer, decided: Iterable[tuple[Offer, Decision]]) -> list[tuple[str, str]]:
    """The same of what is planned already."""
    same = (o for o, d in decided if (o.sender, o.shape) == (offer.sender, offer.shape) and d.kind in ("new", "replaces"))
    return [(o.period.key, o.paper.name) for o in same]


def _activities(offer: Offer, decided: Iterable[tuple[Offer, Decision]]) -> str:
    """The file of this plan that reports activities of the sender and period for which another reports nothing."""
    same = (o for o, d in decided if not o.nil and (o.sender, o.period) == (offer.sender, offer.period) and d.kind in _TAKEN_KINDS)
    return next((o.paper.name for o in same), "")


def _against_activities(decision: Decision, file: str) -> Decision:
    """Nothing to report, and a file that reports something: a person is asked."""
    why = Label(f"是零报告，而「{file}」已报了同一时期的活动", f"it reports nothing, but {file} reports activities of the same period")
    return attrs.evolve(decision, kind="doubtful", why=why)


_TAKEN_KINDS = ("new", "further", "replaces")
_NOTHING_GOOD = Label("没有一行能收；请按所列问题更正后再收", "not one row could be taken; correct what is listed and take it again")
