"""The command that follows a figure down to its rows, and shows no more of it than any other output does."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commlms.cli.context import Context, pass_context
from commlms.cli.terminal import echo, say, tell
from commlms.core.errors import CommLMSError
from commlms.core.labels import Label, Lang

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from commlms.core.policies import Policy, Target
    from commlms.measure.explain import ExplainedRow, Explanation
    from commlms.report.protect import Protection
    from commlms.store.geography import Tree

_PARTS = {
    "numerator": Label("分子", "numerator"), "denominator": Label("分母", "denominator"), "ceiling": Label("上限另加", "ceiling adds"),
}
_NO_DATA = Label("无数据：{what}", "no data: {what}")
_NOT_LISTED = Label(
    "县以下不显示的人群数字不逐行列出；可改看县级",
    "figures about a group that are not shown below the county are not listed row by row; ask for the county",
)
_HEADS = {
    "zh": ["部分", "行", "地点", "内容", "计入", "未计入的原因", "文件", "工作表", "单元格", "存档号"],
    "en": ["part", "row", "place", "detail", "adds", "left out", "file", "sheet", "cell", "kept as"],
}


@click.command("explain")
@click.argument("name", metavar="TARGET|METRIC")
@click.option("--place", required=True, help="The place. 地点")
@click.option("--period", required=True, help="The period. 时期")
@click.option(
    "--tree", type=click.Choice(["admin", "reporting"]), default=None, help="Which tree adds up; the document's own for a target. 汇总树"
)
@click.option("--sql", is_flag=True, help="Print the statements too. 打印语句")
@click.option("--rows", type=click.Path(path_type=Path), default=None, help="Write every row, counted or left out, to a file. 逐行")
@click.option("--no-sources", is_flag=True, help="Leave file, sheet and cell out: for rows that leave the office. 不写出处")
@pass_context
def explain_(
    context: Context, name: str, place: str, period: str, tree: Any, sql: bool, rows: Path | None, no_sources: bool
) -> None:
    """What a figure is made of: words, integers, statement, rows."""
    from commlms.measure.shown import HIDDEN
    from commlms.report.protect import Protection
    from commlms.report.rows import shown_rows

    lms, lang = context.reading, context.lang
    named = next(((p, t) for p in lms.registry.policies.values() for t in p.targets if t.id == name), None)
    tree = tree or (named[0].tree_of(named[1]) if named else "admin")
    if named and named[1].metric not in lms.registry.metrics:
        _print_rule(context, *named, place, period, tree)
        return
    found = lms.explain(name, place=place, period=period, tree=tree)
    protection = Protection(found.figures, lms.registry.metrics.values())
    tell(f"{found.metric.label.say(lang)} [{found.metric.key}]  {found.place_code} {found.place_name}  {found.figure.period}")
    if named:
        _print_rule(context, *named, place, period, tree)
    hidden = {p.name: why for p in found.parts if (why := protection.hidden(p.measure).get(found.figure.place, ""))}
    for part in found.parts:
        value = HIDDEN.get(hidden.get(part.name, ""), "—" if part.value is None else part.value)
        tell(f"{_PARTS[part.name].say(lang)} = {value}  {part.words.say(lang)}")
        if sql and part.sql:
            echo(f"    {part.sql}")
    if found.figure.missing:
        say(_NO_DATA, lang, what=found.figure.missing)
    for line in _beside(found, protection):
        say(line, lang)
    if rows is not None:
        if hidden:
            raise CommLMSError(_NOT_LISTED)
        _write_rows(shown_rows(found, protection, not no_sources), rows, lang)
    elif not hidden:
        _print_counts(found, lang)


def _beside(found: Explanation, protection: Protection) -> Iterator[Label]:
    """How surely the persons of a rate are known, and who has not reported."""
    from commlms.measure.reporting import sentences
    from commlms.measure.shown import strength_words

    known, hidden = protection.strengths(found.metric, found.figure.place)
    if known or hidden:
        yield strength_words(known)
    yield from sentences(found.figures.reporting, [found.figure.place])


def _write_rows(rows: Iterable[ExplainedRow], out: Path, lang: Lang) -> None:
    from commlms.store.sheets import write_table

    write_table(out, chain([_HEADS[lang]], (line for row in rows for line in _lines(row, lang))), "rows")
    echo(str(out))


def _lines(row: ExplainedRow, lang: Lang) -> Iterator[list[Any]]:
    """A row on one line, and each further cell that says it on a line of its own, which adds nothing."""
    why = row.left_out.say(lang) if row.left_out else ""
    first: list[Any] = [_PARTS[row.part].say(lang), row.row, row.place, row.detail, row.adds, why]
    further: list[Any] = [*first[:3], "", None, ""]
    cells = [[s.file, s.sheet, s.cell, s.archive] for s in row.sources] or [[""] * 4]
    for number, cell in enumerate(cells):
        yield [*(further if number else first), *cell]


def _print_rule(context: Context, policy: Policy, target: Target, place: str, period: str, tree: Tree) -> None:
    """The sentence, what it demands, why it does not bind at this place or then, and what its figure lacks."""
    from commlms.measure.judge import Judge

    lms, lang = context.lms, context.lang
    figures = lms.figures(period, tree)
    judge = Judge(lms.registry.metrics, lms.host.names | {"core"}, lambda _period, _tree: figures)
    at = lms.place(place, figures.period.last)
    tell(f"{policy.number} {target.clause}：{target.quote}")
    tell(f"{target.compare} {target.value} {target.unit}（{target.literal}）")
    if target.note:
        say(target.note, lang)
    for why in (judge.outside(policy, target, figures, at), policy.out_of_force(figures.period.last)):
        if why is not None:
            say(Label("仅供参考：{why}", "information only: {why}"), lang, why=why)
    if target.metric not in lms.registry.metrics:
        say(_NO_DATA, lang, what=judge.absent(target))


def _print_counts(found: Explanation, lang: Lang) -> None:
    from commlms.report.rows import counts

    for part, why, number in counts(found):
        reason = (why or Label("计入", "counted")).say(lang)
        say(Label("  {part}：{n} 行 {why}", "  {part}: {n} row(s) {why}"), lang, part=_PARTS[part], n=number, why=reason)
