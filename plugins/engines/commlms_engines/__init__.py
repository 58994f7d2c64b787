"""Engines: a lake's figures from DuckDB, in this process, or from Apache Spark, here or on a cluster."""

from collections.abc import Mapping

from commlms import Engine, hookimpl
from commlms_engines.duck import DuckDBEngine
from commlms_engines.spark import SparkEngine

COMMLMS_API = 1


@hookimpl
def provide_engine(name: str, options: Mapping[str, str]) -> Engine | None:
    """``duckdb`` and ``spark``; neither does anything before it is loaded."""
    if name == "duckdb":
        return DuckDBEngine(options)
    if name == "spark":
        return SparkEngine(options)
    return None
