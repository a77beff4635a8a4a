"""Page and job processes killed while people complete tasks."""

import itertools
import time

from tests.faults.auditor import audit
from tests.faults.clients import Clients
from tests.faults.stand import Scene, Stand
from tests.faults.verdict import Verdict
from tests.programs import Program

CLIENTS = 8


def kill_while_completing(stand: Stand, database: str, size: int, *, kills: int = 6) -> Verdict:
    """SIGKILL to page processes, the whole server and the worker in turn during `size` completions.

    Every step goes on by a job, so workers die amid their transactions too. On SQLite there is one
    worker, on PostgreSQL two.
    """
    with stand.scene(database, takeover=3) as scene:
        scene.begin("paper", size)
        tasks = list(scene.open_tasks("submit").values())
        server = scene.start("serve")
        workers = [scene.start("worker") for _ in range(2 if scene.cluster else 1)]
        journal = scene.journal()
        clients = Clients(scene.settings.port, scene.token, journal)
        clients.begin(tasks, CLIENTS)
        done = _kill(scene, server, workers, clients, size, kills)
        clients.wait()
        scene.settle()
        faults = [*audit(scene, journal.acknowledged), *journal.unclear]
        survived = len(journal.acknowledged | journal.found_done)
        went_on = len(scene.open_tasks("read"))
    return Verdict(
        "kill -9 while completing", database, size, min(survived, went_on), faults,
        f"{done} kills, {len(journal.acknowledged)} acknowledged,"
        f" {len(journal.found_done)} found done, {journal.refusals['no-answer']} without answer",
    )  # fmt: skip


def _kill(
    scene: Scene, server: Program, workers: list[Program], clients: Clients, size: int, kills: int
) -> int:
    """Kill something each time another share of the tasks has been answered."""
    done = 0
    for turn in itertools.count():
        while clients.busy and clients.answered < size * (turn + 1) / (kills + 1):
            time.sleep(0.005)
        if not clients.busy or done >= kills:
            return done
        match turn % 3:
            case 0:
                server.kill_a_child()
            case 1:
                place = turn % len(workers)
                workers[place].kill()
                workers[place] = scene.start("worker")
            case 2:
                server.kill()
                server = scene.start("serve")
        done += 1
    return done
