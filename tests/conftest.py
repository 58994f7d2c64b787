"""Every test runs without the operator's own key, database or plugin choice."""

from pathlib import Path

import pytest

VARIABLES = ("COMMLMS_DB", "COMMLMS_WITHOUT", "COMMLMS_PLUGINS", "COMMLMS_OUTBOX", "COMMLMS_TODAY", "COMMLMS_LANG")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(tmp_path / "no-key-here"))
    monkeypatch.setenv("COMMLMS_LAKE_KEY_FILE", str(tmp_path / "no-lake-key-here"))
