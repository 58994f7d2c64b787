"""Figures and reports as an operator types them: averages, what a zero means, where a report is written."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import commlms
from commlms.cli.context import DONE, FAILED
from commlms.cli.main import main

Run = Callable[..., tuple[int, str, str]]
PRACTICE = "farmers.practical_minutes"


def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], words: Iterable[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["--db", str(tmp_path / "city.db"), *words])
    out, err = capsys.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, out, err


@pytest.fixture
def city(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """A city with 10 residents; 4 farmers in the city itself, 3 of whom came to one practice of 90 minutes in 2022."""
    monkeypatch.setenv("COMMLMS_TODAY", "2023-06-30")
    with commlms.LMS(tmp_path / "city.db", today=dt.date(2023, 6, 30)) as lms:
        lms.add({"code": "1", "name": "云岭市", "level": "city"}, "place")
        lms.add({"place": "1", "on": "2020-11-01", "basis": "permanent", "persons": 10, "nature": "census"}, "residents")
        lms.add({"code": "J1", "name": "学习中心", "place": "1"}, "institution")
        sessions = [("S1", "2022-03-05", "practice"), ("S2", "2022-04-05", "lecture"), ("S3", "2023-01-05", "lecture")]
        lms.add([
            {"code": code, "institution": "J1", "on": on, "theme": "果树", "minutes": 90, "form": form} for code, on, form in sessions
        ], "session")
        lms.add([{"code": f"L{i}", "name": f"学员{i}", "born": "1980-01-02", "home": "1"} for i in range(4)], "learner")
        lms.add([{"learner": f"L{i}", "group": "new_type_farmer", "since": "2020-01-01"} for i in range(4)], "standing")
        lms.add([{"learner": f"L{i}", "session": "S2" if i == 3 else "S1"} for i in range(4)], "participation")
    return lambda *words, lang="en": typed(tmp_path, capsys, ["--lang", lang, *words] if lang else words)


def test_an_average_is_no_percentage(city: Run) -> None:
    """270 minutes by 4 farmers are 67.5 a head, not 6750 %."""
    words = ("metrics", "--period", "2022", "--metric", PRACTICE, "--metric", "core.participation", "--format")
    rows = {row["metric"]: row for row in csv.DictReader(io.StringIO(city(*words, "csv")[1].lstrip("\ufeff")))}
    practice, rate = rows["practical minutes per learner"], rows["participation of residents"]
    assert [practice[k] for k in ("numerator", "denominator", "%", "average")] == ["270", "4", "", "67.5"]
    assert [rate[k] for k in ("numerator", "denominator", "%", "average")] == ["4", "10", "40.00", ""]
    table = city(*words, "table")[1]
    assert "6750" not in table
    assert "67.5" in table
    found = {row["metric"]: row["share"] for row in json.loads(city(*words, "json")[1])}
    assert found == {PRACTICE: False, "core.participation": True}


def test_a_table_without_averages_has_no_column_for_them(city: Run) -> None:
    assert "average" not in city("metrics", "--period", "2022")[1]


def test_a_level_that_has_no_place_is_said(city: Run) -> None:
    status, out, err = city("metrics", "--period", "2022", "--level", "province")
    assert (status, err) == (DONE, "no place of the level province is among those asked for\n")
    assert "core" not in out
    assert city("metrics", "--period", "2022", "--level", "province", lang="zh")[2] == "所问范围内没有「省」一级的地点\n"
    assert "no place" in city("metrics", "--period", "1900")[2] or "no session" in city("metrics", "--period", "1900")[2]


@pytest.mark.parametrize(("period", "state", "words"), [
    ("2022", "ended", ""), ("2023", "not_ended", "2023 has not ended"), ("2021", "nothing_recorded", "no session of 2021 is recorded"),
    ("2030", "not_begun", "2030 has not begun"),
])
def test_a_zero_says_whether_anything_was_recorded(city: Run, period: str, state: str, words: str) -> None:
    err = city("metrics", "--period", period)[2]
    assert err.startswith(words)
    assert err.count("\n") == (1 if words else 0)
    status, out, err = city("metrics", "--period", period, "--format", "json")
    assert (status, err) == (DONE, "")
    assert {row["period_state"] for row in json.loads(out)} == {state}


def test_a_report_into_a_folder_that_is_not_there_is_refused(city: Run, tmp_path: Path) -> None:
    status, out, err = city("report", str(tmp_path / "none" / "r.html"), "--period", "2022")
    assert (status, out) == (FAILED, "")
    assert err == "there is no folder none; make it, or choose another place\n"
    assert not (tmp_path / "none").exists()


def test_a_report_that_cannot_be_written_is_one_sentence(city: Run, tmp_path: Path) -> None:
    (tmp_path / "r.json").mkdir()
    status, _, err = city("report", str(tmp_path / "r.json"), "--period", "2022")
    assert (status, err.count("\n")) == (FAILED, 1)
    assert "r.json" in err


@pytest.mark.parametrize(("before", "own", "expected"), [
    ("en", (), "en"), ("zh", (), "zh-CN"), ("en", ("--lang", "zh"), "zh-CN"), ("", (), "zh-CN"), ("", ("--lang", "en"), "en"),
])
def test_a_report_takes_the_language_given_before_the_command(
    city: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, own: tuple[str, ...], expected: str,
) -> None:
    """Its own --lang first, then that of commlms, else Chinese whatever the locale is."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    file = tmp_path / "r.html"
    assert city("report", str(file), "--period", "2022", *own, lang=before)[0] == DONE
    assert f'<html lang="{expected}">' in file.read_text(encoding="utf-8")
