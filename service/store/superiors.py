"""Where the holders of a task stand in the organisation, and who may be told that it is late."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from service.domain.accounts import PersonKind
from service.domain.escalation import PassedOver, Unit
from service.domain.organization import PostGroupInvalid, is_post_group, parse
from service.store.membership import members_of_any
from service.store.tables import OrganizationUnit, Person, Post, TaskBar

_HEAD = and_(Post.unit_id == OrganizationUnit.id, Post.heads_unit, Post.ended_at.is_(None))


def units(session: Session) -> dict[str, Unit]:
    """Return all units with their heads; one statement, a bureau has a few hundred."""
    rows = session.execute(
        select(
            OrganizationUnit.id, OrganizationUnit.name, OrganizationUnit.parent_id, Post.username
        ).outerjoin(Post, _HEAD)
    )
    return {row.id: Unit(row.id, row.name, row.parent_id, row.username) for row in rows}


def units_of(
    session: Session, *, assignee: str | None, users: Sequence[str], groups: Sequence[str]
) -> list[str]:
    """Return the units from which the way goes up, the likeliest first.

    Those that the candidate groups name; then those where the holder has posts, the oldest post
    first; of a task that nobody holds, where most of its candidates have posts.
    """
    named = [unit for group in groups if (unit := _unit_named(group)) is not None]
    if assignee is not None:
        own = list(_units(session, [assignee]))
        return list(dict.fromkeys([*(one for one in named if one in own), *own, *named]))
    people = {*users, *session.scalars(members_of_any(groups))} if groups else {*users}
    counted = Counter(_units(session, people)).most_common()
    ordered = sorted(counted, key=lambda one: (-one[1], one[0]))
    return list(dict.fromkeys([*named, *(unit for unit, _ in ordered)]))


def members_of(session: Session, group: str) -> list[str]:
    """Return who is in a group now, by user name."""
    return sorted(set(session.scalars(members_of_any([group]))))


def unfit(session: Session, task_key: int, people: Collection[str]) -> dict[str, PassedOver]:
    """Return whom of these nobody tells of the task: who must keep out, who has no open account."""
    fit = set(
        session.scalars(
            select(Person.username).where(
                Person.username.in_(sorted(people)),
                Person.active,
                Person.kind == PersonKind.STAFF,
            )
        )
    )
    barred = session.scalars(select(TaskBar.username).where(TaskBar.task_key == task_key))
    closed = {one: PassedOver.CLOSED for one in people if one not in fit}
    return closed | dict.fromkeys(barred, PassedOver.BARRED)


def _unit_named(group: str) -> str | None:
    try:
        return parse(group).unit if is_post_group(group) else None
    except PostGroupInvalid:
        return None


def _units(session: Session, people: Collection[str]) -> Iterable[str]:
    return session.scalars(
        select(Post.unit_id)
        .where(Post.username.in_(sorted(people)), Post.ended_at.is_(None))
        .order_by(Post.begun_at, Post.key)
    ).all()
