"""The same figures are hidden by every command, for every period."""

import datetime as dt
import json
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import attrs
import pytest

import commlms
from commlms.cli.main import main
from commlms.measure.judge import Judgement
from commlms.report.protect import JudgedProtection, Protection

Typed = Callable[..., str]
VILLAGES = {"11101": 4, "11102": 12, "11103": 9}
PACK = """
[policy]
key = "local-2022"
id = "L01"
code = "loc"
zh = "本地办法"
en = "local rule"
number = "本地〔2022〕1号"
issuer = { zh = "本地", en = "local" }
jurisdiction = "1"
tree = "admin"
issued = 2022-01-01
effective = 2022-01-01
repeals = []

[[target]]
id = "loc-persons"
zh = "村老年人"
en = "seniors in villages"
metric = "seniors.repeat"
compare = ">="
literal = "达到"
value = 50
unit = "percent"
scope = { level = "village" }
judge = "each"
basis = "permanent"
due = 2022-12-31
window = "year"
force = "mandatory"
clause = "一"
quote = "每村达到50%以上"
gloss = "50% or more in each village"
reading = "explicit"
when = []
joined = []
"""
PLUGIN = """
from pathlib import Path
from commlms import hookimpl, policy_from_toml

COMMLMS_API = 1


@hookimpl
def register_policies():
    return [policy_from_toml(Path(__file__).parent / "p.toml")]
"""


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """A county of one street and three villages: each senior came in March, the first village's 4 and one more visit in July too."""
    plugin = tmp_path / "plugins" / "commlms_local"
    plugin.mkdir(parents=True)
    (plugin / "__init__.py").write_text(PLUGIN, encoding="utf-8")
    (plugin / "p.toml").write_text(PACK, encoding="utf-8")
    with commlms.LMS(tmp_path / "c.db", today=dt.date(2023, 6, 30), keys=[]) as lms:
        lms.add([
            {"code": "1", "name": "东区", "level": "county"}, {"code": "111", "name": "南街", "level": "township", "parent": "1"},
            {"code": "112", "name": "北街", "level": "township", "parent": "1"},
            *({"code": c, "name": f"村{c}", "level": "village", "parent": "111"} for c in VILLAGES),
        ], "place")
        lms.add({"code": "J", "name": "学校", "place": "111"}, "institution")
        lms.add([{"code": f"S{m}", "institution": "J", "on": f"2022-0{m}-05", "theme": "讲座", "minutes": 60} for m in (3, 7)], "session")
        codes = [(f"L{home}{n}", home) for home, count in VILLAGES.items() for n in range(count)]
        lms.add([{"code": c, "name": f"某{c}", "born": "1950-01-01", "home": home} for c, home in codes], "learner")
        lms.add([{"learner": c, "session": "S3"} for c, _ in codes], "participation")
        lms.add([{"learner": c, "session": "S7"} for c, home in codes if home == "11101"], "participation")
    monkeypatch.setenv("COMMLMS_TODAY", "2023-06-30")
    monkeypatch.delitem(sys.modules, "commlms_local", raising=False)

    def type_(*words: str) -> str:
        with pytest.raises(SystemExit) as end:
            main(["--db", str(tmp_path / "c.db"), "--plugins-dir", str(tmp_path / "plugins"), "--lang", "en", *words])
        out, err = capsys.readouterr()
        assert not end.value.code, err
        return out

    return type_


def test_judge_hides_what_the_report_hides(typed: Typed, tmp_path: Path) -> None:
    """4 of 4 came twice in the first village; in the others nobody did, of 12 and of 9. The 4 and the 9 are hidden, in every form."""
    words = ("judge", "--policy", "local-2022", "--as-of", "2022-12-31")
    judged = {j["places"][0]: j for j in json.loads(typed(*words, "--format", "json"))}
    first = judged["11101"]
    assert [first[part] for part in ("numerator", "denominator", "ceiling", "bound", "needed", "by")] == [None] * 6
    assert first["suppressed"]
    typed("report", str(tmp_path / "r.json"), "--period", "2022")
    (document,) = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["documents"]
    reported = [(v["numerator"], v["denominator"]) for v in document["verdicts"]]
    assert [(j["numerator"], j["denominator"]) for j in judged.values()] == reported
    lines = typed(*words).splitlines()
    line = next(after for head, after in pairwise(lines) if "村11101" in head)
    assert line.strip() == "proven <5 / <5"


def test_a_part_of_a_year_gives_no_sum_below_the_county(typed: Typed) -> None:
    """25 visits in the first half, 4 in the second, 29 in the year, of which the first village 8: 8 less either half would be 4."""
    def visits(period: str) -> dict[str, int | None]:
        rows = json.loads(typed("metrics", "--period", period, "--metric", "seniors.visits", "--format", "json"))
        return {r["place"]: r["numerator"] for r in rows}

    assert visits("2022") == {"1": 29, "111": 29, "112": 0, "11101": 8, "11102": 12, "11103": 9}
    for period, county in {"2022H1": 25, "2022H2": 4, "2022Q1": 25, "2022-03": 25, "2021S": 29, "2021..2022": 29}.items():
        assert visits(period) == {"1": county} | dict.fromkeys(("111", "112", *VILLAGES)), period


def test_persons_of_a_half_year_are_shown_where_they_are_many(typed: Typed) -> None:
    rows = json.loads(typed("metrics", "--period", "2022H1", "--metric", "seniors.persons", "--format", "json"))
    assert {r["place"]: r["numerator"] for r in rows} == {"1": 25, "111": 25, "112": 0, "11101": None, "11102": 12, "11103": None}


def test_explain_gives_no_sum_of_a_half_year_below_the_county(typed: Typed) -> None:
    assert "numerator = *" in typed("explain", "seniors.visits", "--place", "11102", "--period", "2022H1")
    assert "numerator = 12" in typed("explain", "seniors.visits", "--place", "11102", "--period", "2022")


def test_a_sum_over_places_does_not_give_back_the_one_hidden_among_them(typed: Typed, tmp_path: Path) -> None:
    """Two of the three villages judged together, 4 and 12 seniors: 16 less the 12 shown elsewhere would be the hidden 4."""
    with commlms.LMS(tmp_path / "c.db", keys=[]) as lms:
        for code, kind in (("11101", "village"), ("11102", "village"), ("11103", "community")):
            lms.set("place", code, kind=kind)
    pack = PACK.replace('scope = { level = "village" }', 'scope = { level = "village", kind = "village" }')
    (tmp_path / "plugins" / "commlms_local" / "p.toml").write_text(pack.replace('judge = "each"', 'judge = "together"'), encoding="utf-8")
    (judged,) = json.loads(typed("judge", "--policy", "local-2022", "--as-of", "2022-12-31", "--format", "json"))
    assert judged["places"] == ["11101", "11102"]
    assert (judged["denominator"], judged["suppressed"]) == (None, True)


def test_two_trees_together_do_not_give_back_what_each_hides(tmp_path: Path) -> None:
    """A county of 42: streets of 30, 10 and 2, the last reporting to the city. Beside the 2 the 10 is hidden, on both trees."""
    with commlms.LMS(tmp_path / "c.db", today=dt.date(2023, 6, 30), keys=[]) as lms:
        lms.add([
            {"code": "1", "name": "市", "level": "city"}, {"code": "11", "name": "东区", "level": "county", "parent": "1"},
            *({"code": c, "name": f"街{c}", "level": "township", "parent": "11"} for c in ("111", "112")),
            {"code": "113", "name": "新区", "level": "township", "parent": "11", "reports_to": "1"},
        ], "place")
        lms.add({"code": "J", "name": "学校", "place": "11"}, "institution")
        lms.add({"code": "S", "institution": "J", "on": "2022-03-05", "theme": "讲座"}, "session")
        homes = ["111"] * 30 + ["112"] * 10 + ["113"] * 2
        lms.add([{"code": f"L{n}", "name": "某", "born": "1950-01-01", "home": home} for n, home in enumerate(homes)], "learner")
        lms.add([{"learner": f"L{n}", "session": "S"} for n in range(42)], "participation")
        for tree in ("admin", "reporting"):
            figures = lms.figures("2022", tree)
            hidden = Protection(figures, lms.registry.metrics.values()).hidden(lms.metric("seniors.persons").numerator)
            assert {figures.tree.nodes[p].code for p in hidden} == {"112", "113"}, tree


def test_a_small_figure_of_one_school_is_hidden_though_its_place_has_many(tmp_path: Path) -> None:
    """3 of a group at one school of a village are hidden, 5 are shown; of a register about no group 3 are shown."""
    lms = commlms.LMS(tmp_path / "city.db", today=dt.date(2023, 6, 30))
    lms.add({"code": "101001001", "name": "村", "level": "village"}, "place")
    policy = next(p for p in lms.registry.policies.values() if p.targets)
    target = attrs.evolve(policy.targets[0], metric="seniors.persons")
    made = Judgement(
        policy.key, target.id, (lms.place("101001001"),), "2022", "short", numerator=3, subject=commlms.Label("校", "school"), subject_id=1,
    )
    protection = JudgedProtection(lms)
    assert protection.hidden(policy, target, made) == ("small", "")
    assert protection.hidden(policy, target, attrs.evolve(made, numerator=5)) == ("", "")
    assert protection.hidden(policy, attrs.evolve(target, metric="staffing.branch_staff"), made) == ("", "")
