"""The organisation as every member of staff may see it: units, posts and names, nothing personal.

Who changes it needs the right to administer accounts: see `service.commands.units` and `posts`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.organization import UnitUnknown
from service.queries.groups import labels_of
from service.queries.selects import AnyRow
from service.queries.staff import require_staff
from service.store.tables import OrganizationUnit, Person, Post


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the tree; `depth` is 0 for a root."""

    id: str
    name: str
    kind: str
    parent_id: str | None
    depth: int
    posts: int
    """Posts in force in the unit itself."""
    head: str | None
    """Display name of who heads it."""
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post with the person who has or had it; names are display names."""

    key: int
    username: str
    name: str
    unit_id: str
    unit: str
    title: str
    labels: tuple[str, ...]
    heads_unit: bool
    begun_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit: where it stands, what is below it, who is in it."""

    id: str
    name: str
    kind: str
    position: int
    parent_id: str | None
    closed_at: datetime | None
    above: tuple[UnitRow, ...]
    """From the root to its parent."""
    below: tuple[UnitRow, ...]
    """Its direct children."""
    posts: tuple[PostRow, ...]
    """In force: the head first, then by name."""


def tree(session: Session, *, actor: Actor, closed: bool = False) -> tuple[UnitRow, ...]:
    """Return all units in the order of the tree, those that are closed only when asked for.

    A bureau has a few hundred; one statement. Raises NotFound for outsiders, as all here do.
    """
    require_staff(actor)
    posts = (
        select(Post.unit_id, func.count().label("posts"))
        .where(Post.ended_at.is_(None))
        .group_by(Post.unit_id)
        .subquery()
    )
    head = (
        select(Person.display_name)
        .join(Post, Post.username == Person.username)
        .where(Post.unit_id == OrganizationUnit.id, Post.heads_unit, Post.ended_at.is_(None))
        .scalar_subquery()
    )
    statement = (
        select(OrganizationUnit, func.coalesce(posts.c.posts, 0).label("posts"), head.label("head"))
        .outerjoin(posts, posts.c.unit_id == OrganizationUnit.id)
        .order_by(OrganizationUnit.position, OrganizationUnit.sort_name, OrganizationUnit.id)
    )
    if not closed:
        statement = statement.where(OrganizationUnit.closed_at.is_(None))
    return _in_tree_order(session.execute(statement).all())


def unit(session: Session, *, actor: Actor, unit_id: str) -> UnitPage:
    """Return one unit, closed ones too. Raises UnitUnknown."""
    units = tree(session, actor=actor, closed=True)
    by_id = {one.id: one for one in units}
    found = session.get(OrganizationUnit, unit_id) if unit_id in by_id else None
    if found is None:
        raise UnitUnknown(unit=unit_id[:60])
    return UnitPage(
        id=found.id,
        name=found.name,
        kind=found.kind,
        position=found.position,
        parent_id=found.parent_id,
        closed_at=found.closed_at,
        above=_above(by_id, found.parent_id),
        below=tuple(one for one in units if one.parent_id == unit_id and one.closed_at is None),
        posts=_posts(session, _IN_FORCE.where(Post.unit_id == unit_id)),
    )


def posts_of(session: Session, *, actor: Actor, username: str) -> tuple[PostRow, ...]:
    """Return the posts in force of a person."""
    require_staff(actor)
    return _posts(session, _IN_FORCE.where(Post.username == username))


def posts_of_each(session: Session, usernames: Collection[str]) -> dict[str, list[PostRow]]:
    """Return the posts in force of these people, whom the caller has found; one statement."""
    found: dict[str, list[PostRow]] = {username: [] for username in usernames}
    for post in _posts(session, _IN_FORCE.where(Post.username.in_(sorted(usernames)))):
        found[post.username].append(post)
    return found


def posts_ended(
    session: Session, *, actor: Actor, unit_id: str, limit: int = 100
) -> tuple[PostRow, ...]:
    """Return who was in a unit before, latest end first."""
    require_staff(actor)
    statement = _POSTS.where(Post.unit_id == unit_id, Post.ended_at.is_not(None))
    return _posts(session, statement.order_by(Post.ended_at.desc(), Post.key).limit(limit))


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a post in force."""

    username: str
    display_name: str


def colleagues(session: Session, *, actor: Actor, limit: int = 500) -> tuple[Colleague, ...]:
    """Return who has a post in the house now, but the actor, by name. Raises NotFound."""
    require_staff(actor)
    rows = session.execute(
        select(Person.username, Person.display_name)
        .where(
            Person.active,
            Person.username != actor.username,
            Person.username.in_(select(Post.username).where(Post.ended_at.is_(None))),
        )
        .order_by(Person.sort_name, Person.username)
        .limit(limit)
    )
    return tuple(Colleague(row.username, row.display_name) for row in rows)


_POSTS = (
    select(
        Post.key,
        Post.username,
        Person.display_name.label("name"),
        Post.unit_id,
        OrganizationUnit.name.label("unit"),
        Post.title,
        Post.scope,
        Post.heads_unit,
        Post.begun_at,
        Post.ended_at,
    )
    .join(Person, Person.username == Post.username)
    .join(OrganizationUnit, OrganizationUnit.id == Post.unit_id)
)
_IN_FORCE = _POSTS.where(Post.ended_at.is_(None)).order_by(
    Post.heads_unit.desc(), Person.sort_name, Post.key
)


def _posts(session: Session, statement: Select[*tuple[object, ...]]) -> tuple[PostRow, ...]:
    return tuple(_post(row) for row in session.execute(statement))


def _post(row: AnyRow) -> PostRow:
    return PostRow(
        key=row.key,
        username=row.username,
        name=row.name,
        unit_id=row.unit_id,
        unit=row.unit,
        title=row.title,
        labels=labels_of(row.scope),
        heads_unit=bool(row.heads_unit),
        begun_at=row.begun_at,
        ended_at=row.ended_at,
    )


def _in_tree_order(rows: Sequence[AnyRow]) -> tuple[UnitRow, ...]:
    """Put siblings, which come in their order, behind their parent; depth by depth."""
    known = {row[0].id for row in rows}
    children: dict[str | None, list[AnyRow]] = {}
    for row in rows:
        parent = row[0].parent_id
        children.setdefault(parent if parent in known else None, []).append(row)
    ordered: list[UnitRow] = []
    waiting = [(row, 0) for row in reversed(children.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        ordered.append(_unit(row, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(row[0].id, []))]
    return tuple(ordered)


def _unit(row: AnyRow, depth: int) -> UnitRow:
    found: OrganizationUnit = row[0]
    return UnitRow(
        id=found.id,
        name=found.name,
        kind=found.kind,
        parent_id=found.parent_id,
        depth=depth,
        posts=row.posts,
        head=row.head,
        closed_at=found.closed_at,
    )


def _above(units: Mapping[str, UnitRow], parent_id: str | None) -> tuple[UnitRow, ...]:
    above: list[UnitRow] = []
    while parent_id is not None and len(above) < len(units):
        above.insert(0, units[parent_id])
        parent_id = units[parent_id].parent_id
    return tuple(above)
