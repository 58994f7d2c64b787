"""Contradictions that documents name: side by side where two of their targets are judged, never decided."""

import datetime as dt
from pathlib import Path

import commlms
from commlms import Host, hookimpl, policy_from_toml
from commlms.core.policies import Policy
from tests.laws.test_verdicts import DEFAULTS, PACK

CONFLICT = """
[[conflict]]
id = "rates"
zh = "两个比率"
en = "two rates"
targets = ["tt-1", "uu-1"]
note = { zh = "口径不同", en = "they differ" }
"""


def document(folder: Path, code: str, value: str, more: str = "", below: str = "") -> Policy:
    """A document over the district; ``more`` belongs to its head, ``below`` stands at its end."""
    text = PACK.format(**DEFAULTS | {"value": value, "more": more})
    names = (("test-2020", f"{code}-2020"), ('"900"', f'"{code}"'), ('"tt"', f'"{code}"'), ("1号", f"{code}号"), ("tt-1", f"{code}-1"))
    for old, new in names:
        text = text.replace(old, new)
    path = folder / f"{code}.toml"
    path.write_text(text + below, encoding="utf-8")
    return policy_from_toml(path)


def documents(folder: Path, more: str = "") -> list[Policy]:
    """Two of them: 50 % and 80 %."""
    return [document(folder, "tt", "50", below=CONFLICT), document(folder, "uu", "80", more)]


def opened(policies: list[Policy]) -> commlms.LMS:
    class Plugin:
        COMMLMS_API = 1

        @hookimpl
        def register_policies(self) -> list[Policy]:
            return policies

    lms = commlms.LMS(host=Host(modules={"tt": Plugin()}), today=dt.date(2023, 6, 30), lang="en", keys=[])
    lms.add([{"code": "1", "name": "区", "level": "county"}, {"code": "11", "name": "村", "level": "village", "parent": "1"}], "place")
    lms.add({"place": "11", "on": "2020-11-01", "basis": "permanent", "persons": 10, "nature": "census"}, "residents")
    lms.add({"code": "J", "name": "校", "place": "11"}, "institution")
    lms.add({"code": "S", "institution": "J", "on": "2022-03-05", "theme": "讲座"}, "session")
    lms.add([{"code": f"L{n}", "name": f"某{n}", "home": "11"} for n in range(6)], "learner")
    lms.add([{"learner": f"L{n}", "session": "S"} for n in range(6)], "participation")
    return lms


def test_two_documents_that_differ_are_both_judged_and_stand_side_by_side(tmp_path: Path) -> None:
    """6 of 10 reach the one's 50 % and miss the other's 80 % by 2."""
    with opened(documents(tmp_path)) as lms:
        (found,) = lms.conflicts(lms.judge())
        assert [(p.id, j.target, j.verdict, j.by) for p, j in found.judged] == [("tt", "tt-1", "met", None), ("uu", "uu-1", "short", 2)]
        assert (found.policy.id, found.conflict.id, found.conflict.note.en) == ("tt", "rates", "they differ")
        assert lms.conflicts(lms.judge(["tt"])) == []


def test_what_applies_nowhere_contradicts_nothing(tmp_path: Path) -> None:
    """The second document has ended: only one target is judged."""
    with opened(documents(tmp_path, "repealed = 2023-01-01")) as lms:
        assert {j.verdict for _, j in lms.judge(["uu"])} == {"not_applicable"}
        assert lms.conflicts(lms.judge()) == []
