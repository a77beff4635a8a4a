"""What declaring and ending a tie, or learning a number, means for the tasks that are open."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from service.commands import instance_lock, messages
from service.commands.instance_lock import LockedInstance
from service.commands.recusal import bar_row
from service.commands.task_handing import hand, note
from service.commands.task_records import find
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.actors import SYSTEM
from service.domain.recusal import Tie, bars
from service.domain.values import Json
from service.store.database import Busy
from service.store.recusal import ties_of
from service.store.tables import Person, TaskBar, TaskParty, UserTask
from service.store.tables.tasks import TaskState

TASK_TAKEN_BACK = "任务因回避收回"
"""Message to the case whose task a tie took from its holder, for a diagram that goes on otherwise.

The correlation key is the instance's key and the holder's user name with a slash between; it
reaches who waits for it now.
"""


def hold_still(session: Session, *usernames: str) -> frozenset[str]:
    """Lock these people's rows, in one order: no task about them arises until this is over."""
    return frozenset(
        session.scalars(
            select(Person.username)
            .where(Person.username.in_(usernames))
            .order_by(Person.username)
            # Rows that refer to them may be written meanwhile.
            .with_for_update(key_share=True)
        )
    )


def bar_from_open(
    tools: Toolbox, ties: Sequence[Tie], instances: Mapping[int, LockedInstance], now: datetime
) -> None:
    """Write the bars of new ties for the tasks that are open, and tell the procedures.

    What was done before by somebody who had to keep out, the procedure knows.
    """
    session = tools.session
    people = sorted({one for tie in ties for one in (tie.username, tie.other)})
    barred = select(TaskBar.task_key, TaskBar.username).where(TaskBar.username.in_(people))
    there = {(task_key, username) for task_key, username in session.execute(barred)}
    tasks = session.execute(
        select(TaskParty.task_key, TaskParty.username, UserTask.assignee, UserTask.instance_key)
        .join(UserTask, UserTask.key == TaskParty.task_key)
        .where(TaskParty.username.in_(people), UserTask.state == TaskState.CREATED)
        .order_by(TaskParty.task_key)
    ).all()
    for task_key, party, assignee, instance_key in tasks:
        for bar in bars([party], ties).values():
            if (task_key, bar.username) in there:
                continue
            there.add((task_key, bar.username))
            session.execute(insert(table(TaskBar)), [bar_row(task_key, bar)])
            if assignee == bar.username:
                if instance_key not in instances:  # it came to them a moment ago
                    raise Busy
                _take_back(tools, instance_key, task_key, bar.username, now)
    for told in tools.on_ties:
        told(tools, ties, now)


def lock_instances(session: Session, *usernames: str) -> dict[int, LockedInstance]:
    """Lock the instances of the open tasks that one of them holds and that name a party."""
    held = (
        select(UserTask.instance_key)
        .join(TaskParty, TaskParty.task_key == UserTask.key)
        .where(
            TaskParty.username.in_(usernames),
            UserTask.assignee.in_(usernames),
            UserTask.state == TaskState.CREATED,
        )
        .distinct()
        .order_by(UserTask.instance_key)
    )
    return {key: instance_lock.lock(session, key) for key in session.scalars(held).all()}


@contextmanager
def numbers_change(tools: Toolbox, usernames: Collection[str], now: datetime) -> Iterator[None]:
    """Around a block that writes or removes numbers of these people.

    Whoever has declared a tie to such a number is kept out of the tasks that are open, as if it had
    been declared now; and is let in again where the number was another's. Raises Busy.
    """
    session = tools.session
    before = frozenset(ties_of(session, usernames))
    yield
    after = frozenset(ties_of(session, usernames))
    for key in sorted({tie.key for tie in before - after}):
        let_in(session, key)
    fresh = sorted(after - before, key=lambda tie: tie.key)
    if fresh:
        people = sorted({one for tie in fresh for one in (tie.username, tie.other)})
        instances = lock_instances(session, *people)
        hold_still(session, *people)
        bar_from_open(tools, fresh, instances, now)


def _take_back(
    tools: Toolbox, instance_key: int, task_key: int, person: str, now: datetime
) -> None:
    """Give the task back to its candidates; without any it is listed among the deserted ones.

    The case is told, so that a step that nobody else may do need not wait for its term.
    """
    # Read anew: the task before it in this instance may have been taken back just now.
    instance = instance_lock.lock(tools.session, instance_key)
    task = find(tools.session, task_key, SYSTEM)
    hand(tools, instance, task, None, now)
    value: Json = {"name": task.name, "person": person}
    note(tools, instance, task, "user-task.recused", SYSTEM, now, value)
    messages.publish(
        tools,
        TASK_TAKEN_BACK,
        correlation_key=f"{instance_key}/{person}",
        variables={},
        actor=SYSTEM,
        now=now,
    )


def let_in(session: Session, tie_key: int) -> None:
    """Delete the bars of this tie, but where another tie still holds."""
    rows = session.execute(
        select(TaskBar.task_key, TaskBar.username).where(TaskBar.tie_key == tie_key)
    ).all()
    session.execute(delete(table(TaskBar)).where(TaskBar.tie_key == tie_key))
    for task_key, username in rows:
        parties = session.scalars(
            select(TaskParty.username).where(TaskParty.task_key == task_key)
        ).all()
        still = bars(parties, ties_of(session, parties)).get(username)
        if still is not None:
            session.execute(insert(table(TaskBar)), [bar_row(task_key, still)])
