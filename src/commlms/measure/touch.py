"""Which learners and sessions a change of a row can touch: the chain participation > session > offering > course."""

from __future__ import annotations

from commlms.core.records import Record
from commlms.measure.touched import Touched

_BY_SESSION = {
    "session": "SELECT k1 FROM {rows}",
    "offering": 'SELECT id FROM session WHERE offering IN (SELECT k1 FROM {rows})',
    "course": (
        "SELECT id FROM session WHERE course IN (SELECT k1 FROM {rows}) "
        "OR offering IN (SELECT id FROM offering WHERE course IN (SELECT k1 FROM {rows}))"
    ),
}


def touch(touched: Touched, record: Record, rows: str) -> None:
    """Name what the rows of ``record`` whose keys stand in the table ``rows`` (k1, k2) can touch."""
    key = record.key
    if key in _BY_SESSION:
        chain = _BY_SESSION[key].format(rows=rows)
        touched.sessions(chain)
        touched.learners(f"SELECT learner FROM participation WHERE session IN ({chain})")
    elif key in ("same_learner", "same_session"):
        for name in record.identity:
            ends = f'SELECT "{name}" FROM "{record.table}" WHERE id IN (SELECT k1 FROM {rows})'
            (touched.learners if key == "same_learner" else touched.sessions)(ends)
        touched.regroup("learner" if key == "same_learner" else "session")
    elif key == "institution":
        touched.sessions(f"SELECT id FROM session WHERE institution IN (SELECT k1 FROM {rows})")
    elif key == "learner":
        touched.learners(f"SELECT k1 FROM {rows}")
    elif key == "place":
        touched.learners(f"SELECT owner FROM learner_state WHERE home IN (SELECT k1 FROM {rows})")
    elif key == "participation":
        touched.visits(f"SELECT k1, k2 FROM {rows}")
    elif key in ("headcount", "unmatched"):
        touched.sessions(f'SELECT session FROM "{key}" WHERE id IN (SELECT k1 FROM {rows})')
    elif any(f.name == "learner" and f.target == "learner" for f in record.fields):
        if record.paired:
            touched.learners(f"SELECT {'k1' if record.identity[0] == 'learner' else 'k2'} FROM {rows}")
        else:
            touched.learners(f'SELECT learner FROM "{record.table}" WHERE id IN (SELECT k1 FROM {rows})')
