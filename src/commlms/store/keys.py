"""The office key: outside the database and its backups. ID numbers are kept only as digests under it.

The lake key is another one: under it a lake calls people by pseudonyms, and every database of one lake has the same.

A key file holds one key per line, the newest last; older ones are kept so that people entered
before a rotation are still found.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import ClassVar

import attrs

from commlms.core.errors import StoreError
from commlms.core.labels import Label


def key_path() -> Path:
    """``COMMLMS_KEY_FILE``, else ``commlms/office.key`` in the user's configuration folder."""
    return _path("COMMLMS_KEY_FILE", "office.key")


def lake_key_path() -> Path:
    """``COMMLMS_LAKE_KEY_FILE``, else ``commlms/lake.key`` in the user's configuration folder."""
    return _path("COMMLMS_LAKE_KEY_FILE", "lake.key")


def _path(variable: str, name: str) -> Path:
    named = os.environ.get(variable)
    if named:
        return Path(named)
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "commlms" / name


@attrs.frozen
class OfficeKey:
    """A key file, by default the one that the command line uses (see :func:`key_path`)."""

    path: Path = attrs.field(factory=key_path)
    option: ClassVar[str] = ""

    def read(self) -> list[bytes]:
        """Every key, the newest first, as ``LMS(keys=...)`` takes them; empty where there is no file."""
        if not self.path.is_file():
            return []
        try:
            return [bytes.fromhex(line) for line in reversed(self.path.read_text(encoding="ascii").split())]
        except ValueError:
            raise StoreError(Label("密钥文件已损坏：{path}", "the key file is damaged: {path}"), path=self.path.name) from None

    def fingerprints(self) -> list[str]:
        """What tells the keys apart, the newest first; never the keys."""
        return [fingerprint(key) for key in self.read()]

    def new(self) -> str:
        """Make the first key; gives its fingerprint. Refused with :class:`StoreError` where there is one already."""
        if self.path.exists():
            raise StoreError(Label(
                "已有密钥；要换新的请用 commlms key rotate{option}", "there is a key already; 'commlms key rotate{option}' adds a new one"),
                option=self.option)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return self._append()

    def rotate(self) -> str:
        """Add a new key; gives its fingerprint. New digests use it; older people are still found by the older keys."""
        if not self.path.exists():
            raise StoreError(
                Label("还没有密钥；请先用 commlms key new{option}", "there is no key yet; use 'commlms key new{option}' first"),
                option=self.option,
            )
        return self._append()

    def _append(self) -> str:
        key = secrets.token_bytes(32)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="ascii") as file:
            file.write(key.hex() + "\n")
        return fingerprint(key)


@attrs.frozen
class LakeKey(OfficeKey):
    """The key file under which a lake's pseudonyms are made (see :func:`lake_key_path`)."""

    path: Path = attrs.field(factory=lake_key_path)
    option: ClassVar[str] = " --lake"


def fingerprint(key: bytes) -> str:
    """Eight hexadecimal digits that tell keys apart and reveal nothing of them."""
    return hashlib.sha256(b"commlms key fingerprint" + key).hexdigest()[:8]
