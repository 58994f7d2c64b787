"""All figures of a period at once, the trees they stand on, and what a sign-in reaches."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from commlms import LMS, Hosted, Metric, Rows
from commlms.store.geography import Geography, place_tree
from tests.measure.city import A1, A2, B1, STREET, TODAY, TOWN, attend, bundled, city, headcount, learners, residents, session


def lively(path: Path | None = None) -> LMS:
    """A city with learners, sessions in three years, headcounts and some residents."""
    lms = city(path, host=bundled())
    learners(lms, A1, "L1", "L2", born="1950", hukou="local_rural")
    learners(lms, B1, "L3", born="2015", sex="female", occupation="worker")
    learners(lms, None, "L4")
    for number, (at, on) in enumerate(((A1, "2021-05-01"), (B1, "2022-05-01"), (A1, "2022-06-01"), (STREET, "2023-01-01"))):
        session(lms, f"S{number}", at, on, minutes=60)
        attend(lms, f"S{number}", "L1", "L3")
    attend(lms, "S2", "L2", "L4")
    headcount(lms, "S2", "present", 9)
    headcount(lms, "S1", "besides", 4, "seniors")
    for place, persons in ((A1, 100), (A2, 50), (TOWN, 70)):
        residents(lms, place, persons)
        residents(lms, place, persons // 5, group="seniors")
    return lms


@pytest.mark.parametrize("period", ["2021", "2022", "2022Q2", "2021..2023"])
def test_the_table_holds_the_two_integers_of_every_figure(period: str) -> None:
    """Every metric at every place, on both trees: kept years, quarters and windows alike."""
    lms = lively()
    metrics = list(lms.registry.metrics.values())
    for tree in ("admin", "reporting"):
        figures = lms.figures(period, tree)  # type: ignore[arg-type]  # a tree
        table = figures.table(metrics)
        assert table.keys() == {m.key for m in metrics}
        for metric in metrics:
            over, under = table[metric.key]
            for place in figures.tree.order:
                figure = figures.figure(metric, place)
                assert (over.get(place, 0), None if under is None else under.get(place)) == (figure.numerator, figure.denominator)


def test_a_metric_whose_register_is_not_there_is_not_in_the_table() -> None:
    """Beside it the others stand."""
    lms = lively()
    lost = Metric("absent.rows", "缺", "absent", Rows("absent.register"), unit="row")
    assert lms.figures("2022").table([lost, lms.metric("core.persons")]).keys() == {"core.persons"}


def test_figures_on_the_other_tree_are_those_counted_for_it() -> None:
    """Without counting again, and with the sums along the other parents."""
    lms = lively()
    metrics = list(lms.registry.metrics.values())
    assert lms.figures("2022Q2").on("reporting").table(metrics) == lms.figures("2022Q2", "reporting").table(metrics)


def test_rows_roll_up_as_single_figures_do() -> None:
    """Two figures of each place, some at a place that has ended and some where no place is."""
    lms = city()
    lms.add([{"code": A2, "name": "桥西社区", "level": "village", "parent": STREET, "until": "2022-07-01"}], "place")
    tree = place_tree(Geography(lms.database), 20221231)
    ended, there = lms.place(A2, 20220101), lms.place(A1)
    own = {0: (5, 7), ended: (1, 2), there: (10, 0), lms.place(STREET): (100, 3)}
    assert ended in tree.fallen
    rolled = tree.roll_up_rows(own, 2)
    for position in (0, 1):
        assert {p: row[position] for p, row in rolled.items()} == tree.roll_up({p: row[position] for p, row in own.items()})
    assert rolled[lms.place(STREET)] == (111, 5)
    assert rolled[lms.place(TOWN)] == (0, 0)


def test_the_tree_of_a_day_is_made_once_between_two_changes() -> None:
    """The same nodes on the days before a change, others from that day on; each tree says its own day."""
    lms = city()
    lms.add([{"code": A1, "name": "新名", "level": "village", "since": "2022-07-01", "parent": TOWN}], "place")
    geography = Geography(lms.database)
    early, eve, after = (place_tree(geography, day) for day in (20220101, 20220630, 20220701))
    assert early.parents is eve.parents
    assert early.day == 20220101
    assert eve.day == 20220630
    assert eve.parents[lms.place(A1)] == lms.place(STREET)
    assert after.parents[lms.place(A1)] == lms.place(TOWN)


def test_places_are_read_again_after_a_write_here_or_by_another_process(tmp_path: Path) -> None:
    """Figures made later stand on the places as they are by then; without a write the places are not read again."""
    path = tmp_path / "city.db"
    with city(path) as lms, LMS(path, host=bundled(), today=TODAY) as other:
        assert lms.totals.geography() is lms.totals.geography()
        place = {"code": "990101001009", "name": "桥南社区", "level": "village", "parent": STREET}
        other.add([place], "place")
        assert "桥南社区" in {n.name for n in lms.figures("2022").tree.nodes.values()}
        lms.add([{**place, "code": "990101001010", "name": "桥北社区"}], "place")
        assert "桥北社区" in {n.name for n in lms.figures("2022").tree.nodes.values()}


def test_what_was_worked_out_of_the_places_is_kept_over_writes_that_change_none() -> None:
    """Sixty deliveries in a row look names up in one index; a change of any place is seen at once."""
    lms = lively()
    before = lms.totals.geography()
    attend(lms, "S3", "L2")
    assert lms.totals.geography() is before
    lms.set("place", A1, aliases="桥头")
    assert lms.totals.geography() is not before
    assert lms.totals.geography().find("桥头", lms.today) == [lms.place(A1)]


def test_places_that_an_embedding_program_takes_back_are_gone() -> None:
    """Figures made inside its transaction see the new place; those made after its rollback do not."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    lms = city(connection=connection, host=bundled())
    connection.execute("BEGIN")
    lms.add([{"code": "990101001009", "name": "桥南社区", "level": "village", "parent": STREET}], "place")
    assert "桥南社区" in {n.name for n in lms.figures("2022").tree.nodes.values()}
    connection.execute("ROLLBACK")
    assert "桥南社区" not in {n.name for n in lms.figures("2022").tree.nodes.values()}


def test_sign_ins_of_several_years_stay_exact_where_named_visits_are_kept() -> None:
    """A sign-in reaches sessions without headcounts too, where a plugin counts who came by name."""
    lms, named = city(), Hosted("named")
    lms.totals.declare({"visits": [Metric("visits.named", "具名", "named", named, unit="visit")]})
    learners(lms, A1, "L1", "L2")
    for number, on in enumerate(("2021-05-01", "2022-05-01", "2023-01-01")):
        session(lms, f"S{number}", A1, on)
    attend(lms, "S0", "L1")
    lms.add([{"learner__code": who, "session__code": s} for who in ("L1", "L2") for s in ("S0", "S1")], "participation")
    assert lms.recount(check=True) == []
    lms.check_in("L2", "S2")
    lms.set("participation", next(r.reference for r in lms.rows("participation")), minutes=30)
    assert lms.recount(check=True) == []
    assert [lms.figures(y).rolled(named)[lms.place(A1)] for y in ("2021", "2022", "2023")] == [2, 2, 1]


def test_a_sign_in_at_a_session_with_people_counted_as_present_takes_one_from_the_unnamed() -> None:
    """Also where the session's year is not the learner's only one, and where the sign-in is taken back."""
    lms = lively()
    unnamed = lms.metric("core.unnamed_visits").numerator
    before = lms.figures("2022").rolled(unnamed)[lms.place(A1)]
    learners(lms, A2, "L5")
    journal = lms.check_in("L5", "S2")
    assert lms.figures("2022").rolled(unnamed)[lms.place(A1)] == before - 1
    lms.undo(journal)
    assert lms.figures("2022").rolled(unnamed)[lms.place(A1)] == before
    assert lms.recount(check=True) == []
