"""Arrows run one way: cli, testing > lms > report, ingest > measure > store, host, finding, hookspecs > core."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "commlms"
RANK = {
    "core": 0,
    "store": 1,
    "finding": 1,
    "host": 1,
    "hookspecs": 1,
    "measure": 2,
    "report": 3,
    "ingest": 3,
    "lake": 3,
    "lms": 4,
    "office": 4,
    "opening": 4,
    "cli": 5,
    "testing": 5,
    "__main__": 6,
    "__init__": 5,
}
#: Imports within one rank.
NEIGHBOURS = {
    ("host", "hookspecs"), ("host", "finding"), ("finding", "hookspecs"), ("__init__", "cli"), ("lake", "report"), ("lms", "office"),
    ("office", "lms"), ("opening", "lms"),
}
MODULES = sorted(SRC.rglob("*.py"))
PLUGIN_FILES = sorted(p for p in (ROOT / "plugins").rglob("commlms_*/**/*.py"))


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, those under TYPE_CHECKING and inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{a.name}" for a in node.names)


def layer(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "commlms" and len(parts) > 1 and parts[1] in RANK else None


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SRC)))
def test_a_module_imports_only_its_own_layer_and_those_below(path: Path) -> None:
    own = path.relative_to(SRC).parts[0].removesuffix(".py")
    for module in imported(path):
        other = layer(module)
        if other is not None and other != own:
            assert RANK[other] <= RANK[own], f"{path} ({own}) imports {module}"
            same = RANK[other] == RANK[own]
            assert not same or (own, other) in NEIGHBOURS, f"{path} ({own}) imports its neighbour {module}"


@pytest.mark.parametrize("path", PLUGIN_FILES, ids=lambda p: str(p.relative_to(ROOT / "plugins")))
def test_a_bundled_plugin_imports_only_what_commlms_exports(path: Path) -> None:
    import commlms

    package = next(part for part in path.parts if part.startswith("commlms_"))
    public = {f"commlms.{name}" for name in commlms.__all__} | {"commlms", "commlms.testing"}
    for module in imported(path):
        if module.split(".")[0] == "commlms":
            assert module in public, f"{path} imports {module}, which commlms does not export"
        else:
            assert not module.startswith("commlms_") or module.split(".")[0] == package, f"{path} imports another plugin: {module}"


def test_the_core_names_no_city_and_no_document() -> None:
    """No city, threshold or title of a document stands in src/."""
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        for word in ("广州", "攀枝花", "万州", "拱墅", "广东", "Panzhihua", "Guangzhou", "Wanzhou", "Gongshu"):
            assert word not in text, f"{path} names {word}"


def test_importing_commlms_does_no_work_and_warns_of_nothing() -> None:
    """Importing loads no plugin, opens no file, and imports no extra."""
    script = (
        "import sys, commlms\n"
        "heavy = {'openpyxl', 'python_calamine', 'altair', 'vl_convert', 'commlms_seniors', 'jinja2',\n"
        "    'pyarrow', 'duckdb', 'pyspark', 'commlms_engines'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)


def test_help_and_plugins_load_neither_database_nor_plugins() -> None:
    """``commlms --help`` and ``commlms plugins`` start without sqlite-utils, without the core's records and without a plugin."""
    script = (
        "import sys\nfrom commlms.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "heavy = {'commlms_seniors', 'commlms_policies', 'openpyxl', 'sqlite_utils', 'commlms.core.records'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    for words in (["--help"], ["plugins"]):
        subprocess.run([sys.executable, "-c", script, *words], check=True, capture_output=True)
