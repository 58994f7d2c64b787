"""Figures of registers against plain loops over the rows given; how they add up the tree, by subject and row by row."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commlms import LMS, Period
from commlms.core.expressions import dump, load
from commlms.core.metrics import Levels, Places, Rows
from commlms.measure.explain import About, explain
from tests.measure.city import A1, A2, B1, B2, COUNTY, PLACES, STREET, TOWN, ZONE, city
from tests.measure.offices import GOVERNMENT, NETWORK, OWN, PERSONS, POSTS, host

HOST = host(without=["policies", "seniors", "youth", "farmers", "migrants"])
AT = (COUNTY, ZONE, STREET, TOWN, A1, A2, B1, B2)
KEYS = ("2021", "2022", "2022H1", "2022Q1", "2022Q4", "2022-03", "2022S", "2021S", "2021..2022", "2022..2023")
PERIODS = st.sampled_from(["2022", "2022H1", "2022Q1", "2022-03", "2021..2022", "2022S"])
LAW = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
DATES = [(s, u) for s in (None, 20210101, 20220701) for u in (None, 20220401, 20230101) if s is None or u is None or s < u]
funds = st.lists(st.tuples(
    st.sampled_from(AT), st.sampled_from(KEYS), st.sampled_from(["government", "society", None]),
    st.sampled_from([None, 0, 5, 12345])), max_size=12)
posts = st.lists(st.tuples(
    st.sampled_from([*AT, None]), st.sampled_from([None, A1, TOWN]), st.sampled_from(["teacher", "worker", "cook", None]),
    st.sampled_from([None, 1, 3]), st.sampled_from(DATES)), max_size=12).map(lambda rows: [(*row[:4], *row[4]) for row in rows])
kinds = st.dictionaries(st.sampled_from(AT), st.sampled_from(["college", "school", "point", "university"]))


def iso(day: int | None) -> str | None:
    return None if day is None else f"{day // 10000}-{day // 100 % 100:02d}-{day % 100:02d}"


def filled(f: Any, p: Any, k: Any) -> LMS:
    """The city with these funds, posts and kinds of institution."""
    lms = city(host=HOST)
    if f:
        lms.add([
            {"code": f"F{n}", "place": at, "period": key, "origin": origin, "amount": None if amount is None else f"{amount / 100:.2f}"}
            for n, (at, key, origin, amount) in enumerate(f)], "offices.fund")
    if p:
        lms.add([
            {"code": f"P{n}", "institution": school and f"I-{school}", "place": at, "role": role, "persons": persons,
             "since": iso(since), "until": iso(until)}
            for n, (school, at, role, persons, since, until) in enumerate(p)], "offices.post")
    for at, kind in k.items():
        lms.set("institution", f"I-{at}", kind=kind)
    return lms


def days(key: str) -> tuple[int, int]:
    period = Period.parse(key)
    return period.first, period.last


def counts_in(key: str, asked: str) -> bool:
    """Whether a row's period lies in another: its days do, and a school year is in none but itself."""
    (first, last), (start, end) = days(key), days(asked)
    return key == asked or (not key.endswith("S") and start <= first and last <= end)


def government(f: Any, asked: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for at, key, origin, amount in f:
        if origin == "government" and counts_in(key, asked):
            found[at] += amount or 0
    return found


def in_force(p: Any, asked: str) -> list[tuple[str, str | None, int]]:
    """Place, role and persons of the posts in force on the last day; of those that stand somewhere."""
    last = days(asked)[1]
    return [
        (at or school, role, persons or 0) for school, at, role, persons, since, until in p
        if (at or school) and (since is None or since <= last) and (until is None or until > last)]


def parents() -> dict[str, str | None]:
    return {r["code"]: r.get("parent") for r in PLACES}


def added_up(own: Counter[str], place: str) -> int:
    """What stands at a place and at everything below it."""
    return own[place] + sum(added_up(own, code) for code, parent in parents().items() if parent == place)


@LAW
@given(f=funds, p=posts, asked=PERIODS)
def test_sums_and_rows_are_what_loops_over_the_rows_give(f: Any, p: Any, asked: str) -> None:
    """At every place: a sum of money, a place's own sum, posts, persons in posts, different roles."""
    figures = (lms := filled(f, p, {})).figures(asked)
    money, rows = government(f, asked), in_force(p, asked)
    staff = Counter(at for at, role, _ in rows if role in ("teacher", "worker"))
    persons: Counter[str] = Counter()
    for at, _, number in rows:
        persons[at] += number
    roles = Counter(at for at, _ in {(at, role) for at, role, _ in rows})
    for code in parents():
        place = lms.place(code)
        asked_of = [lms.metric(f"offices.{m}").numerator for m in ("government", "own", "posts", "persons", "roles")]
        found = [figures.rolled(m).get(place, 0) for m in asked_of]
        assert found == [added_up(money, code), money[code], added_up(staff, code), added_up(persons, code), added_up(roles, code)]


@LAW
@given(f=funds, p=posts, k=kinds, asked=PERIODS)
def test_a_parent_is_its_own_and_its_children_and_what_is_its_own_never_rolls(f: Any, p: Any, k: Any, asked: str) -> None:
    """Also for places counted by what they have themselves; levels are the union of those below and one's own."""
    figures = (lms := filled(f, p, k)).figures(asked)
    for metric in lms.registry.metrics.values():
        measure = metric.numerator
        if not metric.key.startswith("offices.") or isinstance(measure, Levels):
            continue
        own, rolled, here = figures.own(measure), figures.rolled(measure), isinstance(measure, Rows) and measure.here
        for place in figures.tree.order:
            below = 0 if here else sum(rolled[c] for c in figures.tree.children.get(place, ()))
            assert rolled[place] == own.get(place, 0) + below
    levels, reaching = figures.rolled(Levels(NETWORK)), figures.own(NETWORK)
    for place in figures.tree.order:
        assert levels[place] == len({figures.tree.nodes[q].level for q in figures.tree.below(place) if reaching.get(q)})


@LAW
@given(f=funds, p=posts, asked=PERIODS)
def test_subjects_add_up_to_the_places_own_figure(f: Any, p: Any, asked: str) -> None:
    """Funds row by row and place by place; posts of institutions that stand where the institution does."""
    p = [(school, None, *rest) for school, _, *rest in p if school]
    figures = (lms := filled(f, p, {})).figures(asked)
    for measure, record, stands in (
        (GOVERNMENT, "offices.fund", "SELECT id, place FROM offices_fund"), (OWN, "place", "SELECT id, id FROM place"),
        (POSTS, "institution", "SELECT id, place FROM institution"), (PERSONS, "institution", "SELECT id, place FROM institution"),
    ):
        place_of = dict(lms.database.execute(stands).fetchall())
        found: Counter[int] = Counter()
        for row, number in figures.by_subject(measure, record).items():
            found[place_of[row]] += number
        assert dict(+found) == {place: n for place, n in figures.own(measure).items() if n}


@LAW
@given(f=funds, p=posts, k=kinds, asked=PERIODS)
def test_the_rows_of_every_part_add_up_and_the_rest_say_why(f: Any, p: Any, k: Any, asked: str) -> None:
    """Of every metric at every place, and of every subject that stands somewhere."""
    figures = (lms := filled(f, p, k)).figures(asked)
    for metric in (m for m in lms.registry.metrics.values() if m.key.startswith("offices.")):
        for code in (COUNTY, STREET, A1):
            found = explain(figures, metric, lms.place(code))
            agree(found)
    for subject in figures.subjects("institution"):
        for key in ("posts", "persons", "roles"):
            agree(explain(figures, lms.metric(f"offices.{key}"), subject.place, subject=About("institution", subject)))


def agree(found: Any) -> None:
    rows = list(found.rows())
    for part in found.parts:
        mine = [r for r in rows if r.part == part.name]
        assert part.value is None or sum(r.adds for r in mine) == part.value, (found.metric.key, found.place_code, part.name)
        assert all(r.adds == 0 and r.left_out.zh and r.left_out.en for r in mine if r.left_out is not None)


def test_texts_of_measures_that_older_databases_stored_are_read_and_are_still_the_same() -> None:
    """A measure without what was added later has the text it had, and the column; with it the text can be read back."""
    for old in ('["Rows","institution",["In",["Column","row","kind"],{"of":["point"]}],"",{"of":[]}]', '["Places","village",null]',
                '["Places","village",["Having",["Rows","offices.fund",null,"on",{"of":["place"]}],1]]'):
        assert load(old).text == old
    for new in (OWN, Levels(NETWORK), Places("village", OWN.at_least(2), kind="community"), Rows("a", value="b"), Rows("a", here=True)):
        assert load(new.text).text == new.text
        assert dump(load(new.text)) == dump(new)
