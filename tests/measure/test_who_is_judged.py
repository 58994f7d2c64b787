"""Who a sentence binds, one by one or as one; what is not known of it; from when on; and how that is said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS, Host
from commlms.measure.judge import Judgement
from commlms.measure.shown import verdict_words
from tests.measure.city import A1, A2, B1, CITY, COUNTY, STREET, TOWN, ZONE, attend, bundled, city, learners, residents, session
from tests.measure.test_judge import DUE, judged, village

STAFF = {"metric": '"staffing.branch_ratio"', "value": "0.01", "due": "", "standing": "true"}
SCHOOLS = STAFF | {"scope": '{ level = "township", subject = "institution", role = ["school"] }'}
COUNT = {"unit": '"count"', "basis": "", "due": "", "standing": "true"}
FUND = {"metric": '"funding.arranged_per_head"', "value": "4", "unit": '"yuan/person"', "due": "", "every": '"year"'}


def said(found: list[Judgement]) -> list[tuple[str, int | None, int | None]]:
    """Verdict, numerator and needed of each."""
    return [(j.verdict, j.numerator, j.needed) for j in found]


def why(found: Judgement) -> str:
    assert found.why is not None
    return found.why.en


def schools(lms: LMS, **persons: int) -> None:
    """A community school at the street and the town with so many full-time teachers."""
    for code, number in persons.items():
        at = {"street": STREET, "town": TOWN}[code]
        lms.add({"code": code, "name": f"{code} school", "place": at, "kind": "school"}, "institution")
        lms.add([
            {"code": f"{code}{n}", "institution": code, "role": "teacher", "employment": "full_time"} for n in range(number)
        ], "staffing.post")


def recognised(lms: LMS, *places: str, kind: str = "experimental", rank: str = "province") -> None:
    lms.add([{"place": p, "kind": kind, "rank": rank, "since": "2020-07-01"} for p in places], "recognition.status")


def funded(lms: LMS, place: str, yuan: str, year: int = 2022) -> None:
    lms.add({
        "place": place, "period": str(year), "channel": "government", "purpose": "general", "budgeted": yuan,
    }, "funding.fund")


# -- rows of a register, each by itself ---------------------------------------------------------------


def test_each_school_is_judged_by_its_own_rows_and_the_residents_of_its_place(tmp_path: Path) -> None:
    """0.01 % of 20,000 are 2, of 40,001 are 4.0001: 5 are needed. The zone has no school, and that is said."""
    lms = city()
    schools(lms, street=2, town=4)
    residents(lms, STREET, 20_000)
    residents(lms, TOWN, 40_001)
    lms.add({"code": "X", "name": "站", "place": STREET, "kind": "point"}, "institution")
    lms.add({"code": "P", "institution": "X", "role": "teacher", "employment": "full_time"}, "staffing.post")
    found = judged(lms, tmp_path, **SCHOOLS)
    assert [(j.places, j.subject and j.subject.zh) for j in found] == [
        ((lms.place(STREET),), "street school"), ((lms.place(TOWN),), "town school"), ((lms.place(ZONE),), None),
    ]
    assert said(found) == [("met", 2, 2), ("short", 4, 5), ("not_applicable", None, None)]
    assert (found[1].by, found[1].denominator) == (1, 40_001)
    assert why(found[2]) == "no community school is recorded here"
    assert len({j.subject_id for j in found[:2]}) == 2


def test_two_schools_of_one_place_are_two_judgements(tmp_path: Path) -> None:
    lms = city()
    schools(lms, street=3)
    lms.add({"code": "second", "name": "第二校", "place": STREET, "kind": "school"}, "institution")
    residents(lms, STREET, 20_000)
    found = [j for j in judged(lms, tmp_path, **SCHOOLS) if j.subject]
    assert said(found) == [("met", 3, 2), ("short", 0, 2)]


def test_without_a_level_every_row_below_the_documents_place_is_judged(tmp_path: Path) -> None:
    """Employers of a village and of the county; one that pays no wages has no ratio."""
    lms = city()
    rows = [(A1, "甲厂", 10_000, 200), (COUNTY, "乙厂", 10_000, 260), (B1, "丙厂", 0, 10)]
    lms.add([
        {"place": p, "organisation": o, "kind": "enterprise", "period": "2022", "wages": w, "training": n} for p, o, w, n in rows
    ], "funding.payroll")
    found = judged(
        lms, tmp_path, metric='"funding.wage_training"', compare='"between"', value="1.5", value_max="2.5", beyond='"short"', basis="",
        scope='{ subject = "funding.payroll", role = ["enterprise"] }', due="", every='"year"',
    )
    by_name = {j.subject.zh: j for j in found if j.subject}
    assert {n: (j.verdict, j.by, j.excess) for n, j in by_name.items()} == {
        "甲厂": ("met", None, None), "乙厂": ("short", None, 1_000), "丙厂": ("no_data", None, None),
    }
    assert verdict_words(by_name["乙厂"]).en == (
        "proven 260.00 / 10000.00 = 2.600%; needed 150.00 to 250.00 yuan; above by 10.00 yuan"
    )
    assert why(by_name["丙厂"]) == "the denominator is zero"


def test_a_register_without_any_row_is_no_data_and_named(tmp_path: Path) -> None:
    lms = city()
    residents(lms, STREET, 20_000)
    lms.add({"code": "s", "name": "校", "place": STREET, "kind": "school"}, "institution")
    found = next(j for j in judged(lms, tmp_path, **SCHOOLS) if j.subject)
    assert (found.verdict, why(found)) == ("no_data", "the register post has no row")
    (found,) = judged(
        lms, tmp_path, metric='"funding.wage_training"', scope='{ subject = "funding.payroll" }', due="", every='"year"', basis="",
    )
    assert (found.verdict, why(found)) == ("no_data", "the register staff training of an employer has no row")


# -- conditions -----------------------------------------------------------------------------------


def test_a_condition_binds_only_the_places_that_meet_it_themselves(tmp_path: Path) -> None:
    """The street is a zone; the county above it is none because of that, nor is the town."""
    lms = city()
    recognised(lms, STREET)
    for place in (STREET, TOWN, COUNTY):
        residents(lms, place, 100)
        funded(lms, place, "400.00")
    when = '[{ metric = "recognition.provincial_zone" }]'
    found = judged(lms, tmp_path, scope='{ level = ["county", "township"] }', when=when, **FUND)
    verdicts = {lms.figures("2022").tree.nodes[j.places[0]].code: j for j in found}
    assert {c: j.verdict for c, j in verdicts.items()} == {
        COUNTY: "not_applicable", STREET: "met", TOWN: "not_applicable", ZONE: "not_applicable",
    }
    assert why(verdicts[TOWN]) == (
        "the condition does not hold: is an experimental zone of provincial rank or above itself 0, at least 1"
    )
    many = judged(lms, tmp_path, scope='{ level = "township" }', when='[{ metric = "recognition.provincial_zone", count = 2 }]', **FUND)
    assert {j.verdict for j in many} == {"not_applicable"}


def test_a_condition_on_a_group_of_people_does_not_tell_how_few_they_are(tmp_path: Path) -> None:
    """One old person at a village: that two are asked is said, one is not."""
    lms = city()
    learners(lms, A1, "old", born="1950-01-01")
    session(lms, "S", A1, "2022-03-05")
    attend(lms, "S", "old")
    found = judged(lms, tmp_path, scope='{ level = "village" }', when='[{ metric = "seniors.persons", count = 2 }]', **FUND)
    assert {why(j) for j in found} == {"the condition does not hold: seniors: persons, at least 2"}


def test_a_condition_that_cannot_be_looked_up_is_no_data(tmp_path: Path) -> None:
    """The register of titles is empty; or its plugin is not loaded."""
    when = '[{ metric = "recognition.provincial_zone" }]'
    for lms, told in (
        (city(), "the register title has no row"),
        (city(host=Host(without=["recognition"])), "recognition.provincial_zone (plugin recognition is not loaded)"),
    ):
        residents(lms, STREET, 100)
        funded(lms, STREET, "400.00")
        found = judged(lms, tmp_path, scope='{ level = "township", kind = "street" }', when=when, **FUND)
        assert [(j.verdict, why(j)) for j in found] == [("no_data", told)]


def test_places_judged_as_one_are_those_that_meet_the_condition(tmp_path: Path) -> None:
    """The street's 400 yuan for 100 people; the town's 100 people without a yuan are not bound."""
    lms = city()
    recognised(lms, STREET)
    for place in (STREET, TOWN):
        residents(lms, place, 100)
    funded(lms, STREET, "400.00")
    when = '[{ metric = "recognition.provincial_zone" }]'
    (found,) = judged(lms, tmp_path, scope='{ level = "township" }', judge='"together"', when=when, **FUND)
    assert (found.verdict, found.places, found.denominator) == ("met", (lms.place(STREET),), 100)


def test_a_kind_that_the_sentence_leaves_out_is_not_judged(tmp_path: Path) -> None:
    lms = village(3, 5)
    found = judged(lms, tmp_path, scope='{ level = "township", without = "zone" }')
    assert [j.places for j in found] == [(lms.place(STREET),), (lms.place(TOWN),)]


# -- what is not in the database --------------------------------------------------------------------

VILLAGES = COUNT | {"metric": '"recognition.learning_communities"'}


@pytest.mark.parametrize(("value", "verdict"), [("2", "no_data"), ("1", "met")])
def test_a_count_of_places_needs_the_tree_down_to_them(value: str, verdict: str, tmp_path: Path) -> None:
    """A street without villages may have any number; the zone may have none. What is reached stays reached."""
    lms = city()
    recognised(lms, A1, kind="learning_community", rank="county")
    (found,) = judged(lms, tmp_path, scope='{ level = "county" }', value="2", **VILLAGES)
    assert (found.verdict, found.by) == ("short", 1)
    lms.add({"code": "990101009", "name": "新街道", "level": "township", "kind": "street", "parent": COUNTY}, "place")
    (found,) = judged(lms, tmp_path, scope='{ level = "county" }', value=value, **VILLAGES)
    assert found.verdict == verdict
    if verdict == "no_data":
        assert why(found) == "below 1 place(s) no place of the level village is recorded"


def test_a_share_of_places_is_unknown_as_soon_as_some_may_lack(tmp_path: Path) -> None:
    lms = city()
    recognised(lms, A1, A2, kind="learning_community", rank="county")
    rate = {"metric": '"recognition.learning_community_rate"', "basis": "", "scope": '{ level = "county" }'}
    (found,) = judged(lms, tmp_path, **rate)
    assert (found.verdict, found.numerator, found.denominator) == ("met", 2, 2)
    lms.add({"code": "990101009", "name": "新街道", "level": "township", "kind": "street", "parent": COUNTY}, "place")
    (found,) = judged(lms, tmp_path, **rate)
    assert (found.verdict, found.numerator) == ("no_data", 2)


def test_levels_of_a_network_that_may_go_on_below_are_no_data(tmp_path: Path) -> None:
    """College, school, no point; with the villages known that is two levels, with a street of unknown villages it may be three."""
    lms = city()
    levels = COUNT | {"metric": '"premises.network_levels"', "compare": '"=="', "value": "3", "scope": '{ level = "county" }'}
    kinds = ((COUNTY, "college"), (STREET, "school"))
    lms.add([{"code": f"N{p}", "name": f"校{p}", "place": p, "kind": k} for p, k in kinds], "institution")
    (found,) = judged(lms, tmp_path, **levels)
    assert (found.verdict, found.numerator, found.by) == ("short", 2, 1)
    assert verdict_words(found, "count").en == "2 levels; needed exactly 3 levels; short by 1 level"
    lms.add({"code": "990101009", "name": "新街道", "level": "township", "kind": "street", "parent": COUNTY}, "place")
    assert judged(lms, tmp_path, **levels)[0].verdict == "no_data"
    lms.add({"code": "NP", "name": "点", "place": A1, "kind": "point"}, "institution")
    assert judged(lms, tmp_path, **levels)[0].verdict == "met"


def test_a_level_that_the_database_does_not_reach_is_no_data_and_a_kind_that_is_not_there_is_not(tmp_path: Path) -> None:
    lms = LMS(host=bundled(), today=dt.date(2023, 6, 1))
    lms.add([
        {"code": CITY, "name": "晴市", "level": "city"}, {"code": COUNTY, "name": "东区", "level": "county", "parent": CITY},
    ], "place")
    (found,) = judged(lms, tmp_path)
    assert (found.verdict, why(found)) == ("no_data", "below 1 place(s) no place of the level village is recorded")
    (found,) = judged(lms, tmp_path, scope='{ level = "county", kind = "zone" }')
    assert (found.verdict, why(found)) == ("not_applicable", "no place that the sentence names")


# -- when -----------------------------------------------------------------------------------------

NAMINGS = COUNT | {
    "metric": '"recognition.naming_batches"', "value": "1", "standing": "", "every": '"year"', "window": '"two_years"',
    "scope": '{ level = ["city", "county"] }',
}


def test_two_years_count_as_one_and_the_first_cycle_must_have_ended(tmp_path: Path) -> None:
    """The document is of June 2020: a round of 2021 counts in 2021 and 2022; in 2020 nothing is demanded yet."""
    lms = city()
    lms.add([{"place": COUNTY, "on": "2021-05-05", "title": "第一批"}], "recognition.naming")
    years = {y: judged(lms, tmp_path, y * 10_000 + 1231, **NAMINGS) for y in (2020, 2021, 2022, 2023)}
    assert {y: [(j.period, j.verdict) for j in found] for y, found in years.items()} == {
        2020: [("2019..2020", "not_applicable")] * 2, 2021: [("2020..2021", "short"), ("2020..2021", "met")],
        2022: [("2021..2022", "short"), ("2021..2022", "met")], 2023: [("2022..2023", "short")] * 2,
    }
    assert why(years[2020][0]) == "the first cycle ends with the year 2021"


def test_a_duty_that_begins_later_is_not_demanded_before(tmp_path: Path) -> None:
    lms = city()
    residents(lms, COUNTY, 100)
    funded(lms, COUNTY, "387.50")
    found = {d: judged(lms, tmp_path, d, start="2022-07-01", scope='{ level = "county" }', **FUND)[0] for d in (20220630, 20220701)}
    assert (found[20220630].verdict, why(found[20220630])) == ("not_applicable", "demanded from 2022-07-01 on")
    late = found[20220701]
    assert (late.verdict, late.by, late.running) == ("short", 1_250, True)
    assert verdict_words(late, "yuan/person").en == (
        "proven 387.50 / 100 = 3.87 yuan a person; needed 400.00 yuan; short by 12.50 yuan; 2022 has not ended"
    )
    assert verdict_words(late, "yuan/person").zh.endswith("需要 400.00 元；差 12.50 元；2022 尚未结束")


NETWORK = {
    "metric": '"supervision.network_reached"', "compare": '"<="', "value": "2", "unit": '"years"', "basis": "", "due": "",
    "standing": "true", "scope": '{ level = "city" }',
}


@pytest.mark.parametrize(("day", "reached", "verdict", "told"), [
    (20220531, None, "not_applicable", "not yet due (2022-06-01)"), (20220602, None, "short", "not reached by 2022-06-01"),
    (20210701, "2021-06-30", "met", "reached on 2021-06-30, no later than 2022-06-01"),
    (20210629, "2021-06-30", "not_applicable", "not yet due"), (20221231, "2022-06-01", "met", "no later than 2022-06-01"),
    (20221231, "2022-07-31", "short", "reached on 2022-07-31, 60 day(s) after 2022-06-01"),
])
def test_a_duration_is_judged_by_the_first_day_on_which_it_was_reached(
    day: int, reached: str | None, verdict: str, told: str, tmp_path: Path,
) -> None:
    """Two years from June 2020; before they have passed nothing is short, and what came after the day judged from is not seen."""
    lms = city()
    rows: list[dict[str, Any]] = [{"place": CITY, "name": "coverage", "since": "2020-07-01"}]
    rows += [{"place": CITY, "name": "network", "since": reached}] if reached else []
    lms.add(rows, "supervision.milestone")
    (found,) = judged(lms, tmp_path, day, **NETWORK)
    assert (found.verdict, told in why(found)) == (verdict, True), why(found)


def test_a_duration_without_any_row_is_no_data_once_its_day_has_passed(tmp_path: Path) -> None:
    lms = city()
    assert judged(lms, tmp_path, 20220531, **NETWORK)[0].verdict == "not_applicable"
    (found,) = judged(lms, tmp_path, DUE, **NETWORK)
    assert (found.verdict, why(found)) == ("no_data", "the register milestone of the network has no row")


def test_a_number_without_meaning_has_no_verdict_however_much_is_recorded(tmp_path: Path) -> None:
    lms = village(3, 5)
    changes = {"metric": "", "compare": '"=="', "value": "331", "unit": '"undefined"', "basis": "", "scope": '{ level = "city" }'}
    (found,) = judged(lms, tmp_path, note='{ zh = "未说明", en = "it is not said" }', **changes)
    assert (found.verdict, why(found), found.numerator, found.places) == ("no_verdict", "it is not said", None, (lms.place(CITY),))


# -- ranges and words -----------------------------------------------------------------------------


@pytest.mark.parametrize(("named", "unnamed", "beyond", "verdict", "by", "excess"), [
    (3, 0, "short", "short", 1, None), (4, 0, "short", "met", None, None), (6, 0, "short", "met", None, None),
    (7, 0, "short", "short", None, 1), (7, 0, "met", "met", None, 1), (3, 1, "short", "not_shown", 1, None),
    (5, 1, "short", "met", None, None), (5, 2, "short", "not_shown", None, None), (5, 2, "met", "met", None, None),
    (2, 1, "short", "short", 1, None),
])
def test_a_range_has_two_ends(
    named: int, unnamed: int, beyond: str, verdict: str, by: int | None, excess: int | None, tmp_path: Path,
) -> None:
    """40 to 60 % of 10 people are 4 to 6; unnamed visits may be further people, on either side."""
    lms = village(named, 10, unnamed)
    found = judged(lms, tmp_path, compare='"between"', value="40", value_max="60", beyond=f'"{beyond}"')
    one = next(j for j in found if j.places == (lms.place(A1),))
    assert (one.verdict, one.by, one.excess, one.needed) == (verdict, by, excess, 4)


def test_a_ratio_is_shown_with_enough_decimals_for_its_threshold(tmp_path: Path) -> None:
    """10 of 100,752 are 0.00992 %, which is not 0.01 % and not nothing."""
    lms = city()
    schools(lms, street=10)
    residents(lms, STREET, 100_752)
    found = next(j for j in judged(lms, tmp_path, **SCHOOLS) if j.subject)
    assert verdict_words(found).en == "proven 10 / 100752 = 0.0099%; needed 11 persons; short by 1 person"
