"""Separation of duties: nobody widens what they may do themselves, and somebody always administers.

An administrator decides what others may do. What would make the administrator see or do more needs
another administrator, or the command line of the machine, which acts as the system.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session, aliased

from service.domain.accounts import PersonKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import (
    ADMINISTERING,
    ALL,
    Grant,
    GranteeKind,
    is_sensitive,
)
from service.domain.errors import Conflict
from service.store.authorization import granted_to
from service.store.membership import groups_of
from service.store.tables import AuthorizationGrant, Person


class OwnAccess(Conflict):
    """不能{what}，没有改动：管理员不能扩大自己的权限。请由另一位系统管理员办理。"""

    code = "separation.own-access"


class SensitiveForEveryone(Conflict):
    """敏感权限不能授予全体人员，没有授予。请授予需要它的人、用户组或岗位。"""

    code = "separation.sensitive-for-everyone"


class LastAdministrator(Conflict):
    """这样一来就没有人能管理账号和授权了，没有改动。请先让另一位能登录的人员管理账号。"""

    code = "separation.last-administrator"


def require_for_another(username: str, what: str, *, actor: Actor) -> None:
    """Raise OwnAccess where an administrator would do this (`加入用户组`) for themselves."""
    if actor != SYSTEM and username == actor.username:
        raise OwnAccess(what=what)


def require_no_own_gain(session: Session, right: Grant, *, actor: Actor) -> None:
    """Raise OwnAccess or SensitiveForEveryone where the actor gives a right to themselves.

    By name, or through a group or a post they have now; an ordinary right may go to everyone.
    """
    if actor == SYSTEM:
        return
    match right.grantee_kind:
        case GranteeKind.PERSON:
            require_for_another(right.grantee, "给自己授权", actor=actor)
        case GranteeKind.EVERYONE:
            if is_sensitive(right):
                raise SensitiveForEveryone
        case GranteeKind.GROUP:
            # Read anew: what the request knows of the actor's groups is a moment old.
            if right.grantee in set(session.scalars(groups_of(literal(actor.username)))):
                raise OwnAccess(what="给自己所在的组授权")


@contextmanager
def administrator_kept(session: Session, *, actor: Actor) -> Iterator[None]:
    """Raise LastAdministrator behind a block that leaves nobody who administers accounts.

    It counts who may sign in: an open account with a password, or the actor's own, who has. The
    block must run inside the transaction; two of them wait for each other. Two statements; the
    system is not asked, it can give the right again.
    """
    if actor == SYSTEM:
        yield
        return
    grant = AuthorizationGrant
    kind, action = ADMINISTERING
    session.execute(
        select(grant.key)
        .where(grant.object == kind, grant.action == action, grant.process_id == ALL)
        .order_by(grant.key)
        .with_for_update()
    )
    yield
    person = aliased(Person)  # `granted_to` asks the table itself too
    administrator = select(person.username).where(
        person.active,
        person.kind == PersonKind.STAFF,
        or_(person.password_hash.is_not(None), person.username == actor.username),
        granted_to(person.username, kind, action, literal(ALL)),
    )
    if session.execute(administrator.limit(1)).first() is None:
        raise LastAdministrator
