"""Single verdicts of a document as they may be shown."""

from __future__ import annotations

import attrs

from commlms.core.labels import Label
from commlms.core.pack_words import READINGS, word
from commlms.core.policies import Policy, Target
from commlms.measure.judge import VERDICTS, Judgement
from commlms.measure.shown import LINKED
from commlms.report.cells import Shown
from commlms.report.content import Verdict
from commlms.report.frame import Frame
from commlms.report.protect import JudgedProtection
from commlms.report.source import Source
from commlms.report.words import BASES, FORCES


class Verdicts:
    """Makes verdicts."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.protection = JudgedProtection(source)
        self._notes: dict[str, Label | None] = {}

    def verdict(self, frame: Frame, target: Target, judgement: Judgement) -> Verdict:
        """One judgement as it may be shown."""
        over, under = self.protection.hidden(frame.policy, target, judgement)
        # What is made of a hidden number is withheld; that it lies under 5 is said of that number alone.
        made = LINKED if over or under else ""
        return Verdict(
            target=target.id, label=target.label, metric=target.metric, compare=target.compare, value=target.value,
            unit=target.unit, clause=target.clause, quote=target.quote, force=FORCES[target.force], due=target.due,
            basis=BASES.get(target.basis, Label("", "")), note=self._note(frame.policy, target, judgement), verdict=judgement.verdict,
            verdict_label=VERDICTS[judgement.verdict], why=judgement.why, period=judgement.period,
            where=frame.where(judgement), places=len(judgement.places),
            numerator=_shown(judgement.numerator, over), denominator=_shown(judgement.denominator, under),
            ceiling=_shown(judgement.ceiling, made), bound=_shown(judgement.bound, made),
            counted=judgement.counted, divided_by=judgement.divided_by, needed=None if under else judgement.needed,
            by=_shown(judgement.by, made), silent=judgement.silent, leaves=judgement.leaves, estimated=judgement.estimated,
            req=target.req, data=target.data, not_reported=judgement.not_reported,
            gloss=target.gloss, value_max=target.value_max, subject=judgement.subject,
            excess=_shown(judgement.excess, made), limit=judgement.limit,
            of=judgement.of, running=judgement.running, code=frame.code(judgement),
            reading=word(READINGS, target.reading),
        )

    def _note(self, policy: Policy, target: Target, judgement: Judgement) -> Label | None:
        said = target.note is not None and judgement.why == target.note  # of a number that means nothing its note is the reason
        key = f"{policy.key} {target.id} {said}"
        if key not in self._notes:
            self._notes[key] = _notes(policy, attrs.evolve(target, note=None) if said else target)
        return self._notes[key]


def _notes(policy: Policy, target: Target) -> Label | None:
    """How the sentence was read, what its region takes in, and the record it asks for."""
    region = policy.region(target.region)
    needs = target.data and Label(f"所需记录：{target.data.zh}", f"the record it asks for: {target.data.en}")
    stated = target.stated and Label(
        f"以{target.stated.zh}为准，没有时按库中记录", f"judged by {target.stated.en}, without it by what is recorded here",
    )
    note = None if target.unit == "undefined" else target.note  # there it is the reason of the verdict
    notes = [n for n in (note, region and region.note, needs, stated) if n]
    return Label("；".join(n.zh for n in notes), "; ".join(n.en for n in notes)) if notes else None


def _shown(value: int | None, hidden: str) -> Shown | None:
    return None if value is None else Shown(None if hidden else value, hidden)
