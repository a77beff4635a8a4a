"""Whether the rosters are what was recorded of them: for `jiaoyan audit verify`.

Each entry against its changes, the changes against their chain, and the digests of those made on a
page against the access log, whose chain is keyed: who rewrites an entry with its changes and their
digests is found there.
"""

from collections.abc import Container, Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.changes import soundness
from processes.registers.roster import AnyEntry, RegisterChange, Roster
from service.domain.soundness import ChainKind, ChainName, Fault, Finding
from service.procedure import register_events

_LOT = 500
_REWRITTEN = "变更记录与访问日志里的校验值不符，可能连同校验值一起被改写"
_NO_ENTRY = "登记过这一条，但名册里没有了"


def check(session: Session, rosters: Iterable[Roster]) -> Iterator[Finding]:
    """Give what does not fit, roster by roster."""
    known = {one.id: one for one in rosters}
    recorded = _recorded(session, known)
    for roster in known.values():
        yield from _of_roster(session, roster, recorded)
    gone = {
        *recorded,
        *(one for roster in known.values() for one in _without_entry(session, roster)),
    }
    for reference in sorted(gone):
        yield _finding(reference, Fault.NOT_THERE, _NO_ENTRY)


def _of_roster(
    session: Session, roster: Roster, recorded: dict[str, list[str]]
) -> Iterator[Finding]:
    after = -1
    while entries := _entries(session, roster, after):
        after = entries[-1].key
        histories = _histories(session, roster, [one.key for one in entries])
        for entry in entries:
            changes = histories.pop(entry.key, [])
            reference = f"{roster.id}/{entry.key}"
            if words := soundness(roster, entry, changes[::-1]):
                yield _finding(reference, Fault.NOT_RECORDED, words)
            digests = {one.digest for one in changes}
            if not digests.issuperset(recorded.pop(reference, [])):
                yield _finding(reference, Fault.REWRITTEN, _REWRITTEN)


def _without_entry(session: Session, roster: Roster) -> Iterator[str]:
    table = roster.table
    keys = session.scalars(
        select(RegisterChange.entry_key).where(
            RegisterChange.register == roster.id,
            RegisterChange.revision == 1,
            ~select(table.key).where(table.key == RegisterChange.entry_key).exists(),
        )
    )
    yield from (f"{roster.id}/{key}" for key in keys)


def _entries(session: Session, roster: Roster, after: int) -> Sequence[AnyEntry]:
    table = roster.table
    wanted = select(table).where(table.key > after).order_by(table.key).limit(_LOT)
    return session.scalars(wanted).all()


def _histories(
    session: Session, roster: Roster, keys: Sequence[int]
) -> dict[int, list[RegisterChange]]:
    """The changes of each entry, the oldest first."""
    found: dict[int, list[RegisterChange]] = {}
    rows = session.scalars(
        select(RegisterChange)
        .where(RegisterChange.register == roster.id, RegisterChange.entry_key.in_(keys))
        .order_by(RegisterChange.entry_key, RegisterChange.revision)
    )
    for change in rows:
        found.setdefault(change.entry_key, []).append(change)
    return found


def _recorded(session: Session, known: Container[str]) -> dict[str, list[str]]:
    """Digests that the access log has of entries of these rosters, by entry."""
    found: dict[str, list[str]] = {}
    for event in register_events(session):
        register, _slash, key = event.reference.partition("/")
        if key.isdigit() and register in known:
            found.setdefault(event.reference, []).append(event.digest)
    return found


def _finding(reference: str, fault: Fault, words: str) -> Finding:
    return Finding(ChainName(ChainKind.REGISTER, reference), 0, fault, words)
