"""Messages that did not go out: how many by which channel and why, never to whom nor what."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.outgoing import Channel
from service.store.authorization import holds
from service.store.tables import Job
from service.store.tables.work import HAS_DETAILS, JobKind, JobState


@dataclass(frozen=True, slots=True)
class Unsent:
    """One channel: messages that wait for another try, and those that failed and can be sent again.

    `error` is the newest reason.
    """

    channel: Channel
    waiting: int
    failed: int
    error: str
    since: datetime
    """When the oldest of them was written."""


def unsent(session: Session, *, actor: Actor) -> tuple[Unsent, ...]:
    """Return the channels by which something failed and is kept, or is tried again and again.

    For who oversees what runs of all processes; nothing for anybody else. Two statements, one more
    a channel.
    """
    if not holds(session, actor, ObjectKind.RUNNING, Action.READ):
        return ()
    failed = Job.state == JobState.FAILED
    troubled = (
        Job.kind == JobKind.SEND,
        Job.last_error.is_not(None),
        Job.state.in_((JobState.WAITING, JobState.FAILED)),
        HAS_DETAILS,
    )
    rows = session.execute(
        select(
            Job.type,
            func.sum(case((failed, 0), else_=1)).label("waiting"),
            func.sum(case((failed, 1), else_=0)).label("failed"),
            func.min(Job.created_at).label("since"),
        )
        .where(*troubled)
        .group_by(Job.type)
        .order_by(Job.type)
    ).all()
    return tuple(
        Unsent(
            channel=Channel(row.type),
            waiting=row.waiting,
            failed=row.failed,
            error=session.scalars(
                select(Job.last_error)
                .where(*troubled, Job.type == row.type)
                .order_by(Job.key.desc())
                .limit(1)
            ).one()
            or "",
            since=row.since,
        )
        for row in rows
    )


def may_retry(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor may have them sent again."""
    return holds(session, actor, ObjectKind.RUNNING, Action.ACT)
