"""Apache Spark: on this machine, or on a standalone, YARN or Kubernetes cluster that can read the lake's files."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commlms import Label, LakeError, ParquetTable

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOCAL = "local[*]"
#: The statements are ANSI SQL: double quotes are names.
_DIALECT = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
}
_TYPES = {"int64": "BIGINT", "string": "STRING"}
_LOOPBACK = re.compile(r"^local|^spark://(127\.|localhost[:/])")


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class SparkEngine:
    """A Spark session. ``options``: ``master`` (``local[*]`` if not given), ``partitions`` of a shuffle, and ``spark.*`` settings."""

    name = "spark"

    def __init__(self, options: Mapping[str, str]) -> None:
        self.options = options
        self.master = options.get("master") or LOCAL
        self._session: SparkSession | None = None
        self._owns = False

    @property
    def session(self) -> SparkSession:
        """The session, started at the first use; raises :class:`commlms.LakeError` without the extra or without Java."""
        if self._session is None:
            self._session = self._start()
        return self._session

    def _start(self) -> SparkSession:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise LakeError(Label(
                "没有安装 PySpark；请运行 pip install 'commlms[spark]'", "PySpark is not installed; run pip install 'commlms[spark]'",
            )) from None
        if not java():
            raise LakeError(Label(
                "找不到 Java；Spark 需要 Java 17：请安装，或用 JAVA_HOME 指明",
                "there is no Java; Spark needs Java 17: install it, or set JAVA_HOME",
            ))
        if running := SparkSession.getActiveSession():
            session = running.newSession()  # the embedding program's own: its settings and views stay as they are
        else:
            if _LOOPBACK.match(self.master):
                os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            builder = SparkSession.builder.master(self.master).appName("commlms")
            for key, value in self.settings().items():
                builder = builder.config(key, value)
            session, self._owns = self._started(builder), True
            session.sparkContext.setLogLevel("ERROR")
        for key, value in _DIALECT.items():
            session.conf.set(key, value)
        partitions = self.options.get("partitions") or str(max(2, session.sparkContext.defaultParallelism))
        session.conf.set("spark.sql.shuffle.partitions", partitions)
        return session

    def _started(self, builder: SparkSession.Builder) -> SparkSession:
        try:
            return builder.getOrCreate()
        except Exception as error:
            lines = [line.removeprefix(": ").strip() for line in str(error).splitlines() if line.startswith(": ")]
            raise LakeError(Label(
                "Spark 不能以 {master} 启动（{why}）；主节点写作 local[2]、spark://主机:端口、yarn 或 k8s://…",
                "Spark did not start with the master {master} ({why}); a master is written local[2], spark://HOST:PORT, yarn or k8s://...",
            ), master=self.master, why=(lines or [type(error).__name__])[0][:200]) from error

    def settings(self) -> dict[str, str]:
        """What has to be said before the session starts."""
        quiet = Path(__file__).with_name("log4j2.properties").as_uri()
        settings = {
            "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false",
            "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={quiet}",
        }
        if _LOOPBACK.match(self.master):
            settings |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
        return settings | {key: value for key, value in self.options.items() if key.startswith("spark.")}

    def load(self, tables: Mapping[str, ParquetTable], views: Mapping[str, str]) -> None:
        """Make each table a view over its files: nothing is read yet."""
        for name, table in tables.items():
            if table.files:
                schema = ", ".join(f"`{n}` {_TYPES[kind]}" for n, kind in table.columns)
                frame = self.session.read.schema(schema).parquet(*map(_url, table.files))
            else:
                columns = ", ".join(f"CAST(NULL AS {_TYPES[kind]}) AS {_identifier(n)}" for n, kind in table.columns)
                frame = self._sql(f"SELECT {columns} WHERE 1 = 0")
            frame.createOrReplaceTempView(name)
        for name, sql in views.items():
            self._sql(sql).createOrReplaceTempView(name)

    def _sql(self, sql: str) -> DataFrame:
        """A statement's rows. A backslash is a character of a word, which Spark reads as such only where there are two."""
        return self.session.sql(sql.replace("\\", "\\\\"))

    def execute(self, sql: str) -> Sequence[Sequence[int | str | None]]:
        """The rows that a statement gives."""
        return [tuple(row) for row in self._sql(sql).collect()]

    def close(self) -> None:
        """Stop the session if it was started here."""
        if self._session is not None and self._owns:
            self._session.stop()


def java() -> bool:
    """Whether there is a Java that Spark would start."""
    home = os.environ.get("JAVA_HOME")
    return (Path(home) / "bin" / "java").exists() if home else shutil.which("java") is not None


def _url(file: str) -> str:
    """A file as Spark names it: a path is a local one, whatever the default file system; ``s3`` is Hadoop's ``s3a``."""
    if "://" not in file:
        return "file://" + file
    return re.sub(r"^s3://", "s3a://", file)
