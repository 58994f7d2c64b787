"""Every figure followed down: the rows of each part add up to it, the rest say why they add nothing, and nobody is named."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commlms import LMS
from commlms.core.metrics import Residents
from commlms.measure.explain import explain
from tests.measure.city import A1, A2, B1, B2, PROVINCE, STREET, TOWN, ZONE, attend, bundled, city, headcount, residents, session

PEOPLE, PLACES = tuple(f"L{i}" for i in range(6)), (PROVINCE, STREET, A1, ZONE)
person: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({
    "home": st.sampled_from([None, A1, A2, B1, TOWN]), "born": st.sampled_from([None, "1950-01-01", "1962", "2015-01-01"]),
    "sex": st.sampled_from([None, "female"]), "hukou": st.sampled_from([None, "other_rural"]),
    "occupation": st.sampled_from([None, "worker"]),
})


@st.composite
def cities(draw: st.DrawFn) -> LMS:
    """People, sessions with and without names, registers, residents."""
    lms = city(host=bundled())
    lms.add([draw(person) | {"code": c, "name": f"姓名{c}"} for c in PEOPLE], "learner")
    for number in range(4):
        code, place = f"S{number}", draw(st.sampled_from([A1, B1, TOWN, ZONE]))
        session(
            lms, code, place, f"2022-0{number + 1}-04", minutes=draw(st.sampled_from([None, 60])),
            category=draw(st.sampled_from([None, "智能手机应用"])), form=draw(st.sampled_from([None, "practice"])),
            program=draw(st.sampled_from([None, "社区夜校"])), mode=draw(st.sampled_from(["in_person", "self_study"])),
            audience=draw(st.sampled_from([None, "seniors"])), meetings=draw(st.sampled_from([None, 6])),
            began=draw(st.sampled_from([None, "2021-12-01", "2022-01-02"])),
        )
        if names := draw(st.lists(st.sampled_from(PEOPLE), unique=True)):
            attend(lms, code, *names)
        for counts in draw(st.sets(st.sampled_from(["present", "besides", "unmatched"]))):
            for group in draw(st.sets(st.sampled_from([None, "seniors", "minors"]), min_size=1)):
                headcount(lms, code, counts, draw(st.integers(0, 9)), group)
    for code in draw(st.sets(st.sampled_from(PEOPLE))):
        lms.add([{"learner__code": code, "group": "left_behind", "since": "2021-01-01"}], "standing")
    for kind, codes in (("learner", PEOPLE), ("session", ("S0", "S1", "S2", "S3"))):
        for pair in draw(st.lists(st.lists(st.sampled_from(codes), min_size=2, max_size=2, unique=True), max_size=2)):
            lms.same(kind, *pair)
    for place in draw(st.sets(st.sampled_from([A1, A2, B1, B2, ZONE, STREET]))):
        residents(lms, place, draw(st.integers(1, 50)), basis=draw(st.sampled_from(["permanent", "registered"])))
    return lms


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(lms=cities(), period=st.sampled_from(["2022", "2022Q1"]))
def test_the_rows_of_every_part_add_up_to_its_value(lms: LMS, period: str) -> None:
    """For every metric of every bundled plugin at every level: numerator, denominator and ceiling."""
    figures = lms.figures(period)
    for metric in lms.registry.metrics.values():
        for place in PLACES:
            found = explain(figures, metric, lms.place(place))
            rows = list(found.rows())
            for part in found.parts:
                mine = [r for r in rows if r.part == part.name]
                if part.value is not None:
                    assert sum(r.adds for r in mine) == part.value, (metric.key, place, part.name)
                assert all(r.adds == 0 and r.left_out.zh and r.left_out.en for r in mine if r.left_out is not None)
                assert part.words.zh
                assert part.words.en
            assert not any("姓名" in text or text in PEOPLE for r in rows for text in (r.row, r.place, r.detail))


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(lms=cities())
def test_a_target_with_another_basis_is_explained_by_that_basis(lms: LMS) -> None:
    """A pack that names registered residents: the denominator's rows are registered residents and add up to it."""
    found = explained_by_basis(lms, "registered")
    for explanation in found:
        denominator = explanation.figure.denominator
        rows = [r for r in explanation.rows() if r.part == "denominator"]
        if denominator is not None:
            assert sum(r.adds for r in rows) == denominator
        assert isinstance(explanation.metric.denominator, Residents)
        assert explanation.metric.denominator.basis == "registered"


def explained_by_basis(lms: LMS, basis: str) -> list[Any]:
    """The participation rate at several places with another basis."""
    figures = lms.figures("2022")
    return [explain(figures, lms.metric("core.participation"), lms.place(p), basis) for p in (STREET, A1, ZONE)]
