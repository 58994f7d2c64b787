"""Which of many verdicts of one target are written out, where people read them: what is met is only named."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from commlms.report.content import Verdict

#: So many are written out; the workbook and the JSON have them all.
MOST_LISTED = 40


@attrs.frozen
class Listed:
    """The verdicts written out and how many more there are; the names of the places that meet, and how many more of these."""

    rows: tuple[Verdict, ...]
    rest: int
    met: tuple[str, ...]
    met_rest: int


def listed(group: Sequence[Verdict], most: int = MOST_LISTED) -> Listed:
    """What is short first, then what is not shown; what is met by name; of what does not apply or has no data only the count."""
    told = [v for verdict in ("short", "not_shown") for v in group if v.verdict == verdict]
    met = [v.where.zh for v in group if v.verdict == "met"]
    return Listed(tuple(told[:most]), max(0, len(told) - most), tuple(met[:most]), max(0, len(met) - most))
