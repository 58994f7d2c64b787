"""Inside a program's own connection: its transaction rules, its rollback takes everything back, events wait for its commit."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest

from commlms import LMS, Host, StoreError, WriteEvent, hookimpl
from tests.measure.city import A1, TODAY, attend, city, content, learners, numbers, session

Level = Literal["DEFERRED", "IMMEDIATE"] | None


def program(path: Path, level: Level = None) -> sqlite3.Connection:
    """The connection of an embedding program with a table of its own, opening transactions as ``level`` says."""
    connection = sqlite3.connect(path)
    connection.isolation_level = level
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("CREATE TABLE bookings (id INTEGER PRIMARY KEY)")
    return connection


class Listener:
    """A plugin that keeps what it is told of."""

    def __init__(self) -> None:
        self.events: list[WriteEvent] = []
        listener = self

        @hookimpl
        def after_write(event: WriteEvent) -> None:
            listener.events.append(event)

        self.module = SimpleNamespace(COMMLMS_API=1, __name__="listener", after_write=after_write)


def test_a_connection_with_foreign_keys_off_is_refused() -> None:
    """The sentence says which pragma to run."""
    with pytest.raises(StoreError, match="PRAGMA foreign_keys=ON"):
        LMS(connection=sqlite3.connect(":memory:"))


@pytest.mark.parametrize("level", [None, "DEFERRED", "IMMEDIATE"])
def test_a_write_outside_the_programs_transaction_is_committed(level: Level, tmp_path: Path) -> None:
    """Whatever the connection's isolation level, another connection sees the write at once and no transaction stays open."""
    connection = program(tmp_path / "own.db", level)
    connection.commit()
    lms = city(connection=connection)
    learners(lms, A1, "L1")
    lms.set("learner", "L1", sex="male")
    assert not connection.in_transaction
    other = sqlite3.connect(tmp_path / "own.db")
    assert other.execute("SELECT sex FROM learner").fetchall() == [("male",)]
    other.close()
    connection.close()


@pytest.mark.parametrize("level", [None, "DEFERRED"])
def test_the_programs_rollback_takes_back_all_that_was_written_inside(level: Level, tmp_path: Path) -> None:
    """Rows, totals and journal of several writes are gone with the program's own row; a failed write before left it open."""
    connection = program(tmp_path / "own.db", level)
    connection.commit()
    lms = city(connection=connection)
    learners(lms, A1, "L1")
    before, journal = content(lms), lms.database.one("SELECT COUNT(*) FROM journal")
    connection.execute("BEGIN")
    connection.execute("INSERT INTO bookings VALUES (1)")
    session(lms, "S1", A1, "2022-03-05")
    with pytest.raises(Exception, match="problems"):
        session(lms, "S2", A1, "2099-03-05")
    attend(lms, "S1", "L1")
    lms.check_in("L1", "S1")
    assert numbers(lms, "core.persons", "2022", A1) == (1, None, None)
    assert connection.in_transaction
    connection.execute("ROLLBACK")
    assert content(lms) == before
    assert lms.database.one("SELECT COUNT(*) FROM journal") == journal
    assert lms.recount(check=True) == []
    connection.close()


def test_events_wait_until_the_program_says_it_committed(tmp_path: Path) -> None:
    """Inside the program's transaction plugins hear nothing; after ``committed()`` they hear each write once."""
    connection, listener = program(tmp_path / "own.db"), Listener()
    lms = city(connection=connection, host=Host(modules={"listener": listener.module}))
    listener.events.clear()
    connection.execute("BEGIN")
    learners(lms, A1, "L1")
    session(lms, "S1", A1, "2022-03-05")
    assert listener.events == []
    connection.execute("COMMIT")
    assert listener.events == []
    lms.committed()
    assert [(e.record, e.new) for e in listener.events] == [("learner", 1), ("session", 1)]
    lms.committed()
    assert len(listener.events) == 2
    lms.check_in("L1", "S1")
    assert len(listener.events) == 3
    connection.close()


def test_closing_leaves_the_programs_connection_open(tmp_path: Path) -> None:
    """The connection is the program's; rows may come as ``sqlite3.Row`` without harm."""
    connection = program(tmp_path / "own.db")
    connection.row_factory = sqlite3.Row
    with city(connection=connection) as lms:
        learners(lms, A1, "L1")
        session(lms, "S1", A1, "2022-03-05")
        attend(lms, "S1", "L1")
        lms.undo(lms.set("learner", "L1", sex="male"))
        assert lms.recount(check=True) == []
        assert numbers(lms, "core.persons", "2022", A1) == (1, None, None)
        assert lms.doctor() == []
    assert connection.execute("SELECT COUNT(*) FROM bookings").fetchone()[0] == 0
    connection.close()


def test_rows_with_a_programs_own_key_are_written_once() -> None:
    """The same source and key again changes the row and makes no second one."""
    lms = city()
    row = {"source": "portal", "source_key": "77", "code": "L1", "name": "学员甲", "home": A1}
    assert lms.add([row], "learner").new == 1
    again = lms.add([row], "learner")
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    assert LMS(connection=lms.database.connection, today=TODAY).database.one("SELECT COUNT(*) FROM learner") == 1
