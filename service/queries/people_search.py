"""People and groups as the API lists them.

Whoever administers accounts sees all of them; others see themselves, the groups they are in, and
who is in those with them. People from outside see nobody but themselves.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from service.domain.accounts import PersonKind
from service.domain.actors import Actor
from service.domain.authorization import ALL, Action, ObjectKind
from service.domain.errors import NotFound
from service.queries.filter_search import NOTHING, compare
from service.queries.keyset_search import Found, Search, SearchTable, brief, run
from service.queries.selects import AnyRow
from service.store.authorization import holds
from service.store.membership import members_of_any
from service.store.tables import CandidateGroup, OrganizationUnit, Person, PostGroup


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One account."""

    username: str
    display_name: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group, of people by name or of whoever has a post; of the latter `id` says which."""

    id: str
    name: str


def search(session: Session, *, actor: Actor, search: Search) -> Found[PersonRow]:
    """Search the accounts that the actor may see."""
    statement = _PEOPLE.where(*_visible_people(session, actor))
    return run(session, statement, table=_PEOPLE_TABLE, search=search, make=_person)


def visible(session: Session, *, actor: Actor, limit: int = 200) -> tuple[PersonRow, ...]:
    """Return the first members of staff by name that the actor may see, to choose from."""
    staff = Person.kind == PersonKind.STAFF
    statement = _PEOPLE.where(staff, *_visible_people(session, actor)).order_by(Person.sort_name)
    return tuple(_person(row) for row in session.execute(statement.limit(limit)))


def get(session: Session, *, actor: Actor, username: str) -> PersonRow:
    """Return one account. Raises NotFound."""
    one = _PEOPLE.where(Person.username == username, *_visible_people(session, actor))
    if (row := session.execute(one).one_or_none()) is None:
        raise NotFound
    return _person(row)


def search_groups(session: Session, *, actor: Actor, search: Search) -> Found[GroupRow]:
    """Search the groups that the actor may see."""
    statement = _GROUPS.where(*_visible_groups(session, actor))
    return run(session, statement, table=_GROUPS_TABLE, search=search, make=_group)


def get_group(session: Session, *, actor: Actor, group_id: str) -> GroupRow:
    """Return one group. Raises NotFound."""
    one = _GROUPS.where(_ANY_GROUP.id == group_id, *_visible_groups(session, actor))
    if (row := session.execute(one).one_or_none()) is None:
        raise NotFound
    return _group(row)


def search_members(
    session: Session, *, actor: Actor, group_id: str, search: Search
) -> Found[PersonRow]:
    """Search the people in a group. Raises NotFound."""
    get_group(session, actor=actor, group_id=group_id)
    statement = _PEOPLE.where(Person.username.in_(members_of_any({group_id})))
    return run(session, statement, table=_PEOPLE_TABLE, search=search, make=_person)


def _administers(session: Session, actor: Actor) -> bool:
    return holds(session, actor, ObjectKind.ACCOUNT, Action.READ, ALL) or holds(
        session, actor, ObjectKind.ACCOUNT, Action.ACT, ALL
    )


def _visible_people(session: Session, actor: Actor) -> list[ColumnElement[bool]]:
    if _administers(session, actor):
        return []
    if actor.public:
        return [Person.username == actor.username]
    beside = Person.username.in_(members_of_any(actor.groups))
    return [or_(Person.username == actor.username, beside)]


def _visible_groups(session: Session, actor: Actor) -> list[ColumnElement[bool]]:
    if _administers(session, actor):
        return []
    return [_ANY_GROUP.id.in_(sorted(actor.groups))]


_PEOPLE = select(Person.username, Person.display_name).where(Person.active)
_NAMED_BY_POST = func.substr(
    PostGroup.id, 1, func.length(PostGroup.id) - func.length(PostGroup.unit_id)
).concat(OrganizationUnit.name)
"""The id of a group at a unit ends with the unit's id: its name, with the unit's of today."""
_LISTED = select(CandidateGroup.id, CandidateGroup.name)
_POSTED = select(
    PostGroup.id,
    case((PostGroup.unit_id.is_(None), PostGroup.id), else_=_NAMED_BY_POST).label("name"),
).outerjoin(OrganizationUnit, OrganizationUnit.id == PostGroup.unit_id)
_ANY_GROUP = union_all(_LISTED, _POSTED).subquery("any_group").c
_GROUPS = select(_ANY_GROUP.id, _ANY_GROUP.name)

_PEOPLE_TABLE = SearchTable(
    key=Person.username,
    filters={
        "username": compare(Person.username),
        "name": compare(Person.display_name),
        "email": NOTHING,
    },
    sorts={"username": Person.username, "name": brief(Person.sort_name)},
)

_GROUPS_TABLE = SearchTable(
    key=_ANY_GROUP.id,
    filters={"groupId": compare(_ANY_GROUP.id), "name": compare(_ANY_GROUP.name)},
    sorts={"groupId": _ANY_GROUP.id, "name": brief(_ANY_GROUP.name)},
)


def _person(row: AnyRow) -> PersonRow:
    return PersonRow(username=row.username, display_name=row.display_name)


def _group(row: AnyRow) -> GroupRow:
    return GroupRow(id=row.id, name=row.name)
