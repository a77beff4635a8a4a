"""How late timers are, how fast many are worked off, and what a worker costs while nothing is due.

`python -m benchmarks.timers [share of the sizes, such as 0.1]`. The worker is a process of its own;
lateness is from when a timer was due to when the step that it caused began. What differs within a
run is the figure to keep: the machine may be busy with other things.
"""

import statistics
import sys
import time
import warnings
from datetime import timedelta

import psutil
from sqlalchemy import func, select, text

from benchmarks.machine import table
from service.store.tables import ElementInstance, Job, ProcessInstance
from service.store.tables.work import JobKind
from tests.faults.alarms import lateness
from tests.faults.stand import POSTGRESQL, SQLITE, Scene, Stand
from tests.faults.verdict import load

RATE = 50
IDLE_SECONDS = 60
"""As long as the longest interval of a worker: a shorter window counts by chance."""

_SETTLES = 20
"""Seconds until what a worker does as it starts is over, and PostgreSQL has counted it: a
connection that is idle tells its figures every ten seconds at most (PGSTAT_IDLE_INTERVAL)."""

_BETWEEN_KEYS = 1_000_000


def main() -> None:
    """Print the three tables."""
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    stand = Stand()
    try:
        late(stand, int(3_000 * share))
        at_once(stand, int(10_000 * share))
        idle(stand, int(1_000 * share), int(100_000 * share))
    finally:
        stand.close()


def late(stand: Stand, size: int) -> None:
    """Timers due one after the other."""
    rows = []
    for database in (SQLITE, POSTGRESQL):
        with stand.scene(database) as scene:
            seconds = lateness(scene, size, RATE)
            cuts = statistics.quantiles(seconds, n=100)
            rows.append((database, len(seconds), f"{cuts[49]:.3f}", f"{cuts[98]:.3f}"))
    table(
        f"Lateness of timers due at {RATE} a second, seconds ({load()})",
        ("database", "timers", "p50", "p99"), rows,
    )  # fmt: skip


def at_once(stand: Stand, size: int) -> None:
    """Timers due in the same moment, shared by workers."""
    rows, alone = [], 0.0
    for workers in (1, 2, 4):
        with stand.scene(POSTGRESQL) as scene:
            now = scene.rooms.clock()
            due = (now - timedelta(minutes=1)).isoformat()
            scene.begin("alarm", size, now=now - timedelta(minutes=2), at=due)
            for _ in range(workers):
                scene.start("worker")
            scene.settle()
            seconds = _span(scene)
            alone = alone or seconds
            done = scene.completed()
            rows.append((workers, done, f"{seconds:.1f}", f"{done / seconds:.0f}",
                         f"{alone / seconds:.2f}"))  # fmt: skip
    table(
        f"{size} timers due at once, PostgreSQL ({load()})",
        ("workers", "done", "seconds", "a second", "× one worker"), rows,
    )  # fmt: skip


def _span(scene: Scene) -> float:
    """Seconds from the first to the last."""
    with scene.rooms.read() as session:
        first, last = session.execute(
            select(func.min(Job.ended_at), func.max(Job.ended_at)).where(Job.kind == JobKind.TIMER)
        ).one()
    assert first is not None
    assert last is not None
    return float((last - first).total_seconds())


def idle(stand: Stand, few: int, many: int) -> None:
    """A worker that has nothing to do, beside few and beside many instances that wait.

    Without autovacuum, whose visits to each database, some 20 transactions a minute, would be
    counted as the worker's.
    """
    rows = []
    stand.cluster.run("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()")
    for database in (SQLITE, POSTGRESQL):
        costs = [_idle_cost(stand, database, size) for size in (few, many)]
        for size, (cpu, transactions) in zip((few, many), costs, strict=True):
            said = "–" if transactions is None else f"{transactions:.0f}"
            rows.append((database, size, f"{cpu:.2f}", said, f"{cpu / costs[0][0]:.2f}"))
    table(
        f"A worker while nothing is due, for a minute ({load()})",
        ("database", "open instances", "CPU s", "transactions", f"× {few}"), rows,
    )  # fmt: skip


def _idle_cost(stand: Stand, database: str, size: int) -> tuple[float, float | None]:
    """CPU seconds of a minute, and transactions of the database in it."""
    with stand.scene(database) as scene:
        _wait_by_the_thousand(scene, size)
        worker = scene.start("worker")
        worker.wait_until_it_says("作业程序已启动")
        time.sleep(_SETTLES)
        cpu, transactions = _cpu(worker.pid), _transactions(scene)
        time.sleep(IDLE_SECONDS)
        cpu = _cpu(worker.pid) - cpu
        if transactions is None:
            return cpu, None
        # The one that asked at first has told its own by now.
        return cpu, (_transactions(scene) or 0) - transactions - 1


def _wait_by_the_thousand(scene: Scene, size: int) -> None:
    """Start an instance that waits for a timer of next year, and copy its rows."""
    later = (scene.rooms.clock() + timedelta(days=365)).isoformat()
    [key] = scene.begin("alarm", 1, at=later)
    numbers = (
        "WITH RECURSIVE numbers(n) AS"
        " (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :size)"
    )
    with scene.rooms.write() as tools:
        for entity in (ProcessInstance, ElementInstance, Job):
            columns = [column.key for column in entity.__table__.columns]
            moved = {"key", "instance_key", "scope_key", "element_instance_key"}
            copied = ", ".join(
                f"{name} + CAST(n AS BIGINT) * {_BETWEEN_KEYS}" if name in moved else name
                for name in columns
            )
            own = "key" if entity is ProcessInstance else "instance_key"
            tools.session.execute(
                text(
                    f"{_insert(entity.__tablename__, columns)} {numbers}"  # noqa: S608 - names of ours
                    f" SELECT {copied} FROM {entity.__tablename__}, numbers WHERE {own} = :own"
                ),
                {"size": size - 1, "own": key},
            )
    if scene.database == POSTGRESQL and scene.cluster is not None:
        # What autovacuum does by itself, a minute later.
        name = scene.rooms.database.url.database or ""
        scene.cluster.run("VACUUM ANALYZE", database=name)


def _insert(name: str, columns: list[str]) -> str:
    return f"INSERT INTO {name} ({', '.join(columns)})"


def _cpu(pid: int) -> float:
    """Seconds of the process and of what it has started."""
    parent = psutil.Process(pid)
    times = [one.cpu_times() for one in (parent, *parent.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))


def _transactions(scene: Scene) -> int | None:
    """Transactions of this database so far; None where it does not count them."""
    if scene.database == SQLITE:
        return None
    with scene.rooms.read() as session:
        counted = text(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database"
            " WHERE datname = current_database()"
        )
        return int(session.execute(counted).scalar_one())


if __name__ == "__main__":
    main()
