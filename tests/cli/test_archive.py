"""The archive as an operator types it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from commlms import LMS, OfficeKey
from commlms.cli.context import DONE, FAILED, USAGE
from commlms.cli.main import main
from tests.measure.city import STREET, TODAY, city

Run = Callable[..., tuple[int, str, str]]
SHEET = b"\x00sheet with names\xff"


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command on a city's database whose archive holds one file of the street, taken on 1 June 2023."""
    monkeypatch.setenv("COMMLMS_TODAY", str(TODAY))
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(tmp_path / "office.key"))
    OfficeKey().new()
    city(tmp_path / "city.db").close()
    with LMS(tmp_path / "city.db", today=TODAY) as lms:
        lms.archive.keep(SHEET, "桥街道3月签到.xlsx", lms.place(STREET), "sign_in")

    def run(*words: str, lang: str = "en") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["--db", str(tmp_path / "city.db"), "--lang", lang, *words])
        out, err = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    return run


def test_list_names_the_file_its_sender_and_how_long_it_is_kept(typed: Run) -> None:
    status, out, _ = typed("archive", "list")
    assert status == DONE
    assert all(word in out for word in ("桥街道", "sign-in sheet", "2026-06-01", "桥街道3月签到.xlsx"))
    assert all(word in typed("archive", "list", lang="zh")[1] for word in ("保存至", "签到表"))
    (line,) = typed("archive", "list", "--format", "jsonl")[1].splitlines()
    row = json.loads(line)
    assert (row["number"], row["sender"], row["size"], row["purged"]) == (1, f"{STREET} 桥街道", len(SHEET), None)


def test_get_writes_the_very_file_and_replaces_none(typed: Run, tmp_path: Path) -> None:
    """To a name, or into a folder under its own name, readable for its owner only."""
    out = tmp_path / "out.xlsx"
    assert typed("archive", "get", "1", str(out))[0] == DONE
    assert out.read_bytes() == SHEET
    assert out.stat().st_mode & 0o077 == 0
    status, _, err = typed("archive", "get", "1", str(out))
    assert (status, "exists already" in err) == (FAILED, True)
    folder = tmp_path / "folder"
    folder.mkdir()
    assert typed("archive", "get", "1", str(folder))[0] == DONE
    assert (folder / "桥街道3月签到.xlsx").read_bytes() == SHEET
    assert typed("archive", "get", "9" * 20, str(tmp_path / "x"))[0] == USAGE
    status, _, err = typed("archive", "get", "7", str(tmp_path / "x"), lang="zh")
    assert (status, "没有这个存档文件：7" in err) == (FAILED, True)


def test_purge_asks_and_takes_only_what_is_due(typed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "0 kept file(s) deleted" in typed("archive", "purge", "--yes")[1]
    status, _, err = typed("archive", "purge", "--number", "1", "--yes")
    assert (status, "kept until 2026-06-01" in err) == (FAILED, True)
    monkeypatch.setenv("COMMLMS_TODAY", "2026-06-01")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    status, out, err = typed("archive", "purge")
    assert (status, "Delete 1 kept file(s)" in err, "nothing was deleted" in out) == (FAILED, True, True)
    assert "1 kept file(s) deleted" in typed("archive", "purge", "--yes")[1]
    status, _, err = typed("archive", "get", "1", str(tmp_path / "x"))
    assert (status, "deleted on 2026-06-01" in err) == (FAILED, True)
    assert typed("doctor")[0] == DONE
    assert "purge" in typed("imports", "--all")[1]


def test_a_file_goes_before_its_time_with_number_and_reason(typed: Run) -> None:
    assert typed("--as", "王敏", "--reason", "asked for on paper", "archive", "purge", "--number", "1", "--yes")[0] == DONE
    assert "2023-06-01" in typed("archive", "list")[1]


def test_retention_is_shown_and_set(typed: Run) -> None:
    assert "ledger (activity ledger): 3653 days" in typed("archive", "retention")[1]
    assert "sign_in (sign-in sheet): 365 days" in typed("archive", "retention", "sign_in", "365")[1]
    assert "2024-05-31" in typed("archive", "list")[1]
    assert typed("archive", "retention", "sign_in")[0] == USAGE
    status, _, err = typed("archive", "retention", "nonsense", "5")
    assert (status, "sign_in" in err) == (FAILED, True)


def test_the_doctor_names_a_kept_file_that_is_gone(typed: Run, tmp_path: Path) -> None:
    (only,) = (tmp_path / "city.db.archive").iterdir()
    only.unlink()
    status, out, _ = typed("doctor")
    assert (status, "✗ kept file 1:" in out) == (FAILED, True)
