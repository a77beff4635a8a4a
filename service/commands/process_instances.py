"""Starting and cancelling process instances."""

from collections.abc import Collection
from contextlib import nullcontext
from datetime import datetime

from sqlalchemy import select

from service.commands import beginning, consequences, disclosures, instance_lock
from service.commands.access_log import record
from service.commands.beginning import Beginning, Started
from service.commands.instance_lock import LockedInstance
from service.commands.submissions import cleaned_line, is_key
from service.commands.toolbox import Toolbox
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.instances import (
    InstanceCalled,
    InstanceEnded,
    InstanceForbidden,
    InstanceNotFound,
)
from service.domain.irreversible import InstanceIrreversible, barrier
from service.domain.values import Variables
from service.store import irreversible
from service.store.authorization import granted, visible_instances
from service.store.tables import ProcessInstance
from service.store.tables.instances import InstanceState

__all__ = ["Started", "cancel", "end_case", "require_endable", "start"]


def start(
    tools: Toolbox,
    *,
    process_id: str | None = None,
    version: int | None = None,
    definition_key: int | None = None,
    variables: Variables,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
    through_form: bool,
) -> Started:
    """Start an instance within the caller's transaction; pages and API use `starting.start`.

    Takes and raises what that does.
    """
    wanted = Beginning(
        process_id, version, definition_key, variables, request_id, through_form, actor, now
    )
    prepared = beginning.prepare(lambda: nullcontext(tools), wanted)
    return prepared if isinstance(prepared, Started) else beginning.apply(tools, prepared, wanted)


def cancel(tools: Toolbox, instance_key: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """End an instance from outside, by who has RUNNING act on the process.

    Its open tasks, jobs and incidents end with it, and the instances that it called. One that was
    called itself cannot be ended alone, nor one that has an irreversible step behind it, by
    anybody; what it discloses to the public is closed with it. Raises InstanceNotFound,
    InstanceForbidden, InstanceEnded, InstanceCalled, InstanceIrreversible, and ObjectionsOpen
    while an objection to a disclosure is not settled.
    """
    _require_cancellable(tools, instance_key, actor)
    end_case(tools, instance_key, reason=reason, actor=actor, now=now)


def end_case(
    tools: Toolbox, instance_key: int, *, reason: str, actor: Actor, now: datetime
) -> None:
    """End a case as `cancel` does, by an act on a page of its procedure, which has asked the right.

    Raises what `cancel` does, InstanceForbidden not.
    """
    instance, members = _endable(tools, instance_key)
    disclosures.close_ended(tools.session, members, now=now)
    consequences.cancel(tools, instance, cleaned_line(reason), actor=actor, now=now)
    record(
        tools,
        AccessKind.INSTANCE_CANCELLED,
        actor=actor,
        subject=instance.started_by,
        reference=f"instance/{instance.key}",
        details={"process": instance.process_id, "reason": cleaned_line(reason)},
        now=now,
    )


def require_endable(tools: Toolbox, instance_key: int) -> None:
    """Raise what `end_case` would, but for an objection that is not settled; nothing is written."""
    _endable(tools, instance_key)


def _endable(tools: Toolbox, instance_key: int) -> tuple[LockedInstance, Collection[int]]:
    """Return a case that may be ended, and all that it called, locked."""
    instance = instance_lock.lock(tools.session, instance_key)
    if instance.state != InstanceState.ACTIVE:
        raise InstanceEnded
    if instance.parent_key is not None:
        raise InstanceCalled(parent=instance.parent_key)
    return instance, _require_reversible(tools, instance.key)


def _require_reversible(tools: Toolbox, instance_key: int) -> Collection[int]:
    """Return it and all that it called, locked: no step is completed behind the look."""
    session = tools.session
    members = irreversible.family(session, instance_key)
    for key in sorted(members.keys() - {instance_key}):
        instance_lock.lock(session, key)
    passed = barrier(
        irreversible.passed_steps(
            session, members, lambda key: tools.models.process(session, key).irreversible
        )
    )
    if passed is not None:
        raise InstanceIrreversible(passed)
    return members.keys()


def _require_cancellable(tools: Toolbox, instance_key: int, actor: Actor) -> None:
    if not is_key(instance_key):
        raise InstanceNotFound
    may_cancel = granted(actor, ObjectKind.RUNNING, Action.ACT, ProcessInstance.process_id)
    row = tools.session.execute(
        select(visible_instances(actor).label("visible"), may_cancel.label("may_cancel")).where(
            ProcessInstance.key == instance_key
        )
    ).one_or_none()
    if row is None or not (row.visible or row.may_cancel):
        raise InstanceNotFound
    if not row.may_cancel:
        raise InstanceForbidden
