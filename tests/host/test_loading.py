"""Finding and loading plugins: decided before anything is imported, stopped with one clear screen, in any order the same."""

import importlib
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlms import API_VERSION, CommLMSError, Host, Metric, PluginError, Population, Total, age, hookimpl
from commlms.host import find_plugins
from commlms.testing import open_lms, small_city

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUNDLED = sorted(PROJECT["entry-points"]["commlms"])
#: Leaves a mark when it is imported, and then raises.
BROKEN = '''"""Broken."""
from pathlib import Path
from commlms import hookimpl
COMMLMS_API = 1
Path(__file__).with_name("imported").touch()
raise RuntimeError("the licence has run out")


@hookimpl
def register_metrics():
    return []
'''


def plugin(api: int | None = API_VERSION, **hooks: Any) -> SimpleNamespace:
    """A plugin made of functions."""
    return SimpleNamespace(COMMLMS_API=api, **{n: hookimpl(f) for n, f in hooks.items()})


def hosted(**plugins: SimpleNamespace) -> Host:
    """A host with these plugins and no others."""
    return Host(without=BUNDLED, modules=plugins)


def run(folder: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command in a folder of its own, in English."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("COMMLMS_")}
    return subprocess.run(
        [sys.executable, "-m", "commlms", "--lang", "en", *args], cwd=folder, capture_output=True, encoding="utf-8", check=False,
        env={**kept, "PYTHONIOENCODING": "utf-8", **environment},
    )


@pytest.fixture
def broken(plugin_folder: Callable[[str, str], Path]) -> Path:
    """A folder of plugins with a broken one."""
    return plugin_folder("broken", BROKEN)


def test_one_key_from_two_plugins_names_both() -> None:
    """The start stops, and the sentence names the key and the two plugins in both languages."""
    both = {n: plugin(register_populations=lambda: [Population("elders", "高龄老人", "elders", age >= 80)]) for n in ("first", "second")}
    with pytest.raises(PluginError) as stopped:
        hosted(**both)
    for said in (stopped.value.say("zh"), stopped.value.say("en")):
        assert all(word in said for word in ("elders", "first", "second"))


def test_a_plugin_cannot_take_a_key_of_the_core() -> None:
    """A record or metric must begin with the plugin's own name, so ``core`` cannot be replaced."""
    with pytest.raises(PluginError, match=r"core\.persons must begin with mine\."):
        hosted(mine=plugin(register_metrics=lambda: [Metric("core.persons", "人数", "persons", Total())]))


@pytest.mark.parametrize("api", [0, API_VERSION + 1])
def test_an_incompatible_plugin_is_refused_with_a_sentence(api: int) -> None:
    """It says which version it was written for and which this is, and no hook of it is called."""
    def register_metrics() -> list[Metric]:
        raise AssertionError("called")

    with pytest.raises(PluginError) as stopped:
        hosted(old=plugin(api, register_metrics=register_metrics))
    assert f"this is {API_VERSION}" in stopped.value.say("en")
    assert f"这里是 {API_VERSION}" in stopped.value.say("zh")


def test_a_misspelt_hook_is_refused() -> None:
    """A hook that does not exist would never be called; it stops the start and is named."""
    with pytest.raises(PluginError, match="register_metric"):
        hosted(typo=plugin(register_metric=lambda: None))


def test_a_hook_with_a_wrong_argument_is_refused() -> None:
    """The argument is named."""
    with pytest.raises(PluginError, match="happening"):
        hosted(wrong=plugin(after_write=lambda happening: None))


def test_isolated_failures_are_values_and_the_others_go_on() -> None:
    """With ``isolate`` the failure says name, package, stage and exception; the good plugin is loaded."""
    def register_metrics() -> list[Metric]:
        raise RuntimeError("no")

    given_ = {"bad": plugin(register_metrics=register_metrics), "old": plugin(0), "good": plugin()}
    host = Host(without=BUNDLED, modules=given_, isolate=True)
    assert {(f.name, f.stage) for f in host.failures} == {("bad", "register"), ("old", "find")}
    assert isinstance(next(f for f in host.failures if f.name == "bad").exception, RuntimeError)
    assert "good" in host.names


def test_finding_reads_hooks_without_importing(broken: Path) -> None:
    """The broken plugin is found with its hook and API version, and has not been imported."""
    [found] = [p for p in find_plugins(plugins_dir=broken) if p.name == "broken"]
    assert (found.api, found.hooks, found.version) == (1, ("register_metrics",), "local")
    assert not (broken / "commlms_broken" / "imported").exists()


def test_what_is_excluded_is_never_imported(broken: Path) -> None:
    """``without`` is decided first; named, the plugin that raises leaves no mark. Not named, it stops everything."""
    host = Host(without=["broken"], plugins_dir=broken)
    assert host.names == set(BUNDLED)
    assert not (broken / "commlms_broken" / "imported").exists()
    with pytest.raises(PluginError, match="the licence has run out"):
        Host(plugins_dir=broken)
    assert (broken / "commlms_broken" / "imported").exists()


def test_the_variable_leaves_plugins_out(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``COMMLMS_WITHOUT`` is a list with commas; it adds to what is given."""
    monkeypatch.setenv("COMMLMS_WITHOUT", "broken, seniors,")
    assert Host(without=["youth"], plugins_dir=broken).names == set(BUNDLED) - {"seniors", "youth"}
    assert not (broken / "commlms_broken" / "imported").exists()


def test_the_deployments_list_allows_no_others(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``COMMLMS_PLUGINS`` names all that may be loaded; an empty list allows none."""
    monkeypatch.setenv("COMMLMS_PLUGINS", "seniors,policies")
    assert Host(plugins_dir=broken).names == {"seniors", "policies"}
    assert not (broken / "commlms_broken" / "imported").exists()
    monkeypatch.setenv("COMMLMS_PLUGINS", "")
    assert Host().names == set()


def test_a_plugin_that_raises_stops_everything_with_one_screen(broken: Path, tmp_path: Path) -> None:
    """Which plugin, whose package, what happened, and the command that leaves it out; no traceback; exit status 1."""
    done = run(tmp_path, "--plugins-dir", str(broken), "template", "learner", "blank.csv")
    assert done.returncode == 1
    for words in ("plugin broken", "commlms_broken", "import", "the licence has run out", "commlms --without broken"):
        assert words in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert len(done.stderr.splitlines()) <= 6
    assert not (tmp_path / "commlms.db").exists(), "nothing was opened"


def test_plugins_and_doctor_work_with_a_broken_plugin(broken: Path, tmp_path: Path) -> None:
    """``plugins`` lists it without importing it; ``doctor`` loads each alone, reports it, and fails."""
    listed = run(tmp_path, "--plugins-dir", str(broken), "plugins")
    assert listed.returncode == 0
    assert "broken" in listed.stdout
    assert not (broken / "commlms_broken" / "imported").exists()
    examined = run(tmp_path, "--plugins-dir", str(broken), "doctor")
    assert examined.returncode == 1
    assert "plugin broken" in examined.stdout
    assert "Traceback" not in examined.stderr


def test_the_command_that_the_screen_names_works(broken: Path, tmp_path: Path) -> None:
    """By option and by variable."""
    assert run(tmp_path, "--plugins-dir", str(broken), "--without", "broken", "template", "learner", "blank.csv").returncode == 0
    assert run(tmp_path, "--plugins-dir", str(broken), "template", "learner", "blank.csv", COMMLMS_WITHOUT="broken").returncode == 0
    assert not (broken / "commlms_broken" / "imported").exists()


def test_an_unreadable_plugin_is_listed_and_refused(plugin_folder: Callable[[str, str], Path]) -> None:
    """A file that is no Python is found without hooks; loading it is an error that names it."""
    folder = plugin_folder("torn", "def (")
    assert [p.hooks for p in find_plugins(plugins_dir=folder) if p.name == "torn"] == [()]
    with pytest.raises(PluginError, match="torn"):
        Host(plugins_dir=folder)


def declared_and_counted(order: Sequence[str]) -> tuple[list[list[str]], dict[str, tuple[int | None, ...]]]:
    """What is declared, and every figure of the city, when these plugins are registered in this order."""
    host = Host(without=BUNDLED, modules={n: importlib.import_module(f"commlms_{n}") for n in order})
    with open_lms(host) as lms:
        small_city(lms, [("permanent", "all"), ("permanent", "seniors")])
        r, figures, city = lms.registry, lms.figures("2022"), lms.place("9001")
        pools: list[Iterable[str]] = [r.records, r.populations, r.standings, r.curricula, r.metrics, r.policies]
        found = {m.key: figures.figure(m, city) for m in r.metrics.values()}
        return [sorted(p) for p in pools], {k: (f.numerator, f.denominator, f.ceiling) for k, f in found.items()}


@pytest.fixture(scope="module")
def in_order() -> tuple[list[list[str]], dict[str, tuple[int | None, ...]]]:
    """What comes out when they are registered by name."""
    return declared_and_counted(BUNDLED)


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(BUNDLED))
def test_the_order_of_plugins_changes_nothing(in_order: tuple[Any, Any], order: list[str]) -> None:
    """Registered in any order, the same is declared and every figure is the same."""
    assert declared_and_counted(order) == in_order


def test_every_error_of_loading_has_both_languages() -> None:
    """The sentence exists in Chinese and English and differs."""
    with pytest.raises(CommLMSError) as stopped:
        hosted(old=plugin(0))
    assert stopped.value.say("zh") != stopped.value.say("en")


def test_a_local_plugin_with_the_name_of_an_installed_one_is_refused_and_both_are_named(tmp_path: Path) -> None:
    """It would silently take the other's place."""
    (tmp_path / "commlms_seniors.py").write_text("COMMLMS_API = 1\n", encoding="utf-8")
    with pytest.raises(PluginError, match="seniors in the plugins folder has the name of a plugin of commlms"):
        Host(plugins_dir=tmp_path)
    assert "seniors" not in Host(plugins_dir=tmp_path, without=["seniors"]).names
