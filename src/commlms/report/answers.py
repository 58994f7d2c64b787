"""What a form's figures are: read, protected, and said as the form asks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

import attrs

from commlms.core.days import Period
from commlms.core.labels import Label, Lang
from commlms.core.metrics import Metric
from commlms.measure.figures import Figure, Figures
from commlms.measure.shown import HIDDEN
from commlms.measure.words import Words
from commlms.report.bindings import Asked, Bindings
from commlms.report.numbers import is_share
from commlms.report.protect import Protection
from commlms.report.source import Source

NO_DATA = Label("无数据", "no data")
_HIDDEN = {
    "small": Label("不足 5 人，县以下不列出", "under five people, not shown below the county"),
    "linked": Label("列出会推出别处的小数字", "would give a small figure elsewhere away"),
}
_ZERO = Label("分母为零", "the denominator is zero")


@attrs.frozen
class Answer:
    """One figure in a form: where it stands, what is written there, and the two integers behind it."""

    where: str
    place: str
    period: str
    metric: Metric
    value: int | Decimal | str
    numerator: int | str | None
    denominator: int | str | None
    note: Label | None = None
    share: bool = False


class Answers:
    """Answers what one form asks, each period's figures read once. ``period`` and ``place`` are the form's own."""

    def __init__(self, source: Source, bindings: Bindings, period: str, lang: Lang) -> None:
        self.source, self.bindings, self.lang = source, bindings, lang
        self.period = period
        self.words = Words(source.registry)
        self._figures: dict[str, tuple[Figures, Protection]] = {}

    def metric(self, asked: Asked) -> Metric:
        """The metric asked for; an unknown one is refused with the line that names it."""
        found = self.source.registry.metrics.get(asked.metric)
        if found is None:
            raise self.bindings.wrong(
                asked.line, f"没有指标「{asked.metric}」；commlms metrics 列出全部",
                f"no such metric: {asked.metric}; 'commlms metrics' lists them",
            )
        return found

    def figures(self, asked: Asked | None = None) -> tuple[Figures, Protection]:
        """All figures of the period that is asked for, and what of them must not be shown."""
        key = Period.parse((asked and asked.period) or self.period).key
        if key not in self._figures:
            figures = self.source.figures(key, self.bindings.tree)
            self._figures[key] = figures, Protection(figures, self.source.registry.metrics.values())
        return self._figures[key]

    def top(self, place: str, figures: Figures) -> int:
        """The place that is named, or the form's, or the only one at the top of the tree."""
        named = place or self.bindings.place
        if named:
            return self.source.place(named, figures.period.last)
        tops = [p for p in figures.tree.order if figures.tree.parents[p] is None]
        if len(tops) != 1:
            raise self.bindings.wrong(
                1, "没有写明是哪个地点的数；请加 [form] place = \"代码\"",
                "it is not said whose figures these are; add [form] place = \"CODE\"",
            )
        return tops[0]

    def at(self, asked: Asked, where: str, place: int | None = None) -> Answer:
        """One figure. ``place`` is the id of the place that a line names."""
        metric = self.metric(asked)
        figures, protection = self.figures(asked)
        spot = self.top(asked.place, figures) if place is None else place
        figure, node = figures.figure(metric, spot), figures.tree.nodes[spot]
        made = Answer(where, f"{node.code} {node.name}", figures.period.key, metric, NO_DATA.say(self.lang), None, None, figure.missing)
        if not figure.has_data:
            return made
        over, under = (protection.hidden(m).get(spot, "") for m in (metric.numerator, metric.denominator))
        made = attrs.evolve(
            made, numerator=HIDDEN.get(over, figure.numerator), denominator=HIDDEN.get(under, figure.denominator), share=is_share(metric),
        )
        return self._shown(made, asked, figure, over, under)

    def _shown(self, made: Answer, asked: Asked, figure: Figure, over: str, under: str) -> Answer:
        ratio = asked.show == "percent" or (asked.show == "number" and figure.ratio)
        parts = {"denominator": under, "ceiling": over or under}
        why = (over or under) if ratio else parts.get(asked.show, over)
        if why:
            return attrs.evolve(made, value=HIDDEN[why], note=_HIDDEN[why], share=False)
        if ratio:
            if not figure.denominator:
                return attrs.evolve(made, note=_ZERO if figure.denominator == 0 else made.note)
            scale = 100 if asked.show == "percent" or made.share else 1
            assert figure.numerator is not None
            # Cut, never rounded up, as everywhere: 74.996 % is not 75 %.
            exact = (Decimal(figure.numerator) * scale / figure.denominator).quantize(Decimal(1).scaleb(-asked.decimals), ROUND_DOWN)
            return attrs.evolve(made, value=exact, share=scale == 100)
        value = {"denominator": figure.denominator, "ceiling": figure.ceiling}.get(asked.show, figure.numerator)
        return attrs.evolve(made, value=NO_DATA.say(self.lang) if value is None else value, share=False)

    def rule(self, metric: Metric) -> Iterator[str]:
        """What the numerator counts, and what the denominator."""
        for measure in (metric.numerator, metric.denominator):
            yield "" if measure is None else self.words.describe(measure).say(self.lang)
