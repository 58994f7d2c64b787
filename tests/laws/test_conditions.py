"""A condition means the same in SQL over a table and on one learner in memory: true, false and unknown alike."""

import datetime as dt
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import commlms
from commlms import Population, Total, age, category, home_area, hukou, minutes, mode, occupation, sessions, sex, standing
from commlms.core.expressions import Condition, dump, holds, load
from commlms.core.metrics import Measure
from commlms.measure.explain import explain_rows

LAST = {"2022": 20221231, "2022Q1": 20220331}
facts = st.one_of(st.none(), st.just(category.in_("书法", "手机")), st.just(mode.is_("online")), st.just(~category.is_("书法")))
leaves = st.one_of(
    st.builds(lambda n: age >= n, st.integers(10, 80)), st.builds(lambda n: age < n, st.integers(10, 80)),
    st.builds(lambda n: age > n, st.integers(10, 80)), st.builds(lambda n: age <= n, st.integers(10, 80)),
    st.sampled_from([sex.is_("female"), hukou.in_("local_rural", "other_rural"), occupation.is_("farmer"), home_area.is_("rural")]),
    st.just(standing("left_behind")),
    st.builds(lambda f, n: sessions(f) >= n, facts, st.integers(1, 3)), st.builds(lambda f, n: minutes(f) < n, facts, st.integers(1, 200)),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner), st.builds(lambda a, b: a | b, inner, inner), st.builds(lambda a: ~a, inner)
    ),
    max_leaves=6,
)
people = st.fixed_dictionaries(
    {
        "born": st.one_of(st.none(), st.dates(dt.date(1930, 1, 1), dt.date(2015, 12, 31)), st.integers(1930, 2015).map(str)),
        "sex": st.sampled_from([None, "male", "female"]),
        "home": st.sampled_from(["", "11", "12"]),
        "hukou": st.sampled_from([None, "local_rural", "other_urban"]),
        "occupation": st.sampled_from([None, "farmer", "retired"]),
        "stands": st.sampled_from([None, ("2021-01-01", None), ("2021-01-01", "2022-02-01"), ("2022-05-01", None)]),
        "came": st.lists(
            st.tuples(st.sampled_from(["S1", "S2", "S3"]), st.one_of(st.none(), st.integers(0, 120))), min_size=1, unique_by=lambda c: c[0]
        ),
    }
)
MEETINGS = {
    "S1": {"on": 20220205, "category": "书法", "mode": "in_person", "minutes": 60},
    "S2": {"on": 20220305, "category": None, "mode": "online", "minutes": 45},
    "S3": {"on": 20220901, "category": "手机", "mode": "in_person", "minutes": None},
}


@pytest.fixture(scope="module")
def host() -> commlms.Host:
    return commlms.Host()


def fill(lms: commlms.LMS, drawn: list[dict[str, Any]]) -> None:
    lms.add([
        {"code": "1", "name": "市", "level": "city"}, {"code": "11", "name": "甲村", "level": "village", "parent": "1", "area": "rural"},
        {"code": "12", "name": "乙社区", "level": "village", "parent": "1", "area": "urban"},
    ], "place")
    lms.add({"code": "J1", "name": "校", "place": "11"}, "institution")
    lms.add([{"code": c, "institution": "J1", "theme": c, **m} for c, m in MEETINGS.items()], "session")
    for n, person in enumerate(drawn):
        row = {k: person[k] for k in ("born", "sex", "home", "hukou", "occupation")}
        lms.add({"code": f"L{n}", "name": f"某{n}", **row}, "learner")
        lms.add([{"learner": f"L{n}", "session": s, "minutes": m} for s, m in person["came"]], "participation")
        if person["stands"]:
            lms.add({"learner": f"L{n}", "group": "left_behind", "since": person["stands"][0], "until": person["stands"][1]}, "standing")


def in_memory(person: dict[str, Any], period: str) -> dict[str, Any] | None:
    """A learner as :func:`holds` reads one, with the facts of the period; None who did not come in it."""
    first, last = (20220101, 20221231) if period == "2022" else (20220101, 20220331)
    came = [(MEETINGS[s], m) for s, m in person["came"] if first <= MEETINGS[s]["on"] <= last]
    if not came:
        return None
    born = person["born"]
    if isinstance(born, str):
        spans = (int(born) * 10_000 + 101, int(born) * 10_000 + 1231)
    else:
        spans = (None, None) if born is None else (born.year * 10_000 + born.month * 100 + born.day,) * 2
    stands = person["stands"]
    rows = [] if not stands else [{
        "group": "left_behind", "since": int(stands[0].replace("-", "")), "until": int(stands[1].replace("-", "")) if stands[1] else None,
    }]
    return {
        **person, "last": last, "born_first": spans[0], "born_last": spans[1], "standing": rows,
        "home_area": {"11": "rural", "12": "urban"}.get(person["home"]),
        "facts": [{**m, "minutes": own if own is not None else m["minutes"] or 0} for m, own in came],
    }


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(condition=conditions, drawn=st.lists(people, min_size=1, max_size=5), period=st.sampled_from(["2022", "2022Q1"]))
def test_sql_and_memory_agree(host: commlms.Host, condition: Condition, drawn: list[dict[str, Any]], period: str) -> None:
    """Counted, not counted or left out as unknown: for every learner who came, both ways say the same."""
    with commlms.LMS(host=host, today=dt.date(2023, 6, 30), lang="en", keys=[]) as lms:
        fill(lms, drawn)
        figures = lms.figures(period)
        measure: Measure = Total(among=condition)
        got = []
        for row in explain_rows(figures, "numerator", measure, lms.place("1")):
            why = row.left_out.en if row.left_out else ""
            got.append(("home", True) if "home unknown" in why else (bool(row.adds), "not known" in why))
        expected = []
        for person in drawn:
            seen = in_memory(person, period)
            if seen is not None:
                says = holds(condition, seen)
                expected.append(("home", True) if not person["home"] else (says is True, says is None))
        assert sorted(got, key=str) == sorted(expected, key=str)
        total = figures.rolled(measure)[lms.place("1")]
        assert total == sum(flag is True for flag, _ in expected)


@settings(max_examples=100, deadline=None)
@given(condition=conditions)
def test_a_condition_comes_back_from_its_text(condition: Condition) -> None:
    """What a database keeps of an absent plugin's measure is the measure."""
    assert dump(load(dump(condition))) == dump(condition)
    assert load(Total(among=condition).text).column == Total(among=condition).column


@pytest.mark.parametrize("wrong", [
    lambda: bool(age >= 60), lambda: (age >= 60) and sex.is_("male"), lambda: not (age >= 60), lambda: (age >= 60) & True,
    lambda: age >= 60.0, lambda: age >= True, lambda: sessions("digital"),
])
def test_a_condition_written_wrongly_is_an_error_at_once(wrong: Any) -> None:
    """and, or, not, ==, floats and bare words would count something else in silence."""
    with pytest.raises(commlms.DeclarationError):
        wrong()


def test_equal_conditions_are_one_measure_and_different_ones_two() -> None:
    """26 measures must not become 12: identity is the text."""
    assert Total(among=age >= 60).column == Total(among=Population("x", "甲", "x", age >= 60)).column
    assert len({Total(among=age >= n).column for n in range(26)}) == 26


def test_a_population_answers_for_one_learner() -> None:
    """60 on the day; unknown where only the year is known and the day decides."""
    seniors = Population("s", "老年人", "seniors", age >= 60)
    assert seniors.contains({"born_first": 19621231, "born_last": 19621231, "last": 20221231}) is True
    assert seniors.contains({"born_first": 19630101, "born_last": 19630101, "last": 20221231}) is False
    assert seniors.contains({"born_first": 19620101, "born_last": 19621231, "last": 20220630}) is None
    assert seniors.contains({"born_first": None, "born_last": None, "last": 20221231}) is None
