"""What a person sees: tables that fit 80 columns, wide characters counted as two, progress, one sentence per error."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import click

from commlms.core.labels import Label, Lang
from commlms.core.text import narrow


def width(text: str) -> int:
    """How many columns a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, limit: int) -> str:
    """A text cut to a number of columns, with … where something is missing."""
    if width(text) <= limit:
        return text
    kept = ""
    for c in text:
        if width(kept + c) > limit - 1:
            break
        kept += c
    return kept + "…"


def table(rows: Iterable[Sequence[str]], right: Sequence[int] = (), limit: int = 40) -> str:
    """Rows as aligned text, the first being the header; columns of ``right`` are aligned to the right."""
    cells = [[cut(str(c), limit) for c in row] for row in rows]
    if not cells:
        return ""
    widths = [max(width(row[i]) for row in cells) for i in range(len(cells[0]))]
    return "\n".join(
        "  ".join(
            " " * (w - width(c)) + c if i in right else c + " " * (w - width(c)) for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )


def say(label: Label, lang: Lang, err: bool = False, **values: object) -> None:
    """Print a sentence. Characters that the console cannot show are replaced, never an error."""
    echo(label.say(lang, **values), err)


def echo(text: str, err: bool = False, end: str = "\n") -> None:
    """Print text to a console of any encoding."""
    stream = sys.stderr if err else sys.stdout
    encoding = stream.encoding or "utf-8"
    click.echo((text + end).encode(encoding, "replace").decode(encoding), err=err, nl=False)


#: What answers a question that can be agreed to or not.
_AGREE = {"y": Label("是", "yes"), "n": Label("否", "no")}


def ask(
    question: Label, choices: Mapping[str, Label], default: str, yes: bool = False, *, lang: Lang, agreed: str = "", **values: object,
) -> str:
    """What a person answers: one of the keys of ``choices``, each with what it means.

    Enter and an end of the input give ``default``, which must be the answer that does no harm; so does standard input that
    is no terminal, where nobody could answer. ``yes`` (the option ``--yes``) gives ``agreed``, or without one the default.
    Asked and answered on the error stream, so that what a command prints stays clean. ``values`` fill the question.
    """
    text = question.say(lang, **values)
    unasked = (agreed or default) if yes else "" if _attended() else default
    if unasked:
        echo(f"{text} → {_meaning(unasked, choices, lang)}", err=True)
        return unasked
    echo(text, err=True)
    offered = "  ".join(f"[{key}] {label.say(lang)}" if label.say(lang) else f"[{key}]" for key, label in choices.items())
    while True:
        prompt = Label("{offered}（回车 = {default}）：", "{offered} (Enter = {default}): ")
        echo(prompt.say(lang, offered=offered, default=default), err=True, end="")
        typed = _typed()
        if not typed:
            return default
        if found := next((key for key, label in choices.items() if typed in (key.casefold(), label.zh, label.en.casefold())), None):
            return found
        say(Label("请输入方括号里的一项，或直接按回车", "type one of what stands in brackets, or press Enter"), lang, err=True)


def agree(question: Label, yes: bool = False, *, lang: Lang, **values: object) -> bool:
    """Whether a person agrees; no, unless they say so or ``yes`` (the option ``--yes``) does."""
    return ask(question, _AGREE, "n", yes, lang=lang, agreed="y", **values) == "y"


def _meaning(answer: str, choices: Mapping[str, Label], lang: Lang) -> str:
    return choices[answer].say(lang) or answer


def _attended() -> bool:
    """Whether somebody can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def _typed() -> str:
    """One line as typed, made regular: full-width letters and digits are what they stand for. Empty at the end of the input."""
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        return "?"
    if not line.endswith("\n"):
        click.echo("", err=True)
    return narrow(line).casefold()


class Progress:
    """Counts rows on one line of the error stream, only on a terminal."""

    def __init__(self, lang: Lang, every: int = 10_000) -> None:
        self.lang, self.every, self.shown = lang, every, 0

    def __call__(self, read: int) -> None:
        """Show that ``read`` rows have been read."""
        if sys.stderr.isatty() and read - self.shown >= self.every:
            self.shown = read
            click.echo(Label("\r已读 {n} 行", "\rread {n} rows").say(self.lang, n=read), err=True, nl=False)

    def done(self) -> None:
        """End the line."""
        if self.shown:
            click.echo("", err=True)
