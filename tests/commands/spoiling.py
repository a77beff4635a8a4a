"""Backups that are spoilt, on purpose: taken apart, changed, and put together again.

`backup`  a copy of a good one that may be changed; `target` where nothing is yet
"""

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from service.commands.rooms import Rooms
from service.domain import backups
from service.domain.errors import JiaoyanError
from tests.commands.backing_up import elsewhere, nothing_is_there, restore, take
from tests.fixtures_store import AUDIT_KEY

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
