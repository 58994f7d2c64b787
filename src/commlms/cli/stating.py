"""The command that sets what others state beside what is counted here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commlms.cli.context import Context, pass_context
from commlms.cli.terminal import echo, say, show_json, table
from commlms.core.labels import Label

if TYPE_CHECKING:
    from commlms.measure.figures import Figures
    from commlms.measure.stated import Stated
    from commlms.report.protect import Protection

_HEADS = {
    "zh": ["代码", "地点", "指标", "报数单位", "上报", "本库", "差"],
    "en": ["code", "place", "metric", "stated by", "stated", "ours", "difference"],
}
_NONE = Label(
    "{period} 没有上报数；用 commlms import reported 文件 导入", "nothing is stated of {period}; 'commlms import reported FILE' brings it",
)


@click.command("reported")
@click.option("--period", required=True, help="The period. 时期")
@click.option("--place", default=None, help="A place, with everything below it. 地点")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="How to print. 格式")
@pass_context
def reported_(context: Context, period: str, place: str | None, form: str) -> None:
    """What others state (streets' own totals, other departments) beside ours, with the difference. Never added in."""
    from commlms.measure.stated import stated
    from commlms.report.protect import Protection

    lms = context.reading
    figures = lms.figures(period)
    protection = Protection(figures, lms.registry.metrics.values())
    top = None if place is None else lms.place(place, figures.period.last)
    found = [_line(context, figures, protection, s) for s in stated(figures, lms.registry.metrics, top)]
    if form == "json":
        show_json([dict(zip(_HEADS["en"], line, strict=True)) for line in found])
    elif found:
        echo(table([_HEADS[context.lang], *([str(c) for c in line] for line in found)], right=(4, 5, 6), limit=24))
    else:
        say(_NONE, context.lang, period=figures.period.key)


def _line(context: Context, figures: Figures, protection: Protection, s: Stated) -> list[Any]:
    from commlms.measure.shown import HIDDEN
    from commlms.measure.stated import whole

    node, metric = figures.tree.nodes[s.place], context.lms.registry.metrics.get(s.metric)
    said = whole(s.value) if s.of is None else f"{whole(s.value)}/{whole(s.of)}"
    start = [node.code, node.name, metric.label.say(context.lang) if metric else s.metric, s.source, said]
    if metric is None or s.figure is None or s.figure.numerator is None or s.difference is None:
        return [*start, "—", ""]
    if why := protection.hidden(metric.numerator).get(s.place, ""):
        return [*start, HIDDEN[why], ""]
    return [*start, str(s.figure.numerator), whole(s.difference)]
