"""What is measured: one module each. ``CASES`` of every city in this order; ``ONCE`` needs no city."""

from __future__ import annotations

from bench.cases import (
    checkin,
    concurrency,
    first_import,
    import_participations,
    import_roster,
    judging,
    recount,
    report,
    sameness,
    startup,
    take,
    unkept,
)

CASES = (import_participations, import_roster, checkin, report, recount, sameness, unkept, first_import, concurrency)
ONCE = (startup, take, judging)
