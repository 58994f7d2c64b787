"""A lake is read like a database: the commands print the same, nothing can be written, what it cannot tell it says."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from commlms import LMS, LakeError, StoreError, open_lake, publish
from commlms.cli.main import build
from commlms.measure.engines import SQLiteEngine
from tests.lake.cells import cells
from tests.lake.small import LAKE_KEY, small
from tests.measure.city import A1, B1, CITY, COUNTY, TODAY, TOWN, attend, bundled, learners


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a city's database and the lake it published into."""
    made = tmp_path_factory.mktemp("city")
    with small(made / "city.db", host=bundled()) as lms:
        publish(lms, made / "lake", keys=[LAKE_KEY])
    return made


@pytest.fixture
def lake(folder: Path) -> Iterator[LMS]:
    """The lake, opened."""
    with open_lake(folder / "lake", host=bundled(), today=TODAY) as lms:
        yield lms


def run(*words: str, fails: int = 0) -> tuple[str, str]:
    """A command's output and what it says beside it."""
    done = CliRunner().invoke(build(), ["--lang", "en", "--today", f"{TODAY}", *words], catch_exceptions=True)
    assert done.exit_code == fails, done.output
    return done.stdout, done.stderr


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
@pytest.mark.parametrize("words", [
    "metrics --period 2022", "metrics --period 2022 --format csv", "metrics --period 2022 --format json",
    "metrics --period 2021 --format csv --tree reporting --level village", "judge --as-of 2022-12-31",
    "judge --as-of 2022-12-31 --format json", "metrics",
])
def test_a_command_prints_of_a_lake_what_it_prints_of_the_database(folder: Path, engine: str, words: str) -> None:
    """Byte for byte; where the figures are from stands beside them, not among them."""
    printed, beside = run("--db", str(folder / "city.db"), *words.split())
    of_lake, said = run(*words.split(), "--lake", str(folder / "lake"), "--engine", engine)
    assert of_lake == printed
    assert said.startswith(beside)
    line = said.removeprefix(beside)  # L0 to L10, M0 to M6, V0 to V7, T1 and N1 took part
    assert line.count("\n") == 1
    assert "1 database(s)" in line
    assert "homes down to the level village" in line
    assert "of 28 learners 28 have no ID number" in line


def test_a_report_says_where_its_figures_are_from(folder: Path, tmp_path: Path) -> None:
    """It is the database's report, but for what a lake does not hold, and one note more."""
    run("--db", str(folder / "city.db"), "report", str(tmp_path / "a.json"), "--period", "2022")
    run("report", str(tmp_path / "b.json"), "--period", "2022", "--lake", str(folder / "lake"))
    of_database, of_lake = (json.loads((tmp_path / name).read_text(encoding="utf-8")) for name in ("a.json", "b.json"))
    assert "1 database(s)" in of_lake["notes"].pop(0)["en"]
    for report in (of_database, of_lake):
        report["left_out"] = [x for x in report["left_out"] if not x["key"].startswith("unknown_") or x["key"] == "unknown_home"]
    assert of_lake == of_database


def test_an_engine_without_a_lake_is_a_wrong_command(folder: Path) -> None:
    _, said = run("--db", str(folder / "city.db"), "metrics", "--engine", "duckdb", fails=2)
    assert "--engine and --master go with --lake" in said


def test_a_folder_in_which_nothing_is_published_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="nothing is published in the lake"):
        open_lake(tmp_path)


def test_databases_under_different_lake_keys_are_not_read_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One person would be two. Such a lake can only come about by copying folders together."""
    for name, key in (("one", b"1" * 32), ("two", b"2" * 32)):
        with small() as lms:
            publish(lms, tmp_path / name, keys=[key])
    for folder in (tmp_path / "two").iterdir():
        folder.rename(tmp_path / "one" / folder.name)
    with pytest.raises(LakeError, match="under different lake keys"):
        open_lake(tmp_path / "one", host=bundled())


WRITES: dict[str, Callable[[LMS], object]] = {
    "add": lambda lms: lms.add([{"code": "X", "name": "某人"}], "learner"),
    "set": lambda lms: lms.set("place", A1, name="别处"),
    "remove": lambda lms: lms.remove("place", A1),
    "undo": lambda lms: lms.undo(1),
    "recount": lambda lms: lms.recount(),
    "publish": lambda lms: publish(lms, "elsewhere", keys=[LAKE_KEY]),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_lake_cannot_be_written_to(lake: LMS, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = lake.database.connection.total_changes
    with pytest.raises(StoreError, match="mirror of a lake and can only be read"):
        WRITES[name](lake)
    assert lake.database.connection.total_changes == before
    assert not list(tmp_path.iterdir())


def test_what_a_lake_cannot_tell_is_missing_with_its_reason(lake: LMS) -> None:
    """Ages within a year, and sensitive groups in anything but a year; everything else of the quarter is there."""
    wanted = {
        "seniors.persons": "birth years only", "farmers.persons": "yearly figures", "farmers.village_coverage": "yearly figures",
        "core.persons": "", "youth.school430_days": "", "core.unnamed_visits": "", "youth.enrolled": "",
    }
    for _, metric, figure in lake.metrics("2022Q2", keys=wanted, level="county"):
        assert wanted[metric.key] in (figure.missing.en if figure.missing else "")
        assert (figure.missing is None) == (not wanted[metric.key])


def test_homes_told_to_the_township_have_no_figures_of_persons_below(tmp_path: Path) -> None:
    """From the township up they are the database's; visits at the host are known everywhere."""
    with small() as lms:
        publish(lms, tmp_path, level="township", keys=[LAKE_KEY])
        wanted = cells(lms, ["2022"])
    with open_lake(tmp_path, host=bundled(), today=TODAY) as lake:
        found = cells(lake, ["2022"])
        assert lake.origin is not None
        assert "homes down to the level township" in lake.origin.en
    persons = {k: found[k] for k in found if k[3] == "core.persons" and k[2] == "admin"}
    assert persons[A1, "2022", "admin", "core.persons"][0] is None
    assert "homes in the lake" in persons[A1, "2022", "admin", "core.persons"][4]
    for code in (TOWN, COUNTY, CITY):
        for key in ("core.persons", "core.participation", "seniors.persons", "core.repeat", "farmers.persons"):
            assert found[code, "2022", "admin", key] == wanted[code, "2022", "admin", key]
    for code in (A1, B1, TOWN, COUNTY):
        for key in ("core.sessions", "core.unnamed_visits", "core.village_coverage", "youth.school430_days"):
            assert found[code, "2022", "admin", key] == wanted[code, "2022", "admin", key]


def test_a_figure_is_explained_down_to_the_cities(lake: LMS, folder: Path) -> None:
    """Sessions are listed; the rows of people stay where they are."""
    persons = lake.explain("core.persons", place=COUNTY, period="2022")
    assert [(r.row, r.adds, r.left_out.en if r.left_out else "") for r in persons.rows()] == [
        ("lake", persons.figure.numerator, "the rows stay in the cities' databases")]
    held = lake.explain("core.sessions", place=COUNTY, period="2022")
    assert sum(r.adds for r in held.rows()) == held.figure.numerator == 4
    with LMS(folder / "city.db", host=bundled(), today=TODAY) as city:
        assert city.explain("core.persons", place=COUNTY, period="2022").figure.numerator == persons.figure.numerator


class Republishing(SQLiteEngine):
    """An engine before whose first look into the lake a database publishes anew."""

    publication: Callable[[], Any] | None = None

    def load(self, tables: Any, views: Any) -> None:
        """Publish first, once."""
        again, type(self).publication = type(self).publication, None
        if again is not None:
            again()
        super().load(tables, views)


def test_a_publication_in_the_middle_is_never_seen_by_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files go while a command reads: it begins again and prints the new state; a program is told to."""
    monkeypatch.setattr("commlms.measure.engines.SQLiteEngine", Republishing)
    with small(tmp_path / "city.db", host=bundled()) as lms:
        publish(lms, tmp_path / "lake", keys=[LAKE_KEY])
        opened = open_lake(tmp_path / "lake", host=bundled(), today=TODAY)

        def publication() -> None:
            learners(lms, A1, f"NEW{dt.date.today():%d}{len(list(lms.rows('learner')))}")
            attend(lms, "S1", list(lms.rows("learner"))[-1].reference)
            publish(lms, tmp_path / "lake", keys=[LAKE_KEY])

        Republishing.publication = publication
        with opened, pytest.raises(LakeError, match="published anew while it was read"):
            opened.figures("2022").own_totals  # noqa: B018  # reading it asks the engine
        Republishing.publication = publication
        of_lake, _ = run("metrics", "--period", "2022", "--format", "csv", "--lake", str(tmp_path / "lake"))
        assert Republishing.publication is None
    assert of_lake == run("--db", str(tmp_path / "city.db"), "metrics", "--period", "2022", "--format", "csv")[0]
