"""Rows about people against the store, beyond the keys: what an ID number says, and birth dates told less exactly."""

from __future__ import annotations

from collections.abc import Iterator

from commlms.core.problems import Problem
from commlms.core.records import Field
from commlms.ingest.staging import ID_BORN, ID_SEX, Stage

#: SQL for: a good row that has no code or other unique key, and that no weak one found.
_UNFOUND = "{row}.bad = 0 AND {row}.target IS NULL AND {row}.candidates IS NULL"


def other_people(stage: Stage) -> Iterator[Problem]:
    """Rows whose ID number says another birth date or sex than is stored of the person they mean."""
    card = next((f for f in stage.record.plain if f.kind.name == "id_number"), None)
    if card is None:
        return
    for f in stage.record.plain:
        if f.kind.name == "birth":
            differs = f'g."{ID_BORN}" NOT BETWEEN t."{f.columns[0]}" AND t."{f.columns[-1]}"'
        elif f.name == "sex":
            differs = f'g."{ID_SEX}" <> t."{f.columns[0]}"'
        else:
            continue
        rows = stage.database.execute(
            f'SELECT g.line FROM temp.stage g JOIN "{stage.record.table}" t ON t.id = g.target WHERE g.bad = 0 AND {differs}'
        )
        yield from (Problem("id_stored", card.name, line, "", {"field": f.label}) for (line,) in rows.fetchall())


def near_births(stage: Stage) -> Iterator[Problem]:
    """Rows without a code that fit a person but for how exactly the birth date is told: 1955, and 1955-08-09.

    They may be one person or two; nothing in the row can say which, so no second person is made: a row that is near a
    stored person is held, of two near each other the later is refused.
    """
    record = stage.record
    birth = next((f for f in record.plain if f.kind.name == "birth" and any(f.name in k for k in record.weak)), None)
    if birth is None:
        return
    parts = [record.field(n) for n in sorted({n for k in record.weak if birth.name in k for n in k} - {birth.name})]
    plain, dated = ([f.columns[0] for f in parts if f.dated is wanted] for wanted in (False, True))
    if plain:
        yield from _near_stored(stage, birth, plain, dated)
        yield from _near_each_other(stage, birth, plain, dated)


def _near_stored(stage: Stage, birth: Field, plain: list[str], dated: list[str]) -> Iterator[Problem]:
    states = f'SELECT 1 FROM "{stage.record.state_table}" s WHERE s.owner = o.id'
    home = "".join(f' AND (g."{c}" IS NULL OR EXISTS ({states} AND COALESCE(s."{c}", g."{c}") = g."{c}"))' for c in dated)
    rows = stage.database.execute(
        f'SELECT g.line, COUNT(*) FROM temp.stage g JOIN "{stage.record.table}" o ON {_near(stage, birth, plain)} '
        f"WHERE {_UNFOUND.format(row='g')}{home} GROUP BY g.line"
    )
    yield from (Problem("ambiguous_birth", birth.name, line, "", {"field": birth.label, "count": n}) for line, n in rows.fetchall())


def _near_each_other(stage: Stage, birth: Field, plain: list[str], dated: list[str]) -> Iterator[Problem]:
    """Only a birth date that is no single day can be near another; the same one twice is a duplicate anyway."""
    first, last = birth.columns
    home = "".join(f' AND (g."{c}" IS NULL OR o."{c}" IS NULL OR g."{c}" = o."{c}")' for c in dated)
    rows = stage.database.execute(
        "SELECT MAX(g.line, o.line) AS later, MIN(MIN(g.line, o.line)) "
        f"FROM temp.stage g JOIN temp.stage o ON {_near(stage, birth, plain)} "
        f"WHERE {_UNFOUND.format(row='g')} AND {_UNFOUND.format(row='o')} AND g.\"{first}\" < g.\"{last}\" "
        f'AND (g."{first}" <> o."{first}" OR g."{last}" <> o."{last}"){home} GROUP BY later'
    )
    yield from (Problem("duplicate", birth.name, line, "", {"line": other}) for line, other in rows.fetchall())


def _near(stage: Stage, birth: Field, plain: list[str]) -> str:
    first, last = birth.columns
    tests = [f'o."{c}" = g."{c}"' for c in plain]
    if any(f.name == "sex" for f in stage.record.plain):
        tests.append('COALESCE(o."sex", g."sex", 0) = COALESCE(g."sex", o."sex", 0)')
    return " AND ".join([*tests, f'g."{first}" <= o."{last}"', f'g."{last}" >= o."{first}"'])
