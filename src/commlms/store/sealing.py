"""Files sealed under the office key: named by a keyed digest, encrypted, written whole or not at all.

A sealed file is a header and what AES-256-GCM made of the content. The header (magic and version, fingerprint of the office
key, nonce) and the file's name are authenticated with it: a changed byte, or a file under another's name, is not opened.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from commlms.core.errors import StoreError
from commlms.core.labels import Label
from commlms.store.keys import OfficeKey, fingerprint

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MAGIC, _VERSION = b"commlms", 1
_MARK, _NONCE = 8, 12  # lengths of a fingerprint and of a nonce, in bytes
_HEADER = len(_MAGIC) + 1 + _MARK + _NONCE
_NO_KEY = Label(
    "存档要用单位密钥加密，本机还没有密钥；请先运行 commlms key new",
    "what is kept is encrypted under the office key, and there is none here; run 'commlms key new' first",
)
_OTHER_KEY = Label(
    "这个文件是用密钥 {mark} 存的，密钥文件里没有它；请用 COMMLMS_KEY_FILE 指明有它的密钥文件",
    "this file was kept under key {mark}, which the key file lacks; point COMMLMS_KEY_FILE at the key file that has it",
)
_DAMAGED = Label(
    "存档的文件已损坏；请从备份恢复，或请报送单位再发一次",
    "the kept file is damaged; restore it from a backup, or ask its sender for it again",
)
_NEWER = Label(
    "这个文件是较新版本的 commlms 存的；请升级后再取", "this file was kept by a newer version of commlms; upgrade to get it"
)
_NO_EXTRA = Label(
    "存档需要安装加密组件；请运行 pip install 'commlms[office]'",
    "keeping files needs what encrypts them; run pip install 'commlms[office]'",
)
_NOT_WRITTEN = Label(
    "写不了存档文件夹 {folder}：{why}；请检查权限和剩余空间",
    "the archive's folder {folder} cannot be written: {why}; look at its permissions and the space left",
)


@attrs.frozen
class Sealer:
    """Seals and opens under the office keys, the newest first. A file stays readable as long as its key is among them."""

    keys: tuple[bytes, ...]

    @classmethod
    def of(cls, keys: Sequence[bytes] | None) -> Sealer:
        """With the keys given, or those of the office key's file.

        Raises :class:`StoreError` where there is none, or nothing that encrypts.
        """
        found = OfficeKey().read() if keys is None else keys
        if not found:
            raise StoreError(_NO_KEY)
        _cipher(found[0])
        return cls(tuple(found))

    def names(self, content: bytes) -> Iterator[str]:
        """What a content is called under each key, the newest first: 64 hexadecimal digits. Nobody without a key can test a guess."""
        for key in self.keys:
            yield hmac.digest(_derived(key, b"commlms archive name"), content, "sha256").hex()

    def seal(self, content: bytes, name: str) -> bytes:
        """A content as it is kept under a name, by the newest key."""
        key = self.keys[0]
        header = _MAGIC + bytes([_VERSION]) + fingerprint(key).encode("ascii") + secrets.token_bytes(_NONCE)
        return header + _cipher(key).encrypt(header[-_NONCE:], content, header + name.encode("ascii"))

    def open(self, sealed: bytes, name: str) -> bytes:
        """The content again. Raises :class:`StoreError` for a file that is damaged, another's, of another key or a newer version."""
        header, rest = sealed[:_HEADER], sealed[_HEADER:]
        magic, version, mark = header[: len(_MAGIC)], header[len(_MAGIC) : -_MARK - _NONCE], header[-_MARK - _NONCE : -_NONCE]
        if len(header) < _HEADER or magic != _MAGIC:
            raise StoreError(_DAMAGED)
        if version[0] > _VERSION:
            raise StoreError(_NEWER)
        key = next((k for k in self.keys if fingerprint(k).encode("ascii") == mark), None)
        if key is None:
            raise StoreError(_OTHER_KEY, mark=mark.decode("ascii", "replace"))
        cipher = _cipher(key)
        from cryptography.exceptions import InvalidTag

        try:
            return cipher.decrypt(header[-_NONCE:], rest, header + name.encode("ascii"))
        except InvalidTag:
            raise StoreError(_DAMAGED) from None


def _derived(key: bytes, purpose: bytes) -> bytes:
    """A key of its own for each purpose, so that one use of the office key tells nothing about another."""
    try:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    except ImportError:
        raise StoreError(_NO_EXTRA) from None
    return HKDF(SHA256(), 32, None, purpose).derive(key)


def _cipher(key: bytes) -> AESGCM:
    content_key = _derived(key, b"commlms archive content")
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(content_key)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, in a folder made if absent; after a kill or a power failure it is whole or not there.

    Raises :class:`StoreError`. A kill leaves at most a file that ends in ``.part``.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _settle(path.parent)
    except OSError as error:
        raise StoreError(_NOT_WRITTEN, folder=path.parent.name, why=error.strerror or type(error).__name__) from None


def destroy(path: Path) -> None:
    """Overwrite a file and delete it; nothing happens where there is none. Raises :class:`StoreError`."""
    try:
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _settle(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(_NOT_WRITTEN, folder=path.parent.name, why=error.strerror or type(error).__name__) from None


def _settle(folder: Path) -> None:
    """Make a change of names in a folder last through a power failure, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
