"""How much is in each list of the inbox, and what is next."""

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, and_, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.queries.inbox_entries import holdings, joined, merged, started_by
from service.queries.inbox_order import Box, by_key
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
    started = [select(ProcessInstance.key).where(*started_by(actor))]
    statement = select(
        _count(session, _entry_keys(actor, Box.TODO)),
        _count(session, _entry_keys(actor, Box.CLAIMABLE)),
        _count(session, _entry_keys(actor, Box.DONE)),
        _count(session, started),
        _count(session, _entry_keys(actor, Box.ESCALATED)),
    )
    return Counts(*session.execute(statement).one())


def procedures(session: Session, *, actor: Actor, box: Box) -> tuple[tuple[str, str], ...]:
    """Return id and newest name of each procedure that occurs in a list, by id.

    Procedures are few, and an index tells of each whether a holder has anything of it.
    """
    started, definition = box is Box.STARTED, ProcessDefinition
    process = ProcessInstance.process_id if started else InboxEntry.process_id
    newest = aliased(definition)
    ways = [and_(*started_by(actor))] if started else holdings(actor, box)
    # The next one that occurs, in order: only the right index gives that, whatever a planner
    # believes about how often each procedure occurs.
    following = (
        select(process).where(way, process >= definition.process_id).order_by(process).limit(1)
        for way in ways
    )
    occurs = or_(*(definition.process_id == next_.scalar_subquery() for next_ in following))
    latest = (
        select(func.max(newest.version))
        .where(newest.process_id == definition.process_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(definition.process_id, definition.name)
        .where(definition.version == latest, occurs)
        .order_by(definition.process_id)
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


def _count(session: Session, branches: list[AnySelect]) -> ScalarSelect[int]:
    """Count the different keys of all branches, reading no more of them than is counted."""
    counted = merged(session, branches, by_key, MOST_COUNTED + 1, together=union).subquery()
    return select(func.count()).select_from(counted).scalar_subquery()
