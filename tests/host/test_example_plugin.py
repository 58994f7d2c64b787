"""The example of a local plugin, used as a stranger would: from a folder, and installed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "plugin_libraries"


def run(folder: Path, *command: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A command in a folder of its own, with ``path`` importable beside what is installed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("COMMLMS_")}
    more = {"PYTHONPATH": str(path)} if path else {}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, encoding="utf-8", check=False,
        env={**kept, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1", **more},
    )


def test_its_own_tests_pass_outside_of_this_project(tmp_path: Path) -> None:
    """A stranger's pytest with nothing of this project's configuration: the kit comes by its entry point."""
    done = run(
        tmp_path, "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-c", str(EXAMPLE / "pyproject.toml"), str(EXAMPLE / "tests"),
        path=EXAMPLE,
    )
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout


def test_it_works_from_a_folder(tmp_path: Path) -> None:
    """With ``--plugins-dir``: its template is written, read back without a row, and its metrics are listed."""
    plugins = ("--plugins-dir", str(EXAMPLE), "--lang", "en")
    assert run(tmp_path, "commlms", *plugins, "template", "libraries.card", "cards.csv").returncode == 0
    done = run(tmp_path, "commlms", *plugins, "import", "libraries.card", "cards.csv", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["read"], result["not_counted"], result["columns_not_read"]) == (0, 1, [])
    assert "libraries.circle_reach" in run(tmp_path, "commlms", *plugins, "metrics").stdout


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder as an installer leaves it: the package, and the metadata with its entry point."""
    site = tmp_path / "site"
    metadata = site / "commlms_libraries-1.0.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: commlms-libraries\nVersion: 1.0.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[commlms]\nlibraries = commlms_libraries\n", encoding="utf-8")
    package = site / "commlms_libraries"
    package.mkdir()
    for file in (EXAMPLE / "commlms_libraries").iterdir():
        if file.is_file():
            (package / file.name).write_bytes(file.read_bytes())
    return site


def test_it_works_installed(installed: Path, tmp_path: Path) -> None:
    """Found by its entry point, listed with its distribution and version, left out by name."""
    listed = run(tmp_path, "commlms", "plugins", "--format", "jsonl", path=installed)
    found = {p["name"]: p for p in map(json.loads, listed.stdout.splitlines())}
    assert (found["libraries"]["distribution"], found["libraries"]["version"]) == ("commlms-libraries", "1.0.0")
    assert found["libraries"]["hooks"] == [
        "register_records", "register_populations", "register_curricula", "register_metrics", "register_policies",
    ]
    assert run(tmp_path, "commlms", "init", path=installed).returncode == 0
    assert "libraries.cards" in run(tmp_path, "commlms", "metrics", path=installed).stdout
    left_out = run(tmp_path, "commlms", "--without", "libraries", "metrics", path=installed)
    assert left_out.returncode == 0
    assert "libraries" not in left_out.stdout


def test_its_python_is_short() -> None:
    """A record, a population, a curriculum, two figures and a document cost fewer than sixty lines."""
    sources = (EXAMPLE / "commlms_libraries").glob("*.py")
    assert sum(1 for s in sources for line in s.read_text(encoding="utf-8").splitlines() if line.strip()) < 60
