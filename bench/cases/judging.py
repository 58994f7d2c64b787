"""Every target of a province's document at every place of it, against reading the same figures and comparing them. It needs no city.

The document is Guangdong's, with each target made to bind every place by itself; the places are as many as Guangdong's, with codes,
people and rows that are made up.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import attrs

from bench.child import Clock
from bench.city import TODAY
from bench.measured import BenchFailed, alternate, call
from bench.results import Row, amount, at_most, compare, duration, spent
from commlms import LMS, Actor, Period, Policy
from commlms.core.metrics import Metric
from commlms.core.pack_tables import UNITS
from commlms.core.policies import Target
from commlms.measure.figures import Figures
from commlms.measure.judge import Judge

REPEATS = 3
#: Cities, counties, townships.
COUNTS = (21, 124, 1_757)
_DAY, _YEARS = 2020_12_31, (2018, 2020)
#: How many judgements of each target found that it is met.
Met = dict[str, int]


def rows() -> Iterator[Row]:
    """Time as a ratio and as an amount, and memory."""
    with tempfile.TemporaryDirectory() as work:
        database = Path(work) / "province.db"
        number = made(database)
        mine, least = alternate(REPEATS, lambda _: call(ours, str(database)), lambda _: call(bare, str(database)))
    if mine.result != least.result:
        raise BenchFailed("judging and comparing do not find the same targets met")
    work_words = f"every target of a province's document at every one of {number:,} places"
    yield compare("judging", f"{work_words}; the same figures read and compared", mine, least, at_most(10))
    yield Row("judging_cpu", "processor time of that", spent(mine), "", mine.cpu, duration(mine.cpu), at_most(3, "s"))
    yield amount("memory_judging", "peak memory of that", mine.peak, at_most(300, "MiB"))


def made(path: Path) -> int:
    """The province: everyone at home in a township, a session in each, rows of every register that the targets ask. How many places."""
    cities, counties, townships = COUNTS
    with LMS(path, actor=Actor("bench"), today=TODAY) as lms:
        places = [{"code": "44", "name": "某省", "level": "province"}]
        places += [{"code": f"44{c:02d}", "name": f"市{c}", "level": "city", "parent": "44"} for c in range(cities)]
        above = [f"44{c % cities:02d}{c:03d}" for c in range(counties)]
        places += [{"code": c, "name": f"县{c}", "level": "county", "parent": c[:4]} for c in above]
        lowest = [f"{above[t % counties]}{t:05d}" for t in range(townships)]
        places += [{"code": t, "name": f"镇{t}", "level": "township", "kind": "town", "parent": t[:7]} for t in lowest]
        lms.add(places, "place")
        _people(lms, lowest)
        _registers(lms, above, lowest)
    return len(places)


def _people(lms: LMS, lowest: list[str]) -> None:
    lms.add([
        {"place": p, "on": "2010-11-01", "basis": "permanent", "group": g, "persons": 4 + n % 5, "nature": "census"}
        for n, p in enumerate(lowest) for g in ("all", "employed", "minors")
    ], "residents")
    lms.add([{"code": f"J{p}", "name": f"校{p}", "place": p, "kind": "school"} for p in lowest], "institution")
    lms.add([
        {"code": f"S{p}-{y}", "institution": f"J{p}", "on": f"{y}-03-05", "theme": "讲座"} for p in lowest for y in _YEARS
    ], "session")
    people = [(f"L{p}-{i}", p) for n, p in enumerate(lowest) for i in range(n % 5)]
    lms.add([{"code": c, "name": f"某{c}", "home": p, "occupation": "worker", "born": "1980-05-05"} for c, p in people], "learner")
    lms.add([{"learner": c, "session": f"S{p}-{y}"} for c, p in people for y in _YEARS], "participation")


def _registers(lms: LMS, counties: list[str], lowest: list[str]) -> None:
    since = "2016-05-05"
    lms.add([{"place": p, "kind": k, "since": since} for p in counties[::2] for k in ("community_education", "learning_city")],
            "supervision.undertaking")
    lms.add([{"place": p, "kind": "experimental", "rank": "province", "since": since} for p in counties[::3]], "recognition.status")
    lms.add([{"institution": f"J{p}", "name": "队", "persons": n % 7} for n, p in enumerate(lowest)], "staffing.team")
    lms.add([
        {"place": p, "period": "2020", "channel": "government", "purpose": "training", "budgeted": 20 + n % 90}
        for n, p in enumerate([*counties, *lowest])
    ], "funding.fund")
    lms.add([
        {"place": p, "organisation": "甲厂", "kind": "enterprise", "period": "2020", "wages": 1000, "training": 10 + n % 20}
        for n, p in enumerate(lowest)
    ], "funding.payroll")
    lms.add([{"institution": f"J{p}", "function": "community", "since": since} for p in lowest[::2]], "premises.function")


def everywhere(lms: LMS) -> Policy:
    """The document with every target at every place: no level, no region, no condition."""
    policy = next(p for p in lms.registry.policies.values() if p.jurisdiction == "44")
    targets = (
        attrs.evolve(t, levels=(), region="", kind="", subject="", roles=(), together=False, when=(), stated=None) for t in policy.targets
    )
    return attrs.evolve(policy, targets=tuple(targets))


def ours(clock: Clock, database: str) -> Met:
    """Every judgement as ``commlms judge`` makes it, from the database's kept totals."""
    with LMS(database, today=TODAY) as lms:
        policy = everywhere(lms)
        with clock, lms.moment():
            figures: dict[tuple[str, str], Figures] = {}

            def of(period: Period, tree: str) -> Figures:
                return figures.setdefault((period.key, tree), lms.figures(period))

            judged = Judge(lms.registry.metrics, lms.host.names | {"core"}, of).policy(policy, _DAY)
        found: Met = {}
        for judgement in judged:
            found[judgement.target] = found.get(judgement.target, 0) + (judgement.verdict == "met")
        return found


def bare(clock: Clock, database: str) -> Met:
    """The same figures, rolled up, each compared with its threshold: no bounds, no reasons, nothing said."""
    with LMS(database, today=TODAY) as lms:
        policy = everywhere(lms)
        with clock, lms.moment():
            periods = {t.id: t.period(_DAY) for t in policy.targets}
            figures = {p.key: lms.figures(p) for p in periods.values()}
            metrics = {t.id: lms.registry.metrics[t.metric] for t in policy.targets}
            return {t.id: _reached(t, metrics[t.id], figures[periods[t.id].key]) for t in policy.targets}


def _reached(target: Target, metric: Metric, figures: Figures) -> int:
    """How many places reach a threshold; with a denominator only where there is one."""
    ((above, below),) = figures.table([metric]).values()
    value, factor = target.value, UNITS[target.unit].factor
    top = target.value_max
    return sum(_holds(target, Decimal(n) * factor, value, top, base) for n, base in _pairs(figures, above, below))


def _pairs(figures: Figures, above: Mapping[int, int], below: Mapping[int, int] | None) -> Iterator[tuple[int, int]]:
    for place in figures.tree.order:
        base = 1 if below is None else below.get(place, 0)
        if base:
            yield above.get(place, 0), base


def _holds(target: Target, scaled: Decimal, value: Decimal, top: Decimal | None, base: int) -> bool:
    if target.compare == ">":
        return scaled > value * base
    if target.compare == "==":
        return scaled == value * base
    return scaled >= value * base and (top is None or scaled <= top * base)
