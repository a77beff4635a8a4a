"""Handing over the open tasks of somebody whose account is closed, or who leaves.

Whoever administers accounts does it without seeing a case: the task goes back to its candidates,
to the person who takes over, or stays where everybody who hands out tasks finds it. Of a closed
procedure nobody takes over whom no right lets in, nor at a step that allows no deputy (a vote, a
mark, a signature): it goes back or stays. Each step is
in the history of its case. A few tasks a transaction: what is not handed over when the program
stops is in the list of tasks that nobody can do, and can be handed over again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from service.commands import account_states, instance_lock
from service.commands.access_log import record
from service.commands.accounts import PersonNotFound, require_administrator
from service.commands.closing import is_closed
from service.commands.instance_lock import LockedInstance
from service.commands.notifications import Concerned, Happening, notify
from service.commands.rooms import Rooms
from service.commands.task_handing import hand, note
from service.commands.task_records import find
from service.commands.toolbox import Toolbox
from service.domain.access_events import AccessKind
from service.domain.accounts import PersonKind, is_username
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.handing_over import (
    AccountStillOpen,
    Destination,
    HandoverPlan,
    SuccessorMissing,
    SuccessorUnfit,
)
from service.domain.notifications import NotificationKind
from service.domain.values import Json
from service.store.authorization import holds
from service.store.left_behind import claimable_by_others, left_behind
from service.store.tables import Person, UserTask
from service.store.tables.tasks import TaskState

_BATCH = 50
"""Tasks a transaction."""
_REASON = "原办理人账号已停用"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many tasks went where."""

    to_candidates: int = 0
    to_successor: int = 0
    to_nobody: int = 0


def leave(
    rooms: Rooms, *, username: str, plan: HandoverPlan, actor: Actor, now: datetime
) -> HandedOver:
    """Close the account of somebody who leaves the house, and hand their open tasks over.

    Raises what `account_states.leave` does, SuccessorMissing and SuccessorUnfit: then nothing is
    changed.
    """
    with rooms.write() as tools:
        require_administrator(tools.session, actor)
        _require_successor(tools.session, plan, username, actor)
        # Before the groups are given up that make some tasks theirs alone.
        keys = _left_behind(tools.session, username)
        account_states.leave(tools, username=username, actor=actor, now=now)
    return _hand_all(rooms, keys, username, plan, actor, now)


def hand_over(
    rooms: Rooms, *, username: str, plan: HandoverPlan, actor: Actor, now: datetime
) -> HandedOver:
    """Hand over the open tasks of somebody whose account is closed already.

    Raises AccountsForbidden,
    PersonNotFound, AccountStillOpen, SuccessorMissing, SuccessorUnfit.
    """
    with rooms.read() as session:
        require_administrator(session, actor)
        _require_closed(session, username)
        _require_successor(session, plan, username, actor)
        keys = _left_behind(session, username)
    return _hand_all(rooms, keys, username, plan, actor, now)


def _left_behind(session: Session, username: str) -> list[int]:
    """Return the keys by instance, the order in which everybody locks."""
    statement = select(UserTask.key).where(UserTask.key.in_(left_behind(username)))
    return list(session.scalars(statement.order_by(UserTask.instance_key, UserTask.key)))


def _hand_all(
    rooms: Rooms,
    keys: Sequence[int],
    username: str,
    plan: HandoverPlan,
    actor: Actor,
    now: datetime,
) -> HandedOver:
    done: list[Destination] = []
    for start in range(0, len(keys), _BATCH):
        with rooms.write() as tools:
            done += _hand_batch(tools, keys[start : start + _BATCH], username, plan, actor, now)
    return HandedOver(
        done.count(Destination.CANDIDATES),
        done.count(Destination.SUCCESSOR),
        done.count(Destination.NOBODY),
    )


def _hand_batch(
    tools: Toolbox,
    keys: Sequence[int],
    username: str,
    plan: HandoverPlan,
    actor: Actor,
    now: datetime,
) -> list[Destination]:
    went: list[Destination] = []
    handed: list[Json] = []
    for key in keys:
        destination = _hand_one(tools, key, username, plan, actor, now)
        if destination is not None:
            went.append(destination)
        if destination not in {None, Destination.NOBODY}:
            handed.append(str(key))
    if (count := went.count(Destination.SUCCESSOR)) and plan.successor:
        _tell_successor(tools, plan.successor, username, count, actor, now)
    if handed:
        record(
            tools,
            AccessKind.TASK_ASSIGNED,
            actor=actor,
            subject=username,
            reference=plan.successor,
            details={"change": "handed-over", "tasks": handed},
            now=now,
        )
    return went


def _tell_successor(
    tools: Toolbox, successor: str, former: str, count: int, actor: Actor, now: datetime
) -> None:
    happening = Happening(
        NotificationKind.TASKS_HANDED_OVER,
        Concerned(people=(successor,)),
        facts={"count": str(count)},
        names={"who": actor.username, "former": former},
    )
    notify(tools, happening, now=now)


def _hand_one(
    tools: Toolbox, key: int, username: str, plan: HandoverPlan, actor: Actor, now: datetime
) -> Destination | None:
    """Hand one task over under its instance's lock; None where it is no longer the person's."""
    instance, revision = instance_lock.lock_with_task(tools.session, key)
    task = find(tools.session, key, SYSTEM)
    if task.revision != revision or task.facts.state != TaskState.CREATED:
        return None
    claimable = _is_claimable(tools.session, key, username)
    if task.facts.assignee != username and (task.facts.assignee is not None or claimable):
        return None
    destination = plan.destination(key, claimable=claimable)
    kept = task.no_deputy or not _may_choose(tools, instance, actor)
    if destination is Destination.SUCCESSOR and kept:
        destination = Destination.NOBODY
    value: dict[str, Json] = {"name": task.name, "previous": username, "reason": _REASON}
    if destination is Destination.CANDIDATES and task.facts.assignee is not None:
        hand(tools, instance, task, None, now)
        note(tools, instance, task, "user-task.released", actor, now, value)
    elif destination is Destination.SUCCESSOR:
        hand(tools, instance, task, plan.successor, now)
        assigned = {**value, "assignee": plan.successor}
        note(tools, instance, task, "user-task.assigned", actor, now, assigned)
    return destination


def _may_choose(tools: Toolbox, instance: LockedInstance, actor: Actor) -> bool:
    """Who administers accounts lets nobody into a closed procedure."""
    process_id = instance.process_id
    return not is_closed(tools.session, process_id) or holds(
        tools.session, actor, ObjectKind.TASK, Action.ACT, process_id
    )


def _is_claimable(session: Session, task_key: int, username: str) -> bool:
    others = select(UserTask.key).where(
        UserTask.key == task_key, claimable_by_others(UserTask.key, username)
    )
    return session.execute(others).first() is not None


def _require_closed(session: Session, username: str) -> None:
    active = None
    if is_username(username):
        active = session.scalar(select(Person.active).where(Person.username == username))
    if active is None:
        raise PersonNotFound(username=username)
    if active:
        raise AccountStillOpen(username=username)


def _require_successor(session: Session, plan: HandoverPlan, username: str, actor: Actor) -> None:
    if not plan.successor:
        if plan.needs_successor:
            raise SuccessorMissing
        return
    is_fit = and_(Person.username == plan.successor, Person.active, Person.kind == PersonKind.STAFF)
    wanted = is_username(plan.successor) and plan.successor not in {username, actor.username}
    if not wanted or session.execute(select(Person.username).where(is_fit)).first() is None:
        raise SuccessorUnfit(successor=plan.successor[:60])
