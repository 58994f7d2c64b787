"""Writes docs/reference/*.md from the code: ``python docs/generate.py``. A test holds that the pages are current."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

import commlms
from commlms import hookspecs
from commlms.cli.context import DONE, FAILED, REJECTED, USAGE
from commlms.cli.main import build
from commlms.core.problems import PROBLEMS
from commlms.ingest.outgoing import Outgoing
from commlms.ingest.people import People
from commlms.measure.words import Words
from commlms.store.archive import Archive
from commlms.store.describe import describe_records
from commlms.store.tables import Tables

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"


def cli_page() -> str:
    """Every command with its help, and the exit statuses."""
    parts = ["# Commands", ""]
    parts += [
        "| exit status | meaning |", "|---|---|", f"| {DONE} | all done |",
        f"| {FAILED} | refused or failed: one sentence says why; nothing half-done is left |",
        f"| {USAGE} | wrong words on the command line |", f"| {REJECTED} | `import`: good rows landed, others were rejected |", "",
    ]
    for words, text in _help(build(), "commlms"):
        parts += [f"## `{words}`", "", "```text", text.strip(), "```", ""]
    return "\n".join(parts)


def _help(command: click.Command, name: str, parent: click.Context | None = None) -> Iterator[tuple[str, str]]:
    settings = command.context_settings if parent is None else {}
    with click.Context(command, info_name=name, parent=parent, terminal_width=80, **settings) as ctx:
        yield ctx.command_path, command.get_help(ctx)
        if isinstance(command, click.Group):
            for inner_name in command.list_commands(ctx):
                inner = command.get_command(ctx, inner_name)
                if inner is not None:
                    yield from _help(inner, inner_name, ctx)


def hooks_page() -> str:
    """Every hook with its signature and specification."""
    parts = ["# Hooks", "", f"API version {hookspecs.API_VERSION}: a plugin says `COMMLMS_API = {hookspecs.API_VERSION}`.", ""]
    source = inspect.getsource(hookspecs)
    order = re.findall(r"^def (\w+)", source, re.M)
    for name in order:
        hook = getattr(hookspecs, name)
        parts += [f"## `{name}{inspect.signature(hook)}`", "", inspect.cleandoc(hook.__doc__ or ""), ""]
    return "\n".join(parts)


def api_page() -> str:
    """Every public name with the first paragraph of its docstring; every method of LMS and its services, every function."""
    parts = ["# Python API", "", "Everything in `commlms.__all__`.", "", "| name | what |", "|---|---|"]
    for name in sorted(commlms.__all__):
        parts.append(f"| `{name}` | {_first(getattr(commlms, name))} |")
    services = {
        "LMS": commlms.LMS, "lms.tables": Tables, "lms.sheets": Outgoing, "lms.people": People, "lms.archive": Archive,
        "OfficeKey": commlms.OfficeKey,
    }
    for title, service in services.items():
        made = _signature(service).removesuffix(" -> None") if title in commlms.__all__ else ""
        parts += [*([""] if title == "LMS" else []), f"## `{title}{made}`", "", inspect.cleandoc(service.__doc__ or ""), ""]
        parts += _functions(dict(inspect.getmembers(service, inspect.isfunction)))
    public = {name: getattr(commlms, name) for name in sorted(commlms.__all__)}
    parts += ["## Functions", "", *_functions({n: f for n, f in public.items() if inspect.isfunction(f)})]
    return "\n".join(parts)


def _functions(found: dict[str, Callable[..., object]]) -> Iterator[str]:
    for name, function in found.items():
        if not name.startswith("_"):
            yield from (f"### `{name}{_signature(function)}`", "", inspect.cleandoc(function.__doc__ or ""), "")


def _signature(thing: Callable[..., object]) -> str:
    """A signature as it is written: annotations without quotes, a default that is made at each call as ``...``."""
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(thing))).replace("NOTHING", "...")


def _first(thing: object) -> str:
    own = inspect.getdoc(thing) if inspect.isclass(thing) or inspect.isfunction(thing) else type(thing).__doc__
    return " ".join((own or "").split("\n\n")[0].split()).replace("|", "\\|")


def records_page() -> str:
    """Every record of the core and the bundled plugins."""
    with commlms.LMS(lang="en") as lms:
        return "# Records\n\n" + describe_records(lms.records.values(), lms.registry, "en") + "\n"


def metrics_page() -> str:
    """Every metric in words."""
    with commlms.LMS(lang="en") as lms:
        words = Words(lms.registry)
        parts = ["# Metrics", "", "| key | 名称 | name | numerator | denominator |", "|---|---|---|---|---|"]
        for m in lms.registry.metrics.values():
            bottom = words.describe(m.denominator).en if m.denominator else ""
            parts.append(f"| `{m.key}` | {m.zh} | {m.en} | {words.describe(m.numerator).en} | {bottom} |")
    return "\n".join(parts) + "\n"


def problems_page() -> str:
    """Every reason for which a row is rejected or held, in both languages."""
    parts = ["# Why a row is rejected", "", "Codes that begin with `ambiguous` hold the row; the others reject it.", ""]
    parts += ["| code | 中文 | English |", "|---|---|---|"]
    parts += [f"| `{code}` | {label.zh} | {label.en} |" for code, label in PROBLEMS.items()]
    return "\n".join(parts) + "\n"


def coverage_page() -> str:
    """Which entries of the requirements catalogue which tests show, read from the markers."""
    shown: dict[str, list[str]] = {}
    for folder in ("tests", "plugins"):
        for path in sorted((ROOT / folder).rglob("test_*.py")):
            for name, ids in _marked(path):
                for entry in ids:
                    shown.setdefault(entry, []).append(f"`{path.relative_to(ROOT).as_posix()}::{name}`")
    parts = [
        "# Requirements shown by tests", "",
        f"{len(shown)} of 558 entries of the requirements catalogue (R001 to R558) are shown by a test so far.", "",
        "| entry | tests |", "|---|---|",
    ]
    parts += [f"| {entry} | {'<br>'.join(sorted(set(shown[entry])))} |" for entry in sorted(shown)]
    return "\n".join(parts) + "\n"


def _marked(path: Path) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("mark.requirement"):
                yield node.name, [str(a.value) for a in decorator.args if isinstance(a, ast.Constant)]


PAGES: dict[str, Callable[[], str]] = {
    "cli": cli_page, "hooks": hooks_page, "api": api_page, "records": records_page, "metrics": metrics_page,
    "problems": problems_page, "coverage": coverage_page,
}


def main() -> None:
    """Write every page."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (REFERENCE / f"{name}.md").write_text(page(), encoding="utf-8")
        sys.stdout.write(f"docs/reference/{name}.md\n")


if __name__ == "__main__":
    main()
