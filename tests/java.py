"""Spark needs Java; a machine without it says so by name, under the results, and .ci/run fails there."""

import os
import shutil
from pathlib import Path

import pytest

_HOME = os.environ.get("JAVA_HOME")
JAVA = (Path(_HOME) / "bin" / "java").exists() if _HOME else shutil.which("java") is not None
MISSING = "Java 17 is missing: the Spark tests and the cluster test cannot run"
needs_java = pytest.mark.skipif(not JAVA, reason=MISSING)
#: Every engine there is, for tests that run on each.
ENGINES = ("sqlite", "duckdb", pytest.param("spark", marks=needs_java))
