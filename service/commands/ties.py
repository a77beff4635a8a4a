"""Declaring that people are tied to each other, and that they no longer are."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from service.commands import instance_lock
from service.commands.access_log import record
from service.commands.instance_lock import LockedInstance
from service.commands.recusal import bar_row
from service.commands.task_handing import hand
from service.commands.task_handing import note as note_act
from service.commands.task_records import find
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.access_events import AccessKind
from service.domain.accounts import is_username
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.recusal import (
    LONGEST_NOTE,
    Bar,
    RecusalForbidden,
    Tie,
    TieInvalid,
    TieKind,
    TieNotFound,
    TieSource,
    bars,
)
from service.domain.strict_json import is_readable
from service.domain.values import Json
from service.store.authorization import holds
from service.store.database import Busy
from service.store.recusal import ties_of
from service.store.tables import Person, PersonalTie, TaskBar, TaskParty, UserTask
from service.store.tables.tasks import TaskState


def declare(
    tools: Toolbox,
    *,
    username: str,
    other: str,
    kind: TieKind,
    source: TieSource = TieSource.SELF,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Declare that `username` is tied to `other`; return the declaration's key.

    It counts at once: both are kept out of every open task that is about the other, and a task that
    one of them holds goes back to its candidates. One's own ties everybody declares; those of
    others, and what the unit orders, who has RECUSAL act. Raises TieInvalid, RecusalForbidden.
    """
    session = tools.session
    if (source is not TieSource.SELF or username != actor.username) and not _manages(
        session, actor
    ):
        raise RecusalForbidden
    said = _sound(username, other, note, source)
    # Instances before people: a step locks in this order, too.
    instances = _lock_instances(session, username, other)
    _require_known(_hold_still(session, username, other), username, other)
    same = session.scalar(
        select(PersonalTie.key).where(
            or_(
                (PersonalTie.username == username) & (PersonalTie.other == other),
                (PersonalTie.username == other) & (PersonalTie.other == username),
            ),
            PersonalTie.kind == kind,
            PersonalTie.ended_at.is_(None),
        )
    )
    if same is not None:
        raise TieInvalid(reason="两人之间的这种关系已经登记过")
    key = tools.keys.next()
    session.execute(
        insert(table(PersonalTie)).values(
            key=key,
            username=username,
            other=other,
            kind=kind,
            source=source,
            note=said,
            declared_at=now,
            declared_by=actor.username,
        )
    )
    _keep_out(tools, Tie(key, username, other, kind), instances, now)
    details: dict[str, Json] = {"change": "declared", "kind": kind, "source": source}
    _record(tools, key, username, details, actor=actor, now=now)
    return key


def end(tools: Toolbox, *, key: int, why: str, actor: Actor, now: datetime) -> None:
    """End a tie that was declared wrongly or is no more; what was decided meanwhile stays.

    Whoever declared their own tie ends it; any other who has RECUSAL act. Raises TieNotFound,
    TieInvalid, RecusalForbidden.
    """
    session = tools.session
    manages = _manages(session, actor)
    tie = session.execute(
        select(PersonalTie).where(PersonalTie.key == key, PersonalTie.ended_at.is_(None))
    ).scalar_one_or_none()
    if tie is None or not (manages or actor.username == tie.username):
        raise TieNotFound
    if not manages and (tie.source != TieSource.SELF or tie.declared_by != actor.username):
        raise RecusalForbidden
    said = _text(why, "终止的原因")
    if not said:
        raise TieInvalid(reason="请写明终止的原因")
    _hold_still(session, tie.username, tie.other)
    session.execute(
        update(table(PersonalTie))
        .where(PersonalTie.key == key)
        .values(ended_at=now, ended_by=actor.username, end_reason=said)
    )
    _let_in(session, key)
    details: dict[str, Json] = {"change": "ended", "kind": tie.kind, "reason": said}
    _record(tools, key, tie.username, details, actor=actor, now=now)


def _manages(session: Session, actor: Actor) -> bool:
    return holds(session, actor, ObjectKind.RECUSAL, Action.ACT)


def _sound(username: str, other: str, note: str, source: TieSource) -> str:
    if username == other:
        raise TieInvalid(reason="不能申报与本人的关系")
    _require_known(frozenset(filter(is_username, (username, other))), username, other)
    said = _text(note, "说明")
    if source is not TieSource.SELF and not said:
        raise TieInvalid(reason="他人提出或单位决定的回避，请写明依据")
    return said


def _require_known(known: frozenset[str], *usernames: str) -> None:
    for one in usernames:
        if one not in known:
            shown = one[:60].replace("\0", "")
            raise TieInvalid(reason=f"没有用户名为“{shown}”的账号")


def _text(text: str, what: str) -> str:
    said = " ".join(text.split())
    if len(said) > LONGEST_NOTE or not is_readable(said):
        raise TieInvalid(reason=f"{what}最多 {LONGEST_NOTE} 字")
    return said


def _hold_still(session: Session, *usernames: str) -> frozenset[str]:
    """Lock both people's rows, in one order: no task about them arises until this is over."""
    return frozenset(
        session.scalars(
            select(Person.username)
            .where(Person.username.in_(usernames))
            .order_by(Person.username)
            # Rows that refer to them may be written meanwhile.
            .with_for_update(key_share=True)
        )
    )


def _keep_out(
    tools: Toolbox, tie: Tie, instances: Mapping[int, LockedInstance], now: datetime
) -> None:
    session = tools.session
    about = select(TaskParty.task_key, TaskParty.username).where(
        TaskParty.username.in_((tie.username, tie.other))
    )
    there = set(
        session.execute(
            select(TaskBar.task_key, TaskBar.username).where(
                TaskBar.username.in_((tie.username, tie.other))
            )
        )
    )
    tasks = session.execute(
        about.add_columns(UserTask.assignee, UserTask.instance_key)
        .join(UserTask, UserTask.key == TaskParty.task_key)
        .where(UserTask.state == TaskState.CREATED)
        .order_by(TaskParty.task_key)
    ).all()
    for task_key, party, assignee, instance_key in tasks:
        person = tie.other if party == tie.username else tie.username
        if (task_key, person) in there:
            continue
        bar = Bar(person, party, tie.kind, tie.key)
        session.execute(insert(table(TaskBar)), [bar_row(task_key, bar)])
        if assignee == person:
            if instance_key not in instances:  # it came to them a moment ago
                raise Busy
            _take_back(tools, instance_key, task_key, person, now)


def _lock_instances(session: Session, *usernames: str) -> dict[int, LockedInstance]:
    """Lock the instances of the open tasks that one of the two holds and that name a party."""
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


def _take_back(
    tools: Toolbox, instance_key: int, task_key: int, person: str, now: datetime
) -> None:
    """Give the task back to its candidates; without any it is listed among the deserted ones."""
    # Read anew: the task before it in this instance may have been taken back just now.
    instance = instance_lock.lock(tools.session, instance_key)
    task = find(tools.session, task_key, SYSTEM)
    hand(tools, instance, task, None, now)
    value: Json = {"name": task.name, "person": person}
    note_act(tools, instance, task, "user-task.recused", SYSTEM, now, value)


def _let_in(session: Session, tie_key: int) -> None:
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


def _record(
    tools: Toolbox, key: int, subject: str, details: dict[str, Json], *, actor: Actor, now: datetime
) -> None:
    record(
        tools,
        AccessKind.TIE_CHANGED,
        actor=actor,
        subject=subject,
        reference=f"tie/{key}",
        details=details,
        now=now,
    )
