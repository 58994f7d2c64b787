"""A document that extends another: what it takes over, changes, tightens, leaves out; and what is refused, with file and line."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import attrs
import pytest

import commlms
from commlms import Policy, PolicyError, hookimpl, policy_from_toml
from commlms.core.errors import PluginError
from commlms.core.pack_extends import extended, with_bases
from commlms.opening import check_policy

GOOD = Path(__file__).with_name("good.toml")
HEAD = """
[policy]
extends = "sample-2019"
key = "hill-2020"
id = "901"
code = "hl"
zh = "山区实施意见"
en = "Implementing opinions of the hill district"
number = "山办〔2019〕1号"
issuer = { zh = "山区办公室", en = "hill district office" }
jurisdiction = "900101"
tree = "admin"
effective = 2019-10-01
"""
TIGHTER = """
[[target]]
id = "hl-participation-2022"
value = 80
literal = "达到"
clause = "一"
quote = "居民参与率达到80%"
gloss = "participation of residents reaches 80 %"
"""


def written(folder: Path, more: str = "", head: str = HEAD, name: str = "hill.toml") -> Policy:
    """A pack as a file, read but not yet beside the document that it extends."""
    (folder / name).write_text(head + more, encoding="utf-8")
    return policy_from_toml(folder / name)


def made(folder: Path, more: str = "", head: str = HEAD) -> Policy:
    """The same with what it takes over of the sample document."""
    return extended(written(folder, more, head), policy_from_toml(GOOD))


def hosted(*policies: Policy, isolate: bool = False) -> commlms.Host:
    class Plugin(SimpleNamespace):
        COMMLMS_API = 1

        @hookimpl
        def register_policies(self) -> list[Policy]:
            return list(policies)

    return commlms.Host(without=["policies"], modules={"tt": Plugin()}, isolate=isolate)


def test_what_is_taken_over_has_the_documents_own_code_and_the_words_of_the_other(tmp_path: Path) -> None:
    """Six targets, one goal, three schedules, one conflict, five levels of two networks, one region; references follow the ids."""
    base, policy = policy_from_toml(GOOD), made(tmp_path)
    assert [t.id for t in policy.targets] == [f"hl-{t.id.removeprefix('sc-')}" for t in base.targets]
    for mine, other in zip(policy.targets, base.targets, strict=True):
        assert (mine.quote, mine.value, mine.due, mine.inherited) == (other.quote, other.value, other.due, "sample-2019")
        assert mine.clause == f"样办发〔2019〕70号 {other.clause}"
    targets = {t.id: t for t in policy.targets}
    assert targets["hl-demo-counties-2023"].nested_in == "hl-participation-2022"
    assert targets["hl-more-counties"].value_of == "hl-demo-counties-2023"
    assert [(c.id, c.targets) for c in policy.conflicts] == [("hl-two-dates", ("hl-participation-2020", "hl-participation-2022"))]
    assert [n.id for n in policy.networks] == ["hl-main", "hl-seniors"]
    assert [(x.network, x.level, x.inherited) for x in policy.levels][::4] == [
        ("hl-seniors", "below_village", "sample-2019"), ("hl-main", "village", "sample-2019"),
    ]
    assert ([g.id for g in policy.goals], [s.id for s in policy.schedules], [r.key for r in policy.regions]) == (
        ["hl-brand"], ["hl-training", "hl-evening", "hl-plan"], ["two"],
    )
    assert (policy.jurisdiction, policy.bodies, policy.departments, policy.chains, policy.provisions) == ("900101", (), (), (), ())


def test_a_table_with_the_same_id_gives_only_what_changes(tmp_path: Path) -> None:
    """The township's school gets another name, the target another value in own words; all else is as it was."""
    level = '[[level]]\nlevel = "township"\nzh = "镇校"\nen = "town school"\n'
    policy = made(tmp_path, level + TIGHTER)
    township = policy.level("township")
    assert township is not None
    assert (township.label.zh, township.place.zh, township.inherited) == ("镇校", "乡镇（街道）", "sample-2019")
    target = next(t for t in policy.targets if t.id == "hl-participation-2022")
    assert (target.value, target.quote, target.inherited, target.due) == (80, "居民参与率达到80%", "", 20221231)
    assert (target.note, target.req, target.force) == (None, (), "mandatory")
    assert target.label == next(t for t in policy_from_toml(GOOD).targets if t.id == "sc-participation-2022").label


def test_its_own_tables_stand_behind_what_is_taken_over(tmp_path: Path) -> None:
    own = '[[term]]\nid = "branch"\nabout = "分院"\nzh = "镇校"\nen = "town school"\nclause = "一"\n'
    goal = (
        '[[goal]]\nid = "hl-own"\nzh = "特色"\nen = "character"\nlevels = ["county"]\nclause = "一"\nquote = "形成特色"\n'
        'gloss = "form a character"\nreading = { zh = "由评估人评定", en = "set by an assessor" }\n'
    )
    policy = made(tmp_path, own + goal)
    assert [(t.about, t.label.zh) for t in policy.terms] == [("分院", "镇校")]
    assert [(g.id, g.inherited) for g in policy.goals] == [("hl-brand", "sample-2019"), ("hl-own", "")]


def test_what_is_dropped_is_gone_and_nothing_names_it(tmp_path: Path) -> None:
    """A target that others are nested in and quote from, a goal, the conflict's second target, a level by its word."""
    names = ["hl-participation-2022", "hl-more-counties", "hl-brand", "city", "hl-plan"]
    head = HEAD + f"drop = {str(names).replace(chr(39), chr(34))}\n"
    policy = made(tmp_path, head=head)
    assert [t.id for t in policy.targets] == ["hl-participation-2020", "hl-demo-counties-2023", "hl-school-sessions", "hl-1050"]
    assert (policy.targets[1].nested_in, policy.goals, policy.conflicts) == ("", (), ())
    assert "city" not in {x.level for x in policy.levels}
    rest = made(tmp_path, head=HEAD + 'drop = ["hl-demo-counties-2023", "hl-more-counties", "hl-brand"]\n')
    assert rest.regions == ()


def test_a_chain_of_documents_keeps_whose_words_they_are(tmp_path: Path) -> None:
    """A town extends the district that extends the city: the city's words stay the city's, the district's the district's."""
    town = HEAD.replace("hill-2020", "town-2020").replace('"901"', '"902"').replace('"hl"', '"tn"').replace("1号", "2号")
    town = town.replace("sample-2019", "hill-2020")
    first, second = written(tmp_path, TIGHTER), written(tmp_path, head=town, name="town.toml")
    found, failed = with_bases({p.key: p for p in (second, first, policy_from_toml(GOOD))})
    assert failed == {}
    assert list(found) == ["town-2020", "hill-2020", "sample-2019"]
    targets = {t.id: (t.value, t.inherited) for t in found["town-2020"].targets}
    assert (targets["tn-participation-2022"], targets["tn-participation-2020"]) == ((80, "hill-2020"), (50, "sample-2019"))
    places = {t.id: t.clause for t in found["town-2020"].targets}
    assert (places["tn-participation-2022"], places["tn-participation-2020"]) == ("山办〔2019〕1号 一", "样办发〔2019〕70号 一")


#: Changes of the sample's targets, and a word of the reason where they are looser; "" where they are as strict or stricter.
CHANGES = [
    ("hl-participation-2022", 'value = 70\nclause = "一"\nquote = "达到70%以上"\ngloss = "70 %"', "value = 70"),
    ("hl-participation-2022", 'value = 80\nclause = "一"\nquote = "达到80%以上"\ngloss = "80 %"', ""),
    ("hl-participation-2022", 'compare = "<="', "compare = <="), ("hl-participation-2022", 'compare = ">"', ""),
    ("hl-more-counties", 'compare = ">="', "compare = >="),
    ("hl-participation-2022", "due = 2023-12-31", "due is weaker"), ("hl-participation-2022", "due = 2021-12-31", ""),
    ("hl-participation-2022", 'every = "year"', ""), ("hl-more-counties", "due = 2025-12-31", "due is weaker"),
    ("hl-more-counties", "standing = true\nstart = 2021-01-01", "start is weaker"),
    ("hl-participation-2022", 'force = "strive"', "force is weaker"), ("hl-participation-2022", 'force = "defining"', "force is weaker"),
    ("hl-demo-counties-2023", 'force = "mandatory"', ""), ("hl-demo-counties-2023", 'window = "year"', ""),
    ("hl-participation-2022", 'window = "two_years"', "window is weaker"),
    ("hl-participation-2022", 'basis = "registered"', "another basis"),
    ("hl-participation-2022", 'metric = "core.organised_participation"', "another metric"),
    ("hl-participation-2022", 'unit = "permille"', "another unit"),
    ("hl-participation-2022", 'scope = { level = ["city", "county"] }', ""), ("hl-participation-2022", 'scope = { level = "county" }', ""),
    ("hl-participation-2022", 'scope = { level = "city", kind = "zone" }', "scope is weaker"),
    ("hl-participation-2022", 'scope = { level = "city", without = "zone" }', "scope is weaker"),
    ("hl-demo-counties-2023", 'scope = { level = "county", without = "zone", region = "two" }', "scope is weaker"),
    ("hl-school-sessions", 'scope = { level = "township", subject = "institution", role = ["school", "college"] }', ""),
    ("hl-school-sessions", 'scope = { level = "township", subject = "institution", role = ["college"] }', "scope is weaker"),
    ("hl-school-sessions", 'scope = { level = "township", kind = "street" }', "another subject"),
    ("hl-participation-2022", 'judge = "together"', "judge is weaker"), ("hl-demo-counties-2023", 'judge = "each"', ""),
    ("hl-participation-2022", 'when = [{ metric = "core.persons" }]', "when is weaker"),
    ("hl-demo-counties-2023", "when = []", ""),
    ("hl-demo-counties-2023", 'when = [{ metric = "core.persons", count = 3 }]', "when is weaker"),
    ("hl-demo-counties-2023", 'value_max = 4\nclause = "一"\nquote = "2—3 个"\ngloss = "two or three"', ""),
    ("hl-demo-counties-2023", 'beyond = "short"', ""),
    ("hl-participation-2022", 'joined = ["hl-participation-2020"]', ""),
]


@pytest.mark.parametrize(("name", "change", "word"), CHANGES)
def test_a_lower_document_may_tighten_and_not_loosen(tmp_path: Path, name: str, change: str, word: str) -> None:
    table = f'\n[[target]]\nid = "{name}"\n{change}\n'
    if not word:
        made(tmp_path, table)
        return
    with pytest.raises(PolicyError) as raised:
        made(tmp_path, table)
    assert word in raised.value.reason.en
    assert raised.value.reason.zh
    lines = (HEAD + table).splitlines()
    assert raised.value.file == "hill.toml"
    assert lines.index("[[target]]") + 1 <= raised.value.line <= len(lines)


def test_a_range_may_not_be_widened_nor_its_end_opened(tmp_path: Path) -> None:
    """2-3, and what is above is short: a wider range, or one whose end counts as met, is looser; a narrower one is not."""
    text = GOOD.read_text(encoding="utf-8").replace('beyond = "met"', 'beyond = "short"')
    (tmp_path / "base.toml").write_text(text, encoding="utf-8")
    base = policy_from_toml(tmp_path / "base.toml")
    for change, key in (
        ('value_max = 4\nclause = "一"\nquote = "2—4 个"\nliteral = ""\ngloss = "two to four"', "value_max"), ('beyond = "met"', "beyond"),
        ('value = 1\nclause = "一"\nquote = "1—3 个"\nliteral = ""\ngloss = "one to three"', "value"),
    ):
        child = written(tmp_path, f'\n[[target]]\nid = "hl-demo-counties-2023"\n{change}\n', HEAD + 'drop = ["hl-more-counties"]\n')
        with pytest.raises(PolicyError, match=f"looser than sc-demo-counties-2023 of sample-2019: {key} = "):
            extended(child, base)
    narrower = written(tmp_path, '\n[[target]]\nid = "hl-demo-counties-2023"\nbeyond = "short"\n')
    assert extended(narrower, base).targets[2].beyond == "short"


@pytest.mark.parametrize(("head", "more", "word"), [
    (HEAD, '\n[[target]]\nid = "hl-participation-2022"\nvalue = 80\n', "does not say 80"),
    (HEAD, '\n[[target]]\nid = "hl-participation-2022"\nquote = "达到80%以上"\nclause = "一"\nvalue = 80\n', "needs its own gloss"),
    (HEAD, '\n[[level]]\nlevel = "township"\nquote = "镇校"\n', "needs its own clause"),
    (HEAD, '\n[[level]]\nlevel = "township"\nclause = "二"\n', "needs its own quote"),
    (HEAD, '\n[[target]]\nid = "hl-new"\nvalue = 80\n', "hl-new is not taken over from sample-2019, and a new one gives every key"),
    (HEAD + 'drop = ["hl-participation-2022"]\n', '\n[[target]]\nid = "hl-participation-2022"\nvalue = 80\n', "is not taken over"),
    (HEAD.replace("effective = 2019", "effective = 2018"), "", "before sample-2019 takes effect, 2019-09-11"),
    (HEAD.replace('"sample-2019"', '"900"'), "", "no document 900 is loaded: write its key, sample-2019"),
    (HEAD, '\n[[target]]\nvalue = 80\n', "is missing"),
    (HEAD, TIGHTER + TIGHTER, "twice"), (HEAD, '\n[[target]]\nid = "hl-participation-2022"\nvalu = 80\n', "unknown key valu"),
    (HEAD, '\n[[body]]\nid = "hl-b"\nzh = "会"\n', "en is missing"),
    (HEAD + 'drop = ["hl-nothing"]\n', "", "no hl-nothing to leave out"), (HEAD + 'drop = ["sc-brand"]\n', "", "no sc-brand"),
    (HEAD + 'drop = ["hl-participation-2022"]\n', '\n[[target]]\nid = "hl-demo-counties-2023"\nnested_in = "hl-participation-2022"\n',
     "no other target"),
    (HEAD + 'drop = ["hl-demo-counties-2023"]\n', "", "no other target"),
    (HEAD.replace('code = "hl"', 'code = "sc"'), "", "has the code sc already"),
    (HEAD.replace("effective = 2019", "effective = 2021"), "", "drop: hl-participation-2020, hl-plan"),
    (HEAD.replace('"sample-2019"', '"no-such"'), "", "no document no-such is loaded"),
    (HEAD.replace('"sample-2019"', '"hill-2020"'), "", "extend each other"),
])
def test_what_does_not_fit_the_document_it_extends_is_refused_with_file_and_line(
    tmp_path: Path, head: str, more: str, word: str
) -> None:
    (tmp_path / "hill.toml").write_text(head + more, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        check_policy(tmp_path / "hill.toml", hosted(policy_from_toml(GOOD)))
    assert word in raised.value.reason.en
    assert (raised.value.file, bool(raised.value.reason.zh)) == ("hill.toml", True)
    assert 1 < raised.value.line <= len((head + more).splitlines())


def test_a_host_loads_both_in_any_order_and_names_the_one_that_is_missing(tmp_path: Path) -> None:
    """The lower document first; alone it is a failure of its plugin that names file, line and what is missing."""
    host = hosted(written(tmp_path, TIGHTER), policy_from_toml(GOOD))
    assert [(p.key, len(p.targets)) for p in host.registry.policies.values()] == [("hill-2020", 6), ("sample-2019", 6)]
    with pytest.raises(PluginError) as raised:
        hosted(written(tmp_path, TIGHTER))
    assert "hill.toml, line 3: no document sample-2019 is loaded" in raised.value.say("en")
    assert "hill.toml 第 3 行：没有装载文件「sample-2019」" in raised.value.say("zh")
    alone = hosted(written(tmp_path, TIGHTER), isolate=True)
    assert (dict(alone.registry.policies), [f.name for f in alone.failures]) == ({}, ["tt"])


def test_a_looser_demand_is_refused_at_load_too(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"hill.toml, line 17: looser than sc-participation-2022 of sample-2019: value = 60"):
        hosted(written(tmp_path, TIGHTER.replace("80", "60")), policy_from_toml(GOOD))


def test_a_document_that_no_file_holds_cannot_be_extended(tmp_path: Path) -> None:
    base = attrs.evolve(policy_from_toml(GOOD), pack=None)
    with pytest.raises(PolicyError, match="was not read from a file"):
        extended(written(tmp_path), base)
