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
    variable: ClassVar[str] = "COMMLMS_KEY_FILE"

    def read(self) -> list[bytes]:
        """Every key, the newest first, as ``LMS(keys=...)`` takes them; empty where there is no file."""
        if not self.path.exists():
            return []
        try:
            found = [bytes.fromhex(line) for line in reversed(self.path.read_text(encoding="ascii").split())]
        except ValueError:
            found = []
        except OSError as error:
            raise self._unusable(error) from None
        if not found:
            raise StoreError(Label(
                "密钥文件已损坏：{path}；请从副本恢复它，不要另建：换了密钥就认不出以前的人",
                "the key file is damaged: {path}; restore it from its copy, do not make another: people entered before would not be found"),
                path=self.path.name)
        return found

    def _unusable(self, error: OSError) -> StoreError:
        return StoreError(Label(
            "密钥文件 {path} 不能用（{why}）；请用 {variable} 指明一个能读写的文件",
            "the key file {path} cannot be used ({why}); point {variable} at a file that can be read and written"),
            path=self.path.name, why=error.strerror or type(error).__name__, variable=self.variable)

    def fingerprints(self) -> list[str]:
        """What tells the keys apart, the newest first; never the keys."""
        return [fingerprint(key) for key in self.read()]

    def new(self) -> str:
        """Make the first key; gives its fingerprint. Refused with :class:`StoreError` where there is one already."""
        if self.path.exists():
            raise StoreError(Label(
                "已有密钥；要换新的请用 commlms key rotate{option}", "there is a key already; 'commlms key rotate{option}' adds a new one"),
                option=self.option)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from None
        return self._append()

    def rotate(self) -> str:
        """Add a new key; gives its fingerprint. New digests use it; older people are still found by the older keys."""
        if not self.path.exists():
            raise StoreError(
                Label("还没有密钥；请先用 commlms key new{option}", "there is no key yet; use 'commlms key new{option}' first"),
                option=self.option,
            )
        self.read()  # a key behind a damaged line would not be found either
        return self._append()

    def _append(self) -> str:
        key = secrets.token_bytes(32)
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise self._unusable(error) from None
        with os.fdopen(descriptor, "a", encoding="ascii") as file:
            file.write(key.hex() + "\n")
        return fingerprint(key)


@attrs.frozen
class LakeKey(OfficeKey):
    """The key file under which a lake's pseudonyms are made (see :func:`lake_key_path`)."""

    path: Path = attrs.field(factory=lake_key_path)
    option: ClassVar[str] = " --lake"
    variable: ClassVar[str] = "COMMLMS_LAKE_KEY_FILE"


def fingerprint(key: bytes) -> str:
    """Eight hexadecimal digits that tell keys apart and reveal nothing of them."""
    return hashlib.sha256(b"commlms key fingerprint" + key).hexdigest()[:8]
