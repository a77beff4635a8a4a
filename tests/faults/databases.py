"""The database goes away: restarted, crashed, cut off in the midst of a commit."""

import time

from tests.faults.auditor import audit
from tests.faults.clients import Clients
from tests.faults.proxy import Cut, Proxy
from tests.faults.stand import Scene, Stand
from tests.faults.verdict import Verdict

CLIENTS = 6


def restarted_under_load(stand: Stand, database: str, size: int, *, times: int = 2) -> Verdict:
    """PostgreSQL is restarted so often amid `size` completions; every second time it crashes."""
    with stand.scene(database, takeover=3) as scene:
        completing = Completing(scene, size)
        completing.begin()
        for number in range(times):
            completing.wait_for_share((number + 1) / (times + 1))
            stand.cluster.restart("immediate" if number % 2 else "fast")
        return completing.verdict(f"PostgreSQL restarted × {times}")


def cut_at_commit(stand: Stand, database: str, size: int, *, every: int = 9) -> Verdict:
    """Connections are cut before the server hears of a commit, or before it can say it is done."""
    proxy = Proxy(stand.cluster.socket, every)
    with stand.scene(database, takeover=3, port_of_database=proxy.port) as scene:
        completing = Completing(scene, size)
        completing.begin()
        completing.clients.wait()
        proxy.stop_cutting()
        if not all(proxy.cuts[way] for way in Cut):
            completing.faults.append(f"not all was tried: {dict(proxy.cuts)}")
        verdict = completing.verdict(
            "connection cut at commit",
            f"{proxy.cuts[Cut.UNHEARD]} cut before, {proxy.cuts[Cut.UNSAID]} after; ",
        )
    proxy.close()
    return verdict


class Completing:
    """`size` tasks that are completed over HTTP while a worker takes the cases on."""

    def __init__(self, scene: Scene, size: int) -> None:
        self._scene = scene
        self._size = size
        scene.begin("paper", size)
        self.tasks = list(scene.open_tasks("submit").values())
        scene.start("serve")
        scene.start("worker")
        self.journal = scene.journal()
        self.clients = Clients(scene.settings.port, scene.token, self.journal)
        self.faults: list[str] = []

    def begin(self, first: int = 0, last: int | None = None) -> None:
        """Begin to complete these of the tasks."""
        self.clients.begin(self.tasks[first:last], CLIENTS)

    def wait_for_share(self, share: float) -> None:
        """Wait until this share of all tasks has been answered."""
        while self.clients.busy and self.clients.answered < self._size * share:
            time.sleep(0.005)

    def verdict(self, name: str, remark: str = "") -> Verdict:
        """Wait for all, and look whether everything is as it was said."""
        self.clients.wait()
        self._scene.settle()
        journal = self.journal
        faults = [*self.faults, *audit(self._scene, journal.acknowledged), *journal.unclear]
        went_on = len(self._scene.open_tasks("read"))
        known = len(journal.acknowledged | journal.found_done)
        said = "".join(f", {count} {code}" for code, count in sorted(journal.refusals.items()))
        return Verdict(name, self._scene.database, self._size, min(went_on, known), faults,
                       f"{remark}{len(journal.found_done)} found done{said}")  # fmt: skip
