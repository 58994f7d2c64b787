"""A database that is not there, and one that is damaged: a sentence and status 1, no traceback, nothing made."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.test_bad_input import Desk
from tests.measure.city import A1, attend, city, learners, session

READING = [
    ("list", "place"), ("metrics", "--period", "2022"), ("judge",), ("recount",), ("imports",), ("export", "learner", "-"),
    ("set", "learner", "L1", "name=甲"), ("checkin", "L1", "S1"), ("undo", "1"), ("person", "export", "L1"), ("doctor",),
]


@pytest.mark.parametrize("words", READING, ids=lambda w: w[0])
def test_a_mistyped_database_is_refused_and_not_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    """The sentence names the path and the command that would make it."""
    desk = Desk(tmp_path)
    done = desk.run(*words)
    assert done.returncode == 1
    said = f"there is no database file {desk.db}; 'commlms init' makes one, --db says where yours is"
    assert (done.stdout + done.stderr).strip() == said
    assert not list(tmp_path.glob("city.db*"))


@pytest.mark.parametrize("words", [w for w in READING if w[0] != "doctor"], ids=lambda w: w[0])
def test_another_programs_database_is_not_touched_by_reading(tmp_path: Path, words: tuple[str, ...]) -> None:
    """A mistyped path that leads into another program's file: refused, and no table is made in it."""
    desk = Desk(tmp_path)
    with closing(sqlite3.connect(desk.db)) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
        connection.commit()
    done = desk.run(*words)
    assert (done.returncode, "has no tables of commlms; 'commlms init' makes them in it" in done.stderr) == (1, True)
    assert desk.run("template", "learner", "blank.csv").returncode == 0
    with closing(sqlite3.connect(desk.db)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


def test_what_needs_no_database_makes_none(tmp_path: Path) -> None:
    """A blank table, the records, the documents, a rule pack, the plugins, and a dry run."""
    desk = Desk(tmp_path)
    places = desk.file("places.csv", "代码,名称,级别,上级代码", "5104,攀枝花市,市,")
    pack = Path(__file__).parents[2] / "plugins/policies/commlms_policies/packs"
    words: tuple[tuple[str | Path, ...], ...] = (
        ("template", "learner", "blank.csv"), ("schema",), ("policies",), ("policies", "check", next(pack.glob("*.toml"))), ("plugins",),
        ("import", "place", places, "--dry-run"),
    )
    for command in words:
        assert desk.run(*command).returncode == 0, command
    assert not list(tmp_path.glob("city.db*"))


BEGINNING = [("init",), ("import", "place", "places.csv"), ("add", "place", "code=5104", "name=攀枝花市", "level=市")]


@pytest.mark.parametrize("words", BEGINNING, ids=lambda w: w[0])
def test_three_commands_begin_a_database(tmp_path: Path, words: tuple[str, ...]) -> None:
    """``init``, ``import`` and ``add``."""
    desk = Desk(tmp_path)
    desk.file("places.csv", "代码,名称,级别,上级代码", "5104,攀枝花市,市,")
    assert desk.run(*words).returncode == 0
    assert desk.db.is_file()


@pytest.fixture
def full(tmp_path: Path) -> Desk:
    """A desk whose database holds a city."""
    desk = Desk(tmp_path)
    with city(desk.db) as lms:
        learners(lms, A1, "L1")
        session(lms, "S1", A1, "2022-03-05")
        attend(lms, "S1", "L1")
        lms.database.execute("PRAGMA journal_mode=DELETE")
    return desk


def overwrite(path: Path, page: int) -> None:
    """Fill one page of a database with rubbish."""
    with sqlite3.connect(path) as connection:
        size: int = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


@pytest.mark.parametrize("table", ["place", "participation", "declaration", "measure", "_sqlite_migrations"])
def test_a_damaged_database_is_called_damaged(full: Desk, table: str) -> None:
    """The doctor has it as a finding, other commands as one sentence; nobody says that it is another program's."""
    with sqlite3.connect(full.db) as connection:
        root: int = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    connection.close()
    overwrite(full.db, root)
    examined = full.run("doctor")
    assert examined.returncode == 1
    assert "✗ the database file is damaged (" in examined.stdout
    assert "restore it from a backup" in examined.stdout
    assert "all is well" not in examined.stdout
    statuses = []
    for words in (("list", "place"), ("list", "participation"), ("recount",)):
        done = full.run(*words)
        statuses.append(done.returncode)
        assert done.returncode == 0 or done.stderr.startswith("the database file is damaged ("), done.stderr
        assert "is not a commlms database" not in done.stdout + done.stderr
    assert 1 in statuses


def test_text_that_cannot_be_decoded_is_damage_and_is_not_quoted(full: Desk) -> None:
    """Python's own message would print the name that it cannot read."""
    content = full.db.read_bytes()
    assert "学员".encode() in content
    full.db.write_bytes(content.replace("学员".encode(), "学".encode() + b"\xff\xff\xff"))
    for words in (("doctor",), ("list", "learner")):
        done = full.run(*words)
        assert done.returncode == 1
        assert "the database file is damaged (text is not UTF-8)" in done.stdout + done.stderr


def test_another_programs_database_is_no_commlms_database(tmp_path: Path) -> None:
    """A file that is none at all, and one with other tables, seen by the doctor."""
    desk = Desk(tmp_path)
    desk.db.write_bytes(b"no database at all, but longer than a header" * 30)
    assert desk.run("list", "place").stderr == "city.db is not a commlms database\n"
    desk.db.unlink()
    with sqlite3.connect(desk.db) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER PRIMARY KEY)")
    connection.close()
    done = desk.run("doctor")
    assert (done.returncode, done.stdout) == (1, "✗ this is not a commlms database\n")
