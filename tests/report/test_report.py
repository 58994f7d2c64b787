"""The four forms of a report on a small city, with figures counted by hand."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS, CommLMSError, UnknownName

from .conftest import EVIL, TODAY, fill, place

LABELS = ("居民参与率", "participation of residents", "未具名人次", "unnamed visits", "未计入的内容及原因", "What was left out, and why")


def data_of(lms: LMS, folder: Path, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(lms.report(folder / "r.json", "2022", **options).read_text(encoding="utf-8"))
    return found


def text_of(lms: LMS, file: Path, **options: Any) -> str:
    return lms.report(file, "2022", **options).read_text(encoding="utf-8")


def test_json_holds_the_two_integers_and_the_ceiling_of_every_rate(lms: LMS, tmp_path: Path) -> None:
    """25 named residents of 1,000, 101 - 26 = 75 unnamed visits: ceiling 100. The learner of unknown home is in none."""
    city = data_of(lms, tmp_path, place="5104")["places"][0]
    known = {"card": 0, "birth_date": 25, "birth_year": 0, "weak": 0}
    assert city["figures"]["core.participation"] == {"numerator": 25, "denominator": 1000, "ceiling": 100, "strengths": known}
    county = next(c for c in city["children"] if c["code"] == "510401")
    assert county["figures"]["core.participation"] == {"numerator": 23, "denominator": 400, "ceiling": 98, "estimated": True}


@pytest.mark.requirement("R026")
def test_visits_stand_beside_persons_and_are_never_the_numerator_of_a_rate(lms: LMS, tmp_path: Path) -> None:
    """A second session with the same 3 seniors and 40 unnamed: persons stay 25, named visits become 28, unnamed 115."""
    lms.add({"code": "S2", "institution": "J1", "on": dt.date(2022, 5, 5), "theme": "书法", "minutes": 60}, "session")
    lms.add([{"learner": f"510401001-{i}", "session": "S2"} for i in range(3)], "participation")
    lms.add({"session": "S2", "counts": "besides", "persons": 40}, "headcount")
    data = data_of(lms, tmp_path, place="5104")
    figures = data["places"][0]["figures"]
    assert figures["core.participation"]["numerator"] == figures["core.persons"]["numerator"] == 25
    assert figures["core.visits"]["numerator"] == 28
    assert figures["core.unnamed_visits"]["numerator"] == 115
    assert data["years"][-1] == {"year": 2022, "persons": 25, "named": 28, "unnamed": 115}


def test_no_number_in_the_json_is_a_fraction(lms: LMS, tmp_path: Path) -> None:
    """Only integers, so that nothing is divided or rounded before a reader divides it."""
    def refuse(text: str) -> None:
        raise AssertionError(text)

    json.loads(lms.report(tmp_path / "r.json", "2022").read_text(encoding="utf-8"), parse_float=refuse)


def test_a_verdict_shows_its_integers_its_sentence_and_how_many_to_name(lms: LMS, tmp_path: Path) -> None:
    """75 % of 1,000 is 750: 725 more must be named; villages without residents recorded nothing, so the bound is everyone."""
    (document,) = data_of(lms, tmp_path, place="5104")["documents"]
    verdict = next(v for v in document["verdicts"] if v["target"] == "pzh-participation-2022")
    assert verdict["verdict"] == "not_shown"
    assert [verdict[k] for k in ("numerator", "denominator", "ceiling", "bound", "needed", "by")] == [25, 1000, 100, 1000, 750, 725]
    assert (verdict["silent"], verdict["leaves"]) == (4, 5)
    assert "75%以上" in verdict["quote"]
    html = text_of(lms, tmp_path / "r.html", place="5104")
    assert "还须具名 725 人，才能证明达到" in html
    assert "725 more persons must be named to show it" in html
    assert "5 个最基层地点中有 4 个没有任何活动记录" in html
    assert verdict["quote"] in html


def test_a_place_outside_the_code_space_stands_below_the_place_it_reports_to(lms: LMS, tmp_path: Path) -> None:
    """It has no residents: persons without a rate, and it is named among what was left out."""
    data = data_of(lms, tmp_path, place="5104")
    zone = next(c for c in data["places"][0]["children"] if c["code"] == "5104-Z")
    rate = zone["figures"]["core.participation"]
    assert "denominator" not in rate
    assert rate["missing"] == {"zh": "居民数（常住，全部）", "en": "residents (permanent, all)"}
    left = {item["key"]: item for item in data["left_out"]}
    assert "高新区" in left["no_residents"]["names"]


def test_what_was_left_out_is_counted_with_its_reason(lms: LMS, tmp_path: Path) -> None:
    """One learner of unknown home; 3 + 8 whose home is a township that has a village below it; 75 unnamed visits."""
    left = {item["key"]: item for item in data_of(lms, tmp_path, place="5104")["left_out"]}
    assert left["unknown_home"]["count"] == 1
    assert left["not_placed"]["count"] == 11
    assert left["unnamed"]["count"] == 75
    assert left["silent_places"]["count"] == 4
    assert all(item["why"]["zh"] and item["why"]["en"] for item in left.values())


def test_a_report_without_a_plugin_names_it_and_lacks_its_section(tmp_path: Path) -> None:
    file = tmp_path / "city.db"
    with LMS(file, today=TODAY) as whole:
        fill(whole)
    with LMS(file, today=TODAY, without=["seniors"]) as less:
        data = data_of(less, tmp_path)
    assert "seniors" not in {s["key"] for s in data["sections"]}
    assert {item["key"]: item for item in data["left_out"]}["absent_plugins"]["names"] == ["seniors"]


def test_a_report_on_one_township_keeps_the_documents_above_it(lms: LMS, tmp_path: Path) -> None:
    data = data_of(lms, tmp_path, place="510401001")
    assert [d["id"] for d in data["documents"]] == ["004"]
    assert data["places"][0]["documents"] == ["panzhihua-2019"]
    assert len(data["places"]) == 1
    assert "core.participation" in data["places"][0]["figures"]


def test_documents_are_judged_as_of_the_periods_last_day_unless_another_is_given(lms: LMS, tmp_path: Path) -> None:
    """On 2022-06-30 the target of the end of 2022 is not yet due."""
    assert data_of(lms, tmp_path)["report"]["as_of"] == "2022-12-31"
    data = data_of(lms, tmp_path, as_of=dt.date(2022, 6, 30))
    verdict = next(v for v in data["documents"][0]["verdicts"] if v["target"] == "pzh-participation-2022")
    assert (data["report"]["as_of"], verdict["verdict"]) == ("2022-06-30", "not_applicable")


def test_two_documents_that_bind_one_city_both_show_their_level_names(tmp_path: Path) -> None:
    """A city of the province: the province's and its own names for the institution of a sub-district stand beside it."""
    with LMS(today=TODAY, lang="zh") as lms:
        lms.add([
            place("44", "广东省", "province"), place("4401", "广州市", "city", "44"), place("440103", "荔湾区", "county", "4401"),
            place("440103001", "沙面街道", "township", "440103"),
        ], "place")
        data = data_of(lms, tmp_path, place="440103")
        html = text_of(lms, tmp_path / "r.html", place="440103")
    assert [d["id"] for d in data["documents"]] == ["000", "002"]
    assert data["places"][0]["documents"] == ["guangdong-2016", "guangzhou-2012"]
    names = [next(x["institution"]["zh"] for x in d["levels"] if x["level"] == "county") for d in data["documents"]]
    assert names == ["社区学院", "广州社区学院分院"]
    assert "000 社区学院" in html
    assert "002 广州社区学院分院" in html


@pytest.mark.parametrize(("lang", "other"), [("zh", "en"), ("en", "zh-CN")])
def test_html_and_markdown_say_every_label_in_both_languages(lms: LMS, tmp_path: Path, lang: Any, other: str) -> None:
    html, plain = (text_of(lms, tmp_path / name, lang=lang) for name in ("r.html", "r.md"))
    for label in LABELS:
        assert label in html
        assert label in plain
    first = {"zh": "zh-CN", "en": "en"}[lang]
    assert f'<html lang="{first}">' in html
    assert f'<small lang="{other[:2]}">' in html


def test_html_needs_nothing_from_anywhere(lms: LMS, tmp_path: Path) -> None:
    """No address but the names of the SVG vocabularies, no element that loads something."""
    html = text_of(lms, tmp_path / "r.html")
    addresses = set(re.findall(r"(\S*)=?[\"'(](?:https?:)?//[^\"')\s]*", html))
    assert addresses <= {"xmlns=", "xmlns:xlink="}
    assert not re.search(r"<(?:link|iframe|img|object|embed|base)\b|@import|<script[^>]+src", html)


def test_markup_in_a_name_stays_text_in_every_form(lms: LMS, tmp_path: Path) -> None:
    import openpyxl

    html = text_of(lms, tmp_path / "r.html")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    plain = text_of(lms, tmp_path / "r.md", place="510401002")
    assert EVIL not in plain
    assert "\\<script\\>" in plain
    assert "\\|=1+1" in plain
    book = openpyxl.load_workbook(lms.report(tmp_path / "r.xlsx", "2022"))
    names = [row[1].value for row in book["地点"].iter_rows(min_row=2)]
    assert EVIL in names
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)


def test_an_invented_database_says_so_in_every_form(lms: LMS, tmp_path: Path) -> None:
    import openpyxl

    words = "演示数据，非真实统计"
    assert words in text_of(lms, tmp_path / "r.html")
    assert words in text_of(lms, tmp_path / "r.md")
    assert data_of(lms, tmp_path)["report"]["invented"] is True
    cells = [c.value for row in openpyxl.load_workbook(lms.report(tmp_path / "r.xlsx", "2022"))["概览"].iter_rows() for c in row]
    assert any(words in str(value) for value in cells)


def test_a_database_of_real_data_does_not_say_that_it_is_invented(tmp_path: Path) -> None:
    with LMS(today=TODAY, lang="zh") as real:
        fill(real)
        assert "演示数据" not in text_of(real, tmp_path / "r.html")


def test_the_workbook_holds_numbers_with_formats_under_a_frozen_header(lms: LMS, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(lms.report(tmp_path / "r.xlsx", "2022"))
    assert book.sheetnames == ["概览", "判定", "地点", "说明"]
    page = book["地点"]
    heads = [str(c.value) for c in page[1]]
    city = dict(zip(heads, page[2], strict=True))
    start = "居民参与率·"
    numerator, denominator, share, ceiling = (
        next(c for h, c in city.items() if h.startswith(start + part)) for part in ("分子", "分母", "比率", "上限")
    )
    assert (numerator.value, denominator.value, share.value, ceiling.value) == (25, 1000, 0.025, 100)
    assert share.number_format == "0.0%"
    assert page.freeze_panes == "C2"
    assert page.max_row == 1 + 9
    hidden = next(c for h, c in zip(heads, page[5], strict=True) if h.startswith("老年人参与人数"))
    assert hidden.value in ("<5", "*")


def test_estimated_residents_are_marked_beside_the_figure(lms: LMS, tmp_path: Path) -> None:
    """东区's 400 residents are an estimate, the city's 1,000 are not."""
    html = text_of(lms, tmp_path / "r.html", place="510401")
    assert "2022-11-01 常住 估算" in html
    assert '<em><span title="estimated">估算</span></em>' in html
    assert "2022-11-01 常住 登记" in text_of(lms, tmp_path / "c.html", place="5104")


def test_every_figure_has_its_rule_in_words(lms: LMS, tmp_path: Path) -> None:
    data = data_of(lms, tmp_path)
    for section in data["sections"]:
        for metric in section["metrics"]:
            assert metric["numerator"]["zh"]
            assert metric["numerator"]["en"]
    html = text_of(lms, tmp_path / "r.html")
    assert "期内至少参加一场、期末居住在本地的不同学员" in html
    assert html.count('class="rule"') >= sum(len(s["metrics"]) for s in data["sections"])


@pytest.mark.parametrize("ending", ["html", "xlsx", "json", "md"])
def test_one_database_gives_one_file_to_the_byte(lms: LMS, tmp_path: Path, ending: str) -> None:
    first = lms.report(tmp_path / f"a.{ending}", "2022").read_bytes()
    assert lms.report(tmp_path / f"b.{ending}", "2022").read_bytes() == first


def test_the_pictures_have_ids_of_their_own(lms: LMS, tmp_path: Path) -> None:
    html = text_of(lms, tmp_path / "r.html")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert html.count("<svg") >= 3
    assert len(ids) == len(set(ids))


def test_without_the_drawing_libraries_the_page_says_which_extra_to_install(
    lms: LMS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "altair", None)
    html = text_of(lms, tmp_path / "r.html")
    assert "<svg" not in html
    assert "commlms[report]" in html


def test_another_ending_is_refused_with_the_endings_there_are(lms: LMS, tmp_path: Path) -> None:
    with pytest.raises(CommLMSError, match=r"\.html \.xlsx \.json \.md: r\.pdf"):
        lms.report(tmp_path / "r.pdf", "2022")


def test_an_unknown_place_or_period_is_refused(lms: LMS, tmp_path: Path) -> None:
    with pytest.raises(UnknownName):
        lms.report(tmp_path / "r.json", "2022", place="999999")
    with pytest.raises(UnknownName):
        lms.report(tmp_path / "r.json", "last year")
    assert not (tmp_path / "r.json").exists()


@pytest.mark.parametrize(("period", "persons"), [("2022H1", 25), ("2022H2", 0), ("2020..2022", 25)])
def test_half_years_and_windows_are_reported_too(lms: LMS, tmp_path: Path, period: str, persons: int) -> None:
    data = json.loads(lms.report(tmp_path / "r.json", period, place="5104").read_text(encoding="utf-8"))
    assert data["places"][0]["figures"]["core.persons"]["numerator"] == persons
    assert "<html" in lms.report(tmp_path / "r.html", period).read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["html", "xlsx", "json", "md"])
def test_an_empty_database_gives_a_report_that_says_so(tmp_path: Path, ending: str) -> None:
    with LMS(today=TODAY) as nothing:
        assert nothing.report(tmp_path / f"r.{ending}", "2022").stat().st_size > 0
