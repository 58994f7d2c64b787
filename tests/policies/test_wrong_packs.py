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
from commlms.opening import check_policy
from commlms.report.data import as_data
from commlms.report.gather import gather
from tests.policies.test_packs import guangzhou

PACKS = Path(__file__).parents[2] / "plugins" / "policies" / "commlms_policies" / "packs"
GOOD = Path(__file__).with_name("good.toml").read_text(encoding="utf-8")
#: No bundled document: what is checked is this pack.
HOST = commlms.Host(without=["policies"])
NAME = 'zh = "关于进一步推进社区教育发展的通知"'


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "commlms", *words], capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(("old", "new", "key"), [
    ("repeals = []", 'repeals = []\nnote = { zh = "注" }', "note"),
    ('place = { zh = "市", en = "city" }', 'place = { zh = "市" }', "place"),
    ('issuer = { zh = "样城市人民政府办公室", en = "Sample City Municipal Government Office" }', 'issuer = "x"', "issuer"),
    ("repeals = []", 'repeals = ["x"]', "repeals"),
    ("repeals = []", 'repeals = [{ number = "甲〔2001〕1号", zh = "旧" }]', "zh and en"),
    ("repeals = []", 'repeals = [{ number = "样办发[2019]70号" }]', "itself"),
    ("value = 50", 'value = "fifty"', "value"), ("value = 50", "value = nan", "value"), ("value = 50", "value = inf", "value"),
    ("value = 50", "value = true", "value"), ("value = 50", 'value = "50"', "value"), ("value = 50", "value = 51", "does not say 51"),
    ("value = 50", "value = -1", "cannot be met"), ("value = 50", "value = 1e99", "value"),
    ("when = []", 'when = "x"', "when"), ("when = []", "when = [{ foo = 1 }]", "when"),
    ("when = []", 'when = [{ metric = "core.persons", count = 0 }]', "when"),
    ("when = []", 'when = [{ metric = "core.no_such" }]', "core.no_such"),
    ("when = []", 'when = [{ metric = "core.participation" }]', "ratio"),
    ('scope = { level = "city" }', 'scope = { level = "township", kind = "streeet" }', "scope"),
    ('scope = { level = "city" }', 'scope = { level = "township", kind = "街道" }', "scope"),
    ('scope = { level = "city" }', 'scope = { class = "street" }', "scope"), ('scope = { level = "city" }', 'scope = "city"', "scope"),
    ('scope = { level = "city" }', 'scope = { region = "delta" }', "no region delta"),
    ('jurisdiction = "9001"', "jurisdiction = 9001", "jurisdiction"), (NAME, "zh = 3", "zh"),
    ('aliases = ["市社区大学"]', "aliases = [3]", "aliases"), ('aliases = ["市社区大学"]', 'aliases = ["样城市社区大学"]', "twice"),
    ("aliases = []", 'aliases = ["市社区大学"]', "twice"), ('level = "county"', 'level = "city"', "twice"),
    ("joined = []", 'joined = "sc-participation-2022"', "joined"), ("joined = []", 'joined = ["sc-participation-2020"]', "joined"),
    ("issued = 2019-09-11", "issued = 2019-09-12", "issued"), ("issued = 2019-09-11", "issued = 2019-09-11T10:00:00", "issued"),
    ("repeals = []", "published = 2019-09-10\nrepeals = []", "published"),
    ('literal = "达到…以上"', 'literal = "不低于"', "literal"), ("req = [\"R461\"]", "req = [461]", "req"),
    ("due = 2020-12-31", "standing = false", "standing"), ("[[level]]", "[level]", "level"), ("[policy]", "[[policy]]", "policy"),
    ('window = "year"', 'window = ["year"]', "window"), ('id = "sc-participation-2022"', 'id = "sc-participation-2020"', "twice"),
])
def test_a_slip_is_refused_with_its_line_and_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    """One slip in a good pack: one sentence in each language, at that line or the table's."""
    path = tmp_path / "slip.toml"
    assert old in GOOD
    good = GOOD if old != "[[level]]" else GOOD[: GOOD.index("[[level]]", GOOD.index("[[level]]") + 1)]
    text = good.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        check_policy(path, HOST)
    assert key in raised.value.reason.en
    assert raised.value.reason.zh
    table = text[: text.index(new)].rfind("\n[") if key != "twice" else 0
    first = text[: table + 1].count("\n") + 1
    assert first <= raised.value.line <= len(text.splitlines())


#: One slip for each thing that the check refuses in the tables and keys of whole documents: what is changed, in what, and a word
#: of the reason. Each stands once in the good pack.
SLIPS = [
    # Thresholds that cannot be met, ranges, terms.
    ("value = 2\nvalue_max = 3", "value = 2\nvalue_max = 2", "cannot be met"), ("value_max = 3\n", "", "needs value_max"),
    ('beyond = "met"\n', "", "needs beyond"), ('compare = ">"', 'compare = ">"\nbeyond = "short"', "beyond goes with between"),
    ('compare = ">"', 'compare = ">"\nvalue_max = 3', "value_max goes with between"), ("value_max = 3", "value_max = 4", "does not say 4"),
    ('beyond = "met"', 'beyond = "maybe"', "beyond"), ("value = 75", "value = 75.5", "does not say 75.5"),
    ('literal = "不少于"\nvalue = 3\nunit = "count"', 'literal = "不少于"\nvalue = 3\nunit = "years"', "years are a term"),
    # A field that nothing reads, or that lacks the one it goes with.
    ("start = 2020-01-01\nwindow", "start = 2019-01-01\nwindow", "nothing reads it"),
    ("due = 2023-12-31\nwindow", "due = 2023-12-31\nstart = 2020-01-01\nwindow", "standing or every"),
    ('subject = "institution", role = ["school"]', 'role = ["school"]', "role goes with subject"),
    ('role = ["school"]', "role = []", "scope"), ('role = ["school"]', 'role = ["castle"]', "castle is no kind"),
    ('subject = "institution", role', 'subject = "schoolhouse", role', "no record schoolhouse"),
    ('subject = "institution", role', 'subject = "learner", role', "no field kind"),
    ('kind = "street", subject', 'kind = "street", without = "town", subject', "do not go together"),
    ('without = "zone"', 'without = "高新区"', "scope"), ('level = ["city", "county"]', 'level = ["city", "city"]', "scope"),
    ('level = ["city", "county"]', "level = []", "scope"), ('basis = "permanent"\ndue = 2020', "due = 2020", "basis is needed"),
    ('compare = ">"', 'compare = ">"\nbasis = "permanent"', "nothing reads basis"),
    (
        'scope = { region = "two" }\njudge = "each"\nstanding = true',
        'scope = { level = "city" }\njudge = "each"\nstanding = true\nevery = "year"',
        "exactly one",
    ),
    ('value_of = "sc-demo-counties-2023"', 'value_of = "sc-more-counties"', "no other target"),
    ('value_of = "sc-demo-counties-2023"', 'value_of = "sc-school-sessions"', "is 3"),
    ('value_of = "sc-demo-counties-2023"\n', "", "does not say 2"),
    ('compare = "between"', 'value_of = "sc-more-counties"\ncompare = "between"', "nothing reads value_of"),
    ('nested_in = "sc-participation-2022"', 'nested_in = "sc-else"', "nested_in"),
    ('nested_in = "sc-participation-2022"', 'nested_in = "sc-demo-counties-2023"', "no other target"),
    ('scope = { region = "two" }', 'scope = { region = "two", subject = "institution" }', "cannot be counted for each"),
    ('value = 3\nunit = "count"\nscope = {', 'value = 3\nunit = "count"\ndata = { zh = "x" }\nscope = {', "TOML"),
    ('scope = { region = "two" }', 'scope = { region = "two" }\ndata = { zh = "场次", en = "sessions" }', "data is never said"),
    ('stated = { zh = "学校的上报数"', 'joined = ["sc-nothing"]\nstated = { zh = "学校的上报数"', "joined"),
    # Without a number: no metric, and only then; a note says why.
    ('metric = "absent.sessions"\n', "", "a metric is needed"),
    ('value = 1050\nunit = "undefined"', 'value = 1050\nunit = "count"', "metric is needed"),
    ('compare = "=="', 'metric = "core.visits"\ncompare = "=="', "a metric is needed"),
    ('note = { zh = "文件没有说明这个数指什么", en = "the document does not say what the number stands for" }\n', "", "note"),
    # Units that do not fit the metric.
    ('value = 75\nunit = "percent"', 'value = 75\nunit = "square_metre"', "cannot be measured in square_metre"),
    ('value = 75\nunit = "percent"', 'value = 75\nunit = "yuan/person"', "cannot be measured in yuan/person"),
    (
        'value_of = "sc-demo-counties-2023"\nunit = "count"',
        'value_of = "sc-demo-counties-2023"\nunit = "permille"',
        "cannot be measured in permille",
    ),
    (
        'compare = ">"\nliteral = "在此基础上"\nvalue = 2\nvalue_of = "sc-demo-counties-2023"\nunit = "count"',
        'compare = "<="\nliteral = "在此基础上"\nvalue = 2\nvalue_of = "sc-demo-counties-2023"\nunit = "years"',
        "has no days",
    ),
    # Metrics and records that a loaded plugin does not have, wherever they are named.
    ('when = [{ metric = "core.persons"', 'when = [{ metric = "core.person"', "core.person"),
    ('metrics = ["core.sessions"', 'metrics = ["core.session"', "core.session"),
    ('metric = "core.sessions"\nlevels', 'metric = "core.session"\nlevels', "core.session"),
    ('assessed = "supervision.assessment"', 'assessed = "residents"', "no field"),
    ('assessed = "supervision.assessment"', 'assessed = "assessment"', "no record assessment"),
    # Dates.
    ("due = 2024-12-31", "due = 2018-12-31", "due before"), ("deadline = 2019-10-31", "deadline = 2018-10-31", "due before"),
    ("start = 2020-01-01\nmin_count", "start = 2018-01-01\nmin_count", "nothing reads it"),
    ("deadline = 2019-10-31", "start = 2019-11-01\ndeadline = 2019-10-31", "before start"),
    # Names that are not there, or stand twice.
    ('region = "two"\ndue = 2024', 'region = "three"\ndue = 2024', "no region three"),
    ('places = ["900101", "900102"]', "places = []", "not empty"),
    (
        '[[region]]\nkey = "two"',
        '[[region]]\nkey = "spare"\nzh = "备"\nen = "spare"\nplaces = ["1"]\n[[region]]\nkey = "two"',
        "uses the region spare",
    ),
    ('network = "sc-seniors"', 'network = "sc-other"', "no network sc-other"), ("order = 1", "order = -1", "order"),
    ('id = "sc-seniors"', 'id = "sc-main"', "twice"), ('id = "sc-brand"', 'id = "sc-1050"', "twice"),
    ('id = "sc-evening"', 'id = "sc-brand"', "twice"), ('id = "sc-finance"', 'id = "sc-education"', "twice"),
    ('shared_with = ["sc-finance"]', 'shared_with = ["sc-police"]', "no other department"),
    ('targets = ["sc-participation-2020", "sc-participation-2022"]', 'targets = ["sc-participation-2020"]', "at least two"),
    ('targets = ["sc-participation-2020", ', 'targets = ["xx-else", ', "the first of them"),
    ('"sc-participation-2022"]\nnote', '"sc-participation-2021"]\nnote', "no target sc-participation-2021"),
    # Schedules.
    ('cadence = "weekly"', 'cadence = "yearly"', "weekdays goes with weekly"), ("weekdays = [1, 2, 3, 4, 5]", "weekdays = [0]", "weekdays"),
    ('not_before = "16:30"', 'not_before = "4:30 pm"', "not_before"), ('cadence = "once"', 'cadence = "yearly"', "deadline goes with once"),
    ('metric = "core.sessions"\nlevels', "levels", "levels goes with metric"), ('cadence = "weekly"', 'cadence = "daily"', "cadence"),
    # No clause, no words, no English, an unknown word, in each of the tables.
    ('clause = "二（六）"', 'clause = ""', "clause"), ('clause = "二（六）"\n', "", "clause is missing"),
    ('quote = "统筹农村网络"\n', "", "quote is missing"), ('gloss = "form a brand of community education"\n', "", "gloss is missing"),
    ('gloss = "more on top of it"\n', "", "gloss is missing"), ('reading = "inferred"\nnote', 'reading = "guessed"\nnote', "reading"),
    ('reading = { zh = "由评估人评定", en = "a status set by an assessor" }', 'reading = "explicit"', "reading"),
    ('role = "lead"', 'rol = "lead"', "unknown key rol"), ('kind = "event"', 'kind = "fair"', "kind"),
    ('about = "分院"\n', "", "about is missing"),
    ('levels = ["city"]\nduties = [{ zh = "统筹"', 'levels = ["town"]\nduties = [{ zh = "统筹"', "levels"),
    ('actor = "government" }]', 'role = "government" }]', "parts"), ('covers = ["师资", "场地"]', "covers = 2", "agreement"),
    ("count = 12", 'count = "12"', "count"), ("events = 7", "events = 0", "events"), ("levels = 4", 'levels = "四级"', "levels"),
    # Leaving out what is not taken over.
    ("repeals = []", 'repeals = []\ndrop = ["sc-1050"]', "drop goes with extends"),
    ("repeals = []", 'repeals = []\nextends = "province-2016"', "no document province-2016 is loaded"),
]


@pytest.mark.parametrize(("old", "new", "word"), SLIPS)
def test_a_slip_in_any_table_is_refused_at_its_line(tmp_path: Path, old: str, new: str, word: str) -> None:
    """The good pack passes; with one slip it is refused with both languages, at a line of the table that is wrong."""
    check_policy(Path(__file__).with_name("good.toml"), HOST)
    assert GOOD.count(old) >= 1
    text = GOOD.replace(old, new, 1)
    (tmp_path / "slip.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        check_policy(tmp_path / "slip.toml", HOST)
    assert word in raised.value.reason.en
    assert raised.value.reason.zh
    assert raised.value.file == "slip.toml"
    first, last = table_around(text, GOOD.index(old))
    assert first <= raised.value.line <= last or "twice" in word, raised.value


def table_around(text: str, at: int) -> tuple[int, int]:
    """The first and the last line of the table in which something stands."""
    start = text.rfind("\n[", 0, at + 1) + 1
    end = text.find("\n[", at + 1)
    return text[:start].count("\n") + 1, (text[:end] if end > 0 else text).count("\n") + 1


@pytest.mark.parametrize("data", [b"\xb9\xe3\xd6\xdd", "﻿[policy]\n".encode(), b"policy = 3\n", b"target = [1]\n", b"[else]\nx = 1\n"])
def test_a_file_that_is_no_pack_is_refused_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.toml").write_bytes(data)
    done = run("--lang", "zh", "policies", "check", str(tmp_path / "x.toml"))
    assert (done.returncode, "Traceback" in done.stderr, "x.toml 第 1 行" in done.stderr) == (1, False, True)


@pytest.mark.parametrize(("value", "unit", "quote"), [
    ("70", "percent", "七成以上"), ("100", "percent", "全部社区"), ("50", "percent", "半数以上"), ("2", "yuan/person", "不低于两元"),
    ("5", "permille", "千分之五"), ("1200", "count", "1,200人"), ("0.5", "percent", "０.５％"),
    ("20000", "count", "2万人次"), ("12", "count", "十二所"),
    ("0.5", "per_10000", "按不少于万分之零点五的比例"), ("2.5", "percent", "百分之二点五"), ("18", "count", "“1+18+N”中的分院"),
    ("4", "count", "“四位一体”"),
])
def test_a_number_may_stand_in_the_quote_as_offices_write_it(tmp_path: Path, value: str, unit: str, quote: str) -> None:
    path = tmp_path / "written.toml"
    text = GOOD.replace("value = 50", f"value = {value}", 1).replace('unit = "percent"', f'unit = "{unit}"', 1)
    text = text.replace("到 2020 年底，全市参与社区教育活动的居民达到 50%以上", quote).replace('literal = "达到…以上"', 'literal = ""', 1)
    path.write_text(text, encoding="utf-8")
    check_against(policy_from_toml(path), {}, set())
    path.write_text(text.replace(f"value = {value}", "value = 7", 1), encoding="utf-8")
    with pytest.raises(PolicyError, match="does not say 7"):
        check_against(policy_from_toml(path), {}, set())


def test_numerals_are_those_of_documents() -> None:
    assert [numeral(n) for n in (2, 10, 15, 20, 75, 101, 110, 1001, 1010, 2345)] == [
        "二", "十", "十五", "二十", "七十五", "一百零一", "一百一十", "一千零一", "一千零一十", "二千三百四十五",
    ]


def older(policy: Policy, **changes: object) -> Policy:
    """The document that Gongshu's repeals, its own number in other brackets."""
    base = attrs.evolve(
        policy, key="old", id="old", code="old", repeals=(), goals=(), schedules=(), effective=20180301, issued=None, published=None,
    )
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
        told = attrs.asdict(d, recurse=False)
        assert {*told, *attrs.asdict(told["parts"], recurse=False)} - {"facts", "parts"} <= set(data[d.id])
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
SOMETIMES = {"numerator", "denominator", "ceiling", "bound", "by", "excess", "not_reported"}


def sheet_text(path: Path) -> str:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    return "\n".join(str(c) for page in book.worksheets for row in page.iter_rows(values_only=True) for c in row if c is not None)


def test_a_target_that_nothing_is_judged_for_stands_at_the_place_it_binds() -> None:
    """Not yet due: no place is judged; the report names the province, and the region for the Delta's, not the document."""
    with LMS(lang="en", today=dt.date(2023, 6, 1)) as lms:
        guangzhou(lms)
        (document,) = [d for d in gather(lms, "2019", None, dt.date(2019, 12, 31)).documents if d.id == "000"]
    early = [v for v in document.verdicts if v.why is not None and v.why.en.startswith("not yet due")]
    assert {v.target: v.where.en for v in early} == {
        "gd-prd-learning-community-2020": "Pearl River Delta", "gd-ewn-learning-community-2020": "east, west and north Guangdong",
        "gd-workforce-participation-2020": "粤省", "gd-resident-participation-2020": "粤省", "gd-minor-participation-2020": "粤省",
        "gd-prd-workforce-participation-2020": "Pearl River Delta", "gd-prd-resident-participation-2020": "Pearl River Delta",
    }


NO_FUNDS = "no data: funds (plugin funding is not loaded)"
WITHOUT = ("--without", "funding", "--without", "recognition")


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A database file with Guangdong and Guangzhou."""
    with LMS(tmp_path / "c.db", lang="en", today=dt.date(2021, 6, 1)) as lms:
        guangzhou(lms)
    return tmp_path / "c.db"


@pytest.mark.parametrize(("target", "place", "words"), [
    ("gz-fund-per-head", "440103", ["三（二）：省级以上", "≥ 2 yuan a person (不低于)", NO_FUNDS]),
    ("gz-fund-per-head", "4401", ["information only: the sentence does not name this place", NO_FUNDS]),
    ("pzh-participation-2022", "4401", ["information only: does not bind here, but in 5104 only", "numerator = 2"]),
    ("gd-resident-participation-2020", "44", ["numerator = 2"]),
    ("gd-prd-resident-participation-2020", "4401", ["numerator = 2"]),
    ("gd-prd-resident-participation-2020", "440103", ["the sentence does not name this place", "numerator = 2"]),
])
def test_explain_says_what_is_asked_and_whether_it_binds(city: Path, target: str, place: str, words: list[str]) -> None:
    done = run(*WITHOUT, "--db", str(city), "--lang", "en", "explain", target, "--place", place, "--period", "2020")
    assert (done.returncode, done.stderr) == (0, "")
    assert [w for w in words if w not in done.stdout] == []
    assert ("information only" in done.stdout) == any("does not" in w for w in words)


def test_explain_says_when_the_document_was_not_in_force(city: Path) -> None:
    done = run("--db", str(city), "--lang", "zh", "explain", "gd-resident-participation-2020", "--place", "44", "--period", "2015")
    assert "仅供参考：该文件自 2016-02-19 起施行" in done.stdout
