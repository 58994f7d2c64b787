"""A fresh city in memory for every test."""

from collections.abc import Iterator

import pytest

from commlms import LMS
from tests.ingest.clerk import new_city


@pytest.fixture
def city() -> Iterator[LMS]:
    """A small invented city; see ``new_city``."""
    with new_city() as lms:
        yield lms
