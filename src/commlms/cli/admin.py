"""Commands about the database and the plugins themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from commlms.cli.context import DONE, FAILED, NO_DATABASE, Context, pass_context
from commlms.cli.terminal import agree, echo, say, show_json, table, tell
from commlms.core.days import iso
from commlms.core.labels import Label

if TYPE_CHECKING:
    from commlms.host import PluginFailure
    from commlms.store.journal import Entry
    from commlms.store.keys import OfficeKey

#: What a write is called in a list of all of them.
_WRITES = {
    "import": Label("导入", "import"), "take": Label("报送", "take"), "add": Label("添加", "add"),
    "set": Label("更正", "set"), "remove": Label("移除", "remove"),
    "check_in": Label("签到", "checkin"), "undo": Label("撤销", "undo"), "recount": Label("重算", "recount"),
    "erase": Label("删除个人信息", "erase"), "words": Label("词语", "words"), "publish": Label("发布", "publish"),
    "archive": Label("存档", "archive"), "purge": Label("删除存档", "purge"), "retention": Label("保存期限", "retention"),
}


@click.command("init")
@click.option("--invented", is_flag=True, help="Mark the database as a demonstration. 标为演示数据")
@pass_context
def init_(context: Context, invented: bool) -> None:
    """Make the database, or bring it up to date."""
    context.invented = invented
    path = context.lms.database.path or context.path
    say(Label("{path} 已就绪", "{path} is ready"), context.lang, path=path.name)


@click.command("imports")
@click.option("--limit", type=int, default=30, show_default=True, help="At most so many. 行数")
@click.option("--all", "every", is_flag=True, help="Every other write too, with who and why. 全部写入")
@click.option("--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True, help="How to print. 格式")
@pass_context
def imports_(context: Context, limit: int, every: bool, form: str) -> None:
    """List the imports, newest first, with their numbers; 'commlms undo' takes the id."""
    found = context.lms.imports(every)[:limit]
    names = (
        "id", "at", "actor", "reason", "action", "record", "file", "state", "read", "new", "changed", "unchanged", "held", "unnamed",
        "rejected", "not_counted",
    )
    if form == "jsonl":
        for e in found:
            show_json({n: getattr(e, n) for n in names})
        return
    if every:
        _print_writes(context, found)
        return
    heads = {
        "zh": ("号", "时间", "文件", "登记", "状态", "读", "新", "改", "未变", "待定", "拒绝"),
        "en": ("id", "when", "file", "record", "state", "read", "new", "chg", "same", "held", "rej"),
    }[context.lang]
    lines = [
        [e.id, e.at[:16].replace("T", " "), e.file, e.record, e.state, e.read, e.new, e.changed, e.unchanged, e.held,
         e.rejected]
        for e in found
    ]
    echo(table([heads, *([str(c) for c in line] for line in lines)], right=(0, 5, 6, 7, 8, 9, 10), limit=22))


def _print_writes(context: Context, found: list[Entry]) -> None:
    heads = {
        "zh": ("号", "时间", "写入", "登记", "文件", "状态", "新", "改", "经办人", "事由"),
        "en": ("id", "when", "write", "record", "file", "state", "new", "chg", "by", "reason"),
    }[context.lang]
    lines = [
        [str(e.id), e.at[:16].replace("T", " "), _WRITES[e.action].say(context.lang) if e.action in _WRITES else e.action,
         e.record, e.file, e.state, str(e.new), str(e.changed), e.actor, e.reason]
        for e in found
    ]
    echo(table([heads, *lines], right=(0, 6, 7), limit=22))


@click.command("undo")
@click.argument("journal", type=int, metavar="ID")
@pass_context
def undo_(context: Context, journal: int) -> None:
    """Take write ID back: the exact former content, totals included."""
    context.lms.undo(journal)
    say(Label("已撤销写入 {id}", "write {id} has been undone"), context.lang, id=journal)


@click.command("plugins")
@click.option("--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True, help="How to print. 格式")
@pass_context
def plugins_(context: Context, form: str) -> None:
    """List the plugins with their hooks. None is imported, so this works when one of them is broken."""
    from commlms.finding import find_plugins

    found = find_plugins(context.without, context.plugins_dir)
    if form == "jsonl":
        for p in found:
            show_json({
                "name": p.name, "distribution": p.distribution, "version": p.version, "module": p.module, "api": p.api,
                "hooks": p.hooks, "excluded": p.excluded, "trouble": trouble.en if (trouble := p.trouble()) else None,
            })
        return
    heads = {"zh": ("插件", "来自", "版本", "接口", "状态", "钩子"), "en": ("plugin", "from", "version", "api", "status", "hooks")}[
        context.lang
    ]
    on, off, broken = {"zh": ("启用", "去掉", "损坏"), "en": ("on", "left out", "broken")}[context.lang]
    lines = [
        [p.name, p.distribution, p.version, "?" if p.api is None else str(p.api), off if p.excluded else broken if p.trouble() else on,
         str(len(p.hooks))]
        for p in found
    ]
    echo(table([heads, *lines]))


@click.command("doctor")
@pass_context
def doctor_(context: Context) -> None:
    """Check the database as it is, and load each plugin alone. Exit status 1 if anything is wrong."""
    from commlms.measure.totals import Totals
    from commlms.store.archive import Archive
    from commlms.store.database import Database
    from commlms.store.doctor import examine
    from commlms.store.journal import Actor

    host = context.host(isolate=True)
    failures = {f.name: f for f in (*host.failures, *_alone(context, [p.name for p in host.found if not p.excluded]))}
    for failure in failures.values():
        say(failure.label(), context.lang)
    bad = bool(failures)
    if context.path.is_file():
        database = Database(context.path)
        archive = Archive(database, None, Actor(context.actor), context.reason, 0)
        findings = examine(database, host.owners(), host.names, archive)
        for finding in findings:
            tell(("✗ " if finding.bad else "· ") + finding.label.say(context.lang))
        whole = not any(f.bad for f in findings)
        # A file in which something is broken need not even be countable.
        if whole and (differing := Totals(database).recount()):
            whole = False
            wrong = Label("✗ {n} 处合计与重算不符；运行 commlms recount", "✗ {n} total(s) differ from a recount; run 'commlms recount'")
            say(wrong, context.lang, n=len(differing))
        bad = bad or not whole
        database.close()
    else:
        bad = True
        say(NO_DATABASE, context.lang, path=context.path)
    if not bad:
        say(Label("一切正常", "all is well"), context.lang)
    sys.exit(FAILED if bad else DONE)


def _alone(context: Context, names: list[str]) -> Iterator[PluginFailure]:
    """What goes wrong when each plugin is loaded without the others."""
    from commlms.host import Host

    for name in names:
        others = {*context.without, *names} - {name}
        yield from Host(without=others, plugins_dir=context.plugins_dir, isolate=True).failures


@click.command("schema")
@click.argument("record", required=False)
@pass_context
def schema_(context: Context, record: str | None) -> None:
    """The records with their fields, kinds, tiers of personal data, as Markdown."""
    tell(context.lms.sheets.schema(record, context.lang))


@click.group("key")
def key_() -> None:
    """The office key, under which digests of ID numbers are made. Keep it outside the database and its backups.

    With --lake the lake key, under which a lake calls people by pseudonyms; the offices of one lake share it.
    """


_LAKE = click.option("--lake", is_flag=True, help="The lake key instead of the office key. 数据湖密钥")


def _key(lake: bool) -> OfficeKey:
    from commlms.store.keys import LakeKey, OfficeKey

    return LakeKey() if lake else OfficeKey()


@key_.command("new")
@_LAKE
@pass_context
def new(context: Context, lake: bool) -> None:
    """Make the key."""
    key = _key(lake)
    mark = key.new()
    say(
        Label("密钥 {mark} 已写入 {path}；请另行保管一份", "key {mark} written to {path}; keep a copy in a safe place"),
        context.lang,
        mark=mark,
        path=key.path,
    )


@key_.command("show")
@_LAKE
@pass_context
def show(context: Context, lake: bool) -> None:
    """Show the fingerprints of the keys, newest first; never the keys."""
    key = _key(lake)
    marks = key.fingerprints()
    if not marks:
        none = Label("还没有密钥；commlms key new{option} 生成", "there is no key yet; 'commlms key new{option}' makes one")
        say(none, context.lang, option=key.option)
        sys.exit(FAILED)
    for mark in marks:
        echo(mark)
    echo(str(key.path))


@key_.command("rotate")
@_LAKE
@pass_context
def rotate(context: Context, lake: bool) -> None:
    """Add a new key; people entered under older keys are still found, a lake under an older one is still published into."""
    say(
        Label("新密钥 {mark}；旧密钥保留用于查找", "new key {mark}; the older ones stay for finding people"),
        context.lang,
        mark=_key(lake).rotate(),
    )


@click.group("person")
def person_() -> None:
    """What is held about one person: export it, or erase it."""


@person_.command("export")
@click.argument("learner")
@pass_context
def export(context: Context, learner: str) -> None:
    """Everything held about LEARNER (code), as JSON."""
    show_json(context.lms.people.export(learner), indent=2)


@person_.command("erase")
@click.argument("learner")
@click.option("--unmatched", is_flag=True, help="LEARNER is a row of 'commlms list unmatched': a visit of nobody known. 待认签到")
@click.option("--row", "register", default=None, help="LEARNER is a row of this record: a post's holder, a title's. 登记中的姓名")
@click.option("--yes", is_flag=True, help="Do not ask. 不再询问")
@pass_context
def erase(context: Context, learner: str, unmatched: bool, register: str | None, yes: bool) -> None:
    """Delete every row about LEARNER (code). The totals of past years stay; this cannot be undone.

    With --unmatched a visit loses name, birth date, sex and home, and still counts. With --row a row that names somebody who
    is no learner loses the name.
    """
    question = Label("删除关于此人的全部记录，不能恢复。继续？", "Delete everything about this person; it cannot be undone. Go on?")
    if register is not None:
        question = Label("删去这一行中的姓名，不能恢复。继续？", "Take the name off this row; it cannot be undone. Go on?")
    if not agree(question, yes, lang=context.lang):
        say(Label("没有删除任何内容", "nothing was deleted"), context.lang)
        sys.exit(FAILED)
    if unmatched:
        context.lms.people.erase_visit(learner)
        say(Label("这一次签到已不具名；人次不变", "this visit has no name any more; it still counts"), context.lang)
        return
    kept = context.lms.people.kept_files(learner, register)
    files = [context.lms.archive.find(number) for number in kept]
    if register is not None:
        context.lms.people.erase_names(register, learner)
        say(Label("这一行已不具名；仍照计", "this row has no name any more; it still counts"), context.lang)
    else:
        _erase(context, learner)
    if files:
        still = Label(
            "这些存档文件里还有此人的行；提前删除：commlms --reason … archive purge --number 号",
            "these kept files still hold rows about this person; to delete one earlier: commlms --reason ... archive purge --number NO",
        )
        say(still, context.lang)
        for f in files:
            say(Label("  {number} {file}，保存至 {day}", "  {number} {file}, kept until {day}"), context.lang,
                number=f.number, file=f.name, day=iso(f.until))


def _erase(context: Context, learner: str) -> None:
    namesakes = context.lms.people.namesakes(learner)
    erased = context.lms.people.erase(learner)
    say(Label("已删除 {n} 行；历年合计不变", "{n} row(s) deleted; the totals of past years stay"), context.lang, n=sum(erased.values()))
    if namesakes:
        say(Label(
            "还有 {n} 条待认签到是这个姓名，不能断定是不是此人：commlms list unmatched；是的用 person erase --unmatched 删去姓名",
            "{n} visit(s) of nobody known bear this name: 'commlms list unmatched'; of those that are this person's, erase the name "
            "with 'person erase --unmatched'",
        ), context.lang, n=namesakes)
