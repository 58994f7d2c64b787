"""Tables written whole or not at all; the services by names of records; the office key."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import commlms
from commlms.store.sheets import check_writable


def broken() -> Iterator[list[Any]]:
    """Rows of which the third cannot be read."""
    yield ["a", "b"]
    yield ["1", "2"]
    raise RuntimeError("the disk")


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".jsonl"])
def test_a_table_that_fails_half_way_leaves_the_former_file_and_no_other(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"former")
    with pytest.raises(RuntimeError, match="the disk"):
        commlms.write_table(path, broken(), "a")
    gc.collect()  # a generator that was left open would complain here
    assert path.read_bytes() == b"former"
    assert os.listdir(tmp_path) == [path.name]


def test_a_file_keeps_its_protection_and_its_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("former", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    commlms.write_table(str(link), [["a"], ["1"]], "a")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8-sig").split() == ["a", "1"]
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["nowhere/a.csv", "folder.csv", "a.txt", "长" * 300 + ".csv", "file.csv/a.csv"])
def test_a_place_that_cannot_be_written_is_known_before(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file.csv").write_text("x", encoding="utf-8")
    there = sorted(os.listdir(tmp_path))
    with pytest.raises(commlms.FileRefused):
        check_writable(tmp_path / name)
    with pytest.raises(commlms.FileRefused):
        commlms.write_table(tmp_path / name, [["a"]], "a")
    assert sorted(os.listdir(tmp_path)) == there


def test_asking_whether_a_file_can_be_written_leaves_no_trace(tmp_path: Path) -> None:
    check_writable(tmp_path / "a.csv")
    assert os.listdir(tmp_path) == []
    (tmp_path / "a.csv").write_text("former", encoding="utf-8")
    check_writable(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "former"


def test_services_take_the_keys_of_records() -> None:
    with commlms.LMS(lang="en") as lms:
        lms.add({"code": "1", "name": "云岭市", "level": "city"}, "place")
        assert [row.cells["name"] for row in lms.tables.show("place", "1")] == ["云岭市"]
        assert [row.reference for row in lms.tables.rows(commlms.Place)] == ["1"]
        write = lms.set("place", "1", name="云岭")
        assert [(c["journal"], c["old"]["name"]) for c in lms.tables.history("place", "1")] == [(write, "云岭市")]
        assert lms.tables.find("place", "1") == (1,)
        assert "## `course`" in lms.sheets.schema("course", "en")
        assert lms.sheets.schema(lang="zh").count("\n## ") + 1 == len(lms.records)
        for ask in (lms.tables.rows, lms.rows, lms.sheets.export):
            with pytest.raises(commlms.UnknownName, match="no such record: lerner"):
                ask("lerner")


def test_a_pack_is_checked_against_what_is_loaded(tmp_path: Path) -> None:
    pack = tmp_path / "pack.toml"
    pack.write_text("key = 3\n", encoding="utf-8")
    with pytest.raises(commlms.PolicyError):
        commlms.check_policy(str(pack))


def test_the_office_key_of_another_file(tmp_path: Path) -> None:
    key = commlms.OfficeKey(tmp_path / "keys" / "office.key")
    assert key.read() == []
    with pytest.raises(commlms.StoreError):
        key.rotate()
    first = key.new()
    second = key.rotate()
    assert key.fingerprints() == [second, first]
    with pytest.raises(commlms.StoreError):
        key.new()
    assert (key.path.stat().st_mode & 0o077, len(key.read()[0])) == (0, 32)
    key.path.write_text("zz", encoding="ascii")
    with pytest.raises(commlms.StoreError, match="damaged"):
        key.read()
