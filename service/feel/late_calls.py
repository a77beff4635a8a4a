"""Calls that cost a helper a moment ago: the same call again would only cost another one."""

import hashlib
import json
import threading
import time
from collections.abc import Callable

from service.feel.errors import FeelError
from service.feel.protocol import Fields

_SECONDS = 30.0
_MOST = 1_000


class LateCalls:
    """Remembers for half a minute why a call had no answer; threads share it.

    Two calls are the same when they differ in nothing but the present moment. So many instances
    that run into one endless expression at once wait for one of them, not one after the other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[bytes, tuple[float, Callable[[str], FeelError]]] = {}

    def refusal_of(self, name: str, fields: Fields, origin: str) -> FeelError | None:
        """Return why this call had no answer, or None when it is worth a helper."""
        if not self._known:
            return None
        digest = _digest(name, fields)
        with self._lock:
            at, refusal = self._known.get(digest, (0.0, None))
            if refusal is not None and time.monotonic() - at >= _SECONDS:
                del self._known[digest]
                refusal = None
        return refusal(origin) if refusal else None

    def note(self, name: str, fields: Fields, refusal: Callable[[str], FeelError]) -> None:
        """Remember that this call cost a helper."""
        digest = _digest(name, fields)
        with self._lock:
            self._known.pop(digest, None)
            if len(self._known) >= _MOST:
                del self._known[next(iter(self._known))]
            self._known[digest] = (time.monotonic(), refusal)


def _digest(name: str, fields: Fields) -> bytes:
    asked = {key: value for key, value in fields.items() if key != "now"}
    return hashlib.blake2b(json.dumps([name, asked]).encode(), digest_size=16).digest()
