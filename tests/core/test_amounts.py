"""Money and floor space: what is read exactly, what is refused and why, and in which unit a column is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlms.core.amounts import AREA, MONEY, NotAnAmount, shown, with_unit
from tests.core.test_kinds import read, refusal


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("1,200", 120_000), ("1200.50", 120_050), ("１，２００.５", 120_050), ("12.5万元", 12_500_000), ("12.5 万", 12_500_000),
     ("￥3,000", 300_000),
     ("¥ 3000元整", 300_000), ("人民币3000元", 300_000), ("1.2亿元", 12_000_000_000), ("3千元", 300_000), ("0.01", 1), ("0", 0),
     ("5角", 50),
     ("1.234567万元", 1_234_567), (1200, 120_000), (1200.5, 120_050), (Decimal("0.10"), 10), (0.1 + 0.2, 30),
     (1234567890.12, 123_456_789_012)],
)
def test_money_is_read_to_the_fen(cell: object, fen: int) -> None:
    """As offices write it; a spreadsheet's number as the 15 digits it shows, never by way of a fraction that is not exact."""
    assert read("money", cell) == (fen,)


@pytest.mark.parametrize(
    ("cell", "code"),
    [("-3", "negative_money"), ("－3", "negative_money"), ("¥-3,000", "negative_money"), ("(3,000)", "negative_money"),
     (-0.5, "negative_money"),
     ("1.005", "below_fen"), ("1." + "0" * 40 + "1", "below_fen"), ("9" * 5000, "too_large"), ("1.2345678万元", "below_fen"),
     ("300美元", "money_unit"), ("4元/人", "money_unit"), ("300港币", "money_unit"),
     ("约300", "not_money"), ("300余元", "money_unit"), ("1,20", "not_money"), ("1 200", "not_money"), ("1200.", "not_money"),
     ("-", "not_money"),
     ("叁佰元", "not_money"), ("万元", "not_money"), ("1.2E+06", "scientific"), ("99999亿亿元", "money_unit"), ("9" * 16, "too_large")],
)
def test_what_is_no_exact_sum_of_yuan_is_refused(cell: object, code: str) -> None:
    """Each for its own reason."""
    assert refusal("money", cell) == code


@pytest.mark.parametrize(
    ("cell", "stored"), [("500", 50_000), ("500㎡", 50_000), ("500 平方米", 50_000), ("523.5m²", 52_350), ("1.2万平方米", 1_200_000),
    (500.25, 50_025)]
)
def test_floor_space_is_read_in_hundredths_of_a_square_metre(cell: object, stored: int) -> None:
    """With or without its unit."""
    assert read("area", cell) == (stored,)


@pytest.mark.parametrize(
    ("cell", "code"),
    [("3亩", "area_unit"), ("0.5公顷", "area_unit"), ("1平方公里", "area_unit"), ("-5", "negative"), ("500.125", "too_many_decimals"),
     ("三间", "not_an_area")],
)
def test_land_is_no_floor_space(cell: object, code: str) -> None:
    """亩 and hectares are not converted."""
    assert refusal("area", cell) == code


@given(st.integers(0, 10**15))
def test_what_is_shown_is_read_as_the_same(fen: int) -> None:
    """Every amount that can be kept, as a text and below a header in yuan."""
    assert MONEY.read(shown(fen)) == fen
    assert MONEY.read(str(with_unit(shown(fen), "元"))) == fen


@given(st.integers(0, 10**9), st.integers(0, 6))
def test_ten_thousands_multiply_exactly(number: int, places: int) -> None:
    """Whatever the decimals: 万元 with six of them is a whole number of fen."""
    text = f"{Decimal(number).scaleb(-places):f}"
    assert MONEY.read(f"{text}万元") == number * 10**(6 - places)


@pytest.mark.parametrize(
    ("word", "unit"),
    [("预算（万元）", "万元"), ("预算(单位：万元)", "万元"), ("预算 万元", "万元"), ("预算/千元", "千元"), ("预算（万元/年）", "万元"),
     ("预算（元）", "元"),
     ("预算", ""), ("预算（含上级补助）", ""), ("预算（2022年）", ""), ("预算（美元）", "美元"), ("预算美元", "美元"),
     ("预算（元/人）", "元/人"),
     ("预算（元、万元）", "元、万元")],
)
def test_the_unit_of_a_header(word: str, unit: str) -> None:
    """One that is none of ours is given all the same: then no cell below it can be read."""
    assert MONEY.unit_in(word) == unit


@pytest.mark.parametrize("word", ["预算（美元）", "预算美元", "预算（元/人）", "预算（元、万元）", "预算（百人）"])
def test_below_a_unit_that_cannot_be_converted_no_cell_is_read(word: str) -> None:
    """It is never taken for yuan."""
    with pytest.raises(NotAnAmount, match="money_unit"):
        MONEY.read(str(with_unit("300", MONEY.unit_in(word))))


@pytest.mark.parametrize(
    ("above", "unit"),
    [(["经费表", "单位：万元"], "万元"), (["金额单位：", "万元"], "万元"), (["填报单位：东街街道　单位：人、万元"], "万元"),
     (["经费表（单位：千元）"], "千元"),
     (["填报单位：广元"], ""), (["（百家讲堂）"], ""), (["单位：美元"], "美元"), (["单位：万元", "单位：元"], "万元、元")],
)
def test_the_unit_that_stands_above_a_table(above: list[str], unit: str) -> None:
    """Of who filled it in nothing is taken; two units are none that can be read."""
    assert MONEY.unit_above(above) == unit


def test_each_kind_takes_its_own_unit_from_the_lines_above() -> None:
    """单位：万元、平方米 says of money 万元 and of rooms 平方米."""
    above = ["单位：万元、平方米"]
    assert (MONEY.unit_above(above), AREA.unit_above(above)) == ("万元", "平方米")


@pytest.mark.parametrize(("word", "unit"), [("面积（亩）", "亩"), ("面积㎡", "m2"), ("面积（万）", "万"), ("占地面积公顷", "公顷"),
("面积（建筑）", "")])
def test_the_unit_of_a_header_of_floor_space(word: str, unit: str) -> None:
    """A unit of land is found, and then refused below."""
    assert AREA.unit_in(word) == unit
    if unit in ("亩", "万", "公顷"):
        with pytest.raises(NotAnAmount, match="area_unit"):
            AREA.read(str(with_unit(3, unit)))


def test_a_cell_with_its_own_unit_keeps_it() -> None:
    """12元 below 万元 are twelve yuan; texts that are no number stay as they are."""
    cells = ("12", "1,200", 1.5, "12元", "约12", True, "")
    assert [with_unit(c, "万元") for c in cells] == ["12万元", "1,200万元", "1.5万元", "12元", "约12", True, ""]


@pytest.mark.parametrize("text", ["赵" * 2_000_000, "（" * 2_000_000, "单位：" * 1_000_000])
def test_a_text_of_millions_of_signs_names_no_unit_and_takes_no_time(text: str) -> None:
    """Whoever looks for a unit in every ending of it is never done."""
    assert (MONEY.unit_in(text), MONEY.tail(text), MONEY.unit_above([text])) == ("", "", "")
