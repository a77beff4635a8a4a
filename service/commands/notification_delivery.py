"""Doing the job of a notification: whom it concerns now, and a row for each of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from service.commands import notification_messages
from service.commands.notification_messages import News, Recipient
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.commands.work import ClaimedJob
from service.domain.accounts import PersonKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.notifications import WORDINGS, Matters, NotificationKind, worded
from service.domain.outgoing import Channel
from service.store.authorization import closed, granted_to, named_to
from service.store.deputized import principal_of
from service.store.membership import members_of_any
from service.store.principals import deputies_of, principals_of
from service.store.recusal import barred_from
from service.store.tables import (
    Job,
    Notification,
    Person,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)
from service.store.tables.tasks import TaskState
from service.store.tables.work import JobState


@dataclass(frozen=True, slots=True)
class _Told:
    """A job's details as they were written by `notifications.notify_row`."""

    kind: NotificationKind
    people: Sequence[str]
    groups: Sequence[str]
    overseers_of: str | None
    task_key: int | None
    instance_key: int | None
    facts: Mapping[str, str]
    names: Mapping[str, str]
    keepers_of: Sequence[str] = ()
    by_name: bool = False
    page: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """The task or the case that it is about, as it is now."""

    process_id: str | None = None
    process: str = ""
    instance_key: int | None = None
    element_id: str = ""
    step: str = ""
    open: bool = False
    assignee: str | None = None
    closed: bool = False
    """What leaves the house says nothing of the procedure."""


def deliver(
    tools: Toolbox, job: ClaimedJob, *, channels: Collection[Channel], now: datetime
) -> bool:
    """Tell everybody whom a claimed job concerns; False when its lock was lost, nothing written.

    What does not matter any more is told to nobody: a task that is done already. `channels` are
    those that the house has; messages are rows of this transaction. Who applies from outside has no
    list of notifications, so a message is all they get.
    """
    session = tools.session
    row = session.execute(
        select(Job.details)
        .where(Job.key == job.key, Job.fencing == job.fencing, Job.state == JobState.WAITING)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return False
    told = _read(row.details)
    place = _place(session, told)
    recipients = _concerned(session, told, place)
    recipients += _deputies(session, told, recipients, now)
    if recipients:
        rows = {one: _row(tools, told, place, one.username, now) for one in recipients}
        _word(session, told, place, rows)
        if listed := [row for one, row in rows.items() if not one.public]:
            session.execute(insert(table(Notification)), listed)
        news = [_news(one, row, place) for one, row in rows.items() if row["text"]]
        notification_messages.enqueue(tools, news, channels=channels, now=now)
    done: Row = {"state": JobState.DONE, "ended_at": now, "details": None}
    session.execute(
        update(table(Job))
        .where(Job.key == job.key)
        .values(**done, lock_owner=None, lock_expires_at=None)
    )
    return True


def _read(details: Mapping[str, object]) -> _Told:
    said = dict(details)
    return _Told(kind=NotificationKind(str(said.pop("kind"))), **said)  # type: ignore[arg-type]  # as `notify_row` wrote them


def _place(session: Session, told: _Told) -> _Place:
    """Look the task up, else the case; what is gone is nowhere."""
    instance = (
        ProcessInstance.process_id,
        ProcessDefinition.name.label("process"),
        ProcessInstance.key,
        closed(ProcessInstance.process_id).label("closed"),
    )
    definition = ProcessDefinition.key == ProcessInstance.definition_key
    if told.task_key is not None:
        found = session.execute(
            select(*instance, UserTask.element_id, UserTask.name, UserTask.state, UserTask.assignee)
            .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
            .join(ProcessDefinition, definition)
            .where(UserTask.key == told.task_key)
        ).one_or_none()
        if found is not None:
            return _Place(
                process_id=found.process_id,
                process=found.process,
                instance_key=found.key,
                element_id=found.element_id,
                step=found.name,
                open=found.state == TaskState.CREATED,
                assignee=found.assignee,
                closed=bool(found.closed),
            )
    elif told.instance_key is not None:
        row = session.execute(
            select(*instance)
            .join(ProcessDefinition, definition)
            .where(ProcessInstance.key == told.instance_key)
        ).one_or_none()
        if row is not None:
            return _Place(row.process_id, row.process, row.key, closed=bool(row.closed))
    elif told.overseers_of is not None:
        newest = (
            select(ProcessDefinition.name, closed(ProcessDefinition.process_id).label("closed"))
            .where(ProcessDefinition.process_id == told.overseers_of)
            .order_by(ProcessDefinition.version.desc())
        )
        if (last := session.execute(newest.limit(1)).first()) is not None:
            return _Place(told.overseers_of, last.name, closed=bool(last.closed))
        return _Place(told.overseers_of, told.overseers_of)
    return _Place(closed=told.by_name)


def _concerned(session: Session, told: _Told, place: _Place) -> list[Recipient]:
    """Return those it concerns, in one order."""
    wording = WORDINGS[told.kind]
    if wording.matters is not Matters.ALWAYS and not place.open:
        return []
    meant: list[ColumnElement[bool]] = [Person.username.in_(told.people)]
    if told.groups:
        meant.append(Person.username.in_(members_of_any(told.groups)))
    if (process_id := told.overseers_of) is not None:
        may_act = granted_to(
            Person.__table__.c.username, ObjectKind.RUNNING, Action.ACT, literal(process_id)
        )
        meant.append(and_(Person.kind == PersonKind.STAFF, may_act))
    meant += [_keeps(register, told.by_name) for register in told.keepers_of]
    statement = select(Person.username, Person.display_name, Person.kind).where(
        Person.active, or_(*meant)
    )
    if wording.matters is Matters.WHILE_HELD:
        statement = statement.where(Person.username == place.assignee)
    if told.task_key is not None:
        barred = barred_from(literal(told.task_key))
        statement = statement.where(Person.username.not_in(barred))
    if wording.once:
        unread = select(Notification.key).where(
            Notification.username == Person.username,
            Notification.kind == told.kind,
            Notification.process_id == place.process_id,
            Notification.read_at.is_(None),
        )
        statement = statement.where(~unread.exists())
    return [
        Recipient(row.username, row.display_name, row.kind == PersonKind.PUBLIC)
        for row in session.execute(statement.order_by(Person.username))
    ]


def _keeps(register: str, by_name: bool) -> ColumnElement[bool]:
    """Condition on Person: a member of staff who may read and act on this register, or part."""
    username = Person.__table__.c.username
    rights = (
        named_to(username, ObjectKind.REGISTER, action, register)
        if by_name
        else granted_to(username, ObjectKind.REGISTER, action, literal(register))
        for action in (Action.READ, Action.ACT)
    )
    return and_(Person.kind == PersonKind.STAFF, *rights)


def _deputies(
    session: Session, told: _Told, principals: Sequence[Recipient], now: datetime
) -> list[Recipient]:
    """Return who may do the task for one of these now: one statement where nobody is away."""
    if told.task_key is None or not WORDINGS[told.kind].deputies or not principals:
        return []
    key = literal(told.task_key)
    known = {one.username: one.name for one in principals}
    stands_for = {}
    for username in deputies_of(session, known, now):
        deputy = Actor(username, principals=principals_of(session, username, now))
        if (principal := session.scalar(select(principal_of(deputy, key)))) in known:
            stands_for[username] = known[principal]
    if not stands_for:
        return []
    found = select(Person.username, Person.display_name).where(
        Person.active,
        Person.username.in_(sorted(stands_for)),
        Person.username.not_in(barred_from(key)),
    )
    return [
        Recipient(row.username, row.display_name, False, stands_for[row.username])
        for row in session.execute(found.order_by(Person.username))
    ]


def _news(recipient: Recipient, row: Row, place: _Place) -> News:
    kind, key = NotificationKind(str(row["kind"])), row["key"]
    return News(recipient, kind, str(row["text"]), f"/notifications/{key}", place.closed)


def _row(tools: Toolbox, told: _Told, place: _Place, username: str, now: datetime) -> Row:
    return {
        "key": tools.keys.next(),
        "username": username,
        "kind": told.kind,
        "text": "",
        "task_key": told.task_key,
        "instance_key": place.instance_key,
        "process_id": place.process_id,
        "page": told.page,
        "created_at": now,
        "read_at": None,
    }


def _word(session: Session, told: _Told, place: _Place, rows: Mapping[Recipient, Row]) -> None:
    """Give each row its text, and its kind where the person has done this step before."""
    facts = {"process": place.process, "step": place.step, **told.facts}
    facts |= _display_names(session, told.names)
    again = _did_it_before(session, told, place, [one.username for one in rows])
    for one, row in rows.items():
        if one.username in again:
            row["kind"] = NotificationKind.TASK_RETURNED
        row["text"] = worded(
            NotificationKind(str(row["kind"])), facts, public=one.public, principal=one.principal
        )


def _display_names(session: Session, names: Mapping[str, str]) -> dict[str, str]:
    if not names:
        return {}
    statement = select(Person.username, Person.display_name).where(
        Person.username.in_(sorted(names.values()))
    )
    known = {row.username: row.display_name for row in session.execute(statement)}
    known[SYSTEM.username] = SYSTEM.display_name
    return {fact: known.get(username, username) for fact, username in names.items()}


def _did_it_before(
    session: Session, told: _Told, place: _Place, usernames: Collection[str]
) -> frozenset[str]:
    if told.kind is not NotificationKind.TASK_ARRIVED:
        return frozenset()
    statement = select(UserTask.ended_by).where(
        UserTask.instance_key == place.instance_key,
        UserTask.element_id == place.element_id,
        UserTask.state == TaskState.COMPLETED,
        UserTask.ended_by.in_(usernames),
    )
    return frozenset(one for one in session.scalars(statement) if one is not None)
