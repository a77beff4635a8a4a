"""A backup that is what it was made as, but does not suit: other keys, rows or another place."""

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from service.commands.backups import verify
from service.commands.rooms import Rooms
from service.domain.access_events import AccessKind
from service.domain.backups import (
    AuditKeyDiffers,
    BackupForged,
    BackupNewer,
    BackupUnreadable,
    ClockBehind,
    DataKeyDiffers,
    FilesNotEmpty,
    RowsRefused,
)
from service.domain.errors import JiaoyanError
from service.store.sealing import DataKeys
from service.store.tables import AccessEvent
from tests.commands.backing_up import elsewhere, in_silence, restore, source
from tests.commands.spoiling import (
    ROW,
    Members,
    backup,
    made,
    members_of,
    refused,
    signed,
    target,
    write,
)
from tests.fixtures_commands import DATA_KEY

__all__ = ["backup", "made", "source", "target"]


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


@pytest.mark.parametrize(
    "packed",
    [b"", b"no gzip", gzip.compress(ROW) + b"x"],
    ids=["nothing", "other", "more behind"],
)
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
