"""A plugin's register of pairs, in which a learner stands beside a session, is counted and taken back like any other."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from commlms import Host, Metric, Total, has, hookimpl, record, ref, text
from tests.measure.city import A1, attend, city, content, learners, numbers, session


@record("pairs.praise", zh="表扬", en="praise", identity=("learner", "session"), bulk=True)
class Praise:
    """One learner praised at one session."""

    learner: str = ref("learner", "学员", "learner")
    session: str = ref("session", "场次", "session")
    words: str | None = text("评语", "words", default=None)


@record("pairs.absence", zh="缺席", en="absence", identity=("session", "learner"), bulk=True)
class Absence:
    """The same pair the other way round."""

    session: str = ref("session", "场次", "session")
    learner: str = ref("learner", "学员", "learner")
    words: str | None = text("事由", "words", default=None)


@hookimpl
def register_records() -> list[type]:
    """Both registers."""
    return [Praise, Absence]


@hookimpl
def register_metrics() -> list[Metric]:
    """Learners with such a row."""
    return [
        Metric("pairs.praised", "受表扬的学员", "praised learners", Total(among=has(Praise))),
        Metric("pairs.absent", "缺席过的学员", "learners once absent", Total(among=has(Absence))),
    ]


PLUGIN = SimpleNamespace(COMMLMS_API=1, __name__="pairs", register_records=register_records, register_metrics=register_metrics)


@pytest.mark.parametrize(("key", "metric"), [("pairs.praise", "pairs.praised"), ("pairs.absence", "pairs.absent")])
def test_rows_of_pairs_move_the_totals_and_are_taken_back(key: str, metric: str) -> None:
    """Added, corrected, removed, undone: the figure follows and a recount agrees."""
    lms = city(host=Host(modules={"pairs": PLUGIN}))
    learners(lms, A1, "L1", "L2")
    session(lms, "S1", A1, "2022-03-05")
    attend(lms, "S1", "L1", "L2")
    before = content(lms)
    added = lms.add([{"learner__code": "L1", "session__code": "S1"}], key).journal
    assert added is not None
    assert numbers(lms, metric, "2022", A1)[0] == 1
    (row,) = lms.rows(key)
    lms.undo(lms.set(key, row.reference, words="好"))
    removed = lms.remove(key, row.reference)
    assert numbers(lms, metric, "2022", A1)[0] == 0
    lms.undo(removed)
    assert numbers(lms, metric, "2022", A1)[0] == 1
    assert lms.recount(check=True) == []
    lms.undo(added)
    assert content(lms) == before
