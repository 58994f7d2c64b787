"""The command that finds people by what a clerk knows of them."""

from __future__ import annotations

import click

from commlms.cli.context import Context, pass_context
from commlms.cli.terminal import echo, say, table
from commlms.core.labels import Label

_COLUMNS = (Label("编号", "code"), Label("姓名", "name"), Label("出生年", "born"), Label("居住地", "home"))
_PLAIN = Label(
    "没有安装 pypinyin，只能按编号和汉字查；pip install 'commlms[office]' 后也能按拼音查",
    "pypinyin is not installed: codes and characters are searched, no pinyin; pip install 'commlms[office]' adds it",
)
_MORE = Label("只列出前 {n} 位；请多写几个字", "only the first {n} are shown; write more of the name")


@click.command("find")
@click.argument("words", nargs=-1, required=True)
@pass_context
def find_(context: Context, words: tuple[str, ...]) -> None:
    """Find learners by WORDS: code, name, part of a name, or pinyin (wangfang, wang fang, wf)."""
    from commlms.store.search import SHOWN, reads_pinyin

    found = context.lms.office.find(" ".join(words))
    if found:
        echo(table([[label.say(context.lang) for label in _COLUMNS], *([m.reference, m.name, m.born, m.home] for m in found)], limit=30))
    else:
        say(Label("没有找到", "nobody was found"), context.lang)
    if len(found) == SHOWN:
        say(_MORE, context.lang, err=True, n=SHOWN)
    if not reads_pinyin():
        say(_PLAIN, context.lang, err=True)
