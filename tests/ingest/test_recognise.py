"""Who sent a file: by its title, its sheet, its name and its folders; never guessed where two fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from commlms.ingest.recognise import Sender, Senders
from commlms.store.geography import Geography
from tests.ingest.clerk import empty

DAY = 20_220_331
PLACES = (
    {"code": "1", "name": "云岭市", "level": "city"},
    {"code": "11", "name": "东区", "level": "county", "parent": "1"},
    {"code": "12", "name": "西区", "level": "county", "parent": "1"},
    {"code": "111", "name": "银江镇", "level": "township", "parent": "11"},
    {"code": "1111", "name": "银江村村民委员会", "level": "village", "parent": "111"},
    {"code": "1112", "name": "幸福社区居民委员会", "level": "village", "parent": "111"},
    {"code": "121", "name": "清香坪街道", "level": "township", "parent": "12", "aliases": "清香坪新村"},
    {"code": "1211", "name": "幸福社区居民委员会", "level": "village", "parent": "121"},
    {"code": "1212", "name": "老街社区", "level": "village", "parent": "121", "until": "2021-07-01"},
    {"code": "1213", "name": "新街社区", "level": "village", "parent": "121", "since": "2021-07-01"},
)


@pytest.fixture(scope="module")
def senders() -> Iterator[Senders]:
    with empty() as lms:
        lms.add([p for p in PLACES if "since" not in p and "until" not in p], "place")
        lms.add([p for p in PLACES if "since" in p or "until" in p], "place")
        lms.add([{"code": "J1", "name": "江畔学堂", "place": "111", "nameplates": "社区家长学校"}], "institution")
        yield Senders(lms.database, DAY)


def code(senders: Senders, sender: Sender) -> str | None:
    state = senders.geography.at(sender.place, DAY) if sender.place else None
    return state.code if state else None


@pytest.mark.parametrize(
    ("titles", "sheet", "path", "sender"),
    [
        (("银江镇2022年活动台账",), "", (), "111"),
        (("银江镇人民政府活动台账",), "", (), "111"),
        (("清香坪街道办事处台账",), "Sheet1", ("台账",), "121"),
        (("清香坪街道社区教育学校活动台账",), "", (), "121"),
        (("活动台账",), "银江镇", (), "111"),
        (("活动台账",), "1月", ("东区", "银江镇", "台账"), "111"),
        (("活动台账",), "", ("2022年银江台账",), "111"),  # of 银江镇 and 银江村 the higher one
        (("活动台账",), "", ("清香坪新村3月",), "121"),  # an everyday name
        (("填报单位：银江镇    填报日期：2022.4.1",), "", (), "111"),
        (("填报单位（盖章）：银江镇填表人：幸福社区",), "", (), "111"),
        (("幸福社区活动台账",), "", ("清香坪街道",), "1211"),  # one name twice: the folder says which
        (("银江镇幸福社区居委会",), "", (), "1112"),
        (("云岭市社区教育台账",), "", ("银江镇",), "111"),  # the office's own place sends nothing
        (("填报单位：银江镇", "幸福社区防诈骗讲座"), "", (), "111"),  # who reports is not where it was
        (("活动主题：清香坪街道参观  主办单位：江畔学堂",), "", (), "111"),  # an organiser where nothing else is said
        (("江畔学堂签到表",), "", (), "111"),
        (("社区家长学校",), "", (), "111"),
        (("新街社区",), "", (), "1213"),
    ],
)
def test_the_sender_is_the_place_that_everything_agrees_with(
    senders: Senders, titles: tuple[str, ...], sheet: str, path: tuple[str, ...], sender: str
) -> None:
    """The longest name counts, and of places one above the other the lowest."""
    assert code(senders, senders.find(titles, sheet, path)) == sender


def test_a_name_of_two_places_lists_both(senders: Senders) -> None:
    """And says what to do."""
    found = senders.find(("幸福社区活动台账",), "", ())
    assert found.place is None
    why = found.why(senders.geography, DAY)
    assert "1112 幸福社区居民委员会" in why.zh
    assert "1211 幸福社区居民委员会" in why.zh
    assert "--under" in why.en


def test_a_title_that_contradicts_the_file_name_is_said(senders: Senders) -> None:
    """Nobody is taken for the sender."""
    found = senders.find(("银江镇活动台账",), "", ("清香坪街道台账",))
    assert found.place is None
    assert found.why(senders.geography, DAY).zh.startswith("标题写的是银江镇，文件名写的是清香坪街道")
    assert senders.find(("填报单位：银江镇",), "", ("西区", "清香坪街道")).place is None


def test_nothing_named_says_how_to_name_it(senders: Senders) -> None:
    """A village that has ended sends nothing any more."""
    for titles in (("活动台账",), ("老街社区台账",)):
        found = senders.find(titles, "Sheet1", ("台账",))
        assert (found.place, found.several, found.against) == (None, (), None)
        assert "填报单位" in found.why(senders.geography, DAY).en


def test_an_organiser_is_asked_last(senders: Senders) -> None:
    """A ledger all of whose rows have one organiser is that organiser's place's."""
    assert code(senders, senders.find(("活动台账",), "", (), ["江畔学堂"])) == "111"
    assert code(senders, senders.find(("清香坪街道台账",), "", (), ["江畔学堂"])) == "121"


def test_an_office_without_a_common_top_has_no_place_of_its_own(senders: Senders) -> None:
    with empty() as lms:
        lms.add([{"code": "11", "name": "东区", "level": "county"}, {"code": "12", "name": "西区", "level": "county"}], "place")
        assert Senders(lms.database, DAY).find(("东区台账",), "", ()).place == lms.place("11")


def test_a_village_is_found_by_the_body_that_runs_it(senders: Senders) -> None:
    """As streets write it; two bodies of one name are told apart by their own words."""
    with empty() as lms:
        lms.add([
            {"code": "1", "name": "仁和镇", "level": "township"},
            {"code": "101", "name": "沙沟社区居民委员会", "level": "village", "parent": "1"},
            {"code": "102", "name": "沙沟社区村民委员会", "level": "village", "parent": "1"},
            {"code": "103", "name": "莲花村", "level": "village", "parent": "1"},
            {"code": "104", "name": "河东社区", "level": "village", "parent": "1"},
            {"code": "2", "name": "南街街道办事处", "level": "township"},
        ], "place")
        for word, code_ in {
            "沙沟社区村委会": "102", "沙沟社区居委会": "101", "莲花村民委员会": "103", "莲花村村委会": "103", "莲花村委": "103",
            "河东社区居民委员会": "104", "河东居委会": "104", "南街街道": "2", "南街街办": "2", "仁和镇人民政府": "1", "仁和镇政府": "1",
        }.items():
            assert lms.place(word) == lms.place(code_), word
        assert len(senders.geography.find("幸福社区", DAY)) == 2


def test_a_village_that_ended_is_a_home_for_its_time(senders: Senders) -> None:
    """Looked up on the row's day."""
    geography = senders.geography
    assert len(geography.find("老街社区", 20_210_630)) == 1
    assert geography.find("老街社区", 20_210_701) == []


@pytest.fixture
def homes() -> Iterator[Callable[..., list[str]]]:
    """Codes that a home means, looked up below a sender (its code, or nothing)."""
    with empty() as lms:
        lms.add([
            {"code": code, "name": name, "level": level, "parent": code[:-1]} for code, name, level in (
                ("1", "南山市", "city"), ("11", "东河区", "county"), ("12", "西河区", "county"), ("111", "银江街道", "township"),
                ("121", "清香坪街道", "township"), ("1111", "幸福社区", "village"), ("1112", "竹湖园社区", "village"),
                ("1211", "幸福社区", "village"), ("1212", "倮果村", "village"), ("1113", "银江村", "village"),
            )
        ], "place")
        geography = Geography(lms.database)

        def codes(text: str, under: str = "") -> list[str]:
            found = geography.find(text, DAY, lms.place(under) if under else None)
            return [state.code for p in found if (state := geography.at(p, DAY))]

        yield codes


def test_a_home_is_found_behind_any_of_the_places_above_it(homes: Callable[..., list[str]]) -> None:
    """Levels may be skipped, and each written as its body or without its ending; what is above another place is nowhere."""
    for text, code_ in {
        "西河区幸福社区": "1211", "南山市西河区幸福社区居委会": "1211", "银江幸福社区": "1111", "银江街道办事处竹湖园社区": "1112",
        "西河区 清香坪 倮果": "1212", "南山市倮果村村民委员会": "1212",
    }.items():
        assert homes(text) == [code_], text
    for text in ("东河区倮果村", "西河区东河区幸福社区", "清香坪银江幸福社区", "外地", "社区", "幸福小区", "幸福" * 20_000):
        assert homes(text) == [], text
    assert homes("南山市幸福社区") == ["1111", "1211"]


def test_an_everyday_name_without_ending_means_a_place_only_below_the_sender(homes: Callable[..., list[str]]) -> None:
    """竹湖园 in a list of 银江街道; elsewhere it may be anything."""
    assert (homes("竹湖园", "111"), homes("幸福", "12"), homes("银江", "11")) == (["1112"], ["1211"], ["111", "1113"])
    assert (homes("竹湖园"), homes("竹湖园", "121"), homes("倮果", "111")) == ([], [], [])


def test_a_group_or_a_house_number_behind_a_home_is_left_away(homes: Callable[..., list[str]]) -> None:
    """The place is what counts; a house alone is none."""
    for text in ("倮果村3组", "倮果村三社12号", "西河区倮果村第2村民小组"):
        assert homes(text) == ["1212"], text
    assert (homes("竹湖园社区2栋1单元301室"), homes("幸福小区3栋"), homes("3组")) == (["1112"], [], [])
