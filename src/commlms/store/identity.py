"""Digests of ID numbers under the office key, also for people who were entered under an older key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from commlms.core.errors import StoreError
from commlms.core.identity import IdNumber
from commlms.core.labels import Label
from commlms.store.database import Database
from commlms.store.keys import OfficeKey, fingerprint


def digester(database: Database, keys: list[bytes] | None = None) -> Callable[[IdNumber], str] | None:
    """The digest to store for an ID number; None where there is no key.

    Refuses keys that are not those the database was filled under: people would be entered twice.
    """
    keys = OfficeKey().read() if keys is None else keys
    if not keys:
        return None
    check_ours(database, keys)
    newest, older = keys[0], keys[1:]
    if not older:
        return lambda number: number.digest(newest)
    known = {r[0] for r in database.execute("SELECT id_number_digest FROM learner WHERE id_number_digest IS NOT NULL")}

    def digest(number: IdNumber) -> str:
        return next((d for key in older if (d := number.digest(key)) in known), number.digest(newest))

    return digest


def check_ours(database: Database, keys: Sequence[bytes]) -> None:
    """Refuse keys that are not those the database was filled under; the first ones that are used become its own."""
    first = fingerprint(keys[-1])
    stored = database.meta("key")
    if stored is None:
        database.set_meta("key", first)
    elif stored != first:
        raise StoreError(Label(
            "这不是本库使用的单位密钥；请设置 COMMLMS_KEY_FILE 指向原来的密钥文件",
            "this is not the office key this database was filled under; point COMMLMS_KEY_FILE at the original key file"))
