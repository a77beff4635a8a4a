"""Reads the one who acts: a person's row beside one row a group."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import CompoundSelect, Select, Text, cast, null, select, union_all

from service.domain.accounts import PersonKind
from service.domain.actors import Actor
from service.store.membership import in_group
from service.store.tables import Membership, Post, PostGroup


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


def with_groups(person: Select[*tuple[Any, ...]]) -> CompoundSelect[*tuple[Any, ...]]:
    """Repeat the row of one person beside each `group_id` they are in, and once beside none.

    `person` gives one row at most, with what `MemberRow` names among its columns.
    """
    found = person.cte("found")
    own = tuple(found.c)
    listed = select(*own, Membership.group_id).join(
        Membership, Membership.username == found.c.username
    )
    posted = (
        select(*own, PostGroup.id)
        .join(Post, Post.username == found.c.username)
        .join(PostGroup, in_group())
    )
    return union_all(select(*own, cast(null(), Text).label("group_id")), listed, posted)


def actor_of(rows: Sequence[MemberRow]) -> Actor:
    """Put the rows of one person together; there is at least one."""
    groups = frozenset(row.group_id for row in rows if row.group_id is not None)
    first = rows[0]
    public = first.kind == PersonKind.PUBLIC
    return Actor(first.username, first.display_name, groups, public)
