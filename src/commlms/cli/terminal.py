"""What a person sees: tables that fit 80 columns, wide characters counted as two, progress, one sentence per error."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence

import click

from commlms.core.labels import Label, Lang


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


def echo(text: str, err: bool = False) -> None:
    """Print text to a console of any encoding."""
    stream = sys.stderr if err else sys.stdout
    encoding = stream.encoding or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding), err=err)


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
