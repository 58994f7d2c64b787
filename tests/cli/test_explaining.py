"""``commlms explain``: a verdict as an operator asks for it, on the screen, as JSON and as a page, with the office's own rules."""

from __future__ import annotations

import datetime as dt
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

import commlms
from commlms.cli.context import DONE, FAILED
from commlms.cli.main import main

Run = Callable[..., tuple[int, str, str]]
STREET = "330105001"
CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture
def district(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """A district of two streets, each with its school, teachers and premises; funds of the district, marked as invented."""
    monkeypatch.setenv("COMMLMS_TODAY", "2024-06-30")
    with commlms.LMS(tmp_path / "d.db", today=dt.date(2024, 6, 30), keys=[], invented=True) as lms:
        lms.add([
            {"code": "330105", "name": "拱墅区", "level": "county"},
            *({"code": f"33010500{n}", "name": f"第{n}街道", "level": "township", "kind": "street", "parent": "330105"} for n in (1, 2)),
        ], "place")
        lms.add([{"code": f"S{n}", "name": f"第{n}社区学校", "place": f"33010500{n}", "kind": "school"} for n in (1, 2)], "institution")
        census = {"on": "2020-11-01", "basis": "permanent", "nature": "census"}
        lms.add([{"place": p, "persons": n, **census} for p, n in (("330105", 90_000), (STREET, 41_234))], "residents")
        lms.add([
            {"code": f"K{n}", "institution": "S1", "role": "teacher", "employment": "full_time", "since": "2021-01-01"} for n in range(4)
        ], "staffing.post")
        fund = {"place": "330105", "period": "2023", "channel": "government", "purpose": "special"}
        gift = {"title": "捐赠", "channel": "society", "budgeted": "9"}
        lms.add([fund | {"title": "专项", "budgeted": "350000.50"}, fund | gift], "funding.fund")

    def typed(*words: str, lang: str = "en") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["--db", str(tmp_path / "d.db"), "--lang", lang, "explain", *words, "--period", "2023"])
        out, err = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    return typed


def test_a_school_is_explained_with_both_demands_that_count_as_one(district: Run) -> None:
    """0.01 % of 41,234 are 4.1234: five, one more than there are; the other demand is three."""
    status, out, _ = district("gs-branch-staff-ratio", "--place", STREET)
    assert status == DONE
    for line in (
        "拱政发〔2023〕16号 三(五)：街道社区教育分院专职教师和管理人员按当地常住人口的0.01%的比例配备",
        "4.1234, rounded up to 5 persons", "needed of them all: 5 persons (the largest counts)", "verdict: short", "short by 1 person",
        "numerator = 4", "denominator = 41234", "第1社区学校", "2020-11-01 普查 census",
    ):
        assert line in out, line
    assert sum("2021-01-01" in line for line in out.splitlines()) == 4


def test_money_is_shown_in_yuan_and_kept_in_fen(district: Run, tmp_path: Path) -> None:
    """4 yuan for 90,000 residents are 360,000; 350,000.50 are there."""
    out = district("gs-fund-per-head", "--place", "330105", "--rows", str(tmp_path / "r.csv"))[1]
    assert "numerator = 350000.50 yuan" in out
    assert "short by 9999.50 yuan" in out
    assert "350000.50" in (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    data = json.loads(district("gs-fund-per-head", "--place", "330105", "--format", "json")[1])
    assert (data["verdict"]["numerator"], data["verdict"]["needed"], data["verdict"]["by"]) == (35_000_050, 36_000_000, 999_950)
    assert [(r["adds"], r["left_out"] and r["left_out"]["en"]) for r in data["rows"] if r["part"] == "numerator"] == [
        (35_000_050, None), (0, "does not fit the condition")]
    assert data["explain"]["invented"] is True


def test_one_of_several_schools_has_to_be_named(district: Run) -> None:
    status, _, err = district("gs-branch-staff-ratio", "--place", "330105")
    assert (status, "--subject: 第1社区学校、第2社区学校" in err) == (FAILED, True)
    status, out, _ = district("gs-branch-staff-min", "--place", "330105", "--subject", "第2社区学校")
    assert (status, "numerator = 0" in out, "330105002 第2街道 第2社区学校" in out) == (DONE, True, True)


def test_a_file_holds_every_row_and_is_its_writers_alone(district: Run, tmp_path: Path) -> None:
    """In each of the three forms; the text too has the statement and the rows."""
    for form in ("table", "json", "html"):
        out = tmp_path / f"x.{form}"
        assert district("gs-dedicated-workers-ratio", "--place", "330105", "--format", form, "--out", str(out))[:2] == (DONE, f"{out}\n")
        text = out.read_text(encoding="utf-8")
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        assert text.count("2021-01-01") == 4
        assert "SELECT" in text
    assert district("gs-dedicated-workers-ratio", "--place", "330105", "--format", "html", "--out", str(tmp_path / "no" / "x"))[0] == FAILED


def test_a_document_that_says_no_number_says_so(district: Run) -> None:
    out = district("gs-1050-project", "--place", "330105", lang="zh")[1]
    assert "判定：无定论" in out
    assert "1050" in out


@pytest.mark.skipif(not CHROMIUM.exists(), reason="/usr/bin/chromium is not installed")
@pytest.mark.parametrize("width", [400, 1280])
def test_the_page_fits_the_screen_and_asks_for_nothing(district: Run, tmp_path: Path, width: int) -> None:
    """Nothing wider than the screen but the table of rows, which scrolls by itself; nothing fetched, nothing on the console."""
    from playwright.sync_api import sync_playwright

    out, trouble = tmp_path / "x.html", list[str]()
    district("gs-branch-staff-ratio", "--place", STREET, "--format", "html", "--out", str(out))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        page.on("console", lambda message: trouble.append(message.text))
        page.on("request", lambda request: None if request.url.startswith("file:") else trouble.append(request.url))
        page.goto(out.as_uri())
        whole = page.evaluate("document.documentElement.scrollWidth")
        banner = page.locator(".banner").inner_text()
        browser.close()
    assert whole <= width
    assert not trouble
    assert banner.startswith("Invented data")
