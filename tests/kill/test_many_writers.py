"""Eight processes write while a ninth reports and a tenth imports: each report is of one moment, and nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from commlms import LMS
from tests.kill.test_concurrency import OPEN, finished, start
from tests.measure.city import A1, B1, PROVINCE, TODAY, city, learners, session
from tests.properties.counted import Facts, own, rolled

WRITERS, EACH, SIGNED = 8, 24, 400
#: Each writer has people of its own: all come, every fourth check-in is taken back, others are moved or corrected.
WRITE = OPEN + f"""
for number in range({EACH}):
    who = f"D{{sys.argv[2]}}-{{number}}"
    came = lms.check_in(who, "S1")
    if number % 4 == 0:
        lms.undo(came)
    elif number % 4 == 1:
        lms.set("learner", who, home="{B1}")
    elif number % 4 == 2:
        moved = lms.set("learner", who, born="1950-01-01")
        if number % 8 == 2:
            lms.undo(moved)
"""
IMPORT = OPEN + """
from commlms.ingest import landing, pairs
landing.BATCH = pairs.BATCH = 40
assert lms.import_file("participation", sys.argv[2]).problems == []
"""
#: Reports until told to stop. Of each: the newest write it may know of, the rows an import had landed by then, and its figures.
REPORT = OPEN + """
import json
from pathlib import Path
out = Path(sys.argv[2])
def below(places):
    for place in places:
        yield place
        yield from below(place["children"])
def figures():
    lms.report(out, "2022")
    places = below(json.loads(out.read_text(encoding="utf-8"))["places"])
    return {p["code"]: {k: p["figures"]["core." + k]["numerator"] for k in ("persons", "visits", "minutes")} for p in places}
while not out.with_suffix(".stop").exists():
    with lms.moment():
        newest, landed = lms.database.execute(
            "SELECT MAX(id), COALESCE(SUM(CASE WHEN action = 'import' AND record = 'participation' THEN new END), 0) FROM journal"
        ).fetchone()
        print(json.dumps([newest, landed, figures()]), flush=True)
    print(json.dumps([None, None, figures()]), flush=True)
"""


def test_every_report_is_of_one_moment_while_eight_processes_write_and_one_imports(tmp_path: Path) -> None:
    """All people come to one session of 60 minutes: within a report minutes are 60 x visits, and places add up; and as of which write."""
    db, file, out = tmp_path / "city.db", tmp_path / "signed.csv", tmp_path / "report.json"
    with city(db) as lms:
        session(lms, "S1", A1, "2022-03-05", minutes=60)
        learners(lms, A1, *(f"D{p}-{n}" for p in range(WRITERS) for n in range(EACH)))
        learners(lms, B1, *(f"F{n}" for n in range(SIGNED)))
    file.write_text("\n".join(["学员编号,场次编号", *(f"F{n},S1" for n in range(SIGNED))]), encoding="utf-8")
    reader = subprocess.Popen(
        [sys.executable, "-c", REPORT, str(db), str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    lines = [reader.stdout.readline()]  # the first report is made before anybody writes
    finished(*(start(WRITE, str(db), str(p)) for p in range(WRITERS)), start(IMPORT, str(db), str(file)))
    out.with_suffix(".stop").touch()
    rest, said = reader.communicate(timeout=120)
    assert (said, reader.returncode) == ("", 0)
    reports = [json.loads(line) for line in [*lines, *rest.splitlines()]]
    with LMS(db, today=TODAY) as lms:
        _check_end(lms)
        for newest, landed, figures in reports:
            _check_report(figures, None if newest is None else landed + _visits_by(lms, newest))
    assert len({r[2][PROVINCE]["visits"] for r in reports}) > 3, "the reports saw nothing change"


def _visits_by(lms: LMS, newest: int) -> int:
    """Check-ins up to a write, less those that a write up to it took back."""
    return int(lms.database.one(
        "SELECT COUNT(*) FROM journal c WHERE c.action = 'check_in' AND c.id <= ? AND NOT EXISTS ("
        "SELECT 1 FROM journal u WHERE u.action = 'undo' AND u.id <= ? AND u.reason = 'undo ' || c.id)", (newest, newest),
    ))


def _check_report(figures: dict[str, dict[str, Any]], visits: int | None) -> None:
    whole = figures[PROVINCE]
    assert whole["minutes"] == 60 * whole["visits"]
    assert whole["persons"] == whole["visits"] == figures[A1]["persons"] + figures[B1]["persons"]
    assert visits is None or whole["visits"] == visits


def _check_end(lms: LMS) -> None:
    """Nothing lost, nothing double: the rows, the totals, an independent count."""
    came = WRITERS * EACH * 3 // 4
    assert lms.database.one("SELECT COUNT(*) FROM participation") == came + SIGNED
    assert lms.recount(check=True) == []
    assert [f for f in lms.doctor() if f.bad] == []
    with lms.moment():
        facts, figures = Facts(lms), lms.figures("2022")
        for key in ("core.persons", "core.minutes", "seniors.persons"):
            measure = lms.metric(key).numerator
            numbers = rolled(facts, own(facts, measure, figures.period.first, figures.period.last), figures.period.last)
            assert {p: n for p, n in figures.rolled(measure).items() if n} == dict(numbers), key
    moved = WRITERS * EACH // 4
    rolled_up = lms.figures("2022").rolled(lms.metric("core.persons").numerator)
    assert (rolled_up[lms.place(A1)], rolled_up[lms.place(B1)]) == (came - moved, SIGNED + moved)
    seniors = lms.figures("2022").rolled(lms.metric("seniors.persons").numerator)
    assert seniors[lms.place(PROVINCE)] == WRITERS * EACH // 8
