"""The history of an instance: append-only, each entry chained to the one before by a keyed hash.

How the chain is made is in `chain`; its head is the instance's row. It runs over digests of the
salted values, which lie in rows of their own: they can be erased when the law asks for it, the
chain still holds, and the salt that went with them keeps anybody from guessing them back from the
digest.

All of it is written under the lock of the instance's row, by the transaction that changes it.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from service.domain.values import Json
from service.store.chain import canonical, moment_text, next_state, seal_of
from service.store.tables import HistoryEntry, HistoryValue

VALUES_ERASED = "history.values-erased"
"""Act of the entry that says which entries' values were erased, by whom and why."""

_ENTRIES = cast(Table, HistoryEntry.__table__)
_VALUES = cast(Table, HistoryValue.__table__)


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of an instance's chain, as its row has it: `history_length` and `history_head`."""

    instance_key: int
    length: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One act to record. `value` (opinion, outcome, names) is what may have to be erased one day.

    `actor` is a user name. `value` None keeps no value at all.
    """

    at: datetime
    actor: str
    act: str
    element_id: str | None = None
    element_instance_key: int | None = None
    value: Json = None


class Chained(Protocol):
    """What the chain runs over: an entry's columns but `mac`."""

    @property
    def instance_key(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def act(self) -> str: ...
    @property
    def element_id(self) -> str | None: ...
    @property
    def element_instance_key(self) -> int | None: ...
    @property
    def digest(self) -> str: ...


@dataclass(frozen=True)
class _Link:
    instance_key: int
    number: int
    at: datetime
    actor: str
    act: str
    element_id: str | None
    element_instance_key: int | None
    digest: str


def append(session: Session, head: ChainHead, entries: Sequence[NewEntry], key: bytes) -> ChainHead:
    """Write the entries behind `head` and return the new head, which the caller must keep.

    The caller holds the lock of the instance's row, and writes the head's length and state there.
    Two statements, one where no entry has a value, none for no entries.
    """
    rows: list[dict[str, object]] = []
    values: list[dict[str, object]] = []
    number, state = head.length, head.state
    for entry in entries:
        number += 1
        salt = "" if entry.value is None else secrets.token_hex(16)
        link = _Link(
            instance_key=head.instance_key,
            number=number,
            at=entry.at,
            actor=entry.actor,
            act=entry.act,
            element_id=entry.element_id,
            element_instance_key=entry.element_instance_key,
            digest=digest_of(salt, entry.value) if salt else "",
        )
        state = next_state(key, state, content_of(link))
        rows.append({**vars(link), "mac": seal_of(state)})
        if salt:
            row = {"instance_key": link.instance_key, "number": number, "salt": salt}
            values.append({**row, "value": entry.value})
    if rows:
        session.execute(insert(_ENTRIES), rows)
    if values:
        session.execute(insert(_VALUES), values)
    return ChainHead(head.instance_key, number, state)


def erase_values(
    session: Session,
    head: ChainHead,
    numbers: Sequence[int],
    *,
    reason: str,
    actor: str,
    now: datetime,
    key: bytes,
) -> ChainHead:
    """Erase the values of these entries of one instance, and record that; as `append` otherwise.

    Nothing but an entry made here lets `verify` accept that a value is gone.
    """
    session.execute(
        delete(HistoryValue).where(
            HistoryValue.instance_key == head.instance_key, HistoryValue.number.in_(numbers)
        )
    )
    value: Json = {"numbers": list(numbers), "reason": reason}
    return append(session, head, [NewEntry(now, actor, VALUES_ERASED, value=value)], key)


def values_of(session: Session, instance_key: int) -> dict[int, Json]:
    """Return the values of an instance's entries by number; what was erased is missing."""
    rows = session.execute(
        select(HistoryValue.number, HistoryValue.value).where(
            HistoryValue.instance_key == instance_key
        )
    )
    return {number: value for number, value in rows}


def digest_of(salt: str, value: Json) -> str:
    """Return SHA-256 of the salted value, hexadecimal."""
    return hashlib.sha256(salt.encode() + canonical(value)).hexdigest()


def content_of(entry: Chained) -> list[object]:
    """Return what the chain runs over."""
    return [
        entry.instance_key,
        entry.number,
        moment_text(entry.at),
        entry.actor,
        entry.act,
        entry.element_id,
        entry.element_instance_key,
        entry.digest,
    ]
