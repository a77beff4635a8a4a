"""Clients that complete tasks until they know what became of each, and a journal of the answers.

An answer is in the journal, on disk, before the next request is sent: what it acknowledges must be
found in the database, whatever happens meanwhile.
"""

import http.client
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 120.0
"""Seconds for one task, all tries together."""

CLEAR = frozenset({"busy", "result-unknown", "storage-full", "feel.unavailable"})
"""What a program may be told while something is broken."""

_PAUSE = 0.1


class Journal:
    """What was answered, a line an answer."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self.acknowledged: set[int] = set()
        self.found_done: set[int] = set()
        self.unanswered: set[int] = set()
        self.refusals: Counter[str] = Counter()
        self.unclear: list[str] = []

    def write(self, key: int, said: str) -> None:
        """Keep one answer."""
        with self._lock:
            self._file.write(f"{key} {said}\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


@dataclass
class Clients:
    """So many at once, each on a connection of its own."""

    port: int
    token: str
    journal: Journal
    patience: float = PATIENCE
    answered: int = field(default=0)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self, keys: Sequence[int], clients: int) -> None:
        """Begin to complete these tasks."""
        self._threads = [
            threading.Thread(target=self._client, args=(keys[number::clients],))
            for number in range(clients)
        ]
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Wait until each task is known to be done, or given up."""
        for thread in self._threads:
            thread.join()

    @property
    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _client(self, keys: Sequence[int]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for key in keys:
            self._complete(connection, key)
            self.answered += 1
        connection.close()

    def _complete(self, connection: http.client.HTTPConnection, key: int) -> None:
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            said = post(connection, self.token, key)
            self.journal.write(key, said)
            if said == "204":
                self.journal.acknowledged.add(key)
                return
            if said == "409 user-task.already-completed":
                self.journal.found_done.add(key)
                return
            status, _, code = said.partition(" ")
            self.journal.refusals[code] += 1
            if code != "no-answer" and not (status == "503" and code in CLEAR):
                self.journal.unclear.append(f"{key}: {said}")
            time.sleep(_PAUSE)
        self.journal.unanswered.add(key)


def post(connection: http.client.HTTPConnection, token: str, key: int) -> str:
    """Complete a task; returns the status and the code of a refusal, or `- no-answer`."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    sent = json.dumps({"variables": {"note": f"第{key}号"}}).encode()
    try:
        connection.request("POST", f"/v2/user-tasks/{key}/completion", sent, headers)
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return "- no-answer"
    if answer.status == http.client.NO_CONTENT:
        return "204"
    try:
        code = str(json.loads(content)["code"])
    except (ValueError, KeyError):
        code = "no-problem-detail"
    return f"{answer.status} {code}"
