"""Posts: who is in which unit, as what, for which subjects or districts, and who heads it.

A post is never changed but by its end: what a person was when they decided stays to be read.
Whoever acts needs the right to administer accounts.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, insert, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.commands.access_log import Ledger, record
from service.commands.accounts import lock_member, require_administrator
from service.commands.separation import administrator_kept, require_for_another
from service.commands.units import lock_unit
from service.commands.upserts import table
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.errors import Conflict, NotFound
from service.domain.organization import cleaned_labels, cleaned_title
from service.domain.recusal import PostRecusalRequired
from service.domain.values import Json
from service.store.recusal import ties_of
from service.store.tables import OrganizationUnit, Person, Post, PostLabel

SCOPE_SIGN = " · "


class PostNotFound(NotFound):
    """没有找到这个岗位任职，或者它已经结束。请刷新后再试。"""

    code = "posts.not-found"


class PersonNotActive(Conflict):
    """{name}的账号已经停用，不能任职，没有改动。请先启用账号。"""

    code = "posts.person-inactive"


class UnitHasHead(Conflict):
    """“{unit}”的负责人现在是{head}，一个机构只能有一位负责人，没有改动。请先免去现任负责人的职务。"""

    code = "posts.unit-has-head"


class PostHeld(Conflict):
    """{name}在“{unit}”已经有同样的岗位（{post}），没有改动。"""

    code = "posts.held"


def begin_post(
    tools: Ledger,
    *,
    username: str,
    unit_id: str,
    title: str,
    labels: Iterable[str] = (),
    heads_unit: bool = False,
    actor: Actor,
    now: datetime,
) -> int:
    """Give a person a post from now on; return its key.

    A person may have several, also of the same title for other subjects. Nobody gives themselves
    one. Raises OwnAccess, PersonNotFound, PersonNotActive, PersonNotStaff, PersonIsGone,
    UnitUnknown, UnitIsClosed, UnitHasHead, PostHeld, TextUnfit, TitleReserved, LabelsTooMany,
    PostRecusalRequired, AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    require_for_another(username, "给自己安排岗位", actor=actor)
    shown, scope = cleaned_title(title), cleaned_labels(labels)
    person = _person(session, username)
    # The unit's lock also makes those wait who would give it another head.
    unit = lock_unit(session, unit_id)
    head = _in_force(session, Post.unit_id == unit_id, Post.heads_unit) if heads_unit else None
    if head is not None:
        raise UnitHasHead(unit=unit.name, head=_name(session, head.username))
    same = _in_force(
        session,
        Post.username == username,
        Post.unit_id == unit_id,
        Post.title == shown,
        Post.scope == SCOPE_SIGN.join(scope),
    )
    if same is not None:
        post = SCOPE_SIGN.join((shown, *scope))
        raise PostHeld(name=person.display_name, unit=unit.name, post=post)
    _require_unrelated(session, person.display_name, username, unit, heads_unit=heads_unit)
    key = tools.keys.next()
    session.execute(
        insert(table(Post)).values(
            key=key,
            username=username,
            unit_id=unit_id,
            title=shown,
            scope=SCOPE_SIGN.join(scope),
            heads_unit=heads_unit,
            begun_at=now,
            begun_by=actor.username,
        )
    )
    if scope:
        rows = [{"post_key": key, "label": label} for label in scope]
        session.execute(insert(table(PostLabel)), rows)
    details = begun_details(key, shown, scope, heads_unit=heads_unit)
    _record(tools, username, unit_id, details, actor=actor, now=now)
    return key


def change_post(
    tools: Ledger,
    *,
    key: int,
    title: str,
    labels: Iterable[str] = (),
    heads_unit: bool = False,
    actor: Actor,
    now: datetime,
) -> int:
    """End a post and begin one in its place, in the same unit; return the key that counts now.

    Nothing happens where nothing changes. Raises PostNotFound, LastAdministrator, and as
    `begin_post`.
    """
    session = tools.session
    require_administrator(session, actor)
    shown, scope = cleaned_title(title), cleaned_labels(labels)
    owner = session.scalar(select(Post.username).where(Post.key == key))
    if owner is None:
        raise PostNotFound
    lock_member(session, owner)  # before the post's: who lets them leave locks in this order
    post = _require_in_force(session, key)
    if (post.title, post.scope, post.heads_unit) == (shown, SCOPE_SIGN.join(scope), heads_unit):
        return key
    lock_unit(session, post.unit_id)  # before the log's lock, as everywhere
    with administrator_kept(session, actor=actor):
        _end(tools, Post.key == key, actor, now)
        return begin_post(
            tools,
            username=post.username,
            unit_id=post.unit_id,
            title=shown,
            labels=scope,
            heads_unit=heads_unit,
            actor=actor,
            now=now,
        )


def end_post(tools: Ledger, *, key: int, actor: Actor, now: datetime) -> None:
    """Take a post from its person: its groups' tasks are theirs no more, but what they claimed.

    Raises LastAdministrator, PostNotFound, AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    with administrator_kept(session, actor=actor):
        _require_in_force(session, key)
        _end(tools, Post.key == key, actor, now)


def end_posts_of(tools: Ledger, *, username: str, actor: Actor, now: datetime) -> None:
    """End all posts of a person who leaves. Raises AccountsForbidden."""
    session = tools.session
    require_administrator(session, actor)
    _end(tools, Post.username == username, actor, now)


def _person(session: Session, username: str) -> Person:
    person = lock_member(session, username)
    if not person.active:
        raise PersonNotActive(name=person.display_name)
    return person


def _require_unrelated(
    session: Session, name: str, username: str, unit: OrganizationUnit, *, heads_unit: bool
) -> None:
    """Raise PostRecusalRequired where a relative would direct, or be directed by, who begins here.

    岗位回避: 事业单位人事管理回避规定 (人社部规〔2019〕1号), article 6. Who heads a unit directs
    those with a post in it and the heads of the units right below.
    """
    relatives = {
        (tie.other if tie.username == username else tie.username): tie.kind
        for tie in ties_of(session, [username])
        if tie.kind.is_kinship
    }
    if not relatives:
        return
    below = select(OrganizationUnit.id).where(OrganizationUnit.parent_id == unit.id)
    here = [and_(Post.unit_id == unit.id, or_(Post.heads_unit, literal(heads_unit)))]
    if heads_unit:
        beside = or_(Post.unit_id.in_(below), Post.unit_id == unit.parent_id)
        here.append(and_(Post.heads_unit, beside))
    other = _in_force(session, Post.username.in_(sorted(relatives)), or_(*here))
    if other is not None:
        raise PostRecusalRequired(
            who=name,
            other=_name(session, other.username),
            kind=relatives[other.username].label.partition("（")[0],
            unit=unit.name,
        )


def _in_force(
    session: Session, *which: ColumnElement[bool] | InstrumentedAttribute[bool]
) -> Post | None:
    statement = select(Post).where(Post.ended_at.is_(None), *which).limit(1)
    return session.scalars(statement.execution_options(populate_existing=True)).first()


def _require_in_force(session: Session, key: int) -> Post:
    statement = select(Post).where(Post.key == key, Post.ended_at.is_(None)).with_for_update()
    post = session.scalar(statement.execution_options(populate_existing=True))
    if post is None:
        raise PostNotFound
    return post


def _end(tools: Ledger, which: ColumnElement[bool], actor: Actor, now: datetime) -> None:
    ended = tools.session.execute(
        update(table(Post))
        .where(which, Post.ended_at.is_(None))
        .values(ended_at=now, ended_by=actor.username)
        .returning(Post.key, Post.username, Post.unit_id, Post.title)
    ).all()
    for key, username, unit_id, title in ended:
        _record(tools, username, unit_id, ended_details(key, title), actor=actor, now=now)


def begun_details(
    key: int, title: str, labels: Iterable[str], *, heads_unit: bool
) -> dict[str, Json]:
    """What the record says of a post that begins: all of it, so that it can be compared."""
    return {
        "change": "post-begun",
        "post": str(key),
        "title": title,
        "labels": [*labels],
        "heads_unit": heads_unit,
    }


def ended_details(key: int, title: str) -> dict[str, Json]:
    """What the record says of a post that ends."""
    return {"change": "post-ended", "post": str(key), "title": title}


def _record(
    tools: Ledger,
    username: str,
    unit_id: str,
    details: dict[str, Json],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    record(
        tools,
        AccessKind.ORGANIZATION_CHANGED,
        actor=actor,
        subject=username,
        reference=unit_id,
        details=details,
        now=now,
    )


def _name(session: Session, username: str) -> str:
    person = session.get(Person, username)
    return username if person is None else person.display_name
