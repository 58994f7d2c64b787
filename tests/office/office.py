"""The office example from outside: its folder, its oracle, and the library's view of the same."""

from __future__ import annotations

import copy
import importlib.util
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "office"


def generate(out: Path, seed: int = 2022) -> dict[str, Any]:
    """Write the folder; gives its manifest."""
    run(sys.executable, str(EXAMPLE / "generate.py"), str(out), "--seed", str(seed))
    return read(out / "manifest.json")


def run(*words: str, ends: tuple[int, ...] = (0,), **environment: str) -> str:
    """The output of a command, which must end as told."""
    around = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    done = subprocess.run(words, cwd=ROOT, env=around, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode in ends, (done.returncode, done.stdout[-3000:] + done.stderr[-3000:])
    return done.stdout


def read(path: Path) -> Any:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def oracle() -> ModuleType:
    """The example's oracle."""
    spec = importlib.util.spec_from_file_location("office_oracle", EXAMPLE / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def expected(facts: dict[str, Any]) -> dict[str, Any]:
    """What the oracle makes of facts, which stay as they are."""
    made: dict[str, Any] = oracle().expected(copy.deepcopy(facts))
    return made
