"""Many cities publish into one lake: its figures are those of one office that knows everything."""

import datetime as dt
from pathlib import Path

import pytest

from commlms import LMS, Host, open_lake
from tests.java import ENGINES
from tests.lake.cells import Key, Shown, cells, digest, strengths, verdicts
from tests.lake.cities import CITIES, PROVINCE, TODAY, world

YEARS, PARTS = ("2019", "2020"), ("2020H1", "2019..2020")
AS_OF = dt.date(2020, 12, 31)


@pytest.fixture(scope="module")
def host() -> Host:
    """All bundled plugins."""
    return Host()


@pytest.fixture(scope="module")
def lake(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake that every city has published into."""
    folder = tmp_path_factory.mktemp("province") / "lake"
    world().publish(folder, host)
    return folder


@pytest.fixture(scope="module")
def whole(host: Host) -> LMS:
    """One database that holds all rows."""
    return world().whole.database(host)


@pytest.fixture(scope="module")
def wanted(whole: LMS) -> dict[Key, Shown]:
    """Its figures."""
    return cells(whole, (*YEARS, *PARTS))


@pytest.mark.parametrize("engine", ENGINES)
def test_the_figures_of_many_cities_are_those_of_one_database(
    engine: str, lake: Path, whole: LMS, wanted: dict[Key, Shown], host: Host,
) -> None:
    """Every place, year, tree and metric; and the verdicts of the province's document 000, but for what is judged row by row."""
    with open_lake(lake, engine=engine, host=host, today=TODAY) as province:
        found, judged = cells(province, YEARS), verdicts(province, "000", AS_OF)
    assert digest(found) == digest({k: shown for k, shown in wanted.items() if k[1] in YEARS})
    (policy,) = (p for p in host.registry.policies.values() if p.id == "000")
    by_row = {t.id for t in policy.targets if t.subject}
    assert [j for j in judged if j[0] not in by_row] == [j for j in verdicts(whole, "000", AS_OF) if j[0] not in by_row]
    assert {j[3] for j in judged if j[0] in by_row} == {"no_data"}
    assert {j[3] for j in judged if "-participation-" in str(j[0])} == {"not_shown"}
    assert {j[1] for j in judged} > {(PROVINCE,)}


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_parts_of_years_are_those_of_one_database_or_have_no_figure(
    engine: str, lake: Path, wanted: dict[Key, Shown], host: Host,
) -> None:
    """What a lake cannot tell of a half year or of several years is missing, each with its reason."""
    with open_lake(lake, engine=engine, host=host, today=TODAY) as province:
        found = cells(province, PARTS)
    assert found.keys() == {k for k in wanted if k[1] in PARTS}
    assert {found[k][4] for k in found if found[k] != wanted[k]} == {
        "of sensitive groups the lake has the yearly figures that were published",
        "the lake has birth years only: figures by age are for a year's end",
    }
    assert sum(found[k] == wanted[k] and bool(found[k][0]) for k in found) > 5_000


def test_a_person_in_two_cities_is_one_where_both_have_the_id_number(lake: Path, host: Host) -> None:
    """All who moved are in the registers of both cities: the lake has fewer persons than these together."""
    made = world()
    assert made.moved == 4 * len(CITIES)
    with open_lake(lake, host=host, today=TODAY) as province:
        (row,) = province.totals.run('SELECT COUNT(*), SUM(1 - "known") FROM "learner"', None)
        (published,) = province.totals.run('SELECT COUNT(*) FROM "published_learner"', None)
    assert row[1] == made.unmatched
    assert published[0] - row[0] == made.moved


def test_how_many_could_not_be_matched_stands_under_the_figures(lake: Path, host: Host) -> None:
    """Learners without an ID number would be two persons in two cities: how many there are is said."""
    with open_lake(lake, host=host, today=TODAY) as province:
        assert province.origin is not None
        assert f"{len(CITIES)} database(s)" in province.origin.en
        assert f"{world().unmatched} have no ID number" in province.origin.en
        assert f"{world().unmatched} 人没有身份证号" in province.origin.zh


def test_a_city_that_publishes_without_a_plugin_leaves_its_figures_without_data(lake: Path, host: Host, tmp_path: Path) -> None:
    """What not every database published is missing everywhere, with a sentence, never a sum of those that did."""
    from commlms import publish
    from tests.lake.cities import LAKE_KEY

    place = {"code": PROVINCE, "name": "云省", "level": "province"}
    with LMS(host=Host(without=["youth"]), today=TODAY) as poor, LMS(host=host, today=TODAY) as rich:
        for lms in (poor, rich):
            lms.add([place], "place")
            publish(lms, tmp_path / "lake", keys=[LAKE_KEY])
    with open_lake(tmp_path / "lake", host=host, today=TODAY) as province:
        ((_, _, youth), (_, _, core)) = province.metrics("2020", keys=["youth.persons", "core.persons"])
    assert youth.missing is not None
    assert "not every database" in youth.missing.en
    assert core.numerator == 0


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_how_surely_people_are_known_is_that_of_one_database(engine: str, lake: Path, whole: LMS, host: Host) -> None:
    """Of every rate at every place, as it may be shown."""
    with open_lake(lake, engine=engine, host=host, today=TODAY) as province:
        found = strengths(province, YEARS)
    assert found == strengths(whole, YEARS)
    found = {key: four for key, four in found.items() if four is not None}
    assert {key[3] for key in found} >= {"core.participation", "seniors.participation", "migrants.new_citizens_participation"}
    assert {min(four[n] for four in found.values()) < max(four[n] for four in found.values()) for n in (0, 1)} == {True}
