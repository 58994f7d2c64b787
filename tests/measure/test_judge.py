"""Verdicts on both sides of a threshold and exactly on it; nothing is guessed, nothing is rounded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from commlms import LMS, policy_from_toml
from commlms.core.days import Period
from commlms.measure.figures import Figures
from commlms.measure.judge import Judge, Judgement, Verdict
from commlms.measure.shown import verdict_words
from commlms.measure.thresholds import reach
from tests.measure.city import A1, A2, B1, B2, CITY, COUNTY, STREET, TOWN, ZONE, attend, city, headcount, learners, residents, session

HEAD = f"""
[policy]
key = "invented-2020"
id = "900"
code = "inv"
zh = "虚构的通知"
en = "an invented notice"
number = "虚〔2020〕1号"
issuer = {{ zh = "虚构办公室", en = "invented office" }}
jurisdiction = "{CITY}"
tree = "admin"
effective = 2020-06-01
"""
TARGET: dict[str, str] = {
    "id": '"t"', "zh": '"目标"', "en": '"target"', "metric": '"core.participation"', "compare": '">="', "literal": '"达到…以上"',
    "value": "60", "unit": '"percent"', "scope": '{ level = "village" }', "judge": '"each"', "basis": '"permanent"', "window": '"year"',
    "force": '"mandatory"', "clause": '"一"', "quote": '"达到60%以上"', "gloss": '"60 % or more"', "reading": '"explicit"',
    "due": "2022-12-31",
}
REGION = '[[region]]\nkey = "two"\nzh = "两村"\nen = "two villages"\nplaces = ["{}", "{}"]\n'
DUE = 20221231


def judged(lms: LMS, folder: Path, day: int = DUE, head: str = HEAD, extra: str = "", **changes: str) -> list[Judgement]:
    """The verdicts of a pack with one target."""
    target = {k: v for k, v in (TARGET | changes).items() if v}
    pack = folder / "pack.toml"
    pack.write_text("\n".join([head, extra, "[[target]]", *(f"{k} = {v}" for k, v in target.items())]), encoding="utf-8")

    def figures(period: Period, tree: str) -> Figures:
        return lms.figures(period, "reporting" if tree == "reporting" else "admin")

    return Judge(lms.registry.metrics, lms.host.names | {"core"}, figures).policy(policy_from_toml(pack), day)


def village(named: int, people: int, unnamed: int = 0, place: str = A1, lms: LMS | None = None) -> LMS:
    """A village with residents, named participants, and unnamed visits; the other villages recorded a session each."""
    lms = lms or city()
    session(lms, f"S{place}", place, "2022-03-05")
    codes = [f"L{place}{i}" for i in range(named)]
    if codes:
        learners(lms, place, *codes)
        attend(lms, f"S{place}", *codes)
    if unnamed:
        headcount(lms, f"S{place}", "besides", unnamed)
    residents(lms, place, people)
    return lms


def at(lms: LMS, found: list[Judgement], place: str) -> Judgement:
    """The judgement of one place."""
    return next(j for j in found if j.places == (lms.place(place, DUE),))


@pytest.mark.parametrize(
    ("named", "people", "unnamed", "verdict", "needed", "by"),
    [
        (3, 5, 0, "met", 3, None),        # 60 % of 5 is exactly 3
        (2, 5, 0, "short", 3, 1),
        (2, 5, 1, "not_shown", 3, 1),     # the unnamed visit may be the third person
        (2, 5, 9, "not_shown", 3, 1),
        (0, 5, 2, "short", 3, 1),
        (0, 5, 3, "not_shown", 3, 3),
        (60, 101, 0, "short", 61, 1),     # 60 % of 101 is 60.6: 61 persons are needed
        (61, 101, 0, "met", 61, None),
    ],
)
def test_a_floor_is_met_exactly_on_it_and_short_only_if_its_ceiling_misses(
    named: int, people: int, unnamed: int, verdict: Verdict, needed: int, by: int | None, tmp_path: Path,
) -> None:
    """At least 60 %, at one village."""
    lms = village(named, people, unnamed)
    found = at(lms, judged(lms, tmp_path), A1)
    assert (found.verdict, found.numerator, found.denominator, found.needed, found.by) == (verdict, named, people, needed, by)


@pytest.mark.parametrize(("value", "compare", "verdict"), [
    ("33.33", '">="', "met"), ("33.34", '">="', "short"), ("33.333333333333333333", '">"', "met"), ("33.4", '"<="', "met"),
    ("33.3", '"<="', "short"), ("33.333333333333333333", '"=="', "short"),
])
def test_a_third_is_compared_without_a_division(value: str, compare: str, verdict: Verdict, tmp_path: Path) -> None:
    """1 of 3 is over 33.333333333333333333 % and under 33.34 %."""
    lms = village(1, 3)
    assert at(lms, judged(lms, tmp_path, value=value, compare=compare), A1).verdict == verdict


@pytest.mark.parametrize(("compare", "verdict", "needed"), [
    ('">="', "met", 3), ('">"', "short", 4), ('"<="', "met", None), ('"<"', "short", None), ('"=="', "met", 3),
])
def test_every_comparison_exactly_on_the_threshold(compare: str, verdict: Verdict, needed: int | None, tmp_path: Path) -> None:
    """3 of 5 against 60 %; over 60 % needs a fourth person."""
    lms = village(3, 5)
    found = at(lms, judged(lms, tmp_path, compare=compare), A1)
    assert (found.verdict, found.needed) == (verdict, needed)


@pytest.mark.parametrize(("compare", "value", "verdict"), [
    ('"<="', "20", "not_shown"), ('"<="', "60", "met"), ('"<="', "19", "short"), ('"=="', "40", "not_shown"), ('"=="', "80", "short"),
])
def test_a_limit_is_met_only_if_the_most_that_can_be_true_keeps_it(compare: str, value: str, verdict: Verdict, tmp_path: Path) -> None:
    """1 named and 2 unnamed of 5: between 20 % and 60 %."""
    lms = village(1, 5, 2)
    assert at(lms, judged(lms, tmp_path, compare=compare, value=value), A1).verdict == verdict


def test_a_place_that_recorded_nothing_keeps_the_verdict_from_being_short(tmp_path: Path) -> None:
    """The street needs 60 of 100; A1 shows 10. While A2 (80 people) is silent the truth may reach; once it held a session it is short."""
    lms = village(10, 20)
    residents(lms, A2, 80)
    scope = '{ level = "township", kind = "street" }'
    (found,) = judged(lms, tmp_path, scope=scope)
    assert (found.verdict, found.numerator, found.ceiling, found.bound, found.silent, found.leaves) == ("not_shown", 10, 10, 90, 1, 2)
    assert found.by == 50
    session(lms, "S2", A2, "2022-05-05")
    (found,) = judged(lms, tmp_path, scope=scope)
    assert (found.verdict, found.bound, found.silent, found.by) == ("short", 10, 0, 50)


def test_a_silent_village_of_unknown_size_leaves_the_bound_at_all_residents(tmp_path: Path) -> None:
    """The street's own figure stands, A2's is not known: everyone of the street may have taken part there."""
    lms = village(10, 20)
    residents(lms, STREET, 100)
    (found,) = judged(lms, tmp_path, scope='{ level = "township", kind = "street" }')
    assert (found.verdict, found.bound) == ("not_shown", 100)


def test_each_place_is_judged_alone_or_all_together(tmp_path: Path) -> None:
    """3 of 5, 1 of 5, 5 of 5, 0 of 5: each two met and two short; together 9 of 20 against 12."""
    lms = city()
    for place, named in ((A1, 3), (A2, 1), (B1, 5), (B2, 0)):
        village(named, 5, place=place, lms=lms)
    each = judged(lms, tmp_path)
    assert [at(lms, each, p).verdict for p in (A1, A2, B1, B2)] == ["met", "short", "met", "short"]
    (together,) = judged(lms, tmp_path, judge='"together"')
    assert (together.verdict, together.numerator, together.denominator, together.needed, together.by) == ("short", 9, 20, 12, 3)
    assert len(together.places) == 4


def test_a_region_is_one_and_needs_all_its_places(tmp_path: Path) -> None:
    """A1 and A2 together 4 of 10 against 6; a region of which a place is not there gives no data and names it."""
    lms = village(3, 5)
    village(1, 5, place=A2, lms=lms)
    (found,) = judged(lms, tmp_path, extra=REGION.format(A1, A2), scope='{ region = "two" }')
    assert (found.verdict, found.numerator, found.denominator) == ("short", 4, 10)
    assert found.name is not None
    assert found.name.en == "two villages"
    (found,) = judged(lms, tmp_path, extra=REGION.format(A1, "990101001099"), scope='{ region = "two" }')
    assert (found.verdict, found.why and found.why.en) == ("no_data", "the database lacks places of the region: 990101001099")
    (found,) = judged(lms, tmp_path, extra=REGION.format("990101001098", "990101001099"), scope='{ region = "two" }')
    assert (found.verdict, found.why and found.why.en) == ("not_applicable", "no place that the sentence names")


def test_only_places_of_the_kind_the_sentence_names_are_judged(tmp_path: Path) -> None:
    """Towns: only the town; its villages without residents give no data."""
    lms = village(3, 5)
    (found,) = judged(lms, tmp_path, scope='{ level = "township", kind = "town" }')
    assert found.places == (lms.place(TOWN),)
    assert found.verdict == "no_data"
    assert found.why is not None
    assert found.why.en == "residents (permanent, all)"
    (found,) = judged(lms, tmp_path, extra=REGION.format(ZONE, STREET), scope='{ region = "two", level = "township", kind = "zone" }')
    assert found.places == (lms.place(ZONE),)


@pytest.mark.parametrize(("day", "why"), [
    (20221230, "not yet due (2022-12-31)"), (20200531, "the document is in force from 2020-06-01 on"),
    (20240101, "repealed from 2024-01-01"),
])
def test_before_its_day_and_outside_its_force_a_target_is_not_applicable(day: int, why: str, tmp_path: Path) -> None:
    """Due at the end of 2022; in force from June 2020 until 2024."""
    found = judged(village(3, 5), tmp_path, day, HEAD + "repealed = 2024-01-01\n")
    assert [(j.verdict, j.why and j.why.en) for j in found] == [("not_applicable", why)]


def test_a_later_day_still_judges_the_year_that_was_due(tmp_path: Path) -> None:
    """Asked in 2023 about a target due in 2022: the figure of 2022."""
    lms = village(3, 5)
    found = at(lms, judged(lms, tmp_path, 20230601), A1)
    assert (found.verdict, found.period) == ("met", "2022")


def test_a_target_of_every_year_judges_the_year_asked(tmp_path: Path) -> None:
    """In 2021 nothing was held: silent, not shown; in 2022 met."""
    lms = village(3, 5)
    years = {day: at(lms, judged(lms, tmp_path, day, due="", every='"year"'), A1) for day in (20211231, DUE)}
    assert [(j.period, j.verdict) for j in years.values()] == [("2021", "not_shown"), ("2022", "met")]


def test_an_absent_plugin_is_named_and_a_missing_metric_of_a_present_one_too(tmp_path: Path) -> None:
    """No data: the plugin that is not loaded, in both languages."""
    lms = village(3, 5, lms=city(without=["seniors"]))
    found = judged(lms, tmp_path, metric='"seniors.participation"')
    assert {(j.verdict, j.why and j.why.zh) for j in found} == {("no_data", "seniors.participation（插件 seniors 未加载）")}
    found = judged(lms, tmp_path, metric='"core.nothing"')
    assert {j.why.en for j in found if j.why} == {"there is no metric core.nothing"}


def test_a_rate_without_any_residents_counted_is_no_data(tmp_path: Path) -> None:
    """Zero residents: the denominator is zero, and no verdict is made of it."""
    lms = city()
    residents(lms, A1, 0)
    found = at(lms, judged(lms, tmp_path), A1)
    assert (found.verdict, found.why and found.why.en) == ("no_data", "the denominator is zero")


def test_a_count_of_persons_is_judged_without_a_denominator(tmp_path: Path) -> None:
    """At least 3 persons: 3 are met, 2 are short by 1."""
    lms = village(3, 5)
    village(2, 5, place=A2, lms=lms)
    found = judged(lms, tmp_path, metric='"core.persons"', value="3", unit='"count"')
    assert [(at(lms, found, p).verdict, at(lms, found, p).by) for p in (A1, A2)] == [("met", None), ("short", 1)]


@pytest.mark.parametrize(("unit", "value", "needed"), [
    ("percent", "60", 60), ("permille", "0.1", 1), ("per_10000", "1", 1), ("per_10000", "101", 2), ("percent", "0.01", 1),
])
def test_the_persons_needed_are_rounded_up_in_exact_arithmetic(unit: str, value: str, needed: int, tmp_path: Path) -> None:
    """Of 100 residents: 60 %; 0.1 per mille is 0.01 persons and needs 1; 101 of 10,000 is 1.01 and needs 2."""
    lms = village(0, 100)
    found = at(lms, judged(lms, tmp_path, unit=f'"{unit}"', value=value), A1)
    assert found.needed == needed


def test_reaching_a_floor_and_the_number_needed_agree_for_every_small_figure(tmp_path: Path) -> None:
    """For 1 to 40 residents and several floors: ``needed`` reaches, one less does not."""
    lms = village(1, 5)
    judged(lms, tmp_path)
    (target,) = policy_from_toml(tmp_path / "pack.toml").targets
    for value in ("0.1", "33.3", "50", "75", "99.9", "100"):
        for compare in (">=", ">"):
            floor = attrs.evolve(target, value=Decimal(value), compare=compare)
            for people in range(1, 41):
                found = reach(floor, people)
                assert found.least is not None
                assert found.holds(found.least)
                assert not found.holds(found.least - 1)
                assert found.verdict(found.least - 1, found.least) == "not_shown"


def test_targets_joined_to_one_count_as_one_maximum(tmp_path: Path) -> None:
    """10 % and at least 3 persons: of 5 people 2 are short of the 3; of 40 people 3 are short of the 4."""
    second = TARGET | {"id": '"u"', "value": "3", "unit": '"count"'}
    more = "\n".join(["[[target]]", *(f"{k} = {v}" for k, v in second.items())])
    lms = village(2, 5)
    village(3, 40, place=A2, lms=lms)
    found = [j for j in judged(lms, tmp_path, extra=more, value="10", joined='["u"]') if j.target == "t"]
    verdicts = [at(lms, found, p) for p in (A1, A2)]
    assert [(j.verdict, j.needed, j.by) for j in verdicts] == [("short", 3, 1), ("short", 4, 1)]


def test_residents_of_places_that_the_database_lacks_keep_a_verdict_from_being_short(tmp_path: Path) -> None:
    """A county of 1,000; its villages, all with sessions, have 20 + 100 + 50 + 30: of the other 800 nothing was recorded."""
    lms = village(10, 20)
    for place, persons in ((A2, 100), (B1, 50), (B2, 30)):
        residents(lms, place, persons)
        session(lms, f"T{place}", place, "2022-03-05")
    residents(lms, COUNTY, 1000)
    (street,) = judged(lms, tmp_path, scope='{ level = "township", kind = "street" }')
    assert (street.verdict, street.bound, street.denominator) == ("short", 10, 120)
    (county,) = judged(lms, tmp_path, scope='{ level = "county" }')
    assert (county.verdict, county.bound, county.denominator) == ("not_shown", 810, 1000)
    assert "at most 800 more, whose learning or home is not recorded" in verdict_words(county).en
