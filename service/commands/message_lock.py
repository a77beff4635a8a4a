"""The lock of the names under which messages go: who waits and who sends never miss each other."""

import hashlib
from collections.abc import Iterable
from typing import TypeAlias

from sqlalchemy import ARRAY, Integer, bindparam, text
from sqlalchemy.orm import Session

from service.commands.upserts import dialect_of

Address: TypeAlias = tuple[str, str]
"""Name and correlation key of a message."""

_SLOTS = 1024
"""Names share this many locks, so that a step with many of them stays within the server's table."""

_FAMILY = 0x6A79  # any number, apart from other advisory locks of ours

_LOCK = text("SELECT pg_advisory_xact_lock(:family, slot) FROM unnest(:slots) AS slot").bindparams(
    bindparam("slots", type_=ARRAY(Integer))
)


def lock(session: Session, addresses: Iterable[Address]) -> None:
    """Lock these until the end of the transaction; on SQLite there is one writer anyway.

    Whoever opens a subscription and whoever publishes takes it before looking for the other, after
    the lock of an instance, and nobody waits for an instance while holding it. The locks are taken
    in one order, so that nobody waits for each other.
    """
    slots = sorted({_slot(address) for address in addresses})
    if slots and dialect_of(session) == "postgresql":
        session.execute(_LOCK, {"family": _FAMILY, "slots": slots}).all()


def _slot(address: Address) -> int:
    digest = hashlib.sha256("\0".join(address).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big") % _SLOTS
