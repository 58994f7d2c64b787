"""The command ``commlms``: the group, its options, and one sentence for every error."""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import importlib
import sqlite3
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from commlms.cli import stopping
from commlms.cli.context import FAILED, Context, Missing
from commlms.cli.terminal import echo, say, survive, tell
from commlms.core.errors import CommLMSError
from commlms.core.labels import Label, Lang, default_lang

#: Every command, the module it is in, and what it does; modules are imported when the command is used.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("admin", "make the database (--invented marks it as a demonstration)  建库"),
    "import": ("records", "import a file: commlms import RECORD FILE  导入"),
    "take": ("taking", "take files and folders as streets send them  收报送"),
    "deliveries": ("taking", "who has sent for a period, who has not  报送情况"),
    "columns": ("columns", "which column of a file is what  列的对应"),
    "template": ("records", "write a blank table for a record  空表"),
    "export": ("records", "write all rows of a record to a file  导出"),
    "list": ("records", "list rows of a record  列出"),
    "show": ("records", "show one row with all its states  查看"),
    "add": ("records", "add rows: FIELD=VALUE ..., or JSON lines  添加"),
    "set": ("records", "correct fields of one row  更正"),
    "remove": ("records", "remove one row  移除"),
    "history": ("records", "what a row was before each write  历史"),
    "checkin": ("records", "one learner at one session  签到"),
    "find": ("find", "find people by code, name or pinyin  查人"),
    "review": ("review", "decide who people without keys are, and what is one  待定"),
    "imports": ("admin", "list the imports  导入记录"),
    "undo": ("admin", "take a write back  撤销"),
    "metrics": ("figures", "figures by place  指标"),
    "recount": ("figures", "count everything again  重算"),
    "judge": ("judging", "verdicts on the targets of the documents  判定"),
    "explain": ("explaining", "a figure down to its rows  说明"),
    "report": ("figures", "write the report  报告"),
    "reported": ("stating", "what others state, beside ours  上报数"),
    "fill": ("filling", "fill a form that came from above  填表"),
    "publish": ("publishing", "publish into a lake for many databases  发布"),
    "demo": ("demos", "fill a folder with an invented city and judge it  演示"),
    "policies": ("policies", "list, show or check rule packs  文件"),
    "plugins": ("admin", "list the plugins without loading them  插件"),
    "doctor": ("admin", "is the database whole?  检查"),
    "schema": ("admin", "records, fields and what is personal in them  结构"),
    "person": ("admin", "export or erase what is held about one person  个人信息"),
    "archive": ("archive", "the files that were taken: list, get, purge, retention  存档"),
    "key": ("admin", "the office key, the lake key: new, show, rotate  密钥"),
}

#: What a command does where there is no database file; those not named here refuse.
MISSING: dict[str, Missing] = {
    "init": "make", "import": "make", "add": "make", "template": "memory", "schema": "memory", "policies": "memory",
    "columns": "memory",
}
#: Help counts a Chinese character as one column: so many fewer than 80 leave room for those at the end of its lines.
_HELP_WIDTH = 72
_UNUSABLE = Label("数据库此刻不可用：{why}", "the database cannot be used now: {why}")


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"commlms.cli.{COMMANDS[cmd_name][0]}")
        found: click.Command = getattr(module, f"{cmd_name}_")
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands 命令"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def build() -> click.Group:
    """The command group, made anew at each call."""

    @click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _HELP_WIDTH})
    @click.option(
        "--db",
        "path",
        type=click.Path(path_type=Path),
        envvar="COMMLMS_DB",
        default="commlms.db",
        show_default=True,
        help="The database file. 数据库文件",
    )
    @click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="Language; the locale's if not given. 语言")
    @click.option("--as", "actor", default=None, help="Who writes; kept with every write. 经办人")
    @click.option("--reason", default="", help="Why; kept with every write. 事由")
    @click.option("--without", multiple=True, metavar="PLUGIN", help="Leave a plugin out; may be repeated. 去掉插件")
    @click.option(
        "--plugins-dir",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=None,
        help="A folder with further plugins. 插件目录",
    )
    @click.option("--today", type=click.DateTime(["%Y-%m-%d"]), envvar="COMMLMS_TODAY", default=None, hidden=True)
    @click.version_option(package_name="commlms")
    @click.pass_context
    def commlms(
        ctx: click.Context, path: Path, lang: Lang | None, actor: str | None, reason: str, without: tuple[str, ...],
        plugins_dir: Path | None, today: dt.datetime | None,
    ) -> None:
        """Community education: registers, ledgers, figures, verdicts. 社区教育：登记、台账、指标、判定。"""
        ctx.obj = Context(
            path, lang or default_lang(), actor or _user(), reason, without, plugins_dir, today.date() if today else None,
            MISSING.get(ctx.invoked_subcommand or "", "refuse"),
        )
        ctx.call_on_close(ctx.obj.close)

    return commlms


def _user() -> str:
    with contextlib.suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "local"


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line; every expected failure is one sentence and exit status 1, never a traceback; 130 after Ctrl-C."""
    lang = _lang(sys.argv[1:] if args is None else args)
    try:
        stopping.in_order()
        survive()
        status = _run(args, lang)
    except (KeyboardInterrupt, click.Abort, stopping.Stopped) as stopped:
        status = stopping.status()
        said = stopped if isinstance(stopped, stopping.Stopped) else stopping.Stopped()
        if sys.stderr.isatty() and not isinstance(stopped, click.Abort):  # behind the ^C; click has ended that line itself
            echo("", err=True)
        tell(said.say(lang), err=True)
    if args is None:
        stopping.ended()
    sys.exit(status)


def _run(args: list[str] | None, lang: Lang) -> int:
    """The exit status of the command; what it was stopped by goes on to the caller."""
    try:
        status: Any = build().main(args=args, prog_name="commlms", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except stopping.Stopped:
        raise
    except CommLMSError as error:
        tell(error.say(lang), err=True)
    except sqlite3.DatabaseError as error:
        from commlms.store.database import DAMAGED, damaged

        if stopping.was_stopped():  # the signal came inside a function that the database had called
            raise KeyboardInterrupt from None
        if not (why := damaged(error)) and not isinstance(error, sqlite3.OperationalError):
            raise
        say(DAMAGED if why else _UNUSABLE, lang, err=True, why=why or error)
    except BrokenPipeError:
        pass
    return FAILED


def _lang(args: list[str]) -> Lang:
    """The language for errors that come before the options are read."""
    for i, arg in enumerate(args):
        value = arg.partition("=")[2] if arg.startswith("--lang=") else args[i + 1] if arg == "--lang" and i + 1 < len(args) else ""
        if value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    return default_lang()
