"""Reads the one who acts: a person's row beside one row a group."""

from collections.abc import Sequence
from typing import Protocol

from service.domain.accounts import PersonKind
from service.domain.actors import Actor


class MemberRow(Protocol):
    """What each row of such a statement has; `group_id` is None for a person in no group."""

    @property
    def username(self) -> str: ...
    @property
    def display_name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def group_id(self) -> str | None: ...


def actor_of(rows: Sequence[MemberRow]) -> Actor:
    """Put the rows of one person together; there is at least one."""
    groups = frozenset(row.group_id for row in rows if row.group_id is not None)
    first = rows[0]
    public = first.kind == PersonKind.PUBLIC
    return Actor(first.username, first.display_name, groups, public)
