"""Who has not reported: a zero of theirs is no data, what is above says how many, no verdict rests on what is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from commlms import LMS
from commlms.measure.figures import Figure
from commlms.measure.judge import Judgement
from commlms.measure.shown import verdict_words
from tests.measure.city import A1, A2, B1, B2, CITY, COUNTY, STREET, TOWN, ZONE, attend, city, headcount, learners, residents, session
from tests.measure.test_judge import at, judged

RATE, SESSIONS = "core.participation", "core.sessions"
NOT_REPORTED = "has not reported"


def deliver(lms: LMS, sender: str, period: str = "2022", shape: str = "ledger", turn: int = 1, **fields: Any) -> None:
    """Add what a sender sent for a period."""
    row = {"sender": sender, "shape": shape, "period": period, "turn": turn, "received": "2023-01-10", "file": f"{sender}.xlsx"}
    lms.add([row | fields], "delivery")


def figure(lms: LMS, place: str, metric: str = SESSIONS, period: str = "2022", tree: Any = "admin") -> Figure:
    """One figure."""
    figures = lms.figures(period, tree)
    return figures.figure(lms.metric(metric), lms.place(place, figures.period.last))


def held() -> LMS:
    """One session at A1 in March 2022 with one learner of A1; 100 residents in each village, 50 in the zone."""
    lms = city()
    for place, people in ((A1, 100), (A2, 100), (B1, 100), (B2, 100), (ZONE, 50)):
        residents(lms, place, people)
    learners(lms, A1, "L1")
    session(lms, "S1", A1, "2022-03-05", minutes=60)
    attend(lms, "S1", "L1")
    return lms


def test_without_a_delivery_every_zero_is_a_zero() -> None:
    lms = held()
    found = figure(lms, TOWN)
    assert (found.numerator, found.missing, found.not_reported) == (0, None, None)
    assert lms.figures("2022").reporting.missing([lms.place(CITY)]) == ()


def test_a_zero_of_a_township_that_has_not_reported_is_no_data_in_its_villages_too() -> None:
    """The street reported; the town and the zone did not: 2 of the city's 3 townships."""
    lms = held()
    deliver(lms, STREET)
    for place in (TOWN, B1, B2, ZONE):
        for metric in (SESSIONS, RATE, "core.persons", "core.village_coverage"):
            found = figure(lms, place, metric)
            assert (found.numerator, found.denominator, found.ceiling) == (None, None, None)
            assert found.missing is not None
            assert (found.missing.en, found.not_reported) == (NOT_REPORTED, (1, 1))
    assert (figure(lms, A2).numerator, figure(lms, A2).not_reported) == (0, (0, 1))
    assert (figure(lms, CITY).numerator, figure(lms, CITY).not_reported) == (1, (2, 3))
    assert (figure(lms, COUNTY, RATE).numerator, figure(lms, COUNTY, RATE).denominator) == (1, 450)


def test_each_tree_counts_its_own_senders() -> None:
    """The zone reports to the city: the county has two townships on the reporting tree, three on the administrative one."""
    lms = held()
    deliver(lms, STREET)
    assert [figure(lms, COUNTY, tree=tree).not_reported for tree in ("admin", "reporting")] == [(2, 3), (1, 2)]


def test_nothing_to_report_is_a_report() -> None:
    """The zone's zero is a zero."""
    lms = held()
    deliver(lms, STREET)
    deliver(lms, ZONE, shape="nil", nil=True)
    assert [(figure(lms, p).numerator, figure(lms, p).not_reported) for p in (ZONE, TOWN)] == [(0, (0, 1)), (None, (1, 1))]
    assert figure(lms, CITY).not_reported == (1, 3)


def test_a_replaced_delivery_does_not_count() -> None:
    """The street's file for 2022 turned out to be another year's: what replaces it is of 2021."""
    lms = held()
    deliver(lms, ZONE)
    deliver(lms, STREET, "2022", turn=1)
    assert figure(lms, CITY).not_reported == (1, 3)
    deliver(lms, STREET, "2021", turn=1)
    first, second = (r.reference for r in lms.rows("delivery") if r.cells["file"] == f"{STREET}.xlsx")
    lms.set("delivery", first, replaced_by=second)
    assert figure(lms, CITY).not_reported == (2, 3)
    assert figure(lms, CITY, period="2021").not_reported == (2, 3)


def test_deliveries_of_months_say_how_much_of_the_year_they_cover() -> None:
    """March, March in another shape, and the second quarter: 4 of the 12 months, each counted once."""
    lms = held()
    for period, shape in (("2022-03", "ledger"), ("2022-03", "sign_in"), ("2022Q2", "ledger")):
        deliver(lms, STREET, period, shape)
    street = lms.place(STREET)
    for period, covered in (("2022", 4), ("2022H1", 4), ("2022Q2", 3), ("2022-03", 1), ("2022H2", 0), ("2021..2022", 4), ("2022S", 0)):
        assert lms.figures(period).reporting.covered[street] == covered, period
    partly = {p: lms.figures(p).reporting.partly([lms.place(CITY)]) for p in ("2022", "2022Q2", "2022H2")}
    assert partly == {"2022": (street,), "2022Q2": (), "2022H2": ()}
    assert figure(lms, STREET, period="2022H2").missing is not None


def test_a_period_before_the_first_delivery_expects_nobody() -> None:
    """What is known of 2021 came in before deliveries were kept."""
    lms = held()
    deliver(lms, STREET)
    found = figure(lms, TOWN, period="2021")
    assert (found.numerator, found.missing, found.not_reported) == (0, None, None)


def test_what_a_place_that_has_not_reported_has_from_elsewhere_is_shown() -> None:
    """Somebody of B1 came to the street: the town's one person and one visit stand; its sessions, and B2, are no data."""
    lms = held()
    deliver(lms, STREET)
    learners(lms, B1, "L2")
    attend(lms, "S1", "L2")
    assert [figure(lms, p, RATE).numerator for p in (TOWN, B1, B2)] == [1, 1, None]
    assert [figure(lms, p).numerator for p in (TOWN, B1, B2)] == [None, None, None]
    assert figure(lms, TOWN, RATE).not_reported == (1, 1)


def test_a_ceiling_is_no_zero() -> None:
    """20 unnamed visits were recorded in the town: its rate is 0 to 20 of 200, and not without data."""
    lms = held()
    deliver(lms, STREET)
    session(lms, "S2", B1, "2022-04-01")
    headcount(lms, "S2", "present", 20)
    found = figure(lms, TOWN, RATE)
    assert (found.numerator, found.denominator, found.ceiling) == (0, 200, 20)


def test_where_every_sender_below_is_missing_the_zero_above_is_none_either() -> None:
    """2023 has begun and nobody has sent."""
    lms = held()
    deliver(lms, STREET)
    found = figure(lms, CITY, period="2023")
    assert (found.numerator, found.not_reported) == (None, (3, 3))


def test_villages_are_expected_only_where_no_township_sends() -> None:
    """Villages alone send: of four one. When the street sends too, its villages are in its papers, and B1's own is still heard."""
    lms = held()
    deliver(lms, B1)
    assert figure(lms, CITY).not_reported == (3, 4)
    assert [figure(lms, p).numerator for p in (B1, B2, TOWN)] == [0, None, 0]
    deliver(lms, STREET)
    assert figure(lms, CITY).not_reported == (2, 3)
    assert [(figure(lms, p).numerator, figure(lms, p).not_reported) for p in (A2, B1, B2, TOWN)] == [
        (0, (0, 1)), (0, (0, 1)), (None, (1, 1)), (None, (1, 1)),
    ]


def test_what_a_county_sends_is_not_what_its_townships_send() -> None:
    """The county's own papers and the street's: of county and three townships two are missing."""
    lms = held()
    deliver(lms, COUNTY)
    deliver(lms, STREET)
    assert figure(lms, CITY).not_reported == (2, 4)
    assert figure(lms, TOWN).numerator is None


def test_a_register_is_missing_only_where_deliveries_bring_it() -> None:
    """Seniors' points were imported by the office: none in the town is none."""
    lms = held()
    deliver(lms, STREET)
    points = next(m for m in lms.registry.metrics.values() if type(m.numerator).__name__ == "Rows")
    assert figure(lms, TOWN, points.key).numerator == 0
    table = lms.record(points.numerator.record).table  # type: ignore[attr-defined]  # a register's measure
    lms.database.execute(
        'INSERT INTO delivered (delivery, sheet, line, cell, "table", k1, made, journal) VALUES (1, \'\', 2, \'\', ?, 1, 1, 1)', (table,)
    )
    assert figure(lms, TOWN, points.key).numerator is None


def test_a_period_that_cannot_be_read_reports_nothing() -> None:
    lms = held()
    deliver(lms, STREET, "去年")
    assert figure(lms, TOWN).numerator == 0


def test_the_table_of_all_places_has_no_numerator_where_nothing_was_reported() -> None:
    lms = held()
    deliver(lms, STREET)
    numerators, denominators = lms.figures("2022").table([lms.metric(RATE)])[RATE]
    assert denominators is not None
    assert lms.place(TOWN) not in numerators
    assert (numerators[lms.place(CITY)], denominators[lms.place(TOWN)]) == (1, 200)


# -- verdicts --------------------------------------------------------------------------------------


def judged_at(lms: LMS, folder: Path, place: str, **changes: str) -> Judgement:
    """The judgement of one place."""
    return at(lms, judged(lms, folder, **changes), place)


TOWNSHIPS = {"scope": '{ level = "township" }'}
COUNT = {"metric": '"core.sessions"', "unit": '"count"', "literal": '"至少"', "scope": '{ level = "county" }'}


def test_a_place_that_has_not_reported_is_not_judged(tmp_path: Path) -> None:
    """60 % of 200: without deliveries the town may have 200 at the most; with them it is no data."""
    lms = held()
    assert judged_at(lms, tmp_path, TOWN, **TOWNSHIPS).verdict == "not_shown"
    deliver(lms, STREET)
    found = judged_at(lms, tmp_path, TOWN, **TOWNSHIPS)
    assert (found.verdict, found.why and found.why.en, found.not_reported) == ("no_data", NOT_REPORTED, (1, 1))


def test_the_residents_of_those_who_have_not_reported_are_in_the_bound(tmp_path: Path) -> None:
    """Every village held a session, so nobody is silent: of the county's 450 at most 1 came. The town has not reported: 201 at most."""
    lms = held()
    for code, place in (("S2", A2), ("S3", B1), ("S4", B2), ("S5", ZONE)):
        session(lms, code, place, "2022-04-01")
    county = {"scope": '{ level = "county" }', "value": "40"}
    before = judged_at(lms, tmp_path, COUNTY, **county)
    assert (before.verdict, before.bound, before.not_reported) == ("short", 1, None)
    deliver(lms, STREET)
    deliver(lms, ZONE)
    after = judged_at(lms, tmp_path, COUNTY, **county)
    assert (after.verdict, after.bound, after.needed, after.not_reported) == ("not_shown", 201, 180, (1, 3))
    assert verdict_words(after).en.endswith("1 of 3 have not reported")
    assert "have not reported" not in verdict_words(before).en


@pytest.mark.parametrize(
    ("value", "compare", "verdict"),
    [("1", '">="', "met"), ("2", '">="', "no_data"), ("1", '"<="', "no_data"), ("0", '"<="', "short"), ("1", '"=="', "no_data")],
)
def test_a_count_is_judged_only_where_what_is_missing_cannot_turn_it(tmp_path: Path, value: str, compare: str, verdict: str) -> None:
    """One session is recorded in the county, and one of its senders has not reported: there may be more."""
    lms = held()
    deliver(lms, STREET)
    deliver(lms, ZONE)
    found = judged_at(lms, tmp_path, COUNTY, **COUNT, value=value, compare=compare)
    assert found.verdict == verdict
    assert found.not_reported == (1, 3)
    if verdict == "no_data":
        assert found.why is not None
        assert verdict_words(found).en == "1 session; 1 of 3 have not reported"


def test_a_share_of_learners_is_not_judged_while_learners_are_missing(tmp_path: Path) -> None:
    """More learners would change both integers."""
    lms = held()
    deliver(lms, STREET)
    found = judged_at(lms, tmp_path, COUNTY, metric='"core.repeat"', scope='{ level = "county" }', value="0", basis='"permanent"')
    assert found.verdict == "no_data"


def test_places_judged_as_one_are_judged_with_those_that_have_not_reported_in_the_bound(tmp_path: Path) -> None:
    """The three townships together: 1 proven of 450; at most 1 more in A1's ceiling, and A2, B1, B2, the zone: 351."""
    lms = held()
    deliver(lms, STREET)
    (found,) = judged(lms, tmp_path, **TOWNSHIPS, judge='"together"')
    assert (found.verdict, found.numerator, found.denominator, found.bound) == ("not_shown", 1, 450, 351)
    assert found.not_reported == (2, 3)


