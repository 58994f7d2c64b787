"""The command that publishes a database into a lake."""

from __future__ import annotations

import click

from commlms.cli.context import Context, pass_context
from commlms.cli.terminal import say
from commlms.core.labels import Label

_PUBLISHED = Label(
    "已发布到 {address}/{uid}：{rows} 行，学员 {learners} 人，其中 {unmatched} 人没有身份证号，跨库无法对上；"
    "居住地到{level}一级。文件：新写 {written}，未变 {unchanged}，删去 {deleted}",
    "published to {address}/{uid}: {rows} rows of {learners} learner(s), {unmatched} of them without an ID number, whom no other "
    "database can match; homes down to the level {level}. Files: {written} written, {unchanged} unchanged, {deleted} deleted",
)


@click.command("publish")
@click.argument("lake", metavar="DIR|URL")
@click.option(
    "--level", type=click.Choice(["village", "township", "county"]), default="village", show_default=True,
    help="How exactly homes are told: cut to the place above of this level. 居住地级别",
)
@pass_context
def publish_(context: Context, lake: str, level: str) -> None:
    """Publish into the lake at DIR, or at an address such as s3://bucket/path, for figures over many databases.

    People appear there under pseudonyms made with the lake key; names, codes, ID numbers and exact birth dates stay here.
    """
    from commlms.lake.files import without_credentials
    from commlms.lake.publish import publish
    from commlms.measure.words import stored_word
    from commlms.report.words import INVENTED

    done = publish(context.lms, lake, level=level)  # type: ignore[arg-type]  # one of click's choices
    manifest = done.manifest
    say(
        _PUBLISHED, context.lang, address=without_credentials(lake).rstrip("/"), uid=manifest.uid, rows=done.rows,
        learners=manifest.learners, unmatched=manifest.unmatched, level=stored_word("level", level), written=done.written,
        unchanged=done.unchanged, deleted=done.deleted,
    )
    if manifest.invented:
        say(INVENTED, context.lang)
