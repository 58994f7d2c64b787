"""The public names: brought when they are first used, and the same for a type checker as at run time."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import commlms


def test_the_stub_names_exactly_what_there_is_and_where() -> None:
    """``__init__.pyi`` and the table in ``__init__.py`` say the same of every name."""
    stub = ast.parse((Path(commlms.__file__).parent / "__init__.pyi").read_text(encoding="utf-8"))
    typed = {a.asname: f"{node.module}.{a.name}" for node in stub.body if isinstance(node, ast.ImportFrom) for a in node.names}
    assert typed == {name: f"commlms.{module}.{name}" for name, module in commlms._MODULES.items()}  # type: ignore[attr-defined]  # private


def test_a_star_import_gives_every_public_name() -> None:
    """``from commlms import *`` gives what ``__all__`` lists, and ``dir`` shows it before anything is loaded."""
    script = (
        "import commlms\nbefore = set(dir(commlms))\nfrom commlms import *\n"
        "missing = set(commlms.__all__) - set(globals())\nassert not missing, missing\nassert before >= set(commlms.__all__)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)


def test_a_name_brings_only_its_own_module() -> None:
    """A label needs neither the database nor the measures."""
    script = "import sys, commlms\ncommlms.Label\nassert not {'sqlite_utils', 'commlms.core.metrics', 'commlms.lms'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """As of any module; and a submodule can still be imported from the package."""
    with pytest.raises(AttributeError, match="no attribute 'Lecture'"):
        commlms.Lecture  # noqa: B018
    with pytest.raises(ImportError):
        from commlms import Lecture  # noqa: F401
    from commlms import testing

    assert testing.__name__ == "commlms.testing"
