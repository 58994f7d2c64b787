"""Recognition: the contract, and who holds what on which day, counted by hand."""

import datetime as dt
from typing import Any

import pytest

import commlms_recognition
from commlms import LMS, RowsRefused
from commlms.testing import check_plugin, figure, load_alone, open_lms, small_city
from commlms_recognition.declarations import Naming, Status

D = dt.date
CITY, EAST, WEST = "9001", "900101", "900102"
STREET, TOWN = "900101001", "900102001"
FIRST, SECOND, THIRD = "900101001001", "900101001002", "900102001201"
LONG_AGO = D(2020, 1, 1)


def title(place: str, kind: str, rank: str, since: D | None = LONG_AGO, **more: Any) -> Status:
    """A title held from a day on; ``more`` says otherwise."""
    return Status(place=place, kind=kind, rank=rank, since=since, **more)


@pytest.fixture
def lms() -> LMS:
    """The small city: two counties, a street and a town, two villages below each."""
    opened = open_lms(load_alone("recognition", commlms_recognition))
    small_city(opened)
    return opened


def test_recognition_keeps_the_contract() -> None:
    """What every plugin is held to; the made-up title ends after it began."""
    check_plugin("recognition", {"recognition.status": {"until": D(2022, 9, 1)}})


@pytest.mark.requirement("R019", "R020", "R021")
def test_a_place_with_both_ranks_is_one_zone_and_in_both_shares(lms: LMS) -> None:
    """East is a provincial and a national experimental zone and a national demonstration zone, west a provincial zone: 2 zones.

    Of the 2 zones 1 is a national experimental zone and 1 a national demonstration zone.
    """
    lms.add([
        title(EAST, "experimental", "province"), title(EAST, "experimental", "nation", D(2021, 5, 1)),
        title(EAST, "demonstration", "nation", D(2022, 3, 1)), title(WEST, "experimental", "province", D(2022, 12, 31)),
        title(TOWN, "experimental", "county"), title(CITY, "learning_city", "nation"),
    ])
    assert figure(lms, "recognition.provincial_zones").numerator == 2
    assert figure(lms, "recognition.provincial_zones", EAST).numerator == 1
    for key in ("recognition.national_experimental_share", "recognition.national_demonstration_share"):
        found = figure(lms, key)
        assert (found.numerator, found.denominator) == (1, 2)
    assert figure(lms, "recognition.higher_zones").numerator == 2, "two places, though four titles"


@pytest.mark.requirement("R143")
@pytest.mark.parametrize(("until", "ended", "days"), [
    (None, None, {"2020": 0, "2021Q1": 1, "2022": 1, "2023Q1": 1}),
    (D(2022, 12, 31), "expired", {"2021": 1, "2022-11": 1, "2022": 0}),
    (D(2022, 6, 30), "withdrawn", {"2021": 1, "2022-05": 1, "2022H1": 0, "2022": 0}),
])
def test_a_title_counts_from_its_day_until_the_day_it_ends(
    lms: LMS, until: D | None, ended: str | None, days: dict[str, int],
) -> None:
    """A zone that is removed drops out of later counts and stays in the earlier ones; on the day itself it is out."""
    lms.add(title(EAST, "experimental", "province", D(2021, 3, 31), until=until, ended=ended))
    for period, zones in days.items():
        assert figure(lms, "recognition.provincial_zones", period=period).numerator == zones, period


@pytest.mark.requirement("R067")
def test_what_is_sought_is_not_held_and_is_a_condition_of_its_own(lms: LMS) -> None:
    """East seeks the national title from February 2021 and has it from September 2022."""
    lms.add([
        title(EAST, "demonstration", "nation", D(2021, 2, 1), state="seeking", until=D(2022, 9, 1), ended="decided"),
        title(EAST, "demonstration", "nation", D(2022, 9, 1)),
        title(WEST, "demonstration", "city", D(2021, 2, 1), state="seeking"),
    ])
    told = {p: (figure(lms, "recognition.seeks_national_demonstration", EAST, p).numerator,
                figure(lms, "recognition.national_demonstration", EAST, p).numerator) for p in ("2020", "2021", "2022")}
    assert told == {"2020": (0, 0), "2021": (1, 0), "2022": (0, 1)}
    assert figure(lms, "recognition.city_demonstration_counties").numerator == 0, "what west seeks it does not hold"
    assert figure(lms, "recognition.seeks_national_demonstration", WEST, "2022").numerator == 0, "of city rank"


@pytest.mark.requirement("R199", "R213", "R222", "R327")
def test_what_is_a_places_own_is_not_its_superiors(lms: LMS) -> None:
    """East holds two titles itself, with no start known; the city above and the street below hold nothing."""
    lms.add([title(EAST, "demonstration", "nation", None), title(EAST, "demonstration", "province", None)])
    for key in ("recognition.national_demonstration", "recognition.municipal_demonstration"):
        assert [figure(lms, key, p).numerator for p in (EAST, CITY, STREET)] == [1, 0, 0], key
    lms.add(title(EAST, "experimental", "province", None))
    assert [figure(lms, "recognition.provincial_zone", p).numerator for p in (EAST, CITY, STREET)] == [1, 0, 0]
    assert [c.cells["since"] for c in lms.rows("recognition.status")] == ["", "", ""]


@pytest.mark.requirement("R218", "R219", "R220", "R221", "R465", "R466", "R467")
def test_townships_and_villages_are_counted_by_rank_kind_and_their_own_titles(lms: LMS) -> None:
    """The street is an experimental and a demonstration street of county rank, and one of city rank; the town of county rank only.

    Of the villages the first has both of county rank; a title of the village makes no township.
    """
    lms.add([
        *(title(STREET, kind, "county") for kind in ("experimental", "demonstration")), title(STREET, "demonstration", "city"),
        title(TOWN, "demonstration", "county"), *(title(FIRST, kind, "county") for kind in ("experimental", "demonstration")),
        title(THIRD, "demonstration", "city"), title(WEST, "demonstration", "city"),
    ])
    told = {m.key.removeprefix("recognition."): figure(lms, m.key).numerator
            for m in lms.registry.metrics.values() if m.key.startswith(("recognition.county_", "recognition.city_"))}
    assert told == {
        "county_experimental_townships": 1, "county_demonstration_townships": 2, "county_experimental_villages": 1,
        "county_demonstration_villages": 1, "city_demonstration_counties": 1, "city_demonstration_townships": 1,
        "city_demonstration_villages": 1,
    }
    assert figure(lms, "recognition.county_demonstration_townships", EAST).numerator == 1


@pytest.mark.requirement("R075", "R462")
def test_learning_communities_are_a_count_of_villages_and_a_rate_of_communities(lms: LMS) -> None:
    """A community of the two and a village of the two: 2 learning communities, the rate 1 of 2."""
    lms.add([title(p, "learning_community", "city") for p in (FIRST, THIRD)])
    assert figure(lms, "recognition.learning_communities").numerator == 2
    found = figure(lms, "recognition.learning_community_rate")
    assert (found.numerator, found.denominator) == (1, 2)
    west = figure(lms, "recognition.learning_community_rate", WEST)
    assert (west.numerator, west.denominator) == (0, 0), "there is no community of that kind in the west"


@pytest.mark.requirement("R376", "R498")
def test_brands_and_organisations_are_counted_by_their_name(lms: LMS) -> None:
    """One brand with two ranks is one; two families are two, and a firm is a third organisation."""
    lms.add([
        title(EAST, "brand", "county", holder="书香东区"), title(EAST, "brand", "city", holder="书香东区"),
        title(WEST, "brand", "county", holder="果农夜校"), title(WEST, "brand", "county", state="seeking", holder="山歌学堂"),
        title(FIRST, "学习型家庭", "county", holder="王家"), title(FIRST, "学习型家庭", "county", holder="李家"),
        title(STREET, "学习型机关", "county", holder="东街街道办"), title(FIRST, "learning_community", "city"),
    ])
    assert [figure(lms, "recognition.brands", p).numerator for p in (CITY, EAST, WEST)] == [2, 1, 1]
    assert figure(lms, "recognition.learning_organisations").numerator == 3


def test_a_modern_school_held_and_one_sought_are_told_apart(lms: LMS) -> None:
    """The street holds the title, the town seeks it: 1 school, and 2 of 2 townships on the way."""
    lms.add([
        title(STREET, "modern_school", "city", holder="东街社区学校"),
        title(TOWN, "modern_school", "city", holder="西山社区学校", state="seeking"),
    ])
    assert figure(lms, "recognition.modern_schools").numerator == 1
    found = figure(lms, "recognition.modern_school_townships")
    assert (found.numerator, found.denominator) == (2, 2)


@pytest.mark.requirement("R072", "R366", "R499")
@pytest.mark.parametrize(("word", "counted"), [
    *((f"学习型{of}", 1) for of in (
        "企业", "单位", "街道", "居（村）委会", "楼院", "家庭", "企事业单位", "机关", "班组", "楼宇", "乡镇（街道）", "组织",
    )),
    ("新型学习型组织", 1), ("学习型社区", 0), ("学习型城市", 0), ("学习型船队", 0),
])
def test_every_kind_of_learning_organisation_is_registered_from_its_creation_on(lms: LMS, word: str, counted: int) -> None:
    """Being created it is no organisation yet, once named it is one; another kind is kept in its own words and stands apart.

    A learning community and a learning city are places and have figures of their own.
    """
    lms.add(title(FIRST, word, "city", D(2021, 1, 1), holder="东街一号", state="seeking", until=D(2022, 5, 1), ended="decided"))
    assert figure(lms, "recognition.learning_organisations").numerator == 0
    lms.add(title(FIRST, word, "city", D(2022, 5, 1), holder="东街一号"))
    told = [figure(lms, "recognition.learning_organisations", FIRST, p).numerator for p in ("2021", "2022H1", "2022")]
    assert told == [0, counted, counted]
    assert len({r.cells["kind"] for r in lms.rows("recognition.status")}) == 1


@pytest.mark.requirement("R068", "R507")
def test_a_citys_own_titles_stand_apart_and_tell_the_local_feature(lms: LMS) -> None:
    """East is a zone of city rank, for its river; neither a provincial zone nor one of county rank. A brand has owner and feature."""
    lms.add([
        title(EAST, "experimental", "city", reason="江河文化"), title(EAST, "demonstration", "city", reason="江河文化"),
        title(WEST, "special_brand", "county", holder="果农夜校", reason="果树栽培"),
    ])
    keys = ("provincial_zones", "higher_zones", "city_demonstration_counties", "county_demonstration_townships", "brands")
    assert [figure(lms, f"recognition.{key}").numerator for key in keys] == [0, 0, 1, 0, 0]
    assert {(r.cells["holder"], r.cells["reason"]) for r in lms.rows("recognition.status")} == {("", "江河文化"), ("果农夜校", "果树栽培")}


@pytest.mark.requirement("R536", "R540", "R541")
def test_awards_of_all_years_are_kept_in_their_classes(lms: LMS) -> None:
    """Stars, brands, the three classes of commendation and praise: each under its own word, every year's stays."""
    rows = [
        (word, who, year) for year in (2021, 2022) for word, who in (
            ("百姓学习之星", "王秀英"), ("终身学习活动品牌项目", "读书月"), ("先进单位", "西县教育局"), ("先进个人", "刘芳"),
            ("优秀成果", "乡土教材"), ("表扬", "西县"),
        )
    ]
    assert lms.add([title(WEST, word, "city", D(year, 10, 1), holder=who) for word, who, year in rows]).new == 12
    listed = [(r.cells["kind"], r.cells["since"][:4]) for r in lms.rows("recognition.status")]
    assert len(set(listed)) == 12
    with pytest.raises(RowsRefused, match="name of the brand or person"):
        lms.add(title(WEST, "百姓学习之星", "city"))


@pytest.mark.requirement("R497")
def test_rounds_of_naming_are_the_own_ones_of_the_two_years(lms: LMS) -> None:
    """The city named in 2020 and 2022, west in 2021: of 2021..2022 one each; what west named is not the city's."""
    lms.add([
        Naming(place=CITY, on=D(2020, 6, 1), title="首批", named=12), Naming(place=CITY, on=D(2022, 7, 1), title="第二批", named=9),
        Naming(place=WEST, on=D(2021, 12, 31), title="首批", named=3),
    ])
    years = ("2020", "2021", "2021..2022")
    told = {p: [figure(lms, "recognition.naming_batches", p, y).numerator for y in years] for p in (CITY, WEST, EAST)}
    assert told == {CITY: [1, 0, 1], WEST: [0, 1, 1], EAST: [0, 0, 0]}


@pytest.mark.requirement("R537")
@pytest.mark.parametrize(("wrong", "field"), [
    ({"kind": "省级社区教育实验区"}, "kind"), ({"ended": "withdrawn"}, "until"), ({"until": D(2020, 1, 1)}, "until"),
    ({"since": None, "state": "seeking"}, "since"), ({"kind": "star"}, "holder"), ({"kind": "criticism", "reason": "推动不力"}, "number"),
    ({"kind": "通报批评", "number": "样府〔2022〕1号"}, "reason"),
    ({"kind": "通报批评", "number": "样府〔2022〕1号", "reason": "举措不实", "since": None}, "since"),
])
def test_a_title_that_cannot_be_is_refused_at_its_field(lms: LMS, wrong: dict[str, Any], field: str) -> None:
    """Nothing is written; criticism by circular needs number and reason, an end its day, a rank its own column."""
    row = {"place": EAST, "kind": "experimental", "rank": "province", "since": D(2020, 1, 1)}
    with pytest.raises(RowsRefused) as refused:
        lms.add({**row, **wrong}, "recognition.status")
    assert [getattr(p, "field", "") for p in refused.value.problems] == [field]
    assert not list(lms.rows("recognition.status"))
    with pytest.raises(RowsRefused, match="named none"):
        lms.add(Naming(place=CITY, on=D(2022, 7, 1), title="第二批", named=0))
