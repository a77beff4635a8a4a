"""Reads the one who acts: a person's row beside one row a group, and for whom they stand in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import CompoundSelect, Select, Text, bindparam, cast, null, select, union_all
from sqlalchemy.orm import Session

from service.domain.accounts import PersonKind
from service.domain.actors import Actor
from service.store.base import UtcDateTime
from service.store.membership import in_group
from service.store.principals import AT, in_force, principals_of
from service.store.tables import Deputy, Membership, Post, PostGroup

__all__ = ["AT", "MemberRow", "actor_of", "with_groups"]


class MemberRow(Protocol):
    """What each row of such a statement has; `group_id` is None in the person's own row."""

    @property
    def username(self) -> str: ...
    @property
    def display_name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def must_change_password(self) -> bool: ...
    @property
    def group_id(self) -> str | None: ...
    @property
    def deputizes(self) -> bool: ...


def with_groups(person: Select[*tuple[Any, ...]]) -> CompoundSelect[*tuple[Any, ...]]:
    """Repeat the row of one person beside each `group_id` they are in, and once beside none.

    `person` gives one row at most, with what `MemberRow` names among its columns.
    The statement takes the moment of the request as `AT`.
    """
    found = person.cte("found")
    own = tuple(found.c)
    agreements = select(Deputy.key).where(
        Deputy.deputy == found.c.username, in_force(bindparam(AT, type_=UtcDateTime))
    )
    nobody, no = cast(null(), Text).label("group_id"), null()
    listed = select(*own, Membership.group_id, no).join(
        Membership, Membership.username == found.c.username
    )
    posted = (
        select(*own, PostGroup.id, no)
        .join(Post, Post.username == found.c.username)
        .join(PostGroup, in_group())
    )
    alone = select(*own, nobody, agreements.exists().label("deputizes"))
    return union_all(alone, listed, posted)


def actor_of(session: Session, rows: Sequence[MemberRow], now: datetime) -> Actor:
    """Put the rows of one person together; there is at least one.

    No statement, one for who stands in for somebody at this moment.
    """
    first = rows[0]
    deputizes = any(row.deputizes for row in rows)
    return Actor(
        username=first.username,
        display_name=first.display_name,
        groups=frozenset(row.group_id for row in rows if row.group_id is not None),
        public=first.kind == PersonKind.PUBLIC,
        principals=principals_of(session, first.username, now) if deputizes else (),
    )
