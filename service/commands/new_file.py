"""A file that is there whole or not at all, and what goes wrong with a disk, said plainly."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import DBAPIError

from service.domain.backups import BackupExists, NoSpace, NotAccessible
from service.store.database import out_of_space

_PART = ".part"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOENT: "文件夹不存在",
    errno.ENOTDIR: "文件夹不存在",
    errno.EIO: "磁盘读写出错",
}


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which gets its name when all of it is on the disk.

    Nobody but its owner may read it. Nothing of it stays where an error leaves the block. Raises
    BackupExists, NoSpace, NotAccessible.
    """
    part = path.with_name(path.name + _PART)
    with said_plainly(path):
        if path.exists():
            raise BackupExists(path=path)
        _remove_abandoned(part)
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise BackupExists(path=part) from None
        try:
            with os.fdopen(descriptor, "wb", buffering=1024 * 1024) as stream:
                fcntl.flock(stream, fcntl.LOCK_EX)
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
                part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def remove_abandoned(folder: Path) -> None:
    """Delete what killed programs have left of files that they had not finished."""
    for part in folder.glob(f"*{_PART}"):
        _remove_abandoned(part)


def _remove_abandoned(part: Path) -> None:
    with suppress(FileNotFoundError, BlockingIOError), part.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        part.unlink()


def sync_folder(folder: Path) -> None:
    """Make new and renamed entries of a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_is_full(error: OSError) -> bool:
    """Tell whether this is for want of room."""
    return error.errno in _FULL


@contextmanager
def said_plainly(path: Path) -> Iterator[None]:
    """Turn errors of the disk in this block into NoSpace and NotAccessible."""
    try:
        yield
    except OSError as error:
        if disk_is_full(error):
            raise NoSpace(folder=path.parent) from error
        reason = _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
        raise NotAccessible(path=error.filename or path, reason=reason) from error
    except DBAPIError as error:
        if out_of_space(error):
            raise NoSpace(folder="数据库") from error
        raise
