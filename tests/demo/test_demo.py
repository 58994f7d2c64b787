"""The main job end to end: the demo's figures against an oracle that imports nothing from commlms."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import commlms
from tests import oracle

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "panzhihua"
REAL = (("place", "places.csv"), ("residents", "residents.csv"), ("institution", "institutions.csv"), ("course", "courses.csv"))


def run(script: str, *words: str) -> str:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, str(EXAMPLE / script), *words], cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def generated(folder: Path, scale: str) -> list[dict[str, Any]]:
    run("generate.py", str(folder), "--scale", scale)
    found: list[dict[str, Any]] = json.loads((folder / "inputs" / "manifest.json").read_text(encoding="utf-8"))
    return found


def opened(tmp_path: Path, **options: Any) -> commlms.LMS:
    return commlms.LMS(tmp_path / "city.db", keys=[b"k" * 32], lang="en", **options)


def load_real(lms: commlms.LMS) -> None:
    for record, name in REAL:
        assert not lms.import_file(record, EXAMPLE / name).problems


def content(lms: commlms.LMS) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows but the journal's own, in their key order."""
    skipped = {"journal", "journal_old"}
    tables = sorted(t for t in lms.database.tables() if t not in skipped and not t.startswith(("sqlite_", "_sqlite")))
    return {t: sorted(lms.database.execute(f'SELECT * FROM "{t}"').fetchall(), key=repr) for t in tables}


@pytest.mark.requirement("R463")
def test_the_whole_demo_runs_and_agrees_with_the_oracle(tmp_path: Path) -> None:
    """At full size: every command ends well, and every place's figures are the oracle's, in all three years."""
    folder = tmp_path / "demo"
    printed = run("demo.py", str(folder))
    for ending in ("html", "xlsx", "json"):
        assert (folder / f"report.{ending}").stat().st_size > 10_000
        assert f"report.{ending}" in printed
    with commlms.LMS(folder / "city.db", lang="en", today=None) as lms:
        for year in (2020, 2021, 2022):
            compare(lms, folder / "inputs", year)
        assert lms.recount(check=True) == []
        verdicts = {j.target: j for _, j in lms.judge(["004"], as_of=_day("2022-12-31"))}
    city = verdicts["pzh-participation-2022"]
    expected = oracle.figures(folder / "inputs", 2022)["5104"]
    assert city.verdict == "not_shown"
    assert (city.numerator, city.denominator, city.needed) == (expected["persons"], 1_216_000, 912_000)
    assert city.ceiling == expected["persons"] + expected["unnamed_visits"]
    assert city.silent == expected["silent_villages"]
    assert city.bound == city.ceiling + expected["silent_residents"] + oracle.nowhere(folder / "inputs", 2022)
    assert 0.04 * 1_216_000 < expected["persons"] < 0.06 * 1_216_000
    assert 0.50 * 1_216_000 < city.ceiling < 0.58 * 1_216_000


def _day(text: str) -> Any:
    import datetime as dt

    return dt.date.fromisoformat(text)


def compare(lms: commlms.LMS, inputs: Path, year: int) -> None:
    expected = oracle.figures(inputs, year)
    figures = lms.figures(str(year), "reporting")
    names = {
        "persons": "core.persons", "seniors": "seniors.persons", "named_visits": "core.visits", "minutes": "core.minutes",
        "sessions": "core.sessions", "unnamed_visits": "core.unnamed_visits",
    }
    for code, wanted in expected.items():
        place = lms.place(code, figures.period.last)
        for key, metric in names.items():
            assert figures.figure(lms.metric(metric), place).numerator == wanted[key], (year, code, key)
        assert len(figures.silent(place)) == wanted["silent_villages"] or not code.startswith("5104"), (year, code)
    assert figures.unknown_home == oracle.nowhere(inputs, year)


def test_every_wrong_row_is_rejected_for_its_reason_and_every_sum_row_is_passed_over(tmp_path: Path) -> None:
    """Line by line as the generator's manifest says; no good row is rejected."""
    manifest = generated(tmp_path, "0.03")
    seen: set[str] = set()
    with opened(tmp_path) as lms:
        load_real(lms)
        for entry in manifest:
            result = lms.import_file(entry["record"], tmp_path / "inputs" / entry["file"], under=entry["under"] or None)
            got = {p.line: p.code for p in reversed(result.problems)}
            assert got == {w["line"]: w["code"] for w in entry["wrong"]}, entry["file"]
            assert result.not_counted == len(entry["not_counted_lines"]), entry["file"]
            assert result.read == result.new + result.changed + result.unchanged + result.held + result.rejected
            seen |= set(got.values())
            assert lms.recount(check=True) == [], entry["file"]
    assert len(seen) >= 25, sorted(seen)


def test_undoing_any_import_of_the_demo_gives_the_former_content_back(tmp_path: Path) -> None:
    manifest = generated(tmp_path, "0.02")
    with opened(tmp_path) as lms:
        load_real(lms)
        for entry in manifest:
            before = content(lms)
            path, under = tmp_path / "inputs" / entry["file"], entry["under"] or None
            first = lms.import_file(entry["record"], path, under=under)
            after = content(lms)
            assert first.journal is not None
            lms.undo(first.journal)
            assert content(lms) == before, entry["file"]
            again = lms.import_file(entry["record"], path, under=under)
            assert (again.new, again.changed) == (first.new, first.changed)
            assert _numbered(lms, content(lms)) == _numbered(lms, after)


def _numbered(lms: commlms.LMS, tables: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """The content without journal entries, rows numbered in the order of their ids: the number of a row undone is never given again."""
    columns = {name: [d[0] for d in lms.database.execute(f'SELECT * FROM "{name}" LIMIT 0').description] for name in tables}
    ranks = {
        name: {row: n for n, row in enumerate(sorted(r[columns[name].index("id")] for r in rows))}
        for name, rows in tables.items() if "id" in columns[name]
    }
    found = {}
    for name, rows in tables.items():
        points = {row[3]: row[2] for row in lms.database.execute(f'PRAGMA foreign_key_list("{name}")') if row[4] == "id"} | {"id": name}
        points.pop("journal", None)
        kept = [
            tuple(
                ranks[points[c]][v] if c in points and points[c] in ranks and v is not None else v
                for c, v in zip(columns[name], row, strict=True) if c != "journal"
            )
            for row in rows
        ]
        found[name] = sorted(kept, key=repr)
    return found


def test_moves_in_2022_leave_2021_untouched(tmp_path: Path) -> None:
    manifest = generated(tmp_path, "0.05")
    with opened(tmp_path) as lms:
        load_real(lms)
        moved = False
        for entry in manifest:
            year = lms.database.execute("SELECT * FROM total WHERE year = 2021 ORDER BY place").fetchall()
            result = lms.import_file(entry["record"], tmp_path / "inputs" / entry["file"], under=entry["under"] or None)
            if "迁居" in entry["file"]:
                moved = result.changed > 0
                assert lms.database.execute("SELECT * FROM total WHERE year = 2021 ORDER BY place").fetchall() == year
                assert lms.recount(check=True) == []
        assert moved


def test_without_seniors_judging_works_and_an_import_leaves_the_absent_totals_right(tmp_path: Path) -> None:
    manifest = generated(tmp_path, "0.02")
    half = len(manifest) // 2
    with opened(tmp_path) as lms:
        load_real(lms)
        for entry in manifest[:half]:
            lms.import_file(entry["record"], tmp_path / "inputs" / entry["file"], under=entry["under"] or None)
    with opened(tmp_path, without=["seniors"]) as lms:
        assert "seniors" not in lms.host.names
        for entry in manifest[half:]:
            lms.import_file(entry["record"], tmp_path / "inputs" / entry["file"], under=entry["under"] or None)
        assert lms.recount(check=True) == []
        assert any("seniors" in finding.label.en for finding in lms.doctor())
        assert {j.verdict for _, j in lms.judge(["004"], as_of=_day("2022-12-31"))}
    with opened(tmp_path) as lms:
        assert lms.recount(check=True) == []
        figures = lms.figures("2022", "reporting")
        expected = oracle.figures(tmp_path / "inputs", 2022)["5104"]
        assert figures.figure(lms.metric("seniors.persons"), lms.place("5104")).numerator == expected["seniors"]
