"""Whatever is kept comes back to the byte, under whatever keys came since, and equal contents are one file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from commlms import LMS
from commlms.store.sealing import Sealer
from tests.measure.city import TODAY, bundled

contents = st.lists(st.binary(max_size=400), min_size=1, max_size=6)
keys = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=3, unique=True)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(given_=contents, ring=keys)
def test_what_is_kept_comes_back_and_equal_contents_are_one_file(given_: list[bytes], ring: list[bytes]) -> None:
    """The first half is kept under the oldest key, the rest after every rotation; all of it is asked for at the end."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "city.db"
        numbers: dict[int, bytes] = {}
        for newest in range(len(ring) - 1, -1, -1):
            with LMS(path, host=bundled(), today=TODAY, keys=ring[newest:]) as lms:
                for content in given_ if newest == 0 else given_[: len(given_) // 2]:
                    numbers[lms.archive.keep(content, "x.csv") or 0] = content
        with LMS(path, host=bundled(), today=TODAY, keys=ring) as lms:
            assert {n: lms.archive.get(n) for n in numbers} == numbers
            assert len(lms.archive.list()) == len(set(given_)) == len(list(Path(f"{path}.archive").iterdir()))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(content=st.binary(max_size=200), ring=keys)
def test_two_sealings_of_one_content_differ_and_open_alike(content: bytes, ring: list[bytes]) -> None:
    """A nonce of its own each time: nothing is learned by comparing."""
    sealer = Sealer(tuple(ring))
    name = next(sealer.names(content))
    one, two = sealer.seal(content, name), sealer.seal(content, name)
    assert one != two
    assert sealer.open(one, name) == sealer.open(two, name) == content
