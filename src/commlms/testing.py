"""The kit for plugin authors, and a pytest plugin: a database in memory, a small invented city, the plugin contract.

In a test module of a plugin::

    from commlms.testing import check_plugin

    def test_it_keeps_the_contract() -> None:
        check_plugin("commlms_libraries")

The fixture ``lms`` is an LMS in memory on 2023-06-30 with every plugin found. pytest loads this module by its
entry point; it imports no more than ``import commlms`` does.
"""

from __future__ import annotations

import ast
import contextlib
import csv
import datetime as dt
import importlib
import inspect
import itertools
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pluggy
import pytest

import commlms
from commlms import API_VERSION, LMS, CommLMSError, FileRefused, Host, Label, Metric, Residents, hookspecs
from commlms.core.records import Field, Record
from commlms.host import FAILS, find_plugins
from commlms.measure.figures import Figure

#: The day on which the kit's databases stand: 2022 is their last full year.
TODAY = dt.date(2023, 6, 30)
_D = dt.date
_CHINESE = re.compile("[一-鿿]")
#: An office key for tests. Digests under it are worth nothing elsewhere.
TEST_KEY = bytes(range(32))


def open_lms(host: Host | None = None, connection: sqlite3.Connection | None = None, **options: Any) -> LMS:
    """An LMS in memory (or on ``connection``) on :data:`TODAY`, under :data:`TEST_KEY`, as every test can repeat it."""
    return LMS(connection=connection, host=host, today=TODAY, keys=[TEST_KEY], lang="zh", **options)


def load_alone(name: str, module: object) -> Host:
    """A host with one plugin and nothing else, whatever is installed."""
    return Host(without=[p.name for p in find_plugins()], modules={name: module})


@pytest.fixture
def lms() -> Iterator[LMS]:
    """An LMS in memory on 2023-06-30, with every plugin found."""
    with open_lms() as opened:
        yield opened


# -- a small invented city ------------------------------------------------------------------------------


@attrs.frozen
class City:
    """Codes of a small city, to write tests with."""

    code: str = "9001"
    counties: tuple[str, ...] = ("900101", "900102")
    townships: tuple[str, ...] = ("900101001", "900102001")
    villages: tuple[str, ...] = ("900101001001", "900101001002", "900102001201", "900102001202")
    institutions: tuple[str, ...] = ("EAST", "WEST", "EASTPOINT")
    learners: tuple[str, ...] = ("L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8")
    sessions: tuple[str, ...] = ("S1", "S2", "S3", "S4", "S5")


_PLACES = (
    ("90", "示例省", "province", None, None, None), ("9001", "样城市", "city", "90", None, None),
    ("900101", "东区", "county", "9001", None, None), ("900102", "西县", "county", "9001", None, None),
    ("900101001", "东街街道", "township", "900101", "street", "urban"), ("900102001", "西山镇", "township", "900102", "town", "rural"),
    ("900101001001", "东一社区", "village", "900101001", "community", "urban"),
    ("900101001002", "东二社区", "village", "900101001", "community", "urban"),
    ("900102001201", "西一村", "village", "900102001", "village", "rural"),
    ("900102001202", "西二村", "village", "900102001", "village", "rural"),
)
_INSTITUTIONS = (
    ("EAST", "东街社区学校", "900101001", "school", _D(2015, 1, 1)), ("WEST", "西山镇社区学校", "900102001", "school", _D(2016, 1, 1)),
    ("EASTPOINT", "东一学习点", "900101001001", "seniors_point", _D(2018, 1, 1)),
)
_LEARNERS = (
    ("L1", "王秀英", "female", "1950-03-02", "900101001001", "local_urban", "retired"),
    ("L2", "李建国", "male", "1955-07-09", "900101001001", "local_urban", "retired"),
    ("L3", "张小明", "male", "2014-05-20", "900101001001", "local_urban", "student"),
    ("L4", "刘芳", "female", "1988-01-15", "900101001002", "other_rural", "worker"),
    ("L5", "陈大山", "male", "1975-10-01", "900102001201", "local_rural", "farmer"),
    ("L6", "赵桂花", "female", "1948-12-03", "900102001201", "local_rural", "farmer"),
    ("L7", "孙丽", "female", "1990", "900102001202", None, None), ("L8", "周强", "male", "1970-04-04", None, None, None),
)
_SESSIONS = (
    ("S1", "EAST", _D(2022, 3, 5), "09:00", "春季健康讲座", 90, "lecture"),
    ("S2", "EAST", _D(2022, 9, 6), "14:00", "秋季书法班", 60, "class"),
    ("S3", "WEST", _D(2022, 5, 7), "09:30", "果树修剪", 120, "practice"),
    ("S4", "WEST", _D(2022, 11, 8), "15:00", "冬季防火", 45, "lecture"),
    ("S5", "EAST", _D(2021, 4, 9), "09:00", "去年的讲座", 30, "lecture"),
)
_ATTENDED = {"S1": "L1 L2 L3", "S2": "L1 L4", "S3": "L5 L6", "S4": "L8", "S5": "L1 L7"}


def _rows(names: str, rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(names.split(), row, strict=True)) for row in rows]


def small_city(lms: LMS, residents: Iterable[tuple[str, str]] = (("permanent", "all"),)) -> City:
    """Fill an empty database with an invented city; gives its codes.

    Two counties; the first has a street in town, the second a town in the country; two villages in each, with 100
    residents of every (basis, group) in ``residents``. Eight learners: L1 (born 1950), L2 (1955) and L3 (2014) in the
    first village, L4 (1988, a worker with a rural hukou from elsewhere) in the second, L5 (1975) and L6 (1948), both
    farmers, in the third, L7 (of whom only the year 1990 is known) in the fourth, L8 (1970) of unknown home.
    In 2022: L1, L2, L3 at S1 (90 minutes), L1, L4 at S2 (60), both in the east; L5, L6 at S3 (120, practice), L8 at
    S4 (45), both in the west. In 2021: L1, L7 at S5 (30). At S1 five were present; at S3 four besides those named.
    """
    city = City()
    lms.add(_rows("code name level parent kind area", _PLACES), "place")
    people = [(v, _D(2020, 11, 1), basis, group, 100, "census", "虚构") for basis, group in residents for v in city.villages]
    lms.add(_rows("place on basis group persons nature citation", people), "residents")
    lms.add(_rows("code name place kind since", _INSTITUTIONS), "institution")
    lms.add(_rows("code name sex born home hukou occupation", _LEARNERS), "learner")
    lms.add(_rows("code institution on start theme minutes form", _SESSIONS), "session")
    lms.add([commlms.Participation(learner=who, session=at) for at, names in _ATTENDED.items() for who in names.split()])
    lms.add(_rows("session counts persons", (("S1", "present", 5), ("S3", "besides", 4))), "headcount")
    return city


def figure(lms: LMS, metric: str, place: str = City().code, period: str = "2022") -> Figure:
    """One figure of a metric at a place (its code), with ``numerator``, ``denominator`` and ``ceiling``."""
    figures = lms.figures(period)
    return figures.figure(lms.metric(metric), lms.place(place, figures.period.last))


# -- the contract ---------------------------------------------------------------------------------------


@attrs.frozen
class Finding:
    """One thing a plugin does not keep: which check, and a sentence in both languages."""

    check: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.check}: {self.zh} / {self.en}"


def check_plugin(plugin: str | ModuleType, samples: Mapping[str, Mapping[str, Any]] | None = None) -> None:
    """The contract that every plugin keeps. Raises AssertionError with a sentence for each finding.

    ``plugin`` is the name of a plugin, of its importable package, or the imported module. ``samples`` gives fields of
    a sample row by record, where a made-up row would be refused. See :func:`examine_plugin` for what is checked.
    """
    found = examine_plugin(plugin, samples)
    assert not found, "\n".join(map(str, found))


def examine_plugin(plugin: str | ModuleType, samples: Mapping[str, Mapping[str, Any]] | None = None) -> list[Finding]:
    """Everything a plugin does not keep of the contract; empty for a good one. The checks, by name:

    ``api`` names the hook API it was written for; ``hooks`` are known, declare no default and do not fail;
    ``imports`` public names only and no other plugin; ``loads`` alone, the keys of records and metrics beginning
    with its name; ``keys`` of categories beginning with their curriculum's; ``labels`` in Chinese and English;
    ``documents`` itself in the module and, if there is a README.md, every key there; ``migrates`` an empty and a
    filled database; ``template`` and ``roundtrip`` of its records; ``metrics`` all computed, explained to the last
    row, the same for a window of the same days; ``unloads`` leaving totals that a recount confirms.
    """
    entries = {p.name: p.module for p in find_plugins()}
    module = importlib.import_module(entries.get(plugin, plugin)) if isinstance(plugin, str) else plugin
    name = next((n for n, m in entries.items() if m == module.__name__), module.__name__.removeprefix("commlms_"))
    found = [*_check_hooks(module), *_check_imports(module, set(entries.values()))]
    try:
        host = load_alone(name, module)
    except CommLMSError as error:
        return [*found, Finding("loads", error.say("zh"), error.say("en"))]
    own = _own(name, host)
    return [*found, *_check_declared(own), *_check_documents(own, module), *_check_running(name, host, samples or {})]


def _check_hooks(module: ModuleType) -> Iterator[Finding]:
    if (api := getattr(module, "COMMLMS_API", None)) != API_VERSION:
        yield Finding("api", f"COMMLMS_API 是 {api}，应为 {API_VERSION}", f"COMMLMS_API is {api}, it should be {API_VERSION}")
    manager = pluggy.PluginManager("commlms")
    manager.add_hookspecs(hookspecs)
    names = [n for n in dir(module) if manager.parse_hookimpl_opts(module, n) is not None]
    if not names:
        yield Finding("hooks", "没有用 @commlms.hookimpl 标记的钩子", "no hook is marked with @commlms.hookimpl")
    for name in names:
        if not hasattr(manager.hook, name):
            yield Finding("hooks", f"没有钩子「{name}」", f"there is no hook {name}")
        for p in inspect.signature(getattr(module, name)).parameters.values():
            if p.default is not inspect.Parameter.empty:
                yield Finding("hooks", f"{name} 的参数 {p.name} 不能有默认值", f"argument {p.name} of {name} must have no default")


def _check_imports(module: ModuleType, plugins: set[str]) -> Iterator[Finding]:
    file = Path(module.__file__ or "")
    for path in sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]:
        for line, wanted in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            top, *rest = wanted.split(".")
            where = f"{path.name}:{line}"
            if top != module.__name__ and (top in plugins or top.startswith("commlms_")):
                yield Finding("imports", f"{where} 导入了另一个插件 {top}", f"{where} imports another plugin: {top}")
            elif top == "commlms" and rest and rest[0] != "testing" and (len(rest) > 1 or rest[0] not in commlms.__all__):
                yield Finding("imports", f"{where} 使用了非公开的 {wanted}", f"{where} uses {wanted}, which is not public")


def _imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported (under TYPE_CHECKING too) or reached through ``commlms.``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "commlms":
            yield node.lineno, f"commlms.{node.attr}"


def _own(name: str, host: Host) -> dict[str, Any]:
    """What a plugin declares, by kind and key."""
    r = host.registry
    pools: dict[str, Mapping[str, Any]] = {
        "record": r.records, "population": r.populations, "standing": r.standings, "curriculum": r.curricula,
        "metric": r.metrics, "policy": r.policies, "demo": r.demos,
    }
    return {f"{kind}:{key}": one for kind, pool in pools.items() for key, one in pool.items() if r.owner[f"{kind}:{key}"] == name}


def _labels(value: object) -> Iterator[tuple[str, str]]:
    """Every zh and en inside a declaration."""
    if isinstance(value, (tuple, list)):
        for part in value:
            yield from _labels(part)
    elif attrs.has(type(value)):
        if hasattr(value, "zh") and hasattr(value, "en"):
            yield value.zh, value.en
        for field in attrs.fields(type(value)):  # type: ignore[arg-type]  # attrs.has was asked
            yield from _labels(getattr(value, field.name))


def _check_declared(own: Mapping[str, Any]) -> Iterator[Finding]:
    for key, declared in own.items():
        for zh, en in _labels(declared):
            if not _CHINESE.search(zh):
                yield Finding("labels", f"{key}：「{zh or en}」缺少中文", f"{key}: {zh or en} has no Chinese label")
            if not en.strip() or _CHINESE.search(en):
                yield Finding("labels", f"{key}：「{zh}」缺少英文", f"{key}: {zh} has no English label")
        for category in getattr(declared, "categories", ()):
            if not category.key.startswith(f"{declared.key}."):
                start = f"{declared.key}."
                yield Finding("keys", f"类别「{category.key}」应以「{start}」开头", f"{category.key} must begin with {start}")


def _check_documents(own: Mapping[str, Any], module: ModuleType) -> Iterator[Finding]:
    if not (module.__doc__ or "").strip():
        yield Finding("documents", "模块没有说明文字", "the module has no docstring")
    folder = Path(module.__file__ or "").parent
    texts = [p.read_text(encoding="utf-8") for p in (folder / "README.md", folder.parent / "README.md") if p.is_file()]
    for text in (t for t in texts if module.__name__ in t):
        for kind, key in (name.split(":") for name in own):
            if f"`{key}`" not in text:
                yield Finding("documents", f"README.md 没有写到 {kind}「{key}」", f"README.md does not name the {kind} {key}")


# -- the contract in a running database -----------------------------------------------------------------


def _check_running(name: str, host: Host, samples: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    """The checks that need a database. A check that raises is a finding of that check."""
    own = host.metrics_by_plugin()[name]
    groups = {(r.basis, r.group) for m in own for r in m.measures if isinstance(r, Residents)} | {("permanent", "all")}
    found: list[Finding] = []
    without = Host(without=[p.name for p in find_plugins()])
    with _connection() as filled, _connection() as empty:
        small_city(open_lms(without, filled), sorted(groups))
        for check, run in (
            ("migrates", lambda: (*_migrates(host, empty), *_migrates(host, filled))),
            ("roundtrip", lambda: _records(name, host, filled, samples)), ("hooks", lambda: _checked_rows(host, filled)),
            ("metrics", lambda: _metrics(own, host, filled)), ("unloads", lambda: _unloads(host, without, filled)),
        ):
            try:
                found += run()
            except FAILS as error:  # whatever a stranger's code raises is what is reported
                found.append(Finding(check, f"出错：{error!r}", f"failed: {error!r}"))
    failed = [Finding("hooks", f"钩子出错：{r.exception!r}", f"a hook failed: {r.exception!r}") for r in host.reports]
    return [*found, *dict.fromkeys(failed)]


@contextlib.contextmanager
def _connection() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        yield connection


def _migrates(host: Host, connection: sqlite3.Connection) -> Iterator[Finding]:
    lms = open_lms(host, connection)
    yield from (Finding("migrates", f.label.zh, f.label.en) for f in lms.doctor() if f.bad)
    if lms.recount(check=True):
        yield Finding("migrates", "建表后合计与重算不符", "after migrating the totals differ from a recount")


def _records(name: str, host: Host, connection: sqlite3.Connection, samples: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """A row of each record and of what the metrics ask for; then the way out and in again."""
    lms = open_lms(host, connection)
    if groups := list(lms.registry.standings):
        lms.add([commlms.Standing(learner="L5", group=g, since=_D(2020, 1, 1)) for g in groups])
    for code, category in zip(City().sessions, (c for u in host.curricula().values() for c in u.categories), strict=False):
        lms.set("session", code, category=category.label.zh)
    for record in host.owners().get(name, ()):
        with _connection() as copied:
            connection.backup(copied)
            row = {f.name: _value(f, lms) for f in record.fields if not (f.virtual or f.host)}
            lms.add({**row, **samples.get(record.key, {})}, record.key)
            yield from _roundtrip(record, lms, open_lms(host, copied))


def _checked_rows(host: Host, connection: sqlite3.Connection) -> Iterator[Finding]:
    """Show rows of every record to ``check_rows``: it may object, and what it raises is in the host's reports."""
    for record in host.registry.records.values():
        states = f' JOIN "{record.state_table}" ON owner = id' if record.dated else ""
        cursor = connection.execute(f'SELECT * FROM "{record.table}"{states} LIMIT 3')
        names = [column[0] for column in cursor.description]
        host.check_rows(record, [{"line": n, **dict(zip(names, row, strict=True))} for n, row in enumerate(cursor, 2)])
    yield from ()


def _value(field: Field, lms: LMS) -> Any:
    """A value that a field can hold, with the small city's rows for references."""
    if field.target:
        known = {"place": "900101001001", "institution": "EAST", "learner": "L3", "session": "S1"}
        return known.get(field.target) or next(r.reference for r in lms.rows(field.target))
    samples = {"day": _D(2022, 3, 1), "clock": "16:40", "text": "甲"}
    return field.choices[0].key if field.choices else samples.get(field.kind.name, field.kind.example)


def _roundtrip(record: Record, lms: LMS, copy: LMS) -> Iterator[Finding]:
    key = record.key
    with tempfile.TemporaryDirectory() as folder:
        blank, file = Path(folder) / "template.csv", Path(folder) / "rows.csv"
        _write(blank, lms.sheets.template(key))
        try:
            tried = lms.import_file(key, blank, dry_run=True)
            bad = tried.read or tried.problems or tried.unread_columns
            why = Label("读出了行，或有列未读", "rows are read, or a column is not") if bad else None
        except FileRefused as refused:
            why = Label(refused.say("zh"), refused.say("en"))
        if why:
            yield Finding("template", f"「{key}」的空表读不回来：{why.zh}", f"the template of {key} cannot be read back: {why.en}")
            return
        exported = list(lms.sheets.export(key))
        _write(file, exported)
        for target, outcome in ((copy, "new"), (lms, "unchanged")):
            result = target.import_file(key, file)
            if result.problems or getattr(result, outcome) != len(exported) - 1 or list(target.sheets.export(key)) != exported:
                why = result.problems[0].label() if result.problems else Label("内容有变", "the content differs")
                yield Finding("roundtrip", f"「{key}」导出再导入不一致：{why.zh}", f"{key} comes back changed: {why.en}")


def _write(path: Path, rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _metrics(metrics: Iterable[Metric], host: Host, connection: sqlite3.Connection) -> Iterator[Finding]:
    lms = open_lms(host, connection)
    kept, counted = lms.figures("2022"), lms.figures("2022..2022")
    for metric, place in itertools.product(metrics, kept.tree.order):
        code, figure, other = kept.tree.nodes[place].code, kept.figure(metric, place), counted.figure(metric, place)
        if (figure.numerator, figure.denominator, figure.ceiling) != (other.numerator, other.denominator, other.ceiling):
            yield Finding("metrics", f"{metric.key}（{code}）的合计与逐行计数不符", f"{metric.key} at {code}: kept and counted differ")
        explained = lms.explain(metric.key, place=code, period="2022")
        rows = list(explained.rows())
        for part in explained.parts:
            if part.value is not None and part.value != sum(r.adds for r in rows if r.part == part.name):
                yield Finding("metrics", f"{metric.key}（{code}）的说明与数字不符", f"{metric.key} at {code}: the rows do not add up")


def _unloads(host: Host, without: Host, connection: sqlite3.Connection) -> Iterator[Finding]:
    absent = open_lms(without, connection)
    absent.add([commlms.Participation(learner="L2", session="S2"), commlms.Participation(learner="L5", session="S4")])
    absent.check_in("L6", "S4", 30)
    absent.set("participation", "L1/S1", minutes=45)
    for lms in (absent, open_lms(host, connection)):
        for place, year, column, before, after in lms.recount(check=True):
            what = f"{place} {year} {column} {before}≠{after}"
            yield Finding("unloads", f"卸载后再写入，合计不符：{what}", f"after writes without the plugin a total differs: {what}")
