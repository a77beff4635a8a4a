"""The open cases that a case has called, and those that these have called, however deep.

A case that has called others has no task of its own meanwhile: what it waits for lies in these.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

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


CalledCases = Mapping[int, Collection[CalledCase]]
"""By the key of the case under which they are called; nothing of one that has called none."""


def called_under(session: Session, *, actor: Actor, keys: Collection[int]) -> CalledCases:
    """Return what is called under each of these cases and open, in the order of the calls.

    What the actor may not see is left out, and what it called in turn is not. One statement a level
    of calls, and one more where there are any.
    """
    roots = {key: key for key in keys}
    level = dict(roots)
    while level := _called_by(session, level):
        roots |= level
    below = roots.keys() - set(keys)
    if not below:
        return {}
    rows = session.execute(
        select(ProcessInstance.key, _title_for(actor).label("title"))
        .where(ProcessInstance.key.in_(sorted(below)), visible_instances(actor))
        .order_by(ProcessInstance.key)
    )
    found: dict[int, list[CalledCase]] = {}
    for row in rows:
        found.setdefault(roots[row.key], []).append(CalledCase(row.key, row.title))
    return found


def all_of(called: CalledCases) -> Iterable[CalledCase]:
    """All of them, whatever they are called under."""
    return (one for its in called.values() for one in its)


def _called_by(session: Session, level: Mapping[int, int]) -> dict[int, int]:
    """Return the open cases that these have called and wait for, each with its root."""
    if not level:
        return {}
    child = ProcessInstance
    calls = select(ElementInstance.key).where(
        ElementInstance.instance_key.in_(sorted(level)),
        ElementInstance.type == ElementType.CALL_ACTIVITY,
        ElementInstance.state == ElementState.ACTIVE,
    )
    rows = session.execute(
        select(child.key, child.parent_key).where(
            child.parent_element_instance_key.in_(calls), child.state == InstanceState.ACTIVE
        )
    )
    return {row.key: level[row.parent_key] for row in rows if row.parent_key in level}


def _title_for(actor: Actor) -> ColumnElement[str]:
    """The title of a ProcessInstance; its process's name where the title's values are hidden."""
    process = select(ProcessDefinition.name).where(
        ProcessDefinition.key == ProcessInstance.definition_key
    )
    return case(
        (readable_values(actor), ProcessInstance.title),
        else_=process.correlate(ProcessInstance).scalar_subquery(),
    )
