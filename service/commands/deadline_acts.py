"""Doing what a task's plan says: reminding its holder, telling who is above them.

Under the instance's lock, by the task's one job. What was missed while no worker ran is one
reminder, and each level of escalation once. Nothing here decides a task: overdue never means
agreed.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert

from service.commands import escalation, instance_lock
from service.commands.deadline_jobs import (
    DatedTask,
    Deadline,
    acts_of,
    appoint,
    keep,
    read_task,
)
from service.commands.escalation import Escalated
from service.commands.instance_lock import LockedInstance, act
from service.commands.notifications import Concerned, Happening, notify_row
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.domain.actors import SYSTEM
from service.domain.dates import shown_end
from service.domain.deadlines import DueActs, due_acts, next_act
from service.domain.notifications import NotificationKind
from service.domain.values import Json
from service.store.calendars import working_days
from service.store.history import NewEntry
from service.store.tables import Job
from service.store.tables.instances import InstanceState


def perform(tools: Toolbox, instance: LockedInstance, task_key: int, *, now: datetime) -> None:
    """Do what has become due for a task, and let its job be due at the next act.

    Nothing happens to a task that is over by now.
    """
    task = read_task(tools.session, task_key)
    if task is None or instance.state != InstanceState.ACTIVE:
        return
    acts = acts_of(task, task.due_at, working_days(tools.session))
    due = due_acts(acts, behind=task.deadline.behind, now=now)
    entries: list[NewEntry] = []
    jobs: list[Row] = []
    if due.reminder is not None:
        _remind(tools, task, due, entries, jobs, now)
    escalated = _escalate(tools, instance, task, due.levels, now)
    for one in escalated:
        _note_level(tools, instance, task, one, entries, jobs, now)
    told = (*task.deadline.told, *(name for one in escalated for name in one.people))
    kept = replace(task.deadline, behind=now, told=tuple(dict.fromkeys(told)))
    _write(tools, instance, task, kept, entries, jobs, escalated=bool(escalated), now=now)
    appoint(tools, task, next_act(acts, now), now)


def holders_of(task: DatedTask) -> Concerned:
    """Whom a reminder is for: who has it to do, else all who may claim it."""
    if task.assignee is not None:
        return Concerned(people=(task.assignee,))
    return Concerned(people=task.candidate_users, groups=task.candidate_groups)


def _remind(
    tools: Toolbox,
    task: DatedTask,
    due: DueActs,
    entries: list[NewEntry],
    jobs: list[Row],
    now: datetime,
) -> None:
    late = task.due_at <= now
    value: dict[str, Json] = {"kind": "overdue" if late else "soon"}
    if due.missed:
        value["missed"] = due.missed
    entries.append(_entry(task, "deadline.reminded", value, now))
    kind = NotificationKind.OVERDUE if late else NotificationKind.DUE_SOON
    to = holders_of(task)
    if to:
        facts = {"due": shown_end(task.due_at)}
        jobs.append(notify_row(tools, Happening(kind, to, task_key=task.key, facts=facts), now))


def _escalate(
    tools: Toolbox,
    instance: LockedInstance,
    task: DatedTask,
    levels: tuple[int, ...],
    now: datetime,
) -> list[Escalated]:
    wanted, told = task.deadline.settings.levels, [*task.deadline.told]
    found = []
    for level in levels:
        one = escalation.find(
            tools, instance, task, level=level, to=wanted[level - 1].to, told=told, now=now
        )
        told += one.people
        found.append(one)
    if people := [name for one in found for name in one.people]:
        escalation.let_see(tools, instance, task, people, now)
    return found


def _note_level(
    tools: Toolbox,
    instance: LockedInstance,
    task: DatedTask,
    one: Escalated,
    entries: list[NewEntry],
    jobs: list[Row],
    now: datetime,
) -> None:
    entries.append(_entry(task, "deadline.escalated", one.value(), now))
    facts = {"due": shown_end(task.due_at)}
    if one.people:
        to = Concerned(people=one.people)
        happening = Happening(NotificationKind.ESCALATED, to, task_key=task.key, facts=facts)
    else:
        facts = {"step": task.name, "why": "已逾期，没有找到可以上报的人"}
        to = Concerned(overseers_of=instance.process_id)
        kind = NotificationKind.DEADLINE_STUCK
        happening = Happening(kind, to, instance_key=instance.key, facts=facts)
    jobs.append(notify_row(tools, happening, now))


def _write(
    tools: Toolbox,
    instance: LockedInstance,
    task: DatedTask,
    kept: Deadline,
    entries: list[NewEntry],
    jobs: list[Row],
    *,
    escalated: bool,
    now: datetime,
) -> None:
    """Who has read the task before an escalation reads it again: others see it now."""
    if escalated:
        keep(tools.session, task.key, kept, escalated_at=now)
    else:
        keep(tools.session, task.key, kept)
    if jobs:
        tools.session.execute(insert(table(Job)), jobs)
    if entries:
        changes: Row = {"revision": instance.revision + 1} if escalated else {}
        instance_lock.record(tools, instance, *entries, changes=changes)


def _entry(task: DatedTask, name: str, value: dict[str, Json], now: datetime) -> NewEntry:
    return act(
        name,
        actor=SYSTEM.username,
        now=now,
        element_id=task.element_id,
        element_instance_key=task.key,
        value={"name": task.name, **value},
    )
