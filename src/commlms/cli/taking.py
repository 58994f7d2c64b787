"""What streets send: take files and folders of them, and list what was sent."""

from __future__ import annotations

import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from commlms.cli import stopping
from commlms.cli.context import DONE, REJECTED, Context, pass_context
from commlms.cli.terminal import Progress, agree, ask, echo, say, show_json, table, tell
from commlms.core.labels import Label, Lang

if TYPE_CHECKING:
    from commlms.ingest.deliveries import Fate, Plan
    from commlms.ingest.received import Received
    from commlms.ingest.taking import Offer, Paper, TakeOptions

#: How many problems of a file, and how many conclusions, are printed.
_SHOWN = 10
_COUNTS = {
    "read": Label("读", "read"), "new": Label("新", "new"), "changed": Label("改", "changed"), "unchanged": Label("未变", "unchanged"),
    "held": Label("待定", "held"), "unnamed": Label("不具名", "unnamed"), "rejected": Label("拒绝", "rejected"),
    "not_counted": Label("不计", "not counted"),
}
_KINDS = {
    "new": Label("新收", "new"), "further": Label("新收", "new"), "replaces": Label("替换", "replaces"), "same": Label("已有", "there"),
    "doubtful": Label("待问", "to ask"), "refused": Label("不收", "not taken"), "not_taken": Label("不收", "not taken"),
    "aside": Label("略过", "left aside"),
}
_HEADS = {
    "zh": ("文件", "工作表", "报送地点", "表式", "时期", "行", "处理"),
    "en": ("file", "sheet", "sender", "shape", "period", "rows", "what"),
}
_STOPPED = Label(
    "已中断。已收下 {n} 份，每份都是完整的：{names}。再运行一次即可收下其余的",
    "interrupted. {n} deliveries are taken, each of them whole: {names}. Run it again to take the rest",
)


@click.command("take")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask: take what raises no question. 不再询问")
@click.option("--year", type=click.IntRange(1949, 2100), default=None, help="The year of dates without one. 年份")
@click.option("--period", default=None, help="The period of all files: 2022, 2022Q1, 2022-03. 时期")
@click.option("--under", default=None, help="The sender of all files. 报送地点")
@click.option("--fewer", is_flag=True, help="Take also what says far less than before. 行数大减也收")
@click.option(
    "--columns", type=click.Path(file_okay=False, path_type=Path), default=None,
    help="Where saved columns are; beside the database if not given. 列对应的目录",
)
@click.option("--dry-run", is_flag=True, help="Show what would be done, write nothing. 只查看")
@click.option("--json", "as_json", is_flag=True, help="Print every file's fate as a JSON line. 以 JSON 输出")
@pass_context
def take_(
    context: Context, paths: tuple[Path, ...], yes: bool, year: int | None, period: str | None, under: str | None, fewer: bool,
    columns: Path | None, dry_run: bool, as_json: bool,
) -> None:
    """Take files, and folders of files, as streets send them: ledgers, sign-in sheets, month grids.

    Sender, shape and period are recognised and shown before anything is written. A later delivery of the same three replaces
    the former; 'commlms undo' takes one back.
    """
    lms = context.lms
    options = lms.office.options(year, period, under, fewer, columns)
    if not dry_run:
        lms.archive.check()
    with Progress(context.lang) as progress:
        plan = lms.office.plan(paths, options, progress)
    if not as_json:
        _print_plan(context, plan, whole=dry_run)
    if not (yes or dry_run):
        plan = _settled(context, plan, paths, options)
    accepted: bool | list[Offer] = fewer or ([] if yes or dry_run else _accepted(context, plan))
    if dry_run or not _go_on(context, plan, accepted, yes):
        if as_json:
            _print_json(context, _of_plan(plan), {})
        elif dry_run:
            say(Label("这是试运行，未写入任何内容", "this was a dry run; nothing was written"), context.lang)
        else:
            say(Label("没有收，未写入任何内容", "nothing was taken or written"), context.lang)
        sys.exit(REJECTED if _left(plan, dry_run) else DONE)
    fates = _take(context, plan, accepted)
    rejects = _write_rejects(context, fates)
    (_print_json if as_json else _print_fates)(context, fates, rejects)
    if not as_json:
        _say_doubles(context)
    sys.exit(REJECTED if any(f.kind == "not_taken" or f.counts.get("rejected") for f in fates) else DONE)


# -- before -------------------------------------------------------------------------------------


def _print_plan(context: Context, plan: Plan, whole: bool) -> None:
    """One table of all sheets, then why some are not simply new, then what was concluded or is not counted: all of it if ``whole``."""
    lang, rows = context.lang, []
    for offer, decision in plan.offers:
        rows.append((
            offer.paper.name, offer.sheet, _place(context, offer.sender), _shape(context, offer.shape), offer.period.key, str(offer.rows),
            _KINDS[decision.kind].say(lang),
        ))
    rows += [
        (r.paper.name, r.sheet, "", "", "", "", _KINDS["aside" if r.aside else "not_taken"].say(lang)) for r in plan.refusals
    ]
    echo(table([_HEADS[lang], *rows], right=(5,), limit=30))
    for paper, sheet, why in (
        *((o.paper, o.sheet, d.why) for o, d in plan.offers if d.kind not in ("new", "further")),
        *((o.paper, o.sheet, d.note) for o, d in plan.offers if d.note),
        *((r.paper, r.sheet, r.why) for r in plan.refusals),
    ):
        tell(f"  {_name(paper, sheet)}：{why.say(lang)}" if lang == "zh" else f"  {_name(paper, sheet)}: {why.say(lang)}")
    told: dict[tuple[str, str], list[str]] = {}
    for offer, _ in plan.offers:
        for part in offer.parts:
            for t in part.conclusions:
                told.setdefault((_name(offer.paper, part.sheet), t.what.say(lang)), []).append(t.cell)
    for (sheet, what), places in list(told.items())[:None if whole else _SHOWN]:
        more = Label(f" 等 {len(places)} 处", f" and {len(places) - 1} more").say(lang) if len(places) > 1 else ""
        tell(f"  {sheet} {places[0]}{more}: {what}")
    if len(told) > _SHOWN and not whole:
        say(Label("  …另有 {n} 种；--dry-run 全部列出", "  ... and {n} more kinds; --dry-run lists them all"), lang, n=len(told) - _SHOWN)


def _settled(context: Context, plan: Plan, paths: tuple[Path, ...], options: TakeOptions) -> Plan:
    """Ask who sent the sheets of which that is not certain; by default nobody, and they are not taken."""
    senders: dict[tuple[Path, str], int] = {}
    for r in plan.refusals:
        if not r.places:
            continue
        choices = {str(n): Label(name, name) for n, p in enumerate(r.places[:9], start=1) if (name := _place(context, p))}
        choices["0"] = Label("不收", "do not take it")
        answer = ask(
            Label("{file}：谁报送的？", "{file}: who sent it?"), choices, "0", lang=context.lang, file=_name(r.paper, r.sheet),
        )
        if answer != "0":
            senders[r.paper.path, r.sheet] = r.places[int(answer) - 1]
    return context.lms.office.plan(paths, attrs.evolve(options, senders=senders)) if senders else plan


def _accepted(context: Context, plan: Plan) -> list[Offer]:
    """The doubtful offers that a person says to take."""
    return [
        o for o, d in plan.offers if d.kind == "doubtful" and agree(
            Label("{file}：{why}。收吗？", "{file}: {why}. Take it?"), lang=context.lang, file=_name(o.paper, o.sheet), why=d.why)
    ]


def _go_on(context: Context, plan: Plan, accepted: bool | list[Offer], yes: bool) -> bool:
    """Whether what raises no question, and what was agreed to, is to be taken; nothing is asked where there is nothing to take."""
    offered = [o for o, d in plan.offers if d.kind in ("new", "further", "replaces")]
    n = len(offered) + (len(accepted) if isinstance(accepted, list) else sum(d.kind == "doubtful" for _, d in plan.offers))
    return not n or agree(Label("收下这 {n} 份报送吗？", "Take these {n} deliveries?"), yes, lang=context.lang, n=n)


def _left(plan: Plan, dry_run: bool) -> bool:
    """Whether something would not be taken; without a dry run nothing was."""
    return not dry_run or any(not r.aside for r in plan.refusals) or any(d.kind in ("doubtful", "refused") for _, d in plan.offers)


def _of_plan(plan: Plan) -> list[Fate]:
    from commlms.ingest.deliveries import Fate

    return [
        *(Fate(r.paper, "aside" if r.aside else "not_taken", r.why, r.sheet) for r in plan.refusals),
        *(Fate(o.paper, d.kind, d.why, o.sheet, o, d.turn) for o, d in plan.offers),
    ]


# -- taking -------------------------------------------------------------------------------------


def _take(context: Context, plan: Plan, accepted: bool | list[Offer]) -> list[Fate]:
    """Every delivery in turn. Ctrl-C between or within them leaves whole deliveries, and which they are is said."""
    from commlms.ingest.received import taken_from
    from commlms.store.journal import next_number

    fates: list[Fate] = []
    database = context.lms.database
    first = next_number(database, "delivery")
    try:
        with Progress(context.lang) as progress:
            for fate in context.lms.office.taking(plan, accepted, progress):
                fates.append(fate)
    except (KeyboardInterrupt, sqlite3.Error):
        if not stopping.was_stopped():
            raise
        # The database knows best: one may be whole there of which the interruption kept word from coming here.
        if database.connection.in_transaction:
            database.connection.rollback()
        _write_rejects(context, fates)  # nothing would name them again: what is taken is the same when it is taken again
        offered = {(o.paper.name, o.sheet): _name(o.paper, o.sheet) for o, _ in plan.offers}
        taken = [offered[named] for named in taken_from(database, first) if named in offered]
        raise stopping.Stopped(_STOPPED, n=len(taken), names="、".join(taken) or "-") from None
    return fates


def _write_rejects(context: Context, fates: Iterable[Fate]) -> dict[Path, Path]:
    """The rejected rows of each file, in a workbook beside it, a sheet for each of its tables."""
    from commlms.core.errors import FileRefused
    from commlms.ingest.rejects import free_name
    from commlms.store.sheets import write_sheets

    written: dict[Path, Path] = {}
    for paper, some in _by_file(fates):
        tables: dict[str, list[list[Any]]] = {}
        for part in (p for f in some if f.kind != "same" for p in f.landed):
            if rows := part.rejects(context.lang):
                tables[_free(part.part.sheet or "rejects", tables)] = rows
        if tables:
            out = free_name(paper.path)
            try:
                write_sheets(out, tables)
                written[paper.path] = out
            except FileRefused as error:
                echo(error.say(context.lang), err=True)
    return written


def _free(title: str, taken: Iterable[str]) -> str:
    short = title[:27]
    return next(name for n in range(1, 1000) if (name := short if n == 1 else f"{short}-{n}") not in taken)


def _by_file(fates: Iterable[Fate]) -> Iterator[tuple[Paper, list[Fate]]]:
    found: dict[Paper, list[Fate]] = {}
    for fate in fates:
        found.setdefault(fate.paper, []).append(fate)
    yield from sorted(found.items(), key=lambda item: item[0].name)


# -- after --------------------------------------------------------------------------------------


def _print_fates(context: Context, fates: Iterable[Fate], rejects: dict[Path, Path]) -> None:
    """What became of every file, a line each; below it what is wrong with its rows."""
    lang = context.lang
    for paper, some in _by_file(fates):
        tell(f"{paper.name}{'：' if lang == 'zh' else ': '}{_fate(lang, some)}")
        problems = [p for f in some for p in f.problems]
        for problem in problems[:_SHOWN]:
            tell(f"  {problem.say(lang)}")
        if len(problems) > _SHOWN:
            say(Label("  …另有 {n} 处", "  ... and {n} more"), lang, n=len(problems) - _SHOWN)
        if paper.path in rejects:
            say(Label("  被拒的行及原因在：{path}", "  rejected rows with their reasons: {path}"), lang, path=rejects[paper.path])


def _fate(lang: Lang, fates: list[Fate]) -> str:
    """One line about one file: what was taken with its counts, and why the rest was not."""
    taken = [f for f in fates if f.kind == "taken"]
    said = []
    if taken:
        counts = {name: sum(f.counts[name] for f in taken) for name in _COUNTS}
        shown = [_COUNTS[name].say(lang) + f" {n}" for name, n in counts.items() if n or name == "read"]
        if removed := sum(f.removed for f in taken):
            shown.append(Label(f"移除 {removed}", f"removed {removed}").say(lang))
        nil = sum(bool(f.offer and f.offer.nil) for f in taken)
        head = Label(f"收 {len(taken)} 份", f"{len(taken)} taken")
        if nil:
            head = Label(f"{head.zh}（零报告 {nil}）", f"{head.en} ({nil} with nothing to report)")
        said.append(f"{head.say(lang)}{'：' if lang == 'zh' else ': '}{('，' if lang == 'zh' else ', ').join(shown)}")
    for f in fates:
        if f.kind != "taken":
            sheet = f" {f.sheet}" if f.sheet and len(fates) > 1 else ""
            said.append(f"{_KINDS[f.kind].say(lang)}{sheet}{'，' if lang == 'zh' else ', '}{f.why.say(lang)}")
    return ("；" if lang == "zh" else "; ").join(dict.fromkeys(said))


def _print_json(context: Context, fates: Iterable[Fate], rejects: dict[Path, Path]) -> None:
    for paper, some in _by_file(fates):
        show_json({
            "file": paper.name, "path": str(paper.path), "rejects": str(rejects[paper.path]) if paper.path in rejects else None,
            "fates": [_as_json(context, f) for f in some],
        })


def _as_json(context: Context, fate: Fate) -> dict[str, Any]:
    offer = fate.offer
    said: dict[str, Any] = {"fate": fate.kind, "why": fate.why.say(context.lang), "sheet": fate.sheet}
    if offer:
        said |= {
            "sender": _code(context, offer.sender), "shape": offer.shape, "period": offer.period.key, "turn": fate.turn, "nil": offer.nil,
            "rows": offer.rows, "told": [{"cell": t.cell, "what": t.what.say(context.lang)} for p in offer.parts for t in p.told],
        }
    if fate.counts:
        said |= {"write": fate.journal, "removed": fate.removed, **{name: fate.counts[name] for name in _COUNTS}}
        said["sheets"] = [{"sheet": p.part.sheet, **{name: p.counts[name] for name in _COUNTS}} for p in fate.landed]
    said["problems"] = [
        {"sheet": p.sheet, "line": p.line, "cell": p.cell, "code": p.code, "what": p.label().say(context.lang)} for p in fate.problems
    ]
    return said


def _say_doubles(context: Context) -> None:
    if doubles := context.lms.office.possible_doubles():
        say(Label("有 {n} 对活动可能是两处报了同一场；commlms review 逐对判定",
                  "{n} pairs of activities may be one that two senders reported; decide them in 'commlms review'"),
            context.lang, n=len(doubles))


# -- what was sent ------------------------------------------------------------------------------


@click.command("deliveries")
@click.option("--period", default=None, help="2022, 2022Q1, 2022-03 ...; this year if not given. 时期")
@click.option("--level", default=None, help="Only senders of this level: county, township, village. 级别")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object. 以 JSON 输出")
@pass_context
def deliveries_(context: Context, period: str | None, level: str | None, as_json: bool) -> None:
    """List what was sent for a period, and who has not sent."""
    lang = context.lang
    found = context.lms.office.deliveries(period, level)
    if as_json:
        show_json(_received_json(found))
        return
    heads = {
        "zh": ("报送地点", "表式", "时期", "次", "收到", "行", "文件"),
        "en": ("sender", "shape", "period", "turn", "received", "rows", "file"),
    }
    called = Counter(name for name, _ in {(s.name, s.sender) for s in found.sent})
    rows = [
        (f"{s.name} {s.sender}" if called[s.name] > 1 else s.name, s.label.say(lang), s.period, str(s.turn), s.received,
         Label("零报告", "nil").say(lang) if s.nil else str(s.rows), s.file)
        for s in found.sent
    ]
    echo(table([heads[lang], *rows], right=(3, 5), limit=30))
    missing = found.missing
    if not found.expected:
        say(Label("还没有报送，不知道应由谁报送", "nothing was sent yet, and nobody is known to be expected to"), lang)
        return
    say(Label("{n} 个报送单位中 {m} 个未报送", "{m} of {n} have not reported"), lang, n=len(found.expected), m=len(missing))
    for place in missing:
        node = found.reporting.tree.nodes[place]
        echo(f"  {node.code} {node.name}")


def _received_json(found: Received) -> dict[str, Any]:
    nodes = found.reporting.tree.nodes
    return {
        "period": found.period.key, "expected": len(found.expected),
        "missing": [{"code": nodes[p].code, "name": nodes[p].name} for p in found.missing],
        "deliveries": [
            {k: v for k, v in attrs.asdict(s, recurse=False).items() if k != "label"} for s in found.sent
        ],
    }


# -- words --------------------------------------------------------------------------------------


def _name(paper: Paper, sheet: str) -> str:
    return f"{paper.name}[{sheet}]" if sheet else paper.name


def _place(context: Context, place: int) -> str:
    return context.lms.office.sender(place)[1]


def _code(context: Context, place: int) -> str:
    return context.lms.office.sender(place)[0]


def _shape(context: Context, shape: str) -> str:
    from commlms.ingest.taking import shape_label

    return shape_label(shape, context.lms.records).say(context.lang)
