"""From an older declaration with data to a newer one; several processes at once; tables of plugins that are absent."""

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from commlms import LMS, Host
from commlms.store.database import Database
from commlms.store.doctor import examine
from tests.measure.city import A1, TODAY, city, content, learners

FIRST = '''
    """Late collections."""
    import datetime as dt
    from commlms import Metric, Rows, day, duration, hookimpl, record, ref, text

    COMMLMS_API = 1

    @record("care.pickup", zh="接送登记", en="late collection", identity=("place", "on", "child"))
    class Pickup:
        """One child that was fetched late."""

        place: str = ref("place", "学堂所在地", "place")
        on: dt.date = day("日期", "date")
        child: str = text("姓名", "child", tier="sensitive")
        minutes: int = duration("超时分钟", "minutes late")

    @hookimpl
    def register_records():
        return [Pickup]

    @hookimpl
    def register_metrics():
        return [Metric("care.pickups", "接送", "collections", Rows("care.pickup", day="on"), unit="row")]
'''
LATER = '        reason: str | None = text("原因", "reason", default=None, since=2)\n'
MARK = '        minutes: int = duration("超时分钟", "minutes late")\n'
OPEN = f"""
import datetime as dt, sys
from commlms import LMS
LMS(sys.argv[1], plugins_dir=sys.argv[2], today=dt.date({TODAY.year}, {TODAY.month}, {TODAY.day})).close()
"""
ROW = {"place": A1, "on": dt.date(2022, 3, 5), "child": "小甲", "minutes": 20}


def plugin(folder: Path, source: str) -> Path:
    """Write the plugin's source into a plugins folder."""
    folder.mkdir(exist_ok=True)
    (folder / "commlms_care.py").write_text(textwrap.dedent(source), encoding="utf-8")
    return folder


def opened(db: Path, folder: Path) -> LMS:
    """The database with the plugin as it is in the folder now."""
    sys.modules.pop("commlms_care", None)
    return LMS(db, plugins_dir=folder, today=TODAY)


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, Path]:
    """A database with a row of the first version, and the folder in which the second version now lies."""
    db, folder = tmp_path / "city.db", plugin(tmp_path / "plugins", FIRST)
    sys.modules.pop("commlms_care", None)
    with city(db, plugins_dir=folder) as lms:
        lms.add([ROW], "care.pickup")
    plugin(folder, FIRST.replace(MARK, MARK + LATER))
    return db, folder


def test_a_later_field_is_added_to_rows_that_are_there(old: tuple[Path, Path]) -> None:
    """The old row stays with an empty new field; a new row fills it; undoing a correction of the old row still works."""
    db, folder = old
    with opened(db, folder) as lms:
        (row,) = lms.rows("care.pickup")
        assert (row.cells["child"], row.cells["reason"]) == ("小甲", "")
        before = content(lms)
        lms.undo(lms.set("care.pickup", row.reference, reason="堵车"))
        assert content(lms) == before
        assert lms.add([{**ROW, "child": "小乙", "reason": "加班"}], "care.pickup").new == 1
        assert lms.doctor() == []
    sys.modules.pop("commlms_care", None)


def test_a_write_of_the_first_version_is_taken_back_under_the_second(old: tuple[Path, Path]) -> None:
    """An old row removed before the new field came is given back whole after it."""
    db, folder = old
    plugin(folder, FIRST)
    with opened(db, folder) as lms:
        (row,) = lms.rows("care.pickup")
        removed = lms.remove("care.pickup", row.reference)
    plugin(folder, FIRST.replace(MARK, MARK + LATER))
    with opened(db, folder) as lms:
        lms.undo(removed)
        (row,) = lms.rows("care.pickup")
        assert (row.cells["minutes"], row.cells["reason"]) == ("20", "")
    sys.modules.pop("commlms_care", None)


def test_three_processes_that_migrate_at_once_all_end_well(old: tuple[Path, Path]) -> None:
    """The column is added once, and nobody fails."""
    db, folder = old
    runs = [
        subprocess.Popen([sys.executable, "-c", OPEN, str(db), str(folder)], stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert [(p.communicate(timeout=60)[1], p.returncode) for p in runs] == [("", 0)] * 3
    with opened(db, folder) as lms:
        assert lms.database.columns("care_pickup").count("reason") == 1
        assert lms.doctor() == []
    sys.modules.pop("commlms_care", None)


def test_the_doctor_names_a_migration_that_is_pending(old: tuple[Path, Path]) -> None:
    """The newer plugin beside the older database is a bad finding until the database is opened with it."""
    db, folder = old
    sys.modules.pop("commlms_care", None)
    host = Host(plugins_dir=folder)
    database = Database(db)
    assert [(f.bad, f.label.en) for f in examine(database, host.owners(), host.names)] == [
        (True, "pending migration: care: care.pickup_2")
    ]
    database.close()
    sys.modules.pop("commlms_care", None)


def test_an_absent_plugins_rows_are_kept_named_and_written(old: tuple[Path, Path]) -> None:
    """Without the plugin its register is listed by the doctor, can be read and written, and undone."""
    db, folder = old
    with LMS(db, today=TODAY) as lms:
        assert [(f.bad, f.label.en) for f in lms.doctor()] == [
            (False, "record care.pickup (1 rows) is of plugin care, which is not loaded; it is kept up")
        ]
        before = content(lms)
        added = lms.add([{**ROW, "child": "小丙"}], "care.pickup")
        assert [r.cells["child"] for r in lms.rows("care.pickup")] == ["小甲", "小丙"]
        assert added.journal is not None
        lms.undo(added.journal)
        assert content(lms) == before
    assert folder.is_dir()


def test_every_table_is_strict() -> None:
    """A number column takes no text, in any table of the library."""
    lms = city()
    loose = [
        name for name, strict in lms.database.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
        if not strict and not name.startswith(("sqlite_", "_sqlite"))
    ]
    assert loose == []
    learners(lms, A1, "L1")
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
        lms.database.execute("UPDATE learner SET born_first = 'spring'")
