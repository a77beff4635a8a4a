"""The disk is full for a while: a small one of memory, mounted for it, which needs root."""

import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.faults.cluster import Cluster
from tests.faults.databases import Completing
from tests.faults.stand import POSTGRESQL, Scene, Stand
from tests.faults.verdict import Verdict

MEGABYTES = {"sqlite": 32, "postgresql": 256}
_ENOUGH = 5
"""Refusals that say so, before there is room again."""


class NoSmallDisk(Exception):
    """This machine lets us mount nothing."""


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A disk of memory. Raises NoSmallDisk."""
    folder = Path(tempfile.mkdtemp(prefix="jiaoyan-faults-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NoSmallDisk from None
    if done.returncode:
        folder.rmdir()
        raise NoSmallDisk(done.stderr)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def full_for_a_while(stand: Stand, database: str, size: int) -> Verdict:
    """The disk of the database is full amid `size` completions, until somebody makes room."""
    with small_disk(MEGABYTES[database]) as disk:
        if database != POSTGRESQL:
            data = disk / "data"
            data.mkdir()
            with stand.scene(database, takeover=3, data=data) as scene:
                return _full(scene, disk, size)
        cluster = Cluster(disk)
        try:
            # So that what it keeps for later leaves the disk to others.
            cluster.run("ALTER SYSTEM SET min_wal_size = '32MB'")
            cluster.run("ALTER SYSTEM SET max_wal_size = '64MB'", "SELECT pg_reload_conf()")
            with stand.scene(database, takeover=3, cluster=cluster) as scene:
                return _full(scene, disk, size)
        finally:
            cluster.drop()


def _full(scene: Scene, disk: Path, size: int) -> Verdict:
    """The first half is completed, the second begun on a disk without a free byte."""
    completing = Completing(scene, size)
    completing.begin(0, size // 2)
    completing.clients.wait()
    if scene.database != POSTGRESQL:  # else there is room in what its log has had before
        with closing(sqlite3.connect(scene.settings.data_dir / "jiaoyan.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ballast = disk / "ballast"
    _fill_up(ballast)
    completing.begin(size // 2)
    told = completing.journal.refusals
    while completing.clients.busy and told["storage-full"] < _ENOUGH:
        _fill_up(ballast)
        time.sleep(0.05)
    if not told["storage-full"]:
        completing.faults.append("nobody was told that the disk is full")
    ballast.unlink()
    if scene.cluster is not None:
        scene.cluster.start_again()
    return completing.verdict("disk full for a while")


def _fill_up(ballast: Path) -> None:
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while file.write(b"\0" * 4096):
            pass
