"""Which processes a message or signal reaches: those on which its sender may act, no sealed one.

What a step of a case throws, and what a page of a procedure sends, is the system's and reaches all.
"""

from sqlalchemy import ColumnElement, and_, or_

from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.store.authorization import ProcessIdColumn, granted, granted_to
from service.store.sealed import sealed


def may_reach(published_by: ColumnElement[str], process_id: ProcessIdColumn) -> ColumnElement[bool]:
    """Condition: who published a message may reach what runs of this process."""
    return and_(
        granted_to(published_by, ObjectKind.RUNNING, Action.ACT, process_id),
        or_(published_by == SYSTEM.username, ~sealed(process_id)),
    )


def reached_by(actor: Actor, process_id: ProcessIdColumn) -> ColumnElement[bool]:
    """Condition: this actor may reach what runs of it."""
    may_act = granted(actor, ObjectKind.RUNNING, Action.ACT, process_id)
    return may_act if actor == SYSTEM else and_(may_act, ~sealed(process_id))
