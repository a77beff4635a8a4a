"""Where the bytes of files lie: outside the web root, under random names."""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from service.commands.file_types import ALLOWED, media_type
from service.commands.new_file import disk_is_full, sync_folder
from service.domain.errors import ResultUnknown, StorageFull
from service.domain.files import FileEmpty, FilesKept, FileTooLarge

_CHUNK = 256 * 1024
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that lie in the room: `size` in bytes, `sha256` in hexadecimal."""

    storage_name: str
    media_type: str
    size: int
    sha256: str


class FileRoom:
    """A folder of files; a storage name is 32 random hexadecimal digits and never a person's."""

    def __init__(self, folder: Path, limit: int = 20 * _MEGABYTE) -> None:
        self._folder = folder
        self._limit = limit

    def receive(
        self, stream: BinaryIO, *, file_name: str, kinds: Mapping[str, str] = ALLOWED
    ) -> StoredFile:
        """Keep the stream's bytes, on the disk before this returns.

        `kinds` are the media types that are taken, `file_name` is for the messages alone. Raises
        FileEmpty, FileTooLarge, FileTypeRefused, StorageFull; then nothing is left behind.
        """
        storage_name = secrets.token_hex(16)
        path = self.path(storage_name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            size, sha256 = self._write(path, stream, file_name)
            kind = media_type(path, file_name=file_name, kinds=kinds)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError) and disk_is_full(error):
                raise StorageFull from error
            raise
        sync_folder(path.parent)
        return StoredFile(storage_name, kind, size, sha256)

    @contextmanager
    def rolled_back(self, storage_names: Sequence[str]) -> Iterator[None]:
        """Remove files again when an error leaves the block that commits their rows.

        Not where it is unknown what became of the commit: then a row may name them, and those that
        none names go with `documents.clean_up`. The names are read when the error comes.
        """
        try:
            yield
        except ResultUnknown:
            raise
        except BaseException:
            for storage_name in storage_names:
                self.remove(storage_name)
            raise

    def put(self, storage_name: str, chunks: Iterable[bytes]) -> None:
        """Write a file that had its name already; who calls sees to it that it is on the disk.

        Raises FileExistsError.
        """
        path = self.path(storage_name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(chunks)

    def open(self, storage_name: str) -> BinaryIO:
        """Open a file for reading; who may is the commands' business."""
        return self.path(storage_name).open("rb")

    def path(self, storage_name: str) -> Path:
        """Return the file's place, two folders deep; a name we did not make is refused."""
        if len(storage_name) != 32 or not set(storage_name) <= set("0123456789abcdef"):
            raise ValueError("not a name of this room")
        return self._folder / storage_name[:2] / storage_name[2:4] / storage_name

    @property
    def folder(self) -> Path:
        """Where the files lie; need not be there yet."""
        return self._folder

    @contextmanager
    def kept(self) -> Iterator[None]:
        """See to it that no file whose row is gone is removed in this block, by any process.

        Waits for who is `swept`. The lock ends with its holder, whatever becomes of it.
        """
        with self._locked(fcntl.LOCK_SH):
            yield

    @contextmanager
    def swept(self) -> Iterator[None]:
        """Let files whose row is gone be removed in this block. Raises FilesKept."""
        with self._locked(fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        path = self._folder.with_name(f"{self._folder.name}.lock")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, how)
            except BlockingIOError:
                raise FilesKept from None
            yield
        finally:
            os.close(descriptor)

    def remove(self, storage_name: str) -> None:
        """Delete a file; one that is gone already is no mistake."""
        self.path(storage_name).unlink(missing_ok=True)

    def names(self, *, older_than: float) -> Iterator[str]:
        """Yield the names of all files last written before this moment (seconds since 1970)."""
        for path in self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if path.is_file() and path.stat().st_mtime < older_than:
                yield path.name

    def _write(self, path: Path, stream: BinaryIO, file_name: str) -> tuple[int, str]:
        size, digest = 0, hashlib.sha256()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > self._limit:
                    raise FileTooLarge(name=file_name, megabytes=self._limit // _MEGABYTE)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise FileEmpty(name=file_name)
        return size, digest.hexdigest()
