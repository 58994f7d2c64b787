"""The engines plugin: it keeps the contract, names its two engines, and leaves an embedding program's Spark alone."""

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from commlms import Host, ParquetTable
from commlms.testing import check_plugin
from commlms_engines.spark import SparkEngine
from tests.java import needs_java


def test_engines_keeps_the_contract() -> None:
    """What every plugin is held to."""
    check_plugin("engines")


def test_it_provides_two_engines_and_no_other() -> None:
    """Asked by name; neither does anything before it is loaded."""
    host = Host()
    for name in ("duckdb", "spark"):
        engine = host.provide_engine(name, {})
        assert engine is not None
        assert engine.name == name
        engine.close()
    assert host.provide_engine("abacus", {}) is None


def test_spark_is_told_what_was_asked_for() -> None:
    """The master as it stands, and loopback only where the master is on this machine."""
    settings = {}
    for master in ("local[2]", "spark://127.0.0.1:7077", "spark://master.example:7077", "yarn", "k8s://https://example:6443"):
        engine = SparkEngine({"master": master, "spark.executor.memory": "2g", "partitions": "8"})
        assert engine.master == master
        settings[master] = engine.settings()
        assert settings[master]["spark.executor.memory"] == "2g"
        assert settings[master]["spark.ui.enabled"] == "false"
        assert "partitions" not in settings[master]
    bound = [m for m, s in settings.items() if "spark.driver.bindAddress" in s]
    assert bound == ["local[2]", "spark://127.0.0.1:7077"]


@needs_java
def test_a_spark_session_of_the_embedding_program_is_left_running(tmp_path: Path) -> None:
    """Its session goes on, with its own settings."""
    from pyspark.sql import SparkSession

    file = tmp_path / "numbers.parquet"
    parquet.write_table(pa.table({"n": [1, 2]}), file)
    own = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        made = SparkEngine({})
        made.load({"some": ParquetTable((("n", "int64"),), (str(file),))}, {})
        assert made.execute('SELECT SUM("n") FROM "some"') == [(3,)]
        made.close()
        assert own.sql("SELECT 1").collect()[0][0] == 1
        assert own.conf.get("spark.sql.ansi.doubleQuotedIdentifiers") == "false"
    finally:
        own.stop()


