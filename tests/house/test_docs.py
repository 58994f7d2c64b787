"""The reference is what the code says; README, tutorial and how-to pages run; links lead somewhere."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import commlms
from commlms import hookspecs

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    p
    for p in [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "plugins").glob("*/README.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
)


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["cli", "hooks", "api", "records", "metrics", "problems", "coverage"])
def test_a_reference_page_is_current(name: str) -> None:
    """``python docs/generate.py`` would write what stands there."""
    stored = (ROOT / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8")
    assert generator().PAGES[name]() == stored, "run: python docs/generate.py"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_and_named_files_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_every_hook_has_a_test_named_after_it_and_a_bundled_plugin_that_uses_it() -> None:
    hooks = re.findall(r"^def (\w+)", Path(hookspecs.__file__).read_text(encoding="utf-8"), re.M)
    tests = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("test_*.py"))
    plugins = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "plugins").glob("*/commlms_*/__init__.py"))
    assert 1 <= len(hooks) <= 10
    for hook in hooks:
        assert re.search(rf"def test_{hook}\b|def test_{hook}_", tests), f"no test named after {hook}"
        assert re.search(rf"^def {hook}\(", plugins, re.M), f"no bundled plugin uses {hook}"


def test_every_dependency_has_a_line_in_the_decisions() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    decisions = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "docs" / "decisions").glob("*.md"))
    for requirement in named:
        name = re.split(r"[\[>=<~]", requirement)[0]
        assert name == "commlms" or f"`{name}`" in decisions, name


def test_the_python_version_in_the_readme_is_the_packages() -> None:
    wanted = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert wanted is not None
    for name in ("README.md", "README.zh-CN.md"):
        assert f"Python {wanted[1]}" in (ROOT / name).read_text(encoding="utf-8")
    assert sys.version_info >= tuple(map(int, wanted[1].split(".")))


def test_public_names_are_all_there() -> None:
    for name in commlms.__all__:
        assert hasattr(commlms, name)
    assert len(commlms.__all__) == len(set(commlms.__all__))
