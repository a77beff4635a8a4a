"""Whose turn an objection is: a step of its case checks it, or who has the case's task answers.

The message about an objection brings `objection_key` to the case. A case that checks each objection
in a scope of its own keeps that variable there as long as it checks.
"""

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.store.recusal import ties_of
from service.store.tables import Disclosure, DisclosureParty, ElementInstance, UserTask, Variable
from service.store.tables.instances import ElementState
from service.store.tables.tasks import TaskState

KEY_VARIABLE = "objection_key"
"""Names the objection to the case, as decimal text."""
NUMBER_VARIABLE = "objection_number"
"""Its number on the receipt."""


def unconcerned(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Condition on Disclosure: it is about neither the actor nor anybody they are tied to.

    As the ties are declared now, two statements; the case's tasks keep out the same people.
    """
    ties = ties_of(session, (actor.username,))
    near = {actor.username, *(one.username for one in ties), *(one.other for one in ties)}
    about = select(DisclosureParty.disclosure_key).where(
        DisclosureParty.disclosure_key == Disclosure.key,
        DisclosureParty.username.in_(sorted(near)),
    )
    return ~about.correlate(Disclosure).exists()


def is_checked(session: Session, instance_key: int, objection_key: int) -> bool:
    """Tell whether a scope of the case is checking this objection."""
    checks = _scopes(instance_key).where(Variable.value == str(objection_key))
    return session.execute(checks.limit(1)).first() is not None


def checking_task(session: Session, instance_key: int, objection_key: int) -> int | None:
    """Return the open user task in which the case checks this objection."""
    checks = _scopes(instance_key).where(Variable.value == str(objection_key))
    return session.scalar(_tasks(instance_key).where(ElementInstance.scope_key.in_(checks)))


def answering_task(session: Session, instance_key: int, username: str) -> int | None:
    """Return an open task of the case that this person has, and that checks no objection itself."""
    own = _tasks(instance_key).where(
        UserTask.assignee == username,
        or_(
            ElementInstance.scope_key == instance_key,
            ElementInstance.scope_key.not_in(_scopes(instance_key)),
        ),
    )
    return session.scalar(own)


def _tasks(instance_key: int) -> Select[int]:
    return (
        select(UserTask.key)
        .join(ElementInstance, ElementInstance.key == UserTask.key)
        .where(UserTask.instance_key == instance_key, UserTask.state == TaskState.CREATED)
        .order_by(UserTask.key)
        .limit(1)
    )


def _scopes(instance_key: int) -> Select[int]:
    """The open scopes of the case, but its own, that hold an objection."""
    return (
        select(Variable.scope_key)
        .join(ElementInstance, ElementInstance.key == Variable.scope_key)
        .where(
            Variable.instance_key == instance_key,
            Variable.scope_key != instance_key,
            Variable.name == KEY_VARIABLE,
            ElementInstance.state == ElementState.ACTIVE,
        )
    )
