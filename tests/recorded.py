"""Records how the cast came to be there: what is inserted by hand would be found."""

from datetime import datetime

from sqlalchemy import select

from service.commands.access_log import Ledger, record
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM
from service.domain.passwords import seal_of
from service.store.tables import Membership, Person


def record_cast(tools: Ledger, now: datetime) -> None:
    """Record accounts and members that are there, as the commands would have."""
    people = select(Person.username, Person.kind, Person.password_hash).order_by(Person.username)
    for username, kind, password_hash in tools.session.execute(people).all():
        details = {"kind": kind, "seal": seal_of(password_hash)}
        record(
            tools,
            AccessKind.ACCOUNT_CREATED,
            actor=SYSTEM,
            subject=username,
            details=details,
            now=now,
        )
    for group_id, username in tools.session.execute(
        select(Membership.group_id, Membership.username)
    ).all():
        record(
            tools,
            AccessKind.GROUP_CHANGED,
            actor=SYSTEM,
            subject=username,
            reference=group_id,
            details={"change": "member-added"},
            now=now,
        )
