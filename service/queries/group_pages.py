"""Groups with who is in them now, for who administers accounts."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.organization import parse
from service.queries.administration import require_reader
from service.store.membership import in_group
from service.store.tables import (
    CandidateGroup,
    InboxEntry,
    Membership,
    OrganizationUnit,
    Person,
    Post,
    PostGroup,
)
from service.store.tables.tasks import EntryState, HolderKind


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a group; `active` False: the account is closed."""

    username: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its members by name; `waiting` tasks nobody has claimed."""

    id: str
    name: str
    members: tuple[Member, ...]
    waiting: int


def listed(session: Session, *, actor: Actor) -> tuple[Group, ...]:
    """Return the groups whose members are kept by name. Raises NotFound for outsiders."""
    require_reader(session, actor)
    groups = session.execute(
        select(CandidateGroup.id, CandidateGroup.name).order_by(CandidateGroup.name)
    ).all()
    members = select(Membership.group_id, Person.username, Person.display_name, Person.active).join(
        Person, Person.username == Membership.username
    )
    inside = _by_group(session.execute(members.order_by(Person.sort_name)))
    waiting = _waiting(session)
    return tuple(
        Group(row.id, row.name, tuple(inside.get(row.id, ())), waiting.get(row.id, 0))
        for row in groups
    )


def of_posts(session: Session, *, actor: Actor) -> tuple[Group, ...]:
    """Return the groups that diagrams and rights have named by posts, with who is in them now.

    Raises NotFound for outsiders.
    """
    require_reader(session, actor)
    groups = session.execute(
        select(PostGroup.id, OrganizationUnit.name)
        .outerjoin(OrganizationUnit, OrganizationUnit.id == PostGroup.unit_id)
        .order_by(PostGroup.id)
    ).all()
    members = (
        select(PostGroup.id, Person.username, Person.display_name, Person.active)
        .select_from(PostGroup)
        .join(Post, in_group())
        .join(Person, Person.username == Post.username)
        .order_by(Person.sort_name)
    )
    inside = _by_group(session.execute(members))
    waiting = _waiting(session)
    return tuple(
        Group(
            row.id,
            parse(row.id).shown(row.name),
            tuple(inside.get(row.id, ())),
            waiting.get(row.id, 0),
        )
        for row in groups
    )


def _by_group(rows: Iterable[tuple[str, str, str, bool]]) -> dict[str, list[Member]]:
    inside: dict[str, dict[str, Member]] = {}
    for group_id, username, name, active in rows:
        inside.setdefault(group_id, {})[username] = Member(username, name, active)
    return {group_id: list(members.values()) for group_id, members in inside.items()}


def _waiting(session: Session) -> dict[str, int]:
    entry = InboxEntry
    rows = session.execute(
        select(entry.holder, func.count())
        .where(entry.holder_kind == HolderKind.GROUP, entry.state == EntryState.OPEN)
        .group_by(entry.holder)
    )
    return {holder: count for holder, count in rows}
