"""Laws of being one: as if it had been known from the start; taken back, as if it had never been said."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commlms import LMS, CommLMSError
from commlms.core.metrics import Hosted, Total
from tests.measure.city import A1, A2, B1, STREET, bundled, city, content, headcount, learners, session

PEOPLE, MEETINGS = tuple(f"L{i}" for i in range(5)), tuple(f"S{i}" for i in range(4))
PERIODS = ("2021", "2022", "2022Q1", "2021..2022")
Kind = dict[str, str]


def mains(codes: tuple[str, ...]) -> st.SearchStrategy[Kind]:
    """Who is counted as whom, flat: some of the others as one of the first two."""
    return st.dictionaries(st.sampled_from(codes[2:]), st.sampled_from(codes[:2]))


visits = st.dictionaries(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(MEETINGS)), st.sampled_from([None, 10, 80]))
registered = st.sets(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["standing", "farmers.certificate"])))
heads = st.dictionaries(st.tuples(st.sampled_from(MEETINGS), st.sampled_from(["present", "besides", "unmatched"])), st.integers(0, 9))


def filled(came: dict[tuple[str, str], int | None], rows: set[tuple[str, str]], counts: dict[tuple[str, str], int]) -> LMS:
    """Five people of three villages, four sessions of two years, who came, who stands where, how many there were."""
    lms = city(host=bundled())
    for i, (code, home) in enumerate(zip(PEOPLE, (A1, B1, A2, STREET, None), strict=True)):
        learners(lms, home, code, born=f"{1950 + 9 * i}", sex="female" if i % 2 else "male", hukou="other_rural", occupation="worker")
    for i, code in enumerate(MEETINGS):
        session(lms, code, (A1, B1)[i % 2], f"{2021 + i // 2}-0{i + 1}-05", minutes=(None, 60)[i % 2], category=("声乐", None)[i // 2])
    if came:
        lms.add([{"learner__code": p, "session__code": s, "minutes": m} for (p, s), m in came.items()], "participation")
    for who, record in sorted(rows):
        more = {"group": "new_citizen"} if record == "standing" else {"grade": "高级"}
        lms.add([{"learner__code": who, "since": "2021-01-01", **more}], record)
    for (code, kind), persons in counts.items():
        headcount(lms, code, kind, persons)
    return lms


def told(lms: LMS) -> dict[Any, dict[int, int]]:
    """Every kept measure of several periods, by place."""
    assert lms.recount(check=True) == []
    figures = {period: lms.figures(period) for period in PERIODS}
    return {(p, m.text): dict(f.own(m)) for p, f in figures.items() for m in lms.totals.measures if isinstance(m, (Total, Hosted))}


def merge(lms: LMS, people: Kind, meetings: Kind) -> None:
    """Write each decision."""
    for kind, ones in (("learner", people), ("session", meetings)):
        for double, main in ones.items():
            lms.add({kind: double, "main": main}, f"same_{kind}")


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(came=visits, rows=registered, counts=heads, people=mains(PEOPLE), meetings=mains(MEETINGS))
def test_figures_are_as_if_it_had_been_known_from_the_start(
    came: dict[tuple[str, str], int | None], rows: set[tuple[str, str]], counts: dict[tuple[str, str], int], people: Kind, meetings: Kind,
) -> None:
    """The same people and sessions entered once: longest of their visits, rows of all of them, headcounts of the one that is kept."""
    lasts = dict(zip(MEETINGS, (0, 60, 0, 60), strict=True))
    once: dict[tuple[str, str], int | None] = {}
    for (who, where), minutes in came.items():
        key = people.get(who, who), meetings.get(where, where)
        once[key] = max(once.get(key) or 0, lasts[key[1]] if minutes is None else minutes)
    with filled(came, rows, counts) as lms, filled(
        once, {(people.get(who, who), record) for who, record in rows}, {k: n for k, n in counts.items() if k[0] not in meetings},
    ) as known:
        for code in meetings:
            known.remove("session", code)
        merge(lms, people, meetings)
        assert told(lms) == told(known)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    came=visits, rows=registered, counts=heads,
    decided=st.lists(st.tuples(st.sampled_from(["learner", "session"]), st.integers(0, 3), st.integers(0, 3), st.booleans()), max_size=6),
)
def test_decisions_taken_back_leave_every_former_content(
    came: dict[tuple[str, str], int | None], rows: set[tuple[str, str]], counts: dict[tuple[str, str], int],
    decided: list[tuple[str, int, int, bool]],
) -> None:
    """One after the other, the last first: every row of every table, totals too."""
    with filled(came, rows, counts) as lms:
        done = []
        for kind, one, other, same in decided:
            codes, before = PEOPLE if kind == "learner" else MEETINGS, content(lms)
            with suppress(CommLMSError):
                if journal := (lms.same if same else lms.different)(kind, codes[one], codes[other]):
                    done.append((journal, before))
        told(lms)
        for journal, before in reversed(done):
            lms.undo(journal)
            assert content(lms) == before
