"""``check_plugin`` finds each thing it checks for: a good specimen, and one that fails for every check."""

from types import ModuleType
from typing import Any, Protocol

import pytest

from commlms.measure.explain import Explanation
from commlms.measure.figures import Figures
from commlms.measure.totals import Totals
from commlms.testing import check_plugin, examine_plugin

GOOD = '''"""Home visits by teachers: a specimen."""
import datetime as dt
from typing import TYPE_CHECKING

from commlms import (
    Category, Curriculum, Label, Metric, Population, Rows, Total, age, choice, choice_of, day, heading, hookimpl,
    record, ref, text, this,
)
if TYPE_CHECKING:
    from commlms import WriteEvent

COMMLMS_API = 1


@record("visits.visit", zh="走访", en="visit", identity=("learner", "on"))
class Visit:
    """One visit."""

    learner: str = ref("learner", "学员", "learner")
    on: dt.date = day("日期", "date")
    how: str = choice("方式", "how", choice_of("home", "上门", "at home"), choice_of("phone", "电话", "by phone"), default="home")
    note: str | None = text("备注", "note", default=None)


OLD = Population("visits_old", "高龄老人", "the very old", age >= 70)
CURRICULUM = Curriculum("visits", Label("走访内容", "visits"), (Category("visits.care", Label("关怀", "care"), "visits_old", "", "", ""),))
METRICS = [
    Metric("visits.count", "走访次数", "visits", Rows("visits.visit", day="on"), unit="row"),
    Metric("visits.old", "参与的高龄老人", "very old learners", Total(among=OLD), Total(), population="visits_old"),
]


@hookimpl
def register_records():
    return [Visit]


@hookimpl
def register_populations():
    return [OLD]


@hookimpl
def register_curricula():
    return [CURRICULUM]


@hookimpl
def register_metrics():
    return METRICS


@hookimpl
def check_rows(record, rows):
    return []


@hookimpl
def after_write(event):
    pass
'''

KEYS = ("visits.visit", "visits_old", "visits", "visits.count", "visits.old")
README = "# Visits\n\nPackage `commlms_visits`: " + ", ".join(f"`{k}`" for k in KEYS)

_NOTE = '    note: str | None = text("备注", "note", default=None)\n'

#: Which check finds it; what it is; the part of the good specimen, and what stands there instead.
FAULTS = [
    ("api", "no API version", "COMMLMS_API = 1\n", ""),
    ("api", "another API version", "COMMLMS_API = 1", "COMMLMS_API = 99"),
    ("hooks", "a misspelt hook", "def after_write(", "def after_writes("),
    ("hooks", "a default argument", "def after_write(event)", "def after_write(event=None)"),
    ("hooks", "a hook that fails", "    pass", "    raise RuntimeError('no')"),
    ("imports", "a private name", "import datetime as dt", "import datetime as dt\nfrom commlms.core.records import Record"),
    ("imports", "a private module", "import datetime as dt", "import datetime as dt\nimport commlms.store.database"),
    ("imports", "a private name for types", "    from commlms import WriteEvent", "    from commlms.core.events import WriteEvent"),
    ("imports", "a private attribute", "COMMLMS_API = 1", "import commlms\nCORE = commlms.core\nCOMMLMS_API = 1"),
    ("imports", "another plugin", "import datetime as dt", "import datetime as dt\nimport commlms_seniors"),
    ("imports", "another plugin for types", "    from commlms import WriteEvent", "    from commlms_seniors.declarations import SENIORS"),
    ("loads", "a record's key without the name", '@record("visits.visit"', '@record("walks.visit"'),
    ("loads", "a metric's key without the name", 'Metric("visits.old"', 'Metric("core.old"'),
    ("loads", "a register hook that raises", "    return [OLD]", "    raise RuntimeError('no')"),
    ("loads", "a wrong argument", "def check_rows(record, rows)", "def check_rows(record, lines)"),
    ("keys", "a category of another curriculum", 'Category("visits.care"', 'Category("care.visits"'),
    ("labels", "a record in English only", 'zh="走访"', 'zh="visit"'),
    ("labels", "a field in Chinese only", 'text("备注", "note"', 'text("备注", "备注"'),
    ("labels", "a choice without English", '"上门", "at home"', '"上门", ""'),
    ("labels", "a population in English only", '"高龄老人", "the very old"', '"very old", "the very old"'),
    ("labels", "a metric in Chinese only", '"走访次数", "visits"', '"走访次数", "走访次数"'),
    ("labels", "a category in English only", 'Label("关怀", "care")', 'Label("care", "care")'),
    ("documents", "no docstring", '"""Home visits by teachers: a specimen."""', ""),
    ("documents", "a metric that the README lacks", '"visits.old"', '"visits.aged"'),
    ("migrates", "two fields in one column", _NOTE, _NOTE.replace("text(", "heading(") + _NOTE.replace("note", "note_key")),
    ("template", "two fields with one label", 'text("备注", "note"', 'text("日期", "note"'),
    ("roundtrip", "a word that means another choice", '"电话", "by phone")', '"电话", "by phone", "上门")'),
    ("roundtrip", "a check that refuses every row", "    return []", "    raise RuntimeError('no')"),
    ("loads", "a column that is not there", 'day="on")', 'day="on", where=this.nothing.is_("x"))'),
    ("metrics", "a condition about people on rows", 'day="on")', 'day="on", where=age >= 3)'),
]


class _MakePlugin(Protocol):
    def __call__(self, name: str, source: str, readme: str = "") -> ModuleType: ...


def test_a_good_plugin_passes(make_plugin: _MakePlugin) -> None:
    """Nothing is found, and ``check_plugin`` returns, for a module as for its name."""
    module = make_plugin("visits", GOOD, README)
    assert examine_plugin(module) == []
    check_plugin("commlms_visits")


@pytest.mark.parametrize(("check", "what", "old", "new"), FAULTS, ids=[f"{f[0]}: {f[1]}" for f in FAULTS])
def test_a_fault_is_found_by_its_check(make_plugin: _MakePlugin, check: str, what: str, old: str, new: str) -> None:
    """The same plugin with one fault has a finding of that check, in both languages; ``check_plugin`` raises it."""
    assert GOOD.count(old) >= 1, what
    module = make_plugin("visits", GOOD.replace(old, new, 1), README)
    found = [f for f in examine_plugin(module) if f.check == check]
    assert found, what
    assert all(f.zh and f.en and f.zh != f.en for f in found)
    with pytest.raises(AssertionError, match=f"{check}: "):
        check_plugin(module)


def test_a_plugin_without_hooks_is_found(make_plugin: _MakePlugin) -> None:
    """A module that forgets the marker does nothing, and that is said."""
    module = make_plugin("visits", '"""Nothing."""\nCOMMLMS_API = 1\n\ndef after_write(event):\n    pass\n')
    assert {f.check for f in examine_plugin(module)} == {"hooks"}


def test_a_sample_can_be_given_where_a_made_up_row_is_refused(make_plugin: _MakePlugin) -> None:
    """A plugin that wants a note refuses the first row it is shown; with one it passes."""
    rule = 'return [Objection(r["line"], "how", "须为电话", "phone") for r in rows if record == "visits.visit" and r["how"] != "phone"]'
    source = GOOD.replace("    return []", f"    {rule}").replace("Metric, Population", "Metric, Objection, Population")
    module = make_plugin("visits", source, README)
    assert {f.check for f in examine_plugin(module)} == {"roundtrip"}
    assert examine_plugin(module, {"visits.visit": {"how": "phone"}}) == []


@pytest.mark.parametrize("line", [
    "raise RuntimeError('no')", "raise SystemExit(0)", "return [Objection(r['line'], r['name'], '', '') for r in rows]",
])
def test_a_check_of_rows_that_fails_is_found_without_records_of_its_own(make_plugin: _MakePlugin, line: str) -> None:
    """It would reject every row that is imported, of every record, or of those without the field that it reads."""
    source = (
        '"""Checks."""\nfrom commlms import Objection, hookimpl\nCOMMLMS_API = 1\n\n\n'
        f"@hookimpl\ndef check_rows(record, rows):\n    {line}\n"
    )
    module = make_plugin("checks", source)
    assert [f.check for f in examine_plugin(module)] == ["hooks"]
    assert examine_plugin(make_plugin("polite", source.replace(line, "return []"))) == []


def test_an_explanation_that_loses_a_row_is_found(make_plugin: _MakePlugin, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of ``explain`` must add up to the figure, for every metric at every place."""
    rows = Explanation.rows
    monkeypatch.setattr(Explanation, "rows", lambda self: list(rows(self))[1:])
    assert {f.check for f in examine_plugin(make_plugin("visits", GOOD, README))} == {"metrics"}


def test_kept_totals_that_differ_from_counting_are_found(make_plugin: _MakePlugin, monkeypatch: pytest.MonkeyPatch) -> None:
    """The year's kept figure must be the figure of a window of the same days."""
    monkeypatch.setattr(Figures, "_kept_year", lambda self, measures: {m.column: {} for m in measures})
    assert {f.check for f in examine_plugin(make_plugin("visits", GOOD, README))} == {"metrics"}


def test_totals_that_go_wrong_while_a_plugin_is_away_are_found(make_plugin: _MakePlugin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a check-in is never folded in, the recount after unloading shows it."""
    def nothing(self: Any) -> None:
        """Leave pending what is pending."""

    monkeypatch.setattr(Totals, "fold", nothing)
    assert "unloads" in {f.check for f in examine_plugin(make_plugin("visits", GOOD, README))}
