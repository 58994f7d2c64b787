"""The command that fills a folder with an invented city on a real map, judged on the days that show most."""

from __future__ import annotations

import datetime as dt
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from commlms.cli import stopping
from commlms.cli.context import DONE, REJECTED, Context, pass_context
from commlms.cli.terminal import Progress, echo, say, table, tell
from commlms.core.errors import StoreError, UnknownName
from commlms.core.labels import Label, Lang

if TYPE_CHECKING:
    from commlms.core.demos import Demo, DemoFile
    from commlms.host import Host
    from commlms.ingest.load import ImportResult

#: A file that says that a folder was made by this command; what else the command makes in it.
MARK, KEY, REPORT = "demo-folder.txt", "office.key", "report.html"
_FOLDERS = ("inputs", "rejects")
_NOT_OURS = Label(
    "目录 {path} 不是空的，也不是以前的演示目录：什么也没有动；请另给一个目录",
    "the folder {path} is not empty and no earlier demo's: nothing was touched; name another one",
)
_NO_FOLDER = Label("{path} 不能作为目录（{why}）；请另给一个", "{path} cannot be a folder ({why}); name another one")
_MARKED = "演示目录，由 commlms demo 建立，可整个删除 / made by 'commlms demo', safe to delete\n"
_INVENTED = Label("演示数据，非真实统计", "invented data, no real statistics")
_NONE = Label("没有已加载的演示；commlms plugins 列出插件", "no plugin brings a demo; 'commlms plugins' lists the plugins")
_SKIPPED = Label("{file}：登记「{record}」的插件没有加载，跳过", "{file}: the plugin of record {record} is not loaded, left out")
_LOADED = Label("{file}：新 {new}，拒绝 {rejected}", "{file}: new {new}, rejected {rejected}")
_COUNTS = Label("文件 {files}，读 {read} 行，新 {new}，拒绝 {rejected}", "{files} files, {read} rows read, {new} new, {rejected} rejected")
_READING, _JUDGING = Label("读入文件", "reading file"), Label("判定", "judging")


@click.command("demo")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--city", "cities", multiple=True, metavar="KEY", help="Which demo; repeated, all go into one database. 城市")
@pass_context
def demo_(context: Context, folder: Path | None, cities: tuple[str, ...]) -> None:
    """Fill the folder DIR with a demo: input files, a database, verdicts, a report. Without --city: list the demos.

    DIR is made, or made afresh where it is that of an earlier demo; any other folder with something in it is refused.
    The database is marked as invented and has an office key of its own, in DIR. Exit status 3 if rows were rejected.
    """
    host = context.host()
    demos = host.registry.demos
    if not cities:
        _list(context, list(demos.values()))
        return
    chosen = [demos[key] for key in dict.fromkeys(cities) if _known(demos, key)]
    if folder is None:
        raise click.UsageError("--city goes with a folder DIR. --city 须与目录同用")
    made = Made(context, host, folder, chosen)
    made.begin()
    results = made.load()
    verdicts = made.judge()
    made.report()
    made.tell(results, verdicts)
    sys.exit(REJECTED if any(r.rejected or r.held for r in results) else DONE)


def _known(demos: dict[str, Demo], key: str) -> bool:
    if key not in demos:
        hint = Label(f"可选：{'、'.join(demos)}", f"there are: {', '.join(demos)}") if demos else _NONE
        raise UnknownName(what=Label("演示", "demo"), name=key, hint=hint)
    return True


def _list(context: Context, demos: Sequence[Demo]) -> None:
    if not demos:
        say(_NONE, context.lang)
        return
    for demo in demos:
        tell(f"{demo.key}  {demo.label.say(context.lang)}")
        tell("    " + demo.holds.say(context.lang))
        tell("    " + Label("判定日：", "judged as of: ").say(context.lang) + " ".join(map(str, demo.days)))
    say(Label("建立一个：commlms demo 目录 --city {key}", "make one: commlms demo DIR --city {key}"), context.lang, key=demos[0].key)


@attrs.define
class Made:
    """One folder with the demos that are made in it."""

    context: Context
    host: Host
    folder: Path
    demos: list[Demo]

    @property
    def database(self) -> Path:
        """The database of the demos."""
        return self.folder / f"{'-'.join(d.key for d in self.demos)}.db"

    @property
    def days(self) -> list[dt.date]:
        """The days judged as of."""
        return sorted({day for demo in self.demos for day in demo.days})

    @property
    def place(self) -> str | None:
        """The place that report and verdicts are about: the demo's; None, which is everything, where several differ."""
        places = {demo.place for demo in self.demos}
        return (places.pop() or None) if len(places) == 1 else None

    def begin(self) -> None:
        """Take the folder: a new or empty one, or that of an earlier demo, of which goes what such a run makes."""
        try:
            there = [p.name for p in self.folder.iterdir()] if self.folder.exists() else []
            if there and MARK not in there:
                raise StoreError(_NOT_OURS, path=self.folder)
            former = [line for line in self._mark() if line.endswith(".db")] if there else []
            for name in there:
                if name in (*_FOLDERS, KEY, REPORT) or any(name.startswith(database) for database in former):
                    _remove(self.folder / name)
            for name in _FOLDERS:
                (self.folder / name).mkdir(parents=True)
            (self.folder / MARK).write_text(f"{_MARKED}{self.database.name}\n", encoding="utf-8")
        except OSError as error:
            raise StoreError(_NO_FOLDER, path=self.folder, why=error.strerror or type(error).__name__) from None
        self._open()

    def _mark(self) -> list[str]:
        """What an earlier demo wrote down: a sentence, and the name of its database."""
        return (self.folder / MARK).read_text(encoding="utf-8", errors="replace").splitlines()

    def _open(self) -> None:
        from commlms.lms import LMS
        from commlms.store.journal import Actor
        from commlms.store.keys import OfficeKey

        context, key = self.context, OfficeKey(self.folder / KEY)
        key.new()
        context.work_on(LMS(
            self.database, actor=Actor(context.actor), reason=context.reason or "demo", host=self.host, today=context.today,
            lang=context.lang, keys=key.read(), invented=True,
        ))

    def load(self) -> list[ImportResult]:
        """Import every file of every demo by the ordinary import; what it was is said file by file."""
        lms, results = self.context.lms, []
        for demo in self.demos:
            inputs = self.folder / "inputs" / demo.key
            inputs.mkdir()
            for file in self.host.write_demo(demo, inputs):
                if file.record not in lms.records and file.record not in ("ledger", "attendance"):
                    say(_SKIPPED, self.context.lang, file=self._name(demo, file), record=file.record)
                    continue
                results.append(self._import(demo, file))
        return results

    def _name(self, demo: Demo, file: DemoFile) -> str:
        """A file's name; with its demo's key where there are several demos, which may have files of one name."""
        return f"{demo.key}/{file.path.name}" if len(self.demos) > 1 else file.path.name

    def _import(self, demo: Demo, file: DemoFile) -> ImportResult:
        context, name = self.context, self._name(demo, file)
        rejects = self.folder / "rejects" / f"{demo.key}-{file.path.stem}.csv"
        with stopping.telling(context, name), Progress(context.lang) as progress:
            progress.begin(_READING, 0)
            result = context.lms.import_file(file.record, file.path, under=file.under or None, rejects=rejects, progress=progress)
        say(_LOADED, context.lang, file=name, new=_new(result), rejected=_rejected(result))
        for problem in result.problems[:3]:
            tell("  " + problem.say(context.lang))
        return result

    def judge(self) -> list[list[str]]:
        """For each day and document that binds a place there: how many verdicts of each kind."""
        found = []
        with Progress(self.context.lang) as progress:
            progress.begin(_JUDGING, len(self.days))
            for number, day in enumerate(self.days, start=1):
                found += [[str(day), *line] for line in self._on(day)]
                progress(number)
        return found

    def _on(self, day: dt.date) -> Iterator[list[str]]:
        from commlms.measure.judge import VERDICTS

        counts: dict[str, Counter[str]] = {}
        for policy, judgement in self.context.lms.judge(as_of=day, place=self.place):
            if judgement.places:
                counts.setdefault(policy.id, Counter())[judgement.verdict] += 1
        for policy_id, told in sorted(counts.items()):
            yield [policy_id, *(str(told[verdict]) for verdict in VERDICTS)]

    def report(self) -> None:
        """The report of the last day's year; in Chinese, as ``commlms report`` has it, where no language was asked for."""
        last = self.days[-1]
        lang: Lang = click.get_current_context().find_root().params.get("lang") or "zh"
        self.context.lms.report(self.folder / REPORT, str(last.year), place=self.place, lang=lang, as_of=last)

    def tell(self, results: Sequence[ImportResult], verdicts: Sequence[Sequence[str]]) -> None:
        """What the folder holds, what came of it, and where everything is."""
        from commlms.measure.judge import VERDICTS

        lang = self.context.lang
        say(_INVENTED, lang)
        for demo in self.demos:
            tell(f"{demo.label.say(lang)}：{demo.holds.zh}" if lang == "zh" else f"{demo.label.say(lang)}: {demo.holds.say(lang)}")
        read, new, rejected = (sum(map(count, results)) for count in (attrgetter("read"), _new, _rejected))
        say(_COUNTS, lang, files=len(results), read=read, new=new, rejected=rejected)
        if verdicts:
            heads = [*{"zh": ("判定日", "文件"), "en": ("as of", "document")}[lang], *(label.say(lang) for label in VERDICTS.values())]
            echo(table([heads, *verdicts], right=range(2, len(heads))))
        self._where()

    def _where(self) -> None:
        lang = self.context.lang
        for label, name in ((Label("输入文件", "input files"), "inputs"), (Label("被拒的行", "rejected rows"), "rejects"),
                            (Label("报告", "report"), REPORT), (Label("数据库", "database"), self.database.name)):
            if name != "rejects" or any((self.folder / name).iterdir()):
                say(Label("{what}：", "{what}:"), lang, what=label)
                echo(f"  {self.folder / name}")
        say(Label("继续：", "go on with:"), lang)
        for variable, path in (("COMMLMS_DB", self.database), ("COMMLMS_KEY_FILE", self.folder / KEY)):
            echo(f"  export {variable}={shlex.quote(str(path))}")
        echo(f"  commlms judge --as-of {self.days[-1]}" + (f" --place {self.place}" if self.place else ""))


def _new(result: ImportResult) -> int:
    """Rows that are new or say something new of what is known: a place's later name, say."""
    return result.new + result.changed


def _rejected(result: ImportResult) -> int:
    return result.rejected + result.held


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
