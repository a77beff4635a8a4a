"""Telling people what happened (提醒): by a job of the transaction in which it did.

Whom it concerns, and by which channels, is found out when the job is done
(`notification_delivery`): one row is all it costs here, however many people a group has.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, update

from service.commands.access_log import Ledger
from service.commands.job_rows import job_row
from service.commands.submissions import is_key
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, rows_changed, table
from service.domain.actors import Actor
from service.domain.notifications import NotificationKind, NotificationNotFound
from service.domain.values import Json
from service.store.tables import Job, Notification
from service.store.tables.work import JobKind

KEPT_READ, KEPT_UNREAD = timedelta(days=90), timedelta(days=365)
"""How long the list has what was read, and what was not."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a notification is for: people by user name, groups, those who oversee, those who keep.

    `overseers_of`: the id of a process; whoever may act on what runs of it is meant. `keepers_of`:
    ids of registers or parts of them; the members of staff who may read and act on one are meant,
    `by_name` those alone whom a right names for it, as for a closed register. Who has no open
    account when the job is done is told nothing.
    """

    people: Collection[str] = ()
    groups: Collection[str] = ()
    overseers_of: str | None = None
    keepers_of: Collection[str] = ()
    by_name: bool = False

    def __bool__(self) -> bool:
        return bool(self.people or self.groups or self.overseers_of or self.keepers_of)


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened. `task_key` or `instance_key` is where it leads.

    Of neither it leads to `page`, a path of ours such as `/registers/seats/17`.
    `facts` are the texts that the kind's wording quotes, `names` user names that it quotes by their
    display names. Of a task and an instance `process` and `step` need not be said.
    """

    kind: NotificationKind
    to: Concerned
    task_key: int | None = None
    instance_key: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    page: str = ""


def notify(tools: Ledger, happening: Happening, *, now: datetime) -> None:
    """Let people be told once this transaction is committed: one statement, none for nobody."""
    if happening.to:
        tools.session.execute(insert(table(Job)), [notify_row(tools, happening, now)])


def notify_row(tools: Ledger, happening: Happening, now: datetime) -> Row:
    """Make the job's row, for who writes jobs anyway."""
    to = happening.to
    details: dict[str, Json] = {
        "kind": happening.kind,
        "people": [*sorted(to.people)],
        "groups": [*sorted(to.groups)],
        "overseers_of": to.overseers_of,
        "task_key": happening.task_key,
        "instance_key": happening.instance_key,
        "facts": dict(happening.facts),
        "names": dict(happening.names),
        "keepers_of": [*sorted(to.keepers_of)],
        "by_name": to.by_name,
        "page": happening.page,
    }
    # Of no instance: ending that must not take the news of it along.
    return job_row(
        tools,
        JobKind.NOTIFY,
        instance_key=0,
        element_instance_key=0,
        element_id="",
        now=now,
        details=details,
    )


def read(tools: Toolbox, key: int, *, actor: Actor, now: datetime) -> None:
    """Mark one of the actor's own as read. Raises NotificationNotFound."""
    if not is_key(key):
        raise NotificationNotFound
    own = (Notification.key == key, Notification.username == actor.username)
    marked = update(table(Notification)).where(*own, Notification.read_at.is_(None))
    if rows_changed(tools.session, marked.values(read_at=now)):
        return
    found = update(table(Notification)).where(*own).values(read_at=Notification.read_at)
    if not rows_changed(tools.session, found):
        raise NotificationNotFound


def read_all(tools: Toolbox, *, up_to: int, actor: Actor, now: datetime) -> int:
    """Mark all of the actor's own as read up to this key, which the page showed; return how many.

    What came later than the page stays unread.
    """
    return rows_changed(
        tools.session,
        update(table(Notification))
        .where(
            Notification.username == actor.username,
            Notification.read_at.is_(None),
            Notification.key <= up_to,
        )
        .values(read_at=now),
    )


def clean_up(tools: Toolbox, *, now: datetime) -> int:
    """Delete what the lists have had long enough; return how many."""
    told = table(Notification)
    old = or_(told.c.read_at < now - KEPT_READ, told.c.created_at < now - KEPT_UNREAD)
    return rows_changed(tools.session, delete(told).where(old))
