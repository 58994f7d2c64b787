"""Funding: the contract, a finance sheet as it is, money per head counted by hand, shares, employers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import commlms_funding
from commlms import LMS, RowsRefused
from commlms.testing import check_plugin, figure, load_alone, open_lms, small_city
from commlms_funding.declarations import Fund, Payroll

CITY, EAST, WEST, STREET = "9001", "900101", "900102", "900101001"
HEAD = ["序号", "地区", "年度", "资金来源", "经费类别", "项目名称", "预算安排", "到位（元）", "实际支出", "备注"]


@pytest.fixture
def lms() -> LMS:
    """The small city: two counties of 200 permanent residents each."""
    opened = open_lms(load_alone("funding", commlms_funding))
    small_city(opened)
    return opened


def fund(place: str = EAST, budgeted: Decimal | int | None = None, period: str = "2022", **more: Any) -> Fund:
    """A special fund of a county's government, if nothing else is said."""
    row: dict[str, Any] = {"channel": "government", "purpose": "special", "budgeted": budgeted, **more}
    return Fund(place=place, period=period, **row)


def fen(lms: LMS, metric: str, place: str = CITY, period: str = "2022") -> int | None:
    """The numerator of a figure, in fen."""
    return figure(lms, f"funding.{metric}", place, period).numerator


def book(folder: Path, *rows: list[Any]) -> Path:
    """A workbook of one sheet."""
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    made.save(folder / "经费.xlsx")
    return folder / "经费.xlsx"


def test_funding_keeps_the_contract() -> None:
    """What every plugin is held to: template, export and import, metrics, unloading."""
    check_plugin("funding")


def test_a_finance_sheet_is_read_in_its_unit_and_its_errors_are_named(lms: LMS, tmp_path: Path) -> None:
    """单位：万元 above, one column in 元; five bad rows, each with its cell; the total is not counted."""
    path = book(
        tmp_path, ["2022年社区教育经费安排情况表"], ["填报单位：样城市教育局", "", "", "", "", "", "", "", "单位：万元"], HEAD,
        [1, "东区", "2022年度", "财政拨款", "专项经费", "", 12.5, "100,000", ""],
        [2, "西县", 2022, "财政", "专项培训经费", "师资培训", "￥3", 20000, 1.2],
        [3, "西县", 2022, "财整", "专项", "", "3", 20000, 1.2], [4, "西县", 2022, "捐赠", "活动", "义卖", "-3", "", ""],
        [5, "西县", 2022, "捐赠", "活动", "义卖二", "3美元", "", ""], [6, "西县", 2022, "单位自筹", "活动", "", "0.12345678", "", ""],
        [7, "北县", 2022, "财政", "专项", "", 3, "", ""], ["合计", "", "", "", "", "", 15.5, 120000, 1.2],
    )
    result = lms.import_file("funding.fund", path)
    assert [(p.code, p.field, p.line, p.cell) for p in result.problems] == [
        ("unknown_choice", "channel", 6, "D6"), ("negative_money", "budgeted", 7, "G7"), ("money_unit", "budgeted", 8, "G8"),
        ("below_fen", "budgeted", 9, "G9"), ("unknown_place", "place", 10, "B10"),
    ]
    assert (result.new, result.not_counted, result.unread_columns) == (2, 1, ("序号", "备注"))
    shown = [(r.cells["budgeted"], r.cells["appropriated"], r.cells["paid"]) for r in lms.rows("funding.fund")]
    assert shown == [("125000", "100000", ""), ("30000", "20000", "12000")]
    assert (fen(lms, "arranged"), fen(lms, "appropriated"), fen(lms, "paid")) == (15_500_000, 12_000_000, 1_200_000)
    assert lms.import_file("funding.fund", path).unchanged == 2


def test_the_exports_yuan_come_back_as_the_same_fen(lms: LMS, tmp_path: Path) -> None:
    """With a part of a yuan; the same row in 万元 changes nothing."""
    lms.add(fund(budgeted=Decimal("1200.5"), appropriated=1))
    rows = list(lms.sheets.export("funding.fund"))
    assert (rows[0][5], rows[1][5]) == ("预算（元）", "1200.50")
    again = lms.import_file("funding.fund", book(tmp_path, *rows))
    assert (again.unchanged, again.new) == (1, 0)
    head = ["地点", "时期", "来源", "用途", "预算（万元）"]
    assert lms.import_file("funding.fund", book(tmp_path, head, ["东区", 2022, "财政", "专项经费", "0.12005"])).unchanged == 1


def test_money_per_head_is_of_the_places_own_government(lms: LMS) -> None:
    """East: 300 special and 100.50 training and 50 for activities of its own, for 200 residents; a donation and the street's 70 are not."""
    lms.add([
        fund(budgeted=300), fund(budgeted=Decimal("100.50"), purpose="training"), fund(budgeted=50, purpose="activity"),
        fund(budgeted=999, channel="society"), fund(STREET, budgeted=70), fund(CITY, budgeted=8, title="市级"),
    ])
    found = figure(lms, "funding.special_arranged_per_head", EAST)
    assert (found.numerator, found.denominator) == (40_050, 200)
    assert figure(lms, "funding.arranged_per_head", EAST).numerator == 45_050
    assert figure(lms, "funding.training_arranged_per_head", EAST).numerator == 10_050
    street = figure(lms, "funding.special_arranged_per_head", STREET)
    assert (street.numerator, street.denominator) == (7_000, 200)
    city = figure(lms, "funding.special_arranged_per_head", CITY)
    assert (city.numerator, city.denominator) == (800, 400), "the city's own 8 yuan, none of the counties'"
    assert fen(lms, "arranged", EAST) == 151_950, "of every source, the street's too: 300 + 100.50 + 50 + 999 + 70"


def test_what_was_set_up_and_what_was_paid_out_are_two_figures(lms: LMS) -> None:
    """Set up 400 for 200 residents, paid out 399.99: two yuan a head of the one, a fen short in all of the other."""
    lms.add([fund(budgeted=400, appropriated=Decimal("399.99"), purpose="training")])
    assert fen(lms, "special_arranged_per_head", EAST) == 40_000
    assert fen(lms, "special_provided_per_head", EAST) == 39_999


def test_money_counts_in_the_period_that_holds_its_own(lms: LMS) -> None:
    """A year's in the year alone, a half's and a month's in year, half and quarter; a school year's only in itself."""
    lms.add([
        fund(budgeted=100), fund(budgeted=20, period="2022H1"), fund(budgeted=3, period="2022-03"), fund(budgeted=4000, period="2022S"),
        fund(budgeted=50000, period="2021"),
    ])
    periods = ("2022", "2022H1", "2022Q1", "2022-03", "2022Q2", "2022S", "2021")
    assert [fen(lms, "arranged", period=p) for p in periods] == [12_300, 2_300, 300, 300, 0, 400_000, 5_000_000]


@pytest.mark.requirement("R181", "R308")
def test_the_four_sources_and_whether_government_is_the_main_one(lms: LMS) -> None:
    """60 of 100 from government; the others by their words: 捐赠, 单位自筹, 学员缴费."""
    words = {"财政拨款": 60, "社会捐赠": 20, "单位自筹": 15, "学员缴费": 5}
    rows = [{"place": EAST, "period": "2022", "channel": word, "purpose": "一般经费", "budgeted": yuan} for word, yuan in words.items()]
    lms.add(rows, "funding.fund")
    assert [r.cells["channel"] for r in lms.rows("funding.fund")] == ["财政", "社会", "单位", "个人"]
    share = figure(lms, "funding.government_share", EAST)
    assert (share.numerator, share.denominator) == (6_000, 10_000)


@pytest.mark.requirement("R193")
def test_the_share_for_digitalisation_by_place_and_year(lms: LMS) -> None:
    """East 10 of 100 in 2021 and 30 of 120 in 2022; west nothing of 50."""
    lms.add([
        fund(budgeted=90, period="2021"), fund(budgeted=10, period="2021", purpose="digital"), fund(budgeted=90),
        fund(budgeted=30, purpose="digital"), fund(WEST, budgeted=50),
    ])
    shares = [figure(lms, "funding.digital_share", place, year) for place, year in ((EAST, "2021"), (EAST, "2022"), (WEST, "2022"))]
    assert [(f.numerator, f.denominator) for f in shares] == [(1_000, 10_000), (3_000, 12_000), (0, 5_000)]


@pytest.mark.requirement("R192")
def test_the_share_that_is_given_by_project(lms: LMS) -> None:
    """70 of 100 yuan spent."""
    lms.add([fund(paid=70, form="project"), fund(paid=30, form="grant", purpose="general")])
    share = figure(lms, "funding.project_share", EAST)
    assert (share.numerator, share.denominator) == (7_000, 10_000)


def test_an_engagement_has_its_form(lms: LMS) -> None:
    """The four that the documents name, by their words, and another one as it is written."""
    forms = ["政府授权", "政府购买", "项目外包", "委托管理", "合作共建"]
    row = {"place": EAST, "period": "2022", "channel": "财政", "purpose": "活动"}
    lms.add([{**row, "title": f, "form": f} for f in forms], "funding.fund")
    assert [r.cells["form"] for r in lms.rows("funding.fund")] == forms


def test_an_employers_training_is_a_share_of_its_wages(lms: LMS, tmp_path: Path) -> None:
    """Each by itself: 1.5 of 100 and 2 of 200 (万元); together 3.5 of 300. A public institution stands beside the enterprises."""
    path = book(
        tmp_path, ["2022年职工教育培训情况"], ["所在街道", "企业名称", "单位性质", "年度", "工资总额（万元）", "职工教育经费（元）"],
        ["东街街道", "东街纺织厂", "国有企业", 2022, 100, 15000], ["东街街道", "东街卫生院", "事业单位", 2022, 200, "2万元"],
        ["东街街道", "东街商行", "企业", 2022, "", 100], ["东街街道", "东街货栈", "个体", 2022, 10, 100],
    )
    result = lms.import_file("funding.payroll", path)
    assert [(p.code, p.field, p.cell) for p in result.problems] == [("required", "wages", "E5"), ("unknown_choice", "kind", "C6")]
    figures = lms.figures("2022")
    metric = lms.metric("funding.wage_training")
    assert metric.denominator is not None
    spent, wages = figures.by_subject(metric.numerator, "funding.payroll"), figures.by_subject(metric.denominator, "funding.payroll")
    employers = figures.subjects("funding.payroll")
    assert {s.name: (spent[s.id], wages[s.id]) for s in employers} == {
        "东街纺织厂": (1_500_000, 100_000_000), "东街卫生院": (2_000_000, 200_000_000),
    }
    assert [s.name for s in figures.subjects("funding.payroll", ["enterprise"])] == ["东街纺织厂"]
    street = figure(lms, "funding.wage_training", STREET)
    assert (street.numerator, street.denominator) == (3_500_000, 300_000_000)


def test_a_fund_is_corrected_and_a_retired_one_is_gone(lms: LMS) -> None:
    """Half of it is taken back by correcting the row; a removed row counts no more, and the removal can be undone."""
    lms.add([fund(budgeted=300), fund(WEST, budgeted=1)])
    east, west = (r.reference for r in lms.rows("funding.fund"))
    lms.set("funding.fund", east, budgeted="150元")
    with pytest.raises(RowsRefused):
        lms.set("funding.fund", east, budgeted=-1)
    journal = lms.remove("funding.fund", west)
    assert fen(lms, "arranged") == 15_000
    lms.undo(journal)
    assert fen(lms, "arranged") == 15_100


def test_a_payroll_needs_both_sums(lms: LMS) -> None:
    """They are never nothing by being left out."""
    lms.add(Payroll(place=STREET, organisation="东街纺织厂", kind="enterprise", period="2022", wages=Decimal("0.01"), training=0))
    wages = figure(lms, "funding.wage_training", STREET)
    assert (wages.numerator, wages.denominator) == (0, 1)
    row = {"place": STREET, "organisation": "东街商行", "kind": "企业", "period": "2022", "wages": 5, "training": ""}
    with pytest.raises(RowsRefused):
        lms.add(row, "funding.payroll")
