"""Every engine keeps one protocol: what it reads, what it says, what is missing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from commlms import Engine, LakeError, ParquetTable, UnknownName, open_lake, publish
from commlms.core.days import Period
from commlms.core.expressions import category, form, home_kind, occupation, sessions
from commlms.core.metrics import Hosted, Total
from commlms.lake.layout import place_number
from commlms.lake.mirror import OpenLake
from commlms.lake.views import tables_of
from commlms.measure.compile import totals_sql
from commlms.measure.engines import engine_named
from commlms.measure.hosted import hosted_sql
from tests.java import ENGINES
from tests.lake.small import LAKE_KEY, small
from tests.measure.city import TODAY, bundled

BIG = 2**62 + 1


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine of each kind."""
    made = engine_named(request.param, {"partitions": "2"}, bundled().provide_engine)
    yield made
    made.close()


def written(path: Path, **columns: list[Any]) -> str:
    """A Parquet file of these columns."""
    types = {"n": pa.int64(), "id": pa.int64(), "t": pa.string()}
    parquet.write_table(pa.table({c: pa.array(v, types[c]) for c, v in columns.items()}), path)
    return str(path)


def rows(engine: Engine, sql: str) -> list[tuple[Any, ...]]:
    """What a statement gives, in a fixed order."""
    return sorted((tuple(r) for r in engine.execute(sql)), key=str)


def test_a_column_that_a_file_lacks_is_null_and_numbers_stay_whole(engine: Engine, tmp_path: Path) -> None:
    """One file has both columns, one has a single one, none has the third; 2**62 + 1 comes back as it went in."""
    files = (written(tmp_path / "a.parquet", n=[BIG, None], t=["一", "二"]), written(tmp_path / "b.parquet", n=[3]))
    columns = (("n", "int64"), ("t", "string"), ("x", "string"))
    engine.load({"some": ParquetTable(columns, files)}, {})
    assert rows(engine, 'SELECT "n", "t", "x" FROM "some"') == sorted([(BIG, "一", None), (None, "二", None), (3, None, None)], key=str)
    assert rows(engine, 'SELECT SUM("n"), COUNT(*) FROM "some"') == [(BIG + 3, 3)]


def test_a_table_without_files_is_empty_and_a_view_stands_over_tables(engine: Engine, tmp_path: Path) -> None:
    """What no database published can be asked all the same."""
    file = written(tmp_path / "c.parquet", id=[1, 2], t=["甲", "乙"])
    tables = {
        "none": ParquetTable((("n", "int64"), ("t", "string"))),
        "keyed": ParquetTable((("id", "int64"), ("t", "string")), (file,), ("id",)),
    }
    view = 'SELECT k."t" AS "t", o."n" AS "n" FROM "keyed" k LEFT JOIN "none" o ON o."n" = k."id" WHERE k."id" = 2'
    engine.load(tables, {"over": view})
    assert rows(engine, 'SELECT "n", "t" FROM "none"') == []
    assert rows(engine, 'SELECT "t", "n" FROM "over"') == [("乙", None)]


def test_further_files_can_be_loaded_later(engine: Engine, tmp_path: Path) -> None:
    """A table that is loaded again has the rows of the files named now."""
    first, second = written(tmp_path / "d.parquet", n=[1]), written(tmp_path / "e.parquet", n=[2])
    engine.load({"more": ParquetTable((("n", "int64"),), (first,))}, {})
    engine.load({"more": ParquetTable((("n", "int64"),), (first, second))}, {})
    assert rows(engine, 'SELECT "n" FROM "more"') == [(1,), (2,)]


def test_a_file_can_be_named_by_its_url(engine: Engine, tmp_path: Path) -> None:
    """As files of an object store are."""
    file = written(tmp_path / "f.parquet", n=[7], t=["O'Neill"])
    engine.load({"far": ParquetTable((("n", "int64"), ("t", "string"), ("x", "int64")), (Path(file).as_uri(),))}, {})
    assert rows(engine, 'SELECT "n", "t", "x" FROM "far"') == [(7, "O'Neill", None)]


def test_a_word_is_compared_as_it_is_written(engine: Engine, tmp_path: Path) -> None:
    """Quotes, backslashes, per cent signs, capitals: what an expression names is never read as anything else."""
    words = ["O'Neill", "a\\nb", "%", "A", "a", "''", '"', "手机\\'"]
    file = written(tmp_path / "g.parquet", t=words)
    engine.load({"words": ParquetTable((("t", "string"),), (file,))}, {})
    for word in words:
        quoted = "'" + word.replace("'", "''") + "'"
        assert rows(engine, f'SELECT "t", COUNT(*) FROM "words" WHERE "t" IN ({quoted}) GROUP BY "t"') == [(word, 1)]


def test_statements_give_the_same_on_every_engine(engine: Engine, tmp_path: Path) -> None:
    """Conditions of every kind, words with quotes among them, for two periods at once, against the city's own database."""
    odd = category.in_("it's", "back\\slash", "健康养生") & ~form.is_("class")
    totals = [
        Total(), Total(sessions(odd)), Total(where=(sessions(odd) >= 1) | (sessions() > 2)), Total(among=home_kind.is_("community")),
        Total(where=~occupation.in_("farmer", "worker")),
    ]
    hosted = [Hosted("sessions"), Hosted("minutes", odd), Hosted("named"), Hosted("unnamed"), Hosted("unnamed", audience=("seniors",))]
    periods = [Period.parse("2021"), Period.parse("2022")]
    with small() as lms:
        publish(lms, tmp_path / "lake", keys=[LAKE_KEY])
        codes = {p: s[-1].code for p, s in lms.figures("2022").geography.states.items()}
        wanted = [_by_code(lms.database.execute(sql), codes) for sql in (totals_sql(totals, periods), hosted_sql(hosted, periods))]
    opened = OpenLake.at(str(tmp_path / "lake"))
    engine.load(*tables_of(opened.url, opened.manifests, None))
    numbers = {place_number(code): code for code in codes.values()}
    found = [_by_code(engine.execute(sql), numbers) for sql in (totals_sql(totals, periods), hosted_sql(hosted, periods))]
    assert found == wanted
    assert all(len(each) >= 3 for each in found)


def _by_code(found: Any, codes: dict[int, str]) -> dict[tuple[str, int], tuple[int, ...]]:
    return {(codes.get(place, "-"), key): tuple(values) for place, key, *values in found}


# -- choosing an engine --------------------------------------------------------------------------------


def test_an_engine_that_nobody_provides_is_refused() -> None:
    with pytest.raises(UnknownName, match="no such engine: abacus"):
        engine_named("abacus", {}, bundled().provide_engine)


def _without(module: str) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setitem(__import__("sys").modules, module, None)


@pytest.mark.parametrize(
    ("name", "hide", "said"),
    [
        ("sqlite", _without("pyarrow"), "pip install 'commlms[lake]'"),
        ("duckdb", _without("duckdb"), "pip install 'commlms[duckdb]'"),
        ("spark", _without("pyspark.sql"), "pip install 'commlms[spark]'"),
        ("spark", lambda patch: patch.setenv("JAVA_HOME", "/nowhere"), "Spark needs Java 17"),
    ],
)
def test_what_is_not_installed_is_one_sentence(
    name: str, hide: Callable[[pytest.MonkeyPatch], None], said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    file = written(tmp_path / "h.parquet", n=[1])
    hide(monkeypatch)
    made = engine_named(name, {}, bundled().provide_engine)
    with pytest.raises(LakeError) as missing:
        made.load({"some": ParquetTable((("n", "int64"),), (file,))}, {})
    made.close()
    assert said in missing.value.say("zh" if "Java" not in said else "en")
    assert said in missing.value.say("en")


def test_what_an_engine_says_goes_on_as_one_sentence(tmp_path: Path) -> None:
    """Its own error, cut to its first line; never a traceback."""
    with small() as lms:
        publish(lms, tmp_path, keys=[LAKE_KEY])
    lake = open_lake(tmp_path, engine="duckdb", host=bundled(), today=TODAY)
    with lake, pytest.raises(LakeError, match="engine duckdb failed: "):
        lake.totals.run("SELECT nonsense FROM nowhere", None)
