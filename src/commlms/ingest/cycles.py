"""A place or institution below itself: found before anything is written, since no tree could be added up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from commlms.core.problems import Problem
from commlms.core.records import Field, Record
from commlms.ingest.staging import Stage


def cycles(stage: Stage) -> Iterator[Problem]:
    """A problem for each good staged row that would stand below itself."""
    for f in stage.record.fields:
        if stage.self_reference(f):
            yield from _cycles(stage, f)


def _cycles(stage: Stage, f: Field) -> Iterator[Problem]:
    key = stage.record.identity[0]
    rows = stage.database.execute(f'SELECT line, "{key}", "{f.name}__code" FROM temp.stage WHERE bad = 0 ORDER BY line').fetchall()
    above = _stored(stage, stage.record, f, key) | {code: parent for _, code, parent in rows if parent}
    for line, code, parent in rows:
        if parent and _returns(code, above):
            yield Problem("cycle", f.name, line, "", {"field": f.label})


def _stored(stage: Stage, record: Record, f: Field, key: str) -> dict[str, str]:
    """Code to parent's code, as stored last."""
    if record.field(key).dated:
        table, own = record.state_table, "owner"
        latest = f'WHERE s.since = (SELECT MAX(m.since) FROM "{table}" m WHERE m.owner = s.owner)'
    else:
        table, own, latest = record.table, "id", "WHERE 1"
    parent = f'(SELECT p."{key}" FROM "{table}" p WHERE p.{own} = s."{f.name}" LIMIT 1)'
    found = stage.database.execute(f'SELECT s."{key}", {parent} FROM "{table}" s {latest} AND s."{f.name}" IS NOT NULL')
    return {code: above for code, above in found.fetchall() if above}


def _returns(start: str, above: Mapping[str, str]) -> bool:
    """Whether climbing from ``start`` leads back to it."""
    seen: set[str] = set()
    current = above.get(start)
    while current is not None and current not in seen:
        if current == start:
            return True
        seen.add(current)
        current = above.get(current)
    return False
