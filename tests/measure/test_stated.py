"""What others state stands beside ours, with the difference, and changes no figure."""

import datetime as dt
from collections.abc import Iterator

import pytest

from commlms import LMS
from commlms.measure.judge import Judgement
from commlms.measure.shown import verdict_words
from commlms.measure.stated import latest, stated, whole
from tests.report.conftest import fill, place

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


def judged(lms: LMS, target: str) -> Judgement:
    """The judgement of one target of the province's document, as of the end of 2020."""
    (found,) = [j for _, j in lms.judge(["000"], as_of=dt.date(2020, 12, 31)) if j.target == target]
    return found


@pytest.fixture
def province() -> Iterator[LMS]:
    """A province of one city, where nothing was recorded; what is stated is of the employed."""
    with LMS(today=TODAY) as made:
        made.add([place("44", "广东省", "province"), place("4401", "广州市", "city", "44")], "place")
        yield made


@pytest.mark.parametrize(("value", "verdict", "by"), [(5999, "short", 1), (6000, "met", None), (6001, "met", None)])
def test_the_employed_rate_of_000_is_judged_by_what_its_source_states(
    province: LMS, value: int, verdict: str, by: int | None,
) -> None:
    """60 % of 10,000: one under, exactly on it, one over."""
    assert judged(province, "gd-workforce-participation-2020").verdict == "no_data"
    province.add({
        "place": "44", "period": "2020", "metric": "core.workforce_participation", "source_name": "省人社厅", "value": value, "of": 10_000,
    }, "reported")
    found = judged(province, "gd-workforce-participation-2020")
    assert (found.verdict, found.numerator, found.denominator, found.needed, found.by) == (verdict, value, 10_000, 6000, by)
    said = verdict_words(found).zh
    assert said.startswith(f"上报 {value} / 10000 = {value // 100}.{value % 100:02d}%；")
    assert "按人力资源社会保障部门的上报数评判：省人社厅 所报" in said


def test_a_statement_about_one_place_says_nothing_of_another_or_of_a_metric_that_is_counted_here(province: LMS) -> None:
    said = {"period": "2020", "source_name": "省人社厅", "value": 9000, "of": 10_000}
    province.add([
        {**said, "place": "4401", "metric": "core.workforce_participation"}, {**said, "place": "44", "metric": "core.participation"},
    ], "reported")
    assert judged(province, "gd-workforce-participation-2020").verdict == "no_data"
    assert judged(province, "gd-resident-participation-2020").verdict == "no_data"
