"""Registers counted by hand: sums, periods, what is a place's own, kinds of place, levels, one row at a time."""

from __future__ import annotations

from typing import Any

import pytest

from commlms import LMS, CommLMSError, Host, Metric, PluginError, Rows, hookimpl
from commlms.core.declared import check_metric
from commlms.measure.explain import About, explain
from commlms.measure.words import Words
from tests.measure.city import A1, A2, B1, CITY, COUNTY, PROVINCE, STREET, TOWN, city, residents
from tests.measure.offices import FUNDED, GOVERNMENT, METRICS, OWN, POSTS, Fund, Plugin, host


@pytest.fixture(scope="module")
def office() -> Any:
    """The city with a few funds, posts and trainings."""
    lms = city(host=host(without=["policies"]))
    fill(lms)
    return lms


def fill(lms: LMS) -> None:
    funds = [
        ("F1", COUNTY, "2022", "government", "100.50"), ("F2", STREET, "2022", "government", "7"),
        ("F3", STREET, "2022H1", "government", "3"),
        ("F4", STREET, "2022", "society", "900"), ("F5", STREET, "2021", "government", "1"), ("F6", A1, "2022S", "government", "0.05"),
        ("F7", A1, "2022", "government", None), ("F8", TOWN, "2021..2022", "government", "2"), ("F9", TOWN, "2022", None, "5"),
    ]
    lms.add([dict(zip(("code", "place", "period", "origin", "amount"), f, strict=True)) for f in funds], "offices.fund")
    posts = [
        ("P1", f"I-{A1}", None, "teacher", 1, "2020-01-01", None), ("P2", f"I-{A1}", None, "worker", 2, None, None),
        ("P3", f"I-{A1}", None, "cook", 1, "2020-01-01", None), ("P4", f"I-{A2}", None, "teacher", 1, "2020-01-01", "2022-12-31"),
        ("P5", None, STREET, "worker", 4, "2022-12-31", None), ("P6", None, None, "worker", None, None, None),
        ("P7", f"I-{B1}", TOWN, "teacher", 3, "2023-01-01", None),
    ]
    names = ("code", "institution", "place", "role", "persons", "since", "until")
    lms.add([dict(zip(names, p, strict=True)) for p in posts], "offices.post")
    lms.add([
        {"place": STREET, "title": "春", "on": "2022-03-01", "reported": "2022-04-01"}, {"place": A1, "title": "秋", "on": "2022-09-01"},
        {"place": A1, "title": "去年", "on": "2021-09-01"}, {"place": A1, "title": "某日", "on": None},
    ], "offices.training")
    for code, kind in ((f"I-{COUNTY}", "college"), (f"I-{STREET}", "school"), (f"I-{A1}", "point"), (f"I-{A2}", "point")):
        lms.set("institution", code, kind=kind)


def value(lms: LMS, metric: str, place: str, period: str = "2022") -> int | None:
    figures = lms.figures(period)
    return figures.figure(lms.metric(metric), lms.place(place)).numerator


@pytest.mark.parametrize(("period", "street", "county"), [
    ("2022", 1000, 11050), ("2022H1", 300, 300), ("2022Q1", 0, 0), ("2021", 100, 100), ("2021..2022", 1100, 11350), ("2022S", 5, 5),
])
def test_sums_of_a_field_are_of_rows_whose_period_lies_inside(office: LMS, period: str, street: int, county: int) -> None:
    """The year has its halves, no quarter has the year, a window has its years and itself, a school year only itself."""
    assert (value(office, "offices.government", STREET, period), value(office, "offices.government", COUNTY, period)) == (street, county)


def test_what_is_a_places_own_is_never_added_up(office: LMS) -> None:
    """100.50 of the county itself, 10 of the street; the city above has none of its own, and the village's empty amount is 0."""
    assert [value(office, "offices.own", p) for p in (PROVINCE, CITY, COUNTY, STREET, A1)] == [0, 0, 10050, 1000, 0]


def test_a_sum_of_persons_and_posts_in_force_at_the_end(office: LMS) -> None:
    """P4 ends on the last day, P7 begins after it, P6 stands nowhere, P3 has another role; P5 has no institution and is not lost."""
    assert [value(office, "offices.posts", p) for p in (A1, A2, STREET, TOWN, COUNTY)] == [2, 0, 3, 0, 3]
    assert [value(office, "offices.persons", p) for p in (A1, A2, STREET, TOWN, COUNTY)] == [4, 0, 8, 0, 8]
    assert value(office, "offices.posts", TOWN, "2023") == 1


def test_townships_that_have_something_themselves(office: LMS) -> None:
    """The street and the town have funds of their own, the zone has none: 2 of 3."""
    figure = office.figures("2022").figure(office.metric("offices.funded_townships"), office.place(COUNTY))
    assert (figure.numerator, figure.denominator) == (2, 3)
    assert value(office, "offices.funded_townships", COUNTY, "2022Q1") == 0


def test_places_of_one_kind_only(office: LMS) -> None:
    """Two communities under the street, none under the town; one of them has posts in force."""
    assert [value(office, "offices.communities", p) for p in (COUNTY, STREET, TOWN, A1, B1)] == [2, 2, 0, 1, 0]
    figure = office.figures("2022").figure(office.metric("offices.staffed_communities"), office.place(COUNTY))
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_levels_of_a_network_are_those_with_an_institution_of_their_own(office: LMS) -> None:
    """College at the county, school at the street, points below: 3 at the county and above, 2 at the street, 1, and none at the town."""
    assert [value(office, "offices.levels", p) for p in (CITY, COUNTY, STREET, A1, TOWN)] == [3, 3, 2, 1, 0]


def test_a_figure_by_institution_and_by_its_own_rows(office: LMS) -> None:
    """Two teachers or workers at A1's school; P5 has no institution. Of funds every row has its own sum."""
    figures = office.figures("2022")
    schools = {s.name: s.id for s in figures.subjects("institution")}
    assert figures.by_subject(POSTS, "institution") == {schools[f"学校{A1}"]: 2}
    assert sorted(figures.by_subject(GOVERNMENT, "offices.fund").values()) == [0, 300, 700, 10050]
    assert sum(figures.by_subject(OWN, "place").values()) == 11050
    with pytest.raises(CommLMSError, match="has no field that refers to institution"):
        figures.by_subject(GOVERNMENT, "institution")
    with pytest.raises(CommLMSError, match="one by one"):
        figures.by_subject(office.metric("offices.levels").numerator, "institution")


def test_who_is_judged_by_itself(office: LMS) -> None:
    """Institutions in force with a role, by name and place; funds of the period, by number, for nothing names them."""
    figures = office.figures("2022")
    assert [(s.name, s.place) for s in figures.subjects("institution", ["point"])] == [
        (f"学校{A1}", office.place(A1)), (f"学校{A2}", office.place(A2))]
    assert len(figures.subjects("institution")) == 8
    assert [s.name for s in figures.subjects("offices.fund")] == [f"#{n}.{office.database.uid}" for n in (1, 2, 3, 4, 7, 9)]
    assert figures.subjects("nobody.here") == ()


def test_days_and_emptiness_of_a_register(office: LMS) -> None:
    """Since where rows are in force, else the date; of a period its last day. A register nobody filled is empty."""
    figures = office.figures("2022")
    assert figures.days(POSTS, office.place(COUNTY)) == [20200101, 20221231]
    assert figures.days(Rows("offices.training", day="on"), office.place(STREET)) == [20220301, 20220901]
    assert figures.days(FUNDED, office.place(STREET)) == [20220630, 20221231, 20221231]
    assert not figures.is_empty("offices.fund")
    assert figures.is_empty("outcome")
    assert figures.is_empty("absent.register")


def left_out(lms: LMS, metric: str, place: str, period: str = "2022") -> list[tuple[str, str, int, str]]:
    rows = [r for r in lms.explain(metric, place=place, period=period).rows() if r.part == "numerator"]
    return sorted((r.place, r.detail, r.adds, r.left_out.en if r.left_out else "") for r in rows)


def test_every_row_of_a_sum_says_what_it_adds_or_why_nothing(office: LMS) -> None:
    """At the street for the year; the fund of 2021 belongs to another year's list."""
    assert left_out(office, "offices.government", STREET) == [
        (STREET, "2022", 0, "does not fit the condition"), (STREET, "2022", 700, ""), (STREET, "2022H1", 300, ""),
        (A1, "2022", 0, ""), (A1, "2022S", 0, "its own period does not lie wholly in this one"),
    ]
    assert left_out(office, "offices.government", TOWN) == [
        (TOWN, "2021..2022", 0, "its own period does not lie wholly in this one"),
        (TOWN, "2022", 0, "what the condition asks is not known"),
    ]


def test_rows_of_places_below_are_listed_as_not_the_places_own(office: LMS) -> None:
    below = "of a place below: only what is this place's own counts"
    assert (COUNTY, "2022", 10050, "") in left_out(office, "offices.own", COUNTY)
    assert left_out(office, "offices.own", COUNTY).count((STREET, "2022", 0, below)) == 1
    assert sum(r[2] for r in left_out(office, "offices.own", COUNTY)) == 10050


def test_a_row_without_a_day_is_listed(office: LMS) -> None:
    """Trainings: two in the year, last year's in another list, one of which no day is known."""
    assert left_out(office, "offices.trainings", STREET) == [
        (STREET, "2022-03-01", 1, ""), (A1, "", 0, "no date is known"), (A1, "2022-09-01", 1, "")]


def test_what_came_by_the_periods_end_is_listed_as_done(office: LMS) -> None:
    """Of two trainings one was reported in April: in the first quarter it was still open."""
    assert left_out(office, "offices.unreported", STREET) == [
        (STREET, "2022-03-01", 0, "done by the period's end"), (A1, "", 0, "no date is known"), (A1, "2022-09-01", 1, "")]
    assert value(office, "offices.unreported", STREET, "2022Q1") == 1


def test_levels_are_explained_place_by_place(office: LMS) -> None:
    """The first place of each level stands for it."""
    rows = left_out(office, "offices.levels", STREET)
    assert rows == [
        (STREET, "乡镇（街道） township", 1, ""), (A1, "村（社区） village", 1, ""),
        (A2, "村（社区） village", 0, "another place of its level is counted, each level once"),
    ]
    assert '"institution"' in office.explain("offices.levels", place=STREET, period="2022").parts[0].sql


def test_a_school_is_explained_by_its_own_rows(office: LMS) -> None:
    """Posts of A1's school: two count, the cook does not fit; the street's own post is nobody's of the school."""
    figures = office.figures("2022")
    school = next(s for s in figures.subjects("institution") if s.name == f"学校{A1}")
    found = explain(figures, office.metric("offices.posts"), school.place, subject=About("institution", school))
    assert (found.figure.numerator, sum(r.adds for r in found.rows())) == (2, 2)
    assert [r.left_out.en for r in found.rows() if r.left_out] == ["does not fit the condition"]
    assert 'r."institution" AS "subject"' in found.parts[0].sql


def test_a_rate_of_money_has_residents_below_it(office: LMS) -> None:
    lms = city(host=host(without=["policies"]))
    fill(lms)
    residents(lms, STREET, 40)
    figure = lms.figures("2022").figure(lms.metric("offices.government"), lms.place(STREET))
    assert (figure.numerator, figure.denominator) == (1000, 40)


def test_the_words_say_sums_periods_own_rows_kinds_and_levels(office: LMS) -> None:
    words = Words(office.registry)
    own = words.describe(OWN)
    assert own.zh == "登记「经费」中所属时期在本期之内的行，其中来源为财政；「预算」合计；只计本地自身的，不含下级"
    assert own.en == (
        "sum of budgeted over rows of fund whose own period lies in this one, where source is government; "
        "only what is this place's own, nothing below it")
    said = [words.describe(office.metric(f"offices.{name}").numerator) for name in ("communities", "levels")]
    assert said[0].zh == "全部村（社区）（类别：社区）"
    assert said[0].en == "all villages of kind community"
    assert said[1].en.startswith("administrative levels, from here down, of which some place itself has at least 1: rows of institution")


@pytest.mark.parametrize(("rows", "message"), [
    ({"value": "budget"}, "budget of record offices.fund is not an integer field to sum"),
    ({"value": "origin"}, "origin of record offices.fund is not an integer field to sum"),
    ({"day": "origin"}, "origin of record offices.fund is not a date or period field"),
    ({"distinct": ("nothing",)}, "record offices.fund has no field nothing"),
])
def test_a_metric_that_asks_for_what_a_register_lacks_stops_the_start(rows: dict[str, Any], message: str) -> None:
    """And says which plugin, which metric, which field."""
    class Wrong(Plugin):
        @hookimpl
        def register_metrics(self) -> list[Metric]:
            return [Metric("offices.wrong", "错", "wrong", Rows("offices.fund", **rows), unit="row")]

    with pytest.raises(PluginError, match=f"offices.wrong: {message}"):
        Host(modules={"offices": Wrong()})


def test_fen_are_money_and_only_money() -> None:
    """Hundredths that are no money cannot be told in fen."""
    records = {"offices.fund": Fund.__record__}  # type: ignore[attr-defined]  # a record class
    with pytest.raises(CommLMSError, match="fen is for money"):
        check_metric(Metric("offices.wrong", "错", "wrong", GOVERNMENT, unit="fen"), records)
    for metric in METRICS:
        check_metric(metric, records)


def test_a_sum_of_different_values_is_refused() -> None:
    with pytest.raises(CommLMSError, match="cannot be given together"):
        Rows("offices.fund", value="amount", distinct=("origin",))
