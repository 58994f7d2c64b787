"""Files that were taken: kept sealed beside the database, given back to the byte, deleted in their time and not before."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS, StoreError, UndoRefused, UnknownName
from commlms.store.archive import Archive
from tests.measure.city import STREET, TODAY, bundled, city

KEY, LATER, FOREIGN = b"1" * 32, b"2" * 32, b"3" * 32
SHEET = "签到表：王不留名，1950-01-02".encode() * 100


def opened(path: Path, *keys: bytes, today: dt.date = TODAY, reason: str = "") -> LMS:
    """The city's database again, under these keys (the newest first), on a day."""
    return LMS(path, host=bundled(), today=today, lang="en", keys=list(keys or [KEY]), reason=reason)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A city's database in a folder of its own."""
    city(tmp_path / "city.db").close()
    return tmp_path / "city.db"


def files(path: Path) -> list[Path]:
    """What stands in the archive's folder."""
    folder = path.with_name("city.db.archive")
    return sorted(folder.iterdir()) if folder.is_dir() else []


def found(lms: LMS) -> list[tuple[bool, str]]:
    """What the doctor says, in English."""
    return [(f.bad, f.label.en) for f in lms.doctor()]


def kept(archive: Archive, content: bytes = SHEET, name: str = "签到.xlsx", **given: Any) -> int:
    """Keep a content; gives its number."""
    number = archive.keep(content, name, **given)
    assert number is not None
    return number


def test_a_kept_file_comes_back_to_the_byte_with_who_when_and_from_whom(path: Path) -> None:
    """Three years of 365 days and one leap day after 1 June 2023 is 1 June 2026."""
    with opened(path) as lms:
        number = kept(lms.archive, sender=lms.place(STREET), shape="sign_in")
    with opened(path) as lms:
        assert lms.archive.get(number) == SHEET
        (only,) = lms.archive.list()
        assert (only.name, only.size, only.actor, only.sender) == ("签到.xlsx", len(SHEET), "local", f"{STREET} 桥街道")
        assert (only.shape, only.until, only.purged) == ("sign_in", 2026_06_01, None)
        assert found(lms) == []


def test_what_lies_in_the_folder_says_nothing_without_the_key(path: Path) -> None:
    """Neither content nor name stands in it, nor a digest that a guess could be tried against; nobody else may read it."""
    import hashlib

    with opened(path) as lms:
        kept(lms.archive)
    (file,) = files(path)
    sealed = file.read_bytes()
    assert "王不留名".encode() not in sealed
    assert file.name != hashlib.sha256(SHEET).hexdigest()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_equal_files_are_one_also_after_the_key_was_rotated(path: Path) -> None:
    """One file, one number; under the newest key a new content is sealed, the older one still opens."""
    with opened(path) as lms:
        number = kept(lms.archive)
        assert kept(lms.archive, name="签到(2).xlsx") == number
    with opened(path, LATER, KEY) as lms:
        assert kept(lms.archive) == number
        other = kept(lms.archive, b"other")
        assert [lms.archive.get(n) for n in (number, other)] == [SHEET, b"other"]
    assert len(files(path)) == 2
    with opened(path, KEY) as lms, pytest.raises(StoreError, match="was kept under key"):
        lms.archive.get(other)


def test_without_a_key_or_under_another_offices_nothing_is_kept_or_opened(path: Path) -> None:
    with LMS(path, host=bundled(), today=TODAY) as lms, pytest.raises(StoreError, match="commlms key new"):
        lms.archive.keep(SHEET, "签到.xlsx")
    with opened(path) as lms:
        number = kept(lms.archive)
    with opened(path, FOREIGN) as lms:
        with pytest.raises(StoreError, match="not the office key"):
            lms.archive.keep(b"x", "x.csv")
        with pytest.raises(StoreError, match="COMMLMS_KEY_FILE"):
            lms.archive.get(number)
    with LMS(path, host=bundled(), today=TODAY, lang="en") as lms:
        ((bad, sentence),) = found(lms)
        assert (bad, "1 kept file(s) not looked at" in sentence) == (False, True)


@pytest.mark.parametrize("at", [0, 7, 9, 20, 30, -1])
def test_a_changed_byte_anywhere_is_seen(path: Path, at: int) -> None:
    """In magic, version, fingerprint, nonce, content and tag: refused in one sentence, and the doctor names the file."""
    with opened(path) as lms:
        number = kept(lms.archive)
        (file,) = files(path)
        sealed = bytearray(file.read_bytes())
        sealed[at] ^= 1
        file.write_bytes(sealed)
        with pytest.raises(StoreError):
            lms.archive.get(number)
        ((bad, sentence),) = found(lms)
        assert (bad, sentence.startswith(f"kept file {number}: ")) == (True, True)


@pytest.mark.parametrize("left", [b"", b"commlms\x01", None])
def test_a_cut_or_absent_file_is_one_sentence_and_heals_when_it_is_taken_again(path: Path, left: bytes | None) -> None:
    with opened(path) as lms:
        number = kept(lms.archive)
        (file,) = files(path)
        file.unlink() if left is None else file.write_bytes(left)
        with pytest.raises(StoreError, match="backup"):
            lms.archive.get(number)
        assert [bad for bad, _ in found(lms)] == [True]
        assert kept(lms.archive) == number
        assert lms.archive.get(number) == SHEET
        assert found(lms) == []


def test_two_files_that_change_places_are_not_taken_for_each_other(path: Path) -> None:
    with opened(path) as lms:
        numbers = [kept(lms.archive, c) for c in (b"one", b"two")]
        one, two = files(path)
        both = one.read_bytes(), two.read_bytes()
        two.write_bytes(both[0])
        one.write_bytes(both[1])
        for number in numbers:
            with pytest.raises(StoreError, match="damaged"):
                lms.archive.get(number)


def test_the_doctor_tells_of_a_file_that_nobody_knows(path: Path) -> None:
    """It is no damage: a take that broke off leaves it; the purge leaves it alone, since the database may be an old copy."""
    with opened(path) as lms:
        kept(lms.archive)
        (files(path)[0].with_name("0" * 64)).write_bytes(b"")
        ((bad, sentence),) = found(lms)
        assert (bad, "not in its index" in sentence) == (False, True)
        lms.archive.purge()
        assert len(files(path)) == 2


def test_what_rolls_back_leaves_no_row_and_a_later_take_uses_the_file(path: Path) -> None:
    with opened(path) as lms:
        try:
            with lms.database.transaction():
                kept(lms.archive)
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass
        assert (lms.archive.list(), len(files(path))) == ((), 1)
        assert lms.archive.get(kept(lms.archive)) == SHEET
        assert len(files(path)) == 1


def test_a_database_in_memory_keeps_no_file() -> None:
    with city(keys=[KEY]) as lms:
        assert lms.archive.keep(SHEET, "签到.xlsx") is None
        assert found(lms) == []


def test_a_hosts_own_connection_has_its_archive_beside_its_file(path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys=ON")
    lms = LMS(connection=connection, host=bundled(), today=TODAY, keys=[KEY])
    assert lms.archive.get(kept(lms.archive)) == SHEET
    assert len(files(path)) == 1
    connection.execute("BEGIN")
    with pytest.raises(StoreError, match="open transaction"):
        lms.archive.purge()
    connection.close()


def test_a_file_is_deleted_when_its_time_is_over_and_its_row_stays(path: Path) -> None:
    """Kept until 1 June 2026: still there on 31 May, deleted on the day itself; the ledger stays for ten years."""
    with opened(path) as lms:
        names, ledger = kept(lms.archive, shape="sign_in"), kept(lms.archive, b"ledger", shape="ledger")
    with opened(path, today=dt.date(2026, 5, 31)) as lms:
        assert lms.archive.purge() == ()
    with opened(path, today=dt.date(2026, 6, 1)) as lms:
        assert [f.number for f in lms.archive.purge()] == [names]
        assert [f.purged for f in lms.archive.list()] == [None, 2026_06_01]
        with pytest.raises(StoreError, match="2026-06-01"):
            lms.archive.get(names)
        assert lms.archive.get(ledger) == b"ledger"
        assert found(lms) == []
        again = kept(lms.archive, shape="sign_in")
        assert (again > ledger, lms.archive.get(again)) == (True, SHEET)
    assert len(files(path)) == 2


def test_a_file_goes_before_its_time_only_by_its_number_and_with_a_reason(path: Path) -> None:
    """Who and why stand in the journal, and it does not come back by an undo."""
    with opened(path) as lms:
        number = kept(lms.archive)
        with pytest.raises(StoreError, match="--reason"):
            lms.archive.purge(number)
        with pytest.raises(UnknownName):
            lms.archive.purge(99)
        assert lms.archive.get(number) == SHEET
    with opened(path, reason="asked for on paper") as lms:
        assert [f.number for f in lms.archive.purge(number)] == [number]
    with opened(path) as lms:
        assert lms.archive.purge(number) == ()
        entry = next(e for e in lms.imports(every=True) if e.action == "purge")
        assert (entry.actor, entry.reason) == ("local", "asked for on paper")
        with pytest.raises(UndoRefused, match="kept files"):
            lms.undo(entry.id)
    assert files(path) == []


def test_a_purge_that_broke_off_is_finished_by_the_next(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row says deleted first; the doctor tells of the file until it is."""
    with opened(path, reason="test") as lms:
        number = kept(lms.archive)
        with monkeypatch.context() as broken:
            broken.setattr(Archive, "_clear", lambda self: None)
            lms.archive.purge(number)
        assert len(files(path)) == 1
        assert found(lms) == [(True, "1 purged file(s) are still in the archive's folder; run 'commlms archive purge'")]
        lms.archive.purge()
        assert (files(path), found(lms)) == ([], [])


def test_a_file_of_two_shapes_is_kept_as_long_as_the_longer_asks(path: Path) -> None:
    """Three years for names, until 1 June 2026; with a ledger in the same workbook ten years of 3653 days, until 1 June 2033."""
    with opened(path) as lms:
        number = kept(lms.archive, shape="sign_in")
        assert kept(lms.archive, shape="ledger") == kept(lms.archive, shape="sign_in") == number
        (only,) = lms.archive.list()
        assert (only.shape, only.until) == ("sign_in ledger", 2033_06_01)


def test_an_office_says_for_how_long_a_shape_is_kept(path: Path) -> None:
    """30 days after 1 June 2023 is 1 July; what is kept already follows, a workbook with a ledger does not."""
    with opened(path) as lms:
        both, names = kept(lms.archive, b"both", shape="sign_in"), kept(lms.archive, shape="sign_in")
        lms.archive.keep(b"both", "", shape="ledger")
        lms.archive.retain("sign_in", 30)
        assert lms.archive.retention()["sign_in"] == 30
        later = kept(lms.archive, b"later", shape="sign_in")
        assert {f.number: f.until for f in lms.archive.list()} == {both: 2033_06_01, names: 2023_07_01, later: 2023_07_01}
        with pytest.raises(UnknownName, match="ledger"):
            lms.archive.retain("nonsense", 30)
        with pytest.raises(StoreError, match="36525"):
            lms.archive.retain("ledger", 0)
