"""Commands that list, show and check rule packs."""

from __future__ import annotations

from pathlib import Path

import click

from commlms.cli.context import Context, pass_context
from commlms.cli.terminal import echo, say, show_json, table, tell
from commlms.core.errors import UnknownName
from commlms.core.labels import Label

_TABLES = (
    "network", "level", "region", "target", "goal", "schedule", "conflict", "model", "body", "department", "chain", "term", "provision",
)


@click.group("policies", invoke_without_command=True)
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="json: all that each pack says. 格式"
)
@click.pass_context
def policies_(ctx: click.Context, form: str) -> None:
    """List the loaded documents; 'show KEY' prints one, 'check FILE' checks a rule pack."""
    from commlms.core.policies import policy_data

    if ctx.invoked_subcommand is None:
        context: Context = ctx.obj
        found = sorted(context.lms.registry.policies.values(), key=lambda p: p.id)
        if form == "json":
            show_json([policy_data(p) for p in found])
            return
        lines = [[p.id, p.key, p.number, p.jurisdiction, str(len(p.targets)), p.label.say(context.lang)] for p in found]
        echo(table([["id", "key", "No.", "place", "targets", ""], *lines], right=(4,), limit=30))


@policies_.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_context
def check(context: Context, file: Path) -> None:
    """Check a rule pack: file, line and reason for the first thing that is wrong."""
    from commlms.core.pack_checks import unchecked
    from commlms.opening import check_policy

    host = context.host()
    policy = check_policy(file, host)
    for told in unchecked(policy, host.names | {"core"}, host.registry.policies):
        say(told, context.lang)
    say(Label("{file}：{n} 项目标，没有问题", "{file}: {n} target(s), nothing wrong"), context.lang, file=file.name, n=len(policy.targets))


@policies_.command("show")
@click.argument("key")
@click.option("--only", "tables", type=click.Choice(_TABLES), multiple=True, help="Only this table; may be repeated. 只看")
@pass_context
def show(context: Context, key: str, tables: tuple[str, ...]) -> None:
    """One document by its key, id or code: all that its pack says."""
    from commlms.cli.documents import Reader

    registry = context.host().registry
    policies = registry.policies.values()
    found = next((p for p in policies if key in (p.key, p.id, p.code)), None)
    if found is None:
        known = ", ".join(p.key for p in policies)
        raise UnknownName(what=Label("文件", "policy"), name=key, hint=Label(f"已有：{known}", f"loaded are: {known}"))
    for line in Reader(found, context.lang, registry).lines(tables):
        tell(line)
