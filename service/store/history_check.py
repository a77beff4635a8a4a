"""Finds whatever was changed in the history of instances behind its back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from service.domain.soundness import Fault, Finding, history_chain
from service.domain.values import Json
from service.store.chain import broken_links
from service.store.history import VALUES_ERASED, content_of, digest_of
from service.store.tables import HistoryEntry, HistoryValue, ProcessInstance

_PAGE = 500
"""Instances read at a time."""


@dataclass(frozen=True, slots=True)
class _Recorded:
    """An entry as it is found, its value and its instance's head beside it.

    `salt` is None where no value lies, `length` and `head` where there is no such instance.
    """

    instance_key: int
    number: int
    at: datetime
    actor: str
    act: str
    element_id: str | None
    element_instance_key: int | None
    digest: str
    mac: str
    salt: str | None
    value: Json
    length: int | None
    head: str | None

    def content(self) -> list[object]:
        return content_of(self)

    @property
    def has_its_value(self) -> bool:
        return self.salt is not None and digest_of(self.salt, self.value) == self.digest


_RECORDED = (
    select(
        HistoryEntry.instance_key,
        HistoryEntry.number,
        HistoryEntry.at,
        HistoryEntry.actor,
        HistoryEntry.act,
        HistoryEntry.element_id,
        HistoryEntry.element_instance_key,
        HistoryEntry.digest,
        HistoryEntry.mac,
        HistoryValue.salt,
        HistoryValue.value,
        ProcessInstance.history_length,
        ProcessInstance.history_head,
    )
    .outerjoin(
        HistoryValue,
        and_(
            HistoryValue.instance_key == HistoryEntry.instance_key,
            HistoryValue.number == HistoryEntry.number,
        ),
    )
    .outerjoin(ProcessInstance, ProcessInstance.key == HistoryEntry.instance_key)
    .order_by(HistoryEntry.instance_key, HistoryEntry.number)
)


def verify(session: Session, key: bytes) -> list[Finding]:
    """Check every entry, value and head; an empty list means that nothing was changed.

    Reads the whole history in order, some instances at a time. What one instance has is read by
    one statement, so acts that are being recorded meanwhile are never taken for a fault.
    """
    found = list(_instances_without_history(session))
    for first, last in _pages(session):
        rows = session.execute(_RECORDED.where(HistoryEntry.instance_key.between(first, last)))
        entries = (_Recorded(*tuple(row)) for row in rows)
        for _, of_instance in groupby(entries, key=lambda entry: entry.instance_key):
            found.extend(_check(list(of_instance), key))
    return found


def _instances_without_history(session: Session) -> Iterator[Finding]:
    """Starting an instance is recorded always, so there can be none."""
    any_entry = select(HistoryEntry.number).where(HistoryEntry.instance_key == ProcessInstance.key)
    for instance_key, length in session.execute(
        select(ProcessInstance.key, ProcessInstance.history_length).where(~any_entry.exists())
    ):
        yield Finding(history_chain(instance_key), length, Fault.CUT_OFF)


def _pages(session: Session) -> Iterator[tuple[int, int]]:
    """Give the first and the last key of each page of instances that have entries."""
    keys: Sequence[int] = [-1]
    while keys:
        keys = session.scalars(
            select(HistoryEntry.instance_key)
            .where(HistoryEntry.instance_key > keys[-1])
            .distinct()
            .order_by(HistoryEntry.instance_key)
            .limit(_PAGE)
        ).all()
        if keys:
            yield keys[0], keys[-1]


def _check(entries: Sequence[_Recorded], key: bytes) -> Iterator[Finding]:
    instance_key, length, head = entries[0].instance_key, entries[0].length, entries[0].head
    if length is None or head is None:
        yield Finding(history_chain(instance_key), 0, Fault.UNKNOWN_INSTANCE)
        return
    for number, fault in broken_links(entries, length=length, head=head, key=key):
        yield Finding(history_chain(instance_key), number, fault)
        if fault is not Fault.CUT_OFF:
            return  # values are not to be trusted where the entries are not
    yield from _check_values(entries)


def _check_values(entries: Sequence[_Recorded]) -> Iterator[Finding]:
    erased = set(_erased_numbers(entries))
    for entry in entries:
        if entry.salt is None:
            if entry.digest and entry.number not in erased:
                yield Finding(history_chain(entry.instance_key), entry.number, Fault.VALUE_GONE)
        elif not entry.has_its_value:
            yield Finding(history_chain(entry.instance_key), entry.number, Fault.VALUE_CHANGED)


def _erased_numbers(entries: Iterable[_Recorded]) -> Iterator[int]:
    for entry in entries:
        if entry.act == VALUES_ERASED and entry.has_its_value and isinstance(entry.value, dict):
            numbers = entry.value.get("numbers")
            if isinstance(numbers, list):
                yield from (number for number in numbers if isinstance(number, int))
