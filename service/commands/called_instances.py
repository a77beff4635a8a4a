"""Which version a call activity calls, and the instance that it starts. Design decision 15."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.commands.form_binding import deadline
from service.commands.instance_lock import LockedInstance
from service.commands.instance_rows import Arising, insert_arising, new_instance
from service.commands.onward import Onward
from service.commands.step_input import Called, Step
from service.commands.toolbox import Toolbox
from service.domain.events import CallNeeded, CallOver, Event, Failure, IncidentType
from service.engine import INITIATOR, Binding, Execution
from service.store.tables import ProcessDefinition, Resource

MOST_LEVELS = 100
"""Callers above an instance: a process that calls itself ends here, as an incident."""

VERSION_TAG = "versionTag"
"""The binding that Camunda 8 has for calls beside those of forms."""


def choose(
    tools: Toolbox,
    instance: LockedInstance,
    execution: Execution,
    step: Step,
    events: Sequence[Event],
) -> bool:
    """Choose for each call of these events what it calls; True when one could not be done.

    That one is an incident at its call activity, which the engine has been told of.
    """
    over = {event.element_instance_key for event in events if isinstance(event, CallOver)}
    refused = False
    for event in events:
        if not isinstance(event, CallNeeded) or event.element_instance_key in over:
            continue
        called = _find(tools, instance, event)
        if isinstance(called, Called):
            step.called[event.element_instance_key] = called
        else:
            failure = Failure(IncidentType.CALLED_ELEMENT_ERROR, called)
            execution.fail(event.element_instance_key, failure)
            refused = True
    return refused


def start(
    tools: Toolbox, instance: LockedInstance, onward: Onward, step: Step, now: datetime
) -> None:
    """Insert the instances that were called; a job begins each."""
    arising = [
        Arising(
            _child(instance, step.called[key], key),
            step.called[key].name,
            {"variables": {**needed.variables, INITIATOR: instance.started_by}},
        )
        for key, needed in onward.calls.items()
    ]
    insert_arising(tools, arising, now)


def _child(parent: LockedInstance, called: Called, element_instance_key: int) -> LockedInstance:
    child = new_instance(
        called.instance_key,
        definition_key=called.definition_key,
        process_id=called.process_id,
        started_by=parent.started_by,
    )
    return replace(
        child,
        parent_key=parent.key,
        parent_element_instance_key=element_instance_key,
        root_key=parent.root_key or parent.key,
        call_depth=_depth(parent) + 1,
    )


def _depth(instance: LockedInstance) -> int:
    return instance.call_depth or 0


def _find(tools: Toolbox, caller: LockedInstance, needed: CallNeeded) -> Called | str:
    """Return what is called, or why nothing can be."""
    process_id = needed.process_id[:100]
    if _depth(caller) >= MOST_LEVELS:
        return (
            f"流程已经逐级调用了 {MOST_LEVELS} 层，可能是流程调用了自己。"
            "没有再启动下级流程，请检查流程图后重试。"
        )
    row = _version(tools.session, caller.definition_key, needed)
    if row is None:
        tag = f"（版本标记 {needed.version_tag[:60]}）" if needed.binding == VERSION_TAG else ""
        return f"要调用的流程「{process_id}」{tag}没有部署，或者已被删除。请部署它以后重试。"
    key, name = row
    if not tools.models.process(tools.session, key).begins_by_itself:
        return f"要调用的流程「{process_id}」没有无触发条件的开始事件，不能被调用。"
    return Called(tools.keys.next(), key, needed.process_id, name)


def _version(
    session: Session, caller_definition_key: int, needed: CallNeeded
) -> tuple[int, str] | None:
    statement = (
        select(ProcessDefinition.key, ProcessDefinition.name)
        .join(Resource, Resource.key == ProcessDefinition.resource_key)
        .where(ProcessDefinition.process_id == needed.process_id, Resource.deleted_at.is_(None))
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
    )
    if needed.binding == VERSION_TAG:
        statement = statement.where(ProcessDefinition.version_tag == needed.version_tag)
    elif needed.binding == Binding.DEPLOYMENT:
        until = deadline(session, Binding.DEPLOYMENT, caller_definition_key)
        statement = statement.where(ProcessDefinition.deployed_at <= until)
    row = session.execute(statement).one_or_none()
    return None if row is None else (row[0], row[1])
