"""Who is in which group now: put into it by name, or by a post that the group asks for.

Everything that asks for members or groups reads them here, live: who begins a post has its tasks
at once, who ends it has them no more. Each function gives both halves of the answer, each with the
condition inside it, so that either database walks an index and never the whole relation.
"""

from collections.abc import Collection

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, QueryableAttribute
from sqlalchemy.sql.visitors import iterate

from service.domain.organization import HEAD
from service.store.tables import Membership, Post, PostGroup, PostGroupLabel, PostLabel

TextColumn = ColumnElement[str] | InstrumentedAttribute[str]


def groups_of(username: TextColumn) -> CompoundSelect[str]:
    """Ids of the groups that whoever this names is in; one may come twice."""
    outer = tables_of(username)
    return union_all(
        select(Membership.group_id).where(Membership.username == username).correlate(*outer),
        select(PostGroup.id)
        .join(Post, in_group())
        .where(Post.username == username)
        .correlate(*outer),
    )


def tables_of(column: TextColumn) -> list[FromClause]:
    """Return the tables whose row a subquery means by this column; none for a bound value.

    To be named in `correlate`: by itself SQLAlchemy looks one query up and no further, and would
    take the column of a query further out for one of all rows.
    """
    parts = iterate(column.expression if isinstance(column, QueryableAttribute) else column)
    return [
        part.table for part in parts if isinstance(part, ColumnClause) and part.table is not None
    ]


def groups_of_each(usernames: Collection[str]) -> CompoundSelect[str, str]:
    """Pairs (`username`, `group_id`) of these people; one may come twice."""
    wanted = sorted(usernames)
    return union_all(
        select(Membership.username, Membership.group_id).where(Membership.username.in_(wanted)),
        select(Post.username, PostGroup.id)
        .join(PostGroup, in_group())
        .where(Post.username.in_(wanted)),
    )


def members_of_any(group_ids: Collection[str]) -> CompoundSelect[str]:
    """User names of who is in one of these groups; one may come twice."""
    wanted = sorted(group_ids)
    return union_all(
        select(Membership.username).where(Membership.group_id.in_(wanted)),
        select(Post.username).join(PostGroup, in_group()).where(PostGroup.id.in_(wanted)),
    )


def members_of_each(group_ids: Collection[str]) -> CompoundSelect[str, str]:
    """Pairs (`group_id`, `username`) of these groups; one may come twice."""
    wanted = sorted(group_ids)
    return union_all(
        select(Membership.group_id, Membership.username).where(Membership.group_id.in_(wanted)),
        select(PostGroup.id, Post.username).join(Post, in_group()).where(PostGroup.id.in_(wanted)),
    )


def has_member(group_id: TextColumn, usernames: Select[str]) -> ColumnElement[bool]:
    """Condition: somebody of these is in the group."""
    listed = select(Membership.username).where(
        Membership.group_id == group_id, Membership.username.in_(usernames)
    )
    posted = (
        select(Post.username)
        .join(PostGroup, in_group())
        .where(PostGroup.id == group_id, Post.username.in_(usernames))
    )
    outer = tables_of(group_id)
    return or_(listed.correlate(*outer).exists(), posted.correlate(*outer).exists())


def in_group() -> ColumnElement[bool]:
    """Condition on Post and PostGroup: who has the post is in the group.

    The same rule as `service.domain.organization.PostGroup.fits`.
    """
    its_own = (
        select(PostLabel.label)
        .where(PostLabel.post_key == Post.key, PostLabel.label == PostGroupLabel.label)
        .correlate(Post, PostGroupLabel)
    )
    # Counted: NOT EXISTS would let PostgreSQL read all labels of all groups and posts.
    missing = (
        select(func.count())
        .select_from(PostGroupLabel)
        .where(PostGroupLabel.group_id == PostGroup.id, ~its_own.exists())
        .correlate(PostGroup, Post)
        .scalar_subquery()
    )
    return and_(
        Post.ended_at.is_(None),
        or_(PostGroup.unit_id.is_(None), PostGroup.unit_id == Post.unit_id),
        or_(
            PostGroup.title == "",
            PostGroup.title == Post.title,
            and_(PostGroup.title == HEAD, Post.heads_unit),
        ),
        missing == 0,
    )
