"""What waits for each person: the numbers of their daily summary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from service.domain.accounts import PersonKind
from service.domain.notifications import DIGEST, DIGEST_ON_DAYS_OFF
from service.domain.outgoing import Channel
from service.domain.personal_data import PersonalKind
from service.domain.working_days import DayOutsideCalendar, is_weekend
from service.queries.inbox_entries import holdings
from service.queries.inbox_order import Box
from service.store.actors import AT, actor_of, with_groups
from service.store.calendars import working_days
from service.store.tables import (
    InboxEntry,
    Notification,
    NotificationChoice,
    NotificationDigest,
    Person,
    PersonalDatum,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many tasks are a person's to do, of these overdue, theirs to claim; unread lines."""

    username: str
    todo: int
    overdue: int
    claimable: int
    unread: int

    def __bool__(self) -> bool:
        return bool(self.todo or self.claimable or self.unread)


def is_worked(session: Session, day: date) -> bool:
    """Tell whether the office works on a day; beyond the calendar from Monday to Friday."""
    try:
        return working_days(session).is_working(day)
    except DayOutsideCalendar:
        return not is_weekend(day)


def due_people(
    session: Session, *, day: date, works: bool, after: str, limit: int
) -> Sequence[str]:
    """Return who is still to get the summary of this day, by user name, those behind `after`.

    Members of staff with an open account and a mail address who have not chosen otherwise; on a
    day off (`works` False) those who want it then too.
    """
    choice, sent = aliased(NotificationChoice), aliased(NotificationDigest)
    off = aliased(NotificationChoice)
    return session.scalars(
        select(Person.username)
        .join(
            PersonalDatum,
            and_(
                PersonalDatum.username == Person.username,
                PersonalDatum.kind == PersonalKind.MAIL,
            ),
        )
        .outerjoin(
            choice,
            and_(
                choice.username == Person.username,
                choice.kind == DIGEST,
                choice.channel == Channel.MAIL,
            ),
        )
        .outerjoin(
            off,
            and_(
                off.username == Person.username,
                off.kind == DIGEST_ON_DAYS_OFF,
                off.channel == Channel.MAIL,
            ),
        )
        .outerjoin(sent, sent.username == Person.username)
        .where(
            Person.username > after,
            Person.active,
            Person.kind == PersonKind.STAFF,
            or_(choice.wanted.is_(None), choice.wanted),
            or_(sent.day.is_(None), sent.day < day),
            true() if works else off.wanted,
        )
        .order_by(Person.username)
        .limit(limit)
    ).all()


def waiting(session: Session, username: str, *, now: datetime) -> Waiting:
    """Count what waits for one person: their own, their groups', for whom they stand in."""
    person = select(
        Person.username, Person.display_name, Person.kind, Person.must_change_password
    ).where(Person.username == username)
    actor = actor_of(session, session.execute(with_groups(person), {AT: now}).all(), now)
    keys = func.count(InboxEntry.task_key.distinct())
    todo, claimable = (or_(*holdings(actor, box)) for box in (Box.TODO, Box.CLAIMABLE))
    counted = select(
        select(keys).where(todo).scalar_subquery(),
        select(keys).where(todo, InboxEntry.due_at < now).scalar_subquery(),
        select(keys).where(claimable).scalar_subquery(),
        select(func.count())
        .select_from(Notification)
        .where(Notification.username == username, Notification.read_at.is_(None))
        .scalar_subquery(),
    )
    return Waiting(username, *session.execute(counted).one())
