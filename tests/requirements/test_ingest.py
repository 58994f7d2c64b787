"""Entries about names: one institution behind two name-plates, in whatever file they stand."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

import commlms
from commlms import LMS

TODAY = dt.date(2023, 6, 30)


@pytest.fixture
def lms() -> Iterator[LMS]:
    """A district with a street."""
    with commlms.LMS(today=TODAY, lang="en", keys=[]) as opened:
        opened.add([
            {"code": "9001", "name": "样城市", "level": "city"}, {"code": "900101", "name": "东区", "level": "county", "parent": "9001"},
            {"code": "900101001", "name": "东街街道", "level": "township", "parent": "900101"},
        ], "place")
        yield opened


def ledger(lms: LMS, folder: Path, *organisers: str) -> int:
    """Import a ledger with a row of each organiser; gives how many rows were rejected or held."""
    path = folder / "ledger.csv"
    rows = [f"{name},2022-03-0{n + 1},活动{n},10" for n, name in enumerate(organisers)]
    path.write_text("\n".join(["主办单位,活动日期,活动主题,参加人数", *rows]), encoding="utf-8")
    result = lms.import_file("ledger", path)
    return result.rejected + result.held


@pytest.mark.requirement("R375")
def test_two_names_of_the_seniors_open_university_are_one_unit(lms: LMS, tmp_path: Path) -> None:
    """拱墅学院 and 拱墅分院: one institution with a learning point below it, and the activities of both names are its own."""
    college, branch = "浙江老年开放大学拱墅学院", "浙江省老年开放大学拱墅分院"
    lms.add({"code": "GS", "name": college, "place": "900101", "nameplates": branch}, "institution")
    lms.add({"code": "P1", "name": "东街老年学习点", "place": "900101001", "kind": "老年学习点", "parent": "GS"}, "institution")
    assert [r.cells["parent"] for r in lms.rows("institution")] == ["", "GS"]
    assert ledger(lms, tmp_path, college, branch, "东街夕阳红学堂") == 1, "a name that nobody has is not guessed"
    assert [r.cells["institution"] for r in lms.rows("session")] == ["GS", "GS"]


@pytest.mark.requirement("R299")
def test_a_nameplate_is_added_and_the_institution_stays(lms: LMS, tmp_path: Path) -> None:
    """The branch's plate at an existing centre: its name, parent and child stay, rows under both names are the centre's."""
    plate = "广州社区学院分院"
    lms.add({"code": "U", "name": "广州社区学院", "place": "9001"}, "institution")
    lms.add({"code": "C", "name": "东区社区教育中心", "place": "900101", "parent": "U"}, "institution")
    lms.add({"code": "K", "name": "东街社区学校", "place": "900101001", "parent": "C"}, "institution")
    assert ledger(lms, tmp_path, plate) == 1
    lms.set("institution", "C", nameplates=plate)
    found = {r.reference: r.cells for r in lms.rows("institution")}
    assert {k: found["C"][k] for k in ("name", "parent", "nameplates")} == {"name": "东区社区教育中心", "parent": "U", "nameplates": plate}
    assert (found["K"]["parent"], len(found)) == ("C", 3)
    assert ledger(lms, tmp_path, plate, "东区社区教育中心") == 0
    assert [r.cells["institution"] for r in lms.rows("session")] == ["C", "C"]
