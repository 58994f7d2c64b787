"""A file has at most 400 lines, a function 50, a class 20 public methods."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(p for folder in ("src", "plugins", "tests", "examples", "docs", "bench") for p in (ROOT / folder).rglob("*.py"))
CODE = [p for p in FILES if "tests" not in p.parts]


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_function_has_at_most_50_lines(path: Path) -> None:
    for f in functions(path):
        assert (f.end_lineno or 0) - f.lineno < 50, f.name


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_class_has_at_most_20_public_methods(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            public = [f.name for f in node.body if isinstance(f, ast.FunctionDef) and not f.name.startswith("_") and not f.decorator_list]
            assert len(public) <= 20, (node.name, public)


@pytest.mark.parametrize("path", [p for p in CODE if "src" in p.parts], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_public_thing_has_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module"
    outer = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    inner = [
        n for c in outer if isinstance(c, ast.ClassDef) and not c.name.startswith("_") for n in c.body if isinstance(n, ast.FunctionDef)
    ]
    for node in (*outer, *inner):
        if not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def test_the_tree_holds_no_trace_of_a_machine_or_a_registry() -> None:
    """No absolute home path, registry host or lock file with addresses stands in a tracked text file."""
    import subprocess

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in {".xlsx", ".png", ".db"} or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for word in ("/home" + "/", "/root" + "/", "pypi" + ".org", "files.python" + "hosted"):
            assert word not in text, f"{name} holds {word}"
