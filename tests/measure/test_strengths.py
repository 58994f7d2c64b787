"""How surely the persons of a rate are known: by ID number, birth date, birth year, or none of these."""

from __future__ import annotations

from pathlib import Path

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commlms import LMS, write_table
from commlms.core.identity import check_digit
from commlms.core.metrics import KNOWN_BY
from commlms.report.protect import Protection
from tests.measure.city import (
    A1,
    A2,
    B1,
    B2,
    CITY,
    COUNTY,
    STREET,
    TOWN,
    ZONE,
    attend,
    bundled,
    city,
    content,
    learners,
    residents,
    session,
)

KEYS = [b"k" * 32]
RATE = "core.participation"
Four = tuple[int, int, int, int]


def card(number: int, born: str = "19500305") -> str:
    """An ID number of an area that is nowhere."""
    first = f"990101{born}{number:03d}"
    return first + check_digit(first)


def known() -> LMS:
    """Six people of A1 and one of B1 at one session: two with an ID number, two with a birth date, two with less, one with nothing."""
    lms = city(keys=KEYS)
    learners(lms, A1, "C1", id_number=card(1), born="1950-03-05")
    learners(lms, B1, "C2", id_number=card(2))
    learners(lms, A1, "D1", "D2", born="1990-07-01")
    learners(lms, A1, "Y1", born="1950")
    learners(lms, A1, "Y2", born="1951-08")
    learners(lms, A1, "N1")
    session(lms, "S1", A1, "2022-03-05")
    attend(lms, "S1", "C1", "C2", "D1", "D2", "Y1", "Y2", "N1")
    return lms


def four(lms: LMS, place: str, metric: str = RATE, period: str = "2022") -> Four | None:
    """A rate's persons by strength."""
    figures = lms.figures(period)
    found = figures.strengths(lms.metric(metric), lms.place(place, figures.period.last))
    return None if found is None else attrs.astuple(found)  # type: ignore[return-value]  # four integers


def test_an_id_number_goes_before_a_birth_date_and_that_before_a_year_or_a_month() -> None:
    """At the village 1 + 2 + 2 + 1 of six, above it one with an ID number more; half a year is counted alike."""
    lms = known()
    assert four(lms, A1) == (1, 2, 2, 1)
    assert four(lms, CITY) == (2, 2, 2, 1)
    assert four(lms, CITY, period="2022H1") == (2, 2, 2, 1)
    assert four(lms, CITY, period="2021") == (0, 0, 0, 0)


def test_a_rate_of_a_group_tells_those_of_the_group_and_what_is_no_rate_tells_nothing() -> None:
    """Of the seniors one by ID number and two by year; C2 has no birth date and is none. Persons and shares of learners are no rates."""
    lms = known()
    assert four(lms, CITY, "seniors.participation") == (1, 0, 2, 0)
    assert [four(lms, CITY, m) for m in ("core.persons", "core.visits", "core.repeat", "core.village_coverage")] == [None] * 4


def test_who_came_to_no_organised_session_is_not_told_among_those_who_did() -> None:
    lms = known()
    learners(lms, A1, "D3", born="1991-01-01")
    session(lms, "S2", A1, "2022-05-01", mode="self_study")
    attend(lms, "S2", "D3")
    assert (four(lms, A1), four(lms, A1, "core.organised_participation")) == ((1, 3, 2, 1), (1, 2, 2, 1))


def test_an_id_number_learned_later_changes_the_strength_and_undo_takes_it_back() -> None:
    """N1 becomes the second with an ID number here; the kept totals equal a recount before, between and after."""
    lms = known()
    before = content(lms)
    journal = lms.set("learner", "N1", id_number=card(3))
    assert four(lms, A1) == (2, 2, 2, 0)
    assert lms.recount(check=True) == []
    lms.undo(journal)
    assert four(lms, A1) == (1, 2, 2, 1)
    assert (lms.recount(check=True), content(lms)) == ([], before)


def test_an_erased_person_still_counts_as_known_as_they_were() -> None:
    lms = known()
    lms.people.erase("C1")
    assert four(lms, A1) == (1, 2, 2, 1)
    assert lms.recount(check=True) == []


def test_no_export_has_the_strength_as_a_column(tmp_path: Path) -> None:
    """It is made when read: the exported people come in again as they were."""
    lms = known()
    rows = list(lms.sheets.export("learner"))
    assert not {"strength", *KNOWN_BY}.intersection(cell for row in rows for cell in row)
    write_table(tmp_path / "people.csv", rows, "people")
    again = lms.import_file("learner", tmp_path / "people.csv")
    assert (again.new, again.changed) == (0, 0)
    assert "strength" not in lms.database.columns("learner")


def test_below_the_county_all_four_are_hidden_where_one_is_small_and_where_that_would_give_it_away() -> None:
    """A1 has 1 of weak strength; A2's numbers are large, but with the street's they would tell A1's. The county shows its own."""
    lms = city()
    for place, dates, weak in ((A1, 20, 1), (A2, 30, 30), (B1, 9, 0), (B2, 7, 0)):
        session(lms, f"S{place}", place, "2022-03-05")
        for kind, number, born in (("D", dates, "1960-01-01"), ("N", weak, None)):
            codes = [f"{kind}{place}{i}" for i in range(number)]
            if codes:
                learners(lms, place, *codes, born=born)
                attend(lms, f"S{place}", *codes)
    figures = lms.figures("2022")
    protection = Protection(figures, lms.registry.metrics.values())
    shown = {p: protection.strengths(lms.metric(RATE), lms.place(p)) for p in (COUNTY, STREET, TOWN, A1, A2, B1, B2)}
    assert {p for p, (found, why) in shown.items() if found is None and why} == {A1, A2}
    found = shown[COUNTY][0]
    assert found is not None
    assert attrs.astuple(found) == (0, 66, 0, 31)


PEOPLE = st.lists(st.tuples(st.sampled_from([A1, A2, B1, B2, ZONE, STREET]), st.sampled_from(["1950-01-01", "1950", None])), max_size=60)


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(PEOPLE)
def test_no_small_number_is_shown_below_the_county_nor_left_alone_in_its_family(people: list[tuple[str, str | None]]) -> None:
    """Of the shown no number is 1 to 4; a hidden place whose parent is shown has a hidden sibling, or none below the county."""
    lms = city(host=bundled())
    session(lms, "S1", COUNTY, "2022-03-05")
    lms.add([{"code": f"L{i}", "name": f"学员{i}", "home": home, "born": born} for i, (home, born) in enumerate(people)], "learner")
    attend(lms, "S1", *(f"L{i}" for i in range(len(people))))
    for tree in ("admin", "reporting"):
        figures = lms.figures("2022", "reporting" if tree == "reporting" else "admin")
        protection, metric, nodes = Protection(figures, lms.registry.metrics.values()), lms.metric(RATE), figures.tree.nodes
        low = [p for p in figures.tree.order if nodes[p].level in ("township", "village")]
        told = {p: protection.strengths(metric, p)[0] for p in low}
        assert all(n == 0 or n >= 5 for found in told.values() if found for n in attrs.astuple(found))
        for place in (p for p in low if told[p] is None):
            parent = figures.tree.parents[place]
            assert parent is not None
            beside = [told[s] for s in figures.tree.children[parent] if s in told and s != place]
            assert told.get(parent, "shown") is None or not beside or None in beside


def test_residents_and_dates_as_such_change_nothing() -> None:
    """The denominator is no part of it: a rate without residents still tells its persons."""
    lms = known()
    assert four(lms, STREET) == (1, 2, 2, 1)
    residents(lms, A1, 100)
    residents(lms, A2, 100)
    assert four(lms, STREET) == (1, 2, 2, 1)
