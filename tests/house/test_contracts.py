"""Hook signatures, the command tree, public names and the schema change only together with a changelog line."""

import hashlib
import inspect
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

import commlms
from commlms import hookspecs
from commlms.cli.main import build

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "tests" / "contracts"


def hooks() -> Iterator[str]:
    yield f"API_VERSION = {hookspecs.API_VERSION}"
    for name, hook in inspect.getmembers(hookspecs, inspect.isfunction):
        if hook.__module__ == hookspecs.__name__:
            first = "(first result) " if getattr(hook, "commlms_spec", {}).get("firstresult") else ""
            yield f"{first}{name}{inspect.signature(hook)}"


def commands() -> Iterator[str]:
    group = build()

    def walk(command: click.Command, words: str) -> Iterator[str]:
        with click.Context(command, info_name=words) as ctx:
            parts = [
                (p.human_readable_name if isinstance(p, click.Argument) else "/".join(p.opts)) + ("" if p.required else "?")
                for p in command.params
            ]
            yield f"{words} {' '.join(parts)}".rstrip()
            if isinstance(command, click.Group):
                for name in command.list_commands(ctx):
                    inner = command.get_command(ctx, name)
                    assert inner is not None
                    yield from walk(inner, f"{words} {name}")

    yield from walk(group, "commlms")


def names() -> Iterator[str]:
    for name in sorted(commlms.__all__):
        thing = getattr(commlms, name)
        try:
            signature = str(inspect.signature(thing)) if callable(thing) else ""
        except ValueError:
            signature = ""
        yield f"{name}{signature}" if len(signature) < 2000 else name
    for name, method in inspect.getmembers(commlms.LMS, inspect.isfunction):
        if not name.startswith("_"):
            yield f"LMS.{name}{inspect.signature(method)}"


def schema() -> Iterator[str]:
    """Every table and index, the totals without the columns that plugins' metrics add."""
    with commlms.LMS(lang="en") as lms:
        rows = lms.database.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE '%sqlite_%' ORDER BY name")
        for (sql,) in rows.fetchall():
            yield re.sub(r', "m_[0-9a-f]{12}" INTEGER NOT NULL DEFAULT 0', "", sql)


CONTRACT: dict[str, Callable[[], Iterator[str]]] = {"hooks": hooks, "cli": commands, "api": names, "schema": schema}


@pytest.mark.parametrize("name", CONTRACT)
def test_a_contract_is_what_is_stored(name: str) -> None:
    """The stored text is current; COMMLMS_UPDATE_CONTRACTS=1 rewrites it."""
    text = "\n".join(CONTRACT[name]()) + "\n"
    path = CONTRACTS / f"{name}.txt"
    if os.environ.get("COMMLMS_UPDATE_CONTRACTS"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_every_contract_stands_in_the_changelog() -> None:
    """A changed contract needs a changelog line: the newest section carries the contracts' digest."""
    digest = hashlib.sha256(b"".join((CONTRACTS / f"{n}.txt").read_bytes() for n in sorted(CONTRACT))).hexdigest()[:12]
    newest = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    assert f"contracts {digest}" in newest, f"say in CHANGELOG.md what changed, and write: contracts {digest}"
