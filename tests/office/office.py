"""The office example from outside: its folder, its oracle, and what a database holds, in the words of its manifest."""

from __future__ import annotations

import copy
import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from commlms import LMS

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "office"
_SESSIONS = """
SELECT i.name, s."on", s.start, s.theme, s.minutes, s.meetings, s.began,
       (SELECT h.persons FROM headcount h WHERE h.session = s.id AND h.counts = 'present' AND h.audience = ''),
       (SELECT COUNT(*) FROM participation p WHERE p.session = s.id), (SELECT COUNT(*) FROM unmatched u WHERE u.session = s.id)
FROM session s JOIN institution i ON i.id = s.institution
"""
_STRENGTH = """
SELECT CASE WHEN code IS NOT NULL THEN 'code' WHEN id_number_digest IS NOT NULL THEN 'card'
            WHEN born_first = born_last THEN 'date' ELSE 'year_home' END FROM learner
"""
_ORIGINS = """
SELECT d.file, x.sheet, x.line, CASE WHEN d.shape = 'month_grid' THEN x.cell ELSE '' END, x."table"
FROM delivered x JOIN delivery d ON d.id = x.delivery
WHERE d.replaced_by IS NULL AND (x."table" IN ('participation', 'unmatched') OR x."table" = 'session' AND d.shape = 'ledger')
"""
METRICS = {"persons": "core.persons", "visits": "core.visits", "unnamed_visits": "core.unnamed_visits", "sessions": "core.sessions"}


def generate(out: Path, seed: int = 2022) -> dict[str, Any]:
    """Write the folder; gives its manifest."""
    run(sys.executable, str(EXAMPLE / "generate.py"), str(out), "--seed", str(seed))
    return read(out / "manifest.json")


def run(*words: str, ends: tuple[int, ...] = (0,), **environment: str) -> str:
    """The output of a command, which must end as told."""
    around = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    done = subprocess.run(words, cwd=ROOT, env=around, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode in ends, (done.returncode, done.stdout[-3000:] + done.stderr[-3000:])
    return done.stdout


def read(path: Path) -> Any:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def oracle() -> ModuleType:
    """The example's oracle."""
    spec = importlib.util.spec_from_file_location("office_oracle", EXAMPLE / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def expected(facts: dict[str, Any]) -> dict[str, Any]:
    """What the oracle makes of facts, which stay as they are."""
    made: dict[str, Any] = oracle().expected(copy.deepcopy(facts))
    return made


def plain(shape: str) -> str:
    """A shape without the record that a table is of: ``table:attendance`` is a table."""
    return shape.partition(":")[0]


def by_delivery(sheets: list[dict[str, Any]], numbers: tuple[str, ...]) -> dict[tuple[str, str, str], list[int]]:
    """The numbers of a file's sheets added up for each sender, shape and period."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for sheet in sheets:
        added = found.setdefault((sheet["sender"], plain(sheet["shape"]), sheet["period"]), [0] * len(numbers))
        for n, name in enumerate(numbers):
            added[n] += sheet[name]
    return found


def day(number: int | None) -> str:
    """20220305 as 2022-03-05, nothing as ''."""
    return f"{number // 10000}-{number // 100 % 100:02d}-{number % 100:02d}" if number else ""


def sessions(lms: LMS) -> dict[tuple[str, str, str, str], tuple[Any, ...]]:
    """Minutes, meetings, first day, persons present, known and not, by organiser, day, start and theme."""
    return {
        (host, day(on), start, theme): (minutes, meetings, day(began), present, known, unmatched)
        for host, on, start, theme, minutes, meetings, began, present, known, unmatched in lms.database.execute(_SESSIONS)
    }


def wanted_sessions(manifest: dict[str, Any]) -> dict[tuple[str, str, str, str], tuple[Any, ...]]:
    """The same of the manifest."""
    return {
        (s["host"], s["on"], s["start"], s["theme"]): (s["minutes"], s["meetings"], s["began"], s["present"], s["known"], s["unmatched"])
        for s in manifest["sessions"]
    }


def strengths(lms: LMS) -> dict[str, int]:
    """Learners by how well they are told."""
    return dict(Counter(row[0] for row in lms.database.execute(_STRENGTH)))


def unmatched(lms: LMS) -> dict[str, int]:
    """Rows of nobody by state."""
    return dict(lms.database.execute("SELECT state, COUNT(*) FROM unmatched GROUP BY state").fetchall())


def origins(lms: LMS) -> set[tuple[str, ...]]:
    """File, sheet, line and cell (of a sign in a month grid) of everything that stands, with the table it is in."""
    return set(lms.database.execute(_ORIGINS).fetchall())


def live(lms: LMS) -> set[tuple[str, str, str]]:
    """Sender, shape and period of every delivery that holds."""
    found = lms.database.execute(
        "SELECT p.code, d.shape, d.period FROM delivery d JOIN place_state p ON p.owner = d.sender WHERE d.replaced_by IS NULL"
    )
    return {(sender, plain(shape), period) for sender, shape, period in found}


def content(lms: LMS) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows but the journal's own and the archive's, which keeps what was sent whatever becomes of it; sorted."""
    skipped = {"journal", "journal_old", "archive"}
    tables = sorted(t for t in lms.database.tables() if t not in skipped and not t.startswith(("sqlite_", "_sqlite")))
    return {t: sorted(lms.database.execute(f'SELECT * FROM "{t}"').fetchall(), key=repr) for t in tables}


def of_the_city(lms: LMS) -> dict[str, int]:
    """The city's figures for 2022 by the names of the manifest."""
    figures, city = lms.figures("2022"), lms.place("5104", 20221231)
    return {name: figures.figure(lms.metric(metric), city).numerator or 0 for name, metric in METRICS.items()}
