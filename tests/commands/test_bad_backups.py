"""What is no backup, or not as it was made, is refused before anything is written."""

import gzip
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.commands.backups import verify
from service.commands.rooms import Rooms
from service.domain import backups
from service.domain.access_events import AccessKind
from service.domain.backups import (
    AuditKeyDiffers,
    BackupDamaged,
    BackupExists,
    BackupForged,
    BackupNewer,
    BackupUnreadable,
    ClockBehind,
    DataKeyDiffers,
    FilesNotEmpty,
    NotAccessible,
    RowsRefused,
)
from service.domain.errors import JiaoyanError
from service.store.sealing import DataKeys
from service.store.tables import AccessEvent
from tests.commands.backing_up import (
    elsewhere,
    in_silence,
    nothing_is_there,
    restore,
    source,
    take,
)
from tests.fixtures_commands import DATA_KEY
from tests.fixtures_store import AUDIT_KEY

__all__ = ["source"]

ROW = '["personnel-office","人事科"]\n'.encode()

Members = list[tuple[str, bytes]]
Change = Callable[[Members], None]


@pytest.fixture(scope="module")
def made(source: Rooms, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "backup.tar"
    take(source, path)
    return path


@pytest.fixture
def backup(made: Path, tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    return shutil.copyfile(made, tmp_path / "backup.tar")


@pytest.fixture
def target(source: Rooms, tmp_path: Path) -> Rooms:
    """Where nothing is yet."""
    (tmp_path / "other").mkdir()
    return elsewhere(source, f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "other")


def members_of(path: Path) -> Members:
    with tarfile.open(path) as archive:
        return [(each.name, read(archive, each)) for each in archive]


def read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member)
    assert stream is not None
    return stream.read()


def write(path: Path, members: Members) -> Path:
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members:
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    content = path.read_bytes()
    path.write_bytes(content.rstrip(b"\0") + bytes(-len(content.rstrip(b"\0")) % 512 + 1024))
    return path


def signed(
    members: Members, key: bytes = AUDIT_KEY, said: "dict[str, object] | None" = None
) -> Members:
    """The same members, with sums and a signature that fit them, and this in the manifest."""
    content = dict(members)
    manifest = json.loads(content.pop("manifest.json")) | (said or {})
    del content["SHA256SUMS"], content["manifest.hmac"]
    sums = "".join(f"{hashlib.sha256(of).hexdigest()}  {name}\n" for name, of in content.items())
    manifest["sums"] = hashlib.sha256(sums.encode()).hexdigest()
    written = json.dumps(manifest).encode()
    return [
        *content.items(),
        ("SHA256SUMS", sums.encode()),
        ("manifest.json", written),
        ("manifest.hmac", backups.sign(written, key)),
    ]


def refused(target: Rooms, path: Path, tmp_path: Path) -> JiaoyanError:
    """Why it is not restored; nothing is written."""
    with pytest.raises(JiaoyanError) as error:
        restore(target, path)
    assert nothing_is_there(target, tmp_path / "other")
    return error.value


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


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"at": "2026-03-02"}, BackupUnreadable),
        ({"at": "2026-03-02T09:30:00"}, BackupUnreadable),
        ({"files": -1}, BackupUnreadable),
        ({"tables": [{"name": "person", "columns": {"key": "blob"}, "rows": 0}]}, BackupUnreadable),
        ({"tables": []}, BackupUnreadable),
        ({"format": "jiaoyan-backup-2"}, BackupNewer),
        ({"revisions": ["s9999"]}, BackupNewer),
        ({"at": "2036-03-02T09:30:00+00:00"}, ClockBehind),
        ({"key_check": "0" * 32}, AuditKeyDiffers),
        ({"sealed": {"ffffffff": 2}}, DataKeyDiffers),
    ],
    ids=str,
)
def test_a_signed_manifest_that_does_not_suit_is_refused(
    backup: Path,
    target: Rooms,
    tmp_path: Path,
    said: dict[str, object],
    error: type[JiaoyanError],
) -> None:
    members = signed(members_of(backup), said=said)
    assert type(refused(target, write(tmp_path / "said.tar", members), tmp_path)) is error


def _other_rows(members: Members, table: str, *lines: str) -> Members:
    name = f"tables/{table}/000001.jsonl.gz"
    content = gzip.compress("".join(f"{line}\n" for line in lines).encode())
    return [(name, content), *(each for each in members if each[0] != name)]


@pytest.mark.parametrize(
    ("table", "lines", "error"),
    [
        ("candidate_group", [], BackupUnreadable),
        ("candidate_group", ['["a","甲"]', '["b","乙"]'], BackupUnreadable),
        ("elsewhere", ["[1]"], BackupUnreadable),
        ("candidate_group", ["[]"], RowsRefused),
        ("candidate_group", ["{"], RowsRefused),
        ("candidate_group", ['["a",null]'], RowsRefused),
        ("membership", ['["personnel-office","nobody"]'], RowsRefused),
    ],
)
def test_signed_rows_that_do_not_fit_are_refused(
    backup: Path,
    target: Rooms,
    tmp_path: Path,
    table: str,
    lines: list[str],
    error: type[JiaoyanError],
) -> None:
    members = signed(_other_rows(members_of(backup), table, *lines))
    assert type(refused(target, write(tmp_path / "rows.tar", members), tmp_path)) is error


@pytest.mark.parametrize("packed", [b"", b"no gzip", gzip.compress(ROW) + b"x"])
def test_signed_rows_that_cannot_be_unpacked_are_refused(
    backup: Path, target: Rooms, tmp_path: Path, packed: bytes
) -> None:
    name = "tables/candidate_group/000001.jsonl.gz"
    members = [(each, packed if each == name else of) for each, of in members_of(backup)]
    path = write(tmp_path / "packed.tar", signed(members))
    assert isinstance(refused(target, path, tmp_path), BackupUnreadable)


def test_signed_columns_that_are_not_there_are_refused(
    backup: Path, target: Rooms, tmp_path: Path
) -> None:
    said = json.loads(dict(members_of(backup))["manifest.json"])["tables"]
    next(each for each in said if each["name"] == "candidate_group")["columns"]["more"] = "text"
    path = write(tmp_path / "columns.tar", signed(members_of(backup), said={"tables": said}))
    assert isinstance(refused(target, path, tmp_path), RowsRefused)


def test_a_backup_of_another_system_is_told_by_its_key(
    backup: Path, target: Rooms, tmp_path: Path
) -> None:
    other = replace(target, audit_key=b"another key of another system")
    assert isinstance(refused(other, backup, tmp_path), AuditKeyDiffers)
    with pytest.raises(AuditKeyDiffers):
        verify(backup, b"another key of another system", progress=in_silence)
    verify(backup, None, progress=in_silence)


def test_who_has_no_key_cannot_sign(backup: Path, target: Rooms, tmp_path: Path) -> None:
    members = signed(members_of(backup), key=b"a key of their own")
    path = write(tmp_path / "forged.tar", members)
    assert isinstance(refused(target, path, tmp_path), BackupForged)
    verify(path, None, progress=in_silence)


def test_the_data_key_must_be_there_and_may_be_an_older_one(
    backup: Path, target: Rooms, tmp_path: Path
) -> None:
    for keys in ([], ["another data key"]):
        found = refused(replace(target, data_keys=DataKeys(keys)), backup, tmp_path)
        assert isinstance(found, DataKeyDiffers)
        assert "共 1 项" in found.message
    restore(replace(target, data_keys=DataKeys(["a newer key", DATA_KEY])), backup)


def test_what_lost_keys_leave_is_restored_when_that_is_wanted(
    backup: Path, target: Rooms, tmp_path: Path
) -> None:
    without = replace(target, audit_key=b"a new key after a fire", data_keys=DataKeys(["another"]))
    restore(without, backup, keys_lost=True)

    with without.read() as session:
        said = session.scalars(
            select(AccessEvent.details).where(AccessEvent.kind == AccessKind.RESTORED)
        ).one()
    assert isinstance(said, dict)
    assert said["keys_lost"] == ["JIAOYAN_AUDIT_KEY", "JIAOYAN_DATA_KEY"]


def test_a_changed_backup_is_refused_with_lost_keys_too(
    backup: Path, target: Rooms, tmp_path: Path
) -> None:
    forged = write(tmp_path / "forged.tar", signed(members_of(backup), key=b"a key of their own"))
    damaged = write(tmp_path / "damaged.tar", [("files/" + "0" * 32, b""), *members_of(backup)])
    for path, error in ((forged, BackupForged), (damaged, BackupUnreadable)):
        with pytest.raises(error):
            restore(target, path, keys_lost=True)


def test_a_clock_that_is_behind_is_refused(backup: Path, target: Rooms, tmp_path: Path) -> None:
    earlier = target.clock() - timedelta(minutes=1)
    behind = replace(target, clock=lambda: earlier)
    assert isinstance(refused(behind, backup, tmp_path), ClockBehind)


def test_files_that_are_there_are_left_alone(backup: Path, target: Rooms, tmp_path: Path) -> None:
    folder = tmp_path / "other" / "files"
    folder.mkdir()
    first = elsewhere(target, f"sqlite:///{tmp_path / 'first.db'}", tmp_path / "other")
    restore(first, backup)
    files = sorted(folder.rglob("*"))

    with pytest.raises(FilesNotEmpty):
        restore(target, backup)
    assert sorted(folder.rglob("*")) == files


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
