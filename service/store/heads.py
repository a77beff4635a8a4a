"""The heads of all chains: to be kept outside, and to compare the store with later.

Whoever can write to the database can put back an old backup, or delete a chain with everything of
it; who has the key too can write every chain anew. None of that agrees with heads that were
exported before.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from service.domain.access_events import RetentionClass
from service.domain.soundness import (
    ChainKind,
    ChainName,
    Fault,
    Finding,
    Head,
    access_chain,
    history_chain,
)
from service.store.access_check import cleaned_before
from service.store.chain import same, seal_of
from service.store.tables import AccessEvent, AccessHead, HistoryEntry, ProcessInstance

_PAGE = 500
"""Heads looked at by one statement."""


def current(session: Session) -> Iterator[Head]:
    """Give the head of every chain as it is now, a page at a time."""
    yield from _of_histories(session)
    yield from _of_access_log(session)


def compare(session: Session, heads: Sequence[Head]) -> list[Finding]:
    """Find the chains that no longer lead through these heads.

    A day of the access log that was deleted when its time was over may be gone. That says nothing
    of the entries behind a head, or before it: `verify` of the chains does.
    """
    found: list[Finding] = []
    for page in _pages(heads):
        seals = {
            **_history_seals(session, [h for h in page if h.chain.kind is ChainKind.HISTORY]),
            **_access_seals(session, [h for h in page if h.chain.kind is ChainKind.ACCESS]),
        }
        lengths = _lengths(session, [head.chain for head in page])
        # Read behind the rows: what was deleted before is recorded by then.
        cleaned = cleaned_before(session)
        for head in page:
            fault = _fault(head, lengths.get(head.chain), seals.get(head.chain), cleaned)
            if fault is not None:
                found.append(Finding(head.chain, head.length, fault))
    return found


def _fault(head: Head, length: int | None, seal: str | None, cleaned: str) -> Fault | None:
    if length is None:
        return None if _had_its_time(head.chain, cleaned) else Fault.CHAIN_GONE
    if length < head.length:
        return Fault.SHORTENED
    if seal is None or not same(seal, head.seal):
        return Fault.REWRITTEN
    return None


def _had_its_time(chain: ChainName, cleaned: str) -> bool:
    if chain.kind is not ChainKind.ACCESS:
        return False
    day, retention, _ = _access_key(chain)
    return retention == RetentionClass.ACCESS and day < cleaned


def _of_histories(session: Session) -> Iterator[Head]:
    last = -1
    statement = select(
        ProcessInstance.key, ProcessInstance.history_length, ProcessInstance.history_head
    ).order_by(ProcessInstance.key)
    while rows := session.execute(statement.where(ProcessInstance.key > last).limit(_PAGE)).all():
        for key, length, state in rows:
            yield Head(history_chain(key), length, seal_of(state))
        last = rows[-1][0]


def _of_access_log(session: Session) -> Iterator[Head]:
    last = ("", "", "")
    head = AccessHead
    order = (head.day, head.person, head.retention)
    statement = select(*order, head.length, head.state).order_by(*order).limit(_PAGE)
    while rows := session.execute(statement.where(tuple_(*order) > last)).all():
        for day, person, retention, length, state in rows:
            yield Head(access_chain(day, retention, person), length, seal_of(state))
        last = rows[-1][:3]


def _history_seals(session: Session, heads: Sequence[Head]) -> dict[ChainName, str]:
    if not heads:
        return {}
    entry = HistoryEntry
    wanted = [(_instance_key(head.chain), head.length) for head in heads]
    rows = session.execute(
        select(entry.instance_key, entry.mac).where(
            tuple_(entry.instance_key, entry.number).in_(wanted)
        )
    )
    return {history_chain(key): mac for key, mac in rows}


def _access_seals(session: Session, heads: Sequence[Head]) -> dict[ChainName, str]:
    if not heads:
        return {}
    event = AccessEvent
    wanted = [(*_access_key(head.chain), head.length) for head in heads]
    rows = session.execute(
        select(event.day, event.retention, event.person, event.mac).where(
            tuple_(event.day, event.retention, event.person, event.number).in_(wanted)
        )
    )
    return {access_chain(day, retention, person): mac for day, retention, person, mac in rows}


def _lengths(session: Session, chains: Sequence[ChainName]) -> dict[ChainName, int]:
    lengths: dict[ChainName, int] = {}
    instances = [_instance_key(c) for c in chains if c.kind is ChainKind.HISTORY]
    if instances:
        rows = session.execute(
            select(ProcessInstance.key, ProcessInstance.history_length).where(
                ProcessInstance.key.in_(instances)
            )
        )
        lengths.update((history_chain(key), length) for key, length in rows)
    days = [_access_key(c) for c in chains if c.kind is ChainKind.ACCESS]
    if days:
        head = AccessHead
        found = session.execute(
            select(head.day, head.retention, head.person, head.length).where(
                tuple_(head.day, head.retention, head.person).in_(days)
            )
        )
        lengths.update((access_chain(d, retention, p), length) for d, retention, p, length in found)
    return lengths


def _instance_key(chain: ChainName) -> int:
    return int(chain.id)


def _access_key(chain: ChainName) -> tuple[str, str, str]:
    day, retention, person = chain.id.split("/", 2)
    return day, retention, person


def _pages(heads: Iterable[Head]) -> Iterator[list[Head]]:
    rest = iter(heads)
    while page := list(islice(rest, _PAGE)):
        yield page
