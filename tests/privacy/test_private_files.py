"""Files that name people are nobody else's to read, whatever a new file of this account is by default."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from commlms import LMS, write_table
from commlms.store.sheets import write_sheets

pytestmark = pytest.mark.skipif(os.name != "posix", reason="elsewhere a folder's own rules hold")
ROWS = [["姓名"], ["王芳"]]


@pytest.fixture(autouse=True)
def _open_handed() -> Iterator[None]:
    """An account whose new files everybody can read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".jsonl"])
def test_rows_that_go_out_are_their_owners_alone(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"rows{ending}"
    write_table(path, ROWS, "learner")
    assert mode(path) == 0o600
    path.chmod(0o644)
    write_table(path, ROWS, "learner")
    assert mode(path) == 0o644, "who opened the file to others meant it"


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_rejected_rows_are_their_owners_alone(tmp_path: Path, ending: str) -> None:
    write_sheets(tmp_path / f"r{ending}", {"a": ROWS, "b": ROWS})
    assert mode(tmp_path / f"r{ending}") == 0o600


def test_a_new_database_and_what_lies_beside_it_is_closed_to_other_accounts(tmp_path: Path) -> None:
    with LMS(tmp_path / "city.db") as lms:
        lms.add({"code": "1", "name": "云岭市", "level": "city"}, "place")
        assert {p.name for p in tmp_path.iterdir()} >= {"city.db", "city.db-wal"}
        assert all(not mode(p) & 0o007 for p in tmp_path.iterdir())
    (tmp_path / "city.db").chmod(0o664)
    with LMS(tmp_path / "city.db"):
        assert mode(tmp_path / "city.db") == 0o664
