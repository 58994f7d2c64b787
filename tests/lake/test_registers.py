"""Registers out of a lake: the same figures as in the database that published, and nothing that is not known said as a number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

import commlms
from commlms import LMS, Host, Metric, Rows, hookimpl, this
from tests.measure.city import A1, city, learners
from tests.measure.offices import POSTS, host
from tests.measure.test_offices import fill

KEY = b"l" * 32


@contextmanager
def opened(tmp_path: Path, engine: str = "duckdb") -> Iterator[tuple[LMS, LMS]]:
    """The city with funds and posts, and the lake that it published."""
    with city(host=host(without=["policies"])) as lms:
        fill(lms)
        commlms.publish(lms, tmp_path / "lake", keys=[KEY])
        with commlms.open_lake(str(tmp_path / "lake"), engine=engine, host=host(without=["policies"])) as lake:
            yield lms, lake


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_sums_periods_own_rows_kinds_and_levels_are_the_same_from_a_lake(tmp_path: Path, engine: str) -> None:
    """Every figure of the three registers at every place, by code, in several periods."""
    with opened(tmp_path, engine) as (lms, lake):
        for period in ("2022", "2022H1", "2021..2022", "2023"):
            here, there = lms.figures(period), lake.figures(period)
            for metric in (m for m in lms.registry.metrics.values() if m.key.startswith("offices.")):
                for place, node in here.tree.nodes.items():
                    found, told = there.figure(metric, lake.place(node.code)), here.figure(metric, place)
                    assert (found.numerator, found.denominator) == (told.numerator, told.denominator), (metric.key, node.code, period)


def test_what_is_judged_row_by_row_is_not_in_a_lake(tmp_path: Path) -> None:
    """The rows with their names stay behind, and that is said; whether a register is empty is known."""
    with opened(tmp_path) as (_, lake):
        figures = lake.figures("2022")
        assert figures.subjects("institution") == ()
        assert figures.no_subjects is not None
        assert figures.no_subjects.en == "the rows with their names stay in the cities' databases: judge it there"
        assert not figures.is_empty("offices.fund")
        assert figures.days(POSTS, lake.place("990101")) == [20200101, 20221231]


def test_a_register_of_which_no_row_leaves_is_empty_only_if_that_is_said(tmp_path: Path) -> None:
    """Awards by a title in somebody's own words: whether there is any row at all is known, in one lake and in the other."""
    titled = Metric("odd.titled", "丙", "c", Rows("outcome", where=this.title.is_("奖"), day="on"), unit="row")
    plugin = SimpleNamespace(COMMLMS_API=1, register_metrics=hookimpl(lambda: [titled]))
    for name, filled in (("none", False), ("one", True)):
        with city(host=Host(modules={"odd": plugin}, without=["policies"])) as lms:
            if filled:
                learners(lms, A1, "L1")
                lms.add({"learner": "L1", "kind": "award", "on": "2022-04-01", "title": "别的"}, "outcome")
            commlms.publish(lms, tmp_path / name, keys=[KEY])
            with commlms.open_lake(str(tmp_path / name), host=lms.host) as lake:
                assert lake.figures("2022").is_empty("outcome") is not filled
                assert lake.totals.told(titled.numerator, lake.figures("2022").period, lake.figures("2022").tree) is not None


def test_a_lake_published_without_the_register_has_no_figure(tmp_path: Path) -> None:
    """Not 0: it says that the plugin was not there."""
    with city(host=commlms.Host(without=["policies"])) as lms:
        commlms.publish(lms, tmp_path / "lake", keys=[KEY])
    with commlms.open_lake(str(tmp_path / "lake"), engine="duckdb", host=host(without=["policies"])) as lake:
        figure = lake.figures("2022").figure(lake.metric("offices.own"), lake.place("990101"))
        assert figure.numerator is None
        assert figure.missing is not None
        assert "publish again with its plugin" in figure.missing.en
