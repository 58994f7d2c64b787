"""The activity ledger: what a number says, what is no row, which row is which session."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlms import LMS
from tests.ingest.clerk import book_file, column, counts, csv_file, dump, found

HEADER = "主办单位,活动日期,开始时间,活动主题,参加人数,未签到人数"


def _headcounts(city: LMS) -> list[tuple[str, str, str]]:
    """(session, counts, persons) of every headcount, sessions by their theme."""
    themes = {r.reference: r.cells["theme"] for r in city.rows("session")}
    return [(themes[r.cells["session"]], r.cells["counts"], r.cells["persons"]) for r in city.rows("headcount")]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("50", "50"), ("５０", "50"), ("50人", "50"), ("50人次", "50"), ("1,200", None), ("0", "0"),
        ("约50", "约50"), ("约 50 人", "约50"), ("大约50", "约50"), ("近50", "约50"), ("将近50人", "约50"), ("50余", "约50"),
        ("50余人", "约50"), ("50余名", "约50"), ("50多人", "约50"), ("50左右", "约50"), ("50人左右", "约50"), ("超50人", "约50"),
        ("50.5", None), ("五十", None), ("50-60", None), ("-1", None),
    ],
)
def test_a_number_of_people_is_kept_as_exact_or_about(city: LMS, tmp_path: Path, written: str, kept: str | None) -> None:
    """约50 is 50 and is remembered as about; what is no number is refused, never guessed."""
    result = city.import_file("ledger", csv_file(tmp_path, HEADER, f'JG1,2022-03-07,,茶艺,"{written}",'))
    assert [persons for _, _, persons in _headcounts(city)] == ([] if kept is None else [kept])
    assert result.rejected == (1 if kept is None else 0)


@pytest.mark.parametrize("word", ["合计", "小计", "总计", "合 计", "合计：", "共计", "Total", "例：大渡口", "示例：x"])
def test_a_row_of_sums_or_an_example_is_no_row(city: LMS, tmp_path: Path, word: str) -> None:
    """It is counted apart and makes no session."""
    path = csv_file(tmp_path, HEADER, "JG1,2022-03-07,,茶艺,30,", f"{word},,,,30,", f",{word},,,30,")
    assert counts(city.import_file("ledger", path)) == (1, 1, 0, 0, 0, 0, 2)
    assert _headcounts(city) == [("茶艺", "到场", "30")]


def test_a_theme_that_begins_like_an_example_is_a_row(city: LMS, tmp_path: Path) -> None:
    """例会 is a regular meeting."""
    path = csv_file(tmp_path, "活动主题,主办单位,活动日期,参加人数", "例会学习,JG1,2022-03-07,30")
    assert counts(city.import_file("ledger", path)) == (1, 1, 0, 0, 0, 0, 0)


def test_the_same_key_again_changes_the_row(city: LMS, tmp_path: Path) -> None:
    """Organiser, date, start and theme without spaces, signs and width: first new, then unchanged, then changed."""
    first = csv_file(tmp_path, HEADER, "JG1,2022-03-07,09:00,秋季 健康讲座（一）,30,")
    again = csv_file(tmp_path, HEADER, "大渡口社区学校,2022.3.7,9:00,“秋季健康讲座”（１）,30,", name="b.csv")
    other = csv_file(tmp_path, HEADER, "大渡口社区学校,2022.3.7,9:00,秋季健康讲座(一),35,", name="c.csv")
    assert counts(city.import_file("ledger", first)) == (1, 1, 0, 0, 0, 0, 0)
    assert city.import_file("ledger", again).new == 1
    assert counts(city.import_file("ledger", other)) == (1, 0, 1, 0, 0, 0, 0)
    assert counts(city.import_file("ledger", other)) == (1, 0, 0, 1, 0, 0, 0)
    assert [persons for _, _, persons in _headcounts(city)] == ["35", "30"]


def test_two_starts_are_two_sessions_in_one_file_and_in_two(city: LMS, tmp_path: Path) -> None:
    """A second meeting in the afternoon never takes the place of the one in the morning."""
    city.import_file("ledger", csv_file(tmp_path, HEADER, "JG1,2022-03-07,09:00,茶艺,30,"))
    assert city.import_file("ledger", csv_file(tmp_path, HEADER, "JG1,2022-03-07,14:00,茶艺,40,")).new == 1
    assert _headcounts(city) == [("茶艺", "到场", "30"), ("茶艺", "到场", "40")]


def test_a_row_without_start_means_the_one_session_there_is_or_is_held(city: LMS, tmp_path: Path) -> None:
    """With one session of that day and theme it is that one; with two it cannot be known which."""
    city.import_file("ledger", csv_file(tmp_path, HEADER, "JG1,2022-03-07,09:00,茶艺,30,"))
    assert counts(city.import_file("ledger", csv_file(tmp_path, HEADER, "JG1,2022-03-07,,茶艺,31,"))) == (1, 0, 1, 0, 0, 0, 0)
    city.import_file("ledger", csv_file(tmp_path, HEADER, "JG1,2022-03-07,14:00,茶艺,40,"))
    result = city.import_file("ledger", csv_file(tmp_path, HEADER, "JG1,2022-03-07,,茶艺,50,"))
    assert found(result) == [("ambiguous_session", 2, "A2")]
    assert _headcounts(city) == [("茶艺", "到场", "31"), ("茶艺", "到场", "40")]


def test_a_ledger_row_and_a_sign_in_list_mean_one_session(city: LMS, tmp_path: Path) -> None:
    """S1 has two names signed in; the ledger says 30 were present: one session, both facts."""
    signed = csv_file(
        tmp_path, "姓名,出生日期,主办单位,活动日期,开始时间,活动主题",
        "王芳,1955-08-09,JG1,2022-03-05,09:00,健康讲座", "李雷,1970-05-06,JG1,2022-03-05,09:00,健康讲座。",
    )
    assert city.import_file("participation", signed).new == 2
    result = city.import_file("ledger", csv_file(tmp_path, HEADER, "JG1,2022-03-05,9时,健康讲座,30,5"))
    assert counts(result) == (1, 0, 1, 0, 0, 0, 0)
    assert _headcounts(city) == [("健康讲座", "到场", "30"), ("健康讲座", "另计", "5")]
    assert column(city, "session", "code") == ["S1", "S2"]


def test_themes_of_signs_alone_are_told_apart(city: LMS, tmp_path: Path) -> None:
    """A theme without letters is compared as it is written."""
    path = csv_file(tmp_path, HEADER, "JG1,2022-03-07,,★,30,", "JG1,2022-03-07,,♥,40,")
    assert counts(city.import_file("ledger", path)) == (2, 2, 0, 0, 0, 0, 0)


def test_a_length_takes_its_unit_from_the_cell_or_the_header(city: LMS, tmp_path: Path) -> None:
    """1.5 under 时长(小时) is 90 minutes; 90分钟 says so itself; 2 under 学时 is 90; 26 hours are too long."""
    header = "主办单位,活动日期,活动主题,时长(小时)"
    rows = ["JG1,2022-03-07,甲,1.5", "JG1,2022-03-07,乙,90分钟", "JG1,2022-03-07,丙,２", "JG1,2022-03-07,丁,26", "JG1,2022-03-07,戊,-1"]
    result = city.import_file("ledger", csv_file(tmp_path, header, *rows))
    assert column(city, "session", "minutes")[2:] == ["90", "90", "120"]
    assert found(result) == [("too_large", 5, "D5"), ("negative", 6, "D6")]
    city.import_file("ledger", book_file(tmp_path, [["主办单位", "活动日期", "活动主题", "学时"], ["JG1", "2022-03-08", "己", 2]]))
    assert column(city, "session", "minutes")[-1] == "90"


def test_another_code_for_a_stored_session_is_a_conflict(city: LMS, tmp_path: Path) -> None:
    """The same organiser, date, start and theme cannot have two codes; the stored one stays."""
    path = csv_file(tmp_path, "场次编号,主办单位,活动日期,开始时间,活动主题", "S9,JG1,2022-03-05,09:00,健康讲座")
    assert city.import_file("session", path).rejected == 1
    assert column(city, "session", "code") == ["S1", "S2"]


@pytest.mark.parametrize("rejected_row", ["", "JG1,坏,,书法,30,"])
def test_a_dry_run_gives_the_numbers_of_the_real_run_and_writes_nothing(city: LMS, tmp_path: Path, rejected_row: str) -> None:
    """New, changed, unchanged, rejected, not counted, compared with a dump of the whole database."""
    city.import_file("ledger", csv_file(tmp_path, HEADER, "JG1,2022-03-07,,茶艺,30,", "JG1,2022-03-08,,书法,30,"))
    path = csv_file(
        tmp_path, HEADER, "JG1,2022-03-07,,茶艺,31,", "JG1,2022-03-08,,书法,30,", "JG1,2022-03-09,,摄影,约9,", rejected_row, "合计,,,,70,",
    )
    before = dump(city)
    dry = city.import_file("ledger", path, dry_run=True)
    assert dump(city) == before
    assert dry.journal is None
    real = city.import_file("ledger", path)
    assert counts(dry) == counts(real) == (3 + bool(rejected_row), 1, 1, 1, 0, int(bool(rejected_row)), 1)
    assert dump(city) != before


def test_strict_writes_nothing_if_one_row_is_wrong(city: LMS, tmp_path: Path) -> None:
    """And everything if none is."""
    before = dump(city)
    bad = csv_file(tmp_path, HEADER, "JG1,2022-03-07,,茶艺,30,", "JG1,坏,,书法,30,")
    assert city.import_file("ledger", bad, strict=True).rejected == 1
    assert dump(city) == before
    assert city.import_file("ledger", csv_file(tmp_path, HEADER, "JG1,2022-03-07,,茶艺,30,"), strict=True).new == 1
