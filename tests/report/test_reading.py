"""What a reader meets in a report: withheld ceilings, labels in both languages, what stands on paper."""

import json
from pathlib import Path

import pytest

from commlms import LMS
from commlms.report.charts import charts
from commlms.report.display import number
from commlms.report.gather import gather

from .test_browser import ARGUMENTS, CHROMIUM


def test_a_ceiling_withheld_for_another_part_is_not_said_to_be_small(lms: LMS) -> None:
    """3 seniors of 一街道 are hidden as 1 to 4; their ceiling is 3 + 75 unnamed visits, so it reads * and never <5."""
    residents = {"place": "510401001", "on": "2022-11-01", "basis": "permanent", "group": "seniors", "persons": 90, "nature": "register"}
    lms.add(residents, "residents")
    rows = {row.code: row for row in gather(lms, "2022", None, None).walk()}
    cell = rows["510401001"].cell("seniors.participation")
    assert cell is not None
    assert (number(cell.numerator), number(cell.ceiling)) == ("<5", "*")


def test_every_label_of_the_page_stands_in_both_languages(lms: LMS, tmp_path: Path) -> None:
    html = lms.report(tmp_path / "r.html", "2022", place="5104").read_text(encoding="utf-8")
    for first, second in (
        ("全部指标", "All figures"), ("全部展开", "Open all"), ("全部收起", "Close all"), ("查找地点", "Find a place"),
        ("5 个最基层地点中有 4 个没有任何活动记录", "4 of 5 lowest places recorded nothing"),
    ):
        assert f'{first} <small lang="en">{second}</small>' in html
    for first, second in (
        ("上限", "ceiling"), ("估算", "estimated"), ("无数据：居民数（常住，全部）", "no data: residents (permanent, all)"),
        ("2022-11-01 常住 登记", "2022-11-01, permanent, register"),
    ):
        assert f'<span title="{second}">{first}</span>' in html
    assert 'title="1 至 4，为保护个人不显示 / 1 to 4, not shown to protect individuals"' in html


def test_the_english_page_gives_the_chinese_beside_it(lms: LMS, tmp_path: Path) -> None:
    html = lms.report(tmp_path / "r.html", "2022", place="5104", lang="en").read_text(encoding="utf-8")
    assert 'Open all <small lang="zh">全部展开</small>' in html
    assert '<span title="上限">ceiling</span>' in html


def test_axes_and_legends_of_the_pictures_stand_in_both_languages(lms: LMS) -> None:
    drawn = charts(gather(lms, "2022", "5104", None), "zh")
    assert drawn is not None
    text = "".join(chart.svg for chart in drawn)
    for words in ("参与率（%） / participation (%)", "人数（具名） / persons (named)", "未具名人次 / unnamed visits", "要求 / target 75%"):
        assert words in text
    assert ">老年人</" in text
    assert ">seniors</" in text


def test_a_target_not_yet_due_stands_at_its_place(lms: LMS, tmp_path: Path) -> None:
    """In the first half of 2022 nothing is judged for the end of the year; the place is the city, not the document's title."""
    data = json.loads(lms.report(tmp_path / "r.json", "2022H1", place="5104").read_text(encoding="utf-8"))
    (document,) = data["documents"]
    verdict = next(v for v in document["verdicts"] if v["due"] == "2022-12-31")
    assert (verdict["verdict"], verdict["where"]["zh"]) == ("not_applicable", "攀枝花市")
    plain = lms.report(tmp_path / "r.md", "2022H1", place="5104").read_text(encoding="utf-8")
    assert f"| {document['label']['zh']}" not in plain


def test_markdown_gives_rules_and_missing_data_in_both_languages(lms: LMS, tmp_path: Path) -> None:
    plain = lms.report(tmp_path / "r.md", "2022", place="5104-Z").read_text(encoding="utf-8")
    assert "无数据：居民数（常住，全部） / no data: residents (permanent, all)" in plain
    assert "期末居住在本地的学员参加的人次 / visits by learners with their home here at the period's end" in plain


@pytest.mark.skipif(not CHROMIUM.exists(), reason="/usr/bin/chromium is not installed")
def test_printing_opens_places_and_level_names_and_closes_them_again(lms: LMS, tmp_path: Path) -> None:
    """A page that is printed shows every village and the documents' names of the levels, and says what it does not show."""
    from playwright.sync_api import sync_playwright

    file = lms.report(tmp_path / "r.html", "2022", place="5104")
    seen = "[...document.querySelectorAll('{}')].map((e) => e.checkVisibility())"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page()
        page.goto(file.as_uri())
        before = page.evaluate(seen.format("details.place, .doc table, .left p"))
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        on_paper = page.evaluate(seen.format("details.place, .doc table, .left p, p.paper"))
        figures = page.evaluate(seen.format(".figs"))
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        after = page.evaluate(seen.format("details.place, .doc table, .left p"))
        browser.close()
    assert not all(before)
    assert all(on_paper)
    assert not any(figures)
    assert after == before
