"""What a lake calls a person: a digest under the lake key, the same in every database that knows the ID number."""

from __future__ import annotations

import hashlib
import hmac
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from commlms.core.errors import LakeError
from commlms.core.labels import Label
from commlms.lake.files import arrow
from commlms.store.database import Database
from commlms.store.keys import LakeKey, OfficeKey, fingerprint

#: Bytes of a pseudonym; it is written in twice as many hexadecimal digits.
SIZE = 16


def pseudonym(key: bytes, uid: str, row: int, digest: str | None) -> bytes:
    """A learner's pseudonym: from the ID number's digest, so that two databases under one office key have the same;
    else from the row, which no other database shares.
    """
    said = f"digest:{digest}" if digest else f"row:{uid}:{row}"
    return hmac.digest(key, said.encode(), hashlib.sha256)[:SIZE]


def pseudonyms_for(key: bytes, uid: str) -> Callable[[int, str | None], bytes]:
    """:func:`pseudonym` for the learners of one database."""
    return lambda row, digest: pseudonym(key, uid, row, digest)


class Pseudonyms:
    """Everybody's pseudonym by rank: :data:`SIZE` bytes a person in memory, whatever a person's rows."""

    def __init__(self, ordered: bytes | bytearray) -> None:
        pa = arrow()
        self._all = pa.Array.from_buffers(pa.binary(SIZE), len(ordered) // SIZE, [None, pa.py_buffer(ordered)])

    def __len__(self) -> int:
        return len(self._all)

    def texts(self, ranks: Sequence[int]) -> Any:
        """The pseudonyms of these ranks, as an Arrow array of texts."""
        pa = arrow()
        taken = self._all.take(pa.array(ranks, pa.int64())).buffers()[1].to_pybytes()[: len(ranks) * SIZE]
        ends = array("i", range(0, (len(ranks) + 1) * 2 * SIZE, 2 * SIZE))
        return pa.Array.from_buffers(pa.string(), len(ranks), [None, pa.py_buffer(ends), pa.py_buffer(taken.hex().encode())])


def choose_key(database: Database, used: Iterable[str], keys: list[bytes] | None = None) -> bytes:
    """The lake key to publish under: the one that the lake's databases use, else the newest of the key file.

    ``used`` are the fingerprints in the lake. Raises :class:`LakeError` where there is no key, where it is an office key
    (whoever reads the lake could then try out ID numbers), and where the lake is under another one.
    """
    found = LakeKey().read() if keys is None else keys
    if not found:
        raise LakeError(Label(
            "本机没有数据湖密钥；一个湖用一把：第一个单位运行 commlms key new --lake，其余单位用同一个密钥文件",
            "there is no lake key here; one lake has one: its first office runs 'commlms key new --lake', the others use that key file",
        ))
    fingerprints, used = [fingerprint(key) for key in found], set(used)
    if {*OfficeKey().fingerprints(), database.meta("key")} & set(fingerprints):
        raise LakeError(Label(
            "数据湖密钥与单位密钥相同；请用 commlms key new --lake 另生成一把",
            "the lake key is an office key too; make another one with 'commlms key new --lake'",
        ))
    if used - set(fingerprints) or len(used) > 1:
        raise LakeError(Label(
            "这个湖里的化名用的是另一把密钥（{theirs}，本机为 {ours}）；请改用那个密钥文件，或发布到别处",
            "the pseudonyms of this lake are made under another key ({theirs}; here: {ours}); use that key file, or publish elsewhere",
        ), theirs="、".join(sorted(used)), ours="、".join(fingerprints))
    return found[fingerprints.index(used.pop())] if used else found[0]
