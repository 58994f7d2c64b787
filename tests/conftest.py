"""Every test runs without the operator's own key, database, plugin choice or width of the terminal."""

from pathlib import Path

import pytest

from tests.java import MISSING

VARIABLES = ("COMMLMS_DB", "COMMLMS_WITHOUT", "COMMLMS_PLUGINS", "COMMLMS_OUTBOX", "COMMLMS_TODAY", "COMMLMS_LANG", "COLUMNS")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(tmp_path / "no-key-here"))
    monkeypatch.setenv("COMMLMS_LAKE_KEY_FILE", str(tmp_path / "no-lake-key-here"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What could not run is said by name, not only counted."""
    if any(MISSING in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())):
        terminalreporter.write_line(MISSING, red=True)
