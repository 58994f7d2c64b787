"""From a figure back to file, sheet and cell: the rows of an explanation say where they were said."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commlms import LMS, OfficeKey, Rows
from commlms.cli.main import main
from commlms.measure.sources import facts_of
from commlms.store.sources import Source, sources_of
from tests.measure.city import A1, COUNTY, STREET, attend, city, headcount, learners, session
from tests.measure.delivered import deliver, number

KEY = b"k" * 32


@pytest.fixture
def lms(tmp_path: Path) -> LMS:
    """Two people of one village at a session of March, one of them at one of May too."""
    lms = city(tmp_path / "city.db", keys=[KEY])
    learners(lms, A1, "L1", "L2")
    session(lms, "S1", A1, "2022-03-05", minutes=60)
    session(lms, "S2", A1, "2022-05-05", minutes=60)
    attend(lms, "S1", "L1", "L2")
    attend(lms, "S2", "L1")
    return lms


def rows(lms: LMS, metric: str = "core.persons", period: str = "2022", place: str = A1) -> list[tuple[int, tuple[Source, ...]]]:
    """What each counted row of the numerator adds, and its sources, the best attended first."""
    found = lms.explain(metric, place=place, period=period).rows()
    return sorted(((r.adds, r.sources) for r in found if r.part == "numerator" and not r.left_out), key=lambda r: -len(r[1]))


def test_a_person_is_led_back_to_the_cells_of_the_participations_counted(lms: LMS) -> None:
    """In the first quarter the cell of May is not among them; nothing names the person."""
    one, two = (number(lms, "learner", c) for c in ("L1", "L2"))
    march, may = (number(lms, "session", c) for c in ("S1", "S2"))
    first = deliver(lms, "三月.xlsx", "签到", {"participation": [(one, march, "B4"), (two, march, "B5")]}, archived=7)
    second = deliver(lms, "五月.xlsx", "Sheet1", {"participation": [(one, may, "A3")]})
    b4, b5 = (Source(first, "三月.xlsx", "签到", line, f"B{line}", "7") for line in (4, 5))
    assert rows(lms) == [(1, (b4, Source(second, "五月.xlsx", "Sheet1", 3, "A3"))), (1, (b5,))]
    assert sorted(rows(lms, period="2022Q1"), key=repr) == [(1, (b4,)), (1, (b5,))]
    found = lms.explain("core.persons", place=A1, period="2022")
    assert all(r.sources == () for r in found.rows(sources=False))


def test_a_delivery_that_was_replaced_is_no_source_any_more(lms: LMS) -> None:
    one, march = number(lms, "learner", "L1"), number(lms, "session", "S1")
    former = deliver(lms, "旧.xlsx", "签到", {"participation": [(one, march, "B4")]})
    later = deliver(lms, "新.xlsx", "签到", {"participation": [(one, march, "B9")]})
    lms.database.execute("UPDATE delivery SET replaced_by = ? WHERE id = ?", (later, former))
    assert rows(lms)[0] == (1, (Source(later, "新.xlsx", "签到", 9, "B9"),))


def test_a_row_that_two_lines_of_a_sheet_say_is_led_back_to_the_first(lms: LMS) -> None:
    one, march = number(lms, "learner", "L1"), number(lms, "session", "S1")
    delivery = deliver(lms, "三月.xlsx", "签到", {"participation": [(one, march, "B9"), (one, march, "B4")]})
    assert rows(lms)[0] == (1, (Source(delivery, "三月.xlsx", "签到", 4, "B4"),))


def test_rows_of_a_plain_import_name_its_file_and_typed_ones_nothing(lms: LMS, tmp_path: Path) -> None:
    path = tmp_path / "四月.csv"
    path.write_text("学员编号,场次编号\nL2,S2\n", encoding="utf-8")
    lms.import_file("participation", path)
    assert sorted(sources for _, sources in rows(lms)) == [(), (Source(None, "四月.csv"),)]


def test_a_session_is_led_back_to_its_line_and_its_headcounts(lms: LMS) -> None:
    """The line of the ledger says both, once; a headcount from another sheet is a second source."""
    march = number(lms, "session", "S1")
    headcount(lms, "S1", "present", 40)
    headcount(lms, "S1", "besides", 3)
    (present, besides) = (r[0] for r in lms.database.execute("SELECT id FROM headcount ORDER BY counts DESC").fetchall())
    ledger = deliver(lms, "台账.xlsx", "3月", {"session": [(march, 0, "A4")], "headcount": [(present, 0, "A4")]})
    other = deliver(lms, "补.xlsx", "Sheet1", {"headcount": [(besides, 0, "D2")]})
    expected = (Source(ledger, "台账.xlsx", "3月", 4, "A4"), Source(other, "补.xlsx", "Sheet1", 2, "D2"))
    assert rows(lms, "core.sessions") == [(1, expected), (1, ())]


def test_rows_of_a_register_are_led_back_too(lms: LMS) -> None:
    """A day of the school is a session; a child's enrolment stands under a running number, and its cell beside it."""
    session(lms, "S3", A1, "2022-03-07", program="430学堂")
    march = number(lms, "session", "S3")
    lms.add({"learner__code": "L1", "institution": f"I-{A1}", "since": "2021-09-01"}, "youth.enrolment")
    enrolment = int(lms.database.one("SELECT id FROM youth_enrolment"))
    delivery = deliver(lms, "学堂.xlsx", "Sheet1", {"session": [(march, 0, "A2")], "youth_enrolment": [(enrolment, 0, "A7")]})
    assert rows(lms, "youth.school430_days") == [(1, (Source(delivery, "学堂.xlsx", "Sheet1", 2, "A2"),))]
    assert rows(lms, "youth.enrolled") == [(1, (Source(delivery, "学堂.xlsx", "Sheet1", 7, "A7"),))]


def test_residents_are_led_back_to_their_own_figure(lms: LMS) -> None:
    """Of two figures of one place the later one counts, and its cell is named."""
    for on in ("2010-11-01", "2020-11-01"):
        lms.add({"place": A1, "on": on, "basis": "permanent", "persons": 9, "nature": "census"}, "residents")
    former, later = (r[0] for r in lms.database.execute('SELECT id FROM residents ORDER BY "on"').fetchall())
    delivery = deliver(lms, "人口.xlsx", "Sheet1", {"residents": [(former, 0, "C2"), (later, 0, "C3")]})
    found = [r for r in lms.explain("core.participation", place=A1, period="2022").rows() if r.part == "denominator"]
    assert [(r.adds, r.sources) for r in found] == [(9, (Source(delivery, "人口.xlsx", "Sheet1", 3, "C3"),))]


def test_a_visit_asked_for_alone_is_led_back_to_all_rows_that_are_one_with_it(lms: LMS) -> None:
    """A register of the participations themselves: the row of who is the same, at a session that is the same, is one of its cells."""
    learners(lms, A1, "L3")
    session(lms, "S3", A1, "2022-03-05")
    attend(lms, "S3", "L3")
    one, other, march, double = (number(lms, r, c) for r, c in (("learner", "L1"), ("learner", "L3"), ("session", "S1"), ("session", "S3")))
    deliver(lms, "三月.xlsx", "签到", {"participation": [(one, march, "B4"), (other, double, "B6")]})
    lms.add({"learner": "L3", "main": "L1", "verdict": "same"}, "same_learner")
    lms.add({"session": "S3", "main": "S1", "verdict": "same"}, "same_session")
    facts = facts_of(lms.records, Rows("participation"))
    assert facts is not None
    found = sources_of(lms.database, facts, {"keys": f"[[{one}, {march}]]"})
    assert [s.cell for s in found[0]] == ["B4", "B6"]


def test_what_is_counted_as_one_is_led_back_to_the_cells_of_both(lms: LMS) -> None:
    """Another learner and another session are the same: their cells stand beside the first ones."""
    learners(lms, A1, "L3")
    session(lms, "S3", A1, "2022-03-05")
    attend(lms, "S1", "L3")
    one, other, march, double = (number(lms, r, c) for r, c in (("learner", "L1"), ("learner", "L3"), ("session", "S1"), ("session", "S3")))
    delivery = deliver(lms, "三月.xlsx", "签到", {
        "participation": [(one, march, "B4"), (other, march, "B6")], "session": [(march, 0, "A1"), (double, 0, "A9")],
    })
    lms.add({"learner": "L3", "main": "L1", "verdict": "same"}, "same_learner")
    lms.add({"session": "S3", "main": "S1", "verdict": "same"}, "same_session")
    cells = {tuple(s.cell for s in sources) for metric in ("core.persons", "core.sessions") for _, sources in rows(lms, metric)}
    assert {("B4", "B6"), ("A1", "A9")} <= cells
    assert all(s.delivery == delivery for _, sources in rows(lms) for s in sources)


Typed = Callable[..., None]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type a command on ``city.db``."""
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(tmp_path / "office.key"))

    def run(*words: str) -> None:
        with pytest.raises(SystemExit) as end:
            main(["--db", str(tmp_path / "city.db"), "--lang", "en", *words])
        assert end.value.code == 0

    return run


def table(path: Path) -> list[dict[str, Any]]:
    """A written table's lines by header word."""
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    heads, *lines = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(heads, line, strict=True)) for line in lines]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_one_walks_from_a_figure_to_the_very_cell(tmp_path: Path, typed: Typed, form: str) -> None:
    """explain --rows names file, sheet, cell and number; archive get gives that file; in that cell stands the name."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "3月签到"
    for line in (["讲座签到表"], ["序号", "姓名"], [1, "王芳"], [2, "李强"]):
        page.append(line)
    sheet = tmp_path / "桥街道.xlsx"
    book.save(sheet)
    OfficeKey(tmp_path / "office.key").new()
    with city(tmp_path / "city.db", keys=OfficeKey(tmp_path / "office.key").read()) as lms:
        lms.add([{"code": c, "name": name, "home": A1} for c, name in (("L1", "王芳"), ("L2", "李强"))], "learner")
        session(lms, "S1", A1, "2022-03-05")
        attend(lms, "S1", "L1", "L2")
        kept = lms.archive.keep(sheet.read_bytes(), sheet.name, lms.place(STREET), "sign_in")
        march, people = number(lms, "session", "S1"), [number(lms, "learner", c) for c in ("L1", "L2")]
        said = [(who, march, f"B{line}") for line, who in enumerate(people, start=3)]
        deliver(lms, sheet.name, page.title, {"participation": said}, archived=kept)
    sheet.unlink()
    out, again = tmp_path / f"rows.{form}", tmp_path / "again.xlsx"
    typed("explain", "core.persons", "--place", A1, "--period", "2022", "--rows", str(out))
    assert "王芳" not in out.read_text(encoding="utf-8", errors="replace")
    lines = [line for line in table(out) if line["row"].startswith("P")]
    typed("archive", "get", lines[0]["kept as"], str(again))
    found = openpyxl.load_workbook(again)
    assert {found[line["sheet"]][line["cell"]].value for line in lines} == {"王芳", "李强"}
    assert {line["file"] for line in lines} == {"桥街道.xlsx"}
    handed = tmp_path / f"handed.{form}"
    typed("explain", "core.persons", "--place", A1, "--period", "2022", "--rows", str(handed), "--no-sources")
    assert not any(line["file"] or line["cell"] for line in table(handed))


def test_a_row_with_several_cells_adds_once(lms: LMS, tmp_path: Path, typed: Typed) -> None:
    """Each further cell stands on a line of its own with the row's name; the column still adds up to the figure."""
    one = number(lms, "learner", "L1")
    for file, code, cell in (("三月.xlsx", "S1", "B4"), ("五月.xlsx", "S2", "B6")):
        deliver(lms, file, "签到", {"participation": [(one, number(lms, "session", code), cell)]})
    lms.close()
    typed("explain", "core.persons", "--place", A1, "--period", "2022", "--rows", str(tmp_path / "rows.csv"))
    lines = table(tmp_path / "rows.csv")
    twice = [line for line in lines if line["cell"]]
    assert [(line["file"], line["cell"]) for line in twice] == [("三月.xlsx", "B4"), ("五月.xlsx", "B6")]
    assert len({line["row"] for line in twice}) == 1
    assert sum(int(line["adds"] or 0) for line in lines if line["part"] == "numerator") == 2


def test_sources_are_asked_once_for_many_rows_each_by_an_index(lms: LMS) -> None:
    """200 more people cost no statement more, and no statement goes through all that was ever noted."""
    def asked() -> list[str]:
        statements: list[str] = []
        lms.database.connection.set_trace_callback(statements.append)
        for metric in ("core.persons", "core.sessions", "core.participation"):
            list(lms.explain(metric, place=A1, period="2022").rows())
        lms.database.connection.set_trace_callback(None)
        return [s for s in statements if "delivered" in s]

    before = len(asked())
    learners(lms, A1, *(f"M{n}" for n in range(200)))
    attend(lms, "S1", *(f"M{n}" for n in range(200)))
    after = asked()
    assert len(after) == before > 0
    for statement in after:
        steps = [row[3] for row in lms.database.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert not any(step.startswith(("SCAN d", "SCAN p", "SCAN s", "SCAN y", "SCAN h")) for step in steps), steps


def test_the_cells_of_people_of_a_hidden_figure_are_not_listed(lms: LMS, tmp_path: Path, typed: Typed) -> None:
    """One senior in the village: her row stands without a place, and no cell leads to her; nobody else of the village is listed either."""
    lms.set("learner", "L1", born="1950-01-01")
    lms.set("learner", "L2", born="1990-01-01")
    march = number(lms, "session", "S1")
    said = [(number(lms, "learner", who), march, cell) for who, cell in (("L1", "B4"), ("L2", "B5"))]
    deliver(lms, "三月.xlsx", "签到", {"participation": said})
    lms.close()
    out = tmp_path / "rows.jsonl"
    typed("explain", "seniors.persons", "--place", COUNTY, "--period", "2022", "--rows", str(out))
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert sum(line["adds"] for line in lines) == 1
    assert {(line["file"], line["cell"], line["place"]) for line in lines} == {("", "", "")}
