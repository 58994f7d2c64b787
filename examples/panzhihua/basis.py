"""Write residents.csv and institutions.csv from places.csv by the rules stated in README.md.

Run: ``python examples/panzhihua/basis.py``. The result is what stands in the repository.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
CENSUS_DAY, CENSUS = "2020-11-01", {
    "5104": 1_212_203, "510402": 411_427, "510403": 129_406, "510411": 265_562, "510421": 227_011, "510422": 178_797,
}
CITY_SOURCE = "攀枝花市第七次全国人口普查数据解读 第二期（2021-06-16）"
COUNTY_SOURCE = "第七次全国人口普查分县数据"
SHARED = "按 README 所列规则由县（区）普查数分摊"
GROUPS = (("seniors", 20), ("minors", 16), ("employed", 50))
SENIORS_POINTS = 40


def _read(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(name: str, header: str, rows: Iterable[Iterable[object]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header.split())
        out.writerows(rows)


def apportion(total: int, weights: dict[str, int]) -> dict[str, int]:
    """``total`` persons shared by weight, by largest remainder (ties: lower code), so that the parts add up."""
    whole = sum(weights.values())
    parts = {code: total * weight // whole for code, weight in weights.items()}
    rest = total - sum(parts.values())
    order = sorted(weights, key=lambda code: (-(total * weights[code] % whole), code))
    for code in order[:rest]:
        parts[code] += 1
    return parts


def estimates(places: list[dict[str, str]]) -> dict[str, int]:
    """Residents of every township and village: a village from its county, a township as the sum of its own."""
    found: dict[str, int] = {}
    for county in (code for code in CENSUS if len(code) == 6):
        inside = [p for p in places if len(p["代码"]) == 12 and p["代码"].startswith(county)]
        weights = {p["代码"]: 2 if p["类别"] == "社区" else 1 for p in inside}
        found |= apportion(CENSUS[county], weights)
    for township in (p["代码"] for p in places if len(p["代码"]) == 9):
        found[township] = sum(n for code, n in found.items() if code.startswith(township) and len(code) == 12)
    return found


def residents(places: list[dict[str, str]]) -> Iterable[list[object]]:
    """The rows of residents.csv."""
    for code, persons in CENSUS.items():
        yield [code, CENSUS_DAY, "常住", "全部", persons, "普查", CITY_SOURCE if code == "5104" else COUNTY_SOURCE]
    yield ["5104", "2022-12-31", "常住", "全部", 1_216_000, "登记", "攀枝花市2022年国民经济和社会发展统计公报"]
    shared = estimates(places)
    for code in sorted(shared):
        yield [code, CENSUS_DAY, "常住", "全部", shared[code], "估算", SHARED]
    for code, persons in sorted((CENSUS | shared).items()):
        for group, percent in GROUPS:
            source = f"假定占常住人口 {percent}%，向下取整"
            yield [code, CENSUS_DAY, "常住", group, persons * percent // 100, "估算", source]


def institutions(places: list[dict[str, str]]) -> Iterable[list[object]]:
    """The rows of institutions.csv, parents first; all of them are invented."""
    number = iter(range(1, 10_000))
    code_at: dict[str, str] = {}
    names = {p["代码"]: p["名称"] for p in places}

    def row(place: str, name: str, kind: str, host: str, parent: str, since: str) -> list[object]:
        code = f"JG{next(number):05d}"
        code_at.setdefault(place, code)
        return [code, name, place, kind, host, parent, since]

    yield row("5104", "攀枝花社区大学", "社区大学", "攀枝花开放大学", "", "2013-09-01")
    for code in [*(c for c in names if len(c) == 6), "5104-VT"]:
        name = names[code]
        yield row(code, f"{name}社区学院", "社区学院", f"{name}职业教育中心", code_at["5104"], "2015-03-01")
    for code in (c for c in names if len(c) == 9):
        name, since = names[code], f"{2016 + int(code) % 4}-04-01"
        yield row(code, f"{name}社区学校", "社区学校", f"{name}文化站", code_at[code[:6]], since)
    villages = [p for p in places if len(p["代码"]) == 12]
    short: dict[str, str] = {}
    for place in villages:
        code = place["代码"]
        title = names[code[:9]] + place["别名"]
        # A town can hold a 社区 and a 村 of one everyday name; the rural one says so.
        short[code] = f"{title}（村）" if title in short.values() else title
        since = f"{2017 + int(code) % 3}-05-01"
        yield row(code, f"{short[code]}社区学习中心", "社区学习中心", place["名称"], code_at[code[:9]], since)
    for place in villages[:: len(villages) // SENIORS_POINTS][:SENIORS_POINTS]:
        code = place["代码"]
        yield row(code, f"{short[code]}老年学习点", "老年学习点", place["名称"], code_at[code[:9]], "2019-10-01")


def main() -> None:
    """Write both files."""
    places = _read("places.csv")
    _write("residents.csv", "地点代码 日期 口径 人群 人数 数据性质 出处", residents(places))
    _write("institutions.csv", "机构编号 机构名称 所在地 机构类型 依托单位 上级机构 成立日期", institutions(places))


if __name__ == "__main__":
    main()
