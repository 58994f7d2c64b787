"""A fresh city in memory for every test."""

from collections.abc import Iterator

import pytest
from tests.ingest.clerk import new_city

from commlms import LMS


@pytest.fixture
def city() -> Iterator[LMS]:
    """A small invented city; see ``new_city``."""
    with new_city() as lms:
        yield lms
