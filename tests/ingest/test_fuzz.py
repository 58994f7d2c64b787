"""Random bytes under every name: a sentence or rejected rows, never any other exception."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commlms import LMS, FileRefused
from tests.ingest.clerk import book_file, new_city
from tests.ingest.test_old_workbooks import made

_QUIET = settings(
    max_examples=60, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_STARTS = (
    b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xef\xbb\xbf",
    "学员编号,姓名,出生日期\n".encode(), b'{"code": "N1", "name": ',
)


@pytest.fixture(scope="module")
def town() -> Iterator[LMS]:
    """One city for all dry runs: none of them writes."""
    with new_city() as lms:
        yield lms


def _try(lms: LMS, content: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        path.write_bytes(content)
        try:
            result = lms.import_file("learner", path, dry_run=True, rejects=Path(folder) / "b.csv")
        except FileRefused:
            return
        assert result.read == result.new + result.changed + result.unchanged + result.held + result.rejected


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".jsonl", ".xls", ".et", ".ods", ".doc", ""])
@_QUIET
@given(start=st.sampled_from(_STARTS), rest=st.binary(max_size=400))
def test_random_bytes_give_a_sentence_or_rejected_rows(town: LMS, ending: str, start: bytes, rest: bytes) -> None:
    """Whatever the name says it is."""
    _try(town, start + rest, ending)


@_QUIET
@given(st.lists(st.text(max_size=8), min_size=1, max_size=20), st.sampled_from(",\t;"), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_random_text_below_a_header_gives_rejected_rows(town: LMS, cells: list[str], sign: str, encoding: str) -> None:
    """Quotes, breaks and signs of every kind in cells that stand as they are."""
    text = sign.join(["学员编号", "姓名", "出生日期"]) + "\n" + sign.join(cells) + "\n"
    _try(town, text.encode(encoding, "replace"), ".csv")


@cache
def _parts() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = book_file(Path(folder), [["学员编号", "姓名", "出生日期"], ["N1", "赵一", 29620], ["N2", "=1+1", "x"]])
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


@cache
def _whole(ending: str) -> bytes:
    rows = [["学员编号", "姓名", "出生日期"], *([f"N{i}", "赵一", "1980-01-02"] for i in range(120))]
    with tempfile.TemporaryDirectory() as folder:
        return made(Path(folder) / f"a{ending}", rows, down=(3, 5, 1)).read_bytes()


@pytest.mark.parametrize("ending", [".xls", ".et", ".ods"])
@settings(_QUIET, max_examples=100)
@given(data=st.data())
def test_a_workbook_of_another_program_with_other_bytes_gives_a_sentence_or_rows(town: LMS, ending: str, data: st.DataObject) -> None:
    """Some bytes anywhere changed, most often in the container's own tables."""
    content = bytearray(_whole(ending))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.one_of(st.integers(0, 1024), st.integers(0, len(content) - 9)))
        content[at:at + 8] = data.draw(st.binary(min_size=8, max_size=8))
    _try(town, bytes(content), ending)


@settings(_QUIET, max_examples=200)
@given(data=st.data())
def test_a_workbook_with_damaged_parts_gives_a_sentence_or_rows(town: LMS, data: st.DataObject) -> None:
    """A part left out, cut, or with other bytes in the middle: the reader may fail in any way it likes."""
    parts = dict(_parts())
    for name in data.draw(st.lists(st.sampled_from(sorted(parts)), min_size=1, max_size=3, unique=True)):
        content = parts.pop(name)
        at = data.draw(st.integers(0, len(content)))
        kind = data.draw(st.sampled_from(["gone", "cut", "other"]))
        if kind != "gone":
            parts[name] = content[:at] + (b"" if kind == "cut" else data.draw(st.binary(max_size=30)) + content[at:])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        _try(town, path.read_bytes(), ".xlsx")


@settings(_QUIET, max_examples=100)
@given(at=st.integers(0, 6000), byte=st.integers(0, 255))
def test_a_workbook_with_one_other_byte_gives_a_sentence_or_rows(town: LMS, at: int, byte: int) -> None:
    """In the packed file itself."""
    with tempfile.TemporaryDirectory() as folder:
        content = bytearray(book_file(Path(folder), [["学员编号", "姓名"], ["N1", "赵一"]]).read_bytes())
    content[at % len(content)] = byte
    _try(town, bytes(content), ".xlsx")
