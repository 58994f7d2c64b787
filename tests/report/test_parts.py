"""The parts of a document's report on a small city, in every form, with numbers worked out by hand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS, open_lake, publish

from .parts_city import A1, A2, B1, CITY, FIRST, MOVED, TODAY, fill, opened, residents


@pytest.fixture
def lms() -> Iterator[LMS]:
    with opened() as made:
        fill(made)
        yield made


def document(lms: LMS, folder: Path, period: str = "2022", **options: Any) -> dict[str, Any]:
    """The one document of a report as JSON."""
    data = json.loads(lms.report(folder / "r.json", period, **options).read_text(encoding="utf-8"))
    (found,) = data["documents"]
    return dict(found)


def rows(found: dict[str, Any], group: str = "binding") -> dict[str, dict[str, Any]]:
    """The rows of a matrix by target."""
    return {row["target"]: row for row in found["matrix"][group]}


def test_the_matrix_counts_a_townships_target_by_county(lms: LMS, tmp_path: Path) -> None:
    """Two sessions each: 子镇 held 2, 寅镇 1, 丑镇 and 卯镇 none. 甲县 has three of the four townships, 乙县 one."""
    found = document(lms, tmp_path)
    assert found["matrix"]["columns"] == ["甲县", "乙县"]
    row = rows(found)["sc-sessions"]
    assert row["whole"] == {"met": 1, "short": 3}
    assert row["cells"] == [{"met": 1, "short": 2}, {"short": 1}]


def test_the_matrix_gives_one_verdict_a_county_where_counties_are_judged(lms: LMS, tmp_path: Path) -> None:
    """甲县: 62 + 10 of 140, needed 70; 乙县: 20 of 160, needed 80."""
    row = rows(document(lms, tmp_path))["sc-participation"]
    assert row["cells"] == [{"met": 1}, {"short": 1}]


def test_a_target_of_the_city_has_one_verdict_and_no_cell(lms: LMS, tmp_path: Path) -> None:
    """Three sessions of nine, which is striven for: apart from what is demanded."""
    found = document(lms, tmp_path)
    assert "sc-sessions-city" not in rows(found)
    row = rows(found, "striven")["sc-sessions-city"]
    assert (row["whole"], row["cells"], row["force"]) == ({"short": 1}, [None, None], "strive")


def test_a_target_that_is_part_of_another_stands_below_it(lms: LMS, tmp_path: Path) -> None:
    found = document(lms, tmp_path)["matrix"]["binding"]
    assert [(r["target"], r["depth"]) for r in found] == [("sc-participation", 0), ("sc-sessions", 1), ("sc-brands", 0)]


def test_a_report_on_a_county_has_its_townships_as_columns(lms: LMS, tmp_path: Path) -> None:
    """The sentence binds the county itself: no cell; its three townships have one verdict each."""
    found = document(lms, tmp_path, place=FIRST)
    assert found["matrix"]["columns"] == ["子镇", "丑镇", "卯镇"]
    assert rows(found)["sc-participation"]["cells"] == [None, None, None]
    assert rows(found)["sc-sessions"]["cells"] == [{"met": 1}, {"short": 1}, {"short": 1}]


def points(found: dict[str, Any], place: str) -> list[dict[str, Any]]:
    """One place's points of the only trend."""
    (trend,) = found["trends"]
    return next(s["points"] for s in trend["series"] if s["place"] == place)


def test_a_trend_stands_on_the_tree_of_the_last_day_and_leaves_out_other_borders(lms: LMS, tmp_path: Path) -> None:
    """卯镇's ten of 2020 count in 甲县 where it is now; 甲县's 100 residents of 2020 did not have 卯镇: no rate."""
    found = document(lms, tmp_path)
    assert found["trends"][0]["years"] == [2020, 2021, 2022]
    assert points(found, "甲县") == [
        {"year": 2020, "numerator": 30, "other_borders": True}, {"year": 2021, "numerator": 40, "denominator": 140},
        {"year": 2022, "numerator": 72, "denominator": 140},
    ]
    assert points(found, "乙县") == [
        {"year": 2020, "numerator": 0, "other_borders": True}, {"year": 2021, "numerator": 0, "denominator": 160},
        {"year": 2022, "numerator": 20, "denominator": 160},
    ]
    assert points(found, "样城市") == [
        {"year": year, "numerator": n, "denominator": 300} for year, n in ((2020, 30), (2021, 40), (2022, 92))
    ]


def test_a_trend_has_the_ceiling_beside_what_is_proven(lms: LMS, tmp_path: Path) -> None:
    """45 were in 寅镇's room, 20 by name: at most 45 of 乙县's 160, which is 28.1 %; and 117 of the city's 300."""
    lms.add({"session": "S22C", "counts": "present", "persons": 45}, "headcount")
    found = document(lms, tmp_path)
    assert points(found, "乙县")[2] == {"year": 2022, "numerator": 20, "denominator": 160, "ceiling": 45}
    assert points(found, "样城市")[2] == {"year": 2022, "numerator": 92, "denominator": 300, "ceiling": 117}
    html = lms.report(tmp_path / "r.html", "2022").read_text(encoding="utf-8")
    assert 'aria-label="乙县: 2020 —; 2021 0.0%; 2022 12.5% / 28.1%"' in html
    assert '<path class="cl"' in html


def test_residents_of_other_borders_are_added_up_anew_where_every_township_has_its_own(lms: LMS, tmp_path: Path) -> None:
    """甲县 as it is now had 50 + 10 + 40 residents in 2020: 30 of 100. 乙县 keeps 寅镇's 160."""
    residents(lms, "2020-11-01", {A1: 50, A2: 10, MOVED: 40, B1: 160})
    found = document(lms, tmp_path)
    assert points(found, "甲县")[0] == {"year": 2020, "numerator": 30, "denominator": 100}
    assert points(found, "乙县")[0] == {"year": 2020, "numerator": 0, "denominator": 160}


def test_what_joined_and_left_is_told_with_its_day(lms: LMS, tmp_path: Path) -> None:
    found = document(lms, tmp_path)
    assert sorted(found["moved"], key=lambda m: m["joined"]) == [
        {"place": "乙县", "day": "2021-04-01", "joined": [], "left": ["卯镇"]},
        {"place": "甲县", "day": "2021-04-01", "joined": ["卯镇"], "left": []},
    ]
    html = lms.report(tmp_path / "r.html", "2022").read_text(encoding="utf-8")
    assert "2021-04-01 起 甲县并入 卯镇" in html
    assert "2021-04-01 起 乙县划出 卯镇" in html


def test_nothing_moved_in_the_years_drawn_nothing_is_told(lms: LMS, tmp_path: Path) -> None:
    """From 2021 on both counties stand as they are: a report of 2022 for a place whose first year is 2022 tells nothing."""
    with opened() as later:
        later.add([{"code": f"J{A1}", "name": "校", "place": A1}], "institution")
        later.add([{"code": "L", "name": "某", "home": A1}], "learner")
        later.add({"code": "S", "institution": f"J{A1}", "on": "2022-05-01", "theme": "讲座"}, "session")
        later.add({"learner": "L", "session": "S"}, "participation")
        found = document(later, tmp_path)
    assert found["trends"][0]["years"] == [2022]
    assert found["moved"] == []


def test_a_goal_shows_what_is_recorded_and_why_something_is_not_and_has_no_verdict(lms: LMS, tmp_path: Path) -> None:
    (goal,) = document(lms, tmp_path)["goals"]
    sessions, brands, absent = goal["figures"]
    assert sessions["numerator"] == 3
    assert brands["missing"]["zh"] == "登记「称号」没有任何行"
    assert absent["missing"]["zh"] == "插件 absent 未加载"
    assert "verdict" not in goal
    assert goal["assessed"] == []


def test_what_an_assessor_wrote_stands_beside_its_goal_until_the_day_judged_on(lms: LMS, tmp_path: Path) -> None:
    """The finding of January 2023 is not yet there at the end of 2022; another goal's finding is not this one's."""
    lms.add([
        {"goal": goal, "place": FIRST, "on": on, "status": status, "assessor": "督导组"}
        for goal, on, status in (
            ("sc-coverage", "2022-06-01", "partly"), ("sc-coverage", "2023-01-05", "reached"), ("another", "2022-06-01", "reached"),
        )
    ], "supervision.assessment")
    (goal,) = document(lms, tmp_path)["goals"]
    assert goal["assessed"] == [
        {"place": "甲县", "day": "2022-06-01", "status": {"zh": "部分达到", "en": "partly reached"}, "about": "督导组"}
    ]


def test_a_lake_has_no_findings_and_does_not_say_that_there_are_none(lms: LMS, tmp_path: Path) -> None:
    """They stay in the city's database: read from the lake a goal is not called 'not assessed yet'."""
    lms.add({"goal": "sc-coverage", "place": FIRST, "on": "2022-06-01", "status": "partly"}, "supervision.assessment")
    publish(lms, tmp_path / "lake", keys=[b"k" * 32])
    with open_lake(tmp_path / "lake", host=lms.host, today=TODAY) as lake:
        text = lake.report(tmp_path / "r.md", "2022", lang="en").read_text(encoding="utf-8")
    assert "Demands without a number" in text
    assert "not assessed yet" not in text


def test_a_schedule_tells_what_is_recorded_where_and_that_its_day_has_passed(lms: LMS, tmp_path: Path) -> None:
    """Two sessions a year in each township: of four only 子镇 has them."""
    yearly, plan = document(lms, tmp_path)["schedules"]
    assert yearly["recorded"]["numerator"] == 3
    assert [(a["done"], a["of"], a["least"], a["lacking"]) for a in yearly["asked"]] == [(1, 4, 2, ["丑镇", "卯镇", "寅镇"])]
    assert (plan["deadline"], plan["passed"], plan["recorded"]) == ("2019-10-31", True, None)


def test_a_conflict_shows_both_verdicts_and_marks_both_targets(lms: LMS, tmp_path: Path) -> None:
    found = document(lms, tmp_path)
    (conflict,) = found["conflicts"]
    assert conflict["id"] == "sessions-twice"
    assert {s["target"]: s["verdicts"] for s in conflict["sides"]} == {
        "sc-sessions": {"met": 1, "short": 3}, "sc-sessions-city": {"short": 1},
    }
    marked = [r["target"] for r in found["matrix"]["binding"] + found["matrix"]["striven"] if r["conflicts"] == ["sessions-twice"]]
    assert marked == ["sc-sessions", "sc-sessions-city"]


def test_what_could_not_be_judged_is_counted_with_its_reason_and_places(lms: LMS, tmp_path: Path) -> None:
    (lacking,) = document(lms, tmp_path)["unjudged"]
    assert (lacking["target"], lacking["verdict"], lacking["count"], lacking["places"]) == ("sc-brands", "no_data", 2, ["甲县", "乙县"])
    assert lacking["why"]["zh"] == "登记「称号」没有任何行"


def test_figures_of_an_empty_register_are_left_out_with_their_reason(lms: LMS, tmp_path: Path) -> None:
    """No title is recorded anywhere: no zero is told of any; one title anywhere, and the figures are there."""
    def read() -> tuple[dict[str, Any], list[str]]:
        data = json.loads(lms.report(tmp_path / "r.json", "2022").read_text(encoding="utf-8"))
        left = [n for item in data["left_out"] if item["key"] == "empty_registers" for n in item["names"]]
        return data["places"][0]["figures"], left

    label = lms.registry.metrics["recognition.brands"].label.zh
    figures, left = read()
    assert "recognition.brands" not in figures
    assert label in left
    title = {"place": FIRST, "kind": "brand", "rank": "county", "holder": "书法", "state": "held", "since": "2022-01-01"}
    lms.add(title, "recognition.status")
    figures, left = read()
    assert figures["recognition.brands"] == {"numerator": 1}
    assert label not in left


def test_html_gives_each_verdict_a_word_and_a_sign_and_each_part_a_place(lms: LMS, tmp_path: Path) -> None:
    html = lms.report(tmp_path / "r.html", "2022").read_text(encoding="utf-8")
    assert '<b class="v v-short"><i aria-hidden="true">×</i><span title="short">未达到</span> <span class="n">2</span></b>' in html
    assert '<th scope="row" class="nested"><a href="#v-sc-sessions">' in html
    for words in (
        "判定一览", "文件之间的不一致", "历年比率", "没有数字的要求", "时间安排", "机构与职责", "未能判定的及原因", "力争与鼓励",
        "样城广播电视大学", "社区教育委员会", "教育局", "政府统筹", "社区学校：乡镇一级的机构", "乡镇（街道）：4 个中 1 个达到 2 次",
    ):
        assert words in html, words
    assert 'aria-label="甲县: 2020 —; 2021 28.6%; 2022 51.4%"' in html


def test_html_lists_what_is_short_and_only_names_what_is_met(lms: LMS, tmp_path: Path) -> None:
    """Of the townships' target three rows, the shortfall of each in words, and 子镇 by name; eight sessions needed by all four."""
    html = lms.report(tmp_path / "r.html", "2022").read_text(encoding="utf-8")
    card = html[html.index('id="v-sc-sessions"'):]
    card = card[: card.index("</details>")]
    assert card.count("<tr>") == 3
    assert "差 2 场" in card
    assert "差 1 场" in card
    assert card.rstrip().count("子镇") == 1
    assert "各处合计所需" in card
    assert "<dd>8</dd>" in card


def test_the_workbook_has_a_sheet_for_each_part_and_numbers_in_it(lms: LMS, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(lms.report(tmp_path / "r.xlsx", "2022"))
    assert book.sheetnames == [
        "概览", "判定", "判定一览", "历年比率", "不一致", "未判定", "无数字要求", "时间安排", "机构与职责", "地点", "说明",
    ]
    matrix = [[c or "" for c in row] for row in book["判定一览"].iter_rows(values_only=True)]
    (townships,) = (row for row in matrix if "各乡镇每年场次" in str(row[0]))
    assert str(townships[0]).startswith("　└ ")
    assert townships[4:7] == ["√ 达到 1；× 未达到 3", "√ 达到 1；× 未达到 2", "× 未达到"]
    rates = {(row[2].value, row[3].value): row for row in book["历年比率"].iter_rows(min_row=2)}
    first = rates["甲县", 2022]
    assert [c.value for c in first[4:7]] == [72, 140, 0.514]
    assert first[6].number_format == "0.0%"
    assert str(rates["甲县", 2020][9].value).startswith("居民数所属区划与今日不同")
    unjudged = list(book["未判定"].iter_rows(min_row=2, values_only=True))
    assert [(row[3], row[5]) for row in unjudged] == [(2, "甲县、乙县")]
    printed = {(page.print_title_rows, page.page_setup.orientation, page.page_setup.paperSize) for page in book}
    assert printed == {("$1:$1", "landscape", 9)}
    verdicts, places = book["判定"], book["地点"]
    assert (verdicts.sheet_properties.pageSetUpPr.fitToPage, verdicts.page_setup.fitToHeight) == (True, 0)
    assert places.max_column > 20
    assert not places.sheet_properties.pageSetUpPr.fitToPage, "hundreds of columns on one page could not be read"
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)


def test_markdown_tells_every_part(lms: LMS, tmp_path: Path) -> None:
    plain = lms.report(tmp_path / "r.md", "2022").read_text(encoding="utf-8")
    assert "| └ 各乡镇每年场次 / sessions of each township a year ≠ sessions-twice | ≥ 2 | √ 达到 1；× 未达到 3 |" in plain
    assert "| 甲县 | — | 28.6% | 51.4% |" in plain
    assert "居民数所属区划与今日不同 / residents are of other borders: 甲县 2020、乙县 2020" in plain
    assert "2021-04-01 起 甲县并入 卯镇" in plain
    assert "教育局 / education bureau · 牵头 / lead: 牵头实施 / lead the work (三)" in plain


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("ending", ["html", "xlsx", "json", "md"])
def test_one_city_gives_one_file_to_the_byte_in_both_languages(lms: LMS, tmp_path: Path, ending: str, lang: Any) -> None:
    first = lms.report(tmp_path / f"a.{ending}", "2022", lang=lang).read_bytes()
    assert lms.report(tmp_path / f"b.{ending}", "2022", lang=lang).read_bytes() == first


def test_a_report_on_the_city_names_it_once(lms: LMS, tmp_path: Path) -> None:
    """Asked by its code or for the whole database: the document's part is the same."""
    assert document(lms, tmp_path, place=CITY) == document(lms, tmp_path)
