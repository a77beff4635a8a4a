"""Whom a step of an instance is news to: the rows of the jobs that tell them.

Nobody is told what they have just done themselves.
"""

from datetime import datetime

from service.commands.instance_lock import LockedInstance
from service.commands.notifications import Concerned, Happening, notify_row
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row
from service.domain.actors import Actor
from service.domain.events import UserTaskCreated
from service.domain.notifications import NotificationKind


def of_task(
    tools: Toolbox, task: UserTaskCreated, *, actor: Actor, now: datetime
) -> tuple[Row, ...]:
    """A task is somebody's as it arises. Its candidates see it in their lists."""
    assignee = task.assignee
    if assignee is None or assignee == actor.username:
        return ()
    happening = Happening(
        NotificationKind.TASK_ARRIVED,
        Concerned(people=(assignee,)),
        task_key=task.element_instance_key,
    )
    return (notify_row(tools, happening, now),)


def of_end(
    tools: Toolbox,
    instance: LockedInstance,
    kind: NotificationKind,
    *,
    actor: Actor,
    now: datetime,
) -> tuple[Row, ...]:
    """A case is over. What a call activity started is part of its caller's."""
    if instance.parent_key is not None or instance.started_by == actor.username:
        return ()
    to = Concerned(people=(instance.started_by,))
    return (notify_row(tools, Happening(kind, to, instance_key=instance.key), now),)


def of_incident(
    tools: Toolbox, process_id: str, name: str, *, instance_key: int | None = None, now: datetime
) -> Row:
    """A step waits for an operator; `name` is the element's. A start event is of no instance."""
    happening = Happening(
        NotificationKind.INCIDENT,
        Concerned(overseers_of=process_id),
        instance_key=instance_key,
        facts={"step": name},
    )
    return notify_row(tools, happening, now)
