"""Clients that send one request after another, each on a connection of its own."""

import http.client
import json
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """One POST of JSON."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """What some clients saw: milliseconds of each request, and the seconds it all took."""

    milliseconds: Sequence[float]
    seconds: float

    @property
    def p50(self) -> float:
        """Median of the milliseconds."""
        return statistics.median(self.milliseconds)

    @property
    def p99(self) -> float:
        """The milliseconds that 99 of 100 requests stayed below."""
        return statistics.quantiles(self.milliseconds, n=100)[98]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.milliseconds) / self.seconds


def post(port: int, token: str, requests: Sequence[Request], clients: int) -> Load:
    """Send the requests from so many clients at once; any answer over 299 stops the measurement."""
    shares = [requests[number::clients] for number in range(clients)]
    seen: list[list[float]] = [[] for _ in shares]
    failed: list[str] = []
    threads = [
        threading.Thread(target=_client, args=(port, token, share, times, failed))
        for share, times in zip(shares, seen, strict=True)
    ]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    if failed:
        raise SystemExit(f"a request failed: {failed[0]}")
    return Load([each for times in seen for each in times], seconds)


def _client(
    port: int, token: str, requests: Sequence[Request], times: list[float], failed: list[str]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for request in requests:
        begin = time.perf_counter()
        connection.request("POST", request.path, request.body, headers)
        answer = connection.getresponse()
        text = answer.read()
        times.append((time.perf_counter() - begin) * 1000)
        if answer.status > 299:
            failed.append(f"{request.path} {answer.status} {text[:300]!r}")
            break
    connection.close()


def body(value: object) -> bytes:
    """Return the value as JSON."""
    return json.dumps(value).encode()
