"""Rights as their readers see them: who may do what, through what, since when, by whom and why.

For who reads or administers accounts, and for auditors. What was given and taken back before is in
the access log, for auditors alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from service.domain.accounts import PersonKind, is_username
from service.domain.actors import Actor
from service.domain.authorization import (
    ALL,
    KEPT_APART,
    KEPT_CLOSED,
    SENSITIVE,
    Action,
    Grant,
    GranteeKind,
    ObjectKind,
    Right,
)
from service.domain.errors import NotFound
from service.queries import cursor
from service.queries.groups import PostBehind, names_of, posts_behind
from service.queries.inbox import Page
from service.queries.names import display_name
from service.queries.selects import AnyRow, AnySelect
from service.store.authorization import closed, granted_any, granted_somewhere_to, reaching
from service.store.membership import members_of_each
from service.store.tables import AuthorizationGrant, Membership, Person

_READERS: tuple[Right, ...] = (
    (ObjectKind.ACCOUNT, Action.READ),
    (ObjectKind.ACCOUNT, Action.ACT),
    (ObjectKind.AUDIT, Action.READ),
)
_ORDER = "rights"
_MOST_PEOPLE = 200
"""People of one right that its page names."""


@dataclass(frozen=True, slots=True)
class GrantFilter:
    """What the list is narrowed to; empty means all."""

    person: str = ""
    """A user name: the rights that reach this person now, by whatever way."""
    process_id: str = ""
    """A process's or register's id: the rights to it, those to all that reach it among them."""
    kind: ObjectKind | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """How a right reaches the person asked for; of a group `posts` that lead into it."""

    kind: GranteeKind
    by_name: bool = False
    """Put into the group by name."""
    posts: tuple[PostBehind, ...] = ()


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A right; names are for people, times in UTC."""

    key: int
    right: Grant
    grantee_name: str
    people: int
    """How many people with open accounts have it now."""
    granted_at: datetime
    granted_by: str
    reason: str
    way: Way | None = None
    """Only where a person was asked for."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has a right now; `active` False: the account is closed."""

    username: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class GrantDetail:
    """One right, and who has it now: at most 200 by name."""

    row: GrantRow
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Two rights that one person should not hold, and who holds both."""

    rights: tuple[Right, Right]
    people: tuple[Holder, ...]


def may_read(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor may see who may do what; one statement."""
    return bool(session.scalar(select(granted_any(actor, _READERS, literal(ALL)))))


def page(
    session: Session,
    *,
    actor: Actor,
    wanted: GrantFilter | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[GrantRow]:
    """Return a page of the rights, by who has them; raises NotFound for outsiders, BadCursor."""
    _require_reader(session, actor)
    sought = wanted or GrantFilter()
    statement = _statement().where(*_narrowed(sought)).order_by(*_PLACE).limit(limit + 1)
    if after:
        place = cursor.read(after, _ORDER, (str,) * len(_PLACE))
        statement = statement.where(tuple_(*_PLACE) > tuple_(*map(literal, place)))
    found = session.execute(statement).all()
    rows = _rows(session, found[:limit], sought.person)
    if len(found) <= limit:
        return Page(rows, None)
    last: AuthorizationGrant = found[limit - 1][0]
    place = [last.grantee_kind, last.grantee, last.process_id, last.object, last.action]
    return Page(rows, cursor.write(_ORDER, place))


def get(session: Session, *, actor: Actor, key: int) -> GrantDetail:
    """Return one right with who has it. Raises NotFound."""
    _require_reader(session, actor)
    found = session.execute(_statement().where(AuthorizationGrant.key == key)).all()
    if not found:
        raise NotFound
    (row,) = _rows(session, found, "")
    return GrantDetail(row, _holders(session, row.right))


def combinations(session: Session, *, actor: Actor) -> tuple[Combination, ...]:
    """Return who holds rights that should be kept apart; one statement a pair."""
    _require_reader(session, actor)
    person = aliased(Person)
    found: list[Combination] = []
    for pair in KEPT_APART:
        both = (granted_somewhere_to(person.username, *right) for right in pair)
        people = (
            select(person.username, person.display_name, person.active)
            .where(person.active, *both)
            .order_by(person.sort_name, person.username)
            .limit(_MOST_PEOPLE)
        )
        if holders := tuple(Holder(*row) for row in session.execute(people)):
            found.append(Combination(pair, holders))
    return tuple(found)


_PLACE = (
    AuthorizationGrant.grantee_kind,
    AuthorizationGrant.grantee,
    AuthorizationGrant.process_id,
    AuthorizationGrant.object,
    AuthorizationGrant.action,
)
"""Everyone first, then groups, then people."""


def _require_reader(session: Session, actor: Actor) -> None:
    if not may_read(session, actor=actor):
        raise NotFound


def _statement() -> AnySelect:
    giver = display_name(AuthorizationGrant.granted_by).label("giver")
    return select(AuthorizationGrant, giver).outerjoin(
        Person, Person.username == AuthorizationGrant.granted_by
    )


def _narrowed(wanted: GrantFilter) -> list[ColumnElement[bool]]:
    grant = AuthorizationGrant
    conditions: list[ColumnElement[bool]] = []
    if wanted.person:
        known = wanted.person if is_username(wanted.person) else ""
        conditions.append(reaching(literal(known)))
    if wanted.process_id:
        process_id = wanted.process_id.replace("\0", "")
        to_all = and_(
            grant.process_id == ALL,
            or_(grant.object.not_in(sorted(KEPT_CLOSED)), ~closed(literal(process_id))),
        )
        conditions.append(or_(grant.process_id == process_id, to_all))
    if wanted.kind is not None:
        conditions.append(grant.object == wanted.kind)
    if wanted.sensitive:
        rights = sorted(SENSITIVE)
        conditions.append(
            or_(*(and_(grant.object == kind, grant.action == act) for kind, act in rights))
        )
    return conditions


def _rows(session: Session, found: Iterable[AnyRow], person: str) -> tuple[GrantRow, ...]:
    grants: list[tuple[AuthorizationGrant, str]] = [(row[0], row.giver) for row in found]
    rights = [_right(row) for row, _giver in grants]
    groups = {one.grantee for one in rights if one.grantee_kind is GranteeKind.GROUP}
    people = {one.grantee for one in rights if one.grantee_kind is GranteeKind.PERSON}
    names = {(GranteeKind.GROUP, one): name for one, name in names_of(session, groups).items()}
    counts = {(GranteeKind.GROUP, one): count for one, count in _counts(session, groups).items()}
    counts[GranteeKind.EVERYONE, ALL] = _staff(session)
    for holder in _people(session, people):
        names[GranteeKind.PERSON, holder.username] = holder.name
        counts[GranteeKind.PERSON, holder.username] = int(holder.active)
    ways = _ways(session, person, groups) if person else {}
    return tuple(
        GrantRow(
            key=grant.key,
            right=right,
            grantee_name=names.get((right.grantee_kind, right.grantee), right.grantee),
            people=counts.get((right.grantee_kind, right.grantee), 0),
            granted_at=grant.granted_at,
            granted_by=giver,
            reason=grant.reason,
            way=_way(right, ways) if person else None,
        )
        for (grant, giver), right in zip(grants, rights, strict=True)
    )


def _way(right: Grant, groups: Mapping[str, Way]) -> Way:
    if right.grantee_kind is GranteeKind.GROUP:
        return groups[right.grantee]
    return Way(right.grantee_kind)


def _right(row: AuthorizationGrant) -> Grant:
    return Grant(
        GranteeKind(row.grantee_kind),
        row.grantee,
        row.process_id,
        ObjectKind(row.object),
        Action(row.action),
    )


def _people(session: Session, usernames: Collection[str]) -> list[Holder]:
    named = select(Person.username, Person.display_name, Person.active)
    rows = session.execute(named.where(Person.username.in_(sorted(usernames))))
    return [Holder(*row) for row in rows]


def _counts(session: Session, groups: Collection[str]) -> dict[str, int]:
    """People with open accounts in each group; somebody may be in one by name and by a post."""
    if not groups:
        return {}
    members = members_of_each(groups).subquery()
    rows = session.execute(
        select(members.c[0], func.count(members.c.username.distinct()))
        .join(Person, Person.username == members.c.username)
        .where(Person.active)
        .group_by(members.c[0])
    )
    return {group_id: count for group_id, count in rows}


def _staff(session: Session) -> int:
    staff = (Person.active, Person.kind == PersonKind.STAFF)
    return session.scalar(select(func.count()).select_from(Person).where(*staff)) or 0


def _ways(session: Session, person: str, groups: Collection[str]) -> Mapping[str, Way]:
    listed = set(session.scalars(select(Membership.group_id).where(Membership.username == person)))
    behind = posts_behind(session, username=person, group_ids=groups)
    return {
        group_id: Way(
            GranteeKind.GROUP,
            by_name=group_id in listed,
            posts=tuple(post for post in behind if post.group_id == group_id),
        )
        for group_id in groups
    }


def _holders(session: Session, right: Grant) -> tuple[Holder, ...]:
    people = select(Person.username, Person.display_name, Person.active)
    match right.grantee_kind:
        case GranteeKind.PERSON:
            people = people.where(Person.username == right.grantee)
        case GranteeKind.GROUP:
            members = members_of_each([right.grantee]).subquery()
            people = people.where(Person.username.in_(select(members.c.username)))
        case GranteeKind.EVERYONE:
            people = people.where(Person.active, Person.kind == PersonKind.STAFF)
    ordered = people.order_by(Person.sort_name, Person.username).limit(_MOST_PEOPLE)
    return tuple(Holder(*row) for row in session.execute(ordered))
