"""The command that asks a person what only a person can decide, one key an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commlms.cli.context import Context, pass_context
from commlms.cli.terminal import ask, echo, say, table
from commlms.core.labels import Label

if TYPE_CHECKING:
    from commlms.ingest.review import Case, Person

_SAME, _DIFFERENT = Label("同一人", "the same"), Label("不同", "different")
_ONE = Label("同一场", "the same")
_LATER, _QUIT = Label("以后再说", "later"), Label("结束", "quit")
_QUESTIONS = {
    "held": Label("名单上的这个人（{n} 次到场）是下面的哪一位？", "which of these is the one on the list ({n} visits)?"),
    "learner": Label("这两条是同一人吗？", "are these two the same person?"),
    "session": Label("这两场是同一场吗？", "are these two the same session?"),
}
_DONE = Label(
    "判定了 {decided} 项，还有 {left} 项待定；commlms undo 可以撤销", "{decided} decided, {left} still open; 'commlms undo' takes one back"
)
_COLUMNS = (Label("", ""), Label("姓名", "name"), Label("出生", "born"), Label("居住地", "home"), Label("最近到场", "last seen"))
_OF_SESSION = (Label("", ""), Label("主题", "theme"), Label("主办单位", "organiser"), Label("日期", "date"))


@click.command("review")
@click.option("--list", "only_list", is_flag=True, help="Show what is open, ask nothing. 只列出")
@pass_context
def review_(context: Context, only_list: bool) -> None:
    """Decide who people without keys are, and which rows are one: s same, d different, l later, q quit. Enter is later."""
    office, lang = context.lms.office, context.lang
    cases = office.open_cases()
    decided = 0
    for number, case in enumerate(cases, start=1):
        echo(f"[{number}/{len(cases)}]")
        echo(_shown(context, case))
        answer = "l" if only_list else _asked(context, case)
        if answer == "q":
            break
        if answer != "l":
            office.decide(case, "different" if answer == "d" else "same", 0 if answer in "sd" else int(answer) - 1)
            decided += 1
    say(_DONE, lang, decided=decided, left=len(office.open_cases()))


def _asked(context: Context, case: Case) -> str:
    same = {"s": _SAME if case.kind != "session" else _ONE} if case.candidates else {}
    if len(case.candidates) > 1:
        same = {str(i): Label(p.born or p.name, p.born or p.name) for i, p in enumerate(case.candidates, start=1)}
    choices = {**same, "d": _DIFFERENT, "l": _LATER, "q": _QUIT}
    return ask(_QUESTIONS[case.kind], choices, "l", lang=context.lang, n=len(case.rows))


def _shown(context: Context, case: Case) -> str:
    many = len(case.candidates) > 1
    lines = [_line("?", case.asked, case.kind)]
    lines += [_line(str(i) if many else "=", p, case.kind) for i, p in enumerate(case.candidates, start=1)]
    heads = _OF_SESSION if case.kind == "session" else _COLUMNS
    return table([[label.say(context.lang) for label in heads], *lines], limit=24)


def _line(sign: str, shown: Person, kind: str) -> list[str]:
    return [sign, shown.name, *([] if kind == "session" else [shown.born]), shown.home, shown.seen]
