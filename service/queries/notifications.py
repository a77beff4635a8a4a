"""What a person was told, newest first, and what they have chosen to be told by which channel."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, literal, literal_column, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.notifications import (
    CHOOSABLE,
    DIGEST,
    DIGEST_ON_DAYS_OFF,
    OF_KEEPERS,
    WORDINGS,
    NotificationKind,
    NotificationNotFound,
    wanted_by_default,
)
from service.domain.outgoing import Channel
from service.domain.personal_data import PersonalKind
from service.queries import cursor
from service.queries.inbox import Page
from service.queries.rights import oversees
from service.queries.selects import AnyRow
from service.store.authorization import granted_somewhere_to, visible_instances, visible_tasks
from service.store.personal_data import masked_values
from service.store.sealing import DataKeys
from service.store.tables import Notification, NotificationChoice, ProcessInstance, UserTask

MOST_COUNTED = 99
"""The count in the head of a page stops one above; the page then says 99+."""

_ORDER = "notifications-newest"


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """One line. `title` is the case's, for who may still see that; else empty.

    `task_key` and `instance_key` are None where the person may not open it any more, or where it
    never was about one; `about_case` tells which.
    """

    key: int
    kind: NotificationKind
    text: str
    created_at: datetime
    is_read: bool
    title: str
    task_key: int | None
    instance_key: int | None
    about_case: bool
    page: str
    """Path of ours for what is about neither; empty for none."""


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One kind (or the digest), and by which of the channels the person wants to be told."""

    kind: str
    label: str
    channels: Mapping[Channel, bool]


def unread(session: Session, *, actor: Actor) -> int:
    """Count what is unread, up to `MOST_COUNTED + 1`; one statement."""
    limited = (
        select(literal_column("1"))
        .select_from(Notification)
        .where(Notification.username == actor.username, Notification.read_at.is_(None))
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    return session.scalars(select(func.count()).select_from(limited)).one()


def page(
    session: Session, *, actor: Actor, after: str | None = None, limit: int = 20
) -> Page[NotificationRow]:
    """Return a page of the actor's own, newest first. Raises BadCursor."""
    statement = _own(actor).order_by(Notification.key.desc()).limit(limit + 1)
    if after:
        (last,) = cursor.read(after, _ORDER, (int,))
        statement = statement.where(Notification.key < last)
    rows = [_row(row) for row in session.execute(statement)]
    following = cursor.write(_ORDER, [rows[limit - 1].key]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), following)


def get(session: Session, *, actor: Actor, key: int) -> NotificationRow:
    """Return one of the actor's own. Raises NotificationNotFound."""
    row = session.execute(_own(actor).where(Notification.key == key)).one_or_none()
    if row is None:
        raise NotificationNotFound
    return _row(row)


def choices(
    session: Session, *, actor: Actor, channels: Collection[Channel]
) -> tuple[ChoiceRow, ...]:
    """Return what the actor may choose among the channels that the house has, as it counts now."""
    offered = [channel for channel in CHOOSABLE if channel in channels]
    choice = NotificationChoice
    rows = session.execute(
        select(choice.kind, choice.channel, choice.wanted).where(choice.username == actor.username)
    )
    made = {(row.kind, row.channel): bool(row.wanted) for row in rows}

    def wanted(kind: str, among: Collection[Channel]) -> dict[Channel, bool]:
        return {one: made.get((kind, one), wanted_by_default(kind, one)) for one in among}

    kinds = choosable_kinds(session, actor=actor)
    listed = [ChoiceRow(kind, WORDINGS[kind].label, wanted(kind, offered)) for kind in kinds]
    if Channel.MAIL in offered:
        digest = wanted(DIGEST, (Channel.MAIL,))
        off = wanted(DIGEST_ON_DAYS_OFF, (Channel.MAIL,))
        listed.insert(
            0, ChoiceRow(DIGEST, "每日汇总（待办、待签收、逾期的数目），工作日发", digest)
        )
        listed.insert(1, ChoiceRow(DIGEST_ON_DAYS_OFF, "每日汇总在休息日和节假日也发", off))
    return tuple(listed)


def choosable_kinds(session: Session, *, actor: Actor) -> tuple[NotificationKind, ...]:
    """Return what may be told to the actor: what operators and keepers of registers are told, to
    them alone."""
    hidden: set[NotificationKind] = set()
    if not oversees(session, actor=actor):
        hidden |= {NotificationKind.INCIDENT, NotificationKind.DEADLINE_STUCK}
    keeps = granted_somewhere_to(literal(actor.username), ObjectKind.REGISTER, Action.ACT)
    if not session.scalar(select(keeps)):
        hidden |= OF_KEEPERS
    return tuple(kind for kind in NotificationKind if kind not in hidden)


def own_addresses(
    session: Session, data_keys: DataKeys, *, actor: Actor
) -> Mapping[PersonalKind, str]:
    """Return the actor's addresses, masked. Raises DataKeyMissing, SealBroken."""
    return masked_values(session, data_keys, [actor.username])[actor.username]


def _own(actor: Actor) -> Select[*tuple[object, ...]]:
    return (
        select(
            Notification,
            ProcessInstance.title,
            visible_tasks(actor).label("may_open_task"),
            visible_instances(actor).label("may_open_case"),
        )
        .outerjoin(UserTask, UserTask.key == Notification.task_key)
        .outerjoin(ProcessInstance, ProcessInstance.key == Notification.instance_key)
        .where(Notification.username == actor.username)
    )


def _row(row: AnyRow) -> NotificationRow:
    told: Notification = row[0]
    case = told.instance_key if row.may_open_case else None
    return NotificationRow(
        key=told.key,
        kind=NotificationKind(told.kind),
        text=told.text,
        created_at=told.created_at,
        is_read=told.read_at is not None,
        title=(row.title or "") if case is not None else "",
        task_key=told.task_key if row.may_open_task else None,
        instance_key=case,
        about_case=told.instance_key is not None,
        page=told.page,
    )
