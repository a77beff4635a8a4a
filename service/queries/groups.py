"""Candidate groups as people read them: their names, why somebody is in one, why one is nobody."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from service.domain.errors import Conflict
from service.domain.organization import HEAD, is_post_group, parse
from service.store import post_groups
from service.store.membership import in_group
from service.store.tables import CandidateGroup, OrganizationUnit, Post, PostGroup


class NamedTooEarly(Conflict):
    """任务产生时还不能确定岗位组“{group}”，现在可以了。已经产生的任务不会改变，请指定办理人。"""

    code = "post-group.named-too-early"


@dataclass(frozen=True, slots=True)
class PostBehind:
    """A post by which a person is in a group."""

    group_id: str
    unit: str
    """The unit's name."""
    title: str
    labels: tuple[str, ...]
    as_head: bool
    """The group asks for who heads the unit, not for the title."""


def group_names(session: Session, ids: Iterable[str]) -> tuple[str, ...]:
    """Return the names of these groups, their ids where a group is gone; no statement for none."""
    wanted = list(ids)
    names = names_of(session, wanted)
    return tuple(names.get(one, one) for one in wanted)


def names_of(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Return the names of those groups that there are; post groups with their unit's of today."""
    if not ids:
        return {}
    listed = select(literal("listed").label("kind"), CandidateGroup.id, CandidateGroup.name).where(
        CandidateGroup.id.in_(ids)
    )
    posted = (
        select(literal("posts"), PostGroup.id, OrganizationUnit.name)
        .outerjoin(OrganizationUnit, OrganizationUnit.id == PostGroup.unit_id)
        .where(PostGroup.id.in_(ids))
    )
    statement = union_all(listed, posted) if any(map(is_post_group, ids)) else listed
    return {
        row.id: row.name if row.kind == "listed" else parse(row.id).named(row.name)
        for row in session.execute(statement)
    }


def posts_behind(
    session: Session, *, username: str, group_ids: Collection[str]
) -> tuple[PostBehind, ...]:
    """Return by which posts a person is in these groups; no statement where none asks for posts."""
    wanted = sorted(filter(is_post_group, group_ids))
    if not wanted:
        return ()
    rows = session.execute(
        select(
            PostGroup.id,
            OrganizationUnit.name.label("unit"),
            Post.title,
            Post.scope,
            PostGroup.title.label("asked"),
        )
        .select_from(PostGroup)
        .join(Post, in_group())
        .join(OrganizationUnit, OrganizationUnit.id == Post.unit_id)
        .where(Post.username == username, PostGroup.id.in_(wanted))
        .order_by(Post.key, PostGroup.id)
    )
    return tuple(
        PostBehind(
            group_id=row.id,
            unit=row.unit,
            title=row.title,
            labels=labels_of(row.scope),
            as_head=row.asked == HEAD,
        )
        for row in rows
    )


def faults_of(session: Session, ids: Collection[str]) -> Mapping[str, str]:
    """Return why groups that a diagram named mean nobody: as units and posts are now.

    Of the ids those that name posts; one statement where some of them never became a group.
    """
    named = [one for one in ids if is_post_group(one)]
    if not named:
        return {}
    known = set(session.scalars(select(PostGroup.id).where(PostGroup.id.in_(named))))
    resolved = post_groups.resolve(session, [one for one in named if one not in known])
    late = {one: NamedTooEarly(group=one).message for one in resolved.ids}
    return {**resolved.faults, **late}


def labels_of(scope: str) -> tuple[str, ...]:
    """Return the labels of a post from its column `scope`."""
    return tuple(scope.split(" · ")) if scope else ()
