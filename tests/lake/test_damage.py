"""A lake or a key file that is damaged: never a wrong figure, one sentence that says what to do, and a way out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from commlms import LMS, LakeError, LakeKey, OfficeKey, StoreError, open_lake, publish
from tests.lake.small import LAKE_KEY, small
from tests.measure.city import TODAY, bundled


@pytest.fixture
def city(tmp_path: Path) -> LMS:
    """A small city that has published into ``lake``."""
    lms = small(host=bundled())
    publish(lms, tmp_path / "lake", keys=[LAKE_KEY])
    return lms


def _files(tmp_path: Path, table: str) -> list[Path]:
    """The files of a table that are read for 2022."""
    found = sorted((tmp_path / "lake").glob(f"*/{table}/**/*.parquet"))
    return [f for f in found if "year=" not in str(f) or "year=2022" in str(f)]


def _figures(lake: Path, engine: str) -> list[int | None]:
    with open_lake(lake, engine=engine, host=bundled(), today=TODAY) as lms:
        return [f.numerator for _, _, f in lms.metrics("2022", keys=["core.visits", "core.unnamed_visits"])]


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
@pytest.mark.parametrize("table", ["participation", "headcount", "place", "learner"])
def test_one_changed_byte_is_found_and_publishing_again_mends_it(city: LMS, table: str, engine: str, tmp_path: Path) -> None:
    before = _figures(tmp_path / "lake", engine)
    file = _files(tmp_path, table)[0]
    content = bytearray(file.read_bytes())
    content[30] ^= 1
    file.write_bytes(content)
    with pytest.raises(LakeError, match=r"damaged or gone; let that database publish again"):
        _figures(tmp_path / "lake", engine)
    assert publish(city, tmp_path / "lake", keys=[LAKE_KEY]).written == 1
    assert _figures(tmp_path / "lake", engine) == before


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"../../elsewhere"])
def test_a_damaged_current_says_which_folder_to_delete(city: LMS, content: bytes, tmp_path: Path) -> None:
    next((tmp_path / "lake").glob("*/CURRENT")).write_bytes(content)
    for act in (lambda: _figures(tmp_path / "lake", "sqlite"), lambda: publish(city, tmp_path / "lake", keys=[LAKE_KEY])):
        with pytest.raises(LakeError, match=r"CURRENT of \w{4} in the lake is damaged; delete the folder"):
            act()


@pytest.mark.parametrize(
    ("key", "value"), [("learners", "x"), ("level", "moon"), ("invented", "no"), ("day", 5)],
)
def test_a_manifest_with_a_value_of_another_kind_is_damaged(city: LMS, key: str, value: object, tmp_path: Path) -> None:
    manifest = next((tmp_path / "lake").glob("*/manifest-*.json"))
    manifest.write_text(json.dumps(json.loads(manifest.read_text(encoding="utf-8")) | {key: value}), encoding="utf-8")
    with pytest.raises(LakeError, match="a manifest of the lake is damaged"):
        _figures(tmp_path / "lake", "sqlite")


@pytest.mark.parametrize("path", ["../other/x.parquet", "/etc/x.parquet", "learner/x.txt"])
def test_a_manifest_that_names_a_file_elsewhere_is_damaged(city: LMS, path: str, tmp_path: Path) -> None:
    """Whoever may write into a lake cannot make its readers read other files."""
    manifest = next((tmp_path / "lake").glob("*/manifest-*.json"))
    said = json.loads(manifest.read_text(encoding="utf-8"))
    said["tables"]["learner"]["files"][0]["path"] = path
    manifest.write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(LakeError, match="a manifest of the lake is damaged"):
        _figures(tmp_path / "lake", "sqlite")


def test_a_file_in_place_of_a_lake_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "city.db").write_bytes(b"x")
    with pytest.raises(LakeError, match=r"cannot be read .*; check the address and the permissions"):
        open_lake(tmp_path / "city.db", host=bundled(), today=TODAY)


@pytest.mark.parametrize("address", ["", "  "])
def test_an_empty_address_is_refused(city: LMS, address: str) -> None:
    with pytest.raises(LakeError, match="the lake's address is empty"):
        publish(city, address, keys=[LAKE_KEY])


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_a_master_is_only_for_an_engine_that_has_one(city: LMS, engine: str, tmp_path: Path) -> None:
    with (
        pytest.raises(LakeError, match=f"the engine {engine} runs here"),
        open_lake(tmp_path / "lake", engine=engine, options={"master": "local[1]"}, host=bundled(), today=TODAY) as lms,
    ):
        lms.metrics("2022")


@pytest.mark.parametrize("key", [OfficeKey, LakeKey])
@pytest.mark.parametrize("content", ["", "garbage\n", "ab" * 32 + "\ngarbage\n"])
def test_no_key_is_added_to_a_damaged_key_file(key: type[OfficeKey], content: str, tmp_path: Path) -> None:
    (tmp_path / "some.key").write_text(content, encoding="ascii")
    for act in (key(tmp_path / "some.key").rotate, key(tmp_path / "some.key").read):
        with pytest.raises(StoreError, match="restore it from its copy"):
            act()
    assert (tmp_path / "some.key").read_text(encoding="ascii") == content


@pytest.mark.parametrize(("key", "variable"), [(OfficeKey, "COMMLMS_KEY_FILE"), (LakeKey, "COMMLMS_LAKE_KEY_FILE")])
def test_a_key_file_that_cannot_be_made_names_the_variable(key: type[OfficeKey], variable: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="ascii")
    acts: list[Callable[[], object]] = [key(tmp_path / "file" / "some.key").new, key(tmp_path).read]
    for act in acts:
        with pytest.raises(StoreError, match=f"point {variable} at a file"):
            act()
