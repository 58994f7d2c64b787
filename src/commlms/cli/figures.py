"""Commands that show figures, count them again, write reports, list documents."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from commlms.cli.context import DONE, FAILED, Context, lake_options, pass_context
from commlms.cli.terminal import echo, say, show_json, table
from commlms.core.labels import Label, Lang

if TYPE_CHECKING:
    from commlms.core.metrics import Metric
    from commlms.measure.figures import Figure, Figures, Strengths

_DAY = click.DateTime(["%Y-%m-%d"])
_LEVELS = click.Choice(["province", "city", "county", "township", "village"])
_FORMATS = click.Choice(["table", "csv", "json"])


@click.command("metrics")
@click.option("--place", default=None, help="A place, with everything below it. 地点")
@click.option("--level", type=_LEVELS, default=None, help="Only places of this level. 级别")
@click.option("--period", default=None, help="2022, 2022H1, 2022Q3, 2022-03, 2022S, 2020..2022. 时期")
@click.option("--tree", type=click.Choice(["admin", "reporting"]), default="admin", show_default=True, help="Which tree adds up. 汇总树")
@click.option("--metric", "keys", multiple=True, help="Only these metrics; may be repeated. 指标")
@click.option("--format", "form", type=_FORMATS, default="table", show_default=True, help="How to print. 格式")
@pass_context
@lake_options
def metrics_(
    context: Context, place: str | None, level: str | None, period: str | None, tree: Any, keys: tuple[str, ...], form: str,
) -> None:
    """Figures by place. Without --period: the list of metrics."""
    lms = context.reading
    if period is None:
        echo(table([[m.key, m.label.say(context.lang)] for m in lms.registry.metrics.values()]))
        return
    chosen = keys or (None if form != "table" else ("core.participation", "core.persons", "core.visits", "core.unnamed_visits"))
    found = lms.metrics(period, place=place, level=level, tree=tree, keys=chosen)
    shown = Shown(found, lms.registry.metrics.values(), lms.today)
    if form == "json":
        show_json([shown.as_json(m, f) for _, m, f in found])
        return
    rows = [_METRIC_HEADS[context.lang], *(shown.as_row(m, f, context.lang) for _, m, f in found)]
    if form == "csv":
        from commlms.store.sheets import write_stream

        heads = [_STRENGTH_HEADS[context.lang], *(shown.as_strengths(m, f) for _, m, f in found)]
        write_stream(sys.stdout, [[*row, *further] for row, further in zip(rows, heads, strict=True)], "csv")
    else:
        for line in _table_lines(rows, [shown.strengths(m, f) for _, m, f in found], context.lang):
            echo(line)
        for said in shown.senders():
            say(said, context.lang)
        context.say_left_out()
    if not found:
        say(_NO_PLACE if level is None else _NO_PLACE_OF_LEVEL, context.lang, err=True, level=_level_label(level))
    elif form == "table" and shown.state in _STATES:
        say(_STATES[shown.state], context.lang, err=True, period=period)


_METRIC_HEADS = {
    "zh": ["代码", "地点", "指标", "时期", "分子", "分母", "%", "上限", "平均", "未报送"],
    "en": ["code", "place", "metric", "period", "numerator", "denominator", "%", "ceiling", "average", "unsent"],
}
_STRENGTH_HEADS = {
    "zh": ["凭证件号", "凭出生日期", "凭出生年", "仅姓名或编号"],
    "en": ["known by ID number", "known by birth date", "known by birth year", "known by name or code alone"],
}
_NO_PLACE = Label("库中此时没有地点", "the database has no place at that time")
_NO_PLACE_OF_LEVEL = Label("所问范围内没有「{level}」一级的地点", "no place of the level {level} is among those asked for")
_STATES = {
    "not_begun": Label("{period} 尚未开始：零表示还没有记录", "{period} has not begun: a zero means that nothing is recorded yet"),
    "not_ended": Label("{period} 尚未结束：数字只到现在", "{period} has not ended: the figures go up to now"),
    "nothing_recorded": Label(
        "{period} 没有任何场次记录：零不等于没有活动", "no session of {period} is recorded: a zero does not mean that nothing was held"
    ),
}


def _level_label(level: str | None) -> Label:
    from commlms.measure.words import stored_word

    return stored_word("level", level or "")


def _table_lines(rows: Sequence[list[str]], strengths: Sequence[Label | None], lang: Lang) -> Iterator[str]:
    """The table; under each rate how surely its persons are known. Columns that are rarely filled stand only where one is."""
    asked = [i for i, head in enumerate(rows[0]) if i < _OFTEN or any(row[i] for row in rows[1:])]
    head, *lines = table([[row[i] for i in asked] for row in rows], right=range(4, 10), limit=28).splitlines()
    yield head
    for line, found in zip(lines, strengths, strict=True):
        yield line
        if found is not None:
            yield f"    {found.say(lang)}"


#: So many columns of the table stand always.
_OFTEN = 8


def _senders(told: tuple[int, int] | None) -> dict[str, int] | None:
    return {"missing": told[0], "of": told[1]} if told else None


class Shown:
    """Figures as they leave the database: small figures about a group of people hidden, and what would give them away."""

    def __init__(self, found: list[tuple[Figures, Metric, Figure]], metrics: Iterable[Metric], today: int) -> None:
        from commlms.report.protect import Protection

        self.figures = found[0][0] if found else None
        self.protection = Protection(self.figures, metrics) if self.figures else None
        self.state = "" if self.figures is None else self._state(self.figures, today)
        self.places = list(dict.fromkeys(figure.place for _, _, figure in found))

    def _state(self, figures: Figures, today: int) -> str:
        """Whether the period is to come, holds no session, or is still running: what a zero may mean."""
        from commlms.core.metrics import Hosted

        if figures.period.first > today:
            return "not_begun"
        if not any(figures.own(Hosted("sessions")).values()):
            return "nothing_recorded"
        return "not_ended" if figures.period.last > today else "ended"

    def hidden(self, metric: Metric, place: int, part: str = "numerator") -> str:
        """Why a part of a figure is hidden: ``small``, ``linked``, or nothing."""
        assert self.protection is not None
        return self.protection.hidden(getattr(metric, part)).get(place, "")

    def as_json(self, metric: Metric, figure: Figure) -> dict[str, Any]:
        """One figure with its place, both labels, whether it is hidden, and whether its ratio is a percentage (``share``)."""
        from commlms.report.numbers import is_share

        assert self.figures is not None
        node = self.figures.tree.nodes[figure.place]
        top, bottom = (self.hidden(metric, figure.place, part) for part in ("numerator", "denominator"))
        known, unsaid = self._strengths(metric, figure)
        return {
            "place": node.code, "name": node.name, "level": node.level, "period": figure.period, "metric": metric.key,
            "zh": metric.zh, "en": metric.en, "unit": metric.unit, "numerator": None if top else figure.numerator,
            "denominator": None if bottom else figure.denominator, "ceiling": None if top or bottom else figure.ceiling,
            "share": is_share(metric), "period_state": self.state, "suppressed": bool(top or bottom),
            "missing": figure.missing.en if figure.missing else None,
            "estimated": figure.residents.estimated if figure.residents else False,
            "strengths": attrs.asdict(known) if known else {"suppressed": True} if unsaid else None,
            "not_reported": _senders(figure.not_reported),
        }

    def _strengths(self, metric: Metric, figure: Figure) -> tuple[Strengths | None, str]:
        assert self.protection is not None
        return self.protection.strengths(metric, figure.place)

    def strengths(self, metric: Metric, figure: Figure) -> Label | None:
        """How surely the persons of a rate are known; None where nothing is to be told, or it is hidden."""
        from commlms.measure.shown import strength_words

        found, _ = self._strengths(metric, figure)
        return strength_words(found) if found else None

    def as_strengths(self, metric: Metric, figure: Figure) -> list[str]:
        """The same as cells."""
        found, hidden = self._strengths(metric, figure)
        return [str(n) for n in attrs.astuple(found)] if found else ["*" if hidden else ""] * 4

    def senders(self) -> Iterator[Label]:
        """Who of those asked for has not reported, or for some months only."""
        from commlms.measure.reporting import sentences

        if self.figures is not None:
            yield from sentences(self.figures.reporting, self.places)

    def as_row(self, metric: Metric, figure: Figure, lang: Lang) -> list[str]:
        """One figure as cells: code, place, metric, period, numerator, denominator, percent, ceiling, average, senders missing.

        Money is in yuan and floor space in square metres, which stands behind the metric's name.
        """
        from commlms.measure.amounts import HUNDREDTHS, NOUNS, amount, unit_below
        from commlms.measure.shown import HIDDEN, percent
        from commlms.report.numbers import is_share, ratio

        assert self.figures is not None
        node = self.figures.tree.nodes[figure.place]
        unit, under = metric.unit, unit_below(metric, self.figures.records)
        noun = NOUNS[unit][0] if unit in HUNDREDTHS else None
        name = Label(f"{metric.zh}（{noun.zh}）", f"{metric.en} ({NOUNS[unit][1]})") if noun else metric.label
        start = [node.code, node.name, name.say(lang), figure.period]
        told = figure.not_reported or (0, 0)
        senders = "/".join(map(str, told)) if told[0] else ""
        if figure.missing is not None and figure.numerator is None:
            return [*start, "—", "—", "", "", "", senders]
        top, bottom = (self.hidden(metric, figure.place, part) for part in ("numerator", "denominator"))
        below = "" if not figure.ratio else "—" if figure.denominator is None else amount(figure.denominator, under)
        ceiling = "" if figure.ceiling is None else HIDDEN["linked"] if top or bottom else str(figure.ceiling)
        share, mean = "", ""
        if figure.numerator is not None and figure.denominator and not top and not bottom:
            if is_share(metric):
                share = percent(figure.numerator, figure.denominator)
            elif noun and under not in HUNDREDTHS:  # cut as a percentage is: 3.996 yuan are not 4
                mean = amount(figure.numerator // figure.denominator, unit)
            else:
                mean = str(ratio(figure.numerator, figure.denominator, Decimal(1)))
        return [*start, HIDDEN.get(top, amount(figure.numerator or 0, unit)), HIDDEN.get(bottom, below), share, ceiling, mean, senders]


@click.command("recount")
@click.option("--check", is_flag=True, help="Only compare; change nothing. 只核对")
@pass_context
def recount_(context: Context, check: bool) -> None:
    """Count every total again from the facts. Exit status 1 with --check if any differs."""
    lms = context.lms
    differing = lms.recount(check=check)
    for place, year, column, kept, counted in differing[:20]:
        echo(f"  {lms.figures(str(year)).geography.name(place)} {year} {column}: {kept} → {counted}")
    if differing:
        say(
            Label("{n} 处不符" + ("" if check else "，已更正"), "{n} differ" + ("" if check else "; mended")),
            context.lang,
            n=len(differing),
        )
    else:
        say(Label("合计与重算一致", "the totals equal a full recount"), context.lang)
    sys.exit(FAILED if differing and check else DONE)


@click.command("report")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--period", required=True, help="The period. 时期")
@click.option("--place", default=None, help="The place the report is about. 地点")
@click.option(
    "--lang", "language", type=click.Choice(["zh", "en"]), default=None,
    help="Main language; labels carry both. That of commlms --lang if given there, else zh. 语言",
)
@click.option("--as-of", type=_DAY, default=None, help="The day judged from; the period's last day if not given. 判定日")
@pass_context
@lake_options
def report_(context: Context, out: Path, period: str, place: str | None, language: Any, as_of: dt.datetime | None) -> None:
    """Write the report to OUT: .html, .xlsx, .json or .md."""
    # A locale alone does not change the report: it goes to people who read Chinese.
    asked: Lang = language or click.get_current_context().find_root().params.get("lang") or "zh"
    echo(str(context.lms.report(out, period, place=place, lang=asked, as_of=as_of.date() if as_of else None)))
