"""The command that judges: a verdict for each target and place, or how many places have which, and what contradicts what."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import attrs
import click

from commlms.cli.context import Context, lake_options, pass_context
from commlms.cli.terminal import show_json, tell
from commlms.core.days import iso
from commlms.core.labels import Label, Lang

if TYPE_CHECKING:
    from commlms.core.policies import Policy, Target
    from commlms.measure.conflicts import SideBySide
    from commlms.measure.judge import Judgement
    from commlms.report.protect import JudgedProtection

    Judged = tuple[Policy, Judgement]

#: A target with more judgements than this is told in numbers; so many places are named then, so many reasons.
_FEW, _NAMED, _REASONS = 3, 5, 2
_AND = {"zh": "、", "en": ", "}
_CONFLICT = Label("冲突", "conflict")


@click.command("judge")
@click.option("--policy", "policies", multiple=True, help="Key, id or code of a document; may be repeated. 文件")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The day judged from; today if not given. 判定日")
@click.option("--place", default=None, help="Only judgements about places here. 地点")
@click.option("--places", "every", is_flag=True, help="Every place, also where there are many. 逐个地点")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="How to print. 格式")
@pass_context
@lake_options
def judge_(context: Context, policies: tuple[str, ...], as_of: dt.datetime | None, place: str | None, every: bool, form: str) -> None:
    """The verdict of every target of the documents; of many places how many have which."""
    from commlms.report.protect import JudgedProtection

    lms = context.reading
    found = lms.judge(policies or None, as_of=as_of.date() if as_of else None, place=place)
    names = {p: states[-1] for p, states in lms.figures("2022").geography.states.items()} if found else {}
    printed = _Printed(context.lang, names, JudgedProtection(lms), lms.conflicts(found))
    if form == "json":
        show_json([printed.as_json(p, j) for p, j in found])
        return
    for line in printed.lines(found, every):
        tell(line)
    if not found:
        tell(Label("该日没有目标评判这里的地点", "no target judges a place here on that day").say(context.lang))
    context.say_left_out()


@attrs.frozen
class _Printed:
    """Judgements as they may be shown. ``names``: the last state of every place."""

    lang: Lang
    names: dict[int, Any]
    protection: JudgedProtection
    conflicts: list[SideBySide]

    def lines(self, found: Sequence[Judged], every: bool) -> Iterator[str]:
        """Everything that the command prints, line by line."""
        for _, document in groupby(found, key=lambda pair: pair[0].key):
            of_it = list(document)
            yield from self._nowhere(of_it) or self._document(of_it, every)
        for each in self.conflicts:
            yield from self._contradiction(each)
        if len(found) > 1:
            yield from self._totals(found)

    def _nowhere(self, judged: Sequence[Judged]) -> list[str]:
        """A document that says nothing here, in one line: it is not in force, or its place is not in the database."""
        (policy, first), reasons = judged[0], {j.why for _, j in judged}
        lacking = all(state.code != policy.jurisdiction for state in self.names.values())
        if first.why is None or len(reasons) > 1 or any(j.verdict != "not_applicable" or j.places for _, j in judged):
            return []
        if len(judged) == 1 and not lacking:
            return []
        several = "target" if len(judged) == 1 else "targets"
        told = Label("{n} 项目标不适用", f"{{n}} {several} not applicable").say(self.lang, n=len(judged))
        return [f"{policy.id} {policy.label.say(self.lang)}{self._colon}{told}{self._colon}{first.why.say(self.lang)}"]

    def _document(self, judged: Sequence[Judged], every: bool) -> Iterator[str]:
        for _, group in groupby(judged, key=lambda pair: pair[1].target):
            target = list(group)
            yield from self._alone(*target[0]) if len(target) == 1 else self._several(target, every)

    # -- one target -----------------------------------------------------------------------------------

    def _alone(self, policy: Policy, judgement: Judgement) -> Iterator[str]:
        target = _target(policy, judgement)
        where = self._where(attrs.evolve(judgement, name=None) if judgement.name == target.label else judgement)
        head = f"{policy.id} {target.label.say(self.lang)} {where} {judgement.period}".replace("  ", " ")
        yield f"[{self._verdict(judgement.verdict)}] {head}{self._beside(target)}"
        yield f"    {self._words(policy, target, judgement)}"
        yield f"    {self._source(policy, target)}"

    def _several(self, judged: Sequence[Judged], every: bool) -> Iterator[str]:
        """A target at several places: how many have which verdict, all that is needed, and the places or those that are short."""
        policy, first = judged[0]
        target = _target(policy, first)
        what = Label("{n} 个：", "{n}: ").say(self.lang, n=len(judged))
        head = f"{policy.id} {target.label.say(self.lang)} {first.period}"
        yield f"{head} {what}{self._counts(j for _, j in judged)}{self._beside(target)}"
        if (needed := self._needed(judged)) is not None:
            yield f"    {needed.say(self.lang)}"
        if every or len(judged) <= _FEW:
            for _, judgement in judged:
                yield f"    [{self._verdict(judgement.verdict)}] {self._where(judgement)}"
                yield f"        {self._words(policy, target, judgement)}"
        else:
            yield from self._short_ones(policy, target, [j for _, j in judged])
        yield f"    {self._source(policy, target)}"

    def _short_ones(self, policy: Policy, target: Target, judged: Sequence[Judgement]) -> Iterator[str]:
        from commlms.measure.shown import short_by

        for verdict in ("short", "not_shown"):
            missed = [j for j in judged if j.verdict == verdict]
            named = []
            for j in missed[:_NAMED]:
                by = None if any(self.protection.hidden(policy, target, j)) else short_by(j)
                named.append(self._where(j) + (Label("（{x}）", " ({x})").say(self.lang, x=by.say(self.lang)) if by else ""))
            if missed:
                yield f"    {self._verdict(verdict)}{self._colon}{self._list(named, len(missed))}"
        for verdict in ("no_data", "not_applicable"):
            for why, places in self._reasons(j for j in judged if j.verdict == verdict):
                yield f"    {self._verdict(verdict)}{self._colon}{self._list(places[:_NAMED], len(places))}{self._colon}{why}"

    def _reasons(self, judged: Iterable[Judgement]) -> list[tuple[str, list[str]]]:
        """The reasons given most often, each with its places."""
        found: dict[str, list[str]] = {}
        for j in judged:
            found.setdefault(j.why.say(self.lang) if j.why else "", []).append(self._where(j))
        return sorted(found.items(), key=lambda item: -len(item[1]))[:_REASONS]

    def _needed(self, judged: Sequence[Judged]) -> Label | None:
        """What all of them need together, where each is known and may be said."""
        from commlms.measure.amounts import amount_words

        known = [(p, j) for p, j in judged if j.needed is not None]
        if len(known) < 2 or any(self.protection.hidden(p, _target(p, j), j)[1] for p, j in known):
            return None
        first = known[0][1]
        words = amount_words(sum(j.needed or 0 for _, j in known), first.counted, first.of)
        return Label(f"{len(known)} 个合计需要 {words.zh}", f"needed by {len(known)} together: {words.en}")

    # -- what stands below all ------------------------------------------------------------------------

    def _contradiction(self, found: SideBySide) -> Iterator[str]:
        from commlms.measure.shown import demand_words

        yield f"{_CONFLICT.say(self.lang)} {found.conflict.id} {found.conflict.label.say(self.lang)}"
        yield f"    {found.conflict.note.say(self.lang)}"
        for _, group in groupby(found.judged, key=lambda pair: (pair[0].key, pair[1].target)):
            judged = list(group)
            policy, first = judged[0]
            target = _target(policy, first)
            said = f"{self._where(first)} {self._verdict(first.verdict)}".strip()
            if len(judged) > 1:
                said = Label("{n} 个：", "{n}: ").say(self.lang, n=len(judged)) + self._counts(j for _, j in judged)
            yield f"    {policy.number} {target.id} {demand_words(target).say(self.lang)}{self._colon}{said}"

    def _totals(self, found: Sequence[Judged]) -> Iterator[str]:
        """How many verdicts there are of each kind; of what a document only strives for apart."""
        from commlms.report.words import FORCES

        for start, strive in ((Label("合计", "all"), False), (FORCES["strive"], True)):
            if judged := [j for p, j in found if (_target(p, j).force == "strive") is strive]:
                yield f"{start.say(self.lang)}{self._colon}{self._counts(judged)}"

    # -- pieces ---------------------------------------------------------------------------------------

    @property
    def _colon(self) -> str:
        return "：" if self.lang == "zh" else ": "

    def _verdict(self, verdict: str) -> str:
        from commlms.measure.judge import VERDICTS

        return VERDICTS[verdict].say(self.lang)

    def _counts(self, judged: Iterable[Judgement]) -> str:
        from commlms.measure.judge import VERDICTS

        found = Counter[str](j.verdict for j in judged)
        return _AND[self.lang].join(f"{label.say(self.lang)} {found[v]}" for v, label in VERDICTS.items() if found[v])

    def _where(self, judgement: Judgement) -> str:
        place = _AND[self.lang].join(self.names[p].name for p in judgement.places[:3])
        if len(judgement.places) > 3:
            place += Label(" 等 {n} 个地点", " and others, {n} places").say(self.lang, n=len(judgement.places))
        if judgement.subject is not None:
            name = judgement.subject.say(self.lang)
            return name if place in name else f"{place} {name}"
        return place if judgement.name is None else judgement.name.say(self.lang)

    def _list(self, named: Sequence[str], number: int) -> str:
        more = Label(" 等 {n} 个", " and others, {n} in all").say(self.lang, n=number) if number > len(named) else ""
        return _AND[self.lang].join(named) + more

    def _words(self, policy: Policy, target: Target, judgement: Judgement) -> str:
        from commlms.measure.shown import verdict_words

        return verdict_words(judgement, target.unit, *self.protection.hidden(policy, target, judgement)).say(self.lang)

    def _source(self, policy: Policy, target: Target) -> str:
        return f"{policy.number} {target.clause}{self._colon}{target.quote}"

    def _beside(self, target: Target) -> str:
        """What stands behind a verdict: that the target is only striven for, and which contradictions it is part of."""
        from commlms.report.words import FORCES

        said = [FORCES["strive"].say(self.lang)] if target.force == "strive" else []
        said += [f"{_CONFLICT.say(self.lang)} {c}" for c in self._conflicts_of(target)]
        return Label("（{x}）", " ({x})").say(self.lang, x="；".join(said) if self.lang == "zh" else "; ".join(said)) if said else ""

    def _conflicts_of(self, target: Target) -> list[str]:
        return [c.conflict.id for c in self.conflicts if target.id in c.targets]

    def as_json(self, policy: Policy, judgement: Judgement) -> dict[str, Any]:
        """One judgement with all that it rests on, the target in full, and the contradictions that it is part of."""
        from commlms.measure.judge import VERDICTS

        target, j = _target(policy, judgement), judgement
        over, under = self.protection.hidden(policy, target, j)
        return {
            "policy": policy.key, "number": policy.number, "target": target.id, "zh": target.label.zh, "en": target.label.en,
            "places": [self.names[p].code for p in j.places], "subject": j.subject.zh if j.subject else None, "subject_id": j.subject_id,
            "period": j.period, "running": j.running, "verdict": j.verdict, "verdict_zh": VERDICTS[j.verdict].zh,
            "why_zh": j.why.zh if j.why else None, "why_en": j.why.en if j.why else None,
            "numerator": None if over else j.numerator, "denominator": None if under else j.denominator,
            "counted": j.counted, "divided_by": j.divided_by or None, "of": attrs.asdict(j.of) if j.of else None,
            "ceiling": None if over or under else j.ceiling, "bound": None if over or under else j.bound,
            "needed": None if under else j.needed, "limit": None if under else j.limit, "by": None if over or under else j.by,
            "excess": None if over or under else j.excess, "suppressed": bool(over or under),
            "not_reported": {"missing": j.not_reported[0], "of": j.not_reported[1]} if j.not_reported else None,
            "silent_places": j.silent, "lowest_places": j.leaves, "estimated": j.estimated, "stated": j.stated,
            **_demand_json(target), "conflicts": self._conflicts_of(target),
            "levels": {
                x.level: {"place_zh": x.place.zh, "zh": x.label.zh, "en": x.label.en} for x in policy.levels if policy.level(x.level) is x
            },
        }


def _demand_json(target: Target) -> dict[str, Any]:
    return {
        "metric": target.metric or None, "compare": target.compare, "value": str(target.value),
        "value_max": None if target.value_max is None else str(target.value_max), "beyond": target.beyond or None, "unit": target.unit,
        "due": iso(target.due) if target.due else None, "start": iso(target.start) if target.start else None,
        "force": target.force, "nested_in": target.nested_in or None, "joined": list(target.joined), "reading": target.reading,
        "clause": target.clause, "quote": target.quote, "gloss": target.gloss,
    }


def _target(policy: Policy, judgement: Judgement) -> Target:
    return next(t for t in policy.targets if t.id == judgement.target)
