"""A real Spark cluster, one of whose workers dies in the middle of a report, gives the figures of the database."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS, Host, open_lake
from tests.cluster.standalone import HOSTS, Cluster, Killer, cluster
from tests.java import JAVA, MISSING
from tests.lake.cells import cells, digest
from tests.lake.cities import TODAY, world

pytestmark = pytest.mark.cluster
YEARS = ("2019", "2020")
BUNDLED = {"core", "seniors", "youth", "farmers", "migrants", "staffing", "funding", "premises", "recognition", "supervision"}
# The period 0: what the driver knows of its tasks is told at once. By default what comes within 100 ms of the last word may be kept back.
CLUSTER = {"spark.executor.memory": "768m", "spark.ui.liveUpdate.period": "0"}


@pytest.fixture(scope="module")
def host() -> Host:
    """All bundled plugins."""
    return Host()


@pytest.fixture(scope="module")
def lake(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake of twenty-one cities."""
    assert JAVA, MISSING
    folder = tmp_path_factory.mktemp("province") / "lake"
    world().publish(folder, host)
    return folder


@pytest.fixture(scope="module")
def wanted(host: Host) -> str:
    """The digest of every place, year, tree and metric of all bundled plugins, from one database that holds all rows."""
    with world().whole.database(host) as whole:
        assert {m.split(".")[0] for m in whole.registry.metrics} == BUNDLED
        return digest(cells(whole, YEARS))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A master and two workers."""
    assert JAVA, MISSING
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


def opened(lake: Path, host: Host, engine: str, master: str | None = None) -> LMS:
    """The lake behind an engine."""
    options = {"master": master, **CLUSTER} if master else {}
    return open_lake(lake, engine=engine, options=options, host=host, today=TODAY)


@pytest.mark.parametrize("engine", ["sqlite", "duckdb", "spark"])
def test_every_engine_of_one_machine_gives_the_figures_of_the_database(engine: str, lake: Path, host: Host, wanted: str) -> None:
    with opened(lake, host, engine) as lms:
        assert digest(cells(lms, YEARS)) == wanted


def test_a_worker_that_is_killed_in_the_middle_of_a_report_changes_no_figure(
    running: Cluster, lake: Path, host: Host, wanted: str,
) -> None:
    """First both workers count all of it. Then the second one dies in the second year, with tasks on it, and the other does its part."""
    with opened(lake, host, "spark", running.url) as before:
        assert digest(cells(before, YEARS)) == wanted
        context = engine_of(before).session.sparkContext
        store = context._jsc.sc().statusStore()
        assert all(tasks(store, worker)["completedTasks"] > 0 for worker in HOSTS)
        with opened(lake, host, "spark") as during:  # within the session that runs
            found = cells(during, YEARS[:1])
            with Killer(running, HOSTS[1], lambda: tasks(store, HOSTS[1])["activeTasks"]) as killer:
                found |= cells(during, YEARS[1:])
        assert killer.running > 0
        assert lost(context) >= killer.running
        assert running.alive() == {HOSTS[0]}
        assert digest(found) == wanted


def engine_of(lms: LMS) -> Any:
    """The engine of a lake."""
    totals: Any = lms.totals
    return totals.engine


def tasks(store: Any, worker: str) -> Counter[str]:
    """How many tasks run on the executors of a worker, and how many ended there, as the driver knows."""
    found, executors = Counter[str](), store.executorList(False)
    for i in range(executors.size()):
        if executors.apply(i).hostPort().startswith(f"{worker}:"):
            found.update({name: getattr(executors.apply(i), name)() for name in ("activeTasks", "completedTasks")})
    return found


def lost(context: Any) -> int:
    """How many tasks failed, in all stages: they were run again elsewhere."""
    context._jsc.sc().listenerBus().waitUntilEmpty()  # every event up to now is counted
    jvm, every = context._jvm, context._jvm.java.util.ArrayList()
    stages = context._jsc.sc().statusStore().stageList(every, False, False, context._gateway.new_array(jvm.double, 0), every)
    return sum(stages.apply(i).numFailedTasks() for i in range(stages.size()))
