"""Plugins written for one test: a package in a folder, imported under its own name and forgotten afterwards."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(autouse=True)
def _forget_plugins() -> Iterator[None]:
    """Plugins imported in a test from its own folder are not there in the next."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if name.startswith("commlms_") and "pytest" in file:
            del sys.modules[name]


@pytest.fixture
def plugin_folder(tmp_path: Path) -> Callable[..., Path]:
    """``plugin_folder(name, source, readme="")`` writes a plugin's package; gives the folder for ``--plugins-dir``."""

    def write(name: str, source: str, readme: str = "") -> Path:
        package = tmp_path / "plugins" / f"commlms_{name}"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(source, encoding="utf-8")
        if readme:
            (package / "README.md").write_text(readme, encoding="utf-8")
        return package.parent

    return write


@pytest.fixture
def make_plugin(plugin_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """``make_plugin(name, source, readme="")`` writes a plugin and imports it."""

    def make(name: str, source: str, readme: str = "") -> ModuleType:
        monkeypatch.syspath_prepend(plugin_folder(name, source, readme))
        importlib.invalidate_caches()
        return importlib.import_module(f"commlms_{name}")

    return make
