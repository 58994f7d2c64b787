"""Embedding: the example runs, and a host's own connection is used by the rules of a guest."""

import datetime as dt
import runpy
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from commlms import Headcount, Learner, Participation, Place, RowsRefused, StoreError
from commlms.testing import City, figure, load_alone, open_lms, small_city

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "embed.py"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A host's connection as Python opens it by default, which begins transactions by itself."""
    made = sqlite3.connect(tmp_path / "platform.db")
    made.execute("PRAGMA foreign_keys=ON")
    yield made
    made.close()


def stored(path: Path, sql: str) -> int:
    """What another program reads from the file."""
    other = sqlite3.connect(path)
    try:
        return int(other.execute(sql).fetchone()[0])
    finally:
        other.close()


def test_the_example_runs_and_its_figures_are_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """1 of 8 is proven and at most 4 (three visits without names); the wrong day is named by line and cell.

    What the savepoint took back is not there: one participation, not two.
    """
    runpy.run_path(str(EXAMPLE))["main"](tmp_path)
    said = capsys.readouterr().out
    for words in (
        "new: 2 again: 2", "ledger: 1 new; 台账.csv 第 3 行（B3）", "居民参与率 1/8 至多 4", "智慧助老覆盖率 1/1", "recount differs: []",
    ):
        assert words in said
    assert "王秀英" not in said, "explanations name no one"
    assert stored(tmp_path / "platform.db", "SELECT COUNT(*) FROM participation") == 1


def test_foreign_keys_off_is_refused(tmp_path: Path) -> None:
    """The sentence says what to run."""
    made = sqlite3.connect(tmp_path / "platform.db")
    with pytest.raises(StoreError, match="PRAGMA foreign_keys=ON"):
        open_lms(load_alone("nothing", _Nothing), made)
    made.close()


class _Nothing:
    """A plugin that declares nothing."""

    COMMLMS_API = 1


def test_outside_a_transaction_every_write_is_committed(connection: sqlite3.Connection, tmp_path: Path) -> None:
    """Another program sees the rows at once, and no transaction is left open behind."""
    lms = open_lms(load_alone("nothing", _Nothing), connection)
    small_city(lms)
    assert not connection.in_transaction
    assert stored(tmp_path / "platform.db", "SELECT COUNT(*) FROM learner") == 8
    lms.check_in("L2", "S2")
    lms.set("learner", "L2", occupation="在职")
    with pytest.raises(RowsRefused):
        lms.add({"code": "L9", "name": "冯某", "born": "2022-13-01"}, "learner")
    assert not connection.in_transaction
    assert stored(tmp_path / "platform.db", "SELECT COUNT(*) FROM participation") == 11


def test_inside_a_transaction_nothing_is_committed(connection: sqlite3.Connection, tmp_path: Path) -> None:
    """The host rolls back, and rows, totals and journal are as before."""
    lms = open_lms(load_alone("nothing", _Nothing), connection)
    small_city(lms)
    before = list(connection.iterdump())
    connection.execute("BEGIN")
    lms.add(Participation(learner="L2", session="S2"))
    lms.add(Headcount(session="S4", counts="present", persons=9))
    lms.check_in("L5", "S4")
    assert connection.in_transaction
    assert figure(lms, "core.visits").numerator == 9, "seven of home known, and two more; L8's home is unknown"
    assert stored(tmp_path / "platform.db", "SELECT COUNT(*) FROM participation") == 10
    connection.rollback()
    assert list(connection.iterdump()) == before
    assert lms.recount(check=True) == []


def test_a_savepoint_of_the_host_takes_back_what_came_after_it(connection: sqlite3.Connection) -> None:
    """What was written before the savepoint stays."""
    lms = open_lms(load_alone("nothing", _Nothing), connection)
    small_city(lms)
    connection.execute("BEGIN")
    lms.check_in("L2", "S2")
    connection.execute("SAVEPOINT later")
    lms.add(Learner(code="L9", name="冯某", home=City().villages[0]))
    lms.check_in("L9", "S2")
    connection.execute("ROLLBACK TO later")
    connection.commit()
    assert "L9" not in {r.reference for r in lms.rows("learner")}
    assert figure(lms, "core.visits").numerator == 8
    assert lms.recount(check=True) == []


def test_the_hosts_key_finds_its_row_again(connection: sqlite3.Connection) -> None:
    """The same source and key: unchanged the first time, changed when something differs, never a second row."""
    lms = open_lms(load_alone("nothing", _Nothing), connection)
    lms.add(Place(code="90", name="示例省", level="province"))
    row = {"source": "platform", "source_key": "i1", "code": "N1", "name": "城北学校", "place": "90"}
    assert lms.add(row, "institution").new == 1
    again = lms.add(row, "institution")
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    renamed = lms.add({**row, "name": "城北社区学校"}, "institution")
    assert (renamed.new, renamed.changed) == (0, 1)
    assert [r.cells["name"] for r in lms.rows("institution")] == ["城北社区学校"]


def test_the_clock_is_the_hosts(connection: sqlite3.Connection) -> None:
    """A session of the day after ``today`` is in the future and refused, whatever the machine's clock says."""
    lms = open_lms(load_alone("nothing", _Nothing), connection)
    small_city(lms)
    row = {"institution": "EAST", "theme": "明天", "on": dt.date(2023, 7, 1)}
    with pytest.raises(RowsRefused, match="after today"):
        lms.add(row, "session")
    assert lms.add({**row, "on": dt.date(2023, 6, 30)}, "session").new == 1
