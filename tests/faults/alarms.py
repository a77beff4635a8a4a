"""Timers by the thousand: due at once, due one after the other, due while nobody was there."""

import statistics
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from service.store.tables import Job
from service.store.tables.work import JobKind
from tests.faults.auditor import audit
from tests.faults.stand import Scene, Stand
from tests.faults.verdict import Verdict, load

_UNTIL_FIRST = timedelta(seconds=20)


def due_at_once(stand: Stand, database: str, size: int, *, workers: int = 1) -> Verdict:
    """`size` timers are due when so many workers start; each fires once."""
    with stand.scene(database) as scene:
        now = scene.rooms.clock()
        due = (now - timedelta(minutes=1)).isoformat()
        scene.begin("alarm", size, now=now - timedelta(minutes=2), at=due)
        begun = time.monotonic()
        for _ in range(workers):
            scene.start("worker")
        scene.settle()
        seconds = time.monotonic() - begun
        faults = audit(scene)
        done = scene.completed()
    return Verdict(f"timers due at once, {workers} workers", database, size, done, faults,
                   f"{size / seconds:.0f}/s, start included; {load()}")  # fmt: skip


def due_in_a_row(stand: Stand, database: str, size: int, *, rate: int = 50) -> Verdict:
    """So many timers a second are due for a while; remarks how late they were begun."""
    with stand.scene(database) as scene:
        late = lateness(scene, size, rate)
        faults = audit(scene)
        done = scene.completed()
    cuts = statistics.quantiles(late, n=100) if len(late) > 1 else [0.0] * 99
    return Verdict(f"timers, {rate} a second", database, size, done, faults,
                   f"p50 {cuts[49]:.2f} s late, p99 {cuts[98]:.2f} s; {load()}")  # fmt: skip


def lateness(scene: Scene, size: int, rate: int) -> Sequence[float]:
    """Let timers come due at this rate while a worker runs; seconds each was begun too late.

    They are prepared for some later day and moved once all of them are there.
    """
    later = scene.rooms.clock() + timedelta(days=1)
    for number in range(size):
        scene.begin("alarm", 1, at=(later + timedelta(seconds=number / rate)).isoformat())
    first = scene.rooms.clock() + _UNTIL_FIRST
    with scene.rooms.write() as tools:
        timers = select(Job.key, Job.due_at).where(Job.kind == JobKind.TIMER)
        moved = [
            {"key": key, "due_at": due_at - later + first}
            for key, due_at in tools.session.execute(timers)
        ]
        tools.session.execute(update(Job), moved)
    worker = scene.start("worker")
    worker.wait_until_it_says("作业程序已启动")
    assert scene.rooms.clock() < first, "the machine is too busy"
    time.sleep((first - scene.rooms.clock()).total_seconds() + size / rate)
    scene.settle()
    with scene.rooms.read() as session:
        rows = session.execute(
            select(Job.due_at, Job.ended_at).where(
                Job.kind == JobKind.TIMER, Job.ended_at.is_not(None)
            )
        )
        return [(ended - due).total_seconds() for due, ended in rows if ended is not None]


def nobody_there_for_a_day(stand: Stand, database: str, size: int) -> Verdict:
    """Timers were due all through a day on which no worker ran; then one starts.

    Single ones fire; of a cycle what was missed counts as one, and it goes on.
    """
    with stand.scene(database) as scene:
        now = scene.rooms.clock()
        yesterday = now - timedelta(days=1, hours=1)
        for number in range(size):
            due = yesterday + timedelta(days=number / size, minutes=1)
            scene.begin("alarm", 1, now=yesterday, at=due.isoformat())
        scene.begin("hourly", size, now=yesterday)
        scene.start("worker")
        scene.settle()
        faults = audit(scene)
        done = scene.completed() + _went_on_once(scene, now, faults)
    return Verdict("no worker for a day", database, 2 * size, done, faults)


def _went_on_once(scene: Scene, now: datetime, faults: list[str]) -> int:
    """How many cycles have fired once and are due again within the hour."""
    with scene.rooms.read() as session:
        rows = session.execute(
            select(Job.instance_key, Job.state, Job.due_at)
            .where(Job.kind == JobKind.TIMER, Job.element_id == "tick")
            .order_by(Job.instance_key, Job.due_at)
        )
        by_case: dict[int, list[tuple[str, datetime]]] = {}
        for case, state, due_at in rows:
            by_case.setdefault(case, []).append((state, due_at))
    good = 0
    for case, jobs in by_case.items():
        states = [state for state, _ in jobs]
        again = jobs[-1][1]
        if states == ["done", "waiting"] and now < again <= now + timedelta(hours=1, minutes=5):
            good += 1
        else:
            faults.append(f"cycle of case {case}: {jobs}")
    return good
