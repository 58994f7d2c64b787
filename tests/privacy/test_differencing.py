"""What is shown of a tree leaves two values or more for every hidden figure about a group of people."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from commlms.core.metrics import Metric, Total
from commlms.report.protect import hide
from commlms.store.geography import PlaceState, PlaceTree

GROUP = Metric("t.group", "人群", "group", Total(), population="group")
COUNTY = 1
#: Each township: its own figure, and those of its villages.
Townships = list[tuple[int, list[int]]]


def tree_of(townships: Townships) -> tuple[PlaceTree, dict[int, int]]:
    """A county over these townships and their villages, and each place's figure."""
    parents: dict[int, int | None] = {COUNTY: None}
    own = {COUNTY: 0}
    for n, (there, villages) in enumerate(townships):
        township = 10 * (n + 1)
        parents[township], own[township] = COUNTY, there
        for k, count in enumerate(villages):
            parents[township + k + 1], own[township + k + 1] = township, count
    nodes = {
        p: PlaceState(p, 0, 1, f"{p:03}", "", level, "", "", "", "", above, None)
        for p, above in parents.items()
        for level in ["county" if above is None else "township" if above == COUNTY else "village"]
    }
    children = {p: tuple(c for c, above in parents.items() if above == p) for p in parents}
    order = (COUNTY, *children[COUNTY], *(v for t in children[COUNTY] for v in children[t]))
    tree = PlaceTree(20221231, "admin", nodes, parents, {p: c for p, c in children.items() if c}, order, {})
    return tree, tree.roll_up(own)


def possible(tree: PlaceTree, values: dict[int, int], hidden: dict[int, str], most: int) -> dict[int, set[int]]:
    """By trying everything: the values of each hidden place that fit all that is shown.

    What stands at a township itself is shown nowhere; the figure of all people says how many it is at the most.
    """
    def tried(place: int) -> range:
        if place not in hidden:
            return range(values[place], values[place] + 1)
        return range(1, 5) if hidden[place] == "small" else range(most + 1)

    def township(place: int) -> dict[int, dict[int, set[int]]]:
        """By the township's value, the values that its villages have in all the ways to make it up."""
        villages = tree.children.get(place, ())
        if not villages:
            return {v: {} for v in tried(place)}
        found: dict[int, dict[int, set[int]]] = {}
        own = range(values[place] - sum(values[v] for v in villages) + 1)
        for there, *filled in product(own, *(tried(v) for v in villages)):
            if (value := there + sum(filled)) in tried(place):
                for village, number in zip(villages, filled, strict=True):
                    found.setdefault(value, {}).setdefault(village, set()).add(number)
        return found

    towns = {t: township(t) for t in tree.children[COUNTY]}
    found: dict[int, set[int]] = {p: set() for p in values}
    for filled in product(*towns.values()):
        if sum(filled) == values[COUNTY]:
            for town, value in zip(towns, filled, strict=True):
                found[town].add(value)
                for village, numbers in towns[town][value].items():
                    found[village] |= numbers
    return {p: found[p] for p in hidden}


few = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 4, 5, 6])
townships_ = st.lists(
    st.tuples(st.sampled_from([0, 0, 0, 1, 5]), st.lists(few, min_size=0, max_size=2)), min_size=2, max_size=3
)


@settings(deadline=None, max_examples=200)
@given(townships_)
def test_nothing_hidden_can_be_worked_out_from_what_is_shown(townships: Townships) -> None:
    tree, values = tree_of(townships)
    hidden = hide(tree, values, GROUP)
    assert {p for p in values if p != COUNTY and 0 < values[p] < 5} <= hidden.keys()
    assert COUNTY not in hidden
    for place, fitting in possible(tree, values, hidden, values[COUNTY] + 1).items():
        assert values[place] in fitting
        assert len(fitting) > 1, (place, values, hidden)
