"""The archive: every file that was taken, kept sealed in a folder beside the database, with who, when, from whom and until when.

The index is a table of the database. A file is whole before its row is committed, and deleted after its row says so: a kill
leaves a file too many at most, never a row without its file.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from commlms.core.days import iso, to_date, to_int
from commlms.core.errors import StoreError, UnknownName
from commlms.core.labels import Label
from commlms.store.database import Database, now
from commlms.store.identity import check_ours
from commlms.store.journal import Actor, count_entry, keep_old, open_entry
from commlms.store.sealing import Sealer, destroy, write_whole

#: For how many days a file of each shape is kept, unless an office says otherwise: ten years for figures, three for names.
RETENTION = {"ledger": 3653, "series": 3653, "nil": 3653, "sign_in": 1096, "month_grid": 1096, "table": 1096}
_OTHER_SHAPE = 1096
_SENDER = "(SELECT s.code || ' ' || s.name FROM place_state s WHERE s.owner = a.sender ORDER BY s.since DESC LIMIT 1)"


@attrs.frozen
class KeptFile:
    """A file of the archive. ``size`` in bytes, ``sender`` as code and name, ``shape`` one or several keys, days as integers.

    It is kept until the day ``until``; ``purged`` is the day on which it was deleted, None while it is there.
    """

    number: int
    digest: str
    name: str
    size: int
    taken: str
    actor: str
    sender: str
    shape: str
    until: int
    purged: int | None


@attrs.frozen
class Archive:
    """The archive of one database, written as one actor. ``keys`` are office keys, the newest first; those of the key file if None."""

    database: Database
    keys: Sequence[bytes] | None = attrs.field(repr=False)
    actor: Actor
    reason: str
    today: int

    @property
    def folder(self) -> Path | None:
        """``<database>.archive``; None for a database in memory, of which nothing is kept."""
        path = self.database.file
        return None if path is None else path.with_name(f"{path.name}.archive")

    def keep(self, content: bytes, name: str, sender: int | None = None, shape: str = "table") -> int | None:
        """Keep a file under the name it came with; gives its number, or None where the database is in memory.

        A content that is kept already is not kept twice: it is kept as long as the longer of its shapes asks. Call it inside
        the transaction that takes the file. Raises :class:`StoreError` where it cannot be kept.
        """
        if (folder := self.folder) is None:
            return None
        sealer = Sealer.of(self.keys)
        digests = list(sealer.names(content))
        with self.database.transaction():
            check_ours(self.database, sealer.keys)
            found = self._live(digests)
            if found is None:
                # The row first: writing it takes the lock, under which nobody clears the folder.
                number, digest = self._note(digests[0], name, len(content), sender, shape), digests[0]
            else:
                number, digest = found
                self._also_of(number, shape)
            if found is None or not _holds(sealer, folder / digest, digest):
                write_whole(folder / digest, sealer.seal(content, digest))
        return number

    def check(self) -> None:
        """Raise :class:`StoreError` where nothing could be kept: no office key, or the extra ``office`` missing."""
        if self.folder is not None:
            Sealer.of(self.keys)

    def mend(self, content: bytes) -> None:
        """Write the file of a content that is kept anew if it is damaged or gone; one that is not kept is left alone."""
        folder, sealer = self.folder, Sealer.of(self.keys)
        found = self._live(list(sealer.names(content)))
        if folder is not None and found is not None and not _holds(sealer, folder / found[1], found[1]):
            write_whole(folder / found[1], sealer.seal(content, found[1]))

    def _live(self, digests: Iterable[str]) -> tuple[int, str] | None:
        """The kept file of any of these names."""
        row = self.database.execute(
            "SELECT id, digest FROM archive WHERE purged IS NULL AND digest IN (SELECT value FROM json_each(?))",
            (json.dumps(list(digests)),),
        ).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def _note(self, digest: str, name: str, size: int, sender: int | None, shape: str) -> int:
        journal = open_entry(self.database, self.actor, self.reason, "archive", "archive", file=name)
        count_entry(self.database, journal, new=1)
        done = self.database.execute(
            "INSERT INTO archive (digest, name, size, taken, actor, sender, shape, until, journal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (digest, name, size, now(), self.actor.name, sender, shape, _later(self.today, self._days(shape)), journal),
        )
        return int(done.lastrowid or 0)

    def _also_of(self, number: int, shape: str) -> None:
        """Note a further shape that sheets of a kept file have."""
        shapes, until = self.database.execute("SELECT shape, until FROM archive WHERE id = ?", (number,)).fetchone()
        if shape in shapes.split():
            return
        more = f"{shapes} {shape}"
        journal = open_entry(self.database, self.actor, self.reason, "archive", "archive")
        self._change(journal, [(number, more, _later(until, self._days(more) - self._days(shapes)))])

    def _change(self, journal: int, rows: Iterable[tuple[int, str, int]]) -> None:
        for number, shape, until in rows:
            keep_old(self.database, journal, "archive", ("id",), "change", f"SELECT {number:d}")
            self.database.execute("UPDATE archive SET shape = ?, until = ?, journal = ? WHERE id = ?", (shape, until, journal, number))
            count_entry(self.database, journal, changed=1)

    def list(self) -> tuple[KeptFile, ...]:
        """Every file that was ever kept, the newest first."""
        return self._files("1 = 1")

    def find(self, number: int) -> KeptFile:
        """One of them; raises :class:`UnknownName`."""
        found = self._files("a.id = ?", (number,))
        if not found:
            raise UnknownName(what=Label("存档文件", "kept file"), name=number, hint=Label(
                "commlms archive list 列出全部", "'commlms archive list' lists them"))
        return found[0]

    def _files(self, where: str, values: tuple[object, ...] = ()) -> tuple[KeptFile, ...]:
        rows = self.database.execute(
            f"SELECT a.id, a.digest, a.name, a.size, a.taken, a.actor, COALESCE({_SENDER}, ''), a.shape, a.until, a.purged "
            f"FROM archive a WHERE {where} ORDER BY a.id DESC", values,
        )
        return tuple(KeptFile(*row) for row in rows)

    def get(self, number: int) -> bytes:
        """The very bytes of a kept file.

        Raises :class:`UnknownName` for a number that never was, :class:`StoreError` for a file that is purged, absent, damaged,
        or kept under a key that is not here.
        """
        sealer = Sealer.of(self.keys)
        try:
            return self._opened(self._there(number), sealer)
        except StoreError:
            self._there(number)  # Another process may have deleted it meanwhile, which is no damage.
            raise

    def _there(self, number: int) -> KeptFile:
        kept = self.find(number)
        if kept.purged is not None:
            raise StoreError(
                Label("存档文件 {number} 已于 {day} 删除", "kept file {number} was deleted on {day}"), number=number, day=iso(kept.purged),
            )
        return kept

    def _opened(self, kept: KeptFile, sealer: Sealer) -> bytes:
        folder = self.folder
        try:
            sealed = (folder / kept.digest).read_bytes() if folder else b""
        except OSError as error:
            raise StoreError(
                Label("存档文件 {number} 读不出（{why}）；请恢复文件夹 {folder} 的备份",
                      "kept file {number} cannot be read ({why}); restore the folder {folder} from its backup"),
                number=kept.number, why=error.strerror or type(error).__name__, folder=folder.name if folder else "",
            ) from None
        return sealer.open(sealed, kept.digest)

    # -- for how long -----------------------------------------------------------------------------

    def retention(self) -> dict[str, int]:
        """For how many days files of each shape are kept."""
        rows = self.database.execute("SELECT SUBSTR(key, 9), value FROM meta WHERE key LIKE 'archive.%'")
        return RETENTION | {shape: int(days) for shape, days in rows}

    def _days(self, shapes: str) -> int:
        days = self.retention()
        return max(days.get(shape, _OTHER_SHAPE) for shape in shapes.split())

    def retain(self, shape: str, days: int) -> int:
        """Keep files of a shape for so many days, those kept already too; gives the journal entry. Raises :class:`UnknownName`."""
        if shape not in RETENTION:
            raise UnknownName(what=Label("表式", "shape"), name=shape, hint=Label(
                "有：" + "、".join(RETENTION), "there are: " + ", ".join(RETENTION)))
        if not 1 <= days <= 36_525:
            raise StoreError(Label("保存期限应为 1 至 36525 天", "files are kept for 1 to 36525 days"))
        with self.database.transaction():
            files = [f for f in self._files("purged IS NULL") if shape in f.shape.split()]
            before = {f.number: self._days(f.shape) for f in files}
            journal = open_entry(self.database, self.actor, self.reason, "retention", "archive", under=f"{shape} {days}")
            self.database.set_meta(f"archive.{shape}", str(days))
            later = ((f, self._days(f.shape) - before[f.number]) for f in files)
            self._change(journal, ((f.number, f.shape, _later(f.until, more)) for f, more in later if more))
        return journal

    def due(self) -> tuple[KeptFile, ...]:
        """The files whose time is over."""
        return self._files("a.purged IS NULL AND a.until <= ?", (self.today,))

    def purge(self, number: int | None = None) -> tuple[KeptFile, ...]:
        """Overwrite and delete the files whose time is over, or the one named whose time need not be; their rows stay in the index.

        Raises :class:`StoreError` for one that is deleted before its time without a reason, and inside an embedding program's
        transaction: a deleted file does not come back when that is rolled back.
        """
        if self.database.in_host_transaction:
            raise StoreError(Label("外层事务未提交时不能删除存档", "files are not purged inside an open transaction; commit it first"))
        with self.database.transaction():
            gone = self.due() if number is None else tuple(f for f in (self.find(number),) if f.purged is None)
            if gone and gone[0].until > self.today and not self.reason.strip():
                raise StoreError(
                    Label("存档文件 {number} 应保存到 {day}；提前删除请用 --reason 写明事由",
                          "file {number} is kept until {day}; to delete it before, say why with --reason"),
                    number=number, day=iso(gone[0].until),
                )
            if gone:
                self._mark_purged(gone)
        self._clear()
        return gone

    def _mark_purged(self, files: Sequence[KeptFile]) -> None:
        journal = open_entry(self.database, self.actor, self.reason, "purge", "archive")
        count_entry(self.database, journal, changed=len(files))
        for f in files:
            keep_old(self.database, journal, "archive", ("id",), "change", f"SELECT {f.number:d}")
            self.database.execute("UPDATE archive SET purged = ?, journal = ? WHERE id = ?", (self.today, journal, f.number))

    def _clear(self) -> None:
        """Delete the files of rows that say so, under the lock: whoever keeps the same content meanwhile waits."""
        with self.database.transaction():
            for path in self._left_over()[1]:
                destroy(path)

    def _left_over(self) -> tuple[Sequence[Path], Sequence[Path]]:
        """Files that no row knows (or parts of one, after a kill), and files of rows that are purged."""
        folder = self.folder
        there = sorted(folder.iterdir()) if folder and folder.is_dir() else []
        live = {r[0] for r in self.database.execute("SELECT digest FROM archive WHERE purged IS NULL")}
        dead = {r[0] for r in self.database.execute("SELECT digest FROM archive WHERE purged IS NOT NULL")} - live
        return [p for p in there if p.name not in live | dead], [p for p in there if p.name in dead]

    def faults(self) -> Iterator[tuple[bool, Label]]:
        """What is wrong with the archive, and whether it is bad: files absent or unreadable, files that nobody knows."""
        strangers, dead = self._left_over()
        if strangers:
            yield False, Label(
                f"存档文件夹里有 {len(strangers)} 个文件不在索引中：中断的接收留下的，或数据库比存档旧；核对后可以删除",
                f"{len(strangers)} file(s) in the archive's folder are not in its index: left by a take that broke off, "
                "or the database is older than the archive; they can be deleted once that is clear",
            )
        if dead:
            yield True, Label(
                f"{len(dead)} 个已到期的存档文件还没有删掉；运行 commlms archive purge",
                f"{len(dead)} purged file(s) are still in the archive's folder; run 'commlms archive purge'",
            )
        if not (files := self._files("a.purged IS NULL")):
            return
        try:
            sealer = Sealer.of(self.keys)
        except StoreError as error:
            yield False, Label(
                f"{len(files)} 个存档文件没有检查：{error.say('zh')}", f"{len(files)} kept file(s) not looked at: {error.say('en')}"
            )
            return
        for f in files:
            try:
                self._opened(f, sealer)
            except StoreError as error:
                if self.find(f.number).purged is None:
                    yield True, Label(f"存档文件 {f.number}：{error.say('zh')}", f"kept file {f.number}: {error.say('en')}")


def _holds(sealer: Sealer, path: Path, digest: str) -> bool:
    """Whether a kept file is there and can be opened."""
    try:
        sealer.open(path.read_bytes(), digest)
    except (OSError, StoreError):
        return False
    return True


def _later(day: int, days: int) -> int:
    return to_int(to_date(day) + dt.timedelta(days))
