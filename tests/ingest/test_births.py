"""Birth dates as rosters have them: to the day, to the month (出生年月), to the year; an age is unknown where that leaves it open."""

import datetime as dt
from pathlib import Path

import pytest

import commlms


@pytest.mark.parametrize(
    ("written", "shown", "seniors_in_june", "seniors_in_december"),
    [
        ("1962-06-30", "1962-06-30", 1, 1),
        ("1962-07-01", "1962-07-01", 0, 1),
        ("1962年6月", "1962-06", 1, 1),
        ("1962.7", "1962-07", 0, 1),
        ("196212", "1962-12", 0, 1),
        ("1962年", "1962", 0, 1),
        ("1963-01", "1963-01", 0, 0),
    ],
)
def test_an_age_counts_once_it_is_certain(
    tmp_path: Path, written: str, shown: str, seniors_in_june: int, seniors_in_december: int
) -> None:
    """60 on the last day of the half-year or year: who may or may not be is in no population until it is certain."""
    path = tmp_path / "roster.csv"
    path.write_text(f"学员编号,姓名,出生年月,居住地\nL1,王芳,{written},1\n", encoding="utf-8")
    with commlms.LMS(today=dt.date(2023, 6, 30), lang="en") as lms:
        lms.add({"code": "1", "name": "市", "level": "city"}, "place")
        lms.add({"code": "J", "name": "校", "place": "1"}, "institution")
        lms.add({"code": "S", "institution": "J", "on": "2022-03-01", "theme": "讲座"}, "session")
        assert lms.import_file("learner", path).problems == []
        lms.check_in("L1", "S")
        (row,) = lms.rows("learner")
        assert row.cells["born"] == shown
        assert lms.import_file("learner", path).unchanged == 1
        counted = [lms.figures(p).figure(lms.metric("seniors.persons"), lms.place("1")).numerator for p in ("2022H1", "2022")]
        assert counted == [seniors_in_june, seniors_in_december]


def test_a_month_that_does_not_exist_is_no_birth(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("姓名,出生年月\n王芳,1962-13\n", encoding="utf-8")
    with commlms.LMS(today=dt.date(2023, 6, 30), lang="en") as lms:
        assert [p.code for p in lms.import_file("learner", path).problems] == ["date_without_day"]
