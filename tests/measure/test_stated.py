"""What others state stands beside ours, with the difference, and changes no figure."""

import datetime as dt
from collections.abc import Iterator

import pytest

from commlms import LMS
from commlms.measure.stated import latest, stated, whole
from tests.report.conftest import fill

TODAY = dt.date(2023, 6, 1)
STATED = [
    {"place": "510401", "period": "2022", "metric": "core.persons", "source_name": "东区民政局", "value": 30},
    {"place": "510402", "period": "2022", "metric": "core.persons", "source_name": "街道自报", "value": 1},
    {"place": "5104", "period": "2022", "metric": "jobs.trained", "source_name": "人社局", "value": "12.5", "of": 50},
    {"place": "5104", "period": "2021", "metric": "core.persons", "source_name": "人社局", "value": 7},
]


@pytest.fixture
def lms() -> Iterator[LMS]:
    with LMS(today=TODAY) as made:
        fill(made)
        yield made


def test_a_stated_figure_stands_beside_ours_and_is_never_added_in(lms: LMS) -> None:
    """23 seniors came from 东区, 2 adults from 西区 itself."""
    before = [(f.place, f.numerator, f.denominator) for _, _, f in lms.metrics("2022")]
    lms.add(STATED, "reported")
    figures = lms.figures("2022")
    found = {s.source: s for s in stated(figures, lms.registry.metrics)}
    assert {n: (s.value, s.figure and s.figure.numerator, s.difference) for n, s in found.items()} == {
        "人社局": (1250, None, None), "东区民政局": (3000, 23, 700), "街道自报": (100, 2, -100),
    }
    assert [(f.place, f.numerator, f.denominator) for _, _, f in lms.metrics("2022")] == before
    assert lms.recount(check=True) == []


def test_only_what_is_stated_below_the_place_asked_for_is_given(lms: LMS) -> None:
    lms.add(STATED, "reported")
    assert [s.source for s in stated(lms.figures("2022"), lms.registry.metrics, lms.place("510402"))] == ["街道自报"]


def test_the_later_of_two_statements_counts(lms: LMS) -> None:
    base = {"place": "5104", "period": "2022", "metric": "jobs.trained", "of": 50}
    lms.add([
        {**base, "source_name": "人社局", "value": 20, "stated": dt.date(2023, 3, 1)},
        {**base, "source_name": "统计局", "value": 10, "stated": dt.date(2023, 1, 1)},
    ], "reported")
    found = latest(lms.figures("2022"), "jobs.trained", lms.place("5104"))
    assert found is not None
    assert (found.source, found.value, found.of) == ("人社局", 2000, 5000)


@pytest.mark.parametrize(("hundredths", "text"), [(1200, "12"), (1250, "12.50"), (-105, "-1.05"), (0, "0")])
def test_hundredths_are_shown_as_the_number_they_are(hundredths: int, text: str) -> None:
    assert whole(hundredths) == text
