"""The command for the files that were taken: which there are, their very bytes, for how long they are kept, and their end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commlms.cli.context import FAILED, Context, pass_context
from commlms.cli.terminal import agree, echo, say, show_json, table
from commlms.core.errors import FileRefused
from commlms.core.labels import Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commlms.core.labels import Lang
    from commlms.store.archive import KeptFile

_DELETED = Label("{day} 已删", "deleted {day}")
_NUMBER = click.IntRange(1, 2**63 - 1)
_HEADS = {
    "zh": ("号", "收到", "报送地点", "表式", "保存至", "文件"),
    "en": ("no", "taken", "sender", "shape", "until", "file"),
}


@click.group("archive")
def archive_() -> None:
    """The files that were taken, kept encrypted beside the database."""


@archive_.command("list")
@click.option("--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True, help="How to print. 格式")
@pass_context
def list_(context: Context, form: str) -> None:
    """Every file that was ever kept, the newest first; 'commlms archive get' takes the number."""
    found = context.lms.archive.list()
    if form == "table":
        _print(context, found)
        return
    from commlms.core.days import iso

    for f in found:
        show_json({
            "number": f.number, "taken": f.taken, "actor": f.actor, "sender": f.sender, "shape": f.shape, "until": iso(f.until),
            "purged": None if f.purged is None else iso(f.purged), "file": f.name, "size": f.size,
        })


def _print(context: Context, files: Iterable[KeptFile]) -> None:
    from commlms.core.days import iso

    lines = [
        [str(f.number), f.taken[:10], f.sender, _shapes(f.shape, context.lang), iso(f.until) if f.purged is None else
         _DELETED.say(context.lang, day=iso(f.purged)), f.name]
        for f in files
    ]
    echo(table([_HEADS[context.lang], *lines], right=(0,), limit=30))


def _shapes(keys: str, lang: Lang) -> str:
    from commlms.ingest.shapes import SHAPES

    return "、".join(SHAPES[key].say(lang) if key in SHAPES else key for key in keys.split())


@archive_.command("get")
@click.argument("number", type=_NUMBER)
@click.argument("out", type=click.Path(path_type=Path))
@pass_context
def get(context: Context, number: int, out: Path) -> None:
    """Write kept file NUMBER to OUT, or into the folder OUT under the name it came with."""
    from commlms.store.sheets import replacing

    kept = context.lms.archive.find(number)
    path = out / Path(kept.name).name if out.is_dir() else out
    if path.exists():
        raise FileRefused(Label("{file} 已经存在；请换一个名字", "{file} exists already; choose another name"), file=path.name)
    content = context.lms.archive.get(number)
    with replacing(path) as draft:
        draft.touch(mode=0o600)
        draft.write_bytes(content)
    echo(str(path))


@archive_.command("purge")
@click.option("--number", type=_NUMBER, default=None, help="This file, even before its time. 指定文件")
@click.option("--yes", is_flag=True, help="Do not ask. 不再询问")
@pass_context
def purge(context: Context, number: int | None, yes: bool) -> None:
    """Delete the files whose time is over, or one before it (say why with --reason). What was kept stays in the list."""
    archive = context.lms.archive
    files = archive.due() if number is None else (archive.find(number),)
    if files and not yes:
        _print(context, files)
    question = Label("删除 {n} 个存档文件，不能恢复。继续？", "Delete {n} kept file(s)? It cannot be undone.")
    if files and not agree(question, yes, lang=context.lang, n=len(files)):
        say(Label("没有删除任何文件", "nothing was deleted"), context.lang)
        sys.exit(FAILED)
    gone = archive.purge(number)
    say(Label("已删除 {n} 个存档文件", "{n} kept file(s) deleted"), context.lang, n=len(gone))


@archive_.command("retention")
@click.argument("shape", required=False)
@click.argument("days", type=int, required=False)
@pass_context
def retention(context: Context, shape: str | None, days: int | None) -> None:
    """For how many days files of each shape are kept; or keep files of SHAPE for so many DAYS, those kept already too."""
    archive = context.lms.archive
    if shape is not None:
        if days is None:
            raise click.UsageError("SHAPE DAYS. 请写明天数")
        archive.retain(shape, days)
    for name, kept in archive.retention().items():
        words = _shapes(name, context.lang)
        say(Label("{shape}（{words}）：{days} 天", "{shape} ({words}): {days} days"), context.lang, shape=name, words=words, days=kept)
