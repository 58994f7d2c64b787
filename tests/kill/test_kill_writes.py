"""A process killed at any statement of any kind of write leaves all of it or nothing, with exact totals; it can be done again."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from commlms import LMS, Host, Metric, Total, hookimpl, sessions
from commlms.store.database import Database
from tests.measure.city import A1, A2, B1, TODAY, attend, bundled, city, content, headcount, learners, session

Write = Callable[[LMS], Any]


def _latest(lms: LMS, action: str) -> int:
    return int(lms.database.one("SELECT MAX(id) FROM journal WHERE action = ?", (action,)))


#: Every kind of write but the import, which has its own tests. Each finds the session S1 with six people, and check-ins pending.
WRITES: dict[str, Write] = {
    "add": lambda lms: lms.add([{"learner__code": f"L{i}", "session__code": "S2"} for i in range(6)], "participation"),
    "move": lambda lms: lms.add([{"code": "L1", "name": "学员L1", "home": B1, "since": "2022-06-01"}], "learner"),
    "set a person": lambda lms: lms.set("learner", "L1", born="1950-01-01", home=B1),
    "set a session": lambda lms: lms.set("session", "S1", on="2021-03-05", institution=f"I-{B1}"),
    "set a course": lambda lms: lms.set("course", "C1", category="智能手机应用"),
    "set a place": lambda lms: lms.set("place", A1, area="rural"),
    "remove": lambda lms: lms.remove("participation", "L2/S1"),
    "undo": lambda lms: lms.undo(_latest(lms, "add")),
    "check_in": lambda lms: lms.check_in("L5", "S2"),
    "erase": lambda lms: lms.people.erase("L1"),
    "fold": lambda lms: lms.totals.fold(),
    "recount": lambda lms: lms.recount(),
    "a new metric": lambda lms: LMS(lms.database.path, today=TODAY, host=with_rule(2)),
    "another rule": lambda lms: LMS(lms.database.path, today=TODAY, host=with_rule(3)),
}


@cache
def with_rule(times: int) -> Host:
    """The bundled plugins and one more, whose only metric counts who came so many times: its next version counts differently."""
    metric = Metric("rule.regulars", "常客", "regulars", Total(where=sessions() >= times))
    return Host(modules={"rule": SimpleNamespace(COMMLMS_API=1, register_metrics=hookimpl(lambda: [metric]))})


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with something of everything, and check-ins that are not folded."""
    path = tmp_path_factory.mktemp("kill") / "ready.db"
    with city(path) as lms:
        lms.add([{"code": "C1", "title": "课程", "category": "声乐"}], "course")
        session(lms, "S1", A1, "2022-03-05", minutes=60, course="C1")
        session(lms, "S2", B1, "2022-04-05", minutes=45)
        learners(lms, A1, *(f"L{i}" for i in range(5)), born="1950-01-01")
        learners(lms, A2, "L5")
        attend(lms, "S1", "L0", "L1", "L2")
        headcount(lms, "S1", "present", 9)
        lms.add([{"learner__code": "L1", "group": "new_citizen", "since": "2021-01-01"}], "standing")
        for who in ("L3", "L4", "L5"):
            lms.check_in(who, "S1")
        lms.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def copied(ready: Path, path: Path, kind: str) -> Path:
    """A fresh copy for one write."""
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    shutil.copy(ready, path)
    if kind == "another rule":
        LMS(path, today=TODAY, host=with_rule(2)).close()
    return path


def killed(path: Path, write: Write, statement: int) -> bool:
    """Do a write in another process that is killed before one of its statements; whether it was."""
    child = os.fork()
    if not child:
        with LMS(path, today=TODAY, host=bundled()) as lms, counted(statement):
            write(lms)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == signal.SIGKILL


@contextmanager
def counted(last: int = 0) -> Iterator[list[int]]:
    """Counts the statements; before the ``last`` one the process is killed."""
    real, done = Database.execute, [0]

    def execute(self: Database, *given: Any) -> Any:
        done[0] += 1
        if done[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "execute", execute)
        yield done


def seen(path: Path) -> dict[str, list[dict[str, Any]]]:
    """What the database holds; asserts that it is whole and its totals exact."""
    with LMS(path, today=TODAY, host=bundled()) as lms:
        assert lms.database.one("PRAGMA integrity_check") == "ok"
        assert lms.recount(check=True) == []
        return content(lms)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process made by fork")
@pytest.mark.parametrize("kind", WRITES)
def test_a_write_killed_anywhere_is_there_or_not_and_can_be_done_again(kind: str, ready: Path, tmp_path: Path) -> None:
    """Before statements from the first to the last: the content is that of before or of after, and never between."""
    write, path, found = WRITES[kind], tmp_path / "city.db", []
    before = seen(copied(ready, path, kind))
    with LMS(copied(ready, path, kind), today=TODAY, host=bundled()) as lms, counted() as statements:
        write(lms)
    after = seen(path)
    (number,) = statements
    for statement in sorted({*range(1, number, max(1, number // 7)), number - 1, number}):
        assert killed(copied(ready, path, kind), write, statement)
        now = seen(path)
        assert now in (before, after), statement
        found.append(now == after)
        if not found[-1]:
            assert not killed(path, write, 0)
            assert seen(path) == after, statement
    # Once it is there it stays.
    assert found == sorted(found)
    assert len(found) > 3
