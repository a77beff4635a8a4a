"""The open cases that a case has called, and those that these have called, however deep.

A case that has called others has no task of its own meanwhile: what it waits for lies in these.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import CTE, ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.events import ElementType
from service.store.authorization import readable_values, visible_instances
from service.store.tables import ElementInstance, ProcessDefinition, ProcessInstance
from service.store.tables.instances import ElementState, InstanceState


@dataclass(frozen=True, slots=True)
class CalledCase:
    """An open case that another has called, which the actor may see.

    `title` is the name of its process for who may not read its values.
    """

    key: int
    title: str


def families(keys: Collection[int]) -> CTE:
    """Columns `root` and `key`: each of these cases itself, and each open one called under it.

    Walked by index from case to case, over the calls that are not over.
    """
    own = select(ProcessInstance.key.label("root"), ProcessInstance.key).where(
        ProcessInstance.key.in_(sorted(keys))
    )
    family = own.cte("family", recursive=True)
    called, call = aliased(ProcessInstance), aliased(ElementInstance)
    waits = and_(
        call.instance_key == family.c.key,
        call.type == ElementType.CALL_ACTIVITY,
        call.state == ElementState.ACTIVE,
    )
    its = and_(called.parent_element_instance_key == call.key, called.state == InstanceState.ACTIVE)
    return family.union_all(
        select(family.c.root, called.key).select_from(family).join(call, waits).join(called, its)
    )


def shown_in(family: CTE, actor: Actor) -> ColumnElement[bool]:
    """Condition on a row of a family and its ProcessInstance: itself, or the actor may see it."""
    return or_(family.c.root == family.c.key, visible_instances(actor))


def title_for(actor: Actor) -> ColumnElement[str]:
    """The title of a ProcessInstance; its process's name where the title's values are hidden."""
    process = select(ProcessDefinition.name).where(
        ProcessDefinition.key == ProcessInstance.definition_key
    )
    return case(
        (readable_values(actor), ProcessInstance.title),
        else_=process.correlate(ProcessInstance).scalar_subquery(),
    )


def called_under(
    session: Session, *, actor: Actor, keys: Collection[int]
) -> dict[int, list[CalledCase]]:
    """Return what is called under each of these cases and open, by key; one statement.

    What the actor may not see is left out, and what it called in turn is not.
    """
    if not keys:
        return {}
    family = families(keys)
    rows = session.execute(
        select(family.c.root, ProcessInstance.key, title_for(actor).label("title"))
        .join(ProcessInstance, ProcessInstance.key == family.c.key)
        .where(family.c.root != family.c.key, visible_instances(actor))
        .order_by(ProcessInstance.key)
    )
    found: dict[int, list[CalledCase]] = {}
    for row in rows:
        found.setdefault(row.root, []).append(CalledCase(row.key, row.title))
    return found
