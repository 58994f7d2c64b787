"""What every command shares: the options of the group, and the LMS opened when it is first needed."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import attrs
import click

from commlms.core.errors import LakeChanged, StoreError
from commlms.core.labels import Label, Lang

if TYPE_CHECKING:
    from commlms.host import Host
    from commlms.lms import LMS

#: Exit statuses: all done; refused or failed; wrong words on the command line (click's own); done, but rows were rejected.
DONE, FAILED, USAGE, REJECTED = 0, 1, 2, 3
#: What happens where the database file is not there: a mistyped --db must not make an empty one.
Missing = Literal["refuse", "make", "memory"]
NO_DATABASE = Label(
    "没有数据库文件 {path}；用 commlms init 建库，或用 --db 指明数据库在哪里",
    "there is no database file {path}; 'commlms init' makes one, --db says where yours is",
)
NOT_OURS = Label(
    "{path} 里没有 commlms 的表；用 commlms init 在其中建立，或用 --db 指明数据库在哪里",
    "{path} has no tables of commlms; 'commlms init' makes them in it, --db says where yours is",
)


@attrs.define
class Context:
    """The group's options, and the LMS once opened."""

    path: Path
    lang: Lang
    actor: str
    reason: str
    without: tuple[str, ...]
    plugins_dir: Path | None
    today: dt.date | None
    missing: Missing = "refuse"
    invented: bool = False
    _lms: LMS | None = None

    @property
    def lms(self) -> LMS:
        """The LMS of this run; plugins are loaded and the database opened at the first use."""
        if self._lms is None:
            from commlms.lms import LMS
            from commlms.store.database import holds_ours
            from commlms.store.journal import Actor

            exists = self.path.exists()
            there = exists and (self.missing == "make" or holds_ours(self.path))
            if not there and self.missing == "refuse":
                raise StoreError(NOT_OURS if exists else NO_DATABASE, path=self.path)
            self._lms = LMS(
                self.path if there or self.missing == "make" else None, actor=Actor(self.actor), reason=self.reason,
                host=self.host(), today=self.today, lang=self.lang, invented=self.invented,
            )
        return self._lms

    @property
    def reading(self) -> LMS:
        """The LMS, all of whose reads are of one moment until the command ends: for commands that only show."""
        if self.lms.origin is None:  # the mirror of a lake is nobody else's
            click.get_current_context().with_resource(self.lms.moment())
        return self.lms

    def open_lake(self, lake: str, engine: str, master: str | None) -> None:
        """Read a lake instead of the database from here on."""
        from commlms.opening import open_lake

        self.close()
        options = {} if master is None else {"master": master}
        self._lms = open_lake(lake, engine=engine, options=options, host=self.host(), today=self.today, lang=self.lang)

    def work_on(self, lms: LMS) -> None:
        """Work on a database of the command's own instead of the one that the group's options name; closed at the end."""
        self.close()
        self._lms = lms

    def say_origin(self) -> None:
        """Say where the figures are from, if not from the database."""
        from commlms.cli.terminal import say

        if self.lms.origin is not None:
            say(self.lms.origin, self.lang, err=True)

    def host(self, isolate: bool = False) -> Host:
        """A plugin host as the group's options ask."""
        from commlms.host import Host

        return Host(without=self.without, plugins_dir=self.plugins_dir, isolate=isolate)

    def say_left_out(self) -> None:
        """Say which plugins are left out, since their figures are missing above."""
        from commlms.cli.terminal import say

        left_out = [p.name for p in self.lms.host.found if p.excluded]
        if left_out:
            missing = Label(
                "未加载的插件：{names}；它们的指标和文件不在上面", "plugins left out: {names}; their figures and documents are not above"
            )
            say(missing, self.lang, err=True, names="、".join(left_out))

    def close(self) -> None:
        """Close what was opened."""
        if self._lms is not None:
            self._lms.close()
            self._lms = None


pass_context = click.make_pass_decorator(Context)
#: How often a command begins again when the lake it reads is published anew meanwhile.
_TRIES = 5


def lake_options(command: Callable[..., None]) -> Callable[..., None]:
    """``--lake``, ``--engine`` and ``--master`` for a command that only reads and prints nothing before it has read all.

    Stands below ``pass_context``. The command's LMS is then the lake's; under its output stands where that is from.
    """

    @functools.wraps(command)
    def run(context: Context, lake: str | None, engine: str | None, master: str | None, **options: object) -> None:
        if lake is None and (engine or master):
            raise click.UsageError("--engine and --master go with --lake. 须与 --lake 同用")
        for tries_left in reversed(range(_TRIES)):
            try:
                if lake is not None:
                    context.open_lake(lake, engine or "sqlite", master)
                command(context, **options)
                break
            except LakeChanged:
                if not tries_left:
                    raise
        context.say_origin()

    for option in (
        click.option("--master", default=None, help="Where Spark runs: local[*], spark://HOST:PORT, yarn, k8s://...  Spark 主节点"),
        click.option("--engine", default=None, help="sqlite (default), duckdb, spark, or a plugin's. 引擎"),
        click.option("--lake", default=None, help="Read a lake (folder or URL), not the database. 数据湖"),
    ):
        run = option(run)
    return run
