"""Which column of a street's table is what: proposed on real rows, asked column by column, saved for every later file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commlms.cli.context import Context, pass_context
from commlms.cli.terminal import ask, attended, echo, say, table
from commlms.core.errors import FileRefused, UnknownName
from commlms.core.labels import Label
from commlms.core.text import column_name

if TYPE_CHECKING:
    from commlms.ingest.proposing import FieldPath, Proposal
    from commlms.ingest.readers import Sheet

_WHY = {
    "word": Label("认得的词", "known word"), "like": Label("相近的词", "like a word"), "content": Label("看内容", "by content"),
    "left": Label("只剩这列", "the only one left"),
    "saved": Label("已保存", "saved"), "double": Label("表头重复", "stands twice"), "": Label("", ""),
}
_UNREAD = Label("不读", "not read")
_HEADS = (Label("列", ""), Label("表头", "header"), Label("头三行", "first rows"), Label("是", "is"), Label("依据", "because"))
_SEEMS = Label(
    "{file}{sheet} 的表头在第 {line} 行；看来是「{record}」（{key}）",
    "{file}{sheet} has its header on line {line} and seems to be: {record} ({key})",
)
_WHAT_IS = Label("\n{column} 列「{header}」：{samples}", "\ncolumn {column}, {header}: {samples}")
_LACKING = Label(
    "没有一列是「{field}」：缺了它不能导入为「{record}」", "no column is {field}: without it this cannot be imported as {record}",
)
_SAVED = Label(
    "已保存：{path}\n表头是这些词的文件，以后都按此读取", "saved: {path}\nfiles with these header words are read so from now on",
)


@click.command("columns")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--record", default=None, help="What the rows are; the likeliest if not given. 登记")
@click.option("--sheet", default=None, help="The sheet to read. 工作表")
@click.option(
    "--columns", "folder", type=click.Path(file_okay=False, path_type=Path), default=None,
    help="Where it is saved; beside the database if not given. 存放目录",
)
@click.option("--yes", is_flag=True, help="Save what is proposed without asking. 不问，照建议保存")
@click.option("--show", is_flag=True, help="Show the proposal, save nothing. 只看不存")
@pass_context
def columns_(context: Context, file: Path, record: str | None, sheet: str | None, folder: Path | None, yes: bool, show: bool) -> None:
    """Say which column of FILE is what; later files with the same header words are read so."""
    from commlms.ingest.importable import name_of
    from commlms.ingest.mapping import folder_of, save

    lang, folder = context.lang, folder or folder_of(context.path) or Path()
    found = _proposed(context, file, record, sheet, folder)
    say(
        _SEEMS, lang, file=file.name, sheet=f"〔{found.sheet}〕" if found.sheet else "", line=found.line,
        record=found.record.label, key=name_of(found.record),
    )
    _show(context, found)
    asked = not (show or yes) and attended()
    paths = _asked(context, found) if asked else [g.path for g in found.guesses]
    for field in found.lacking(paths, context.lms.records):
        say(_LACKING, lang, field=field.label, record=found.record.label)
    if asked or (yes and not show):
        say(_SAVED, lang, path=save(folder, found.answered(paths), context.lms.records))
    else:
        say(Label("没有保存；加 --yes 即照此保存", "nothing was saved; --yes saves it"), lang)


def _proposed(context: Context, file: Path, record: str | None, sheet: str | None, folder: Path) -> Proposal:
    from commlms.core.kinds import Reading
    from commlms.ingest.columns import HeaderError
    from commlms.ingest.importable import record_named
    from commlms.ingest.lookups import Lookups
    from commlms.ingest.proposing import importable, propose
    from commlms.ingest.readers import open_sheets

    lms = context.lms
    candidates = importable(lms.records)
    if record is not None:
        named = record_named(record, lms.records)
        if named is None:
            raise UnknownName(
                what=Label("登记", "record"), name=record, hint=Label("commlms schema 列出全部", "'commlms schema' lists them all"),
            )
        candidates = [named]
    chosen = _sheet(file, open_sheets(file), sheet)
    lookups = Lookups(lms.database, lms.records, None, lms.today, lms.totals.geography())
    reading = Reading(lms.today, words=lms.words)
    try:
        return propose(chosen, candidates, lms.records, reading, lookups, folder)
    except HeaderError as error:
        why = Label(error.say("zh"), error.say("en"))
        raise FileRefused(Label("{file}：{why}", "{file}: {why}"), file=file.name, why=why) from None


def _sheet(file: Path, sheets: list[Sheet], name: str | None) -> Sheet:
    """The sheet of a name; without one the first that is shown and has rows."""
    for sheet in sheets:
        if sheet.name == name or (name is None and not sheet.hidden and any(True for _ in sheet.rows())):
            return sheet
    raise FileRefused(
        Label("{file} 中没有这个工作表，或是空的；有：{names}", "{file} has no such sheet, or it is empty; it has: {names}"),
        file=file.name, names="、".join(s.name for s in sheets),
    )


def _show(context: Context, found: Proposal) -> None:
    from commlms.ingest.proposing import path_label

    lines = []
    for g in found.guesses:
        label = path_label(g.path, found.record, context.lms.records) if g.path else _UNREAD
        shown = (label.say(context.lang), _WHY[g.why].say(context.lang))
        lines.append([column_name(g.index), _one_line(g.header), "  ".join(g.samples), *shown])
    echo(table([[h.say(context.lang) for h in _HEADS], *lines]))


def _one_line(header: str) -> str:
    return " ".join(header.split())


def _asked(context: Context, found: Proposal) -> list[FieldPath]:
    """The answers, one a column. A field that is given to one column is not offered for another."""
    from commlms.ingest.columns import fields_of, is_last
    from commlms.ingest.proposing import path_label

    records, lang = context.lms.records, context.lang
    known = fields_of(found.record, records)
    fields: list[FieldPath] = [(), *(path for path, f in known.items() if not f.host)]
    labels = [path_label(path, found.record, records) if path else _UNREAD for path in fields]
    echo("\n" + table(_in_columns([f"{n} {label.say(lang)}" for n, label in enumerate(labels)])), err=True)
    answers: list[FieldPath] = []
    for guess in found.guesses:
        if guess.why == "double":
            answers.append(())
            continue
        free = {(), *fields} - set(answers) | ({guess.path} if guess.path and is_last(guess.header, known[guess.path]) else set())
        choices = {str(n): label for n, (path, label) in enumerate(zip(fields, labels, strict=True)) if not path or path in free}
        numbers = [str(fields.index(path)) for path in (guess.path, *guess.others, ()) if path in fields]
        default = next(n for n in (numbers[0], "0") if n in choices)
        answer = ask(
            _WHAT_IS, choices, default, lang=lang, offered={n for n in (*numbers, "0") if n in choices},
            column=column_name(guess.index), header=_one_line(guess.header), samples="  ".join(guess.samples),
        )
        answers.append(fields[int(answer)])
    return answers


def _in_columns(words: list[str], columns: int = 3) -> list[list[str]]:
    """Words in rows of so many, counted downwards."""
    height = -(-len(words) // columns)
    return [[words[i] if i < len(words) else "" for i in range(row, height * columns, height)] for row in range(height)]
