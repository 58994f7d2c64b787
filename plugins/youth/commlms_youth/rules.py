"""The window of the 430 school: Monday to Friday, after 16:30 (000 二(五)2: 每周一至周五下午4:30以后)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from commlms import Objection
from commlms_youth.declarations import PROGRAM

_OPENS = "16:30"


def outside_the_window(rows: Iterable[Mapping[str, Any]]) -> list[Objection]:
    """Objections to sessions of the 430 school at a weekend or before it opens. Holidays may differ: no program, no rule."""
    found = []
    for row in rows:
        if row.get("program") != PROGRAM:
            continue
        on = dt.datetime.strptime(str(row["on"]), "%Y%m%d")
        if on.weekday() >= 5:
            found.append(
                Objection(
                    row["line"], "on", "430学堂在周一至周五开放，这一天是周末", "the 430 school is open Monday to Friday; this is a weekend"
                )
            )
        elif row.get("start") and row["start"] < _OPENS:
            found.append(Objection(row["line"], "start", "430学堂在16:30以后开放", "the 430 school opens at 16:30"))
    return found
