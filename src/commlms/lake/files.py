"""The files of a lake, on a disk or in an object store: whole files only, and CURRENT replaced in one step."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import attrs

from commlms.core.errors import LakeError
from commlms.core.labels import Label
from commlms.lake.layout import CURRENT, LakeFile, Manifest

_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+://")
_UID = re.compile(r"^[a-z2-9]{4}$")
_MANIFEST = re.compile(rb"manifest-[0-9a-f]{12}\.json")
#: Stores that have no folders: a file's path is only its name.
_FLAT = ("s3", "gcs", "abfs")
#: How often a reader begins again when a publication replaces what it is reading.
_TRIES = 5
_NEW = ".new"


def arrow(module: str = "") -> Any:
    """pyarrow or a module of it; raises :class:`LakeError` where it is not installed."""
    try:
        return import_module(f"pyarrow.{module}" if module else "pyarrow")
    except ImportError:
        raise LakeError(Label(
            "数据湖需要 pyarrow；请运行 pip install 'commlms[lake]'", "a lake needs pyarrow; run pip install 'commlms[lake]'"
        )) from None


def without_credentials(url: str) -> str:
    """An address as it may be written down: no user, no password, no options."""
    if not _URL.match(url):
        return url
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _unreadable(address: str, error: Exception) -> LakeError:
    why = getattr(error, "strerror", None) or str(error).partition("\n")[0]
    return LakeError(Label(
        "数据湖 {address} 读不出来（{why}）；请核对地址和权限",
        "the lake {address} cannot be read ({why}); check the address and the permissions",
    ), address=address, why=why)


@attrs.frozen
class Lake:
    """A lake's files. ``fs`` is a :class:`pyarrow.fs.FileSystem`, ``root`` the lake's folder in it, ``address`` what people read.

    Paths are relative to the lake, with ``/``. Raises OSError as the file system does.
    """

    fs: Any = attrs.field(repr=False)
    root: str = attrs.field(repr=False)
    address: str

    @classmethod
    def at(cls, url: str | os.PathLike[str]) -> Lake:
        """The lake at a folder or an address (``file://``, ``s3://`` and what else pyarrow knows); raises :class:`LakeError`."""
        fs, text = arrow("fs"), os.fspath(url)
        if not text.strip():
            raise LakeError(Label(
                "数据湖的地址是空的；请写文件夹，或 s3://桶/路径 之类", "the lake's address is empty; write a folder, or one such as s3://bucket/path"))
        if not _URL.match(text):
            return cls(fs.LocalFileSystem(), Path(text).absolute().as_posix(), text)
        try:
            found, root = fs.FileSystem.from_uri(text)
        except OSError as error:
            raise _unreadable(without_credentials(text), error) from None
        except (ValueError, NotImplementedError):
            raise LakeError(
                Label("不能识别数据湖的地址 {url}；可写文件夹，或 s3://桶/路径 之类", "the lake's address {url} cannot be understood; "
                      "write a folder, or an address such as s3://bucket/path"), url=without_credentials(text),
            ) from None
        return cls(found, root, without_credentials(text))

    @property
    def folder(self) -> Path | None:
        """Its folder, where it lies on this machine's disk."""
        return Path(self.root) if self.fs.type_name == "local" else None

    def full(self, path: str) -> str:
        """A path as ``fs`` takes it."""
        return f"{self.root}/{path}"

    # -- reading -----------------------------------------------------------------------------------

    def read(self, path: str) -> bytes | None:
        """A file's content; None where there is no such file."""
        try:
            with self.fs.open_input_stream(self.full(path)) as file:
                content: bytes = file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return content

    def uids(self) -> list[str]:
        """The databases that have a folder here, in order."""
        fs = arrow("fs")
        found = self.fs.get_file_info(fs.FileSelector(self.root, allow_not_found=True))
        return sorted(f.base_name for f in found if f.type == fs.FileType.Directory and _UID.match(f.base_name))

    def manifest(self, uid: str) -> Manifest | None:
        """What a database published last; None where it has not."""
        for _ in range(_TRIES):
            named = self.read(f"{uid}/{CURRENT}")
            if named is None:
                return None
            if not _MANIFEST.fullmatch(named.strip()):
                raise LakeError(Label(
                    "数据湖里 {uid} 的 CURRENT 已损坏；请删去文件夹 {uid}，让那个库重新发布",
                    "CURRENT of {uid} in the lake is damaged; delete the folder {uid} and let that database publish again"), uid=uid)
            text = self.read(f"{uid}/{named.decode().strip()}")
            if text is not None:
                return Manifest.from_json(text.decode(errors="replace"))
            # A publication replaced CURRENT after it was read, and took the manifest it named away.
        raise LakeError(Label(
            "数据湖里 {uid} 的清单不见了；请删去文件夹 {uid}，让那个库重新发布",
            "the manifest of {uid} is gone from the lake; delete the folder {uid} and let that database publish again"), uid=uid)

    def manifests(self) -> dict[str, Manifest]:
        """What every database published last, by uid."""
        found = {uid: self.manifest(uid) for uid in self.uids()}
        return {uid: manifest for uid, manifest in found.items() if manifest is not None}

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """What goes wrong with files and stores while reading, as one sentence."""
        try:
            yield
        except (OSError, arrow("lib").ArrowException) as error:
            raise _unreadable(self.address, error) from error

    def sound(self, path: str, file: LakeFile) -> bool:
        """Whether a file is there as it was published. On a disk by its SHA-256; an object store checks its own, so by size."""
        info = self.fs.get_file_info(self.full(path))
        if info.type != arrow("fs").FileType.File or info.size != file.bytes:
            return False
        if self.folder is None:
            return True
        with (self.folder / path).open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256

    # -- writing -----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def spool(self, uid: str) -> Iterator[Path]:
        """A private folder for files that are not finished, on the lake's own disk where it has one."""
        if self.folder is None:
            with tempfile.TemporaryDirectory(prefix="commlms-") as name:
                yield Path(name)
            return
        made = self.folder / uid / _NEW
        shutil.rmtree(made, ignore_errors=True)  # what a killed publication left
        made.mkdir(parents=True, mode=0o700)
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)
            with contextlib.suppress(OSError):
                made.parent.rmdir()  # stays unless it is empty

    def put(self, path: str, file: Path) -> None:
        """Bring a finished file of the spool into the lake: nobody sees a part of it."""
        if self.folder is not None:
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with file.open("rb") as written:
                os.fsync(written.fileno())
            file.replace(target)
            return
        if self.fs.type_name not in _FLAT:
            self.fs.create_dir(self.full(path).rpartition("/")[0], recursive=True)
        with file.open("rb") as source, self.fs.open_output_stream(self.full(path)) as stream:
            shutil.copyfileobj(source, stream, 1 << 20)

    def write(self, path: str, content: bytes, spool: Path) -> None:
        """Write a small file, replacing what is there in one step."""
        made = spool / "small"
        made.write_bytes(content)
        self.put(path, made)

    def sweep(self, uid: str, keep: set[str]) -> int:
        """Delete every file of a database that is not in ``keep`` (paths below its folder); gives how many."""
        fs = arrow("fs")
        base = self.full(uid)
        found = self.fs.get_file_info(fs.FileSelector(base, allow_not_found=True, recursive=True))
        gone = [f.path for f in found if f.type == fs.FileType.File and f.path[len(base) + 1:] not in keep]
        for path in gone:
            self.fs.delete_file(path)
        if self.folder is not None:
            for inner, _, _ in sorted(os.walk(self.folder / uid), reverse=True):
                with contextlib.suppress(OSError):
                    os.rmdir(inner)  # only the empty ones go
        return len(gone)
