"""Who has not reported is told from a lake as from the database: a zero that nobody reported is no data there too."""

from __future__ import annotations

from pathlib import Path

import commlms
from commlms import LMS, open_lake
from tests.lake.cells import cells
from tests.lake.small import LAKE_KEY, small
from tests.measure.city import STREET, TODAY, TOWN, ZONE

Told = dict[tuple[str, str], tuple[int, int] | None]


def told(lms: LMS) -> Told:
    """How many have not reported, of how many, at every place of both trees."""
    found: Told = {}
    for tree in ("admin", "reporting"):
        figures = lms.figures("2022", "reporting" if tree == "reporting" else "admin")
        found |= {(tree, figures.tree.nodes[p].code): figures.reporting.at(p) for p in figures.tree.order}
    return found


def test_a_lake_knows_who_has_sent(tmp_path: Path) -> None:
    """The street sent all of 2022, the town a file of its first quarter that another one of 2021 replaced, the zone nothing to report."""
    with small() as lms:
        row = {"shape": "ledger", "turn": 1, "received": "2023-01-09", "file": "台账.xlsx"}
        sent = ((STREET, "2022"), (TOWN, "2022Q1"), (TOWN, "2021"), (ZONE, "2022"))
        lms.add([row | {"sender": sender, "period": period} for sender, period in sent], "delivery")
        first, second = (r.reference for r in lms.rows("delivery") if r.cells["sender"].startswith(TOWN))
        lms.set("delivery", first, replaced_by=second)
        wanted, figures = told(lms), cells(lms, ("2022",))
        commlms.publish(lms, tmp_path, keys=[LAKE_KEY])
    assert wanted["admin", TOWN] == (1, 1)
    assert wanted["admin", ZONE] == (0, 1)
    with open_lake(tmp_path, today=TODAY) as lake:
        assert told(lake) == wanted
        found = cells(lake, ("2022",))
    assert found == figures
    assert any(shown[4] == "has not reported" for shown in found.values())
