"""What a person sees: tables and sentences that fit the screen, Chinese characters counted as two; questions; progress."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Self, TextIO

import click

from commlms.core.labels import Label, Lang

#: No column of a table is cut to less than this, in columns of the screen.
_LEAST = 6
#: A piece of a sentence after which a line may end: a path, a word, or one Chinese character with the signs that cling to it.
#: Compiled when the first line is too long, not at start.
_PIECE = (
    r"[（「《【“]*(?:[^\s，。；：、（）「」]*/[^\s，。；：、（）「」]*|[\u2e80-\u9fff\uf900-\ufaff]|[\x21-\x7e]+|[^\s（「《【“])[，。；：、）」》】”…]*\s*|[（「《【“]+\s*|\s+"
)
#: What would break a table's line, in a cell.
_ONE_LINE = str.maketrans("\t\n\r", "   ")
#: How long a work must have taken, in seconds, before it is said how much longer it will.
_WORTH_SAYING = 1
_LEFT = Label("，约剩 {left}", ", about {left} left")
#: What answers a question that can be agreed to or not.
_AGREE = {"y": Label("是", "yes"), "n": Label("否", "no")}


def width(text: str) -> int:
    """How many columns a text takes: Chinese characters take two, marks above another character none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


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


def screen(stream: TextIO) -> int | None:
    """How wide the screen is; None where a stream goes to a file or a program, which takes lines of any length.

    The variable ``COLUMNS`` says it for any stream.
    """
    if os.environ.get("COLUMNS", "").isdigit() or stream.isatty():
        return max(shutil.get_terminal_size().columns, 20)
    return None


def table(rows: Iterable[Sequence[str]], right: Sequence[int] = (), limit: int = 40) -> str:
    """Rows as aligned text, the first being the header; columns of ``right``, which are numbers, are aligned to the right.

    No wider than the screen: texts are cut, the longest first, and the words above numbers; a number never is.
    """
    cells = [[cut(str(c).translate(_ONE_LINE), limit) for c in row] for row in rows]
    if not cells:
        return ""
    widths = [max(width(row[i]) for row in cells) for i in range(len(cells[0]))]
    if wide := screen(sys.stdout):
        least = [max((width(row[i]) for row in cells[1:]), default=0) if i in right else _LEAST for i in range(len(widths))]
        widths = _fitted(widths, least, wide - 2 * (len(widths) - 1))
    columns = [(w, i in right) for i, w in enumerate(widths)]
    return "\n".join("  ".join(_aligned(c, *column) for c, column in zip(row, columns, strict=True)).rstrip() for row in cells)


def _fitted(widths: list[int], least: list[int], room: int) -> list[int]:
    """Widths that fit into ``room`` columns as far as none gets smaller than its least: always the widest gives way."""
    widths = list(widths)
    while sum(widths) > room:
        spare = [(w, i) for i, w in enumerate(widths) if w > least[i]]
        if not spare:
            break
        widths[max(spare)[1]] -= 1
    return widths


def _aligned(text: str, room: int, right: bool) -> str:
    text = cut(text, room)
    blank = " " * (room - width(text))
    return blank + text if right else text + blank


def wrapped(text: str, limit: int) -> str:
    """A text in lines of at most so many columns; what has no place to end, such as a path, stays whole."""
    return "\n".join(_wrapped(line, limit) for line in text.split("\n"))


def _wrapped(line: str, limit: int) -> str:
    if width(line) <= limit:
        return line
    indent = " " * (len(line) - len(line.lstrip()))
    done, now = "", ""
    for piece in re.findall(_PIECE, line):
        if now.strip() and width((now + piece).rstrip()) > limit:
            done, now = f"{done}{now.rstrip()}\n", indent + "  "
        now += piece
    return done + now.rstrip()


def say(label: Label, lang: Lang, err: bool = False, **values: object) -> None:
    """Print a sentence, in lines that fit the screen. Characters that the console cannot show are replaced, never an error."""
    tell(label.say(lang, **values), err)


def tell(text: str, err: bool = False) -> None:
    """Print sentences that are words already, in lines that fit the screen."""
    wide = screen(sys.stderr if err else sys.stdout)
    echo(wrapped(text, wide) if wide else text, err)


def echo(text: str, err: bool = False, end: str = "\n") -> None:
    """Print text to a console of any encoding; a file's name or a cell cannot steer the console."""
    from commlms.core.text import visible

    stream = sys.stderr if err else sys.stdout
    encoding = stream.encoding or "utf-8"
    click.echo((visible(text) + end).encode(encoding, "replace").decode(encoding), err=err, nl=False)


def show_json(value: object, indent: int | None = None) -> None:
    """Print a value as JSON for other programs: what the console's encoding lacks is escaped, so that nothing is lost."""
    from commlms.core.text import json_text

    echo(json_text(value, sys.stdout.encoding, indent))


def survive() -> None:
    """From here on whatever is printed, by whomever, is replaced where the console lacks a character."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


# -- questions ----------------------------------------------------------------------------------


def ask(
    question: Label, choices: Mapping[str, Label], default: str, yes: bool = False, *, lang: Lang, agreed: str = "",
    offered: Collection[str] | None = None, **values: object,
) -> str:
    """What a person answers: one of the keys of ``choices``, each with what it means; only the ``offered`` ones are shown.

    Enter and an end of the input give ``default``, which must be the answer that does no harm; so does standard input that
    is no terminal, where nobody could answer. ``yes`` (the option ``--yes``) gives ``agreed``, or without one the default.
    Asked and answered on the error stream, so that what a command prints stays clean. ``values`` fill the question.
    """
    text = question.say(lang, **values)
    unasked = (agreed or default) if yes else "" if attended() else default
    if unasked:
        tell(f"{text} → {choices[unasked].say(lang) or unasked}", err=True)
        return unasked
    tell(text, err=True)
    shown = "  ".join(f"[{key}] {label.say(lang)}" for key, label in choices.items() if offered is None or key in offered)
    prompt = Label("{shown}（回车 = {default}）：", "{shown} (Enter = {default}): ").say(lang, shown=shown, default=default)
    while True:
        echo(wrapped(prompt, (screen(sys.stderr) or len(prompt) * 2) - 20), err=True, end="")
        typed = _typed()
        if not typed:
            return default
        if found := next((key for key, label in choices.items() if typed in (key.casefold(), label.zh, label.en.casefold())), None):
            return found
        say(Label("请输入方括号里的一项，或直接按回车", "type one of what stands in brackets, or press Enter"), lang, err=True)


def agree(question: Label, yes: bool = False, *, lang: Lang, **values: object) -> bool:
    """Whether a person agrees; no, unless they say so or ``yes`` (the option ``--yes``) does."""
    said = Label(question.say("zh", **values), question.say("en", **values))
    return ask(said, _AGREE, "n", yes, lang=lang, agreed="y") == "y"


def attended() -> bool:
    """Whether somebody can answer: standard input is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def _typed() -> str:
    """One line as typed, made regular: full-width letters and digits are what they stand for. Empty at the end of the input."""
    from commlms.core.text import narrow

    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        return "?"
    if not line.endswith("\n"):
        click.echo("", err=True)
    return narrow(line).casefold()


# -- progress -----------------------------------------------------------------------------------


class Progress:
    """What a long work has done and how long it will still take, on one line of the error stream; nothing where that is no terminal.

    As a context manager it takes its line away at the end, also when it is stopped.
    """

    def __init__(self, lang: Lang) -> None:
        self.lang, self.what, self.total, self.began, self.shown = lang, Label("", ""), 0, 0.0, 0
        self.silent = not sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.done()

    def begin(self, what: Label, total: int) -> None:
        """Count from nothing again: of ``what``, up to ``total``, or nobody knows how far where that is 0."""
        self.what, self.total, self.began = what, total, time.monotonic()

    def __call__(self, done: int) -> None:
        """Show that so many are done."""
        if self.silent:
            return
        took = time.monotonic() - self.began
        line = f"{self.what.say(self.lang)} {done:,}"
        if done < self.total:
            left = int(took * (self.total - done) / max(done, 1))
            line += f" / {self.total:,}" + _LEFT.say(self.lang, left=f"{left // 60}:{left % 60:02d}") * (took >= _WORTH_SAYING)
        self._show(line)

    def done(self) -> None:
        """Take the line away, so that what follows begins on an empty one."""
        self._show("")

    def _show(self, line: str) -> None:
        if line or self.shown:
            echo(f"\r{line}{' ' * (self.shown - width(line))}" + "\r" * (not line), err=True, end="")
            self.shown = width(line)
