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
from commlms.cli.terminal import width

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


def test_money_and_floor_space_are_in_yuan_and_square_metres(city: Run) -> None:
    """25.09 yuan arranged for 10 residents are 2.509 a head, which is no 2.51; JSON keeps the integers with their unit."""
    given = ("place=1", "period=2022", "channel=government", "purpose=digital", "budgeted=25.09")
    city("add", "funding.fund", *given)
    city("add", "premises.site", "institution=J1", "name=教室", "area=80.5")
    keys = ("funding.arranged_per_head", "funding.digital_share", "premises.area")
    words = ("metrics", "--period", "2022", *(w for k in keys for w in ("--metric", k)), "--format")
    rows = list(csv.DictReader(io.StringIO(city(*words, "csv")[1].lstrip("\ufeff"))))
    assert [[row[k] for k in ("numerator", "denominator", "%", "average")] for row in rows] == [
        ["25.09", "10", "", "2.50"], ["25.09", "25.09", "100.00", ""], ["80.50", "", "", ""],
    ]
    found = json.loads(city(*words, "json")[1])
    assert [(row["numerator"], row["unit"]) for row in found] == [(2509, "fen"), (2509, "fen"), (8050, "area")]


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


@pytest.fixture
def county(city: Run, tmp_path: Path) -> Run:
    """The city with two townships of a county, of which one delivered for March: five people of a birth year only live there."""
    with commlms.LMS(tmp_path / "city.db", today=dt.date(2023, 6, 30)) as lms:
        lms.add([
            {"code": "11", "name": "东区", "level": "county", "parent": "1"},
            {"code": "111", "name": "桥街道", "level": "township", "parent": "11"},
            {"code": "112", "name": "河镇", "level": "township", "parent": "11"},
        ], "place")
        lms.add([{"code": f"B{i}", "name": f"学员B{i}", "born": "1960", "home": "111"} for i in range(5)], "learner")
        lms.add([{"learner": f"B{i}", "session": "S1"} for i in range(5)], "participation")
        census = {"on": "2020-11-01", "basis": "permanent", "persons": 100, "nature": "census"}
        lms.add([{"place": p} | census for p in ("111", "112")], "residents")
        march = {"shape": "ledger", "period": "2022-03", "turn": 1, "received": "2022-04-02", "file": "三月.xlsx"}
        lms.add({"sender": "111"} | march, "delivery")
    return city


def test_a_table_says_under_each_rate_how_persons_are_known_and_at_its_end_who_has_not_reported(county: Run) -> None:
    """The county has the five of the street: no number of theirs is small."""
    printed = county("metrics", "--period", "2022", "--place", "11", lang="zh")[1].splitlines()
    assert printed[0].split() == ["代码", "地点", "指标", "时期", "分子", "分母", "%", "上限", "未报送"]
    assert printed[1].split() == ["11", "东区", "居民参与率", "2022", "5", "200", "2.50", "5", "1/2"]
    assert printed[2] == "    身份依据：证件号 0，出生日期 0，出生年 5，仅姓名或编号 0"
    assert [line.split()[-1] for line in printed if line.startswith("112")] == ["1/1"] * 4
    assert next(line for line in printed if line.startswith("112")).split()[4:6] == ["—", "—"]
    assert printed[-2:] == ["2 个报送单位中 1 个未报送：河镇", "1 个只报送了部分月份：桥街道 1/12"]
    assert max(map(width, printed)) <= 80


def test_without_deliveries_a_table_has_no_column_for_them(city: Run) -> None:
    printed = city("metrics", "--period", "2022")[1]
    assert "unsent" not in printed
    assert "    known by ID number 0, birth date 4, birth year 0, name or code alone 0" in printed.splitlines()


def test_csv_and_json_have_the_strengths_and_the_senders(county: Run) -> None:
    words = ("metrics", "--period", "2022", "--metric", "core.participation", "--format")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(county(*words, "csv")[1].lstrip("\ufeff")))}
    assert [rows["11"][k] for k in ("unsent", "known by birth date", "known by birth year")] == ["1/2", "0", "5"]
    assert [rows["112"][k] for k in ("numerator", "unsent", "known by birth year")] == ["—", "1/1", ""]
    found = {row["place"]: row for row in json.loads(county(*words, "json")[1])}
    assert found["11"]["strengths"] == {"card": 0, "birth_date": 0, "birth_year": 5, "weak": 0}
    assert (found["11"]["not_reported"], found["112"]["not_reported"]) == ({"missing": 1, "of": 2}, {"missing": 1, "of": 1})
    assert (found["112"]["numerator"], found["112"]["missing"], found["112"]["strengths"]) == (None, "has not reported", None)


def test_explain_says_how_persons_are_known_and_who_has_not_reported(county: Run) -> None:
    above = county("explain", "core.participation", "--place", "11", "--period", "2022")[1]
    assert "known by ID number 0, birth date 0, birth year 5, name or code alone 0" in above
    assert "1 of 2 have not reported: 河镇" in above
    assert "1 reported for some of the months only: 桥街道 1/12" in above
    silent = county("explain", "core.sessions", "--place", "112", "--period", "2022")[1]
    assert "numerator = —" in silent
    assert "no data: has not reported" in silent
