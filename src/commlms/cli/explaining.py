"""The command that follows a figure down to its rows, and shows no more of it than any other output does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commlms.cli.context import Context, pass_context
from commlms.cli.terminal import echo, table, tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from commlms.core.labels import Lang
    from commlms.report.explained import Explained

#: So many rows are printed on the screen; of more only how many there are.
_MOST = 40


@click.command("explain")
@click.argument("name", metavar="TARGET|METRIC")
@click.option("--place", required=True, help="The place; of targets judged as one a place above them gives their sum. 地点")
@click.option("--period", required=True, help="The period, or the day of a standing duty. 时期")
@click.option("--subject", default="", help="What a target judges one by one: a school, an enterprise, by name or #number. 评判的那一条")
@click.option(
    "--tree", type=click.Choice(["admin", "reporting"]), default=None, help="Which tree adds up; the document's own for a target. 汇总树"
)
@click.option("--sql", is_flag=True, help="Print the statements too. 打印语句")
@click.option("--rows", type=click.Path(path_type=Path), default=None, help="Write every row, counted or left out, to a file. 逐行")
@click.option("--no-sources", is_flag=True, help="Leave file, sheet and cell out: for rows that leave the office. 不写出处")
@click.option("--format", "form", type=click.Choice(["table", "json", "html"]), default="table", show_default=True, help="How. 格式")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Write it to a file, with every row. 写入文件")
@pass_context
def explain_(
    context: Context, name: str, place: str, period: str, subject: str, tree: Any, sql: bool, rows: Path | None, no_sources: bool,
    form: str, out: Path | None,
) -> None:
    """What a figure or a verdict is made of: the rule, words, integers, rounding, bounds, statement, rows."""
    from commlms.report.explained import explained
    from commlms.report.explained_form import table_of, text_lines

    found = explained(context.reading, name, place, period, tree, subject)
    if out is not None:
        _write(out, _text(found, form, context.lang, not no_sources))
        echo(str(out))
    elif form != "table":
        for piece in _text(found, form, context.lang, not no_sources):
            click.echo(piece, nl=False)
    else:
        for line in text_lines(found, context.lang, sql=sql):
            (echo if line.startswith("    ") else tell)(line)
        if rows is None:
            _print_rows(found, context.lang, not no_sources)
    if rows is not None:
        from commlms.store.sheets import write_table

        write_table(rows, table_of(found, context.lang, sources=not no_sources), "rows")
        echo(str(rows))


def _print_rows(found: Explained, lang: Lang, sources: bool) -> None:
    """The rows themselves, where they are few."""
    from commlms.report.explained_form import table_of

    numbers = [n for part in found.parts for _, n in part.counts]
    if found.not_listed is None and found.rule is not None and all(map(str.isdecimal, numbers)) and sum(map(int, numbers)) <= _MOST:
        lines = [["" if c is None else str(c) for c in line] for line in table_of(found, lang, sources=sources)]
        shown = [i for i in range(len(lines[0])) if any(line[i] for line in lines[1:])]
        if len(lines) > 1:
            echo(table([[line[i] for i in shown] for line in lines], right=[k for k, i in enumerate(shown) if i == 4], limit=60))


def _text(found: Explained, form: str, lang: Lang, sources: bool) -> Iterator[str]:
    """The explanation in a form, piece by piece, with every row that may be shown."""
    from commlms.report.explained_form import html_parts, json_parts, table_of, text_lines

    if form != "table":
        yield from html_parts(found, lang, sources=sources) if form == "html" else json_parts(found, sources=sources)
        return
    yield from (f"{line}\n" for line in text_lines(found, lang, sql=True))
    if found.not_listed is not None:
        yield f"{found.not_listed.say(lang)}\n"
        return
    yield from ("\t".join("" if c is None else str(c) for c in line) + "\n" for line in table_of(found, lang, sources=sources))


def _write(out: Path, pieces: Iterable[str]) -> None:
    """The whole file or none, for whoever wrote it alone: rows may be about people."""
    from commlms.store.sheets import replacing

    with replacing(out) as draft, open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(pieces)
