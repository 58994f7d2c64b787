"""The nine verbs that every record has, and the check-in."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commlms.cli import stopping
from commlms.cli.context import DONE, FAILED, REJECTED, Context, pass_context
from commlms.cli.terminal import Progress, echo, say, show_json, table, tell
from commlms.core.errors import FileRefused
from commlms.core.labels import Label

if TYPE_CHECKING:
    from commlms.ingest.load import ImportResult

_FORMATS = click.Choice(["table", "csv", "jsonl"])
_SUMMARY = Label(
    "{file}：读 {read} 行，新 {new}，改 {changed}，未变 {unchanged}，待定 {held}，拒绝 {rejected}，不计 {not_counted}",
    "{file}: read {read}, new {new}, changed {changed}, unchanged {unchanged}, held {held}, rejected {rejected}, not counted {not_counted}",
)
#: Of an attendance list, whose held rows have landed as visits, as have those that name nobody.
_VISITS = Label(
    "{file}：读 {read} 行，新 {new}，改 {changed}，未变 {unchanged}，待定 {held}，不具名 {unnamed}，拒绝 {rejected}，不计 {not_counted}；"
    "待定的用 commlms review 判定",
    "{file}: read {read}, new {new}, changed {changed}, unchanged {unchanged}, held {held}, unnamed {unnamed}, rejected {rejected}, "
    "not counted {not_counted}; 'commlms review' decides who the held are",
)
_COUNTED = ("read", "new", "changed", "unchanged", "held", "unnamed", "rejected", "not_counted")
#: How many problems are printed; all of them are in the rejects file.
_SHOWN = 10


@click.command("import")
@click.argument("record")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--under", default=None, help="The sender's place: names are looked up below it. 报送地点")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing. 只检查")
@click.option("--rejects", type=click.Path(path_type=Path), default=None, help="Where rejected rows go (.xlsx or .csv). 被拒行文件")
@click.option("--sheet", default=None, help="The sheet to read. 工作表")
@click.option(
    "--columns", type=click.Path(file_okay=False, path_type=Path), default=None, help="Folder of 'commlms columns'. 列的对应所在目录",
)
@click.option("--strict", is_flag=True, help="Write nothing if any row has a problem. 全对才写入")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON line. 以 JSON 输出")
@pass_context
def import_(
    context: Context, record: str, file: Path, under: str | None, dry_run: bool, rejects: Path | None, sheet: str | None,
    columns: Path | None, strict: bool, as_json: bool,
) -> None:
    """Import FILE (.xlsx, .csv, .jsonl) into RECORD; 'ledger' is an activity ledger, 'attendance' who came. FILE '-' reads JSON lines."""
    from commlms.ingest.rejects import RejectsNotWritten, free_name

    lost, named = None, rejects is not None
    if dry_run and context.missing == "make":
        context.missing = "memory"
    if not named and not dry_run:
        rejects = free_name(Path("stdin") if str(file) == "-" else file)
    with _spooled(file) as path, stopping.telling(context, path.name), Progress(context.lang) as progress:
        try:
            result = context.lms.import_file(
                record, path, under=under, dry_run=dry_run, strict=strict, sheet=sheet, rejects=rejects, progress=progress,
                columns=columns,
            )
        except RejectsNotWritten as error:
            result, lost, rejects = error.result, error, None
    written = rejects if result.problems else None
    if as_json:
        show_json({**_result_json(result), "rejects": written and str(written)})
    else:
        _print_result(context, result, written, dry_run, strict)
        if written and not named and not written.stem.endswith("-rejects"):
            say(Label("以前的被拒行文件没有动", "the rejects file of an earlier run was left as it is"), context.lang)
    if lost:
        echo(lost.say(context.lang), err=True)
    status = FAILED if strict and result.problems else REJECTED if result.problems else DONE
    sys.exit(status)


@contextmanager
def _spooled(file: Path) -> Iterator[Path]:
    """The file, or where it is ``-`` standard input as a file: it is read twice. Messages and the journal call it stdin."""
    if str(file) != "-":
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="commlms-") as folder:
        path = Path(folder) / "stdin.jsonl"
        with path.open("wb") as spool:
            shutil.copyfileobj(sys.stdin.buffer, spool)
        yield path


def _print_result(context: Context, result: ImportResult, rejects: Path | None, dry_run: bool, strict: bool) -> None:
    lang = context.lang
    for problem in result.problems[:_SHOWN]:
        tell("  " + problem.say(lang))
    if len(result.problems) > _SHOWN:
        say(Label("  …另有 {n} 处", "  ... and {n} more"), lang, n=len(result.problems) - _SHOWN)
    if result.columns_from:
        say(Label("列按保存的 {file} 读取", "columns are read as saved in {file}"), lang, file=result.columns_from)
    if result.unread_columns:
        say(Label("没有读取的列：{names}", "columns not read: {names}"), lang, names="、".join(result.unread_columns))
    if result.unread_sheets:
        say(Label("没有读取的工作表：{names}", "sheets not read: {names}"), lang, names="、".join(result.unread_sheets))
    counts = {n: getattr(result, n) for n in _COUNTED}
    say(_VISITS if result.record == "attendance" else _SUMMARY, lang, file=result.file, **counts)
    if rejects:
        say(Label("被拒的行及原因在：{path}", "rejected rows with their reasons: {path}"), lang, path=rejects)
    if dry_run:
        say(Label("这是试运行，未写入任何内容", "this was a dry run; nothing was written"), lang)
    elif strict and result.problems:
        say(Label("有问题，按 --strict 未写入任何内容", "there are problems; with --strict nothing was written"), lang, err=True)


def _result_json(result: ImportResult) -> dict[str, Any]:
    counts = {n: getattr(result, n) for n in _COUNTED}
    return {
        "record": result.record, "file": result.file, "import": result.journal, "sheet": result.sheet, **counts,
        "columns_from": result.columns_from, "columns_not_read": result.unread_columns, "sheets_not_read": result.unread_sheets,
        "problems": [
            {"line": p.line, "cell": p.cell, "code": p.code, "field": p.field, "zh": p.label().zh, "en": p.label().en}
            for p in result.problems
        ],
    }


@click.command("template")
@click.argument("record")
@click.argument("out", type=click.Path(path_type=Path))
@pass_context
def template_(context: Context, record: str, out: Path) -> None:
    """Write a blank table for RECORD to OUT (.xlsx or .csv); its example line is never counted."""
    from commlms.store.sheets import write_table

    write_table(out, context.lms.sheets.template(record), record)
    echo(str(out))


@click.command("export")
@click.argument("record")
@click.argument("out", type=click.Path(path_type=Path))
@pass_context
def export_(context: Context, record: str, out: Path) -> None:
    """Write all rows of RECORD to OUT (.xlsx, .csv, .jsonl), or '-' for JSON lines on standard output."""
    from commlms.store.sheets import write_stream, write_table

    rows = context.lms.sheets.export(record)
    if str(out) == "-":
        write_stream(sys.stdout, rows, "jsonl")
    else:
        write_table(out, rows, record)
        echo(str(out))


@click.command("list")
@click.argument("record")
@click.option("--limit", type=int, default=50, show_default=True, help="At most so many rows; 0 for all. 行数")
@click.option("--all-states", is_flag=True, help="Every dated state, not only the latest. 全部状态")
@click.option("--format", "form", type=_FORMATS, default="table", show_default=True, help="How to print. 格式")
@pass_context
def list_(context: Context, record: str, limit: int, all_states: bool, form: str) -> None:
    """List rows of RECORD."""
    rows = context.lms.rows(record, current=not all_states, limit=limit or None)
    _print_rows(context, record, ((r.reference, r.cells) for r in rows), form)


@click.command("show")
@click.argument("record")
@click.argument("reference")
@click.option("--format", "form", type=_FORMATS, default="table", show_default=True, help="How to print. 格式")
@pass_context
def show_(context: Context, record: str, reference: str, form: str) -> None:
    """Show one row of RECORD, named by its code or a reference such as #17.k7f3."""
    found = context.lms.tables.show(record, reference)
    if form != "table":
        _print_rows(context, record, ((r.reference, r.cells) for r in found), form)
        return
    declared = context.lms.record(record)
    for row in found:
        labels = {f.name: f.label.say(context.lang) for f in declared.fields}
        echo(table([[labels.get(name, name), text] for name, text in row.cells.items() if text], limit=60))
        echo("")


def _print_rows(context: Context, record: str, rows: Iterable[tuple[str, dict[str, str]]], form: str) -> None:
    declared = context.lms.record(record)
    if form == "jsonl":
        for reference, cells in rows:
            show_json({"reference": reference, **cells})
        return
    many = list(rows)
    names = [f.name for f in declared.fields if any(cells.get(f.name) for _, cells in many)]
    if form == "csv":
        from commlms.store.sheets import write_stream

        write_stream(sys.stdout, [["reference", *names], *([ref, *(cells[n] for n in names)] for ref, cells in many)], "csv")
        return
    labels = [declared.field(n).label.say(context.lang) for n in names[:6]]
    lines = [[cells[n] for n in names[:6]] for _, cells in many]
    has_code = bool(names) and names[0] == "code"
    if not has_code:
        labels, lines = ["#", *labels], [[ref, *line] for (ref, _), line in zip(many, lines, strict=True)]
    echo(table([labels, *lines], limit=24))


@click.command("add")
@click.argument("record")
@click.argument("fields", nargs=-1)
@click.option("--jsonl", type=click.File(encoding="utf-8"), default=None, help="JSON lines, '-' for standard input. JSON 行")
@pass_context
def add_(context: Context, record: str, fields: tuple[str, ...], jsonl: Any) -> None:
    """Add a row given as FIELD=VALUE ..., or rows as JSON lines; all or nothing."""
    rows = [_without_reference(context, record, row) for row in _json_lines(jsonl)] if jsonl else [_pairs(fields)]
    result = context.lms.add(rows, record)
    show_json({"write": result.journal, "new": result.new, "changed": result.changed, "unchanged": result.unchanged})


def _without_reference(context: Context, record: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row without what ``list --format jsonl`` puts in front of the fields, so that its lines go in again."""
    known = {f.name for f in context.lms.record(record).fields}
    return {name: value for name, value in row.items() if name != "reference" or name in known}


def _json_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines; one that is none is refused with its line."""
    read = 0
    try:
        for line in lines:
            read += 1
            if line.strip():
                found = json.loads(line)
                if not isinstance(found, dict):
                    raise ValueError(line)
                yield found
    except (ValueError, RecursionError):
        raise FileRefused(Label(
            "第 {line} 行不是 UTF-8 的 JSON 对象；未写入任何内容", "line {line} is not a JSON object in UTF-8; nothing was written"
        ), line=max(read, 1)) from None


def _pairs(fields: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in fields:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError("请写成 字段=值，例如 minutes=90 / write FIELD=VALUE, such as minutes=90")
        found[name] = value
    return found


@click.command("set")
@click.argument("record")
@click.argument("reference")
@click.argument("fields", nargs=-1, required=True)
@click.option("--state", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The state that begins on this day. 自何日起的状态")
@pass_context
def set_(context: Context, record: str, reference: str, fields: tuple[str, ...], state: Any) -> None:
    """Correct FIELD=VALUE ... of one row; an empty VALUE clears the field."""
    journal = context.lms.set(record, reference, state.date() if state else None, **_pairs(fields))
    show_json({"write": journal})


@click.command("remove")
@click.argument("record")
@click.argument("reference")
@pass_context
def remove_(context: Context, record: str, reference: str) -> None:
    """Remove one row; refused while other rows refer to it. 'commlms undo' brings it back; 'imports --all' lists the writes."""
    show_json({"write": context.lms.remove(record, reference)})


@click.command("history")
@click.argument("record")
@click.argument("reference")
@pass_context
def history_(context: Context, record: str, reference: str) -> None:
    """What a row was before each write that changed or removed it, newest first, as JSON lines. 'commlms undo' takes 'journal'."""
    for change in context.lms.tables.history(record, reference):
        show_json(change)


@click.command("checkin")
@click.argument("learner")
@click.argument("session")
@click.option("--minutes", type=click.IntRange(0, 1440), default=None, help="Minutes, if not the session's. 分钟")
@pass_context
def checkin_(context: Context, learner: str, session: str, minutes: int | None) -> None:
    """Note LEARNER (code) as present at SESSION (code)."""
    show_json({"write": context.lms.check_in(learner, session, minutes)})
