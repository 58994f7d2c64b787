"""Plugins that fail in unusual ways, and names mistyped on the command line: said, never passed over."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from commlms import Host, PluginError, UnknownName, hookimpl
from commlms.core.records import Record
from commlms.host import find_plugins
from tests.host.test_loading import BUNDLED, run

LEAVES = '"""Leaves."""\nimport sys\nCOMMLMS_API = 1\nsys.exit(0)\n'


def leave(*_: object) -> None:
    """What a plugin must not do."""
    raise SystemExit(0)


def test_a_plugin_that_exits_at_import_is_a_failure(plugin_folder: Callable[[str, str], Path], tmp_path: Path) -> None:
    """It ends no command in silence; the doctor names it."""
    folder = plugin_folder("leaves", LEAVES)
    for words in (["template", "learner", "out.csv"], ["doctor"]):
        done = run(tmp_path, "--plugins-dir", str(folder), *words)
        assert done.returncode == 1, words
        assert "plugin leaves (commlms_leaves local) failed at stage import" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_a_hook_that_exits_is_a_failure_of_its_plugin() -> None:
    """At registering, at checking rows, at giving an audience and after a write."""
    with pytest.raises(PluginError, match=r"plugin bad .* failed at stage register"):
        Host(without=BUNDLED, modules={"bad": SimpleNamespace(COMMLMS_API=1, register_metrics=hookimpl(lambda: leave()))})
    plugin = SimpleNamespace(
        COMMLMS_API=1, check_rows=hookimpl(lambda record, rows: leave()), after_write=hookimpl(lambda event: leave()),
        provide_audience=hookimpl(lambda words: leave()),
    )
    host = Host(without=BUNDLED, modules={"bad": plugin})
    record: Record = host.registry.records["learner"]
    assert [o.line for o in host.check_rows(record, [{"line": 3}])] == [3]
    host.after_write(None)  # type: ignore[arg-type]  # the plugin does not look at it
    assert [r.name for r in host.reports] == ["bad", "bad"]
    with pytest.raises(PluginError, match="plugin bad"):
        host.provide_audience("老人")


@pytest.mark.parametrize(("source", "said"), [
    ('"""Torn."""\n\ndef (\n', "syntax error in __init__.py, line 3"),
    ('"""Torn."""\n', "COMMLMS_API is missing: add COMMLMS_API = 1"),
    ('"""Torn."""\nCOMMLMS_API = 7\n', "it was written for hook API 7, this is 1"),
])
def test_what_cannot_be_loaded_is_broken_and_says_why(
    plugin_folder: Callable[[str, str], Path], tmp_path: Path, source: str, said: str,
) -> None:
    """``plugins`` shows it without importing it; loading says the reason that helps."""
    options = ("--plugins-dir", str(plugin_folder("torn", source)))
    [line] = [line for line in run(tmp_path, *options, "plugins").stdout.splitlines() if line.startswith("torn")]
    assert "broken" in line
    listed = map(json.loads, run(tmp_path, *options, "plugins", "--format", "jsonl").stdout.splitlines())
    assert [p["trouble"].startswith(said) for p in listed if p["trouble"]] == [True]
    done = run(tmp_path, *options, "doctor")
    assert done.returncode == 1
    assert f"failed at stage find:\n  {said}" in done.stdout


def test_a_version_with_a_type_is_read(plugin_folder: Callable[[str, str], Path]) -> None:
    """``COMMLMS_API: Final = 1`` counts too."""
    folder = plugin_folder("typed", "from typing import Final\nCOMMLMS_API: Final = 1\n")
    assert [p.api for p in find_plugins(plugins_dir=folder) if p.name == "typed"] == [1]


def test_a_mistyped_plugin_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    """Running with the plugin that should be left out would be silent."""
    for words in (["plugins"], ["template", "learner", "out.csv"], ["doctor"]):
        done = run(tmp_path, "--without", "seniros", *words)
        assert done.returncode == 1
        assert done.stderr == f"no such plugin: seniros. The plugins are: {', '.join(BUNDLED)}\n"
    with pytest.raises(UnknownName, match="seniros"):
        Host(without=["seniros"])


def test_a_variable_may_name_a_plugin_that_is_not_installed_here(tmp_path: Path) -> None:
    """One setting serves several machines."""
    assert run(tmp_path, "plugins", COMMLMS_WITHOUT="elsewhere", COMMLMS_PLUGINS="elsewhere,seniors").returncode == 0
