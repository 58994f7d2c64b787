"""What goes out comes back: every core record, nasty texts, through csv, xlsx and JSON lines."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commlms import LMS
from commlms.core.text import _TOTAL, harmless, key_of, unguarded
from commlms.store.sheets import write_table
from tests.ingest.clerk import PLACES, dump, empty, id_number

ORDER = (
    "place", "residents", "institution", "course", "offering", "learner", "session", "standing", "participation", "headcount", "outcome",
)

_SIGNS = (
    "=", "+", "-", "@", "'", "''", "'=", "＝", '"', "\n", "\r\n", "\r", "\t", "0", "007", "1e5", "_x000D_", "_x0041_", "，", ";", "😀",
)
_WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\ufffd\ufffc"), max_size=6)


def _text(longest: int = 40) -> st.SearchStrategy[str]:
    """Texts with signs, breaks, zeros and long runs in every place; never blank, never a word for a sum or example."""
    parts = st.lists(st.one_of(st.sampled_from(_SIGNS), _WORDS), min_size=1, max_size=5)
    found = st.builds(lambda p, times: "".join(p)[: longest] * times, parts, st.sampled_from((1, 1, 1, 200)))
    return found.map(str.strip).filter(lambda t: bool(t) and not _TOTAL.match(key_of(t)) and not t.startswith(("例", "示例", "样例", "#")))


TEXT = _text()
CODE = st.one_of(TEXT, st.sampled_from(("0001", "000123", "510402001001", "=1+1", "'+2", "-3", "@x", "3E12")))


@st.composite
def cities(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Rows of every core record that refer to one another."""
    codes = {
        record: draw(st.lists(CODE, min_size=2, max_size=2, unique_by=lambda t: key_of(t) or t))
        for record in ("institution", "course", "offering", "learner", "session")
    }
    learner, session = codes["learner"], codes["session"]
    return {
        "place": [{**place, "aliases": draw(TEXT)} for place in PLACES],
        "residents": [{"place": "510402", "on": "2020-11-01", "basis": "permanent", "persons": draw(st.integers(0, 10**9)),
                       "nature": "census", "citation": draw(TEXT)}],
        "institution": [
            {"code": c, "name": draw(TEXT), "place": "510402001", "kind": draw(TEXT), "host": draw(TEXT)} for c in codes["institution"]
        ],
        "course": [{"code": c, "title": draw(TEXT), "category": draw(TEXT)} for c in codes["course"]],
        "offering": [{"code": c, "course": codes["course"][0], "institution": codes["institution"][0]} for c in codes["offering"]],
        "learner": [
            {"code": learner[0], "name": draw(TEXT), "born": "1955-08-09", "home": "510402001001", "occupation": draw(TEXT)},
            {"code": learner[1], "name": draw(TEXT), "sex": "male", "born": "1960", "home": "510402", "hukou": "local_rural"},
        ],
        "session": [
            {"code": session[0], "institution": codes["institution"][1], "on": "2022-03-05", "start": "09:00", "theme": draw(TEXT),
             "venue": draw(TEXT), "offering": codes["offering"][0], "minutes": 90, "program": draw(TEXT)},
            {"code": session[1], "institution": codes["institution"][0], "on": "2022-03-06", "theme": draw(TEXT), "audience": draw(TEXT)},
        ],
        "standing": [{"learner": learner[0], "group": "left_behind_elderly", "since": "2022-01-01", "evidence": draw(TEXT)}],
        "participation": [{"learner": p, "session": s, "minutes": 5} for p in learner for s in session],
        "headcount": [
            {"session": session[0], "counts": "present", "persons": "约50"}, {"session": session[1], "counts": "besides", "persons": 7},
        ],
        "outcome": [
            {"learner": learner[1], "kind": "credit", "on": "2022-01-02", "title": draw(TEXT), "credits": "1.25", "grade": draw(TEXT)},
        ],
    }


def _exports(lms: LMS) -> dict[str, list[list[Any]]]:
    return {record: list(lms.sheets.export(record)) for record in ORDER}


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".jsonl"])
@settings(
    max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rows=cities())
def test_every_record_comes_back_as_it_went_out(ending: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Into an empty database the same export again; into the same database all unchanged."""
    with empty() as first, empty() as second, tempfile.TemporaryDirectory() as folder:
        for record in ORDER:
            first.add(rows[record], record)
        went_out = _exports(first)
        for record in ORDER:
            path = Path(folder) / f"{record}{ending}"
            write_table(path, went_out[record], record)
            result = second.import_file(record, path)
            assert (result.problems, result.new) == ([], len(went_out[record]) - 1), record
        assert _exports(second) == went_out
        before = [line for line in dump(first) if '"journal"' not in line]
        for record in ORDER:
            result = first.import_file(record, Path(folder) / f"{record}{ending}")
            assert (result.problems, result.unchanged) == ([], len(went_out[record]) - 1), record
        assert [line for line in dump(first) if '"journal"' not in line] == before


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_no_cell_of_an_export_begins_like_a_formula(tmp_path: Path, ending: str) -> None:
    """In the file itself, read by another program's eyes: the sign stands in front, and comes off again."""
    texts = ["=1+1", "+1", "-1", "@x", "'=1", "＝1", "＋1", "－1", "＠x", "''", "'", "普通"]
    with empty() as lms:
        lms.add([{"code": f"K{i}", "title": text} for i, text in enumerate(texts)], "course")
        path = tmp_path / f"a{ending}"
        write_table(path, lms.sheets.export("course"), "course")
        if ending == ".csv":
            cells = [line.split(",")[1] for line in path.read_text(encoding="utf-8-sig").splitlines()[1:]]
        else:
            import openpyxl

            page = openpyxl.load_workbook(path).worksheets[0]
            cells = [str(row[1].value) for row in page.iter_rows(min_row=2)]
            assert all(cell.data_type == "s" for row in page.iter_rows() for cell in row if cell.value is not None)
        assert not [c for c in cells if c.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))]
        assert lms.import_file("course", path).unchanged == len(texts)


@given(st.text())
def test_making_harmless_is_undone_exactly(text: str) -> None:
    """Whatever the text; and twice is not once."""
    assert unguarded(harmless(text)) == text
    assert not harmless(text).startswith(("=", "+", "-", "@", "＝"))


def test_an_id_number_goes_out_masked_and_changes_nothing_on_the_way_back(tmp_path: Path) -> None:
    """The number itself is nowhere in the export, nor in the database."""
    number = id_number("1955-08-09")
    with empty() as lms:
        lms.add([{"code": "L1", "name": "王芳", "id_number": number}], "learner")
        path = tmp_path / "a.csv"
        write_table(path, lms.sheets.export("learner"), "learner")
        assert number not in path.read_text(encoding="utf-8-sig")
        assert number not in "\n".join(dump(lms))
        assert lms.import_file("learner", path).unchanged == 1
        assert lms.add([{"name": "王芳", "id_number": number}], "learner").unchanged == 1


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_people_and_sessions_without_codes_come_back_by_reference(tmp_path: Path, ending: str) -> None:
    """A row without a code goes out as #1 of this database, and is found again by it."""
    with empty() as lms:
        lms.add(list(PLACES), "place")
        lms.add([{"code": "JG1", "name": "校", "place": "510402001"}], "institution")
        lms.add([{"name": "王芳"}, {"name": "王芳", "born": "1955"}], "learner")
        lms.add([{"institution": "JG1", "on": "2022-03-05", "theme": "讲座"}], "session")
        uid = lms.database.uid
        lms.add([{"learner": f"#{i}.{uid}", "session": f"#1.{uid}"} for i in (1, 2)], "participation")
        for record, number in (("learner", 2), ("session", 1), ("participation", 2)):
            path = tmp_path / f"{record}{ending}"
            write_table(path, lms.sheets.export(record), record)
            result = lms.import_file(record, path)
            assert (result.problems, result.unchanged) == ([], number)
