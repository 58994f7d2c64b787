"""广东: 21 cities, 122 counties, 1,757 townships; Guangzhou down to the village. 顺德 reports beside the cities."""

from __future__ import annotations

from commlms_demos.cities import guangzhou, province
from commlms_demos.invented import finding, paper, places
from commlms_demos.people import CENSUS_2010, CENSUS_2020
from commlms_demos.real import inside
from commlms_demos.tables import Tables

#: What the assessors say of the goals that have no number.
_GOALS = (
    ("gd-network-2020", "结构合理", "达到"), ("gd-network-2020", "内涵丰富", "部分达到"), ("gd-network-2020", "开放共享", "部分达到"),
    ("gd-network-2020", "服务完善", "部分达到"), ("gd-network-2020", "具有广东特色", "达到"), ("gd-governance-2020", "", "达到"),
    ("gd-urban-rural-integration-2020", "", "未达到"),
)


def tables() -> Tables:
    """Everything of the demo; Guangzhou's rows are taken over as they are."""
    made = Tables()
    cities = [p for p in inside("44", level="city") if p.code != "4401"]
    elsewhere = [p for city in cities for p in inside(city.code)]
    spread = [(city.code, on) for city in cities for on in (CENSUS_2010, CENSUS_2020)]
    places(made, elsewhere, spread, CENSUS_2020)
    province.operations(made, elsewhere)
    made.take(guangzhou.tables())
    _province(made)
    return made


def _province(made: Tables) -> None:
    told = [province.stated(city) for city in inside("44", level="city")]
    workers = [(n, of) for city in told for metric, n, of, _ in city if metric == "core.workforce_participation"]
    made.add(
        "reported", place="44", period=2020, metric="core.workforce_participation", source_name="广东省人力资源和社会保障厅",
        value=sum(n for n, _ in workers), of=sum(of for _, of in workers), stated="2021-03-15",
    )
    for year, positive in ((2016, 702), (2017, 715), (2018, 741), (2019, 738), (2020, 774)):
        made.add("supervision.survey", place="44", on=f"{year}-12-10", kind="满意度", asked=1000, positive=positive)
    made.add("supervision.paper", place="44", kind="中长期规划", issued="2016-02-19", since="2016-02-19", until="2021-01-01")
    for year in province.YEARS:
        paper(made, "44", "绩效考核", year, "12-31", "12-28")
        paper(made, "44", "督导", year, "", "10-12")
    for goal, aspect, status in _GOALS:
        finding(made, goal, "44", "2020-12-20", status, aspect)
