"""One lecture that two senders report: listed until a person decides; and what was decided of people goes with their row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from commlms import LMS
from tests.ingest.clerk import column, csv_file, new_city


@pytest.fixture
def city() -> Iterator[LMS]:
    with new_city() as lms:
        lms.add([{"code": "JG2", "name": "清香坪社区学校", "place": "510403001"}], "institution")
        yield lms


def sent(folder: Path, street: str, *rows: str, head: str = "活动日期,活动主题,场地,参加人数", name: str = "台账") -> Path:
    return csv_file(folder, f"{street}2022年3月{name},,,", head, *rows, name=f"{street}{name}.csv")


def themes(lms: LMS) -> list[tuple[str, str]]:
    return [d.themes for d in lms.office.possible_doubles()]


def test_one_day_one_theme_and_one_venue_may_be_one_activity(city: LMS, tmp_path: Path) -> None:
    """Also where one theme is part of the other; another day, another hall or a common theme alone is none."""
    sent(tmp_path, "大渡口街道", "2022-03-07,消防安全大讲堂,工人文化宫,80", "2022-03-08,茶艺,,20", "2022-03-09,合唱,一号厅,20")
    sent(tmp_path, "清香坪街道", "2022-03-07,春季消防安全大讲堂,工人文化宫,80", "2022-03-08,茶艺,,20", "2022-03-09,合唱,二号厅,20")
    city.office.take([tmp_path])
    assert themes(city) == [("消防安全大讲堂", "春季消防安全大讲堂")]


def test_a_venue_that_many_have_is_a_word_and_no_place(city: LMS, tmp_path: Path) -> None:
    """Every street has a meeting room."""
    city.add({"code": "JG3", "name": "三号学校", "place": "510402"}, "institution")
    city.add({"code": "S9", "institution": "JG3", "on": "2022-01-09", "theme": "别的", "venue": "会议室"}, "session")
    for street in ("大渡口街道", "清香坪街道"):
        sent(tmp_path, street, "2022-03-07,消防安全,会议室,80")
    city.office.take([tmp_path])
    assert themes(city) == []


def test_some_of_the_same_names_make_a_double_that_a_decision_ends(city: LMS, tmp_path: Path) -> None:
    """Decided to be one or two, it is not asked again; taken back, it is."""
    head = "姓名,出生日期,活动日期,活动主题"
    for street, other in (("大渡口街道", "钱多,1950-01-01"), ("清香坪街道", "孙少,1951-01-01")):
        sent(tmp_path, street, "李雷,1970-05-06,2022-03-07,读书日", f"{other},2022-03-07,读书日", head=head, name="名单")
    city.office.take([tmp_path])
    (double,) = city.office.possible_doubles()
    assert (double.on, double.same_names, double.organisers) == ("2022-03-07", True, ("大渡口社区学校", "清香坪社区学校"))
    for decide in (city.different, city.same):
        journal = decide("session", double.one, double.other)
        assert themes(city) == []
        city.undo(journal)
        assert themes(city) == [("读书日", "读书日")]
    assert city.recount(check=True) == []


def test_what_was_decided_of_a_row_goes_when_the_row_does(city: LMS, tmp_path: Path) -> None:
    """Held, decided to be somebody, and no longer in the later list: the visit goes, the person who was there before stays."""
    head, rest = "姓名,出生日期,活动日期,活动主题", [f"人{n},19{n}-01-01,2022-03-07,读书日" for n in range(40, 50)]
    path = sent(tmp_path, "大渡口街道", "王芳,1955,2022-03-07,读书日", *rest, head=head, name="名单")
    city.office.take([path])
    assert column(city, "unmatched", "state") == ["待定"]
    (case,) = [c for c in city.office.open_cases() if c.kind == "held"]
    city.office.decide(case, "same")
    visits = len(list(city.rows("participation")))
    before = city.database.execute("SELECT COUNT(*) FROM participation JOIN learner ON id = learner WHERE code = 'L1'").fetchone()
    assert before == (1,)
    again = city.office.take([path])
    assert [f.kind for f in again] == ["same"]
    (fate,) = city.office.take([sent(tmp_path, "大渡口街道", *rest, head=head, name="名单")])
    assert fate.kind == "taken", fate.why
    assert len(list(city.rows("participation"))) == visits - 1
    assert list(city.rows("unmatched")) == []
    assert "L1" in column(city, "learner", "code")
    assert city.recount(check=True) == []
    assert fate.journal
    city.undo(fate.journal)
    assert len(list(city.rows("participation"))) == visits
    assert city.recount(check=True) == []


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_a_session_that_its_sender_withdraws_goes_with_what_was_decided_of_it(city: LMS, tmp_path: Path, verdict: str) -> None:
    """Of three senders of one lecture the first withdraws it: the others stay one, and what stands for both is theirs."""
    city.add({"code": "510403002", "name": "玉泉街道", "level": "township", "kind": "street", "parent": "510403"}, "place")
    city.add({"code": "JG3", "name": "玉泉社区学校", "place": "510403002"}, "institution")
    for street, number in (("大渡口街道", 80), ("清香坪街道", 90), ("玉泉街道", 100)):
        sent(tmp_path, street, f"2022-03-07,读书日,工人文化宫,{number}", "2022-03-08,茶艺,,20")
        city.office.take([tmp_path])
    first, *others = [row.reference for row in city.rows("session") if row.cells["theme"] == "读书日"]
    for other in others:
        (city.same if verdict == "same" else city.different)("session", first, other)
    metric, place = city.metric("core.unnamed_visits"), city.place("5104")

    def visits() -> int | None:
        return city.figures("2022").figure(metric, place).numerator

    before = visits()
    (fate,) = city.office.take([sent(tmp_path, "大渡口街道", "2022-03-08,茶艺,,20", "2022-03-09,合唱,,30")])
    assert [row.reference for row in city.rows("session") if row.cells["theme"] == "读书日"] == others
    assert (before, visits()) == ((140, 180) if verdict == "same" else (330, 280))
    assert city.recount(check=True) == []
    assert [f for f in city.doctor() if f.bad] == []
    assert fate.journal
    city.undo(fate.journal)
    assert visits() == before
    assert city.recount(check=True) == []


def test_a_village_that_ended_is_a_home_for_its_time(city: LMS, tmp_path: Path) -> None:
    """On the day of the session it stood; a later one names it in vain."""
    ended = {"code": "510402001009", "name": "老街村村民委员会", "level": "village", "parent": "510402001", "until": "2022-03-15"}
    city.add(ended, "place")
    head = "姓名,出生日期,居住地,活动日期,活动主题"
    rows = ("赵新,1951-01-01,老街村委会,2022-03-07,读书日", "钱多,1952-01-01,老街村,2022-03-20,读书日")
    (fate,) = city.office.take([sent(tmp_path, "大渡口街道", *rows, head=head, name="名单")])
    assert (fate.counts["new"], fate.counts["rejected"]) == (1, 1)
    assert [(p.code, p.cell) for p in fate.problems] == [("unknown_place", "C4")]
    assert city.recount(check=True) == []


def test_a_ledger_and_a_sign_in_sheet_of_one_sender_may_mean_one_lecture(city: LMS, tmp_path: Path) -> None:
    """The sheet's title says the place before the theme; two lines of one ledger are two activities."""
    sent(tmp_path, "大渡口街道", "2022-03-07,防诈骗讲座,,7", "2022-03-08,茶艺课,,5", "2022-03-08,中级茶艺课,,5")
    csv_file(
        tmp_path, "大渡口街道河口社区防诈骗讲座签到表,,", "时间：2022年3月7日,,", "序号,姓名,电话", "1,王芳,", "2,李雷,",
        name="大渡口街道签到表.csv",
    )
    city.office.take([tmp_path])
    ((one, other),) = themes(city)
    assert {one, other} >= {"防诈骗讲座"}
