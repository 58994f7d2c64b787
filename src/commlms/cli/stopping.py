"""Ctrl-C at any moment: what is not whole is taken back, and one sentence says what has landed and how to go on."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

from commlms.cli.context import FAILED, Context
from commlms.core.errors import CommLMSError
from commlms.core.labels import Label

if TYPE_CHECKING:
    from commlms.store.database import Database

#: The exit status of a command that was stopped from the keyboard: 128 and the number of the signal.
STOPPED = 130
#: For so many seconds after the first Ctrl-C further ones change nothing, so that an impatient hand does not disturb the order.
_PATIENCE = 5
#: When a command was asked to stop, and by which signal.
_asked: list[tuple[float, int]] = []

_NOTHING = Label(
    "已中断：{file} 什么也没有写入。再运行一次即可", "interrupted: nothing of {file} was written. Run it again when you like",
)
_PART = Label(
    "已中断：{file} 有 {rows} 行已在库中（写入号 {entry}），写到一半的已撤回。再运行一次就接着写完，不会重复",
    "interrupted: {rows} rows of {file} are in the database (write {entry}), what was half done is taken back. "
    "Run it again to finish: nothing is doubled",
)
_ALL = Label(
    "已中断：{file} 好的行（{rows} 行）已全部在库中（写入号 {entry}）。再运行一次可得到有问题的行和原因，不会重复",
    "interrupted: every good row of {file} ({rows}) is in the database (write {entry}). "
    "Run it again for the rows with problems: nothing is doubled",
)
#: No write: its number, state and rows.
_NOWHERE = (0, "", 0)


class Stopped(CommLMSError):
    """A command was stopped from the keyboard; a label of its own says what is known to be done."""

    label = Label(
        "已中断：写到一半的已撤回，写完的都在库中", "interrupted: what was half done is taken back, what was done is in the database",
    )


def in_order() -> None:
    """From here on Ctrl-C, a supervisor's SIGTERM and a closed terminal all end the same way: rolled back, nothing left lying about."""
    _asked.clear()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if not _asked or now - _asked[0][0] > _PATIENCE:
        _asked.append((now, number))
        raise KeyboardInterrupt


def ended() -> None:
    """The command is over and its status decided: nothing changes it any more."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def was_stopped() -> bool:
    """Whether the command was asked to stop, whatever became of that."""
    return bool(_asked)


def status() -> int:
    """The exit status of a command that ended early: as shells expect it after Ctrl-C; else that of any failure."""
    return STOPPED if _asked and _asked[0][1] == signal.SIGINT else FAILED


@contextmanager
def telling(context: Context, file: str) -> Iterator[None]:
    """Around an import of one file: stopped inside, it is said what of the file has landed. Raises :class:`Stopped`."""
    before, database = 0, None
    try:
        from commlms.store.journal import newest

        database = context.lms.database
        before = newest(database)
        yield
    except (KeyboardInterrupt, sqlite3.Error):
        if not was_stopped():
            raise
        number, state, rows = _landed(database, before, file, context.actor) if database else _NOWHERE
        raise Stopped({"": _NOTHING, "open": _PART}.get(state, _ALL), file=file, rows=rows, entry=number) from None


def _landed(database: Database, before: int, file: str, actor: str) -> tuple[int, str, int]:
    """The write of a file after another write: its number, state, and how many rows are in the database."""
    from commlms.store.journal import entry_since

    if database.connection.in_transaction:
        database.connection.rollback()
    found = entry_since(database, before, file, actor)
    return _NOWHERE if found is None else (found.id, found.state, found.new + found.changed + found.unchanged)
