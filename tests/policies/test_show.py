"""``commlms policies show``: a document as a person reads it, in one language, on a screen of 80 columns."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commlms import Host, policy_from_toml
from commlms.cli.documents import TABLES, Reader
from commlms.cli.terminal import width

GOOD = policy_from_toml(Path(__file__).with_name("good.toml"))
REGISTRY = Host().registry


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "commlms", *words], capture_output=True, encoding="utf-8", check=False, env={**os.environ, "COLUMNS": "80"},
    )


@pytest.mark.parametrize(("lang", "lines"), [
    ("zh", [
        "  要求：介于 2–3 个，“2—3 个”，高于上限也算达到，期限 2023-12-31", "  对象：市、县（区），开发区除外，两县 [two]，合并评判",
        "    - 参与人数 [core.persons] ≥ 2", "  其中于：sc-participation-2022", "  效力：力争", "  统计期：两个自然年",
        "  解读：原文部分写明",
        "  对象：乡镇（街道），街道，机构 (社区学校)，逐个评判", "  数值见：sc-demo-counties-2023", "  要求：等于 1050 （含义未定），长期",
        "  原文写明的级数：4", "  条件：有条件的", "    - 政府主导 (政府)", "  角色：牵头", "  共同承担：市财政局 [sc-finance]",
        "  频次：每周",
        "  星期：周一、周二、周三、周四、周五", "  种类：活动", "  协议：签订合作协议：师资、场地",
    ]),
    ("en", [
        "  demand: between 2–3, “2—3 个”, above it is met, due 2023-12-31",
        "  binds: city, county, except development zone, the two counties [two], judged as one", "    - persons [core.persons] ≥ 2",
        "  force: to strive for", "  counted over: two calendar years", "  in English: two to three demonstration counties (districts)",
        "  demand: more than 2, “在此基础上”, from 2020-01-01, lasting", "  not before: 16:30", "  by: 2019-10-31",
        "  weekdays: Monday, Tuesday, Wednesday, Thursday, Friday", "  levels, as printed: 4",
    ]),
])
def test_every_table_is_told_in_the_words_of_one_language(lang: str, lines: list[str]) -> None:
    """Keys stand as words: levels, comparisons, forces, kinds of places and institutions, days of the week."""
    printed = list(Reader(GOOD, "zh" if lang == "zh" else "en", REGISTRY).lines())
    assert [line for line in lines if line not in printed] == []
    titles = [line for line in printed if line.startswith("== ")]
    assert titles == [f"== {title.zh if lang == 'zh' else title.en} ({len(getattr(GOOD, field))})" for field, title in TABLES.values()]


def test_levels_stand_by_network_from_the_top() -> None:
    """The seniors' point is of the second network and stands first in the file; the main network's go from city to village."""
    printed = list(Reader(GOOD, "en", REGISTRY).lines(["level"]))
    heads = [line.split("  ")[0] for line in printed if line and not line.startswith((" ", "=="))]
    assert heads == ["below the village", "city", "county", "township", "village"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_fits_the_screen_and_finds_a_document_by_any_of_its_names(lang: str) -> None:
    outputs = [run("--lang", lang, "policies", "show", name, "--only", "target") for name in ("000", "guangdong-2016", "gd")]
    assert {done.returncode for done in outputs} == {0}
    assert len({done.stdout for done in outputs}) == 1
    assert max(map(width, outputs[0].stdout.splitlines())) <= 80
    assert outputs[0].stdout.count("gd-resident-participation-2020") == 2  # itself, and the one that is nested in it


def test_a_name_that_no_document_has_is_refused_with_those_there_are() -> None:
    done = run("--lang", "en", "policies", "show", "guangdon")
    assert done.returncode == 1
    assert "guangdong-2016" in done.stderr
    assert "Traceback" not in done.stderr
