"""Deliveries: taken whole, replaced by later ones, taken back to the exact former content."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS, UndoRefused
from commlms.ingest.deliveries import Fate
from tests.ingest.clerk import column, csv_file, new_city

HEAD = "活动日期,活动主题,时长,参加人数"
SUM = ("new", "changed", "unchanged", "held", "unnamed", "rejected", "not_counted")


def ledger(folder: Path, name: str, *rows: str, title: str = "大渡口街道2022年3月活动台账", later: int = 0) -> Path:
    """A ledger under its title, as a street sends it; ``later`` files are of a later moment."""
    path = csv_file(folder, f"{title},,,", HEAD, *rows, name=name)
    os.utime(path, (1_660_000_000 + later, 1_660_000_000 + later))
    return path


@pytest.fixture
def city() -> Iterator[LMS]:
    with new_city() as lms:
        lms.add([{"code": "JG2", "name": "清香坪社区学校", "place": "510403001"}], "institution")
        yield lms


def told(fates: Sequence[Fate]) -> list[tuple[str, str, int]]:
    return [(f.paper.path.name, f.kind, f.turn) for f in fates]


def content(lms: LMS) -> Mapping[str, list[tuple[Any, ...]]]:
    """Everything but what tells of the writing itself."""
    tables = sorted(lms.database.tables() - {"journal", "journal_old", "meta", "_sqlite_migrations"})
    return {t: lms.database.execute(f'SELECT * FROM "{t}" ORDER BY 1, 2').fetchall() for t in tables if not t.startswith("sqlite")}


def facts(lms: LMS) -> tuple[list[str], ...]:
    """What is known of sessions and people, whatever the numbers of the rows."""
    return tuple(sorted(" ".join(r.cells.values()) for r in lms.rows(record)) for record in ("session", "learner"))


def whole(lms: LMS, fates: Sequence[Fate]) -> None:
    """No row is lost from the sums, and the totals are what a recount gives."""
    for fate in fates:
        if fate.counts:
            assert fate.counts["read"] == sum(fate.counts[n] for n in SUM), fate
    assert lms.recount(check=True) == []


def test_a_ledger_is_taken_under_its_sender_and_period(city: LMS, tmp_path: Path) -> None:
    """The title names street and month; the organiser, which it does not name, is the street's only school."""
    ledger(tmp_path, "三月.csv", "2022-03-07,茶艺,90,30", "2022-03-08,书法,90,约20", "合计,,,50")
    fates = city.office.take([tmp_path])
    assert told(fates) == [("三月.csv", "taken", 1)]
    assert {n: c for n, c in fates[0].counts.items() if c} == {"read": 3, "new": 2, "not_counted": 1}
    assert [(r.cells["sender"], r.cells["shape"], r.cells["period"], r.cells["turn"]) for r in city.rows("delivery")] == [
        ("510402001", "ledger", "2022-03", "1")
    ]
    assert column(city, "session", "institution") == ["JG1", "JG1", "JG1", "JG1"]
    entry = city.imports()[0]
    assert (entry.action, entry.record, entry.under, entry.read, entry.new, entry.not_counted) == ("take", "delivery", "510402001", 3, 2, 1)
    whole(city, fates)


def test_the_same_again_changes_nothing(city: LMS, tmp_path: Path) -> None:
    """Not even under another name."""
    path = ledger(tmp_path, "三月.csv", "2022-03-07,茶艺,90,30")
    city.office.take([path])
    before = content(city)
    path.rename(tmp_path / "三月份.csv")
    fates = city.office.take([tmp_path])
    assert told(fates) == [("三月份.csv", "same", 1)]
    assert content(city) == before


def test_a_later_delivery_replaces_the_former_and_undo_brings_it_back(city: LMS, tmp_path: Path) -> None:
    """What it does not say goes, what it says otherwise is changed, what is new comes."""
    rows = ["2022-03-07,茶艺,90,30", "2022-03-08,书法,90,20", "2022-03-09,合唱,90,40", "2022-03-10,国画,60,10", "2022-03-11,摄影,60,9"]
    city.office.take([ledger(tmp_path, "三月.csv", *rows)])
    before, learned = content(city), facts(city)
    fates = city.office.take([ledger(tmp_path, "三月（重报）.csv", "2022-03-07,茶艺,90,33", *rows[2:], "2022-03-12,戏曲,90,25")])
    assert told(fates) == [("三月（重报）.csv", "taken", 2)]
    assert [fates[0].counts[n] for n in ("new", "changed", "unchanged")] == [1, 1, 3]
    assert fates[0].removed == 2  # the session and its headcount
    assert column(city, "session", "theme")[2:] == ["茶艺", "合唱", "国画", "摄影", "戏曲"]
    assert [(r.cells["turn"], bool(r.cells["replaced_by"])) for r in city.rows("delivery")] == [("1", True), ("2", False)]
    whole(city, fates)
    first, second = (e.id for e in reversed(city.imports()))
    with pytest.raises(UndoRefused, match=str(second)):
        city.undo(first)
    city.undo(second)
    assert content(city) == before
    assert city.recount(check=True) == []
    city.undo(first)
    assert facts(city) != learned
    assert list(city.rows("delivery")) == []


def test_the_order_of_files_does_not_matter(city: LMS, tmp_path: Path) -> None:
    """Of two versions the one that says so comes later, else the one written later."""
    a = ledger(tmp_path, "台账（重报）.csv", "2022-03-07,茶艺,90,33")
    b = ledger(tmp_path, "台账.csv", "2022-03-07,茶艺,90,30", later=500)
    c = ledger(tmp_path, "西.csv", "2022-03-07,棋艺,90,30", title="清香坪街道2022年3月活动台账")
    results = []
    for paths in ([a, b, c], [c, b, a], [tmp_path]):
        with new_city() as lms:
            lms.add([{"code": "JG2", "name": "清香坪社区学校", "place": "510403001"}], "institution")
            fates = lms.office.take(paths)
            assert sorted(told(fates)) == [("台账.csv", "taken", 1), ("台账（重报）.csv", "taken", 2), ("西.csv", "taken", 1)]
            results.append(content(lms))
    assert results[0] == results[1] == results[2]


def test_an_older_version_that_comes_later_is_not_taken(city: LMS, tmp_path: Path) -> None:
    """By its name it is not the correction."""
    city.office.take([ledger(tmp_path, "台账（重报）.csv", "2022-03-07,茶艺,90,33")])
    fates = city.office.take([ledger(tmp_path, "台账.csv", "2022-03-07,茶艺,90,30")])
    assert told(fates) == [("台账.csv", "not_taken", 2)]
    assert "更晚" in fates[0].why.zh


def test_a_delivery_that_says_over_a_fifth_less_is_taken_only_when_told(city: LMS, tmp_path: Path) -> None:
    """Four of five is a fifth less; three of five is more than that."""
    rows = [f"2022-03-{day:02d},主题{day},90,30" for day in range(1, 6)]
    city.office.take([ledger(tmp_path, "a.csv", *rows)])
    before = content(city)
    less = ledger(tmp_path, "b.csv", *rows[:3])
    assert told(city.office.take([less])) == [("b.csv", "not_taken", 2)]
    assert content(city) == before
    assert told(city.office.take([ledger(tmp_path, "c.csv", *rows[:4])])) == [("c.csv", "taken", 2)]
    assert told(city.office.take([less], fewer=True)) == [("b.csv", "taken", 3)]
    assert column(city, "session", "theme")[2:] == ["主题1", "主题2", "主题3"]


def test_a_file_without_one_good_row_replaces_nothing(city: LMS, tmp_path: Path) -> None:
    """The former stays whole, and the problems are listed."""
    city.office.take([ledger(tmp_path, "a.csv", "2022-03-07,茶艺,90,30")])
    before = content(city)
    fates = city.office.take([ledger(tmp_path, "b.csv", "2022-03-37,茶艺,90,30")])
    assert told(fates) == [("b.csv", "not_taken", 2)]
    assert [(p.file, p.sheet, p.line, p.cell) for p in fates[0].problems] == [("b.csv", "", 3, "A3")]
    assert content(city) == before


def test_a_row_that_another_live_delivery_says_stays(city: LMS, tmp_path: Path) -> None:
    """Two shapes of one sender say one session; when the first no longer does, it is the other's, and goes with that."""
    one, quarter = "2022-03-07,茶艺,90,30", "大渡口街道2022年一季度活动台账"
    march, february = ([f"2022-{m}-{d},主题{d},90,30" for d in range(10, 19)] for m in ("03", "02"))
    city.office.take([ledger(tmp_path, "a.csv", one, *march)])
    city.office.take([ledger(tmp_path, "q.csv", one, *february, title=quarter)])
    city.office.take([ledger(tmp_path, "b.csv", *march)])
    assert "茶艺" in column(city, "session", "theme")
    fates = city.office.take([ledger(tmp_path, "r.csv", *february, title=quarter)])
    assert "茶艺" not in column(city, "session", "theme")
    whole(city, fates)


def test_a_period_that_overlaps_another_is_noted_before_anything_lands(city: LMS, tmp_path: Path) -> None:
    """A quarter's ledger does not replace its months': who takes it should know."""
    city.office.take([ledger(tmp_path, "a.csv", "2022-03-07,茶艺,90,30")])
    q = ledger(tmp_path, "q.csv", "2022-03-07,茶艺,90,30", title="大渡口街道2022年一季度活动台账")
    other = ledger(tmp_path, "o.csv", "2022-04-07,茶艺,90,30", title="大渡口街道2022年4月活动台账")
    notes = {o.paper.name: d.note for o, d in city.office.plan([q, other]).offers}
    assert notes["o.csv"] is None
    assert notes["q.csv"] is not None
    assert "与「a.csv」的 2022-03 重叠" in notes["q.csv"].zh


def test_an_organiser_is_filled_in_where_the_sender_has_only_one(city: LMS, tmp_path: Path) -> None:
    """With two institutions a ledger without the column is not taken, and rows that leave it blank are rejected."""
    rows = ("2022-03-07,茶艺,", "2022-03-08,书法,清香坪社区学校")
    path = csv_file(tmp_path, "大渡口街道2022年3月活动台账,,", "活动日期,活动主题,主办单位", *rows)
    (fate,) = city.office.take([path])
    assert (fate.kind, fate.counts["new"]) == ("taken", 2)
    assert fate.journal
    city.undo(fate.journal)
    city.add({"code": "JG4", "name": "第二学校", "place": "510402001"}, "institution")
    (fate,) = city.office.take([path])
    assert (fate.counts["new"], [(p.code, p.cell) for p in fate.problems]) == (1, [("required", "C3")])
    (fate,) = city.office.take([ledger(tmp_path, "a.csv", "2022-03-07,茶艺,90,30", title="大渡口街道2022年4月活动台账")])
    assert fate.kind == "not_taken"
    assert "「主办单位」" in fate.why.zh


def test_what_others_refer_to_stays(city: LMS, tmp_path: Path) -> None:
    """A session that somebody checked in to is no longer only the delivery's."""
    rows = [f"2022-03-{d},主题{d},90,30" for d in range(10, 20)]
    city.office.take([ledger(tmp_path, "a.csv", *rows)])
    reference = next(r.reference for r in city.rows("session") if r.cells["theme"] == "主题10")
    city.check_in("L1", reference)
    fates = city.office.take([ledger(tmp_path, "b.csv", *rows[1:])])
    assert "主题10" in column(city, "session", "theme")
    whole(city, fates)


def test_a_file_that_is_none_does_not_stop_the_others(city: LMS, tmp_path: Path) -> None:
    """A locked workbook, a picture, a wrong year, no sender: each has its reason, the good one lands."""
    (tmp_path / "locked.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"))
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    ledger(tmp_path, "旧.csv", "2021-03-07,茶艺,90,30", title="大渡口街道2021年3月活动台账")
    ledger(tmp_path, "谁.csv", "2022-03-07,茶艺,90,30", title="2022年3月活动台账")
    ledger(tmp_path, "好.csv", "2022-03-07,茶艺,90,30")
    fates = {f.paper.path.name: f for f in city.office.take([tmp_path], year=2022)}
    assert {n: f.kind for n, f in fates.items()} == {
        "locked.xlsx": "not_taken", "photo.jpg": "not_taken", "旧.csv": "not_taken", "谁.csv": "not_taken", "好.csv": "taken",
    }
    assert "密码" in fates["locked.xlsx"].why.zh
    assert "2021" in fates["旧.csv"].why.zh
    assert "--under" in fates["谁.csv"].why.zh


def test_a_roster_is_taken_and_replaced_people_who_came_stay(city: LMS, tmp_path: Path) -> None:
    """Whoever is no longer in it goes with their home, unless something else is known of them."""
    names = [f"N{n},人{n},19{40 + n}-01-01,幸福社区" for n in range(12)]

    def roster(name: str, rows: Sequence[str]) -> Path:
        return csv_file(tmp_path, "大渡口街道2022年学员名册,,,", "学员编号,姓名,出生日期,居住地", *rows, name=name)

    (fate,) = city.office.take([roster("a.csv", names)])
    assert (fate.kind, fate.counts["new"], fate.offer and fate.offer.shape) == ("taken", 12, "table:learner")
    city.check_in("N0", "S1")
    city.totals.fold()
    before = content(city)
    (fate,) = city.office.take([roster("b.csv", names[2:])])
    assert (fate.removed, "N0" in column(city, "learner", "code"), "N1" in column(city, "learner", "code")) == (1, True, False)
    assert city.recount(check=True) == []
    assert fate.journal
    city.undo(fate.journal)
    assert content(city) == before
    assert [f for f in city.doctor() if f.bad] == []


def test_places_are_no_delivery(city: LMS, tmp_path: Path) -> None:
    """What an office rests on is imported by its own hand."""
    path = csv_file(tmp_path, "代码,名称,级别,上级代码", "510402001002,新村,村,510402001", name="大渡口街道2022年地点.csv")
    (fate,) = city.office.take([path])
    assert fate.kind == "not_taken"
    assert "commlms import place" in fate.why.zh


def test_activities_take_the_place_of_a_nil_report_but_not_the_other_way_round(city: LMS, tmp_path: Path) -> None:
    """本月无活动 and then a ledger after all; nothing to report after a ledger is asked about."""
    nil = ledger(tmp_path, "零.csv", "本月无活动,,,")
    (nothing,) = city.office.take([nil])
    assert (nothing.kind, [s.nil for s in city.office.deliveries("2022").sent]) == ("taken", [True])
    before = content(city)
    (after_all,) = city.office.take([ledger(tmp_path, "三月.csv", "2022-03-07,茶艺,90,30")])
    assert (after_all.kind, [s.nil for s in city.office.deliveries("2022").sent]) == ("taken", [False])
    assert after_all.journal
    assert nothing.journal
    city.undo(after_all.journal)
    assert content(city) == before
    city.undo(nothing.journal)
    city.office.take([tmp_path / "三月.csv"])
    (nothing,) = city.office.take([nil])
    assert nothing.kind == "not_taken"
    assert "零报告" in nothing.why.zh


def test_a_list_answers_for_no_number_that_it_does_not_say(city: LMS, tmp_path: Path) -> None:
    """How many came stands in the ledger alone; the list of names keeps it neither when the ledger withdraws it nor as its own."""
    names = ("姓名,出生日期,活动日期,活动主题", "钱多,1950-01-01,2022-03-07,茶艺")
    sheet = csv_file(tmp_path, "大渡口街道2022年3月名单,,,", *names, name="大渡口街道名单.csv")
    book = ledger(tmp_path, "三月.csv", "2022-03-07,茶艺,90,30", "2022-03-08,书法,90,20", "2022-03-09,合唱,90,20")
    city.office.take([book, sheet])
    said = 'SELECT d.shape FROM delivered x JOIN delivery d ON d.id = x.delivery WHERE x."table" = \'headcount\''
    assert city.database.execute(said).fetchall() == [("ledger",)] * 3
    (fate,) = city.office.take([ledger(tmp_path, "三月.csv", "2022-03-08,书法,90,20", "2022-03-09,合唱,90,20", later=1)], fewer=True)
    assert (fate.kind, fate.removed) == ("taken", 1)
    assert column(city, "session", "theme").count("茶艺") == 1, "whoever came keeps the session"
    assert column(city, "headcount", "persons") == ["20", "20"]
    whole(city, [fate])


def test_names_taken_again_after_others_were_unknown_there_say_nothing_new(city: LMS, tmp_path: Path) -> None:
    """A sign-in sheet with a wrong row, and a list in which somebody of the same activity is not known."""
    head = "姓名,出生日期,居住地,活动日期,活动主题"
    sheet = csv_file(
        tmp_path, "大渡口街道签到表,,", "活动主题：茶艺,时间：2022年3月7日,", "姓名,出生日期,居住地", "钱多,1950-01-01,",
        "孙少,1951-01-01,没有这个村",
        name="大渡口街道签到.csv",
    )
    other = csv_file(tmp_path, "大渡口街道2022年3月名单,,,,", head, "周无,,,2022-03-07,茶艺", name="大渡口街道名单.csv")
    assert {f.kind for f in city.office.take([sheet, other])} == {"taken"}
    before = content(city)
    assert {f.kind for f in city.office.take([sheet, other])} == {"same"}
    assert content(city) == before


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="file names are Unicode there")
def test_a_file_named_on_another_system_is_read_by_the_name_it_was_given(city: LMS, tmp_path: Path) -> None:
    """What was packed on Windows lies here under a name that is no UTF-8; it tells the sender all the same, and a wrong file its name."""
    made = ledger(tmp_path, "三月.csv", "2022-03-07,茶艺,90,30", title="2022年3月活动台账")
    for name in ("大渡口街道台账.csv", "大渡口\n街道.pdf"):
        (tmp_path / os.fsdecode(name.encode("gbk"))).write_bytes(made.read_bytes())
    made.unlink()
    taken, refused = sorted(city.office.take([tmp_path]), key=lambda f: f.kind, reverse=True)
    assert (taken.kind, taken.paper.name, refused.paper.name) == ("taken", "大渡口街道台账.csv", "大渡口 街道.pdf")
    assert [(d.file, d.name) for d in city.office.deliveries("2022-03").sent] == [("大渡口街道台账.csv", "大渡口街道")]
    assert "大渡口" not in refused.why.zh, "it stands before the reason"


def test_a_nil_report_beside_activities_is_asked_about_before_anything_lands(city: LMS, tmp_path: Path) -> None:
    """The plan says what the take does, in whatever shape the activities are."""
    ledger(tmp_path, "零报告.csv", "本月无活动,,,")
    for shape in ("ledger", "sign_in"):
        folder = tmp_path / shape
        folder.mkdir()
        if shape == "ledger":
            ledger(folder, "三月.csv", "2022-03-07,茶艺,90,30")
        else:
            head = ("大渡口街道签到表,,", "活动主题：茶艺,时间：2022年3月7日,", "姓名,出生日期,居住地")
            csv_file(folder, *head, "钱多,1950-01-01,", name="签到.csv")
        with new_city() as lms:
            paths = [tmp_path / "零报告.csv", folder]
            options = lms.office.options(period="2022-03")
            assert [(o.nil, d.kind) for o, d in lms.office.plan(paths, options).offers] == [(False, "new"), (True, "doubtful")]
            assert [f.kind for f in lms.office.take(paths, period="2022-03")] == ["taken", "not_taken"]


def test_what_a_removed_row_was_about_stays_while_the_removal_can_be_undone(city: LMS) -> None:
    """Else neither the removal nor what was removed could ever be taken back."""
    made = city.add({"code": "L9", "name": "周新"}, "learner").journal
    came = city.add({"learner": "L9", "session": "S1"}, "participation").journal
    removed = city.remove("participation", "L9/S1")
    with pytest.raises(UndoRefused, match=f"{removed}"):
        city.undo(made)
    assert "L9" in column(city, "learner", "code")
    for journal in (removed, came, made):
        city.undo(journal)
    assert "L9" not in column(city, "learner", "code")
    assert city.recount(check=True) == []
