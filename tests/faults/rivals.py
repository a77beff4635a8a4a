"""Many at once: at one task, and at the joins of many cases."""

import http.client
import threading
from collections import Counter
from datetime import timedelta

from tests.faults.auditor import audit
from tests.faults.clients import post
from tests.faults.stand import POSTGRESQL, Scene, Stand
from tests.faults.verdict import Verdict


def one_task(stand: Stand, database: str, size: int, *, clients: int = 50) -> Verdict:
    """So many clients at once complete each of `size` tasks: one succeeds, the others get 409."""
    with stand.scene(database) as scene:
        scene.begin("paper", size)
        scene.start("serve")
        answers = [_rush(scene, [key] * clients) for key in scene.open_tasks("submit").values()]
        scene.start("worker")
        scene.settle()
        faults = audit(scene)
    wanted = Counter({"204": 1, "409 user-task.already-completed": clients - 1})
    right = sum(said == wanted for said in answers)
    faults += [f"answers: {dict(said)}" for said in answers if said != wanted]
    return Verdict(
        f"{clients} clients, one task", database, size, right, faults,
        f"{right} × (1 × 204, {clients - 1} × 409)",
    )  # fmt: skip


def joins_of_people(stand: Stand, database: str, size: int) -> Verdict:
    """Both branches of a case are completed in the same moment, in each of `size` cases."""
    with stand.scene(database) as scene:
        scene.begin("pair", size)
        left, right = scene.open_tasks("left"), scene.open_tasks("right")
        scene.start("serve")
        answers: Counter[str] = Counter()
        for case, key in left.items():
            answers += _rush(scene, [key, right[case]])
        scene.start("worker")
        scene.settle()
        faults = audit(scene)
        fired = len(scene.open_tasks("read"))
    if answers != Counter({"204": 2 * size}):
        faults.append(f"answers: {dict(answers)}")
    return Verdict("joins, both branches at once", database, size, fired, faults)


def joins_of_timers(stand: Stand, database: str, size: int, *, workers: int = 2) -> Verdict:
    """Both branches end by timers that are due in the same moment, and workers share them."""
    with stand.scene(database) as scene:
        now = scene.rooms.clock()
        due = (now - timedelta(minutes=1)).isoformat()
        scene.begin("clocks", size, now=now - timedelta(minutes=2), at=due)
        for _ in range(workers if database == POSTGRESQL else 1):
            scene.start("worker")
        scene.settle()
        faults = audit(scene)
        fired = scene.completed()
    return Verdict("joins, both timers at once", database, size, fired, faults)


def _rush(scene: Scene, keys: list[int]) -> Counter[str]:
    """A client a key; all send in the same moment. Returns how many got which answer."""
    gate = threading.Barrier(len(keys))
    said: list[str] = []

    def send(key: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", scene.settings.port, timeout=60)
        connection.connect()
        gate.wait(60)
        said.append(post(connection, scene.token, key))
        connection.close()

    threads = [threading.Thread(target=send, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(said)
