"""What the demos are made of, before any of it is imported: real rows that agree, and estimates that add up."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

from commlms import Host
from commlms_demos.demos import DEMOS
from commlms_demos.heads import HEADS
from commlms_demos.people import estimates, persons, published
from commlms_demos.real import DELTA, every_place, inside
from commlms_demos.tables import Tables

HERE = Path(__file__).parent
KEYS = [demo.key for demo in DEMOS]
PERMANENT = ("常住", "全部")


@pytest.fixture(scope="module")
def made() -> Mapping[str, Tables]:
    """The rows of all five."""
    return {key: import_module(f"commlms_demos.cities.{key}").tables() for key in KEYS}


def test_rows_of_two_demos_that_are_about_one_thing_are_the_same(made: Mapping[str, Tables]) -> None:
    """One thing is said in one way wherever it stands; the places above a city stand in every demo below them."""
    together, several = Tables(), 0
    for tables in made.values():
        for record, rows in tables:
            several += sum(key in together.rows[record] for key in rows)
        together.take(tables)  # raises where a row says something else
    assert several > 10_000
    codes = {key: {code for code, _ in tables.rows["place"]} for key, tables in made.items()}
    assert {"44", "4401"} <= codes["guangzhou"]
    assert {"50", "51", "33", "3301"} <= codes["wanzhou"] | codes["panzhihua"] | codes["gongshu"]


def test_guangdong_holds_every_row_of_guangzhou(made: Mapping[str, Tables]) -> None:
    """Villages, teams, funds and learners included."""
    for record, rows in made["guangzhou"]:
        whole = made["guangdong"].rows[record]
        assert all(whole.get(key) == row for key, row in rows.items()), record


def test_one_demo_is_always_the_same(tmp_path: Path) -> None:
    """Two runs write the same bytes."""
    demo = next(d for d in DEMOS if d.key == "wanzhou")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        demo.files(tmp_path / name)
    first = {p.name: p.read_bytes() for p in (tmp_path / "a").iterdir()}
    assert first == {p.name: p.read_bytes() for p in (tmp_path / "b").iterdir()}
    assert len(first) > 10


def test_the_first_lines_are_the_words_of_the_records() -> None:
    """Each header is the label of its field or one of its other words, a unit in brackets aside."""
    records = Host().registry.records
    for record, heads in HEADS.items():
        for name, head in heads.items():
            field = records[record].field(name)
            assert {head, head.split("（")[0]} & {field.label.zh, *field.aliases}, (record, name)


def counts(top: str) -> tuple[int, int, int, int]:
    """Cities, counties, townships, villages at and below a place."""
    levels = Counter(p.level for p in inside(top) if p.code != "5104-VT")
    return levels["city"], levels["county"], levels["township"], levels["village"]


def test_the_places_are_as_many_as_the_codes_have() -> None:
    """Guangdong's two cities without counties have a stand-in each in the codes, which is no county."""
    with (HERE / "division_counts.csv").open(encoding="utf-8") as file:
        said = {row["place"].split()[-1]: row for row in csv.DictReader(file)}
    for top in ("4401", "5104", "500101", "330105"):
        assert counts(top) == tuple(int(said[top][n]) for n in ("cities", "counties", "townships", "villages"))
    cities, counties, townships, _ = counts("44")
    assert (cities, counties + 2, townships) == (21, int(said["44"]["counties"]), 1757)
    kinds = Counter(p.kind for p in inside("500101", level="township"))
    assert kinds == {"街道": 14, "镇": 27, "乡": 11}


def test_what_a_tree_of_codes_gets_wrong_is_right() -> None:
    """东莞 and 中山 without counties, a district below a municipality, the nine cities of the delta."""
    places = every_place()
    for city in ("4419", "4420"):
        assert {p.parent for p in inside(city, level="township")} == {city}
        assert not inside(city, level="county")
    assert places["500101"].parent == "50"
    assert "5001" not in places
    delta = "广州 深圳 珠海 佛山 江门 肇庆 惠州 东莞 中山"
    assert [places[code].name for code in DELTA] == [f"{name}市" for name in delta.split()]
    assert (places["5104-VT"].level, places["5104-VT"].parent) == ("county", "")


def test_eight_sub_districts_of_today_have_the_codes_of_xiacheng_before_the_merger(made: Mapping[str, Tables]) -> None:
    """Two states each, and 下城区 ends; ten sub-districts stay as they are."""
    states = defaultdict(list)
    for row in made["gongshu"].rows["place"].values():
        if row["level"] == "township":
            states[row["name"]].append((row["code"], row["parent"], row.get("former", ""), row["since"]))
    moved = {name: found for name, found in states.items() if len(found) == 2}
    assert moved["长庆街道"] == [("330103001", "330103", "", "2000-01-01"), ("330105014", "330105", "330103001", "2021-04-09")]
    assert (len(moved), len(states)) == (8, 18)
    assert made["gongshu"].rows["place"][("330103", "2000-01-01")]["until"] == "2021-04-09"


@pytest.mark.parametrize("key", KEYS)
def test_estimates_add_up_to_what_is_published(made: Mapping[str, Tables], key: str) -> None:
    """On each day, township by township and village by village; every estimate says that it is one, every figure its source."""
    rows = made[key].rows["residents"].values()
    assert all(row["citation"] for row in rows)
    assert {row["nature"] for row in rows if row["group"] in ("未成年人", "从业人员")} == {"估算"}
    known = {(f.code, f.on) for f in published()}
    permanent = {(row["place"], row["on"]): row for row in rows if (row["basis"], row["group"]) == PERMANENT}
    assert all((row["nature"] == "估算") != (spot in known) for spot, row in permanent.items())
    figures = {spot: int(row["persons"]) for spot, row in permanent.items()}
    below: dict[tuple[str, str], int] = defaultdict(int)
    for (code, on), number in figures.items():
        if len(code) in (9, 12):
            above = code[:9] if len(code) == 12 else code[:4] if code.startswith(("4419", "4420")) else code[:6]
            below[above, on] += number
    assert below
    assert {spot: figures[spot] for spot in below} == dict(below)


def test_the_cities_add_up_to_their_province_and_the_counties_to_their_city() -> None:
    """At both censuses in Guangdong; in Panzhihua at the second."""
    cities = [p.code for p in inside("44", level="city")]
    for on, whole in (("2010-11-01", 104_303_132), ("2020-11-01", 126_012_510)):
        assert sum(persons(code, on) for code in cities) == persons("44", on) == whole
    counties = [p.code for p in inside("5104", level="county") if p.code != "5104-VT"]
    assert sum(persons(code, "2020-11-01") for code in counties) == 1_212_203
    # 551,874 and 526,096 by the census of 2010: the district of today has no figure of that day.
    assert sum(n for c, n in estimates("330105", "2010-11-01").items() if len(c) == 9) == 551_874
    assert sum(n for c, n in estimates("330103", "2010-11-01").items() if len(c) == 9) == 526_096


def test_the_data_of_the_package_is_small() -> None:
    """All of it below a megabyte, and a text or a compressed text."""
    data = [p for p in (files("commlms_demos") / "data").iterdir() if p.is_file()]
    assert sum(len(p.read_bytes()) for p in data) < 1_000_000
    assert {p.name for p in data} == {"places.csv.gz", "residents.csv", "communities.csv"}
