"""Each hook: when it is called, with what, and what its failure does. One test is named after each."""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from commlms import (
    LMS,
    Category,
    Curriculum,
    Demo,
    DemoFile,
    Host,
    Label,
    Metric,
    Objection,
    Participation,
    PluginError,
    Population,
    RowsRefused,
    Session,
    Total,
    WriteEvent,
    age,
    hookimpl,
    hookspecs,
    policy_from_toml,
    record,
    ref,
    text,
)
from commlms.testing import open_lms, small_city

PACK = Path(__file__).resolve().parents[2] / "examples" / "plugin_libraries" / "commlms_libraries" / "reading_plan.toml"


@record("notes.note", zh="便条", en="note", identity=("learner", "about"))
class Note:
    """A note about a learner."""

    learner: str = ref("learner", "学员", "learner")
    about: str = text("事项", "about")


def plugin(**hooks: Any) -> SimpleNamespace:
    """A plugin made of functions; each is marked as a hook."""
    return SimpleNamespace(COMMLMS_API=1, __name__="commlms_notes", **{name: hookimpl(f) for name, f in hooks.items()})


def hosted(**plugins: SimpleNamespace) -> Host:
    """A host with these plugins and no others."""
    installed = [p.name for p in Host(isolate=True).found]
    return Host(without=installed, modules=plugins)


def opened(**plugins: SimpleNamespace) -> LMS:
    """The small city under these plugins."""
    lms = open_lms(hosted(**plugins))
    small_city(lms)
    return lms


def fails(name: str, stage: str, **hooks: Any) -> None:
    """Starting with this plugin stops with one error that names it, the stage and the way to leave it out."""
    with pytest.raises(PluginError) as stopped:
        hosted(notes=plugin(**hooks))
    for said in (stopped.value.say("zh"), stopped.value.say("en")):
        assert name in said
        assert f"commlms --without {name}" in said
    assert stage in stopped.value.say("en")


def raising(*_: object) -> Any:
    """A hook that fails."""
    raise RuntimeError("out of order")


def test_every_hook_has_a_test_named_after_it() -> None:
    """A hook that is added without a test here fails this one."""
    specified = {n for n, f in vars(hookspecs).items() if hasattr(f, "commlms_spec")}
    assert specified
    assert {f"test_{n}" for n in specified} <= set(globals())
    assert len(specified) <= 10


def test_register_records() -> None:
    """Called once at start; the record has its table and the verbs. An error, or a key without the name, stops."""
    calls: list[int] = []

    def register_records() -> Sequence[type]:
        calls.append(1)
        return [Note]

    lms = opened(notes=plugin(register_records=register_records))
    assert lms.add(Note(learner="L1", about="带老花镜")).new == 1
    assert [r.cells["about"] for r in lms.rows(Note)] == ["带老花镜"]
    assert calls == [1]
    fails("notes", "register", register_records=raising)
    with pytest.raises(PluginError, match=r"notes\.note must begin with other\."):
        hosted(other=plugin(register_records=lambda: [Note]))


def test_register_populations() -> None:
    """Called once at start; the population's words are known in audience columns. An error stops."""
    lms = opened(notes=plugin(register_populations=lambda: [Population("elders", "高龄老人", "elders", age >= 80, aliases=("寿星",))]))
    lms.set("session", "S1", audience="寿星")
    assert [r.cells["audience"] for r in lms.rows("session") if r.reference == "S1"] == ["elders"]
    fails("notes", "register", register_populations=raising)


def test_register_curricula() -> None:
    """Called once at start; a category's alias becomes its word. An error stops."""
    category = Category("notes.calm", Label("静心", "calm"), "elders", "", "", "", aliases=("冥想",))
    lms = opened(notes=plugin(register_curricula=lambda: [Curriculum("notes", Label("便条课", "notes"), (category,))]))
    lms.set("session", "S1", category="冥想")
    assert [r.cells["category"] for r in lms.rows("session") if r.reference == "S1"] == ["静心"]
    fails("notes", "register", register_curricula=raising)


def test_register_metrics() -> None:
    """Called once at start; a new total is built at the next opening of a database with people. An error stops."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys=ON")
    small_city(open_lms(hosted(), connection))
    metric = Metric("notes.elders", "高龄学员", "elders", Total(among=age >= 70))
    lms = open_lms(hosted(notes=plugin(register_metrics=lambda: [metric])), connection)
    assert lms.figures("2022").figure(metric, lms.place("9001")).numerator == 2, "L1, born in 1950, and L6, born in 1948"
    fails("notes", "register", register_metrics=raising)
    connection.close()


def test_register_policies() -> None:
    """Called once at start; the pack is judged, and answers no data where its metric's plugin is away. An error stops."""
    lms = opened(notes=plugin(register_policies=lambda: [policy_from_toml(PACK)]))
    [(_, judgement)] = lms.judge(as_of=dt.date(2022, 12, 31))
    assert judgement.verdict == "no_data"
    assert judgement.why is not None
    assert "libraries" in judgement.why.en
    fails("notes", "register", register_policies=raising)


def test_register_demos(tmp_path: Path) -> None:
    """Called once at start, its files written only when they are asked for; an error of either has the plugin's name."""
    asked: list[Path] = []

    def files(folder: Path) -> Sequence[DemoFile]:
        asked.append(folder)
        return [DemoFile("place", folder / "places.csv")]

    days, holds = (dt.date(2022, 12, 31),), Label("虚构", "invented")
    demos = [Demo("town", "小城", "a town", holds, days, files), Demo("dry", "旱城", "a dry town", holds, days, raising)]
    host = hosted(notes=plugin(register_demos=lambda: demos))
    assert list(host.registry.demos) == ["town", "dry"]
    assert asked == []
    assert host.write_demo(host.registry.demos["town"], tmp_path) == [DemoFile("place", tmp_path / "places.csv")]
    assert asked == [tmp_path]
    with pytest.raises(PluginError, match="commlms --without notes"):
        host.write_demo(host.registry.demos["dry"], tmp_path)
    with pytest.raises(PluginError, match="both"):
        hosted(notes=plugin(register_demos=lambda: demos), more=plugin(register_demos=lambda: demos[:1]))
    fails("notes", "register", register_demos=raising)
    fails("notes", "register", register_demos=lambda: [Demo("Town", "小城", "a town", holds, days, files)])
    fails("notes", "register", register_demos=lambda: [Demo("town", "小城", "a town", holds, days * 2, files)])


def test_check_rows() -> None:
    """Called once an import with all its good rows; an objection rejects its row; an exception objects to every row.

    Every plugin is asked, also after another has failed.
    """
    seen: list[tuple[str, list[int | None]]] = []

    def check_rows(record: str, rows: Iterable[Mapping[str, Any]]) -> Sequence[Objection]:
        given = list(rows)
        seen.append((record, [r.get("on") for r in given]))
        return [Objection(r["line"], "theme", "不可以", "not this one") for r in given if r.get("theme") == "坏"]

    lms = opened(notes=plugin(check_rows=check_rows))
    seen.clear()
    days = {"好": 20220102, "坏": 20220103}
    rows = [Session(institution="EAST", on=dt.date(2022, 1, day % 100), theme=theme) for theme, day in days.items()]
    with pytest.raises(RowsRefused, match="not this one"):
        lms.add(rows)
    assert seen == [("session", [20220102, 20220103])]
    assert lms.add(rows[0]).new == 1

    seen.clear()
    failing = opened(notes=plugin(check_rows=check_rows))
    failing.host.manager.register(plugin(check_rows=lambda record, rows: raising()), name="broken")
    with pytest.raises(RowsRefused, match="plugin broken failed while checking") as refused:
        failing.add([Session(institution="EAST", on=dt.date(2022, 1, 2), theme=t) for t in ("甲", "乙")])
    assert len(refused.value.problems) == 2
    assert seen[-1] == ("session", [20220102, 20220102])
    assert [r.name for r in failing.host.reports] == ["broken"]


def test_check_rows_and_after_write_of_what_streets_send(tmp_path: Path) -> None:
    """Every table of a delivery is asked about before it lands, under its own key; the delivery is told once, and so is a decision."""
    asked: list[tuple[str, list[object]]] = []
    told: list[tuple[str, str]] = []

    def check_rows(record: str, rows: Iterable[Mapping[str, Any]]) -> Sequence[Objection]:
        given = list(rows)
        asked.append((record, sorted(r.get("theme", "") for r in given)))
        return [Objection(r["line"], "theme", "不可以", "not this one") for r in given if r.get("theme") == "坏"]

    lms = opened(notes=plugin(check_rows=check_rows, after_write=lambda event: told.append((event.action, event.record))))
    files = {
        "台账.csv": ["活动日期,活动主题,时长,参加人数", "2022-03-07,茶艺,90,30", "2022-03-08,坏,90,20"],
        "签到.csv": ["活动日期,活动主题,姓名,出生日期", "2022-03-09,书法,林一,1950-01-02", "2022-03-10,坏,林二,1952-03-04"],
    }
    for name, lines in files.items():
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    asked.clear()
    told.clear()
    fates = lms.office.take([tmp_path], under="900101001", period="2022-03")
    assert {f.paper.name: (f.kind, f.counts["rejected"]) for f in fates} == {"台账.csv": ("taken", 1), "签到.csv": ("taken", 1)}
    assert sorted(asked) == [("attendance", ["书法", "坏"]), ("session", ["坏", "茶艺"])]
    assert told == [("take", "delivery"), ("take", "delivery")]

    told.clear()
    one, other = (r.reference for r in lms.rows("learner", limit=2))
    lms.different("learner", one, other)
    lms.same("learner", one, other)
    assert told == [("different", "same_learner"), ("same", "same_learner")]


def test_provide_audience(tmp_path: Path) -> None:
    """Asked for words that no vocabulary knows, once for each text of an import; the first answer wins.

    An error goes to the caller with the plugin's name, and nothing is written.
    """
    asked: list[str] = []

    def provide_audience(words: str) -> str | None:
        asked.append(words)
        return "elders" if "寿" in words else None

    file = tmp_path / "台账.csv"
    lines = [f"EAST,2022-02-0{n},茶话会{n},{who},9" for n, who in enumerate(["长寿之家", "长寿之家", "邻居"], start=1)]
    file.write_text("\n".join(["主办单位,日期,主题,对象,人数", *lines]), encoding="utf-8")
    lms = opened(notes=plugin(provide_audience=provide_audience), later=plugin(provide_audience=lambda words: None))
    asked.clear()
    assert lms.import_file("ledger", file).new == 3
    assert sorted(asked) == ["邻居", "长寿之家"]
    stored = {r.cells["theme"]: r.cells["audience"] for r in lms.rows("session") if r.cells["theme"].startswith("茶")}
    assert stored == {"茶话会1": "elders", "茶话会2": "elders", "茶话会3": "邻居"}

    broken = opened(notes=plugin(provide_audience=lambda words: raising()))
    with pytest.raises(PluginError, match="notes"):
        broken.import_file("ledger", file)
    assert not [r for r in broken.rows("session") if r.cells["theme"].startswith("茶")]


def test_provide_engine() -> None:
    """Asked once for a lake; the first answer wins, None leaves it to others, an error has the plugin's name."""
    asked: list[tuple[str, Mapping[str, str]]] = []

    def provide_engine(name: str, options: Mapping[str, str]) -> object:
        asked.append((name, options))
        return SimpleNamespace(name=name) if name == "abacus" else None

    host = hosted(notes=plugin(provide_engine=provide_engine))
    found = host.provide_engine("abacus", {"master": "beads"})
    assert found is not None
    assert found.name == "abacus"
    assert host.provide_engine("slate", {}) is None
    assert asked == [("abacus", {"master": "beads"}), ("slate", {})]
    failing = hosted(notes=plugin(provide_engine=lambda name, options: raising()))
    with pytest.raises(PluginError, match="commlms --without notes"):
        failing.provide_engine("abacus", {})


def test_after_write() -> None:
    """Called after the commit, once a batch; an exception is kept and undoes nothing; the others are told.

    Inside an embedding program's transaction it waits for ``committed()``; what was rolled back is not told.
    """
    told: list[tuple[str, str, int, bool]] = []
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA foreign_keys=ON")

    def after_write(event: WriteEvent) -> None:
        told.append((event.action, event.record, event.new, connection.in_transaction))

    lms = open_lms(hosted(notes=plugin(after_write=after_write), broken=plugin(after_write=raising)), connection)
    small_city(lms)
    told.clear()
    lms.host.reports.clear()
    lms.add([Participation(learner="L2", session="S2"), Participation(learner="L3", session="S2")])
    assert told == [("import", "participation", 2, False)]
    assert [(r.name, r.stage) for r in lms.host.reports] == [("broken", "hook")]
    assert len([r for r in lms.rows("participation") if r.cells["session"] == "S2"]) == 4

    told.clear()
    connection.execute("BEGIN")
    lms.check_in("L5", "S2")
    assert told == []
    connection.rollback()
    lms.committed()
    assert told == [], "it never happened"
    connection.execute("BEGIN")
    lms.check_in("L5", "S2")
    connection.commit()
    lms.committed()
    assert [t[:3] for t in told] == [("check_in", "participation", 1)]
    connection.close()
