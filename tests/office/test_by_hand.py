"""The oracle against numbers worked out by hand, on a folder small enough to be read here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.office import office

SCHOOL, TOWN, VILLAGE = "甲镇社区学校", "510101100", "510101100001"
PLACES: dict[str, dict[str, str]] = {TOWN: {}, "510101101": {}, VILLAGE: {}}
LECTURE = {"host": SCHOOL, "on": "2022-03-05", "theme": "讲座", "minutes": 90, "start": "", "meetings": None, "began": ""}
SPAN = {**LECTURE, "on": "2022-01-31", "theme": "跨年班", "began": "2021-12-01"}
CARD = "990001195501011234"


def named(line: int, name: str, event: dict[str, Any] = LECTURE, present: int | None = None, **told: str) -> dict[str, Any]:
    person = {"name": name, "sex": "", "code": "", "card": "", "born": "", "home": "", "phone": "", **told}
    return {"line": line, "event": event, "person": person, "present": present, "attended": None, "wrong": "", "cell": ""}


def activity(line: int, event: dict[str, Any], present: int, wrong: str = "") -> dict[str, Any]:
    told = {"line": line, "event": event, "person": None, "present": present, "attended": None}
    return {**told, "wrong": wrong, "cell": f"G{line}" if wrong else ""}


def file(name: str, shape: str, facts: list[dict[str, Any]], turn: int = 1, skipped: tuple[Any, ...] = ()) -> dict[str, Any]:
    sheet = {"sheet": "S", "sender": TOWN, "shape": shape, "period": "2022", "facts": facts, "skipped": list(skipped)}
    return {"file": name, "fate": "taken", "why": "", "turn": turn, "shows": [], "sheets": [sheet]}


def facts(*files: dict[str, Any]) -> dict[str, Any]:
    known = [{"name": "王芳", "sex": "", "code": "X1", "card": "", "born": day, "home": VILLAGE} for day in ("1950-01-01", "1950-02-02")]
    return {"year": "2022", "known": known, "places": PLACES, "files": list(files)}


ROWS = [
    named(4, "赵一", born="1955", home=VILLAGE),  # known better in line 5: one person, who came once
    named(5, "赵一", card=CARD, home=VILLAGE),
    named(6, "钱二", born="1960-06-06"),  # a person without a home
    named(7, "孙三", phone="1"), named(8, "李四", phone="1"),  # a couple: two visits of nobody
    named(9, "王芳", born="1950", home=VILLAGE),  # either of two
    named(10, "周五", born="1970"),  # neither a date nor a home
]


def test_seven_rows_are_two_persons_and_four_visits_of_nobody() -> None:
    """Four are held or unnamed, one says a person again; of the 20 present 18 are not known by name."""
    made = office.expected(facts(file("a", "sign_in", ROWS, skipped=((11, "signature"),)), file("b", "ledger", [activity(3, LECTURE, 20)])))
    sheet = made["files"][0]["sheets"][0]
    assert {k: sheet[k] for k in ("read", "new", "unchanged", "held", "unnamed", "not_counted", "rejected")} == {
        "read": 8, "new": 2, "unchanged": 1, "held": 1, "unnamed": 3, "not_counted": 1, "rejected": 0,
    }
    assert made["learners"] == {"code": 2, "card": 1, "date": 1}
    assert (made["participations"], made["unmatched"]) == (2, {"unnamed": 3, "held": 1})
    assert made["figures"][TOWN] == {"persons": 1, "visits": 1, "unnamed_visits": 18, "sessions": 1}
    assert made["not_reported"] == ["510101101"]
    assert made["figures"]["510101101"] == dict.fromkeys(("persons", "visits", "unnamed_visits", "sessions")), "no data, and no nought"


def test_without_a_number_of_those_present_the_unknown_are_as_many_as_signed_in() -> None:
    made = office.expected(facts(file("a", "sign_in", ROWS)))
    assert made["figures"][TOWN]["unnamed_visits"] == 4


def test_a_span_that_began_before_the_year_is_not_of_the_year() -> None:
    made = office.expected(facts(file("a", "ledger", [activity(3, SPAN, 500), activity(4, LECTURE, 7)])))
    assert len(made["sessions"]) == 2
    assert made["figures"]["5104"] == {"persons": 0, "visits": 0, "unnamed_visits": 7, "sessions": 1}


@pytest.mark.parametrize(("kept", "fate"), [(4, "taken"), (3, "not taken")])
def test_four_rows_for_five_are_taken_and_three_are_not(kept: int, fate: str) -> None:
    """A fifth fewer is not over a fifth fewer. What is taken replaces: rows gone go, numbers change."""
    first = [activity(n, {**LECTURE, "on": f"2022-03-0{n}"}, 10) for n in range(1, 6)]
    later = [activity(n, {**LECTURE, "on": f"2022-03-0{n}"}, 10 + (n == 1)) for n in range(1, kept + 1)]
    made = office.expected(facts(file("a", "ledger", first), file("b", "ledger", later, turn=2)))
    assert [f["fate"] for f in made["files"]] == ["replaced" if fate == "taken" else "taken", fate]
    sheet = made["files"][1]["sheets"][0]
    assert (sheet["changed"], sheet["unchanged"], sheet["new"]) == (1, kept - 1, 0)
    assert made["figures"][TOWN]["unnamed_visits"] == (41 if fate == "taken" else 50)
