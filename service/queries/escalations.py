"""What went up in the last days because it was late: which step, when; to whom is in its case.

An act of the history counts whose name ends in `.escalated` (`tables.history.ESCALATED`): whatever
writes one is listed here without a line of its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.queries import cursor
from service.queries.inbox import Page
from service.queries.overseen import overseen
from service.queries.selects import count_of
from service.store.tables import ElementInstance, HistoryEntry, ProcessDefinition, ProcessInstance
from service.store.tables.history import ESCALATED

WEEK = timedelta(days=7)

_ORDER = "escalations-newest"


@dataclass(frozen=True, slots=True)
class Escalation:
    """One time that something went up."""

    instance_key: int
    number: int
    at: datetime
    step: str
    process_name: str
    version: int
    ended: bool
    """Whether the step is done meanwhile."""


def page(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    process_id: str = "",
    after: str | None = None,
    limit: int = 30,
) -> Page[Escalation]:
    """Return a page of the last seven days' escalations the actor oversees, newest first.

    Raises BadCursor.
    """
    entry, element = HistoryEntry, ElementInstance
    place = tuple_(entry.at, entry.instance_key, entry.number)
    statement = (
        select(
            entry.instance_key,
            entry.number,
            entry.at,
            func.coalesce(element.element_name, entry.element_id, "").label("step"),
            ProcessDefinition.name.label("process_name"),
            ProcessDefinition.version,
            element.ended_at.is_not(None).label("ended"),
        )
        .join(ProcessInstance, ProcessInstance.key == entry.instance_key)
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .outerjoin(element, element.key == entry.element_instance_key)
        .where(ESCALATED, entry.at > now - WEEK, overseen(actor, ProcessInstance.process_id))
        .order_by(entry.at.desc(), entry.instance_key.desc(), entry.number.desc())
        .limit(limit + 1)
    )
    if process_id:
        statement = statement.where(ProcessInstance.process_id == process_id)
    if after:
        at, instance_key, number = cursor.read(after, _ORDER, (datetime, int, int))
        if at is None:
            raise cursor.BadCursor
        statement = statement.where(place < tuple_(at, instance_key, number))
    rows = session.execute(statement).all()
    found = [Escalation(**{**row._mapping, "ended": bool(row.ended)}) for row in rows]
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        following = cursor.write(_ORDER, [last.at, last.instance_key, last.number])
    return Page(tuple(found[:limit]), following)


def count(session: Session, *, actor: Actor, now: datetime) -> int:
    """Count them, up to 999+."""
    entry = HistoryEntry
    keys = (
        select(entry.number)
        .join(ProcessInstance, ProcessInstance.key == entry.instance_key)
        .where(ESCALATED, entry.at > now - WEEK, overseen(actor, ProcessInstance.process_id))
    )
    return session.execute(select(count_of(keys))).scalar_one()
