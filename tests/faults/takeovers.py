"""Workers that die or freeze with jobs in their hands, and who does these then."""

import http.client
import signal
import time

from sqlalchemy import func, select

from service.store.tables import Job
from service.store.tables.work import JobKind, JobState
from tests.faults.auditor import audit
from tests.faults.clients import post
from tests.faults.stand import POSTGRESQL, Scene, Stand
from tests.faults.verdict import Verdict
from tests.programs import Program

LIMIT = 60.0
"""Seconds within which others must have done what a dead worker held, after its lock of 45 s."""


def killed_between_lock_and_run(
    stand: Stand, database: str, size: int, *, takeover: int = 45
) -> Verdict:
    """A worker holds `size` jobs (at most 10), is amid the first and dies by SIGKILL.

    Another one that runs already does them all.
    """
    with stand.scene(database, takeover=takeover) as scene:
        held = _held(scene, size)
        seconds, _ = _until_others_did(scene, held, signal.SIGKILL)
        scene.settle()
        faults = audit(scene)
        done = _in_time(scene, seconds, takeover, faults)
    return Verdict("worker killed between lock and run", database, size, done, faults,
                   f"taken over after {seconds:.0f} s")  # fmt: skip


def frozen_past_its_lock(stand: Stand, database: str, size: int, *, takeover: int = 45) -> Verdict:
    """The same, but it is frozen by SIGSTOP amid a transaction, and goes on later.

    PostgreSQL ends its session, so that others can do its jobs; when it wakes up it can commit
    nothing of what it was about, and works on. On SQLite it holds the one write lock: people are
    told that the system is busy, until it wakes up.
    """
    with stand.scene(database, takeover=takeover) as scene:
        frozen = _held(scene, size)
        if database == POSTGRESQL:
            seconds, other = _until_others_did(scene, frozen, signal.SIGSTOP)
            other.kill()
            frozen.send(signal.SIGCONT)
            faults: list[str] = []
            remark = f"taken over after {seconds:.0f} s"
        else:
            seconds, faults = 0.0, _told_that_it_is_busy(scene, frozen)
            remark = "people are told that it is busy"
        scene.begin("held", 1, folder=str(scene.folder))
        scene.settle()
        faults += audit(scene)
        done = _in_time(scene, seconds, takeover, faults)
    return Verdict("worker frozen past its lock", database, size + 1, done, faults, remark)


def _told_that_it_is_busy(scene: Scene, frozen: Program) -> list[str]:
    """What a page answers while the worker is frozen, and once it goes on."""
    frozen.send(signal.SIGSTOP)
    scene.start("serve")
    [key] = scene.open_tasks("submit").values()
    connection = http.client.HTTPConnection("127.0.0.1", scene.settings.port, timeout=60)
    first = post(connection, scene.token, key)
    (scene.folder / "go-on").touch()
    frozen.send(signal.SIGCONT)
    second = post(connection, scene.token, key)
    connection.close()
    wanted = ("503 busy", "204")
    return [] if (first, second) == wanted else [f"answers: {first}, {second}"]


def _held(scene: Scene, size: int) -> Program:
    """A worker that holds all the jobs and is amid the first."""
    scene.begin("paper", 1)
    scene.begin("held", size, folder=str(scene.folder))
    worker = scene.start("worker")
    until = time.monotonic() + LIMIT
    while not list(scene.folder.glob("reached-*")):
        assert time.monotonic() < until, worker.log.read_text()
        time.sleep(0.01)
    with scene.rooms.read() as session:
        held = session.scalar(
            select(func.count()).where(Job.kind == JobKind.HANDLER, Job.lock_owner.is_not(None))
        )
    assert held == size, f"{held} of {size} jobs are held"
    return worker


def _until_others_did(
    scene: Scene, worker: Program, number: signal.Signals
) -> tuple[float, Program]:
    """Let another worker run and hit the first one; returns the seconds until all is done.

    On SQLite there is one worker: the other is started once the first is dead.
    """
    if scene.database == POSTGRESQL:
        other = scene.start("worker")
        other.wait_until_it_says("作业程序已启动")
        time.sleep(1)  # it has looked, and found nothing free
        worker.send(number)
    else:
        worker.kill()
        other = scene.start("worker")
    begun = time.monotonic()
    (scene.folder / "go-on").touch()
    while time.monotonic() - begun < 2 * LIMIT and _undone(scene):
        time.sleep(0.05)
    return time.monotonic() - begun, other


def _undone(scene: Scene) -> int:
    with scene.rooms.read() as session:
        waiting = (Job.kind == JobKind.HANDLER, Job.state == JobState.WAITING)
        return session.scalar(select(func.count()).where(*waiting)) or 0


def _in_time(scene: Scene, seconds: float, takeover: int, faults: list[str]) -> int:
    """How many cases have ended, if that was in time: none otherwise."""
    limit = LIMIT - 45 + takeover
    if seconds > limit:
        faults.append(f"taken over after {seconds:.0f} s, {limit:.0f} at most")
        return 0
    return scene.completed()
