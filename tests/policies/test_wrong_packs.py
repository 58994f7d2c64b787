"""What the check of a pack refuses, with the line; documents that end others; a target explained where its figure cannot be."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import attrs
import pytest

import commlms
from commlms import LMS, Policy, PolicyError, hookimpl, policy_from_toml
from commlms.core.pack_checks import check_against, numeral
from commlms.report.data import as_data
from commlms.report.gather import gather
from tests.policies.test_packs import guangzhou

PACKS = Path(__file__).parents[2] / "plugins" / "policies" / "commlms_policies" / "packs"
GOOD = (PACKS / "panzhihua-2019.toml").read_text(encoding="utf-8")
NAME = 'zh = "关于进一步推进社区教育发展的通知"'


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "commlms", *words], capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(("old", "new", "key"), [
    ("repeals = []", 'repeals = []\nnote = { zh = "注" }', "note"),
    ('place = { zh = "市", en = "city" }', 'place = { zh = "市" }', "place"),
    ('issuer = { zh = "攀枝花市人民政府办公室", en = "Panzhihua Municipal Government Office" }', 'issuer = "x"', "issuer"),
    ("repeals = []", 'repeals = ["x"]', "repeals"),
    ("repeals = []", 'repeals = [{ number = "甲〔2001〕1号", zh = "旧" }]', "zh and en"),
    ("repeals = []", 'repeals = [{ number = "攀办发[2019]70号" }]', "itself"),
    ("value = 50", 'value = "fifty"', "value"), ("value = 50", "value = nan", "value"), ("value = 50", "value = inf", "value"),
    ("value = 50", "value = true", "value"), ("value = 50", 'value = "50"', "value"), ("value = 50", "value = 51", "does not say 51"),
    ("value = 50", "value = -1", "cannot be met"), ("value = 50", "value = 1e99", "value"),
    ("when = []", 'when = "x"', "when"), ("when = []", "when = [{ foo = 1 }]", "when"),
    ("when = []", 'when = [{ status = "famous" }]', "when"),
    ("when = []", 'when = [{ status = "experimental", rank = "planet+" }]', "when"),
    ('scope = { level = "city" }', 'scope = { level = "township", kind = "streeet" }', "scope"),
    ('scope = { level = "city" }', 'scope = { level = "township", kind = "街道" }', "scope"),
    ('scope = { level = "city" }', 'scope = { class = "street" }', "scope"), ('scope = { level = "city" }', 'scope = "city"', "scope"),
    ('scope = { level = "city" }', 'scope = { region = "delta" }', "no region delta"),
    ('jurisdiction = "5104"', "jurisdiction = 5104", "jurisdiction"), (NAME, "zh = 3", "zh"),
    ('aliases = ["市社区大学"]', "aliases = [3]", "aliases"), ('aliases = ["市社区大学"]', 'aliases = ["攀枝花市社区大学"]', "twice"),
    ("aliases = []", 'aliases = ["市社区大学"]', "twice"), ('level = "county"', 'level = "city"', "twice"),
    ("joined = []", 'joined = "pzh-participation-2022"', "joined"), ("joined = []", 'joined = ["pzh-participation-2020"]', "joined"),
    ("issued = 2019-09-11", "issued = 2019-09-12", "issued"), ("issued = 2019-09-11", "issued = 2019-09-11T10:00:00", "issued"),
    ("repeals = []", "published = 2019-09-10\nrepeals = []", "published"),
    ('literal = "达到…以上"', 'literal = "不低于"', "literal"), ("req = [\"R461\"]", "req = [461]", "req"),
    ("due = 2020-12-31", "standing = false", "standing"), ("[[level]]", "[level]", "level"), ("[policy]", "[[policy]]", "policy"),
    ('window = "year"', 'window = ["year"]', "window"), ('id = "pzh-participation-2022"', 'id = "pzh-participation-2020"', "twice"),
])
def test_a_slip_is_refused_with_its_line_and_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    """One slip in a good pack: one sentence in each language, at that line or the table's."""
    path = tmp_path / "slip.toml"
    assert old in GOOD
    good = GOOD if old != "[[level]]" else GOOD[: GOOD.index("[[level]]", GOOD.index("[[level]]") + 1)]
    text = good.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    with LMS(lang="en") as lms, pytest.raises(PolicyError) as raised:
        check_against(policy_from_toml(path), lms.registry.metrics, lms.host.names | {"core"})
    assert key in raised.value.reason.en
    assert raised.value.reason.zh
    table = text[: text.index(new)].rfind("\n[") if key != "twice" else 0
    first = text[: table + 1].count("\n") + 1
    assert first <= raised.value.line <= len(text.splitlines())


@pytest.mark.parametrize("data", [b"\xb9\xe3\xd6\xdd", "﻿[policy]\n".encode(), b"policy = 3\n", b"target = [1]\n", b"[else]\nx = 1\n"])
def test_a_file_that_is_no_pack_is_refused_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.toml").write_bytes(data)
    done = run("--lang", "zh", "policies", "check", str(tmp_path / "x.toml"))
    assert (done.returncode, "Traceback" in done.stderr, "x.toml 第 1 行" in done.stderr) == (1, False, True)


@pytest.mark.parametrize(("value", "unit", "quote"), [
    ("70", "percent", "七成以上"), ("100", "percent", "全部社区"), ("50", "percent", "半数以上"), ("2", "yuan/person", "不低于两元"),
    ("5", "permille", "千分之五"), ("1200", "count", "1,200人"), ("0.5", "percent", "０.５％"),
    ("20000", "count", "2万人次"), ("12", "count", "十二所"),
])
def test_a_number_may_stand_in_the_quote_as_offices_write_it(tmp_path: Path, value: str, unit: str, quote: str) -> None:
    path = tmp_path / "written.toml"
    text = GOOD.replace("value = 50", f"value = {value}", 1).replace('unit = "percent"', f'unit = "{unit}"', 1)
    text = text.replace("到 2020 年底，全市参与社区教育活动的居民达到 50%以上", quote).replace('literal = "达到…以上"', 'literal = ""', 1)
    path.write_text(text, encoding="utf-8")
    check_against(policy_from_toml(path), {"core.participation": None}, {"core"})
    path.write_text(text.replace(f"value = {value}", "value = 7", 1), encoding="utf-8")
    with pytest.raises(PolicyError, match="does not say 7"):
        check_against(policy_from_toml(path), {"core.participation": None}, {"core"})


def test_numerals_are_those_of_documents() -> None:
    assert [numeral(n) for n in (2, 10, 15, 20, 75, 101, 110, 1001, 1010, 2345)] == [
        "二", "十", "十五", "二十", "七十五", "一百零一", "一百一十", "一千零一", "一千零一十", "二千三百四十五",
    ]


def older(policy: Policy, **changes: object) -> Policy:
    """The document that Gongshu's repeals, its own number in other brackets."""
    base = attrs.evolve(policy, key="old", id="old", code="old", repeals=(), effective=20180301, issued=None, published=None)
    return attrs.evolve(base, number="下政函〔2018〕13号", **changes)


def hosted(*policies: Policy) -> commlms.Host:
    class Plugin(SimpleNamespace):
        COMMLMS_API = 1

        @hookimpl
        def register_policies(self) -> list[Policy]:
            return list(policies)

    return commlms.Host(without=["policies"], modules={"tt": Plugin()})


def test_a_document_ends_where_a_loaded_one_that_repeals_it_begins(tmp_path: Path) -> None:
    """Gongshu's of 2023-05-12 repeals 下政函[2018]13号; without it, or before that day, the old one is in force."""
    gongshu = policy_from_toml(PACKS / "gongshu-2023.toml")
    target = policy_from_toml(PACKS / "panzhihua-2019.toml").targets[0]
    old = older(gongshu, targets=(attrs.evolve(target, id="old-1", levels=("county",), due=None, every="year"),))
    said = {}
    for name, policies, day in (
        ("before", (gongshu, old), dt.date(2023, 5, 11)), ("after", (old, gongshu), dt.date(2023, 5, 12)),
        ("alone", (old,), dt.date(2023, 5, 12)),
    ):
        with LMS(host=hosted(*policies), lang="en", today=dt.date(2023, 6, 1), keys=[]) as lms:
            lms.add({"code": "330105", "name": "拱区", "level": "county"}, "place")
            (found,) = [j for _, j in lms.judge(["old"], as_of=day)]
            said[name] = (found.verdict, found.why.en if found.why else "")
            if name == "after":
                report = as_data(gather(lms, "2023", None, day))
    assert said["before"] == said["alone"] == ("no_data", "residents (permanent, all)")
    assert said["after"] == ("not_applicable", "repealed by 拱政发〔2023〕16号 from 2023-05-12")
    assert [d["key"] for d in report["documents"]] == ["gongshu-2023"]
    assert report["documents"][0]["repeals"][0]["zh"].startswith("下政函[2018]13号《")
    assert any("拱政发〔2023〕16号" in x["why"]["en"] for x in report["left_out"])


def test_a_document_that_ended_before_keeps_its_own_last_day() -> None:
    gongshu = policy_from_toml(PACKS / "gongshu-2023.toml")
    host = hosted(gongshu, older(gongshu, targets=(), repealed=20200101))
    assert (host.registry.policies["old"].repealed, host.registry.policies["old"].repealed_by) == (20200101, "")


def test_the_report_and_the_list_say_all_of_a_document(tmp_path: Path) -> None:
    """Every fact of the model of a document stands in the JSON report; days, aliases, entries and what it ends in all four forms."""
    with LMS(tmp_path / "c.db", lang="en", today=dt.date(2023, 6, 1)) as lms:
        guangzhou(lms)
        lms.add({"code": "330105", "name": "拱区", "level": "county"}, "place")
        content = gather(lms, "2023", None, None)
        data = {d["id"]: d for d in as_data(content)["documents"]}
        texts = {e: lms.report(tmp_path / f"r.{e}", "2023", lang="zh").read_text(encoding="utf-8") for e in ("md", "html")}
        texts["xlsx"] = sheet_text(lms.report(tmp_path / "r.xlsx", "2023", lang="zh"))
    for d in content.documents:
        assert {k for k in attrs.asdict(d) if k != "facts"} <= set(data[d.id])
        assert all(set(attrs.asdict(v)) - {"counted"} <= set(data[d.id]["verdicts"][0]) | SOMETIMES for v in d.verdicts)
        assert all(set(attrs.asdict(x)) - {"level_label"} <= set(data[d.id]["levels"][0]) for x in d.levels)
    for form, text in texts.items():
        text = text.replace("\\", "")
        for word in (
            "2018-04-24", "社区教育站(点)", "R026", "下政函[2018]13号", "所需记录：经费", "2023-04-11", "杭州市拱墅区人民政府",
            "顺德区虽单独报送",
        ):
            assert word in text, (form, word)
    done = run("--db", str(tmp_path / "c.db"), "policies", "--format", "json")
    listed = {d["id"]: d for d in json.loads(done.stdout)}
    assert (listed["000"]["published"], listed["002"]["targets"][0]["data"]["en"]) == ("2018-04-24", "funds")
    assert listed["003"]["repeals"][0]["number"] == "下政函[2018]13号"


#: Integers that a verdict may not have; who has not reported stands only where deliveries are kept.
SOMETIMES = {"numerator", "denominator", "ceiling", "bound", "by", "not_reported"}


def sheet_text(path: Path) -> str:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    return "\n".join(str(c) for page in book.worksheets for row in page.iter_rows(values_only=True) for c in row if c is not None)


def test_a_target_that_nothing_is_judged_for_stands_at_the_place_it_binds() -> None:
    """Not yet due: no place is judged; the report names the province, and the region for the Delta's, not the document."""
    with LMS(lang="en", today=dt.date(2023, 6, 1)) as lms:
        guangzhou(lms)
        (document,) = [d for d in gather(lms, "2019", None, dt.date(2019, 12, 31)).documents if d.id == "000"]
    assert {v.target: v.where.en for v in document.verdicts} == {
        "gd-workforce-participation-2020": "粤省", "gd-resident-participation-2020": "粤省", "gd-minor-participation-2020": "粤省",
        "gd-prd-workforce-participation-2020": "Pearl River Delta", "gd-prd-resident-participation-2020": "Pearl River Delta",
    }


NO_FUNDS = "no data: funds (plugin funding is not loaded)"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A database file with Guangdong and Guangzhou."""
    with LMS(tmp_path / "c.db", lang="en", today=dt.date(2021, 6, 1)) as lms:
        guangzhou(lms)
    return tmp_path / "c.db"


@pytest.mark.parametrize(("target", "place", "words"), [
    ("gz-fund-per-head", "440103", ["三（二）：省级以上", ">= 2 yuan/person（不低于）", NO_FUNDS]),
    ("gz-fund-per-head", "4401", ["information only: the sentence does not name this place", NO_FUNDS]),
    ("pzh-participation-2022", "4401", ["information only: does not bind here, but in 5104 only", "numerator = 2"]),
    ("gd-resident-participation-2020", "44", ["numerator = 2"]),
    ("gd-prd-resident-participation-2020", "4401", ["numerator = 2"]),
    ("gd-prd-resident-participation-2020", "440103", ["the sentence does not name this place", "numerator = 2"]),
])
def test_explain_says_what_is_asked_and_whether_it_binds(city: Path, target: str, place: str, words: list[str]) -> None:
    done = run("--db", str(city), "--lang", "en", "explain", target, "--place", place, "--period", "2020")
    assert (done.returncode, done.stderr) == (0, "")
    assert [w for w in words if w not in done.stdout] == []
    assert ("information only" in done.stdout) == any("does not" in w for w in words)


def test_explain_says_when_the_document_was_not_in_force(city: Path) -> None:
    done = run("--db", str(city), "--lang", "zh", "explain", "gd-resident-participation-2020", "--place", "44", "--period", "2015")
    assert "仅供参考：该文件当日不在施行期" in done.stdout
