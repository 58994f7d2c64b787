"""Verdicts on both sides of a threshold and exactly on it; what keeps a verdict from being short; places each and together."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

import commlms
from commlms import hookimpl, policy_from_toml
from commlms.core.policies import Target
from commlms.measure.judge import Judgement
from commlms.measure.thresholds import joint, reach

TODAY = dt.date(2023, 6, 30)
PACK = """
[policy]
key = "test-2020"
id = "900"
code = "tt"
zh = "测试文件"
en = "a document"
number = "测〔2020〕1号"
issuer = {{ zh = "测试办", en = "an office" }}
jurisdiction = "1"
tree = "admin"
effective = 2020-01-01
{more}

[[target]]
id = "tt-1"
zh = "参与率"
en = "participation"
metric = "{metric}"
compare = "{compare}"
literal = ""
value = {value}
unit = "{unit}"
scope = {scope}
judge = "{judge}"
basis = "permanent"
due = 2022-12-31
window = "year"
force = "mandatory"
clause = "一"
quote = "参与率"
gloss = "rate"
reading = "explicit"
joined = {joined}
"""
SECOND = PACK[PACK.index("[[target]]"):]
DEFAULTS = {
    "more": "", "metric": "core.participation", "compare": ">=", "value": "50", "unit": "percent", "scope": '{ level = "village" }',
    "judge": "each", "joined": "[]",
}


def opened(tmp_path: Path, second: dict[str, str] | None = None, **options: str) -> commlms.LMS:
    """An LMS with one small pack; villages 甲 (10 residents) and 乙 (6), a street and a town above them."""
    text = PACK.format(**DEFAULTS | options)
    if second is not None:
        text += SECOND.format(**DEFAULTS | options | second).replace('"tt-1"', '"tt-2"')
    path = tmp_path / "pack.toml"
    path.write_text(text, encoding="utf-8")
    policy = policy_from_toml(path)

    class Plugin:
        COMMLMS_API = 1

        @hookimpl
        def register_policies(self) -> list[Any]:
            return [policy]

    plugin = Plugin()
    lms = commlms.LMS(host=commlms.Host(modules={"tt": plugin}), today=TODAY, lang="en", keys=[])
    lms.add(
        [
            {"code": "1", "name": "区", "level": "county"},
            {"code": "11", "name": "街", "level": "township", "kind": "street", "parent": "1"},
            {"code": "12", "name": "镇", "level": "township", "kind": "town", "parent": "1"},
            {"code": "111", "name": "甲", "level": "village", "parent": "11"},
            {"code": "121", "name": "乙", "level": "village", "parent": "12"},
        ],
        "place",
    )
    lms.add([
        {"place": p, "on": "2020-11-01", "basis": "permanent", "persons": n, "nature": "census"} for p, n in (("111", 10), ("121", 6))
    ], "residents")
    lms.add([{"code": f"J{p}", "name": f"校{p}", "place": p} for p in ("111", "121")], "institution")
    return lms


def held(lms: commlms.LMS, place: str, named: int, present: int = 0) -> None:
    """A session in a village with so many named residents of it, and so many in the room."""
    lms.add({"code": f"S{place}", "institution": f"J{place}", "on": "2022-03-05", "theme": "讲座"}, "session")
    for n in range(named):
        lms.add({"code": f"L{place}{n}", "name": f"某{n}", "home": place}, "learner")
        lms.add({"learner": f"L{place}{n}", "session": f"S{place}"}, "participation")
    if present:
        lms.add({"session": f"S{place}", "counts": "present", "persons": present}, "headcount")


def judged(lms: commlms.LMS, target: str = "tt-1", day: dt.date = TODAY) -> dict[str, Judgement]:
    """The verdicts by the codes of their places."""
    found = [j for _, j in lms.judge(["900"], as_of=day) if j.target == target]
    names = {lms.place(c): c for c in ("1", "11", "12", "111", "121")}
    return {"+".join(names[p] for p in j.places): j for j in found}


@pytest.mark.parametrize(("named", "present", "verdict", "by"), [
    (4, 0, "short", 1), (5, 0, "met", None), (6, 0, "met", None),   # 50 % of 10 is 5, exactly on it is met
    (4, 5, "not_shown", 1), (2, 4, "short", 1), (0, 5, "not_shown", 5), (0, 4, "short", 1), (0, 90, "not_shown", 5),
])
def test_met_short_and_not_shown_around_the_threshold(tmp_path: Path, named: int, present: int, verdict: str, by: int | None) -> None:
    """Proven reaches, or even the ceiling misses (by how many), or the truth lies between (how many must be named)."""
    lms = opened(tmp_path)
    held(lms, "111", named, present)
    found = judged(lms)["111"]
    assert (found.verdict, found.by, found.needed) == (verdict, by, 5)
    assert (found.numerator, found.denominator) == (named, 10)


@pytest.mark.parametrize(("compare", "value", "needed", "verdict"), [
    (">", "50", 6, "short"), (">=", "50", 5, "met"), (">=", "50.1", 6, "short"), (">=", "33.3", 4, "met"), (">", "49.9", 5, "met"),
    ("<=", "50", None, "met"), ("<", "50", None, "short"), ("==", "50", 5, "met"),
])
def test_thresholds_are_exact(tmp_path: Path, compare: str, value: str, needed: int | None, verdict: str) -> None:
    """5 of 10: strictly above 50 % asks 6; 50.1 % asks 6; no binary fraction ever decides."""
    lms = opened(tmp_path, compare=compare, value=value)
    held(lms, "111", 5)
    found = judged(lms)["111"]
    assert (found.needed, found.verdict) == (needed, verdict)


def test_a_place_that_recorded_nothing_is_never_short(tmp_path: Path) -> None:
    """乙 has no session: up to all its 6 residents may have learned, so it and the sum of both are not shown."""
    lms = opened(tmp_path, scope='{ level = "county" }')
    held(lms, "111", 4)
    found = judged(lms)["1"]
    assert (found.numerator, found.denominator, found.ceiling) == (4, 16, 4)
    assert (found.silent, found.leaves, found.bound) == (1, 2, 10)
    assert (found.verdict, found.needed, found.by) == ("not_shown", 8, 4)
    held(lms, "121", 0, present=2)
    found = judged(lms)["1"]
    assert (found.silent, found.bound, found.verdict, found.by) == (0, 6, "short", 2)


def test_a_class_of_places_is_judged_together_or_each(tmp_path: Path) -> None:
    """Streets only; together is one sum over all of them, each is one verdict a place."""
    lms = opened(tmp_path, scope='{ level = "township", kind = "street" }')
    assert set(judged(lms)) == {"11"}
    together = opened(tmp_path, scope='{ level = "village" }', judge="together")
    held(together, "111", 8)
    held(together, "121", 0, present=1)
    (found,) = judged(together).values()
    assert (found.numerator, found.denominator, found.verdict) == (8, 16, "met")


def test_before_its_day_and_out_of_force_a_target_does_not_apply(tmp_path: Path) -> None:
    lms = opened(tmp_path, more="repealed = 2023-03-01")
    held(lms, "111", 9)
    said = {dt.date(2022, 6, 1): "not yet due", dt.date(2023, 3, 1): "repealed from 2023-03-01", dt.date(2019, 1, 1): "from 2020-01-01"}
    for day, why in said.items():
        (found,) = judged(lms, day=day).values()
        assert (found.verdict, why in (found.why.en if found.why else "")) == ("not_applicable", True), day
    assert judged(lms, day=dt.date(2023, 2, 28))["111"].verdict == "met"


def test_missing_data_is_named(tmp_path: Path) -> None:
    """No residents of the group; no plugin with the metric; a level without places."""
    for options, word in (
        ({"metric": "seniors.participation"}, "residents"), ({"metric": "culture.visits"}, "plugin culture is not loaded"),
    ):
        lms = opened(tmp_path, **options)
        found = judged(lms)["111"]
        assert (found.verdict, found.numerator) == ("no_data", None)
        assert found.why is not None
        assert word in found.why.en
    (found,) = judged(opened(tmp_path, scope='{ level = "city" }')).values()
    assert found.verdict == "not_applicable"


def test_joined_targets_ask_for_the_larger_floor(tmp_path: Path) -> None:
    """30 % of 10 is 3, joined with 80 % is 8: 5 named are met alone and short together."""
    alone = opened(tmp_path, second={"value": "80"}, value="30")
    held(alone, "111", 5)
    assert judged(alone)["111"].verdict == "met"
    joined = opened(tmp_path, second={"value": "80", "joined": "[]"}, value="30", joined='["tt-2"]')
    held(joined, "111", 5)
    found = judged(joined)["111"]
    assert (found.verdict, found.needed, found.by) == ("short", 8, 3)


def test_a_plugin_given_as_an_object_is_a_plugin_like_any_other() -> None:
    lms = commlms.LMS(host=commlms.Host(modules={"empty": SimpleNamespace(COMMLMS_API=1)}), lang="en")
    assert "empty" in lms.host.names
    lms.close()


# -- laws of the arithmetic, over every small figure ------------------------------------------------

VALUES = ("0", "0.01", "1.5", "20", "33.3", "50", "99.9", "100")


def targets(tmp_path: Path) -> list[Target]:
    """Each comparison with each value in each unit, and ranges of both kinds."""
    path = tmp_path / "one.toml"
    path.write_text(PACK.format(**DEFAULTS), encoding="utf-8")
    (one,) = policy_from_toml(path).targets
    found = [
        attrs.evolve(one, compare=c, value=Decimal(v), unit=u)
        for c in (">=", ">", "<=", "<", "==") for v in VALUES for u in ("percent", "per_10000", "count")
    ]
    ends = [(Decimal(a), Decimal(b)) for a in VALUES for b in VALUES if Decimal(a) < Decimal(b)]
    return found + [
        attrs.evolve(one, compare="between", value=a, value_max=b, beyond=beyond) for a, b in ends for beyond in ("met", "short")
    ]


def holds(target: Target, numerator: int, denominator: int) -> bool:
    """The sentence itself, as a fraction."""
    factor, base = {"percent": (100, denominator), "per_10000": (10_000, denominator), "count": (1, 1)}[target.unit]
    left, least = Fraction(numerator * factor, base), Fraction(target.value)
    match target.compare:
        case ">=":
            return left >= least
        case ">":
            return left > least
        case "<=":
            return left <= least
        case "<":
            return left < least
        case "==":
            return left == least
    most = Fraction(target.value_max or 0)
    return left >= least and (target.beyond == "met" or left <= most)


def test_a_figure_reaches_exactly_where_the_fraction_does(tmp_path: Path) -> None:
    for target in targets(tmp_path):
        for denominator in (1, 3, 7, 40):
            aim = reach(target, denominator)
            assert [aim.holds(n) for n in range(45)] == [holds(target, n, denominator) for n in range(45)], target


def test_a_verdict_on_a_span_is_what_all_its_figures_say_together(tmp_path: Path) -> None:
    """Met where every figure from the proven to the bound reaches, short where none does, else not shown."""
    for target in targets(tmp_path):
        aim = reach(target, 7)
        for least in range(9):
            for most in range(least, 9):
                found = {holds(target, n, 7) for n in range(least, most + 1)}
                expected = "not_shown" if len(found) == 2 else "met" if True in found else "short"
                assert aim.verdict(least, most) == expected, (target, least, most)


def test_what_is_missing_is_the_least_that_makes_it_reach(tmp_path: Path) -> None:
    """One less than is missing is still too few; what is above a limit, taken off, is no more than the limit."""
    for target in targets(tmp_path):
        aim = reach(target, 7)
        for n in range(45):
            missing, above = aim.lacks(n), aim.exceeds(n)
            assert (missing is None and above is None) == aim.holds(n) or (aim.least or 0) > (aim.most or 0)
            assert missing is None or (missing > 0 and aim.lacks(n + missing) is None and aim.lacks(n + missing - 1) == 1)
            assert above is None or (above > 0 and aim.exceeds(n - above) is None and aim.exceeds(n - above + 1) == 1)


def test_more_never_turns_a_floor_and_less_never_turns_a_limit(tmp_path: Path) -> None:
    """Of a floor a higher figure is never worse; a lower floor is reached by whatever reaches a higher one."""
    order = {"short": 0, "not_shown": 1, "met": 2}
    for target in targets(tmp_path):
        sign = {">=": 1, ">": 1, "<=": -1, "<": -1}.get(target.compare, 0) or (1 if target.beyond == "met" else 0)
        if not sign:
            continue
        for bound in (0, 2):
            seen = [order[reach(target, 40).verdict(n, n + bound)] for n in range(45)]
            assert seen == sorted(seen, reverse=sign < 0)
        if sign == 1 and target.value >= 1:
            easier = reach(attrs.evolve(target, value=target.value - 1), 40)
            assert all(easier.holds(n) for n in range(45) if reach(target, 40).holds(n))


def test_joined_demands_are_reached_where_each_of_them_is(tmp_path: Path) -> None:
    """Two floors are the larger one, a floor and a limit a range: in any order."""
    some = targets(tmp_path)[::7]
    for one in some:
        for other in some:
            both, turned = joint((one, other), 7), joint((other, one), 7)
            assert both == turned
            assert [both.holds(n) for n in range(15)] == [holds(one, n, 7) and holds(other, n, 7) for n in range(15)]


def test_a_narrow_range_without_a_whole_number_is_never_met(tmp_path: Path) -> None:
    """1.5 to 2.5 % of 10 is 0.15 to 0.25: neither 0 nor 1 lies in it."""
    (one,) = [t for t in targets(tmp_path) if t.beyond == "short" and t.value == Decimal("1.5") and t.value_max == 20]
    aim = reach(attrs.evolve(one, value_max=Decimal("2.5")), 10)
    assert [aim.verdict(n, n) for n in range(3)] == ["short"] * 3
    assert (aim.least, aim.most) == (1, 0)
