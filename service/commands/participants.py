"""What a handler may know of the people of a case: who could take part, who must keep out, who did.

For steps that seat a panel or send something to another person than before (see `procedure.py`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.commands.case_acts import barred_by
from service.commands.handlers import TaskContext
from service.commands.post_groups import write_fresh
from service.domain.actors import SYSTEM
from service.domain.recusal import SOURCE, reason
from service.store.holders import staff_that_comes_in
from service.store.membership import members_of_any
from service.store.post_groups import resolve
from service.store.tables import HistoryEntry, HistoryValue, Person, UserTask
from service.store.tables.tasks import TaskState


@dataclass(frozen=True, slots=True)
class Participant:
    """One person, by user name and the name that people read."""

    username: str
    name: str


def members_of(context: TaskContext, group: str) -> tuple[Participant, ...]:
    """Return the members of staff of a candidate group who could do a task, by user name.

    Who was invited and has not come yet could not.

    `group` is written as in a diagram: a group's id, or posts (`教研员 @ 市教研机构`). One that
    names nobody gives an empty tuple.
    """
    session = context.session
    resolved = resolve(session, [group])
    write_fresh(session, resolved, context.now)
    members = members_of_any(resolved.of([group])).subquery()
    rows = session.execute(
        select(Person.username, Person.display_name)
        .where(
            Person.username.in_(select(members.c.username)),
            Person.active,
            staff_that_comes_in(),
        )
        .order_by(Person.username)
    )
    return tuple(Participant(username, name) for username, name in rows)


def recusals(session: Session, parties: Collection[str]) -> Mapping[str, str]:
    """Return who must keep out of what is about these user names now, and why, for people to read.

    The parties themselves are among them. Source: 人社部规〔2019〕1号, see `domain/recusal`.
    """
    if not parties:
        return {}
    found = barred_by(session, parties)
    people = select(Person.username, Person.display_name).where(
        Person.username.in_(sorted(parties))
    )
    shown = {username: name for username, name in session.execute(people)}
    return {
        bar.username: f"{reason(bar.kind, shown.get(bar.party, bar.party))}，依照{SOURCE}应当回避"
        for bar in found.values()
    }


def opinion_on(context: TaskContext, element_id: str) -> str:
    """Return the opinion with which a user task of this element was completed last.

    For a step that a job does, after the act itself; empty where nobody gave one.
    """
    value = context.session.scalar(
        select(HistoryValue.value)
        .join(
            HistoryEntry,
            (HistoryEntry.instance_key == HistoryValue.instance_key)
            & (HistoryEntry.number == HistoryValue.number),
        )
        .join(UserTask, UserTask.key == HistoryEntry.element_instance_key)
        .where(
            HistoryEntry.instance_key == context.instance_key,
            HistoryEntry.act == "user-task.completed",
            UserTask.element_id == element_id,
        )
        .order_by(HistoryEntry.number.desc())
        .limit(1)
    )
    said = value.get("comment") if isinstance(value, dict) else None
    return said if isinstance(said, str) else ""


def completed_by(context: TaskContext, element_id: str) -> str:
    """Return who completed the user task that this step follows; empty where nobody did.

    In the act itself that is the actor, whose row is not written yet; a job that does it later
    finds the last one who completed that element.
    """
    if context.actor.username != SYSTEM.username:
        return context.actor.username
    last = context.session.scalars(
        select(UserTask.ended_by)
        .where(
            UserTask.instance_key == context.instance_key,
            UserTask.element_id == element_id,
            UserTask.state == TaskState.COMPLETED,
        )
        .order_by(UserTask.ended_at.desc(), UserTask.key.desc())
        .limit(1)
    ).first()
    return last or ""


def completed_with(context: TaskContext, element_id: str, outcome: str) -> frozenset[str]:
    """Return everybody who has completed a user task of this element with this outcome before.

    By the tasks themselves, not by a variable; whoever does so in this very act is not among them.
    """
    done = select(UserTask.ended_by).where(
        UserTask.instance_key == context.instance_key,
        UserTask.element_id == element_id,
        UserTask.state == TaskState.COMPLETED,
        UserTask.outcome == outcome,
        UserTask.ended_by.is_not(None),
    )
    return frozenset(who for who in context.session.scalars(done) if who is not None)
