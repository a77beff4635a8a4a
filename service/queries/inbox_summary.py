"""How much is in each list of the inbox, and what is next."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.queries.inbox_entries import holdings, joined
from service.queries.inbox_order import Box
from service.queries.selects import MOST_COUNTED, AnySelect
from service.store.tables import InboxEntry, ProcessDefinition, ProcessInstance


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait in each list; `MOST_COUNTED + 1` says that there are more."""

    todo: int
    claimable: int
    done: int
    started: int
    escalated: int


def counts(session: Session, *, actor: Actor) -> Counts:
    """Count all lists, each up to `MOST_COUNTED + 1`; one statement."""
    own = select(ProcessInstance.key).where(*_started_by(actor))
    statement = select(
        _count(_entry_keys(actor, Box.TODO)),
        _count(_entry_keys(actor, Box.CLAIMABLE)),
        _count(_entry_keys(actor, Box.DONE)),
        _count([own]),
        _count(_entry_keys(actor, Box.ESCALATED)),
    )
    return Counts(*session.execute(statement).one())


def _started_by(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """What a call activity started is part of its caller's case."""
    return (
        ProcessInstance.started_by == actor.username,
        ProcessInstance.parent_key.is_(None),
    )


def procedures(session: Session, *, actor: Actor, box: Box) -> tuple[tuple[str, str], ...]:
    """Return id and newest name of each procedure among the newest of a list, by id.

    Only the newest `MOST_COUNTED` of each holder are looked at: a list of a million must not make
    its page slow.
    """
    if box is Box.STARTED:
        own = select(ProcessInstance.process_id).where(*_started_by(actor))
        branches = [own.order_by(ProcessInstance.key.desc())]
    else:
        branches = [
            select(InboxEntry.process_id).where(held).order_by(InboxEntry.task_key.desc())
            for held in holdings(actor, box)
        ]
    ids = select(joined([branch.limit(MOST_COUNTED) for branch in branches]).c.process_id)
    newest = aliased(ProcessDefinition)
    latest = (
        select(func.max(newest.version))
        .where(newest.process_id == ProcessDefinition.process_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(ProcessDefinition.process_id, ProcessDefinition.name)
        .where(ProcessDefinition.process_id.in_(ids), ProcessDefinition.version == latest)
        .order_by(ProcessDefinition.process_id)
    )
    return tuple((row.process_id, row.name) for row in rows)


def first_todo(session: Session, *, actor: Actor, besides: int | None = None) -> int | None:
    """Return the key of the task that has waited longest in 待办, if there is one."""
    branches = _entry_keys(actor, Box.TODO)
    if besides is not None:
        branches = [branch.where(InboxEntry.task_key != besides) for branch in branches]
    first = joined([branch.order_by(InboxEntry.task_key).limit(1) for branch in branches])
    key: int | None = session.scalar(select(func.min(first.c.task_key)))
    return key


def _entry_keys(actor: Actor, box: Box) -> list[AnySelect]:
    return [select(InboxEntry.task_key).where(held) for held in holdings(actor, box)]


def _count(branches: list[AnySelect]) -> ScalarSelect[int]:
    """Count the different keys of all branches, reading no more of any than is counted."""
    keys = joined([branch.limit(MOST_COUNTED + 1) for branch in branches])
    limited = select(literal_column("1")).select_from(keys).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(limited).scalar_subquery()
