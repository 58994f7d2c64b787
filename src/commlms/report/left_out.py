"""What is in no figure, how many, and why: printed with every report, never silently dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from commlms.core.days import iso
from commlms.core.labels import Label
from commlms.core.metrics import Population, Residents, Total
from commlms.core.policies import Policy
from commlms.core.registry import CORE
from commlms.measure.compile import learner_query
from commlms.measure.figures import SMALL, Figures
from commlms.measure.shown import SMALL as HIDDEN_SMALL
from commlms.report.cells import Shown
from commlms.report.content import LeftOut
from commlms.report.source import Source

_Others = Sequence[tuple[Policy, Label]]


def left_out(source: Source, figures: Figures, tops: Sequence[int], others: _Others, empty: Mapping[str, Label]) -> tuple[LeftOut, ...]:
    """Everything left out of a report on these places."""
    found = [
        *_people(figures, tops), *_places(figures, tops), *_unnamed(source, figures, tops),
        *_unknown(source, figures, tops), *_database(source), *_empty(source, empty), *_documents(others),
    ]
    return tuple(found)


def _people(figures: Figures, tops: Sequence[int]) -> Iterator[LeftOut]:
    yield LeftOut(
        "unknown_home", Label("居住地未知的学员（全库）", "learners whose home is not known (whole database)"),
        Shown(figures.unknown_home),
        Label("不知属于哪里，不计入任何地点的人数和比率", "belong to no place: in no place's persons and in no rate"),
    )
    own = figures.own(Total())
    between = sum(own.get(p, 0) for top in tops for p in figures.tree.below(top) if figures.tree.children.get(p))
    yield LeftOut(
        "not_placed", Label("居住地只到上级的学员", "learners whose home is known only to a place above"), Shown(between),
        Label("计入该上级，不计入其下任何地点：上级等于自身加下级",
              "counted at that place, at none below it: a place is its own plus those below"),
    )


def _places(figures: Figures, tops: Sequence[int]) -> Iterator[LeftOut]:
    tree = figures.tree
    quiet = [p for top in tops for p in figures.silent(top)]
    yield LeftOut(
        "silent_places", Label("没有任何活动记录的最基层地点", "lowest places that recorded nothing"), Shown(len(quiet)),
        Label("没有记录不等于没有活动；其居民全部计入“最大可能”",
              "no record is not no activity: their residents are in 'at most'"),
        tuple(tree.nodes[p].name for p in quiet),
    )
    if unsent := figures.reporting.missing(tops):
        yield LeftOut(
            "not_reported", Label("未报送的单位", "senders that have not reported"), Shown(len(unsent)),
            Label("其零值是无数据，不是零；其居民全部计入“最大可能”", "their zeros are no data; their residents are in 'at most'"),
            tuple(tree.nodes[p].name for p in unsent),
        )
    residents = figures.residents(Residents())
    bare = [p for top in tops for p in tree.below(top) if p not in residents]
    yield LeftOut(
        "no_residents", Label("没有居民数的地点", "places without residents"), Shown(len(bare)),
        Label("有人数、没有比率", "they have persons but no rate"), tuple(tree.nodes[p].name for p in bare),
    )
    inside = {p for top in tops for p in tree.below(top)}
    outside = [p for p in tree.order if p not in inside and tree.parents[p] is None and not inside & set(tree.below(p))]
    if outside:
        yield LeftOut(
            "outside", Label("不在所报地点之下的其他地点", "places that do not stand below the place reported on"), Shown(len(outside)),
            Label("在库中，但不属于本报告的范围", "in the database, outside this report"),
            tuple(tree.nodes[p].name for p in outside),
        )


def _unnamed(source: Source, figures: Figures, tops: Sequence[int]) -> Iterator[LeftOut]:
    rolled = figures.rolled(source.registry.metrics["core.unnamed_visits"].numerator)
    yield LeftOut(
        "unnamed", Label("未具名人次", "unnamed visits"), Shown(sum(rolled.get(top, 0) for top in tops)),
        Label("不知是谁、是否同一人，不计入人数；只抬高上限",
              "not known who, or whether one person: in no persons, only in the ceiling"),
    )


def _unknown(source: Source, figures: Figures, tops: Sequence[int]) -> Iterator[LeftOut]:
    """Learners about whom it is not known whether they are in a population, by population."""
    asked = (p for p in source.registry.populations.values() if _asked(source, p))
    populations = [p for p in asked if not figures.totals.unknowable(p.where, figures.period)]
    if not populations:
        return
    query = learner_query(tuple(p.where for p in populations), [figures.period], same=figures.totals.sameness)
    sums = ", ".join(f"SUM(CASE WHEN ({query.compiler.condition(p.where)}) IS NULL THEN 1 ELSE 0 END)" for p in populations)
    inside = {p for top in tops for p in figures.tree.below(top)}
    counts = [0] * len(populations)
    sql = f'SELECT COALESCE(st."home", 0), {sums} {query.source} GROUP BY COALESCE(st."home", 0)'
    for home, *values in figures.totals.run(sql, figures.period):
        if home in inside:
            counts = [a + b for a, b in zip(counts, values, strict=True)]
    low = all(figures.tree.nodes[top].level in ("township", "village") for top in tops)
    for population, count in zip(populations, counts, strict=True):
        if count:
            hidden = low and count < SMALL
            yield LeftOut(
                f"unknown_{population.key}",
                Label(f"无法判断是否属于“{population.zh}”的学员", f"learners not known to be {population.en} or not"),
                Shown(None, HIDDEN_SMALL) if hidden else Shown(count),
                Label("缺少年龄、户口、职业等资料；不计入该人群",
                      "age, registration, occupation or the like is missing: not in that population"),
            )


def _asked(source: Source, population: Population) -> bool:
    return any(m.population == population.key for m in source.registry.metrics.values())


def _database(source: Source) -> Iterator[LeftOut]:
    """Absent plugins, rows held or refused, imports that did not finish."""
    database = source.database
    plugins = {r[0] for r in database.execute("SELECT plugin FROM measure UNION SELECT plugin FROM declaration")}
    absent = tuple(sorted(plugins - set(source.host.names) - {CORE}))
    if absent:
        yield LeftOut(
            "absent_plugins", Label("未加载的插件", "plugins that are not loaded"), Shown(len(absent)),
            Label("它们的数据照常维护，但指标不在本报告中", "their data are kept up, their figures are not in this report"), absent,
        )
    held, rejected, unfinished = database.execute(
        "SELECT COALESCE(SUM(held), 0), COALESCE(SUM(rejected), 0), COALESCE(SUM(state = 'open'), 0) FROM journal "
        "WHERE action = 'import'"
    ).fetchone()
    for key, label, count, why in (
        ("held", Label("导入时待定的行（全库）", "rows held at import (whole database)"), held,
         Label("有多个可能的人，待确认", "several people are possible; to be decided")),
        ("rejected", Label("导入时退回的行（全库）", "rows refused at import (whole database)"), rejected,
         Label("每行的原因在退回表中；改正后重新导入的仍计在此数内",
               "each reason stands in the rejects file; rows corrected later still count here")),
        ("unfinished", Label("未完成的导入", "imports that did not finish"), unfinished,
         Label("再导入一次该文件即可补完", "import the file again to finish it")),
    ):
        if count:
            yield LeftOut(key, label, Shown(count), why)


def _empty(source: Source, empty: Mapping[str, Label]) -> Iterator[LeftOut]:
    """The metrics of registers without any row: their zeros would say that there is nothing, and nobody has said so."""
    if empty:
        yield LeftOut(
            "empty_registers", Label("登记中没有任何行的指标", "figures of registers without any row"), Shown(len(empty)),
            Label("登记为空是无数据，不是零", "an empty register is no data, not zero"),
            tuple(source.registry.metrics[key].label.zh for key in empty),
        )


def _documents(others: Iterable[tuple[Policy, Label]]) -> Iterator[LeftOut]:
    for policy, why in others:
        dates = Label(f"（{iso(policy.effective)} 起）", f" (from {iso(policy.effective)})")
        yield LeftOut(
            f"document_{policy.key}", Label(f"文件《{policy.label.zh}》{dates.zh}", f"document: {policy.label.en}{dates.en}"), None, why,
        )
