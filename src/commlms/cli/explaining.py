"""The command that follows a figure down to its rows, and shows no more of it than any other output does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commlms.cli.context import Context, pass_context
from commlms.cli.terminal import echo, say, tell
from commlms.core.errors import CommLMSError
from commlms.core.labels import Label, Lang

if TYPE_CHECKING:
    from commlms.core.policies import Policy, Target
    from commlms.measure.explain import ExplainedRow, Explanation
    from commlms.report.protect import Protection
    from commlms.store.geography import Tree

_PARTS = {
    "numerator": Label("分子", "numerator"), "denominator": Label("分母", "denominator"), "ceiling": Label("上限另加", "ceiling adds"),
}
_NO_DATA = Label("无数据：{what}", "no data: {what}")
_HEADS = {
    "zh": ["部分", "行", "地点", "内容", "计入", "未计入的原因"], "en": ["part", "row", "place", "detail", "adds", "left out"],
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
@pass_context
def explain_(context: Context, name: str, place: str, period: str, tree: Any, sql: bool, rows: Path | None) -> None:
    """What a figure is made of: words, integers, statement, rows."""
    from commlms.report.protect import Protection

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
        value = {"small": "<5", "linked": "*"}.get(hidden.get(part.name, ""), part.value)
        tell(f"{_PARTS[part.name].say(lang)} = {value}  {part.words.say(lang)}")
        if sql and part.sql:
            echo(f"    {part.sql}")
    if found.figure.missing:
        say(_NO_DATA, lang, what=found.figure.missing)
    if rows is not None:
        _write_rows(found, protection, rows, lang, bool(hidden))
    elif not hidden:
        _print_counts(found, lang)


def _write_rows(found: Explanation, protection: Protection, out: Path, lang: Lang, hidden: bool) -> None:
    from commlms.report.rows import shown_rows
    from commlms.store.sheets import write_table

    if hidden:
        raise CommLMSError(
            Label(
                "县以下不显示的人群数字不逐行列出；可改看县级",
                "figures about a group that are not shown below the county are not listed row by row; ask for the county",
            )
        )
    write_table(out, [_HEADS[lang], *(_cells(row, lang) for row in shown_rows(found, protection))], "rows")
    echo(str(out))


def _cells(row: ExplainedRow, lang: Lang) -> list[Any]:
    return [_PARTS[row.part].say(lang), row.row, row.place, row.detail, row.adds, row.left_out.say(lang) if row.left_out else ""]


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
