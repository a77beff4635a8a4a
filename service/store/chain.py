"""Entries chained by a keyed hash: how a state follows from the one before, and what is sealed.

The chain's state after entry n is

    state(n) = HMAC-SHA-256(key, state(n-1) ‖ canonical JSON of entry n)

beginning with the empty text. The newest state is kept beside the chain, by its head; each entry
keeps only SHA-256 of its own, from which no state can be told. So whoever can write to the
database but has no key can neither make an entry that fits nor cut the newest ones off: the state
that was before them is nowhere to be found.

Two kinds of chain use it: the history of an instance, and the access log of a person and day.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol

from service.domain.soundness import Fault


class Linked(Protocol):
    """An entry as it is found in the store."""

    @property
    def number(self) -> int: ...
    @property
    def mac(self) -> str: ...
    def content(self) -> Sequence[object]:
        """Return what the chain runs over: all of the entry but `mac`, as JSON can say it."""


def next_state(key: bytes, state: str, content: Sequence[object]) -> str:
    """Return the chain's state behind an entry of this content."""
    return hmac.digest(key, state.encode() + canonical(list(content)), "sha256").hex()


def seal_of(state: str) -> str:
    """Return what an entry keeps of its state."""
    return hashlib.sha256(state.encode()).hexdigest()


def canonical(value: object) -> bytes:
    """Return the one text of a JSON value: ASCII, keys sorted."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, sort_keys=True)
    return text.encode("ascii")


def moment_text(at: datetime) -> str:
    """Return a moment as the chain has it: in UTC, with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def same(one: str, other: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def broken_links(
    entries: Sequence[Linked], *, length: int, head: str, key: bytes
) -> Iterator[tuple[int, Fault]]:
    """Give the number and fault of what breaks a chain; `entries` by number, `head` their state.

    Nothing behind a broken link can fit, so there is one at most.
    """
    state = ""
    for expected, entry in enumerate(entries, start=1):
        if entry.number != expected:
            yield expected, Fault.MISSING
            return
        state = next_state(key, state, entry.content())
        if not same(seal_of(state), entry.mac):
            yield expected, Fault.CHANGED
            return
    if length != len(entries) or not same(state, head):
        yield length, Fault.CUT_OFF
