"""Reports say who has not reported, and how surely persons are known, in every form."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commlms import LMS

SAID = "3 个报送单位中 1 个未报送"


def sent(lms: LMS, township: str, period: str = "2022", **fields: Any) -> int:
    """A township's delivery; gives the journal entry."""
    row = {"sender": township, "shape": "ledger", "period": period, "turn": 1, "received": dt.date(2023, 1, 5), "file": "台账.xlsx"}
    lms.add([row | fields], "delivery")
    return lms.imports(every=True)[0].id


def data_of(lms: LMS, folder: Path, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(lms.report(folder / "r.json", "2022", **options).read_text(encoding="utf-8"))
    return found


def place_of(data: dict[str, Any], code: str) -> dict[str, Any]:
    """One place of a report."""
    open_ = list(data["places"])
    while open_:
        row: dict[str, Any] = open_.pop()
        if row["code"] == code:
            return row
        open_ += row["children"]
    raise LookupError(code)


@pytest.fixture
def partly(lms: LMS) -> LMS:
    """The first township sent March only, the third that it had nothing; the second sent nothing."""
    sent(lms, "510401001", "2022-03")
    sent(lms, "510401003", nil=True)
    return lms


@pytest.mark.parametrize("ending", ["html", "json", "md", "xlsx"])
def test_a_report_is_the_same_byte_by_byte_where_no_delivery_is_kept(lms: LMS, tmp_path: Path, ending: str) -> None:
    """Before the first one came, and after it was undone."""
    before = lms.report(tmp_path / f"before.{ending}", "2022").read_bytes()
    journal = sent(lms, "510401001")
    assert lms.report(tmp_path / f"between.{ending}", "2022").read_bytes() != before
    lms.undo(journal)
    assert lms.report(tmp_path / f"after.{ending}", "2022").read_bytes() == before
    assert "未报送" not in before.decode("utf-8", "replace")


def test_json_says_at_every_figure_how_many_have_not_reported(partly: LMS, tmp_path: Path) -> None:
    """Of the three townships the second; its own 8 persons from another's session stand, its sessions are no data."""
    data = data_of(partly, tmp_path)
    assert [s["zh"] for s in data["report"]["senders"]] == [f"{SAID}：二街道", "1 个只报送了部分月份：一街道 1/12"]
    for code in ("5104", "510401"):
        assert place_of(data, code)["figures"]["core.participation"]["not_reported"] == {"missing": 1, "of": 3}
    second, third = place_of(data, "510401002")["figures"], place_of(data, "510401003")["figures"]
    assert second["core.persons"] == {"numerator": 8, "not_reported": {"missing": 1, "of": 1}}
    assert second["core.sessions"] == {"missing": {"zh": "未报送", "en": "has not reported"}, "not_reported": {"missing": 1, "of": 1}}
    assert third["core.sessions"] == {"numerator": 0, "not_reported": {"missing": 0, "of": 1}}
    assert "not_reported" not in place_of(data, "510402")["figures"]["core.sessions"]
    silent = next(x for x in data["left_out"] if x["key"] == "not_reported")
    assert (silent["count"], silent["names"]) == (1, ["二街道"])


def test_every_form_that_people_read_says_it_at_the_head_and_beside_the_rates(partly: LMS, tmp_path: Path) -> None:
    page = partly.report(tmp_path / "r.html", "2022").read_text(encoding="utf-8")
    assert f'<p class="unsent">{SAID}：二街道' in page
    assert page.count(f"<em><span title=\"1 of 3 have not reported\">{SAID}</span></em>") > 10
    assert page.count("已报送，没有活动记录") == 1  # the third township, which has no villages
    plain = partly.report(tmp_path / "r.md", "2022").read_text(encoding="utf-8")
    assert f"**{SAID}：二街道 / 1 of 3 have not reported: 二街道**" in plain
    assert f"25 / 1,000 2.5% ({SAID} / 1 of 3 have not reported)" in plain
    book = openpyxl.load_workbook(partly.report(tmp_path / "r.xlsx", "2022"))
    overview = [row for row in book["概览"].iter_rows(values_only=True) if row[0]]
    assert any(str(row[0]).startswith(f"{SAID}：二街道") for row in overview)
    rate = next(row for row in overview if str(row[0]).startswith("居民参与率"))
    assert rate[6] == f"{SAID} / 1 of 3 have not reported"
    heads, *places = book["地点"].iter_rows(values_only=True)
    assert str(heads[-1]).startswith("未报送")
    assert {row[0]: row[-1] for row in places if row[0] in ("5104", "510401002", "510401003", "510402")} == {
        "5104": "1/3", "510401002": "1/1", "510401003": "0/1", "510402": None,
    }


def test_every_rate_of_the_place_reported_on_tells_its_persons_by_strength(lms: LMS, tmp_path: Path) -> None:
    """All 25 by birth date; after two births became a year and nothing 23, 1 and 1."""
    lms.set("learner", "510401003-0", born="1950")
    lms.set("learner", "510401003-1", born=None)
    words = "身份依据：证件号 0，出生日期 23，出生年 1，仅姓名或编号 1"
    assert place_of(data_of(lms, tmp_path), "5104")["figures"]["core.participation"]["strengths"] == {
        "card": 0, "birth_date": 23, "birth_year": 1, "weak": 1,
    }
    assert words in lms.report(tmp_path / "r.html", "2022").read_text(encoding="utf-8")
    assert words in lms.report(tmp_path / "r.md", "2022").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(lms.report(tmp_path / "r.xlsx", "2022"))
    assert any(str(row[-1]).startswith(words) for row in book["概览"].iter_rows(values_only=True))


def test_a_report_on_a_township_hides_strengths_of_which_one_is_small(lms: LMS, tmp_path: Path) -> None:
    """The third township's 12 are 10, 1 and 1: none of the four is shown, nor the second's, which would give them away."""
    lms.set("learner", "510401003-0", born="1950")
    lms.set("learner", "510401003-1", born=None)
    for code in ("510401003", "510401002"):
        figures = data_of(lms, tmp_path, place=code)["places"][0]["figures"]
        assert figures["core.participation"]["strengths"] == {"suppressed": True}, code
    page = lms.report(tmp_path / "r.html", "2022", place="510401003").read_text(encoding="utf-8")
    assert "身份依据：人数少，不显示" in page


def test_that_nothing_was_reported_is_not_said_of_a_hidden_figure(lms: LMS, tmp_path: Path) -> None:
    """3 seniors of the first township are hidden, and a second figure with them; where that one is an unreported zero it stays hidden."""
    from commlms.measure.figures import Figure
    from commlms.measure.reporting import NOT_REPORTED
    from commlms.report.gather import shown_cell

    found = Figure("seniors.persons", 1, "2022", None, missing=NOT_REPORTED, not_reported=(1, 1))
    cell = shown_cell(found, "linked", "")
    assert cell.numerator is not None
    assert (cell.numerator.hidden, cell.missing) == ("linked", None)
    assert shown_cell(found, "", "").missing is NOT_REPORTED
