"""What is no backup, or not as it was made, is refused before anything is written."""

import tarfile
from pathlib import Path
from typing import Any

import pytest

from service.commands.rooms import Rooms
from service.domain import backups
from service.domain.backups import (
    BackupDamaged,
    BackupExists,
    BackupForged,
    BackupUnreadable,
    NotAccessible,
)
from service.domain.errors import JiaoyanError
from tests.commands.backing_up import restore, source, take
from tests.commands.spoiling import (
    Change,
    Members,
    backup,
    made,
    members_of,
    refused,
    signed,
    target,
    write,
)
from tests.fixtures_store import AUDIT_KEY

__all__ = ["backup", "made", "source", "target"]


def test_what_was_only_written_anew_is_restored(
    backup: Path, target: Rooms, tmp_path: Path
) -> None:
    """So that the other tests refuse what they change, and not how they write it."""
    restore(target, write(tmp_path / "anew.tar", signed(members_of(backup))))


@pytest.mark.parametrize("share", [0, 0.0001, 0.01, 0.5, 0.99, 0.9999])
def test_a_part_of_a_backup_is_refused(
    backup: Path, target: Rooms, tmp_path: Path, share: float
) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[: int(len(content) * share)])
    assert isinstance(refused(target, backup, tmp_path), BackupUnreadable)


@pytest.mark.parametrize("more", [b"\0", bytes(512), b"x" * 512])
def test_something_behind_the_end_is_refused(
    backup: Path, target: Rooms, tmp_path: Path, more: bytes
) -> None:
    backup.write_bytes(backup.read_bytes() + more)
    assert isinstance(refused(target, backup, tmp_path), BackupUnreadable)


@pytest.mark.parametrize(
    ("member", "error"),
    [
        ("tables/person/000001.jsonl.gz", BackupDamaged),
        ("files/", BackupDamaged),
        ("SHA256SUMS", BackupUnreadable),
        ("manifest.json", BackupForged),
        ("manifest.hmac", BackupForged),
    ],
)
def test_a_changed_byte_is_found(
    backup: Path, target: Rooms, tmp_path: Path, member: str, error: type[JiaoyanError]
) -> None:
    changed = [
        (name, _with_a_changed_byte(content) if name.startswith(member) else content)
        for name, content in members_of(backup)
    ]
    found = refused(target, write(tmp_path / "changed.tar", changed), tmp_path)
    assert type(found) is error
    if error is BackupDamaged:
        assert member in found.message


def _with_a_changed_byte(content: bytes) -> bytes:
    """Another digit in the manifest, whose form stays as it is; elsewhere another last byte."""
    if b'"files": 1' in content:
        return content.replace(b'"files": 1', b'"files": 2')
    return content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]


@pytest.mark.parametrize(
    "header",
    [
        {"name": "../../escaped"},
        {"name": "/etc/escaped"},
        {"name": "files/../../escaped"},
        {"name": "files/" + "A" * 32},
        {"name": "tables/person/1.jsonl.gz"},
        {"name": "tables/Person; drop/000001.jsonl.gz"},
        {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
        {"type": tarfile.LNKTYPE, "linkname": "manifest.json"},
        {"type": tarfile.REGTYPE, "linkname": "/etc/passwd"},
        {"type": tarfile.DIRTYPE},
        {"type": tarfile.CHRTYPE},
        {"type": tarfile.FIFOTYPE},
        {"type": tarfile.GNUTYPE_SPARSE},
        {"type": tarfile.GNUTYPE_LONGNAME},
        {"type": tarfile.XHDTYPE},
        {"size": 8 * 1024**3 - 1},
    ],
    ids=str,
)
def test_a_hostile_member_is_refused(
    backup: Path, target: Rooms, tmp_path: Path, header: dict[str, Any]
) -> None:
    member = tarfile.TarInfo("files/" + "0" * 32)
    for name, value in header.items():
        setattr(member, name, value)
    backup.write_bytes(member.tobuf(tarfile.GNU_FORMAT) + backup.read_bytes())
    assert isinstance(refused(target, backup, tmp_path), BackupUnreadable)


def _add(members: Members) -> None:
    members.insert(0, ("files/" + "0" * 32, b"more"))


def _leave_out(members: Members) -> None:
    del members[0]


def _twice(members: Members) -> None:
    members.insert(0, members[0])


def _in_another_order(members: Members) -> None:
    members.insert(0, members.pop(1))


def _without_a_manifest(members: Members) -> None:
    del members[-2]


def _of_no_use(manifest: bytes) -> Change:
    def change(members: Members) -> None:
        members[-2:] = [
            ("manifest.json", manifest),
            ("manifest.hmac", backups.sign(manifest, AUDIT_KEY)),
        ]

    return change


@pytest.mark.parametrize(
    "change",
    [
        _add,
        _leave_out,
        _twice,
        _in_another_order,
        _without_a_manifest,
        _of_no_use(b""),
        _of_no_use(b"\xff"),
        _of_no_use(b"[]"),
        _of_no_use(b"[" * 100_000),
        _of_no_use(b" " * (5 * 1024 * 1024)),
        _of_no_use(b'{"format": "jiaoyan-backup-1"}'),
        _of_no_use(b'{"format": "something-else"}'),
    ],
)
def test_content_that_does_not_fit_its_manifest_is_refused(
    backup: Path, target: Rooms, tmp_path: Path, change: Change
) -> None:
    members = members_of(backup)
    change(members)
    found = refused(target, write(tmp_path / "changed.tar", members), tmp_path)
    assert isinstance(found, BackupUnreadable)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(2000), "备份".encode() * 500])
def test_something_else_is_refused(target: Rooms, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "something"
    path.write_bytes(content)
    assert isinstance(refused(target, path, tmp_path), BackupUnreadable)


def test_what_cannot_be_read_is_said(target: Rooms, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.tar"):
        assert isinstance(refused(target, path, tmp_path), NotAccessible)


def test_no_file_is_written_over(source: Rooms, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(BackupExists):
        take(source, backup)
    assert backup.read_bytes() == before


def test_where_nothing_can_be_written_is_said(source: Rooms, backup: Path) -> None:
    with pytest.raises(NotAccessible, match="文件夹不存在"):
        take(source, backup.parent / "nowhere" / "backup.tar")
